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

/**
 * acqrel_grace_read() - copy the latencies
 * @cell: whose
 * @to: where to
 *
 * Context: any.
 */
void acqrel_grace_read(struct acqrel_config_cell *cell,
		       struct acqrel_grace *to)
{
	unsigned long flags;

	spin_lock_irqsave(&cell->grace_lock, flags);
	*to = cell->grace;
	spin_unlock_irqrestore(&cell->grace_lock, flags);
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
	sort(copy->samples, acqrel_grace_used(copy), sizeof(u64),
	     acqrel_grace_compare, NULL);
	return acqrel_grace_middle(copy);
}

static void acqrel_config_free(struct rcu_head *rcu)
{
	struct acqrel_config_node *node;
	struct acqrel_config_cell *cell;
	unsigned long flags;

	node = container_of(rcu, struct acqrel_config_node, rcu);
	cell = node->cell;
	spin_lock_irqsave(&cell->grace_lock, flags);
	acqrel_grace_add(&cell->grace,
			 ktime_get_mono_fast_ns() - node->retired_ns);
	/* pairs with acqrel_config_cell_destroy(): config.callbacks */
	spin_unlock_irqrestore(&cell->grace_lock, flags);
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
	node->cell = cell;
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
	/* pairs with call_rcu() in acqrel_config_publish(): config.reclaim */
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

	spin_lock_init(&cell->grace_lock);
	acqrel_grace_init(&cell->grace);
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
	/* pairs with acqrel_config_free(): config.callbacks */
	rcu_barrier();
	kfree(rcu_dereference_protected(cell->node, 1));
	RCU_INIT_POINTER(cell->node, NULL);
}
