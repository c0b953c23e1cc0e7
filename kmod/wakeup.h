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
 * A delay of more than 36 minutes would come out short by a multiple of that.
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
	return (now - word) & ACQREL_START_MASK;
}

int acqrel_wakeup_init(void);
void acqrel_wakeup_exit(void);
void acqrel_wakeup_reset(void);
void acqrel_wakeup_start(s32 pid, bool is_new, u64 now);
u64 acqrel_wakeup_end(s32 pid);

#endif /* ACQREL_KMOD_WAKEUP_H */
