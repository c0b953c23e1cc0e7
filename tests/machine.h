/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A made-up machine: it drifts, is disturbed at a beat, and now and then loses
 * a slice. Runs on it have the cells that a comparison needs.
 */
#ifndef ACQREL_TESTS_MACHINE_H
#define ACQREL_TESTS_MACHINE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"
#include "verdict.h"

#define BLOCKS	20
#define OPS	100000

/* cells of a run; a copy runs the same as the one before it */
enum { EMPTY, FIRST, SECOND, OTHER, COPY, CELLS };

/**
 * struct machine - what times are made of
 * @ns: of an operation of each cell, empty loop included
 * @blocks: how many
 * @drift: the machine gets faster and slower by that share
 * @beat: a disturbance with a period of @period slices, by that share
 * @period: of the disturbance
 * @noise: of each slice, a share
 * @tails: share of the slices that take up to twice as long
 * @boot: of the run, a share
 * @fixed: always ABBA
 * @now: slices so far
 * @phase: of the beat
 * @speed: of the machine, drifting
 * @state: of the random numbers
 */
struct machine {
	double ns[CELLS];
	unsigned int blocks;
	double drift;
	double beat;
	double period;
	double noise;
	double tails;
	double boot;
	bool fixed;
	double now;
	double phase;
	double speed;
	__u64 state;
};

static struct machine machine(void)
{
	static __u64 lots;

	return (struct machine){
		.ns = { 0.5, 7, 7, 5, 5 },
		.blocks = BLOCKS,
		.drift = 0.01, .beat = 0.006, .period = 5.1, .noise = 0.003,
		.tails = 0.03,
		.state = ktap_seed_value + (++lots << 32),
	};
}

static double uniform(struct machine *m)
{
	return ldexp((statistics_random(&m->state) >> 11) + 0.5, -53);
}

static double normal(struct machine *m)
{
	return sqrt(-2 * log(uniform(m))) * cos(2 * M_PI * uniform(m));
}

static double slice_ns(struct machine *m, unsigned int cell)
{
	double factor;

	m->speed = 0.98 * m->speed + sqrt(1 - 0.98 * 0.98) * normal(m);
	factor = 1 + m->drift * m->speed + m->boot +
		m->beat * sin(m->phase + m->now++ * 2 * M_PI / m->period) +
		m->noise * normal(m);
	if (uniform(m) < m->tails)
		factor += uniform(m);
	return m->ns[cell] * fmax(factor, 0.1);
}

static void add_slice(struct cell *c, unsigned int block, double ns)
{
	struct result_slice *s = &c->slices[c->nslices++];

	s->block = block;
	s->samples = calloc(1, sizeof(*s->samples));
	s->samples->did.end_ns = 100;
	s->samples->did.ops = OPS;
	s->samples->did.busy_ns = OPS * ns;
}

static void run_block(struct result *r, struct machine *m, unsigned int block)
{
	unsigned int order[CELLS] = { EMPTY, FIRST, SECOND, OTHER, COPY };

	if (!m->fixed)
		statistics_shuffle(order, CELLS, &m->state);
	for (int i = 0; i < CELLS; i++)
		add_slice(&r->cells[order[i]], block, slice_ns(m, order[i]));
	for (int i = CELLS - 1; i >= 0; i--)
		add_slice(&r->cells[order[i]], block, slice_ns(m, order[i]));
}

static void run(struct result *r, struct machine *m)
{
	static const char *const names[] = {
		"empty/empty:loop", "p/a:op", "p/a:op", "p/b:op", "p/b:op"
	};

	result_init(r);
	r->seed = statistics_random(&m->state);
	m->phase = 2 * M_PI * uniform(m);
	m->speed = normal(m);
	for (int i = 0; i < CELLS; i++) {
		struct cell *c = result_add_cell(r);

		strcpy(c->name, names[i]);
		c->threads = 1;
		c->empty = i == EMPTY ? -1 : EMPTY;
		c->control = i == SECOND || i == COPY ? i - 1 : -1;
		c->slices = calloc(2 * m->blocks + 1, sizeof(*c->slices));
	}
	for (unsigned int i = 0; i < m->blocks; i++)
		run_block(r, m, i);
	check_eq(figures_compute(r), 0);
}

#endif /* ACQREL_TESTS_MACHINE_H */
