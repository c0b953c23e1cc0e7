// SPDX-License-Identifier: GPL-2.0-only
/*
 * pool.c - threads that are pinned to a CPU each, and sleep until they are
 * needed
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "bench/pool.h"
#include "world.h"

#define STACK_TOUCHED	(128 * 1024)	/* more than any variant uses */

/**
 * struct pool - the threads
 * @first: of them, in the order in which they were needed
 * @lock: protects the rest, and every turn
 * @done: @busy is 0
 * @busy: threads that have a turn
 * @quit: they are to end
 */
struct pool {
	struct pool_thread *first;
	pthread_mutex_t lock;	/* protects the rest */
	pthread_cond_t done;
	unsigned int busy;
	bool quit;
};

/* Pages that nobody has touched, so that the thread gets them on its node. */
static struct pool_thread *alloc_thread(void)
{
	void *p = mmap(NULL, sizeof(struct pool_thread),
		       PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void free_thread(struct pool_thread *t)
{
	munmap(t, sizeof(*t));
}

/**
 * pool_open() - make a pool without threads
 *
 * Return: the pool, or NULL without memory.
 */
struct pool *pool_open(void)
{
	struct pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return NULL;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->done, NULL);
	return pool;
}

/**
 * pool_close() - end the threads and free everything
 * @pool: the pool, or NULL; nothing runs on it
 */
void pool_close(struct pool *pool)
{
	struct pool_thread *t, *next;

	if (!pool)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->quit = true;
	for (t = pool->first; t; t = t->next)
		pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&pool->lock);
	for (t = pool->first; t; t = next) {
		next = t->next;
		pthread_join(t->thread, NULL);
		pthread_cond_destroy(&t->wake);
		free_thread(t);
	}
	pthread_cond_destroy(&pool->done);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

static void touch_histograms(struct pool_thread *t)
{
	memset(&t->latency, 0, sizeof(t->latency));
	memset(&t->scratch, 0, sizeof(t->scratch));
	/* they look as they did, but now they have pages */
	asm volatile("" : : "r" (t) : "memory");
}

/* so that no burst is the first to use a page of the stack */
static __attribute__((noinline)) void touch_stack(void)
{
	char stack[STACK_TOUCHED];

	memset(stack, 0, sizeof(stack));
	asm volatile("" : : "r" (stack) : "memory");
}

static void pool_serve(struct pool_thread *t)
{
	struct pool *pool = t->pool;

	pthread_mutex_lock(&pool->lock);
	while (!pool->quit) {
		const struct pool_turn *turn = t->turn;

		if (!turn) {
			pthread_cond_wait(&t->wake, &pool->lock);
			continue;
		}
		pthread_mutex_unlock(&pool->lock);
		turn->run(turn->arg);
		pthread_mutex_lock(&pool->lock);
		t->turn = NULL;
		if (!--pool->busy)
			pthread_cond_signal(&pool->done);
	}
	pthread_mutex_unlock(&pool->lock);
}

static void *pool_main(void *arg)
{
	touch_stack();
	touch_histograms(arg);
	world_enter();
	pool_serve(arg);
	world_leave();
	return NULL;
}

/* Signals are for the thread that waits; it ends what must end. */
static int create_deaf(struct pool_thread *t, const pthread_attr_t *attr)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&t->thread, attr, pool_main, t);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -rc;
}

static int create_pinned(struct pool_thread *t)
{
	size_t size = CPU_ALLOC_SIZE(t->cpu + 1);
	cpu_set_t *set = CPU_ALLOC(t->cpu + 1);
	pthread_attr_t attr;
	int rc;

	if (!set)
		return -ENOMEM;
	CPU_ZERO_S(size, set);
	CPU_SET_S(t->cpu, size, set);
	rc = -pthread_attr_init(&attr);
	if (!rc) {
		rc = -pthread_attr_setaffinity_np(&attr, size, set) ?:
		     create_deaf(t, &attr);
		pthread_attr_destroy(&attr);
	}
	CPU_FREE(set);
	return rc;
}

static int pool_add(struct pool *pool, u32 cpu, struct pool_thread **thread)
{
	struct pool_thread **end = &pool->first;
	struct pool_thread *t = alloc_thread();
	int rc;

	if (!t)
		return -ENOMEM;
	t->pool = pool;
	t->cpu = cpu;
	pthread_cond_init(&t->wake, NULL);
	rc = create_pinned(t);
	if (rc) {
		pthread_cond_destroy(&t->wake);
		free_thread(t);
		return rc;
	}
	while (*end)
		end = &(*end)->next;
	*end = t;
	*thread = t;
	return 1;
}

/**
 * pool_thread() - the thread of a CPU
 * @pool: the pool
 * @cpu: the CPU
 * @thread: set to the thread, which is created when first asked for
 *
 * Return: 0, 1 if it was created, or -errno: -EINVAL if there is no such CPU or
 * the cpuset does not have it, -EPERM if it is forbidden to pin a thread.
 */
int pool_thread(struct pool *pool, u32 cpu, struct pool_thread **thread)
{
	struct pool_thread *t;

	for (t = pool->first; t; t = t->next)
		if (t->cpu == cpu) {
			*thread = t;
			return 0;
		}
	return pool_add(pool, cpu, thread);
}

/**
 * pool_first() - the thread that was created first
 * @pool: the pool
 *
 * Return: the thread, or NULL.
 */
struct pool_thread *pool_first(const struct pool *pool)
{
	return pool->first;
}

/**
 * pool_cpu_ns() - CPU time of all threads
 * @pool: the pool
 *
 * Return: nanoseconds so far.
 */
u64 pool_cpu_ns(const struct pool *pool)
{
	struct timespec ts;
	clockid_t clock;
	u64 ns = 0;

	for (const struct pool_thread *t = pool->first; t; t = t->next)
		if (!pthread_getcpuclockid(t->thread, &clock) &&
		    !clock_gettime(clock, &ts))
			ns += (u64)ts.tv_sec * BENCH_NSEC_PER_SEC +
			      (u64)ts.tv_nsec;
	return ns;
}

/**
 * pool_run() - give each of some threads a turn, and wait for all
 * @pool: the pool
 * @turns: of threads that are all different
 * @n: how many
 *
 * Context: one thread at a time; it sleeps. What it did before is seen by the
 * turns, and what those did is seen by it.
 */
void pool_run(struct pool *pool, const struct pool_turn *turns,
	      unsigned int n)
{
	unsigned int i;

	pthread_mutex_lock(&pool->lock);
	pool->busy = n;
	for (i = 0; i < n; i++) {
		turns[i].thread->turn = &turns[i];
		pthread_cond_signal(&turns[i].thread->wake);
	}
	while (pool->busy)
		pthread_cond_wait(&pool->done, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}
