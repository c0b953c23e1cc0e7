/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Config behind a lock: changed in place, copied under the lock.
 *
 * The file that includes this has defined struct config_lock and its
 * config_lock_init(), _exit(), _shared(), _shared_end(), _alone() and
 * _alone_end(), and what bounds them, as in the module: CONFIG_LOCK_BOUND, and
 * how many of it a lock and unlock take, in thousandths, as CONFIG_LOCK_SHARED
 * and CONFIG_LOCK_ALONE.
 */
#ifndef ACQREL_USER_BENCH_CONFIG_LOCKED_H
#define ACQREL_USER_BENCH_CONFIG_LOCKED_H

#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"

/* a contended lock takes some hundred nanoseconds */
#define CONFIG_LOCKED_CHUNK	64

struct config_locked {
	struct config_lock lock;
	struct acqrel_snapshot snapshot;
};

static __always_inline void config_locked_look(struct config_locked *c,
					       struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	config_lock_shared(&c->lock);
	copy = c->snapshot;
	config_lock_shared_end(&c->lock);
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_locked_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_locked *c = w->object;

	ACQREL_LOOP(n, config_locked_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 config_locked_update(struct acqrel_worker *w, u64 n)
{
	struct config_locked *c = w->object;

	for (; n; n--) {
		config_lock_alone(&c->lock);
		acqrel_snapshot_set(&c->snapshot, c->snapshot.generation + 1);
		config_lock_alone_end(&c->lock);
	}
	return 0;
}

static int config_locked_create(const struct acqrel_arm_params *p,
				void **object)
{
	struct config_locked *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	config_lock_init(&c->lock);
	acqrel_snapshot_set(&c->snapshot, 1);
	*object = c;
	return 0;
}

static void config_locked_destroy(void *object)
{
	struct config_locked *c = object;

	config_lock_exit(&c->lock);
	world_free(c);
}

static const struct acqrel_op config_locked_ops[] = {
	{
		.name = "read",
		.burst = config_locked_read,
		.writer = config_locked_update,
		.chunk = CONFIG_LOCKED_CHUNK,
		.bound = CONFIG_LOCK_BOUND,
		.bound_times = CONFIG_LOCK_SHARED,
	}, {
		.name = "update",
		.burst = config_locked_update,
		.chunk = CONFIG_LOCKED_CHUNK,
		.bound = CONFIG_LOCK_BOUND,
		.bound_times = CONFIG_LOCK_ALONE,
	},
	{ }
};

#endif /* ACQREL_USER_BENCH_CONFIG_LOCKED_H */
