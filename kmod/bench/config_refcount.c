// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config that readers take a reference to: RCU makes the look-up safe, the
 * count keeps the snapshot for as long as it is used. Who drops the last
 * reference gives it to call_rcu().
 *
 * config.drop: the snapshot is used before the count is released, so who drops
 * the last reference frees what nobody uses any more.
 */
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/reclaim.h"
#include "bench/variants.h"

struct config_refcount;

struct config_refcount_node {
	struct rcu_head rcu;
	struct config_refcount *config;
	refcount_t references;
	struct acqrel_snapshot snapshot;
};

struct config_refcount {
	struct config_refcount_node __rcu *node;
	struct mutex lock;	/* serialises writers */
	struct acqrel_reclaim reclaim;
};

static void config_refcount_free(struct rcu_head *rcu)
{
	struct config_refcount_node *node;

	node = container_of(rcu, struct config_refcount_node, rcu);
	acqrel_snapshot_spoil(&node->snapshot);
	/* pairs with rcu_barrier() in _destroy(): config.callbacks */
	atomic64_inc(&node->config->reclaim.freed);
	kfree(node);
}

static __always_inline struct config_refcount_node *
config_refcount_get(struct config_refcount *c)
{
	struct config_refcount_node *node;

	rcu_read_lock();
	/* a count of 0: replaced meanwhile, the pointer has a new one */
	do {
		/* pairs with config_refcount_publish(): config.publish */
		node = rcu_dereference(c->node);
	} while (unlikely(!refcount_inc_not_zero(&node->references)));
	/* pairs with call_rcu() in config_refcount_put(): config.reclaim */
	rcu_read_unlock();
	return node;
}

static __always_inline void
config_refcount_put(struct config_refcount_node *node)
{
	/* pairs with the puts of all others: config.drop */
	if (refcount_dec_and_test(&node->references))
		/* pairs with rcu_read_unlock() in _get(): config.reclaim */
		call_rcu(&node->rcu, config_refcount_free);
}

static __always_inline void config_refcount_look(struct config_refcount *c,
						 struct acqrel_watch *watch)
{
	struct config_refcount_node *node = config_refcount_get(c);
	struct acqrel_snapshot copy = node->snapshot;

	/* pairs with the last put: config.drop */
	config_refcount_put(node);
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_refcount_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_refcount *c = w->object;

	ACQREL_LOOP(n, config_refcount_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static int config_refcount_publish(struct config_refcount *c)
{
	struct config_refcount_node *old, *node;

	node = kmalloc(sizeof(*node), GFP_KERNEL);
	if (!node)
		return -ENOMEM;
	node->config = c;
	refcount_set(&node->references, 1);
	mutex_lock(&c->lock);
	c->reclaim.made++;
	acqrel_snapshot_set(&node->snapshot, c->reclaim.made);
	/* pairs with rcu_dereference() in config_refcount_get(): config.publish */
	old = rcu_replace_pointer(c->node, node, lockdep_is_held(&c->lock));
	mutex_unlock(&c->lock);
	if (old)
		config_refcount_put(old);
	return 0;
}

static u64 config_refcount_update(struct acqrel_worker *w, u64 n)
{
	struct config_refcount *c = w->object;
	u64 failed = 0;

	if (acqrel_reclaim_is_due(&c->reclaim))
		/* no pair: it bounds what waits to be freed */
		rcu_barrier();
	for (; n; n--)
		failed += !!config_refcount_publish(c);
	return failed;
}

static int config_refcount_create(const struct acqrel_arm_params *p,
				  void **object)
{
	struct config_refcount *c = world_alloc(sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	mutex_init(&c->lock);
	err = config_refcount_publish(c);
	if (err)
		world_free(c);
	else
		*object = c;
	return err;
}

static void config_refcount_destroy(void *object)
{
	struct config_refcount *c = object;

	/* callbacks run this module's code */
	/* pairs with config_refcount_free(): config.callbacks */
	rcu_barrier();
	kfree(rcu_dereference_protected(c->node, 1));
	world_free(c);
}

static const struct acqrel_op config_refcount_ops[] = {
	{
		.name = "read",
		.burst = config_refcount_read,
		.writer = config_refcount_update,
		.bound = "floor/cpu:add_locked",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_refcount_update,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 16,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_refcount = {
	.name = "config/refcount",
	.ops = config_refcount_ops,
	.create = config_refcount_create,
	.destroy = config_refcount_destroy,
};
