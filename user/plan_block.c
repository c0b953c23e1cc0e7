// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_block.c - a block: each arm twice, in a random order
 *
 * The arms run in a fresh random order and then in the reverse of it. Of any
 * two arms A and B one comes first in the order; then they run A B B A, else
 * B A A B, and what drifts steadily through the block hits both alike. A random
 * order is as likely as its reverse, so for each pair the block throws a coin:
 * a disturbance with a period, such as a timer's, cannot keep step with it.
 *
 * Slices that were disturbed are kept and tagged.
 */
#include <errno.h>
#include <stdlib.h>

#include "plan_internal.h"
#include "verdict.h"

#define WAIT_MOST	0.02	/* of the slice */
#define STOLEN_MOST	0.01	/* of the block */
#define FAULT_NS	1000	/* at most, but for huge pages */

static bool switched(const struct cell *cell, const struct acqrel_sample *s)
{
	/* giving the CPU away while ready to run counts as involuntary */
	return s->did.switches && !(cell->flags & ACQREL_OP_SLEEPS);
}

static bool waited(const struct cell *cell, const struct acqrel_sample *s)
{
	/* being woken is a part of an operation that sleeps */
	return s->did.wait_ns > WAIT_MOST * cell->slice_ns &&
		!(cell->flags & ACQREL_OP_SLEEPS);
}

/* One of some hundred in a slice changes nothing that can be seen. */
static bool faulted(const struct cell *cell, const struct acqrel_sample *s)
{
	return s->did.role == ACQREL_BENCH_ROLE_MEASURED &&
		(double)s->did.faults * FAULT_NS > WAIT_MOST * cell->slice_ns;
}

/**
 * plan_tags() - what disturbed a slice, as its samples tell
 * @cell: it belongs to
 * @slice: its samples are there
 *
 * Return: mask of TAG_.
 */
__u32 plan_tags(const struct cell *cell, const struct result_slice *slice)
{
	__u32 tags = 0;

	/* a lone thread may begin late: an operation can take long */
	if (cell->threads > 1 &&
	    figures_overlap(slice, cell->threads) < RESULT_OVERLAP_MIN)
		tags |= TAG_OVERLAP;
	for (__u32 i = 0; i < cell->threads; i++) {
		const struct acqrel_sample *s = &slice->samples[i];

		if (switched(cell, s))
			tags |= TAG_SWITCHED;
		if (waited(cell, s))
			tags |= TAG_WAITED;
		if (s->did.cpu != cell->cpus[i])
			tags |= TAG_MIGRATED;
		if (faulted(cell, s))
			tags |= TAG_FAULTED;
	}
	return tags;
}

/* Those of a block that is cut short stay: they are compared with nothing. */
static int add_latency(struct plan_run *run, unsigned int i)
{
	struct cell *cell = &run->plan->result->cells[i];
	int rc;

	if (cell->mode != ACQREL_BENCH_LATENCY &&
	    !(cell->flags & ACQREL_OP_RECORDS))
		return 0;
	if (!cell->latency)
		cell->latency = calloc(1, sizeof(*cell->latency));
	if (!cell->latency)
		return -ENOMEM;
	rc = bench_latency(run->arms[i], cell->latency);
	if (rc)
		run->plan->failed = run->plan->bench[cell->world];
	return rc;
}

static int measure(struct plan_run *run, unsigned int i, __u32 block,
		   __u32 order)
{
	struct cell *cell = &run->plan->result->cells[i];
	struct result_slice *slice = &cell->slices[cell->nslices];
	int rc;

	slice->samples = calloc(cell->threads, sizeof(*slice->samples));
	if (!slice->samples)
		return -ENOMEM;
	rc = plan_slice(run, i, run->shorter[i], slice->samples) ?:
	     add_latency(run, i);
	if (rc) {
		free(slice->samples);
		slice->samples = NULL;
		return rc;
	}
	slice->block = block;
	slice->repeat = run->repeat;
	slice->order = order;
	slice->chunk = run->shorter[i];
	slice->tags = plan_tags(cell, slice);
	if (run->jumped)
		slice->tags |= TAG_SUSPENDED;
	cell->nslices++;
	return 0;
}

static void tag_block(const struct result *result, __u32 block, __u32 tags)
{
	for (unsigned int i = 0; i < result->ncells; i++) {
		struct cell *cell = &result->cells[i];

		for (unsigned int j = cell->nslices;
		     j && cell->slices[j - 1].block == block; j--)
			cell->slices[j - 1].tags |= tags;
	}
}

static void drop_block(const struct result *result, __u32 block)
{
	for (unsigned int i = 0; i < result->ncells; i++) {
		struct cell *cell = &result->cells[i];

		while (cell->nslices &&
		       cell->slices[cell->nslices - 1].block == block)
			free(cell->slices[--cell->nslices].samples);
	}
}

static __u32 tags_between(const struct plan_run *run,
			  const struct load_mark *from,
			  const struct load_mark *to)
{
	struct load_shares shares;
	__u32 tags = 0;

	load_shares(&run->load, from, to, 0, &shares);
	if (shares.stolen > STOLEN_MOST)
		tags |= TAG_STOLEN;
	if (to->throttled > from->throttled)
		tags |= TAG_THROTTLED;
	return tags;
}

/**
 * plan_block() - run each arm twice
 * @run: its arms are open and its cells have room for two slices more
 * @block: number of the block
 *
 * Return: 0 or -errno; then nothing of the block is left.
 */
int plan_block(struct plan_run *run, __u32 block)
{
	const struct result *result = run->plan->result;
	unsigned int n = PLAN_TWICE * result->ncells;
	struct load_mark from, to;
	int rc = 0;

	statistics_shuffle(run->order, result->ncells, &run->state);
	load_mark(&run->load, &from);
	for (unsigned int i = 0; !rc && i < n; i++)
		rc = measure(run, run->order[i < n / 2 ? i : n - 1 - i],
			     block, i);
	load_mark(&run->load, &to);
	if (rc)
		drop_block(result, block);
	else
		tag_block(result, block, tags_between(run, &from, &to));
	return rc;
}
