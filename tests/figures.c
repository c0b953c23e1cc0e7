// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures made of raw slices.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "ktap.h"
#include "verdict.h"

#define THREADS	4

static bool near(double a, double b)
{
	return fabs(a - b) * 1e9 < 1;
}

static struct acqrel_sample span(__u64 start, __u64 end)
{
	return (struct acqrel_sample){
		.deadline_ns = 100, .did = { .start_ns = start, .end_ns = end }
	};
}

static double overlap(struct acqrel_sample *samples, unsigned int n)
{
	struct result_slice slice = { .samples = samples };

	return figures_overlap(&slice, n);
}

static void overlap_of_a_slice(void)
{
	struct acqrel_sample whole[] = { span(100, 200), span(100, 200) };
	struct acqrel_sample late[] = { span(100, 200), span(110, 200) };
	struct acqrel_sample part[] = {
		span(100, 190), span(110, 200), span(105, 195)
	};
	struct acqrel_sample apart[] = { span(100, 150), span(150, 200) };
	struct acqrel_sample none[] = { span(100, 100), span(100, 100) };
	struct acqrel_sample alone[] = { span(125, 200) };
	struct acqrel_sample early[] = { span(90, 200), span(100, 200) };

	check(near(overlap(whole, 2), 1));
	check(near(overlap(whole, 1), 1));
	check(near(overlap(late, 2), 0.9));
	check(near(overlap(part, 3), 0.8));
	check(near(overlap(apart, 2), 0));
	check(near(overlap(none, 2), 0));
	check(near(overlap(alone, 1), 1));
	check(near(overlap(early, 2), 100.0 / 110));
}

static double time_of(struct acqrel_sample *samples, unsigned int n,
		      double empty_ns)
{
	struct figures_loop loop = { .attempt_ns = empty_ns };
	struct result_slice slice = { .samples = samples };

	return figures_time(&slice, n, &loop);
}

static void the_clock_is_read_once_a_burst(void)
{
	struct figures_loop loop = { .burst_ns = 10, .attempt_ns = 1 };
	struct acqrel_sample sample = {
		.did = { .busy_ns = 1000, .ops = 90, .failed = 10, .bursts = 4 }
	};
	struct result_slice slice = { .samples = &sample };

	check(near(figures_time(&slice, 1, &loop), (1000 - 40 - 100) / 90.0));
}

static void time_of_an_operation(void)
{
	struct acqrel_sample samples[] = {
		{ .did = { .busy_ns = 1000, .ops = 100 } },
		{ .did = { .busy_ns = 3000, .ops = 100 } },
		{ .did = { .busy_ns = 9999, .ops = 9,
			   .role = ACQREL_BENCH_ROLE_PARTNER } },
		{ .did = { .busy_ns = 2000, .failed = 50 } },
	};

	check(near(time_of(samples, 2, 0), 20));
	check(near(time_of(samples, 3, 0), 20));
	check(isnan(time_of(&samples[2], 1, 0)));
	/* what fails in vain takes its time */
	check(near(time_of(samples, 4, 0), 30));
	check(isnan(time_of(&samples[3], 1, 0)));
	/* the loop ran for what failed too */
	check(near(time_of(samples, 2, 2), 18));
	check(near(time_of(samples, 4, 2), 30 - 2 * 250.0 / 200));
}

/* A cell whose slice i takes ns[i] for an operation on each thread. */
static struct cell *add(struct result *r, unsigned int threads,
			const double *ns, unsigned int n)
{
	struct cell *c = result_add_cell(r);

	c->threads = threads;
	c->nslices = n;
	c->slices = calloc(n, sizeof(*c->slices));
	for (unsigned int i = 0; i < n; i++) {
		struct acqrel_sample *s = calloc(threads, sizeof(*s));

		c->slices[i].block = i / 2;
		c->slices[i].samples = s;
		for (unsigned int t = 0; t < threads; t++) {
			s[t] = span(100, 200);
			s[t].did.ops = 1000;
			s[t].did.busy_ns = 1000 * ns[i];
		}
	}
	return c;
}

static const double ones[] = { 1, 1, 1, 1, 1, 1, 1, 1 };
static const double some[] = { 5, 6, 7, 8, 9, 1000, 4, 2 };

static void times_of_a_cell(void)
{
	const struct cell_figures *f;
	struct result r;

	result_init(&r);
	add(&r, 1, ones, 8);
	add(&r, 1, some, 8)->empty = 0;
	r.cells[1].slices[7].tags = TAG_STOLEN;
	f = &r.cells[1].figures;
	check_eq(figures_compute(&r), 0);
	check(near(f->raw_ns, 7));
	check(near(f->net_ns, 6));
	check(near(f->net_all_ns, 5.5));
	check(near(f->mad_ns, 2 * STATISTICS_MAD));
	check(near(f->p5_ns, 3.3));
	check(near(f->p95_ns, 8 + 0.7 * 991));
	check(near(f->min_ns, 3));
	/* a pace is none */
	r.cells[1].pace_ns = 1000;
	check_eq(figures_compute(&r), 0);
	check(isnan(f->net_ns) && isnan(f->raw_ns) && isnan(f->net_all_ns));
	check(f->overlap == 1);
	r.cells[1].pace_ns = 0;
	check_eq(figures_compute(&r), 0);
	check(near(f->interval.mid, 6));
	check(f->interval.low < 6 && f->interval.high > 6);
	check_eq(f->tagged, 1);
	check(near(r.cells[0].figures.net_ns, 1));
	check(near(figures_empty(&r, &r.cells[1]).attempt_ns, 1));
	check(near(figures_empty(&r, &r.cells[0]).attempt_ns, 0));
	result_release(&r);
}

static void tagged_slices_are_kept_apart(void)
{
	const struct cell_figures *f;
	struct result r;

	result_init(&r);
	add(&r, 1, some, 8);
	for (int i = 0; i < 8; i++)
		r.cells[0].slices[i].tags = TAG_SWITCHED;
	f = &r.cells[0].figures;
	check_eq(figures_compute(&r), 0);
	check(isnan(f->net_ns) && isnan(f->raw_ns) && isnan(f->interval.low));
	check(near(f->net_all_ns, 6.5));
	check_eq(f->tagged, 8);
	result_release(&r);
}

static void nothing_measured(void)
{
	struct result r;

	result_init(&r);
	add(&r, 1, some, 0);
	check_eq(figures_compute(&r), 0);
	check(isnan(r.cells[0].figures.net_ns));
	check(isnan(r.cells[0].figures.overlap));
	check(isnan(r.cells[0].figures.bound_ns));
	result_release(&r);
}

static void a_bound_counts_its_times(void)
{
	struct result r;

	result_init(&r);
	add(&r, 1, some, 4);
	add(&r, 1, ones, 8);
	r.cells[0].bound = 1;
	r.cells[0].bound_times = 2500;
	check_eq(figures_compute(&r), 0);
	check(near(r.cells[0].figures.bound_ns, 2.5));
	check(isnan(r.cells[1].figures.bound_ns));
	result_release(&r);
}

/* What hides behind the empty loop costs what both take. */
static void a_bound_is_not_lost_in_the_loop(void)
{
	static const double bit_more[] = { 1.2, 1.2, 1.2, 1.2 };
	struct result r;

	result_init(&r);
	add(&r, 1, ones, 8);
	add(&r, 1, bit_more, 4)->empty = 0;
	add(&r, 1, some, 4)->bound = 1;
	r.cells[2].bound_times = 1000;
	check_eq(figures_compute(&r), 0);
	check(near(r.cells[1].figures.net_ns, 0.2));
	check(figures_short(&r.cells[1].figures));
	check(near(r.cells[2].figures.bound_ns, 1.2));
	check(!figures_short(&r.cells[2].figures));
	result_release(&r);
}

static struct acqrel_slice *did(struct result *r, int slice, int thread)
{
	return &r->cells[0].slices[slice].samples[thread].did;
}

/* Two measured threads, a partner and a writer. */
static void roles(struct result *r)
{
	result_init(r);
	add(r, THREADS, ones, 2);
	for (int i = 0; i < 2; i++) {
		did(r, i, 1)->ops = 500;
		did(r, i, 2)->role = ACQREL_BENCH_ROLE_PARTNER;
		did(r, i, 3)->role = ACQREL_BENCH_ROLE_WRITER;
		did(r, i, 3)->ops = 7;
	}
}

static void sums_of_a_cell(void)
{
	const struct cell_figures *f;
	struct result r;

	roles(&r);
	did(&r, 0, 0)->failed = 1000;
	did(&r, 0, 2)->failed = 77;
	did(&r, 1, 1)->retries = 300;
	did(&r, 0, 2)->fill_sum = 30;
	did(&r, 0, 2)->fill_n = 2;
	did(&r, 1, 0)->fill_n = 1;
	did(&r, 0, 2)->violations = 2;
	did(&r, 1, 3)->violations = 1;
	did(&r, 1, 0)->lost = 4;
	f = &r.cells[0].figures;
	check_eq(figures_compute(&r), 0);
	check(near(f->failed, 0.25));
	check(near(f->retries, 0.1));
	check(near(f->fill, 10));
	check(near(f->fairness, 0.5));
	/* 14 writes in 200 ns */
	check(near(f->write_rate, 70000000));
	check_eq(f->violations, 3);
	check_eq(f->lost, 4);
	check(near(f->overlap, 1));
	result_release(&r);
}

static void what_nobody_saw(void)
{
	const struct cell_figures *f;
	struct result r;

	result_init(&r);
	add(&r, 1, ones, 2);
	f = &r.cells[0].figures;
	check_eq(figures_compute(&r), 0);
	check(isnan(f->fill));
	check(isnan(f->write_rate));
	check(isnan(f->ghz));
	check(near(f->fairness, 1));
	check(near(f->failed, 0) && near(f->retries, 0));
	result_release(&r);
}

static void clock_of_the_cores(void)
{
	struct result r;

	roles(&r);
	did(&r, 0, 0)->chain_ns = 3 * ACQREL_CHAIN / 2;
	did(&r, 0, 1)->chain_ns = 3 * ACQREL_CHAIN / 4;
	did(&r, 1, 3)->chain_ns = 3 * ACQREL_CHAIN / 3;
	check_eq(figures_compute(&r), 0);
	check(near(r.cells[0].figures.ghz, 3));
	result_release(&r);
}

/* From a file the same figures as from the run. */
static void figures_follow_the_seed(void)
{
	struct interval first, second;
	struct result r;

	result_init(&r);
	add(&r, 1, some, 8);
	r.seed = ktap_seed_value;
	figures_compute(&r);
	first = r.cells[0].figures.interval;
	figures_compute(&r);
	second = r.cells[0].figures.interval;
	check(near(first.low, second.low) && near(first.high, second.high));
	result_release(&r);
}

static const struct ktap_test tests[] = {
	{ "overlap of a slice", overlap_of_a_slice },
	{ "the clock is read once a burst", the_clock_is_read_once_a_burst },
	{ "time of an operation", time_of_an_operation },
	{ "times of a cell", times_of_a_cell },
	{ "tagged slices are kept apart", tagged_slices_are_kept_apart },
	{ "nothing measured", nothing_measured },
	{ "a bound counts its times", a_bound_counts_its_times },
	{ "a bound is not lost in the loop", a_bound_is_not_lost_in_the_loop },
	{ "sums of a cell", sums_of_a_cell },
	{ "what nobody saw", what_nobody_saw },
	{ "clock of the cores", clock_of_the_cores },
	{ "figures follow the seed", figures_follow_the_seed },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
