/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Slice: what a thread reports of one timed part of a run.
 */
#ifndef ACQREL_SLICE_H
#define ACQREL_SLICE_H

#include <acqrel/order.h>

/**
 * struct acqrel_slice - what a thread did in one slice
 * @start_ns: start of the timed part
 * @end_ns: its end
 * @busy_ns: sum of the timed bursts
 * @bursts: how many
 * @ops: operations that succeeded in them
 * @failed: operations that found the ring full or empty
 * @switches: involuntary context switches in the timed part
 */
struct acqrel_slice {
	u64 start_ns;
	u64 end_ns;
	u64 busy_ns;
	u64 bursts;
	u64 ops;
	u64 failed;
	u64 switches;
};

#endif /* ACQREL_SLICE_H */
