/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * latency.h - what a histogram of latencies says
 */
#ifndef ACQREL_USER_LATENCY_H
#define ACQREL_USER_LATENCY_H

#include <acqrel/latency.h>

double latency_percentile(const struct acqrel_latency *latency,
			  unsigned int permille);

#endif /* ACQREL_USER_LATENCY_H */
