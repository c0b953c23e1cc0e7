/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The loop that every burst is.
 */
#ifndef ACQREL_BENCH_LOOP_H
#define ACQREL_BENCH_LOOP_H

#include <acqrel/bench.h>

/*
 * Twice the body: a branch for each operation would be a cycle of its own.
 * Any n, as the rest is done first.
 */
#define ACQREL_LOOP(n, body)						\
do {									\
	u64 __left = (n);						\
									\
	if (__left & 1) {						\
		body;							\
		__left--;						\
	}								\
	for (; __left; __left -= 2) {					\
		body;							\
		body;							\
	}								\
} while (0)

#endif /* ACQREL_BENCH_LOOP_H */
