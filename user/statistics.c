// SPDX-License-Identifier: GPL-2.0-only
/*
 * statistics.c - order statistics, tests and random numbers
 *
 * Random numbers come from a state that the caller seeds and records, so
 * that a result can be computed again from its raw samples.
 */
#include <math.h>
#include <stdlib.h>
#include <acqrel/generator.h>

#include "statistics.h"

/**
 * statistics_random() - next random number
 * @state: any number at first
 *
 * Return: 64 random bits.
 */
__u64 statistics_random(__u64 *state)
{
	struct acqrel_generator g = { .state = *state };
	__u64 value = acqrel_generator_next(&g);

	*state = g.state;
	return value;
}

/**
 * statistics_below() - next random index
 * @state: of the random numbers
 * @n: how many indices there are, at least 1
 *
 * Return: 0 to @n - 1; the bias is @n in 2^64.
 */
size_t statistics_below(__u64 *state, size_t n)
{
	return (__uint128_t)statistics_random(state) * n >> 64;
}

/**
 * statistics_shuffle() - put numbers into a random order
 * @order: the numbers
 * @n: how many
 * @state: of the random numbers
 */
void statistics_shuffle(unsigned int *order, size_t n, __u64 *state)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = statistics_below(state, i);
		unsigned int other = order[j];

		order[j] = order[i - 1];
		order[i - 1] = other;
	}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/**
 * statistics_quantile() - value below which a share of the values lies
 * @values: at least one, none of them NaN; sorted by this call
 * @n: how many
 * @q: the share, 0 to 1
 *
 * Return: the quantile, interpolated between neighbours.
 */
double statistics_quantile(double *values, size_t n, double q)
{
	double at = q * (n - 1);
	size_t i = at;

	qsort(values, n, sizeof(*values), compare);
	if (i + 1 >= n)
		return values[n - 1];
	return values[i] + (at - i) * (values[i + 1] - values[i]);
}

/**
 * statistics_median() - value in the middle
 * @values: at least one, none of them NaN; sorted by this call
 * @n: how many
 *
 * Return: the median.
 */
double statistics_median(double *values, size_t n)
{
	return statistics_quantile(values, n, 0.5);
}

/**
 * statistics_mad() - median absolute deviation
 * @values: at least one, none of them NaN; replaced by their deviations
 * @n: how many
 * @median: of them
 *
 * Return: the deviation times 1.4826, which for a normal distribution is the
 * standard deviation.
 */
double statistics_mad(double *values, size_t n, double median)
{
	for (size_t i = 0; i < n; i++)
		values[i] = fabs(values[i] - median);
	return STATISTICS_MAD * statistics_median(values, n);
}

/**
 * statistics_normal_below() - the normal distribution
 * @z: in standard deviations
 *
 * Return: the share below @z.
 */
double statistics_normal_below(double z)
{
	return erfc(-z * M_SQRT1_2) / 2;
}

/**
 * statistics_t_below() - Student's distribution
 * @t: in standard errors
 * @df: degrees of freedom, at least 1
 *
 * The finite series of Abramowitz and Stegun, "Handbook of Mathematical
 * Functions", 26.7.3 and 26.7.4. It is short of digits below the last of a double.
 *
 * Return: the share below @t.
 */
double statistics_t_below(double t, unsigned int df)
{
	double theta = atan(t / sqrt(df)), c = cos(theta), s = sin(theta);
	double term = df & 1 ? c : 1, sum = df == 1 ? 0 : term;

	for (unsigned int k = df & 1 ? 3 : 2; k + 2 <= df; k += 2) {
		term *= c * c * (k - 1) / k;
		sum += term;
	}
	if (df & 1)
		return 0.5 + (theta + s * sum) * M_1_PI;
	return 0.5 + s * sum / 2;
}

/**
 * statistics_t_quantile() - the inverse of statistics_t_below()
 * @p: a share, above 0 and below 1
 * @df: degrees of freedom, at least 1
 *
 * Return: the value below which the share @p lies.
 */
double statistics_t_quantile(double p, unsigned int df)
{
	double low = -1, high = 1;

	while (statistics_t_below(low, df) > p)
		low *= 2;
	while (statistics_t_below(high, df) < p)
		high *= 2;
	for (int i = 0; i < 60; i++) {
		double mid = (low + high) / 2;

		if (statistics_t_below(mid, df) < p)
			low = mid;
		else
			high = mid;
	}
	return (low + high) / 2;
}

/**
 * statistics_sign_p() - the sign test
 * @above: values above what is tested
 * @below: values below it
 *
 * Return: probability of so uneven a split, or a more uneven one, if either
 * side is as likely.
 */
double statistics_sign_p(size_t above, size_t below)
{
	size_t n = above + below, k = above < below ? above : below;
	double sum = 0;

	for (size_t i = 0; i <= k; i++)
		sum += exp(lgamma(n + 1.0) - lgamma(i + 1.0) -
			   lgamma(n - i + 1.0) - n * M_LN2);
	return fmin(1, 2 * sum);
}

/**
 * statistics_discoveries() - which of many tests to believe
 * @p: of each test
 * @n: how many
 * @rate: share of the discoveries that may be false
 * @found: set for each test
 *
 * The step-up procedure of Benjamini and Hochberg, "Controlling the False
 * Discovery Rate", J. R. Stat. Soc. B 57 (1995): with the tests sorted by p,
 * all up to the last one whose p is at most its rank times @rate / @n.
 */
void statistics_discoveries(const double *p, size_t n, double rate,
			    bool *found)
{
	double limit = -1;

	for (size_t i = 0; i < n; i++) {
		size_t rank = 0;

		for (size_t j = 0; j < n; j++)
			rank += p[j] <= p[i];
		if (p[i] <= rank * rate / n && p[i] > limit)
			limit = p[i];
	}
	for (size_t i = 0; i < n; i++)
		found[i] = p[i] <= limit;
}
