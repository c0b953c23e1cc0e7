/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ACQREL_KMOD_BENCH_H
#define ACQREL_KMOD_BENCH_H

#include <acqrel/slice.h>

/**
 * struct acqrel_bench_params - what to run
 * @name: of the case
 * @threads: 1 to the CPUs online
 * @slices: 1 to %ACQREL_BENCH_SLICES_MAX
 * @slice_ns: length of each
 */
struct acqrel_bench_params {
	const char *name;
	u32 threads;
	u32 slices;
	u64 slice_ns;
};

/**
 * struct acqrel_bench_sample - what one thread did in one slice
 */
struct acqrel_bench_sample {
	u32 slice;
	u32 thread;
	u32 cpu;
	u64 deadline_ns;
	const struct acqrel_slice *done;
};

const char *acqrel_bench_case(unsigned int i);
int acqrel_bench_start(const struct acqrel_bench_params *p, u32 *run,
		       const char **why);
int acqrel_bench_hold(u32 run);
void acqrel_bench_release(void);
bool acqrel_bench_sample(unsigned int i, struct acqrel_bench_sample *sample);
void acqrel_bench_exit(void);

#endif /* ACQREL_KMOD_BENCH_H */
