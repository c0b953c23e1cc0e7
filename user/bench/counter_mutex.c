// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter behind a pthread mutex, which readers take as well.
 */
#include <pthread.h>

#include "bench/memory.h"
#include "bench/variants.h"

/* a contended lock takes some hundred nanoseconds */
#define COUNTER_CHUNK		64
#define COUNTER_ADD_BOUND	"floor/cpu:add_locked"
#define COUNTER_READ_BOUND	"floor/cpu:add_locked"
#define COUNTER_BOUND_TIMES	2000

struct counter {
	pthread_mutex_t lock;
	u64 v;
};

struct counter_mine {
	struct counter *c;
};

static inline struct counter_mine counter_mine(const struct acqrel_worker *w)
{
	return (struct counter_mine){ w->object };
}

static __always_inline void counter_add(struct counter_mine mine)
{
	pthread_mutex_lock(&mine.c->lock);
	mine.c->v++;
	pthread_mutex_unlock(&mine.c->lock);
}

static __always_inline u64 counter_sum(struct counter *c)
{
	u64 v;

	pthread_mutex_lock(&c->lock);
	v = c->v;
	pthread_mutex_unlock(&c->lock);
	return v;
}

#include "bench/counter_arm.h"

static int counter_create(const struct acqrel_arm_params *p, void **object)
{
	struct counter *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	pthread_mutex_init(&c->lock, NULL);
	*object = c;
	return 0;
}

static void counter_destroy(void *object)
{
	struct counter *c = object;

	pthread_mutex_destroy(&c->lock);
	world_free(c);
}

const struct acqrel_variant acqrel_variant_counter_mutex = {
	.name = "counter/mutex",
	.ops = counter_ops,
	.create = counter_create,
	.destroy = counter_destroy,
	.lost = counter_lost,
};
