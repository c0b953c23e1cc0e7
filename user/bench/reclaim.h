/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What updates have given to call_rcu() and nobody has freed yet: bounded while
 * a slice runs, none between slices. Callbacks run on whatever CPU their thread
 * gets, and the next slice is another arm's. Threads register with the flavour
 * that retires here, liburcu memb.
 */
#ifndef ACQREL_USER_BENCH_RECLAIM_H
#define ACQREL_USER_BENCH_RECLAIM_H

#include <acqrel/bench.h>

#include "rcu.h"

/* as of acqrel's own cell */
#define RECLAIM_MAX	65536

/**
 * reclaim_enter() - let a thread read and retire
 * @w: its worker
 *
 * Return: 0.
 */
static inline int reclaim_enter(struct acqrel_worker *w)
{
	rcu_register_thread();
	return 0;
}

/**
 * reclaim_leave() - end what reclaim_enter() began
 * @w: its worker
 */
static inline void reclaim_leave(struct acqrel_worker *w)
{
	rcu_unregister_thread();
}

/**
 * reclaim_retire() - free something after a grace period
 * @retired: of the object: given away and not freed; the callback takes one off
 * @rcu: to call back with
 * @callback: frees it
 *
 * Context: a registered thread outside rcu_read_lock(). Waits if there is too
 * much: nothing else keeps a fast writer from eating all memory.
 */
static inline void reclaim_retire(u64 *retired, struct rcu_head *rcu,
				  void (*callback)(struct rcu_head *rcu))
{
	__atomic_fetch_add(retired, 1, __ATOMIC_RELAXED);
	/* pairs with the readers' unlock: config.reclaim */
	call_rcu(rcu, callback);
	if (READ_ONCE(*retired) >= RECLAIM_MAX)
		/* no pair: it bounds what waits to be freed */
		rcu_barrier();
}

/**
 * reclaim_drain() - wait until all is freed
 * @retired: as above
 *
 * Context: nothing is retired meanwhile.
 * Return: how many were never freed, which is wrong.
 */
static inline u64 reclaim_drain(const u64 *retired)
{
	if (READ_ONCE(*retired))
		/* pairs with the callbacks: config.callbacks */
		rcu_barrier();
	return READ_ONCE(*retired);
}

#endif /* ACQREL_USER_BENCH_RECLAIM_H */
