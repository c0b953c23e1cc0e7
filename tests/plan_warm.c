// SPDX-License-Identifier: GPL-2.0-only
/*
 * What warms up before the blocks, how time goes with the length of a burst,
 * and which latencies are kept.
 */
#include <math.h>

#include "fake_plan.h"

static void latencies_are_kept(void)
{
	begin("ring/spsc:oneway", USER);
	check_eq(plan_make(&plan), 0);
	check_eq(plan_run(&plan), 0);
	/* the cell and its control; the empty loop has none */
	check_eq(fake.latencies, 2 * 2 * BLOCKS);
	for (unsigned int i = 0; i < result.ncells; i++) {
		bool records = result.cells[i].flags & ACQREL_OP_RECORDS;

		check_eq(!!result.cells[i].latency, records);
		if (!result.cells[i].latency)
			continue;
		check_eq(result.cells[i].latency->n, 2 * BLOCKS);
		check(isnan(result.cells[i].curvature));
	}
	end();
}

/* A burst takes 40 ns and 5 ns for each operation. */
static void slope_and_intercept(void)
{
	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	check_eq(plan_run(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		if (result.cells[i].threads > 1 &&
		    strcmp(result.cells[i].name, RESULT_EMPTY)) {
			check(isnan(result.cells[i].curvature));
			continue;
		}
		check(fabs(result.cells[i].overhead_ns - FAKE_CLOCK_NS) < 0.01);
		check(result.cells[i].curvature < 0.001);
	}
	check(!warned("not in proportion"));
	check(!warned("not stable"));
	end();
}

static void bend(const struct bench_arm *arm,
		 const struct acqrel_slice_params *p,
		 struct acqrel_sample *samples)
{
	if (p->chunk == 2 * FAKE_CHUNK)
		samples[0].did.busy_ns += samples[0].did.busy_ns / 4;
	if (arm->threads == 1 && arm->fake->c.flags & ACQREL_OP_SETTLES)
		check(p->chunk <= ACQREL_BENCH_SLOTS / 2);
}

static void curve_is_a_warning(void)
{
	begin("*/*:*", USER);
	fake.cases = (const struct fake_case[]){ cases[0], cases[5], { } };
	fake.hook = bend;
	check_eq(plan_make(&plan), 0);
	check_eq(plan_run(&plan), 0);
	check(result.cells[0].curvature > 0.03);
	check(warned("not in proportion"));
	end();
}

static void restless(const struct bench_arm *arm,
		     const struct acqrel_slice_params *p,
		     struct acqrel_sample *samples)
{
	(void)arm;
	(void)p;
	samples[0].did.busy_ns += samples[0].did.busy_ns * fake.slices / 8;
}

static void unstable_warm_up_is_a_warning(void)
{
	begin("config/rcu:synchronize", USER);
	check_eq(plan_make(&plan), 0);
	fake.slices = 0;
	fake.hook = restless;
	check_eq(plan_run(&plan), 0);
	check(warned("not stable"));
	end();
}

/* Every other slice is interrupted for as long as it lasts. */
static void interrupted(const struct bench_arm *arm,
			const struct acqrel_slice_params *p,
			struct acqrel_sample *samples)
{
	(void)arm;
	(void)p;
	if (fake.slices % 2)
		return;
	samples[0].did.busy_ns *= fake.slices;
	samples[0].did.switches = 1;
}

static void interruptions_do_not_bend(void)
{
	begin("config/rcu:synchronize", USER);
	check_eq(plan_make(&plan), 0);
	check_eq(result.ncells % 2, 1);
	fake.hook = interrupted;
	check_eq(plan_run(&plan), 0);
	check(!warned("not stable"));
	check(!warned("not in proportion"));
	check(fabs(result.cells[0].overhead_ns - FAKE_CLOCK_NS) < 0.01);
	end();
}

/* A burst takes the 20th part of the slice, by its usual length. */
static void contend(const struct bench_arm *arm,
		    const struct acqrel_slice_params *p,
		    struct acqrel_sample *samples)
{
	double part = (p->chunk ?: FAKE_CHUNK) / (20.0 * FAKE_CHUNK);

	for (u32 i = 0; i < arm->threads; i++)
		samples[i].did.busy_ns = samples[i].did.bursts *
			(u64)(part * p->slice_ns);
}

/* An eighth of it takes less than a hundredth. */
static void long_bursts_are_cut(void)
{
	unsigned int cut = 0, ran = 0;

	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	fake.hook = contend;
	plan.params.repeat = 2;
	plan.params.blocks = BLOCKS / 2;
	check_eq(plan_run(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++)
		for (unsigned int j = 0; j < result.cells[i].nslices; j++) {
			bool alone = result.cells[i].threads == 1;

			check_eq(result.cells[i].slices[j].chunk,
				 alone ? 0 : FAKE_CHUNK / 8);
			cut += !alone;
		}
	check(cut > 0);
	/* what is recorded was run */
	for (unsigned int s = 0; s < fake.slices; s++)
		ran += fake.params[s].chunk == FAKE_CHUNK / 8;
	check(ran >= cut);
	end();
	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	check_eq(plan_run(&plan), 0);
	check_eq(result.cells[result.ncells - 1].slices[0].chunk, 0);
	end();
}

static unsigned int cold;

/* The first slices take three times as long. */
static void warming(const struct bench_arm *arm,
		    const struct acqrel_slice_params *p,
		    struct acqrel_sample *samples)
{
	(void)arm;
	(void)p;
	if (fake.slices <= cold)
		samples[0].did.busy_ns *= 3;
}

/* The second window differs from the first, the third is as the second. */
static void warm_up_ends(void)
{
	unsigned int n;

	begin("config/rcu:synchronize", USER);
	check_eq(plan_make(&plan), 0);
	n = result.ncells;
	cold = PLAN_WARM_SLICES * n;
	fake.slices = 0;
	fake.hook = warming;
	check_eq(plan_run(&plan), 0);
	check(!warned("not stable"));
	check_eq(fake.slices, n * (3 * PLAN_WARM_SLICES +
				   PLAN_BEND_ROUNDS * PLAN_BEND_LENGTHS +
				   PLAN_TWICE * BLOCKS));
	end();
}

static const struct ktap_test tests[] = {
	{ "latencies are kept", latencies_are_kept },
	{ "slope and intercept", slope_and_intercept },
	{ "a curve is a warning", curve_is_a_warning },
	{ "an unstable warm-up is a warning", unstable_warm_up_is_a_warning },
	{ "interruptions do not bend", interruptions_do_not_bend },
	{ "a warm-up ends", warm_up_ends },
	{ "long bursts are cut", long_bursts_are_cut },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
