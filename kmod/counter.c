// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cpumask.h>

#include "counter.h"

DEFINE_PER_CPU(struct acqrel_counters, acqrel_counters);

/**
 * acqrel_counter_read() - one CPU's share
 * @id: valid
 * @cpu: possible
 */
u64 acqrel_counter_read(enum acqrel_counter id, unsigned int cpu)
{
	return READ_ONCE(per_cpu(acqrel_counters.v[id], cpu));
}

/**
 * acqrel_counter_sum() - the total
 * @id: valid
 *
 * Context: any.
 */
u64 acqrel_counter_sum(enum acqrel_counter id)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += acqrel_counter_read(id, cpu);
	return sum;
}

/**
 * acqrel_counters_reset() - zero all
 *
 * Context: nobody counts meanwhile.
 */
void acqrel_counters_reset(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(&acqrel_counters, cpu), 0,
		       sizeof(struct acqrel_counters));
}
