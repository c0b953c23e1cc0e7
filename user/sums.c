// SPDX-License-Identifier: GPL-2.0-only
/*
 * sums.c - sums of what single CPUs or streams report
 */
#include "sums.h"

/**
 * stats_add() - add a snapshot to a sum of snapshots
 * @to: the sum; starts zeroed
 * @from: the snapshot
 */
void stats_add(struct acqrel_stats_values *to,
	       const struct acqrel_stats_values *from)
{
	if (from->count && (!to->count || from->min_ns < to->min_ns))
		to->min_ns = from->min_ns;
	if (from->count && (!to->count || from->max_ns > to->max_ns))
		to->max_ns = from->max_ns;
	to->count += from->count;
	to->sum_ns += from->sum_ns;
	to->retries += from->retries;
	for (int i = 0; i < ACQREL_HIST_BUCKETS; i++)
		to->hist[i] += from->hist[i];
}

/**
 * ring_add() - add a snapshot to a sum of snapshots
 * @to: the sum; starts zeroed
 * @from: the snapshot
 */
void ring_add(struct acqrel_ring_values *to,
	      const struct acqrel_ring_values *from)
{
	for (int i = 0; i < __ACQREL_FILTER_COUNT; i++)
		to->account.filtered[i] += from->account.filtered[i];
	to->account.offered += from->account.offered;
	to->account.pushed += from->account.pushed;
	to->account.dropped += from->account.dropped;
	to->account.overwritten += from->account.overwritten;
	to->account.head += from->account.head;
	to->capacity += from->capacity;
	to->fill += from->fill;
	to->popped += from->popped;
	to->retries += from->retries;
	to->checks += from->checks;
	to->unbalanced += from->unbalanced;
	to->naive_unbalanced += from->naive_unbalanced;
}
