/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What kinds and counters are called, in both worlds and all interfaces.
 */
#ifndef ACQREL_NAMES_H
#define ACQREL_NAMES_H

#include <acqrel/order.h>
#include <linux/acqrel.h>

static const char * const acqrel_kind_names[__ACQREL_KIND_COUNT] = {
	[ACQREL_KIND_SCHED_SWITCH] = "sched_switch",
	[ACQREL_KIND_SCHED_WAKEUP] = "sched_wakeup",
	[ACQREL_KIND_SCHED_WAKEUP_NEW] = "sched_wakeup_new",
};

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

#endif /* ACQREL_NAMES_H */
