// SPDX-License-Identifier: GPL-2.0-only
/*
 * ratio.c - the logarithm of one cell's time over another's
 *
 * A block gives each arm one time, the mean of its slices there: with ABBA a
 * drift through the block then cancels. Arms of a run are paired by block.
 * Between runs there is nothing to pair: the medians are subtracted.
 *
 * Blocks of a run share its luck, such as the addresses of its objects, and
 * runs of a boot that of the boot: each level is resampled for itself.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figures.h"
#include "ratio.h"

static bool is_copy(const struct cell *cell)
{
	return cell->control >= 0;
}

/**
 * ratio_cell() - find the cell that was measured with the same parameters
 * @result: where to look
 * @like: of another result, or of this one
 *
 * Return: the cell, or NULL.
 */
const struct cell *ratio_cell(const struct result *result,
			      const struct cell *like)
{
	for (unsigned int i = 0; i < result->ncells; i++)
		if (&result->cells[i] == like)
			return like;
	for (unsigned int i = 0; i < result->ncells; i++) {
		const struct cell *c = &result->cells[i];

		if (c->world == like->world && c->threads == like->threads &&
		    c->payload == like->payload && c->mode == like->mode &&
		    c->write_rate == like->write_rate &&
		    c->pace_ns == like->pace_ns && c->plant == like->plant &&
		    is_copy(c) == is_copy(like) &&
		    !strcmp(c->placement, like->placement) &&
		    !strcmp(c->name, like->name))
			return c;
	}
	return NULL;
}

static unsigned int count_blocks(const struct cell *cell)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < cell->nslices; i++)
		if (cell->slices[i].block >= n)
			n = cell->slices[i].block + 1;
	return n;
}

/* what the loop costs: of the run, and of an attempt in some blocks */
struct empty {
	struct figures_loop run;
	const double *blocks;
	unsigned int n;
};

static struct figures_loop empty_of(const struct empty *empty,
				    unsigned int block)
{
	struct figures_loop loop = empty->run;

	if (block < empty->n && !isnan(empty->blocks[block]))
		loop.attempt_ns = empty->blocks[block];
	return loop;
}

/* Mean time in each of count_blocks() blocks, NAN if it has none. */
static int block_means(const struct cell *cell, const struct empty *empty,
		       bool tagged, double **means)
{
	unsigned int n = count_blocks(cell);
	unsigned int *counts = calloc(n + 1, sizeof(*counts));
	double *sums = calloc(n + 1, sizeof(*sums));

	*means = sums;
	if (!counts || !sums) {
		free(counts);
		return -ENOMEM;
	}
	for (unsigned int i = 0; i < cell->nslices; i++) {
		const struct result_slice *slice = &cell->slices[i];
		struct figures_loop loop = empty_of(empty, slice->block);
		double ns = figures_time(slice, cell->threads, &loop);

		if (isnan(ns) || (slice->tags && !tagged))
			continue;
		sums[slice->block] += ns;
		counts[slice->block]++;
	}
	for (unsigned int i = 0; i < n; i++)
		sums[i] = counts[i] ? sums[i] / counts[i] : NAN;
	free(counts);
	return 0;
}

/*
 * The empty loop of the same block, as it follows the clock of the core; where
 * it was disturbed, that of the run.
 */
static int net_means(const struct result *result, const struct cell *cell,
		     const struct ratio_how *how, double **means)
{
	struct empty clock = { 0 }, empty = { 0 };
	double *blocks = NULL;
	int rc = 0;

	if (!how->raw && cell->empty >= 0) {
		const struct cell *loop = &result->cells[cell->empty];

		empty.run = figures_empty(result, cell);
		clock.run.burst_ns = empty.run.burst_ns;
		empty.n = count_blocks(loop);
		rc = block_means(loop, &clock, how->tagged, &blocks);
		empty.blocks = blocks;
	}
	*means = NULL;
	rc = rc ?: block_means(cell, &empty, how->tagged, means);
	free(blocks);
	return rc;
}

/*
 * Logarithms of times or of ratios, one a block, and the runs that they are
 * from: counted from 0, those of a run together.
 */
struct series {
	double *values;
	unsigned int *runs;
	size_t n;
	unsigned int nruns;
};

static int series_grow(struct series *s, size_t more)
{
	size_t room = s->n + more + 1;
	double *values = realloc(s->values, room * sizeof(*values));
	unsigned int *runs;

	if (!values)
		return -ENOMEM;
	s->values = values;
	runs = realloc(s->runs, room * sizeof(*runs));
	if (!runs)
		return -ENOMEM;
	s->runs = runs;
	return 0;
}

static void series_free(struct series *s)
{
	free(s->values);
	free(s->runs);
}

/* Blocks of a cell come in order, so do its runs. */
static void series_append(struct series *s, const struct cell *a,
			  const double *over, const double *under,
			  unsigned int n)
{
	unsigned int at = 0, last = 0;
	bool any = false;

	for (unsigned int i = 0; i < n; i++) {
		double value = log(over[i]) - (under ? log(under[i]) : 0);

		if (!isfinite(value))
			continue;
		while (a->slices[at].block < i)
			at++;
		s->nruns += !any || a->slices[at].repeat != last;
		last = a->slices[at].repeat;
		any = true;
		s->runs[s->n] = s->nruns - 1;
		s->values[s->n++] = value;
	}
}

/* what to take from each run: @a alone, or over @b */
struct what {
	const struct cell *a;
	const struct cell *b;
	const struct ratio_how *how;
};

static int series_add(struct series *s, const struct result *result,
		      const struct what *what)
{
	const struct cell *a = ratio_cell(result, what->a), *b = what->b;
	double *over = NULL, *under = NULL;
	unsigned int n;
	int rc;

	b = b ? ratio_cell(result, b) : NULL;
	if (!a || (what->b && !b))
		return 0;
	/* a pace says how often, not how long */
	if (a->pace_ns || (b && b->pace_ns))
		return 0;
	n = count_blocks(a);
	if (b && count_blocks(b) < n)
		n = count_blocks(b);
	rc = series_grow(s, n) ?: net_means(result, a, what->how, &over);
	if (b)
		rc = rc ?: net_means(result, b, what->how, &under);
	if (!rc)
		series_append(s, a, over, under, n);
	free(over);
	free(under);
	return rc;
}

/* Runs without a boot id pass for runs of the same boot. */
static bool same_boot(const struct result *a, const struct result *b)
{
	const char *x = json_string_value(json_object_get(a->env, "boot_id"));
	const char *y = json_string_value(json_object_get(b->env, "boot_id"));

	return a == b || (!x && !y) || (x && y && !strcmp(x, y));
}

static bool boot_is_new(const struct ratio_side *side, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (same_boot(side->results[j], side->results[i]))
			return false;
	return true;
}

static void count_signs(struct ratio *ratio, const struct series *s)
{
	for (size_t i = 0; i < s->n; i++) {
		ratio->above += s->values[i] > 0;
		ratio->below += s->values[i] < 0;
	}
}

/* The mean of the runs; a lone run is what its blocks say. */
static int estimate_runs(const struct series *s, struct estimate *e,
			 __u64 *state)
{
	struct estimate *runs = calloc(s->nruns, sizeof(*runs));
	int rc = runs ? 0 : -ENOMEM;
	size_t from = 0, to;

	for (unsigned int i = 0; i < s->nruns && !rc; i++, from = to) {
		for (to = from; to < s->n && s->runs[to] == i; )
			to++;
		rc = estimate_of_blocks(&runs[i], s->values + from, NULL,
					to - from, state);
	}
	rc = rc ?: estimate_of_boots(e, runs, s->nruns, state);
	for (unsigned int i = 0; runs && i < s->nruns; i++)
		estimate_release(&runs[i]);
	free(runs);
	return rc;
}

/* Adds an estimate if the boot of result @i has a value. */
static int estimate_boot(const struct ratio_side *side, size_t i,
			 const struct what *what, struct ratio *ratio,
			 struct estimate *boots, __u64 *state)
{
	struct series s = { 0 };
	int rc = 0;

	for (size_t j = i; j < side->n && !rc; j++)
		if (same_boot(side->results[i], side->results[j]))
			rc = series_add(&s, side->results[j], what);
	if (!rc && s.n) {
		rc = estimate_runs(&s, &boots[ratio->boots], state);
		ratio->boots += !rc;
		ratio->runs += s.nruns;
		ratio->blocks += s.n;
		count_signs(ratio, &s);
	}
	series_free(&s);
	return rc;
}

static int estimate(struct ratio *ratio, const struct ratio_side *side,
		    const struct what *what, __u64 *state)
{
	struct estimate *boots = calloc(side->n, sizeof(*boots));
	int rc = boots ? 0 : -ENOMEM;

	memset(ratio, 0, sizeof(*ratio));
	for (size_t i = 0; i < side->n && !rc; i++)
		if (boot_is_new(side, i))
			rc = estimate_boot(side, i, what, ratio, boots, state);
	if (!rc && !ratio->boots)
		rc = -ENODATA;
	rc = rc ?: estimate_of_boots(&ratio->log, boots, ratio->boots, state);
	for (size_t i = 0; boots && i < side->n; i++)
		estimate_release(&boots[i]);
	free(boots);
	return rc;
}

/**
 * ratio_paired() - of two cells that were measured in the same blocks
 * @ratio: filled on success; its estimate is to be released
 * @side: the runs
 * @a: cell of one of them
 * @b: what it is compared with
 * @how: which times
 * @state: of the random numbers
 *
 * Return: 0, -ENODATA if no block has a ratio, or -ENOMEM.
 */
int ratio_paired(struct ratio *ratio, const struct ratio_side *side,
		 const struct cell *a, const struct cell *b,
		 const struct ratio_how *how, __u64 *state)
{
	return estimate(ratio, side, &(struct what){ a, b, how }, state);
}

/**
 * ratio_unpaired() - of cells that were measured in different runs
 * @ratio: filled on success; its estimate is to be released
 * @side_a: runs with @a
 * @a: cell of one of them
 * @side_b: runs with @b
 * @b: what it is compared with
 * @how: which times
 * @state: of the random numbers
 *
 * Return: 0, -ENODATA if a side has no time, or -ENOMEM.
 */
int ratio_unpaired(struct ratio *ratio, const struct ratio_side *side_a,
		   const struct cell *a, const struct ratio_side *side_b,
		   const struct cell *b, const struct ratio_how *how,
		   __u64 *state)
{
	struct ratio other;
	int rc;

	rc = estimate(ratio, side_a, &(struct what){ a, NULL, how }, state);
	if (rc)
		return rc;
	rc = estimate(&other, side_b, &(struct what){ b, NULL, how }, state);
	if (rc) {
		estimate_release(&ratio->log);
		return rc;
	}
	estimate_subtract(&ratio->log, &other.log);
	estimate_release(&other.log);
	if (other.blocks < ratio->blocks)
		ratio->blocks = other.blocks;
	if (other.boots < ratio->boots)
		ratio->boots = other.boots;
	if (other.runs < ratio->runs)
		ratio->runs = other.runs;
	ratio->above = 0;
	ratio->below = 0;
	return 0;
}
