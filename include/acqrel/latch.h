/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Latch: a record in two copies, so that readers never wait for the writer.
 *
 * While the sequence is odd the writer changes copy 0 and readers take copy 1;
 * while it is even it changes copy 1 and they take copy 0. A reader repeats if
 * the sequence moved meanwhile. It may interrupt the writer, even from an NMI,
 * and still finds a whole copy; it repeats only against a writer that runs
 * beside it.
 *
 * Who may call what together: one writer at a time; any number of readers.
 *
 * 1. A read that does not repeat saw one whole record: the last one written
 *    before it began, or a later one.
 * 2. A stopped writer delays nobody. Writes are wait-free.
 * 3. Reads of one thread never go back to an older record.
 *
 * Edges:
 *
 *	latch.open	copy changed, store-release of the sequence that turns
 *			readers to it -> load-acquire, copy read
 *	latch.close	store of the sequence that turns readers away, smp_wmb(),
 *			copy changed -> copy read, smp_rmb(), sequence read
 *			again: a change seen implies a sequence that moved
 *
 * Algorithm: Mathieu Desnoyers and Peter Zijlstra, the latch of the kernel's
 * seqcount, 2014.
 */
#ifndef ACQREL_LATCH_H
#define ACQREL_LATCH_H

#include <acqrel/order.h>

/**
 * struct acqrel_latch - what guards two copies
 * @sequence: its lowest bit names the copy to read
 */
struct acqrel_latch {
	u64 sequence;
};

/**
 * acqrel_latch_turn() - turn readers to the other copy
 * @l: the latch
 *
 * A write is: turn, change copy 0, turn, change copy 1. At first, with an even
 * sequence, readers take copy 0.
 *
 * Context: the one writer.
 */
static __always_inline void acqrel_latch_turn(struct acqrel_latch *l)
{
	/* pairs with the acquire in acqrel_latch_begin(): latch.open */
	smp_store_release(&l->sequence, l->sequence + 1);
	/* pairs with the smp_rmb() in acqrel_latch_retry(): latch.close */
	smp_wmb();
}

/**
 * acqrel_latch_begin() - begin a read
 * @l: the latch
 *
 * Return: the sequence; copy (sequence & 1) is the one to read.
 */
static __always_inline u64 acqrel_latch_begin(const struct acqrel_latch *l)
{
	/* pairs with the release in acqrel_latch_turn(): latch.open */
	return smp_load_acquire(&l->sequence);
}

/**
 * acqrel_latch_retry() - end a read
 * @l: the latch
 * @start: what acqrel_latch_begin() returned
 *
 * Return: true if the copy may have changed and must be read again.
 */
static __always_inline bool acqrel_latch_retry(const struct acqrel_latch *l,
					       u64 start)
{
	/* pairs with the smp_wmb() in acqrel_latch_turn(): latch.close */
	smp_rmb();
	return READ_ONCE(l->sequence) != start;
}

#endif /* ACQREL_LATCH_H */
