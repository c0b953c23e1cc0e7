// SPDX-License-Identifier: GPL-2.0-only
/*
 * variants.c - what this build can measure in the user world, and what it
 * cannot for want of a library
 */
#include "world.h"

#include <acqrel/bench_empty.h>
#include <acqrel/bench_floor.h>
#include <acqrel/bench_records.h>
#include <acqrel/bench_rings.h>

#include "bench.h"
#include "bench/variants.h"

#define POINTER(primitive, variant) &acqrel_variant_##primitive##_##variant,
#define ABSENT_CK(primitive, variant) { #primitive "/" #variant, "ck" },
#define ABSENT_DPDK(primitive, variant) { #primitive "/" #variant, "libdpdk" },

const struct acqrel_variant *const bench_variants[] = {
	/* of both worlds */
	&acqrel_variant_empty,
	&acqrel_variant_stats_seqcount,
	&acqrel_variant_stats_latch,
	&acqrel_variant_ring_spsc,
	&acqrel_variant_ring_mpmc,
	&acqrel_variant_ring_overwrite,
	&acqrel_variant_publish,
	&acqrel_variant_floor_cpu,
	&acqrel_variant_floor_line,
	/* of this one */
	BENCH_ROWS(POINTER)
#ifdef ACQREL_HAVE_CK
	BENCH_ROWS_CK(POINTER)
#endif
#ifdef ACQREL_HAVE_DPDK
	BENCH_ROWS_DPDK(POINTER)
#endif
	NULL
};

const struct bench_absent bench_absent[] = {
#ifndef ACQREL_HAVE_CK
	BENCH_ROWS_CK(ABSENT_CK)
#endif
#ifndef ACQREL_HAVE_DPDK
	BENCH_ROWS_DPDK(ABSENT_DPDK)
#endif
	{ NULL, NULL }
};
