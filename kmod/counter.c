// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cpumask.h>

#include "counter.h"

DEFINE_PER_CPU(struct acqrel_counters, acqrel_counters);

static const char * const acqrel_counter_names[__ACQREL_COUNTER_COUNT] = {
	[ACQREL_COUNTER_PASSED_SWITCH] = "passed_sched_switch",
	[ACQREL_COUNTER_PASSED_WAKEUP] = "passed_sched_wakeup",
	[ACQREL_COUNTER_PASSED_WAKEUP_NEW] = "passed_sched_wakeup_new",
	[ACQREL_COUNTER_REFUSED_NMI] = "refused_nmi",
	[ACQREL_COUNTER_REFUSED_REENTRY] = "refused_reentry",
	[ACQREL_COUNTER_WAKEUP_STARTED] = "wakeup_started",
	[ACQREL_COUNTER_WAKEUP_MATCHED] = "wakeup_matched",
	[ACQREL_COUNTER_WAKEUP_REPEATED] = "wakeup_repeated",
	[ACQREL_COUNTER_WAKEUP_EVICTED] = "wakeup_evicted",
	[ACQREL_COUNTER_WAKEUP_UNMATCHED] = "wakeup_unmatched",
	[ACQREL_COUNTER_WAKEUP_RUNNING] = "wakeup_running",
	[ACQREL_COUNTER_READER_WOKEN] = "reader_woken",
	[ACQREL_COUNTER_READER_LATE] = "reader_late",
	[ACQREL_COUNTER_SNAPSHOT_RETRIED] = "snapshot_retried",
};

/**
 * acqrel_counter_name() - what a counter is called
 * @id: valid
 */
const char *acqrel_counter_name(enum acqrel_counter id)
{
	return acqrel_counter_names[id];
}

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
