// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter behind a spinlock_t.
 */
#include <linux/spinlock.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_tally.h>
#include <acqrel/bench_watch.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct counter_spinlock {
	spinlock_t lock;	/* protects v */
	u64 v;
};

static __always_inline void counter_spinlock_add_one(struct counter_spinlock *c)
{
	spin_lock(&c->lock);
	c->v++;
	spin_unlock(&c->lock);
}

static u64 counter_spinlock_add(struct acqrel_worker *w, u64 n)
{
	struct counter_spinlock *c = w->object;

	ACQREL_LOOP(n, counter_spinlock_add_one(c));
	w->position += n;
	return 0;
}

static __always_inline u64 counter_spinlock_get(struct counter_spinlock *c)
{
	u64 v;

	spin_lock(&c->lock);
	v = c->v;
	spin_unlock(&c->lock);
	return v;
}

static u64 counter_spinlock_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct counter_spinlock *c = w->object;

	ACQREL_LOOP(n, acqrel_watch_saw(&watch, counter_spinlock_get(c)));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 counter_spinlock_lost(void *object,
				 const struct acqrel_worker *workers,
				 unsigned int n)
{
	struct counter_spinlock *c = object;

	return acqrel_tally_lost(counter_spinlock_get(c), workers, n);
}

static int counter_spinlock_create(const struct acqrel_arm_params *p,
				   void **object)
{
	struct counter_spinlock *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	spin_lock_init(&c->lock);
	*object = c;
	return 0;
}

static const struct acqrel_op counter_spinlock_ops[] = {
	{
		.name = "add",
		.burst = counter_spinlock_add,
		.chunk = 64,
		.bound = "floor/cpu:cas",
		.bound_times = 1000,
	}, {
		.name = "read",
		.burst = counter_spinlock_read,
		.writer = counter_spinlock_add,
		.chunk = 64,
		.bound = "floor/cpu:cas",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_counter_spinlock = {
	.name = "counter/spinlock",
	.ops = counter_spinlock_ops,
	.create = counter_spinlock_create,
	.destroy = world_free,
	.lost = counter_spinlock_lost,
};
