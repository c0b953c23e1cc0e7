/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verdict.h - which of two cells is faster, and whether that can be said
 *
 * The figure is the median of the log-ratios of the blocks, with a 95 %
 * interval from resampling blocks (and runs and boots, if there are several;
 * then the mean of the runs' medians). The floor is what the run's own A/A
 * control shows between two equal arms: the interval of their ratio, its end
 * that is further away from 1. So it holds both the bias and the noise of the
 * run.
 */
#ifndef ACQREL_USER_VERDICT_H
#define ACQREL_USER_VERDICT_H

#include "result.h"

#define VERDICT_FLOOR_MIN	0.01	/* an effect below 1 % is none */
#define VERDICT_FOREIGN_MAX	0.05	/* share of the CPUs' time */
#define VERDICT_OVERLAP_MIN	0.90	/* median of the slices */
#define VERDICT_BLOCKS_MIN	6	/* fewer cannot show anything */

enum verdict {
	VERDICT_NONE,		/* no difference shown */
	VERDICT_FASTER,		/* the first is */
	VERDICT_SLOWER,		/* the first is */
	VERDICT_UNRESOLVED,	/* interval or floor too wide for the question */
	VERDICT_UNTRUSTED,	/* disturbed, wrong results, foreign load */
	VERDICT_EMULATED,	/* times are not real */
};

/**
 * struct comparison - a cell against another
 * @a: index of the cell in question, in @result_a
 * @b: index of what it is compared with, in @result_b
 * @raw: the ratio includes the empty loop: without it an operation is too
 *	short against it
 * @ratio: time of @a over time of @b: above 1, @a is slower
 * @ratio_all: the same over all slices, tagged ones too
 * @blocks: that had a ratio, or a time on the side with fewer
 * @boots: that were resampled, at least 1
 * @runs: same, at least 1
 * @single: different runs are compared, and a side has only one: then
 *	@floor also holds how much unchanged cells differ between the two
 * @floor: of the groups of both cells the larger, as a share: 0.01 is 1 %;
 *	NAN if there is no control other than the two cells themselves
 * @p: of "no difference", for the false-discovery control
 * @verdict: enum verdict
 * @why: of VERDICT_UNTRUSTED and UNRESOLVED, a clause; else NULL
 */
struct comparison {
	unsigned int a;
	unsigned int b;
	bool raw;
	struct interval ratio;
	struct interval ratio_all;
	unsigned int blocks;
	unsigned int boots;
	unsigned int runs;
	bool single;
	double floor;
	double p;
	enum verdict verdict;
	const char *why;
};

/**
 * struct verdict_params - how to judge
 * @resolve: half-width that the question needs, as a share; wider, or a floor
 *	that is higher, without a verdict is VERDICT_UNRESOLVED. 0: 0.1
 * @rate: of false discoveries over all comparisons. 0: 0.05
 * @raw: do not subtract the empty loop
 * @boots: boots needed on each side, 0: one will do
 */
struct verdict_params {
	double resolve;
	double rate;
	bool raw;
	unsigned int boots;
};

int figures_compute(struct result *result);
double figures_overlap(const struct result_slice *slice, unsigned int threads);
double figures_floor(const struct result *result, const struct cell *cell);

int verdict_within(struct result *result, struct comparison *c, size_t n,
		   const struct verdict_params *p);
int verdict_paired(struct result **results, size_t nresults,
		   struct comparison *c, size_t n,
		   const struct verdict_params *p);
int verdict_between(struct result **a, size_t na, struct result **b, size_t nb,
		    struct comparison *c, size_t n,
		    const struct verdict_params *p);
bool verdict_void(const struct cell *cell);
bool verdict_apart(const struct cell *cell);
bool verdict_disturbed(const struct cell *cell);
const char *verdict_wrong(const struct cell *cell);
const char *verdict_doubtful(const struct result *result,
			     const struct cell *cell);
const char *verdict_name(enum verdict verdict);
bool verdict_regression(const struct comparison *c);

#endif /* ACQREL_USER_VERDICT_H */
