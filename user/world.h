/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What include/acqrel/workload.h needs of the user world. Its mirror image is
 * kmod/world.h.
 */
#ifndef ACQREL_USER_WORLD_H
#define ACQREL_USER_WORLD_H

#include <sys/resource.h>

#include "clock.h"
#include "config.h"
#include "counter.h"

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
 * @set: of one counter
 */
struct world_counter {
	struct acqrel_counters set;
};

static inline u64 world_clock(void)
{
	return acqrel_clock();
}

static inline u64 world_switches(void)
{
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	return (u64)usage.ru_nivcsw;
}

static __always_inline u64 world_config_read(struct world_config *c)
{
	u64 value;

	rcu_read_lock();
	value = acqrel_config_dereference(&c->cell)->min_value_ns;
	rcu_read_unlock();
	return value;
}

static inline int world_config_update(struct world_config *c)
{
	const char *why;

	return acqrel_config_publish(&c->cell, &c->values, &why);
}

static __always_inline void world_counter_add(struct world_counter *c, u64 n)
{
	acqrel_counter_add(&c->set, 0, n);
}

static inline u64 world_counter_sum(const struct world_counter *c)
{
	return acqrel_counter_sum(&c->set, 0);
}

#endif /* ACQREL_USER_WORLD_H */
