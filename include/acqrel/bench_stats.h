/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stats as arms: a record of words that readers must see whole, made from a
 * variant's read and write of one record.
 *
 * All words of a record hold the same number, and a write adds one to each. A
 * reader that sees two numbers, or a smaller one than before, saw a torn or
 * an old record. Everybody reads the record of thread 0; the operation write
 * writes the thread's own, the writer beside readers that of thread 0.
 */
#ifndef ACQREL_BENCH_STATS_H
#define ACQREL_BENCH_STATS_H

#include <acqrel/bench_loop.h>
#include "bench/memory.h"

#define ACQREL_STATS_PAYLOAD	64	/* bytes by default */

/**
 * struct acqrel_stats_kind - what differs between variants
 * @header: bytes before the words of a record: locks and counts
 * @copies: sets of words that a record has
 * @init: of a zeroed record, or NULL
 * @exit: or NULL
 */
struct acqrel_stats_kind {
	size_t header;
	u32 copies;
	void (*init)(void *record);
	void (*exit)(void *record);
};

/**
 * struct acqrel_stats_arm - the object of an arm
 * @kind: of its records
 * @n: records, one a thread
 * @stride: bytes from one to the next
 * @records: the records, each on lines of its own
 * @copies: where each thread copies to
 */
struct acqrel_stats_arm {
	const struct acqrel_stats_kind *kind;
	u32 n;
	size_t stride;
	u8 *records;
	u64 *copies;
};

static inline void *acqrel_stats_record(const struct acqrel_stats_arm *arm,
					u32 i)
{
	return arm->records + i * arm->stride;
}

/* a thread's copy, which no other thread touches */
static inline u64 *acqrel_stats_copy(const struct acqrel_worker *w)
{
	const struct acqrel_stats_arm *arm = w->object;

	return arm->copies + w->thread *
		(ACQREL_BENCH_PAYLOAD_MAX / sizeof(u64) + 16);
}

static inline void acqrel_stats_destroy(void *object)
{
	struct acqrel_stats_arm *arm = object;
	u32 i;

	if (arm->kind->exit && arm->records)
		for (i = 0; i < arm->n; i++)
			arm->kind->exit(acqrel_stats_record(arm, i));
	world_free(arm->records);
	world_free(arm->copies);
	world_free(arm);
}

static inline int acqrel_stats_create(const struct acqrel_stats_kind *kind,
				      const struct acqrel_arm_params *p,
				      void **object)
{
	struct acqrel_stats_arm *arm = world_alloc(sizeof(*arm));
	u32 i;

	if (!arm)
		return -ENOMEM;
	arm->kind = kind;
	arm->n = p->threads;
	/* two lines more, so that neighbours share none */
	arm->stride = (kind->header + kind->copies * p->payload + 255) / 128 *
		128;
	arm->records = world_alloc(arm->n * arm->stride);
	arm->copies = world_alloc(arm->n *
				  (ACQREL_BENCH_PAYLOAD_MAX + 16 * sizeof(u64)));
	if (!arm->records || !arm->copies) {
		world_free(arm->records);
		world_free(arm->copies);
		world_free(arm);
		return -ENOMEM;
	}
	for (i = 0; kind->init && i < arm->n; i++)
		kind->init(acqrel_stats_record(arm, i));
	*object = arm;
	return 0;
}

/*
 * The bursts of a variant and its table of operations,
 * acqrel_stats_NAME_ops. @read copies @words words of a record and returns
 * how often it had to repeat that; @write adds one to each.
 */
#define ACQREL_STATS_OPS(stats_name, type, read, write, more, floor, times) \
static u64 acqrel_stats_##stats_name##_read(struct acqrel_worker *w, u64 n) \
{									\
	u32 words = w->payload / sizeof(u64);				\
	type *record = acqrel_stats_record(w->object, 0);		\
	u64 *to = acqrel_stats_copy(w);					\
	u64 retries = 0, violations = 0, seen = w->seen;		\
									\
	ACQREL_LOOP(n,							\
		retries += read(record, to, words);			\
		violations += to[0] != to[words - 1] || to[0] < seen;	\
		seen = to[0];						\
		WRITE_ONCE(w->sink, seen));				\
	w->seen = seen;							\
	w->retries += retries;						\
	w->violations += violations;					\
	return 0;							\
}									\
									\
static u64 acqrel_stats_##stats_name##_write(struct acqrel_worker *w, u64 n) \
{									\
	u32 words = w->payload / sizeof(u64);				\
	type *record = acqrel_stats_record(w->object, w->thread);	\
									\
	ACQREL_LOOP(n, write(record, words));				\
	return 0;							\
}									\
									\
static u64 acqrel_stats_##stats_name##_writer(struct acqrel_worker *w, u64 n) \
{									\
	u32 words = w->payload / sizeof(u64);				\
	type *record = acqrel_stats_record(w->object, 0);		\
									\
	ACQREL_LOOP(n, write(record, words));				\
	return 0;							\
}									\
									\
static const struct acqrel_op acqrel_stats_##stats_name##_ops[] = {	\
	{								\
		.name = "read",						\
		.burst = acqrel_stats_##stats_name##_read,		\
		.writer = acqrel_stats_##stats_name##_writer,		\
		.flags = (more),					\
		.payload = ACQREL_STATS_PAYLOAD,			\
		.payload_max = ACQREL_BENCH_PAYLOAD_MAX,		\
		.bound = (floor),					\
		.bound_times = (times),					\
	},								\
	{								\
		.name = "write",					\
		.burst = acqrel_stats_##stats_name##_write,		\
		.flags = (more),					\
		.payload = ACQREL_STATS_PAYLOAD,			\
		.payload_max = ACQREL_BENCH_PAYLOAD_MAX,		\
		.bound = (floor),					\
		.bound_times = (times),					\
	},								\
	{ }								\
}

#endif /* ACQREL_BENCH_STATS_H */
