/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal.h - between user/bench.h (dispatch.c) and the worlds (engine.c,
 * kernel.c)
 */
#ifndef ACQREL_USER_BENCH_INTERNAL_H
#define ACQREL_USER_BENCH_INTERNAL_H

#include "bench.h"

/**
 * struct bench_ops - a world
 * @close: frees the bench; its arms are closed
 * @cases: sets a list, to be freed with free()
 * @arm_open: opens an arm whose parameters fit its case
 * @arm_close: closes it
 * @slice: as bench_slice(), with parameters in range
 * @latency: as bench_latency()
 * @cpu_ns: as bench_cpu_ns(), or NULL: none of this process
 * @huge_bytes: as bench_arm_huge_bytes(), or NULL: nobody knows
 */
struct bench_ops {
	void (*close)(struct bench *bench);
	int (*cases)(struct bench *bench, struct bench_case **cases, size_t *n);
	int (*arm_open)(struct bench *bench, const struct bench_arm_params *p,
			struct bench_arm **arm);
	void (*arm_close)(struct bench_arm *arm);
	int (*slice)(struct bench_arm *arm, const struct acqrel_slice_params *p,
		     struct acqrel_sample *samples);
	int (*latency)(struct bench_arm *arm, struct latency_sum *sum);
	__u64 (*cpu_ns)(const struct bench *bench);
	double (*huge_bytes)(const struct bench_arm *arm);
};

/* the part of a bench that both worlds have */
struct bench {
	const struct bench_ops *ops;
	struct bench_case *cases;
	size_t ncases;
	char message[320];
};

/* the part of an arm that both worlds have */
struct bench_arm {
	struct bench *bench;
	__u32 threads;
};

int bench_fail(struct bench *bench, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

double huge_bytes(const void *at);

struct bench *engine_open(void);
struct bench *kernel_open(struct acqrel_client *client);

/* an arm of any variant, also one that is in no table */
int engine_arm_open(struct bench *bench, const struct acqrel_variant *variant,
		    const struct acqrel_op *op,
		    const struct bench_arm_params *p, struct bench_arm **arm);

#endif /* ACQREL_USER_BENCH_INTERNAL_H */
