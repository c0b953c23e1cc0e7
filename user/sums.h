/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sums.h - sums of what single CPUs or streams report
 */
#ifndef ACQREL_USER_SUMS_H
#define ACQREL_USER_SUMS_H

#include "values.h"

void stats_add(struct acqrel_stats_values *to,
	       const struct acqrel_stats_values *from);
void ring_add(struct acqrel_ring_values *to,
	      const struct acqrel_ring_values *from);

#endif /* ACQREL_USER_SUMS_H */
