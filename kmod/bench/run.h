/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One slice, run by the threads of an arm.
 */
#ifndef ACQREL_KMOD_BENCH_RUN_H
#define ACQREL_KMOD_BENCH_RUN_H

#include <linux/hrtimer.h>

#include "bench/arm.h"

/**
 * struct acqrel_run - a slice
 * @arm: whose
 * @p: how
 * @deadline_ns: the common start, 0 until the last thread has checked in
 * @stop: enum acqrel_slice_stop
 * @status: 0 or a negative errno: the first thing that went wrong
 * @missing: threads that have not checked in
 * @left: threads that have not left
 * @over: says that nobody waits any more when all should have left
 * @ended: called by the last to leave, in it
 */
struct acqrel_run {
	struct acqrel_arm *arm;
	struct acqrel_slice_params p;
	u64 deadline_ns;
	u32 stop;
	int status;
	atomic_t missing;
	atomic_t left;
	struct hrtimer over;
	void (*ended)(void);
};

void acqrel_run_begin(struct acqrel_run *run, struct acqrel_arm *arm,
		      const struct acqrel_slice_params *p);
void acqrel_run_stop(struct acqrel_run *run, int status);

#endif /* ACQREL_KMOD_BENCH_RUN_H */
