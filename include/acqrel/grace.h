/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Latencies of the grace periods that config updates wait for.
 *
 * The caller excludes: a writer from all others, by a lock of its world.
 */
#ifndef ACQREL_GRACE_H
#define ACQREL_GRACE_H

#include <acqrel/order.h>

#define ACQREL_GRACE_SAMPLES	512

/**
 * struct acqrel_grace - what was seen
 * @count: grace periods
 * @last_ns: latency of the last
 * @min_ns: smallest, all ones while @count is 0
 * @max_ns: largest
 * @samples: the last %ACQREL_GRACE_SAMPLES, for the median
 */
struct acqrel_grace {
	u64 count;
	u64 last_ns;
	u64 min_ns;
	u64 max_ns;
	u64 samples[ACQREL_GRACE_SAMPLES];
};

static inline void acqrel_grace_init(struct acqrel_grace *g)
{
	memset(g, 0, sizeof(*g));
	g->min_ns = ~0ULL;
}

static inline void acqrel_grace_add(struct acqrel_grace *g, u64 ns)
{
	g->samples[g->count % ACQREL_GRACE_SAMPLES] = ns;
	g->count++;
	g->last_ns = ns;
	if (ns < g->min_ns)
		g->min_ns = ns;
	if (ns > g->max_ns)
		g->max_ns = ns;
}

/* samples that are in use */
static inline u64 acqrel_grace_used(const struct acqrel_grace *g)
{
	return g->count < ACQREL_GRACE_SAMPLES ? g->count :
						 ACQREL_GRACE_SAMPLES;
}

/* for the world's own sort */
static inline int acqrel_grace_compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* the median, the lower of the middle two, once the samples are sorted */
static inline u64 acqrel_grace_middle(const struct acqrel_grace *g)
{
	u64 n = acqrel_grace_used(g);

	return n ? g->samples[(n - 1) / 2] : 0;
}

#endif /* ACQREL_GRACE_H */
