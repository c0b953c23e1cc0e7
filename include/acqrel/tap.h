/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Tap: writes what is offered to a lane, and its verdict, into a ring of its
 * own, as records of include/uapi/linux/acqrel_trace.h.
 *
 * Who may call what together: open before anybody else has the tap; start and
 * event from the lane's producer; its ring's consumer beside it. @lost belongs
 * to the producer until it has made its last call.
 *
 * Guarantees:
 * 1. Every event given to the tap is in the ring or in @lost, never in both.
 * 2. The first record is a STATE, and so is the first after a loss: it says
 *    how the next event finds the lane.
 * 3. A CONFIG comes before the first event under it.
 * 4. The lane is only read. No allocation, no lock, no wait.
 *
 * The edges are those of ring_span.h.
 */
#ifndef ACQREL_TAP_H
#define ACQREL_TAP_H

#include <acqrel/lane.h>
#include <acqrel/ring_span.h>
#include <linux/acqrel_trace.h>

/* the records are units; the figures are those of the lane */
static_assert(sizeof(struct acqrel_span_unit) == ACQREL_TRACE_UNIT);
static_assert(sizeof(struct acqrel_trace_event) == ACQREL_TRACE_UNIT);
static_assert(sizeof(struct acqrel_trace_state) == 2 * ACQREL_TRACE_UNIT);
static_assert(sizeof(struct acqrel_trace_config) +
	      ACQREL_PIDS_MAX * sizeof(s32) <=
	      ACQREL_TRACE_UNITS_MAX * ACQREL_TRACE_UNIT);
static_assert(ACQREL_TRACE_KINDS == __ACQREL_KIND_COUNT);
static_assert(ACQREL_TRACE_FILTERS == __ACQREL_FILTER_COUNT);
static_assert(ACQREL_VERDICT_PUSHED == (int)__ACQREL_FILTER_COUNT);
static_assert(sizeof(struct acqrel_trace_account) ==
	      sizeof(struct acqrel_account));
static_assert(sizeof(struct acqrel_trace_stats) ==
	      sizeof(struct acqrel_aggregate));

/**
 * struct acqrel_tap - of one lane
 * @ring: the records
 * @generation: of the last CONFIG
 * @behind: events were lost: a STATE must come before the next
 * @lost: what they have made
 */
struct acqrel_tap {
	struct acqrel_span ring;
	u64 generation;
	bool behind;
	struct acqrel_trace_sums lost;
};

/**
 * acqrel_sums_clear() - nothing has happened
 * @s: where to
 */
static inline void acqrel_sums_clear(struct acqrel_trace_sums *s)
{
	unsigned int kind;

	memset(s, 0, sizeof(*s));
	for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
		s->stats[kind].min_ns = ~0ULL;
}

/**
 * acqrel_sums_of_lane() - what events have left behind in a lane
 * @l: the lane
 * @passed: events that passed, by kind
 * @s: where to
 *
 * Context: the producer, or nobody is.
 */
static inline void acqrel_sums_of_lane(const struct acqrel_lane *l,
				       const u64 *passed,
				       struct acqrel_trace_sums *s)
{
	unsigned int kind;

	memcpy(&s->account, &l->books.acc, sizeof(s->account));
	memcpy(s->passed, passed, sizeof(s->passed));
	for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
		memcpy(&s->stats[kind], &l->stats[kind].agg,
		       sizeof(s->stats[kind]));
}

static inline void acqrel_sums_add_value(struct acqrel_trace_stats *s,
					 u64 value)
{
	s->count++;
	s->sum_ns += value;
	if (value < s->min_ns)
		s->min_ns = value;
	if (value > s->max_ns)
		s->max_ns = value;
	s->hist[acqrel_hist_bucket(value)]++;
}

/**
 * acqrel_sums_add() - an event more
 * @s: the sums
 * @ev: the event
 * @verdict: enum acqrel_filter or enum acqrel_verdict
 *
 * What a lane does to its books and stats, without a reader beside it.
 */
static inline void acqrel_sums_add(struct acqrel_trace_sums *s,
				   const struct acqrel_event *ev,
				   unsigned int verdict)
{
	struct acqrel_trace_account *a = &s->account;

	a->offered++;
	if (verdict < __ACQREL_FILTER_COUNT) {
		a->filtered[verdict]++;
		return;
	}
	if (verdict == ACQREL_VERDICT_DROPPED) {
		a->dropped++;
	} else {
		a->pushed++;
		a->head++;
		a->overwritten += verdict == ACQREL_VERDICT_OVERWROTE;
	}
	s->passed[ev->kind]++;
	if (ev->flags & ACQREL_EVENT_HAS_VALUE)
		acqrel_sums_add_value(&s->stats[ev->kind], ev->value_ns);
}

/**
 * acqrel_trace_config_units() - of a CONFIG record
 * @nr_pids: in its pid filter
 */
static inline unsigned int acqrel_trace_config_units(u32 nr_pids)
{
	size_t size = sizeof(struct acqrel_trace_config) +
		      nr_pids * sizeof(s32);

	return (size + ACQREL_TRACE_UNIT - 1) / ACQREL_TRACE_UNIT;
}

/* @at: units after the head; room has been made */
static inline void acqrel_tap_copy(struct acqrel_span *r, unsigned int at,
				   const struct acqrel_span_unit *units,
				   unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		*acqrel_span_at(r, at + i) = units[i];
}

static acqrel_slow_path void acqrel_tap_config(struct acqrel_tap *t,
					       unsigned int at,
					       const struct acqrel_config *c,
					       u64 clock_ns)
{
	union {
		struct acqrel_trace_config config;
		struct acqrel_span_unit units[ACQREL_TRACE_UNITS_MAX];
	} rec;
	unsigned int n = acqrel_trace_config_units(c->nr_pids);

	memset(&rec, 0, n * sizeof(rec.units[0]));
	rec.config.type = ACQREL_RECORD_CONFIG;
	rec.config.units = n;
	rec.config.policy = c->policy;
	rec.config.clock_ns = clock_ns;
	rec.config.generation = c->generation;
	rec.config.min_value_ns = c->min_value_ns;
	rec.config.kinds = c->kinds;
	rec.config.sample_every = c->sample_every;
	rec.config.nr_pids = c->nr_pids;
	memcpy(rec.config.pids, c->pids, c->nr_pids * sizeof(s32));
	acqrel_tap_copy(&t->ring, at, rec.units, n);
	t->generation = c->generation;
}

/* STATE and CONFIG; false if there is no room */
static inline bool acqrel_tap_catch_up(struct acqrel_tap *t,
				       const struct acqrel_lane *l,
				       const struct acqrel_config *c,
				       u64 clock_ns)
{
	union {
		struct acqrel_trace_state state;
		struct acqrel_span_unit units[2];
	} rec;
	unsigned int n = 2 + acqrel_trace_config_units(c->nr_pids);

	if (!acqrel_span_room(&t->ring, n))
		return false;
	memset(&rec, 0, sizeof(rec));
	rec.state.type = ACQREL_RECORD_STATE;
	rec.state.units = 2;
	rec.state.clock_ns = clock_ns;
	rec.state.seq = l->books.acc.offered;
	rec.state.head = l->books.acc.head;
	rec.state.sample_generation = l->sample_generation;
	memcpy(rec.state.sample_skip, l->sample_skip,
	       sizeof(rec.state.sample_skip));
	acqrel_tap_copy(&t->ring, 0, rec.units, 2);
	acqrel_tap_config(t, 2, c, clock_ns);
	acqrel_span_commit(&t->ring, n);
	return true;
}

/**
 * acqrel_tap_open() - begin to record
 * @t: the tap
 * @units: array of @n units for its ring
 * @n: a power of two, %ACQREL_TRACE_RING_MIN at least
 *
 * acqrel_tap_start() must follow, from the lane's producer.
 *
 * Return: 0 or -EINVAL.
 */
static inline int acqrel_tap_open(struct acqrel_tap *t,
				  struct acqrel_span_unit *units, u64 n)
{
	t->generation = 0;
	t->behind = false;
	acqrel_sums_clear(&t->lost);
	if (n < ACQREL_TRACE_RING_MIN)
		return -EINVAL;
	return acqrel_span_init(&t->ring, units, n, 0);
}

/**
 * acqrel_tap_start() - the next event is the first
 * @t: was opened
 * @l: the lane
 * @c: the config in force, kept alive by the caller
 * @clock_ns: now
 *
 * Context: the lane's producer, or it cannot be anywhere.
 */
static inline void acqrel_tap_start(struct acqrel_tap *t,
				    const struct acqrel_lane *l,
				    const struct acqrel_config *c, u64 clock_ns)
{
	acqrel_tap_catch_up(t, l, c, clock_ns);
}

/* lost: no room for it, or for the STATE that must come first */
static acqrel_slow_path void acqrel_tap_lose(struct acqrel_tap *t,
					     const struct acqrel_lane *l,
					     const struct acqrel_config *c,
					     const struct acqrel_event *ev,
					     unsigned int verdict)
{
	acqrel_sums_add(&t->lost, ev, verdict);
	t->behind = !acqrel_tap_catch_up(t, l, c, ev->clock_ns);
}

/* field by field: a wide load of them would wait for the stores just made */
static __always_inline void acqrel_tap_put(struct acqrel_trace_event *rec,
					   const struct acqrel_event *ev,
					   unsigned int verdict)
{
	rec->type = ACQREL_RECORD_EVENT;
	rec->units = 1;
	rec->kind = ev->kind;
	rec->verdict = verdict;
	rec->flags = ev->flags;
	rec->reserved = 0;
	rec->pid = ev->pid;
	rec->peer = ev->peer;
	rec->clock_ns = ev->clock_ns;
	rec->value_ns = ev->value_ns;
}

/**
 * acqrel_tap_event() - record an event that the lane has judged
 * @t: has started
 * @l: the lane
 * @c: the config that judged it
 * @ev: the event, all of it filled in, whatever the verdict
 * @verdict: enum acqrel_filter or enum acqrel_verdict
 *
 * Context: the lane's producer.
 */
static __always_inline void acqrel_tap_event(struct acqrel_tap *t,
					     const struct acqrel_lane *l,
					     const struct acqrel_config *c,
					     const struct acqrel_event *ev,
					     unsigned int verdict)
{
	unsigned int n = 1;

	if (unlikely(t->generation != c->generation))
		n += acqrel_trace_config_units(c->nr_pids);
	if (unlikely(t->behind || !acqrel_span_room(&t->ring, n))) {
		acqrel_tap_lose(t, l, c, ev, verdict);
		return;
	}
	if (unlikely(n > 1))
		acqrel_tap_config(t, 0, c, ev->clock_ns);
	acqrel_tap_put((void *)acqrel_span_at(&t->ring, n - 1), ev, verdict);
	acqrel_span_commit(&t->ring, n);
}

#endif /* ACQREL_TAP_H */
