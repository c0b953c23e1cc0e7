/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Litmus tests of two threads: the shapes of the literature. Each is there with
 * plain marked accesses (once), with release and acquire (ra) and with a full
 * barrier between each two accesses (mb).
 */
#ifndef ACQREL_LITMUS_TWO_H
#define ACQREL_LITMUS_TWO_H

#include <acqrel/litmus.h>

/* MP, message passing: the flag y was seen, and not the data x before it. */
LITMUS_EXISTS(MP, p1.r0 == 1 && p1.r1 == 0)

LITMUS_THREAD(MP_once, 0, {
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(MP_once, 1, {
	r0 = READ_ONCE(*y);
	r1 = READ_ONCE(*x);
})

LITMUS_THREAD(MP_ra, 0, {
	smp_store_release(x, 1);
	smp_store_release(y, 1);
})
LITMUS_THREAD(MP_ra, 1, {
	r0 = smp_load_acquire(y);
	r1 = smp_load_acquire(x);
})

LITMUS_THREAD(MP_mb, 0, {
	WRITE_ONCE(*x, 1);
	smp_mb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(MP_mb, 1, {
	r0 = READ_ONCE(*y);
	smp_mb();
	r1 = READ_ONCE(*x);
})

/* with barriers of one kind of access each */
LITMUS_THREAD(MP_wmb, 0, {
	WRITE_ONCE(*x, 1);
	smp_wmb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(MP_wmb, 1, {
	r0 = READ_ONCE(*y);
	smp_rmb();
	r1 = READ_ONCE(*x);
})

/* y points to x or to z; no load of what a pointer leads to is before its own */
LITMUS_THREAD(MP_addr, 0, {
	WRITE_ONCE(*x, 1);
	smp_store_release(LITMUS_POINTER(y), x);
})
LITMUS_THREAD(MP_addr, 1, {
	u64 *p = READ_ONCE(*LITMUS_POINTER(y));

	r1 = READ_ONCE(*p);
	r0 = p == x;
})

/* MPwp: the producer writes the flag first, so no barrier helps. */
LITMUS_EXISTS(MPwp, p1.r0 == 1 && p1.r1 == 0)

LITMUS_THREAD(MPwp_once, 0, {
	WRITE_ONCE(*y, 1);
	WRITE_ONCE(*x, 1);
})
LITMUS_THREAD(MPwp_once, 1, {
	r0 = READ_ONCE(*y);
	r1 = READ_ONCE(*x);
})

LITMUS_THREAD(MPwp_ra, 0, {
	smp_store_release(y, 1);
	smp_store_release(x, 1);
})
LITMUS_THREAD(MPwp_ra, 1, {
	r0 = smp_load_acquire(y);
	r1 = smp_load_acquire(x);
})

LITMUS_THREAD(MPwp_mb, 0, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	WRITE_ONCE(*x, 1);
})
LITMUS_THREAD(MPwp_mb, 1, {
	r0 = READ_ONCE(*y);
	smp_mb();
	r1 = READ_ONCE(*x);
})

/* MPwc: the consumer reads the data first, so no barrier helps. */
LITMUS_EXISTS(MPwc, p1.r0 == 1 && p1.r1 == 0)

LITMUS_THREAD(MPwc_once, 0, {
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(MPwc_once, 1, {
	r1 = READ_ONCE(*x);
	r0 = READ_ONCE(*y);
})

LITMUS_THREAD(MPwc_ra, 0, {
	smp_store_release(x, 1);
	smp_store_release(y, 1);
})
LITMUS_THREAD(MPwc_ra, 1, {
	r1 = smp_load_acquire(x);
	r0 = smp_load_acquire(y);
})

LITMUS_THREAD(MPwc_mb, 0, {
	WRITE_ONCE(*x, 1);
	smp_mb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(MPwc_mb, 1, {
	r1 = READ_ONCE(*x);
	smp_mb();
	r0 = READ_ONCE(*y);
})

/*
 * SB, store buffering, as in Dekker's algorithm: each wrote, and neither saw it.
 */
LITMUS_EXISTS(SB, p0.r0 == 0 && p1.r0 == 0)

LITMUS_THREAD(SB_once, 0, {
	WRITE_ONCE(*x, 1);
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(SB_once, 1, {
	WRITE_ONCE(*y, 1);
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(SB_ra, 0, {
	smp_store_release(x, 1);
	r0 = smp_load_acquire(y);
})
LITMUS_THREAD(SB_ra, 1, {
	smp_store_release(y, 1);
	r0 = smp_load_acquire(x);
})

LITMUS_THREAD(SB_mb, 0, {
	WRITE_ONCE(*x, 1);
	smp_mb();
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(SB_mb, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	r0 = READ_ONCE(*x);
})

/* LB, load buffering: each saw what the other wrote after its own load. */
LITMUS_EXISTS(LB, p0.r0 == 1 && p1.r0 == 1)

LITMUS_THREAD(LB_once, 0, {
	r0 = READ_ONCE(*x);
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(LB_once, 1, {
	r0 = READ_ONCE(*y);
	WRITE_ONCE(*x, 1);
})

LITMUS_THREAD(LB_ra, 0, {
	r0 = smp_load_acquire(x);
	smp_store_release(y, 1);
})
LITMUS_THREAD(LB_ra, 1, {
	r0 = smp_load_acquire(y);
	smp_store_release(x, 1);
})

LITMUS_THREAD(LB_mb, 0, {
	r0 = READ_ONCE(*x);
	smp_mb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(LB_mb, 1, {
	r0 = READ_ONCE(*y);
	smp_mb();
	WRITE_ONCE(*x, 1);
})

/* CoRR, coherence: the new value, and then the old one. */
LITMUS_EXISTS(CoRR, p1.r0 == 1 && p1.r1 == 0)

LITMUS_THREAD(CoRR_once, 0, {
	WRITE_ONCE(*x, 1);
})
LITMUS_THREAD(CoRR_once, 1, {
	r0 = READ_ONCE(*x);
	r1 = READ_ONCE(*x);
})

LITMUS_THREAD(CoRR_ra, 0, {
	smp_store_release(x, 1);
})
LITMUS_THREAD(CoRR_ra, 1, {
	r0 = smp_load_acquire(x);
	r1 = smp_load_acquire(x);
})

LITMUS_THREAD(CoRR_mb, 0, {
	WRITE_ONCE(*x, 1);
})
LITMUS_THREAD(CoRR_mb, 1, {
	r0 = READ_ONCE(*x);
	smp_mb();
	r1 = READ_ONCE(*x);
})

/* 2+2W: both first stores are what is left. */
LITMUS_EXISTS(W2W2, x_last == 1 && y_last == 1)

LITMUS_THREAD(W2W2_once, 0, {
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 2);
})
LITMUS_THREAD(W2W2_once, 1, {
	WRITE_ONCE(*y, 1);
	WRITE_ONCE(*x, 2);
})

LITMUS_THREAD(W2W2_ra, 0, {
	smp_store_release(x, 1);
	smp_store_release(y, 2);
})
LITMUS_THREAD(W2W2_ra, 1, {
	smp_store_release(y, 1);
	smp_store_release(x, 2);
})

LITMUS_THREAD(W2W2_mb, 0, {
	WRITE_ONCE(*x, 1);
	smp_mb();
	WRITE_ONCE(*y, 2);
})
LITMUS_THREAD(W2W2_mb, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	WRITE_ONCE(*x, 2);
})

/*
 * R: the second store of y won, and the store of x before the first is not seen.
 */
LITMUS_EXISTS(R, y_last == 2 && p1.r0 == 0)

LITMUS_THREAD(R_once, 0, {
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(R_once, 1, {
	WRITE_ONCE(*y, 2);
	r0 = READ_ONCE(*x);
})

LITMUS_THREAD(R_ra, 0, {
	smp_store_release(x, 1);
	smp_store_release(y, 1);
})
LITMUS_THREAD(R_ra, 1, {
	smp_store_release(y, 2);
	r0 = smp_load_acquire(x);
})

LITMUS_THREAD(R_mb, 0, {
	WRITE_ONCE(*x, 1);
	smp_mb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(R_mb, 1, {
	WRITE_ONCE(*y, 2);
	smp_mb();
	r0 = READ_ONCE(*x);
})

/* S: y was seen, and the store of x before it won over the one after. */
LITMUS_EXISTS(S, p1.r0 == 1 && x_last == 2)

LITMUS_THREAD(S_once, 0, {
	WRITE_ONCE(*x, 2);
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(S_once, 1, {
	r0 = READ_ONCE(*y);
	WRITE_ONCE(*x, 1);
})

LITMUS_THREAD(S_ra, 0, {
	smp_store_release(x, 2);
	smp_store_release(y, 1);
})
LITMUS_THREAD(S_ra, 1, {
	r0 = smp_load_acquire(y);
	smp_store_release(x, 1);
})

LITMUS_THREAD(S_mb, 0, {
	WRITE_ONCE(*x, 2);
	smp_mb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(S_mb, 1, {
	r0 = READ_ONCE(*y);
	smp_mb();
	WRITE_ONCE(*x, 1);
})

#endif /* ACQREL_LITMUS_TWO_H */
