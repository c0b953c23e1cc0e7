// SPDX-License-Identifier: GPL-2.0-only
/*
 * config_cell.c - config/cell: acqrel's own config as the pipeline uses it
 *
 * It is config/rcu with what a config needs beside: an update checks and copies
 * all values and notes the time, its callback the latency of the grace period;
 * a read sees no complement.
 */
#include "world.h"

#include <acqrel/bench_loop.h>
#include <acqrel/bench_watch.h>

#include "bench/reclaim.h"
#include "bench/variants.h"
#include "config.h"

static int create(const struct acqrel_arm_params *p, void **object)
{
	struct acqrel_config_cell *cell = world_alloc(sizeof(*cell));
	int ret;

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

static __always_inline void look(struct acqrel_config_cell *cell,
				 struct acqrel_watch *watch)
{
	u64 generation;

	rcu_read_lock();
	generation = acqrel_config_dereference(cell)->generation;
	/* pairs with acqrel_config_publish(): config.reclaim */
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

/* so that no slice of another arm runs beside what this one retired */
static u64 lost(void *object, const struct acqrel_worker *workers,
		unsigned int n)
{
	const struct acqrel_config_cell *cell = object;

	return reclaim_drain(&cell->retired);
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
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_cell = {
	.name = "config/cell",
	.ops = ops,
	.create = create,
	.destroy = destroy,
	.enter = reclaim_enter,
	.leave = reclaim_leave,
	.lost = lost,
};
