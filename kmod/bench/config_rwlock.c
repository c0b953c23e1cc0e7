// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config behind an rwlock_t: changed in place, readers count themselves in the
 * lock's word.
 */
#include <linux/spinlock.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct config_rwlock {
	rwlock_t lock;	/* protects snapshot */
	struct acqrel_snapshot snapshot;
};

static __always_inline void
config_rwlock_look(struct config_rwlock *c, struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	read_lock(&c->lock);
	copy = c->snapshot;
	read_unlock(&c->lock);
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_rwlock_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_rwlock *c = w->object;

	ACQREL_LOOP(n, config_rwlock_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 config_rwlock_update(struct acqrel_worker *w, u64 n)
{
	struct config_rwlock *c = w->object;

	for (; n; n--) {
		write_lock(&c->lock);
		acqrel_snapshot_set(&c->snapshot, c->snapshot.generation + 1);
		write_unlock(&c->lock);
	}
	return 0;
}

static int config_rwlock_create(const struct acqrel_arm_params *p,
				void **object)
{
	struct config_rwlock *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	rwlock_init(&c->lock);
	acqrel_snapshot_set(&c->snapshot, 1);
	*object = c;
	return 0;
}

static const struct acqrel_op config_rwlock_ops[] = {
	{
		.name = "read",
		.burst = config_rwlock_read,
		.writer = config_rwlock_update,
		.chunk = 64,
		.bound = "floor/cpu:add_locked",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_rwlock_update,
		.chunk = 64,
		.bound = "floor/cpu:add_locked",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_rwlock = {
	.name = "config/rwlock",
	.ops = config_rwlock_ops,
	.create = config_rwlock_create,
	.destroy = world_free,
};
