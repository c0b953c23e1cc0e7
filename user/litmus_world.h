/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the litmus tests need of the user world: cycles, a way to let others
 * run, RCU, and the kernel's operations that order.h leaves out.
 */
#ifndef ACQREL_USER_LITMUS_WORLD_H
#define ACQREL_USER_LITMUS_WORLD_H

#include <sched.h>
#include <acqrel/order.h>

#include "rcu.h"

/**
 * world_cycles() - a stamp of the clock that all CPUs share
 *
 * Nothing waits for what precedes it, so a body is not made longer.
 *
 * Return: ticks.
 */
static __always_inline u64 world_cycles(void)
{
#ifdef __x86_64__
	return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
	u64 ticks;

	asm volatile("mrs %0, cntvct_el0" : "=r" (ticks));
	return ticks;
#else
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (u64)ts.tv_sec * 1000000000 + (u64)ts.tv_nsec;
#endif
}

/**
 * world_yield() - let others run that wait for this CPU
 */
static inline void world_yield(void)
{
	sched_yield();
}

/**
 * world_breathe() - let others run that have waited long
 *
 * The kernel sees to that.
 */
static inline void world_breathe(void)
{
}

#undef xchg
#undef cmpxchg

#define cmpxchg(p, o, n)	acqrel_cmpxchg(p, o, n, __ATOMIC_SEQ_CST)
#define cmpxchg_acquire(p, o, n) acqrel_cmpxchg(p, o, n, __ATOMIC_ACQUIRE)
#define xchg(p, v)		__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define xchg_relaxed(p, v)	__atomic_exchange_n(p, v, __ATOMIC_RELAXED)
#define smp_store_mb(l, v)	((void)xchg(&(l), v))
#define smp_acquire__after_ctrl_dep() smp_rmb()

#define atomic64_inc(v)		atomic64_add(1, v)
#define atomic64_inc_return(v)						\
	__atomic_add_fetch(&(v)->counter, 1, __ATOMIC_SEQ_CST)
#define atomic64_inc_return_relaxed(v)					\
	__atomic_add_fetch(&(v)->counter, 1, __ATOMIC_RELAXED)
#define atomic64_fetch_sub(n, v)					\
	__atomic_fetch_sub(&(v)->counter, n, __ATOMIC_SEQ_CST)
#define atomic64_fetch_sub_relaxed(n, v)				\
	__atomic_fetch_sub(&(v)->counter, n, __ATOMIC_RELAXED)
#define atomic64_fetch_sub_release(n, v)				\
	__atomic_fetch_sub(&(v)->counter, n, __ATOMIC_RELEASE)

#endif /* ACQREL_USER_LITMUS_WORLD_H */
