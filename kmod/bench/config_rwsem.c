// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config behind an rw_semaphore: changed in place, readers count themselves in
 * the semaphore's word.
 */
#include <linux/rwsem.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct config_rwsem {
	struct rw_semaphore lock;	/* protects snapshot */
	struct acqrel_snapshot snapshot;
};

static __always_inline void
config_rwsem_look(struct config_rwsem *c, struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	down_read(&c->lock);
	copy = c->snapshot;
	up_read(&c->lock);
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_rwsem_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_rwsem *c = w->object;

	ACQREL_LOOP(n, config_rwsem_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 config_rwsem_update(struct acqrel_worker *w, u64 n)
{
	struct config_rwsem *c = w->object;

	for (; n; n--) {
		down_write(&c->lock);
		acqrel_snapshot_set(&c->snapshot, c->snapshot.generation + 1);
		up_write(&c->lock);
	}
	return 0;
}

static int config_rwsem_create(const struct acqrel_arm_params *p,
			       void **object)
{
	struct config_rwsem *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	init_rwsem(&c->lock);
	acqrel_snapshot_set(&c->snapshot, 1);
	*object = c;
	return 0;
}

static const struct acqrel_op config_rwsem_ops[] = {
	{
		.name = "read",
		.burst = config_rwsem_read,
		.writer = config_rwsem_update,
		.chunk = 64,
		.flags = ACQREL_OP_SLEEPS,
		.bound = "floor/cpu:add_locked",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_rwsem_update,
		.chunk = 64,
		.flags = ACQREL_OP_SLEEPS,
		.bound = "floor/cpu:add_locked",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_rwsem = {
	.name = "config/rwsem",
	.ops = config_rwsem_ops,
	.create = config_rwsem_create,
	.destroy = world_free,
};
