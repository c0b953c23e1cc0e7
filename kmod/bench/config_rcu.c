// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config published by RCU: this project's own cell, with its snapshots as they
 * are. They have no complement, so a reader judges the generation alone.
 */
#include <linux/rcupdate.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_watch.h>

#include "bench/memory.h"
#include "bench/reclaim.h"
#include "bench/variants.h"
#include "config.h"

/**
 * struct config_rcu - a cell to measure with
 * @cell: where configs are published
 * @values: what an update publishes
 */
struct config_rcu {
	struct acqrel_config_cell cell;
	struct acqrel_config_values values;
};

static __always_inline void config_rcu_look(struct config_rcu *c,
					    struct acqrel_watch *watch)
{
	u64 generation;

	rcu_read_lock();
	generation = acqrel_config_dereference(&c->cell)->generation;
	rcu_read_unlock();
	acqrel_watch_saw(watch, generation);
}

static u64 config_rcu_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_rcu *c = w->object;

	ACQREL_LOOP(n, config_rcu_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

/* the cell counts what it has freed for its latencies */
static bool config_rcu_is_due(struct config_rcu *c)
{
	u64 made;

	rcu_read_lock();
	made = acqrel_config_dereference(&c->cell)->generation;
	rcu_read_unlock();
	return made - READ_ONCE(c->cell.grace.count) > ACQREL_RECLAIM_MAX;
}

static u64 config_rcu_update(struct acqrel_worker *w, u64 n)
{
	struct config_rcu *c = w->object;
	const char *why;
	u64 failed = 0;

	if (config_rcu_is_due(c))
		rcu_barrier();
	for (; n; n--)
		failed += !!acqrel_config_publish(&c->cell, &c->values, &why);
	return failed;
}

static u64 config_rcu_synchronize(struct acqrel_worker *w, u64 n)
{
	for (; n && !acqrel_worker_cancelled(w); n--)
		synchronize_rcu();
	return n;
}

static u64 config_rcu_synchronize_exp(struct acqrel_worker *w, u64 n)
{
	for (; n && !acqrel_worker_cancelled(w); n--)
		synchronize_rcu_expedited();
	return n;
}

static int config_rcu_create(const struct acqrel_arm_params *p, void **object)
{
	struct config_rcu *c = world_alloc(sizeof(*c));
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

static void config_rcu_destroy(void *object)
{
	struct config_rcu *c = object;

	acqrel_config_cell_destroy(&c->cell);
	world_free(c);
}

static const struct acqrel_op config_rcu_ops[] = {
	{
		.name = "read",
		.burst = config_rcu_read,
		.writer = config_rcu_update,
		.bound = "floor/cpu:load",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_rcu_update,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 16,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	}, {
		.name = "synchronize",
		.burst = config_rcu_synchronize,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 1,
		.slice_ns = 100 * NSEC_PER_MSEC,
		.bound = "floor/sched:switch",
		.bound_times = 2000,
	}, {
		.name = "synchronize_exp",
		.burst = config_rcu_synchronize_exp,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 1,
		.slice_ns = 50 * NSEC_PER_MSEC,
		.bound = "floor/sched:switch",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_rcu = {
	.name = "config/rcu",
	.ops = config_rcu_ops,
	.create = config_rcu_create,
	.destroy = config_rcu_destroy,
};
