/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Occupancy: how full a ring looks to a monitor.
 */
#ifndef ACQREL_OCCUPANCY_H
#define ACQREL_OCCUPANCY_H

#include <acqrel/order.h>

/**
 * acqrel_occupancy() - elements between two positions that others move
 * @in: where the next element goes in
 * @out: where the next comes out
 * @slots: of the ring
 *
 * No order between the two loads: the result may be stale, is never negative
 * and never above @slots.
 *
 * Context: any.
 */
static __always_inline u64 acqrel_occupancy(const u64 *in, const u64 *out,
					    u64 slots)
{
	u64 first = READ_ONCE(*out);
	u64 fill = READ_ONCE(*in) - first;

	if ((s64)fill < 0)
		return 0;
	return fill <= slots ? fill : slots;
}

#endif /* ACQREL_OCCUPANCY_H */
