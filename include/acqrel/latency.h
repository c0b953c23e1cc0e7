/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Latency: a log-linear histogram of nanoseconds.
 *
 * Each power of two is cut into %ACQREL_LATENCY_SUB buckets of equal width, so
 * a bucket is never wider than 1/128 of the values in it; below
 * 2 * %ACQREL_LATENCY_SUB a bucket is one nanosecond (the scheme of Gil Tene's
 * HdrHistogram, 2012). Values too long for the last bucket are counted there;
 * the maximum is kept exactly.
 *
 * One thread writes. Nothing here orders anything: a histogram is read after
 * its writer has ended.
 */
#ifndef ACQREL_LATENCY_H
#define ACQREL_LATENCY_H

#include <acqrel/order.h>

#define ACQREL_LATENCY_SHIFT	7
#define ACQREL_LATENCY_SUB	(1U << ACQREL_LATENCY_SHIFT)
/* values of up to 2^37 ns, two minutes */
#define ACQREL_LATENCY_BUCKETS	(ACQREL_LATENCY_SUB * 31)

/**
 * struct acqrel_latency - a histogram
 * @n: values counted
 * @max: the longest
 * @buckets: how many values each has
 */
struct acqrel_latency {
	u64 n;
	u64 max;
	u32 buckets[ACQREL_LATENCY_BUCKETS];
};

/**
 * acqrel_latency_bucket() - where a value belongs
 * @ns: the value
 *
 * Return: an index below %ACQREL_LATENCY_BUCKETS.
 */
static inline unsigned int acqrel_latency_bucket(u64 ns)
{
	unsigned int shift, i;

	if (ns < 2 * ACQREL_LATENCY_SUB)
		return ns;
	shift = fls64(ns) - 1 - ACQREL_LATENCY_SHIFT;
	i = (shift << ACQREL_LATENCY_SHIFT) + (ns >> shift);
	return i < ACQREL_LATENCY_BUCKETS ? i : ACQREL_LATENCY_BUCKETS - 1;
}

/**
 * acqrel_latency_low() - smallest value of a bucket
 * @i: index, up to %ACQREL_LATENCY_BUCKETS, where it is the end of the last
 *
 * Return: nanoseconds.
 */
static inline u64 acqrel_latency_low(unsigned int i)
{
	unsigned int shift;

	if (i < 2 * ACQREL_LATENCY_SUB)
		return i;
	shift = (i >> ACQREL_LATENCY_SHIFT) - 1;
	return (u64)(i - (shift << ACQREL_LATENCY_SHIFT)) << shift;
}

/**
 * acqrel_latency_add() - count a value
 * @l: the histogram
 * @ns: the value
 *
 * Context: any; one thread at a time.
 */
static inline void acqrel_latency_add(struct acqrel_latency *l, u64 ns)
{
	l->n++;
	if (ns > l->max)
		l->max = ns;
	l->buckets[acqrel_latency_bucket(ns)]++;
}

#endif /* ACQREL_LATENCY_H */
