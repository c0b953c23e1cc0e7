/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that start together, and what ring tests have in common.
 */
#ifndef ACQREL_TESTS_THREADS_H
#define ACQREL_TESTS_THREADS_H

#include <pthread.h>
#include <sched.h>

#include "ktap.h"

#define THREADS_MAX	8

struct threads_one {
	void (*run)(void *arg);
	void *arg;
	pthread_barrier_t *start;
	pthread_t thread;
};

static inline void *threads_main(void *arg)
{
	struct threads_one *one = arg;

	pthread_barrier_wait(one->start);
	one->run(one->arg);
	return NULL;
}

/*
 * Run @n functions of a table at the same time and wait for all. Only @run
 * and @arg need be set.
 */
static inline void threads_run(struct threads_one *table, unsigned int n)
{
	pthread_barrier_t start;
	unsigned int i;

	pthread_barrier_init(&start, NULL, n);
	for (i = 0; i < n; i++) {
		table[i].start = &start;
		if (pthread_create(&table[i].thread, NULL, threads_main,
				   &table[i]))
			abort();
	}
	for (i = 0; i < n; i++)
		pthread_join(table[i].thread, NULL);
	pthread_barrier_destroy(&start);
}

/* let the other side go on, which may share our CPU */
static inline void threads_wait(unsigned int *spins)
{
	if (++*spins % 64)
		cpu_relax();
	else
		sched_yield();
}

/*
 * A writer that never stops leaves readers no whole copy. It stops for a while
 * without leaving its CPU, so that it is also preempted in the midst of writing.
 */
static inline void threads_pause(void)
{
	unsigned int i;

	for (i = 0; i < 50; i++)
		cpu_relax();
}

/* a number that one thread writes: what was done before it, and how far it is */
static inline void progress_set(u64 *at, u64 n)
{
	/* pairs with the acquire in progress_get() */
	smp_store_release(at, n);
}

static inline u64 progress_get(const u64 *at)
{
	/* pairs with the release in progress_set() */
	return smp_load_acquire(at);
}

/* where positions start: they wrap at 2^32 and at 2^64 soon after the last */
static const u64 ring_starts[] = { 0, 1, (1ULL << 32) - 3, ~0ULL - 2 };

/* slots of a ring */
static const u64 ring_sizes[] = { 1, 2, 4, 1024 };

#define RING_SLOTS_MAX	1024

/* @run for each size and start */
static inline void ring_each(void (*run)(u64 slots, u64 start))
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(ring_sizes); i++)
		for (j = 0; j < ARRAY_SIZE(ring_starts); j++)
			run(ring_sizes[i], ring_starts[j]);
}

#endif /* ACQREL_TESTS_THREADS_H */
