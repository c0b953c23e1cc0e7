/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * histogram.h - reading a log2 histogram
 */
#ifndef ACQREL_USER_HISTOGRAM_H
#define ACQREL_USER_HISTOGRAM_H

#include "values.h"

__u64 histogram_low(unsigned int bucket);
__u64 histogram_high(unsigned int bucket);
int histogram_percentile(const __u64 *hist, unsigned int percent);

void bars_draw(const __u64 *hist, int width);

#endif /* ACQREL_USER_HISTOGRAM_H */
