/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_sums.h - what a trace has, summed up
 */
#ifndef ACQREL_USER_TRACE_SUMS_H
#define ACQREL_USER_TRACE_SUMS_H

#include "trace_walk.h"

#define TRACE_BINS	20	/* of the time line */

/**
 * struct trace_cpu_sums - what the trace has of a CPU
 * @kinds: events of each kind
 * @account: books, as the events make them
 * @gaps: places where events are missing
 * @skipped: events that are missing there
 */
struct trace_cpu_sums {
	__u64 kinds[__ACQREL_KIND_COUNT];
	struct acqrel_trace_account account;
	__u64 gaps;
	__u64 skipped;
};

/**
 * struct trace_config_start - a config comes into force on a CPU
 * @generation: of it
 * @clock_ns: when
 * @seq: of the first event under it
 * @cpu: where
 * @values: of it
 */
struct trace_config_start {
	__u64 generation;
	__u64 clock_ns;
	__u64 seq;
	__u32 cpu;
	struct acqrel_config_values values;
};

/**
 * struct trace_gap - events are missing
 * @clock_ns: of the first event after it, or of the end
 * @seq: of the first that is missing
 * @skipped: how many are
 * @cpu: where
 */
struct trace_gap {
	__u64 clock_ns;
	__u64 seq;
	__u64 skipped;
	__u32 cpu;
};

/**
 * struct trace_bin - a part of the time line
 * @events: in it
 * @skipped: missing in it
 * @generation: of the last config that began in it, or 0
 */
struct trace_bin {
	__u64 events;
	__u64 skipped;
	__u64 generation;
};

/**
 * struct trace_sums - of a trace
 * @start_ns: where the time line begins
 * @bin_ns: length of a bin
 * @cpus: by stream
 * @total: of all CPUs
 * @starts: of configs, by generation, then by CPU
 * @nstarts: how many
 * @gaps: by clock
 * @ngaps: how many
 * @bins: the time line
 */
struct trace_sums {
	__u64 start_ns;
	__u64 bin_ns;
	struct trace_cpu_sums *cpus;
	struct trace_cpu_sums total;
	struct trace_config_start *starts;
	size_t nstarts;
	struct trace_gap *gaps;
	size_t ngaps;
	struct trace_bin bins[TRACE_BINS];
};

int trace_sums_make(struct trace_sums *sums, struct trace_walk *walk,
		    unsigned int streams, __u64 start_ns, __u64 end_ns);
void trace_sums_free(struct trace_sums *sums);

#endif /* ACQREL_USER_TRACE_SUMS_H */
