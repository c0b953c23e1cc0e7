/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters in the kernel world: one word for each CPU and counter.
 *
 * Calls may run together from any context, NMI included: an add is one
 * instruction on the CPU's own word, or excludes interrupts itself.
 *
 * 1. A sum is exact when nobody adds, and never falls under increments.
 * 2. CPUs that went offline keep their share: the sum runs over possible CPUs.
 *
 * No ordering: counters publish nothing.
 */
#ifndef ACQREL_KMOD_COUNTER_H
#define ACQREL_KMOD_COUNTER_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/acqrel.h>

struct acqrel_counters {
	u64 v[__ACQREL_COUNTER_COUNT];
};

DECLARE_PER_CPU(struct acqrel_counters, acqrel_counters);

static __always_inline void acqrel_count(enum acqrel_counter id)
{
	this_cpu_inc(acqrel_counters.v[id]);
}

static __always_inline void acqrel_count_n(enum acqrel_counter id, u64 n)
{
	this_cpu_add(acqrel_counters.v[id], n);
}

u64 acqrel_counter_read(enum acqrel_counter id, unsigned int cpu);
u64 acqrel_counter_sum(enum acqrel_counter id);
void acqrel_counters_reset(void);

#endif /* ACQREL_KMOD_COUNTER_H */
