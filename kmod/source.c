// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting and stopping sources. One lock for all: RESET needs them quiet.
 */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "netlink.h"
#include "reader.h"
#include "source.h"
#include "wakeup.h"

static const struct acqrel_source_ops * const acqrel_sources[] = {
	&acqrel_source_sched,
	&acqrel_source_generator,
};

static DEFINE_MUTEX(acqrel_source_lock);	/* what follows, and the ops */
static bool acqrel_source_running[ARRAY_SIZE(acqrel_sources)];
static unsigned int acqrel_nr_changes = 1;

/**
 * acqrel_source_count() - how many there are
 */
unsigned int acqrel_source_count(void)
{
	return ARRAY_SIZE(acqrel_sources);
}

/**
 * acqrel_source_find() - by name
 * @name: to look for
 *
 * Return: its index or -ENOENT.
 */
int acqrel_source_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acqrel_sources); i++)
		if (!strcmp(acqrel_sources[i]->name, name))
			return i;
	return -ENOENT;
}

static void acqrel_source_cost_sum(const struct acqrel_source_ops *ops,
				   struct acqrel_source_cost *sum)
{
	const struct acqrel_source_cost *cost;
	unsigned int cpu, i;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		cost = per_cpu_ptr(ops->cost, cpu);
		sum->offered += READ_ONCE(cost->offered);
		for (i = 0; i < 2; i++) {
			sum->ns[i] += READ_ONCE(cost->ns[i]);
			sum->n[i] += READ_ONCE(cost->n[i]);
		}
	}
}

static void acqrel_source_read_locked(unsigned int i,
				      struct acqrel_source_info *info)
{
	const struct acqrel_source_ops *ops = acqrel_sources[i];

	lockdep_assert_held(&acqrel_source_lock);
	memset(info, 0, sizeof(*info));
	info->name = ops->name;
	info->generates = ops->generates;
	info->running = acqrel_source_running[i];
	if (ops->fill)
		ops->fill(info);
	acqrel_source_cost_sum(ops, &info->cost);
}

/**
 * acqrel_source_read() - the state of a source
 * @i: its index
 * @info: where to
 *
 * Context: may sleep.
 */
void acqrel_source_read(unsigned int i, struct acqrel_source_info *info)
{
	mutex_lock(&acqrel_source_lock);
	acqrel_source_read_locked(i, info);
	mutex_unlock(&acqrel_source_lock);
}

/**
 * acqrel_source_changes() - how often a source was started or stopped
 */
unsigned int acqrel_source_changes(void)
{
	return READ_ONCE(acqrel_nr_changes);
}

/* announced under the lock, so that the last message is the last state */
static void acqrel_source_set(unsigned int i, bool running)
{
	struct acqrel_source_info info;

	acqrel_source_running[i] = running;
	WRITE_ONCE(acqrel_nr_changes, acqrel_nr_changes + 1);
	acqrel_source_read_locked(i, &info);
	acqrel_netlink_source_changed(&info);
}

/**
 * acqrel_source_start() - let a source offer events
 * @i: its index
 * @p: parameters
 * @why: where a sentence goes if it cannot
 *
 * Context: may sleep.
 * Return: 0, -EBUSY if it runs, -EINVAL for parameters it does not take, or
 *	the source's own error.
 */
int acqrel_source_start(unsigned int i, const struct acqrel_source_params *p,
			const char **why)
{
	const struct acqrel_source_ops *ops = acqrel_sources[i];
	int err;

	if (p->given && !ops->generates) {
		*why = "this source takes no seed, rate or count";
		return -EINVAL;
	}
	mutex_lock(&acqrel_source_lock);
	if (acqrel_source_running[i]) {
		*why = "this source is running";
		err = -EBUSY;
	} else {
		err = ops->start(p, why);
	}
	if (!err)
		acqrel_source_set(i, true);
	mutex_unlock(&acqrel_source_lock);
	return err;
}

static void acqrel_source_end(unsigned int i, bool only_if_finished)
{
	const struct acqrel_source_ops *ops = acqrel_sources[i];

	mutex_lock(&acqrel_source_lock);
	if (acqrel_source_running[i] &&
	    (!only_if_finished || ops->finished())) {
		ops->stop();
		acqrel_source_set(i, false);
	}
	mutex_unlock(&acqrel_source_lock);
}

/**
 * acqrel_source_stop() - let a source be silent
 * @i: its index
 *
 * When it returns no event of the source is under way. No error if it was
 * stopped before.
 *
 * Context: may sleep for a grace period.
 */
void acqrel_source_stop(unsigned int i)
{
	acqrel_source_end(i, false);
}

/**
 * acqrel_source_finished() - a source has nothing more to offer
 * @ops: which; it may have been stopped and started again meanwhile
 *
 * Context: may sleep; not from a thread that ops->stop() waits for.
 */
void acqrel_source_finished(const struct acqrel_source_ops *ops)
{
	acqrel_source_end(acqrel_source_find(ops->name), true);
}

/**
 * acqrel_sources_reset() - zero everything that sources have left
 *
 * Context: may sleep.
 * Return: 0, or -EBUSY while a source runs or the device is open.
 */
int acqrel_sources_reset(void)
{
	unsigned int i, cpu;
	int err = 0;

	mutex_lock(&acqrel_source_lock);
	for (i = 0; i < ARRAY_SIZE(acqrel_sources); i++)
		if (acqrel_source_running[i])
			err = -EBUSY;
	if (!err)
		err = acqrel_reader_reset();
	if (!err) {
		acqrel_wakeup_reset();
		for (i = 0; i < ARRAY_SIZE(acqrel_sources); i++)
			for_each_possible_cpu(cpu)
				memset(per_cpu_ptr(acqrel_sources[i]->cost, cpu),
				       0, sizeof(struct acqrel_source_cost));
	}
	mutex_unlock(&acqrel_source_lock);
	return err;
}

/**
 * acqrel_sources_exit() - stop all
 *
 * Context: may sleep; nobody can start one any more.
 */
void acqrel_sources_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acqrel_sources); i++)
		acqrel_source_stop(i);
	acqrel_generator_exit();
}
