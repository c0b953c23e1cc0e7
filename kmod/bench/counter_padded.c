// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter of an atomic64_t a thread, each on a cache line of its own: what a
 * shared counter costs when nobody shares it.
 */
#include <linux/atomic.h>
#include <linux/overflow.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_tally.h>
#include <acqrel/bench_watch.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct counter_padded_word {
	atomic64_t v;
} ____cacheline_aligned;

struct counter_padded {
	u32 threads;
	struct counter_padded_word words[];
};

static u64 counter_padded_add(struct acqrel_worker *w, u64 n)
{
	struct counter_padded *c = w->object;
	atomic64_t *v = &c->words[w->thread].v;

	ACQREL_LOOP(n, atomic64_add(1, v));
	w->position += n;
	return 0;
}

static u64 counter_padded_sum(const struct counter_padded *c)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < c->threads; i++)
		sum += atomic64_read(&c->words[i].v);
	return sum;
}

static u64 counter_padded_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct counter_padded *c = w->object;

	ACQREL_LOOP(n, acqrel_watch_saw(&watch, counter_padded_sum(c)));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 counter_padded_lost(void *object,
			       const struct acqrel_worker *workers,
			       unsigned int n)
{
	struct counter_padded *c = object;

	return acqrel_tally_lost(counter_padded_sum(c), workers, n);
}

static int counter_padded_create(const struct acqrel_arm_params *p,
				 void **object)
{
	struct counter_padded *c;

	c = world_alloc(struct_size(c, words, p->threads));
	if (!c)
		return -ENOMEM;
	c->threads = p->threads;
	*object = c;
	return 0;
}

static const struct acqrel_op counter_padded_ops[] = {
	{
		.name = "add",
		.burst = counter_padded_add,
		.bound = "floor/cpu:add_locked",
		.bound_times = 1000,
	}, {
		.name = "read",
		.burst = counter_padded_read,
		.writer = counter_padded_add,
		.chunk = 32,
		.bound = "floor/cpu:load",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_counter_padded = {
	.name = "counter/padded",
	.ops = counter_padded_ops,
	.create = counter_padded_create,
	.destroy = world_free,
	.lost = counter_padded_lost,
};
