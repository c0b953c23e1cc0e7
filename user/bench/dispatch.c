// SPDX-License-Identifier: GPL-2.0-only
/*
 * dispatch.c - user/bench.h for both worlds: what does not depend on where an
 * arm runs
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/internal.h"

/**
 * bench_fail() - note why a call fails
 * @bench: the bench
 * @error: -errno
 * @format: a sentence without a full stop
 *
 * Return: @error.
 */
int bench_fail(struct bench *bench, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(bench->message, sizeof(bench->message), format, args);
	va_end(args);
	return error;
}

/**
 * bench_message() - why the last call failed
 * @bench: the bench, or NULL
 *
 * Return: a sentence without a full stop, never NULL.
 */
const char *bench_message(const struct bench *bench)
{
	return bench ? bench->message : strerror(ENOMEM);
}

/**
 * bench_open() - get ready to measure in a world
 * @world: which
 * @client: of the kernel world, which subscribes it to ACQREL_MCGRP_BENCH; it
 *	must outlive the bench. NULL in the user world
 * @bench: set to the bench, or to NULL without memory; close it in any case
 *
 * Return: 0 or -errno.
 */
int bench_open(enum world world, struct acqrel_client *client,
	       struct bench **bench)
{
	struct bench *b;

	b = world == WORLD_KERNEL ? kernel_open(client) : engine_open();
	*bench = b;
	if (!b)
		return -ENOMEM;
	return b->ops->cases(b, &b->cases, &b->ncases);
}

/**
 * bench_close() - free a bench
 * @bench: the bench, whose arms are closed, or NULL
 */
void bench_close(struct bench *bench)
{
	if (!bench)
		return;
	free(bench->cases);
	bench->ops->close(bench);
}

/**
 * bench_cases() - what can be measured
 * @bench: the bench
 * @cases: set to the list; free() it
 * @n: set to its length
 *
 * Return: 0 or -ENOMEM.
 */
int bench_cases(struct bench *bench, struct bench_case **cases, size_t *n)
{
	/* not 0 bytes: that might give NULL */
	*cases = calloc(bench->ncases + 1, sizeof(**cases));
	if (!*cases)
		return bench_fail(bench, -ENOMEM, "%s", strerror(ENOMEM));
	memcpy(*cases, bench->cases, bench->ncases * sizeof(**cases));
	*n = bench->ncases;
	return 0;
}

static const struct bench_case *find(const struct bench *bench,
				     const char *name)
{
	for (size_t i = 0; i < bench->ncases; i++)
		if (!strcmp(bench->cases[i].name, name))
			return &bench->cases[i];
	return NULL;
}

static int check_threads(struct bench *bench, const struct bench_case *c,
			 const struct bench_arm_params *p)
{
	__u32 threads = p->threads - p->writes;

	if (p->writes && !c->writes)
		return bench_fail(bench, -EINVAL, "%s has no writer", c->name);
	if (!p->threads || threads < c->threads)
		return bench_fail(bench, -EINVAL,
				  "%s needs %u threads at least", c->name,
				  c->threads + p->writes);
	if (p->threads > ACQREL_BENCH_THREADS_MAX ||
	    (c->threads_max && threads > c->threads_max))
		return bench_fail(bench, -EINVAL,
				  "%s cannot have %u threads", c->name,
				  p->threads);
	for (__u32 i = 0; i < p->threads; i++)
		for (__u32 j = 0; j < i; j++)
			if (p->cpus[i] == p->cpus[j])
				return bench_fail(bench, -EINVAL,
						  "CPU %u is named twice",
						  p->cpus[i]);
	return 0;
}

static int check_payload(struct bench *bench, const struct bench_case *c,
			 const struct bench_arm_params *p)
{
	if (p->payload % 8 || p->payload > c->payload_max)
		return bench_fail(bench, -EINVAL,
				  "%s cannot have a payload of %u bytes",
				  c->name, p->payload);
	return 0;
}

/**
 * bench_arm_open() - open an arm
 * @bench: where
 * @p: what
 * @arm: set to the arm
 *
 * Return: 0 or -errno: -ENOENT if there is no such case, -EINVAL if it does not
 * take these parameters or a CPU cannot be used, -EPERM if it is forbidden to
 * pin a thread, -EOPNOTSUPP if the machine refuses what the variant needs.
 */
int bench_arm_open(struct bench *bench, const struct bench_arm_params *p,
		   struct bench_arm **arm)
{
	const struct bench_case *c = find(bench, p->name);
	struct bench_arm_params params = *p;
	int rc;

	if (!c)
		return bench_fail(bench, -ENOENT, "there is no case %s",
				  p->name);
	rc = check_threads(bench, c, p) ?: check_payload(bench, c, p);
	if (rc)
		return rc;
	params.payload = p->payload ?: c->payload;
	return bench->ops->arm_open(bench, &params, arm);
}

/**
 * bench_arm_close() - close an arm
 * @arm: the arm, or NULL
 */
void bench_arm_close(struct bench_arm *arm)
{
	if (arm)
		arm->bench->ops->arm_close(arm);
}

/**
 * bench_cpu_ns() - CPU time that the threads of this process measured
 * @bench: of either world, or NULL
 *
 * Return: nanoseconds so far, with what they did beside; 0 in the kernel world.
 */
__u64 bench_cpu_ns(const struct bench *bench)
{
	return bench && bench->ops->cpu_ns ? bench->ops->cpu_ns(bench) : 0;
}

/**
 * bench_arm_huge_bytes() - huge pages in the mapping that holds its object
 * @arm: the arm
 *
 * Return: bytes, NAN if that is not known, as in the kernel world.
 */
double bench_arm_huge_bytes(const struct bench_arm *arm)
{
	const struct bench_ops *ops = arm->bench->ops;

	return ops->huge_bytes ? ops->huge_bytes(arm) : NAN;
}

static bool in_range(const struct acqrel_slice_params *p)
{
	return p->slice_ns >= ACQREL_BENCH_SLICE_MIN_NS &&
	       p->slice_ns <= ACQREL_BENCH_SLICE_MAX_NS &&
	       p->lead_ns <= ACQREL_BENCH_LEAD_MAX_NS &&
	       p->pace_ns <= ACQREL_BENCH_PERIOD_MAX_NS &&
	       p->write_period_ns <= ACQREL_BENCH_PERIOD_MAX_NS &&
	       p->mode < __ACQREL_BENCH_MODE_COUNT &&
	       p->chunk <= ACQREL_BENCH_CHUNK_MAX &&
	       p->plant <= ACQREL_BENCH_PLANT_MAX &&
	       p->late_ns <= ACQREL_BENCH_SLICE_MAX_NS;
}

/**
 * bench_slice() - run a slice
 * @arm: of this arm
 * @p: how
 * @samples: room for one a thread
 *
 * Context: sleeps for about the length of the slice.
 * Return: 0 or -errno: -ECANCELED if a signal came (interrupt_seen()) in the
 * kernel world. The user world does not look: a slice is short.
 */
int bench_slice(struct bench_arm *arm, const struct acqrel_slice_params *p,
		struct acqrel_sample *samples)
{
	if (!in_range(p))
		return bench_fail(arm->bench, -EINVAL,
				  "a number of the slice is out of range");
	return arm->bench->ops->slice(arm, p, samples);
}

/**
 * bench_latency() - add what was timed in the last slice
 * @arm: that ran it
 * @sum: the histograms of all its threads are added to this one
 *
 * Return: 0 or -errno: -ENOENT if another arm of the bench has run since.
 */
int bench_latency(struct bench_arm *arm, struct latency_sum *sum)
{
	return arm->bench->ops->latency(arm, sum);
}
