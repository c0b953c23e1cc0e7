// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_compare.c - acqrel compare: measure each primitive in both worlds
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cmd.h"
#include "compare.h"
#include "env.h"

#define SLICES_MAX	10000

static void progress(unsigned int block, unsigned int blocks, double done)
{
	static unsigned int last = -1;

	if (out_is_quiet())
		return;
	if (isatty(STDERR_FILENO)) {
		fprintf(stderr, "\rmeasuring, block %u of %u, %2.0f %%\033[K",
			block + 1, blocks, done * 100);
	} else if (block != last) {
		fprintf(stderr, "measuring, block %u of %u\n", block + 1,
			blocks);
		last = block;
	}
}

static void progress_end(void)
{
	if (!out_is_quiet() && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static int fail(const struct compare_plan *plan, int error, const char *what)
{
	if (error == -ECANCELED) {
		out_error("interrupted; nothing was compared");
		return STATUS_CHECK;
	}
	if (plan->explained)
		return session_fail(plan->client, error, what);
	out_error("cannot %s: %s", what, strerror(-error));
	return STATUS_CHECK;
}

/* Every world has its empty loops; more than those must be left. */
static bool nothing_matches(const struct compare_plan *plan)
{
	for (unsigned int i = 0; i < plan->narms; i++)
		if (strcmp(plan->arms[i].name, COMPARE_EMPTY))
			return false;
	return plan->pattern && strcmp(plan->pattern, COMPARE_EMPTY);
}

static int measure(struct compare_plan *plan)
{
	int rc = compare_prepare(plan);

	if (rc)
		return fail(plan, rc, "list the cases");
	if (nothing_matches(plan)) {
		out_error("no case matches '%s'; all are listed without --case",
			  plan->pattern);
		return STATUS_USAGE;
	}
	interrupt_catch();
	rc = compare_run(plan);
	interrupt_release();
	progress_end();
	if (rc)
		return fail(plan, rc, "measure");
	for (unsigned int i = 0; !rc && i < plan->narms; i++)
		rc = compare_figures(&plan->arms[i]);
	if (!rc)
		rc = compare_print(plan);
	if (rc >= 0)
		return rc;
	out_error("cannot compute the figures: %s", strerror(-rc));
	return STATUS_CHECK;
}

/* Threads take the first CPUs: the kernel's online, the user's allowed. */
static bool same_cpus(void)
{
	unsigned int online[CPU_SETSIZE], allowed[CPU_SETSIZE];
	int n = env_online_cpus(online, CPU_SETSIZE);

	return env_allowed_cpus(allowed, CPU_SETSIZE) == n &&
	       !memcmp(online, allowed, n * sizeof(*online));
}

static bool set_worlds(struct compare_plan *plan, const char *worlds,
		       bool *kernel, int *status)
{
	bool both = !strcmp(worlds, "both");

	plan->user = both || !strcmp(worlds, "user");
	if (!plan->user && strcmp(worlds, "kernel")) {
		out_error("--world needs kernel, user or both, not '%s'",
			  worlds);
		*status = STATUS_USAGE;
		return false;
	}
	if (both && !same_cpus()) {
		out_error("both worlds need every CPU online; %s",
			  "allow them, see taskset(1), or take one --world");
		*status = STATUS_SKIP;
		return false;
	}
	*kernel = both || !plan->user;
	return true;
}

/* After set_worlds(): each world counts its own CPUs. */
static bool set_threads(struct compare_plan *plan, const char *threads)
{
	unsigned int cpus[CPU_SETSIZE];
	bool all = !strcmp(threads, "all"), both = !strcmp(threads, "both");

	plan->one = both || !strcmp(threads, "1");
	if (!plan->one && !all) {
		out_error("--threads needs 1, all or both, not '%s'", threads);
		return false;
	}
	if (all || both)
		plan->all = plan->user ? env_allowed_cpus(cpus, CPU_SETSIZE) :
			env_online_cpus(cpus, CPU_SETSIZE);
	if (plan->all == 1) {
		plan->one = true;
		plan->all = 0;
	}
	return true;
}

static __u64 new_seed(void)
{
	__u32 seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		return getpid();
	return seed;
}

/**
 * cmd_compare() - measure each primitive in both worlds
 * @args: words
 *
 * Return: exit status.
 */
int cmd_compare(struct args *args)
{
	struct compare_plan plan = {
		.seed = new_seed(),
		.progress = progress,
		.stop = interrupt_seen,
	};
	const char *worlds = "both", *threads = "both";
	__u64 slices = 20, slice_ms = 5;
	const struct option options[] = {
		{ .name = "--world", .value = "WORLD", .string = &worlds,
		  .help = "kernel, user or both (both)" },
		{ .name = "--case", .value = "PATTERN", .string = &plan.pattern,
		  .help = "cases that match, as in 'ring/*:push' (all)" },
		{ .name = "--threads", .value = "THREADS", .string = &threads,
		  .help = "1, all (one a CPU allowed) or both (both)" },
		{ .name = "--slices", .value = "N", .number = &slices,
		  .min = 2, .max = SLICES_MAX,
		  .help = "slices of each arm, two a block (20)" },
		{ .name = "--slice-ms", .value = "N", .number = &slice_ms,
		  .min = 1, .max = ACQREL_BENCH_SLICE_MAX_NS / 1000000,
		  .help = "length of a slice (5)" },
		{ .name = "--seed", .value = "N", .number = &plan.seed,
		  .help = "of the order of the arms (random)" },
		{ }
	};
	int rc = STATUS_USAGE;
	bool kernel;

	if (!args_parse(args, options, 0))
		return args->status;
	plan.blocks = (slices + 1) / 2;
	plan.slice_ns = slice_ms * 1000000;
	if (!set_worlds(&plan, worlds, &kernel, &rc))
		return rc;
	if (!set_threads(&plan, threads))
		return STATUS_USAGE;
	if (kernel) {
		plan.client = session_open(&rc);
		if (!plan.client)
			return rc;
	}
	rc = measure(&plan);
	compare_release(&plan);
	acqrel_client_close(plan.client);
	return rc;
}
