// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config behind a spinlock_t: changed in place, readers exclude each other.
 */
#include <linux/spinlock.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct config_spinlock {
	spinlock_t lock;	/* protects snapshot */
	struct acqrel_snapshot snapshot;
};

static __always_inline void
config_spinlock_look(struct config_spinlock *c, struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	spin_lock(&c->lock);
	copy = c->snapshot;
	spin_unlock(&c->lock);
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_spinlock_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_spinlock *c = w->object;

	ACQREL_LOOP(n, config_spinlock_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 config_spinlock_update(struct acqrel_worker *w, u64 n)
{
	struct config_spinlock *c = w->object;

	for (; n; n--) {
		spin_lock(&c->lock);
		acqrel_snapshot_set(&c->snapshot, c->snapshot.generation + 1);
		spin_unlock(&c->lock);
	}
	return 0;
}

static int config_spinlock_create(const struct acqrel_arm_params *p,
				  void **object)
{
	struct config_spinlock *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	spin_lock_init(&c->lock);
	acqrel_snapshot_set(&c->snapshot, 1);
	*object = c;
	return 0;
}

static const struct acqrel_op config_spinlock_ops[] = {
	{
		.name = "read",
		.burst = config_spinlock_read,
		.writer = config_spinlock_update,
		.chunk = 64,
		.bound = "floor/cpu:cas",
		.bound_times = 1000,
	}, {
		.name = "update",
		.burst = config_spinlock_update,
		.chunk = 64,
		.bound = "floor/cpu:cas",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_spinlock = {
	.name = "config/spinlock",
	.ops = config_spinlock_ops,
	.create = config_spinlock_create,
	.destroy = world_free,
};
