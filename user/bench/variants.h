/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * variants.h - what can be measured in the user world
 */
#ifndef ACQREL_USER_BENCH_VARIANTS_H
#define ACQREL_USER_BENCH_VARIANTS_H

#include <acqrel/bench.h>

/* the variants of this build; NULL after the last */
extern const struct acqrel_variant *const bench_variants[];

#endif /* ACQREL_USER_BENCH_VARIANTS_H */
