// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread is made when the first arm that uses its CPU opens and goes with
 * the last. Slices are short and many: making threads for each would take
 * longer than the slice.
 *
 * pool.work: what there is to do is stored before that there is something, so
 * the thread that sees the one has the other.
 */
#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "bench/pool.h"

static DEFINE_MUTEX(acqrel_pool_lock);	/* the threads and their users */
static DEFINE_PER_CPU(struct acqrel_pool_thread *, acqrel_pool);

static bool acqrel_pool_has_work(struct acqrel_pool_thread *t)
{
	/* pairs with acqrel_pool_do(): pool.work */
	return smp_load_acquire(&t->fn);
}

static int acqrel_pool_thread_fn(void *data)
{
	struct acqrel_pool_thread *t = data;
	acqrel_pool_fn *fn;

	for (;;) {
		wait_event_idle(t->wait, acqrel_pool_has_work(t) ||
				kthread_should_stop());
		fn = t->fn;
		if (!fn)
			break;
		/* before the work: its end is when there may be more */
		t->fn = NULL;
		/*
		 * A CPU that went offline took the binding with it. While it
		 * is offline this fails, and the thread runs elsewhere.
		 */
		set_cpus_allowed_ptr(current, cpumask_of(t->cpu));
		fn(t->arg);
	}
	return 0;
}

static void acqrel_pool_free(struct acqrel_pool_thread *t)
{
	if (!t)
		return;
	kvfree(t->timed);
	kvfree(t->scratch);
	kfree(t);
}

static struct acqrel_pool_thread *acqrel_pool_alloc(unsigned int cpu)
{
	int node = cpu_to_node(cpu);
	struct acqrel_pool_thread *t = kzalloc_node(sizeof(*t), GFP_KERNEL,
						    node);

	if (!t)
		return NULL;
	t->cpu = cpu;
	init_waitqueue_head(&t->wait);
	t->timed = kvzalloc_node(sizeof(*t->timed), GFP_KERNEL, node);
	t->scratch = kvzalloc_node(sizeof(*t->scratch), GFP_KERNEL, node);
	if (t->timed && t->scratch)
		return t;
	acqrel_pool_free(t);
	return NULL;
}

static struct acqrel_pool_thread *acqrel_pool_new(unsigned int cpu)
{
	struct acqrel_pool_thread *t = acqrel_pool_alloc(cpu);
	struct task_struct *task;

	if (!t)
		return ERR_PTR(-ENOMEM);
	task = kthread_create_on_node(acqrel_pool_thread_fn, t,
				      cpu_to_node(cpu), "acqrel_bench/%u", cpu);
	if (IS_ERR(task)) {
		acqrel_pool_free(t);
		return ERR_CAST(task);
	}
	kthread_bind(task, cpu);
	t->task = task;
	wake_up_process(task);
	return t;
}

/**
 * acqrel_pool_get() - the thread of a CPU, made if there is none
 * @cpu: which; any number
 * @why: where a sentence goes if it cannot be had
 *
 * Context: may sleep.
 * Return: the thread, which acqrel_pool_put() gives back; -EINVAL if the CPU
 *	is not online, -ENOMEM, or why no thread could be made.
 */
struct acqrel_pool_thread *acqrel_pool_get(unsigned int cpu, const char **why)
{
	struct acqrel_pool_thread *t = ERR_PTR(-EINVAL);

	mutex_lock(&acqrel_pool_lock);
	cpus_read_lock();
	if (cpu >= nr_cpu_ids || !cpu_online(cpu)) {
		*why = "a CPU is not online";
	} else {
		t = per_cpu(acqrel_pool, cpu) ?: acqrel_pool_new(cpu);
		if (!IS_ERR(t)) {
			t->users++;
			per_cpu(acqrel_pool, cpu) = t;
		}
	}
	cpus_read_unlock();
	mutex_unlock(&acqrel_pool_lock);
	return t;
}

/**
 * acqrel_pool_put() - give a thread back
 * @t: the thread, which has nothing to do for the caller any more
 *
 * Context: may sleep; the thread ends with its last user.
 */
void acqrel_pool_put(struct acqrel_pool_thread *t)
{
	mutex_lock(&acqrel_pool_lock);
	if (!--t->users) {
		per_cpu(acqrel_pool, t->cpu) = NULL;
		kthread_stop(t->task);
		acqrel_pool_free(t);
	}
	mutex_unlock(&acqrel_pool_lock);
}

/**
 * acqrel_pool_do() - give a thread work
 * @t: the thread, which has none
 * @fn: called in it
 * @arg: for @fn
 *
 * Context: any that may take a spinlock.
 */
void acqrel_pool_do(struct acqrel_pool_thread *t, acqrel_pool_fn *fn, void *arg)
{
	t->arg = arg;
	/* pairs with acqrel_pool_has_work(): pool.work */
	smp_store_release(&t->fn, fn);
	wake_up(&t->wait);
}
