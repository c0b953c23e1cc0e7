// SPDX-License-Identifier: GPL-2.0-only
/*
 * engine.c - arms and slices of the user world
 *
 * The threads of a slice are those of the pool on the arm's CPUs. They check in
 * when they are ready; the last one sets the deadline, for which all wait with
 * load on (include/acqrel/bench_slice.h).
 *
 * run.deadline: the deadline is stored when all have checked in, so who sees it
 * sees what the others did before, as in the module.
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

#include "world.h"

#include <acqrel/bench_empty.h>
#include <acqrel/bench_slice.h>

#include "bench/internal.h"
#include "bench/pool.h"
#include "bench/variants.h"
#include "rcu.h"

#define KEPT		(32 << 20)	/* bytes: what glibc takes at most */
#define SPINS		20000		/* before a thread that waits yields */
#define NO_SLICE	(~0ULL)		/* as deadline: a thread has failed */

struct engine {
	struct bench bench;
	struct pool *pool;
	const struct engine_arm *last;	/* that ran a slice */
};

/**
 * struct engine_arm - an arm
 * @arm: the part of both worlds
 * @variant: of the object
 * @op: what is measured
 * @object: made by the variant
 * @has_writer: the last thread writes
 * @slice: that runs
 * @workers: one a thread; their state stays
 * @parts: one a thread
 * @turns: same, for the pool
 */
struct engine_arm {
	struct bench_arm arm;
	const struct acqrel_variant *variant;
	const struct acqrel_op *op;
	void *object;
	bool has_writer;
	struct engine_slice *slice;
	struct acqrel_worker *workers;
	struct engine_part *parts;
	struct pool_turn *turns;
};

/**
 * struct engine_part - what belongs to a thread of an arm
 * @arm: the arm
 * @index: of the thread
 * @sample: what it did in the last slice; on lines of its own, as it is
 *	written after each burst
 */
struct engine_part {
	struct engine_arm *arm;
	u32 index;
	struct acqrel_sample sample ____cacheline_aligned;
};

/**
 * struct engine_slice - a slice that runs
 * @stop: enum acqrel_slice_stop
 * @deadline_ns: the common start, 0: a thread is missing
 * @lock: protects @ready and @error
 * @ready: threads that have checked in
 * @error: of a thread that could not
 * @threads: of the arm
 * @p: how
 */
struct engine_slice {
	u32 stop ____cacheline_aligned;
	u64 deadline_ns ____cacheline_aligned;
	pthread_mutex_t lock;	/* protects what the threads check in */
	u32 ready;
	int error;
	u32 threads;
	const struct acqrel_slice_params *p;
};

static void check_in(struct engine_slice *s, int error)
{
	u64 deadline_ns;

	pthread_mutex_lock(&s->lock);
	if (error)
		s->error = error;
	if (++s->ready == s->threads) {
		deadline_ns = s->error ? NO_SLICE :
			world_clock() + s->p->lead_ns;
		/* pairs with the acquire in await_deadline(): run.deadline */
		smp_store_release(&s->deadline_ns, deadline_ns);
	}
	pthread_mutex_unlock(&s->lock);
}

/* Spins: a thread that slept would wake too late. */
static u64 await_deadline(struct engine_slice *s)
{
	unsigned int spins = 0;
	u64 deadline_ns;

	/* pairs with the release in check_in(): run.deadline */
	while (!(deadline_ns = smp_load_acquire(&s->deadline_ns)))
		if (++spins < SPINS)
			cpu_relax();
		else
			sched_yield();
	return deadline_ns;
}

static void run_slice(struct engine_part *part, u64 deadline_ns)
{
	const struct engine_arm *arm = part->arm;
	struct pool_thread *thread = arm->turns[part->index].thread;
	const struct acqrel_slice_turn t = {
		.op = arm->op,
		.p = arm->slice->p,
		.deadline_ns = deadline_ns,
		.idle = acqrel_burst_empty,
		.has_writer = arm->has_writer,
		.stop = &arm->slice->stop,
		.latency = &thread->latency,
		.scratch = &thread->scratch,
	};

	part->sample.thread = part->index;
	part->sample.deadline_ns = deadline_ns;
	acqrel_slice_run(&arm->workers[part->index], &t, &part->sample.did);
}

static void take_part(void *arg)
{
	struct engine_part *part = arg;
	const struct acqrel_variant *variant = part->arm->variant;
	struct acqrel_worker *w = &part->arm->workers[part->index];
	struct engine_slice *s = part->arm->slice;
	u64 deadline_ns;
	int error = 0;

	w->stop = &s->stop;
	if (variant->enter)
		error = variant->enter(w);
	check_in(s, error);
	deadline_ns = await_deadline(s);
	if (deadline_ns != NO_SLICE)
		run_slice(part, deadline_ns);
	if (!error && variant->leave)
		variant->leave(w);
}

static int slice(struct bench_arm *bench_arm,
		 const struct acqrel_slice_params *p,
		 struct acqrel_sample *samples)
{
	struct engine_arm *arm = (struct engine_arm *)bench_arm;
	struct engine *e = (struct engine *)bench_arm->bench;
	struct engine_slice s = {
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.threads = bench_arm->threads,
		.p = p,
	};

	e->last = NULL;
	arm->slice = &s;
	pool_run(e->pool, arm->turns, bench_arm->threads);
	if (s.error)
		return bench_fail(&e->bench, s.error,
				  "a thread cannot take part in %s:%s: %s",
				  arm->variant->name, arm->op->name,
				  strerror(-s.error));
	e->last = arm;
	for (u32 i = 0; i < bench_arm->threads; i++)
		samples[i] = arm->parts[i].sample;
	if (arm->variant->lost)
		samples[0].did.lost = arm->variant->lost(arm->object,
							 arm->workers,
							 bench_arm->threads);
	return 0;
}

static int latency(struct bench_arm *bench_arm, struct latency_sum *sum)
{
	struct engine_arm *arm = (struct engine_arm *)bench_arm;
	struct engine *e = (struct engine *)bench_arm->bench;

	if (e->last != arm)
		return bench_fail(&e->bench, -ENOENT,
				  "the last slice was not of this arm");
	for (u32 i = 0; i < bench_arm->threads; i++)
		latency_merge(sum, &arm->turns[i].thread->latency);
	return 0;
}

static void free_arm(struct engine_arm *arm)
{
	world_free(arm->workers);
	world_free(arm->parts);
	free(arm->turns);
	free(arm);
}

static void arm_close(struct bench_arm *bench_arm)
{
	struct engine_arm *arm = (struct engine_arm *)bench_arm;
	struct engine *e = (struct engine *)bench_arm->bench;

	if (e->last == arm)
		e->last = NULL;
	arm->variant->destroy(arm->object);
	free_arm(arm);
}

/* A CPU that is used for the first time must have the clock of the others. */
static int get_thread(struct engine *e, u32 cpu, struct pool_thread **thread)
{
	int rc = pool_thread(e->pool, cpu, thread);

	/* containers refuse it with all sorts of errors */
	if (rc < 0 && rc != -EINVAL && rc != -ENOMEM && rc != -EAGAIN)
		return bench_fail(&e->bench, -EPERM,
				  "cannot pin a thread to CPU %u (%s); where threads move, times say nothing",
				  cpu, strerror(-rc));
	if (rc < 0)
		return bench_fail(&e->bench, rc,
				  "cannot pin a thread to CPU %u: %s", cpu,
				  strerror(-rc));
	if (rc && *thread != pool_first(e->pool))
		bench_clock_compare(e->pool, pool_first(e->pool), *thread);
	return 0;
}

static int get_threads(struct engine *e, struct engine_arm *arm,
		       const __u32 *cpus)
{
	int rc = 0;

	for (u32 i = 0; !rc && i < arm->arm.threads; i++) {
		arm->parts[i].arm = arm;
		arm->parts[i].index = i;
		arm->turns[i].run = take_part;
		arm->turns[i].arg = &arm->parts[i];
		rc = get_thread(e, cpus[i], &arm->turns[i].thread);
	}
	return rc;
}

/* what a thread makes of its memory */
struct make {
	const struct acqrel_variant *variant;
	struct acqrel_arm_params params;
	void *object;
	int rc;
};

static void make(void *arg)
{
	struct make *m = arg;

	m->rc = m->variant->create(&m->params, &m->object);
}

/* The thread that touches memory first has it on its node. */
static int make_object(struct engine *e, struct engine_arm *arm, u32 payload)
{
	struct make m = {
		.variant = arm->variant,
		.params = { .threads = arm->arm.threads, .payload = payload },
	};
	const struct pool_turn turn = {
		.thread = arm->turns[0].thread, .run = make, .arg = &m,
	};
	int rc;

	pool_run(e->pool, &turn, 1);
	arm->object = m.object;
	rc = m.rc;
	if (rc)
		return bench_fail(&e->bench, rc, "cannot make a %s: %s",
				  arm->variant->name,
				  rc == -EOPNOTSUPP ?
				  "this machine refuses what it needs" :
				  strerror(-rc));
	for (u32 i = 0; i < arm->arm.threads; i++) {
		struct acqrel_worker *w = &arm->workers[i];

		w->object = arm->object;
		w->threads = arm->arm.threads;
		w->thread = i;
		w->payload = payload;
	}
	return 0;
}

/* frees nothing if it fails */
static int fill_arm(struct engine *e, struct engine_arm *arm,
		    const struct bench_arm_params *p)
{
	arm->workers = world_alloc(p->threads * sizeof(*arm->workers));
	arm->parts = world_alloc(p->threads * sizeof(*arm->parts));
	arm->turns = calloc(p->threads, sizeof(*arm->turns));
	if (!arm->workers || !arm->parts || !arm->turns)
		return bench_fail(&e->bench, -ENOMEM, "%s", strerror(ENOMEM));
	return get_threads(e, arm, p->cpus) ?: make_object(e, arm, p->payload);
}

/**
 * engine_arm_open() - open an arm of the user world
 * @bench: of the user world
 * @variant: what to make
 * @op: of @variant, to measure
 * @p: its CPUs; the name is not looked at
 * @arm: set to the arm
 *
 * Return: 0 or -errno, as of bench_arm_open().
 */
int engine_arm_open(struct bench *bench, const struct acqrel_variant *variant,
		    const struct acqrel_op *op,
		    const struct bench_arm_params *p, struct bench_arm **arm)
{
	struct engine *e = (struct engine *)bench;
	struct engine_arm *a = calloc(1, sizeof(*a));
	int rc;

	if (!a)
		return bench_fail(bench, -ENOMEM, "%s", strerror(ENOMEM));
	a->arm.bench = bench;
	a->arm.threads = p->threads;
	a->variant = variant;
	a->op = op;
	a->has_writer = p->writes;
	rc = fill_arm(e, a, p);
	if (rc) {
		free_arm(a);
		return rc;
	}
	*arm = &a->arm;
	return 0;
}

static void case_name(char *name, const struct acqrel_variant *variant,
		      const struct acqrel_op *op)
{
	snprintf(name, ACQREL_NAME_MAX + 1, "%s:%s", variant->name, op->name);
}

static void fill_case(struct bench_case *c,
		      const struct acqrel_variant *variant,
		      const struct acqrel_op *op)
{
	case_name(c->name, variant, op);
	c->flags = op->flags;
	c->threads = op->threads ?: 1;
	c->threads_max = op->threads_max;
	c->payload = op->payload;
	c->payload_max = op->payload_max ?: op->payload;
	c->slice_ns = op->slice_ns;
	c->writes = op->writer;
	if (op->bound)
		snprintf(c->bound, sizeof(c->bound), "%s", op->bound);
	c->bound_times = op->bound_times;
}

static int cases(struct bench *bench, struct bench_case **cases, size_t *n)
{
	const struct acqrel_variant *const *v;
	const struct acqrel_op *op;
	struct bench_case *c;

	*n = 0;
	for (v = bench_variants; *v; v++)
		for (op = (*v)->ops; op->name; op++)
			++*n;
	c = calloc(*n, sizeof(*c));
	if (!c)
		return bench_fail(bench, -ENOMEM, "%s", strerror(ENOMEM));
	*cases = c;
	for (v = bench_variants; *v; v++)
		for (op = (*v)->ops; op->name; op++)
			fill_case(c++, *v, op);
	return 0;
}

static int arm_open(struct bench *bench, const struct bench_arm_params *p,
		    struct bench_arm **arm)
{
	const struct acqrel_variant *const *v;
	const struct acqrel_op *op;
	char name[ACQREL_NAME_MAX + 1];

	for (v = bench_variants; *v; v++)
		for (op = (*v)->ops; op->name; op++) {
			case_name(name, *v, op);
			if (!strcmp(name, p->name))
				return engine_arm_open(bench, *v, op, p, arm);
		}
	return -ENOENT;
}

static void engine_close(struct bench *bench)
{
	struct engine *e = (struct engine *)bench;

	pool_close(e->pool);
	free(e);
}

static __u64 cpu_ns(const struct bench *bench)
{
	return pool_cpu_ns(((const struct engine *)bench)->pool);
}

static double arm_huge_bytes(const struct bench_arm *bench_arm)
{
	return huge_bytes(((const struct engine_arm *)bench_arm)->object);
}

static const struct bench_ops engine_ops = {
	.close = engine_close,
	.cases = cases,
	.arm_open = arm_open,
	.arm_close = arm_close,
	.slice = slice,
	.latency = latency,
	.cpu_ns = cpu_ns,
	.huge_bytes = arm_huge_bytes,
};

/*
 * What an arm has freed stays in the arena of the thread that allocates it
 * again: after the warm-up no slice asks the kernel for memory.
 */
static void keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, KEPT);
	mallopt(M_MMAP_THRESHOLD, KEPT);
}

/**
 * engine_open() - the bench of the user world
 *
 * The process's thread for callbacks is made here, if there is none yet, and
 * may run where the caller may: not pinned to a CPU that is measured.
 *
 * Return: the bench, or NULL without memory.
 */
struct bench *engine_open(void)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->bench.ops = &engine_ops;
	e->pool = pool_open();
	if (!e->pool) {
		free(e);
		return NULL;
	}
	keep_memory();
	bench_clock_choose();
	/* made by the first call_rcu() it would be pinned like its caller */
	get_default_call_rcu_data();
	return &e->bench;
}
