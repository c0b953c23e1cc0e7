// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_litmus_run.c - acqrel litmus run: count what tests see
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "cmd_litmus.h"
#include "env.h"

#define TRIALS		200000
#define GRACE_WEIGHT	500	/* a trial takes so many times as long, about */
#define CROWDED_WEIGHT	20
#define NS_PER_S	1e9

struct run {
	struct litmus_setup setup;
	struct litmus_row *rows;
	size_t n;
	const char *world;
	struct args_numbers cpus;
	bool outcomes;
	bool use[LITMUS_WORLDS];

	/* progress */
	const struct acqrel_litmus_test *test;
	enum litmus_world at;
	double weight;
	double done;
	__u64 start_ns;
	bool line;
};

static __u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (__u64)ts.tv_sec * (__u64)NS_PER_S + (__u64)ts.tv_nsec;
}

static double weight(const struct run *run,
		     const struct acqrel_litmus_test *test)
{
	double trials = litmus_trials(test, run->setup.trials);

	if (test->grace)
		return trials * GRACE_WEIGHT;
	return test->threads > run->setup.ncpus ? trials * CROWDED_WEIGHT :
						  trials;
}

static void progress(const struct run *run)
{
	double passed = (now() - run->start_ns) / NS_PER_S;
	double left = run->done > 0 ?
		      passed * (run->weight - run->done) / run->done : 0;

	fprintf(stderr, "%s%s, %s: %.0f %%", run->line ? "\r" : "",
		run->test->name, litmus_world_names[run->at],
		100 * run->done / run->weight);
	if (run->done > 0)
		fprintf(stderr, ", %.0f s left", left);
	fprintf(stderr, "%s", run->line ? "\033[K" : "\n");
}

static bool poll_run(void *arg, __u64 done)
{
	struct run *run = arg;

	(void)done;
	if (run->line)
		progress(run);
	return !interrupt_seen();
}

static int fail(const struct run *run, enum litmus_world world, int error)
{
	if (world == LITMUS_KERNEL)
		return session_fail(run->setup.client, error, "run the test");
	out_error("cannot run %s: %s", run->test->name, strerror(-error));
	return error == -EINVAL ? STATUS_USAGE : STATUS_CHECK;
}

static int run_row(struct run *run, struct litmus_row *row, enum litmus_world world)
{
	int rc;

	run->test = row->test;
	run->at = world;
	if (!out_is_quiet())
		progress(run);
	rc = litmus_run(&run->setup, world, row->test, &row->result[world]);
	row->ran[world] = row->result[world].tally.trials;
	run->done += weight(run, row->test);
	if (rc && rc != -ECANCELED)
		return fail(run, world, rc);
	return rc ? STATUS_CHECK : STATUS_OK;
}

static int run_rows(struct run *run)
{
	int status = STATUS_OK;

	for (size_t i = 0; i < run->n; i++)
		for (int world = 0; world < LITMUS_WORLDS; world++)
			if (run->use[world])
				run->weight += weight(run, run->rows[i].test);
	run->start_ns = now();
	run->line = !out_is_quiet() && isatty(STDERR_FILENO);
	interrupt_catch();
	for (size_t i = 0; i < run->n && !status; i++)
		for (int world = 0; world < LITMUS_WORLDS && !status; world++)
			if (run->use[world])
				status = run_row(run, &run->rows[i], world);
	if (run->line)
		fprintf(stderr, "\r\033[K");
	if (interrupt_seen())
		out_note("Interrupted: what follows is what was reached.");
	interrupt_release();
	return status;
}

static int complain(const struct run *run)
{
	int status = STATUS_OK;

	for (size_t i = 0; i < run->n; i++)
		for (int w = 0; w < LITMUS_WORLDS; w++) {
			const struct litmus_result *r =
				&run->rows[i].result[w];

			if (!r->forbidden)
				continue;
			out_error("%s, %s: forbidden %llu times, first on CPUs %s",
				  run->rows[i].test->name,
				  litmus_world_names[w], r->forbidden,
				  r->where);
			status = STATUS_CHECK;
		}
	return status;
}

static int choose_cpus(struct run *run)
{
	struct litmus_setup *setup = &run->setup;
	static unsigned int allowed[ENV_CPUS_MAX];
	int n = env_allowed_cpus(allowed, ENV_CPUS_MAX);

	for (int i = 0; i < n && setup->ncpus < LITMUS_CPUS_MAX; i++) {
		bool wanted = !run->cpus.n;

		for (unsigned int k = 0; k < run->cpus.n; k++)
			wanted |= run->cpus.values[k] == allowed[i];
		if (wanted)
			setup->cpus[setup->ncpus++] = allowed[i];
	}
	if (setup->ncpus && (!run->cpus.n || setup->ncpus == run->cpus.n))
		return STATUS_OK;
	out_error("--cpus names a CPU that cannot be used, or one twice");
	return STATUS_USAGE;
}

static int open_kernel(struct run *run)
{
	int status = STATUS_OK, rc;

	if (!run->world && (!session_module_present() || geteuid())) {
		out_note("acqrel: %s: user space only",
			 geteuid() ? "the kernel world needs root" :
				     "the module is not loaded");
		run->use[LITMUS_KERNEL] = false;
		return STATUS_OK;
	}
	run->setup.client = session_open(&status);
	if (!run->setup.client)
		return status;
	rc = acqrel_client_subscribe(run->setup.client, ACQREL_MCGRP_LITMUS);
	return rc ? session_fail(run->setup.client, rc, "hear of runs") :
		    STATUS_OK;
}

static int choose_worlds(struct run *run)
{
	const char *world = run->world ?: "both";
	bool both = !strcmp(world, "both");

	run->use[LITMUS_KERNEL] = both || !strcmp(world, "kernel");
	run->use[LITMUS_USER] = both || !strcmp(world, "user");
	if (!run->use[LITMUS_KERNEL] && !run->use[LITMUS_USER]) {
		out_error("--world is kernel, user or both, not %s", world);
		return STATUS_USAGE;
	}
	return run->use[LITMUS_KERNEL] ? open_kernel(run) : STATUS_OK;
}

static int run_tests(struct run *run, const struct args *args)
{
	const struct acqrel_litmus_test **tests = litmus_select(args, &run->n);
	int status, bad;

	if (!tests)
		return STATUS_USAGE;
	run->rows = calloc(run->n, sizeof(*run->rows));
	for (size_t i = 0; run->rows && i < run->n; i++)
		run->rows[i].test = tests[i];
	free(tests);
	if (!run->rows) {
		out_error("not enough memory for the results");
		return STATUS_CHECK;
	}
	status = choose_cpus(run) ?: choose_worlds(run);
	if (status)
		return status;
	status = run_rows(run);
	if (!litmus_print(run->rows, run->n, run->setup.seed, run->outcomes))
		status = STATUS_CHECK;
	bad = complain(run);
	return status ?: bad;
}

static __u64 new_seed(void)
{
	__u32 seed;

	return getrandom(&seed, sizeof(seed), 0) == sizeof(seed) ? seed :
								   now();
}

/**
 * cmd_litmus_run() - run tests
 * @args: words: patterns
 *
 * Return: exit status: %STATUS_CHECK if something forbidden was seen, or if
 * it was interrupted.
 */
int cmd_litmus_run(struct args *args)
{
	struct run run = {
		.setup = { .trials = TRIALS, .seed = new_seed(),
			   .poll = poll_run, .arg = &run },
	};
	const struct option options[] = {
		{ .name = "--world", .value = "WORLD", .string = &run.world,
		  .help = "kernel, user or both (both if the module is there)" },
		{ .name = "--trials", .value = "N",
		  .number = &run.setup.trials, .min = 1,
		  .max = 1000000000000ULL,
		  .help = "of two threads (200000); see acqrel(8) for others" },
		{ .name = "--seed", .value = "N", .number = &run.setup.seed,
		  .help = "of places, delays and CPUs (a new one)" },
		{ .name = "--cpus", .value = "N,..", .numbers = &run.cpus,
		  .help = "use these alone (all that are allowed)" },
		{ .name = "--outcomes", .flag = &run.outcomes,
		  .help = "print how often each outcome was seen" },
		{ }
	};
	int status;

	if (args_parse(args, options, INT_MAX))
		status = run_tests(&run, args);
	else
		status = args->status;
	acqrel_client_close(run.setup.client);
	free(run.rows);
	return status;
}
