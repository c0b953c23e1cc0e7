/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The books of the counter variants: threads know what they added.
 */
#ifndef ACQREL_BENCH_TALLY_H
#define ACQREL_BENCH_TALLY_H

#include <acqrel/bench.h>

/**
 * acqrel_tally_lost() - compare a sum with what was added
 * @sum: of the counter; nobody adds now
 * @workers: the arm's; the position of one is how often it added 1
 * @n: how many
 *
 * Return: what is missing or too much.
 */
static inline u64 acqrel_tally_lost(u64 sum,
				    const struct acqrel_worker *workers,
				    unsigned int n)
{
	u64 added = 0;

	while (n--)
		added += workers[n].position;
	return sum < added ? added - sum : sum - added;
}

#endif /* ACQREL_BENCH_TALLY_H */
