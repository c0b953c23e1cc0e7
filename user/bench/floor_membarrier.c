// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to make all threads of this process pass a barrier. With two
 * threads the second runs meanwhile and is interrupted by each operation; alone
 * nobody is, and the call costs little more than any other.
 */
#include <acqrel/bench_empty.h>

#include "bench/membarrier.h"
#include "bench/variants.h"

static u64 floor_membarrier_burst(struct acqrel_worker *w, u64 n)
{
	u64 failed = 0;

	for (; n; n--)
		failed += !!world_membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
	return failed;
}

static int floor_membarrier_create(const struct acqrel_arm_params *p,
				   void **object)
{
	*object = NULL;
	return world_has_membarrier() ? 0 : -EOPNOTSUPP;
}

static const struct acqrel_op floor_membarrier_ops[] = {
	{
		.name = "membarrier",
		.burst = floor_membarrier_burst,
		.partner = acqrel_burst_empty,
		.threads_max = 2,
		.chunk = 4,
		.bound = "floor/call:syscall",
		.bound_times = 1000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_floor_membarrier = {
	.name = "floor/call",
	.ops = floor_membarrier_ops,
	.create = floor_membarrier_create,
	.destroy = acqrel_empty_destroy,
};
