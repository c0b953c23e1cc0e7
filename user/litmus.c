// SPDX-License-Identifier: GPL-2.0-only
/*
 * litmus.c - litmus tests in the user world: a thread is pinned to each CPU
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cmd.h"
#include "env.h"
#include "litmus.h"

#define POLL_MS		100
#define PAGE		4096

struct job;

struct worker {
	struct job *job;
	struct acqrel_litmus_thread *t;
	pthread_t thread;
};

struct job {
	struct acqrel_litmus_run run;
	struct worker workers[ACQREL_LITMUS_THREADS];
	pthread_mutex_t start;	/* held until all threads are there */
	bool refused;		/* under @start: there is one that is not */
	int ended;		/* an event of each thread */
};

static void *work(void *arg)
{
	struct worker *worker = arg;
	struct job *job = worker->job;
	const __u64 one = 1;
	bool refused;

	pthread_mutex_lock(&job->start);
	refused = job->refused;
	pthread_mutex_unlock(&job->start);
	if (!refused) {
		rcu_register_thread();
		acqrel_litmus_thread_run(&job->run, worker->t);
		rcu_unregister_thread();
	}
	return write(job->ended, &one, sizeof(one)) < 0 ? job : NULL;
}

static int make_thread(struct worker *worker, __u32 cpu)
{
	cpu_set_t *set = CPU_ALLOC(ENV_CPUS_MAX);
	size_t size = CPU_ALLOC_SIZE(ENV_CPUS_MAX);
	pthread_attr_t attr;
	int rc;

	if (!set)
		return -ENOMEM;
	CPU_ZERO_S(size, set);
	CPU_SET_S(cpu, size, set);
	pthread_attr_init(&attr);
	rc = pthread_attr_setaffinity_np(&attr, size, set);
	if (!rc)
		rc = pthread_create(&worker->thread, &attr, work, worker);
	pthread_attr_destroy(&attr);
	CPU_FREE(set);
	return -rc;
}

/* Until all threads have left. */
static void watch(struct job *job, const struct litmus_setup *setup,
		  unsigned int n)
{
	__u64 more;
	unsigned int ended = 0;

	while (ended < n) {
		if (interrupt_poll(job->ended, POLL_MS) > 0 &&
		    read(job->ended, &more, sizeof(more)) == sizeof(more))
			ended += more;
		if (!setup->poll(setup->arg,
				 READ_ONCE(job->run.tally.trials)))
			WRITE_ONCE(job->run.stop, true);
	}
}

static int run_threads(struct job *job, const struct litmus_setup *setup,
		       const __u32 *cpus)
{
	unsigned int made = 0, n = job->run.test->threads;
	int rc = 0;

	pthread_mutex_lock(&job->start);
	for (; made < n && !rc; made += !rc) {
		job->workers[made].job = job;
		job->workers[made].t = &job->run.round.threads[made];
		rc = make_thread(&job->workers[made], cpus[made]);
	}
	job->refused = rc;
	pthread_mutex_unlock(&job->start);
	if (!rc)
		watch(job, setup, n);
	while (made)
		pthread_join(job->workers[--made].thread, NULL);
	return rc;
}

static bool crowded(const __u32 *cpus, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int k = 0; k < i; k++)
			if (cpus[i] == cpus[k])
				return true;
	return false;
}

static int prepare(struct job *job, const struct acqrel_litmus_test *test)
{
	size_t threads = test->threads * sizeof(struct acqrel_litmus_thread);
	size_t memory = (size_t)ACQREL_LITMUS_PAGES * PAGE;
	struct acqrel_litmus_round *round = &job->run.round;

	job->run.test = test;
	pthread_mutex_init(&job->start, NULL);
	job->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (job->ended < 0)
		return -errno;
	round->memory = aligned_alloc(PAGE, memory);
	round->threads = aligned_alloc(PAGE, (threads + PAGE - 1) / PAGE *
					     PAGE);
	if (!round->memory || !round->threads)
		return -ENOMEM;
	memset(round->memory, 0, memory);
	memset(round->threads, 0, threads);
	return 0;
}

/**
 * litmus_user_block() - run a test on some CPUs
 * @setup: how; its @poll is called
 * @test: the test
 * @cpus: a CPU for each thread; one that is there twice makes them take turns
 * @trials: how many
 * @seed: of what chance does
 * @tally: filled, also if it was stopped
 *
 * Return: 0, -ECANCELED if @setup's poll() ended it, or -errno.
 */
int litmus_user_block(const struct litmus_setup *setup,
		      const struct acqrel_litmus_test *test, const __u32 *cpus,
		      __u64 trials, __u64 seed,
		      struct acqrel_litmus_tally *tally)
{
	struct job *job = aligned_alloc(PAGE, (sizeof(*job) + PAGE - 1) /
					      PAGE * PAGE);
	int rc;

	memset(tally, 0, sizeof(*tally));
	if (!job)
		return -ENOMEM;
	memset(job, 0, sizeof(*job));
	rc = prepare(job, test);
	if (!rc) {
		job->run.trials = trials;
		job->run.round.crowded = crowded(cpus, test->threads);
		acqrel_litmus_init(&job->run, seed);
		rc = run_threads(job, setup, cpus);
		*tally = job->run.tally;
	}
	if (!rc && tally->trials < trials)
		rc = -ECANCELED;
	if (job->ended >= 0)
		close(job->ended);
	pthread_mutex_destroy(&job->start);
	free(job->run.round.threads);
	free(job->run.round.memory);
	free(job);
	return rc;
}
