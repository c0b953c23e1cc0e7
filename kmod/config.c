// SPDX-License-Identifier: GPL-2.0-only
/*
 * Publication and reclaim of configs.
 */
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "config.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

struct acqrel_config_cell acqrel_live_config;

static void acqrel_grace_add(struct acqrel_grace *grace, u64 ns)
{
	unsigned long flags;

	spin_lock_irqsave(&grace->lock, flags);
	grace->samples[grace->count % ACQREL_GRACE_SAMPLES] = ns;
	grace->count++;
	grace->last_ns = ns;
	grace->min_ns = min(grace->min_ns, ns);
	grace->max_ns = max(grace->max_ns, ns);
	spin_unlock_irqrestore(&grace->lock, flags);
}

/**
 * acqrel_grace_read() - copy the latencies
 * @grace: whose
 * @to: where to; its lock is not touched
 *
 * Context: may sleep.
 */
void acqrel_grace_read(struct acqrel_grace *grace, struct acqrel_grace *to)
{
	unsigned long flags;

	spin_lock_irqsave(&grace->lock, flags);
	to->count = grace->count;
	to->last_ns = grace->last_ns;
	to->min_ns = grace->min_ns;
	to->max_ns = grace->max_ns;
	memcpy(to->samples, grace->samples, sizeof(to->samples));
	spin_unlock_irqrestore(&grace->lock, flags);
}

static int acqrel_cmp_u64(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/**
 * acqrel_grace_median() - median latency
 * @copy: made by acqrel_grace_read(); its samples are sorted in place
 *
 * Return: the median of the last %ACQREL_GRACE_SAMPLES in ns, the lower one
 *	of the middle two; 0 without samples.
 */
u64 acqrel_grace_median(struct acqrel_grace *copy)
{
	u64 n = min_t(u64, copy->count, ACQREL_GRACE_SAMPLES);

	if (!n)
		return 0;
	sort(copy->samples, n, sizeof(u64), acqrel_cmp_u64, NULL);
	return copy->samples[(n - 1) / 2];
}

static void acqrel_config_free(struct rcu_head *rcu)
{
	struct acqrel_config_node *node;

	node = container_of(rcu, struct acqrel_config_node, rcu);
	acqrel_grace_add(node->grace,
			 ktime_get_mono_fast_ns() - node->retired_ns);
	kfree(node);
}

static struct acqrel_config_node *
acqrel_config_node_new(struct acqrel_config_cell *cell,
		       const struct acqrel_config_values *v, u64 generation)
{
	struct acqrel_config_node *node;

	node = kmalloc(offsetof(struct acqrel_config_node, config) +
		       acqrel_config_size(v), GFP_KERNEL);
	if (!node)
		return NULL;
	node->grace = &cell->grace;
	acqrel_config_fill(&node->config, v, generation);
	return node;
}

static struct acqrel_config_node *
acqrel_config_writer_node(struct acqrel_config_cell *cell)
{
	return rcu_dereference_protected(cell->node,
					 lockdep_is_held(&cell->lock));
}

/**
 * acqrel_config_publish() - put a new config in force
 * @cell: where
 * @v: what
 * @why: where a sentence goes that names what is wrong, if something is
 *
 * Readers that start after the return see it. The old one is freed after a
 * grace period. A failed call changes nothing.
 *
 * Context: may sleep; takes the cell's lock.
 * Return: 0, -EINVAL with @why set, or -ENOMEM.
 */
int acqrel_config_publish(struct acqrel_config_cell *cell,
			  const struct acqrel_config_values *v,
			  const char **why)
{
	struct acqrel_config_node *node, *old;
	u64 generation;

	*why = acqrel_config_check(v);
	if (*why)
		return -EINVAL;

	mutex_lock(&cell->lock);
	generation = acqrel_config_writer_node(cell)->config.generation + 1;
	node = acqrel_config_node_new(cell, v, generation);
	if (!node) {
		mutex_unlock(&cell->lock);
		return -ENOMEM;
	}
	/* pairs with acqrel_config_dereference(): config.publish */
	old = rcu_replace_pointer(cell->node, node,
				  lockdep_is_held(&cell->lock));
	if (cell == &acqrel_live_config)
		trace_acqrel_config_publish(&node->config);
	mutex_unlock(&cell->lock);

	old->retired_ns = ktime_get_mono_fast_ns();
	/* pairs with the readers' rcu_read_unlock(): config.reclaim */
	call_rcu(&old->rcu, acqrel_config_free);
	return 0;
}

/**
 * acqrel_config_snapshot() - the values in force
 * @cell: where they are published
 * @v: where to
 * @generation: where their number goes
 *
 * Context: any but NMI.
 */
void acqrel_config_snapshot(struct acqrel_config_cell *cell,
			    struct acqrel_config_values *v, u64 *generation)
{
	const struct acqrel_config *c;

	rcu_read_lock();
	c = acqrel_config_dereference(cell);
	acqrel_config_values(c, v);
	*generation = c->generation;
	rcu_read_unlock();
}

/**
 * acqrel_config_cell_init() - a cell with generation 1 of the defaults
 * @cell: nobody else can see it yet
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int acqrel_config_cell_init(struct acqrel_config_cell *cell)
{
	struct acqrel_config_values v;
	struct acqrel_config_node *node;

	memset(&cell->grace, 0, sizeof(cell->grace));
	spin_lock_init(&cell->grace.lock);
	cell->grace.min_ns = U64_MAX;
	mutex_init(&cell->lock);
	acqrel_config_defaults(&v);
	node = acqrel_config_node_new(cell, &v, 1);
	if (!node)
		return -ENOMEM;
	RCU_INIT_POINTER(cell->node, node);
	return 0;
}

/**
 * acqrel_config_cell_destroy() - free what a cell holds
 * @cell: no reader is inside and no writer can come
 *
 * Context: may sleep for several grace periods: callbacks under way are waited
 *	for, since they run code of this module.
 */
void acqrel_config_cell_destroy(struct acqrel_config_cell *cell)
{
	rcu_barrier();
	kfree(rcu_dereference_protected(cell->node, 1));
	RCU_INIT_POINTER(cell->node, NULL);
}
