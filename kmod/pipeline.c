// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/topology.h>

#include "pipeline.h"

DEFINE_PER_CPU(struct acqrel_lane *, acqrel_lanes);
DEFINE_PER_CPU(bool, acqrel_busy);
DEFINE_PER_CPU(u64, acqrel_clock_ns);
DEFINE_PER_CPU(struct acqrel_tap *, acqrel_taps);

/**
 * acqrel_pipeline_stats() - one block whole; repeats are counted
 * @cpu: possible
 * @kind: valid
 * @agg: where to
 *
 * Context: any but a handler.
 * Return: how often the copy was repeated.
 */
u64 acqrel_pipeline_stats(unsigned int cpu, unsigned int kind,
			  struct acqrel_aggregate *agg)
{
	u64 retries;

	retries = acqrel_stats_read(&acqrel_lane_of(cpu)->stats[kind], agg);
	acqrel_count_n(ACQREL_COUNTER_SNAPSHOT_RETRIED, retries);
	return retries;
}

/**
 * acqrel_pipeline_books() - acqrel_lane_snapshot(); repeats are counted
 * @cpu: possible
 * @acc: where to
 * @popped: where to
 *
 * Context: any but a handler.
 * Return: how often the copy was repeated.
 */
u64 acqrel_pipeline_books(unsigned int cpu, struct acqrel_account *acc,
			  u64 *popped)
{
	u64 retries = acqrel_lane_snapshot(acqrel_lane_of(cpu), acc, popped);

	acqrel_count_n(ACQREL_COUNTER_SNAPSHOT_RETRIED, retries);
	return retries;
}

static int acqrel_lane_new(unsigned int cpu, unsigned int ring_entries)
{
	struct acqrel_oring_slot *slots;
	struct acqrel_lane *lane;
	int node = cpu_to_node(cpu);

	lane = kzalloc_node(sizeof(*lane), GFP_KERNEL, node);
	if (!lane)
		return -ENOMEM;
	slots = kvzalloc_node(array_size(ring_entries, sizeof(*slots)),
			      GFP_KERNEL, node);
	if (!slots) {
		kfree(lane);
		return -ENOMEM;
	}
	acqrel_lane_init(lane, slots, ring_entries);
	per_cpu(acqrel_lanes, cpu) = lane;
	return 0;
}

/**
 * acqrel_pipeline_init() - a lane for each possible CPU
 * @ring_entries: a power of two
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM with nothing left behind.
 */
int acqrel_pipeline_init(unsigned int ring_entries)
{
	unsigned int cpu;
	int err;

	for_each_possible_cpu(cpu) {
		err = acqrel_lane_new(cpu, ring_entries);
		if (err) {
			acqrel_pipeline_exit();
			return err;
		}
	}
	return 0;
}

/**
 * acqrel_pipeline_exit() - free the lanes
 *
 * Context: may sleep; no source runs and no reader is left.
 */
void acqrel_pipeline_exit(void)
{
	struct acqrel_lane *lane;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		lane = acqrel_lane_of(cpu);
		if (!lane)
			continue;
		kvfree(lane->ring.slots);
		kfree(lane);
		per_cpu(acqrel_lanes, cpu) = NULL;
	}
}

/**
 * acqrel_pipeline_reset() - empty lanes and zero counters
 *
 * A snapshot taken meanwhile may be a mixture; dumps say so by
 * NLM_F_DUMP_INTR.
 *
 * Context: no source runs, no reader is inside.
 */
void acqrel_pipeline_reset(void)
{
	struct acqrel_lane *lane;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		lane = acqrel_lane_of(cpu);
		acqrel_lane_init(lane, lane->ring.slots, lane->ring.mask + 1);
	}
	acqrel_counters_reset();
}
