// SPDX-License-Identifier: GPL-2.0-only
/*
 * env_kernel.c - the kernel: release, preemption, options that distort times
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <acqrel/order.h>

#include "env_read.h"

#define VULNERABILITIES	"/sys/devices/system/cpu/vulnerabilities"

/* The kernel marks the mode in force: "none (voluntary) full". */
static json_t *preemption(const char *version)
{
	static const char *const words[] = {
		"PREEMPT_RT", "PREEMPT_DYNAMIC", "PREEMPT",
	};
	char line[ENV_LINE], *begin, *end;

	if (env_read_line("/sys/kernel/debug/sched/preempt", line)) {
		begin = strchr(line, '(');
		end = begin ? strchr(begin, ')') : NULL;
		if (end)
			return json_stringn(begin + 1, end - begin - 1);
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(version, words[i]))
			return i == 1 ?
				json_string("PREEMPT_DYNAMIC, mode in force not readable") :
				json_string(words[i]);
	return json_string("none or voluntary");
}

/* The clock that a tick advances is as fine as a tick. */
static json_t *hz(void)
{
	struct timespec tick;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) || !tick.tv_nsec)
		return json_null();
	return json_integer((1000000000 + tick.tv_nsec / 2) / tick.tv_nsec);
}

static json_t *mitigations(void)
{
	DIR *dir = opendir(VULNERABILITIES);
	json_t *object;
	struct dirent *entry;
	char path[ENV_LINE];

	if (!dir)
		return json_null();
	object = json_object();
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), VULNERABILITIES "/%s",
			 entry->d_name);
		json_object_set_new(object, entry->d_name, env_file(path));
	}
	closedir(dir);
	return object;
}

static bool distorts(const char *line)
{
	static const char *const options[] = {
		"CONFIG_KASAN=y", "CONFIG_KCSAN=y", "CONFIG_KMSAN=y",
		"CONFIG_UBSAN=y", "CONFIG_PROVE_LOCKING=y",
		"CONFIG_DEBUG_LOCK_ALLOC=y", "CONFIG_LOCK_STAT=y",
		"CONFIG_DEBUG_PREEMPT=y", "CONFIG_DEBUG_ATOMIC_SLEEP=y",
		"CONFIG_DEBUG_SPINLOCK=y", "CONFIG_DEBUG_MUTEXES=y",
		"CONFIG_DEBUG_OBJECTS=y", "CONFIG_DEBUG_KMEMLEAK=y",
		"CONFIG_PREEMPT_TRACER=y", "CONFIG_IRQSOFF_TRACER=y",
		"CONFIG_GCOV_KERNEL=y", "CONFIG_KCOV=y",
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (!strcmp(line, options[i]))
			return true;
	return false;
}

/* Options of the running kernel's config; null where there is no file. */
static json_t *debug_options(const char *release)
{
	char path[ENV_LINE], line[256];
	json_t *list;
	FILE *file;

	snprintf(path, sizeof(path), "/boot/config-%s", release);
	file = fopen(path, "re");
	if (!file)
		return json_null();
	list = json_array();
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (distorts(line))
			json_array_append_new(list, json_string(line));
	}
	fclose(file);
	return list;
}

static json_t *there(const char *path)
{
	FILE *file = fopen(path, "re");

	if (file)
		fclose(file);
	return json_boolean(file);
}

/*
 * Tells boards of the same name apart. FNV-1a of the machine's id behind a
 * salt: no cryptography, but the id itself, which is to be kept private, is not
 * in the file.
 */
static json_t *host_id(void)
{
	json_t *id = env_file("/etc/machine-id"), *text;
	const char *at = json_string_value(id);
	__u64 hash = 0xcbf29ce484222325;

	if (!at || !*at)
		return id;
	for (const char *salt = "acqrel"; *salt; salt++)
		hash = (hash ^ (unsigned char)*salt) * 0x100000001b3;
	for (; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 0x100000001b3;
	text = json_sprintf("%016llx", hash);
	json_decref(id);
	return text;
}

/**
 * env_add_kernel() - what the record says of the kernel
 * @env: its keys are added here
 */
void env_add_kernel(json_t *env)
{
	struct utsname uts = { 0 };

	uname(&uts);
	json_object_set_new(env, "host",
			    json_pack("{ssso}", "name", uts.nodename,
				      "id", host_id()));
	json_object_set_new(env, "boot_id",
			    env_file("/proc/sys/kernel/random/boot_id"));
	json_object_set_new(env, "kernel_release", json_string(uts.release));
	json_object_set_new(env, "kernel_version", json_string(uts.version));
	json_object_set_new(env, "machine", json_string(uts.machine));
	json_object_set_new(env, "preemption", preemption(uts.version));
	json_object_set_new(env, "hz", hz());
	json_object_set_new(env, "mitigations", mitigations());
	json_object_set_new(env, "taint",
			    env_file("/proc/sys/kernel/tainted"));
	json_object_set_new(env, "lockdep", there("/proc/lockdep_stats"));
	json_object_set_new(env, "kcsan",
			    there("/sys/module/kcsan/parameters/skip_watch"));
	json_object_set_new(env, "debug_options", debug_options(uts.release));
	json_object_set_new(env, "kernel_command_line",
			    env_file("/proc/cmdline"));
}
