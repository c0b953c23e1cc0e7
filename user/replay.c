// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay.c - a trace through the pipeline of the user world
 *
 * A stream is replayed by one thread from its first record to its last, so the
 * result does not depend on how many threads there are. The longest streams
 * are begun first, and whoever is done takes the next.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <acqrel/replay.h>

#include "clock.h"
#include "replay.h"

#define TICK_NS		100000000ULL

/**
 * struct job - a stream
 * @stream: its index in the trace
 * @events: that it says it has
 * @error: 0 or -errno
 * @why: with @error, may be empty
 */
struct job {
	unsigned int stream;
	__u64 events;
	int error;
	char why[TRACE_WHY];
};

/**
 * struct crew - the threads of a replay and what they share
 * @trace: read by all
 * @results: each is written by the thread that has the job
 * @jobs: longest first
 * @njobs: how many
 * @next: job that nobody has taken yet
 * @events: replayed so far
 * @busy_ns: CPU time of the threads that are done
 */
struct crew {
	const struct trace *trace;
	struct acqrel_trace_result *results;
	struct job *jobs;
	unsigned int njobs;
	unsigned int next;
	__u64 events;
	__u64 busy_ns;
};

static int replay_blocks(struct crew *crew, struct job *job,
			 struct acqrel_replay *rp, struct trace_cursor *cursor)
{
	struct acqrel_trace_block block;
	const void *records;
	const char *why;
	__u64 before;
	size_t done;
	int rc;

	for (;;) {
		rc = trace_cursor_next(cursor, &block, &records, job->why);
		if (rc <= 0)
			return rc;
		before = rp->events;
		why = acqrel_replay_records(rp, records, block.chunk.bytes,
					    &done);
		__atomic_fetch_add(&crew->events, rp->events - before,
				   __ATOMIC_RELAXED);
		if (why) {
			snprintf(job->why, sizeof(job->why),
				 "CPU %u, block %llu, byte %zu: %s", rp->cpu,
				 block.number, done, why);
			return -EBADMSG;
		}
	}
}

static int replay_records(struct crew *crew, struct job *job,
			  struct acqrel_replay *rp)
{
	struct trace_cursor cursor;
	int rc;

	rc = trace_cursor_open(crew->trace, job->stream, &cursor);
	if (rc)
		return rc;
	rc = replay_blocks(crew, job, rp, &cursor);
	trace_cursor_close(&cursor);
	return rc;
}

/* a snapshot that cannot be */
static int refuse(struct job *job, unsigned int cpu, const char *why)
{
	if (!why)
		return 0;
	snprintf(job->why, sizeof(job->why), "CPU %u: %s", cpu, why);
	return -EBADMSG;
}

static int replay_stream(struct crew *crew, struct job *job,
			 struct acqrel_replay *rp,
			 struct acqrel_oring_slot *slots)
{
	const struct trace_stream *s = trace_stream(crew->trace, job->stream);
	int rc;

	acqrel_replay_open(rp, s->open, slots);
	rc = replay_records(crew, job, rp);
	if (!rc && s->close)
		rc = refuse(job, s->cpu, acqrel_replay_close(rp, s->close));
	acqrel_replay_result(rp, &crew->results[job->stream]);
	return rc;
}

static int replay_job(struct crew *crew, struct job *job)
{
	const struct trace_stream *s = trace_stream(crew->trace, job->stream);
	struct acqrel_oring_slot *slots;
	struct acqrel_replay *rp;
	int rc;

	rc = refuse(job, s->cpu, acqrel_replay_check_open(s->open));
	if (rc)
		return rc;
	rp = aligned_alloc(64, sizeof(*rp));
	slots = aligned_alloc(64, s->open->ring_entries * sizeof(*slots));
	rc = rp && slots ? replay_stream(crew, job, rp, slots) : -ENOMEM;
	free(slots);
	free(rp);
	return rc;
}

static __u64 thread_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (__u64)ts.tv_sec * ACQREL_NSEC_PER_SEC + (__u64)ts.tv_nsec;
}

static void *replay_main(void *arg)
{
	struct crew *crew = arg;
	__u64 start = thread_ns();
	unsigned int i;

	for (;;) {
		i = __atomic_fetch_add(&crew->next, 1, __ATOMIC_RELAXED);
		if (i >= crew->njobs)
			break;
		crew->jobs[i].error = replay_job(crew, &crew->jobs[i]);
	}
	__atomic_fetch_add(&crew->busy_ns, thread_ns() - start,
			   __ATOMIC_RELAXED);
	return NULL;
}

/* Waits for a thread and tells how far all of them are. */
static void join(struct crew *crew, pthread_t thread,
		 const struct replay_run *run)
{
	struct timespec until;
	__u64 ns;

	if (!run->progress) {
		pthread_join(thread, NULL);
		return;
	}
	do {
		run->progress(__atomic_load_n(&crew->events, __ATOMIC_RELAXED));
		clock_gettime(CLOCK_REALTIME, &until);
		ns = (__u64)until.tv_nsec + TICK_NS;
		until.tv_sec += ns / ACQREL_NSEC_PER_SEC;
		until.tv_nsec = ns % ACQREL_NSEC_PER_SEC;
	} while (pthread_timedjoin_np(thread, NULL, &until) == ETIMEDOUT);
}

/* Any number of threads can do it, so it matters only if there is none. */
static int run_threads(struct crew *crew, unsigned int n,
		       const struct replay_run *run)
{
	pthread_t *threads = calloc(n, sizeof(*threads));
	unsigned int started = 0;
	int rc = 0;

	if (!threads)
		return -ENOMEM;
	while (started < n && !rc) {
		rc = -pthread_create(&threads[started], NULL, replay_main,
				     crew);
		started += !rc;
	}
	for (unsigned int i = 0; i < started; i++)
		join(crew, threads[i], run);
	free(threads);
	return started ? 0 : rc;
}

static int longer_first(const void *a, const void *b)
{
	const struct job *x = a, *y = b;

	if (x->events != y->events)
		return x->events < y->events ? 1 : -1;
	return x->stream < y->stream ? -1 : 1;
}

/* The error of the first stream that has one, whoever came upon it first. */
static int first_error(const struct crew *crew, struct replay_run *run)
{
	const struct job *first = NULL;

	for (unsigned int i = 0; i < crew->njobs; i++)
		if (crew->jobs[i].error &&
		    (!first || crew->jobs[i].stream < first->stream))
			first = &crew->jobs[i];
	if (!first)
		return 0;
	memcpy(run->why, first->why, sizeof(run->why));
	return first->error;
}

static int run_crew(struct crew *crew, unsigned int threads,
		    struct replay_run *run)
{
	__u64 start = acqrel_clock();
	int rc;

	for (unsigned int i = 0; i < crew->njobs; i++) {
		crew->jobs[i].stream = i;
		crew->jobs[i].events = trace_stream(crew->trace, i)->events;
	}
	qsort(crew->jobs, crew->njobs, sizeof(crew->jobs[0]), longer_first);
	rc = run_threads(crew, threads, run);
	run->elapsed_ns = acqrel_clock() - start;
	run->busy_ns = crew->busy_ns;
	run->events = crew->events;
	return rc ?: first_error(crew, run);
}

/**
 * replay_user() - replay a trace in the user world
 * @trace: open
 * @threads: 1 or more; one that has no stream ends at once
 * @run: progress set by the caller or NULL; the rest is filled, in any case,
 *	and replay_free() must follow
 *
 * Return: 0 or -errno: -ENOMEM, -EAGAIN without a thread, or that of a stream
 * that cannot be read or replayed; @run->why then says more.
 */
int replay_user(const struct trace *trace, unsigned int threads,
		struct replay_run *run)
{
	struct crew crew = { .trace = trace, .njobs = trace_streams(trace) };
	int rc = -ENOMEM;

	run->why[0] = '\0';
	run->streams = crew.njobs;
	/* one more: there may be no stream */
	run->results = calloc(crew.njobs + 1, sizeof(*run->results));
	crew.results = run->results;
	crew.jobs = calloc(crew.njobs + 1, sizeof(*crew.jobs));
	if (crew.results && crew.jobs)
		rc = run_crew(&crew, threads, run);
	free(crew.jobs);
	return rc;
}

/**
 * replay_free() - free what a replay has allocated
 * @run: filled by it, or zeroed
 */
void replay_free(struct replay_run *run)
{
	free(run->results);
	run->results = NULL;
}
