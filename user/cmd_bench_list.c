// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_bench_list.c - acqrel bench list: what can be measured
 */
#include <fnmatch.h>
#include <limits.h>
#include <string.h>

#include "cmd_bench.h"
#include "measure.h"
#include "result_json.h"

/* NULL if that world has it not. */
static const struct bench_case *twin(const struct measure *m, enum world in,
				     const char *name)
{
	for (size_t i = 0; i < m->ncases[in]; i++)
		if (!strcmp(m->cases[in][i].name, name))
			return &m->cases[in][i];
	return NULL;
}

static bool wanted(const struct measure *m, const char *name)
{
	for (unsigned int i = 0; i < m->npatterns; i++)
		if (measure_matches(m->patterns[i], name))
			return true;
	return !m->npatterns;
}

static bool variant_wanted(const struct measure *m, const char *variant)
{
	for (unsigned int i = 0; i < m->npatterns; i++) {
		char pattern[ACQREL_NAME_MAX + 1];

		snprintf(pattern, sizeof(pattern), "%.*s",
			 (int)strcspn(m->patterns[i], ":"), m->patterns[i]);
		if (!fnmatch(pattern, variant, 0))
			return true;
	}
	return !m->npatterns;
}

static void print_worlds(bool kernel, bool user)
{
	out_array("worlds");
	if (kernel)
		out_str(NULL, NULL, result_world_names[WORLD_KERNEL]);
	if (user)
		out_str(NULL, NULL, result_world_names[WORLD_USER]);
	out_end();
	out_str(NULL, "worlds", kernel && user ? "both" : kernel ? "kernel" :
		user ? "user" : "");
}

static void print_threads(const struct bench_case *c)
{
	__u32 least = c->threads ?: 1;
	char text[32];

	out_u64("threads_min", NULL, least);
	if (c->threads_max)
		out_u64("threads_max", NULL, c->threads_max);
	else
		out_na("threads_max", NULL, NULL);
	if (!c->threads_max)
		snprintf(text, sizeof(text), "%u or more", least);
	else if (c->threads_max > least)
		snprintf(text, sizeof(text), "%u to %u", least,
			 c->threads_max);
	else
		snprintf(text, sizeof(text), "%u", least);
	out_str(NULL, "threads", text);
}

static void print_payload(const struct bench_case *c)
{
	char text[32] = "";

	out_u64("payload_bytes", NULL, c->payload);
	out_u64("payload_max_bytes", NULL, c->payload_max ?: c->payload);
	if (c->payload_max > c->payload)
		snprintf(text, sizeof(text), "%u of %u", c->payload,
			 c->payload_max);
	else if (c->payload)
		snprintf(text, sizeof(text), "%u", c->payload);
	out_str(NULL, "payload", text);
}

static void print_bound(const struct bench_case *c)
{
	char text[64] = "";

	if (*c->bound) {
		out_str("bound", NULL, c->bound);
		out_double("bound_times", NULL, c->bound_times / 1e3, 2);
		snprintf(text, sizeof(text), "%g %s", c->bound_times / 1e3,
			 c->bound);
	} else {
		out_na("bound", NULL, NULL);
		out_na("bound_times", NULL, NULL);
	}
	out_str(NULL, "bound", text);
}

static void print_case(const struct bench_case *c, bool kernel, bool user)
{
	out_row();
	out_str("case", "case", c->name);
	print_worlds(kernel, user);
	print_threads(c);
	print_payload(c);
	out_str(NULL, "writer", c->writes ? "yes" : "");
	out_bool("writer", NULL, c->writes);
	print_bound(c);
	out_str(NULL, "note", c->flags & ACQREL_OP_SHARED ? "same source" : "");
	out_bool("same_source", NULL, c->flags & ACQREL_OP_SHARED);
	out_na("not_built_because", NULL, NULL);
	out_end();
}

static void print_absent(const struct bench_absent *absent)
{
	char why[64];

	snprintf(why, sizeof(why), "not built: no %s", absent->package);
	out_row();
	out_str("case", "case", absent->variant);
	print_worlds(false, false);
	for (const char *const *label = (const char *const []) {
	     "threads", "payload", "writer", "bound", NULL }; *label; label++)
		out_str(NULL, *label, "");
	out_str(NULL, "note", why);
	out_str("not_built_because", NULL, why);
	out_end();
}

static void print(const struct measure *m)
{
	const struct bench_case *c;

	out_table("cases");
	for (int world = 0; world < WORLD_COUNT; world++)
		for (size_t i = 0; i < m->ncases[world]; i++) {
			c = &m->cases[world][i];
			if (!wanted(m, c->name) ||
			    (world == WORLD_USER &&
			     twin(m, WORLD_KERNEL, c->name)))
				continue;
			print_case(c, world == WORLD_KERNEL,
				   world == WORLD_USER ||
				   twin(m, WORLD_USER, c->name));
		}
	if (m->plan.bench[WORLD_USER])
		for (size_t i = 0; bench_absent[i].variant; i++)
			if (variant_wanted(m, bench_absent[i].variant))
				print_absent(&bench_absent[i]);
	out_end();
}

static int list(struct measure *m, const struct args *args)
{
	int status;

	if (!bench_args_check(&m->args))
		return STATUS_USAGE;
	for (int i = 0; i < args->argc; i++) {
		status = measure_add_pattern(m, args->argv[i]);
		if (status)
			return status;
	}
	status = measure_open(m);
	if (!status)
		print(m);
	return status;
}

/**
 * cmd_bench_list() - print the cases
 * @args: words: patterns
 *
 * Return: exit status.
 */
int cmd_bench_list(struct args *args)
{
	struct option options[BENCH_ARGS_OPTIONS + 1] = { 0 };
	struct measure m;
	int status;

	measure_init(&m);
	bench_args_world(&m.args, options);
	if (args_parse(args, options, INT_MAX))
		status = list(&m, args);
	else
		status = args->status;
	measure_release(&m);
	return status;
}
