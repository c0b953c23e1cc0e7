// SPDX-License-Identifier: GPL-2.0-only
/*
 * Floor: read-side sections with nothing in them, which is what the kernel's
 * own refscale measures: tools/refscale-check holds one against the other.
 */
#include <linux/atomic.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <acqrel/bench_loop.h>

#include "bench/memory.h"
#include "bench/variants.h"

/**
 * struct floor_section - what the sections are of
 * @srcu: a domain
 * @refcnt: a plain count, as refscale's
 * @rwlock: nobody writes
 * @rwsem: nobody writes
 */
struct floor_section {
	struct srcu_struct srcu;
	atomic_t refcnt ____cacheline_aligned;
	rwlock_t rwlock ____cacheline_aligned;
	struct rw_semaphore rwsem ____cacheline_aligned;
};

static __always_inline void floor_section_rcu_one(void)
{
	/* no pair: its cost is what is measured */
	rcu_read_lock();
	rcu_read_unlock();
}

static u64 floor_section_rcu(struct acqrel_worker *w, u64 n)
{
	ACQREL_LOOP(n, floor_section_rcu_one());
	return 0;
}

static __always_inline void floor_section_srcu_one(struct floor_section *s)
{
	/* no pair: its cost is what is measured */
	int index = srcu_read_lock(&s->srcu);

	srcu_read_unlock(&s->srcu, index);
}

static u64 floor_section_srcu(struct acqrel_worker *w, u64 n)
{
	struct floor_section *s = w->object;

	ACQREL_LOOP(n, floor_section_srcu_one(s));
	return 0;
}

static __always_inline void floor_section_refcnt_one(struct floor_section *s)
{
	atomic_inc(&s->refcnt);
	atomic_dec(&s->refcnt);
}

static u64 floor_section_refcnt(struct acqrel_worker *w, u64 n)
{
	struct floor_section *s = w->object;

	ACQREL_LOOP(n, floor_section_refcnt_one(s));
	return 0;
}

static __always_inline void floor_section_rwlock_one(struct floor_section *s)
{
	read_lock(&s->rwlock);
	read_unlock(&s->rwlock);
}

static u64 floor_section_rwlock(struct acqrel_worker *w, u64 n)
{
	struct floor_section *s = w->object;

	ACQREL_LOOP(n, floor_section_rwlock_one(s));
	return 0;
}

static __always_inline void floor_section_rwsem_one(struct floor_section *s)
{
	down_read(&s->rwsem);
	up_read(&s->rwsem);
}

static u64 floor_section_rwsem(struct acqrel_worker *w, u64 n)
{
	struct floor_section *s = w->object;

	ACQREL_LOOP(n, floor_section_rwsem_one(s));
	return 0;
}

static int floor_section_create(const struct acqrel_arm_params *p,
				void **object)
{
	struct floor_section *s = world_alloc(sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	err = init_srcu_struct(&s->srcu);
	if (err) {
		world_free(s);
		return err;
	}
	rwlock_init(&s->rwlock);
	init_rwsem(&s->rwsem);
	*object = s;
	return 0;
}

static void floor_section_destroy(void *object)
{
	struct floor_section *s = object;

	cleanup_srcu_struct(&s->srcu);
	world_free(s);
}

static const struct acqrel_op floor_section_ops[] = {
	{ .name = "rcu", .burst = floor_section_rcu },
	{ .name = "srcu", .burst = floor_section_srcu },
	{ .name = "refcnt", .burst = floor_section_refcnt },
	{ .name = "rwlock", .burst = floor_section_rwlock },
	{ .name = "rwsem", .burst = floor_section_rwsem },
	{ }
};

const struct acqrel_variant acqrel_variant_floor_section = {
	.name = "floor/section",
	.ops = floor_section_ops,
	.create = floor_section_create,
	.destroy = floor_section_destroy,
};
