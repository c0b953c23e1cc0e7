/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bench that measures nothing: user/bench.h on made-up cases, on a machine
 * of four CPUs. Each slice is noted; a hook may change what it gave.
 *
 * These functions take the place of those in the archive, whose objects are
 * then not linked.
 */
#ifndef ACQREL_TESTS_FAKE_BENCH_H
#define ACQREL_TESTS_FAKE_BENCH_H

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "env.h"

#define FAKE_CPUS	4
#define FAKE_SLICES	65536
#define FAKE_CHUNK	256
#define FAKE_HUGE	2097152		/* of the user world */
#define FAKE_NS		5	/* an operation */
#define FAKE_CLOCK_NS	40	/* a burst beside its operations */

struct bench {
	enum world world;
};

/**
 * struct fake_case - a case and what the fake does with it
 * @c: the case
 * @partner: odd threads are load
 * @open: what opening it returns
 */
struct fake_case {
	struct bench_case c;
	bool partner;
	int open;
};

struct bench_arm {
	struct bench *bench;
	const struct fake_case *fake;
	__u32 threads;
	__u32 payload;
	bool writes;
	__u32 cpus[FAKE_CPUS];
};

/**
 * struct fake - what happened
 * @cases: of both worlds, ended by one without a name
 * @opened: arms
 * @closed: arms
 * @slices: that ran
 * @arms: of each slice; may be closed by now
 * @params: of each slice
 * @latencies: asked for
 * @cpu_ns: of the threads that measure
 * @ncpus: of the machine, 0: %FAKE_CPUS
 * @fail_at: the slice of this number fails with -EIO, 0: none does
 * @hook: may change the samples of a slice
 */
static struct {
	const struct fake_case *cases;
	unsigned int opened;
	unsigned int closed;
	unsigned int slices;
	struct bench_arm *arms[FAKE_SLICES];
	struct acqrel_slice_params params[FAKE_SLICES];
	unsigned int latencies;
	__u64 cpu_ns;
	int ncpus;
	unsigned int fail_at;
	void (*hook)(const struct bench_arm *arm,
		     const struct acqrel_slice_params *p,
		     struct acqrel_sample *samples);
} fake;

const struct bench_absent bench_absent[] = {
	{ "config/unbuilt", "libnone" },
	{ }
};

int env_allowed_cpus(unsigned int *cpus, int max)
{
	int i;

	for (i = 0; i < (fake.ncpus ?: FAKE_CPUS) && i < max; i++)
		cpus[i] = i;
	return i;
}

bool env_emulated(void)
{
	return false;
}

int bench_cases(struct bench *bench, struct bench_case **cases, size_t *n)
{
	size_t i;

	(void)bench;
	for (*n = 0; *fake.cases[*n].c.name; ++*n)
		;
	*cases = calloc(*n + 1, sizeof(**cases));
	if (!*cases)
		return -ENOMEM;
	for (i = 0; i < *n; i++)
		(*cases)[i] = fake.cases[i].c;
	return 0;
}

int bench_arm_open(struct bench *bench, const struct bench_arm_params *p,
		   struct bench_arm **arm)
{
	const struct fake_case *c = fake.cases;
	struct bench_arm *a;

	while (*c->c.name && strcmp(c->c.name, p->name))
		c++;
	if (!*c->c.name)
		return -ENOENT;
	if (c->open)
		return c->open;
	a = calloc(1, sizeof(*a));
	if (!a)
		return -ENOMEM;
	a->bench = bench;
	a->fake = c;
	a->threads = p->threads;
	a->payload = p->payload;
	a->writes = p->writes;
	memcpy(a->cpus, p->cpus, p->threads * sizeof(*p->cpus));
	fake.opened++;
	*arm = a;
	return 0;
}

void bench_arm_close(struct bench_arm *arm)
{
	fake.closed++;
	free(arm);
}

static u32 fake_role(const struct bench_arm *arm, u32 thread)
{
	if (arm->writes && thread == arm->threads - 1)
		return ACQREL_BENCH_ROLE_WRITER;
	if (arm->fake->partner && arm->threads - arm->writes > 1 && thread % 2)
		return ACQREL_BENCH_ROLE_PARTNER;
	return ACQREL_BENCH_ROLE_MEASURED;
}

static void fake_sample(const struct bench_arm *arm,
			const struct acqrel_slice_params *p, u32 thread,
			struct acqrel_sample *s)
{
	u64 chunk = p->chunk ?: FAKE_CHUNK;

	memset(s, 0, sizeof(*s));
	s->thread = thread;
	s->deadline_ns = 1000000;
	s->did.start_ns = s->deadline_ns;
	s->did.end_ns = s->did.start_ns + p->slice_ns;
	s->did.bursts = 10;
	s->did.ops = s->did.bursts * chunk;
	s->did.busy_ns = s->did.ops * FAKE_NS + s->did.bursts * FAKE_CLOCK_NS;
	s->did.role = fake_role(arm, thread);
	s->did.cpu = arm->cpus[thread];
}

int bench_slice(struct bench_arm *arm, const struct acqrel_slice_params *p,
		struct acqrel_sample *samples)
{
	u32 i;

	if (fake.slices < FAKE_SLICES) {
		fake.arms[fake.slices] = arm;
		fake.params[fake.slices] = *p;
	}
	if (++fake.slices == fake.fail_at)
		return -EIO;
	for (i = 0; i < arm->threads; i++)
		fake_sample(arm, p, i, &samples[i]);
	if (fake.hook)
		fake.hook(arm, p, samples);
	return 0;
}

__u64 bench_cpu_ns(const struct bench *bench)
{
	(void)bench;
	return fake.cpu_ns;
}

double bench_arm_huge_bytes(const struct bench_arm *arm)
{
	return arm->bench->world == WORLD_USER ? FAKE_HUGE : NAN;
}

int bench_latency(struct bench_arm *arm, struct latency_sum *sum)
{
	(void)arm;
	fake.latencies++;
	latency_count(sum, acqrel_latency_bucket(1000), 1);
	sum->max = 1000;
	return 0;
}

#endif /* ACQREL_TESTS_FAKE_BENCH_H */
