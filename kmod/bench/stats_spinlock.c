// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats behind a spinlock_t: readers exclude the writer and each other.
 */
#include <linux/spinlock.h>
#include <acqrel/bench_stats.h>
#include <acqrel/bench_words.h>

#include "bench/variants.h"

struct stats_spinlock {
	spinlock_t lock;	/* protects words */
	u64 words[];
};

static __always_inline u64 stats_spinlock_read(struct stats_spinlock *r,
					       u64 *to, u32 words)
{
	spin_lock(&r->lock);
	acqrel_record_copy(to, r->words, words);
	spin_unlock(&r->lock);
	return 0;
}

static __always_inline void stats_spinlock_write(struct stats_spinlock *r,
						 u32 words)
{
	spin_lock(&r->lock);
	acqrel_record_add(r->words, words);
	spin_unlock(&r->lock);
}

ACQREL_STATS_OPS(spinlock, struct stats_spinlock, stats_spinlock_read,
		 stats_spinlock_write, 0, "floor/cpu:cas", 1000);

static void stats_spinlock_init(void *record)
{
	struct stats_spinlock *r = record;

	spin_lock_init(&r->lock);
}

static int stats_spinlock_create(const struct acqrel_arm_params *p,
				 void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct stats_spinlock),
		.copies = 1,
		.init = stats_spinlock_init,
	};

	return acqrel_stats_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_stats_spinlock = {
	.name = "stats/spinlock",
	.ops = acqrel_stats_spinlock_ops,
	.create = stats_spinlock_create,
	.destroy = acqrel_stats_destroy,
};
