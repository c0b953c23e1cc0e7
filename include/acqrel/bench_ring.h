/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Rings as arms: the operations of any bounded queue of 64-bit items, made
 * from its push and its pop.
 *
 * A ring of one producer and one consumer is there once for each two threads;
 * any other is shared by all. Beside each ring there is one for the way back.
 * Items of push and pop say who pushed them and as which of its items, so a
 * consumer sees each producer's numbers rise, and at the end the numbers tell
 * what is missing. Items of oneway are clocks.
 *
 * The file that includes this has included its world's header first.
 */
#ifndef ACQREL_BENCH_RING_H
#define ACQREL_BENCH_RING_H

#include <acqrel/bench_loop.h>
#include "bench/memory.h"

#define ACQREL_RING_PRODUCER	48	/* an item's producer is above this bit */
#define ACQREL_RING_NUMBER	((1ULL << ACQREL_RING_PRODUCER) - 1)
#define ACQREL_RING_NO_FILL	(~0ULL)	/* a ring that cannot be asked */
/* under contention an operation of a shared ring takes hundreds of ns */
#define ACQREL_RING_CHUNK(flags)	((flags) & ACQREL_OP_PAIRS ? 0 : 64)

/**
 * struct acqrel_ring_kind - what differs between rings
 * @size: bytes of a ring with its slots
 * @pairs: one for each two threads rather than one for all
 * @init: of zeroed memory; 0 or -errno
 * @exit: or NULL
 */
struct acqrel_ring_kind {
	size_t size;
	bool pairs;
	int (*init)(void *ring);
	void (*exit)(void *ring);
};

/**
 * struct acqrel_ring_arm - the object of an arm
 * @kind: of its rings
 * @n: rings, each with one for the way back after it
 * @ready: rings that were initialised, counting both ways
 * @row: words a thread has in @last
 * @last: the last number that a consumer saw of each producer
 * @drained: items that were left over after slices, in total
 * @rings: the rings
 */
struct acqrel_ring_arm {
	const struct acqrel_ring_kind *kind;
	u32 n;
	u32 ready;
	u32 row;
	u64 *last;
	u64 drained;
	u8 *rings;
};

static inline void *acqrel_ring_of(const struct acqrel_ring_arm *arm, u32 i)
{
	return arm->rings + i * arm->kind->size;
}

/* index of the ring that a thread uses */
static inline u32 acqrel_ring_index(const struct acqrel_worker *w)
{
	const struct acqrel_ring_arm *arm = w->object;

	return arm->kind->pairs ? w->thread / 2 * 2 : 0;
}

static inline void *acqrel_ring_there(const struct acqrel_worker *w)
{
	return acqrel_ring_of(w->object, acqrel_ring_index(w));
}

static inline void *acqrel_ring_back(const struct acqrel_worker *w)
{
	return acqrel_ring_of(w->object, acqrel_ring_index(w) + 1);
}

static inline u64 *acqrel_ring_last(const struct acqrel_worker *w)
{
	const struct acqrel_ring_arm *arm = w->object;

	return arm->last + w->thread * arm->row;
}

static inline void acqrel_ring_looked(struct acqrel_worker *w, u64 fill)
{
	if (fill == ACQREL_RING_NO_FILL)
		return;
	w->fill_sum += fill;
	w->fill_n++;
}

/* numbers start at 1, so that a fresh row has seen none */
static __always_inline u64 acqrel_ring_item(const struct acqrel_worker *w,
					    u64 position)
{
	return ((u64)w->thread << ACQREL_RING_PRODUCER) | (position + 1);
}

/* whether an item comes after what the consumer saw of its producer */
static __always_inline bool acqrel_ring_in_order(u64 *last, u64 item,
						 u32 threads)
{
	u64 producer = item >> ACQREL_RING_PRODUCER;
	u64 number = item & ACQREL_RING_NUMBER;
	bool good;

	if (unlikely(producer >= threads))
		return false;
	good = number > last[producer];
	last[producer] = number;
	return good;
}

static inline void acqrel_ring_destroy(void *object)
{
	struct acqrel_ring_arm *arm = object;

	while (arm->kind->exit && arm->ready)
		arm->kind->exit(acqrel_ring_of(arm, --arm->ready));
	world_free(arm->rings);
	world_free(arm->last);
	world_free(arm);
}

static inline int acqrel_ring_fill_arm(struct acqrel_ring_arm *arm)
{
	int err;

	while (arm->ready < 2 * arm->n) {
		err = arm->kind->init(acqrel_ring_of(arm, arm->ready));
		if (err)
			return err;
		arm->ready++;
	}
	return 0;
}

static inline int acqrel_ring_create(const struct acqrel_ring_kind *kind,
				     const struct acqrel_arm_params *p,
				     void **object)
{
	struct acqrel_ring_arm *arm = world_alloc(sizeof(*arm));
	int err;

	if (!arm)
		return -ENOMEM;
	arm->kind = kind;
	arm->n = kind->pairs ? (p->threads + 1) / 2 : 1;
	/* two lines more, so that no two threads write the same */
	arm->row = p->threads + 16;
	arm->last = world_alloc(sizeof(u64) * p->threads * arm->row);
	arm->rings = world_alloc(2 * arm->n * kind->size);
	err = arm->last && arm->rings ? acqrel_ring_fill_arm(arm) : -ENOMEM;
	if (err) {
		acqrel_ring_destroy(arm);
		return err;
	}
	*object = arm;
	return 0;
}

/* what the workers pushed and did not pop, less what is taken out here */
static inline u64 acqrel_ring_missing(const struct acqrel_ring_arm *arm,
				      const struct acqrel_worker *workers,
				      unsigned int n)
{
	u64 pushed = 0, popped = arm->drained;
	unsigned int i;

	for (i = 0; i < n; i++) {
		pushed += workers[i].position;
		popped += workers[i].seen;
	}
	return pushed > popped ? pushed - popped : popped - pushed;
}

/*
 * The bursts of a ring and its table of operations, acqrel_ring_NAME_ops.
 * @push and @pop return whether they did; they may be __always_inline, so that
 * the loop has no call. Any name of the form acqrel_ring_NAME_x is taken.
 */
#define ACQREL_RING_BURSTS(name, type, push, pop, fill)			\
static u64 acqrel_ring_##name##_push(struct acqrel_worker *w, u64 n)	\
{									\
	u64 position = w->position, start = position;			\
	type *ring = acqrel_ring_there(w);				\
									\
	ACQREL_LOOP(n, position +=					\
		    push(ring, acqrel_ring_item(w, position)));		\
	w->position = position;						\
	acqrel_ring_looked(w, fill(ring));				\
	return n - (position - start);					\
}									\
									\
static u64 acqrel_ring_##name##_pop(struct acqrel_worker *w, u64 n)	\
{									\
	u64 item = 0, seen = 0, violations = 0;				\
	u64 *last = acqrel_ring_last(w);				\
	type *ring = acqrel_ring_there(w);				\
	u32 threads = w->threads;					\
									\
	ACQREL_LOOP(n,							\
		if (pop(ring, &item)) {					\
			seen++;						\
			violations += !acqrel_ring_in_order(last, item,	\
							    threads);	\
		}							\
		WRITE_ONCE(w->sink, item));				\
	w->seen += seen;						\
	w->violations += violations;					\
	acqrel_ring_looked(w, fill(ring));				\
	return n - seen;						\
}									\
									\
static u64 acqrel_ring_##name##_stamp(struct acqrel_worker *w, u64 n)	\
{									\
	u64 position = w->position, start = position;			\
	type *ring = acqrel_ring_there(w);				\
									\
	ACQREL_LOOP(n, position += push(ring, world_clock()));		\
	w->position = position;						\
	return n - (position - start);					\
}									\
									\
static u64 acqrel_ring_##name##_oneway(struct acqrel_worker *w, u64 n)	\
{									\
	u64 *last = acqrel_ring_last(w);				\
	type *ring = acqrel_ring_there(w);				\
	u64 item, now, failed = 0;					\
									\
	for (; n; n--) {						\
		if (!pop(ring, &item)) {				\
			failed++;					\
			continue;					\
		}							\
		now = world_clock();					\
		w->seen++;						\
		w->violations += item < *last;				\
		*last = item;						\
		acqrel_latency_add(w->latency,				\
				   now > item ? now - item : 0);	\
	}								\
	return failed;							\
}									\
									\
/* what a slice left on the way is passed over: it is not this item */	\
static u64 acqrel_ring_##name##_roundtrip(struct acqrel_worker *w, u64 n) \
{									\
	type *there = acqrel_ring_there(w), *back = acqrel_ring_back(w);	\
	u64 item, got, start, failed = 0;				\
									\
	for (; n; n--) {						\
		start = world_clock();					\
		item = acqrel_ring_item(w, w->position);		\
		got = 0;						\
		if (push(there, item))					\
			w->position++;					\
		while (got != item && !READ_ONCE(*w->stop))		\
			pop(back, &got);				\
		if (got == item)					\
			acqrel_latency_add(w->latency,			\
					   world_clock() - start);	\
		else							\
			failed++;					\
	}								\
	return failed;							\
}									\
									\
static u64 acqrel_ring_##name##_echo(struct acqrel_worker *w, u64 n)	\
{									\
	type *there = acqrel_ring_there(w), *back = acqrel_ring_back(w);	\
	u64 item, failed = 0;						\
									\
	for (; n; n--) {						\
		if (!pop(there, &item)) {				\
			failed++;					\
			continue;					\
		}							\
		w->seen++;						\
		while (!push(back, item) && !READ_ONCE(*w->stop))	\
			cpu_relax();					\
	}								\
	return failed;							\
}									\
									\
static u64 acqrel_ring_##name##_lost(void *object,			\
				     const struct acqrel_worker *workers, \
				     unsigned int n)			\
{									\
	struct acqrel_ring_arm *arm = object;				\
	u64 item;							\
	u32 i;								\
									\
	for (i = 0; i < arm->n; i++)					\
		while (pop((type *)acqrel_ring_of(arm, 2 * i), &item))	\
			arm->drained++;					\
	return acqrel_ring_missing(arm, workers, n);			\
}

/*
 * The table of operations. @more is ACQREL_OP_PAIRS for one producer and one
 * consumer, and ACQREL_OP_SHARED where both worlds compile the same file.
 */
#define ACQREL_RING_OPS(ring_name, more, times)				\
static const struct acqrel_op acqrel_ring_##ring_name##_ops[] = {	\
	{								\
		.name = "push",						\
		.burst = acqrel_ring_##ring_name##_push,		\
		.partner = acqrel_ring_##ring_name##_pop,		\
		.flags = ACQREL_OP_SETTLES | (more),			\
		.chunk = ACQREL_RING_CHUNK(more),			\
		.bound = "floor/line:stream",				\
		.bound_times = (times),					\
	},								\
	{								\
		.name = "pop",						\
		.burst = acqrel_ring_##ring_name##_pop,			\
		.partner = acqrel_ring_##ring_name##_push,		\
		.flags = ACQREL_OP_SETTLES | ACQREL_OP_SETTLES_FIRST | (more), \
		.chunk = ACQREL_RING_CHUNK(more),			\
		.bound = "floor/line:stream",				\
		.bound_times = (times),					\
	},								\
	{								\
		.name = "oneway",					\
		.burst = acqrel_ring_##ring_name##_oneway,		\
		.partner = acqrel_ring_##ring_name##_stamp,		\
		.flags = ACQREL_OP_RECORDS | ACQREL_OP_FEEDS | (more),	\
		.threads = 2,						\
		.threads_max = 2,					\
		.bound = "floor/line:pingpong",			\
		.bound_times = 500,					\
	},								\
	{								\
		.name = "roundtrip",					\
		.burst = acqrel_ring_##ring_name##_roundtrip,		\
		.partner = acqrel_ring_##ring_name##_echo,		\
		.flags = ACQREL_OP_RECORDS | (more),			\
		.threads = 2,						\
		.threads_max = 2,					\
		.chunk = 16,						\
		.bound = "floor/line:pingpong2",			\
		.bound_times = 1000,					\
	},								\
	{ }								\
}

#endif /* ACQREL_BENCH_RING_H */
