// SPDX-License-Identifier: GPL-2.0-only
/*
 * log2 histograms, and what pipeline verify compares.
 */
#include <string.h>

#include "histogram.h"
#include "ktap.h"
#include "sums.h"
#include "verify.h"

static void bounds_of_buckets(void)
{
	check_eq(histogram_low(0), 0);
	check_eq(histogram_high(0), 0);
	check_eq(histogram_low(64), 1ULL << 63);
	check_eq(histogram_high(64), ~0ULL);
	for (unsigned int i = 1; i < ACQREL_HIST_BUCKETS; i++)
		check_eq(histogram_low(i), histogram_high(i - 1) + 1);
}

static void percentiles(void)
{
	__u64 hist[ACQREL_HIST_BUCKETS] = { 0 };

	check_eq(histogram_percentile(hist, 50), -1);
	hist[7] = 1;
	check_eq(histogram_percentile(hist, 1), 7);
	check_eq(histogram_percentile(hist, 100), 7);
	hist[7] = 50;
	hist[9] = 49;
	hist[64] = 1;
	check_eq(histogram_percentile(hist, 50), 7);
	check_eq(histogram_percentile(hist, 51), 9);
	check_eq(histogram_percentile(hist, 99), 9);
	check_eq(histogram_percentile(hist, 100), 64);
	/* A sum times 100 would not fit. */
	hist[7] = 1ULL << 62;
	hist[9] = 1ULL << 62;
	check_eq(histogram_percentile(hist, 49), 7);
	check_eq(histogram_percentile(hist, 51), 9);
}

static void sum_of_stats(void)
{
	struct acqrel_stats_values sum = { 0 }, none = { .min_ns = 77 };
	struct acqrel_stats_values one = {
		.count = 1, .sum_ns = 9, .min_ns = 9, .max_ns = 9,
	};
	struct acqrel_stats_values two = {
		.count = 2, .sum_ns = 14, .min_ns = 4, .max_ns = 10,
	};

	one.hist[4] = 1;
	two.hist[4] = 2;
	stats_add(&sum, &none);
	stats_add(&sum, &one);
	stats_add(&sum, &two);
	check_eq(sum.count, 3);
	check_eq(sum.sum_ns, 23);
	check_eq(sum.min_ns, 4);
	check_eq(sum.max_ns, 10);
	check_eq(sum.hist[4], 3);
}

static const unsigned int cpus[] = { 0, 2 };
static struct acqrel_ring_values rings[3];
static struct acqrel_stats_values stats[3 * __ACQREL_KIND_COUNT];
static struct acqrel_counter_values counters[2];
static struct acqrel_pipeline_stream streams[2];

static const struct verify_kernel kernel = {
	.rings = rings,
	.stats = stats,
	.counters = counters,
	.nrings = ARRAY_SIZE(rings),
	.nstats = ARRAY_SIZE(stats),
	.ncounters = ARRAY_SIZE(counters),
	.cpus = cpus,
};

static struct acqrel_pipeline_result user = {
	.streams = streams,
	.nstreams = ARRAY_SIZE(streams),
};

static char different[64];

static void report(const char *where, const char *what, __u64 k, __u64 u)
{
	check(k != u);
	if (!*different)
		snprintf(different, sizeof(different), "%s: %s", where, what);
}

/* CPU 1 is without a stream; 0 and 2 are streams 0 and 1. */
static void same_worlds(void)
{
	memset(rings, 0, sizeof(rings));
	memset(stats, 0, sizeof(stats));
	memset(streams, 0, sizeof(streams));
	for (unsigned int i = 0; i < 3; i++)
		rings[i].cpu = i;
	for (unsigned int i = 0; i < ARRAY_SIZE(stats); i++) {
		stats[i].cpu = i / __ACQREL_KIND_COUNT;
		stats[i].kind = i % __ACQREL_KIND_COUNT;
	}
	rings[2].account.offered = 10;
	streams[1].ring.account.offered = 10;
	counters[0] = (struct acqrel_counter_values){ .total = true,
						      .value = 4 };
	counters[1] = (struct acqrel_counter_values){ .cpu = 2, .value = 4 };
	user.counters[ACQREL_COUNTER_PASSED_SWITCH] = 4;
	user.counters[ACQREL_COUNTER_READER_WOKEN] = 99;
}

static unsigned int differences(void)
{
	struct verify_result result = { .report = report };

	*different = '\0';
	verify_worlds(&kernel, &user, &result);
	check(result.compared > 600);
	return result.different;
}

static void worlds_agree(void)
{
	same_worlds();
	check_eq(differences(), 0);
}

/* A difference on a CPU shows there and in the total. */
static void check_found(void *value, const char *where)
{
	same_worlds();
	++*(unsigned char *)value;
	check(differences() >= 1);
	check(!strncmp(different, where, strlen(where)));
}

static void worlds_differ(void)
{
	check_found(&rings[2].account.offered, "CPU 2, stream 1: offered");
	check_found(&rings[0].account.filtered[ACQREL_FILTER_PID],
		    "CPU 0, stream 0: filtered_pid");
	check_found(&rings[0].account.pushed, "CPU 0, stream 0: pushed");
	check_found(&rings[0].account.dropped, "CPU 0, stream 0: dropped");
	check_found(&rings[0].account.overwritten, "CPU 0");
	check_found(&rings[0].account.head, "CPU 0, stream 0: head");
	check_found(&rings[0].fill, "CPU 0, stream 0: fill");
	check_found(&stats[0].count, "CPU 0, stream 0: sched_switch count");
	check_found(&stats[1].sum_ns, "CPU 0, stream 0: sched_wakeup sum_ns");
	check_found(&streams[0].stats[2].hist[64],
		    "CPU 0, stream 0: sched_wakeup_new bucket 64");
	check_found(&counters[0].value, "total: passed_sched_switch");
}

static void worlds_differ_in_extremes(void)
{
	same_worlds();
	stats[0].count = 1;
	streams[0].stats[0].count = 1;
	check_eq(differences(), 0);
	stats[0].min_ns = 1;
	check(differences() >= 1);
	stats[0].min_ns = 0;
	streams[0].stats[0].max_ns = 1;
	check(differences() >= 1);
}

static void event_without_a_stream_is_found(void)
{
	check_found(&rings[1].account.offered, "total: offered");
	check_found(&stats[3].hist[5], "total: sched_switch bucket 5");
}

static const struct ktap_test tests[] = {
	{ "bounds of buckets", bounds_of_buckets },
	{ "percentiles", percentiles },
	{ "sum of stats", sum_of_stats },
	{ "worlds agree", worlds_agree },
	{ "worlds differ", worlds_differ },
	{ "worlds differ in extremes", worlds_differ_in_extremes },
	{ "an event without a stream is found",
	  event_without_a_stream_is_found },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
