// SPDX-License-Identifier: GPL-2.0-only
/*
 * histogram.c - reading a log2 histogram
 */
#include <stdint.h>

#include "histogram.h"

/**
 * histogram_low() - smallest value of a bucket
 * @bucket: 0..ACQREL_HIST_BUCKETS - 1
 *
 * Return: the value.
 */
__u64 histogram_low(unsigned int bucket)
{
	return bucket ? 1ULL << (bucket - 1) : 0;
}

/**
 * histogram_high() - largest value of a bucket
 * @bucket: 0..ACQREL_HIST_BUCKETS - 1
 *
 * Return: the value.
 */
__u64 histogram_high(unsigned int bucket)
{
	if (bucket == ACQREL_HIST_BUCKETS - 1)
		return UINT64_MAX;
	return bucket ? (1ULL << bucket) - 1 : 0;
}

static __u64 total(const __u64 *hist)
{
	__u64 sum = 0;

	for (int i = 0; i < ACQREL_HIST_BUCKETS; i++)
		sum += hist[i];
	return sum;
}

/**
 * histogram_percentile() - bucket that a percentile lies in
 * @hist: counts
 * @percent: 1..100
 *
 * Return: index of the bucket that holds the value at or below which
 * @percent of all values are, -1 if there are no values.
 */
int histogram_percentile(const __u64 *hist, unsigned int percent)
{
	__u64 n = total(hist), seen = 0;
	__u64 rank = n / 100 * percent + (n % 100 * percent + 99) / 100;

	if (!n)
		return -1;
	for (int i = 0; i < ACQREL_HIST_BUCKETS; i++) {
		seen += hist[i];
		if (seen >= rank)
			return i;
	}
	return ACQREL_HIST_BUCKETS - 1;
}
