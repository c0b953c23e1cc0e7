// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stats behind the sequence of Concurrency Kit. A record has one writer, so
 * writers take no lock.
 */
#include <acqrel/bench_stats.h>
#include <acqrel/bench_words.h>
#include <ck_sequence.h>

#include "bench/variants.h"

struct stats_ck {
	struct ck_sequence sequence;
	u64 words[];
};

static __always_inline u64 stats_ck_read(const struct stats_ck *r, u64 *to,
					 u32 words)
{
	unsigned int version;
	u64 retries = 0;

	for (;; retries++) {
		version = ck_sequence_read_begin(&r->sequence);
		acqrel_record_copy(to, r->words, words);
		if (!ck_sequence_read_retry(&r->sequence, version))
			return retries;
	}
}

static __always_inline void stats_ck_write(struct stats_ck *r, u32 words)
{
	ck_sequence_write_begin(&r->sequence);
	acqrel_record_add(r->words, words);
	ck_sequence_write_end(&r->sequence);
}

ACQREL_STATS_OPS(ck_sequence, struct stats_ck, stats_ck_read, stats_ck_write,
		 0, "floor/cpu:load", 8000);

static int stats_ck_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct stats_ck),
		.copies = 1,
	};

	return acqrel_stats_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_stats_ck_sequence = {
	.name = "stats/ck_sequence",
	.ops = acqrel_stats_ck_sequence_ops,
	.create = stats_ck_create,
	.destroy = acqrel_stats_destroy,
};
