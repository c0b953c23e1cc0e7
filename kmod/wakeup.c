// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <linux/acqrel.h>

#include "counter.h"
#include "wakeup.h"

#define ACQREL_WAKEUPS		65536

static u64 *acqrel_wakeups;

static __always_inline u64 *acqrel_wakeup_word(s32 pid)
{
	return &acqrel_wakeups[pid % ACQREL_WAKEUPS];
}

static __always_inline s32 acqrel_wakeup_pid(u64 word)
{
	return word >> ACQREL_PID_SHIFT;
}

/**
 * acqrel_wakeup_start() - a task was woken
 * @pid: of the task, 1 or above
 * @is_new: its first wake-up
 * @now: local_clock()
 *
 * A second wake-up keeps the first.
 *
 * Context: any.
 */
notrace void acqrel_wakeup_start(s32 pid, bool is_new, u64 now)
{
	u64 *word = acqrel_wakeup_word(pid);
	u64 old = READ_ONCE(*word);
	u64 new = (u64)pid << ACQREL_PID_SHIFT | (now & ACQREL_START_MASK);

	if (acqrel_wakeup_pid(old) == pid) {
		acqrel_count(ACQREL_COUNTER_WAKEUP_REPEATED);
		return;
	}
	if (is_new)
		new |= ACQREL_NEW_BIT;
	if (xchg_relaxed(word, new))
		acqrel_count(ACQREL_COUNTER_WAKEUP_EVICTED);
	acqrel_count(ACQREL_COUNTER_WAKEUP_STARTED);
}

/**
 * acqrel_wakeup_end() - a task runs
 * @pid: of the task, 1 or above
 *
 * Context: any.
 * Return: what acqrel_wakeup_is_new() and acqrel_wakeup_delay() take, or 0 if
 *	no delay of the task was under way.
 */
notrace u64 acqrel_wakeup_end(s32 pid)
{
	u64 *word = acqrel_wakeup_word(pid);
	u64 old = READ_ONCE(*word);

	if (acqrel_wakeup_pid(old) != pid ||
	    cmpxchg_relaxed(word, old, 0) != old) {
		acqrel_count(ACQREL_COUNTER_WAKEUP_UNMATCHED);
		return 0;
	}
	acqrel_count(ACQREL_COUNTER_WAKEUP_MATCHED);
	return old;
}

/**
 * acqrel_wakeup_reset() - forget all delays
 *
 * Context: no source runs.
 */
void acqrel_wakeup_reset(void)
{
	memset(acqrel_wakeups, 0, ACQREL_WAKEUPS * sizeof(u64));
}

/**
 * acqrel_wakeup_init() - an empty table
 *
 * Return: 0 or -ENOMEM.
 */
int acqrel_wakeup_init(void)
{
	BUILD_BUG_ON(BIT_ULL(64 - ACQREL_PID_SHIFT) < ACQREL_PID_LIMIT);

	acqrel_wakeups = vzalloc(ACQREL_WAKEUPS * sizeof(u64));
	return acqrel_wakeups ? 0 : -ENOMEM;
}

/**
 * acqrel_wakeup_exit() - free the table
 *
 * Context: no source runs.
 */
void acqrel_wakeup_exit(void)
{
	vfree(acqrel_wakeups);
}
