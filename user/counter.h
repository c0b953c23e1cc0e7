/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters in the user world: a row of words for each CPU.
 *
 * A thread adds to the row of its CPU by a restartable sequence. Where that is
 * refused it adds with a locked instruction to a row of a second set, which
 * nothing else writes: the two kinds of add must not meet on one word. A row
 * belongs to no thread, so a thread that exits leaves its share behind.
 *
 * Calls may run together from any thread and signal handler.
 *
 * 1. A sum is exact when nobody adds, and never falls under increments.
 * 2. An add is wait-free on its CPU but for restarts.
 *
 * No ordering: counters publish nothing.
 */
#ifndef ACQREL_USER_COUNTER_H
#define ACQREL_USER_COUNTER_H

#include <acqrel/order.h>
#include <linux/acqrel.h>
#include "rseq.h"

/**
 * struct acqrel_counters - a set of counters
 * @rows: @cpus rows for restartable sequences, then @cpus for locked adds
 * @cpus: number of possible CPUs
 * @shift: a row has 1 << @shift bytes
 * @locked: whether the second half was ever used
 */
struct acqrel_counters {
	u64 *rows;
	unsigned int cpus;
	unsigned int shift;
	bool locked;
};

int acqrel_counters_init(struct acqrel_counters *c, unsigned int n);
void acqrel_counters_destroy(struct acqrel_counters *c);
void acqrel_counter_add_locked(struct acqrel_counters *c, unsigned int id,
			       u64 n);
u64 acqrel_counter_sum(const struct acqrel_counters *c, unsigned int id);

/**
 * acqrel_counter_add() - count
 * @c: the set
 * @id: which, below the number given to acqrel_counters_init()
 * @n: how many
 *
 * Context: any.
 */
static __always_inline void acqrel_counter_add(struct acqrel_counters *c,
					       unsigned int id, u64 n)
{
	if (unlikely(!acqrel_rseq_add(c->rows + id, c->shift, c->cpus, n)))
		acqrel_counter_add_locked(c, id, n);
}

#endif /* ACQREL_USER_COUNTER_H */
