/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * statistics.h - order statistics, tests and random numbers
 */
#ifndef ACQREL_USER_STATISTICS_H
#define ACQREL_USER_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#define STATISTICS_MAD	1.4826	/* makes it the deviation of a normal */

/**
 * struct interval - an estimate and where it may lie
 * @low: lower end, NAN if not known
 * @mid: the estimate
 * @high: upper end, NAN if not known
 */
struct interval {
	double low;
	double mid;
	double high;
};

__u64 statistics_random(__u64 *state);
size_t statistics_below(__u64 *state, size_t n);
void statistics_shuffle(unsigned int *order, size_t n, __u64 *state);

double statistics_median(double *values, size_t n);
double statistics_quantile(double *values, size_t n, double q);
double statistics_mad(double *values, size_t n, double median);

double statistics_normal_below(double z);
double statistics_t_below(double t, unsigned int df);
double statistics_t_quantile(double p, unsigned int df);
double statistics_sign_p(size_t above, size_t below);
void statistics_discoveries(const double *p, size_t n, double rate,
			    bool *found);

#endif /* ACQREL_USER_STATISTICS_H */
