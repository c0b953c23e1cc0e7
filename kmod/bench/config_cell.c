// SPDX-License-Identifier: GPL-2.0-only
/*
 * This project's own cell as it is used: an update checks its values, fills a
 * snapshot and reads the clock for the latency of its reclaim. The snapshots
 * have no complement, so a reader judges the generation alone. config/rcu is
 * what compares with the other configs.
 */
#include <linux/rcupdate.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_watch.h>

#include "bench/memory.h"
#include "bench/reclaim.h"
#include "bench/variants.h"
#include "config.h"

/**
 * struct config_cell - a cell to measure with
 * @cell: where configs are published
 * @values: what an update publishes
 */
struct config_cell {
	struct acqrel_config_cell cell;
	struct acqrel_config_values values;
};

static __always_inline void config_cell_look(struct config_cell *c,
					     struct acqrel_watch *watch)
{
	u64 generation;

	rcu_read_lock();
	generation = acqrel_config_dereference(&c->cell)->generation;
	/* pairs with acqrel_config_publish(): config.reclaim */
	rcu_read_unlock();
	acqrel_watch_saw(watch, generation);
}

static u64 config_cell_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_cell *c = w->object;

	ACQREL_LOOP(n, config_cell_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

/* the cell counts what it has freed for its latencies */
static bool config_cell_is_due(struct config_cell *c)
{
	u64 made;

	rcu_read_lock();
	made = acqrel_config_dereference(&c->cell)->generation;
	/* pairs with acqrel_config_publish(): config.reclaim */
	rcu_read_unlock();
	return made - READ_ONCE(c->cell.grace.count) > ACQREL_RECLAIM_MAX;
}

static u64 config_cell_update(struct acqrel_worker *w, u64 n)
{
	struct config_cell *c = w->object;
	const char *why;
	u64 failed = 0;

	if (config_cell_is_due(c))
		/* no pair: it bounds what waits to be freed */
		rcu_barrier();
	for (; n; n--)
		failed += !!acqrel_config_publish(&c->cell, &c->values, &why);
	return failed;
}

static int config_cell_create(const struct acqrel_arm_params *p, void **object)
{
	struct config_cell *c = world_alloc(sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	acqrel_config_defaults(&c->values);
	err = acqrel_config_cell_init(&c->cell);
	if (err) {
		world_free(c);
		return err;
	}
	*object = c;
	return 0;
}

static void config_cell_destroy(void *object)
{
	struct config_cell *c = object;

	acqrel_config_cell_destroy(&c->cell);
	world_free(c);
}

static const struct acqrel_op config_cell_ops[] = {
	{
		.name = "read",
		.burst = config_cell_read,
		.writer = config_cell_update,
		.bound = "floor/cpu:load",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_cell_update,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 16,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_cell = {
	.name = "config/cell",
	.ops = config_cell_ops,
	.create = config_cell_create,
	.destroy = config_cell_destroy,
};
