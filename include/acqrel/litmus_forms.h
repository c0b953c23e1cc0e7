/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Litmus tests of what algorithms rely on: a compare-and-swap, read-modify-write
 * operations, sequence counts, reference counts, hazard pointers, sleep and
 * wake-up, RCU, the reuse of a ring's slot.
 *
 * The file that includes this has included its world's header first, for RCU
 * and for the operations that order.h leaves out.
 */
#ifndef ACQREL_LITMUS_FORMS_H
#define ACQREL_LITMUS_FORMS_H

#include <acqrel/litmus.h>

/* MPcas: MP whose consumer takes the flag with a compare-and-swap. */
LITMUS_EXISTS(MPcas, p1.r0 == 1 && p1.r1 == 0)

LITMUS_THREAD(MPcas_success, 0, {
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(MPcas_success, 1, {
	r0 = cmpxchg(y, 1, 6);
	r1 = READ_ONCE(*x);
})

LITMUS_THREAD(MPcas_fail, 0, {
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(MPcas_fail, 1, {
	r0 = cmpxchg(y, 5, 6);
	r1 = READ_ONCE(*x);
})

LITMUS_THREAD(MPcas_relaxed, 0, {
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(MPcas_relaxed, 1, {
	r0 = cmpxchg_relaxed(y, 1, 6);
	r1 = READ_ONCE(*x);
})

LITMUS_THREAD(MPcas_acquire, 0, {
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(MPcas_acquire, 1, {
	r0 = cmpxchg_acquire(y, 1, 6);
	r1 = READ_ONCE(*x);
})

/* SBrmw: SB with a read-modify-write operation for one store and its barrier. */
LITMUS_EXISTS(SBrmw, p0.r0 == 0 && p1.r0 == 0)

LITMUS_THREAD(SBrmw_inc, 0, {
	atomic64_inc(LITMUS_ATOMIC(x));
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(SBrmw_inc, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(SBrmw_inc_relaxed, 0, {
	r1 = (u64)atomic64_inc_return_relaxed(LITMUS_ATOMIC(x));
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(SBrmw_inc_relaxed, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(SBrmw_inc_return, 0, {
	r1 = (u64)atomic64_inc_return(LITMUS_ATOMIC(x));
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(SBrmw_inc_return, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(SBrmw_xchg_relaxed, 0, {
	r1 = xchg_relaxed(x, 1);
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(SBrmw_xchg_relaxed, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(SBrmw_xchg, 0, {
	r1 = xchg(x, 1);
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(SBrmw_xchg, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
})

/*
 * seqlock: one even count before and after, and data of another section. x is
 * the count, y and z are the data.
 */
LITMUS_EXISTS(seqlock, (p1.r0 == 0 && p1.r3 == 0 && (p1.r1 == 1 || p1.r2 == 1)) ||
	      (p1.r0 == 2 && p1.r3 == 2 && (p1.r1 == 0 || p1.r2 == 0)))

LITMUS_THREAD(seqlock_once, 0, {
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 1);
	WRITE_ONCE(*z, 1);
	WRITE_ONCE(*x, 2);
})
LITMUS_THREAD(seqlock_once, 1, {
	r0 = READ_ONCE(*x);
	r1 = READ_ONCE(*y);
	r2 = READ_ONCE(*z);
	r3 = READ_ONCE(*x);
})

LITMUS_THREAD(seqlock_ra, 0, {
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 1);
	WRITE_ONCE(*z, 1);
	smp_store_release(x, 2);
})
LITMUS_THREAD(seqlock_ra, 1, {
	r0 = smp_load_acquire(x);
	r1 = READ_ONCE(*y);
	r2 = READ_ONCE(*z);
	r3 = smp_load_acquire(x);
})

LITMUS_THREAD(seqlock_wmb, 0, {
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
	WRITE_ONCE(*z, 1);
	smp_wmb();
	WRITE_ONCE(*x, 2);
})
LITMUS_THREAD(seqlock_wmb, 1, {
	r0 = READ_ONCE(*x);
	smp_rmb();
	r1 = READ_ONCE(*y);
	r2 = READ_ONCE(*z);
	smp_rmb();
	r3 = READ_ONCE(*x);
})

LITMUS_THREAD(seqlock_mb, 0, {
	WRITE_ONCE(*x, 1);
	smp_mb();
	WRITE_ONCE(*y, 1);
	WRITE_ONCE(*z, 1);
	smp_mb();
	WRITE_ONCE(*x, 2);
})
LITMUS_THREAD(seqlock_mb, 1, {
	r0 = READ_ONCE(*x);
	smp_mb();
	r1 = READ_ONCE(*y);
	r2 = READ_ONCE(*z);
	smp_mb();
	r3 = READ_ONCE(*x);
})

/*
 * refcount: who puts the last reference does not see what was done under the
 * other. y is the count.
 */
LITMUS_EXISTS(refcount, p1.r0 == 1 && p1.r1 == 0)

LITMUS_THREAD(refcount_once, 0, {
	WRITE_ONCE(*x, 1);
	r0 = (u64)atomic64_fetch_sub_relaxed(1, LITMUS_ATOMIC(y));
})
LITMUS_THREAD(refcount_once, 1, {
	r0 = (u64)atomic64_fetch_sub_relaxed(1, LITMUS_ATOMIC(y));
	if (r0 == 1)
		r1 = READ_ONCE(*x);
})

LITMUS_THREAD(refcount_release, 0, {
	WRITE_ONCE(*x, 1);
	r0 = (u64)atomic64_fetch_sub_release(1, LITMUS_ATOMIC(y));
})
LITMUS_THREAD(refcount_release, 1, {
	r0 = (u64)atomic64_fetch_sub_release(1, LITMUS_ATOMIC(y));
	if (r0 == 1)
		r1 = READ_ONCE(*x);
})

LITMUS_THREAD(refcount_ra, 0, {
	WRITE_ONCE(*x, 1);
	r0 = (u64)atomic64_fetch_sub_release(1, LITMUS_ATOMIC(y));
})
LITMUS_THREAD(refcount_ra, 1, {
	r0 = (u64)atomic64_fetch_sub_release(1, LITMUS_ATOMIC(y));
	if (r0 == 1) {
		smp_acquire__after_ctrl_dep();
		r1 = READ_ONCE(*x);
	}
})

LITMUS_THREAD(refcount_mb, 0, {
	WRITE_ONCE(*x, 1);
	r0 = (u64)atomic64_fetch_sub(1, LITMUS_ATOMIC(y));
})
LITMUS_THREAD(refcount_mb, 1, {
	r0 = (u64)atomic64_fetch_sub(1, LITMUS_ATOMIC(y));
	if (r0 == 1)
		r1 = READ_ONCE(*x);
})

/*
 * hazard: the pointer y was still the old one after the hazard x was set, and
 * who changed it does not see the hazard.
 */
LITMUS_EXISTS(hazard, p0.r0 == 1 && p1.r0 == 0)

LITMUS_THREAD(hazard_once, 0, {
	WRITE_ONCE(*x, 1);
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(hazard_once, 1, {
	WRITE_ONCE(*y, 2);
	smp_mb();
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(hazard_ra, 0, {
	smp_store_release(x, 1);
	r0 = smp_load_acquire(y);
})
LITMUS_THREAD(hazard_ra, 1, {
	WRITE_ONCE(*y, 2);
	smp_mb();
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(hazard_mb, 0, {
	WRITE_ONCE(*x, 1);
	smp_mb();
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(hazard_mb, 1, {
	WRITE_ONCE(*y, 2);
	smp_mb();
	r0 = READ_ONCE(*x);
})

/*
 * sleepwake: who goes to sleep sees no reason to stay awake, who gives it sees
 * nobody asleep. x is the state, y the reason.
 */
LITMUS_EXISTS(sleepwake, p0.r0 == 0 && p1.r0 == 0)

LITMUS_THREAD(sleepwake_once, 0, {
	WRITE_ONCE(*x, 1);
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(sleepwake_once, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(sleepwake_ra, 0, {
	smp_store_release(x, 1);
	r0 = smp_load_acquire(y);
})
LITMUS_THREAD(sleepwake_ra, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(sleepwake_mb, 0, {
	smp_store_mb(*x, 1);
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(sleepwake_mb, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
})

/*
 * RCUpub: the pointer was seen, and not what was written before it. y points to
 * x or to z.
 */
LITMUS_EXISTS(RCUpub, p1.r0 == 1 && p1.r1 == 0)

LITMUS_THREAD(RCUpub_once, 0, {
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*LITMUS_POINTER(y), x);
})
LITMUS_THREAD(RCUpub_once, 1, {
	u64 *p;

	rcu_read_lock();
	p = rcu_dereference(*LITMUS_RCU(y));
	r1 = READ_ONCE(*p);
	r0 = p == x;
	rcu_read_unlock();
})

LITMUS_THREAD(RCUpub_ra, 0, {
	WRITE_ONCE(*x, 1);
	smp_store_release(LITMUS_POINTER(y), x);
})
LITMUS_THREAD(RCUpub_ra, 1, {
	u64 *p = smp_load_acquire(LITMUS_POINTER(y));

	r1 = READ_ONCE(*p);
	r0 = p == x;
})

LITMUS_THREAD(RCUpub_rcu, 0, {
	WRITE_ONCE(*x, 1);
	rcu_assign_pointer(*LITMUS_RCU(y), x);
})
LITMUS_THREAD(RCUpub_rcu, 1, {
	u64 *p;

	rcu_read_lock();
	p = rcu_dereference(*LITMUS_RCU(y));
	r1 = READ_ONCE(*p);
	r0 = p == x;
	rcu_read_unlock();
})

/*
 * RCUfree: a reader sees what the old memory was used for next. y points to x,
 * then to z.
 */
LITMUS_EXISTS(RCUfree, p0.r0 == 9)

LITMUS_THREAD(RCUfree_none, 0, {
	u64 *p;

	rcu_read_lock();
	p = rcu_dereference(*LITMUS_RCU(y));
	r0 = READ_ONCE(*p);
	rcu_read_unlock();
})
LITMUS_THREAD(RCUfree_none, 1, {
	rcu_assign_pointer(*LITMUS_RCU(y), z);
	WRITE_ONCE(*x, 9);
})

LITMUS_THREAD(RCUfree_gp, 0, {
	u64 *p;

	rcu_read_lock();
	p = rcu_dereference(*LITMUS_RCU(y));
	r0 = READ_ONCE(*p);
	rcu_read_unlock();
})
LITMUS_THREAD(RCUfree_gp, 1, {
	rcu_assign_pointer(*LITMUS_RCU(y), z);
	synchronize_rcu();
	WRITE_ONCE(*x, 9);
})

/*
 * SPSCreuse: the consumer reads from the slot x what the producer wrote into it
 * once the consumer had given it back by y.
 */
LITMUS_EXISTS(SPSCreuse, p0.r0 == 2 && p1.r0 == 1)

LITMUS_THREAD(SPSCreuse_once, 0, {
	r0 = READ_ONCE(*x);
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(SPSCreuse_once, 1, {
	r0 = READ_ONCE(*y);
	if (r0)
		WRITE_ONCE(*x, 2);
})

LITMUS_THREAD(SPSCreuse_ctrl, 0, {
	r0 = READ_ONCE(*x);
	smp_store_release(y, 1);
})
LITMUS_THREAD(SPSCreuse_ctrl, 1, {
	r0 = READ_ONCE(*y);
	if (r0)
		WRITE_ONCE(*x, 2);
})

LITMUS_THREAD(SPSCreuse_ra, 0, {
	r0 = READ_ONCE(*x);
	smp_store_release(y, 1);
})
LITMUS_THREAD(SPSCreuse_ra, 1, {
	r0 = smp_load_acquire(y);
	if (r0)
		WRITE_ONCE(*x, 2);
})

LITMUS_THREAD(SPSCreuse_mb, 0, {
	r0 = READ_ONCE(*x);
	smp_mb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(SPSCreuse_mb, 1, {
	r0 = READ_ONCE(*y);
	smp_mb();
	if (r0)
		WRITE_ONCE(*x, 2);
})

#endif /* ACQREL_LITMUS_FORMS_H */
