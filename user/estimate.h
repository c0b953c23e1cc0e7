/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * estimate.h - a median, and how much of it is chance
 *
 * An estimate carries what it would have been in other blocks and boots: the
 * same computed from resamples. Estimates combine resample by resample.
 */
#ifndef ACQREL_USER_ESTIMATE_H
#define ACQREL_USER_ESTIMATE_H

#include "statistics.h"

#define ESTIMATE_DRAWS	5000

/**
 * struct estimate - of a median
 * @mid: the estimate
 * @draws: %ESTIMATE_DRAWS, from resamples, spread for what resampling lacks
 * @error: standard error: the standard deviation of @draws
 * @df: its degrees of freedom, 0: too few values to know
 */
struct estimate {
	double mid;
	double *draws;
	double error;
	unsigned int df;
};

int estimate_of_blocks(struct estimate *e, const double *values,
		       const unsigned int *blocks, size_t n, __u64 *state);
int estimate_of_boots(struct estimate *e, const struct estimate *boots,
		      size_t n, __u64 *state);
void estimate_subtract(struct estimate *e, const struct estimate *other);
void estimate_release(struct estimate *e);

struct interval estimate_interval(const struct estimate *e);
double estimate_p(const struct estimate *e);

#endif /* ACQREL_USER_ESTIMATE_H */
