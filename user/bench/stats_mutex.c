// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats behind a pthread mutex, which readers take as well.
 */
#include <pthread.h>
#include <acqrel/bench_stats.h>
#include <acqrel/bench_words.h>

#include "bench/variants.h"

struct stats_mutex {
	pthread_mutex_t lock;	/* protects words */
	u64 words[];
};

static __always_inline u64 stats_mutex_read(struct stats_mutex *r, u64 *to,
					    u32 words)
{
	pthread_mutex_lock(&r->lock);
	acqrel_record_copy(to, r->words, words);
	pthread_mutex_unlock(&r->lock);
	return 0;
}

static __always_inline void stats_mutex_write(struct stats_mutex *r, u32 words)
{
	pthread_mutex_lock(&r->lock);
	acqrel_record_add(r->words, words);
	pthread_mutex_unlock(&r->lock);
}

ACQREL_STATS_OPS(mutex, struct stats_mutex, stats_mutex_read,
		 stats_mutex_write, 0, "floor/cpu:add_locked", 2000);

static void stats_mutex_init(void *record)
{
	struct stats_mutex *r = record;

	pthread_mutex_init(&r->lock, NULL);
}

static void stats_mutex_exit(void *record)
{
	struct stats_mutex *r = record;

	pthread_mutex_destroy(&r->lock);
}

static int stats_mutex_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct stats_mutex),
		.copies = 1,
		.init = stats_mutex_init,
		.exit = stats_mutex_exit,
	};

	return acqrel_stats_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_stats_mutex = {
	.name = "stats/mutex",
	.ops = acqrel_stats_mutex_ops,
	.create = stats_mutex_create,
	.destroy = acqrel_stats_destroy,
};
