// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ring behind a pthread mutex.
 */
#include <pthread.h>

#include "world.h"

#include <acqrel/bench_ring.h>

#include "bench/variants.h"

/**
 * struct ring_mutex - a ring
 * @lock: protects the rest
 * @head: items popped
 * @tail: items pushed
 * @slots: the items
 */
struct ring_mutex {
	pthread_mutex_t lock ____cacheline_aligned;	/* protects the rest */
	u64 head;
	u64 tail;
	u64 slots[ACQREL_BENCH_SLOTS] ____cacheline_aligned;
};

static int ring_mutex_init(void *ring)
{
	struct ring_mutex *r = ring;

	return -pthread_mutex_init(&r->lock, NULL);
}

static void ring_mutex_exit(void *ring)
{
	struct ring_mutex *r = ring;

	pthread_mutex_destroy(&r->lock);
}

static __always_inline bool ring_mutex_push(struct ring_mutex *r, u64 item)
{
	bool room;

	pthread_mutex_lock(&r->lock);
	room = r->tail - r->head < ACQREL_BENCH_SLOTS;
	if (room)
		r->slots[r->tail++ % ACQREL_BENCH_SLOTS] = item;
	pthread_mutex_unlock(&r->lock);
	return room;
}

static __always_inline bool ring_mutex_pop(struct ring_mutex *r, u64 *item)
{
	bool some;

	pthread_mutex_lock(&r->lock);
	some = r->tail != r->head;
	if (some)
		*item = r->slots[r->head++ % ACQREL_BENCH_SLOTS];
	pthread_mutex_unlock(&r->lock);
	return some;
}

static inline u64 ring_mutex_fill(struct ring_mutex *r)
{
	u64 fill;

	pthread_mutex_lock(&r->lock);
	fill = r->tail - r->head;
	pthread_mutex_unlock(&r->lock);
	return fill;
}

ACQREL_RING_BURSTS(mutex, struct ring_mutex, ring_mutex_push, ring_mutex_pop,
		   ring_mutex_fill)
/* eight slots a line */
ACQREL_RING_OPS(mutex, 0, 125);

static int ring_mutex_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ring_mutex),
		.init = ring_mutex_init,
		.exit = ring_mutex_exit,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_mutex = {
	.name = "ring/mutex",
	.ops = acqrel_ring_mutex_ops,
	.create = ring_mutex_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_mutex_lost,
};
