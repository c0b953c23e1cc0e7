// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine of the user world: its slices, by what it does to a variant.
 */
#include "bench_probe.h"

static bool have_cpus(unsigned int n)
{
	if (ncpus >= n)
		return true;
	ktap_skip("too few CPUs");
	return false;
}

static void a_slice_adds_up(void)
{
	struct bench_arm *arm = arm_of(LOOP, 1, false);
	u64 before = world_clock(), executed;

	run(arm, &plain);
	check_sample(&samples[0], 0);
	check(samples[0].deadline_ns > before);
	check(world_clock() > samples[0].did.end_ns);
	check_eq(samples[0].did.role, ACQREL_BENCH_ROLE_MEASURED);
	check_eq(samples[0].did.ops + samples[0].did.failed,
		 100 * samples[0].did.bursts);
	/* which of them fail is known up to where the slice began */
	check(samples[0].did.failed * 3 + 3 > samples[0].did.bursts * 100);
	check(samples[0].did.failed * 3 < samples[0].did.bursts * 100 + 3);
	/* before and after there was load, which is not reported */
	executed = probe->threads[0].ops;
	check(executed > 100 * samples[0].did.bursts);
#ifdef __x86_64__
	check(samples[0].did.chain_ns > 0);
#endif
	bench_arm_close(arm);
}

static void threads_start_together(void)
{
	struct bench_arm *arm;
	u64 late, best = ~0ULL;

	if (!have_cpus(2))
		return;
	arm = arm_of(LOOP, 2, false);
	/* one of some, as others may have the CPU */
	for (int i = 0; i < 50 && best > 20000; i++) {
		run(arm, &plain);
		check_sample(&samples[0], 0);
		check_sample(&samples[1], 1);
		late = samples[0].did.start_ns + samples[1].did.start_ns -
		       2 * samples[0].deadline_ns;
		best = late < best ? late : best;
	}
	check(best <= 20000);
	bench_arm_close(arm);
}

/* share of the slice in which both were timed */
static double overlap(void)
{
	u64 start = samples[0].did.start_ns, end = samples[0].did.end_ns;
	u64 first = start, last = end;

	if (samples[1].did.start_ns > start)
		start = samples[1].did.start_ns;
	else
		first = samples[1].did.start_ns;
	if (samples[1].did.end_ns < end)
		end = samples[1].did.end_ns;
	else
		last = samples[1].did.end_ns;
	return end > start ? (double)(end - start) / (double)(last - first) : 0;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* overlaps of some slices, in order of size */
static void overlaps(struct bench_arm *arm, u64 late_ns, double *all, int n)
{
	const struct acqrel_slice_params late = { .late_ns = late_ns };

	for (int i = 0; i < n; i++) {
		run(arm, &late);
		check(samples[1].did.start_ns >=
		      samples[1].deadline_ns + late_ns);
		all[i] = overlap();
	}
	qsort(all, n, sizeof(*all), by_size);
}

static void a_late_thread_costs_overlap(void)
{
	struct bench_arm *arm;
	double none[21], half[21];

	if (!have_cpus(2))
		return;
	arm = arm_of(LOOP, 2, false);
	overlaps(arm, 0, none, 21);
	overlaps(arm, SLICE_NS / 2, half, 21);
	printf("# overlap %.3f, with a late thread %.3f\n", none[10], half[10]);
	/* the best, as others may have the CPU at times */
	check(none[20] > 0.95);
	check(half[20] > 0.4);
	check(half[10] < 0.6);
	bench_arm_close(arm);
}

static void planted_work_is_done_and_not_reported(void)
{
	struct bench_arm *arm = arm_of(LOOP, 1, false);
	static const struct acqrel_slice_params more = { .plant = 500 };
	u64 bursts;

	run(arm, &more);
	bursts = samples[0].did.bursts;
	check_eq(samples[0].did.ops + samples[0].did.failed, 100 * bursts);
	/* load before and after is planted, too: all in steps of 150 */
	check_eq(probe->threads[0].ops % 150, 0);
	check(probe->threads[0].ops >= 150 * bursts);
	bench_arm_close(arm);
}

/* the shortest time of an operation in some slices */
static double ns_of(struct bench_arm *arm, u32 plant)
{
	const struct acqrel_slice_params p = { .plant = plant };
	double ns, best = 1e9;

	for (int i = 0; i < 10; i++) {
		run(arm, &p);
		ns = (double)samples[0].did.busy_ns / samples[0].did.ops;
		best = ns < best ? ns : best;
	}
	return best;
}

static void planted_work_takes_time(void)
{
	struct bench_arm *arm = arm_of(SLOW, 1, false);
	double plain_ns = ns_of(arm, 0), more_ns = ns_of(arm, 1000);

	printf("# %.1f ns, planted %.1f ns\n", plain_ns, more_ns);
	check(more_ns > 1.5 * plain_ns);
	bench_arm_close(arm);
}

static void check_role(u32 thread, u32 role)
{
	check_eq(samples[thread].did.role, role);
	if (role == ACQREL_BENCH_ROLE_MEASURED)
		check(probe->threads[thread].ops > 0);
	else
		check_eq(probe->threads[thread].ops, 0);
	if (role != ACQREL_BENCH_ROLE_PARTNER)
		check_eq(probe->threads[thread].partner, 0);
	else
		check(probe->threads[thread].partner > 0);
	if (role != ACQREL_BENCH_ROLE_WRITER)
		check_eq(probe->threads[thread].writes, 0);
	else
		check(probe->threads[thread].writes > 0);
}

static void partners_and_writers_are_cast(void)
{
	struct bench_arm *arm;

	if (!have_cpus(2))
		return;
	arm = arm_of(PAIRED, 2, false);
	run(arm, &plain);
	check_role(0, ACQREL_BENCH_ROLE_MEASURED);
	check_role(1, ACQREL_BENCH_ROLE_PARTNER);
	bench_arm_close(arm);

	arm = arm_of(LOOP, 2, true);
	run(arm, &plain);
	check_role(0, ACQREL_BENCH_ROLE_MEASURED);
	check_role(1, ACQREL_BENCH_ROLE_WRITER);
	bench_arm_close(arm);
}

static u32 who(int op, u32 threads, u32 thread, bool has_writer)
{
	const struct acqrel_worker w = { .threads = threads, .thread = thread };
	const struct acqrel_slice_turn t = {
		.op = &ops[op], .has_writer = has_writer
	};

	return acqrel_slice_who(&w, &t);
}

/* more threads than there may be CPUs */
static void odd_threads_are_idle(void)
{
	check_eq(who(PAIRED, 3, 0, false), ACQREL_BENCH_ROLE_MEASURED);
	check_eq(who(PAIRED, 3, 1, false), ACQREL_BENCH_ROLE_PARTNER);
	check_eq(who(PAIRED, 3, 2, false), ACQREL_BENCH_ROLE_IDLE);
	/* a writer is not one of them, and who shares is not idle */
	check_eq(who(PAIRED, 4, 2, true), ACQREL_BENCH_ROLE_IDLE);
	check_eq(who(PAIRED, 4, 3, true), ACQREL_BENCH_ROLE_WRITER);
	check_eq(who(FED, 3, 2, false), ACQREL_BENCH_ROLE_MEASURED);
	check_eq(who(PAIRED, 2, 0, true), ACQREL_BENCH_ROLE_MEASURED);
}

static void a_lone_thread_settles(void)
{
	struct bench_arm *arm = arm_of(SETTLED, 1, false);

	run(arm, &plain);
	check_eq(samples[0].did.failed, 0);
	check(samples[0].did.ops > 0);
	check_eq(probe->level, 0);
	/* what it takes away is not timed: about as much as it fills */
	check(probe->threads[0].partner >= samples[0].did.ops);
	bench_arm_close(arm);
}

static u64 paced(struct bench_arm *arm, const struct acqrel_slice_params *p,
		 u32 thread)
{
	u64 best = 0;

	for (int i = 0; i < 10; i++) {
		run(arm, p);
		/* what a stall in the lead held up comes later */
		check(samples[thread].did.bursts <=
		      (p->slice_ns + LEAD_NS) / 10000 + 2);
		check_eq(samples[thread].did.ops + samples[thread].did.failed,
			 samples[thread].did.bursts);
		if (samples[thread].did.bursts > best)
			best = samples[thread].did.bursts;
	}
	return best;
}

static void a_writer_keeps_its_rate(void)
{
	static const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .write_period_ns = 10000
	};
	struct bench_arm *arm;

	if (!have_cpus(2))
		return;
	arm = arm_of(LOOP, 2, true);
	check(paced(arm, &p, 1) >= 95);
	/* the reader is not paced */
	check(samples[0].did.bursts * 100 == samples[0].did.ops +
					     samples[0].did.failed);
	bench_arm_close(arm);
}

static void operations_are_paced_and_timed(void)
{
	static const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .mode = ACQREL_BENCH_LATENCY,
		.pace_ns = 10000
	};
	static struct latency_sum l;
	struct bench_arm *arm = arm_of(LOOP, 1, false);

	check(paced(arm, &p, 0) >= 95);
	memset(&l, 0, sizeof(l));
	check_eq(bench_latency(arm, &l), 0);
	/* what was due and did not begin counts too */
	check(l.n >= samples[0].did.bursts);
	check(l.n <= (p.slice_ns + LEAD_NS) / p.pace_ns + 2);
	check(l.max > 0);
	bench_arm_close(arm);
}

static void what_feeds_is_paced(void)
{
	static const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .mode = ACQREL_BENCH_LATENCY,
		.pace_ns = 10000
	};
	struct bench_arm *arm;

	if (!have_cpus(2))
		return;
	arm = arm_of(FED, 2, false);
	check(paced(arm, &p, 1) >= 95);
	check(samples[0].did.bursts > 0);
	check_eq(samples[0].did.ops + samples[0].did.failed,
		 samples[0].did.bursts * ACQREL_BENCH_CHUNK);
	bench_arm_close(arm);
}

static void what_a_burst_notes_is_reported(void)
{
	static struct latency_sum l;
	struct bench_arm *arm = arm_of(RECORDED, 1, false), *other;
	struct acqrel_slice *did = &samples[0].did;

	run(arm, &plain);
	check_eq(did->retries, did->ops);
	check_eq(did->fill_n, did->ops);
	check_eq(did->fill_sum, 3 * did->ops);
	/* also in the load */
	check(did->violations > did->bursts);
	memset(&l, 0, sizeof(l));
	check_eq(bench_latency(arm, &l), 0);
	check_eq(l.n, did->ops);
	check_eq(l.buckets[acqrel_latency_bucket(1000)], did->ops);
	check_eq(l.max, 1000);
	/* it adds */
	check_eq(bench_latency(arm, &l), 0);
	check_eq(l.n, 2 * did->ops);

	other = arm_of(LOOP, 1, false);
	check_eq(bench_latency(other, &l), -ENOENT);
	run(other, &plain);
	check_eq(bench_latency(arm, &l), -ENOENT);
	check(strstr(bench_message(bench), "last slice"));
	bench_arm_close(other);
	bench_arm_close(arm);
}

static const struct ktap_test tests[] = {
	{ "a slice adds up", a_slice_adds_up },
	{ "threads start together", threads_start_together },
	{ "a late thread costs overlap", a_late_thread_costs_overlap },
	{ "planted work is done and not reported",
	  planted_work_is_done_and_not_reported },
	{ "planted work takes time", planted_work_takes_time },
	{ "partners and writers are cast", partners_and_writers_are_cast },
	{ "odd threads are idle", odd_threads_are_idle },
	{ "a lone thread settles", a_lone_thread_settles },
	{ "a writer keeps its rate", a_writer_keeps_its_rate },
	{ "operations are paced and timed", operations_are_paced_and_timed },
	{ "what feeds is paced", what_feeds_is_paced },
	{ "what a burst notes is reported", what_a_burst_notes_is_reported },
};

int main(void)
{
	int status;

	find_cpus();
	status = ktap_run(tests, ARRAY_SIZE(tests));
	bench_close(bench);
	return status;
}
