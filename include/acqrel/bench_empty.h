/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The empty loop: what every burst pays besides its operations. It is what
 * user space subtracts.
 */
#ifndef ACQREL_BENCH_EMPTY_H
#define ACQREL_BENCH_EMPTY_H

#include <acqrel/bench_loop.h>

static u64 acqrel_burst_empty(struct acqrel_worker *w, u64 n)
{
	ACQREL_LOOP(n, barrier());
	return 0;
}

static int acqrel_empty_create(const struct acqrel_arm_params *p, void **object)
{
	*object = NULL;
	return 0;
}

static void acqrel_empty_destroy(void *object)
{
}

static const struct acqrel_op acqrel_empty_ops[] = {
	{ .name = "loop", .burst = acqrel_burst_empty, .chunk = 4000 },
	{ }
};

static const struct acqrel_variant acqrel_variant_empty = {
	.name = "empty/empty",
	.ops = acqrel_empty_ops,
	.create = acqrel_empty_create,
	.destroy = acqrel_empty_destroy,
};

#endif /* ACQREL_BENCH_EMPTY_H */
