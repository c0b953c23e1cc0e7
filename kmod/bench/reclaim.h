/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bound for what waits for grace periods: a writer that never stops could
 * fill the memory before the first callback runs.
 */
#ifndef ACQREL_KMOD_BENCH_RECLAIM_H
#define ACQREL_KMOD_BENCH_RECLAIM_H

#include <linux/atomic.h>
#include <linux/cache.h>

/* several times what a grace period collects at a million updates a second */
#define ACQREL_RECLAIM_MAX	32768

/**
 * struct acqrel_reclaim - how much waits
 * @made: snapshots, written under the variant's writer lock
 * @freed: snapshots, written by callbacks
 */
struct acqrel_reclaim {
	u64 made ____cacheline_aligned_in_smp;
	atomic64_t freed ____cacheline_aligned_in_smp;
};

/**
 * acqrel_reclaim_is_due() - too much waits
 * @r: the variant's
 *
 * Context: any.
 * Return: true if the writer should wait for callbacks before it goes on.
 */
static inline bool acqrel_reclaim_is_due(struct acqrel_reclaim *r)
{
	return READ_ONCE(r->made) - atomic64_read(&r->freed) >
	       ACQREL_RECLAIM_MAX;
}

#endif /* ACQREL_KMOD_BENCH_RECLAIM_H */
