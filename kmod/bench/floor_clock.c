// SPDX-License-Identifier: GPL-2.0-only
/*
 * Floor: reading the clock that slices are timed with.
 */
#include <acqrel/bench_loop.h>
#include <acqrel/bench_watch.h>

#include "bench/variants.h"
#include "world.h"

static u64 floor_clock_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);

	ACQREL_LOOP(n, acqrel_watch_saw(&watch, world_clock()));
	acqrel_watch_end(&watch);
	return 0;
}

static int floor_clock_create(const struct acqrel_arm_params *p, void **object)
{
	*object = NULL;
	return 0;
}

static void floor_clock_destroy(void *object)
{
}

static const struct acqrel_op floor_clock_ops[] = {
	{ .name = "read", .burst = floor_clock_read },
	{ }
};

const struct acqrel_variant acqrel_variant_floor_clock = {
	.name = "floor/clock",
	.ops = floor_clock_ops,
	.create = floor_clock_create,
	.destroy = floor_clock_destroy,
};
