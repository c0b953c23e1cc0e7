// SPDX-License-Identifier: GPL-2.0-only
/*
 * litmus_run.c - a litmus test on one choice of CPUs after the other
 */
#include <errno.h>
#include <stdio.h>

#include "litmus.h"

#define CROWDED_PLACEMENTS	6

typedef int litmus_block(const struct litmus_setup *setup,
			 const struct acqrel_litmus_test *test,
			 const __u32 *cpus, __u64 trials, __u64 seed,
			 struct acqrel_litmus_tally *tally);

static litmus_block *const blocks[LITMUS_WORLDS] = {
	[LITMUS_KERNEL] = litmus_kernel_block,
	[LITMUS_USER] = litmus_user_block,
};

/**
 * litmus_trials() - trials of a test
 * @test: the test
 * @trials: of a test of two threads
 *
 * Return: a tenth of @trials if it has more threads, a hundredth if it waits
 * for grace periods; 1 at least.
 */
__u64 litmus_trials(const struct acqrel_litmus_test *test, __u64 trials)
{
	if (test->threads > 2)
		trials /= 10;
	if (test->grace)
		trials /= 100;
	return trials ?: 1;
}

static unsigned int chance(struct acqrel_generator *random, unsigned int n)
{
	return (acqrel_generator_next(random) >> 32) * n >> 32;
}

/* A round in each, at least. */
static unsigned int placements(const struct litmus_setup *setup,
			       const struct acqrel_litmus_test *test,
			       __u64 trials)
{
	__u64 n = CROWDED_PLACEMENTS, most = trials / ACQREL_LITMUS_INSTANCES;

	if (setup->ncpus == 1)
		n = 1;
	else if (test->threads <= setup->ncpus)
		n = (__u64)setup->ncpus * (setup->ncpus - 1);
	if (n > LITMUS_PLACEMENTS_MAX)
		n = LITMUS_PLACEMENTS_MAX;
	if (n > most)
		n = most ?: 1;
	return n;
}

static void shuffle(struct acqrel_generator *random, __u32 *values,
		    unsigned int n)
{
	for (unsigned int i = n - 1; i; i--) {
		unsigned int k = chance(random, i + 1);
		__u32 value = values[i];

		values[i] = values[k];
		values[k] = value;
	}
}

/*
 * Each CPU is the first thread's in its turn; those of the others are chosen
 * by chance. With more threads than CPUs a CPU has as many as any other, or
 * one more.
 */
static void place(const struct litmus_setup *setup,
		  struct acqrel_generator *random, unsigned int turn,
		  unsigned int threads, __u32 *cpus)
{
	__u32 all[LITMUS_CPUS_MAX];

	for (unsigned int i = 0; i < setup->ncpus; i++)
		all[i] = setup->cpus[(turn + i) % setup->ncpus];
	if (setup->ncpus > 1)
		shuffle(random, all + 1, setup->ncpus - 1);
	for (unsigned int i = 0; i < threads; i++)
		cpus[i] = all[i % setup->ncpus];
	if (threads > setup->ncpus)
		shuffle(random, cpus, threads);
}

static void note_where(struct litmus_result *result, const __u32 *cpus,
		       unsigned int n)
{
	size_t at = 0;

	for (unsigned int i = 0; i < n; i++)
		at += snprintf(result->where + at, sizeof(result->where) - at,
			       "%s%u", i ? "," : "", cpus[i]);
}

/* Return: 0, or -E2BIG: outcomes of which there are too many. */
static int add(struct litmus_result *result,
	       const struct acqrel_litmus_test *test,
	       const struct acqrel_litmus_tally *part, bool forbids,
	       const __u32 *cpus)
{
	struct acqrel_litmus_tally *sum = &result->tally;
	__u64 seen = 0;
	int rc = 0;

	sum->trials += part->trials;
	sum->overlapped += part->overlapped;
	sum->touched += part->touched;
	for (unsigned int i = 0; i < ACQREL_LITMUS_THREADS; i++)
		sum->first[i] += part->first[i];
	for (unsigned int i = 0; i < ACQREL_LITMUS_OUTCOMES; i++) {
		if (!part->counts[i])
			continue;
		if (!acqrel_litmus_add(sum, part->outcomes[i],
				       part->counts[i]))
			rc = -E2BIG;
		if (litmus_exists(test, part->outcomes[i]))
			seen += part->counts[i];
	}
	result->seen += seen;
	if (forbids && seen && !result->forbidden)
		note_where(result, cpus, test->threads);
	if (forbids)
		result->forbidden += seen;
	return rc;
}

static __u64 now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (__u64)ts.tv_sec * 1000000000 + (__u64)ts.tv_nsec;
}

/**
 * litmus_run() - run a test in a world
 * @setup: where and how
 * @world: the world
 * @test: the test
 * @result: filled, also if it was stopped
 *
 * Return: 0, -ECANCELED if @setup's poll() ended it, or -errno.
 */
int litmus_run(const struct litmus_setup *setup, enum litmus_world world,
	       const struct acqrel_litmus_test *test,
	       struct litmus_result *result)
{
	__u64 trials = litmus_trials(test, setup->trials), start = now();
	unsigned int i, n = placements(setup, test, trials);
	bool forbids = litmus_forbids(test, world);
	struct acqrel_litmus_tally tally;
	struct acqrel_generator random;
	__u32 cpus[ACQREL_LITMUS_THREADS];
	int rc = 0, full;

	memset(result, 0, sizeof(*result));
	acqrel_generator_init(&random, setup->seed, world);
	for (i = 0; i < n && !rc; i++) {
		place(setup, &random, i, test->threads, cpus);
		rc = blocks[world](setup, test, cpus,
				   acqrel_generator_share(trials, i, n),
				   acqrel_generator_next(&random), &tally);
		full = add(result, test, &tally, forbids, cpus);
		rc = rc ?: full;
	}
	result->placements = i;
	result->ns = now() - start;
	return rc;
}
