// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config published by SRCU: readers may sleep and pay with two full barriers,
 * call_srcu() frees.
 */
#include <linux/mutex.h>
#include <linux/srcu.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/reclaim.h"
#include "bench/variants.h"

struct config_srcu;

struct config_srcu_node {
	struct rcu_head rcu;
	struct config_srcu *config;
	struct acqrel_snapshot snapshot;
};

struct config_srcu {
	struct config_srcu_node __rcu *node;
	struct mutex lock;	/* serialises writers */
	struct srcu_struct srcu;
	struct acqrel_reclaim reclaim;
};

static __always_inline void config_srcu_look(struct config_srcu *c,
					     struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;
	int index;

	index = srcu_read_lock(&c->srcu);
	/* pairs with the publish in config_srcu_publish(): config.publish */
	copy = srcu_dereference(c->node, &c->srcu)->snapshot;
	/* pairs with call_srcu() in config_srcu_publish(): config.reclaim */
	srcu_read_unlock(&c->srcu, index);
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_srcu_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_srcu *c = w->object;

	ACQREL_LOOP(n, config_srcu_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static void config_srcu_free(struct rcu_head *rcu)
{
	struct config_srcu_node *node;

	node = container_of(rcu, struct config_srcu_node, rcu);
	acqrel_snapshot_spoil(&node->snapshot);
	/* pairs with srcu_barrier() in _destroy(): config.callbacks */
	atomic64_inc(&node->config->reclaim.freed);
	kfree(node);
}

static int config_srcu_publish(struct config_srcu *c)
{
	struct config_srcu_node *old, *node = kmalloc(sizeof(*node), GFP_KERNEL);

	if (!node)
		return -ENOMEM;
	node->config = c;
	mutex_lock(&c->lock);
	c->reclaim.made++;
	acqrel_snapshot_set(&node->snapshot, c->reclaim.made);
	/* pairs with srcu_dereference() in config_srcu_look(): config.publish */
	old = rcu_replace_pointer(c->node, node, lockdep_is_held(&c->lock));
	mutex_unlock(&c->lock);
	/* pairs with the readers' srcu_read_unlock(): config.reclaim */
	if (old)
		call_srcu(&c->srcu, &old->rcu, config_srcu_free);
	return 0;
}

static u64 config_srcu_update(struct acqrel_worker *w, u64 n)
{
	struct config_srcu *c = w->object;
	u64 failed = 0;

	if (acqrel_reclaim_is_due(&c->reclaim))
		/* no pair: it bounds what waits to be freed */
		srcu_barrier(&c->srcu);
	for (; n; n--)
		failed += !!config_srcu_publish(c);
	return failed;
}

static u64 config_srcu_synchronize(struct acqrel_worker *w, u64 n)
{
	struct config_srcu *c = w->object;

	for (; n && !acqrel_worker_cancelled(w); n--)
		/* no pair: its time is what is measured */
		synchronize_srcu(&c->srcu);
	return n;
}

static void config_srcu_destroy(void *object)
{
	struct config_srcu *c = object;

	/* callbacks run this module's code */
	/* pairs with config_srcu_free(): config.callbacks */
	srcu_barrier(&c->srcu);
	kfree(rcu_dereference_protected(c->node, 1));
	cleanup_srcu_struct(&c->srcu);
	world_free(c);
}

static int config_srcu_create(const struct acqrel_arm_params *p, void **object)
{
	struct config_srcu *c = world_alloc(sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	mutex_init(&c->lock);
	err = init_srcu_struct(&c->srcu);
	if (err) {
		world_free(c);
		return err;
	}
	err = config_srcu_publish(c);
	if (err)
		config_srcu_destroy(c);
	else
		*object = c;
	return err;
}

static const struct acqrel_op config_srcu_ops[] = {
	{
		.name = "read",
		.burst = config_srcu_read,
		.writer = config_srcu_update,
		.bound = "floor/cpu:fence",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_srcu_update,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 16,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	}, {
		.name = "synchronize",
		.burst = config_srcu_synchronize,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 1,
		.slice_ns = 50 * NSEC_PER_MSEC,
		.bound = "floor/sched:switch",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_srcu = {
	.name = "config/srcu",
	.ops = config_srcu_ops,
	.create = config_srcu_create,
	.destroy = config_srcu_destroy,
};
