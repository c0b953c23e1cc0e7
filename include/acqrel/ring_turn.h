/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ring of 64-bit items for one or many producers and one or many consumers.
 *
 * Each slot has a turn: 2 * position while it waits for the item of that
 * position, 2 * position + 1 while it holds it, 2 * (position + slots) when it
 * was taken. A peer claims a position in its index and then works on its own
 * slot; one that is stopped there delays only that slot.
 *
 * Who may call what together: choose _sp or _mp and _sc or _mc once for a
 * ring and stay with it.
 *
 *		push_sp	push_mp	pop_sc	pop_mc
 *	push_sp	 -	 -	 X	 X
 *	push_mp	 -	 X	 X	 X
 *	pop_sc	 X	 X	 -	 -
 *	pop_mc	 X	 X	 -	 X
 *
 * Contract "exact", with slots a power of two, at least 1:
 * 1. Every item goes in once and comes out once, in the order of the claims;
 *    so in order for each producer.
 * 2. FULL and EMPTY were true at one instant within the call.
 * 3. BUSY: a peer is between claim and publish on the slot; neither full nor
 *    empty can be said.
 * 4. push_sp and pop_sc are wait-free, the others lock-free.
 * 5. No position is claimed before its slot was seen ready.
 * 6. Indices are 64 bits wide and may start anywhere.
 *
 * Edges:
 *
 *	turn.publish	item, store-release of slot.turn in a push ->
 *			load-acquire in a pop, item: a turn seen implies the
 *			item
 *	turn.reuse	item loaded, store-release of slot.turn in a pop ->
 *			load-acquire in a push, item overwritten
 *
 * Why FULL and EMPTY are exact: the slot's address depends on the index, and
 * the load of the turn is an acquire, so the loads run index, turn, other
 * index. Both indices only grow. For a pop that reads head h, turn 2h, tail h:
 * when the turn was read, head was at least h and tail at most h.
 *
 * Algorithm: Dmitry Vyukov, bounded MPMC queue, 2010; turns counted in halves
 * so that a single slot works too.
 */
#ifndef ACQREL_RING_TURN_H
#define ACQREL_RING_TURN_H

#include <acqrel/occupancy.h>

enum acqrel_turn_status {
	ACQREL_TURN_OK,
	ACQREL_TURN_FULL,
	ACQREL_TURN_EMPTY,
	ACQREL_TURN_BUSY,
};

struct acqrel_turn_slot {
	u64 turn;
	u64 item;
};

struct acqrel_turn {
	u64 tail ____cacheline_aligned;	/* next position to push */
	u64 head ____cacheline_aligned;	/* next position to pop */
	/* constant */
	struct acqrel_turn_slot *slots ____cacheline_aligned;
	u64 mask;
};

/**
 * acqrel_turn_init() - empty ring on given memory
 * @r: the ring
 * @slots: array of @n slots
 * @n: a power of two, at least 1
 * @start: first position, 0 unless a test wants to see it wrap
 *
 * Return: 0, or -EINVAL if @n is no power of two.
 */
static inline int acqrel_turn_init(struct acqrel_turn *r,
				   struct acqrel_turn_slot *slots, u64 n,
				   u64 start)
{
	u64 i;

	if (!is_power_of_2(n))
		return -EINVAL;
	r->slots = slots;
	r->mask = n - 1;
	r->tail = start;
	r->head = start;
	for (i = 0; i < n; i++)
		slots[(start + i) & r->mask].turn = 2 * (start + i);
	return 0;
}

static __always_inline struct acqrel_turn_slot *
acqrel_turn_slot(const struct acqrel_turn *r, u64 pos)
{
	return &r->slots[pos & r->mask];
}

/* how far a slot is from being ready to take the item of @pos; 0: it is */
static __always_inline s64 acqrel_turn_to_push(struct acqrel_turn_slot *slot,
					       u64 pos)
{
	/* pairs with the release in acqrel_turn_take(): turn.reuse */
	return (s64)(smp_load_acquire(&slot->turn) - 2 * pos);
}

/* the same for being ready to give it */
static __always_inline s64 acqrel_turn_to_pop(struct acqrel_turn_slot *slot,
					      u64 pos)
{
	/* pairs with the release in acqrel_turn_put(): turn.publish */
	return (s64)(smp_load_acquire(&slot->turn) - (2 * pos + 1));
}

static __always_inline void acqrel_turn_put(struct acqrel_turn_slot *slot,
					    u64 pos, u64 item)
{
	WRITE_ONCE(slot->item, item);
	/* pairs with the acquire in acqrel_turn_to_pop(): turn.publish */
	smp_store_release(&slot->turn, 2 * pos + 1);
}

static __always_inline u64 acqrel_turn_take(const struct acqrel_turn *r,
					    struct acqrel_turn_slot *slot,
					    u64 pos)
{
	u64 item = READ_ONCE(slot->item);

	/* pairs with the acquire in acqrel_turn_to_push(): turn.reuse */
	smp_store_release(&slot->turn, 2 * (pos + r->mask + 1));
	return item;
}

/* the slot of the next push still has last lap's item, or is being worked on */
static __always_inline enum acqrel_turn_status
acqrel_turn_no_push(const struct acqrel_turn *r, u64 pos)
{
	return READ_ONCE(r->head) == pos - (r->mask + 1) ?
		ACQREL_TURN_FULL : ACQREL_TURN_BUSY;
}

static __always_inline enum acqrel_turn_status
acqrel_turn_no_pop(const struct acqrel_turn *r, u64 pos)
{
	return READ_ONCE(r->tail) == pos ? ACQREL_TURN_EMPTY : ACQREL_TURN_BUSY;
}

/**
 * acqrel_turn_push_sp() - append an item, one producer
 * @r: the ring
 * @item: any value
 *
 * Context: any.
 * Return: ACQREL_TURN_OK, _FULL or _BUSY.
 */
static __always_inline enum acqrel_turn_status
acqrel_turn_push_sp(struct acqrel_turn *r, u64 item)
{
	u64 pos = r->tail;
	struct acqrel_turn_slot *slot = acqrel_turn_slot(r, pos);

	if (acqrel_turn_to_push(slot, pos))
		return acqrel_turn_no_push(r, pos);
	WRITE_ONCE(r->tail, pos + 1);
	acqrel_turn_put(slot, pos, item);
	return ACQREL_TURN_OK;
}

/**
 * acqrel_turn_push_mp() - append an item, many producers
 * @r: the ring
 * @item: any value
 *
 * Context: any; a producer that interrupts another on its CPU may get BUSY
 *	from the consumers' side until the other goes on, it never waits.
 * Return: ACQREL_TURN_OK, _FULL or _BUSY.
 */
static __always_inline enum acqrel_turn_status
acqrel_turn_push_mp(struct acqrel_turn *r, u64 item)
{
	u64 seen, pos = READ_ONCE(r->tail);
	struct acqrel_turn_slot *slot;
	s64 wait;

	for (;;) {
		slot = acqrel_turn_slot(r, pos);
		wait = acqrel_turn_to_push(slot, pos);
		if (!wait) {
			seen = cmpxchg_relaxed(&r->tail, pos, pos + 1);
			if (seen == pos)
				break;
		} else {
			seen = READ_ONCE(r->tail);
			if (wait < 0 && seen == pos)
				return acqrel_turn_no_push(r, pos);
		}
		pos = seen;
	}
	acqrel_turn_put(slot, pos, item);
	return ACQREL_TURN_OK;
}

/**
 * acqrel_turn_pop_sc() - take the oldest item, one consumer
 * @r: the ring
 * @item: where to
 *
 * Context: any.
 * Return: ACQREL_TURN_OK, _EMPTY or _BUSY.
 */
static __always_inline enum acqrel_turn_status
acqrel_turn_pop_sc(struct acqrel_turn *r, u64 *item)
{
	u64 pos = r->head;
	struct acqrel_turn_slot *slot = acqrel_turn_slot(r, pos);

	if (acqrel_turn_to_pop(slot, pos))
		return acqrel_turn_no_pop(r, pos);
	WRITE_ONCE(r->head, pos + 1);
	*item = acqrel_turn_take(r, slot, pos);
	return ACQREL_TURN_OK;
}

/**
 * acqrel_turn_pop_mc() - take the oldest item, many consumers
 * @r: the ring
 * @item: where to
 *
 * Context: any.
 * Return: ACQREL_TURN_OK, _EMPTY or _BUSY.
 */
static __always_inline enum acqrel_turn_status
acqrel_turn_pop_mc(struct acqrel_turn *r, u64 *item)
{
	u64 seen, pos = READ_ONCE(r->head);
	struct acqrel_turn_slot *slot;
	s64 wait;

	for (;;) {
		slot = acqrel_turn_slot(r, pos);
		wait = acqrel_turn_to_pop(slot, pos);
		if (!wait) {
			seen = cmpxchg_relaxed(&r->head, pos, pos + 1);
			if (seen == pos)
				break;
		} else {
			seen = READ_ONCE(r->head);
			if (wait < 0 && seen == pos)
				return acqrel_turn_no_pop(r, pos);
		}
		pos = seen;
	}
	*item = acqrel_turn_take(r, slot, pos);
	return ACQREL_TURN_OK;
}

/**
 * acqrel_turn_push_sp_n() - append up to @n items, one producer
 * @r: the ring
 * @items: array of @n
 * @n: any
 *
 * Items of others may come in between.
 *
 * Return: how many went in; the next found the ring full or busy.
 */
static inline unsigned int acqrel_turn_push_sp_n(struct acqrel_turn *r,
						 const u64 *items,
						 unsigned int n)
{
	unsigned int i = 0;

	while (i < n && acqrel_turn_push_sp(r, items[i]) == ACQREL_TURN_OK)
		i++;
	return i;
}

/**
 * acqrel_turn_push_mp_n() - append up to @n items, many producers
 * @r: the ring
 * @items: array of @n
 * @n: any
 *
 * Items of others may come in between.
 *
 * Return: how many went in; the next found the ring full or busy.
 */
static inline unsigned int acqrel_turn_push_mp_n(struct acqrel_turn *r,
						 const u64 *items,
						 unsigned int n)
{
	unsigned int i = 0;

	while (i < n && acqrel_turn_push_mp(r, items[i]) == ACQREL_TURN_OK)
		i++;
	return i;
}

/**
 * acqrel_turn_pop_sc_n() - take up to @n items, one consumer
 * @r: the ring
 * @items: array of @n
 * @n: any
 *
 * Return: how many came out; the next was missing or busy.
 */
static inline unsigned int acqrel_turn_pop_sc_n(struct acqrel_turn *r,
						u64 *items, unsigned int n)
{
	unsigned int i = 0;

	while (i < n && acqrel_turn_pop_sc(r, &items[i]) == ACQREL_TURN_OK)
		i++;
	return i;
}

/**
 * acqrel_turn_pop_mc_n() - take up to @n items, many consumers
 * @r: the ring
 * @items: array of @n
 * @n: any
 *
 * Return: how many came out; the next was missing or busy.
 */
static inline unsigned int acqrel_turn_pop_mc_n(struct acqrel_turn *r,
						u64 *items, unsigned int n)
{
	unsigned int i = 0;

	while (i < n && acqrel_turn_pop_mc(r, &items[i]) == ACQREL_TURN_OK)
		i++;
	return i;
}

/**
 * acqrel_turn_fill() - items in the ring, for a monitor
 * @r: the ring
 *
 * See acqrel_occupancy().
 */
static inline u64 acqrel_turn_fill(const struct acqrel_turn *r)
{
	return acqrel_occupancy(&r->tail, &r->head, r->mask + 1);
}

#endif /* ACQREL_RING_TURN_H */
