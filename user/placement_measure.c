// SPDX-License-Identifier: GPL-2.0-only
/*
 * placement_measure.c - how long a cache line takes between CPUs
 *
 * Some pairs of each topology send a line to and fro. Their times, in order,
 * are cut into classes where one is well above the one before.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "placement.h"
#include "statistics.h"

#define GAP		1.3	/* ratio of neighbours in different classes */
#define ROUNDS		5
#define SLICE_NS	500000
#define LEAD_NS		200000

/* the arms of the pairs, which stay while others run */
struct survey {
	struct bench *bench;
	struct placement_pair *pairs;
	struct bench_arm **arms;
	double (*times)[ROUNDS];
	unsigned int n;
	bool (*stop)(void);
};

static int compare_pairs(const void *a, const void *b)
{
	const struct placement_pair *x = a, *y = b;

	return (x->ns > y->ns) - (x->ns < y->ns);
}

/**
 * placement_cluster() - put pairs into classes of distance
 * @pairs: their times are known; sorted by time and given a class
 * @n: how many, at least 1
 *
 * Return: number of classes, at most PLACEMENT_CLASSES_MAX.
 */
unsigned int placement_cluster(struct placement_pair *pairs, unsigned int n)
{
	unsigned int class = 0;

	qsort(pairs, n, sizeof(*pairs), compare_pairs);
	for (unsigned int i = 0; i < n; i++) {
		if (i && pairs[i].ns > GAP * pairs[i - 1].ns &&
		    class + 1 < PLACEMENT_CLASSES_MAX)
			class++;
		pairs[i].class = class;
	}
	return class + 1;
}

static unsigned int count_pairs(const struct placement *p, unsigned int t)
{
	unsigned int n = 0;

	for (unsigned int a = 0; a < p->n; a++)
		for (unsigned int b = a + 1; b < p->n; b++)
			n += p->topology[a * p->n + b] == t;
	return n;
}

/* At most @max of a topology, evenly spread over all there are. */
static unsigned int pick_pairs(const struct placement *p, unsigned int t,
			       unsigned int max, struct placement_pair *pairs)
{
	unsigned int all = count_pairs(p, t), seen = 0, n = 0;
	unsigned int wanted = all < max ? all : max;

	for (unsigned int a = 0; a < p->n; a++)
		for (unsigned int b = a + 1; b < p->n; b++) {
			if (p->topology[a * p->n + b] != t)
				continue;
			if (n < wanted && seen++ * wanted / all >= n)
				pairs[n++] = (struct placement_pair){
					.a = a, .b = b, .topology = t,
				};
		}
	return n;
}

static int survey_open(struct survey *s, const struct placement *p)
{
	int rc = 0;

	for (unsigned int i = 0; !rc && i < s->n; i++) {
		__u32 cpus[] = {
			p->cpus[s->pairs[i].a], p->cpus[s->pairs[i].b],
		};
		struct bench_arm_params params = {
			.name = PLACEMENT_CASE, .cpus = cpus, .threads = 2,
		};

		rc = bench_arm_open(s->bench, &params, &s->arms[i]);
	}
	return rc;
}

static double time_of(const struct acqrel_sample *samples)
{
	__u64 busy_ns = 0, ops = 0;

	for (unsigned int i = 0; i < 2; i++)
		if (samples[i].did.role == ACQREL_BENCH_ROLE_MEASURED) {
			busy_ns += samples[i].did.busy_ns;
			ops += samples[i].did.ops;
		}
	return ops ? (double)busy_ns / ops : INFINITY;
}

/* The first round warms up. */
static int survey_run(struct survey *s)
{
	static const struct acqrel_slice_params params = {
		.slice_ns = SLICE_NS, .lead_ns = LEAD_NS,
	};
	struct acqrel_sample samples[2];
	int rc;

	for (int round = -1; round < ROUNDS; round++)
		for (unsigned int i = 0; i < s->n; i++) {
			if (s->stop && s->stop())
				return -ECANCELED;
			rc = bench_slice(s->arms[i], &params, samples);
			if (rc)
				return rc;
			if (round >= 0)
				s->times[i][round] = time_of(samples);
		}
	for (unsigned int i = 0; i < s->n; i++)
		s->pairs[i].ns = statistics_median(s->times[i], ROUNDS);
	return 0;
}

static int survey_pairs(struct survey *s, const struct placement *p)
{
	int rc;

	s->arms = calloc(s->n, sizeof(*s->arms));
	s->times = calloc(s->n, sizeof(*s->times));
	rc = s->arms && s->times ? survey_open(s, p) : -ENOMEM;
	if (!rc)
		rc = survey_run(s);
	for (unsigned int i = 0; s->arms && i < s->n; i++)
		if (s->arms[i])
			bench_arm_close(s->arms[i]);
	free(s->arms);
	free(s->times);
	return rc;
}

/**
 * placement_measure() - find the classes that there are
 * @p: knows the topology; keeps it on failure
 * @bench: to measure with, of either world
 * @stop: asked before each slice, or NULL
 *
 * Context: runs slices on all CPUs of @p, a millisecond for each of up to
 *	PLACEMENT_PAIRS_MAX pairs and round.
 *
 * Return: 0, -ECANCELED if @stop said so, or -errno of bench_arm_open() or
 * bench_slice().
 */
int placement_measure(struct placement *p, struct bench *bench,
		      bool (*stop)(void))
{
	struct placement_pair pairs[PLACEMENT_PAIRS_MAX];
	struct survey s = { .bench = bench, .pairs = pairs, .stop = stop };
	int rc;

	for (unsigned int t = 0; t < TOPOLOGY_COUNT; t++)
		s.n += pick_pairs(p, t, PLACEMENT_PAIRS_MAX / TOPOLOGY_COUNT,
				  pairs + s.n);
	if (!s.n)
		return 0;
	rc = survey_pairs(&s, p);
	if (!rc)
		placement_apply(p, pairs, s.n);
	return rc;
}
