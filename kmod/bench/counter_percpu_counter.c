// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter of a percpu_counter: adds spill from the CPU's own word into a shared
 * one under a lock, every percpu_counter_batch or so. Who reads takes the exact
 * sum: the approximate one is a load, but no other variant is approximate.
 */
#include <linux/percpu_counter.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_tally.h>
#include <acqrel/bench_watch.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct counter_percpu_counter {
	struct percpu_counter v;
};

static u64 counter_percpu_counter_add(struct acqrel_worker *w, u64 n)
{
	struct counter_percpu_counter *c = w->object;

	ACQREL_LOOP(n, percpu_counter_add(&c->v, 1));
	w->position += n;
	return 0;
}

static u64 counter_percpu_counter_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct counter_percpu_counter *c = w->object;

	for (; n; n--)
		acqrel_watch_saw(&watch, percpu_counter_sum(&c->v));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 counter_percpu_counter_lost(void *object,
				       const struct acqrel_worker *workers,
				       unsigned int n)
{
	struct counter_percpu_counter *c = object;

	return acqrel_tally_lost(percpu_counter_sum(&c->v), workers, n);
}

static int counter_percpu_counter_create(const struct acqrel_arm_params *p,
					 void **object)
{
	struct counter_percpu_counter *c = world_alloc(sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	err = percpu_counter_init(&c->v, 0, GFP_KERNEL);
	if (err) {
		world_free(c);
		return err;
	}
	*object = c;
	return 0;
}

static void counter_percpu_counter_destroy(void *object)
{
	struct counter_percpu_counter *c = object;

	percpu_counter_destroy(&c->v);
	world_free(c);
}

static const struct acqrel_op counter_percpu_counter_ops[] = {
	{
		.name = "add",
		.burst = counter_percpu_counter_add,
		.bound = "floor/cpu:add_plain",
		.bound_times = 1000,
	}, {
		.name = "read",
		.burst = counter_percpu_counter_read,
		.writer = counter_percpu_counter_add,
		.chunk = 32,
		.bound = "floor/cpu:add_locked",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_counter_percpu_counter = {
	.name = "counter/percpu_counter",
	.ops = counter_percpu_counter_ops,
	.create = counter_percpu_counter_create,
	.destroy = counter_percpu_counter_destroy,
	.lost = counter_percpu_counter_lost,
};
