// SPDX-License-Identifier: GPL-2.0-only
/*
 * config_rcu.c - config/rcu: acqrel's own config on liburcu, memb flavour
 *
 * What the pipeline reads and what `acqrel config set` would publish: an
 * update allocates a snapshot and gives the old one to call_rcu().
 */
#include "world.h"

#include <acqrel/bench_loop.h>
#include <acqrel/bench_watch.h>

#include "bench/variants.h"
#include "config.h"

static int create(const struct acqrel_arm_params *p, void **object)
{
	struct acqrel_config_cell *cell = world_alloc(sizeof(*cell));
	int ret;

	(void)p;
	if (!cell)
		return -ENOMEM;
	ret = acqrel_config_cell_init(cell);
	if (ret) {
		world_free(cell);
		return ret;
	}
	*object = cell;
	return 0;
}

static void destroy(void *object)
{
	acqrel_config_cell_destroy(object);
	world_free(object);
}

static int enter(struct acqrel_worker *w)
{
	(void)w;
	rcu_register_thread();
	return 0;
}

static void leave(struct acqrel_worker *w)
{
	(void)w;
	rcu_unregister_thread();
}

static __always_inline void look(struct acqrel_config_cell *cell,
				 struct acqrel_watch *watch)
{
	u64 generation;

	rcu_read_lock();
	generation = acqrel_config_dereference(cell)->generation;
	rcu_read_unlock();
	acqrel_watch_saw(watch, generation);
}

static u64 read_burst(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct acqrel_config_cell *cell = w->object;

	ACQREL_LOOP(n, look(cell, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 update_burst(struct acqrel_worker *w, u64 n)
{
	struct acqrel_config_cell *cell = w->object;
	struct acqrel_config_values values;
	const char *why;
	u64 failed = 0;

	acqrel_config_defaults(&values);
	while (n--)
		failed += acqrel_config_publish(cell, &values, &why) != 0;
	return failed;
}

static u64 synchronize_burst(struct acqrel_worker *w, u64 n)
{
	(void)w;
	while (n--)
		synchronize_rcu();
	return 0;
}

static const struct acqrel_op ops[] = {
	{
		.name = "read",
		.burst = read_burst,
		.writer = update_burst,
		.bound = "floor/cpu:load",
		.bound_times = 2000,
	},
	{
		.name = "update",
		.burst = update_burst,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 16,
		.bound = "floor/cpu:cas",
		.bound_times = 1000,
	},
	{
		.name = "synchronize",
		.burst = synchronize_burst,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 1,
		.bound = "floor/call:membarrier",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_rcu = {
	.name = "config/rcu",
	.ops = ops,
	.create = create,
	.destroy = destroy,
	.enter = enter,
	.leave = leave,
};
