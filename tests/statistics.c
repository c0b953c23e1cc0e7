// SPDX-License-Identifier: GPL-2.0-only
/*
 * Order statistics, the random order of arms, and tests.
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

/*
 * What kvm-recheck-refscale.sh of the kernel makes of sorted times: awk counts
 * them from 1, the script from 0, so each rank is one too low.
 */
static double refscale_median(const double *sorted, size_t n)
{
	size_t rank = (n - 1) / 2;

	if (n % 2)
		return sorted[rank - 1];
	return (sorted[rank - 1] + sorted[rank]) / 2;
}

static void medians_of_refscale(void)
{
	double three[] = { 30, 10, 20 };
	double five[] = { 5, 1, 4, 2, 3 };
	double six[] = { 6, 1, 5, 2, 4, 3 };

	check(near(statistics_median(three, 3), 20));
	check(near(refscale_median(three, 3), 10));
	check(near(statistics_median(five, 5), 3));
	check(near(refscale_median(five, 5), 2));
	check(near(statistics_median(six, 6), 3.5));
	check(near(refscale_median(six, 6), 2.5));
}

static void median_is_in_the_middle(void)
{
	__u64 state = ktap_seed_value;
	double values[41];

	for (size_t n = 1; n <= ARRAY_SIZE(values); n++) {
		size_t above = 0, below = 0;
		double median;

		for (size_t i = 0; i < n; i++)
			values[i] = statistics_random(&state);
		median = statistics_median(values, n);
		for (size_t i = 0; i < n; i++) {
			above += values[i] > median;
			below += values[i] < median;
		}
		check_eq(above, n / 2);
		check_eq(below, n / 2);
	}
}

static void deviation(void)
{
	double values[] = { 1, 2, 3, 4, 1000 };

	check(near(statistics_mad(values, 5, 3), 1.4826));
}

/* From the tables in any book. */
static void distributions(void)
{
	check(near(statistics_normal_below(0), 0.5));
	check(fabs(statistics_normal_below(-1.959964) - 0.025) < 0.0000001);
	check(fabs(statistics_t_below(12.706205, 1) - 0.975) < 0.0000001);
	check(fabs(statistics_t_quantile(0.975, 1) - 12.7062) < 0.0001);
	check(fabs(statistics_t_quantile(0.975, 2) - 4.3027) < 0.0001);
	check(fabs(statistics_t_quantile(0.975, 3) - 3.1824) < 0.0001);
	check(fabs(statistics_t_quantile(0.975, 4) - 2.7764) < 0.0001);
	check(fabs(statistics_t_quantile(0.975, 19) - 2.0930) < 0.0001);
	check(fabs(statistics_t_quantile(0.005, 10) + 3.1693) < 0.0001);
	check(fabs(statistics_t_quantile(0.975, 1000) - 1.9623) < 0.0001);
}

static void sign_test(void)
{
	check(near(statistics_sign_p(10, 10), 1));
	check(near(statistics_sign_p(0, 6), 2.0 / 64));
	check(near(statistics_sign_p(9, 1), 2 * 11.0 / 1024));
	check(near(statistics_sign_p(1, 9), 2 * 11.0 / 1024));
	check(near(statistics_sign_p(20, 0), 2.0 / (1 << 20)));
	check(near(statistics_sign_p(0, 0), 1));
}

/* The example of Benjamini and Hochberg (1995), section 4: four of fifteen. */
static void discoveries(void)
{
	static const double p[] = {
		0.3240, 0.0001, 0.0004, 0.0019, 0.7590, 0.0095, 0.0201, 0.0278,
		0.0298, 0.0344, 0.0459, 0.4262, 0.5719, 0.6528, 1.0000,
	};
	static const bool expected[ARRAY_SIZE(p)] = {
		[1] = true, [2] = true, [3] = true, [5] = true,
	};
	bool found[ARRAY_SIZE(p)];

	statistics_discoveries(p, ARRAY_SIZE(p), 0.05, found);
	for (size_t i = 0; i < ARRAY_SIZE(p); i++)
		check_eq(found[i], expected[i]);
}

/* A p that is too large alone is saved by the ones after it. */
static void discoveries_step_up(void)
{
	static const double p[] = { 0.04, 0.03, 0.04, 0.03 };
	bool found[ARRAY_SIZE(p)];

	statistics_discoveries(p, 4, 0.05, found);
	check(found[0] && found[1] && found[2] && found[3]);
	statistics_discoveries(p, 1, 0.039, found);
	check(!found[0]);
	statistics_discoveries((double []){ 0.04, 0.9 }, 2, 0.05, found);
	check(!found[0] && !found[1]);
}

/* Of tests without any effect, few lots have a discovery. */
static void discoveries_are_rare(void)
{
	__u64 state = ktap_seed_value;
	unsigned int false_lots = 0;
	bool found[200];
	double p[200];

	for (int lot = 0; lot < 200; lot++) {
		bool any = false;

		for (int i = 0; i < 200; i++)
			p[i] = statistics_random(&state) / 0x1p64;
		statistics_discoveries(p, 200, 0.05, found);
		for (int i = 0; i < 200; i++)
			any |= found[i];
		false_lots += any;
	}
	/* 10 are expected; more than 28 in one of 10^6 runs */
	check(false_lots <= 28);
}

static const struct ktap_test tests[] = {
	{ "medians", medians },
	{ "quantiles", quantiles },
	{ "a shuffle is a permutation", shuffle_is_permutation },
	{ "a shuffle is fair", shuffle_is_fair },
	{ "random numbers follow their seed", random_follows_its_seed },
	{ "medians that refscale gets wrong", medians_of_refscale },
	{ "a median is in the middle", median_is_in_the_middle },
	{ "median absolute deviation", deviation },
	{ "distributions", distributions },
	{ "sign test", sign_test },
	{ "discoveries", discoveries },
	{ "discoveries step up", discoveries_step_up },
	{ "discoveries without an effect are rare", discoveries_are_rare },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
