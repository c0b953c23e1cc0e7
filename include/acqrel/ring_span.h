/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SPSC ring of units of 32 bytes, for records of one unit or more: a record
 * goes in whole or not at all, and comes out in spans, in place.
 *
 * The consumer takes much at once and rarely, so the index tells it what is
 * there, and nothing in the units does: they are the caller's to the last
 * byte.
 *
 * Who may call what together: room, at and commit from one producer; peek and
 * release from one consumer, beside it; fill from anywhere.
 *
 * Contract "exact", with units a power of two, at least 1:
 * 1. What was committed comes out once, in order, and whole commits are seen
 *    or not.
 * 2. "No room" is definite.
 * 3. All is wait-free. No operation is a read-modify-write.
 * 4. Indices are 64 bits wide and may start anywhere.
 *
 * Edges:
 *
 *	span.publish	units written, store-release of head -> load-acquire
 *			of head, units read
 *	span.reuse	units read, store-release of tail -> load-acquire of
 *			tail, units overwritten
 *
 * Algorithm: Lamport, "Proving the correctness of multiprocess programs",
 * IEEE TSE SE-3(2), 1977; the producer's copy of the tail after Lee et al.,
 * "A lock-free, cache-efficient shared ring buffer for
 * multi-core architectures", ANCS 2009.
 */
#ifndef ACQREL_RING_SPAN_H
#define ACQREL_RING_SPAN_H

#include <acqrel/occupancy.h>

#define ACQREL_SPAN_WORDS	4

struct acqrel_span_unit {
	u64 words[ACQREL_SPAN_WORDS];
} __attribute__((__may_alias__));

struct acqrel_span {
	/* producer's line */
	u64 head ____cacheline_aligned;
	u64 limit;		/* head may go up to here; a copy of tail */
	/* consumer's line */
	u64 tail ____cacheline_aligned;
	/* constant */
	struct acqrel_span_unit *units ____cacheline_aligned;
	u64 mask;
};

/**
 * acqrel_span_init() - empty ring on given memory
 * @r: the ring
 * @units: array of @n
 * @n: a power of two, at least 1
 * @start: first position, 0 unless a test wants to see it wrap
 *
 * Return: 0, or -EINVAL if @n is no power of two.
 */
static inline int acqrel_span_init(struct acqrel_span *r,
				   struct acqrel_span_unit *units, u64 n,
				   u64 start)
{
	if (!is_power_of_2(n))
		return -EINVAL;
	r->units = units;
	r->mask = n - 1;
	r->head = start;
	r->limit = start + n;
	r->tail = start;
	return 0;
}

/**
 * acqrel_span_room() - is there room for a record?
 * @r: the ring
 * @n: its units
 *
 * Context: the producer; any.
 */
static __always_inline bool acqrel_span_room(struct acqrel_span *r, u64 n)
{
	if (likely(r->limit - r->head >= n))
		return true;
	/* pairs with the release in acqrel_span_release(): span.reuse */
	r->limit = smp_load_acquire(&r->tail) + r->mask + 1;
	return r->limit - r->head >= n;
}

/**
 * acqrel_span_at() - a unit that is not committed yet
 * @r: the ring
 * @i: how many come before it; acqrel_span_room() said yes to more
 *
 * Context: the producer; any.
 */
static __always_inline struct acqrel_span_unit *
acqrel_span_at(const struct acqrel_span *r, u64 i)
{
	return &r->units[(r->head + i) & r->mask];
}

/**
 * acqrel_span_commit() - let the consumer see what was written
 * @r: the ring
 * @n: units, to which acqrel_span_room() said yes
 *
 * Context: the producer; any.
 */
static __always_inline void acqrel_span_commit(struct acqrel_span *r, u64 n)
{
	/* pairs with the acquire in acqrel_span_peek(): span.publish */
	smp_store_release(&r->head, r->head + n);
}

/**
 * acqrel_span_peek() - what there is
 * @r: the ring
 * @first: where the address of the oldest unit goes
 * @straight: where goes how many follow one another in memory; the others, if
 *	any, are at the start of the ring's memory
 *
 * Context: the consumer; any.
 * Return: units in the ring.
 */
static inline u64 acqrel_span_peek(const struct acqrel_span *r,
				   const struct acqrel_span_unit **first,
				   u64 *straight)
{
	u64 tail = r->tail, at = tail & r->mask;
	/* pairs with the release in acqrel_span_commit(): span.publish */
	u64 n = smp_load_acquire(&r->head) - tail;

	*first = &r->units[at];
	*straight = n < r->mask + 1 - at ? n : r->mask + 1 - at;
	return n;
}

/**
 * acqrel_span_release() - the oldest units are done with
 * @r: the ring
 * @n: how many, at most what acqrel_span_peek() returned
 *
 * Context: the consumer; any.
 */
static inline void acqrel_span_release(struct acqrel_span *r, u64 n)
{
	/* pairs with the acquire in acqrel_span_room(): span.reuse */
	smp_store_release(&r->tail, r->tail + n);
}

/**
 * acqrel_span_fill() - units in the ring, for a monitor
 * @r: the ring
 *
 * See acqrel_occupancy().
 */
static inline u64 acqrel_span_fill(const struct acqrel_span *r)
{
	return acqrel_occupancy(&r->head, &r->tail, r->mask + 1);
}

#endif /* ACQREL_RING_SPAN_H */
