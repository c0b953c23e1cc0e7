/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench.h - arms and slices, in either world
 *
 * An arm is an operation on an object of its variant with a thread for each
 * CPU it was opened with; it stays while slices of other arms run. A slice
 * gives a sample for each thread and is not averaged: statistics are the
 * reader's. The user world runs here (bench/engine.c), the kernel world in
 * the module (bench/kernel.c); both do what include/acqrel/bench_slice.h says.
 *
 * A bench belongs to one thread, as does what was opened with it.
 */
#ifndef ACQREL_USER_BENCH_H
#define ACQREL_USER_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <acqrel/bench.h>

#include "latency.h"

enum world { WORLD_KERNEL, WORLD_USER, WORLD_COUNT };

struct acqrel_client;
struct bench;
struct bench_arm;

/**
 * struct bench_case - what can be measured
 * @name: PRIMITIVE/VARIANT:OPERATION
 * @flags: mask of ACQREL_OP_
 * @threads: fewest, without a writer
 * @threads_max: most, 0: any number
 * @payload: bytes by default, 0: has none
 * @payload_max: most
 * @slice_ns: shortest slice that makes sense, 0: any
 * @writes: can have a writer
 * @bound: case that limits it, "" if none is named
 * @bound_times: so many of them, in thousandths
 */
struct bench_case {
	char name[ACQREL_NAME_MAX + 1];
	__u32 flags;
	__u32 threads;
	__u32 threads_max;
	__u32 payload;
	__u32 payload_max;
	__u64 slice_ns;
	bool writes;
	char bound[ACQREL_NAME_MAX + 1];
	__u32 bound_times;
};

/**
 * struct bench_arm_params - what to open
 * @name: of the case
 * @cpus: one a thread, all different; the last is the writer's if @writes
 * @threads: entries of @cpus
 * @payload: bytes, 0: as the case says
 * @writes: with a writer
 */
struct bench_arm_params {
	const char *name;
	const __u32 *cpus;
	__u32 threads;
	__u32 payload;
	bool writes;
};

/**
 * struct acqrel_sample - what one thread did in one slice
 * @thread: its index in the arm
 * @deadline_ns: the common start
 * @did: the rest
 */
struct acqrel_sample {
	__u32 thread;
	__u64 deadline_ns;
	struct acqrel_slice did;
};

/**
 * struct bench_absent - a variant that this build of the user world lacks
 * @variant: PRIMITIVE/VARIANT
 * @package: of pkg-config, without which it was built
 */
struct bench_absent {
	const char *variant;
	const char *package;
};

/* ended by one without a variant */
extern const struct bench_absent bench_absent[];

int bench_open(enum world world, struct acqrel_client *client,
	       struct bench **bench);
void bench_close(struct bench *bench);
const char *bench_message(const struct bench *bench);

int bench_cases(struct bench *bench, struct bench_case **cases, size_t *n);
int bench_arm_open(struct bench *bench, const struct bench_arm_params *p,
		   struct bench_arm **arm);
void bench_arm_close(struct bench_arm *arm);
int bench_slice(struct bench_arm *arm, const struct acqrel_slice_params *p,
		struct acqrel_sample *samples);
double bench_arm_huge_bytes(const struct bench_arm *arm);
int bench_latency(struct bench_arm *arm, struct latency_sum *sum);

__u64 bench_cpu_ns(const struct bench *bench);
const char *bench_clock_name(void);

#endif /* ACQREL_USER_BENCH_H */
