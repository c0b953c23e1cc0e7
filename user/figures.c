// SPDX-License-Identifier: GPL-2.0-only
/*
 * figures.c - from raw samples to the figures of a cell
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "estimate.h"
#include "figures.h"
#include "verdict.h"

#define SHORT		4	/* more than so many net times are the raw one */
#define MULTIPLY_CYCLES	3	/* latency of one of ACQREL_CHAIN */

/**
 * figures_overlap() - how much of a slice all threads had in common
 * @slice: a slice
 * @threads: samples that it has, at least 1
 *
 * The union begins at the common deadline at the latest: a late start is no
 * better than an early end. A thread that was switched out between its start
 * and its end counts as there; other tags tell of that. A lone thread has nobody
 * to overlap with.
 *
 * Return: intersection of the threads' spans over their union, 0 to 1.
 */
double figures_overlap(const struct result_slice *slice, unsigned int threads)
{
	__u64 first = slice->samples[0].deadline_ns, last_start = first;
	__u64 last = slice->samples[0].did.end_ns, first_end = last;

	for (unsigned int i = 0; i < threads; i++) {
		const struct acqrel_slice *did = &slice->samples[i].did;

		first = did->start_ns < first ? did->start_ns : first;
		last_start = did->start_ns > last_start ? did->start_ns :
			last_start;
		last = did->end_ns > last ? did->end_ns : last;
		first_end = did->end_ns < first_end ? did->end_ns : first_end;
	}
	if (threads == 1)
		return 1;
	if (first_end <= last_start || last <= first)
		return 0;
	return (double)(first_end - last_start) / (last - first);
}

/**
 * figures_time() - time of an operation in a slice
 * @slice: a slice
 * @threads: samples that it has
 * @loop: what its loop costs, which is taken off
 *
 * Threads that are load only do not count. The loop runs once an attempt, so
 * what failed has the empty loop in its time as well.
 *
 * Return: nanoseconds as a thread sees them, NAN if nothing succeeded.
 */
double figures_time(const struct result_slice *slice, unsigned int threads,
		    const struct figures_loop *loop)
{
	double busy = 0, ops = 0, attempts = 0, bursts = 0;

	for (unsigned int i = 0; i < threads; i++) {
		const struct acqrel_slice *did = &slice->samples[i].did;

		if (did->role != ACQREL_BENCH_ROLE_MEASURED)
			continue;
		busy += did->busy_ns;
		ops += did->ops;
		attempts += did->ops + did->failed;
		bursts += did->bursts;
	}
	busy -= loop->burst_ns * bursts + loop->attempt_ns * attempts;
	return ops > 0 ? busy / ops : NAN;
}

static const struct figures_loop no_loop;

/* the times of a cell's slices, and their blocks */
struct times {
	double *ns;
	unsigned int *blocks;
	size_t n;
};

static int times_new(struct times *t, size_t most)
{
	t->n = 0;
	t->ns = calloc(most + 1, sizeof(*t->ns));
	t->blocks = calloc(most + 1, sizeof(*t->blocks));
	return t->ns && t->blocks ? 0 : -ENOMEM;
}

static void times_free(struct times *t)
{
	free(t->ns);
	free(t->blocks);
}

static void times_get(struct times *t, const struct cell *cell,
		      const struct figures_loop *loop, bool tagged)
{
	t->n = 0;
	for (unsigned int i = 0; i < cell->nslices; i++) {
		const struct result_slice *slice = &cell->slices[i];
		double ns = figures_time(slice, cell->threads, loop);

		if (isnan(ns) || (slice->tags && !tagged))
			continue;
		t->blocks[t->n] = slice->block;
		t->ns[t->n++] = ns;
	}
}

static double times_median(struct times *t)
{
	return t->n ? statistics_median(t->ns, t->n) : NAN;
}

static int times_figures(struct times *t, const struct cell *cell,
			 const struct figures_loop *loop, __u64 *state,
			 struct cell_figures *f)
{
	struct estimate e;
	int rc;

	times_get(t, cell, &no_loop, false);
	f->raw_ns = times_median(t);
	times_get(t, cell, loop, true);
	f->net_all_ns = times_median(t);
	times_get(t, cell, loop, false);
	if (!t->n)
		return 0;
	rc = estimate_of_blocks(&e, t->ns, t->blocks, t->n, state);
	if (rc)
		return rc;
	f->interval = estimate_interval(&e);
	f->net_ns = f->interval.mid;
	estimate_release(&e);
	f->p5_ns = statistics_quantile(t->ns, t->n, 0.05);
	f->p95_ns = statistics_quantile(t->ns, t->n, 0.95);
	f->min_ns = t->ns[0];
	f->mad_ns = statistics_mad(t->ns, t->n, f->net_ns);
	return 0;
}

/* what is summed over all slices, by who did it */
struct sums {
	double ops;
	double failed;
	double retries;
	double fill;
	double looks;
	double writes;
	double writing_ns;
};

static void sum_sample(const struct acqrel_slice *did, struct sums *sums)
{
	sums->fill += did->fill_sum;
	sums->looks += did->fill_n;
	if (did->role == ACQREL_BENCH_ROLE_WRITER) {
		sums->writes += did->ops;
		sums->writing_ns += did->end_ns - did->start_ns;
	}
	if (did->role != ACQREL_BENCH_ROLE_MEASURED)
		return;
	sums->ops += did->ops;
	sums->failed += did->failed;
	sums->retries += did->retries;
}

static double share(double part, double whole)
{
	return whole > 0 ? part / whole : NAN;
}

static void sum_figures(const struct cell *cell, struct cell_figures *f)
{
	struct sums sums = { 0 };

	for (unsigned int i = 0; i < cell->nslices; i++) {
		const struct result_slice *slice = &cell->slices[i];

		f->tagged += slice->tags != 0;
		for (unsigned int t = 0; t < cell->threads; t++) {
			sum_sample(&slice->samples[t].did, &sums);
			f->violations += slice->samples[t].did.violations;
			f->lost += slice->samples[t].did.lost;
		}
	}
	f->failed = share(sums.failed, sums.ops + sums.failed);
	f->retries = share(sums.retries, sums.ops);
	f->fill = share(sums.fill, sums.looks);
	f->write_rate = share(sums.writes, sums.writing_ns / 1e9);
}

/* Operations of a thread over all slices, NAN if it is not measured. */
static double ops_of(const struct cell *cell, unsigned int thread)
{
	double ops = 0;

	for (unsigned int i = 0; i < cell->nslices; i++) {
		const struct acqrel_slice *did =
			&cell->slices[i].samples[thread].did;

		if (did->role != ACQREL_BENCH_ROLE_MEASURED)
			return NAN;
		ops += did->ops;
	}
	return ops;
}

static double fairness(const struct cell *cell)
{
	double least = NAN, most = NAN;

	for (unsigned int t = 0; t < cell->threads; t++) {
		double ops = ops_of(cell, t);

		least = fmin(least, ops);
		most = fmax(most, ops);
	}
	return share(least, most);
}

/**
 * figures_ghz() - clock of the core that a thread was on
 * @did: what it did
 *
 * Return: GHz, NAN if nobody knows.
 */
double figures_ghz(const struct acqrel_slice *did)
{
	return did->chain_ns ?
		(double)ACQREL_CHAIN * MULTIPLY_CYCLES / did->chain_ns : NAN;
}

static int overlap_and_clock(struct cell *cell)
{
	size_t room = (size_t)cell->nslices * cell->threads, n = 0;
	double *values = calloc(room + 1, sizeof(*values));

	if (!values)
		return -ENOMEM;
	for (unsigned int i = 0; i < cell->nslices; i++)
		values[i] = figures_overlap(&cell->slices[i], cell->threads);
	cell->figures.overlap = statistics_median(values, cell->nslices);
	for (unsigned int i = 0; i < cell->nslices; i++)
		for (unsigned int t = 0; t < cell->threads; t++) {
			double ghz = figures_ghz(&cell->slices[i].samples[t].did);

			if (!isnan(ghz))
				values[n++] = ghz;
		}
	cell->figures.ghz = n ? statistics_median(values, n) : NAN;
	free(values);
	return 0;
}

static const struct cell_figures unknown = {
	.raw_ns = NAN, .net_ns = NAN, .net_all_ns = NAN, .mad_ns = NAN,
	.p5_ns = NAN, .p95_ns = NAN, .min_ns = NAN,
	.interval = { NAN, NAN, NAN },
	.bound_ns = NAN, .overlap = NAN, .failed = NAN, .retries = NAN,
	.fill = NAN, .fairness = NAN, .write_rate = NAN, .ghz = NAN,
};

/**
 * figures_empty() - what the loop of a cell costs
 * @result: with the slices of the empty loops
 * @cell: whose operations are in such a loop
 *
 * The look at the clock is what the line through bursts of three lengths
 * leaves at length 0. Where that was not measured, it counts as part of the
 * attempts, which is right for bursts as long as those of the empty loop.
 *
 * Return: medians of the untagged slices; nothing if the cell has no empty
 * loop, NAN if that has no slice.
 */
struct figures_loop figures_empty(const struct result *result,
				  const struct cell *cell)
{
	struct figures_loop loop = { 0 }, attempts = { 0 };
	const struct cell *empty;
	struct times t;

	if (cell->empty < 0)
		return loop;
	empty = &result->cells[cell->empty];
	if (empty->overhead_ns > 0)
		loop.burst_ns = empty->overhead_ns;
	attempts.burst_ns = loop.burst_ns;
	loop.attempt_ns = NAN;
	if (!times_new(&t, empty->nslices)) {
		times_get(&t, empty, &attempts, false);
		loop.attempt_ns = times_median(&t);
	}
	times_free(&t);
	return loop;
}

/**
 * figures_short() - whether an operation is too short against the empty loop
 * @f: figures of its cell
 *
 * Return: true if less than a quarter of its time is its own.
 */
bool figures_short(const struct cell_figures *f)
{
	return !(f->net_ns * SHORT >= f->raw_ns);
}

static int compute(struct result *result, struct cell *cell)
{
	__u64 state = result->seed + (cell - result->cells);
	struct figures_loop loop = figures_empty(result, cell);
	struct cell_figures *f = &cell->figures;
	struct times t;
	int rc;

	*f = unknown;
	if (!cell->nslices)
		return 0;
	rc = times_new(&t, cell->nslices);
	/* a pace says how often, not how long */
	if (!rc && !cell->pace_ns)
		rc = times_figures(&t, cell, &loop, &state, f);
	times_free(&t);
	rc = rc ?: overlap_and_clock(cell);
	sum_figures(cell, f);
	f->fairness = fairness(cell);
	return rc;
}

/*
 * What a case costs the hardware. A load runs beside the empty loop and has
 * hardly a time without it: then the time of both is what it takes.
 */
static double cost_ns(const struct cell_figures *f)
{
	return figures_short(f) ? f->raw_ns : f->net_ns;
}

/**
 * figures_compute() - compute the figures of all cells from their slices
 * @result: a run, as measured or as read from a file
 *
 * Return: 0 or -ENOMEM.
 */
int figures_compute(struct result *result)
{
	int rc = 0;

	for (unsigned int i = 0; i < result->ncells && !rc; i++)
		rc = compute(result, &result->cells[i]);
	for (unsigned int i = 0; i < result->ncells; i++) {
		struct cell *cell = &result->cells[i];

		if (cell->bound >= 0)
			cell->figures.bound_ns = cell->bound_times / 1000.0 *
				cost_ns(&result->cells[cell->bound].figures);
	}
	return rc;
}
