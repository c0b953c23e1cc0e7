// SPDX-License-Identifier: GPL-2.0-only
/*
 * Floor: a context switch. An operation is there and back: the thread wakes
 * another one of its CPU and sleeps until that has woken it.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/smp.h>
#include <acqrel/bench.h>

#include "bench/memory.h"
#include "bench/variants.h"
#include "park.h"

/**
 * struct floor_switch - two threads of a CPU
 * @task: the other one
 * @there: it may run
 * @back: the measuring one may run
 * @over: the other one leaves when it runs next
 */
struct floor_switch {
	struct task_struct *task;
	struct completion there;
	struct completion back;
	bool over;
};

static int floor_switch_thread_fn(void *data)
{
	struct floor_switch *s = data;

	wait_for_completion(&s->there);
	while (!s->over) {
		complete(&s->back);
		wait_for_completion(&s->there);
	}
	acqrel_park();
	return 0;
}

static u64 floor_switch_burst(struct acqrel_worker *w, u64 n)
{
	struct floor_switch *s = w->own;

	for (; n; n--) {
		complete(&s->there);
		wait_for_completion(&s->back);
	}
	return 0;
}

static int floor_switch_enter(struct acqrel_worker *w)
{
	struct floor_switch *s = world_alloc(sizeof(*s));
	unsigned int cpu = raw_smp_processor_id();
	struct task_struct *task;

	if (!s)
		return -ENOMEM;
	init_completion(&s->there);
	init_completion(&s->back);
	task = kthread_create_on_node(floor_switch_thread_fn, s,
				      cpu_to_node(cpu), "acqrel_switch/%u",
				      cpu);
	if (IS_ERR(task)) {
		world_free(s);
		return PTR_ERR(task);
	}
	kthread_bind(task, cpu);
	s->task = task;
	w->own = s;
	wake_up_process(task);
	return 0;
}

static void floor_switch_leave(struct acqrel_worker *w)
{
	struct floor_switch *s = w->own;

	s->over = true;
	complete(&s->there);
	kthread_stop(s->task);
	world_free(s);
}

static int floor_switch_create(const struct acqrel_arm_params *p, void **object)
{
	*object = NULL;
	return 0;
}

static void floor_switch_destroy(void *object)
{
}

static const struct acqrel_op floor_switch_ops[] = {
	{
		.name = "switch",
		.burst = floor_switch_burst,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 4,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_floor_sched = {
	.name = "floor/sched",
	.ops = floor_switch_ops,
	.create = floor_switch_create,
	.destroy = floor_switch_destroy,
	.enter = floor_switch_enter,
	.leave = floor_switch_leave,
};
