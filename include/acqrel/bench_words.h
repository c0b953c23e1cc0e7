/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The words of a record, for the stats variants. All copy them the same way, so
 * that the primitives are what differs.
 */
#ifndef ACQREL_BENCH_WORDS_H
#define ACQREL_BENCH_WORDS_H

#include <acqrel/order.h>

/**
 * acqrel_record_copy() - copy a record that may be written meanwhile
 * @to: where to
 * @from: the record
 * @words: how many
 */
static __always_inline void acqrel_record_copy(u64 *to, const u64 *from,
					       u32 words)
{
	u32 i;

	for (i = 0; i < words; i++)
		to[i] = READ_ONCE(from[i]);
}

/**
 * acqrel_record_add() - write a record that may be read meanwhile
 * @record: the record; nobody else writes it
 * @words: how many
 */
static __always_inline void acqrel_record_add(u64 *record, u32 words)
{
	u32 i;

	for (i = 0; i < words; i++)
		WRITE_ONCE(record[i], record[i] + 1);
}

#endif /* ACQREL_BENCH_WORDS_H */
