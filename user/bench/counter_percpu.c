// SPDX-License-Identifier: GPL-2.0-only
/*
 * counter_percpu.c - counter/percpu: acqrel's own counters, restartable
 * sequences on a row of words for each CPU
 */
#include "world.h"

#include <acqrel/bench_loop.h>
#include <acqrel/bench_tally.h>
#include <acqrel/bench_watch.h>

#include "bench/variants.h"
#include "counter.h"

static int create(const struct acqrel_arm_params *p, void **object)
{
	struct acqrel_counters *c = world_alloc(sizeof(*c));
	int ret;

	(void)p;
	if (!c)
		return -ENOMEM;
	ret = acqrel_counters_init(c, 1);
	if (ret) {
		world_free(c);
		return ret;
	}
	*object = c;
	return 0;
}

static void destroy(void *object)
{
	acqrel_counters_destroy(object);
	world_free(object);
}

static u64 add_burst(struct acqrel_worker *w, u64 n)
{
	struct acqrel_counters *c = w->object;

	w->position += n;
	ACQREL_LOOP(n, acqrel_counter_add(c, 0, 1));
	return 0;
}

static u64 read_burst(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	const struct acqrel_counters *c = w->object;

	ACQREL_LOOP(n, acqrel_watch_saw(&watch, acqrel_counter_sum(c, 0)));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 lost(void *object, const struct acqrel_worker *workers,
		unsigned int n)
{
	return acqrel_tally_lost(acqrel_counter_sum(object, 0), workers, n);
}

static const struct acqrel_op ops[] = {
	{
		.name = "add",
		.burst = add_burst,
		.bound = "floor/cpu:add_plain",
		.bound_times = 1000,
	},
	{
		.name = "read",
		.burst = read_burst,
		.writer = add_burst,
		.bound = "floor/cpu:load",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_counter_percpu = {
	.name = "counter/percpu",
	.ops = ops,
	.create = create,
	.destroy = destroy,
	.lost = lost,
};
