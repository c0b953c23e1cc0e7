/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Workloads: what is measured, the same code in both worlds.
 *
 * A case is an operation on a variant of a primitive. A thread runs it in
 * bursts of %ACQREL_BURST operations, with the clock read before and after
 * each burst; the case "empty/empty:loop" runs the same bursts around nothing
 * and is what user space subtracts. The one indirect call is for each burst.
 *
 * Ring cases of one thread fill or empty the ring outside the timed bursts.
 * With more threads every even one runs the operation and the odd one beside
 * it the opposite, as load: it reports 0 operations. An odd one out is idle.
 *
 * "world.h" is the world's own: struct world_config, struct world_counter and
 * the world_*() calls used below.
 */
#ifndef ACQREL_WORKLOAD_H
#define ACQREL_WORKLOAD_H

#include <acqrel/ring_overwrite.h>
#include <acqrel/ring_spsc.h>
#include <acqrel/ring_turn.h>
#include <acqrel/slice.h>
#include <acqrel/stats.h>
#include "world.h"

#define ACQREL_BURST		256
#define ACQREL_WORK_SLOTS	1024

/**
 * struct acqrel_pair - the rings between two neighbouring threads
 */
struct acqrel_pair {
	struct acqrel_spsc spsc;
	struct acqrel_turn turn;
	struct acqrel_oring oring;
	struct acqrel_spsc_slot spsc_slots[ACQREL_WORK_SLOTS];
	struct acqrel_turn_slot turn_slots[ACQREL_WORK_SLOTS];
	struct acqrel_oring_slot oring_slots[ACQREL_WORK_SLOTS];
};

/**
 * struct acqrel_worker - a thread of a run
 * @config: shared by all threads
 * @counter: shared by all threads
 * @shared: block of thread 0, which readers read
 * @own: block that this thread writes
 * @pair: rings shared with the neighbour
 * @sink: what was read goes here, so that it is read
 */
struct acqrel_worker {
	struct world_config *config;
	struct world_counter *counter;
	struct acqrel_stats *shared;
	struct acqrel_stats *own;
	struct acqrel_pair *pair;
	u64 sink;
};

/* a burst returns how many of its operations failed */
typedef u64 acqrel_burst(struct acqrel_worker *w);

/**
 * struct acqrel_case - an operation that can be measured
 * @name: PRIMITIVE/VARIANT:OPERATION
 * @burst: the operation
 * @opposite: what empties what @burst fills, or fills what it empties
 * @opposite_first: fill before, rather than empty after
 */
struct acqrel_case {
	const char *name;
	acqrel_burst *burst;
	acqrel_burst *opposite;
	bool opposite_first;
};

static u64 acqrel_burst_empty(struct acqrel_worker *w)
{
	unsigned int i;

	/* pushes have no sink, so its store is no part of the loop */
	for (i = 0; i < ACQREL_BURST; i++)
		barrier();
	WRITE_ONCE(w->sink, i);
	return 0;
}

static u64 acqrel_burst_config_read(struct acqrel_worker *w)
{
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++)
		WRITE_ONCE(w->sink, world_config_read(w->config));
	return 0;
}

static u64 acqrel_burst_config_update(struct acqrel_worker *w)
{
	u64 failed = 0;
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++)
		failed += world_config_update(w->config) != 0;
	return failed;
}

static u64 acqrel_burst_stats_read(struct acqrel_worker *w)
{
	struct acqrel_aggregate copy;
	unsigned int i;

	/* a repeated read succeeds all the same */
	for (i = 0; i < ACQREL_BURST; i++) {
		acqrel_stats_read(w->shared, &copy);
		WRITE_ONCE(w->sink, copy.sum);
	}
	return 0;
}

static u64 acqrel_burst_stats_write(struct acqrel_worker *w)
{
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++)
		acqrel_stats_add(w->own, i);
	return 0;
}

static u64 acqrel_burst_counter_add(struct acqrel_worker *w)
{
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++)
		world_counter_add(w->counter, 1);
	return 0;
}

static u64 acqrel_burst_counter_read(struct acqrel_worker *w)
{
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++)
		WRITE_ONCE(w->sink, world_counter_sum(w->counter));
	return 0;
}

static u64 acqrel_burst_spsc_push(struct acqrel_worker *w)
{
	u64 failed = 0;
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++)
		failed += !acqrel_spsc_push(&w->pair->spsc, i);
	return failed;
}

static u64 acqrel_burst_spsc_pop(struct acqrel_worker *w)
{
	u64 item = 0, failed = 0;
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++) {
		failed += !acqrel_spsc_pop(&w->pair->spsc, &item);
		WRITE_ONCE(w->sink, item);
	}
	return failed;
}

static u64 acqrel_burst_turn_push(struct acqrel_worker *w)
{
	u64 failed = 0;
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++)
		failed += acqrel_turn_push_mp(&w->pair->turn, i) !=
			  ACQREL_TURN_OK;
	return failed;
}

static u64 acqrel_burst_turn_pop(struct acqrel_worker *w)
{
	u64 item = 0, failed = 0;
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++) {
		failed += acqrel_turn_pop_mc(&w->pair->turn, &item) !=
			  ACQREL_TURN_OK;
		WRITE_ONCE(w->sink, item);
	}
	return failed;
}

static u64 acqrel_burst_oring_push(struct acqrel_worker *w)
{
	u64 words[ACQREL_ORING_WORDS] = { 0 };
	u64 failed = 0;
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++) {
		words[0] = i;
		failed += acqrel_oring_push(&w->pair->oring, words, false) ==
			  ACQREL_ORING_FULL;
	}
	return failed;
}

static u64 acqrel_burst_oring_pop(struct acqrel_worker *w)
{
	struct acqrel_oring_item item = { 0 };
	u64 failed = 0;
	unsigned int i;

	for (i = 0; i < ACQREL_BURST; i++) {
		failed += !acqrel_oring_pop(&w->pair->oring, &item, 1);
		WRITE_ONCE(w->sink, item.words[0]);
	}
	return failed;
}

static const struct acqrel_case acqrel_cases[] = {
	{ .name = "empty/empty:loop", .burst = acqrel_burst_empty },
	{ .name = "config/rcu:read", .burst = acqrel_burst_config_read },
	{ .name = "config/rcu:update", .burst = acqrel_burst_config_update },
	{ .name = "stats/seqcount:read", .burst = acqrel_burst_stats_read },
	{ .name = "stats/seqcount:write", .burst = acqrel_burst_stats_write },
	{ .name = "counter/percpu:add", .burst = acqrel_burst_counter_add },
	{ .name = "counter/percpu:read", .burst = acqrel_burst_counter_read },
	{
		.name = "ring/spsc:push",
		.burst = acqrel_burst_spsc_push,
		.opposite = acqrel_burst_spsc_pop,
	},
	{
		.name = "ring/spsc:pop",
		.burst = acqrel_burst_spsc_pop,
		.opposite = acqrel_burst_spsc_push,
		.opposite_first = true,
	},
	{
		.name = "ring/mpmc:push",
		.burst = acqrel_burst_turn_push,
		.opposite = acqrel_burst_turn_pop,
	},
	{
		.name = "ring/mpmc:pop",
		.burst = acqrel_burst_turn_pop,
		.opposite = acqrel_burst_turn_push,
		.opposite_first = true,
	},
	{
		.name = "ring/overwrite:push",
		.burst = acqrel_burst_oring_push,
		.opposite = acqrel_burst_oring_pop,
	},
	{
		.name = "ring/overwrite:pop",
		.burst = acqrel_burst_oring_pop,
		.opposite = acqrel_burst_oring_push,
		.opposite_first = true,
	},
};

#define ACQREL_CASES	ARRAY_SIZE(acqrel_cases)

/**
 * acqrel_pair_init() - empty rings
 * @p: the pair, which nobody uses
 */
static inline void acqrel_pair_init(struct acqrel_pair *p)
{
	acqrel_spsc_init(&p->spsc, p->spsc_slots, ACQREL_WORK_SLOTS, 0);
	acqrel_turn_init(&p->turn, p->turn_slots, ACQREL_WORK_SLOTS, 0);
	acqrel_oring_init(&p->oring, p->oring_slots, ACQREL_WORK_SLOTS, 0);
}

/* the opposite of a burst until it has nothing left to do */
static inline void acqrel_work_settle(struct acqrel_worker *w,
				      acqrel_burst *burst)
{
	while (burst(w) != ACQREL_BURST)
		;
}

static inline void acqrel_work_burst(struct acqrel_worker *w,
				     const struct acqrel_case *c, bool alone,
				     struct acqrel_slice *out)
{
	u64 start, failed;

	if (alone && c->opposite && c->opposite_first)
		acqrel_work_settle(w, c->opposite);
	start = world_clock();
	failed = c->burst(w);
	out->end_ns = world_clock();
	out->busy_ns += out->end_ns - start;
	out->bursts++;
	out->failed += failed;
	out->ops += ACQREL_BURST - failed;
	if (alone && c->opposite && !c->opposite_first)
		acqrel_work_settle(w, c->opposite);
}

/**
 * acqrel_work_slice() - one slice of a case on one thread
 * @w: the thread's worker
 * @c: the case
 * @thread: index of the thread in the run
 * @threads: threads of the run
 * @deadline_ns: the common start; load is on before it
 * @slice_ns: length of the timed part; load stays on for an eighth longer
 * @out: what was done
 *
 * Context: may be preempted; runs for about @slice_ns.
 */
static inline void acqrel_work_slice(struct acqrel_worker *w,
				     const struct acqrel_case *c,
				     unsigned int thread, unsigned int threads,
				     u64 deadline_ns, u64 slice_ns,
				     struct acqrel_slice *out)
{
	bool alone = threads == 1;
	bool partner = !alone && c->opposite && (thread & 1);
	struct acqrel_case mine = *c;
	struct acqrel_slice lead = { 0 };
	u64 switches;

	if (partner)
		mine.burst = c->opposite;
	if (!alone && c->opposite && !partner && thread == threads - 1)
		mine.burst = acqrel_burst_empty;
	while (world_clock() < deadline_ns)
		acqrel_work_burst(w, &mine, alone, &lead);

	memset(out, 0, sizeof(*out));
	switches = world_switches();
	out->start_ns = world_clock();
	do {
		acqrel_work_burst(w, &mine, alone, out);
	} while (out->end_ns < deadline_ns + slice_ns);
	out->switches = world_switches() - switches;
	if (mine.burst != c->burst) {
		out->ops = 0;
		out->failed = 0;
	}

	while (world_clock() < deadline_ns + slice_ns + slice_ns / 8)
		acqrel_work_burst(w, &mine, alone, &lead);
}

#endif /* ACQREL_WORKLOAD_H */
