/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * statistics.h - order statistics and their uncertainty
 */
#ifndef ACQREL_USER_STATISTICS_H
#define ACQREL_USER_STATISTICS_H

#include <stddef.h>
#include <linux/types.h>

/**
 * struct interval - an estimate and where it may lie
 * @low: lower end
 * @mid: the estimate
 * @high: upper end
 */
struct interval {
	double low;
	double mid;
	double high;
};

__u64 statistics_random(__u64 *state);
void statistics_shuffle(unsigned int *order, size_t n, __u64 *state);
double statistics_median(double *values, size_t n);
double statistics_quantile(double *values, size_t n, double q);
int statistics_bootstrap(const double *values, size_t n, __u64 *state,
			 struct interval *interval);

#endif /* ACQREL_USER_STATISTICS_H */
