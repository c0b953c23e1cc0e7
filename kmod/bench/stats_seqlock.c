// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats under a seqlock_t: a writer takes its spinlock, readers repeat.
 */
#include <linux/seqlock.h>
#include <acqrel/bench_stats.h>
#include <acqrel/bench_words.h>

#include "bench/variants.h"

struct stats_seqlock {
	seqlock_t lock;
	u64 words[];
};

static __always_inline u64 stats_seqlock_read(const struct stats_seqlock *r,
					      u64 *to, u32 words)
{
	unsigned int start;
	u64 tries = 0;

	do {
		start = read_seqbegin(&r->lock);
		acqrel_record_copy(to, r->words, words);
		tries++;
	} while (read_seqretry(&r->lock, start));
	return tries - 1;
}

static __always_inline void stats_seqlock_write(struct stats_seqlock *r,
						u32 words)
{
	write_seqlock(&r->lock);
	acqrel_record_add(r->words, words);
	write_sequnlock(&r->lock);
}

ACQREL_STATS_OPS(seqlock, struct stats_seqlock, stats_seqlock_read,
		 stats_seqlock_write, 0, "floor/cpu:load", 8000);

static void stats_seqlock_init(void *record)
{
	struct stats_seqlock *r = record;

	seqlock_init(&r->lock);
}

static int stats_seqlock_create(const struct acqrel_arm_params *p,
				void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct stats_seqlock),
		.copies = 1,
		.init = stats_seqlock_init,
	};

	return acqrel_stats_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_stats_seqlock = {
	.name = "stats/seqlock",
	.ops = acqrel_stats_seqlock_ops,
	.create = stats_seqlock_create,
	.destroy = acqrel_stats_destroy,
};
