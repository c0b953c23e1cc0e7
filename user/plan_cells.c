// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_cells.c - the cells of a case
 *
 * A case is expanded over numbers of threads, payloads and write rates. It
 * takes part only where that makes sense; what does not is counted.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan_internal.h"

#define FEED_PACE_NS	1000

static void leave_out(struct plan_maker *maker, enum plan_left why,
		      const struct bench_case *c)
{
	if (!maker->left[why]++)
		strcpy(maker->left_name[why], c->name);
}

/**
 * plan_find_cell() - a cell that measures the same
 * @result: where to look
 * @like: a cell, which may be one of them
 *
 * Return: index of the first such cell, or -1.
 */
int plan_find_cell(const struct result *result, const struct cell *like)
{
	for (unsigned int i = 0; i < result->ncells; i++) {
		const struct cell *c = &result->cells[i];

		if (c->world == like->world && !strcmp(c->name, like->name) &&
		    c->threads == like->threads &&
		    c->payload == like->payload &&
		    c->write_rate == like->write_rate &&
		    c->mode == like->mode &&
		    !memcmp(c->cpus, like->cpus,
			    c->threads * sizeof(*c->cpus)))
			return i;
	}
	return -1;
}

/*
 * Where a partner feeds, what is asked for is how long one item takes, not how
 * long a queue is. Rates have no pace of their own.
 */
static __u64 pace_of(const struct plan_params *p, const struct plan_case *c,
		     __u32 mode)
{
	bool fed = c->c.flags & ACQREL_OP_FEEDS;

	if (!fed && mode != ACQREL_BENCH_LATENCY)
		return 0;
	if (p->pace_ns != PLAN_PACE_DEFAULT)
		return p->pace_ns;
	return fed ? FEED_PACE_NS : 0;
}

/**
 * plan_add_cell() - append a cell that may be there already
 * @maker: the plan
 * @world: where it runs
 * @c: probed
 * @mode: enum acqrel_bench_mode
 * @threads: load and writer included
 * @cpus: one a thread
 *
 * Return: the cell, without payload and write rate, or NULL without memory.
 */
struct cell *plan_add_cell(struct plan_maker *maker, enum world world,
			   struct plan_case *c, __u32 mode, __u32 threads,
			   const __u32 *cpus)
{
	const struct plan_params *p = &maker->plan->params;
	struct cell *cell = result_add_cell(maker->plan->result);
	__u64 slice_ns = p->slice_ns;

	if (!cell)
		return NULL;
	if (c->c.slice_ns > slice_ns)
		slice_ns = c->c.slice_ns;
	if (slice_ns > ACQREL_BENCH_SLICE_MAX_NS)
		slice_ns = ACQREL_BENCH_SLICE_MAX_NS;
	cell->world = world;
	strcpy(cell->name, c->c.name);
	cell->flags = c->c.flags;
	cell->threads = threads;
	cell->mode = mode;
	cell->pace_ns = pace_of(p, c, mode);
	cell->slice_ns = slice_ns;
	cell->bound_times = c->c.bound_times;
	cell->cost_s = (p->lead_ns + slice_ns + slice_ns / 8) / 1e9 +
		c->overhead_s;
	snprintf(cell->placement, sizeof(cell->placement), "%s",
		 placement_name(&maker->placement, cpus, threads));
	cell->cpus = calloc(threads, sizeof(*cell->cpus));
	if (!cell->cpus)
		return NULL;
	memcpy(cell->cpus, cpus, threads * sizeof(*cpus));
	return cell;
}

/**
 * plan_set_payload() - give a cell its payload, and the bound that it then has
 * @cell: added
 * @c: its case, which says how often the bound is needed for its usual payload
 * @payload: bytes; 0 if @c has none
 *
 * What is bound by loads needs one for each word; a lock is taken once for all.
 */
void plan_set_payload(struct cell *cell, const struct bench_case *c,
		      __u32 payload)
{
	cell->payload = payload;
	if (c->payload && !strcmp(c->bound, "floor/cpu:load"))
		cell->bound_times = (__u64)c->bound_times * payload /
			c->payload;
}

/**
 * plan_drop_cell() - take back the last cell
 * @result: whose cell was never measured
 */
void plan_drop_cell(struct result *result)
{
	free(result->cells[--result->ncells].cpus);
}

/**
 * plan_add_twin() - append another cell like one that is there
 * @maker: the plan
 * @of: index of the first one
 *
 * Return: the cell, or NULL without memory.
 */
struct cell *plan_add_twin(struct plan_maker *maker, unsigned int of)
{
	const struct result *result = maker->plan->result;
	const struct cell *first = &result->cells[of];
	struct plan_case *c = plan_find_case(maker, first->world, first->name);
	struct cell *twin;

	twin = plan_add_cell(maker, first->world, c, first->mode,
			     first->threads, first->cpus);
	if (!twin)
		return NULL;
	first = &result->cells[of];
	plan_set_payload(twin, &c->c, first->payload);
	twin->write_rate = first->write_rate;
	return twin;
}

static int add_planted(struct plan_maker *maker)
{
	struct cell *twin;

	twin = plan_add_twin(maker, maker->plan->result->ncells - 1);
	if (!twin)
		return -ENOMEM;
	twin->plant = maker->plan->params.plant;
	return 0;
}

static int add_placed(struct plan_maker *maker, enum world world,
		      struct plan_case *c, __u32 threads, __u32 payload,
		      __u64 write_rate, const __u32 *cpus)
{
	const struct plan_params *p = &maker->plan->params;
	struct result *result = maker->plan->result;
	struct cell *cell;
	int rc;

	rc = plan_probe(maker, world, c);
	if (rc || c->refused)
		return rc;
	cell = plan_add_cell(maker, world, c, p->mode, threads, cpus);
	if (!cell)
		return -ENOMEM;
	plan_set_payload(cell, &c->c, payload);
	cell->write_rate = write_rate;
	if (plan_find_cell(result, cell) != (int)result->ncells - 1) {
		plan_drop_cell(result);
		return 0;
	}
	if (p->planted && !strcmp(p->planted, c->c.name))
		return add_planted(maker);
	return 0;
}

/* All CPUs, or what the case can use of them. */
static __u32 resolve_threads(const struct plan_maker *maker,
			     const struct bench_case *c, __u32 threads,
			     bool writes)
{
	__u32 all = maker->placement.n - writes;

	if (threads == PLAN_THREADS_MIN)
		return c->threads;
	if (threads)
		return threads;
	return c->threads_max && c->threads_max < all ? c->threads_max : all;
}

/* LEFT_COUNT if so many threads make sense */
static enum plan_left check_threads(const struct plan_maker *maker,
				    const struct bench_case *c, __u32 threads,
				    bool writes)
{
	if (c->threads + writes > maker->placement.n)
		return LEFT_CPUS;
	if (threads < c->threads)
		return LEFT_FEW;
	if (c->threads_max && threads > c->threads_max)
		return LEFT_MANY;
	return threads + writes > maker->placement.n ? LEFT_CPUS : LEFT_COUNT;
}

/* @distance: name of a class, NULL: the CPUs as they come */
static int add_distance(struct plan_maker *maker, enum world world,
			struct plan_case *c, __u32 threads, __u32 payload,
			__u64 write_rate, const char *distance)
{
	__u32 cpus[PLAN_CPUS_MAX];
	int rc;

	rc = placement_choose(&maker->placement, distance, threads, cpus);
	if (rc == -ERANGE) {
		leave_out(maker, LEFT_DISTANCE, &c->c);
		return 0;
	}
	return rc ?: add_placed(maker, world, c, threads, payload, write_rate,
				cpus);
}

/* A cell for each class of distance that is wanted. */
static int add_distances(struct plan_maker *maker, enum world world,
			 struct plan_case *c, __u32 threads, __u32 payload,
			 __u64 write_rate)
{
	const char *wanted = maker->plan->params.placement;
	const struct placement *p = &maker->placement;
	int rc = 0;

	if (!wanted || strcmp(wanted, PLAN_PLACEMENT_ALL))
		return add_distance(maker, world, c, threads, payload,
				    write_rate, wanted);
	if (threads == 1)
		return add_distance(maker, world, c, threads, payload,
				    write_rate, NULL);
	for (unsigned int i = 0; !rc && i < p->nclasses; i++)
		rc = add_distance(maker, world, c, threads, payload,
				  write_rate, p->classes[i].name);
	return rc;
}

static int add_threads(struct plan_maker *maker, enum world world,
		       struct plan_case *c, __u32 threads, __u32 payload,
		       __u64 write_rate)
{
	bool writes = write_rate;
	enum plan_left why;

	threads = resolve_threads(maker, &c->c, threads, writes);
	why = check_threads(maker, &c->c, threads, writes);
	if (why == LEFT_COUNT)
		return add_distances(maker, world, c, threads + writes,
				     payload, write_rate);
	leave_out(maker, why, &c->c);
	return 0;
}

static bool payload_fits(const struct bench_case *c, __u32 payload)
{
	__u32 max = c->payload_max ?: c->payload;

	return payload % 8 == 0 && payload <= max;
}

static int add_rates(struct plan_maker *maker, enum world world,
		     struct plan_case *c, __u32 threads, __u32 payload)
{
	const struct plan_params *p = &maker->plan->params;
	int rc = 0;

	for (unsigned int i = 0; !rc && i < p->nwrite_rates; i++) {
		if (p->write_rates[i] && !c->c.writes)
			leave_out(maker, LEFT_WRITER, &c->c);
		else
			rc = add_threads(maker, world, c, threads, payload,
					 p->write_rates[i]);
	}
	return rc;
}

/* A case without a payload is the same with any. */
static int add_payloads(struct plan_maker *maker, enum world world,
			struct plan_case *c, __u32 threads)
{
	const struct plan_params *p = &maker->plan->params;
	int rc = 0;

	if (!c->c.payload)
		return add_rates(maker, world, c, threads, 0);
	for (unsigned int i = 0; !rc && i < p->npayloads; i++) {
		if (!payload_fits(&c->c, p->payloads[i]))
			leave_out(maker, LEFT_PAYLOAD, &c->c);
		else
			rc = add_rates(maker, world, c, threads,
				       p->payloads[i] ?: c->c.payload);
	}
	return rc;
}

/**
 * plan_add_case() - append the cells of a case
 * @maker: the plan
 * @world: where it runs
 * @c: the case
 *
 * Return: 0 or -errno.
 */
int plan_add_case(struct plan_maker *maker, enum world world,
		  struct plan_case *c)
{
	const struct plan_params *p = &maker->plan->params;
	int rc = 0;

	for (unsigned int i = 0; !rc && i < p->nthreads; i++)
		rc = add_payloads(maker, world, c, p->threads[i]);
	return rc;
}
