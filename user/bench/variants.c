// SPDX-License-Identifier: GPL-2.0-only
/*
 * variants.c - the table: a row for each variant of the user world
 *
 * What needs a library that may be missing has its row here either way: in
 * bench_absent[] if this build does without it.
 */
#include "world.h"

#include <acqrel/bench_empty.h>

#include "bench.h"
#include "bench/variants.h"

const struct acqrel_variant *const bench_variants[] = {
	&acqrel_variant_empty,
	NULL
};

const struct bench_absent bench_absent[] = {
	{ NULL, NULL }
};
