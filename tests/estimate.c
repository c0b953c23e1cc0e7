// SPDX-License-Identifier: GPL-2.0-only
/*
 * Medians with their intervals: how often they hold what is true.
 *
 * The bounds on counts are such that a right program fails once in 10^5 runs
 * or more seldom.
 */
#include <math.h>
#include <string.h>

#include "estimate.h"
#include "ktap.h"

#define MOST	40

static bool near(double a, double b)
{
	return fabs(a - b) * 1e9 < 1;
}

static double uniform(__u64 *state)
{
	return ldexp((statistics_random(state) >> 11) + 0.5, -53);
}

static double normal(__u64 *state)
{
	return sqrt(-2 * log(uniform(state))) * cos(2 * M_PI * uniform(state));
}

/* the state of a machine that forgets slowly */
static double drift(double last, double keep, __u64 *state)
{
	return keep * last + sqrt(1 - keep * keep) * normal(state);
}

static void draw_normal(double *values, size_t n, __u64 *state)
{
	for (size_t i = 0; i < n; i++)
		values[i] = normal(state);
}

static void draw_lognormal(double *values, size_t n, __u64 *state)
{
	for (size_t i = 0; i < n; i++)
		values[i] = exp(normal(state)) - 1;
}

static void draw_contaminated(double *values, size_t n, __u64 *state)
{
	for (size_t i = 0; i < n; i++)
		values[i] = normal(state) * (uniform(state) < 0.1 ? 10 : 1);
}

static void draw_cauchy(double *values, size_t n, __u64 *state)
{
	for (size_t i = 0; i < n; i++)
		values[i] = normal(state) / normal(state);
}

static void draw_alike(double *values, size_t n, __u64 *state)
{
	double x = normal(state);

	for (size_t i = 0; i < n; i++) {
		values[i] = x;
		x = drift(x, 0.3, state);
	}
}

/* Log-ratios of blocks, ABBA or BAAB, on a machine that hardly forgets. */
static void draw_blocks(double *values, size_t n, __u64 *state)
{
	static const int abba[] = { 1, -1, -1, 1 };
	double x = normal(state);

	for (size_t i = 0; i < n; i++) {
		int sign = statistics_random(state) & 1 ? 1 : -1;

		values[i] = 0;
		for (int k = 0; k < 4; k++) {
			values[i] += sign * abba[k] * x / 2;
			x = drift(x, 0.95, state);
		}
	}
}

/* A disturbance with the period of a block's slices, nearly. */
static void draw_periodic(double *values, size_t n, __u64 *state)
{
	static const int abba[] = { 1, -1, -1, 1 };
	double phase = 2 * M_PI * uniform(state);

	for (size_t i = 0; i < n; i++) {
		int sign = statistics_random(state) & 1 ? 1 : -1;

		values[i] = normal(state) / 20;
		for (int k = 0; k < 4; k++)
			values[i] += sign * abba[k] / 2.0 *
				sin(phase + (4 * i + k) * 2 * M_PI / 4.1);
	}
}

struct coverage {
	unsigned int rounds;
	unsigned int hits;
	unsigned int found;
	double width;
};

static struct coverage cover(void (*draw)(double *, size_t, __u64 *), size_t n,
			     unsigned int rounds, __u64 *state)
{
	struct coverage c = { .rounds = rounds };
	struct interval interval;
	double values[MOST];
	struct estimate e;

	for (unsigned int i = 0; i < rounds; i++) {
		draw(values, n, state);
		if (!check_eq(estimate_of_blocks(&e, values, NULL, n, state),
			      0))
			break;
		c.found += estimate_p(&e) < 0.05;
		interval = estimate_interval(&e);
		c.hits += interval.low <= 0 && interval.high >= 0;
		c.width += (interval.high - interval.low) / rounds;
		estimate_release(&e);
	}
	return c;
}

/* That at least @share are right; below it by chance once in 10^5 runs. */
static void check_share(unsigned int hits, unsigned int rounds, double share)
{
	double spread = sqrt(rounds * share * (1 - share));

	if (!check(hits >= rounds * share - 4.3 * spread))
		printf("# %u of %u\n", hits, rounds);
}

/* Over runs of ten, twenty and forty blocks. */
static void check_coverage(void (*draw)(double *, size_t, __u64 *),
			   unsigned int rounds, double share)
{
	static const size_t sizes[] = { 10, 20, 40 };
	__u64 state = ktap_seed_value;
	unsigned int hits = 0;

	rounds = ktap_scale(rounds);
	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct coverage c = cover(draw, sizes[i], rounds, &state);

		hits += c.hits;
		printf("# %zu blocks: %u of %u, mean width %.2f\n", sizes[i],
		       c.hits, c.rounds, c.width);
	}
	check_share(hits, 3 * rounds, share);
}

static void covers_normal(void)
{
	check_coverage(draw_normal, 300, 0.95);
}

static void covers_lognormal(void)
{
	check_coverage(draw_lognormal, 300, 0.95);
}

static void covers_contaminated(void)
{
	check_coverage(draw_contaminated, 300, 0.95);
}

static void covers_cauchy(void)
{
	check_coverage(draw_cauchy, 300, 0.95);
}

static void covers_random_order(void)
{
	check_coverage(draw_blocks, 300, 0.95);
}

static void covers_period(void)
{
	check_coverage(draw_periodic, 300, 0.95);
}

/* Without the autocorrelation it would be 89 of 100, and plainly 87. */
static void covers_drift(void)
{
	check_coverage(draw_alike, 1000, 0.93);
}

/* Plain percentiles hold the truth in 94 of 100 cases. */
static void covers_with_few_blocks(void)
{
	__u64 state = ktap_seed_value;
	struct coverage c = cover(draw_normal, 10, ktap_scale(1500), &state);

	check_share(c.hits, c.rounds, 0.97);
}

/* Wide intervals hold everything and say nothing. */
static void is_not_wide(void)
{
	__u64 state = ktap_seed_value;
	/* 1.04 is what the plain percentiles give, 95 of 100 is 1.12 */
	struct coverage c = cover(draw_normal, 20, ktap_scale(400), &state);

	check(c.width > 1 && c.width < 1.5);
	/* 2 * 1.25 / sqrt(n), times Student's quantile */
	c = cover(draw_normal, 40, ktap_scale(400), &state);
	check(c.width > 0.75 && c.width < 1);
}

static void p_is_what_it_says(void)
{
	__u64 state = ktap_seed_value;
	struct coverage c = cover(draw_normal, 20, ktap_scale(500), &state);

	check_share(c.rounds - c.found, c.rounds, 0.95);
}

static void equal_values(void)
{
	static const double values[] = { 3, 3, 3, 3 };
	struct interval i;
	struct estimate e;
	__u64 state = 1;

	check_eq(estimate_of_blocks(&e, values, NULL, 4, &state), 0);
	check(estimate_p(&e) <= 0);
	i = estimate_interval(&e);
	check(near(i.low, 3) && near(i.mid, 3) && near(i.high, 3));
	estimate_release(&e);
}

static void one_value_has_no_interval(void)
{
	static const double one = 3;
	struct interval i;
	struct estimate e;
	__u64 state = 1;

	check_eq(estimate_of_blocks(&e, &one, NULL, 1, &state), 0);
	check(near(estimate_p(&e), 1));
	i = estimate_interval(&e);
	check(isnan(i.low) && near(i.mid, 3) && isnan(i.high));
	estimate_release(&e);
}

static void same_seed_same_interval(void)
{
	static const double expected[] = { 5, 1, 4, 2, 3 };
	double values[] = { 5, 1, 4, 2, 3 };
	struct interval first, second;
	struct estimate e;
	__u64 state = 9;

	estimate_of_blocks(&e, values, NULL, 5, &state);
	first = estimate_interval(&e);
	estimate_release(&e);
	state = 9;
	estimate_of_blocks(&e, values, NULL, 5, &state);
	second = estimate_interval(&e);
	estimate_release(&e);
	check(!memcmp(values, expected, sizeof(values)));
	check(near(first.low, second.low) && near(first.high, second.high));
	check(near(first.mid, 3));
	check(first.low < 3 && first.high > 3);
}

/* Ten slices of a block that all say the same count as one. */
static void slices_are_no_blocks(void)
{
	unsigned int blocks[200];
	double few[20], many[200];
	struct interval a, b;
	struct estimate e;
	__u64 state = ktap_seed_value;

	draw_normal(few, 20, &state);
	for (unsigned int i = 0; i < 200; i++) {
		many[i] = few[i / 10];
		blocks[i] = i / 10;
	}
	estimate_of_blocks(&e, few, NULL, 20, &state);
	check_eq(e.df, 19);
	a = estimate_interval(&e);
	estimate_release(&e);
	estimate_of_blocks(&e, many, blocks, 200, &state);
	check_eq(e.df, 19);
	b = estimate_interval(&e);
	estimate_release(&e);
	check(near(a.mid, b.mid));
	check(fabs((b.high - b.low) / (a.high - a.low) - 1) < 0.3);
}

/* @n boots that are @apart from each other, with 20 blocks in each. */
static void draw_boots(struct estimate *boots, size_t n, double apart,
		       __u64 *state)
{
	double values[20];

	for (size_t i = 0; i < n; i++) {
		double boot = apart * normal(state);

		draw_normal(values, 20, state);
		for (int k = 0; k < 20; k++)
			values[k] += boot;
		check_eq(estimate_of_blocks(&boots[i], values, NULL, 20,
					    state), 0);
	}
}

static void boots_cover(size_t n, double apart)
{
	unsigned int rounds = ktap_scale(400), hits = 0;
	__u64 state = ktap_seed_value;
	struct estimate boots[12], e;

	for (unsigned int r = 0; r < rounds; r++) {
		struct interval i;

		draw_boots(boots, n, apart, &state);
		check_eq(estimate_of_boots(&e, boots, n, &state), 0);
		check_eq(e.df, n - 1);
		i = estimate_interval(&e);
		hits += i.low <= 0 && i.high >= 0;
		estimate_release(&e);
		for (size_t k = 0; k < n; k++)
			estimate_release(&boots[k]);
	}
	check_share(hits, rounds, 0.95);
	printf("# %zu boots: %u of %u\n", n, hits, rounds);
}

static void covers_boots(void)
{
	boots_cover(2, 3);
	boots_cover(5, 3);
	boots_cover(12, 3);
}

static void one_boot_is_its_blocks(void)
{
	__u64 state = ktap_seed_value;
	struct estimate boot, e;
	struct interval a, b;

	draw_boots(&boot, 1, 0, &state);
	check_eq(estimate_of_boots(&e, &boot, 1, &state), 0);
	a = estimate_interval(&boot);
	b = estimate_interval(&e);
	check(near(a.low, b.low) && near(a.high, b.high));
	check_eq(e.df, 19);
	estimate_release(&e);
	estimate_release(&boot);
}

static void difference_covers(void)
{
	unsigned int rounds = ktap_scale(400), hits = 0;
	__u64 state = ktap_seed_value;
	double a[20], b[20];

	for (unsigned int r = 0; r < rounds; r++) {
		struct estimate e, other;
		struct interval i;

		draw_normal(a, 20, &state);
		draw_contaminated(b, 20, &state);
		for (int k = 0; k < 20; k++)
			a[k] += 7;
		estimate_of_blocks(&e, a, NULL, 20, &state);
		estimate_of_blocks(&other, b, NULL, 20, &state);
		estimate_subtract(&e, &other);
		i = estimate_interval(&e);
		hits += i.low <= 7 && i.high >= 7;
		estimate_release(&e);
		estimate_release(&other);
	}
	check_share(hits, rounds, 0.95);
}

static const struct ktap_test tests[] = {
	{ "normal values are covered", covers_normal },
	{ "lognormal values are covered", covers_lognormal },
	{ "contaminated values are covered", covers_contaminated },
	{ "Cauchy values are covered", covers_cauchy },
	{ "a slow machine is covered, the order being random",
	  covers_random_order },
	{ "a periodic disturbance is covered", covers_period },
	{ "a drift is covered", covers_drift },
	{ "few blocks are covered", covers_with_few_blocks },
	{ "an interval is not wider than needed", is_not_wide },
	{ "p is as large as it says", p_is_what_it_says },
	{ "equal values", equal_values },
	{ "one value has no interval", one_value_has_no_interval },
	{ "the same seed gives the same interval", same_seed_same_interval },
	{ "slices of a block are resampled together", slices_are_no_blocks },
	{ "boots are covered", covers_boots },
	{ "one boot is its blocks", one_boot_is_its_blocks },
	{ "a difference is covered", difference_covers },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
