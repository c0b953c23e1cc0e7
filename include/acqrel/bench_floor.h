/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the hardware asks for: elementary costs as arms, compiled in both
 * worlds. They bound everything else.
 *
 * Edges:
 *
 *	floor.stream	lines written, store-release of the tail -> load-acquire
 *			of the tail, lines read; and back, for lines to be
 *			used again, with the head
 *	floor.publish	clock read, store-release of the stamp -> load-acquire
 *			of the stamp, clock read
 */
#ifndef ACQREL_BENCH_FLOOR_H
#define ACQREL_BENCH_FLOOR_H

#include <acqrel/bench_loop.h>
#include "bench/memory.h"

#define ACQREL_FLOOR_CHUNK	4000	/* so short that the clock would show */
#define ACQREL_FLOOR_LINES	1024	/* of a stream */
#define ACQREL_FLOOR_BATCH	64	/* lines between two publications */

struct acqrel_floor_line {
	u64 word;
	u64 pad[15];
};

/* a thread's own word, two lines apart from the next */
static inline struct acqrel_floor_line *
acqrel_floor_own(const struct acqrel_worker *w)
{
	struct acqrel_floor_line *lines = w->object;

	return &lines[w->thread];
}

static int acqrel_floor_create(const struct acqrel_arm_params *p,
			       void **object)
{
	*object = world_alloc(p->threads * sizeof(struct acqrel_floor_line));
	return *object ? 0 : -ENOMEM;
}

static void acqrel_floor_destroy(void *object)
{
	world_free(object);
}

static u64 acqrel_floor_load(struct acqrel_worker *w, u64 n)
{
	const u64 *word = &acqrel_floor_own(w)->word;
	u64 sum = 0;

	ACQREL_LOOP(n, sum += READ_ONCE(*word));
	WRITE_ONCE(w->sink, sum);
	return 0;
}

static u64 acqrel_floor_store(struct acqrel_worker *w, u64 n)
{
	u64 *word = &acqrel_floor_own(w)->word;

	ACQREL_LOOP(n, WRITE_ONCE(*word, n));
	return 0;
}

static u64 acqrel_floor_add_plain(struct acqrel_worker *w, u64 n)
{
	u64 *word = &acqrel_floor_own(w)->word;

	ACQREL_LOOP(n, WRITE_ONCE(*word, READ_ONCE(*word) + 1));
	return 0;
}

static u64 acqrel_floor_add_locked(struct acqrel_worker *w, u64 n)
{
	atomic64_t *word = (atomic64_t *)&acqrel_floor_own(w)->word;

	ACQREL_LOOP(n, atomic64_add(1, word));
	return 0;
}

/* after a store, which is what a fence has to wait for */
static __always_inline void acqrel_floor_fenced(u64 *word, u64 value)
{
	WRITE_ONCE(*word, value);
	/* no pair: its cost is what is measured */
	smp_mb();
}

static u64 acqrel_floor_fence(struct acqrel_worker *w, u64 n)
{
	u64 *word = &acqrel_floor_own(w)->word;

	ACQREL_LOOP(n, acqrel_floor_fenced(word, n));
	return 0;
}

static u64 acqrel_floor_cas(struct acqrel_worker *w, u64 n)
{
	u64 *word = &acqrel_floor_own(w)->word;
	u64 seen = READ_ONCE(*word);

	ACQREL_LOOP(n, seen = cmpxchg_relaxed(word, seen, seen + 1) + 1);
	return 0;
}

static const struct acqrel_op acqrel_floor_cpu_ops[] = {
	{ .name = "load", .burst = acqrel_floor_load,
	  .flags = ACQREL_OP_SHARED, .chunk = ACQREL_FLOOR_CHUNK },
	{ .name = "store", .burst = acqrel_floor_store,
	  .flags = ACQREL_OP_SHARED, .chunk = ACQREL_FLOOR_CHUNK },
	{ .name = "add_plain", .burst = acqrel_floor_add_plain,
	  .flags = ACQREL_OP_SHARED, .chunk = ACQREL_FLOOR_CHUNK },
	{ .name = "add_locked", .burst = acqrel_floor_add_locked,
	  .flags = ACQREL_OP_SHARED, .chunk = ACQREL_FLOOR_CHUNK },
	{ .name = "fence", .burst = acqrel_floor_fence,
	  .flags = ACQREL_OP_SHARED, .chunk = ACQREL_FLOOR_CHUNK },
	{ .name = "cas", .burst = acqrel_floor_cas,
	  .flags = ACQREL_OP_SHARED, .chunk = ACQREL_FLOOR_CHUNK },
	{ }
};

static const struct acqrel_variant acqrel_variant_floor_cpu = {
	.name = "floor/cpu",
	.ops = acqrel_floor_cpu_ops,
	.create = acqrel_floor_create,
	.destroy = acqrel_floor_destroy,
};

/**
 * struct acqrel_floor_lines - what two threads move between their CPUs
 * @a: written by the first; the one line of pingpong
 * @b: written by the second
 * @tail: lines published
 * @head: lines consumed
 * @stamp: a clock, published
 * @lines: the stream
 */
struct acqrel_floor_lines {
	struct acqrel_floor_line a;
	struct acqrel_floor_line b;
	struct acqrel_floor_line tail;
	struct acqrel_floor_line head;
	struct acqrel_floor_line stamp;
	struct acqrel_floor_line lines[ACQREL_FLOOR_LINES];
};

static int acqrel_floor_lines_create(const struct acqrel_arm_params *p,
				     void **object)
{
	*object = world_alloc(sizeof(struct acqrel_floor_lines));
	return *object ? 0 : -ENOMEM;
}

/* until the lowest bit of @word is @bit; false if nobody will set it */
static __always_inline bool acqrel_floor_wait(const u64 *word, u64 bit,
					      const u32 *stop)
{
	while ((READ_ONCE(*word) & 1) != bit)
		if (READ_ONCE(*stop))
			return false;
	return true;
}

static __always_inline u64 acqrel_floor_pass(struct acqrel_worker *w, u64 n,
					     u64 bit)
{
	struct acqrel_floor_lines *l = w->object;
	u64 failed = 0;

	for (; n; n--) {
		if (acqrel_floor_wait(&l->a.word, bit, w->stop))
			WRITE_ONCE(l->a.word, READ_ONCE(l->a.word) + 1);
		else
			failed++;
	}
	return failed;
}

/* an operation is there and back */
static u64 acqrel_floor_ping(struct acqrel_worker *w, u64 n)
{
	return acqrel_floor_pass(w, n, 0);
}

static u64 acqrel_floor_pong(struct acqrel_worker *w, u64 n)
{
	return acqrel_floor_pass(w, n, 1);
}

static u64 acqrel_floor_ping2(struct acqrel_worker *w, u64 n)
{
	struct acqrel_floor_lines *l = w->object;
	u64 failed = 0;

	for (; n; n--) {
		WRITE_ONCE(l->a.word, l->a.word + 1);
		while (READ_ONCE(l->b.word) != l->a.word)
			if (READ_ONCE(*w->stop))
				return failed + n;
	}
	return failed;
}

static u64 acqrel_floor_pong2(struct acqrel_worker *w, u64 n)
{
	struct acqrel_floor_lines *l = w->object;
	u64 failed = 0, seen;

	for (; n; n--) {
		seen = READ_ONCE(l->a.word);
		if (seen == l->b.word)
			failed++;
		else
			WRITE_ONCE(l->b.word, seen);
	}
	return failed;
}

/* until @word is not @value; false if nobody will change it */
static __always_inline bool acqrel_floor_moved(const u64 *word, u64 value,
					       const u32 *stop)
{
	/* pairs with the releases of the stream's two sides: floor.stream */
	while (smp_load_acquire(word) == value)
		if (READ_ONCE(*stop))
			return false;
	return true;
}

/* reads lines that the other CPU has just written, many at a time */
static u64 acqrel_floor_stream(struct acqrel_worker *w, u64 n)
{
	struct acqrel_floor_lines *l = w->object;
	u64 i, wrong = 0, position = w->position;

	for (i = 0; i < n; i++) {
		if (!(position % ACQREL_FLOOR_BATCH) &&
		    !acqrel_floor_moved(&l->tail.word, position, w->stop))
			break;
		wrong |= position ^
			READ_ONCE(l->lines[position % ACQREL_FLOOR_LINES].word);
		position++;
		if (!(position % ACQREL_FLOOR_BATCH))
			/* pairs with the acquire in acqrel_floor_moved(): floor.stream */
			smp_store_release(&l->head.word, position);
	}
	w->position = position;
	w->violations += !!wrong;
	return n - i;
}

static u64 acqrel_floor_feed(struct acqrel_worker *w, u64 n)
{
	struct acqrel_floor_lines *l = w->object;
	u64 i, position = w->position;

	for (i = 0; i < n; i++) {
		if (position >= ACQREL_FLOOR_LINES &&
		    !(position % ACQREL_FLOOR_BATCH) &&
		    !acqrel_floor_moved(&l->head.word,
					position - ACQREL_FLOOR_LINES, w->stop))
			break;
		WRITE_ONCE(l->lines[position % ACQREL_FLOOR_LINES].word,
			   position);
		position++;
		if (!(position % ACQREL_FLOOR_BATCH))
			/* pairs with the acquire in acqrel_floor_moved(): floor.stream */
			smp_store_release(&l->tail.word, position);
	}
	w->position = position;
	return n - i;
}

static const struct acqrel_op acqrel_floor_line_ops[] = {
	{
		.name = "pingpong",
		.burst = acqrel_floor_ping,
		.partner = acqrel_floor_pong,
		.flags = ACQREL_OP_SHARED,
		.threads = 2,
		.threads_max = 2,
		.chunk = 32,
	},
	{
		.name = "pingpong2",
		.burst = acqrel_floor_ping2,
		.partner = acqrel_floor_pong2,
		.flags = ACQREL_OP_SHARED,
		.threads = 2,
		.threads_max = 2,
		.chunk = 32,
	},
	{
		.name = "stream",
		.burst = acqrel_floor_stream,
		.partner = acqrel_floor_feed,
		.flags = ACQREL_OP_SHARED,
		.threads = 2,
		.threads_max = 2,
	},
	{ }
};

static const struct acqrel_variant acqrel_variant_floor_line = {
	.name = "floor/line",
	.ops = acqrel_floor_line_ops,
	.create = acqrel_floor_lines_create,
	.destroy = acqrel_floor_destroy,
};

/* from a store-release to the load-acquire that sees it */
static u64 acqrel_publish_oneway(struct acqrel_worker *w, u64 n)
{
	struct acqrel_floor_lines *l = w->object;
	u64 stamp, now, failed = 0;

	for (; n; n--) {
		/* pairs with the release in acqrel_publish_stamp(): floor.publish */
		stamp = smp_load_acquire(&l->stamp.word);
		if (stamp == w->seen) {
			failed++;
			continue;
		}
		now = world_clock();
		w->violations += stamp < w->seen;
		w->seen = stamp;
		acqrel_latency_add(w->latency, now > stamp ? now - stamp : 0);
	}
	return failed;
}

static u64 acqrel_publish_stamp(struct acqrel_worker *w, u64 n)
{
	struct acqrel_floor_lines *l = w->object;

	for (; n; n--)
		/* pairs with the acquire in acqrel_publish_oneway(): floor.publish */
		smp_store_release(&l->stamp.word, world_clock());
	return 0;
}

static const struct acqrel_op acqrel_publish_ops[] = {
	{
		.name = "oneway",
		.burst = acqrel_publish_oneway,
		.partner = acqrel_publish_stamp,
		.flags = ACQREL_OP_SHARED | ACQREL_OP_RECORDS | ACQREL_OP_FEEDS,
		.threads = 2,
		.threads_max = 2,
		.bound = "floor/line:pingpong",
		.bound_times = 500,
	},
	{ }
};

static const struct acqrel_variant acqrel_variant_publish = {
	.name = "publish/release",
	.ops = acqrel_publish_ops,
	.create = acqrel_floor_lines_create,
	.destroy = acqrel_floor_destroy,
};

#endif /* ACQREL_BENCH_FLOOR_H */
