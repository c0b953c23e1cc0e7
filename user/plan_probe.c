// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_probe.c - what the machine refuses, and what a slice costs
 */
#include <errno.h>
#include <math.h>

#include "clock.h"
#include "plan_internal.h"

#define SLICES		2	/* the last one counts: the first sets up */
#define SLICE_NS	ACQREL_BENCH_SLICE_MIN_NS
#define NOMINAL_NS	(SLICE_NS + SLICE_NS / 8)

static int probe_slices(struct plan_maker *maker, struct bench_arm *arm,
			__u32 threads, struct plan_case *c)
{
	struct acqrel_sample samples[PLAN_CPUS_MAX];
	const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS,
		.mode = maker->plan->params.mode,
	};
	__u64 began_ns, took_ns;

	if (threads > PLAN_CPUS_MAX)
		return -ERANGE;
	for (int i = 0; i < SLICES; i++) {
		int rc;

		began_ns = acqrel_clock();
		rc = bench_slice(arm, &p, samples);
		if (rc)
			return rc;
		took_ns = acqrel_clock() - began_ns;
		c->overhead_s = fmax(0, (double)took_ns - NOMINAL_NS) / 1e9;
	}
	for (__u32 i = 0; i < threads; i++)
		c->partners |= samples[i].did.role ==
			ACQREL_BENCH_ROLE_PARTNER;
	return 0;
}

static int probe(struct plan_maker *maker, struct bench *bench,
		 struct plan_case *c)
{
	__u32 cpus[PLAN_CPUS_MAX];
	struct bench_arm_params p = {
		.name = c->c.name, .cpus = cpus, .threads = c->c.threads,
	};
	struct bench_arm *arm;
	int rc;

	rc = placement_choose(&maker->placement, NULL, p.threads, cpus) ?:
	     bench_arm_open(bench, &p, &arm);
	if (rc)
		return rc;
	rc = probe_slices(maker, arm, p.threads, c);
	bench_arm_close(arm);
	return rc;
}

/**
 * plan_probe() - run a case for a moment, unless that was done
 * @maker: the plan
 * @world: where it runs
 * @c: the case, which has no more threads than there are CPUs; marked if the
 *	machine refuses it
 *
 * Return: 0 or -errno: -ECANCELED if the plan was stopped.
 */
int plan_probe(struct plan_maker *maker, enum world world,
	       struct plan_case *c)
{
	struct plan *plan = maker->plan;
	int rc;

	if (c->probed)
		return 0;
	if (plan->stop && plan->stop())
		return -ECANCELED;
	rc = probe(maker, plan->bench[world], c);
	c->probed = true;
	c->partners |= !!(c->c.flags & ACQREL_OP_SETTLES);
	c->refused = rc == -EOPNOTSUPP;
	if (rc && !c->refused)
		plan->failed = plan->bench[world];
	return c->refused ? 0 : rc;
}
