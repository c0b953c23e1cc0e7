// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to read the clock that everything is measured with.
 */
#include "world.h"

#include <acqrel/bench_empty.h>
#include <acqrel/bench_watch.h>

#include "bench/variants.h"

static u64 floor_clock_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);

	ACQREL_LOOP(n, acqrel_watch_saw(&watch, world_clock()));
	acqrel_watch_end(&watch);
	return 0;
}

static const struct acqrel_op floor_clock_ops[] = {
	{ .name = "read", .burst = floor_clock_read },
	{ }
};

const struct acqrel_variant acqrel_variant_floor_clock = {
	.name = "floor/clock",
	.ops = floor_clock_ops,
	.create = acqrel_empty_create,
	.destroy = acqrel_empty_destroy,
};
