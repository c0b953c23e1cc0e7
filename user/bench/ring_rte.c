// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rings of DPDK, in memory of our own: rte_ring_init() and the inline calls
 * need no environment abstraction layer. Of 1024 slots one stays empty.
 */
#include <rte_ring.h>

#include "world.h"

#include <acqrel/bench_ring.h>

#include "bench/variants.h"

struct ring_rte {
	struct rte_ring ring;
	void *slots[ACQREL_BENCH_SLOTS] ____cacheline_aligned;
};

static inline u64 ring_rte_fill(const struct ring_rte *r)
{
	return rte_ring_count(&r->ring);
}

static int ring_rte_init(struct ring_rte *r, unsigned int flags)
{
	/* where the library looks for the slots */
	static_assert(offsetof(struct ring_rte, slots) ==
		      sizeof(struct rte_ring));

	return rte_ring_init(&r->ring, "acqrel", ACQREL_BENCH_SLOTS, flags);
}

static int ring_rte_spsc_init(void *ring)
{
	return ring_rte_init(ring, RING_F_SP_ENQ | RING_F_SC_DEQ);
}

static __always_inline bool ring_rte_spsc_push(struct ring_rte *r, u64 item)
{
	return !rte_ring_sp_enqueue(&r->ring, (void *)(uintptr_t)item);
}

static __always_inline bool ring_rte_spsc_pop(struct ring_rte *r, u64 *item)
{
	void *got;

	if (rte_ring_sc_dequeue(&r->ring, &got))
		return false;
	*item = (uintptr_t)got;
	return true;
}

ACQREL_RING_BURSTS(rte_spsc, struct ring_rte, ring_rte_spsc_push,
		   ring_rte_spsc_pop, ring_rte_fill)
/* eight slots a line */
ACQREL_RING_OPS(rte_spsc, ACQREL_OP_PAIRS, 125);

static int ring_rte_spsc_create(const struct acqrel_arm_params *p,
				void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ring_rte),
		.pairs = true,
		.init = ring_rte_spsc_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_rte_spsc = {
	.name = "ring/rte_spsc",
	.ops = acqrel_ring_rte_spsc_ops,
	.create = ring_rte_spsc_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_rte_spsc_lost,
};

static int ring_rte_mpmc_init(void *ring)
{
	return ring_rte_init(ring, 0);
}

static __always_inline bool ring_rte_mpmc_push(struct ring_rte *r, u64 item)
{
	return !rte_ring_mp_enqueue(&r->ring, (void *)(uintptr_t)item);
}

static __always_inline bool ring_rte_mpmc_pop(struct ring_rte *r, u64 *item)
{
	void *got;

	if (rte_ring_mc_dequeue(&r->ring, &got))
		return false;
	*item = (uintptr_t)got;
	return true;
}

ACQREL_RING_BURSTS(rte_mpmc, struct ring_rte, ring_rte_mpmc_push,
		   ring_rte_mpmc_pop, ring_rte_fill)
ACQREL_RING_OPS(rte_mpmc, 0, 125);

static int ring_rte_mpmc_create(const struct acqrel_arm_params *p,
				void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ring_rte),
		.init = ring_rte_mpmc_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_rte_mpmc = {
	.name = "ring/rte_mpmc",
	.ops = acqrel_ring_rte_mpmc_ops,
	.create = ring_rte_mpmc_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_rte_mpmc_lost,
};
