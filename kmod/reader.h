/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader: takes events from all lanes, merged by clock, and wakes whoever
 * waits for them.
 */
#ifndef ACQREL_KMOD_READER_H
#define ACQREL_KMOD_READER_H

#include <linux/irq_work.h>
#include <linux/poll.h>
#include <linux/types.h>
#include <acqrel/ring_overwrite.h>

#define ACQREL_KICK_MIN	16	/* a wake-up makes a few events of its own */

extern bool acqrel_reader_kicks;
extern struct irq_work acqrel_reader_work;

/* @staged: what a reader has taken from the ring and not yet delivered */
static __always_inline bool acqrel_reader_due(const struct acqrel_oring *r,
					      unsigned int staged)
{
	u64 fill = acqrel_oring_fill(r) + staged;

	return fill > r->mask / 2 && fill >= ACQREL_KICK_MIN;
}

/**
 * acqrel_reader_kick() - wake readers if enough has come together
 * @r: the ring that was pushed to
 *
 * No fence between the push and the load of the flag: a reader that begins to
 * wait at the same moment may be missed, and is then woken by the timer.
 *
 * Context: a handler; any but NMI.
 */
static __always_inline void acqrel_reader_kick(const struct acqrel_oring *r)
{
	if (likely(!READ_ONCE(acqrel_reader_kicks)))
		return;
	if (acqrel_reader_due(r, 0))
		irq_work_queue(&acqrel_reader_work);
}

int acqrel_reader_init(void);
void acqrel_reader_exit(void);
int acqrel_reader_open(void);
void acqrel_reader_close(void);
ssize_t acqrel_reader_read(char __user *buf, size_t len, bool block);
__poll_t acqrel_reader_poll(struct file *file, poll_table *wait);
int acqrel_reader_reset(void);
void acqrel_reader_exclude(void);
int acqrel_reader_exclude_killable(void);
void acqrel_reader_admit(void);

#endif /* ACQREL_KMOD_READER_H */
