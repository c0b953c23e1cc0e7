// SPDX-License-Identifier: GPL-2.0-only
/*
 * config_rcu.c - config/rcu: config as acqrel does it, on liburcu, memb flavour
 *
 * A reader is inside rcu_read_lock() for as long as it copies; an update
 * allocates a snapshot and gives the old one to call_rcu(). What is read and
 * written is what all others read and write; config/cell is the rest of
 * acqrel's own.
 *
 * Edges, as of include/acqrel/config.h: config.publish, config.reclaim.
 */
#include <pthread.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/reclaim.h"
#include "bench/variants.h"

/**
 * struct config_rcu_node - a snapshot and what its reclaim needs
 * @snapshot: immutable after publication
 * @rcu: for call_rcu()
 * @cell: where it was in force
 */
struct config_rcu_node {
	struct acqrel_snapshot snapshot;
	struct rcu_head rcu;
	struct config_rcu *cell;
};

/**
 * struct config_rcu - the object
 * @node: in force
 * @lock: serialises writers
 * @retired: nodes replaced and not freed yet
 */
struct config_rcu {
	struct config_rcu_node *node;
	pthread_mutex_t lock ____cacheline_aligned;	/* serialises writers */
	u64 retired;
};

static __always_inline void look(struct config_rcu *c,
				 struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	rcu_read_lock();
	/* pairs with the publish in replace(): config.publish */
	copy = rcu_dereference(c->node)->snapshot;
	/* pairs with call_rcu() in reclaim_retire(): config.reclaim */
	rcu_read_unlock();
	acqrel_snapshot_saw(watch, copy);
}

static u64 read_burst(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_rcu *c = w->object;

	ACQREL_LOOP(n, look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static void callback(struct rcu_head *rcu)
{
	struct config_rcu_node *node;
	u64 *retired;

	acqrel_rcu_callback_begin();
	node = caa_container_of(rcu, struct config_rcu_node, rcu);
	retired = &node->cell->retired;
	acqrel_snapshot_spoil(&node->snapshot);
	free(node);
	/* pairs with rcu_barrier() in reclaim_drain(): config.callbacks */
	__atomic_fetch_sub(retired, 1, __ATOMIC_RELAXED);
	acqrel_rcu_callback_end();
}

/* put @node in force and return what was */
static struct config_rcu_node *replace(struct config_rcu *c,
				       struct config_rcu_node *node)
{
	struct config_rcu_node *old;

	node->cell = c;
	pthread_mutex_lock(&c->lock);
	old = c->node;
	acqrel_snapshot_set(&node->snapshot, old->snapshot.generation + 1);
	/* pairs with rcu_dereference() in look(): config.publish */
	rcu_assign_pointer(c->node, node);
	pthread_mutex_unlock(&c->lock);
	return old;
}

static u64 update_burst(struct acqrel_worker *w, u64 n)
{
	struct config_rcu *c = w->object;
	struct config_rcu_node *node;
	u64 failed = 0;

	for (; n; n--) {
		node = malloc(sizeof(*node));
		if (node)
			reclaim_retire(&c->retired, &replace(c, node)->rcu,
				       callback);
		else
			failed++;
	}
	return failed;
}

static u64 synchronize_burst(struct acqrel_worker *w, u64 n)
{
	for (; n; n--)
		/* no pair: its time is what is measured */
		synchronize_rcu();
	return 0;
}

static int create(const struct acqrel_arm_params *p, void **object)
{
	struct config_rcu *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->node = malloc(sizeof(*c->node));
	if (!c->node) {
		world_free(c);
		return -ENOMEM;
	}
	c->node->cell = c;
	acqrel_snapshot_set(&c->node->snapshot, 1);
	pthread_mutex_init(&c->lock, NULL);
	*object = c;
	return 0;
}

static void destroy(void *object)
{
	struct config_rcu *c = object;

	reclaim_drain(&c->retired);
	free(c->node);
	pthread_mutex_destroy(&c->lock);
	world_free(c);
}

static u64 lost(void *object, const struct acqrel_worker *workers,
		unsigned int n)
{
	const struct config_rcu *c = object;

	return reclaim_drain(&c->retired);
}

static const struct acqrel_op ops[] = {
	{
		.name = "read",
		.burst = read_burst,
		.writer = update_burst,
		.bound = "floor/cpu:load",
		.bound_times = 2000,
	},
	{
		.name = "update",
		.burst = update_burst,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 16,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	},
	{
		.name = "synchronize",
		.burst = synchronize_burst,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 1,
		.bound = "floor/call:membarrier",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_rcu = {
	.name = "config/rcu",
	.ops = ops,
	.create = create,
	.destroy = destroy,
	.enter = reclaim_enter,
	.leave = reclaim_leave,
	.lost = lost,
};
