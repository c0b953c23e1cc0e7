/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Lane: the pipeline of one CPU. An event meets the config, the stats, the
 * ring and the books here, in the same code in both worlds.
 *
 * Who may call what together: acqrel_lane_offer() from one producer at a
 * time (the CPU that owns the lane, interrupts off; in user space the thread
 * that owns the stream). acqrel_lane_pop() from one consumer at a time, beside
 * the producer. Snapshots from anywhere, beside both.
 *
 * Guarantees:
 * 1. Each event offered gets one verdict, and the books say which.
 * 2. The books balance in every snapshot, see books.h.
 * 3. The verdict of an event depends only on the event, the config and the
 *    events offered before it on this lane; whether it is pushed or dropped
 *    depends on the reader too.
 * 4. No allocation, no lock, no wait.
 *
 * The edges are those of books.h, stats.h, ring_overwrite.h and config.h.
 */
#ifndef ACQREL_LANE_H
#define ACQREL_LANE_H

#include <acqrel/books.h>
#include <acqrel/config.h>
#include <acqrel/digest.h>
#include <acqrel/ring_overwrite.h>
#include <acqrel/stats.h>

/* an event is an element of the ring: its position, then the words */
static_assert(sizeof(struct acqrel_event) == sizeof(struct acqrel_oring_item));
static_assert(offsetof(struct acqrel_event, pos) ==
	      offsetof(struct acqrel_oring_item, pos));
static_assert(offsetof(struct acqrel_event, generation) == 4 * sizeof(u64));
static_assert(offsetof(struct acqrel_event, pid) == 5 * sizeof(u64));

/**
 * struct acqrel_lane - one CPU's pipeline
 * @books: written by the producer
 * @sample_generation: config generation that @sample_skip counts under
 * @sample_skip: events of each kind to skip before the next passes
 * @stats: one block for each kind, written by the producer
 * @ring: filled by the producer, emptied by the consumer
 * @popped: elements the consumer has taken and counted
 * @digest: of them, while somebody records
 */
struct acqrel_lane {
	struct acqrel_books books;
	u64 sample_generation;
	u32 sample_skip[__ACQREL_KIND_COUNT];
	struct acqrel_stats stats[__ACQREL_KIND_COUNT];
	struct acqrel_oring ring;
	u64 popped ____cacheline_aligned;
	struct acqrel_digest digest;
};

/**
 * acqrel_lane_init() - empty lane
 * @l: the lane, which nobody else uses
 * @slots: array of @n slots for its ring
 * @n: a power of two
 *
 * Return: 0, or -EINVAL if @n is no power of two.
 */
static inline int acqrel_lane_init(struct acqrel_lane *l,
				   struct acqrel_oring_slot *slots, u64 n)
{
	unsigned int kind;

	memset(l, 0, sizeof(*l));
	for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
		acqrel_stats_init(&l->stats[kind]);
	return acqrel_oring_init(&l->ring, slots, n, 0);
}

/* a generation that the lane has not seen starts the sampling anew */
static __always_inline void acqrel_lane_sync(struct acqrel_lane *l,
					     const struct acqrel_config *c)
{
	if (likely(l->sample_generation == c->generation))
		return;
	memset(l->sample_skip, 0, sizeof(l->sample_skip));
	l->sample_generation = c->generation;
}

/**
 * acqrel_lane_gate() - the checks that need nothing but the kind
 * @l: the lane
 * @c: the config in force, kept alive by the caller
 * @kind: valid
 *
 * First half of acqrel_lane_offer(), for a producer that wants to know whether
 * the clock and the value are worth the cost. acqrel_lane_settle() must follow.
 *
 * Context: the lane's producer.
 * Return: ACQREL_FILTER_KIND, ACQREL_FILTER_SAMPLE or ACQREL_VERDICT_PUSHED.
 */
static __always_inline unsigned int
acqrel_lane_gate(struct acqrel_lane *l, const struct acqrel_config *c, u16 kind)
{
	u32 *skip = &l->sample_skip[kind];

	if (!(c->kinds & (1U << kind)))
		return ACQREL_FILTER_KIND;
	acqrel_lane_sync(l, c);
	if (*skip) {
		--*skip;
		return ACQREL_FILTER_SAMPLE;
	}
	*skip = c->sample_every - 1;
	return ACQREL_VERDICT_PUSHED;
}

/* the checks that need the event; ACQREL_VERDICT_PUSHED if none filters it */
static __always_inline unsigned int
acqrel_lane_filter(const struct acqrel_config *c, const struct acqrel_event *ev)
{
	if (c->nr_pids && !acqrel_config_has_pid(c, ev->pid) &&
	    !acqrel_config_has_pid(c, ev->peer))
		return ACQREL_FILTER_PID;
	/* value_ns is 0 without a value */
	if (ev->value_ns < c->min_value_ns)
		return ACQREL_FILTER_VALUE;
	return ACQREL_VERDICT_PUSHED;
}

/* into the ring; called inside the section of the books */
static __always_inline unsigned int
acqrel_lane_push(struct acqrel_lane *l, const struct acqrel_config *c,
		 const struct acqrel_event *ev)
{
	struct acqrel_account *acc = &l->books.acc;
	enum acqrel_oring_status status;
	u64 words[ACQREL_ORING_WORDS] = {
		ev->seq, ev->clock_ns, ev->value_ns, ev->generation,
	};

	/* not all of it: a wide load would wait for the stores just made */
	memcpy(&words[4], (const u64 *)ev + 5, 3 * sizeof(words[0]));
	status = acqrel_oring_push(&l->ring, words,
				   c->policy == ACQREL_POLICY_OVERWRITE_OLDEST);
	if (status == ACQREL_ORING_FULL) {
		WRITE_ONCE(acc->dropped, acc->dropped + 1);
		return ACQREL_VERDICT_DROPPED;
	}
	WRITE_ONCE(acc->pushed, acc->pushed + 1);
	WRITE_ONCE(acc->head, acc->head + 1);
	if (status != ACQREL_ORING_OVERWROTE)
		return ACQREL_VERDICT_PUSHED;
	WRITE_ONCE(acc->overwritten, acc->overwritten + 1);
	return ACQREL_VERDICT_OVERWROTE;
}

/**
 * acqrel_lane_settle() - what acqrel_lane_gate() began
 * @l: the lane
 * @c: the same config
 * @gate: what acqrel_lane_gate() returned
 * @ev: the event; only its kind is used if the gate is closed. Sequence number
 *	and generation are filled in here.
 *
 * Context: the lane's producer.
 * Return: enum acqrel_filter or enum acqrel_verdict.
 */
static __always_inline unsigned int
acqrel_lane_settle(struct acqrel_lane *l, const struct acqrel_config *c,
		   unsigned int gate, struct acqrel_event *ev)
{
	struct acqrel_account *acc = &l->books.acc;
	unsigned int verdict = gate;

	if (gate == ACQREL_VERDICT_PUSHED)
		verdict = acqrel_lane_filter(c, ev);

	acqrel_write_begin(&l->books.seq);
	ev->seq = acc->offered;
	WRITE_ONCE(acc->offered, acc->offered + 1);
	if (verdict < __ACQREL_FILTER_COUNT) {
		WRITE_ONCE(acc->filtered[verdict], acc->filtered[verdict] + 1);
	} else {
		ev->generation = c->generation;
		verdict = acqrel_lane_push(l, c, ev);
	}
	acqrel_write_end(&l->books.seq);

	if (verdict >= __ACQREL_FILTER_COUNT &&
	    (ev->flags & ACQREL_EVENT_HAS_VALUE))
		acqrel_stats_add(&l->stats[ev->kind], ev->value_ns);
	return verdict;
}

/**
 * acqrel_lane_offer() - one event through the pipeline
 * @l: the lane
 * @c: the config in force, kept alive by the caller
 * @ev: the event; kind, flags, clock, value, pids and CPU filled in, the kind
 *	valid
 *
 * Context: the lane's producer; any but NMI.
 * Return: enum acqrel_filter or enum acqrel_verdict.
 */
static __always_inline unsigned int
acqrel_lane_offer(struct acqrel_lane *l, const struct acqrel_config *c,
		  struct acqrel_event *ev)
{
	return acqrel_lane_settle(l, c, acqrel_lane_gate(l, c, ev->kind), ev);
}

/**
 * acqrel_lane_pop() - take the oldest events
 * @l: the lane
 * @events: array of @n
 * @n: at least 1
 *
 * Context: the lane's consumer; any.
 * Return: how many came out; 0 means the ring was empty.
 */
static inline unsigned int acqrel_lane_pop(struct acqrel_lane *l,
					   struct acqrel_event *events,
					   unsigned int n)
{
	unsigned int got;

	got = acqrel_oring_pop(&l->ring, (struct acqrel_oring_item *)events, n);
	acqrel_digest_add(&l->digest, events, got);
	/* pairs with the load in acqrel_lane_snapshot(): books.popped */
	smp_store_release(&l->popped, l->popped + got);
	return got;
}

/**
 * acqrel_lane_snapshot() - books and popped that belong together
 * @l: the lane
 * @acc: where the books go
 * @popped: where the consumer's count goes
 *
 * The load of popped is no acquire: the read barrier before the re-check of
 * the copy orders it.
 *
 * Context: any that cannot interrupt the producer.
 * Return: how often the copy was repeated.
 */
static inline u64 acqrel_lane_snapshot(const struct acqrel_lane *l,
				       struct acqrel_account *acc, u64 *popped)
{
	/* pairs with the release in acqrel_lane_pop(): books.popped */
	*popped = READ_ONCE(l->popped);
	return acqrel_books_read(&l->books, acc);
}

#endif /* ACQREL_LANE_H */
