// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pipeline of the user world: streams of the generator, each through its
 * own lane. Thread t of n takes the streams t, t + n, ... one after another,
 * so what a stream leaves behind does not depend on the threads.
 */
#include <pthread.h>
#include <stdlib.h>

#include <acqrel/generator.h>
#include <acqrel/lane.h>
#include "clock.h"
#include "config.h"
#include "counter.h"
#include "pipeline.h"

/**
 * struct pipeline - a run
 * @params: what to run
 * @config: in force for the whole run
 * @counters: by enum acqrel_counter
 * @lanes: one a stream
 * @slots: the rings' memory, one ring after another
 */
struct pipeline {
	const struct acqrel_pipeline_params *params;
	struct acqrel_config_cell config;
	struct acqrel_counters counters;
	struct acqrel_lane *lanes;
	struct acqrel_oring_slot *slots;
};

struct pipeline_worker {
	struct pipeline *p;
	pthread_t thread;
	unsigned int index;
	u64 offered;
	u64 start_ns;
	u64 end_ns;
};

/* wait until the next event of this worker is due */
static void pipeline_pace(const struct pipeline_worker *w)
{
	u64 rate = w->p->params->rate;
	u64 turn = w->offered * w->p->params->threads;
	u64 due = w->start_ns + turn / rate * ACQREL_NSEC_PER_SEC +
		  turn % rate * ACQREL_NSEC_PER_SEC / rate;
	struct timespec ts = {
		.tv_sec = due / ACQREL_NSEC_PER_SEC,
		.tv_nsec = due % ACQREL_NSEC_PER_SEC,
	};

	if (acqrel_clock() < due)
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static void pipeline_offer(struct pipeline *p, struct acqrel_lane *lane,
			   struct acqrel_event *ev)
{
	unsigned int verdict;

	rcu_read_lock();
	verdict = acqrel_lane_offer(lane, acqrel_config_dereference(&p->config),
				    ev);
	/* pairs with acqrel_config_reclaim(): config.reclaim */
	rcu_read_unlock();
	if (verdict >= __ACQREL_FILTER_COUNT)
		acqrel_counter_add(&p->counters,
				   ACQREL_COUNTER_PASSED_SWITCH + ev->kind, 1);
}

static void pipeline_stream(struct pipeline_worker *w, unsigned int stream)
{
	const struct acqrel_pipeline_params *params = w->p->params;
	struct acqrel_generator gen;
	struct acqrel_event ev;
	u64 left;

	acqrel_generator_init(&gen, params->seed, stream);
	left = acqrel_generator_share(params->count, stream, params->streams);
	for (; left; left--) {
		if (params->rate)
			pipeline_pace(w);
		acqrel_generator_event(&gen, &ev);
		ev.cpu = stream;
		ev.clock_ns = acqrel_clock();
		pipeline_offer(w->p, &w->p->lanes[stream], &ev);
		w->offered++;
	}
}

static void *pipeline_main(void *arg)
{
	struct pipeline_worker *w = arg;
	unsigned int i;

	rcu_register_thread();
	w->start_ns = acqrel_clock();
	for (i = w->index; i < w->p->params->streams; i += w->p->params->threads)
		pipeline_stream(w, i);
	w->end_ns = acqrel_clock();
	rcu_unregister_thread();
	return NULL;
}

static u64 pipeline_elapsed(const struct pipeline_worker *w, unsigned int n)
{
	u64 start = w[0].start_ns, end = w[0].end_ns;
	unsigned int i;

	for (i = 1; i < n; i++) {
		if (w[i].start_ns < start)
			start = w[i].start_ns;
		if (w[i].end_ns > end)
			end = w[i].end_ns;
	}
	return end - start;
}

static int pipeline_threads(struct pipeline *p, u64 *elapsed_ns)
{
	unsigned int started, i, n = p->params->threads;
	struct pipeline_worker *workers;
	int ret = 0;

	workers = calloc(n, sizeof(*workers));
	if (!workers)
		return -ENOMEM;
	for (started = 0; started < n && !ret; started++) {
		workers[started].p = p;
		workers[started].index = started;
		ret = -pthread_create(&workers[started].thread, NULL,
				      pipeline_main, &workers[started]);
	}
	if (ret)
		started--;
	for (i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	if (!ret)
		*elapsed_ns = pipeline_elapsed(workers, n);
	free(workers);
	return ret;
}

static void pipeline_ring_values(const struct acqrel_lane *lane,
				 struct acqrel_ring_values *v)
{
	v->retries = acqrel_lane_snapshot(lane, &v->account, &v->popped);
	v->capacity = lane->ring.mask + 1;
	v->fill = acqrel_oring_fill(&lane->ring);
}

static void pipeline_stats_values(const struct acqrel_stats *stats,
				  struct acqrel_stats_values *v)
{
	struct acqrel_aggregate agg;

	v->retries = acqrel_stats_read(stats, &agg);
	v->count = agg.count;
	v->sum_ns = agg.sum;
	v->min_ns = agg.min;
	v->max_ns = agg.max;
	memcpy(v->hist, agg.hist, sizeof(v->hist));
}

static void pipeline_stream_values(const struct pipeline *p, unsigned int i,
				   struct acqrel_pipeline_stream *stream)
{
	unsigned int kind;

	stream->ring.cpu = i;
	pipeline_ring_values(&p->lanes[i], &stream->ring);
	for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++) {
		stream->stats[kind].cpu = i;
		stream->stats[kind].kind = kind;
		pipeline_stats_values(&p->lanes[i].stats[kind],
				      &stream->stats[kind]);
	}
}

static int pipeline_result(const struct pipeline *p,
			   struct acqrel_pipeline_result *result)
{
	unsigned int i;

	result->nstreams = p->params->streams;
	result->streams = calloc(result->nstreams, sizeof(*result->streams));
	if (!result->streams)
		return -ENOMEM;
	for (i = 0; i < result->nstreams; i++)
		pipeline_stream_values(p, i, &result->streams[i]);
	for (i = 0; i < __ACQREL_COUNTER_COUNT; i++)
		result->counters[i] = acqrel_counter_sum(&p->counters, i);
	return 0;
}

static int pipeline_memory(struct pipeline *p)
{
	unsigned int i, n = p->params->streams;
	size_t entries = p->params->ring_entries;

	p->lanes = aligned_alloc(64, n * sizeof(*p->lanes));
	p->slots = aligned_alloc(64, n * entries * sizeof(*p->slots));
	if (!p->lanes || !p->slots)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		acqrel_lane_init(&p->lanes[i], &p->slots[i * entries], entries);
	return 0;
}

static bool pipeline_params_good(const struct acqrel_pipeline_params *params)
{
	return params->streams && params->threads &&
	       params->streams <= ACQREL_BENCH_THREADS_MAX &&
	       params->threads <= params->streams &&
	       params->rate <= UINT32_MAX &&
	       is_power_of_2(params->ring_entries);
}

/**
 * acqrel_pipeline_run() - run the generator through the user world
 * @params: what to run
 * @result: filled on success; acqrel_pipeline_free() it then
 *
 * Nobody reads the rings, so the same parameters give the same result.
 *
 * Return: 0 or -errno: -EINVAL for a parameter out of range, -ENOMEM.
 */
int acqrel_pipeline_run(const struct acqrel_pipeline_params *params,
			struct acqrel_pipeline_result *result)
{
	struct pipeline p = { .params = params };
	const char *why;
	int ret;

	if (!pipeline_params_good(params))
		return -EINVAL;
	ret = acqrel_config_cell_init(&p.config);
	if (ret)
		return ret;
	ret = acqrel_counters_init(&p.counters, __ACQREL_COUNTER_COUNT);
	if (ret)
		goto destroy_config;
	/* the caller need not be registered, as call_rcu() would have it */
	p.config.reclaim = ACQREL_RECLAIM_SYNCHRONIZE;
	ret = acqrel_config_publish(&p.config, &params->config, &why);
	if (!ret)
		ret = pipeline_memory(&p);
	if (!ret)
		ret = pipeline_threads(&p, &result->elapsed_ns);
	if (!ret)
		ret = pipeline_result(&p, result);
	free(p.slots);
	free(p.lanes);
	acqrel_counters_destroy(&p.counters);
destroy_config:
	acqrel_config_cell_destroy(&p.config);
	return ret;
}

/**
 * acqrel_pipeline_free() - free what acqrel_pipeline_run() allocated
 * @result: filled by it
 */
void acqrel_pipeline_free(struct acqrel_pipeline_result *result)
{
	free(result->streams);
	result->streams = NULL;
}
