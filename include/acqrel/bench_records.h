/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * acqrel's own ways to keep a record whole as arms, compiled in both worlds.
 */
#ifndef ACQREL_BENCH_RECORDS_H
#define ACQREL_BENCH_RECORDS_H

#include <acqrel/bench_stats.h>
#include <acqrel/bench_words.h>
#include <acqrel/latch.h>
#include <acqrel/seqcount.h>

struct acqrel_bench_seqcount {
	struct acqrel_seqcount seq;
	u64 words[];
};

static __always_inline u64
acqrel_bench_seqcount_read(const struct acqrel_bench_seqcount *r, u64 *to,
			   u32 words)
{
	return acqrel_read_words(&r->seq, to, r->words, words);
}

static __always_inline void
acqrel_bench_seqcount_write(struct acqrel_bench_seqcount *r, u32 words)
{
	acqrel_write_begin(&r->seq);
	acqrel_record_add(r->words, words);
	acqrel_write_end(&r->seq);
}

ACQREL_STATS_OPS(seqcount, struct acqrel_bench_seqcount,
		 acqrel_bench_seqcount_read, acqrel_bench_seqcount_write,
		 ACQREL_OP_SHARED, "floor/cpu:load", 8000);

static int acqrel_stats_seqcount_create(const struct acqrel_arm_params *p,
					void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct acqrel_bench_seqcount),
		.copies = 1,
	};

	return acqrel_stats_create(&kind, p, object);
}

static const struct acqrel_variant acqrel_variant_stats_seqcount = {
	.name = "stats/seqcount",
	.ops = acqrel_stats_seqcount_ops,
	.create = acqrel_stats_seqcount_create,
	.destroy = acqrel_stats_destroy,
};

struct acqrel_bench_latch {
	struct acqrel_latch latch;
	u64 words[];	/* of copy 0, then of copy 1 */
};

static __always_inline u64
acqrel_bench_latch_read(const struct acqrel_bench_latch *r, u64 *to, u32 words)
{
	u64 start, retries = 0;

	for (;;) {
		start = acqrel_latch_begin(&r->latch);
		acqrel_record_copy(to, r->words + (start & 1) * words, words);
		if (likely(!acqrel_latch_retry(&r->latch, start)))
			return retries;
		retries++;
	}
}

static __always_inline void
acqrel_bench_latch_write(struct acqrel_bench_latch *r, u32 words)
{
	acqrel_latch_turn(&r->latch);
	acqrel_record_add(r->words, words);
	acqrel_latch_turn(&r->latch);
	acqrel_record_add(r->words + words, words);
}

ACQREL_STATS_OPS(latch, struct acqrel_bench_latch, acqrel_bench_latch_read,
		 acqrel_bench_latch_write, ACQREL_OP_SHARED, "floor/cpu:load",
		 8000);

static int acqrel_stats_latch_create(const struct acqrel_arm_params *p,
				     void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct acqrel_bench_latch),
		.copies = 2,
	};

	return acqrel_stats_create(&kind, p, object);
}

static const struct acqrel_variant acqrel_variant_stats_latch = {
	.name = "stats/latch",
	.ops = acqrel_stats_latch_ops,
	.create = acqrel_stats_latch_create,
	.destroy = acqrel_stats_destroy,
};

#endif /* ACQREL_BENCH_RECORDS_H */
