// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config that readers take a reference to: RCU makes the look-up safe, the
 * count keeps the snapshot for as long as it is used. Who drops the last
 * reference gives it to call_rcu(). The mirror image of the module's.
 *
 * config.publish is as of include/acqrel/config.h.
 *
 * config.drop: the snapshot is used before the count is released, so who drops
 * the last reference, an acquire, frees it after every use.
 */
#include <pthread.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/reclaim.h"
#include "bench/variants.h"

struct config_refcount;

/**
 * struct config_refcount_node - a snapshot and its count
 * @snapshot: immutable after publication
 * @references: one of the cell, one of each reader that uses it
 * @rcu: for call_rcu()
 * @cell: where it was in force
 */
struct config_refcount_node {
	struct acqrel_snapshot snapshot;
	u64 references;
	struct rcu_head rcu;
	struct config_refcount *cell;
};

/**
 * struct config_refcount - the object
 * @node: in force
 * @lock: serialises writers
 * @retired: nodes replaced and not freed yet
 */
struct config_refcount {
	struct config_refcount_node *node;
	pthread_mutex_t lock ____cacheline_aligned;
	u64 retired;
};

static void config_refcount_free(struct rcu_head *rcu)
{
	struct config_refcount_node *node;
	u64 *retired;

	acqrel_rcu_callback_begin();
	node = caa_container_of(rcu, struct config_refcount_node, rcu);
	retired = &node->cell->retired;
	acqrel_snapshot_spoil(&node->snapshot);
	free(node);
	/* pairs with rcu_barrier() in reclaim_drain(): config.callbacks */
	__atomic_fetch_sub(retired, 1, __ATOMIC_RELAXED);
	acqrel_rcu_callback_end();
}

/* take a reference unless the last one is gone */
static __always_inline bool
config_refcount_try(struct config_refcount_node *node)
{
	u64 seen = READ_ONCE(node->references);

	while (seen)
		if (__atomic_compare_exchange_n(&node->references, &seen,
						seen + 1, true,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

static __always_inline struct config_refcount_node *
config_refcount_get(struct config_refcount *c)
{
	struct config_refcount_node *node;

	rcu_read_lock();
	/* a count of 0: replaced meanwhile, the pointer has a new one */
	do {
		/* pairs with the publish in _replace(): config.publish */
		node = rcu_dereference(c->node);
	} while (unlikely(!config_refcount_try(node)));
	/* pairs with call_rcu() in config_refcount_put(): config.reclaim */
	rcu_read_unlock();
	return node;
}

static __always_inline void
config_refcount_put(struct config_refcount_node *node)
{
	/* acquire, pairs with the release of all others: config.drop */
	if (__atomic_sub_fetch(&node->references, 1, __ATOMIC_ACQ_REL))
		return;
	/* pairs with rcu_read_unlock() in _get(): config.reclaim */
	call_rcu(&node->rcu, config_refcount_free);
}

static __always_inline void config_refcount_look(struct config_refcount *c,
						 struct acqrel_watch *watch)
{
	struct config_refcount_node *node = config_refcount_get(c);
	struct acqrel_snapshot copy = node->snapshot;

	/* release, pairs with the acquire of the last one: config.drop */
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

static struct config_refcount_node *
config_refcount_node_new(struct config_refcount *c)
{
	struct config_refcount_node *node = malloc(sizeof(*node));

	if (!node)
		return NULL;
	node->cell = c;
	node->references = 1;
	acqrel_snapshot_set(&node->snapshot, 1);
	return node;
}

/* put @node in force and return what was */
static struct config_refcount_node *
config_refcount_replace(struct config_refcount *c,
			struct config_refcount_node *node)
{
	struct config_refcount_node *old;

	pthread_mutex_lock(&c->lock);
	old = c->node;
	acqrel_snapshot_set(&node->snapshot, old->snapshot.generation + 1);
	/* pairs with rcu_dereference() in _get(): config.publish */
	rcu_assign_pointer(c->node, node);
	pthread_mutex_unlock(&c->lock);
	return old;
}

static u64 config_refcount_update(struct acqrel_worker *w, u64 n)
{
	struct config_refcount *c = w->object;
	struct config_refcount_node *node;
	u64 failed = 0;

	for (; n; n--) {
		node = config_refcount_node_new(c);
		if (!node) {
			failed++;
			continue;
		}
		__atomic_fetch_add(&c->retired, 1, __ATOMIC_RELAXED);
		config_refcount_put(config_refcount_replace(c, node));
		/* nothing else keeps a fast writer from eating all memory */
		/* no pair: it bounds what waits to be freed */
		if (READ_ONCE(c->retired) >= RECLAIM_MAX)
			rcu_barrier();
	}
	return failed;
}

static int config_refcount_create(const struct acqrel_arm_params *p,
				  void **object)
{
	struct config_refcount *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->node = config_refcount_node_new(c);
	if (!c->node) {
		world_free(c);
		return -ENOMEM;
	}
	pthread_mutex_init(&c->lock, NULL);
	*object = c;
	return 0;
}

static void config_refcount_destroy(void *object)
{
	struct config_refcount *c = object;

	reclaim_drain(&c->retired);
	free(c->node);
	pthread_mutex_destroy(&c->lock);
	world_free(c);
}

/* the snapshot in force is the only one that is not retired and freed */
static u64 config_refcount_lost(void *object,
				const struct acqrel_worker *workers,
				unsigned int n)
{
	const struct config_refcount *c = object;

	return reclaim_drain(&c->retired);
}

static const struct acqrel_op config_refcount_ops[] = {
	{
		.name = "read",
		.burst = config_refcount_read,
		.writer = config_refcount_update,
		.chunk = 64,
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
	.enter = reclaim_enter,
	.leave = reclaim_leave,
	.lost = config_refcount_lost,
};
