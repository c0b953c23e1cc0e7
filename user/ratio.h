/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ratio.h - the logarithm of one cell's time over another's
 */
#ifndef ACQREL_USER_RATIO_H
#define ACQREL_USER_RATIO_H

#include "estimate.h"
#include "result.h"

/**
 * struct ratio_side - runs of the same cells
 * @results: at least one
 * @n: how many
 */
struct ratio_side {
	struct result *const *results;
	size_t n;
};

/**
 * struct ratio - what was estimated
 * @log: the logarithm of the ratio
 * @blocks: that had a value, on the side that had fewer
 * @boots: same
 * @runs: same; arms were opened anew in each
 * @above: blocks with a ratio above 1, if they are paired
 * @below: blocks with a ratio below 1, same
 */
struct ratio {
	struct estimate log;
	unsigned int blocks;
	unsigned int boots;
	unsigned int runs;
	size_t above;
	size_t below;
};

/**
 * struct ratio_how - which times to use
 * @raw: do not subtract the empty loop
 * @tagged: use disturbed slices, too
 */
struct ratio_how {
	bool raw;
	bool tagged;
};

const struct cell *ratio_cell(const struct result *result,
			      const struct cell *like);
int ratio_paired(struct ratio *ratio, const struct ratio_side *side,
		 const struct cell *a, const struct cell *b,
		 const struct ratio_how *how, __u64 *state);
int ratio_unpaired(struct ratio *ratio, const struct ratio_side *side_a,
		   const struct cell *a, const struct ratio_side *side_b,
		   const struct cell *b, const struct ratio_how *how,
		   __u64 *state);

#endif /* ACQREL_USER_RATIO_H */
