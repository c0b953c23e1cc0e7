// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recorder: readers. OPEN of all CPUs, then records of the CPUs in turn, and
 * once the recording has ended and all of them are read, CLOSE of all CPUs.
 *
 * A read that waits does so until it is worth it: for half a ring, or for
 * ACQREL_FLUSH_NS. Otherwise the reader's own wake-ups would be a good part of
 * what it records.
 */
#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "chunk.h"
#include "pipeline.h"
#include "record.h"
#include "recorder.h"

#define ACQREL_RECORD_FLUSH	nsecs_to_jiffies(ACQREL_FLUSH_NS)

/**
 * acqrel_recorder_wake() - wake who waits for records
 * @r: the recorder
 *
 * Context: any but a handler, which queues the work that does it.
 */
void acqrel_recorder_wake(struct acqrel_recorder *r)
{
	WRITE_ONCE(r->kicks, false);
	wake_up_interruptible_poll(&r->wait, EPOLLIN | EPOLLRDNORM);
}

static void acqrel_recorder_work_fn(struct irq_work *work)
{
	acqrel_recorder_wake(container_of(work, struct acqrel_recorder, work));
}

static void acqrel_recorder_timer_fn(struct timer_list *timer)
{
	struct acqrel_recorder *r;

	r = container_of(timer, struct acqrel_recorder, timer);
	WRITE_ONCE(r->flush, true);
	acqrel_recorder_wake(r);
}

/**
 * acqrel_recorder_wait_init() - nobody waits; the first read need not
 * @r: the recorder, which nobody else has
 */
void acqrel_recorder_wait_init(struct acqrel_recorder *r)
{
	r->flush = true;
	init_waitqueue_head(&r->wait);
	init_irq_work(&r->work, acqrel_recorder_work_fn);
	timer_setup(&r->timer, acqrel_recorder_timer_fn, 0);
}

/**
 * acqrel_recorder_wait_exit() - no wake-up is under way any more
 * @r: the recorder, which has stopped and nobody else has
 *
 * Context: may sleep.
 */
void acqrel_recorder_wait_exit(struct acqrel_recorder *r)
{
	irq_work_sync(&r->work);
	timer_delete_sync(&r->timer);
}

/*
 * Like acqrel_sink_put(); OPEN or CLOSE of the CPUs from @next on. With the
 * CLOSE a CPU's records were read: the memory shall not wait for close().
 */
static int acqrel_recorder_put(struct acqrel_recorder *r,
			       struct acqrel_sink *s, u32 type,
			       unsigned int *next)
{
	struct acqrel_recorder_cpu *c;
	struct acqrel_piece a = { .bytes = sizeof(c->open) }, b = { };
	unsigned int cpu;
	int err;

	for (cpu = *next; cpu < nr_cpu_ids; cpu++) {
		c = r->cpus[cpu];
		if (c) {
			a.data = type == ACQREL_TRACE_OPEN ? &c->open :
							     &c->close;
			err = acqrel_sink_put(s, type, cpu, a, b);
			if (err)
				return err;
			if (type == ACQREL_TRACE_CLOSE)
				acqrel_recorder_cpu_done(c);
		}
		WRITE_ONCE(*next, cpu + 1);
	}
	return 0;
}

/* of the @n oldest units, how many are whole records that fit into @room */
static u64 acqrel_recorder_whole(const struct acqrel_span *ring, u64 n,
				 u64 room)
{
	u64 i = 0, units;

	if (n <= room)
		return n;
	for (;;) {
		/* units of a record, as of every type, are its second byte */
		units = ((const u8 *)&ring->units[(ring->tail + i) &
						  ring->mask])[1];
		if (i + units > room)
			return i;
		i += units;
	}
}

/* one DATA of a CPU, none past its goal; 1, 0 or as acqrel_sink_put() */
static int acqrel_recorder_take(struct acqrel_recorder_cpu *c, unsigned int cpu,
				struct acqrel_sink *s)
{
	struct acqrel_span *ring = &c->tap.ring;
	const struct acqrel_span_unit *first;
	size_t room = min_t(size_t, acqrel_sink_room(s), ACQREL_TRACE_DATA_MAX);
	u64 straight, n = acqrel_span_peek(ring, &first, &straight);
	struct acqrel_piece a, b;
	int err;

	n = min(n, c->goal - ring->tail);
	if (!n)
		return 0;
	n = acqrel_recorder_whole(ring, n, room / ACQREL_TRACE_UNIT);
	if (!n)
		return -ENOBUFS;
	a.data = first;
	a.bytes = min(n, straight) * ACQREL_TRACE_UNIT;
	b.data = ring->units;
	b.bytes = n * ACQREL_TRACE_UNIT - a.bytes;
	err = acqrel_sink_put(s, ACQREL_TRACE_DATA, cpu, a, b);
	if (err)
		return err;
	acqrel_span_release(ring, n);
	return 1;
}

/*
 * What there is now, not what comes meanwhile: a read ends, and its chunks are
 * as large as they can be.
 */
static void acqrel_recorder_goals(struct acqrel_recorder *r)
{
	const struct acqrel_span_unit *first;
	struct acqrel_span *ring;
	unsigned int cpu;
	u64 straight;

	for_each_possible_cpu(cpu) {
		ring = &r->cpus[cpu]->tap.ring;
		r->cpus[cpu]->goal = ring->tail +
				     acqrel_span_peek(ring, &first, &straight);
	}
}

/*
 * The CPUs in turn, so that none waits for a busier one. A signal ends it as
 * a full buffer does, but only after there is something to return.
 */
static int acqrel_recorder_data(struct acqrel_recorder *r,
				struct acqrel_sink *s)
{
	struct acqrel_recorder_cpu *c;
	const size_t room = s->left;
	unsigned int empty = 0;
	int got;

	acqrel_recorder_goals(r);
	while (empty < nr_cpu_ids) {
		c = r->cpus[r->turn];
		got = c ? acqrel_recorder_take(c, r->turn, s) : 0;
		if (got < 0)
			return got;
		empty = got ? 0 : empty + 1;
		r->turn = r->turn + 1 < nr_cpu_ids ? r->turn + 1 : 0;
		if (s->left < room && signal_pending(current))
			return -ENOBUFS;
		cond_resched();
	}
	return 0;
}

static ssize_t acqrel_recorder_collect(struct acqrel_recorder *r,
				       char __user *buf, size_t len)
{
	struct acqrel_sink s = { .at = buf, .left = len };
	int err;

	lockdep_assert_held(&r->lock);
	err = acqrel_recorder_put(r, &s, ACQREL_TRACE_OPEN, &r->opened);
	if (!err)
		err = acqrel_recorder_data(r, &s);
	if (!err && r->stopped)
		err = acqrel_recorder_put(r, &s, ACQREL_TRACE_CLOSE,
					  &r->closed);
	WRITE_ONCE(r->flush, err == -ENOBUFS);
	return s.left < len ? len - s.left : err;
}

/* enough to be worth a read? if not, half a ring shall wake */
static bool acqrel_recorder_due(struct acqrel_recorder *r)
{
	unsigned int cpu;

	WRITE_ONCE(r->kicks, true);
	if (READ_ONCE(r->flush) || READ_ONCE(r->stopped))
		return true;
	for_each_possible_cpu(cpu)
		if (acqrel_recorder_half(&r->cpus[cpu]->tap.ring))
			return true;
	return false;
}

static bool acqrel_recorder_anything(struct acqrel_recorder *r)
{
	unsigned int cpu;

	if (READ_ONCE(r->opened) < nr_cpu_ids || READ_ONCE(r->stopped))
		return true;
	for_each_possible_cpu(cpu)
		if (acqrel_span_fill(&r->cpus[cpu]->tap.ring))
			return true;
	return false;
}

/* somebody will wait; who was first says when, however often others come */
static void acqrel_recorder_arm(struct acqrel_recorder *r)
{
	WRITE_ONCE(r->kicks, true);
	timer_reduce(&r->timer, jiffies + ACQREL_RECORD_FLUSH);
}

static int acqrel_recorder_wait(struct acqrel_recorder *r)
{
	long left;

	left = wait_event_interruptible_timeout(r->wait, acqrel_recorder_due(r),
						ACQREL_RECORD_FLUSH);
	/* kicks stay: another one may wait; in vain it wakes once */
	if (!left)
		WRITE_ONCE(r->flush, true);
	return left < 0 ? left : 0;
}

/**
 * acqrel_recorder_read() - chunks to user space
 * @r: the recorder
 * @buf: where to; what there is when it begins goes there, if it fits
 * @len: bytes, at least %ACQREL_TRACE_READ_MIN
 * @block: wait until half a ring or %ACQREL_FLUSH_NS have passed, so that there
 *	is something worth it; else take what there is
 *
 * Context: may sleep.
 * Return: bytes; 0 after the last; -EINVAL, -EAGAIN, -EFAULT, -ERESTARTSYS.
 */
ssize_t acqrel_recorder_read(struct acqrel_recorder *r, char __user *buf,
			     size_t len, bool block)
{
	bool stopped;
	ssize_t got;

	if (len < ACQREL_TRACE_READ_MIN)
		return -EINVAL;
	for (;;) {
		if (block && acqrel_recorder_wait(r))
			return -ERESTARTSYS;
		if (mutex_lock_interruptible(&r->lock))
			return -ERESTARTSYS;
		stopped = r->stopped;
		got = acqrel_recorder_collect(r, buf, len);
		mutex_unlock(&r->lock);
		if (got || stopped)
			return got;
		if (!block) {
			/* an edge-triggered epoll does not poll again */
			acqrel_recorder_arm(r);
			return -EAGAIN;
		}
	}
}

/**
 * acqrel_recorder_poll() - is there something worth a read?
 * @r: the recorder
 * @file: the device
 * @wait: may be NULL inside
 *
 * Context: any that may take a spinlock.
 */
__poll_t acqrel_recorder_poll(struct acqrel_recorder *r, struct file *file,
			      poll_table *wait)
{
	poll_wait(file, &r->wait, wait);
	if (acqrel_recorder_due(r) && acqrel_recorder_anything(r))
		return EPOLLIN | EPOLLRDNORM;
	acqrel_recorder_arm(r);
	return 0;
}
