// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ptr_ring with its locks, one for each side. It holds pointers, which are as
 * long as an item here; none is 0, which is an empty slot.
 */
#include <linux/ptr_ring.h>

#include "world.h"
#include <acqrel/bench_ring.h>
#include "bench/variants.h"

static int ring_ptr_init(void *ring)
{
	return ptr_ring_init(ring, ACQREL_BENCH_SLOTS, GFP_KERNEL);
}

static void ring_ptr_exit(void *ring)
{
	ptr_ring_cleanup(ring, NULL);
}

static __always_inline bool ring_ptr_push(struct ptr_ring *r, u64 item)
{
	return !ptr_ring_produce(r, (void *)(uintptr_t)item);
}

static __always_inline bool ring_ptr_pop(struct ptr_ring *r, u64 *item)
{
	u64 got = (uintptr_t)ptr_ring_consume(r);

	if (got)
		*item = got;
	return got;
}

/* it has no count: a slot is free if it is empty */
static u64 ring_ptr_fill(struct ptr_ring *r)
{
	return ACQREL_RING_NO_FILL;
}

ACQREL_RING_BURSTS(ptr, struct ptr_ring, ring_ptr_push, ring_ptr_pop,
		   ring_ptr_fill)
/* eight slots a line */
ACQREL_RING_OPS(ptr, 0, 125);

static int ring_ptr_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ptr_ring),
		.init = ring_ptr_init,
		.exit = ring_ptr_exit,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_ptr_ring = {
	.name = "ring/ptr_ring",
	.ops = acqrel_ring_ptr_ops,
	.create = ring_ptr_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_ptr_lost,
};
