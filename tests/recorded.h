/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A lane with random events and configs, a reader that comes at random, and a
 * recording of a part of its life.
 *
 * Producer's calls: config, offer, start, stop. Reader's: read. Recorder's:
 * collect. Start and stop need the reader to stand still, as in the kernel.
 */
#ifndef ACQREL_TESTS_RECORDED_H
#define ACQREL_TESTS_RECORDED_H

#include <acqrel/tap.h>

#include "threads.h"

#define RECORDED_CPU	3
#define RECORDED_SLOTS	64
#define RECORDED_UNITS	1024
#define RECORDED_BYTES	(1 << 20)
#define RECORDED_BATCH	8	/* events a reader takes at most */

struct recorded {
	struct acqrel_lane lane;
	struct acqrel_oring_slot slots[RECORDED_SLOTS];
	struct acqrel_tap tap;
	struct acqrel_span_unit units[RECORDED_UNITS];
	union {
		struct acqrel_config config;
		u8 config_room[sizeof(struct acqrel_config) +
			       ACQREL_PIDS_MAX * sizeof(s32)];
	};
	struct acqrel_generator random;
	bool on;
	u64 clock_ns;
	u64 passed[__ACQREL_KIND_COUNT];
	struct acqrel_trace_snapshot open;
	struct acqrel_trace_snapshot close;
	size_t bytes;
	u8 data[RECORDED_BYTES] __attribute__((aligned(8)));
};

static inline u64 random_below(struct acqrel_generator *g, u64 n)
{
	return acqrel_generator_next(g) % n;
}

/* the next generation, of which every filter may have something to do */
static inline void recorded_config(struct recorded *r)
{
	struct acqrel_generator *g = &r->random;
	struct acqrel_config_values v;
	u32 i;

	acqrel_config_defaults(&v);
	if (!random_below(g, 4))
		v.kinds = random_below(g, ACQREL_KINDS_ALL + 1);
	if (!random_below(g, 2))
		v.sample_every = 1 + random_below(g, 5);
	if (!random_below(g, 3))
		v.min_value_ns = random_below(g, 100);
	v.policy = random_below(g, __ACQREL_POLICY_COUNT);
	if (!random_below(g, 3))
		v.nr_pids = random_below(g, random_below(g, 4) ? 5 :
						ACQREL_PIDS_MAX + 1);
	for (i = 0; i < v.nr_pids; i++)
		v.pids[i] = 1 + random_below(g, 8);
	check(!acqrel_config_check(&v));
	acqrel_config_fill(&r->config, &v, r->config.generation + 1);
}

/**
 * recorded_init() - an empty lane
 * @r: the lane
 * @g: where its random numbers come from
 * @slots: of its ring
 * @units: of the tap's ring, 16 at least: one CONFIG must fit in
 */
static inline void recorded_init(struct recorded *r, struct acqrel_generator *g,
				 u64 slots, u64 units)
{
	acqrel_lane_init(&r->lane, r->slots, slots);
	acqrel_digest_reset(&r->lane.digest);
	check_eq(acqrel_tap_open(&r->tap, r->units, RECORDED_UNITS), 0);
	/* smaller than one may ask for */
	check_eq(acqrel_span_init(&r->tap.ring, r->units, units,
				  random_below(g, 2) ? 0 : ~0ULL - 100), 0);
	acqrel_generator_init(&r->random, acqrel_generator_next(g), 0);
	r->config.generation = 0;
	recorded_config(r);
	r->on = false;
	r->clock_ns = 0;
	memset(r->passed, 0, sizeof(r->passed));
	r->bytes = 0;
}

static inline void recorded_event(struct recorded *r, struct acqrel_event *ev)
{
	struct acqrel_generator *g = &r->random;

	memset(ev, 0, sizeof(*ev));
	r->clock_ns += random_below(g, 4);
	ev->clock_ns = r->clock_ns;
	ev->kind = random_below(g, __ACQREL_KIND_COUNT);
	ev->pid = random_below(g, 12);
	ev->peer = random_below(g, 12);
	ev->cpu = RECORDED_CPU;
	ev->flags = random_below(g, 2) ? ACQREL_EVENT_GENERATED : 0;
	if (random_below(g, 4)) {
		ev->flags |= ACQREL_EVENT_HAS_VALUE;
		ev->value_ns = random_below(g, 8) ? random_below(g, 200) :
						    acqrel_generator_next(g);
	}
}

/* one event; returns its verdict */
static inline unsigned int recorded_offer(struct recorded *r,
					  struct acqrel_event *ev)
{
	unsigned int verdict;

	recorded_event(r, ev);
	verdict = acqrel_lane_offer(&r->lane, &r->config, ev);
	if (verdict >= __ACQREL_FILTER_COUNT)
		r->passed[ev->kind]++;
	if (r->on)
		acqrel_tap_event(&r->tap, &r->lane, &r->config, ev, verdict);
	return verdict;
}

static inline void recorded_snapshot(struct recorded *r,
				     struct acqrel_trace_snapshot *snap)
{
	memset(snap, 0, sizeof(*snap));
	snap->cpu = RECORDED_CPU;
	snap->ring_entries = r->lane.ring.mask + 1;
	snap->clock_ns = r->clock_ns;
	acqrel_sums_of_lane(&r->lane, r->passed, &snap->sums);
	snap->lost = r->tap.lost;
}

/* the reader stands still; it may go on afterwards */
static inline void recorded_start(struct recorded *r)
{
	struct acqrel_lane *l = &r->lane;

	acqrel_digest_reset(&l->digest);
	acqrel_digest_begin(&l->digest, l->ring.head);
	recorded_snapshot(r, &r->open);
	acqrel_digest_read(&l->digest, &r->open.digest);
	acqrel_tap_start(&r->tap, l, &r->config, r->clock_ns);
	r->on = true;
}

/* the reader stands still; it may go on afterwards */
static inline void recorded_stop(struct recorded *r)
{
	struct acqrel_lane *l = &r->lane;

	r->on = false;
	acqrel_digest_end(&l->digest, l->ring.head);
	recorded_snapshot(r, &r->close);
	acqrel_digest_read(&l->digest, &r->close.digest);
}

/* up to @most events of the lane */
static inline void recorded_read(struct recorded *r, unsigned int most)
{
	struct acqrel_event events[RECORDED_BATCH];

	acqrel_lane_pop(&r->lane, events, most);
}

/* up to @most units of the tap's ring */
static inline u64 recorded_collect(struct recorded *r, u64 most)
{
	const struct acqrel_span_unit *first;
	u64 straight, n = acqrel_span_peek(&r->tap.ring, &first, &straight);

	if (n > most)
		n = most;
	if (straight > n)
		straight = n;
	if (!check(r->bytes + n * sizeof(*first) <= sizeof(r->data)))
		abort();
	memcpy(r->data + r->bytes, first, straight * sizeof(*first));
	r->bytes += straight * sizeof(*first);
	memcpy(r->data + r->bytes, r->units, (n - straight) * sizeof(*first));
	r->bytes += (n - straight) * sizeof(*first);
	acqrel_span_release(&r->tap.ring, n);
	return n;
}

/**
 * struct recorded_pace - who comes how often
 * @reads: 0..15: how eager the reader is
 * @collects: same, of the recorder
 */
struct recorded_pace {
	unsigned int reads;
	unsigned int collects;
};

/* @n events, and all the others in between */
static inline void recorded_live(struct recorded *r,
				 const struct recorded_pace *pace, u64 n)
{
	struct acqrel_generator *g = &r->random;
	struct acqrel_event ev;

	while (n--) {
		if (!random_below(g, 60))
			recorded_config(r);
		recorded_offer(r, &ev);
		if (random_below(g, 16) < pace->reads)
			recorded_read(r, 1 + random_below(g, RECORDED_BATCH));
		if (random_below(g, 16) < pace->collects)
			recorded_collect(r, 1 + random_below(g, 40));
	}
}

/* a life, recorded from somewhere in it to somewhere in it */
static inline void recorded_life(struct recorded *r, struct acqrel_generator *g,
				 u64 units)
{
	struct recorded_pace pace = {
		.reads = random_below(g, 16), .collects = random_below(g, 16),
	};

	recorded_init(r, g, 2ULL << random_below(g, 6), units);
	recorded_live(r, &pace, random_below(g, 150));
	recorded_start(r);
	recorded_live(r, &pace, random_below(g, 300));
	pace.reads = random_below(g, 16);
	recorded_live(r, &pace, random_below(g, 300));
	recorded_stop(r);
	recorded_live(r, &pace, random_below(g, 100));
	recorded_collect(r, ~0ULL);
}

#endif /* ACQREL_TESTS_RECORDED_H */
