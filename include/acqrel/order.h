/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The border between the two worlds. Everything else under include/acqrel/
 * is written in the kernel's vocabulary and does not know where it runs.
 *
 * In user space each name is the compiler's __atomic builtin of the same
 * strength, so that ThreadSanitizer understands it; on x86-64 without it, the
 * kernel's own spelling. Two notes:
 *
 * - smp_rmb() and smp_wmb() may become acquire and release fences, which order
 *   a little more than the kernel's. ThreadSanitizer does not model fences;
 *   code that needs one accesses the data behind it with READ_ONCE() and
 *   WRITE_ONCE() only, which is never a data race.
 * - cmpxchg_release() gives no order when it fails, in both worlds.
 */
#ifndef ACQREL_ORDER_H
#define ACQREL_ORDER_H

#ifdef __KERNEL__

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/processor.h>

#define acqrel_slow_path	noinline __maybe_unused

#else /* user space */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <linux/types.h>

typedef __u64 u64;
typedef __s64 s64;
typedef __u32 u32;
typedef __s32 s32;
typedef __u16 u16;
typedef __u8 u8;

#define ____cacheline_aligned	__attribute__((aligned(64)))

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#endif

/* C11's takes a message, the kernel's may go without */
#undef static_assert
#define static_assert(expr)	_Static_assert(expr, #expr)

#ifndef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#endif
#ifndef __rcu
#define __rcu
#endif

/* a function that must not bring its stack and its registers into a fast path */
#define acqrel_slow_path	__attribute__((__noinline__, __unused__))

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)

#define barrier()		__asm__ __volatile__("" ::: "memory")

typedef struct {
	s64 counter;
} atomic64_t;

/* gcc defines the one, clang has the other */
#ifdef __has_feature
#if __has_feature(thread_sanitizer) && !defined(__SANITIZE_THREAD__)
#define __SANITIZE_THREAD__	1
#endif
#endif

#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)

/*
 * As the kernel spells them for x86: a volatile access is one instruction, the
 * CPU keeps loads and stores in order but for a store before a load, and
 * barrier() holds the compiler. So the same source makes the same instructions
 * in both worlds, and what is compared is the structure (tools/check-loops).
 */
#define acqrel_is_one_access(x)						\
	_Static_assert(sizeof(x) == 1 || sizeof(x) == 2 ||		\
		       sizeof(x) == 4 || sizeof(x) == 8,		\
		       "it would take more than one instruction")
#define READ_ONCE(x)							\
({									\
	acqrel_is_one_access(x);					\
	*(const volatile __typeof__(x) *)&(x);				\
})
#define WRITE_ONCE(x, v)						\
do {									\
	acqrel_is_one_access(x);					\
	*(volatile __typeof__(x) *)&(x) = (v);				\
} while (0)
#define smp_load_acquire(p)						\
({									\
	__typeof__(*(p)) __value = READ_ONCE(*(p));			\
									\
	barrier();							\
	__value;							\
})
#define smp_store_release(p, v)						\
do {									\
	barrier();							\
	WRITE_ONCE(*(p), v);						\
} while (0)
#define smp_mb()							\
	__asm__ __volatile__("lock; addl $0,-4(%%rsp)" ::: "memory", "cc")
#define smp_rmb()		barrier()
#define smp_wmb()		barrier()
#define atomic64_add(n, v)						\
	__asm__ __volatile__("lock; addq %1,%0"				\
			     : "+m" ((v)->counter) : "er" ((s64)(n)) : "memory")

#else /* what ThreadSanitizer and other CPUs need to be told */

#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), v, __ATOMIC_RELAXED)
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define smp_mb()		__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#define atomic64_add(n, v)						\
	((void)__atomic_fetch_add(&(v)->counter, n, __ATOMIC_RELAXED))

#endif

#define acqrel_cmpxchg(p, old, new, success)				\
({									\
	__typeof__(*(p)) __old = (old);					\
									\
	barrier();							\
	__atomic_compare_exchange_n(p, &__old, new, false, success,	\
				    __ATOMIC_RELAXED);			\
	barrier();							\
	__old;								\
})
#define cmpxchg_relaxed(p, o, n) acqrel_cmpxchg(p, o, n, __ATOMIC_RELAXED)
#define cmpxchg_release(p, o, n) acqrel_cmpxchg(p, o, n, __ATOMIC_RELEASE)

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

#if defined(__x86_64__)
#define cpu_relax()		__builtin_ia32_pause()
#elif defined(__aarch64__)
#define cpu_relax()		__asm__ __volatile__("yield" ::: "memory")
#else
#define cpu_relax()		__asm__ __volatile__("" ::: "memory")
#endif

#endif /* __KERNEL__ */

#endif /* ACQREL_ORDER_H */
