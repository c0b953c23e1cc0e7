/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * variants.h - the table: a row for each variant of the user world
 *
 * row(PRIMITIVE, VARIANT) stands for acqrel_variant_PRIMITIVE_VARIANT, known as
 * PRIMITIVE/VARIANT; those of floor/call are in as many files as there are
 * calls. Variants of both worlds are in variants.c.
 */
#ifndef ACQREL_USER_BENCH_VARIANTS_H
#define ACQREL_USER_BENCH_VARIANTS_H

#include <acqrel/bench.h>

#define BENCH_ROWS(row)							\
	row(config, rcu)						\
	row(config, cell)						\
	row(config, urcu_memb)						\
	row(config, urcu_mb)						\
	row(config, urcu_qsbr)						\
	row(config, urcu_bp)						\
	row(config, refcount)						\
	row(config, rwlock)						\
	row(config, mutex)						\
	row(config, spinlock)						\
	row(counter, percpu)						\
	row(counter, thread)						\
	row(counter, getcpu)						\
	row(counter, atomic)						\
	row(counter, mutex)						\
	row(stats, mutex)						\
	row(stats, rwlock)						\
	row(ring, wfcqueue)						\
	row(ring, mutex)						\
	row(floor, clock)						\
	row(floor, sched)						\
	row(floor, syscall)						\
	row(floor, membarrier)						\
	row(floor, netlink)						\
	row(floor, debugfs)

/* those that need Concurrency Kit */
#define BENCH_ROWS_CK(row)						\
	row(stats, ck_sequence)						\
	row(ring, ck_spsc)						\
	row(ring, ck_mpmc)

/* those that need DPDK */
#define BENCH_ROWS_DPDK(row)						\
	row(config, rte_qsbr)						\
	row(stats, rte_seqcount)					\
	row(ring, rte_spsc)						\
	row(ring, rte_mpmc)

#define BENCH_DECLARE(primitive, variant)				\
	extern const struct acqrel_variant				\
	acqrel_variant_##primitive##_##variant;

BENCH_ROWS(BENCH_DECLARE)
BENCH_ROWS_CK(BENCH_DECLARE)
BENCH_ROWS_DPDK(BENCH_DECLARE)

/* the variants of this build; NULL after the last */
extern const struct acqrel_variant *const bench_variants[];

#endif /* ACQREL_USER_BENCH_VARIANTS_H */
