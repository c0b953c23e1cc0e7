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
#include <acqrel/books.h>
#include <acqrel/config.h>
#include <linux/acqrel.h>

/**
 * struct acqrel_config_state - the config in force
 * @generation: its number
 * @values: what it says
 */
struct acqrel_config_state {
	__u64 generation;
	struct acqrel_config_values values;
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
 * @popped: events that readers took, loaded before @account
 * @account: what became of every event offered
 * @retries: snapshots that were repeated
 */
struct acqrel_ring_values {
	__u32 cpu;
	__u32 capacity;
	__u32 fill;
	__u32 checks;
	__u32 unbalanced;
	__u32 naive_unbalanced;
	__u64 popped;
	struct acqrel_account account;
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

/**
 * struct acqrel_litmus_values - a litmus test of the kernel world
 * @name: SHAPE+VARIANT
 * @threads: how many it has
 * @grace: it waits for grace periods, so it takes long
 */
struct acqrel_litmus_values {
	char name[ACQREL_NAME_MAX + 1];
	__u32 threads;
	bool grace;
};

/**
 * struct acqrel_litmus_summary - how a run of a litmus test went
 * @status: 0 or -errno: -ECANCELED, or -ENODEV if a CPU went offline
 * @trials: those that were run
 * @overlapped: of these, at one time all threads were in their bodies
 * @touched: at one time two of them were
 * @first: trials that each thread began before the others
 */
struct acqrel_litmus_summary {
	__s32 status;
	__u64 trials;
	__u64 overlapped;
	__u64 touched;
	__u64 first[ACQREL_LITMUS_CPUS_MAX];
};

/**
 * struct acqrel_litmus_seen - an outcome of a run
 * @outcome: packed, see the UAPI header
 * @count: trials that had it
 */
struct acqrel_litmus_seen {
	__u64 outcome;
	__u64 count;
};

#endif /* ACQREL_USER_VALUES_H */
