// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark engine of the user world: the cases of
 * include/acqrel/workload.h on threads that start together.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include <acqrel/workload.h>
#include "bench.h"

/* from the last thread being ready to the first deadline */
#define BENCH_LEAD_NS	2000000ULL

struct bench_thread;

/**
 * struct bench - a run
 * @c: the case
 * @threads: how many
 * @slice_ns: length of a slice
 * @slices: how many
 * @out: where samples go
 * @config: shared by all threads
 * @counter: shared by all threads
 * @stats: a block a thread
 * @pairs: rings, one for each two threads
 * @lock: protects the rest
 * @changed: @ready or @start_ns has changed, or @cancelled
 * @ready: threads that wait
 * @start_ns: first deadline, 0 until all are ready
 * @cancelled: a thread could not be started
 */
struct bench {
	const struct acqrel_case *c;
	unsigned int threads;
	u64 slice_ns;
	unsigned int slices;
	struct acqrel_sample *out;
	struct world_config config;
	struct world_counter counter;
	struct acqrel_stats *stats;
	struct acqrel_pair *pairs;
	pthread_mutex_t lock;	/* protects the rest */
	pthread_cond_t changed;
	unsigned int ready;
	u64 start_ns;
	bool cancelled;
};

struct bench_thread {
	struct bench *bench;
	pthread_t thread;
	unsigned int index;
	unsigned int cpu;
};

/**
 * acqrel_user_case() - name of a case of the user world
 * @i: index from 0
 *
 * Return: PRIMITIVE/VARIANT:OPERATION, the same as in the kernel world, or
 * NULL after the last.
 */
const char *acqrel_user_case(unsigned int i)
{
	return i < ACQREL_CASES ? acqrel_cases[i].name : NULL;
}

static const struct acqrel_case *bench_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ACQREL_CASES; i++)
		if (!strcmp(acqrel_cases[i].name, name))
			return &acqrel_cases[i];
	return NULL;
}

static void bench_sample(const struct bench_thread *t, unsigned int slice,
			 u64 deadline_ns, const struct acqrel_slice *did)
{
	struct acqrel_sample *s;

	s = &t->bench->out[slice * t->bench->threads + t->index];
	s->slice = slice;
	s->thread = t->index;
	s->cpu = t->cpu;
	s->deadline_ns = deadline_ns;
	s->start_ns = did->start_ns;
	s->end_ns = did->end_ns;
	s->busy_ns = did->busy_ns;
	s->bursts = did->bursts;
	s->ops = did->ops;
	s->failed = did->failed;
	s->switches = did->switches;
}

static void bench_slices(const struct bench_thread *t, u64 start_ns)
{
	struct bench *b = t->bench;
	struct acqrel_worker w = {
		.config = &b->config,
		.counter = &b->counter,
		.shared = &b->stats[0],
		.own = &b->stats[t->index],
		.pair = &b->pairs[t->index / 2],
	};
	struct acqrel_slice did;
	unsigned int i;
	u64 deadline;

	for (i = 0; i < b->slices; i++) {
		deadline = start_ns + i * (b->slice_ns + b->slice_ns / 4);
		acqrel_work_slice(&w, b->c, t->index, b->threads, deadline,
				  b->slice_ns, &did);
		bench_sample(t, i, deadline, &did);
	}
}

/* until all threads are there; returns the first deadline or 0 */
static u64 bench_rendezvous(struct bench *b)
{
	u64 start_ns;

	pthread_mutex_lock(&b->lock);
	if (++b->ready == b->threads) {
		b->start_ns = acqrel_clock() + BENCH_LEAD_NS;
		pthread_cond_broadcast(&b->changed);
	}
	while (!b->start_ns && !b->cancelled)
		pthread_cond_wait(&b->changed, &b->lock);
	start_ns = b->start_ns;
	pthread_mutex_unlock(&b->lock);
	return start_ns;
}

static void *bench_main(void *arg)
{
	const struct bench_thread *t = arg;
	u64 start_ns;

	rcu_register_thread();
	start_ns = bench_rendezvous(t->bench);
	if (start_ns)
		bench_slices(t, start_ns);
	rcu_unregister_thread();
	return NULL;
}

/* the @n-th CPU of @set */
static int bench_cpu(const cpu_set_t *set, unsigned int n)
{
	int cpu;

	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, set) && !n--)
			return cpu;
	return -1;
}

static int bench_start(struct bench_thread *t, const cpu_set_t *allowed)
{
	pthread_attr_t attr;
	cpu_set_t cpus;
	int ret;

	t->cpu = bench_cpu(allowed, t->index);
	CPU_ZERO(&cpus);
	CPU_SET(t->cpu, &cpus);
	ret = pthread_attr_init(&attr);
	if (ret)
		return -ret;
	ret = pthread_attr_setaffinity_np(&attr, sizeof(cpus), &cpus);
	if (!ret)
		ret = pthread_create(&t->thread, &attr, bench_main, t);
	pthread_attr_destroy(&attr);
	return -ret;
}

static void bench_cancel(struct bench *b)
{
	pthread_mutex_lock(&b->lock);
	b->cancelled = true;
	pthread_cond_broadcast(&b->changed);
	pthread_mutex_unlock(&b->lock);
}

static int bench_run(struct bench *b, const cpu_set_t *allowed)
{
	struct bench_thread *threads;
	unsigned int started;
	int ret = 0;

	threads = calloc(b->threads, sizeof(*threads));
	if (!threads)
		return -ENOMEM;
	for (started = 0; started < b->threads; started++) {
		threads[started].bench = b;
		threads[started].index = started;
		ret = bench_start(&threads[started], allowed);
		if (ret) {
			bench_cancel(b);
			break;
		}
	}
	while (started--)
		pthread_join(threads[started].thread, NULL);
	free(threads);
	return ret;
}

static void *bench_memory(size_t n, size_t size)
{
	void *p = aligned_alloc(64, n * size);

	/* so that no page is touched first inside a slice */
	if (p)
		memset(p, 0, n * size);
	return p;
}

static int bench_prepare(struct bench *b)
{
	unsigned int i, pairs = (b->threads + 1) / 2;
	int ret;

	ret = acqrel_config_cell_init(&b->config.cell);
	if (ret)
		return ret;
	acqrel_config_defaults(&b->config.values);
	ret = acqrel_counters_init(&b->counter.set, 1);
	if (ret)
		goto destroy_config;
	ret = -ENOMEM;
	b->stats = bench_memory(b->threads, sizeof(*b->stats));
	if (!b->stats)
		goto destroy_counter;
	b->pairs = bench_memory(pairs, sizeof(*b->pairs));
	if (!b->pairs)
		goto free_stats;
	for (i = 0; i < b->threads; i++)
		acqrel_stats_init(&b->stats[i]);
	for (i = 0; i < pairs; i++)
		acqrel_pair_init(&b->pairs[i]);
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->changed, NULL);
	return 0;

free_stats:
	free(b->stats);
destroy_counter:
	acqrel_counters_destroy(&b->counter.set);
destroy_config:
	acqrel_config_cell_destroy(&b->config.cell);
	return ret;
}

static void bench_release(struct bench *b)
{
	pthread_cond_destroy(&b->changed);
	pthread_mutex_destroy(&b->lock);
	free(b->pairs);
	free(b->stats);
	acqrel_counters_destroy(&b->counter.set);
	acqrel_config_cell_destroy(&b->config.cell);
}

/**
 * acqrel_user_bench() - run a case in the user world
 * @name: as acqrel_user_case() gives it
 * @threads: 1 to the CPUs this process may run on, each pinned to its own
 * @slice_ns: length of a slice
 * @slices: how many
 * @out: room for @threads * @slices samples
 * @max: entries in @out
 *
 * Blocks for about @slices * @slice_ns.
 *
 * Return: number of samples, or -errno: -ENOENT for an unknown name, -EINVAL
 * for bad numbers, -ENOSPC if @max is too small.
 */
int acqrel_user_bench(const char *name, unsigned int threads, __u64 slice_ns,
		      unsigned int slices, struct acqrel_sample *out,
		      size_t max)
{
	struct bench b = {
		.c = bench_find(name),
		.threads = threads,
		.slice_ns = slice_ns,
		.slices = slices,
		.out = out,
	};
	cpu_set_t allowed;
	int ret;

	if (!b.c)
		return -ENOENT;
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return -errno;
	if (!threads || threads > (unsigned int)CPU_COUNT(&allowed) ||
	    slice_ns < ACQREL_BENCH_SLICE_MIN_NS ||
	    slice_ns > ACQREL_BENCH_SLICE_MAX_NS ||
	    !slices || slices > ACQREL_BENCH_SLICES_MAX)
		return -EINVAL;
	if (max < (size_t)threads * slices)
		return -ENOSPC;

	ret = bench_prepare(&b);
	if (ret)
		return ret;
	ret = bench_run(&b, &allowed);
	bench_release(&b);
	return ret ? ret : (int)(threads * slices);
}
