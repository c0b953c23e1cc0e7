// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock of the user world: which one is chosen, and that either is the
 * kernel's.
 */
#include "bench.h"
#include "bench/clock.h"
#include "bench/pool.h"
#include "threads.h"

#define FLAGS		" fpu tsc constant_tsc rdtscp nonstop_tsc pni"
/* the calibration is off by less than one in a million */
#define NEAR_NS		100000

static void the_tsc_needs_its_flags(void)
{
	static const char *const sources = " tsc hpet acpi_pm ";

	check(!bench_clock_objection(FLAGS, " tsc", sources));
	check(!strcmp(bench_clock_objection(" fpu tsc nonstop_tsc", " tsc",
					    sources), "no constant_tsc"));
	check(!strcmp(bench_clock_objection(" constant_tsc tsc", " tsc",
					    sources), "no nonstop_tsc"));
	/* parts of words are none */
	check(bench_clock_objection(" xconstant_tsc nonstop_tsc", " tsc",
				    sources));
	check(bench_clock_objection(" constant_tsc nonstop_tsc_s3", " tsc",
				    sources));
	check(bench_clock_objection("", " tsc", sources));
}

static void the_kernel_must_trust_the_tsc(void)
{
	check(bench_clock_objection(FLAGS, " hpet", " tsc hpet "));
	check(bench_clock_objection(FLAGS, "", ""));
	check(bench_clock_objection(FLAGS, " tsc-early", " tsc-early "));
	/* it is made from the TSC, if the kernel has not given that up */
	check(!bench_clock_objection(FLAGS, " kvm-clock", " tsc kvm-clock "));
	check(bench_clock_objection(FLAGS, " kvm-clock", " kvm-clock "));
}

/* world_clock() and the kernel's clock, read at about the same time */
static u64 apart_ns(void)
{
	u64 before = bench_clock_raw(), now = world_clock();
	u64 after = bench_clock_raw();

	if (now < before)
		return before - now;
	return now > after ? now - after : 0;
}

static void check_clock(void)
{
	u64 n = ktap_scale(1000000), last = world_clock(), now;

	while (n--) {
		now = world_clock();
		check(now >= last);
		last = now;
	}
	for (n = 0; n < 1000; n++)
		check(apart_ns() < NEAR_NS);
}

static void the_tsc_is_the_kernels_clock(void)
{
	if (!bench_clock_use_tsc()) {
		ktap_skip("no TSC");
		return;
	}
	check(bench_clock.mult > 0);
	check(!strncmp(bench_clock_name(), "TSC at ", 7));
	check_clock();
}

static void raw_is_the_kernels_clock(void)
{
	bench_clock_use_raw("a test");
	check_eq(bench_clock.mult, 0);
	check(!strcmp(bench_clock_name(), "MONOTONIC_RAW: a test"));
	check_clock();
	check_eq(apart_ns(), 0);
}

static struct pool *pool_of_two(struct pool_thread **threads)
{
	struct pool *pool = pool_open();
	cpu_set_t set;
	int n = 0;

	sched_getaffinity(0, sizeof(set), &set);
	for (u32 cpu = 0; cpu < CPU_SETSIZE && n < 2; cpu++)
		if (CPU_ISSET(cpu, &set))
			check_eq(pool_thread(pool, cpu, &threads[n++]), 1);
	if (n == 2)
		return pool;
	pool_close(pool);
	ktap_skip("needs a second CPU");
	return NULL;
}

static void cpus_are_compared(void)
{
	struct pool_thread *threads[2];
	struct pool *pool = pool_of_two(threads);

	if (!pool)
		return;
	bench_clock_choose();
	if (bench_clock_use_tsc()) {
		bench_clock_compare(pool, threads[0], threads[1]);
		/* whether they agree is the machine's affair */
		check(strstr(bench_clock_name(), "apart") ||
		      !bench_clock.mult);
		printf("# %s\n", bench_clock_name());
	}
	bench_clock_use_raw("a test");
	bench_clock_compare(pool, threads[0], threads[1]);
	check(!strcmp(bench_clock_name(), "MONOTONIC_RAW: a test"));
	pool_close(pool);
}

/* TSC, then 99 rounds of 100 ns and one that was answered at @hit */
static const char *judged(u64 length, u64 hit)
{
	struct clock_rounds rounds = { .round_ns = ~0ULL };

	bench_clock_use_tsc();
	for (u64 i = 1; i < 100; i++)
		bench_clock_note(&rounds, i * 100000, i * 100000 + length / 2,
				 i * 100000 + length);
	bench_clock_note(&rounds, 100000, 100000 + hit, 100000 + length);
	bench_clock_judge(&rounds);
	return bench_clock_name();
}

static void clocks_that_differ_are_refused(void)
{
	if (!bench_clock_use_tsc()) {
		ktap_skip("no TSC");
		return;
	}
	check(!strncmp(judged(100, 50), "TSC", 3));
	check(!strncmp(judged(100, 0), "TSC", 3));
	check(!strncmp(judged(100, 100), "TSC", 3));
	check(strstr(judged(100, 101), "differ"));
	check(strstr(judged(100, -1), "differ"));
	check_eq(bench_clock.mult, 0);
	/* rounds that tell nothing, and no round */
	check(strstr(judged(50000, 25000), "not known"));
	bench_clock_use_tsc();
	bench_clock_judge(&(struct clock_rounds){ .round_ns = ~0ULL });
	check(strstr(bench_clock_name(), "not known"));
	check_eq(bench_clock.mult, 0);
}

static void the_first_choice_is_final(void)
{
	bench_clock_choose();
	bench_clock_use_raw("a test");
	bench_clock_choose();
	check(!strcmp(bench_clock_name(), "MONOTONIC_RAW: a test"));
}

static const struct ktap_test tests[] = {
	{ "the TSC needs its flags", the_tsc_needs_its_flags },
	{ "the kernel must trust the TSC", the_kernel_must_trust_the_tsc },
	{ "the TSC is the kernel's clock", the_tsc_is_the_kernels_clock },
	{ "RAW is the kernel's clock", raw_is_the_kernels_clock },
	{ "CPUs are compared", cpus_are_compared },
	{ "clocks that differ are refused", clocks_that_differ_are_refused },
	{ "the first choice is final", the_first_choice_is_final },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
