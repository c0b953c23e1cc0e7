// SPDX-License-Identifier: GPL-2.0-only
/*
 * All threads of a run are made before the first one begins, and all leave at
 * the same gate, so none of them waits for one that never comes. They wait
 * spinning, but not for long: then they yield (include/acqrel/litmus.h).
 *
 * litmus.left: each thread does its part and then leaves, so the last one sees
 * the tally complete.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "bench/memory.h"
#include "litmus/job.h"

static int acqrel_litmus_thread_fn(void *data)
{
	struct acqrel_litmus_thread *t = data;
	struct acqrel_litmus_job *job;

	job = container_of(t->round, struct acqrel_litmus_job, run.round);
	acqrel_litmus_thread_run(&job->run, t);
	/* pairs with itself in the last thread: litmus.left */
	if (atomic_dec_and_test(&job->left))
		job->ended();
	return 0;
}

static void acqrel_litmus_free_memory(struct acqrel_litmus_job *job)
{
	world_free(job->run.round.memory);
	world_free(job->run.round.threads);
	job->run.round.memory = NULL;
	job->run.round.threads = NULL;
}

/**
 * acqrel_litmus_job_join() - see the threads off and free what they used
 * @job: the job; its last thread has called @ended, or none has begun
 *
 * Its tally and its status stay.
 *
 * Context: may sleep until the threads have ended.
 */
void acqrel_litmus_job_join(struct acqrel_litmus_job *job)
{
	struct task_struct *task;

	while (job->nr_tasks) {
		task = job->tasks[--job->nr_tasks];
		/* one that has ended is waited for all the same */
		kthread_stop(task);
		put_task_struct(task);
	}
	acqrel_litmus_free_memory(job);
}

/**
 * acqrel_litmus_job_free() - the end of a job
 * @job: the job, which nobody runs, or NULL
 *
 * Context: may sleep.
 */
void acqrel_litmus_job_free(struct acqrel_litmus_job *job)
{
	if (job)
		acqrel_litmus_job_join(job);
	world_free(job);
}

static bool acqrel_litmus_is_crowded(const u32 *cpus, u32 threads)
{
	u32 i, k;

	for (i = 1; i < threads; i++)
		for (k = 0; k < i; k++)
			if (cpus[i] == cpus[k])
				return true;
	return false;
}

static struct acqrel_litmus_job *
acqrel_litmus_job_alloc(const struct acqrel_litmus_test *test)
{
	struct acqrel_litmus_job *job = world_alloc(sizeof(*job));
	struct acqrel_litmus_round *round;

	if (!job)
		return NULL;
	job->run.test = test;
	round = &job->run.round;
	round->memory = world_alloc(ACQREL_LITMUS_PAGES * ACQREL_LITMUS_PAGE);
	round->threads = world_alloc(test->threads * sizeof(*round->threads));
	if (round->memory && round->threads)
		return job;
	acqrel_litmus_job_free(job);
	return NULL;
}

static int acqrel_litmus_make_threads(struct acqrel_litmus_job *job)
{
	struct task_struct *task;
	u32 i;

	for (i = 0; i < job->run.test->threads; i++) {
		task = kthread_create_on_node(acqrel_litmus_thread_fn,
					      &job->run.round.threads[i],
					      cpu_to_node(job->cpus[i]),
					      "acqrel_litmus/%u", i);
		if (IS_ERR(task))
			return PTR_ERR(task);
		kthread_bind(task, job->cpus[i]);
		job->tasks[job->nr_tasks++] = get_task_struct(task);
	}
	return 0;
}

/* Return: why the test cannot be run like that, or NULL */
static const char *acqrel_litmus_check(const struct acqrel_litmus_test *test,
				       const struct acqrel_litmus_request *rq)
{
	u32 i;

	if (rq->threads != test->threads)
		return "the test needs another number of CPUs";
	for (i = 0; i < rq->threads; i++)
		if (rq->cpus[i] >= nr_cpu_ids || !cpu_online(rq->cpus[i]))
			return "a CPU is not online";
	return NULL;
}

/**
 * acqrel_litmus_job_new() - make a job
 * @rq: what it is to be; checked here
 * @why: where a sentence goes if it cannot be
 *
 * Context: may sleep; CPUs are kept from going offline by the caller.
 * Return: the job or -ENOENT, -EINVAL, -ENOMEM, or why no thread could be made.
 */
struct acqrel_litmus_job *
acqrel_litmus_job_new(const struct acqrel_litmus_request *rq, const char **why)
{
	const struct acqrel_litmus_test *test = acqrel_litmus_find(rq->name);
	struct acqrel_litmus_job *job;
	int err;

	if (!test) {
		*why = "there is no test of that name";
		return ERR_PTR(-ENOENT);
	}
	*why = acqrel_litmus_check(test, rq);
	if (*why)
		return ERR_PTR(-EINVAL);
	job = acqrel_litmus_job_alloc(test);
	if (!job)
		return ERR_PTR(-ENOMEM);
	job->run.trials = rq->trials;
	job->run.round.crowded = acqrel_litmus_is_crowded(rq->cpus,
							  rq->threads);
	memcpy(job->cpus, rq->cpus, rq->threads * sizeof(*rq->cpus));
	acqrel_litmus_init(&job->run, rq->seed);
	err = acqrel_litmus_make_threads(job);
	if (!err)
		return job;
	acqrel_litmus_job_free(job);
	return ERR_PTR(err);
}

/**
 * acqrel_litmus_job_begin() - let the threads run
 * @job: the job, which has not begun
 * @ended: called by the last thread to leave, in it
 *
 * Context: any; does not wait.
 */
void acqrel_litmus_job_begin(struct acqrel_litmus_job *job,
			     void (*ended)(void))
{
	u32 i;

	job->ended = ended;
	atomic_set(&job->left, job->nr_tasks);
	for (i = 0; i < job->nr_tasks; i++)
		wake_up_process(job->tasks[i]);
}

/**
 * acqrel_litmus_job_stop() - let the threads leave
 * @job: the job
 * @status: why; counts unless something else stopped it before
 *
 * Context: any; does not wait. The threads leave after the round they are in.
 */
void acqrel_litmus_job_stop(struct acqrel_litmus_job *job, int status)
{
	/* no pair: the first status stays */
	cmpxchg(&job->status, 0, status);
	WRITE_ONCE(job->run.stop, true);
}

/**
 * acqrel_litmus_job_uses() - whether a job has a thread on a CPU
 * @job: the job
 * @cpu: the CPU
 *
 * Return: whether it has.
 */
bool acqrel_litmus_job_uses(const struct acqrel_litmus_job *job,
			    unsigned int cpu)
{
	u32 i;

	for (i = 0; i < job->run.test->threads; i++)
		if (job->cpus[i] == cpu)
			return true;
	return false;
}
