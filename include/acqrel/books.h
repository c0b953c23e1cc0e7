/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Books: what became of every event offered on one CPU.
 *
 * The producer updates them in one sequence-counter section for each event,
 * the push into the ring included, so that any CPU can take one whole
 * snapshot. In every snapshot
 *
 *	offered = sum(filtered) + pushed + dropped
 *
 * and with popped loaded before the snapshot, and once more after it
 *
 *	popped before <= pushed - overwritten
 *	pushed - overwritten <= popped after + capacity + one batch in hand
 *
 * The push lies inside the section for the second line: an event that was
 * popped before the snapshot was published inside a section that the reader
 * of the snapshot must wait out. No single load of popped gives both lines:
 * between it and the copy any number may be pushed and popped.
 *
 * Edges beside those of seqcount.h:
 *
 *	books.popped	odd count, push, pop, store-release of popped -> load
 *			of popped, copy, smp_rmb, re-check: a snapshot that
 *			passes the re-check has pushed what was popped
 */
#ifndef ACQREL_BOOKS_H
#define ACQREL_BOOKS_H

#include <acqrel/seqcount.h>
#include <linux/acqrel.h>

/**
 * struct acqrel_account - the figures
 * @offered: events seen, and the sequence number of the next one
 * @filtered: by enum acqrel_filter
 * @pushed: went into the ring
 * @dropped: found the ring full under %ACQREL_POLICY_DROP_NEWEST
 * @overwritten: of @pushed, lost to a younger one
 * @head: ring position of the next push
 */
struct acqrel_account {
	u64 offered;
	u64 filtered[__ACQREL_FILTER_COUNT];
	u64 pushed;
	u64 dropped;
	u64 overwritten;
	u64 head;
};

#define ACQREL_ACCOUNT_WORDS	(sizeof(struct acqrel_account) / sizeof(u64))

struct acqrel_books {
	struct acqrel_seqcount seq;
	struct acqrel_account acc;
} ____cacheline_aligned;

static inline u64 acqrel_account_filtered(const struct acqrel_account *a)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < __ACQREL_FILTER_COUNT; i++)
		sum += a->filtered[i];
	return sum;
}

static inline bool acqrel_account_balanced(const struct acqrel_account *a)
{
	return a->offered ==
	       acqrel_account_filtered(a) + a->pushed + a->dropped;
}

/**
 * acqrel_books_read() - one whole snapshot
 * @b: the books
 * @to: where to
 *
 * Return: how often the copy was repeated.
 */
static inline u64 acqrel_books_read(const struct acqrel_books *b,
				    struct acqrel_account *to)
{
	return acqrel_read_words(&b->seq, (u64 *)to, (const u64 *)&b->acc,
				 ACQREL_ACCOUNT_WORDS);
}

/**
 * acqrel_books_read_naive() - the same words without the sequence counter
 * @b: the books
 * @to: where to
 *
 * For comparison only: beside a writer the result need not be balanced. The
 * pause is what a reader that prints one figure after the other would make.
 */
static inline void acqrel_books_read_naive(const struct acqrel_books *b,
					   struct acqrel_account *to)
{
	const u64 *from = (const u64 *)&b->acc;
	unsigned int i;

	for (i = 0; i < ACQREL_ACCOUNT_WORDS; i++) {
		((u64 *)to)[i] = READ_ONCE(from[i]);
		cpu_relax();
	}
}

#endif /* ACQREL_BOOKS_H */
