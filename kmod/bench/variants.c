// SPDX-License-Identifier: GPL-2.0-only
/*
 * A row for each variant that the kernel has.
 */
#include <acqrel/bench_empty.h>

#include "bench/variants.h"

const struct acqrel_variant *const acqrel_variants[] = {
	&acqrel_variant_empty,
	NULL
};

acqrel_burst *const acqrel_idle_burst = acqrel_burst_empty;
