/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What include/acqrel/bench_slice.h and the shared variants need of the kernel
 * world. user/world.h is its mirror image.
 */
#ifndef ACQREL_KMOD_WORLD_H
#define ACQREL_KMOD_WORLD_H

#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>

/* not slewed by NTP, so that a nanosecond is as long in every slice */
static __always_inline u64 world_clock(void)
{
	return ktime_get_raw_fast_ns();
}

static inline u32 world_cpu(void)
{
	return raw_smp_processor_id();
}

static inline u64 world_switches(void)
{
	return current->nivcsw;
}

/* moves when the thread comes to a CPU, so not while it runs */
static inline u64 world_wait_ns(void)
{
#ifdef CONFIG_SCHED_INFO
	return current->sched_info.run_delay;
#else
	return 0;
#endif
}

/* the module's memory is never paged */
static inline u64 world_faults(void)
{
	return 0;
}

/* a kernel that does not preempt itself has a quiescent state here only */
static inline void world_breathe(void)
{
	cond_resched();
}

#endif /* ACQREL_KMOD_WORLD_H */
