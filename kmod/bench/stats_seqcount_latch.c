// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats under a seqcount_latch_t: two copies, of which one is whole at any
 * time. Writers are serialised by who calls: here a record has one.
 */
#include <linux/seqlock.h>
#include <acqrel/bench_stats.h>
#include <acqrel/bench_words.h>

#include "bench/variants.h"

struct stats_seqcount_latch {
	seqcount_latch_t seq;
	u64 words[];	/* of copy 0, then of copy 1 */
};

static __always_inline u64
stats_seqcount_latch_read(const struct stats_seqcount_latch *r, u64 *to,
			  u32 words)
{
	unsigned int start;
	u64 tries = 0;

	do {
		start = read_seqcount_latch(&r->seq);
		acqrel_record_copy(to, r->words + (start & 1) * words, words);
		tries++;
	} while (read_seqcount_latch_retry(&r->seq, start));
	return tries - 1;
}

static __always_inline void
stats_seqcount_latch_write(struct stats_seqcount_latch *r, u32 words)
{
	write_seqcount_latch_begin(&r->seq);
	acqrel_record_add(r->words, words);
	write_seqcount_latch(&r->seq);
	acqrel_record_add(r->words + words, words);
	write_seqcount_latch_end(&r->seq);
}

ACQREL_STATS_OPS(seqcount_latch, struct stats_seqcount_latch,
		 stats_seqcount_latch_read, stats_seqcount_latch_write, 0,
		 "floor/cpu:load", 8000);

static void stats_seqcount_latch_init(void *record)
{
	struct stats_seqcount_latch *r = record;

	seqcount_latch_init(&r->seq);
}

static int stats_seqcount_latch_create(const struct acqrel_arm_params *p,
				       void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct stats_seqcount_latch),
		.copies = 2,
		.init = stats_seqcount_latch_init,
	};

	return acqrel_stats_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_stats_seqcount_latch = {
	.name = "stats/seqcount_latch",
	.ops = acqrel_stats_seqcount_latch_ops,
	.create = stats_seqcount_latch_create,
	.destroy = acqrel_stats_destroy,
};
