/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ring of events, one producer, any number of consumers, that can drop the
 * newest or overwrite the oldest when it is full.
 *
 * A slot is one cache line: its sequence number and seven words. Whoever
 * advances the tail by cmpxchg owns the element at the old tail: a consumer to
 * deliver it, the producer to overwrite it. A consumer copies first and claims
 * afterwards; if the claim fails, what the producer took is discarded from
 * the copy. So each element is popped or overwritten, never both.
 *
 * Who may call what together:
 *
 *		push	pop	fill
 *	push	 -	 X	 X
 *	pop	 X	 X	 X
 *	fill	 X	 X	 X
 *
 * Contract "exact", with slots a power of two, at least 1:
 * 1. Every element that was pushed is popped once or overwritten once.
 * 2. Pops come out in order; the gaps between positions are what was
 *    overwritten.
 * 3. push is wait-free: at most one cmpxchg, for when it fails a consumer
 *    made room. pop is lock-free.
 * 4. "Full" and "empty" are definite.
 * 5. Positions are 64 bits wide and may start anywhere.
 *
 * Edges (producer: acqrel_oring_push(); consumer: acqrel_oring_pop()):
 *
 *	oring.publish	words, store-release of slot.seq -> load-acquire of
 *			slot.seq, words: a sequence seen implies the words
 *	oring.reuse	words loaded, cmpxchg_release of tail -> load-acquire
 *			of tail, words overwritten: a claimed copy is whole
 *
 * A copy torn by an overwrite is harmless without a third edge: the producer
 * rewrites a slot only after the tail has left it by someone's cmpxchg, and the
 * consumer's own cmpxchg from the same value then fails. The words are marked
 * so that the torn copy is no data race.
 *
 * Algorithm: ours, from the slot sequence of ring_spsc.h and the claimed tail
 * of overwriting trace rings (compare Desnoyers, "Low-impact operating
 * system tracing", thesis, 2009, chapter on the lockless ring buffer).
 */
#ifndef ACQREL_RING_OVERWRITE_H
#define ACQREL_RING_OVERWRITE_H

#include <acqrel/occupancy.h>

#define ACQREL_ORING_WORDS	7

struct acqrel_oring_slot {
	u64 seq;			/* position + 1 of what it holds */
	u64 words[ACQREL_ORING_WORDS];
} ____cacheline_aligned;

/**
 * struct acqrel_oring_item - an element outside the ring
 * @pos: its position
 * @words: its words
 *
 * May alias, for users view the words as a structure of their own.
 */
struct acqrel_oring_item {
	u64 pos;
	u64 words[ACQREL_ORING_WORDS];
} __attribute__((__may_alias__));

struct acqrel_oring {
	/* producer's line */
	u64 head ____cacheline_aligned;	/* next position to push */
	u64 limit;			/* head may go up to here */
	/* everybody's line */
	u64 tail ____cacheline_aligned;	/* oldest position */
	/* constant */
	struct acqrel_oring_slot *slots ____cacheline_aligned;
	u64 mask;
};

enum acqrel_oring_status {
	ACQREL_ORING_PUSHED,
	ACQREL_ORING_OVERWROTE,		/* pushed, and the oldest is lost */
	ACQREL_ORING_FULL,
};

/**
 * acqrel_oring_place() - acqrel_oring_init() without a look at the slots
 * @r: the ring
 * @slots: array of @n slots; nobody may pop what this ring did not push
 * @n: a power of two, at least 1
 * @start: first position
 */
static inline void acqrel_oring_place(struct acqrel_oring *r,
				      struct acqrel_oring_slot *slots, u64 n,
				      u64 start)
{
	r->slots = slots;
	r->mask = n - 1;
	r->head = start;
	r->limit = start + n;
	r->tail = start;
}

/**
 * acqrel_oring_init() - empty ring on given memory
 * @r: the ring
 * @slots: array of @n slots
 * @n: a power of two, at least 1
 * @start: first position, 0 unless a test wants to see it wrap
 *
 * Return: 0, or -EINVAL if @n is no power of two.
 */
static inline int acqrel_oring_init(struct acqrel_oring *r,
				    struct acqrel_oring_slot *slots, u64 n,
				    u64 start)
{
	u64 i;

	if (!is_power_of_2(n))
		return -EINVAL;
	acqrel_oring_place(r, slots, n, start);
	/* as if published one lap ago: never equal to an expected value */
	for (i = 0; i < n; i++)
		slots[(start + i) & r->mask].seq = start + i - n + 1;
	return 0;
}

/* room for one, by a consumer's pop or, if allowed, by overwriting */
static inline enum acqrel_oring_status
acqrel_oring_make_room(struct acqrel_oring *r, bool overwrite)
{
	u64 head = r->head, oldest = head - (r->mask + 1);
	enum acqrel_oring_status status = ACQREL_ORING_PUSHED;
	/* pairs with the release in acqrel_oring_claim(): oring.reuse */
	u64 tail = smp_load_acquire(&r->tail);

	if (tail == oldest) {
		if (!overwrite)
			return ACQREL_ORING_FULL;
		if (cmpxchg_relaxed(&r->tail, oldest, oldest + 1) == oldest) {
			tail = oldest + 1;
			status = ACQREL_ORING_OVERWROTE;
		} else {
			/* pairs with acqrel_oring_claim(): oring.reuse */
			tail = smp_load_acquire(&r->tail);
		}
	}
	r->limit = tail + r->mask + 1;
	return status;
}

/**
 * acqrel_oring_push() - append an element
 * @r: the ring
 * @words: its words
 * @overwrite: what to do when the ring is full
 *
 * Context: the one producer; any.
 * Return: enum acqrel_oring_status.
 */
static __always_inline enum acqrel_oring_status
acqrel_oring_push(struct acqrel_oring *r, const u64 *words, bool overwrite)
{
	enum acqrel_oring_status status = ACQREL_ORING_PUSHED;
	u64 head = r->head;
	struct acqrel_oring_slot *slot = &r->slots[head & r->mask];
	unsigned int i;

	if (unlikely(head == r->limit)) {
		status = acqrel_oring_make_room(r, overwrite);
		if (status == ACQREL_ORING_FULL)
			return status;
	}
	for (i = 0; i < ACQREL_ORING_WORDS; i++)
		WRITE_ONCE(slot->words[i], words[i]);
	/* pairs with the acquire in acqrel_oring_copy(): oring.publish */
	smp_store_release(&slot->seq, head + 1);
	WRITE_ONCE(r->head, head + 1);
	return status;
}

/* copy up to @n elements from @pos on; they are not ours yet */
static __always_inline unsigned int
acqrel_oring_copy(const struct acqrel_oring *r, u64 pos,
		  struct acqrel_oring_item *items, unsigned int n)
{
	const struct acqrel_oring_slot *slot;
	unsigned int i, w;

	for (i = 0; i < n; i++, pos++) {
		slot = &r->slots[pos & r->mask];
		/* pairs with the release in acqrel_oring_push(): oring.publish */
		if (smp_load_acquire(&slot->seq) != pos + 1)
			break;
		items[i].pos = pos;
		for (w = 0; w < ACQREL_ORING_WORDS; w++)
			items[i].words[w] = READ_ONCE(slot->words[w]);
	}
	return i;
}

/* returns the tail as it was: @tail if [@tail, @to) is now the caller's */
static __always_inline u64 acqrel_oring_claim(struct acqrel_oring *r,
					      u64 tail, u64 to)
{
	/* pairs with the acquire in acqrel_oring_make_room(): oring.reuse */
	return cmpxchg_release(&r->tail, tail, to);
}

/**
 * acqrel_oring_pop() - take the oldest elements
 * @r: the ring
 * @items: array of @n
 * @n: at least 1
 *
 * Context: any.
 * Return: how many came out, from @items[0] on; 0 means the ring was empty.
 */
static __always_inline unsigned int
acqrel_oring_pop(struct acqrel_oring *r, struct acqrel_oring_item *items,
		 unsigned int n)
{
	unsigned int got, gone;
	u64 seen, end, tail = READ_ONCE(r->tail);

	for (;;) {
		got = acqrel_oring_copy(r, tail, items, n);
		if (!got) {
			seen = READ_ONCE(r->tail);
			if (seen == tail)
				return 0;
			tail = seen;
			continue;
		}
		end = tail + got;
		seen = acqrel_oring_claim(r, tail, end);
		/* what is left of the copy was whole if the next claim holds */
		while (seen != tail && (s64)(end - seen) > 0) {
			tail = seen;
			seen = acqrel_oring_claim(r, tail, end);
		}
		if (seen == tail)
			break;
		tail = seen;
	}
	gone = got - (unsigned int)(end - tail);
	if (gone)
		memmove(items, items + gone, (got - gone) * sizeof(*items));
	return got - gone;
}

/**
 * acqrel_oring_fill() - elements in the ring, for a monitor
 * @r: the ring
 *
 * See acqrel_occupancy().
 */
static inline u64 acqrel_oring_fill(const struct acqrel_oring *r)
{
	return acqrel_occupancy(&r->head, &r->tail, r->mask + 1);
}

#endif /* ACQREL_RING_OVERWRITE_H */
