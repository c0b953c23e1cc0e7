// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a run says of the machine that it ran on: sleep, quotas and the clock of
 * the cores. The clocks are made up.
 */
#include <math.h>
#include <sys/syscall.h>

#include "fake_plan.h"
#include "figures.h"

#define STEADY_NS	4000	/* of the chain of multiplications */

/* that this clock is ahead of what it is outside of the test */
static time_t ahead[CLOCK_TAI + 1];

/* in the place of that of the C library */
int clock_gettime(clockid_t clock, struct timespec *ts)
{
	long rc = syscall(SYS_clock_gettime, clock, ts);

	if (!rc && clock <= CLOCK_TAI)
		ts->tv_sec += ahead[clock];
	return rc;
}

/* of the last run: slices with a tag, and blocks */
static unsigned int tagged(__u32 tag)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < result.ncells; i++)
		for (unsigned int j = 0; j < result.cells[i].nslices; j++)
			n += !!(result.cells[i].slices[j].tags & tag);
	return n;
}

typedef void hook(const struct bench_arm *arm,
		  const struct acqrel_slice_params *p,
		  struct acqrel_sample *samples);

static void measure(hook *hook)
{
	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	fake.slices = 0;
	fake.hook = hook;
	check_eq(plan_run(&plan), 0);
}

/* The last slice of a run is in a block, whatever came before. */
static unsigned int last_slice;
static clockid_t jumping;
static time_t jump_s;

static void jump(const struct bench_arm *arm,
		 const struct acqrel_slice_params *p,
		 struct acqrel_sample *samples)
{
	(void)arm;
	(void)p;
	(void)samples;
	if (fake.slices == last_slice)
		ahead[jumping] += jump_s;
}

static void jump_in_the_last(clockid_t clock, time_t by_s)
{
	jumping = clock;
	jump_s = by_s;
	measure(jump);
	if (!check_eq(tagged(TAG_SUSPENDED), 1))
		printf("# clock %d by %ld s\n", clock, (long)by_s);
	check(warned("slept or was stopped, or its clock jumped, in 1 slice."));
	end();
}

static void sleep_is_noticed(void)
{
	measure(NULL);
	last_slice = fake.slices;
	check_eq(tagged(TAG_SUSPENDED), 0);
	check(!warned("slept"));
	end();
	/* asleep, one clock stands; a stopped guest has all of them late */
	jump_in_the_last(CLOCK_BOOTTIME, 5);
	jump_in_the_last(CLOCK_REALTIME, 5);
	jump_in_the_last(CLOCK_REALTIME, -5);
	jump_in_the_last(CLOCK_MONOTONIC, 5);
}

/* The clock of the cores in a part of the slices. */
static unsigned int slow_each;

static void slow_down(const struct bench_arm *arm,
		      const struct acqrel_slice_params *p,
		      struct acqrel_sample *samples)
{
	bool slow = slow_each && fake.slices % slow_each == 0;

	(void)arm;
	(void)p;
	samples[0].did.chain_ns = slow ? STEADY_NS * 1.1 : STEADY_NS;
}

static bool clock_warned(unsigned int each, hook *hook)
{
	bool is;

	slow_each = each;
	measure(hook);
	is = warned("clock of the cores changed");
	end();
	return is;
}

static void changing_clock_is_a_warning(void)
{
	check(!clock_warned(0, slow_down));
	/* a slice now and then is no change of the clock */
	check(!clock_warned(50, slow_down));
	check(clock_warned(4, slow_down));
	/* nobody knows */
	check(!clock_warned(4, NULL));
}

static void clock_follows_the_chain(void)
{
	const struct acqrel_slice known = { .chain_ns = 4096 };
	const struct acqrel_slice unknown = { 0 };

	/* three cycles for each multiplication */
	check(fabs(figures_ghz(&known) - 3) < 0.001);
	check(isnan(figures_ghz(&unknown)));
}

static void judge(void)
{
	struct plan_run run = { .plan = &plan, .load = { .root = "" },
				.blocks = result.blocks };
	struct load_mark from;

	load_use(&run.load, 0);
	plan_mark(&run, &from);
	check_eq(plan_judge(&run, &from), 0);
}

static void throttling_is_a_warning(void)
{
	measure(NULL);
	judge();
	check(!warned("quota"));
	for (unsigned int i = 0; i < result.ncells; i++)
		for (unsigned int j = 2; j < 8; j++)
			result.cells[i].slices[j].tags |= TAG_THROTTLED;
	judge();
	check(warned("ran out of its CPU quota in 3 of 40 blocks."));
	end();
}

static void huge_pages_are_noted(void)
{
	begin("config/rcu:read", BOTH);
	check_eq(plan_make(&plan), 0);
	check_eq(plan_run(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		const struct cell *cell = &result.cells[i];

		if (cell->world == WORLD_USER)
			check_eq(cell->huge_bytes, FAKE_HUGE);
		else
			check(isnan(cell->huge_bytes));
	}
	end();
}

/* Other threads of this process are elsewhere, if there is elsewhere. */
static void own_time_is_that_of_the_cpus(void)
{
	struct plan_run run = { .plan = &plan, .load = { .root = "" } };
	struct load_mark mark;

	begin("config/rcu:read", USER);
	fake.cpu_ns = 12345;
	load_use(&run.load, 0);
	check_eq(plan_mark(&run, &mark), 0);
	check_eq(mark.own_ns, 12345);
	run.all_cpus = true;
	check_eq(plan_mark(&run, &mark), 0);
	check(mark.own_ns > 12345);
	end();
}

static const struct ktap_test tests[] = {
	{ "sleep is noticed", sleep_is_noticed },
	{ "a changing clock is a warning", changing_clock_is_a_warning },
	{ "the clock follows the chain", clock_follows_the_chain },
	{ "own time is that of the CPUs", own_time_is_that_of_the_cpus },
	{ "huge pages are noted", huge_pages_are_noted },
	{ "throttling is a warning", throttling_is_a_warning },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
