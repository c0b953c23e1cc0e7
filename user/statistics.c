// SPDX-License-Identifier: GPL-2.0-only
/*
 * statistics.c - order statistics and their uncertainty
 *
 * Random numbers come from a state that the caller seeds and records, so
 * that a result can be computed again from its raw samples.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <acqrel/generator.h>

#include "statistics.h"

#define RESAMPLES	5000

/**
 * statistics_random() - next random number
 * @state: any number at first
 *
 * Return: 64 random bits.
 */
__u64 statistics_random(__u64 *state)
{
	struct acqrel_generator g = { .state = *state };
	__u64 value = acqrel_generator_next(&g);

	*state = g.state;
	return value;
}

/* The bias of the remainder is n in 2^64. */
static size_t below(__u64 *state, size_t n)
{
	return statistics_random(state) % n;
}

/**
 * statistics_shuffle() - put numbers into a random order
 * @order: the numbers
 * @n: how many
 * @state: of the random numbers
 */
void statistics_shuffle(unsigned int *order, size_t n, __u64 *state)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = below(state, i);
		unsigned int other = order[j];

		order[j] = order[i - 1];
		order[i - 1] = other;
	}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/**
 * statistics_quantile() - value below which a share of the values lies
 * @values: at least one, none of them NaN; sorted by this call
 * @n: how many
 * @q: the share, 0 to 1
 *
 * Return: the quantile, interpolated between neighbours.
 */
double statistics_quantile(double *values, size_t n, double q)
{
	double at = q * (n - 1);
	size_t i = at;

	qsort(values, n, sizeof(*values), compare);
	if (i + 1 >= n)
		return values[n - 1];
	return values[i] + (at - i) * (values[i + 1] - values[i]);
}

/**
 * statistics_median() - value in the middle
 * @values: at least one, none of them NaN; sorted by this call
 * @n: how many
 *
 * Return: the median.
 */
double statistics_median(double *values, size_t n)
{
	return statistics_quantile(values, n, 0.5);
}

static double resampled_median(const double *values, double *scratch, size_t n,
			       __u64 *state)
{
	for (size_t i = 0; i < n; i++)
		scratch[i] = values[below(state, n)];
	return statistics_median(scratch, n);
}

/**
 * statistics_bootstrap() - median with its 95 % interval
 * @values: independent values, at least one, none of them NaN
 * @n: how many
 * @state: of the random numbers
 * @interval: filled on success; percentiles of the medians of resamples
 *
 * Return: 0 or -ENOMEM.
 */
int statistics_bootstrap(const double *values, size_t n, __u64 *state,
			 struct interval *interval)
{
	double *scratch = calloc(n, sizeof(*scratch));
	double *medians = calloc(RESAMPLES, sizeof(*medians));

	if (!scratch || !medians) {
		free(scratch);
		free(medians);
		return -ENOMEM;
	}
	for (int i = 0; i < RESAMPLES; i++)
		medians[i] = resampled_median(values, scratch, n, state);
	for (size_t i = 0; i < n; i++)
		scratch[i] = values[i];
	interval->mid = statistics_median(scratch, n);
	interval->low = statistics_quantile(medians, RESAMPLES, 0.025);
	interval->high = statistics_quantile(medians, RESAMPLES, 0.975);
	free(scratch);
	free(medians);
	return 0;
}
