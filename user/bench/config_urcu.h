/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Config under a flavour of liburcu: updates publish a new snapshot. Old ones
 * are collected, and the writer that finds enough of them waits for a grace
 * period and frees them all. With call_rcu() a writer that never rests comes to
 * wait for its thread, which sleeps 10 ms between two grace periods.
 *
 * The file that includes this has chosen the flavour: CONFIG_URCU_HEADER, its
 * header, is included here with the calls mapped to it. The read side is
 * inlined, as programs under a compatible licence have it, unless
 * CONFIG_URCU_OUTSIDE is defined.
 *
 * Threads are registered for the time of a slice. At the end of each burst of
 * reads, and after each update, a thread reports a quiescent state, which only
 * QSBR knows. A burst has one read where each is timed or paced.
 *
 * Edges, as of include/acqrel/config.h: config.publish, config.reclaim.
 *
 * liburcu is not annotated for ThreadSanitizer: see user/rcu.h, whose model is
 * used here.
 */
#ifndef ACQREL_USER_BENCH_CONFIG_URCU_H
#define ACQREL_USER_BENCH_CONFIG_URCU_H

#include <pthread.h>

#if !defined(__SANITIZE_THREAD__) && !defined(CONFIG_URCU_OUTSIDE)
#define _LGPL_SOURCE
#endif
#define URCU_API_MAP
#include CONFIG_URCU_HEADER

#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"

#define CONFIG_URCU_BATCH	1024	/* snapshots that a grace period frees */

/* a writer that slept wakes up 100 us late in a virtual machine */
#define CONFIG_URCU_SLICE_NS	5000000

#ifdef __SANITIZE_THREAD__
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);

static char config_urcu_grace;

#define config_urcu_acquire()		__tsan_acquire(&config_urcu_grace)
#define config_urcu_release()		__tsan_release(&config_urcu_grace)
#undef rcu_dereference
#undef rcu_assign_pointer
#define rcu_dereference(p)		__atomic_load_n(&(p), __ATOMIC_ACQUIRE)
#define rcu_assign_pointer(p, v)	\
	__atomic_store_n(&(p), v, __ATOMIC_RELEASE)
#else
#define config_urcu_acquire()		do { } while (0)
#define config_urcu_release()		do { } while (0)
#endif

/**
 * struct config_urcu_node - a snapshot and what its reclaim needs
 * @snapshot: immutable after publication
 * @next: replaced before it
 */
struct config_urcu_node {
	struct acqrel_snapshot snapshot;
	struct config_urcu_node *next;
};

/**
 * struct config_urcu - the object
 * @node: in force
 * @lock: serialises writers, and protects the rest
 * @replaced: nodes that readers may still use
 * @n: how many
 */
struct config_urcu {
	struct config_urcu_node *node;
	pthread_mutex_t lock ____cacheline_aligned;	/* serialises writers */
	struct config_urcu_node *replaced;
	u64 n;
};

static __always_inline void config_urcu_look(struct config_urcu *c,
					     struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	rcu_read_lock();
	/* pairs with rcu_assign_pointer() in _replace(): config.publish */
	copy = rcu_dereference(c->node)->snapshot;
	/* pairs with the grace period of _reclaim(): config.reclaim */
	config_urcu_release();
	rcu_read_unlock();
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_urcu_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_urcu *c = w->object;

	ACQREL_LOOP(n, config_urcu_look(c, &watch));
	acqrel_watch_end(&watch);
	/* pairs with the grace period of _reclaim(): config.reclaim */
	rcu_quiescent_state();
	return 0;
}

static void config_urcu_free(struct config_urcu_node *node)
{
	struct config_urcu_node *next;

	for (; node; node = next) {
		next = node->next;
		acqrel_snapshot_spoil(&node->snapshot);
		free(node);
	}
}

/* free what no new reader can find, when the last reader has left */
static void config_urcu_reclaim(struct config_urcu_node *batch)
{
	if (!batch)
		return;
	/* pairs with the readers' unlock: config.reclaim */
	synchronize_rcu();
	config_urcu_acquire();
	config_urcu_free(batch);
}

/* put @node in force; returns what is to be freed, NULL until there is enough */
static struct config_urcu_node *
config_urcu_replace(struct config_urcu *c, struct config_urcu_node *node)
{
	struct config_urcu_node *old, *batch = NULL;

	pthread_mutex_lock(&c->lock);
	old = c->node;
	acqrel_snapshot_set(&node->snapshot, old->snapshot.generation + 1);
	/* pairs with rcu_dereference() in _look(): config.publish */
	rcu_assign_pointer(c->node, node);
	old->next = c->replaced;
	c->replaced = old;
	if (++c->n == CONFIG_URCU_BATCH) {
		batch = c->replaced;
		c->replaced = NULL;
		c->n = 0;
	}
	pthread_mutex_unlock(&c->lock);
	return batch;
}

static u64 config_urcu_update(struct acqrel_worker *w, u64 n)
{
	struct config_urcu *c = w->object;
	struct config_urcu_node *node;
	u64 failed = 0;

	for (; n; n--) {
		node = malloc(sizeof(*node));
		if (node)
			config_urcu_reclaim(config_urcu_replace(c, node));
		else
			failed++;
		/*
		 * Another writer may wait for it, and would go to sleep. It
		 * pairs with the grace period of _reclaim(): config.reclaim
		 */
		rcu_quiescent_state();
	}
	return failed;
}

static u64 config_urcu_synchronize(struct acqrel_worker *w, u64 n)
{
	for (; n; n--)
		/* no pair: its time is what is measured */
		synchronize_rcu();
	return 0;
}

static int config_urcu_create(const struct acqrel_arm_params *p, void **object)
{
	struct config_urcu *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->node = malloc(sizeof(*c->node));
	if (!c->node) {
		world_free(c);
		return -ENOMEM;
	}
	pthread_mutex_init(&c->lock, NULL);
	acqrel_snapshot_set(&c->node->snapshot, 1);
	*object = c;
	return 0;
}

static void config_urcu_destroy(void *object)
{
	struct config_urcu *c = object;

	config_urcu_free(c->replaced);
	free(c->node);
	pthread_mutex_destroy(&c->lock);
	world_free(c);
}

static int config_urcu_enter(struct acqrel_worker *w)
{
	rcu_register_thread();
	return 0;
}

static void config_urcu_leave(struct acqrel_worker *w)
{
	rcu_unregister_thread();
}

/*
 * The table of operations: what limits a read and a grace period, and how
 * often.
 */
#define CONFIG_URCU_OPS(read_bound, read_times, grace_bound, grace_times) \
static const struct acqrel_op config_urcu_ops[] = {			\
	{								\
		.name = "read",						\
		.burst = config_urcu_read,				\
		.writer = config_urcu_update,				\
		.bound = (read_bound),					\
		.bound_times = (read_times),				\
	}, {								\
		.name = "update",					\
		.burst = config_urcu_update,				\
		.flags = ACQREL_OP_SLEEPS,				\
		.chunk = 16,						\
		.slice_ns = CONFIG_URCU_SLICE_NS,			\
		.bound = "floor/cpu:cas",				\
		.bound_times = 2000,					\
	}, {								\
		.name = "synchronize",					\
		.burst = config_urcu_synchronize,			\
		.flags = ACQREL_OP_SLEEPS,				\
		.chunk = 1,						\
		.bound = (grace_bound),					\
		.bound_times = (grace_times),				\
	},								\
	{ }								\
}

/* the variant; @make is config_urcu_create() or what ends with it */
#define CONFIG_URCU_VARIANT(flavour, make)				\
const struct acqrel_variant acqrel_variant_config_##flavour = {		\
	.name = "config/" #flavour,					\
	.ops = config_urcu_ops,						\
	.create = (make),						\
	.destroy = config_urcu_destroy,					\
	.enter = config_urcu_enter,					\
	.leave = config_urcu_leave,					\
}

#endif /* ACQREL_USER_BENCH_CONFIG_URCU_H */
