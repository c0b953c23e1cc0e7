// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_run.c - measuring the cells of a plan
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "clock.h"
#include "env.h"
#include "plan_internal.h"
#include "verdict.h"

#define KNOWN_S		1.0	/* after this the pace of the run is known */

static double elapsed_s(const struct plan_run *run)
{
	return (acqrel_clock() - run->began_ns) / 1e9;
}

static void tell(const struct plan_run *run)
{
	const struct plan *plan = run->plan;
	double all = fmax(plan->seconds, run->done_s);
	double took = elapsed_s(run);
	double pace = took > KNOWN_S && run->done_s > 0 ?
		took / run->done_s : 1;

	if (plan->progress)
		plan->progress(plan, run->done_s / all,
			       (all - run->done_s) * pace);
}

static __u64 write_period_ns(__u64 rate)
{
	return !rate || rate == RESULT_WRITE_MAX ? 0 :
		ACQREL_NSEC_PER_SEC / rate;
}

static void count_kernel(struct plan_run *run, const struct cell *cell,
			 const struct acqrel_sample *samples)
{
	const struct plan_params *p = &run->plan->params;

	if (cell->world != WORLD_KERNEL)
		return;
	for (__u32 i = 0; i < cell->threads; i++)
		run->kernel_ns += samples[i].did.end_ns -
			samples[i].did.start_ns + p->lead_ns +
			cell->slice_ns / 8;
}

/**
 * plan_slice() - run a slice of a cell
 * @run: its arm is open
 * @cell: index
 * @chunk: operations of a burst, 0: the case's own
 * @samples: filled, one a thread
 *
 * Return: 0, -ECANCELED if the plan was stopped, or -errno.
 */
int plan_slice(struct plan_run *run, unsigned int cell, __u32 chunk,
	       struct acqrel_sample *samples)
{
	struct plan *plan = run->plan;
	const struct cell *c = &plan->result->cells[cell];
	const struct acqrel_slice_params p = {
		.slice_ns = c->slice_ns,
		.lead_ns = plan->params.lead_ns,
		.pace_ns = c->pace_ns,
		.write_period_ns = write_period_ns(c->write_rate),
		.mode = c->mode,
		.chunk = chunk,
		.plant = c->plant,
		.late_ns = plan->params.late_ns,
	};
	struct load_clocks from, to;
	int rc;

	if (plan->stop && plan->stop())
		return -ECANCELED;
	tell(run);
	load_clocks(&from);
	rc = bench_slice(run->arms[cell], &p, samples);
	load_clocks(&to);
	if (rc) {
		plan->failed = plan->bench[c->world];
		return rc;
	}
	run->jumped = load_suspended(&from, &to, c->cost_s * 1e9);
	run->done_s += c->cost_s;
	count_kernel(run, c, samples);
	return 0;
}

static int open_arms(struct plan_run *run)
{
	struct plan *plan = run->plan;
	int rc = 0;

	for (unsigned int i = 0; !rc && i < plan->result->ncells; i++) {
		struct cell *cell = &plan->result->cells[i];
		const struct bench_arm_params p = {
			.name = cell->name,
			.cpus = cell->cpus,
			.threads = cell->threads,
			.payload = cell->payload,
			.writes = cell->write_rate,
		};

		rc = bench_arm_open(plan->bench[cell->world], &p,
				    &run->arms[i]);
		if (rc)
			plan->failed = plan->bench[cell->world];
		else
			cell->huge_bytes = bench_arm_huge_bytes(run->arms[i]);
	}
	return rc;
}

static void close_arms(struct plan_run *run)
{
	for (unsigned int i = 0; i < run->plan->result->ncells; i++) {
		if (run->arms[i])
			bench_arm_close(run->arms[i]);
		run->arms[i] = NULL;
	}
}

/*
 * Whether a run should end for what others are to have of the duration. With
 * fewer blocks than a verdict needs it would tell nothing.
 */
static bool is_late(const struct plan_run *run, __u32 repeat)
{
	const struct plan *plan = run->plan;
	double share = (repeat + 1.0) / plan->params.repeat;

	return plan->limit_s > 0 && elapsed_s(run) > share * plan->limit_s;
}

static int run_once(struct plan_run *run, __u32 repeat)
{
	__u32 blocks = run->plan->params.blocks;
	int rc = open_arms(run) ?: plan_warm(run);

	run->repeat = repeat;
	if (!rc && !repeat)
		rc = plan_bend(run);
	for (__u32 i = 0; !rc && i < blocks; i++) {
		if (i >= VERDICT_BLOCKS_MIN && is_late(run, repeat))
			break;
		rc = plan_block(run, run->blocks);
		run->blocks += !rc;
	}
	run->threads_ns += load_threads_ns(&run->load);
	close_arms(run);
	return rc;
}

static int make_room(const struct result *result)
{
	for (unsigned int i = 0; i < result->ncells; i++) {
		struct cell *cell = &result->cells[i];

		cell->slices = calloc((size_t)PLAN_TWICE * result->blocks,
				      sizeof(*cell->slices));
		if (!cell->slices)
			return -ENOMEM;
	}
	return 0;
}

static unsigned int allowed_cpus(void)
{
	unsigned int cpus[PLAN_CPUS_MAX];

	return env_allowed_cpus(cpus, PLAN_CPUS_MAX);
}

static int begin(struct plan_run *run)
{
	const struct result *result = run->plan->result;
	__u32 threads = 0;

	for (unsigned int i = 0; i < result->ncells; i++) {
		const struct cell *cell = &result->cells[i];

		if (cell->threads > threads)
			threads = cell->threads;
		for (__u32 t = 0; t < cell->threads; t++)
			load_use(&run->load, cell->cpus[t]);
	}
	run->arms = calloc(result->ncells, sizeof(*run->arms));
	run->order = calloc(result->ncells, sizeof(*run->order));
	run->chunks = calloc(result->ncells, sizeof(*run->chunks));
	run->burst_ns = calloc(result->ncells, sizeof(*run->burst_ns));
	run->shorter = calloc(result->ncells, sizeof(*run->shorter));
	run->samples = calloc(threads, sizeof(*run->samples));
	if (!run->arms || !run->order || !run->chunks || !run->burst_ns ||
	    !run->shorter || !run->samples)
		return -ENOMEM;
	for (unsigned int i = 0; i < result->ncells; i++)
		run->order[i] = i;
	run->all_cpus = run->load.ncpus == allowed_cpus();
	return make_room(result);
}

static void end(struct plan_run *run)
{
	free(run->arms);
	free(run->order);
	free(run->chunks);
	free(run->burst_ns);
	free(run->shorter);
	free(run->samples);
}

/**
 * plan_run() - measure
 * @plan: made; its result is filled
 *
 * Context: may take minutes.
 * Return: 0 or -errno, which @plan->failed explains if it is there. Whole blocks
 * stay in the result whatever happens: -ECANCELED if @plan->stop said so.
 */
int plan_run(struct plan *plan)
{
	struct plan_run run = {
		.plan = plan,
		.state = plan->params.seed,
		.load = { .root = "" },
		.began_ns = acqrel_clock(),
	};
	struct result *result = plan->result;
	struct load_mark from;
	int rc = begin(&run);

	plan_mark(&run, &from);
	for (__u32 i = 0; !rc && i < plan->params.repeat; i++)
		rc = run_once(&run, i);
	rc = plan_judge(&run, &from) ?: rc;
	if (!rc && run.blocks < result->blocks)
		result_warn(result,
			    "Slices took longer than planned: %u of %u blocks fitted into the time.",
			    run.blocks, result->blocks);
	result->blocks = run.blocks;
	end(&run);
	return rc;
}
