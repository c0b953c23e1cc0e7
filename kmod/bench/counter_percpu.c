// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter of one word a CPU: this_cpu_add(), and a sum over the words for who
 * reads. Each word only rises, so a sum never falls.
 */
#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_tally.h>
#include <acqrel/bench_watch.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct counter_percpu {
	u64 __percpu *v;
};

static u64 counter_percpu_add(struct acqrel_worker *w, u64 n)
{
	u64 __percpu *v = ((struct counter_percpu *)w->object)->v;

	ACQREL_LOOP(n, this_cpu_add(*v, 1));
	w->position += n;
	return 0;
}

static u64 counter_percpu_sum(const struct counter_percpu *c)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(c->v, cpu));
	return sum;
}

static u64 counter_percpu_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct counter_percpu *c = w->object;

	ACQREL_LOOP(n, acqrel_watch_saw(&watch, counter_percpu_sum(c)));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 counter_percpu_lost(void *object,
			       const struct acqrel_worker *workers,
			       unsigned int n)
{
	struct counter_percpu *c = object;

	return acqrel_tally_lost(counter_percpu_sum(c), workers, n);
}

static int counter_percpu_create(const struct acqrel_arm_params *p,
				 void **object)
{
	struct counter_percpu *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->v = alloc_percpu(u64);
	if (!c->v) {
		world_free(c);
		return -ENOMEM;
	}
	*object = c;
	return 0;
}

static void counter_percpu_destroy(void *object)
{
	struct counter_percpu *c = object;

	free_percpu(c->v);
	world_free(c);
}

static const struct acqrel_op counter_percpu_ops[] = {
	{
		.name = "add",
		.burst = counter_percpu_add,
		.bound = "floor/cpu:add_plain",
		.bound_times = 1000,
	}, {
		.name = "read",
		.burst = counter_percpu_read,
		.writer = counter_percpu_add,
		.chunk = 32,
		.bound = "floor/cpu:load",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_counter_percpu = {
	.name = "counter/percpu",
	.ops = counter_percpu_ops,
	.create = counter_percpu_create,
	.destroy = counter_percpu_destroy,
	.lost = counter_percpu_lost,
};
