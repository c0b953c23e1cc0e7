// SPDX-License-Identifier: GPL-2.0-only
/*
 * env.c - where a result was made
 */
#include <gnu/libc-version.h>
#include <netlink/version.h>
#include <time.h>

#include "cmd.h"
#include "env.h"
#include "env_read.h"
#include "rseq.h"

/**
 * env_module() - print the version of the loaded module
 */
void env_module(void)
{
	char version[64];

	if (session_module_version(version, sizeof(version)))
		out_str("module", "module", version);
	else
		out_na("module", "module", session_module_present() ?
		       "loaded, version not stated" : "not loaded");
}

/* As user/counter.h decides it, for each add anew. */
static const char *counters_use(void)
{
#ifdef ACQREL_HAVE_RSEQ
	if (__rseq_size)
		return "rseq";
#endif
	return "locked add";
}

/**
 * env_libraries() - print versions of libraries and what counters add with
 */
void env_libraries(void)
{
	out_object("libraries", NULL);
	out_str("liburcu", "liburcu", ACQREL_URCU_VERSION);
	out_str("libnl", "libnl", LIBNL_STRING);
	out_str("jansson", "jansson", jansson_version_str());
	out_str("glibc", "glibc", gnu_get_libc_version());
	out_end();
	out_str("counters_use", "counters use", counters_use());
}

static json_t *date(void)
{
	char text[32];
	struct tm utc;
	time_t now = time(NULL);

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ",
		 gmtime_r(&now, &utc));
	return json_string(text);
}

static json_t *module(void)
{
	char version[64];

	if (session_module_version(version, sizeof(version)))
		return json_string(version);
	return session_module_present() ?
		json_string("loaded, version not stated") : json_null();
}

static json_t *libraries(void)
{
	json_t *object = json_object();

	json_object_set_new(object, "liburcu",
			    json_string(ACQREL_URCU_VERSION));
	json_object_set_new(object, "libnl", json_string(LIBNL_STRING));
	json_object_set_new(object, "jansson",
			    json_string(jansson_version_str()));
	json_object_set_new(object, "glibc",
			    json_string(gnu_get_libc_version()));
	return object;
}

/**
 * env_json() - all about the machine that bears on a time
 *
 * Return: a new object; a key whose value cannot be known is null.
 */
json_t *env_json(void)
{
	json_t *env = json_object();

	json_object_set_new(env, "date", date());
	json_object_set_new(env, "command", json_string(ACQREL_VERSION));
	json_object_set_new(env, "module", module());
	env_add_kernel(env);
	env_add_cpu(env);
	env_add_limits(env);
	json_object_set_new(env, "libraries", libraries());
	json_object_set_new(env, "compiler", json_string(__VERSION__));
	json_object_set_new(env, "counters_use", json_string(counters_use()));
	return env;
}
