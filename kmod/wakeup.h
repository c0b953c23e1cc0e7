/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Delays between a wake-up and the moment the task runs, without a lock or an
 * allocation: a table of single words, indexed by pid.
 *
 * A word holds pid, kind and start: whoever exchanges it has all of them or
 * nothing, so no order between words is needed. Every delay that starts ends
 * as matched, as evicted by a pid that shares its word, or is still in the
 * table.
 */
#ifndef ACQREL_KMOD_WAKEUP_H
#define ACQREL_KMOD_WAKEUP_H

#include <linux/bits.h>
#include <linux/types.h>

/*
 * [63:42] pid, never 0	[41] first wake-up	[40:0] start, ns modulo 2^41
 *
 * A delay is good up to 18 minutes; the other half of the range is for an end
 * that seems to come before its start, read from two CPUs' clocks.
 */
#define ACQREL_START_BITS	41
#define ACQREL_START_MASK	(BIT_ULL(ACQREL_START_BITS) - 1)
#define ACQREL_NEW_BIT		BIT_ULL(ACQREL_START_BITS)
#define ACQREL_PID_SHIFT	(ACQREL_START_BITS + 1)

static __always_inline bool acqrel_wakeup_is_new(u64 word)
{
	return word & ACQREL_NEW_BIT;
}

static __always_inline u64 acqrel_wakeup_delay(u64 word, u64 now)
{
	u64 delay = (now - word) & ACQREL_START_MASK;

	return delay <= ACQREL_START_MASK / 2 ? delay : 0;
}

int acqrel_wakeup_init(void);
void acqrel_wakeup_exit(void);
void acqrel_wakeup_reset(void);
void acqrel_wakeup_start(s32 pid, bool is_new, u64 now);
u64 acqrel_wakeup_end(s32 pid);

#endif /* ACQREL_KMOD_WAKEUP_H */
