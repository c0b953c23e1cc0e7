/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pool.h - threads that are pinned to a CPU each, and sleep until they are
 * needed
 */
#ifndef ACQREL_USER_BENCH_POOL_H
#define ACQREL_USER_BENCH_POOL_H

#include <pthread.h>
#include <acqrel/latency.h>

struct pool;
struct pool_thread;

/**
 * struct pool_turn - something that a thread of the pool is to do
 * @thread: which
 * @run: called in the thread
 * @arg: for @run
 */
struct pool_turn {
	struct pool_thread *thread;
	void (*run)(void *arg);
	void *arg;
};

/**
 * struct pool_thread - a thread of the pool
 * @latency: for what it runs
 * @scratch: same
 * @pool: it belongs to
 * @next: of the pool
 * @turn: what it does or is to do, NULL: it sleeps; under the pool's lock
 * @wake: tells it to look at @turn
 * @thread: itself
 * @cpu: where it is pinned
 */
struct pool_thread {
	struct acqrel_latency latency;
	struct acqrel_latency scratch;
	struct pool *pool;
	struct pool_thread *next;
	const struct pool_turn *turn;
	pthread_cond_t wake;
	pthread_t thread;
	u32 cpu;
};

struct pool *pool_open(void);
void pool_close(struct pool *pool);
int pool_thread(struct pool *pool, u32 cpu, struct pool_thread **thread);
struct pool_thread *pool_first(const struct pool *pool);
u64 pool_cpu_ns(const struct pool *pool);
void pool_run(struct pool *pool, const struct pool_turn *turns,
	      unsigned int n);

#endif /* ACQREL_USER_BENCH_POOL_H */
