// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ring behind one spinlock_t, for any number of threads on either side.
 */
#include <linux/spinlock.h>

#include "world.h"
#include <acqrel/bench_ring.h>
#include "bench/variants.h"

struct ring_spinlock {
	spinlock_t lock;	/* protects all */
	u64 head;		/* items pushed */
	u64 tail;		/* items popped */
	u64 slots[ACQREL_BENCH_SLOTS];
};

static int ring_spinlock_init(void *ring)
{
	struct ring_spinlock *r = ring;

	spin_lock_init(&r->lock);
	return 0;
}

static __always_inline bool ring_spinlock_push(struct ring_spinlock *r,
					       u64 item)
{
	bool room;

	spin_lock(&r->lock);
	room = r->head - r->tail < ACQREL_BENCH_SLOTS;
	if (room)
		r->slots[r->head++ % ACQREL_BENCH_SLOTS] = item;
	spin_unlock(&r->lock);
	return room;
}

static __always_inline bool ring_spinlock_pop(struct ring_spinlock *r,
					      u64 *item)
{
	bool any;

	spin_lock(&r->lock);
	any = r->head != r->tail;
	if (any)
		*item = r->slots[r->tail++ % ACQREL_BENCH_SLOTS];
	spin_unlock(&r->lock);
	return any;
}

static u64 ring_spinlock_fill(struct ring_spinlock *r)
{
	u64 fill;

	spin_lock(&r->lock);
	fill = r->head - r->tail;
	spin_unlock(&r->lock);
	return fill;
}

ACQREL_RING_BURSTS(spinlock, struct ring_spinlock, ring_spinlock_push,
		   ring_spinlock_pop, ring_spinlock_fill)
/* eight slots a line */
ACQREL_RING_OPS(spinlock, 0, 125);

static int ring_spinlock_create(const struct acqrel_arm_params *p,
				void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ring_spinlock),
		.init = ring_spinlock_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_spinlock = {
	.name = "ring/spinlock",
	.ops = acqrel_ring_spinlock_ops,
	.create = ring_spinlock_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_spinlock_lost,
};
