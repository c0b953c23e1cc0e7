// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_support.c - cells that the figures of others need
 *
 * A bound is what the hardware needs, so it is timed in long bursts, without a
 * look at the clock for each operation, whatever the mode of the run.
 *
 * A control is a second copy of a cell: what an interval between the two
 * shows is the noise of equal arms. There is one for each world, primitive,
 * number of threads and placement, with and without a writer, as noise depends
 * on what is contended, and from where. Of several cases it is one in which
 * threads write the same line, if there is one: that of a quiet case would be
 * too low a floor for it. It stands beside unlike arms, at least the empty
 * loop: two arms alone would share caches and branch history that no other arm
 * of the run finds.
 */
#include <errno.h>
#include <string.h>

#include "plan_internal.h"

static const struct plan_case *case_of(const struct plan_maker *maker,
				       const struct cell *cell)
{
	return plan_find_case(maker, cell->world, cell->name);
}

/* As include/acqrel/bench_slice.h gives threads their roles. */
static __u32 measured_threads(const struct plan_maker *maker,
			      const struct cell *cell)
{
	__u32 load = cell->threads - !!cell->write_rate;

	if (!case_of(maker, cell)->partners || load == 1)
		return load;
	if (cell->flags & ACQREL_OP_PAIRS)
		return load / 2;
	return (load + 1) / 2;
}

static int add_bound(struct plan_maker *maker, unsigned int i)
{
	struct result *result = maker->plan->result;
	const struct bench_case *limited = &case_of(maker,
						    &result->cells[i])->c;
	enum world world = result->cells[i].world;
	struct plan_case *bound = plan_find_case(maker, world, limited->bound);
	struct cell *cell;
	int rc, at;

	/* a lone thread is not limited by what takes two */
	if (!bound || bound->c.threads > result->cells[i].threads -
	    !!result->cells[i].write_rate)
		return 0;
	rc = plan_probe(maker, world, bound);
	if (rc || bound->refused)
		return rc;
	cell = plan_add_cell(maker, world, bound, ACQREL_BENCH_RATE,
			     bound->c.threads, result->cells[i].cpus);
	if (!cell)
		return -ENOMEM;
	plan_set_payload(cell, &bound->c, bound->c.payload);
	at = plan_find_cell(result, cell);
	if (at != (int)result->ncells - 1)
		plan_drop_cell(result);
	result->cells[i].bound = at;
	return 0;
}

static int add_empty(struct plan_maker *maker, unsigned int i)
{
	struct result *result = maker->plan->result;
	enum world world = result->cells[i].world;
	struct plan_case *empty = plan_find_case(maker, world, RESULT_EMPTY);
	__u32 n = measured_threads(maker, &result->cells[i]);
	__u32 step = 1 + case_of(maker, &result->cells[i])->partners;
	__u32 cpus[PLAN_CPUS_MAX];
	struct cell *cell;
	int rc, at;

	if (!strcmp(result->cells[i].name, RESULT_EMPTY))
		return 0;
	if (!empty)
		return -ENOENT;
	rc = plan_probe(maker, world, empty);
	if (rc)
		return rc;
	for (__u32 t = 0; t < n; t++)
		cpus[t] = result->cells[i].cpus[t * step];
	cell = plan_add_cell(maker, world, empty, result->cells[i].mode, n,
			     cpus);
	if (!cell)
		return -ENOMEM;
	at = plan_find_cell(result, cell);
	if (at != (int)result->ncells - 1)
		plan_drop_cell(result);
	result->cells[i].empty = at;
	return 0;
}

static bool same_group(const struct cell *a, const struct cell *b)
{
	size_t primitive = strcspn(a->name, "/") + 1;

	return a->world == b->world && a->threads == b->threads &&
		!a->write_rate == !b->write_rate &&
		!strcmp(a->placement, b->placement) &&
		!strncmp(a->name, b->name, primitive);
}

/* Whether what bounds a case is a locked operation on a line of all threads. */
static bool contends(const struct plan_maker *maker, const struct cell *cell)
{
	static const char *const own_lines[] = {
		"counter/percpu", "counter/padded", "counter/getcpu",
		"stats/mutex:write", "stats/rwlock:write",
		"stats/spinlock:write",
	};
	const char *bound = case_of(maker, cell)->c.bound;

	for (size_t i = 0; i < ARRAY_SIZE(own_lines); i++)
		if (!strncmp(cell->name, own_lines[i], strlen(own_lines[i])))
			return false;
	return cell->threads > 1 && (!strcmp(bound, "floor/cpu:add_locked") ||
				     !strcmp(bound, "floor/cpu:cas"));
}

/* The lower the better: sleep says more of the scheduler than of the case. */
static int rank(const struct plan_maker *maker, const struct cell *cell)
{
	return 2 * !!(cell->flags & ACQREL_OP_SLEEPS) + !contends(maker, cell);
}

/* Whether a cell comes before all others that could be its group's control. */
static bool represents(const struct plan_maker *maker, unsigned int n,
		       unsigned int i)
{
	const struct cell *cells = maker->plan->result->cells;
	int own = rank(maker, &cells[i]);

	for (unsigned int j = 0; j < n; j++) {
		int others;

		if (j == i || !same_group(&cells[i], &cells[j]))
			continue;
		others = rank(maker, &cells[j]);
		if (others < own || (others == own && j < i))
			return false;
	}
	return true;
}

static int add_controls(struct plan_maker *maker, unsigned int n)
{
	struct result *result = maker->plan->result;

	for (unsigned int i = 0; i < n; i++) {
		struct cell *twin;

		if (!represents(maker, n, i) ||
		    !strcmp(result->cells[i].name, RESULT_EMPTY))
			continue;
		twin = plan_add_twin(maker, i);
		if (!twin)
			return -ENOMEM;
		twin->control = i;
	}
	return 0;
}

/**
 * plan_support() - add controls, bounds and empty loops to what was asked for
 * @maker: its cells are those asked for
 *
 * Return: 0 or -errno: -ENOENT if a world has no empty loop.
 */
int plan_support(struct plan_maker *maker)
{
	struct result *result = maker->plan->result;
	unsigned int n = result->ncells;
	int rc = add_controls(maker, n);

	n = result->ncells;
	for (unsigned int i = 0; !rc && i < n; i++)
		if (maker->plan->params.bounds)
			rc = add_bound(maker, i);
	n = result->ncells;
	for (unsigned int i = 0; !rc && i < n; i++)
		rc = add_empty(maker, i);
	return rc;
}
