// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace_sums.c - what a trace has, summed up
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace_sums.h"

#define ROOM_AT_LEAST	64

static void add_event(struct trace_cpu_sums *c, const struct trace_item *item)
{
	struct acqrel_trace_account *a = &c->account;

	c->kinds[item->event.kind]++;
	a->offered++;
	if (item->verdict < __ACQREL_FILTER_COUNT)
		a->filtered[item->verdict]++;
	a->pushed += item->verdict == ACQREL_VERDICT_PUSHED ||
		     item->verdict == ACQREL_VERDICT_OVERWROTE;
	a->dropped += item->verdict == ACQREL_VERDICT_DROPPED;
	a->overwritten += item->verdict == ACQREL_VERDICT_OVERWROTE;
}

static void add_gap(struct trace_cpu_sums *c, const struct trace_item *item)
{
	c->gaps++;
	c->skipped += item->skipped;
}

static struct trace_bin *bin_of(struct trace_sums *sums,
				const struct trace_item *item)
{
	__u64 clock_ns = item->event.clock_ns, i = 0;

	if (clock_ns > sums->start_ns)
		i = (clock_ns - sums->start_ns) / sums->bin_ns;
	return &sums->bins[i < TRACE_BINS ? i : TRACE_BINS - 1];
}

/* Room for one more after @n; it doubles whenever @n is a power of two. */
static void *grow(void *array, size_t n, size_t size)
{
	if (n && (n < ROOM_AT_LEAST || n & (n - 1)))
		return array;
	return reallocarray(array, n ? 2 * n : ROOM_AT_LEAST, size);
}

static bool keep_gap(struct trace_sums *sums, const struct trace_item *item)
{
	struct trace_gap *gaps = grow(sums->gaps, sums->ngaps, sizeof(*gaps));

	if (!gaps)
		return false;
	sums->gaps = gaps;
	gaps[sums->ngaps++] = (struct trace_gap){
		.clock_ns = item->event.clock_ns,
		.seq = item->event.seq,
		.skipped = item->skipped,
		.cpu = item->event.cpu,
	};
	add_gap(&sums->cpus[item->stream], item);
	add_gap(&sums->total, item);
	bin_of(sums, item)->skipped += item->skipped;
	return true;
}

static bool keep_config(struct trace_sums *sums, const struct trace_item *item)
{
	struct trace_bin *bin = bin_of(sums, item);
	struct trace_config_start *starts;

	starts = grow(sums->starts, sums->nstarts, sizeof(*starts));
	if (!starts)
		return false;
	sums->starts = starts;
	starts[sums->nstarts++] = (struct trace_config_start){
		.generation = item->event.generation,
		.clock_ns = item->event.clock_ns,
		.seq = item->event.seq,
		.cpu = item->event.cpu,
		.values = item->config,
	};
	if (bin->generation < item->event.generation)
		bin->generation = item->event.generation;
	return true;
}

static bool keep(struct trace_sums *sums, const struct trace_item *item)
{
	if (item->type == TRACE_ITEM_CONFIG)
		return keep_config(sums, item);
	if (item->type == TRACE_ITEM_GAP)
		return keep_gap(sums, item);
	add_event(&sums->cpus[item->stream], item);
	add_event(&sums->total, item);
	bin_of(sums, item)->events++;
	return true;
}

static int by_generation(const void *a, const void *b)
{
	const struct trace_config_start *x = a, *y = b;

	if (x->generation != y->generation)
		return x->generation < y->generation ? -1 : 1;
	return x->cpu < y->cpu ? -1 : 1;
}

/**
 * trace_sums_make() - sum up a trace
 * @sums: filled; to be freed also if this fails
 * @walk: along all its streams; at its end afterwards
 * @streams: how many the trace has
 * @start_ns: CLOCK_MONOTONIC where the time line begins
 * @end_ns: where it ends
 *
 * Return: 0 or -ENOMEM.
 */
int trace_sums_make(struct trace_sums *sums, struct trace_walk *walk,
		    unsigned int streams, __u64 start_ns, __u64 end_ns)
{
	const struct trace_item *item;

	memset(sums, 0, sizeof(*sums));
	sums->start_ns = start_ns;
	sums->bin_ns = (end_ns - start_ns) / TRACE_BINS + 1;
	sums->cpus = calloc(streams + 1, sizeof(*sums->cpus));
	if (!sums->cpus)
		return -ENOMEM;
	while ((item = trace_walk_next(walk)))
		if (!keep(sums, item))
			return -ENOMEM;
	if (sums->nstarts)
		qsort(sums->starts, sums->nstarts, sizeof(*sums->starts),
		      by_generation);
	return 0;
}

/**
 * trace_sums_free() - free them
 * @sums: were made
 */
void trace_sums_free(struct trace_sums *sums)
{
	free(sums->cpus);
	free(sums->starts);
	free(sums->gaps);
}
