/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Digest: XXH64 over the events that were taken from a ring, as long as their
 * positions lie in a window.
 *
 * Who may call what together: acqrel_digest_add() from the ring's one consumer
 * at a time, and acqrel_digest_reset() and acqrel_digest_read() in its place.
 * acqrel_digest_begin() and acqrel_digest_end() from the ring's producer,
 * beside it; but if the digest is begun more than once, the consumer has to be
 * kept away from both, for it might see the borders of two windows.
 *
 * Guarantees:
 * 1. An event is in the digest if and only if it was taken after
 *    acqrel_digest_reset(), and pushed after acqrel_digest_begin() and before
 *    acqrel_digest_end().
 * 2. It does not matter how many are taken at once.
 *
 * Edges: the window has none of its own. The producer writes a border before it
 * pushes the first event that lies behind it, so whoever has that event has the
 * border too, by oring.publish. To all events before it, the old border and
 * the new one mean the same, whatever the other border is.
 *
 * Algorithm: XXH64, Yann Collet, 2014.
 */
#ifndef ACQREL_DIGEST_H
#define ACQREL_DIGEST_H

#include <acqrel/order.h>
#include <linux/acqrel_trace.h>
#include "hash.h"

/* farther than any position that a ring reaches */
#define ACQREL_DIGEST_FAR	(~0ULL >> 1)

/**
 * struct acqrel_digest - of one ring
 * @from: first position of the window
 * @to: end of the window; none is in it if it is @from
 * @until: position after the last event taken
 * @events: taken
 * @hash: over them
 */
struct acqrel_digest {
	u64 from;
	u64 to;
	u64 until;
	u64 events;
	struct xxh64_state hash;
};

/**
 * acqrel_digest_reset() - wait for acqrel_digest_begin()
 * @d: the digest
 *
 * Context: in place of the consumer.
 */
static inline void acqrel_digest_reset(struct acqrel_digest *d)
{
	WRITE_ONCE(d->from, ACQREL_DIGEST_FAR);
	WRITE_ONCE(d->to, ACQREL_DIGEST_FAR);
	d->until = 0;
	d->events = 0;
	xxh64_reset(&d->hash, 0);
}

/**
 * acqrel_digest_begin() - what is pushed from now on counts
 * @d: was reset
 * @head: position of the next push
 *
 * Context: the producer.
 */
static inline void acqrel_digest_begin(struct acqrel_digest *d, u64 head)
{
	WRITE_ONCE(d->from, head);
}

/**
 * acqrel_digest_end() - what is pushed from now on does not count
 * @d: has begun
 * @head: position of the next push
 *
 * Context: the producer.
 */
static inline void acqrel_digest_end(struct acqrel_digest *d, u64 head)
{
	WRITE_ONCE(d->to, head);
}

/**
 * acqrel_digest_add() - these were taken
 * @d: the digest
 * @events: array of @n, their positions consecutive
 * @n: any
 *
 * Context: the consumer.
 */
static __always_inline void acqrel_digest_add(struct acqrel_digest *d,
					      const struct acqrel_event *events,
					      unsigned int n)
{
	u64 from = READ_ONCE(d->from), width;

	/* not begun, or they are older: even if the end is already there */
	if (likely(from == ACQREL_DIGEST_FAR))
		return;
	width = READ_ONCE(d->to) - from;
	for (; n && events->pos - from >= width; n--)
		events++;
	while (n && events[n - 1].pos - from >= width)
		n--;
	if (!n)
		return;
	xxh64_update(&d->hash, events, n * sizeof(*events));
	d->until = events[n - 1].pos + 1;
	d->events += n;
}

/**
 * acqrel_digest_read() - what came out
 * @d: has begun
 * @to: where to
 *
 * A replay can repeat it only if nothing was taken since acqrel_digest_end():
 * an event taken later may stand behind one that was overwritten after the end.
 *
 * Context: in place of the consumer.
 */
static inline void acqrel_digest_read(const struct acqrel_digest *d,
				      struct acqrel_trace_digest *to)
{
	to->from = READ_ONCE(d->from);
	to->until = d->events ? d->until : to->from;
	to->events = d->events;
	to->value = xxh64_digest(&d->hash);
}

#endif /* ACQREL_DIGEST_H */
