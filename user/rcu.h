/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * RCU in the user world: liburcu, memb flavour, read side inlined.
 *
 * liburcu before 0.15 is not annotated for ThreadSanitizer, which then sees
 * neither the grace period nor the strength of rcu_dereference(). Under
 * -fsanitize=thread the calls are wrapped: what a reader did before
 * rcu_read_unlock() happens before what follows a grace period, what a callback
 * did before what follows rcu_barrier(), and nothing more. A missing grace
 * period is still a race.
 */
#ifndef ACQREL_USER_RCU_H
#define ACQREL_USER_RCU_H

#ifndef __SANITIZE_THREAD__

#define _LGPL_SOURCE
#include <urcu.h>

/* first and last in a call_rcu() callback */
static inline void acqrel_rcu_callback_begin(void)
{
}

static inline void acqrel_rcu_callback_end(void)
{
}

#else /* __SANITIZE_THREAD__ */

#include <urcu.h>

void __tsan_acquire(void *addr);
void __tsan_release(void *addr);

/* stand for every grace period and every callback; defined in config.c */
extern char acqrel_rcu_grace, acqrel_rcu_callbacks;

static inline void acqrel_rcu_callback_begin(void)
{
	__tsan_acquire(&acqrel_rcu_grace);
}

static inline void acqrel_rcu_callback_end(void)
{
	__tsan_release(&acqrel_rcu_callbacks);
}

static inline void acqrel_rcu_read_unlock(void)
{
	__tsan_release(&acqrel_rcu_grace);
	urcu_memb_read_unlock();
}

static inline void acqrel_rcu_synchronize(void)
{
	urcu_memb_synchronize_rcu();
	__tsan_acquire(&acqrel_rcu_grace);
}

static inline void acqrel_rcu_call(struct rcu_head *head,
				   void (*func)(struct rcu_head *head))
{
	__tsan_release(&acqrel_rcu_grace);
	urcu_memb_call_rcu(head, func);
}

static inline void acqrel_rcu_barrier(void)
{
	urcu_memb_barrier();
	__tsan_acquire(&acqrel_rcu_callbacks);
}

#undef rcu_read_unlock
#undef synchronize_rcu
#undef call_rcu
#undef rcu_barrier
#undef rcu_dereference
#undef rcu_assign_pointer
#define rcu_read_unlock()		acqrel_rcu_read_unlock()
#define synchronize_rcu()		acqrel_rcu_synchronize()
#define call_rcu(head, func)		acqrel_rcu_call(head, func)
#define rcu_barrier()			acqrel_rcu_barrier()
#define rcu_dereference(p)		__atomic_load_n(&(p), __ATOMIC_ACQUIRE)
#define rcu_assign_pointer(p, v)	\
	__atomic_store_n(&(p), v, __ATOMIC_RELEASE)

#endif /* __SANITIZE_THREAD__ */

#endif /* ACQREL_USER_RCU_H */
