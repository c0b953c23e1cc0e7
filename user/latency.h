/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * latency.h - what a histogram of latencies says
 */
#ifndef ACQREL_USER_LATENCY_H
#define ACQREL_USER_LATENCY_H

#include <acqrel/latency.h>

/**
 * struct latency_sum - histograms of several threads and slices
 * @n: values counted
 * @max: the longest
 * @buckets: how many values each has; 32 bits would hold a few seconds of a
 *	large machine
 */
struct latency_sum {
	u64 n;
	u64 max;
	u64 buckets[ACQREL_LATENCY_BUCKETS];
};

/**
 * latency_count() - count values of a bucket
 * @sum: where
 * @bucket: index
 * @n: how many
 */
static inline void latency_count(struct latency_sum *sum, unsigned int bucket,
				 u64 n)
{
	sum->n += n;
	sum->buckets[bucket] += n;
}

void latency_merge(struct latency_sum *sum, const struct acqrel_latency *l);
double latency_percentile(const struct latency_sum *latency,
			  unsigned int permille);

#endif /* ACQREL_USER_LATENCY_H */
