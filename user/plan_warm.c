// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_warm.c - what comes before the first block
 *
 * Warm-up: all arms run, in turn, until the time of an operation is the same
 * in two windows that follow each other.
 *
 * Bursts: threads look at the deadline once a burst, so they end apart by up to
 * a burst. Where they contend, one takes the longer the more threads there are,
 * and is cut until it is short beside the slice.
 *
 * Linearity: bursts of one, two and four times the usual length. If the time
 * of a burst is in proportion to its length, but for a constant, the constant
 * is what the clock costs, and the time of an operation is the slope.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan_internal.h"

#define STABLE		0.02
#define BENT		0.03
#define BURST_MOST	0.01	/* of the slice, where threads share it */

/* sums over the measured threads */
struct sums {
	double busy_ns;
	double bursts;
	double ops;
	double calls;	/* failed ones, too */
};

struct warmth {
	struct sums now;
	double last_ns;
	bool stable;
};

/* times of a burst of each length, in the rounds that were not disturbed */
struct bend {
	__u32 chunk;
	unsigned int n[PLAN_BEND_LENGTHS];
	double ns[PLAN_BEND_LENGTHS][PLAN_BEND_ROUNDS];
};

/* A slice in which a thread was off its CPU tells of others. */
static void add_samples(const struct plan_run *run, const struct cell *cell,
			struct sums *sums)
{
	const struct result_slice slice = { .samples = run->samples };

	if (plan_tags(cell, &slice) & (TAG_SWITCHED | TAG_WAITED))
		return;
	for (__u32 i = 0; i < cell->threads; i++) {
		const struct acqrel_slice *did = &run->samples[i].did;

		if (did->role != ACQREL_BENCH_ROLE_MEASURED)
			continue;
		sums->busy_ns += did->busy_ns;
		sums->bursts += did->bursts;
		sums->ops += did->ops;
		sums->calls += did->ops + did->failed;
	}
}

static int warm_cell(struct plan_run *run, unsigned int i, struct warmth *w)
{
	int rc = plan_slice(run, i, run->shorter[i], run->samples);

	if (!rc)
		add_samples(run, &run->plan->result->cells[i], &w->now);
	return rc;
}

static void end_window(struct plan_run *run, unsigned int i, struct warmth *w)
{
	double ns = w->now.busy_ns / w->now.ops;

	/* false, too, if there was no operation */
	w->stable = fabs(ns / w->last_ns - 1) <= STABLE;
	w->last_ns = ns;
	if (w->now.bursts > 0) {
		run->chunks[i] = w->now.calls / w->now.bursts;
		run->burst_ns[i] = w->now.busy_ns / w->now.bursts;
	}
	memset(&w->now, 0, sizeof(w->now));
}

/* Those that are stable rest. */
static int warm_window(struct plan_run *run, struct warmth *w,
		       unsigned int *unstable)
{
	unsigned int n = run->plan->result->ncells;
	int rc = 0;

	for (unsigned int j = 0; j < PLAN_WARM_SLICES; j++)
		for (unsigned int i = 0; !rc && i < n; i++)
			if (!w[i].stable)
				rc = warm_cell(run, i, &w[i]);
	*unstable = 0;
	for (unsigned int i = 0; !rc && i < n; i++) {
		if (!w[i].stable)
			end_window(run, i, &w[i]);
		*unstable += !w[i].stable;
	}
	return rc;
}

static void warn_unstable(const struct plan_run *run, const struct warmth *w,
			  unsigned int unstable)
{
	struct result *result = run->plan->result;
	unsigned int i = 0;

	while (w[i].stable)
		i++;
	result_warn(result,
		    "%u of %u cells were not stable within %.0f %% after the longest warm-up (%s, threads: %u).",
		    unstable, result->ncells, STABLE * 100,
		    result->cells[i].name, result->cells[i].threads);
}

/*
 * Halves, so that it is mostly the same in the next run. A thread that is alone
 * has nobody to end together with; what is timed or paced one by one has no
 * longer bursts.
 */
static void shorten(const struct plan_run *run, unsigned int i)
{
	const struct cell *cell = &run->plan->result->cells[i];
	double most = BURST_MOST * cell->slice_ns, ns = run->burst_ns[i];
	__u32 chunk = run->chunks[i];

	if (cell->threads == 1 || cell->mode != ACQREL_BENCH_RATE ||
	    cell->pace_ns || ns <= most)
		return;
	for (; chunk > 1 && ns > most; ns /= 2)
		chunk /= 2;
	run->shorter[i] = chunk;
}

/**
 * plan_warm() - run all arms until they are stable, or for long enough
 * @run: its arms are open; learns the length of bursts and cuts long ones
 *
 * Return: 0 or -errno. Not to become stable is a warning.
 */
int plan_warm(struct plan_run *run)
{
	unsigned int n = run->plan->result->ncells, unstable = n;
	struct warmth *w = calloc(n, sizeof(*w));
	int rc = 0;

	if (!w)
		return -ENOMEM;
	for (int i = 0; !rc && unstable && i < PLAN_WARM_WINDOWS; i++)
		rc = warm_window(run, w, &unstable);
	if (!rc && unstable)
		warn_unstable(run, w, unstable);
	for (unsigned int i = 0; !rc && i < n; i++)
		shorten(run, i);
	free(w);
	return rc;
}

/*
 * The shortest of three lengths, or 0. Alone, an operation that fills a ring
 * must not fill it. The bursts of one that times itself wait for its partner,
 * and threads that contend fall into patterns that a longer burst changes.
 */
static __u32 bend_chunk(const struct cell *cell, __u32 chunk)
{
	__u32 most = cell->flags & ACQREL_OP_SETTLES ?
		ACQREL_BENCH_SLOTS / 2 : ACQREL_BENCH_CHUNK_MAX;
	bool contends = cell->threads > 1 && strcmp(cell->name, RESULT_EMPTY);

	if (chunk <= 1 || contends || cell->flags & ACQREL_OP_RECORDS)
		return 0;
	while (chunk << (PLAN_BEND_LENGTHS - 1) > most)
		chunk /= 2;
	return chunk;
}

static int bend_cell(struct plan_run *run, unsigned int i, struct bend *b,
		     unsigned int length)
{
	struct sums sums = { 0 };
	int rc;

	if (!b->chunk)
		return 0;
	rc = plan_slice(run, i, b->chunk << length, run->samples);
	if (rc)
		return rc;
	add_samples(run, &run->plan->result->cells[i], &sums);
	if (sums.bursts > 0)
		b->ns[length][b->n[length]++] = sums.busy_ns / sums.bursts;
	return 0;
}

/* Least squares through the medians of the lengths, if all are known. */
static void fit(struct bend *b, struct cell *cell)
{
	double x[PLAN_BEND_LENGTHS], y[PLAN_BEND_LENGTHS];
	double mx = 0, my = 0, xx = 0, xy = 0;

	for (int i = 0; i < PLAN_BEND_LENGTHS; i++) {
		if (!b->n[i])
			return;
		x[i] = b->chunk << i;
		y[i] = statistics_median(b->ns[i], b->n[i]);
		mx += x[i] / PLAN_BEND_LENGTHS;
		my += y[i] / PLAN_BEND_LENGTHS;
	}
	for (int i = 0; i < PLAN_BEND_LENGTHS; i++) {
		xx += (x[i] - mx) * (x[i] - mx);
		xy += (x[i] - mx) * (y[i] - my);
	}
	cell->overhead_ns = my - xy / xx * mx;
	cell->curvature = fabs((cell->overhead_ns + xy / xx * x[1]) / y[1] - 1);
}

static void fit_all(struct plan_run *run, struct bend *b)
{
	struct result *result = run->plan->result;
	unsigned int bent = 0, most = 0;

	for (unsigned int i = 0; i < result->ncells; i++) {
		struct cell *cell = &result->cells[i];

		if (!b[i].chunk)
			continue;
		fit(&b[i], cell);
		if (!(cell->curvature > BENT))
			continue;
		if (!bent++ || cell->curvature > result->cells[most].curvature)
			most = i;
	}
	if (bent)
		result_warn(result,
			    "The time of a burst is not in proportion to its length in %u of %u cells, most in %s, threads: %u (%.1f %% off).",
			    bent, result->ncells, result->cells[most].name,
			    result->cells[most].threads,
			    result->cells[most].curvature * 100);
}

/**
 * plan_bend() - check that time is linear in the number of operations
 * @run: warmed up; fills overhead and curvature of its cells
 *
 * Return: 0 or -errno. A curve is a warning.
 */
int plan_bend(struct plan_run *run)
{
	const struct result *result = run->plan->result;
	struct bend *b = calloc(result->ncells, sizeof(*b));
	int rc = 0;

	if (!b)
		return -ENOMEM;
	for (unsigned int i = 0; i < result->ncells; i++)
		b[i].chunk = bend_chunk(&result->cells[i], run->chunks[i]);
	for (unsigned int round = 0; round < PLAN_BEND_ROUNDS; round++)
		for (unsigned int l = 0; l < PLAN_BEND_LENGTHS; l++)
			for (unsigned int i = 0; !rc && i < result->ncells; i++)
				rc = bend_cell(run, i, &b[i], l);
	if (!rc)
		fit_all(run, b);
	free(b);
	return rc;
}
