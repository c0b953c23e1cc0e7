// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_verify.c - acqrel pipeline verify: one seed in both worlds
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "env.h"
#include "verify.h"

#define SHOWN_MAX	20	/* differences, in text */

struct run {
	struct acqrel_source_params generator;
	struct acqrel_config_state config;
	struct acqrel_source_values source;
	struct verify_kernel kernel;
	unsigned int threads;
	unsigned int cpus[CPU_SETSIZE];
	unsigned int ncpus;
};

static unsigned int shown;

static void report(const char *where, const char *what, __u64 kernel,
		   __u64 user)
{
	if (shown++ >= SHOWN_MAX && !out_is_json())
		return;
	out_row();
	out_str("where", "where", where);
	out_str("what", "what", what);
	out_u64("kernel_value", "kernel", kernel);
	out_u64("user_value", "user", user);
	out_end();
}

static int run_kernel(struct acqrel_client *client, struct run *run)
{
	struct verify_kernel *k = &run->kernel;

	out_note("running %llu events in the kernel", run->generator.count);
	return acqrel_client_config_get(client, &run->config) ?:
	       acqrel_client_reset(client) ?:
	       source_run(client, "generator", &run->generator,
			  &run->source) ?:
	       acqrel_client_rings(client, 0, &k->rings, &k->nrings) ?:
	       acqrel_client_stats(client, &k->stats, &k->nstats) ?:
	       acqrel_client_counters(client, &k->counters, &k->ncounters);
}

static int run_user(const struct run *run,
		    struct acqrel_pipeline_result *result)
{
	struct acqrel_pipeline_params params = {
		.seed = run->generator.seed,
		.count = run->generator.count,
		.streams = run->source.streams,
		.threads = run->threads,
		.ring_entries = run->kernel.rings[0].capacity,
		.config = run->config.values,
	};

	return acqrel_pipeline_run(&params, result);
}

static void print_head(const struct run *run)
{
	out_u64("seed", "seed", run->generator.seed);
	out_u64("count", "count", run->generator.count);
	out_u64("streams", "streams", run->source.streams);
	out_u64("user_threads", "user threads", run->threads);
	out_u64("ring_entries", "ring entries", run->kernel.rings[0].capacity);
	out_object("config", "config");
	out_u64("generation", "generation", run->config.generation);
	config_print(&run->config.values);
	out_end();
}

static int judge(const struct run *run,
		 const struct acqrel_pipeline_result *user)
{
	struct verify_result result = { .report = report };
	struct verify_kernel kernel = run->kernel;

	kernel.cpus = run->cpus;
	print_head(run);
	out_text("\n");
	out_table("differences");
	verify_worlds(&kernel, user, &result);
	out_end();
	out_u64("compared", NULL, result.compared);
	out_u64("different", NULL, result.different);
	out_bool("agree", NULL, !result.different);
	if (result.different > SHOWN_MAX)
		out_text("and %u more\n", result.different - SHOWN_MAX);
	if (result.different) {
		out_text("disagree: %u of %u numbers differ\n",
			 result.different, result.compared);
		return STATUS_CHECK;
	}
	out_text("agree: %u numbers compared, none differs\n",
		 result.compared);
	return STATUS_OK;
}

static int compare_worlds(struct run *run)
{
	struct acqrel_pipeline_result user = { 0 };
	int rc;

	if (!run->kernel.nrings || run->source.streams != run->ncpus) {
		out_error("CPUs went on or offline during the run; run it again");
		return STATUS_UNTRUSTED;
	}
	if (run->threads > run->source.streams)
		run->threads = run->source.streams;
	out_note("running the same in user space with %u threads",
		 run->threads);
	rc = run_user(run, &user);
	if (rc) {
		out_error("cannot run the pipeline in user space: %s",
			  strerror(-rc));
		return STATUS_CHECK;
	}
	rc = judge(run, &user);
	acqrel_pipeline_free(&user);
	return rc;
}

static int verify(struct run *run)
{
	struct acqrel_client *client;
	int rc = STATUS_CHECK;

	client = session_open(&rc);
	if (!client)
		return rc;
	rc = run_kernel(client, run);
	if (rc == -ECANCELED) {
		out_error("interrupted; the generator was stopped before its end");
		rc = STATUS_CHECK;
	} else if (rc) {
		rc = session_fail(client, rc,
				  "run the generator in the kernel");
	} else {
		rc = compare_worlds(run);
	}
	free(run->kernel.rings);
	free(run->kernel.stats);
	free(run->kernel.counters);
	acqrel_client_close(client);
	return rc;
}

/**
 * cmd_pipeline_verify() - run the generator in both worlds and compare
 * @args: words
 *
 * Return: exit status.
 */
int cmd_pipeline_verify(struct args *args)
{
	struct run run = {
		.generator = {
			.fields = 1U << ACQREL_A_SOURCE_SEED |
				  1U << ACQREL_A_SOURCE_COUNT,
			.seed = 1,
			.count = 1000000,
		},
	};
	__u64 threads;
	const struct option options[] = {
		{ .name = "--seed", .value = "N", .number = &run.generator.seed,
		  .help = "seed of the generator (1)" },
		{ .name = "--count", .value = "N",
		  .number = &run.generator.count, .min = 1,
		  .help = "events over all streams (1000000)" },
		{ .name = "--threads", .value = "N", .number = &threads,
		  .min = 1, .max = CPU_SETSIZE,
		  .help = "of the user world, at most one a stream (all)" },
		{ }
	};

	run.ncpus = env_online_cpus(run.cpus, CPU_SETSIZE);
	threads = run.ncpus;
	if (!args_parse(args, options, 0))
		return args->status;
	run.threads = threads;
	return verify(&run);
}
