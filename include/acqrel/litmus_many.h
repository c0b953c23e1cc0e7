/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Litmus tests of three and four threads: the shapes of the literature, in the
 * variants of litmus_two.h.
 */
#ifndef ACQREL_LITMUS_MANY_H
#define ACQREL_LITMUS_MANY_H

#include <acqrel/litmus.h>

/* MP2flag, message passing twice: both flags were seen, and not all data. */
LITMUS_EXISTS(MP2flag, p2.r0 == 1 && p2.r1 == 1 && (p2.r2 == 0 || p2.r3 == 0))

LITMUS_THREAD(MP2flag_once, 0, {
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*z, 1);
})
LITMUS_THREAD(MP2flag_once, 1, {
	WRITE_ONCE(*y, 1);
	WRITE_ONCE(*w, 1);
})
LITMUS_THREAD(MP2flag_once, 2, {
	r0 = READ_ONCE(*z);
	r1 = READ_ONCE(*w);
	r2 = READ_ONCE(*x);
	r3 = READ_ONCE(*y);
})

LITMUS_THREAD(MP2flag_ra, 0, {
	smp_store_release(x, 1);
	smp_store_release(z, 1);
})
LITMUS_THREAD(MP2flag_ra, 1, {
	smp_store_release(y, 1);
	smp_store_release(w, 1);
})
LITMUS_THREAD(MP2flag_ra, 2, {
	r0 = smp_load_acquire(z);
	r1 = smp_load_acquire(w);
	r2 = smp_load_acquire(x);
	r3 = smp_load_acquire(y);
})

LITMUS_THREAD(MP2flag_mb, 0, {
	WRITE_ONCE(*x, 1);
	smp_mb();
	WRITE_ONCE(*z, 1);
})
LITMUS_THREAD(MP2flag_mb, 1, {
	WRITE_ONCE(*y, 1);
	smp_mb();
	WRITE_ONCE(*w, 1);
})
LITMUS_THREAD(MP2flag_mb, 2, {
	r0 = READ_ONCE(*z);
	smp_mb();
	r1 = READ_ONCE(*w);
	smp_mb();
	r2 = READ_ONCE(*x);
	smp_mb();
	r3 = READ_ONCE(*y);
})

/* ISA2: a message that was handed on, and its data not seen. */
LITMUS_EXISTS(ISA2, p1.r0 == 1 && p2.r0 == 1 && p2.r1 == 0)

LITMUS_THREAD(ISA2_once, 0, {
	WRITE_ONCE(*x, 1);
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(ISA2_once, 1, {
	r0 = READ_ONCE(*y);
	WRITE_ONCE(*z, 1);
})
LITMUS_THREAD(ISA2_once, 2, {
	r0 = READ_ONCE(*z);
	r1 = READ_ONCE(*x);
})

LITMUS_THREAD(ISA2_ra, 0, {
	smp_store_release(x, 1);
	smp_store_release(y, 1);
})
LITMUS_THREAD(ISA2_ra, 1, {
	r0 = smp_load_acquire(y);
	smp_store_release(z, 1);
})
LITMUS_THREAD(ISA2_ra, 2, {
	r0 = smp_load_acquire(z);
	r1 = smp_load_acquire(x);
})

LITMUS_THREAD(ISA2_mb, 0, {
	WRITE_ONCE(*x, 1);
	smp_mb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(ISA2_mb, 1, {
	r0 = READ_ONCE(*y);
	smp_mb();
	WRITE_ONCE(*z, 1);
})
LITMUS_THREAD(ISA2_mb, 2, {
	r0 = READ_ONCE(*z);
	smp_mb();
	r1 = READ_ONCE(*x);
})

/* WRC, write to read causality: who was told of a store does not see it. */
LITMUS_EXISTS(WRC, p1.r0 == 1 && p2.r0 == 1 && p2.r1 == 0)

LITMUS_THREAD(WRC_once, 0, {
	WRITE_ONCE(*x, 1);
})
LITMUS_THREAD(WRC_once, 1, {
	r0 = READ_ONCE(*x);
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(WRC_once, 2, {
	r0 = READ_ONCE(*y);
	r1 = READ_ONCE(*x);
})

LITMUS_THREAD(WRC_ra, 0, {
	smp_store_release(x, 1);
})
LITMUS_THREAD(WRC_ra, 1, {
	r0 = smp_load_acquire(x);
	smp_store_release(y, 1);
})
LITMUS_THREAD(WRC_ra, 2, {
	r0 = smp_load_acquire(y);
	r1 = smp_load_acquire(x);
})

LITMUS_THREAD(WRC_mb, 0, {
	WRITE_ONCE(*x, 1);
})
LITMUS_THREAD(WRC_mb, 1, {
	r0 = READ_ONCE(*x);
	smp_mb();
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(WRC_mb, 2, {
	r0 = READ_ONCE(*y);
	smp_mb();
	r1 = READ_ONCE(*x);
})

/*
 * IRIW, independent reads of independent writes: two readers do not agree on
 * which store was first.
 */
LITMUS_EXISTS(IRIW, p2.r0 == 1 && p2.r1 == 0 && p3.r0 == 1 && p3.r1 == 0)

LITMUS_THREAD(IRIW_once, 0, {
	WRITE_ONCE(*x, 1);
})
LITMUS_THREAD(IRIW_once, 1, {
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(IRIW_once, 2, {
	r0 = READ_ONCE(*x);
	r1 = READ_ONCE(*y);
})
LITMUS_THREAD(IRIW_once, 3, {
	r0 = READ_ONCE(*y);
	r1 = READ_ONCE(*x);
})

LITMUS_THREAD(IRIW_ra, 0, {
	smp_store_release(x, 1);
})
LITMUS_THREAD(IRIW_ra, 1, {
	smp_store_release(y, 1);
})
LITMUS_THREAD(IRIW_ra, 2, {
	r0 = smp_load_acquire(x);
	r1 = smp_load_acquire(y);
})
LITMUS_THREAD(IRIW_ra, 3, {
	r0 = smp_load_acquire(y);
	r1 = smp_load_acquire(x);
})

LITMUS_THREAD(IRIW_mb, 0, {
	WRITE_ONCE(*x, 1);
})
LITMUS_THREAD(IRIW_mb, 1, {
	WRITE_ONCE(*y, 1);
})
LITMUS_THREAD(IRIW_mb, 2, {
	r0 = READ_ONCE(*x);
	smp_mb();
	r1 = READ_ONCE(*y);
})
LITMUS_THREAD(IRIW_mb, 3, {
	r0 = READ_ONCE(*y);
	smp_mb();
	r1 = READ_ONCE(*x);
})

#endif /* ACQREL_LITMUS_MANY_H */
