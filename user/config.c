// SPDX-License-Identifier: GPL-2.0-only
/*
 * Publication and reclaim of configs.
 */
#include <stdlib.h>

#include "clock.h"
#include "config.h"

#ifdef __SANITIZE_THREAD__
char acqrel_rcu_grace, acqrel_rcu_callbacks;
#endif

/**
 * acqrel_grace_read() - copy the latencies
 * @cell: whose
 * @to: where to
 */
void acqrel_grace_read(struct acqrel_config_cell *cell,
		       struct acqrel_grace *to)
{
	pthread_mutex_lock(&cell->grace_lock);
	*to = cell->grace;
	pthread_mutex_unlock(&cell->grace_lock);
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
	qsort(copy->samples, acqrel_grace_used(copy), sizeof(u64),
	      acqrel_grace_compare);
	return acqrel_grace_middle(copy);
}

static void acqrel_config_free(struct acqrel_config_node *node)
{
	struct acqrel_config_cell *cell = node->cell;

	pthread_mutex_lock(&cell->grace_lock);
	acqrel_grace_add(&cell->grace, acqrel_clock() - node->retired_ns);
	pthread_mutex_unlock(&cell->grace_lock);
	free(node);
}

static void acqrel_config_callback(struct rcu_head *rcu)
{
	struct acqrel_config_node *node;
	u64 *retired;

	acqrel_rcu_callback_begin();
	node = caa_container_of(rcu, struct acqrel_config_node, rcu);
	retired = &node->cell->retired;
	acqrel_config_free(node);
	/* pairs with acqrel_config_cell_destroy(): config.callbacks */
	__atomic_fetch_sub(retired, 1, __ATOMIC_RELAXED);
	acqrel_rcu_callback_end();
}

/* free @node, which no new reader can find, when the last reader has left */
static void acqrel_config_reclaim(struct acqrel_config_cell *cell,
				  struct acqrel_config_node *node)
{
	node->retired_ns = acqrel_clock();
	if (cell->reclaim == ACQREL_RECLAIM_SYNCHRONIZE) {
		/* pairs with the readers' unlock: config.reclaim */
		synchronize_rcu();
		acqrel_config_free(node);
		return;
	}
	__atomic_fetch_add(&cell->retired, 1, __ATOMIC_RELAXED);
	/* pairs with the readers' unlock: config.reclaim */
	call_rcu(&node->rcu, acqrel_config_callback);
	/* nothing else keeps a fast writer from eating all memory */
	if (READ_ONCE(cell->retired) >= ACQREL_RETIRED_MAX)
		/* no pair: it bounds what waits to be freed */
		rcu_barrier();
}

static struct acqrel_config_node *
acqrel_config_node_new(struct acqrel_config_cell *cell,
		       const struct acqrel_config_values *v)
{
	struct acqrel_config_node *node;

	node = malloc(offsetof(struct acqrel_config_node, config) +
		      acqrel_config_size(v));
	if (!node)
		return NULL;
	node->cell = cell;
	acqrel_config_fill(&node->config, v, 1);
	return node;
}

/* put @node in force and return what was */
static struct acqrel_config_node *
acqrel_config_replace(struct acqrel_config_cell *cell,
		      struct acqrel_config_node *node)
{
	struct acqrel_config_node *old;

	pthread_mutex_lock(&cell->lock);
	old = cell->node;
	node->config.generation = old->config.generation + 1;
	/* pairs with acqrel_config_dereference(): config.publish */
	rcu_assign_pointer(cell->node, node);
	pthread_mutex_unlock(&cell->lock);
	return old;
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
 * Context: outside rcu_read_lock(); takes the cell's lock. A registered thread
 *	unless the cell reclaims with synchronize_rcu().
 * Return: 0, -EINVAL with @why set, or -ENOMEM.
 */
int acqrel_config_publish(struct acqrel_config_cell *cell,
			  const struct acqrel_config_values *v,
			  const char **why)
{
	struct acqrel_config_node *node;

	*why = acqrel_config_check(v);
	if (*why)
		return -EINVAL;
	node = acqrel_config_node_new(cell, v);
	if (!node)
		return -ENOMEM;
	acqrel_config_reclaim(cell, acqrel_config_replace(cell, node));
	return 0;
}

/**
 * acqrel_config_snapshot() - the values in force
 * @cell: where they are published
 * @v: where to
 * @generation: where their number goes
 *
 * Context: a registered reader.
 */
void acqrel_config_snapshot(struct acqrel_config_cell *cell,
			    struct acqrel_config_values *v, u64 *generation)
{
	const struct acqrel_config *c;

	rcu_read_lock();
	c = acqrel_config_dereference(cell);
	acqrel_config_values(c, v);
	*generation = c->generation;
	/* pairs with acqrel_config_reclaim(): config.reclaim */
	rcu_read_unlock();
}

/**
 * acqrel_config_cell_init() - a cell with generation 1 of the defaults
 * @cell: nobody else can see it yet
 *
 * The process's thread for callbacks is made here, if there is none yet, and
 * may run where the caller may.
 *
 * Return: 0 or -ENOMEM.
 */
int acqrel_config_cell_init(struct acqrel_config_cell *cell)
{
	struct acqrel_config_values v;

	memset(cell, 0, sizeof(*cell));
	pthread_mutex_init(&cell->grace_lock, NULL);
	acqrel_grace_init(&cell->grace);
	pthread_mutex_init(&cell->lock, NULL);
	acqrel_config_defaults(&v);
	cell->node = acqrel_config_node_new(cell, &v);
	/* made by the first call_rcu() it would be pinned like its caller */
	get_default_call_rcu_data();
	return cell->node ? 0 : -ENOMEM;
}

/**
 * acqrel_config_cell_destroy() - free what a cell holds
 * @cell: no reader is inside and no writer can come
 *
 * Context: outside rcu_read_lock(). Waits for the callbacks under way, which
 *	use the cell.
 */
void acqrel_config_cell_destroy(struct acqrel_config_cell *cell)
{
	/* pairs with acqrel_config_callback(): config.callbacks */
	rcu_barrier();
	free(cell->node);
	cell->node = NULL;
	pthread_mutex_destroy(&cell->lock);
	pthread_mutex_destroy(&cell->grace_lock);
}
