/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A variant that counts what the engine does to it, and arms made of it.
 */
#ifndef ACQREL_TESTS_BENCH_PROBE_H
#define ACQREL_TESTS_BENCH_PROBE_H

#include <errno.h>
#include <sched.h>

#include "world.h"

#include <acqrel/bench_slice.h>

#include "bench.h"
#include "bench/internal.h"
#include "ktap.h"

#define SLICE_NS	1000000
#define LEAD_NS		300000
#define THREADS_MAX	4

/**
 * struct probe - an object that counts
 * @threads: what each thread did
 * @threads.ops: operations of its own kind that were executed
 * @threads.partner: of the other kind
 * @threads.writes: of the writer
 * @threads.entered: less those that left
 * @threads.slices: in which it took part
 * @enter_fails: thread whose enter() fails, from 1
 * @level: items between the operation and its partner, if it is alone
 * @lost: what lost() returns
 */
struct probe {
	struct {
		u64 ops;
		u64 partner;
		u64 writes;
		int entered;
		u64 slices;
	} ____cacheline_aligned threads[THREADS_MAX];
	u32 enter_fails;
	u64 level;
	u64 lost;
};

/* the one that was made last */
static struct probe *probe;
static unsigned int probes;
static int create_error;

static int probe_create(const struct acqrel_arm_params *p, void **object)
{
	if (create_error)
		return create_error;
	check(p->threads <= THREADS_MAX);
	probe = world_alloc(sizeof(*probe));
	*object = probe;
	probes++;
	return probe ? 0 : -ENOMEM;
}

static void probe_destroy(void *object)
{
	world_free(object);
	probes--;
}

static int probe_enter(struct acqrel_worker *w)
{
	struct probe *p = w->object;

	if (w->thread + 1 == p->enter_fails)
		return -EAGAIN;
	p->threads[w->thread].entered++;
	p->threads[w->thread].slices++;
	return 0;
}

static void probe_leave(struct acqrel_worker *w)
{
	struct probe *p = w->object;

	p->threads[w->thread].entered--;
}

static u64 probe_lost(void *object, const struct acqrel_worker *workers,
		      unsigned int n)
{
	struct probe *p = object;

	for (unsigned int i = 0; i < n; i++) {
		check_eq(workers[i].thread, i);
		check_eq(p->threads[i].entered, 0);
		check_eq(workers[i].position, p->threads[i].ops);
	}
	return p->lost;
}

/* every third fails */
static u64 probe_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;
	u64 failed = 0;

	check(n > 0);
	for (u64 i = 0; i < n; i++)
		failed += ++w->position % 3 == 0;
	p->threads[w->thread].ops += n;
	return failed;
}

static u64 partner_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;

	p->threads[w->thread].partner += n;
	return 0;
}

static u64 writer_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;

	p->threads[w->thread].writes += n;
	return 0;
}

/* A bounded store: it fails when it is full, taking when it is empty. */
static u64 fill_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;
	u64 room = 100 - p->level, done = n < room ? n : room;

	p->level += done;
	w->position += n;
	p->threads[w->thread].ops += n;
	return n - done;
}

static u64 take_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;
	u64 done = n < p->level ? n : p->level;

	p->level -= done;
	p->threads[w->thread].partner += n;
	return n - done;
}

/* notes what it is told to, as an operation that times itself */
static u64 record_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;

	for (u64 i = 0; i < n; i++)
		acqrel_latency_add(w->latency, 1000);
	w->position += n;
	p->threads[w->thread].ops += n;
	w->retries += n;
	w->fill_sum += 3 * n;
	w->fill_n += n;
	w->violations++;
	return 0;
}

static u64 slow_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;

	for (u64 i = 0; i < n; i++)
		for (int j = 0; j < 100; j++)
			barrier();
	w->position += n;
	p->threads[w->thread].ops += n;
	return 0;
}

enum { LOOP, PAIRED, FED, SETTLED, RECORDED, SLOW };

static const struct acqrel_op ops[] = {
	[LOOP] = {
		.name = "loop", .burst = probe_burst, .writer = writer_burst,
		.chunk = 100
	},
	[PAIRED] = {
		.name = "paired", .burst = probe_burst,
		.partner = partner_burst, .writer = writer_burst,
		.flags = ACQREL_OP_PAIRS
	},
	[FED] = {
		.name = "fed", .burst = probe_burst, .partner = partner_burst,
		.flags = ACQREL_OP_FEEDS
	},
	[SETTLED] = {
		.name = "settled", .burst = fill_burst, .partner = take_burst,
		.flags = ACQREL_OP_SETTLES, .chunk = 50
	},
	[RECORDED] = {
		.name = "recorded", .burst = record_burst,
		.flags = ACQREL_OP_RECORDS
	},
	[SLOW] = { .name = "slow", .burst = slow_burst, .chunk = 100 },
	{ }
};

static const struct acqrel_variant variant = {
	.name = "probe/probe",
	.ops = ops,
	.create = probe_create,
	.destroy = probe_destroy,
	.enter = probe_enter,
	.leave = probe_leave,
	.lost = probe_lost,
};

static struct bench *bench;
static u32 cpus[THREADS_MAX];
static unsigned int ncpus;
static struct acqrel_sample samples[THREADS_MAX];

static void find_cpus(void)
{
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	for (u32 i = 0; i < CPU_SETSIZE && ncpus < THREADS_MAX; i++)
		if (CPU_ISSET(i, &set))
			cpus[ncpus++] = i;
}

static struct bench_arm *arm_of(int op, u32 threads, bool writes)
{
	const struct bench_arm_params p = {
		.cpus = cpus, .threads = threads, .writes = writes
	};
	struct bench_arm *arm = NULL;

	if (!bench)
		check_eq(bench_open(WORLD_USER, NULL, &bench), 0);
	check_eq(engine_arm_open(bench, &variant, &ops[op], &p, &arm), 0);
	return arm;
}

static void run(struct bench_arm *arm, const struct acqrel_slice_params *more)
{
	struct acqrel_slice_params p = *more;

	p.slice_ns = p.slice_ns ?: SLICE_NS;
	p.lead_ns = p.lead_ns ?: LEAD_NS;
	memset(samples, 0xff, sizeof(samples));
	check_eq(bench_slice(arm, &p, samples), 0);
}

static const struct acqrel_slice_params plain = { 0 };

static void check_sample(const struct acqrel_sample *s, u32 thread)
{
	const struct acqrel_slice *did = &s->did;

	check_eq(s->thread, thread);
	check_eq(s->deadline_ns, samples[0].deadline_ns);
	check_eq(did->cpu, cpus[thread]);
	check(did->start_ns >= s->deadline_ns);
	check(did->end_ns >= s->deadline_ns + SLICE_NS);
	check(did->busy_ns > 0);
	check(did->busy_ns <= did->end_ns - did->start_ns);
	check(did->bursts > 0);
}

#endif /* ACQREL_TESTS_BENCH_PROBE_H */
