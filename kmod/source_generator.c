// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generator as a source: a kthread and a stream for each CPU online at
 * the start.
 *
 * A thread that the scheduler must move because its CPU goes offline offers
 * to the lane of the CPU it is moved to: always exact, no longer repeatable.
 */
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include <acqrel/generator.h>

#include "park.h"
#include "pipeline.h"
#include "source.h"

static DEFINE_PER_CPU(struct acqrel_source_cost, acqrel_generator_cost);

/**
 * struct acqrel_stream - what a thread works on
 * @task: the thread
 * @generator: its events
 * @left: events to go, if @bounded
 * @bounded: it ends by itself
 * @interval_ns: between two events, 0: none
 */
struct acqrel_stream {
	struct task_struct *task;
	struct acqrel_generator generator;
	u64 left;
	bool bounded;
	u64 interval_ns;
};

static struct acqrel_stream *acqrel_streams;
static unsigned int acqrel_nr_streams;
static unsigned int acqrel_last_streams;
static struct acqrel_source_params acqrel_last_params = { .seed = 1 };
static atomic_t acqrel_streams_left;

static void acqrel_generator_done_fn(struct work_struct *work)
{
	acqrel_source_finished(&acqrel_source_generator);
}

static DECLARE_WORK(acqrel_generator_done, acqrel_generator_done_fn);

static bool acqrel_generator_offer(struct acqrel_generator *g)
{
	u64 cost = acqrel_cost_begin(&acqrel_generator_cost);
	struct acqrel_section s;
	struct acqrel_event ev;
	unsigned int gate;
	bool passed;

	if (!acqrel_section_enter(&s))
		return false;
	acqrel_generator_event(g, &ev);
	ev.clock_ns = acqrel_section_clock(&s);
	ev.cpu = smp_processor_id();
	gate = acqrel_section_gate(&s, ev.kind);
	__this_cpu_inc(acqrel_generator_cost.offered);
	passed = acqrel_section_settle(&s, gate, &ev);
	acqrel_section_leave(&s);
	acqrel_cost_end(&acqrel_generator_cost, cost, passed);
	return true;
}

/* wait until an event is due; false if the thread shall end */
static bool acqrel_stream_pace(const struct acqrel_stream *st, u64 due)
{
	u64 now;

	while (st->interval_ns) {
		/* pairs with kthread_stop() in _stop(): thread.stop */
		set_current_state(TASK_INTERRUPTIBLE);
		now = ktime_get_ns();
		if (due <= now || kthread_should_stop())
			break;
		schedule_timeout(1 + nsecs_to_jiffies(due - now));
	}
	__set_current_state(TASK_RUNNING);
	cond_resched();
	return !kthread_should_stop();
}

static int acqrel_stream_fn(void *data)
{
	struct acqrel_stream *st = data;
	u64 due = ktime_get_ns();

	while ((!st->bounded || st->left) && acqrel_stream_pace(st, due)) {
		/* refused if the section is entered from within: try again */
		if (!acqrel_generator_offer(&st->generator))
			continue;
		st->left--;
		due += st->interval_ns;
	}
	/* no pair: to be the last is all that is asked */
	if (st->bounded && !st->left && atomic_dec_and_test(&acqrel_streams_left))
		schedule_work(&acqrel_generator_done);
	acqrel_park();
	return 0;
}

static void acqrel_generator_stop(void)
{
	unsigned int i;

	/* pairs with set_current_state() in the threads: thread.stop */
	for (i = 0; i < acqrel_nr_streams; i++)
		kthread_stop(acqrel_streams[i].task);
	acqrel_nr_streams = 0;
	kfree(acqrel_streams);
	acqrel_streams = NULL;
}

static int acqrel_stream_new(unsigned int i, unsigned int cpu,
			     const struct acqrel_source_params *p)
{
	struct acqrel_stream *st = &acqrel_streams[i];
	struct task_struct *task;

	acqrel_generator_init(&st->generator, p->seed, i);
	st->bounded = p->count;
	st->left = acqrel_generator_share(p->count, i, acqrel_last_streams);
	if (p->rate)
		st->interval_ns = div_u64(NSEC_PER_SEC * acqrel_last_streams,
					  p->rate);
	task = kthread_create_on_node(acqrel_stream_fn, st, cpu_to_node(cpu),
				      "acqrel_gen/%u", i);
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, cpu);
	st->task = task;
	return 0;
}

static int acqrel_generator_start(const struct acqrel_source_params *p,
				  const char **why)
{
	unsigned int cpu, i = 0;
	int err = 0;

	cpus_read_lock();
	acqrel_last_streams = num_online_cpus();
	acqrel_streams = kcalloc(acqrel_last_streams, sizeof(*acqrel_streams),
				 GFP_KERNEL);
	if (!acqrel_streams) {
		cpus_read_unlock();
		return -ENOMEM;
	}
	for_each_online_cpu(cpu) {
		err = acqrel_stream_new(i, cpu, p);
		if (err)
			break;
		i++;
	}
	acqrel_nr_streams = i;
	if (err) {
		*why = "a generator thread cannot be created";
		acqrel_generator_stop();
	} else {
		acqrel_last_params = *p;
		atomic_set(&acqrel_streams_left, i);
		while (i--)
			wake_up_process(acqrel_streams[i].task);
	}
	cpus_read_unlock();
	return err;
}

static bool acqrel_generator_finished(void)
{
	return !atomic_read(&acqrel_streams_left);
}

static void acqrel_generator_fill(struct acqrel_source_info *info)
{
	info->params = acqrel_last_params;
	info->streams = acqrel_last_streams;
}

/**
 * acqrel_generator_exit() - wait for a finish under way
 *
 * Context: may sleep; the source is stopped and cannot start.
 */
void acqrel_generator_exit(void)
{
	cancel_work_sync(&acqrel_generator_done);
}

const struct acqrel_source_ops acqrel_source_generator = {
	.name = "generator",
	.cost = &acqrel_generator_cost,
	.generates = true,
	.start = acqrel_generator_start,
	.stop = acqrel_generator_stop,
	.finished = acqrel_generator_finished,
	.fill = acqrel_generator_fill,
};
