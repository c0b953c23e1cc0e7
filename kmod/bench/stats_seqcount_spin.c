// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats under a seqcount_spinlock_t: a sequence count that knows the spinlock
 * which its writers hold.
 */
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <acqrel/bench_stats.h>
#include <acqrel/bench_words.h>

#include "bench/variants.h"

struct stats_seqcount_spin {
	spinlock_t lock;	/* serialises writers */
	seqcount_spinlock_t seq;
	u64 words[];
};

static __always_inline u64
stats_seqcount_spin_read(const struct stats_seqcount_spin *r, u64 *to,
			 u32 words)
{
	unsigned int start;
	u64 tries = 0;

	do {
		start = read_seqcount_begin(&r->seq);
		acqrel_record_copy(to, r->words, words);
		tries++;
	} while (read_seqcount_retry(&r->seq, start));
	return tries - 1;
}

static __always_inline void
stats_seqcount_spin_write(struct stats_seqcount_spin *r, u32 words)
{
	spin_lock(&r->lock);
	write_seqcount_begin(&r->seq);
	acqrel_record_add(r->words, words);
	write_seqcount_end(&r->seq);
	spin_unlock(&r->lock);
}

ACQREL_STATS_OPS(seqcount_spin, struct stats_seqcount_spin,
		 stats_seqcount_spin_read, stats_seqcount_spin_write, 0,
		 "floor/cpu:load", 8000);

static void stats_seqcount_spin_init(void *record)
{
	struct stats_seqcount_spin *r = record;

	spin_lock_init(&r->lock);
	seqcount_spinlock_init(&r->seq, &r->lock);
}

static int stats_seqcount_spin_create(const struct acqrel_arm_params *p,
				      void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct stats_seqcount_spin),
		.copies = 1,
		.init = stats_seqcount_spin_init,
	};

	return acqrel_stats_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_stats_seqcount_spin = {
	.name = "stats/seqcount_spin",
	.ops = acqrel_stats_seqcount_spin_ops,
	.create = stats_seqcount_spin_create,
	.destroy = acqrel_stats_destroy,
};
