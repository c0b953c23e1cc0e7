/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * values.h - what both worlds report, as plain numbers
 *
 * The client decodes netlink messages into these structures and the user
 * world fills the same ones, so that whatever prints or compares them does
 * not know which world they come from.
 */
#ifndef ACQREL_USER_VALUES_H
#define ACQREL_USER_VALUES_H

#include <stdbool.h>
#include <linux/acqrel.h>

/**
 * struct acqrel_config_values - one config generation
 * @generation: 0 in a request
 * @min_value_ns: smallest value that passes
 * @kinds: mask of 1 << enum acqrel_kind
 * @sample_every: 1..ACQREL_SAMPLE_MAX
 * @policy: enum acqrel_policy
 * @npids: entries used in @pids; 0 lets every pid pass
 * @pids: thread ids, initial pid namespace
 */
struct acqrel_config_values {
	__u64 generation;
	__u64 min_value_ns;
	__u32 kinds;
	__u32 sample_every;
	__u32 policy;
	__u32 npids;
	__s32 pids[ACQREL_PIDS_MAX];
};

/**
 * struct acqrel_stats_values - one consistent snapshot of a stats block
 * @cpu: CPU in the kernel world, stream in the user world
 * @kind: enum acqrel_kind
 * @count: values aggregated
 * @sum_ns: their sum
 * @min_ns: meaningless while @count is 0
 * @max_ns: meaningless while @count is 0
 * @retries: reads of this block that were repeated
 * @hist: bucket 0 counts zeros, bucket b the values in [2^(b-1), 2^b)
 */
struct acqrel_stats_values {
	__u32 cpu;
	__u32 kind;
	__u64 count;
	__u64 sum_ns;
	__u64 min_ns;
	__u64 max_ns;
	__u64 retries;
	__u64 hist[ACQREL_HIST_BUCKETS];
};

/**
 * struct acqrel_ring_values - the ring and the books of one CPU or stream
 * @cpu: CPU in the kernel world, stream in the user world
 * @capacity: entries
 * @fill: entries, may be stale under load
 * @checks: snapshots checked; 0 when no check was asked for
 * @unbalanced: of @checks, read with the sequence counter
 * @naive_unbalanced: of @checks, read without it
 * @offered: events offered to the pipeline
 * @filtered: by reason, enum acqrel_filter
 * @pushed: events put into the ring
 * @dropped: events refused because it was full
 * @overwritten: events taken away by younger ones
 * @popped: events that readers took, loaded before the rest
 * @head: position of the next push
 * @retries: snapshots that were repeated
 */
struct acqrel_ring_values {
	__u32 cpu;
	__u32 capacity;
	__u32 fill;
	__u32 checks;
	__u32 unbalanced;
	__u32 naive_unbalanced;
	__u64 offered;
	__u64 filtered[__ACQREL_FILTER_COUNT];
	__u64 pushed;
	__u64 dropped;
	__u64 overwritten;
	__u64 popped;
	__u64 head;
	__u64 retries;
};

/**
 * struct acqrel_counter_values - one counter, of one CPU or in total
 * @id: enum acqrel_counter
 * @total: true for the sum over CPUs, when @cpu means nothing
 * @cpu: CPU
 * @value: the count
 * @name: as the module calls it
 */
struct acqrel_counter_values {
	__u32 id;
	bool total;
	__u32 cpu;
	__u64 value;
	char name[ACQREL_NAME_MAX + 1];
};

/**
 * struct acqrel_source_values - state of a source
 * @name: "sched" or "generator"
 * @generator: true when the fields from @seed to @streams were reported
 * @running: whether it offers events now
 * @offered: events since load or reset
 * @seed: of the generator
 * @count: events over all streams, 0: until stopped
 * @rate: events a second over all streams, 0: unlimited
 * @streams: CPUs it runs on
 * @passed_ns: time in the sampled calls whose event passed
 * @passed_n: sampled calls whose event passed
 * @filtered_ns: time in the sampled calls whose event was filtered
 * @filtered_n: sampled calls whose event was filtered
 */
struct acqrel_source_values {
	char name[ACQREL_NAME_MAX + 1];
	bool generator;
	bool running;
	__u64 offered;
	__u64 seed;
	__u64 count;
	__u32 rate;
	__u32 streams;
	__u64 passed_ns;
	__u64 passed_n;
	__u64 filtered_ns;
	__u64 filtered_n;
};

#endif /* ACQREL_USER_VALUES_H */
