/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench.h - slices of a benchmark in the user world
 *
 * A slice is a timed stretch in which every thread does the same operation.
 * The kernel world returns the same fields over netlink. Nothing here is
 * averaged: statistics are the reader's.
 */
#ifndef ACQREL_USER_BENCH_H
#define ACQREL_USER_BENCH_H

#include <stddef.h>
#include <linux/acqrel.h>

/**
 * struct acqrel_sample - what one thread did in one slice
 * @slice: index of the slice
 * @thread: index of the thread
 * @cpu: CPU it ran on
 * @deadline_ns: the common start
 * @start_ns: start of the timed part
 * @end_ns: end of the timed part
 * @busy_ns: sum of the timed bursts
 * @bursts: timed bursts
 * @ops: operations in the bursts that succeeded; 0 of a thread that is load
 * @failed: operations that found the ring full or empty; 0 of load
 * @switches: involuntary context switches
 */
struct acqrel_sample {
	__u32 slice;
	__u32 thread;
	__u32 cpu;
	__u64 deadline_ns;
	__u64 start_ns;
	__u64 end_ns;
	__u64 busy_ns;
	__u64 bursts;
	__u64 ops;
	__u64 failed;
	__u64 switches;
};

const char *acqrel_user_case(unsigned int i);
int acqrel_user_bench(const char *name, unsigned int threads, __u64 slice_ns,
		      unsigned int slices, struct acqrel_sample *out,
		      size_t max);

#endif /* ACQREL_USER_BENCH_H */
