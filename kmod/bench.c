// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slices on request: a kthread for each thread of a run, bound to a CPU, all
 * starting on a common deadline. The samples of the last run stay until the
 * next starts. Nobody waits for a run: its end is announced.
 */
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <acqrel/workload.h>

#include "bench.h"
#include "netlink.h"
#include "park.h"

#define ACQREL_BENCH_LEAD_NS	(20 * NSEC_PER_MSEC)

/**
 * struct acqrel_bench_thread - a thread of a run
 * @task: the thread
 * @index: its number
 * @cpu: where it is bound to
 * @worker: what it works with
 * @slices: what it did
 */
struct acqrel_bench_thread {
	struct task_struct *task;
	unsigned int index;
	unsigned int cpu;
	struct acqrel_worker worker;
	struct acqrel_slice slices[ACQREL_BENCH_SLICES_MAX];
};

/**
 * struct acqrel_bench_run - a run
 * @id: its number
 * @c: its case
 * @p: its parameters, without the name
 * @start_ns: deadline of the first slice
 * @stop: no more slices
 * @left: threads that have not ended
 * @nr_threads: threads that exist
 * @threads: the threads
 * @config: shared by them
 * @counter: same
 * @stats: a block for each
 * @pairs: rings for each two
 */
struct acqrel_bench_run {
	u32 id;
	const struct acqrel_case *c;
	struct acqrel_bench_params p;
	u64 start_ns;
	bool stop;
	atomic_t left;
	unsigned int nr_threads;
	struct acqrel_bench_thread *threads;
	struct world_config config;
	struct world_counter counter;
	struct acqrel_stats *stats;
	struct acqrel_pair *pairs;
};

static DEFINE_MUTEX(acqrel_bench_lock);	/* the run and its end */
static struct acqrel_bench_run *acqrel_bench;
static bool acqrel_bench_running;
static u32 acqrel_bench_last_id;

/**
 * acqrel_bench_case() - name of a case
 * @i: index
 *
 * Return: the name, or NULL after the last.
 */
const char *acqrel_bench_case(unsigned int i)
{
	return i < ACQREL_CASES ? acqrel_cases[i].name : NULL;
}

static const struct acqrel_case *acqrel_bench_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ACQREL_CASES; i++)
		if (!strcmp(acqrel_cases[i].name, name))
			return &acqrel_cases[i];
	return NULL;
}

static u64 acqrel_bench_deadline(const struct acqrel_bench_run *run,
				 unsigned int slice)
{
	return run->start_ns + slice * (run->p.slice_ns + run->p.slice_ns / 4);
}

/* what the threads worked on; waits for the reclaim of their configs */
static void acqrel_bench_free_work(struct acqrel_bench_run *run)
{
	if (rcu_access_pointer(run->config.cell.node))
		acqrel_config_cell_destroy(&run->config.cell);
	free_percpu(run->counter.v);
	run->counter.v = NULL;
	kvfree(run->stats);
	run->stats = NULL;
	kvfree(run->pairs);
	run->pairs = NULL;
}

static void acqrel_bench_free(struct acqrel_bench_run *run)
{
	if (!run)
		return;
	acqrel_bench_free_work(run);
	kvfree(run->threads);
	kfree(run);
}

static int acqrel_bench_alloc(struct acqrel_bench_run *run)
{
	unsigned int n = run->p.threads, i;

	run->threads = kvcalloc(n, sizeof(*run->threads), GFP_KERNEL);
	run->stats = kvcalloc(n, sizeof(*run->stats), GFP_KERNEL);
	run->pairs = kvcalloc((n + 1) / 2, sizeof(*run->pairs), GFP_KERNEL);
	run->counter.v = alloc_percpu(u64);
	if (!run->threads || !run->stats || !run->pairs || !run->counter.v)
		return -ENOMEM;
	acqrel_config_defaults(&run->config.values);
	for (i = 0; i < n; i++) {
		acqrel_stats_init(&run->stats[i]);
		acqrel_pair_init(&run->pairs[i / 2]);
	}
	return acqrel_config_cell_init(&run->config.cell);
}

static void acqrel_bench_stop(struct acqrel_bench_run *run)
{
	/* all at once: kthread_stop() tells one after the other */
	WRITE_ONCE(run->stop, true);
	while (run->nr_threads)
		kthread_stop(run->threads[--run->nr_threads].task);
}

static void acqrel_bench_done_fn(struct work_struct *work)
{
	u32 id = 0;

	mutex_lock(&acqrel_bench_lock);
	if (acqrel_bench_running) {
		acqrel_bench_stop(acqrel_bench);
		acqrel_bench_free_work(acqrel_bench);
		acqrel_bench_running = false;
		id = acqrel_bench->id;
	}
	mutex_unlock(&acqrel_bench_lock);
	if (id)
		acqrel_netlink_bench_ended(id);
}

static DECLARE_WORK(acqrel_bench_done, acqrel_bench_done_fn);

static int acqrel_bench_thread_fn(void *data)
{
	struct acqrel_bench_thread *t = data;
	struct acqrel_bench_run *run = acqrel_bench;
	unsigned int i;

	for (i = 0; i < run->p.slices && !READ_ONCE(run->stop); i++) {
		acqrel_work_slice(&t->worker, run->c, t->index, run->p.threads,
				  acqrel_bench_deadline(run, i),
				  run->p.slice_ns, &t->slices[i]);
		cond_resched();
	}
	if (atomic_dec_and_test(&run->left))
		schedule_work(&acqrel_bench_done);
	acqrel_park();
	return 0;
}

static int acqrel_bench_thread_new(struct acqrel_bench_run *run,
				   unsigned int i, unsigned int cpu)
{
	struct acqrel_bench_thread *t = &run->threads[i];
	struct task_struct *task;

	t->index = i;
	t->cpu = cpu;
	t->worker.config = &run->config;
	t->worker.counter = &run->counter;
	t->worker.shared = &run->stats[0];
	t->worker.own = &run->stats[i];
	t->worker.pair = &run->pairs[i / 2];
	task = kthread_create_on_node(acqrel_bench_thread_fn, t,
				      cpu_to_node(cpu), "acqrel_bench/%u", i);
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, cpu);
	t->task = task;
	return 0;
}

static int acqrel_bench_create_threads(struct acqrel_bench_run *run,
				       const char **why)
{
	unsigned int cpu;
	int err = 0;

	cpus_read_lock();
	if (run->p.threads > num_online_cpus()) {
		*why = "more threads than CPUs online";
		err = -EINVAL;
	}
	for_each_online_cpu(cpu) {
		if (err || run->nr_threads == run->p.threads)
			break;
		err = acqrel_bench_thread_new(run, run->nr_threads, cpu);
		if (!err)
			run->nr_threads++;
	}
	cpus_read_unlock();
	return err;
}

static int acqrel_bench_prepare(struct acqrel_bench_run *run,
				const char **why)
{
	int err = acqrel_bench_alloc(run);

	if (!err)
		err = acqrel_bench_create_threads(run, why);
	if (err) {
		acqrel_bench_stop(run);
		acqrel_bench_free(run);
	}
	return err;
}

static int acqrel_bench_launch(const struct acqrel_case *c,
			       const struct acqrel_bench_params *p,
			       const char **why)
{
	struct acqrel_bench_run *run = kzalloc(sizeof(*run), GFP_KERNEL);
	unsigned int i;
	int err;

	if (!run)
		return -ENOMEM;
	run->c = c;
	run->p = *p;
	err = acqrel_bench_prepare(run, why);
	if (err)
		return err;

	acqrel_bench_free(acqrel_bench);
	acqrel_bench = run;
	acqrel_bench_running = true;
	if (!++acqrel_bench_last_id)
		++acqrel_bench_last_id;
	run->id = acqrel_bench_last_id;
	atomic_set(&run->left, p->threads);
	run->start_ns = world_clock() + ACQREL_BENCH_LEAD_NS;
	for (i = 0; i < run->nr_threads; i++)
		wake_up_process(run->threads[i].task);
	return 0;
}

/**
 * acqrel_bench_start() - begin a run
 * @p: what; checked here
 * @run: where its id goes
 * @why: where a sentence goes if it cannot begin
 *
 * Context: may sleep; does not wait for the run.
 * Return: 0, -EBUSY while a run is under way, -ENOENT for an unknown case,
 *	-EINVAL, -ENOMEM.
 */
int acqrel_bench_start(const struct acqrel_bench_params *p, u32 *run,
		       const char **why)
{
	const struct acqrel_case *c = acqrel_bench_find(p->name);
	int err = -EBUSY;

	if (!c) {
		*why = "there is no case of that name";
		return -ENOENT;
	}
	mutex_lock(&acqrel_bench_lock);
	if (acqrel_bench_running) {
		*why = "a run is under way";
	} else {
		err = acqrel_bench_launch(c, p, why);
		*run = acqrel_bench_last_id;
	}
	mutex_unlock(&acqrel_bench_lock);
	return err;
}

/**
 * acqrel_bench_hold() - keep the samples of the last run
 * @run: id that the caller thinks it has
 *
 * Return: 0 with the lock held until acqrel_bench_release(), -ENOENT if it is
 *	not the last run, -EBUSY if it has not ended.
 */
int acqrel_bench_hold(u32 run)
{
	int err = 0;

	mutex_lock(&acqrel_bench_lock);
	if (!acqrel_bench || acqrel_bench->id != run)
		err = -ENOENT;
	else if (acqrel_bench_running)
		err = -EBUSY;
	if (err)
		mutex_unlock(&acqrel_bench_lock);
	return err;
}

/**
 * acqrel_bench_release() - what acqrel_bench_hold() began
 */
void acqrel_bench_release(void)
{
	mutex_unlock(&acqrel_bench_lock);
}

/**
 * acqrel_bench_sample() - a sample of the run held
 * @i: index, slices outside, threads inside
 * @sample: where to; valid until acqrel_bench_release()
 *
 * Return: false after the last.
 */
bool acqrel_bench_sample(unsigned int i, struct acqrel_bench_sample *sample)
{
	const struct acqrel_bench_run *run = acqrel_bench;
	const struct acqrel_bench_thread *t;

	lockdep_assert_held(&acqrel_bench_lock);
	sample->slice = i / run->p.threads;
	sample->thread = i % run->p.threads;
	if (sample->slice >= run->p.slices)
		return false;
	t = &run->threads[sample->thread];
	sample->cpu = t->cpu;
	sample->deadline_ns = acqrel_bench_deadline(run, sample->slice);
	sample->done = &t->slices[sample->slice];
	return true;
}

/**
 * acqrel_bench_exit() - end a run under way and forget the last
 *
 * Context: may sleep for a slice; nobody can start one any more.
 */
void acqrel_bench_exit(void)
{
	mutex_lock(&acqrel_bench_lock);
	if (acqrel_bench_running)
		acqrel_bench_stop(acqrel_bench);
	acqrel_bench_running = false;
	mutex_unlock(&acqrel_bench_lock);
	cancel_work_sync(&acqrel_bench_done);
	acqrel_bench_free(acqrel_bench);
	acqrel_bench = NULL;
}
