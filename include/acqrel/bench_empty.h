/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The empty loop: what every burst pays besides its operations. It is what
 * user space subtracts.
 */
#ifndef ACQREL_BENCH_EMPTY_H
#define ACQREL_BENCH_EMPTY_H

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

static u64 acqrel_burst_empty(struct acqrel_worker *w, u64 n)
{
	ACQREL_LOOP(n, barrier());
	return 0;
}

static int acqrel_empty_create(const struct acqrel_arm_params *p, void **object)
{
	*object = NULL;
	return 0;
}

static void acqrel_empty_destroy(void *object)
{
}

static const struct acqrel_op acqrel_empty_ops[] = {
	{ .name = "loop", .burst = acqrel_burst_empty },
	{ }
};

static const struct acqrel_variant acqrel_variant_empty = {
	.name = "empty/empty",
	.ops = acqrel_empty_ops,
	.create = acqrel_empty_create,
	.destroy = acqrel_empty_destroy,
};

#endif /* ACQREL_BENCH_EMPTY_H */
