// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fast paths as functions of their own, so that their instructions can be
 * looked at: tools/codegen/check. Compiled in both worlds, with each world's
 * config.h and counter.h; linked into nothing.
 */
#include "config.h"
#include "counter.h"
#include "litmus_world.h"

#include <acqrel/latch.h>
#include <acqrel/ring_overwrite.h>
#include <acqrel/ring_spsc.h>
#include <acqrel/ring_turn.h>
#include <acqrel/stats.h>
#include <acqrel/tap.h>

/* what litmus tests and everything below is made of */

u64 codegen_read_once(const u64 *x)
{
	return READ_ONCE(*x);
}

void codegen_write_once(u64 *x, u64 value)
{
	WRITE_ONCE(*x, value);
}

u64 codegen_load_acquire(const u64 *x)
{
	/* no pair: its instructions are looked at, as in all that follows */
	return smp_load_acquire(x);
}

void codegen_store_release(u64 *x, u64 value)
{
	/* no pair */
	smp_store_release(x, value);
}

void codegen_mb(void)
{
	/* no pair */
	smp_mb();
}

void codegen_rmb(void)
{
	/* no pair */
	smp_rmb();
}

void codegen_wmb(void)
{
	/* no pair */
	smp_wmb();
}

u64 codegen_cmpxchg_relaxed(u64 *x, u64 old, u64 new)
{
	return cmpxchg_relaxed(x, old, new);
}

u64 codegen_cmpxchg_release(u64 *x, u64 old, u64 new)
{
	return cmpxchg_release(x, old, new);
}

void codegen_atomic64_add(atomic64_t *x, s64 n)
{
	atomic64_add(n, x);
}

u64 codegen_cmpxchg_acquire(u64 *x, u64 old, u64 new)
{
	return cmpxchg_acquire(x, old, new);
}

u64 codegen_cmpxchg(u64 *x, u64 old, u64 new)
{
	return cmpxchg(x, old, new);
}

u64 codegen_xchg_relaxed(u64 *x, u64 value)
{
	return xchg_relaxed(x, value);
}

u64 codegen_xchg(u64 *x, u64 value)
{
	return xchg(x, value);
}

void codegen_store_mb(u64 *x, u64 value)
{
	/* no pair */
	smp_store_mb(*x, value);
}

void codegen_acquire_after_ctrl_dep(void)
{
	/* no pair */
	smp_acquire__after_ctrl_dep();
}

void codegen_atomic64_inc(atomic64_t *x)
{
	atomic64_inc(x);
}

s64 codegen_atomic64_inc_return_relaxed(atomic64_t *x)
{
	return atomic64_inc_return_relaxed(x);
}

s64 codegen_atomic64_inc_return(atomic64_t *x)
{
	return atomic64_inc_return(x);
}

s64 codegen_atomic64_fetch_sub_relaxed(atomic64_t *x, s64 n)
{
	return atomic64_fetch_sub_relaxed(n, x);
}

s64 codegen_atomic64_fetch_sub_release(atomic64_t *x, s64 n)
{
	return atomic64_fetch_sub_release(n, x);
}

s64 codegen_atomic64_fetch_sub(atomic64_t *x, s64 n)
{
	return atomic64_fetch_sub(n, x);
}

/* config */

void codegen_config_publish(struct acqrel_config_cell *cell,
			    struct acqrel_config_node *node)
{
	node->config.generation = 1;
	rcu_assign_pointer(cell->node, node);
}

u64 codegen_config_dereference(struct acqrel_config_cell *cell)
{
	return acqrel_config_dereference(cell)->generation;
}

u64 codegen_config_read(struct acqrel_config_cell *cell)
{
	u64 generation;

	rcu_read_lock();
	generation = acqrel_config_dereference(cell)->generation;
	rcu_read_unlock();
	return generation;
}

/* records that are read whole */

u64 codegen_seqcount_read_1(const struct acqrel_seqcount *s, u64 *to,
			    const u64 *from)
{
	return acqrel_read_words(s, to, from, 1);
}

u64 codegen_seqcount_read_8(const struct acqrel_seqcount *s, u64 *to,
			    const u64 *from)
{
	return acqrel_read_words(s, to, from, 8);
}

void codegen_seqcount_write_8(struct acqrel_seqcount *s, u64 *to,
			      const u64 *from)
{
	unsigned int i;

	acqrel_write_begin(s);
	for (i = 0; i < 8; i++)
		WRITE_ONCE(to[i], from[i]);
	acqrel_write_end(s);
}

void codegen_stats_add(struct acqrel_stats *s, u64 value)
{
	acqrel_stats_add(s, value);
}

void codegen_latch_read_8(const struct acqrel_latch *l, u64 *to,
			  const u64 (*copies)[8])
{
	const u64 *from;
	unsigned int i;
	u64 start;

	do {
		start = acqrel_latch_begin(l);
		from = copies[start & 1];
		for (i = 0; i < 8; i++)
			to[i] = READ_ONCE(from[i]);
	} while (unlikely(acqrel_latch_retry(l, start)));
}

void codegen_latch_turn(struct acqrel_latch *l)
{
	acqrel_latch_turn(l);
}

/* counters */

#ifdef __KERNEL__

void codegen_counter_add(u64 n)
{
	acqrel_count_n(ACQREL_COUNTER_WAKEUP_STARTED, n);
}

#else

void codegen_counter_add(struct acqrel_counters *c, u64 n)
{
	acqrel_counter_add(c, 0, n);
}

#endif

/* rings */

bool codegen_spsc_push(struct acqrel_spsc *r, u64 item)
{
	return acqrel_spsc_push(r, item);
}

bool codegen_spsc_pop(struct acqrel_spsc *r, u64 *item)
{
	return acqrel_spsc_pop(r, item);
}

enum acqrel_turn_status codegen_turn_push_sp(struct acqrel_turn *r, u64 item)
{
	return acqrel_turn_push_sp(r, item);
}

enum acqrel_turn_status codegen_turn_push_mp(struct acqrel_turn *r, u64 item)
{
	return acqrel_turn_push_mp(r, item);
}

enum acqrel_turn_status codegen_turn_pop_sc(struct acqrel_turn *r, u64 *item)
{
	return acqrel_turn_pop_sc(r, item);
}

enum acqrel_turn_status codegen_turn_pop_mc(struct acqrel_turn *r, u64 *item)
{
	return acqrel_turn_pop_mc(r, item);
}

enum acqrel_oring_status codegen_oring_push_drop(struct acqrel_oring *r,
						 const u64 *words)
{
	return acqrel_oring_push(r, words, false);
}

enum acqrel_oring_status codegen_oring_push_overwrite(struct acqrel_oring *r,
						      const u64 *words)
{
	return acqrel_oring_push(r, words, true);
}

unsigned int codegen_oring_pop(struct acqrel_oring *r,
			       struct acqrel_oring_item *item)
{
	return acqrel_oring_pop(r, item, 1);
}

/* traces */

void codegen_tap_event(struct acqrel_tap *t, const struct acqrel_lane *l,
		       const struct acqrel_config *c,
		       const struct acqrel_event *ev, unsigned int verdict)
{
	acqrel_tap_event(t, l, c, ev, verdict);
}
