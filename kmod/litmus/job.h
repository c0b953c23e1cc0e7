/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run of a litmus test: its memory and its threads.
 */
#ifndef ACQREL_KMOD_LITMUS_JOB_H
#define ACQREL_KMOD_LITMUS_JOB_H

#include "litmus_world.h"
#include <acqrel/litmus_round.h>

struct task_struct;

/**
 * struct acqrel_litmus_request - what a run is to be
 * @name: of the test
 * @cpus: a CPU for each thread
 * @threads: how many
 * @trials: how many
 * @seed: of what chance does
 */
struct acqrel_litmus_request {
	const char *name;
	const u32 *cpus;
	u32 threads;
	u64 trials;
	u64 seed;
};

/**
 * struct acqrel_litmus_job - a run and who does it
 * @run: the run; its tally stays when the rest is gone
 * @status: 0 or a negative errno: what stopped it first
 * @left: threads that have not left
 * @nr_tasks: threads that were made
 * @tasks: the threads, each with a reference
 * @cpus: theirs
 * @ended: called by the last to leave, in it
 */
struct acqrel_litmus_job {
	struct acqrel_litmus_run run;
	int status;
	atomic_t left;
	u32 nr_tasks;
	struct task_struct *tasks[ACQREL_LITMUS_THREADS];
	u32 cpus[ACQREL_LITMUS_THREADS];
	void (*ended)(void);
};

/* tests.c */
const struct acqrel_litmus_test *acqrel_litmus_at(unsigned int i);
const struct acqrel_litmus_test *acqrel_litmus_find(const char *name);

/* job.c */
struct acqrel_litmus_job *
acqrel_litmus_job_new(const struct acqrel_litmus_request *rq, const char **why);
void acqrel_litmus_job_free(struct acqrel_litmus_job *job);
void acqrel_litmus_job_begin(struct acqrel_litmus_job *job,
			     void (*ended)(void));
void acqrel_litmus_job_stop(struct acqrel_litmus_job *job, int status);
void acqrel_litmus_job_join(struct acqrel_litmus_job *job);
bool acqrel_litmus_job_uses(const struct acqrel_litmus_job *job,
			    unsigned int cpu);

#endif /* ACQREL_KMOD_LITMUS_JOB_H */
