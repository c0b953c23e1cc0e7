// SPDX-License-Identifier: GPL-2.0-only
/*
 * Order statistics, the random order of arms, and the bootstrap interval.
 */
#include <math.h>
#include <string.h>

#include "ktap.h"
#include "statistics.h"

static bool near(double a, double b)
{
	return fabs(a - b) * 1e9 < 1;
}

static void medians(void)
{
	double one[] = { 7 };
	double odd[] = { 9, 1, 5 };
	double even[] = { 8, 2, 4, 6 };

	check(near(statistics_median(one, 1), 7));
	check(near(statistics_median(odd, 3), 5));
	check(near(statistics_median(even, 4), 5));
}

static void quantiles(void)
{
	double values[] = { 40, 10, 50, 20, 30 };

	check(near(statistics_quantile(values, 5, 0), 10));
	check(near(statistics_quantile(values, 5, 1), 50));
	check(near(statistics_quantile(values, 5, 0.25), 20));
	check(near(statistics_quantile(values, 5, 0.9), 46));
	check(near(statistics_quantile(values, 1, 0.9), 10));
}

static void shuffle_is_permutation(void)
{
	unsigned int order[52], seen[52];
	__u64 state = ktap_seed_value;

	for (unsigned int i = 0; i < 52; i++)
		order[i] = i;
	for (int round = 0; round < 100; round++) {
		memset(seen, 0, sizeof(seen));
		statistics_shuffle(order, 52, &state);
		for (unsigned int i = 0; i < 52; i++)
			if (check(order[i] < 52))
				seen[order[i]]++;
		for (unsigned int i = 0; i < 52; i++)
			check_eq(seen[i], 1);
	}
}

/* Each of the six orders of three must come up about as often. */
static void shuffle_is_fair(void)
{
	unsigned int count[27] = { 0 };
	__u64 state = ktap_seed_value;

	for (int i = 0; i < 60000; i++) {
		unsigned int order[] = { 0, 1, 2 };

		statistics_shuffle(order, 3, &state);
		count[9 * order[0] + 3 * order[1] + order[2]]++;
	}
	for (unsigned int i = 0; i < 27; i++)
		if (count[i])
			check(count[i] > 9500 && count[i] < 10500);
	check_eq(count[9 * 2 + 3 * 1] + count[3 * 1 + 2] + count[3 * 2 + 1] +
		 count[9 * 1 + 2] + count[9 * 1 + 3 * 2] + count[9 * 2 + 1],
		 60000);
}

static void random_follows_its_seed(void)
{
	__u64 a = 5, b = 5, c = 6;

	for (int i = 0; i < 100; i++) {
		__u64 value = statistics_random(&a);

		check_eq(value, statistics_random(&b));
		check(value != statistics_random(&c));
	}
}

static void bootstrap_of_equal_values(void)
{
	const double values[] = { 3, 3, 3, 3 };
	struct interval interval;
	__u64 state = 1;

	check_eq(statistics_bootstrap(values, 4, &state, &interval), 0);
	check(near(interval.low, 3));
	check(near(interval.mid, 3));
	check(near(interval.high, 3));
}

static void bootstrap_leaves_its_input(void)
{
	const double expected[] = { 5, 1, 4, 2, 3 };
	double values[] = { 5, 1, 4, 2, 3 };
	struct interval first, second;
	__u64 state = 9;

	statistics_bootstrap(values, 5, &state, &first);
	state = 9;
	statistics_bootstrap(values, 5, &state, &second);
	check(!memcmp(values, expected, sizeof(values)));
	check(!memcmp(&first, &second, sizeof(first)));
	check(near(first.mid, 3));
	check(first.low >= 1 && first.low <= first.mid);
	check(first.high <= 5 && first.high >= first.mid);
}

/* Of nine values one resample in 700 has the largest as its median. */
static void bootstrap_leaves_out_the_rarest(void)
{
	const double values[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	__u64 state = ktap_seed_value;
	struct interval interval;

	statistics_bootstrap(values, 9, &state, &interval);
	check(near(interval.mid, 5));
	check(interval.low > 1 && interval.low < 4);
	check(interval.high < 9 && interval.high > 6);
}

static double draw(__u64 *state)
{
	double sum = 0;

	for (int i = 0; i < 4; i++)
		sum += statistics_random(state) / 0x1p64 - 0.5;
	return sum;
}

/* A 95 % interval must hold the true median, 0, about that often. */
static void bootstrap_covers(void)
{
	unsigned int rounds = ktap_scale(400), hits = 0;
	__u64 state = ktap_seed_value;
	struct interval interval;
	double values[20], width = 0;

	for (unsigned int i = 0; i < rounds; i++) {
		for (int j = 0; j < 20; j++)
			values[j] = draw(&state);
		statistics_bootstrap(values, 20, &state, &interval);
		hits += interval.low <= 0 && interval.high >= 0;
		width += interval.high - interval.low;
	}
	/* Less than that is a chance of less than one in 10^5. */
	check(hits >= rounds * 80 / 100);
	/* Wide intervals hold everything and say nothing. */
	check(width / rounds < 1);
}

static const struct ktap_test tests[] = {
	{ "medians", medians },
	{ "quantiles", quantiles },
	{ "a shuffle is a permutation", shuffle_is_permutation },
	{ "a shuffle is fair", shuffle_is_fair },
	{ "random numbers follow their seed", random_follows_its_seed },
	{ "bootstrap of equal values", bootstrap_of_equal_values },
	{ "bootstrap leaves its input", bootstrap_leaves_its_input },
	{ "bootstrap leaves out the rarest", bootstrap_leaves_out_the_rarest },
	{ "bootstrap covers the median", bootstrap_covers },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
