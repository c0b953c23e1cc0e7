// SPDX-License-Identifier: GPL-2.0-only
/*
 * latency.c - what a histogram of latencies says
 */
#include <math.h>

#include "latency.h"

/**
 * latency_merge() - add what a thread has counted
 * @sum: where
 * @l: its histogram
 */
void latency_merge(struct latency_sum *sum, const struct acqrel_latency *l)
{
	sum->max = l->max > sum->max ? l->max : sum->max;
	for (unsigned int i = 0; l->n && i < ACQREL_LATENCY_BUCKETS; i++)
		latency_count(sum, i, l->buckets[i]);
}

/**
 * latency_percentile() - the value that a share of the values do not exceed
 * @latency: the histogram
 * @permille: the share, below 1000
 *
 * A percentile that fewer than ten values exceed is chance, not a figure.
 *
 * Return: the end of the bucket it is in, at most the longest value, in
 * nanoseconds; NAN if there are too few values.
 */
double latency_percentile(const struct latency_sum *latency,
			  unsigned int permille)
{
	u64 n = latency->n, below, sum = 0;

	if (n / 1000 * (1000 - permille) + n % 1000 * (1000 - permille) / 1000 <
	    10)
		return NAN;
	below = n / 1000 * permille + (n % 1000 * permille + 999) / 1000;
	for (unsigned int i = 0; i < ACQREL_LATENCY_BUCKETS; i++) {
		sum += latency->buckets[i];
		if (sum >= below)
			return fmin(acqrel_latency_low(i + 1) - 1,
				    latency->max);
	}
	return latency->max;
}
