/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's variants. user/bench/variants.h is its mirror image.
 */
#ifndef ACQREL_KMOD_BENCH_VARIANTS_H
#define ACQREL_KMOD_BENCH_VARIANTS_H

#include <acqrel/bench.h>

/* all of them, ended by NULL */
extern const struct acqrel_variant *const acqrel_variants[];

/* what a thread does that has nobody to share with */
extern acqrel_burst *const acqrel_idle_burst;

#endif /* ACQREL_KMOD_BENCH_VARIANTS_H */
