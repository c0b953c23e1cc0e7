/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A per-CPU add as a restartable sequence, on the area that glibc registers
 * for each thread (2.35 and later).
 *
 * The kernel restarts a thread that was preempted, migrated or interrupted
 * by a signal between the load of the CPU number and the add, so an ordinary
 * add to the CPU's own word loses nothing. The add is one instruction, the
 * last of the sequence, and commits it.
 *
 * Without a registration the CPU number is negative. It is compared as
 * unsigned with the number of words, so the same branch refuses both.
 */
#ifndef ACQREL_USER_RSEQ_H
#define ACQREL_USER_RSEQ_H

#include <acqrel/order.h>

#if defined(__x86_64__) && defined(__GLIBC__)
#if __GLIBC_PREREQ(2, 35)
#include <sys/rseq.h>
#define ACQREL_HAVE_RSEQ	1
#endif
#endif

#ifdef ACQREL_HAVE_RSEQ

/**
 * acqrel_rseq_add() - add to the word of the CPU that this runs on
 * @base: word of CPU 0
 * @shift: words of neighbouring CPUs are 1 << @shift bytes apart
 * @cpus: number of words
 * @n: what to add
 *
 * Context: any, signal handlers included.
 * Return: false if nothing was added: no registration, or a CPU without word.
 */
static __always_inline bool acqrel_rseq_add(u64 *base, unsigned int shift,
					    unsigned int cpus, u64 n)
{
	/* struct rseq_cs: version, flags, start, length, abort address */
	asm goto(".pushsection __rseq_cs, \"aw\"\n"
		 ".balign 32\n"
		 "3: .long 0, 0\n"
		 ".quad 1f, 2f - 1f, 4f\n"
		 ".popsection\n"
		 "0: leaq 3b(%%rip), %%rax\n"
		 "movq %%rax, %%fs:%c[area](%[rseq])\n"
		 "1: movl %%fs:%c[cpu](%[rseq]), %%eax\n"
		 "cmpl %[cpus], %%eax\n"
		 "jae %l[refused]\n"
		 "shlq %%cl, %%rax\n"
		 "addq %[n], (%[base], %%rax)\n"
		 "2:\n"
		 /* the signature lies before the abort address */
		 ".pushsection __rseq_failure, \"ax\"\n"
		 ".byte 0x0f, 0xb9, 0x3d\n"
		 ".long %c[signature]\n"
		 "4: jmp 0b\n"
		 ".popsection\n"
		 :
		 : [rseq] "r" (__rseq_offset),
		   [area] "i" (offsetof(struct rseq, rseq_cs)),
		   [cpu] "i" (offsetof(struct rseq, cpu_id)),
		   [signature] "i" (RSEQ_SIG),
		   [cpus] "r" (cpus), [n] "er" (n), [base] "r" (base),
		   "c" (shift)
		 : "rax", "memory", "cc"
		 : refused);
	return true;
refused:
	return false;
}

#else

static inline bool acqrel_rseq_add(u64 *base, unsigned int shift,
				   unsigned int cpus, u64 n)
{
	(void)base;
	(void)shift;
	(void)cpus;
	(void)n;
	return false;
}

#endif /* ACQREL_HAVE_RSEQ */

#endif /* ACQREL_USER_RSEQ_H */
