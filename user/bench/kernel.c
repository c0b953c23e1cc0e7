// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel.c - arms and slices of the kernel world, which run in the module
 */
#include <errno.h>
#include <stdlib.h>

#include "bench/internal.h"
#include "client.h"
#include "cmd.h"

/* A message that a run has ended may be lost: then asking for it helps. */
#define LOOK_MS		1000

struct kernel {
	struct bench bench;
	struct acqrel_client *client;
	__u32 run;			/* the last one */
	const struct bench_arm *last;	/* its arm, NULL if it failed */
};

struct kernel_arm {
	struct bench_arm arm;
	__u32 id;
};

static int explain(struct kernel *k, int rc)
{
	if (rc < 0)
		bench_fail(&k->bench, rc, "%s",
			   acqrel_client_message(k->client));
	return rc;
}

/* 1 when the run has ended, 0 when it is worth a look */
static int await_end(struct kernel *k)
{
	struct acqrel_notice notice;
	int rc;

	while ((rc = acqrel_client_event(k->client, &notice)) == 1)
		if (notice.cmd == ACQREL_CMD_BENCH_NTF &&
		    notice.bench.run == k->run)
			return 1;
	if (rc)
		return rc == -ENOBUFS ? 0 : rc;
	rc = interrupt_poll(acqrel_client_events_fd(k->client), LOOK_MS);
	return rc < 0 ? rc : 0;
}

/*
 * The samples when the run has ended; what ended it is the error of the
 * question for them.
 */
static int await_samples(struct kernel *k, struct acqrel_sample **samples,
			 size_t *n)
{
	bool cancelled = false;
	int rc;

	do {
		rc = await_end(k);
		if (rc < 0)
			return explain(k, rc);
		if (!rc && !cancelled && interrupt_seen()) {
			/* if it has ended meanwhile, that is as good */
			acqrel_client_bench_cancel(k->client, k->run);
			cancelled = true;
		}
		rc = acqrel_client_bench_get(k->client, k->run, samples, n);
	} while (rc == -EBUSY);
	return explain(k, rc);
}

static int place(struct kernel *k, __u32 threads,
		 const struct acqrel_sample *from, size_t n,
		 struct acqrel_sample *samples)
{
	size_t i = 0;

	while (i < n && from[i].thread == i)
		i++;
	if (i != threads || n != threads)
		return bench_fail(&k->bench, -EBADMSG,
				  "the module sent other samples than one a thread");
	memcpy(samples, from, n * sizeof(*from));
	return 0;
}

static int slice(struct bench_arm *bench_arm,
		 const struct acqrel_slice_params *p,
		 struct acqrel_sample *samples)
{
	struct kernel_arm *arm = (struct kernel_arm *)bench_arm;
	struct kernel *k = (struct kernel *)bench_arm->bench;
	struct acqrel_sample *list;
	size_t n;
	int rc;

	k->last = NULL;
	rc = acqrel_client_bench_start(k->client, arm->id, p, &k->run);
	if (rc)
		return explain(k, rc);
	rc = await_samples(k, &list, &n);
	if (rc)
		return rc;
	rc = place(k, bench_arm->threads, list, n, samples);
	free(list);
	if (!rc)
		k->last = bench_arm;
	return rc;
}

static int latency(struct bench_arm *bench_arm, struct latency_sum *sum)
{
	struct kernel *k = (struct kernel *)bench_arm->bench;

	if (k->last != bench_arm)
		return bench_fail(&k->bench, -ENOENT,
				  "the last slice was not of this arm");
	return explain(k, acqrel_client_bench_latency(k->client, k->run, sum));
}

static int arm_open(struct bench *bench, const struct bench_arm_params *p,
		    struct bench_arm **bench_arm)
{
	struct kernel *k = (struct kernel *)bench;
	struct kernel_arm *arm = calloc(1, sizeof(*arm));
	int rc;

	if (!arm)
		return bench_fail(bench, -ENOMEM, "%s", strerror(ENOMEM));
	arm->arm.bench = bench;
	arm->arm.threads = p->threads;
	rc = acqrel_client_bench_open(k->client, p, &arm->id);
	if (rc) {
		free(arm);
		return explain(k, rc);
	}
	*bench_arm = &arm->arm;
	return 0;
}

/* If it fails the module closes the arm when the socket goes. */
static void arm_close(struct bench_arm *bench_arm)
{
	struct kernel_arm *arm = (struct kernel_arm *)bench_arm;
	struct kernel *k = (struct kernel *)bench_arm->bench;

	if (k->last == bench_arm)
		k->last = NULL;
	acqrel_client_bench_close(k->client, arm->id);
	free(arm);
}

static int cases(struct bench *bench, struct bench_case **cases, size_t *n)
{
	struct kernel *k = (struct kernel *)bench;

	return explain(k, acqrel_client_subscribe(k->client,
						  ACQREL_MCGRP_BENCH) ?:
			  acqrel_client_cases(k->client, cases, n));
}

static void kernel_close(struct bench *bench)
{
	free(bench);
}

static const struct bench_ops kernel_ops = {
	.close = kernel_close,
	.cases = cases,
	.arm_open = arm_open,
	.arm_close = arm_close,
	.slice = slice,
	.latency = latency,
};

/**
 * kernel_open() - the bench of the kernel world
 * @client: connected; must outlive the bench
 *
 * Return: the bench, or NULL without memory.
 */
struct bench *kernel_open(struct acqrel_client *client)
{
	struct kernel *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->bench.ops = &kernel_ops;
	k->client = client;
	return &k->bench;
}
