/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What include/acqrel/bench_slice.h and the variants need of the user world.
 * Its mirror image is kmod/world.h.
 */
#ifndef ACQREL_USER_WORLD_H
#define ACQREL_USER_WORLD_H

#include <sched.h>
#include <sys/resource.h>

#include "bench/clock.h"
#include "bench/memory.h"

void world_enter(void);
void world_leave(void);
u64 world_wait_ns(void);

/**
 * world_switches() - involuntary context switches of this thread
 *
 * Return: how many so far.
 */
static inline u64 world_switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (u64)usage.ru_nivcsw;
}

/**
 * world_faults() - page faults of this thread
 *
 * Return: how many so far.
 */
static inline u64 world_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (u64)usage.ru_minflt + (u64)usage.ru_majflt;
}

/**
 * world_cpu() - where this thread runs
 *
 * Return: a CPU number.
 */
static inline u32 world_cpu(void)
{
	return (u32)sched_getcpu();
}

/**
 * world_breathe() - let others run
 *
 * They do as they need: a thread is preempted.
 */
static inline void world_breathe(void)
{
}

#endif /* ACQREL_USER_WORLD_H */
