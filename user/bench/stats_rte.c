// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats behind DPDK's rte_seqcount. A record has one writer, so writers take no
 * lock.
 */
#include <rte_seqcount.h>
#include <acqrel/bench_stats.h>
#include <acqrel/bench_words.h>

#include "bench/variants.h"

struct stats_rte {
	rte_seqcount_t sequence;
	u64 words[];
};

static __always_inline u64 stats_rte_read(const struct stats_rte *r, u64 *to,
					  u32 words)
{
	u64 retries = 0;
	u32 start;

	for (;; retries++) {
		start = rte_seqcount_read_begin(&r->sequence);
		acqrel_record_copy(to, r->words, words);
		if (!rte_seqcount_read_retry(&r->sequence, start))
			return retries;
	}
}

static __always_inline void stats_rte_write(struct stats_rte *r, u32 words)
{
	rte_seqcount_write_begin(&r->sequence);
	acqrel_record_add(r->words, words);
	rte_seqcount_write_end(&r->sequence);
}

ACQREL_STATS_OPS(rte_seqcount, struct stats_rte, stats_rte_read,
		 stats_rte_write, 0, "floor/cpu:load", 8000);

static int stats_rte_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct stats_rte),
		.copies = 1,
	};

	return acqrel_stats_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_stats_rte_seqcount = {
	.name = "stats/rte_seqcount",
	.ops = acqrel_stats_rte_seqcount_ops,
	.create = stats_rte_create,
	.destroy = acqrel_stats_destroy,
};
