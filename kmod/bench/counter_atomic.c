// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter of one atomic64_t that all threads share.
 */
#include <linux/atomic.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_tally.h>
#include <acqrel/bench_watch.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct counter_atomic {
	atomic64_t v;
};

static u64 counter_atomic_add(struct acqrel_worker *w, u64 n)
{
	struct counter_atomic *c = w->object;

	ACQREL_LOOP(n, atomic64_add(1, &c->v));
	w->position += n;
	return 0;
}

static u64 counter_atomic_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct counter_atomic *c = w->object;

	ACQREL_LOOP(n, acqrel_watch_saw(&watch, atomic64_read(&c->v)));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 counter_atomic_lost(void *object,
			       const struct acqrel_worker *workers,
			       unsigned int n)
{
	struct counter_atomic *c = object;

	return acqrel_tally_lost(atomic64_read(&c->v), workers, n);
}

static int counter_atomic_create(const struct acqrel_arm_params *p,
				 void **object)
{
	struct counter_atomic *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	*object = c;
	return 0;
}

static const struct acqrel_op counter_atomic_ops[] = {
	{
		.name = "add",
		.burst = counter_atomic_add,
		.bound = "floor/cpu:add_locked",
		.bound_times = 1000,
	}, {
		.name = "read",
		.burst = counter_atomic_read,
		.writer = counter_atomic_add,
		.bound = "floor/cpu:load",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_counter_atomic = {
	.name = "counter/atomic",
	.ops = counter_atomic_ops,
	.create = counter_atomic_create,
	.destroy = world_free,
	.lost = counter_atomic_lost,
};
