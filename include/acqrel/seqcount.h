/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sequence counter: one writer, any number of readers that see all of a
 * block or read again.
 *
 * Who may call what together:
 *
 *		write	read
 *	write	 -	 X	X: together, from any context and CPU
 *	read	 X	 X	-: the caller excludes it
 *
 * The writer excludes itself: interrupts off on the CPU that owns the block,
 * and no call from NMI. A reader on the writer's CPU must not be able to
 * interrupt it, or it would spin for ever.
 *
 * Guarantees:
 * 1. A copy for which acqrel_read_retry() returned false holds the values
 *    of one point between two write sections.
 * 2. The writer never waits.
 * 3. Readers wait for a write section in progress and repeat when one passed;
 *    they are not bounded beside a writer that never stops.
 *
 * The body is accessed with READ_ONCE() and WRITE_ONCE() in both worlds. The
 * kernel's own seqcount_t may use plain accesses there because KCSAN exempts
 * them; C11 has no such exemption, and a plain racing access is undefined.
 *
 * Edges (writer: acqrel_write_begin(), _end(); reader: acqrel_read_begin(),
 * acqrel_read_retry()):
 *
 *	seqcount.begin	odd count, smp_wmb, body -> body, smp_rmb, re-check:
 *			a reader that saw new data sees the odd count
 *	seqcount.end	body, store-release of the even count -> load-acquire,
 *			body: a reader that saw the even count sees the data
 *
 * Algorithm: the Linux kernel's seqlock (Hemminger, Arcangeli; 2002); its
 * C11 form after Boehm, "Can seqlocks get along with programming language
 * memory models?", MSPC 2012. The count is 64 bits wide: it never wraps.
 */
#ifndef ACQREL_SEQCOUNT_H
#define ACQREL_SEQCOUNT_H

#include <acqrel/order.h>

struct acqrel_seqcount {
	u64 sequence;
};

/**
 * acqrel_write_begin() - enter a write section
 * @s: the counter
 *
 * Context: any but NMI, on the one writer, not interruptible by readers.
 */
static __always_inline void acqrel_write_begin(struct acqrel_seqcount *s)
{
	WRITE_ONCE(s->sequence, s->sequence + 1);
	/* pairs with the smp_rmb() in acqrel_read_retry(): seqcount.begin */
	smp_wmb();
}

/**
 * acqrel_write_end() - leave a write section
 * @s: the counter
 */
static __always_inline void acqrel_write_end(struct acqrel_seqcount *s)
{
	/* pairs with the acquire in acqrel_read_begin(): seqcount.end */
	smp_store_release(&s->sequence, s->sequence + 1);
}

/**
 * acqrel_read_begin() - start to copy
 * @s: the counter
 *
 * Does not wait for an even count: the copy is made first and judged
 * afterwards, which keeps the common case free of a branch.
 *
 * Return: the count to give to acqrel_read_retry().
 */
static __always_inline u64 acqrel_read_begin(const struct acqrel_seqcount *s)
{
	/* pairs with the release in acqrel_write_end(): seqcount.end */
	return smp_load_acquire(&s->sequence);
}

/**
 * acqrel_read_retry() - judge a copy
 * @s: the counter
 * @start: what acqrel_read_begin() returned
 *
 * Return: true if the copy may be torn and must be made again.
 */
static __always_inline bool
acqrel_read_retry(const struct acqrel_seqcount *s, u64 start)
{
	/* pairs with the smp_wmb() in acqrel_write_begin(): seqcount.begin */
	smp_rmb();
	return (start & 1) || READ_ONCE(s->sequence) != start;
}

/**
 * acqrel_read_words() - copy a block whole
 * @s: the counter that protects it
 * @to: where to, @n words
 * @from: the block, @n words
 * @n: number of words
 *
 * Return: how often the copy was repeated.
 */
static inline u64 acqrel_read_words(const struct acqrel_seqcount *s, u64 *to,
				    const u64 *from, unsigned int n)
{
	u64 start, retries = 0;
	unsigned int i;

	for (;;) {
		start = acqrel_read_begin(s);
		for (i = 0; i < n; i++)
			to[i] = READ_ONCE(from[i]);
		if (likely(!acqrel_read_retry(s, start)))
			return retries;
		retries++;
		cpu_relax();
	}
}

#endif /* ACQREL_SEQCOUNT_H */
