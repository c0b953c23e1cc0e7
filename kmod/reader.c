// SPDX-License-Identifier: GPL-2.0-only
/*
 * Merge with hold-back: events are taken from the lanes in batches and
 * delivered oldest first, once they are ACQREL_HOLD_BACK_NS old. By then a
 * slower CPU has published what happened before. What comes later all the same
 * is the oldest, so it is delivered at once, and counted.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "pipeline.h"
#include "reader.h"

/**
 * struct acqrel_stage - events taken from a lane and not yet delivered
 * @next: first of them
 * @count: end of them
 * @events: the batch
 */
struct acqrel_stage {
	unsigned int next;
	unsigned int count;
	struct acqrel_event events[ACQREL_BATCH];
};

static DEFINE_PER_CPU(struct acqrel_stage *, acqrel_stages);
static DEFINE_MUTEX(acqrel_reader_lock);	/* stages, last clock, opens */
static u64 acqrel_last_clock;
static unsigned int acqrel_opens;

static DECLARE_WAIT_QUEUE_HEAD(acqrel_reader_wait);
static atomic_t acqrel_wakes;		/* a waiter waits for it to change */
static bool acqrel_reader_armed;	/* somebody waits */
bool acqrel_reader_kicks;		/* and half a ring shall wake it */

static void acqrel_reader_disarm(void)
{
	WRITE_ONCE(acqrel_reader_kicks, false);
	WRITE_ONCE(acqrel_reader_armed, false);
}

static void acqrel_reader_wake(void)
{
	acqrel_reader_disarm();
	atomic_inc(&acqrel_wakes);
	acqrel_count(ACQREL_COUNTER_READER_WOKEN);
	wake_up_interruptible_poll(&acqrel_reader_wait, EPOLLIN | EPOLLRDNORM);
}

static void acqrel_reader_work_fn(struct irq_work *work)
{
	acqrel_reader_wake();
}

DEFINE_IRQ_WORK(acqrel_reader_work, acqrel_reader_work_fn);

/* events in a stage, for whoever does not hold the lock: may be stale */
static unsigned int acqrel_staged(unsigned int cpu)
{
	const struct acqrel_stage *stage = per_cpu(acqrel_stages, cpu);
	unsigned int next = READ_ONCE(stage->next);
	unsigned int count = READ_ONCE(stage->count);

	return count > next ? count - next : 0;
}

static bool acqrel_anything(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (acqrel_staged(cpu) ||
		    acqrel_oring_fill(&acqrel_lane_of(cpu)->ring))
			return true;
	return false;
}

static bool acqrel_any_due(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		if (acqrel_reader_due(&acqrel_lane_of(cpu)->ring,
				      acqrel_staged(cpu)))
			return true;
	return false;
}

static void acqrel_timer_fn(struct timer_list *timer);
static DEFINE_TIMER(acqrel_reader_timer, acqrel_timer_fn);

static void acqrel_wake_within(u64 ns)
{
	timer_reduce(&acqrel_reader_timer, jiffies + 1 + nsecs_to_jiffies(ns));
}

static void acqrel_timer_fn(struct timer_list *timer)
{
	/* pairs with the smp_store_mb() in acqrel_reader_arm(): reader.arm */
	smp_mb();
	if (!READ_ONCE(acqrel_reader_armed))
		return;
	if (acqrel_anything())
		acqrel_reader_wake();
	else
		acqrel_wake_within(ACQREL_FLUSH_NS);
}

/*
 * Somebody found nothing to read and will wait. A ring that is half full all
 * the same holds events that are too young: the next event would wake in vain,
 * and so would the one that the wake-up itself makes. Time will do it then.
 *
 * reader.arm: armed is stored before the timer is seen pending, the timer is
 * detached before armed is loaded; so one of the two sees the other.
 */
static void acqrel_reader_arm(void)
{
	bool due = acqrel_any_due();

	WRITE_ONCE(acqrel_reader_kicks, !due);
	/* pairs with the smp_mb() in acqrel_timer_fn(): reader.arm */
	smp_store_mb(acqrel_reader_armed, true);
	acqrel_wake_within(due ? ACQREL_HOLD_BACK_NS : ACQREL_FLUSH_NS);
}

static struct acqrel_event *acqrel_stage_head(unsigned int cpu)
{
	struct acqrel_stage *stage = per_cpu(acqrel_stages, cpu);
	unsigned int got;

	if (stage->next == stage->count) {
		got = acqrel_lane_pop(acqrel_lane_of(cpu), stage->events,
				      ACQREL_BATCH);
		WRITE_ONCE(stage->next, 0);
		WRITE_ONCE(stage->count, got);
		if (!got)
			return NULL;
	}
	return &stage->events[stage->next];
}

/*
 * The CPU with the oldest event, and in @until the clock up to which its
 * events come before those of all others. nr_cpu_ids if there is none.
 */
static unsigned int acqrel_oldest(u64 horizon, u64 *until)
{
	unsigned int cpu, oldest = nr_cpu_ids;
	const struct acqrel_event *ev;
	u64 first = U64_MAX;

	*until = horizon;
	for_each_possible_cpu(cpu) {
		ev = acqrel_stage_head(cpu);
		if (!ev || ev->clock_ns > horizon)
			continue;
		if (ev->clock_ns < first) {
			if (oldest != nr_cpu_ids)
				*until = first;
			first = ev->clock_ns;
			oldest = cpu;
		} else {
			*until = min(*until, ev->clock_ns);
		}
	}
	return oldest;
}

static u64 acqrel_horizon(void)
{
	return ktime_get_mono_fast_ns() - ACQREL_HOLD_BACK_NS;
}

/* an event leaves its stage only after it has reached the user */
static ssize_t acqrel_deliver(unsigned int cpu, u64 until, char __user *buf,
			      size_t len)
{
	struct acqrel_stage *stage = per_cpu(acqrel_stages, cpu);
	const struct acqrel_event *ev;
	size_t done = 0;

	while (len - done >= sizeof(*ev)) {
		ev = acqrel_stage_head(cpu);
		if (!ev || ev->clock_ns > until)
			break;
		if (copy_to_user(buf + done, ev, sizeof(*ev)))
			return done ? done : -EFAULT;
		if (ev->clock_ns < acqrel_last_clock)
			acqrel_count(ACQREL_COUNTER_READER_LATE);
		acqrel_last_clock = max(acqrel_last_clock, ev->clock_ns);
		WRITE_ONCE(stage->next, stage->next + 1);
		done += sizeof(*ev);
	}
	return done;
}

static ssize_t acqrel_collect(char __user *buf, size_t len)
{
	u64 until, horizon = acqrel_horizon();
	unsigned int cpu;
	size_t done = 0;
	ssize_t got;

	while (len - done >= sizeof(struct acqrel_event)) {
		cpu = acqrel_oldest(horizon, &until);
		if (cpu == nr_cpu_ids)
			break;
		got = acqrel_deliver(cpu, until, buf + done, len - done);
		if (got < 0)
			return done ? done : got;
		done += got;
		cond_resched();
	}
	return done;
}

/**
 * acqrel_reader_read() - events to user space
 * @buf: where to
 * @len: bytes, at least one event
 * @block: wait for one if there is none
 *
 * Context: may sleep; takes acqrel_reader_lock, but not while it waits.
 * Return: bytes, a multiple of the size of an event; -EINVAL for a buffer too
 *	small, -EAGAIN, -EFAULT, -ERESTARTSYS.
 */
ssize_t acqrel_reader_read(char __user *buf, size_t len, bool block)
{
	int wakes;
	ssize_t got;

	if (len < sizeof(struct acqrel_event))
		return -EINVAL;
	for (;;) {
		wakes = atomic_read(&acqrel_wakes);
		if (mutex_lock_interruptible(&acqrel_reader_lock))
			return -ERESTARTSYS;
		got = acqrel_collect(buf, len);
		mutex_unlock(&acqrel_reader_lock);
		if (got)
			return got;
		if (!block)
			return -EAGAIN;
		acqrel_reader_arm();
		if (wait_event_interruptible(acqrel_reader_wait,
					     atomic_read(&acqrel_wakes) !=
					     wakes))
			return -ERESTARTSYS;
	}
}

/**
 * acqrel_reader_poll() - is there an event to read?
 * @file: the device
 * @wait: may be NULL inside
 *
 * Context: may sleep; takes acqrel_reader_lock.
 */
__poll_t acqrel_reader_poll(struct file *file, poll_table *wait)
{
	unsigned int oldest;
	u64 until;

	poll_wait(file, &acqrel_reader_wait, wait);
	mutex_lock(&acqrel_reader_lock);
	oldest = acqrel_oldest(acqrel_horizon(), &until);
	mutex_unlock(&acqrel_reader_lock);
	if (oldest != nr_cpu_ids)
		return EPOLLIN | EPOLLRDNORM;
	acqrel_reader_arm();
	return 0;
}

/**
 * acqrel_reader_open() - a user of the device more
 *
 * Context: may sleep; takes acqrel_reader_lock.
 * Return: 0 or -ERESTARTSYS.
 */
int acqrel_reader_open(void)
{
	if (mutex_lock_interruptible(&acqrel_reader_lock))
		return -ERESTARTSYS;
	acqrel_opens++;
	mutex_unlock(&acqrel_reader_lock);
	return 0;
}

/**
 * acqrel_reader_close() - a user of the device less
 *
 * With the last one the timer ends; what was taken and not delivered waits
 * for the next.
 */
void acqrel_reader_close(void)
{
	mutex_lock(&acqrel_reader_lock);
	if (!--acqrel_opens)
		acqrel_reader_disarm();
	mutex_unlock(&acqrel_reader_lock);
}

/**
 * acqrel_reader_reset() - empty stages, lanes and counters
 *
 * Context: may sleep; no source runs.
 * Return: 0, or -EBUSY while the device is open.
 */
int acqrel_reader_reset(void)
{
	struct acqrel_stage *stage;
	unsigned int cpu;
	int err = 0;

	mutex_lock(&acqrel_reader_lock);
	if (acqrel_opens) {
		err = -EBUSY;
	} else {
		for_each_possible_cpu(cpu) {
			stage = per_cpu(acqrel_stages, cpu);
			stage->next = 0;
			stage->count = 0;
		}
		acqrel_last_clock = 0;
		acqrel_pipeline_reset();
	}
	mutex_unlock(&acqrel_reader_lock);
	return err;
}

/**
 * acqrel_reader_exclude() - stand in the place of the lanes' consumer
 *
 * Nobody takes events from a lane until acqrel_reader_admit(). A reader holds
 * the lock while it writes to user memory, which may wait for anything.
 *
 * Context: may sleep; takes acqrel_reader_lock.
 */
void acqrel_reader_exclude(void)
{
	mutex_lock(&acqrel_reader_lock);
}

/**
 * acqrel_reader_exclude_killable() - same, for who may be killed meanwhile
 *
 * Context: may sleep; takes acqrel_reader_lock.
 * Return: 0, or -EINTR and nobody is excluded.
 */
int acqrel_reader_exclude_killable(void)
{
	return mutex_lock_killable(&acqrel_reader_lock);
}

/**
 * acqrel_reader_admit() - end of acqrel_reader_exclude()
 */
void acqrel_reader_admit(void)
{
	mutex_unlock(&acqrel_reader_lock);
}

static void acqrel_stages_free(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		kfree(per_cpu(acqrel_stages, cpu));
		per_cpu(acqrel_stages, cpu) = NULL;
	}
}

/**
 * acqrel_reader_init() - a stage for each possible CPU
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM with nothing left behind.
 */
int acqrel_reader_init(void)
{
	struct acqrel_stage *stage;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		stage = kzalloc(sizeof(*stage), GFP_KERNEL);
		if (!stage) {
			acqrel_stages_free();
			return -ENOMEM;
		}
		per_cpu(acqrel_stages, cpu) = stage;
	}
	return 0;
}

/**
 * acqrel_reader_exit() - free the stages
 *
 * Context: may sleep; no source runs and the device is closed.
 */
void acqrel_reader_exit(void)
{
	acqrel_reader_disarm();
	timer_delete_sync(&acqrel_reader_timer);
	irq_work_sync(&acqrel_reader_work);
	acqrel_stages_free();
}
