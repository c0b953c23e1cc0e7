// SPDX-License-Identifier: GPL-2.0-only
/*
 * verify.c - whether two worlds came to the same numbers
 *
 * Stream i of the user world is the i-th CPU of the kernel world. Every book,
 * statistic and bucket is compared for each stream and in total, and every
 * counter of the pipeline in total. What a world does not report counts as 0.
 */
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "sums.h"
#include "verify.h"

/**
 * verify_number() - compare one number
 * @result: counts go up
 * @where: for the report
 * @what: same
 * @a: of one side
 * @b: of the other
 */
void verify_number(struct verify_result *result, const char *where,
		   const char *what, __u64 a, __u64 b)
{
	result->compared++;
	if (a == b)
		return;
	result->different++;
	if (result->report)
		result->report(where, what, a, b);
}

/**
 * verify_account() - compare books
 * @result: counts go up
 * @where: for the report
 * @a: of one side
 * @b: of the other
 */
void verify_account(struct verify_result *result, const char *where,
		    const struct acqrel_account *a,
		    const struct acqrel_account *b)
{
	char what[32];

	verify_number(result, where, "offered", a->offered, b->offered);
	for (unsigned int i = 0; i < __ACQREL_FILTER_COUNT; i++) {
		snprintf(what, sizeof(what), "filtered_%s",
			 acqrel_filter_name(i));
		verify_number(result, where, what, a->filtered[i],
			      b->filtered[i]);
	}
	verify_number(result, where, "pushed", a->pushed, b->pushed);
	verify_number(result, where, "dropped", a->dropped, b->dropped);
	verify_number(result, where, "overwritten", a->overwritten,
		      b->overwritten);
	verify_number(result, where, "head", a->head, b->head);
}

static void same_field(struct verify_result *result, const char *where,
		       const char *kind, const char *field, __u64 a, __u64 b)
{
	char what[48];

	snprintf(what, sizeof(what), "%s %s", kind, field);
	verify_number(result, where, what, a, b);
}

/**
 * verify_stats() - compare two blocks of stats
 * @result: counts go up
 * @where: for the report
 * @kind: enum acqrel_kind
 * @a: of one side; minimum and maximum count even while its count is 0
 * @b: of the other
 */
void verify_stats(struct verify_result *result, const char *where,
		  unsigned int kind, const struct acqrel_stats_values *a,
		  const struct acqrel_stats_values *b)
{
	const char *name = acqrel_kind_name(kind);
	char what[48];

	same_field(result, where, name, "count", a->count, b->count);
	same_field(result, where, name, "sum_ns", a->sum_ns, b->sum_ns);
	same_field(result, where, name, "min_ns", a->min_ns, b->min_ns);
	same_field(result, where, name, "max_ns", a->max_ns, b->max_ns);
	for (int i = 0; i < ACQREL_HIST_BUCKETS; i++) {
		snprintf(what, sizeof(what), "%s bucket %d", name, i);
		verify_number(result, where, what, a->hist[i], b->hist[i]);
	}
}

static void same_books(struct verify_result *result, const char *where,
		       const struct acqrel_ring_values *k,
		       const struct acqrel_ring_values *u)
{
	verify_account(result, where, &k->account, &u->account);
	verify_number(result, where, "fill", k->fill, u->fill);
}

/* An empty block's extremes are whatever its world starts with. */
static struct acqrel_stats_values settled(const struct acqrel_stats_values *s)
{
	struct acqrel_stats_values values = *s;

	if (!values.count) {
		values.min_ns = 0;
		values.max_ns = 0;
	}
	return values;
}

static void same_stats(struct verify_result *result, const char *where,
		       unsigned int kind, const struct acqrel_stats_values *k,
		       const struct acqrel_stats_values *u)
{
	struct acqrel_stats_values a = settled(k), b = settled(u);

	verify_stats(result, where, kind, &a, &b);
}

static struct acqrel_ring_values find_ring(const struct verify_kernel *kernel,
					   unsigned int cpu)
{
	for (size_t i = 0; i < kernel->nrings; i++)
		if (kernel->rings[i].cpu == cpu)
			return kernel->rings[i];
	return (struct acqrel_ring_values){ 0 };
}

static struct acqrel_stats_values find_stats(const struct verify_kernel *kernel,
					     unsigned int cpu,
					     unsigned int kind)
{
	for (size_t i = 0; i < kernel->nstats; i++)
		if (kernel->stats[i].cpu == cpu &&
		    kernel->stats[i].kind == kind)
			return kernel->stats[i];
	return (struct acqrel_stats_values){ 0 };
}

static void same_stream(struct verify_result *result,
			const struct verify_kernel *kernel,
			const struct acqrel_pipeline_stream *user,
			unsigned int stream)
{
	unsigned int cpu = kernel->cpus[stream];
	struct acqrel_ring_values ring = find_ring(kernel, cpu);
	char where[40];

	snprintf(where, sizeof(where), "CPU %u, stream %u", cpu, stream);
	same_books(result, where, &ring, &user->ring);
	for (unsigned int kind = 0; kind < __ACQREL_KIND_COUNT; kind++) {
		struct acqrel_stats_values stats =
			find_stats(kernel, cpu, kind);

		same_stats(result, where, kind, &stats, &user->stats[kind]);
	}
}

/* Totals go over all CPUs, so an event on a CPU without a stream shows. */
static void same_total_books(struct verify_result *result,
			     const struct verify_kernel *kernel,
			     const struct acqrel_pipeline_result *user)
{
	struct acqrel_ring_values k = { 0 }, u = { 0 };

	for (size_t i = 0; i < kernel->nrings; i++)
		ring_add(&k, &kernel->rings[i]);
	for (unsigned int i = 0; i < user->nstreams; i++)
		ring_add(&u, &user->streams[i].ring);
	same_books(result, "total", &k, &u);
}

static void same_total_stats(struct verify_result *result,
			     const struct verify_kernel *kernel,
			     const struct acqrel_pipeline_result *user)
{
	for (unsigned int kind = 0; kind < __ACQREL_KIND_COUNT; kind++) {
		struct acqrel_stats_values k = { 0 }, u = { 0 };

		for (size_t i = 0; i < kernel->nstats; i++)
			if (kernel->stats[i].kind == kind)
				stats_add(&k, &kernel->stats[i]);
		for (unsigned int i = 0; i < user->nstreams; i++)
			stats_add(&u, &user->streams[i].stats[kind]);
		same_stats(result, "total", kind, &k, &u);
	}
}

/* The other counters are about tracepoints and readers: not in a generator. */
static void same_counters(struct verify_result *result,
			  const struct verify_kernel *kernel,
			  const struct acqrel_pipeline_result *user)
{
	for (unsigned int id = ACQREL_COUNTER_PASSED_SWITCH;
	     id <= ACQREL_COUNTER_PASSED_WAKEUP_NEW; id++) {
		__u64 total = 0;

		for (size_t i = 0; i < kernel->ncounters; i++)
			if (kernel->counters[i].total &&
			    kernel->counters[i].id == id)
				total = kernel->counters[i].value;
		verify_number(result, "total", acqrel_counter_name(id), total,
			      user->counters[id]);
	}
}

/**
 * verify_worlds() - compare what two worlds made of the same events
 * @kernel: the module's report
 * @user: the user world's, with as many streams as @kernel->cpus has CPUs
 * @result: report set by the caller; counts are filled
 */
void verify_worlds(const struct verify_kernel *kernel,
		   const struct acqrel_pipeline_result *user,
		   struct verify_result *result)
{
	result->compared = 0;
	result->different = 0;
	for (unsigned int i = 0; i < user->nstreams; i++)
		same_stream(result, kernel, &user->streams[i], i);
	same_total_books(result, kernel, user);
	same_total_stats(result, kernel, user);
	same_counters(result, kernel, user);
}
