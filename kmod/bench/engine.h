/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The measuring engine: arms of one owner, and slices of them on request.
 * Nobody waits for a slice: its end is announced. What it measured stays
 * until the next begins or its arm is closed.
 */
#ifndef ACQREL_KMOD_BENCH_ENGINE_H
#define ACQREL_KMOD_BENCH_ENGINE_H

#include "bench/arm.h"

int acqrel_bench_open(u32 owner, const struct acqrel_arm_request *rq, u32 *id,
		      const char **why);
int acqrel_bench_close(u32 owner, u32 id, const char **why);
int acqrel_bench_close_all(u32 owner, const char **why);
void acqrel_bench_owner_gone(u32 owner);

int acqrel_bench_start(u32 owner, u32 id, const struct acqrel_slice_params *p,
		       u32 *run, const char **why);
int acqrel_bench_cancel(u32 owner, u32 run, const char **why);

int acqrel_bench_hold(u32 run, const char **why);
void acqrel_bench_release(void);
const struct acqrel_arm *acqrel_bench_held(u64 *deadline_ns);

void acqrel_bench_exit(void);

#endif /* ACQREL_KMOD_BENCH_ENGINE_H */
