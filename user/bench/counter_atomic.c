// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter of one atomic word that all threads share.
 */
#include "bench/memory.h"
#include "bench/variants.h"

#define COUNTER_CHUNK		0
#define COUNTER_ADD_BOUND	"floor/cpu:add_locked"
#define COUNTER_READ_BOUND	"floor/cpu:load"
#define COUNTER_BOUND_TIMES	1000

struct counter {
	u64 v;
};

struct counter_mine {
	u64 *v;
};

static inline struct counter_mine counter_mine(const struct acqrel_worker *w)
{
	struct counter *c = w->object;

	return (struct counter_mine){ &c->v };
}

static __always_inline void counter_add(struct counter_mine mine)
{
	__atomic_fetch_add(mine.v, 1, __ATOMIC_RELAXED);
}

static __always_inline u64 counter_sum(const struct counter *c)
{
	return READ_ONCE(c->v);
}

#include "bench/counter_arm.h"

static int counter_create(const struct acqrel_arm_params *p, void **object)
{
	*object = world_alloc(sizeof(struct counter));
	return *object ? 0 : -ENOMEM;
}

const struct acqrel_variant acqrel_variant_counter_atomic = {
	.name = "counter/atomic",
	.ops = counter_ops,
	.create = counter_create,
	.destroy = world_free,
	.lost = counter_lost,
};
