/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Stats: a multi-word aggregate of values that readers see whole.
 *
 * One block for each CPU and kind, one writer for each block, guarded by a
 * sequence counter that lies in the first line of what it protects: a reader
 * beside a writer that never stops then moves one line, not two.
 *
 * Calls that may run together, guarantees and edges: those of seqcount.h.
 */
#ifndef ACQREL_STATS_H
#define ACQREL_STATS_H

#include <acqrel/seqcount.h>
#include <linux/acqrel.h>

/**
 * struct acqrel_aggregate - what a block says
 * @count: values added
 * @sum: of them
 * @min: smallest, all ones while @count is 0
 * @max: largest
 * @hist: bucket 0 counts zeros, bucket b the values in [2^(b-1), 2^b)
 */
struct acqrel_aggregate {
	u64 count;
	u64 sum;
	u64 min;
	u64 max;
	u64 hist[ACQREL_HIST_BUCKETS];
};

#define ACQREL_AGGREGATE_WORDS	(sizeof(struct acqrel_aggregate) / sizeof(u64))

struct acqrel_stats {
	struct acqrel_seqcount seq;
	struct acqrel_aggregate agg;
} ____cacheline_aligned;

static inline unsigned int acqrel_hist_bucket(u64 value)
{
	return fls64(value);
}

/**
 * acqrel_stats_init() - empty a block
 * @s: the block, which nobody writes meanwhile
 */
static inline void acqrel_stats_init(struct acqrel_stats *s)
{
	unsigned int i;

	acqrel_write_begin(&s->seq);
	WRITE_ONCE(s->agg.count, 0);
	WRITE_ONCE(s->agg.sum, 0);
	WRITE_ONCE(s->agg.min, ~0ULL);
	WRITE_ONCE(s->agg.max, 0);
	for (i = 0; i < ACQREL_HIST_BUCKETS; i++)
		WRITE_ONCE(s->agg.hist[i], 0);
	acqrel_write_end(&s->seq);
}

/**
 * acqrel_stats_add() - add a value
 * @s: the block
 * @value: any
 *
 * Context: the block's one writer, see acqrel_write_begin(). Wait-free.
 */
static __always_inline void acqrel_stats_add(struct acqrel_stats *s, u64 value)
{
	u64 *bucket = &s->agg.hist[acqrel_hist_bucket(value)];

	acqrel_write_begin(&s->seq);
	WRITE_ONCE(s->agg.count, s->agg.count + 1);
	WRITE_ONCE(s->agg.sum, s->agg.sum + value);
	if (value < s->agg.min)
		WRITE_ONCE(s->agg.min, value);
	if (value > s->agg.max)
		WRITE_ONCE(s->agg.max, value);
	WRITE_ONCE(*bucket, *bucket + 1);
	acqrel_write_end(&s->seq);
}

/**
 * acqrel_stats_read() - copy a block whole
 * @s: the block
 * @to: where to
 *
 * Context: any that cannot interrupt the writer.
 * Return: how often the copy was repeated.
 */
static inline u64 acqrel_stats_read(const struct acqrel_stats *s,
				    struct acqrel_aggregate *to)
{
	return acqrel_read_words(&s->seq, (u64 *)to, (const u64 *)&s->agg,
				 ACQREL_AGGREGATE_WORDS);
}

#endif /* ACQREL_STATS_H */
