/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A made-up result: what a run would have measured on a machine whose times
 * are known.
 */
#ifndef ACQREL_TESTS_MADE_UP_H
#define ACQREL_TESTS_MADE_UP_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "result.h"

#define MADE_UP_BLOCKS	12
#define MADE_UP_SLICE	2000000ULL

/* what to make up: a case, its raw time, and how much it scatters */
struct made_up {
	enum world world;
	const char *name;
	__u32 threads;
	double ns;
	double noise;
	__u64 write_rate;
};

/* about normal, of variance 1 */
static inline double made_up_noise(struct acqrel_generator *g)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += ldexp(acqrel_generator_next(g), -64);
	return sum - 6;
}

static inline void made_up_sample(const struct made_up *m, double ns,
				  __u64 start_ns, struct acqrel_sample *s)
{
	s->deadline_ns = start_ns;
	s->did.start_ns = start_ns + 40 * s->thread;
	s->did.end_ns = start_ns + MADE_UP_SLICE + 90 * s->thread;
	s->did.busy_ns = s->did.end_ns - s->did.start_ns;
	s->did.ops = s->did.busy_ns / ns;
	s->did.bursts = s->did.ops / 256 + 1;
	s->did.chain_ns = 4096;
	s->did.cpu = s->thread;
	if (m->write_rate && s->thread == m->threads - 1)
		s->did.role = ACQREL_BENCH_ROLE_WRITER;
	if (s->did.role == ACQREL_BENCH_ROLE_WRITER &&
	    m->write_rate != RESULT_WRITE_MAX)
		s->did.ops = m->write_rate * MADE_UP_SLICE / 1000000000;
}

/* a cell with its slices; returns its index */
static inline int made_up_cell(struct result *r, const struct made_up *m,
			       struct acqrel_generator *g)
{
	struct cell *c = result_add_cell(r);
	int index = r->ncells - 1;

	c->world = m->world;
	strcpy(c->name, m->name);
	c->threads = m->threads;
	c->write_rate = m->write_rate;
	strcpy(c->placement, m->threads > 1 ? "cache" : "one");
	c->cpus = calloc(m->threads, sizeof(*c->cpus));
	c->slice_ns = MADE_UP_SLICE;
	c->nslices = 2 * MADE_UP_BLOCKS;
	c->slices = calloc(c->nslices, sizeof(*c->slices));
	for (unsigned int i = 0; i < c->nslices; i++) {
		struct result_slice *slice = &c->slices[i];
		double ns = m->ns * exp(m->noise * made_up_noise(g));

		slice->block = i / 2;
		slice->order = 2 * index + i % 2;
		slice->tags = i % 16 == 5 ? TAG_SWITCHED : 0;
		slice->samples = calloc(m->threads, sizeof(*slice->samples));
		for (__u32 j = 0; j < m->threads; j++) {
			c->cpus[j] = j;
			slice->samples[j].thread = j;
			made_up_sample(m, ns, (1ULL << 61) + i * 100000000ULL +
				       index * 4000000ULL, &slice->samples[j]);
		}
	}
	return index;
}

static inline void made_up_latency_add(struct latency_sum *sum, u64 ns)
{
	latency_count(sum, acqrel_latency_bucket(ns), 1);
	sum->max = ns > sum->max ? ns : sum->max;
}

static inline void made_up_latency(struct cell *c, double ns,
				   struct acqrel_generator *g)
{
	c->mode = ACQREL_BENCH_LATENCY;
	c->latency = calloc(1, sizeof(*c->latency));
	for (int i = 0; i < 20000; i++) {
		double value = ns * exp(0.2 * made_up_noise(g));

		if (!(acqrel_generator_next(g) % 500))
			value *= 40;
		made_up_latency_add(c->latency, value);
	}
}

static inline void made_up_run(struct result *r)
{
	result_init(r);
	r->env = json_pack("{s:{s:s}, s:s, s:s, s:s, s:i, s:n, s:{s:s}}",
			   "host", "name", "board<1>",
			   "date", "2026-01-02T03:04:05Z",
			   "kernel_release", "6.1.0-1-cloud-amd64",
			   "cpu_model", "Made-up CPU <8 cores> & \"more\"",
			   "cpus_online", 4, "governor",
			   "libraries", "liburcu", "0.13.2");
	r->seed = 0xfedcba9876543210;
	r->slice_ns = MADE_UP_SLICE;
	r->lead_ns = 250000;
	r->blocks = MADE_UP_BLOCKS;
	r->foreign = 0.012;
	result_warn(r, "the clock is that of a <virtual> machine");
}

#endif /* ACQREL_TESTS_MADE_UP_H */
