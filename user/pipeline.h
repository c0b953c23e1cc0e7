/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pipeline.h - the pipeline in the user world
 *
 * Runs generator events through the user world's config, counters, stats and
 * rings. The number of streams decides the result, the number of threads
 * does not: each stream is handled by one thread at a time.
 */
#ifndef ACQREL_USER_PIPELINE_H
#define ACQREL_USER_PIPELINE_H

#include "values.h"

/**
 * struct acqrel_pipeline_params - a run
 * @seed: of the generator
 * @count: events over all streams; shares differ by at most one
 * @rate: events a second over all streams, 0: unlimited
 * @streams: what CPUs are in the kernel world, at least 1
 * @threads: 1..@streams
 * @ring_entries: entries per stream, a power of two
 * @config: in force for the whole run
 */
struct acqrel_pipeline_params {
	__u64 seed;
	__u64 count;
	__u64 rate;
	unsigned int streams;
	unsigned int threads;
	unsigned int ring_entries;
	struct acqrel_config_values config;
};

/**
 * struct acqrel_pipeline_stream - what one stream left behind
 * @ring: ring and books
 * @stats: by enum acqrel_kind
 */
struct acqrel_pipeline_stream {
	struct acqrel_ring_values ring;
	struct acqrel_stats_values stats[__ACQREL_KIND_COUNT];
};

/**
 * struct acqrel_pipeline_result - what a run left behind
 * @streams: @nstreams of them
 * @nstreams: as in the parameters
 * @elapsed_ns: from the first event to the last
 * @counters: totals by enum acqrel_counter
 */
struct acqrel_pipeline_result {
	struct acqrel_pipeline_stream *streams;
	unsigned int nstreams;
	__u64 elapsed_ns;
	__u64 counters[__ACQREL_COUNTER_COUNT];
};

int acqrel_pipeline_run(const struct acqrel_pipeline_params *params,
			struct acqrel_pipeline_result *result);
void acqrel_pipeline_free(struct acqrel_pipeline_result *result);

#endif /* ACQREL_USER_PIPELINE_H */
