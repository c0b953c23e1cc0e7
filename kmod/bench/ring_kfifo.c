// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kfifo for each two threads: one reader and one writer need no lock.
 */
#include <linux/kfifo.h>

#include "world.h"
#include <acqrel/bench_ring.h>
#include "bench/variants.h"

struct ring_kfifo {
	DECLARE_KFIFO(fifo, u64, ACQREL_BENCH_SLOTS);
};

static int ring_kfifo_init(void *ring)
{
	struct ring_kfifo *r = ring;

	INIT_KFIFO(r->fifo);
	return 0;
}

static __always_inline bool ring_kfifo_push(struct ring_kfifo *r, u64 item)
{
	return kfifo_put(&r->fifo, item);
}

static __always_inline bool ring_kfifo_pop(struct ring_kfifo *r, u64 *item)
{
	return kfifo_get(&r->fifo, item);
}

static u64 ring_kfifo_fill(struct ring_kfifo *r)
{
	return kfifo_len(&r->fifo);
}

ACQREL_RING_BURSTS(kfifo, struct ring_kfifo, ring_kfifo_push, ring_kfifo_pop,
		   ring_kfifo_fill)
/* eight slots a line */
ACQREL_RING_OPS(kfifo, ACQREL_OP_PAIRS, 125);

static int ring_kfifo_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ring_kfifo),
		.pairs = true,
		.init = ring_kfifo_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_kfifo = {
	.name = "ring/kfifo",
	.ops = acqrel_ring_kfifo_ops,
	.create = ring_kfifo_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_kfifo_lost,
};
