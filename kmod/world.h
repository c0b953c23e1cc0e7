/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the workloads of include/acqrel/workload.h need of the kernel world.
 * user/world.h is its mirror image.
 */
#ifndef ACQREL_KMOD_WORLD_H
#define ACQREL_KMOD_WORLD_H

#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include "config.h"

/**
 * struct world_config - a config to measure with
 * @cell: where it is published
 * @values: what an update publishes
 */
struct world_config {
	struct acqrel_config_cell cell;
	struct acqrel_config_values values;
};

/**
 * struct world_counter - a counter to measure with
 * @v: its words
 */
struct world_counter {
	u64 __percpu *v;
};

static __always_inline u64 world_clock(void)
{
	return ktime_get_mono_fast_ns();
}

static inline u64 world_switches(void)
{
	return current->nivcsw;
}

static __always_inline u64 world_config_read(struct world_config *w)
{
	u64 value;

	rcu_read_lock();
	value = acqrel_config_dereference(&w->cell)->min_value_ns;
	rcu_read_unlock();
	return value;
}

static inline int world_config_update(struct world_config *w)
{
	const char *why;

	return acqrel_config_publish(&w->cell, &w->values, &why);
}

static __always_inline void world_counter_add(struct world_counter *c, u64 n)
{
	this_cpu_add(*c->v, n);
}

static inline u64 world_counter_sum(struct world_counter *c)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(c->v, cpu));
	return sum;
}

#endif /* ACQREL_KMOD_WORLD_H */
