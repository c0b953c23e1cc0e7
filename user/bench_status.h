/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_status.h - whether figures and verdicts can be trusted
 */
#ifndef ACQREL_USER_BENCH_STATUS_H
#define ACQREL_USER_BENCH_STATUS_H

#include "verdict.h"

int bench_status_result(const struct result *result);
int bench_status_results(struct result *const *results, size_t n);
int bench_status_compared(const struct comparison *c, size_t n,
			  bool fail_on_regression);
int bench_status_worse(int a, int b);

#endif /* ACQREL_USER_BENCH_STATUS_H */
