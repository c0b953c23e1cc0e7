/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * acqrel's own rings as arms, compiled in both worlds.
 */
#ifndef ACQREL_BENCH_RINGS_H
#define ACQREL_BENCH_RINGS_H

#include <acqrel/bench_ring.h>
#include <acqrel/ring_overwrite.h>
#include <acqrel/ring_spsc.h>
#include <acqrel/ring_turn.h>

struct acqrel_bench_spsc {
	struct acqrel_spsc ring;
	struct acqrel_spsc_slot slots[ACQREL_BENCH_SLOTS];
};

static int acqrel_bench_spsc_init(void *ring)
{
	struct acqrel_bench_spsc *r = ring;

	return acqrel_spsc_init(&r->ring, r->slots, ACQREL_BENCH_SLOTS, 0);
}

static __always_inline bool acqrel_bench_spsc_push(struct acqrel_bench_spsc *r,
						   u64 item)
{
	return acqrel_spsc_push(&r->ring, item);
}

static __always_inline bool acqrel_bench_spsc_pop(struct acqrel_bench_spsc *r,
						  u64 *item)
{
	return acqrel_spsc_pop(&r->ring, item);
}

static inline u64 acqrel_bench_spsc_fill(const struct acqrel_bench_spsc *r)
{
	return acqrel_spsc_fill(&r->ring);
}

ACQREL_RING_BURSTS(spsc, struct acqrel_bench_spsc, acqrel_bench_spsc_push,
		   acqrel_bench_spsc_pop, acqrel_bench_spsc_fill)
/* four slots a line */
ACQREL_RING_OPS(spsc, ACQREL_OP_PAIRS | ACQREL_OP_SHARED, 250);

static int acqrel_ring_spsc_create(const struct acqrel_arm_params *p,
				   void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct acqrel_bench_spsc),
		.pairs = true,
		.init = acqrel_bench_spsc_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

static const struct acqrel_variant acqrel_variant_ring_spsc = {
	.name = "ring/spsc",
	.ops = acqrel_ring_spsc_ops,
	.create = acqrel_ring_spsc_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_spsc_lost,
};

struct acqrel_bench_turn {
	struct acqrel_turn ring;
	struct acqrel_turn_slot slots[ACQREL_BENCH_SLOTS];
};

static int acqrel_bench_turn_init(void *ring)
{
	struct acqrel_bench_turn *r = ring;

	return acqrel_turn_init(&r->ring, r->slots, ACQREL_BENCH_SLOTS, 0);
}

static __always_inline bool acqrel_bench_turn_push(struct acqrel_bench_turn *r,
						   u64 item)
{
	return acqrel_turn_push_mp(&r->ring, item) == ACQREL_TURN_OK;
}

static __always_inline bool acqrel_bench_turn_pop(struct acqrel_bench_turn *r,
						  u64 *item)
{
	return acqrel_turn_pop_mc(&r->ring, item) == ACQREL_TURN_OK;
}

static inline u64 acqrel_bench_turn_fill(const struct acqrel_bench_turn *r)
{
	return acqrel_turn_fill(&r->ring);
}

ACQREL_RING_BURSTS(mpmc, struct acqrel_bench_turn, acqrel_bench_turn_push,
		   acqrel_bench_turn_pop, acqrel_bench_turn_fill)
ACQREL_RING_OPS(mpmc, ACQREL_OP_SHARED, 250);

static int acqrel_ring_mpmc_create(const struct acqrel_arm_params *p,
				   void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct acqrel_bench_turn),
		.init = acqrel_bench_turn_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

static const struct acqrel_variant acqrel_variant_ring_mpmc = {
	.name = "ring/mpmc",
	.ops = acqrel_ring_mpmc_ops,
	.create = acqrel_ring_mpmc_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_mpmc_lost,
};

/* it overwrites in the pipeline; here it refuses when full, as the others do */
struct acqrel_bench_oring {
	struct acqrel_oring ring;
	struct acqrel_oring_slot slots[ACQREL_BENCH_SLOTS];
};

static int acqrel_bench_oring_init(void *ring)
{
	struct acqrel_bench_oring *r = ring;

	return acqrel_oring_init(&r->ring, r->slots, ACQREL_BENCH_SLOTS, 0);
}

static __always_inline bool
acqrel_bench_oring_push(struct acqrel_bench_oring *r, u64 item)
{
	u64 words[ACQREL_ORING_WORDS] = { item };

	return acqrel_oring_push(&r->ring, words, false) != ACQREL_ORING_FULL;
}

static __always_inline bool acqrel_bench_oring_pop(struct acqrel_bench_oring *r,
						   u64 *item)
{
	struct acqrel_oring_item got;

	if (!acqrel_oring_pop(&r->ring, &got, 1))
		return false;
	*item = got.words[0];
	return true;
}

static inline u64 acqrel_bench_oring_fill(const struct acqrel_bench_oring *r)
{
	return acqrel_oring_fill(&r->ring);
}

ACQREL_RING_BURSTS(overwrite, struct acqrel_bench_oring,
		   acqrel_bench_oring_push, acqrel_bench_oring_pop,
		   acqrel_bench_oring_fill)
/* a slot is a line */
ACQREL_RING_OPS(overwrite, ACQREL_OP_PAIRS | ACQREL_OP_SHARED, 1000);

static int acqrel_ring_overwrite_create(const struct acqrel_arm_params *p,
					void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct acqrel_bench_oring),
		.pairs = true,
		.init = acqrel_bench_oring_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

static const struct acqrel_variant acqrel_variant_ring_overwrite = {
	.name = "ring/overwrite",
	.ops = acqrel_ring_overwrite_ops,
	.create = acqrel_ring_overwrite_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_overwrite_lost,
};

#endif /* ACQREL_BENCH_RINGS_H */
