// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats behind a pthread rwlock.
 */
#include <pthread.h>
#include <acqrel/bench_stats.h>
#include <acqrel/bench_words.h>

#include "bench/variants.h"

struct stats_rwlock {
	pthread_rwlock_t lock;	/* protects words */
	u64 words[];
};

static __always_inline u64 stats_rwlock_read(struct stats_rwlock *r, u64 *to,
					     u32 words)
{
	pthread_rwlock_rdlock(&r->lock);
	acqrel_record_copy(to, r->words, words);
	pthread_rwlock_unlock(&r->lock);
	return 0;
}

static __always_inline void stats_rwlock_write(struct stats_rwlock *r,
					       u32 words)
{
	pthread_rwlock_wrlock(&r->lock);
	acqrel_record_add(r->words, words);
	pthread_rwlock_unlock(&r->lock);
}

ACQREL_STATS_OPS(rwlock, struct stats_rwlock, stats_rwlock_read,
		 stats_rwlock_write, 0, "floor/cpu:add_locked", 2000);

static void stats_rwlock_init(void *record)
{
	struct stats_rwlock *r = record;

	pthread_rwlock_init(&r->lock, NULL);
}

static void stats_rwlock_exit(void *record)
{
	struct stats_rwlock *r = record;

	pthread_rwlock_destroy(&r->lock);
}

static int stats_rwlock_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct stats_rwlock),
		.copies = 1,
		.init = stats_rwlock_init,
		.exit = stats_rwlock_exit,
	};

	return acqrel_stats_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_stats_rwlock = {
	.name = "stats/rwlock",
	.ops = acqrel_stats_rwlock_ops,
	.create = stats_rwlock_create,
	.destroy = acqrel_stats_destroy,
};
