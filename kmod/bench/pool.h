/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads to measure with: one for each CPU that an open arm uses.
 */
#ifndef ACQREL_KMOD_BENCH_POOL_H
#define ACQREL_KMOD_BENCH_POOL_H

#include <acqrel/latency.h>
#include <linux/wait.h>

struct task_struct;

typedef void acqrel_pool_fn(void *arg);

/**
 * struct acqrel_pool_thread - a thread that sleeps until there is work
 * @task: the thread
 * @cpu: where it is bound to
 * @users: gets that have not been put
 * @wait: where it sleeps
 * @fn: what to do next; NULL while it sleeps
 * @arg: for @fn
 * @timed: for the work: latencies of the timed part
 * @scratch: same: those of the rest
 */
struct acqrel_pool_thread {
	struct task_struct *task;
	unsigned int cpu;
	unsigned int users;
	wait_queue_head_t wait;
	acqrel_pool_fn *fn;
	void *arg;
	struct acqrel_latency *timed;
	struct acqrel_latency *scratch;
};

struct acqrel_pool_thread *acqrel_pool_get(unsigned int cpu, const char **why);
void acqrel_pool_put(struct acqrel_pool_thread *t);
void acqrel_pool_do(struct acqrel_pool_thread *t, acqrel_pool_fn *fn,
		    void *arg);

#endif /* ACQREL_KMOD_BENCH_POOL_H */
