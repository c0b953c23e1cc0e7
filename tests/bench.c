// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark engine of the user world: each case runs, and its samples say
 * what happened.
 */
#include <acqrel/workload.h>
#include "bench.h"
#include "threads.h"

#define SLICES		3
#define SLICE_NS	200000

static struct acqrel_sample samples[CPU_SETSIZE * SLICES];

static unsigned int cpus_allowed(void)
{
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	return CPU_COUNT(&set);
}

static void names_are_listed(void)
{
	unsigned int i, j;

	for (i = 0; acqrel_user_case(i); i++) {
		check(strlen(acqrel_user_case(i)) <= ACQREL_NAME_MAX);
		for (j = 0; j < i; j++)
			check(strcmp(acqrel_user_case(i), acqrel_user_case(j)));
	}
	check_eq(i, ACQREL_CASES);
	check(!strcmp(acqrel_user_case(0), "empty/empty:loop"));
}

static void bad_requests_are_refused(void)
{
	const char *name = acqrel_user_case(0);
	size_t max = ARRAY_SIZE(samples);

	check_eq(acqrel_user_bench("no/such:case", 1, SLICE_NS, 1, samples,
				   max), -ENOENT);
	check_eq(acqrel_user_bench(name, 0, SLICE_NS, 1, samples, max),
		 -EINVAL);
	check_eq(acqrel_user_bench(name, cpus_allowed() + 1, SLICE_NS, 1,
				   samples, max), -EINVAL);
	check_eq(acqrel_user_bench(name, 1, ACQREL_BENCH_SLICE_MIN_NS - 1, 1,
				   samples, max), -EINVAL);
	check_eq(acqrel_user_bench(name, 1, ACQREL_BENCH_SLICE_MAX_NS + 1, 1,
				   samples, max), -EINVAL);
	check_eq(acqrel_user_bench(name, 1, SLICE_NS, 0, samples, max),
		 -EINVAL);
	check_eq(acqrel_user_bench(name, 1, SLICE_NS,
				   ACQREL_BENCH_SLICES_MAX + 1, samples, max),
		 -EINVAL);
	check_eq(acqrel_user_bench(name, 1, SLICE_NS, 2, samples, 1), -ENOSPC);
}

static void check_sample(const struct acqrel_sample *s)
{
	check(s->start_ns >= s->deadline_ns);
	check(s->end_ns >= s->deadline_ns + SLICE_NS);
	check(s->busy_ns > 0 && s->busy_ns <= s->end_ns - s->start_ns);
	check(s->bursts > 0);
	/* a partner is load and reports nothing that it tried */
	if (s->ops + s->failed)
		check_eq(s->ops + s->failed, s->bursts * ACQREL_BURST);
}

static void check_samples(const struct acqrel_case *c, unsigned int threads)
{
	const struct acqrel_sample *s, *first;
	unsigned int i, j;
	u64 ops = 0;

	for (i = 0; i < threads * SLICES; i++) {
		s = &samples[i];
		first = &samples[i - i % threads];
		check_eq(s->slice, i / threads);
		check_eq(s->thread, i % threads);
		check_eq(s->deadline_ns, first->deadline_ns);
		for (j = 0; j < s->thread; j++)
			check(s->cpu != first[j].cpu);
		check_sample(s);
		/* the last may be without a partner, and idle */
		if (c->opposite && s->thread & 1)
			check_eq(s->ops + s->failed, 0);
		else if (!c->opposite || threads % 2 == 0 || threads == 1)
			check(s->ops + s->failed > 0);
		ops += s->thread == 0 ? s->ops : 0;
		if (s->slice)
			check_eq(s->deadline_ns - samples[i - threads].deadline_ns,
				 SLICE_NS + SLICE_NS / 4);
	}
	/* with others a ring may stay full or empty for as long as this */
	check(ops > 0 || threads > 1);
}

static void run_all(unsigned int threads)
{
	unsigned int i;

	for (i = 0; acqrel_user_case(i); i++) {
		memset(samples, 0xff, sizeof(samples));
		if (!check_eq(acqrel_user_bench(acqrel_user_case(i), threads,
						SLICE_NS, SLICES, samples,
						threads * SLICES),
			      threads * SLICES))
			continue;
		check_samples(&acqrel_cases[i], threads);
	}
}

static void every_case_runs_alone(void)
{
	run_all(1);
}

static void every_case_runs_on_all_cpus(void)
{
	if (cpus_allowed() < 2)
		ktap_skip("needs a second CPU");
	else
		run_all(cpus_allowed());
}

static const struct ktap_test tests[] = {
	{ "names are listed", names_are_listed },
	{ "bad requests are refused", bad_requests_are_refused },
	{ "every case runs alone", every_case_runs_alone },
	{ "every case runs on all CPUs", every_case_runs_on_all_cpus },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
