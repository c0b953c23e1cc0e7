// SPDX-License-Identifier: GPL-2.0-only
/*
 * The histogram of latencies: buckets tile the range and are narrow.
 */
#include "ktap.h"
#include "latency.h"

#define LAST	(ACQREL_LATENCY_BUCKETS - 1)

static void buckets_tile_the_range(void)
{
	check_eq(acqrel_latency_low(0), 0);
	for (unsigned int i = 0; i <= LAST; i++) {
		u64 low = acqrel_latency_low(i);
		u64 end = acqrel_latency_low(i + 1);

		check(end > low);
		check_eq(acqrel_latency_bucket(low), i);
		check_eq(acqrel_latency_bucket(end - 1), i);
	}
	/* two minutes */
	check_eq(acqrel_latency_low(LAST + 1), 1ULL << 37);
}

static void buckets_are_at_most_one_percent_wide(void)
{
	for (unsigned int i = 0; i <= LAST; i++) {
		u64 low = acqrel_latency_low(i);
		u64 width = acqrel_latency_low(i + 1) - low;

		/* a nanosecond is what the clock can tell */
		check(width == 1 || width * 100 <= low);
	}
}

static void long_values_are_counted_last(void)
{
	static const u64 values[] = {
		(1ULL << 37) - 1, 1ULL << 37, (1ULL << 37) + 1, 1ULL << 63,
		~0ULL
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(values); i++)
		check_eq(acqrel_latency_bucket(values[i]), LAST);
}

static void adding_keeps_count_and_maximum(void)
{
	static struct acqrel_latency l;
	struct acqrel_generator g;
	u64 n = ktap_scale(1000000), max = 0, sum = 0;

	ktap_seed(&g);
	for (u64 i = 0; i < n; i++) {
		u64 value = acqrel_generator_next(&g);

		/* as many short ones as long ones */
		value >>= acqrel_generator_next(&g) & 63;
		max = value > max ? value : max;
		acqrel_latency_add(&l, value);
	}
	for (unsigned int i = 0; i <= LAST; i++)
		sum += l.buckets[i];
	check_eq(l.n, n);
	check_eq(sum, n);
	check_eq(l.max, max);
}

/* what a large machine times within seconds */
static void sums_are_not_bound_to_32_bits(void)
{
	static struct acqrel_latency l;
	static struct latency_sum sum;

	l.n = 3000000001;
	l.max = 100;
	l.buckets[20] = 3000000000;
	l.buckets[100] = 1;
	latency_merge(&sum, &l);
	l.max = 90;
	latency_merge(&sum, &l);
	check_eq(sum.n, 6000000002);
	check_eq(sum.max, 100);
	check_eq(sum.buckets[20], 6000000000);
	check(latency_percentile(&sum, 500) == 20);
	check(latency_percentile(&sum, 999) == 20);
}

static const struct ktap_test tests[] = {
	{ "buckets tile the range", buckets_tile_the_range },
	{ "buckets are at most one percent wide",
	  buckets_are_at_most_one_percent_wide },
	{ "long values are counted last", long_values_are_counted_last },
	{ "adding keeps count and maximum", adding_keeps_count_and_maximum },
	{ "sums are not bound to 32 bits", sums_are_not_bound_to_32_bits },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
