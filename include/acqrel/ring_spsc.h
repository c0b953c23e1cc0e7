/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SPSC ring of 64-bit items with lazy credit.
 *
 * The slot carries its sequence number, written by the producer only: an
 * item moves in one cache line, and a consumer that keeps up never touches a
 * line that the producer must fetch back. Credit for reuse goes the other
 * way rarely: the consumer publishes its index every quarter of a lap.
 *
 * Who may call what together:
 *
 *		push	pop	fill
 *	push	 -	 X	 X
 *	pop	 X	 -	 X
 *	fill	 X	 X	 X
 *
 * Contract "lazy credit", with slots a power of two, step = max(1, slots / 4)
 * and capacity = slots - step + 1:
 * 1. Every item goes in once and comes out once, in order.
 * 2. "Empty" is definite: no push had completed that was not popped.
 * 3. "Full" may be stale by up to step - 1 slots; a push of n <= capacity on
 *    a drained ring succeeds with no further call by the consumer.
 * 4. Push and pop are wait-free. No operation is a read-modify-write.
 * 5. Indices are 64 bits wide and may start anywhere.
 *
 * Edges (producer: acqrel_spsc_push(); consumer: acqrel_spsc_pop()):
 *
 *	spsc.publish	item, store-release of slot.seq -> load-acquire of
 *			slot.seq, item: a sequence seen implies the item
 *	spsc.reuse	item loaded, store-release of credit -> load-acquire
 *			of credit, item overwritten: a slot is rewritten only
 *			after the consumer has read it, however many laps old
 *			the producer's copy of the index is
 *
 * Algorithm: slot-carried flag after Giacomoni, Moseley, Vachharajani,
 * "FastForward for efficient pipeline parallelism", PPoPP 2008, with a
 * sequence number in place of the flag so that the consumer never writes it.
 */
#ifndef ACQREL_RING_SPSC_H
#define ACQREL_RING_SPSC_H

#include <acqrel/occupancy.h>

struct acqrel_spsc_slot {
	u64 seq;		/* position + 1 of the item it holds */
	u64 item;
};

struct acqrel_spsc {
	/* producer's line */
	u64 tail ____cacheline_aligned;
	u64 limit;		/* tail may go up to here; a copy of credit */
	/* consumer's line */
	u64 head ____cacheline_aligned;
	/* written by the consumer once a step, read by the producer */
	u64 credit ____cacheline_aligned;
	/* constant */
	struct acqrel_spsc_slot *slots ____cacheline_aligned;
	u64 mask;
	u64 step;
};

/**
 * acqrel_spsc_init() - empty ring on given memory
 * @r: the ring
 * @slots: array of @n slots
 * @n: a power of two, at least 1
 * @start: first position, 0 unless a test wants to see it wrap
 *
 * Return: 0, or -EINVAL if @n is no power of two.
 */
static inline int acqrel_spsc_init(struct acqrel_spsc *r,
				   struct acqrel_spsc_slot *slots, u64 n,
				   u64 start)
{
	u64 i;

	if (!is_power_of_2(n))
		return -EINVAL;
	r->slots = slots;
	r->mask = n - 1;
	r->step = n >= 4 ? n / 4 : 1;
	r->tail = start;
	r->limit = start + n;
	r->head = start;
	r->credit = start;
	/* as if published one lap ago: never equal to an expected value */
	for (i = 0; i < n; i++)
		slots[(start + i) & r->mask].seq = start + i - n + 1;
	return 0;
}

/**
 * acqrel_spsc_capacity() - items that always fit into a drained ring
 * @r: the ring
 */
static inline u64 acqrel_spsc_capacity(const struct acqrel_spsc *r)
{
	return r->mask + 1 - (r->step - 1);
}

/**
 * acqrel_spsc_push() - append an item
 * @r: the ring
 * @item: any value
 *
 * Context: the one producer; any, interrupts included.
 * Return: false if the ring is full, which may be stale, see above.
 */
static __always_inline bool acqrel_spsc_push(struct acqrel_spsc *r, u64 item)
{
	u64 tail = r->tail;
	struct acqrel_spsc_slot *slot = &r->slots[tail & r->mask];

	if (unlikely(tail == r->limit)) {
		/* pairs with the release in acqrel_spsc_pop(): spsc.reuse */
		r->limit = smp_load_acquire(&r->credit) + r->mask + 1;
		if (tail == r->limit)
			return false;
	}
	WRITE_ONCE(slot->item, item);
	/* pairs with the acquire in acqrel_spsc_pop(): spsc.publish */
	smp_store_release(&slot->seq, tail + 1);
	WRITE_ONCE(r->tail, tail + 1);
	return true;
}

/**
 * acqrel_spsc_pop() - take the oldest item
 * @r: the ring
 * @item: where to
 *
 * Context: the one consumer; any.
 * Return: false if the ring is empty.
 */
static __always_inline bool acqrel_spsc_pop(struct acqrel_spsc *r, u64 *item)
{
	u64 head = r->head;
	struct acqrel_spsc_slot *slot = &r->slots[head & r->mask];

	/* pairs with the release in acqrel_spsc_push(): spsc.publish */
	if (smp_load_acquire(&slot->seq) != head + 1)
		return false;
	*item = READ_ONCE(slot->item);
	WRITE_ONCE(r->head, ++head);
	if (!(head & (r->step - 1)))
		/* pairs with the acquire in acqrel_spsc_push(): spsc.reuse */
		smp_store_release(&r->credit, head);
	return true;
}

/**
 * acqrel_spsc_push_n() - append up to @n items
 * @r: the ring
 * @items: array of @n
 * @n: any
 *
 * Return: how many went in; the rest found the ring full.
 */
static inline unsigned int acqrel_spsc_push_n(struct acqrel_spsc *r,
					      const u64 *items, unsigned int n)
{
	unsigned int i = 0;

	while (i < n && acqrel_spsc_push(r, items[i]))
		i++;
	return i;
}

/**
 * acqrel_spsc_pop_n() - take up to @n items
 * @r: the ring
 * @items: array of @n
 * @n: any
 *
 * Return: how many came out; fewer than @n means the ring was empty.
 */
static inline unsigned int acqrel_spsc_pop_n(struct acqrel_spsc *r, u64 *items,
					     unsigned int n)
{
	unsigned int i = 0;

	while (i < n && acqrel_spsc_pop(r, &items[i]))
		i++;
	return i;
}

/**
 * acqrel_spsc_fill() - items in the ring, for a monitor
 * @r: the ring
 *
 * See acqrel_occupancy().
 */
static inline u64 acqrel_spsc_fill(const struct acqrel_spsc *r)
{
	return acqrel_occupancy(&r->tail, &r->head, r->mask + 1);
}

#endif /* ACQREL_RING_SPSC_H */
