// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config under DPDK's rte_rcu_qsbr. A read has no code of its own, and threads
 * report quiescent states instead: one at the end of each burst, that is after
 * 256 reads; after each, where each read is timed or paced.
 *
 * What was replaced waits in a queue with its token until all threads have
 * reported. The library's own queue does the same but needs the environment
 * abstraction layer for its memory, which this program does not start. A
 * writer is offline while it writes, for it may wait for others that write.
 *
 * Edges, as of include/acqrel/config.h: config.publish, config.reclaim.
 */
#include <pthread.h>
#include <rte_rcu_qsbr.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/variants.h"

#define CONFIG_RTE_RETIRED_MAX	1024

/**
 * struct config_rte_retired - a snapshot that readers may still use
 * @snapshot: it
 * @token: what readers have to report
 */
struct config_rte_retired {
	struct acqrel_snapshot *snapshot;
	u64 token;
};

/**
 * struct config_rte - the object
 * @snapshot: in force
 * @qsbr: who reads
 * @lock: serialises writers, and protects the rest
 * @head: entries of @retired that were freed
 * @tail: entries that were made
 * @retired: in the order of their tokens
 */
struct config_rte {
	struct acqrel_snapshot *snapshot;
	struct rte_rcu_qsbr *qsbr;
	pthread_mutex_t lock ____cacheline_aligned;	/* serialises writers */
	u64 head;
	u64 tail;
	struct config_rte_retired retired[CONFIG_RTE_RETIRED_MAX];
};

static __always_inline void config_rte_look(struct config_rte *c,
					    struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	rte_rcu_qsbr_lock(c->qsbr, watch->worker->thread);
	/* pairs with the release in config_rte_replace(): config.publish */
	copy = *smp_load_acquire(&c->snapshot);
	rte_rcu_qsbr_unlock(c->qsbr, watch->worker->thread);
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_rte_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_rte *c = w->object;

	ACQREL_LOOP(n, config_rte_look(c, &watch));
	acqrel_watch_end(&watch);
	/* pairs with rte_rcu_qsbr_check(): config.reclaim */
	rte_rcu_qsbr_quiescent(c->qsbr, w->thread);
	return 0;
}

static void config_rte_free(struct acqrel_snapshot *snapshot)
{
	acqrel_snapshot_spoil(snapshot);
	free(snapshot);
}

/* free what nobody uses, and wait for the oldest if the queue is full */
static void config_rte_reclaim(struct config_rte *c)
{
	struct config_rte_retired *old;
	bool full;

	while (c->head != c->tail) {
		old = &c->retired[c->head % CONFIG_RTE_RETIRED_MAX];
		full = c->tail - c->head == CONFIG_RTE_RETIRED_MAX;
		/* pairs with the quiescent states: config.reclaim */
		if (!rte_rcu_qsbr_check(c->qsbr, old->token, full))
			return;
		config_rte_free(old->snapshot);
		c->head++;
	}
}

static int config_rte_replace(struct config_rte *c)
{
	struct acqrel_snapshot *old, *new = malloc(sizeof(*new));

	if (!new)
		return -ENOMEM;
	pthread_mutex_lock(&c->lock);
	config_rte_reclaim(c);
	old = c->snapshot;
	acqrel_snapshot_set(new, old->generation + 1);
	/* pairs with the acquire in config_rte_look(): config.publish */
	smp_store_release(&c->snapshot, new);
	c->retired[c->tail++ % CONFIG_RTE_RETIRED_MAX] =
		(struct config_rte_retired){ old, rte_rcu_qsbr_start(c->qsbr) };
	pthread_mutex_unlock(&c->lock);
	return 0;
}

static u64 config_rte_update(struct acqrel_worker *w, u64 n)
{
	struct config_rte *c = w->object;
	u64 failed = 0;

	rte_rcu_qsbr_thread_offline(c->qsbr, w->thread);
	for (; n; n--)
		failed += config_rte_replace(c) != 0;
	rte_rcu_qsbr_thread_online(c->qsbr, w->thread);
	return failed;
}

static u64 config_rte_synchronize(struct acqrel_worker *w, u64 n)
{
	struct config_rte *c = w->object;

	for (; n; n--)
		rte_rcu_qsbr_synchronize(c->qsbr, w->thread);
	return 0;
}

static int config_rte_enter(struct acqrel_worker *w)
{
	struct config_rte *c = w->object;

	if (rte_rcu_qsbr_thread_register(c->qsbr, w->thread))
		return -EINVAL;
	rte_rcu_qsbr_thread_online(c->qsbr, w->thread);
	return 0;
}

static void config_rte_leave(struct acqrel_worker *w)
{
	struct config_rte *c = w->object;

	rte_rcu_qsbr_thread_offline(c->qsbr, w->thread);
	rte_rcu_qsbr_thread_unregister(c->qsbr, w->thread);
}

static void config_rte_destroy(void *object)
{
	struct config_rte *c = object;

	for (; c->head != c->tail; c->head++)
		free(c->retired[c->head % CONFIG_RTE_RETIRED_MAX].snapshot);
	pthread_mutex_destroy(&c->lock);
	free(c->snapshot);
	world_free(c->qsbr);
	world_free(c);
}

static int config_rte_create(const struct acqrel_arm_params *p, void **object)
{
	struct config_rte *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	pthread_mutex_init(&c->lock, NULL);
	c->qsbr = world_alloc(rte_rcu_qsbr_get_memsize(p->threads));
	c->snapshot = malloc(sizeof(*c->snapshot));
	if (!c->qsbr || !c->snapshot ||
	    rte_rcu_qsbr_init(c->qsbr, p->threads)) {
		config_rte_destroy(c);
		return -ENOMEM;
	}
	acqrel_snapshot_set(c->snapshot, 1);
	*object = c;
	return 0;
}

static const struct acqrel_op config_rte_ops[] = {
	{
		.name = "read",
		.burst = config_rte_read,
		.writer = config_rte_update,
		.bound = "floor/cpu:load",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_rte_update,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 16,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	}, {
		.name = "synchronize",
		.burst = config_rte_synchronize,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 1,
		.bound = "floor/cpu:fence",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_rte_qsbr = {
	.name = "config/rte_qsbr",
	.ops = config_rte_ops,
	.create = config_rte_create,
	.destroy = config_rte_destroy,
	.enter = config_rte_enter,
	.leave = config_rte_leave,
};
