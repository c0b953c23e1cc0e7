// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_run.c - measure all arms interleaved
 *
 * A block runs the arms in a random order and then in its reverse (ABBA), so
 * that what drifts during a block hits all of them alike. A fixed order would
 * let a periodic disturbance pass for a difference.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "compare.h"

#define LOOK_MS		1000
#define SLICES_PER_BLOCK 2

static int explained(struct compare_plan *plan, int rc)
{
	plan->explained = rc < 0;
	return rc;
}

/* Returns 1 when the run has ended, 0 when it is worth a look. */
static int bench_wait(struct acqrel_client *client, __u32 run, __s32 *status)
{
	struct acqrel_notice notice;
	int rc;

	while ((rc = acqrel_client_event(client, &notice)) == 1)
		if (notice.cmd == ACQREL_CMD_BENCH_NTF &&
		    notice.bench.run == run) {
			*status = notice.bench.status;
			return 1;
		}
	if (rc)
		return rc == -ENOBUFS ? 0 : rc;
	rc = interrupt_poll(acqrel_client_events_fd(client), LOOK_MS);
	return rc < 0 ? rc : 0;
}

/* The message that a run ended can be lost; then asking for it helps. */
static int bench_samples(struct compare_plan *plan, __u32 run,
			 struct acqrel_sample **samples, size_t *n)
{
	__s32 status = 0;
	int rc;

	do {
		rc = bench_wait(plan->client, run, &status);
		if (rc < 0)
			return explained(plan, rc);
		if (status)
			return status;
		if (interrupt_seen())
			return -ECANCELED;
		rc = acqrel_client_bench_get(plan->client, run, samples, n);
	} while (rc == -EBUSY);
	return explained(plan, rc);
}

/* The kernel world's acqrel_user_bench(), for one slice. */
static int kernel_bench(struct compare_plan *plan,
			const struct compare_arm *arm,
			struct acqrel_sample *out)
{
	struct acqrel_sample *samples;
	__u32 run;
	size_t n;
	int rc;

	rc = acqrel_client_bench_start(plan->client, arm->name, arm->threads,
				       plan->slice_ns, 1, &run);
	if (rc)
		return explained(plan, rc);
	rc = bench_samples(plan, run, &samples, &n);
	if (rc)
		return rc;
	for (size_t i = 0; i < n && i < arm->threads; i++)
		out[i] = samples[i];
	free(samples);
	return n;
}

static int measure(struct compare_plan *plan, struct compare_arm *arm,
		   unsigned int block, unsigned int order)
{
	struct compare_slice *slice = &arm->slices[arm->nslices];
	int rc;

	slice->samples = calloc(arm->threads, sizeof(*slice->samples));
	if (!slice->samples)
		return -ENOMEM;
	if (arm->world == WORLD_KERNEL)
		rc = kernel_bench(plan, arm, slice->samples);
	else
		rc = acqrel_user_bench(arm->name, arm->threads, plan->slice_ns,
				       1, slice->samples, arm->threads);
	if (rc >= 0 && rc != (int)arm->threads)
		rc = -EBADMSG;
	if (rc < 0) {
		free(slice->samples);
		slice->samples = NULL;
		return rc;
	}
	slice->block = block;
	slice->order = order;
	slice->overlap = compare_overlap(slice->samples, arm->threads);
	slice->ns = compare_ns(slice->samples, arm->threads);
	slice->attempts = compare_attempts(slice->samples, arm->threads);
	arm->nslices++;
	return 0;
}

static int run_block(struct compare_plan *plan, const unsigned int *order,
		     unsigned int block)
{
	unsigned int n = SLICES_PER_BLOCK * plan->narms;
	int rc = 0;

	for (unsigned int i = 0; !rc && i < n; i++) {
		unsigned int arm = i < plan->narms ? order[i] :
			order[n - 1 - i];

		if (plan->progress)
			plan->progress(block, plan->blocks,
				       (block + (double)i / n) / plan->blocks);
		if (plan->stop && plan->stop())
			return -ECANCELED;
		rc = measure(plan, &plan->arms[arm], block, i);
	}
	return rc;
}

/**
 * compare_run() - measure
 * @plan: prepared
 *
 * Return: 0 or -errno: -ECANCELED if @plan->stop said so.
 */
int compare_run(struct compare_plan *plan)
{
	unsigned int *order = calloc(plan->narms, sizeof(*order));
	__u64 state = plan->seed;
	int rc = 0;

	if (!order)
		return -ENOMEM;
	for (unsigned int i = 0; i < plan->narms; i++)
		order[i] = i;
	for (unsigned int i = 0; !rc && i < plan->blocks; i++) {
		statistics_shuffle(order, plan->narms, &state);
		rc = run_block(plan, order, i);
	}
	free(order);
	return rc;
}

static bool wanted(const struct compare_plan *plan, const char *name)
{
	return !plan->pattern || !strcmp(name, COMPARE_EMPTY) ||
	       !fnmatch(plan->pattern, name, 0);
}

static int add_arm(struct compare_plan *plan, enum world world,
		   const char *name, unsigned int threads)
{
	struct compare_arm *arms, *arm;

	if (!threads || !wanted(plan, name))
		return 0;
	arms = reallocarray(plan->arms, plan->narms + 1, sizeof(*arms));
	if (!arms)
		return -ENOMEM;
	plan->arms = arms;
	arm = &arms[plan->narms++];
	memset(arm, 0, sizeof(*arm));
	arm->world = world;
	arm->threads = threads;
	strncpy(arm->name, name, ACQREL_NAME_MAX);
	arm->slices = calloc((size_t)SLICES_PER_BLOCK * plan->blocks,
			     sizeof(*arm->slices));
	return arm->slices ? 0 : -ENOMEM;
}

static int add_case(struct compare_plan *plan, enum world world,
		    const char *name)
{
	return add_arm(plan, world, name, plan->one) ?:
	       add_arm(plan, world, name, plan->all);
}

static int add_kernel_cases(struct compare_plan *plan)
{
	struct acqrel_case_name *cases;
	size_t n;
	int rc;

	rc = acqrel_client_subscribe(plan->client, ACQREL_MCGRP_BENCH) ?:
	     acqrel_client_cases(plan->client, &cases, &n);
	if (rc)
		return explained(plan, rc);
	for (size_t i = 0; !rc && i < n; i++)
		rc = add_case(plan, WORLD_KERNEL, cases[i].name);
	free(cases);
	return rc;
}

static int add_user_cases(struct compare_plan *plan)
{
	const char *name;
	int rc = 0;

	for (unsigned int i = 0; !rc && (name = acqrel_user_case(i)); i++)
		rc = add_case(plan, WORLD_USER, name);
	return rc;
}

static int find_empty(struct compare_plan *plan, struct compare_arm *arm)
{
	for (unsigned int i = 0; i < plan->narms; i++) {
		struct compare_arm *empty = &plan->arms[i];

		if (empty->world == arm->world &&
		    empty->threads == arm->threads &&
		    !strcmp(empty->name, COMPARE_EMPTY))
			arm->empty = empty;
	}
	return arm->empty ? 0 : -ENOENT;
}

/**
 * compare_prepare() - make the arms
 * @plan: what to measure
 *
 * Return: 0 or -errno: -ENOENT if a world has no empty loop.
 */
int compare_prepare(struct compare_plan *plan)
{
	int rc = 0;

	if (plan->client)
		rc = add_kernel_cases(plan);
	if (!rc && plan->user)
		rc = add_user_cases(plan);
	/* Only now: adding moves the array. */
	for (unsigned int i = 0; !rc && i < plan->narms; i++)
		rc = find_empty(plan, &plan->arms[i]);
	return rc;
}

/**
 * compare_release() - free what was measured
 * @plan: the plan
 */
void compare_release(struct compare_plan *plan)
{
	for (unsigned int i = 0; i < plan->narms; i++) {
		struct compare_arm *arm = &plan->arms[i];

		for (unsigned int j = 0; j < arm->nslices; j++)
			free(arm->slices[j].samples);
		free(arm->slices);
	}
	free(plan->arms);
}
