// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings of Concurrency Kit: one structure, whose calls say how many producers
 * and consumers there are. Of 1024 slots one stays empty.
 */
#include "world.h"

#include <acqrel/bench_ring.h>
#include <ck_ring.h>

#include "bench/variants.h"

struct ring_ck {
	struct ck_ring ring ____cacheline_aligned;
	struct ck_ring_buffer slots[ACQREL_BENCH_SLOTS] ____cacheline_aligned;
};

static int ring_ck_init(void *ring)
{
	struct ring_ck *r = ring;

	ck_ring_init(&r->ring, ACQREL_BENCH_SLOTS);
	return 0;
}

static inline u64 ring_ck_fill(const struct ring_ck *r)
{
	return ck_ring_size(&r->ring);
}

static __always_inline bool ring_ck_spsc_push(struct ring_ck *r, u64 item)
{
	return ck_ring_enqueue_spsc(&r->ring, r->slots,
				    (void *)(uintptr_t)item);
}

static __always_inline bool ring_ck_spsc_pop(struct ring_ck *r, u64 *item)
{
	return ck_ring_dequeue_spsc(&r->ring, r->slots, item);
}

ACQREL_RING_BURSTS(ck_spsc, struct ring_ck, ring_ck_spsc_push,
		   ring_ck_spsc_pop, ring_ck_fill)
/* eight slots a line */
ACQREL_RING_OPS(ck_spsc, ACQREL_OP_PAIRS, 125);

static int ring_ck_spsc_create(const struct acqrel_arm_params *p,
			       void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ring_ck),
		.pairs = true,
		.init = ring_ck_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_ck_spsc = {
	.name = "ring/ck_spsc",
	.ops = acqrel_ring_ck_spsc_ops,
	.create = ring_ck_spsc_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_ck_spsc_lost,
};

static __always_inline bool ring_ck_mpmc_push(struct ring_ck *r, u64 item)
{
	return ck_ring_enqueue_mpmc(&r->ring, r->slots,
				    (void *)(uintptr_t)item);
}

static __always_inline bool ring_ck_mpmc_pop(struct ring_ck *r, u64 *item)
{
	return ck_ring_dequeue_mpmc(&r->ring, r->slots, item);
}

ACQREL_RING_BURSTS(ck_mpmc, struct ring_ck, ring_ck_mpmc_push,
		   ring_ck_mpmc_pop, ring_ck_fill)
ACQREL_RING_OPS(ck_mpmc, 0, 125);

static int ring_ck_mpmc_create(const struct acqrel_arm_params *p,
			       void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ring_ck),
		.init = ring_ck_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_ck_mpmc = {
	.name = "ring/ck_mpmc",
	.ops = acqrel_ring_ck_mpmc_ops,
	.create = ring_ck_mpmc_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_ck_mpmc_lost,
};
