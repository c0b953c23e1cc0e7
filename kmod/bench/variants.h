/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's variants. user/bench/variants.h is its mirror image.
 */
#ifndef ACQREL_KMOD_BENCH_VARIANTS_H
#define ACQREL_KMOD_BENCH_VARIANTS_H

#include <acqrel/bench.h>

extern const struct acqrel_variant acqrel_variant_config_rcu;
extern const struct acqrel_variant acqrel_variant_config_cell;
extern const struct acqrel_variant acqrel_variant_config_srcu;
extern const struct acqrel_variant acqrel_variant_config_refcount;
extern const struct acqrel_variant acqrel_variant_config_rwlock;
extern const struct acqrel_variant acqrel_variant_config_rwsem;
extern const struct acqrel_variant acqrel_variant_config_percpu_rwsem;
extern const struct acqrel_variant acqrel_variant_config_spinlock;
extern const struct acqrel_variant acqrel_variant_config_mutex;
extern const struct acqrel_variant acqrel_variant_stats_seqlock;
extern const struct acqrel_variant acqrel_variant_stats_seqcount_spin;
extern const struct acqrel_variant acqrel_variant_stats_seqcount_latch;
extern const struct acqrel_variant acqrel_variant_stats_u64_stats;
extern const struct acqrel_variant acqrel_variant_stats_spinlock;
extern const struct acqrel_variant acqrel_variant_counter_percpu;
extern const struct acqrel_variant acqrel_variant_counter_percpu_counter;
extern const struct acqrel_variant acqrel_variant_counter_atomic;
extern const struct acqrel_variant acqrel_variant_counter_padded;
extern const struct acqrel_variant acqrel_variant_counter_spinlock;
extern const struct acqrel_variant acqrel_variant_ring_kfifo;
extern const struct acqrel_variant acqrel_variant_ring_kfifo_lock;
extern const struct acqrel_variant acqrel_variant_ring_ptr_ring;
extern const struct acqrel_variant acqrel_variant_ring_spinlock;
extern const struct acqrel_variant acqrel_variant_floor_clock;
extern const struct acqrel_variant acqrel_variant_floor_sched;
extern const struct acqrel_variant acqrel_variant_floor_section;

/* all of them, ended by NULL */
extern const struct acqrel_variant *const acqrel_variants[];

/* what a thread does that has nobody to share with */
extern acqrel_burst *const acqrel_idle_burst;

#endif /* ACQREL_KMOD_BENCH_VARIANTS_H */
