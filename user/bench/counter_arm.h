/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A counter as an arm, made from its add and its sum.
 *
 * The file that includes this has defined struct counter and its
 *
 *	counter_mine()	what a worker needs to add, looked up once a burst
 *	counter_add()	add 1 to that
 *	counter_sum()	the total
 *
 * and COUNTER_ADD_BOUND and COUNTER_READ_BOUND, the cases that limit an add
 * and a read, COUNTER_BOUND_TIMES, how often, and COUNTER_CHUNK, as in struct
 * acqrel_op.
 */
#ifndef ACQREL_USER_BENCH_COUNTER_ARM_H
#define ACQREL_USER_BENCH_COUNTER_ARM_H

#include <acqrel/bench_loop.h>
#include <acqrel/bench_tally.h>
#include <acqrel/bench_watch.h>

static u64 counter_add_burst(struct acqrel_worker *w, u64 n)
{
	struct counter_mine mine = counter_mine(w);

	ACQREL_LOOP(n, counter_add(mine));
	w->position += n;
	return 0;
}

static u64 counter_read_burst(struct acqrel_worker *w, u64 n)
{
	struct acqrel_watch watch = acqrel_watch_begin(w);
	struct counter *c = w->object;

	ACQREL_LOOP(n, acqrel_watch_saw(&watch, counter_sum(c)));
	acqrel_watch_end(&watch);
	return 0;
}

static u64 counter_lost(void *object, const struct acqrel_worker *workers,
			unsigned int n)
{
	return acqrel_tally_lost(counter_sum(object), workers, n);
}

static const struct acqrel_op counter_ops[] = {
	{
		.name = "add",
		.burst = counter_add_burst,
		.chunk = COUNTER_CHUNK,
		.bound = COUNTER_ADD_BOUND,
		.bound_times = COUNTER_BOUND_TIMES,
	}, {
		.name = "read",
		.burst = counter_read_burst,
		.writer = counter_add_burst,
		.chunk = COUNTER_CHUNK,
		.bound = COUNTER_READ_BOUND,
		.bound_times = COUNTER_BOUND_TIMES,
	},
	{ }
};

#endif /* ACQREL_USER_BENCH_COUNTER_ARM_H */
