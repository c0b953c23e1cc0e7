// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats under u64_stats_sync. On 64 bits it is nothing at all: each counter is
 * whole, but a set of them is not from one moment, so a reader that sees two
 * numbers has seen no violation. What is promised is judged: a counter does
 * not fall.
 */
#include <linux/u64_stats_sync.h>
#include <acqrel/bench_stats.h>
#include <acqrel/bench_watch.h>

#include "bench/variants.h"

struct stats_u64 {
	struct u64_stats_sync sync;
	u64_stats_t words[];
};

static __always_inline u64 stats_u64_copy(const struct stats_u64 *r, u64 *to,
					  u32 words)
{
	unsigned int start;
	u64 tries = 0;
	u32 i;

	do {
		start = u64_stats_fetch_begin(&r->sync);
		for (i = 0; i < words; i++)
			to[i] = u64_stats_read(&r->words[i]);
		tries++;
	} while (u64_stats_fetch_retry(&r->sync, start));
	return tries - 1;
}

static __always_inline u64 stats_u64_look(const struct stats_u64 *r, u64 *to,
					  u32 words, struct acqrel_watch *watch)
{
	u64 retries = stats_u64_copy(r, to, words);

	acqrel_watch_saw(watch, to[words - 1]);
	return retries;
}

/* as from a driver's softirq, which nothing of the same CPU can interrupt */
static __always_inline void stats_u64_add(struct stats_u64 *r, u32 words)
{
	unsigned long flags;
	u32 i;

	flags = u64_stats_update_begin_irqsave(&r->sync);
	for (i = 0; i < words; i++)
		u64_stats_inc(&r->words[i]);
	u64_stats_update_end_irqrestore(&r->sync, flags);
}

static u64 stats_u64_read(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct stats_u64 *r = acqrel_stats_record(w->object, 0);
	u32 words = w->payload / sizeof(u64);
	u64 *to = acqrel_stats_copy(w);
	u64 retries = 0;

	ACQREL_LOOP(n, retries += stats_u64_look(r, to, words, &watch));
	w->retries += retries;
	acqrel_watch_end(&watch);
	return 0;
}

static u64 stats_u64_write(struct acqrel_worker *w, u64 n)
{
	struct stats_u64 *r = acqrel_stats_record(w->object, w->thread);
	u32 words = w->payload / sizeof(u64);

	ACQREL_LOOP(n, stats_u64_add(r, words));
	return 0;
}

static u64 stats_u64_writer(struct acqrel_worker *w, u64 n)
{
	struct stats_u64 *r = acqrel_stats_record(w->object, 0);
	u32 words = w->payload / sizeof(u64);

	ACQREL_LOOP(n, stats_u64_add(r, words));
	return 0;
}

static void stats_u64_init(void *record)
{
	struct stats_u64 *r = record;

	u64_stats_init(&r->sync);
}

static int stats_u64_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct stats_u64),
		.copies = 1,
		.init = stats_u64_init,
	};

	return acqrel_stats_create(&kind, p, object);
}

static const struct acqrel_op stats_u64_ops[] = {
	{
		.name = "read",
		.burst = stats_u64_read,
		.writer = stats_u64_writer,
		.payload = ACQREL_STATS_PAYLOAD,
		.payload_max = ACQREL_BENCH_PAYLOAD_MAX,
		.bound = "floor/cpu:load",
		.bound_times = 8000,
	}, {
		.name = "write",
		.burst = stats_u64_write,
		.payload = ACQREL_STATS_PAYLOAD,
		.payload_max = ACQREL_BENCH_PAYLOAD_MAX,
		.bound = "floor/cpu:load",
		.bound_times = 8000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_stats_u64_stats = {
	.name = "stats/u64_stats",
	.ops = stats_u64_ops,
	.create = stats_u64_create,
	.destroy = acqrel_stats_destroy,
};
