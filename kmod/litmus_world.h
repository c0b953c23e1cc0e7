/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the litmus tests need of the kernel world: cycles, a way to let others
 * run, and the operations that include/acqrel/order.h does not name.
 * user/litmus_world.h is its mirror image.
 */
#ifndef ACQREL_KMOD_LITMUS_WORLD_H
#define ACQREL_KMOD_LITMUS_WORLD_H

#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <linux/timex.h>

/**
 * world_cycles() - a stamp of the clock that all CPUs share
 *
 * Nothing waits for what precedes it, so a body is not made longer. Not every
 * architecture has cycles to get; who waits for 0 to move waits for ever.
 *
 * Return: ticks.
 */
static __always_inline u64 world_cycles(void)
{
#if defined(CONFIG_X86_TSC) || defined(CONFIG_ARM64)
	return get_cycles();
#else
	return ktime_get_raw_fast_ns();
#endif
}

/**
 * world_yield() - let others run that wait for this CPU
 *
 * cond_resched() would stay until the time slice is over, and tell RCU nothing
 * that a grace period waits for.
 *
 * Context: may sleep.
 */
static inline void world_yield(void)
{
	yield();
}

/**
 * world_breathe() - let others run that have waited long
 *
 * A kernel that does not preempt itself has a quiescent state here.
 *
 * Context: may sleep.
 */
static inline void world_breathe(void)
{
	cond_resched();
}

#endif /* ACQREL_KMOD_LITMUS_WORLD_H */
