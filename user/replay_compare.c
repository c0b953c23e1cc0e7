// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay_compare.c - a replay against the recording, and against another one
 *
 * Whatever of a CPU's pipeline is in the trace is compared exactly. What the
 * recorder lost is added to the replay: see include/uapi/linux/acqrel_trace.h.
 */
#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "names.h"
#include "replay.h"

static void add_account(struct acqrel_trace_account *to,
			const struct acqrel_trace_account *from)
{
	to->offered += from->offered;
	for (unsigned int i = 0; i < __ACQREL_FILTER_COUNT; i++)
		to->filtered[i] += from->filtered[i];
	to->pushed += from->pushed;
	to->dropped += from->dropped;
	to->overwritten += from->overwritten;
	to->head += from->head;
}

/* A minimum is all ones while there is nothing to take it of. */
static void add_stats(struct acqrel_trace_stats *to,
		      const struct acqrel_trace_stats *from)
{
	to->count += from->count;
	to->sum_ns += from->sum_ns;
	if (from->min_ns < to->min_ns)
		to->min_ns = from->min_ns;
	if (from->max_ns > to->max_ns)
		to->max_ns = from->max_ns;
	for (unsigned int i = 0; i < ACQREL_HIST_BUCKETS; i++)
		to->hist[i] += from->hist[i];
}

static void add_sums(struct acqrel_trace_sums *to,
		     const struct acqrel_trace_sums *from)
{
	add_account(&to->account, &from->account);
	for (unsigned int kind = 0; kind < __ACQREL_KIND_COUNT; kind++) {
		to->passed[kind] += from->passed[kind];
		add_stats(&to->stats[kind], &from->stats[kind]);
	}
}

static struct acqrel_stats_values values(const struct acqrel_trace_stats *s)
{
	struct acqrel_stats_values v = {
		.count = s->count,
		.sum_ns = s->sum_ns,
		.min_ns = s->min_ns,
		.max_ns = s->max_ns,
	};

	memcpy(v.hist, s->hist, sizeof(v.hist));
	return v;
}

static void same_sums(struct verify_result *result, const char *where,
		      const struct acqrel_trace_sums *a,
		      const struct acqrel_trace_sums *b)
{
	struct acqrel_account x, y;

	/* include/acqrel/tap.h asserts that they are the same */
	memcpy(&x, &a->account, sizeof(x));
	memcpy(&y, &b->account, sizeof(y));
	verify_account(result, where, &x, &y);
	for (unsigned int kind = 0; kind < __ACQREL_KIND_COUNT; kind++) {
		struct acqrel_stats_values u = values(&a->stats[kind]);
		struct acqrel_stats_values v = values(&b->stats[kind]);

		verify_number(result, where,
			      acqrel_counter_name(ACQREL_COUNTER_PASSED_SWITCH +
						  kind),
			      a->passed[kind], b->passed[kind]);
		verify_stats(result, where, kind, &u, &v);
	}
}

static void same_digest(struct verify_result *result, const char *where,
			const struct acqrel_trace_digest *a,
			const struct acqrel_trace_digest *b)
{
	verify_number(result, where, "digest from", a->from, b->from);
	verify_number(result, where, "digest until", a->until, b->until);
	verify_number(result, where, "digest events", a->events, b->events);
	verify_number(result, where, "digest", a->value, b->value);
}

static void same_as_closed(struct verify_result *result, const char *where,
			   const struct trace_stream *s,
			   const struct acqrel_trace_result *r)
{
	const struct acqrel_trace_snapshot *close = s->close;
	__u64 lost = close->lost.account.offered;
	struct acqrel_trace_sums sums = r->sums;

	add_sums(&sums, &close->lost);
	verify_number(result, where, "ring entries", close->ring_entries,
		      s->open->ring_entries);
	same_sums(result, where, &close->sums, &sums);
	/* what was lost after the last record left no hole */
	verify_number(result, where, "skipped",
		      r->skipped < lost ? r->skipped : lost, r->skipped);
	if (!lost)
		same_digest(result, where, &close->digest, &r->digest);
}

static void name_cpu(char *where, size_t size, unsigned int cpu)
{
	snprintf(where, size, "CPU %u", cpu);
}

/**
 * replay_compare_closing() - compare a replay with the recording
 * @trace: the recording
 * @run: its replay
 * @result: report set by the caller, called with the recorded number first;
 *	counts go up
 *
 * The books, stats and digest of a CPU without a CLOSE are not compared, nor is
 * the digest of one that lost events.
 */
void replay_compare_closing(const struct trace *trace,
			    const struct replay_run *run,
			    struct verify_result *result)
{
	char where[32];

	for (unsigned int i = 0; i < run->streams; i++) {
		const struct trace_stream *s = trace_stream(trace, i);
		const struct acqrel_trace_result *r = &run->results[i];

		name_cpu(where, sizeof(where), s->cpu);
		verify_number(result, where, "CPU", s->cpu, r->cpu);
		verify_number(result, where, "closed", !!s->close,
			      !!(r->flags & ACQREL_RESULT_CLOSED));
		verify_number(result, where, "events", s->events, r->events);
		verify_number(result, where, "verdicts that differ", 0,
			      r->different);
		if (s->close)
			same_as_closed(result, where, s, r);
	}
}

static void same_results(struct verify_result *result,
			 const struct acqrel_trace_result *a,
			 const struct acqrel_trace_result *b)
{
	char where[32];

	name_cpu(where, sizeof(where), a->cpu);
	verify_number(result, where, "CPU", a->cpu, b->cpu);
	verify_number(result, where, "flags", a->flags, b->flags);
	verify_number(result, where, "events", a->events, b->events);
	verify_number(result, where, "skipped", a->skipped, b->skipped);
	verify_number(result, where, "verdicts that differ", a->different,
		      b->different);
	verify_number(result, where, "first that differs", a->first_seq,
		      b->first_seq);
	verify_number(result, where, "its recorded verdict", a->first_recorded,
		      b->first_recorded);
	verify_number(result, where, "its verdict", a->first_replayed,
		      b->first_replayed);
	same_sums(result, where, &a->sums, &b->sums);
	same_digest(result, where, &a->digest, &b->digest);
}

/**
 * replay_compare_runs() - compare two replays of one trace
 * @a: one
 * @b: the other
 * @result: report set by the caller, called with the number of @a first;
 *	counts go up
 */
void replay_compare_runs(const struct replay_run *a, const struct replay_run *b,
			 struct verify_result *result)
{
	for (unsigned int i = 0; i < a->streams; i++)
		same_results(result, &a->results[i], &b->results[i]);
}

/**
 * replay_digest() - one digest of all CPUs
 * @run: a replay
 *
 * Return: XXH64 with seed 0 over the digests of the CPUs, in their order.
 */
__u64 replay_digest(const struct replay_run *run)
{
	struct xxh64_state hash;

	xxh64_reset(&hash, 0);
	for (unsigned int i = 0; i < run->streams; i++)
		xxh64_update(&hash, &run->results[i].digest.value,
			     sizeof(run->results[i].digest.value));
	return xxh64_digest(&hash);
}
