// SPDX-License-Identifier: GPL-2.0-only
/*
 * estimate.c - a median, and how much of it is chance
 *
 * Blocks are resampled, not slices: slices of a block share its luck. The plain
 * percentiles of the resampled medians hold the true one in 93 to 94 of 100
 * cases with ten to twenty blocks, and BCa no better, because a resample is as
 * narrow as its few values. So resamples are spread by sqrt(n / (n - 1)) and
 * cut where Student's distribution says (the expanded percentile interval of
 * Hesterberg, "What Teachers Should Know About the Bootstrap", 2015): 95 to
 * 97 of 100 for normal, lognormal, contaminated and Cauchy values. An interval
 * of order statistics does as well, but knows of no boots and of no
 * differences.
 *
 * Blocks that follow each other are alike when the machine drifts. Log-ratios
 * within a run are not, the order in a block being random; times are. The
 * first autocorrelation of the signs widens both: 93 of 100 instead of 87 at
 * a correlation of 0.3, 90 instead of 78 at 0.5.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "estimate.h"

#define DEPENDENCE_MAX	0.8
#define DRAWS_OUTSIDE	20	/* at least so many beyond each end */

/* a value and the block it is from, counted from 0 */
struct point {
	double value;
	unsigned int block;
};

static int compare(const void *a, const void *b)
{
	double x = ((const struct point *)a)->value;
	double y = ((const struct point *)b)->value;

	return (x > y) - (x < y);
}

/* Returns the number of blocks. */
static unsigned int number_blocks(struct point *points, const double *values,
				  const unsigned int *blocks, size_t n)
{
	unsigned int block = 0;

	for (size_t i = 0; i < n; i++) {
		if (i)
			block += !blocks || blocks[i] != blocks[i - 1];
		points[i] = (struct point){ values[i], block };
	}
	return block + 1;
}

/* The points are sorted; each counts as often as its block was drawn. */
static double weighted_median(const struct point *points, size_t n,
			      const unsigned int *drawn)
{
	size_t total = 0, seen = 0, i;
	double low;

	for (i = 0; i < n; i++)
		total += drawn[points[i].block];
	for (i = 0; seen <= (total - 1) / 2; i++)
		seen += drawn[points[i].block];
	low = points[i - 1].value;
	for (; seen <= total / 2; i++)
		seen += drawn[points[i].block];
	return (low + points[i - 1].value) / 2;
}

/*
 * First autocorrelation of how far the blocks are above the median: each
 * counts its values above less those below. Corrected for its bias with few
 * blocks (Marriott and Pope, Biometrika 41, 1954).
 */
static double dependence(const struct point *points, size_t n, double median,
			 unsigned int nblocks)
{
	double sum = 0, squares = 0, r;
	int last = 0, here = 0;

	for (size_t i = 0; i < n; i++) {
		here += (points[i].value > median) - (points[i].value < median);
		if (i + 1 < n && points[i + 1].block == points[i].block)
			continue;
		sum += here * last;
		squares += here * here;
		last = here;
		here = 0;
	}
	if (!squares)
		return 0;
	r = sum / squares;
	r += (1 + 3 * r) / nblocks;
	return fmin(fmax(r, 0), DEPENDENCE_MAX);
}

static void spread(struct estimate *e, double factor)
{
	for (int i = 0; i < ESTIMATE_DRAWS; i++)
		e->draws[i] = e->mid + (e->draws[i] - e->mid) * factor;
}

static void find_error(struct estimate *e)
{
	double mean = 0, squares = 0;

	for (int i = 0; i < ESTIMATE_DRAWS; i++)
		mean += e->draws[i] / ESTIMATE_DRAWS;
	for (int i = 0; i < ESTIMATE_DRAWS; i++)
		squares += (e->draws[i] - mean) * (e->draws[i] - mean);
	e->error = sqrt(squares / (ESTIMATE_DRAWS - 1));
}

static void finish(struct estimate *e, unsigned int n, double dependence)
{
	double wider = (1 + dependence) / (1 - dependence);

	e->df = n - 1;
	if (n > 1)
		spread(e, sqrt(wider * n / (n - 1)));
	find_error(e);
}

static int draws_new(struct estimate *e)
{
	memset(e, 0, sizeof(*e));
	e->draws = calloc(ESTIMATE_DRAWS, sizeof(*e->draws));
	return e->draws ? 0 : -ENOMEM;
}

static void draw_blocks(struct estimate *e, const struct point *points,
			size_t n, unsigned int nblocks, unsigned int *drawn,
			__u64 *state)
{
	for (int i = 0; i < ESTIMATE_DRAWS; i++) {
		memset(drawn, 0, nblocks * sizeof(*drawn));
		for (unsigned int j = 0; j < nblocks; j++)
			drawn[statistics_below(state, nblocks)]++;
		e->draws[i] = weighted_median(points, n, drawn);
	}
}

static int median_of(const double *values, size_t n, double *median)
{
	double *copy = malloc(n * sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	memcpy(copy, values, n * sizeof(*copy));
	*median = statistics_median(copy, n);
	free(copy);
	return 0;
}

/**
 * estimate_of_blocks() - the median of values measured in blocks
 * @e: filled on success, to be given to estimate_release()
 * @values: at least one, none of them NaN, in the order of measuring
 * @blocks: of each value its block, those of a block together; NULL: each
 *	value is a block
 * @n: how many
 * @state: of the random numbers
 *
 * Return: 0 or -ENOMEM.
 */
int estimate_of_blocks(struct estimate *e, const double *values,
		       const unsigned int *blocks, size_t n, __u64 *state)
{
	struct point *points = calloc(n, sizeof(*points));
	unsigned int *drawn = calloc(n, sizeof(*drawn));
	int rc = draws_new(e);
	unsigned int nblocks;
	double depends;

	if (!points || !drawn)
		rc = -ENOMEM;
	rc = rc ?: median_of(values, n, &e->mid);
	if (!rc) {
		nblocks = number_blocks(points, values, blocks, n);
		depends = dependence(points, n, e->mid, nblocks);
		qsort(points, n, sizeof(*points), compare);
		draw_blocks(e, points, n, nblocks, drawn, state);
		finish(e, nblocks, depends);
	} else {
		estimate_release(e);
	}
	free(points);
	free(drawn);
	return rc;
}

/* Mean of as many boots as there are, drawn with replacement. */
static double draw_boots(const struct estimate *boots, size_t n, __u64 *state)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		const struct estimate *boot =
			&boots[statistics_below(state, n)];

		sum += boot->draws[statistics_below(state, ESTIMATE_DRAWS)];
	}
	return sum / n;
}

/**
 * estimate_of_boots() - the mean of what several boots, or runs of one, gave
 * @e: filled on success, to be given to estimate_release()
 * @boots: estimates of each, at least one
 * @n: how many
 * @state: of the random numbers
 *
 * The mean, because a median of five boots says nothing of how far apart they
 * are. Boots are drawn first, then within them.
 *
 * Return: 0 or -ENOMEM.
 */
int estimate_of_boots(struct estimate *e, const struct estimate *boots,
		      size_t n, __u64 *state)
{
	if (draws_new(e))
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		e->mid += boots[i].mid / n;
	if (n == 1) {
		memcpy(e->draws, boots->draws,
		       ESTIMATE_DRAWS * sizeof(*e->draws));
		find_error(e);
		e->df = boots->df;
		return 0;
	}
	for (int i = 0; i < ESTIMATE_DRAWS; i++)
		e->draws[i] = draw_boots(boots, n, state);
	finish(e, n, 0);
	return 0;
}

/* Degrees of freedom of a difference (Welch, Biometrika 34, 1947). */
static unsigned int welch(const struct estimate *a, const struct estimate *b)
{
	double u = a->error * a->error, v = b->error * b->error;

	if (!a->df || !b->df)
		return 0;
	if (!u && !v)
		return a->df < b->df ? a->df : b->df;
	return (u + v) * (u + v) / (u * u / a->df + v * v / b->df);
}

/**
 * estimate_subtract() - the difference of two estimates
 * @e: becomes the difference
 * @other: what is subtracted, with draws of its own
 */
void estimate_subtract(struct estimate *e, const struct estimate *other)
{
	e->df = welch(e, other);
	e->mid -= other->mid;
	for (int i = 0; i < ESTIMATE_DRAWS; i++)
		e->draws[i] -= other->draws[i];
	find_error(e);
}

/**
 * estimate_release() - free what an estimate holds
 * @e: filled, or released before
 */
void estimate_release(struct estimate *e)
{
	free(e->draws);
	e->draws = NULL;
}

/**
 * estimate_interval() - where the true value lies in 95 of 100 cases
 * @e: the estimate; its draws are sorted: it can be subtracted no more
 *
 * With few degrees of freedom, as with a handful of boots, the draws end
 * before the percentile that is needed; then the ends are the standard error
 * times the quantile of Student's distribution away.
 *
 * Return: the interval; without ends if there were too few values.
 */
struct interval estimate_interval(const struct estimate *e)
{
	struct interval i = { .low = NAN, .mid = e->mid, .high = NAN };
	double t, share;

	if (!e->df)
		return i;
	t = statistics_t_quantile(0.975, e->df);
	share = statistics_normal_below(-t);
	if (share * ESTIMATE_DRAWS < DRAWS_OUTSIDE) {
		i.low = e->mid - t * e->error;
		i.high = e->mid + t * e->error;
	} else {
		i.low = statistics_quantile(e->draws, ESTIMATE_DRAWS, share);
		i.high = statistics_quantile(e->draws, ESTIMATE_DRAWS,
					     1 - share);
	}
	return i;
}

/**
 * estimate_p() - whether the true value may be 0
 * @e: the estimate
 *
 * Return: probability of an estimate so far from 0 by chance alone, by
 * Student's distribution; 1 if there were too few values.
 */
double estimate_p(const struct estimate *e)
{
	if (!e->df)
		return 1;
	if (!e->error)
		return e->mid ? 0 : 1;
	return 2 * statistics_t_below(-fabs(e->mid / e->error), e->df);
}
