// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config published by RCU, as the pipeline's (kmod/config.c): readers pay
 * nothing, call_rcu() frees.
 */
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/reclaim.h"
#include "bench/variants.h"

struct config_rcu;

struct config_rcu_node {
	struct rcu_head rcu;
	struct config_rcu *config;
	struct acqrel_snapshot snapshot;
};

struct config_rcu {
	struct config_rcu_node __rcu *node;
	struct mutex lock;	/* serialises writers */
	struct acqrel_reclaim reclaim;
};

static __always_inline void config_rcu_look(struct config_rcu *c,
					    struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	rcu_read_lock();
	/* pairs with the publish in config_rcu_publish(): config.publish */
	copy = rcu_dereference(c->node)->snapshot;
	/* pairs with call_rcu() in config_rcu_publish(): config.reclaim */
	rcu_read_unlock();
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_rcu_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_rcu *c = w->object;

	ACQREL_LOOP(n, config_rcu_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static void config_rcu_free(struct rcu_head *rcu)
{
	struct config_rcu_node *node;

	node = container_of(rcu, struct config_rcu_node, rcu);
	acqrel_snapshot_spoil(&node->snapshot);
	/* pairs with rcu_barrier() in _destroy(): config.callbacks */
	atomic64_inc(&node->config->reclaim.freed);
	kfree(node);
}

static int config_rcu_publish(struct config_rcu *c)
{
	struct config_rcu_node *old, *node = kmalloc(sizeof(*node), GFP_KERNEL);

	if (!node)
		return -ENOMEM;
	node->config = c;
	mutex_lock(&c->lock);
	c->reclaim.made++;
	acqrel_snapshot_set(&node->snapshot, c->reclaim.made);
	/* pairs with rcu_dereference() in config_rcu_look(): config.publish */
	old = rcu_replace_pointer(c->node, node, lockdep_is_held(&c->lock));
	mutex_unlock(&c->lock);
	/* pairs with the readers' rcu_read_unlock(): config.reclaim */
	if (old)
		call_rcu(&old->rcu, config_rcu_free);
	return 0;
}

static u64 config_rcu_update(struct acqrel_worker *w, u64 n)
{
	struct config_rcu *c = w->object;
	u64 failed = 0;

	if (acqrel_reclaim_is_due(&c->reclaim))
		/* no pair: it bounds what waits to be freed */
		rcu_barrier();
	for (; n; n--)
		failed += !!config_rcu_publish(c);
	return failed;
}

static u64 config_rcu_synchronize(struct acqrel_worker *w, u64 n)
{
	for (; n && !acqrel_worker_cancelled(w); n--)
		/* no pair: its time is what is measured */
		synchronize_rcu();
	return n;
}

static u64 config_rcu_synchronize_exp(struct acqrel_worker *w, u64 n)
{
	for (; n && !acqrel_worker_cancelled(w); n--)
		/* no pair: its time is what is measured */
		synchronize_rcu_expedited();
	return n;
}

static int config_rcu_create(const struct acqrel_arm_params *p, void **object)
{
	struct config_rcu *c = world_alloc(sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	mutex_init(&c->lock);
	err = config_rcu_publish(c);
	if (err)
		world_free(c);
	else
		*object = c;
	return err;
}

static void config_rcu_destroy(void *object)
{
	struct config_rcu *c = object;

	/* callbacks run this module's code */
	/* pairs with config_rcu_free(): config.callbacks */
	rcu_barrier();
	kfree(rcu_dereference_protected(c->node, 1));
	world_free(c);
}

static const struct acqrel_op config_rcu_ops[] = {
	{
		.name = "read",
		.burst = config_rcu_read,
		.writer = config_rcu_update,
		.bound = "floor/cpu:load",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_rcu_update,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 16,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	}, {
		.name = "synchronize",
		.burst = config_rcu_synchronize,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 1,
		.slice_ns = 100 * NSEC_PER_MSEC,
		.bound = "floor/sched:switch",
		.bound_times = 2000,
	}, {
		.name = "synchronize_exp",
		.burst = config_rcu_synchronize_exp,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 1,
		.slice_ns = 50 * NSEC_PER_MSEC,
		.bound = "floor/sched:switch",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_rcu = {
	.name = "config/rcu",
	.ops = config_rcu_ops,
	.create = config_rcu_create,
	.destroy = config_rcu_destroy,
};
