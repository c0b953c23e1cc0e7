// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kfifo with its spinlocks, one for each side, for any number of threads.
 */
#include <linux/kfifo.h>
#include <linux/spinlock.h>

#include "world.h"
#include <acqrel/bench_ring.h>
#include "bench/variants.h"

/**
 * struct ring_kfifo_lock - a ring to measure with
 * @in: of those that push
 * @out: of those that pop
 * @fifo: the ring
 */
struct ring_kfifo_lock {
	spinlock_t in ____cacheline_aligned_in_smp;
	spinlock_t out ____cacheline_aligned_in_smp;
	DECLARE_KFIFO(fifo, u64, ACQREL_BENCH_SLOTS);
};

static int ring_kfifo_lock_init(void *ring)
{
	struct ring_kfifo_lock *r = ring;

	spin_lock_init(&r->in);
	spin_lock_init(&r->out);
	INIT_KFIFO(r->fifo);
	return 0;
}

static __always_inline bool ring_kfifo_lock_push(struct ring_kfifo_lock *r,
						 u64 item)
{
	return kfifo_in_spinlocked(&r->fifo, &item, 1, &r->in);
}

static __always_inline bool ring_kfifo_lock_pop(struct ring_kfifo_lock *r,
						u64 *item)
{
	return kfifo_out_spinlocked(&r->fifo, item, 1, &r->out);
}

static u64 ring_kfifo_lock_fill(struct ring_kfifo_lock *r)
{
	return kfifo_len(&r->fifo);
}

ACQREL_RING_BURSTS(kfifo_lock, struct ring_kfifo_lock, ring_kfifo_lock_push,
		   ring_kfifo_lock_pop, ring_kfifo_lock_fill)
/* eight slots a line */
ACQREL_RING_OPS(kfifo_lock, 0, 125);

static int ring_kfifo_lock_create(const struct acqrel_arm_params *p,
				  void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ring_kfifo_lock),
		.init = ring_kfifo_lock_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_kfifo_lock = {
	.name = "ring/kfifo_lock",
	.ops = acqrel_ring_kfifo_lock_ops,
	.create = ring_kfifo_lock_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_kfifo_lock_lost,
};
