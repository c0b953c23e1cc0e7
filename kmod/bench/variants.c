// SPDX-License-Identifier: GPL-2.0-only
/*
 * A row for each variant that the kernel has.
 */
#include "world.h"
#include <acqrel/bench_empty.h>
#include <acqrel/bench_floor.h>
#include <acqrel/bench_records.h>
#include <acqrel/bench_rings.h>

#include "bench/variants.h"

const struct acqrel_variant *const acqrel_variants[] = {
	&acqrel_variant_empty,
	&acqrel_variant_config_rcu,
	&acqrel_variant_config_cell,
	&acqrel_variant_config_srcu,
	&acqrel_variant_config_refcount,
	&acqrel_variant_config_rwlock,
	&acqrel_variant_config_rwsem,
	&acqrel_variant_config_percpu_rwsem,
	&acqrel_variant_config_spinlock,
	&acqrel_variant_config_mutex,
	&acqrel_variant_stats_seqcount,
	&acqrel_variant_stats_latch,
	&acqrel_variant_stats_seqlock,
	&acqrel_variant_stats_seqcount_spin,
	&acqrel_variant_stats_seqcount_latch,
	&acqrel_variant_stats_u64_stats,
	&acqrel_variant_stats_spinlock,
	&acqrel_variant_counter_percpu,
	&acqrel_variant_counter_percpu_counter,
	&acqrel_variant_counter_atomic,
	&acqrel_variant_counter_padded,
	&acqrel_variant_counter_spinlock,
	&acqrel_variant_ring_spsc,
	&acqrel_variant_ring_mpmc,
	&acqrel_variant_ring_overwrite,
	&acqrel_variant_ring_kfifo,
	&acqrel_variant_ring_kfifo_lock,
	&acqrel_variant_ring_ptr_ring,
	&acqrel_variant_ring_spinlock,
	&acqrel_variant_publish,
	&acqrel_variant_floor_cpu,
	&acqrel_variant_floor_line,
	&acqrel_variant_floor_clock,
	&acqrel_variant_floor_sched,
	&acqrel_variant_floor_section,
	NULL
};

acqrel_burst *const acqrel_idle_burst = acqrel_burst_empty;
