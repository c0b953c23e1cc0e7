// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config behind a percpu_rw_semaphore: changed in place. Readers count
 * themselves on their own CPU without a barrier, which the first of a row of
 * writers pays for with a grace period.
 */
#include <linux/percpu-rwsem.h>
#include <acqrel/bench_loop.h>
#include <acqrel/bench_snapshot.h>

#include "bench/memory.h"
#include "bench/variants.h"

struct config_percpu_rwsem {
	struct percpu_rw_semaphore lock;	/* protects snapshot */
	struct acqrel_snapshot snapshot;
};

static __always_inline void
config_percpu_rwsem_look(struct config_percpu_rwsem *c,
			 struct acqrel_watch *watch)
{
	struct acqrel_snapshot copy;

	percpu_down_read(&c->lock);
	copy = c->snapshot;
	percpu_up_read(&c->lock);
	acqrel_snapshot_saw(watch, copy);
}

static u64 config_percpu_rwsem_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct config_percpu_rwsem *c = w->object;

	ACQREL_LOOP(n, config_percpu_rwsem_look(c, &watch));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 config_percpu_rwsem_update(struct acqrel_worker *w, u64 n)
{
	struct config_percpu_rwsem *c = w->object;

	for (; n; n--) {
		percpu_down_write(&c->lock);
		acqrel_snapshot_set(&c->snapshot, c->snapshot.generation + 1);
		percpu_up_write(&c->lock);
	}
	return 0;
}

static int config_percpu_rwsem_create(const struct acqrel_arm_params *p,
				      void **object)
{
	struct config_percpu_rwsem *c = world_alloc(sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	err = percpu_init_rwsem(&c->lock);
	if (err) {
		world_free(c);
		return err;
	}
	acqrel_snapshot_set(&c->snapshot, 1);
	*object = c;
	return 0;
}

static void config_percpu_rwsem_destroy(void *object)
{
	struct config_percpu_rwsem *c = object;

	percpu_free_rwsem(&c->lock);
	world_free(c);
}

static const struct acqrel_op config_percpu_rwsem_ops[] = {
	{
		.name = "read",
		.burst = config_percpu_rwsem_read,
		.writer = config_percpu_rwsem_update,
		.flags = ACQREL_OP_SLEEPS,
		.bound = "floor/cpu:add_plain",
		.bound_times = 2000,
	}, {
		.name = "update",
		.burst = config_percpu_rwsem_update,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 16,
		.slice_ns = 100 * NSEC_PER_MSEC,
		.bound = "floor/cpu:cas",
		.bound_times = 2000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_config_percpu_rwsem = {
	.name = "config/percpu_rwsem",
	.ops = config_percpu_rwsem_ops,
	.create = config_percpu_rwsem_create,
	.destroy = config_percpu_rwsem_destroy,
};
