// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay_print.c - what a replay came to, for people and programs
 *
 * The books of the recording go on from those of the module; what is printed
 * is what the events of the trace have added.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "out.h"
#include "replay.h"
#include "sums.h"

#define FIRST_MAX	20	/* lines of text */

/**
 * struct row - of the table
 * @ring: what became of the events; sequence and fill are not used
 * @events: replayed
 * @skipped: lost by the recorder
 * @different: verdicts that are not the recorded ones
 */
struct row {
	struct acqrel_ring_values ring;
	__u64 events;
	__u64 skipped;
	__u64 different;
};

static struct row row_of(const struct trace *trace, unsigned int i,
			 const struct acqrel_trace_result *r)
{
	const struct trace_stream *s = trace_stream(trace, i);
	const struct acqrel_trace_account *to = &r->sums.account;
	const struct acqrel_trace_account *from = &s->open->sums.account;
	struct row row = {
		.ring.cpu = s->cpu,
		.events = r->events,
		.skipped = r->skipped,
		.different = r->different,
	};

	row.ring.account.pushed = to->pushed - from->pushed;
	row.ring.account.dropped = to->dropped - from->dropped;
	row.ring.account.overwritten = to->overwritten - from->overwritten;
	for (unsigned int f = 0; f < __ACQREL_FILTER_COUNT; f++)
		row.ring.account.filtered[f] =
			to->filtered[f] - from->filtered[f];
	return row;
}

static void add_row(struct row *to, const struct row *from)
{
	ring_add(&to->ring, &from->ring);
	to->events += from->events;
	to->skipped += from->skipped;
	to->different += from->different;
}

static void print_row(const struct row *row)
{
	const struct acqrel_account *a = &row->ring.account;
	char key[32], title[16];

	out_u64("events", "events", row->events);
	for (unsigned int i = 0; i < __ACQREL_FILTER_COUNT; i++) {
		snprintf(key, sizeof(key), "filtered_%s",
			 acqrel_filter_name(i));
		snprintf(title, sizeof(title), "f.%s", acqrel_filter_name(i));
		out_u64(key, title, a->filtered[i]);
	}
	out_u64("pushed", "pushed", a->pushed);
	out_u64("dropped", "dropped", a->dropped);
	out_u64("overwritten", "overwr.", a->overwritten);
	out_u64("skipped", "skipped", row->skipped);
	out_u64("different_verdicts", "different", row->different);
}

static void print_first_json(const struct acqrel_trace_result *r)
{
	if (!r->different) {
		out_na("first_different", NULL, NULL);
		return;
	}
	out_object("first_different", NULL);
	out_u64("seq", NULL, r->first_seq);
	out_str("recorded_verdict", NULL,
		acqrel_verdict_name(r->first_recorded));
	out_str("replayed_verdict", NULL,
		acqrel_verdict_name(r->first_replayed));
	out_end();
}

/* As a string: half of them would be no JSON integer. */
static void print_digest(const char *label, __u64 digest)
{
	char text[24];

	snprintf(text, sizeof(text), "%016llx", digest);
	out_str("digest", label, text);
}

static void print_cpus(const struct trace *trace, const struct replay_run *run,
		       struct row *total)
{
	char name[16];
	struct row row;

	out_table("per_cpu");
	for (unsigned int i = 0; i < run->streams; i++) {
		row = row_of(trace, i, &run->results[i]);
		add_row(total, &row);
		out_row();
		out_u64("cpu", NULL, row.ring.cpu);
		snprintf(name, sizeof(name), "%u", row.ring.cpu);
		out_str(NULL, "cpu", name);
		print_row(&row);
		if (out_is_json())
			print_first_json(&run->results[i]);
		print_digest(NULL, run->results[i].digest.value);
		out_end();
	}
	if (!out_is_json()) {
		out_row();
		out_str(NULL, "cpu", "total");
		print_row(total);
		out_end();
	}
	out_end();
}

static void print_speed(const struct replay_run *run)
{
	out_ns("elapsed_ns", "elapsed", run->elapsed_ns);
	out_ns("cpu_ns", "CPU time", run->busy_ns);
	if (!run->events || !run->elapsed_ns || !run->busy_ns) {
		out_na("events_per_s", "events a second", NULL);
		out_na("events_per_cpu_s", "events a CPU second", NULL);
		out_na("cpu_ns_per_event", "CPU ns an event", NULL);
		return;
	}
	out_double("events_per_s", "events a second",
		   run->events * 1e9 / run->elapsed_ns, 0);
	out_double("events_per_cpu_s", "events a CPU second",
		   run->events * 1e9 / run->busy_ns, 0);
	out_double("cpu_ns_per_event", "CPU ns an event",
		   (double)run->busy_ns / run->events, 1);
}

/**
 * replay_print() - print one replay
 * @trace: what was replayed
 * @run: what it came to
 * @world: "user" or "kernel"
 * @threads: that did it
 */
void replay_print(const struct trace *trace, const struct replay_run *run,
		  const char *world, unsigned int threads)
{
	struct row total = { 0 };

	out_object(NULL, NULL);
	out_str("world", "world", world);
	out_u64("threads", "threads", threads);
	print_speed(run);
	print_digest("digest", replay_digest(run));
	out_text("\n");
	print_cpus(trace, run, &total);
	if (out_is_json()) {
		out_object("total", NULL);
		print_row(&total);
		out_end();
	}
	out_end();
	out_text("\n");
}

/**
 * replay_print_first() - print the first event of each CPU whose verdict is
 *	not the recorded one
 * @run: a replay
 * @world: "user" or "kernel"
 *
 * For people: replay_print() has them in JSON.
 */
void replay_print_first(const struct replay_run *run, const char *world)
{
	unsigned int shown = 0;

	for (unsigned int i = 0; i < run->streams; i++) {
		const struct acqrel_trace_result *r = &run->results[i];

		if (!r->different || shown++ >= FIRST_MAX)
			continue;
		out_text("CPU %u, %s: the first different verdict is that of event %llu: ",
			 r->cpu, world, r->first_seq);
		out_text("recorded %s, replayed %s\n",
			 acqrel_verdict_name(r->first_recorded),
			 acqrel_verdict_name(r->first_replayed));
	}
	if (shown > FIRST_MAX)
		out_text("and %u CPUs more\n", shown - FIRST_MAX);
}
