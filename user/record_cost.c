// SPDX-License-Identifier: GPL-2.0-only
/*
 * record_cost.c - what recording costs, beside what the pipeline costs
 *
 * Handlers time one call in 61 themselves. Their time before the recording is
 * that without a recorder, unless there was one since the last reset.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "clock.h"
#include "env.h"
#include "out.h"
#include "record_cost.h"

#define SAMPLES_MIN	100	/* for a mean worth a ratio */

static __u64 cpu_ns(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
	       ACQREL_NSEC_PER_SEC +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000ULL;
}

static int read_handlers(struct acqrel_client *client,
			 struct record_handlers *h, bool *running)
{
	struct acqrel_source_values *sources;
	size_t n;
	int rc;

	memset(h, 0, sizeof(*h));
	*running = false;
	rc = acqrel_client_sources(client, &sources, &n);
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		h->passed_ns += sources[i].passed_ns;
		h->passed_n += sources[i].passed_n;
		h->filtered_ns += sources[i].filtered_ns;
		h->filtered_n += sources[i].filtered_n;
		*running |= sources[i].running;
	}
	free(sources);
	return 0;
}

/**
 * record_cost_start() - the recording is about to begin
 * @cost: filled in
 * @client: to ask
 * @running: set to whether a source runs
 *
 * Return: 0 or -errno.
 */
int record_cost_start(struct record_cost *cost, struct acqrel_client *client,
		      bool *running)
{
	memset(cost, 0, sizeof(*cost));
	return read_handlers(client, &cost->before, running);
}

/**
 * record_cost_begin() - the taps are there, and what comes is work for events
 * @cost: record_cost_start() was called
 */
void record_cost_begin(struct record_cost *cost)
{
	cost->cpu_ns = cpu_ns();
}

/**
 * record_cost_stop() - the taps are about to go
 * @cost: record_cost_start() was called
 * @client: to ask; if that fails, the figures are missing
 */
void record_cost_stop(struct record_cost *cost, struct acqrel_client *client)
{
	const struct record_handlers *before = &cost->before;
	struct record_handlers now;
	bool running;

	if (read_handlers(client, &now, &running))
		return;
	cost->during = (struct record_handlers){
		.passed_ns = now.passed_ns - before->passed_ns,
		.passed_n = now.passed_n - before->passed_n,
		.filtered_ns = now.filtered_ns - before->filtered_ns,
		.filtered_n = now.filtered_n - before->filtered_n,
	};
}

/**
 * record_cost_end() - the recorder has nothing more to do
 * @cost: record_cost_begin() was called
 */
void record_cost_end(struct record_cost *cost)
{
	cost->cpu_ns = cpu_ns() - cost->cpu_ns;
}

static void print_mean(const char *key, const char *label, __u64 ns, __u64 n)
{
	if (n)
		out_double(key, label, (double)ns / n, 0);
	else
		out_na(key, label, NULL);
}

/*
 * What an event that passes costs more with a recorder than without, in the
 * handler and in the recorder, as a multiple of what it costs without.
 */
static void print_ratio(const struct record_cost *cost, __u64 events)
{
	const struct record_handlers *before = &cost->before;
	const struct record_handlers *during = &cost->during;
	double without, with, recorder;

	if (before->passed_n < SAMPLES_MIN || during->passed_n < SAMPLES_MIN ||
	    !before->passed_ns || !events) {
		out_na("cost_ratio", "recording/pipeline",
		       "too few events passed before or during the recording");
		return;
	}
	without = (double)before->passed_ns / before->passed_n;
	with = (double)during->passed_ns / during->passed_n;
	recorder = (double)cost->cpu_ns / events;
	out_double("cost_ratio", "recording/pipeline",
		   (with - without + recorder) / without, 2);
}

/**
 * record_cost_print() - print all of it, as fields
 * @cost: record_cost_end() was called
 * @events: that were recorded
 */
void record_cost_print(const struct record_cost *cost, __u64 events)
{
	const struct record_handlers *before = &cost->before;
	const struct record_handlers *during = &cost->during;

	out_u64("recorder_cpu_ns", NULL, cost->cpu_ns);
	print_mean("recorder_cpu_ns_per_event", "recorder ns/event",
		   cost->cpu_ns, events);
	print_mean("cost_passed_ns", "handler ns/passed", during->passed_ns,
		   during->passed_n);
	out_u64("cost_passed_samples", NULL, during->passed_n);
	print_mean("cost_passed_before_ns", "  before", before->passed_ns,
		   before->passed_n);
	out_u64("cost_passed_before_samples", NULL, before->passed_n);
	print_mean("cost_filtered_ns", "handler ns/filtered",
		   during->filtered_ns, during->filtered_n);
	out_u64("cost_filtered_samples", NULL, during->filtered_n);
	print_mean("cost_filtered_before_ns", "  before", before->filtered_ns,
		   before->filtered_n);
	out_u64("cost_filtered_before_samples", NULL, before->filtered_n);
	print_ratio(cost, events);
	out_bool("emulated", NULL, env_emulated());
	if (env_emulated())
		out_text("\nThis CPU is emulated: the times say nothing about hardware.\n");
}
