// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config behind a mutex: changed in place, readers exclude each other and sleep
 * when they have spun in vain.
 */
#include <linux/mutex.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct config_mutex {
	struct mutex lock;	/* protects snapshot */
	struct acqrel_snapshot snapshot;
};

static __always_inline void
config_mutex_look(struct config_mutex *c, struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	mutex_lock(&c->lock);
	copy = c->snapshot;
	mutex_unlock(&c->lock);
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_mutex_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_mutex *c = w->object;

	ACQREL_LOOP(n, config_mutex_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 config_mutex_update(struct acqrel_worker *w, u64 n)
{
	struct config_mutex *c = w->object;

	for (; n; n--) {
		mutex_lock(&c->lock);
		acqrel_snapshot_set(&c->snapshot, c->snapshot.generation + 1);
		mutex_unlock(&c->lock);
	}
	return 0;
}

static int config_mutex_create(const struct acqrel_arm_params *p,
			       void **object)
{
	struct config_mutex *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	mutex_init(&c->lock);
	acqrel_snapshot_set(&c->snapshot, 1);
	*object = c;
	return 0;
}

static const struct acqrel_op config_mutex_ops[] = {
	{
		.name = "read",
		.burst = config_mutex_read,
		.writer = config_mutex_update,
		.chunk = 64,
		.flags = ACQREL_OP_SLEEPS,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_mutex_update,
		.chunk = 64,
		.flags = ACQREL_OP_SLEEPS,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_mutex = {
	.name = "config/mutex",
	.ops = config_mutex_ops,
	.create = config_mutex_create,
	.destroy = world_free,
};
