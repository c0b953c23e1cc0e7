// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_pipeline.c - acqrel pipeline run: the pipeline in user space
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "env.h"
#include "names.h"
#include "pipeline.h"

#define STREAMS_MAX	1024
#define ENTRIES_MAX	(1 << 24)

/* Returns an exit status, or -ENOMEM. */
static int print_rings(const struct acqrel_pipeline_result *result)
{
	struct acqrel_ring_values *rings, total;
	bool balanced;

	rings = calloc(result->nstreams, sizeof(*rings));
	if (!rings)
		return -ENOMEM;
	for (unsigned int i = 0; i < result->nstreams; i++)
		rings[i] = result->streams[i].ring;
	balanced = ring_print(rings, result->nstreams, "stream", &total);
	free(rings);
	if (balanced)
		return STATUS_OK;
	out_note("acqrel: the books of a stream do not balance; a bug");
	return STATUS_CHECK;
}

static int print_stats(const struct acqrel_pipeline_result *result)
{
	size_t n = (size_t)result->nstreams * __ACQREL_KIND_COUNT;
	struct acqrel_stats_values *stats = calloc(n, sizeof(*stats));

	if (!stats)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		unsigned int kind = i % __ACQREL_KIND_COUNT;

		stats[i] = result->streams[i / __ACQREL_KIND_COUNT].stats[kind];
		stats[i].kind = kind;
	}
	stats_print(stats, n, NULL);
	free(stats);
	return STATUS_OK;
}

static void print_counters(const struct acqrel_pipeline_result *result)
{
	out_table("counters");
	for (unsigned int i = ACQREL_COUNTER_PASSED_SWITCH;
	     i <= ACQREL_COUNTER_PASSED_WAKEUP_NEW; i++) {
		out_row();
		out_str("name", "counter", acqrel_counter_name(i));
		out_u64("value", "total", result->counters[i]);
		out_end();
	}
	out_end();
}

/* Returns an exit status, or -ENOMEM. */
static int print(const struct acqrel_pipeline_params *params,
		 const struct acqrel_pipeline_result *result)
{
	int rc;

	out_str("world", "world", "user");
	out_u64("seed", "seed", params->seed);
	out_u64("count", "count", params->count);
	out_u64("streams", "streams", params->streams);
	out_u64("threads", "threads", params->threads);
	out_ns("elapsed_ns", "elapsed", result->elapsed_ns);
	if (result->elapsed_ns)
		out_double("events_per_s", "events a second",
			   params->count * 1e9 / result->elapsed_ns, 0);
	out_object("config", "\nconfig");
	config_print(&params->config);
	out_end();
	out_text("\n");
	rc = print_rings(result);
	if (rc < 0)
		return rc;
	out_text("\n");
	print_counters(result);
	out_text("\n");
	return print_stats(result) ?: rc;
}

static bool check_params(const struct acqrel_pipeline_params *params)
{
	const char *why = acqrel_config_check(&params->config);

	if (!why && params->threads > params->streams)
		why = "there cannot be more threads than streams";
	if (!why && !is_power_of_2(params->ring_entries))
		why = "--ring-entries must be a power of two";
	if (why)
		out_error("%s", why);
	return !why;
}

static int run_pipeline(const struct acqrel_pipeline_params *params)
{
	struct acqrel_pipeline_result result = { 0 };
	int rc;

	rc = acqrel_pipeline_run(params, &result);
	if (rc) {
		out_error("cannot run the pipeline: %s", strerror(-rc));
		return STATUS_CHECK;
	}
	rc = print(params, &result);
	acqrel_pipeline_free(&result);
	if (rc >= 0)
		return rc;
	out_error("cannot print the result: %s", strerror(-rc));
	return STATUS_CHECK;
}

static int pipeline_run(struct args *args)
{
	unsigned int cpus[CPU_SETSIZE], fields;
	__u64 online = env_online_cpus(cpus, CPU_SETSIZE) ?: 1;
	__u64 streams = online, threads = 0, entries = 4096;
	struct acqrel_pipeline_params params = { .seed = 1, .count = 1000000 };
	const struct option options[] = {
		{ .name = "--seed", .value = "N", .number = &params.seed,
		  .help = "seed of the generator (1)" },
		{ .name = "--count", .value = "N", .number = &params.count,
		  .min = 1, .help = "events over all streams (1000000)" },
		{ .name = "--rate", .value = "N", .number = &params.rate,
		  .max = UINT_MAX,
		  .help = "events a second, 0: unlimited (0)" },
		{ .name = "--streams", .value = "N", .number = &streams,
		  .min = 1, .max = STREAMS_MAX,
		  .help = "what CPUs are in the kernel (CPUs online)" },
		{ .name = "--threads", .value = "N", .number = &threads,
		  .min = 1, .max = STREAMS_MAX,
		  .help = "at most one a stream (CPUs online)" },
		{ .name = "--ring-entries", .value = "N", .number = &entries,
		  .min = 2, .max = ENTRIES_MAX,
		  .help = "of each stream, a power of two (4096)" },
		{ }
	};

	acqrel_config_defaults(&params.config);
	if (!args_parse(args, options, INT_MAX) ||
	    !config_words(args, &params.config, &fields))
		return args->status;
	if (!threads)
		threads = online < streams ? online : streams;
	params.streams = streams;
	params.threads = threads;
	params.ring_entries = entries;
	return check_params(&params) ? run_pipeline(&params) : STATUS_USAGE;
}

const struct command pipeline_commands[] = {
	{ "run", "[FIELD VALUE ...]",
	  "run the generator through the pipeline in user space; fields as in config set",
	  pipeline_run, NULL },
	{ "verify", NULL,
	  "run the generator in both worlds and compare every number",
	  cmd_pipeline_verify, NULL },
	{ }
};
