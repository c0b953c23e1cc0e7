// SPDX-License-Identifier: GPL-2.0-only
/*
 * The threads of a slice check in, the last sets the common deadline, all run
 * their part (include/acqrel/bench_slice.h) and leave; the last to leave tells.
 *
 * run.deadline: the deadline is stored when all have checked in, so who sees it
 * sees what the others did before: enter() of the variant, and their workers.
 *
 * run.left: each counts in its slice and then leaves, so the last one sees the
 * counts of all.
 *
 * Threads that wait for each other in a burst do not schedule. If one cannot
 * run, as two that a CPU going offline put on one CPU, or while the machine is
 * stopped for it, a timer ends the waiting: interrupts are on.
 */
#include <linux/delay.h>
#include <linux/sched.h>

#include "world.h"
#include <acqrel/bench_slice.h>

#include "bench/pool.h"
#include "bench/run.h"
#include "bench/variants.h"

/* who comes later than that is kept from its CPU, so let it be had */
#define ACQREL_RUN_SPIN_NS	NSEC_PER_MSEC
/* who has not left so long after the end of a slice waits in vain */
#define ACQREL_RUN_GRACE_NS	(5 * NSEC_PER_MSEC)

static bool acqrel_run_stopped(struct acqrel_run *run)
{
	return READ_ONCE(run->stop) == ACQREL_SLICE_CANCELLED;
}

/**
 * acqrel_run_stop() - let the threads of a slice leave
 * @run: the slice
 * @status: why; counts unless something else went wrong before
 *
 * Context: any; does not wait. Each thread leaves after the burst it is in.
 */
void acqrel_run_stop(struct acqrel_run *run, int status)
{
	/* no pair: the first status stays */
	cmpxchg(&run->status, 0, status);
	WRITE_ONCE(run->stop, ACQREL_SLICE_CANCELLED);
}

static enum hrtimer_restart acqrel_run_over(struct hrtimer *over)
{
	struct acqrel_run *run = container_of(over, struct acqrel_run, over);

	/* no pair: what stopped it first stays */
	cmpxchg(&run->stop, ACQREL_SLICE_RUNS, ACQREL_SLICE_OVER);
	return HRTIMER_NORESTART;
}

/* before the deadline is known, so before anybody waits */
static void acqrel_run_limit(struct acqrel_run *run)
{
	const struct acqrel_slice_params *p = &run->p;
	u64 ns = p->lead_ns + p->late_ns + p->slice_ns + p->slice_ns / 8;

	hrtimer_start(&run->over, ns_to_ktime(ns + ACQREL_RUN_GRACE_NS),
		      HRTIMER_MODE_REL_HARD);
}

static void acqrel_run_await(struct acqrel_run *run)
{
	u64 spin_until_ns = world_clock() + ACQREL_RUN_SPIN_NS;

	/* pairs with acqrel_run_check_in(): run.deadline */
	while (!smp_load_acquire(&run->deadline_ns) &&
	       !acqrel_run_stopped(run)) {
		if (world_clock() < spin_until_ns)
			cpu_relax();
		else
			usleep_range(50, 100);
		cond_resched();
	}
}

/* Return: whether there is a deadline to begin at */
static bool acqrel_run_check_in(struct acqrel_run *run)
{
	/* pairs with acqrel_run_await(): run.deadline */
	if (atomic_dec_and_test(&run->missing)) {
		acqrel_run_limit(run);
		/* pairs with acqrel_run_await(): run.deadline */
		smp_store_release(&run->deadline_ns,
				  world_clock() + run->p.lead_ns);
	} else {
		acqrel_run_await(run);
	}
	return !acqrel_run_stopped(run);
}

static void acqrel_run_part(struct acqrel_run *run, struct acqrel_arm_thread *t)
{
	struct acqrel_slice_turn turn = {
		.op = run->arm->c.op,
		.p = &run->p,
		.idle = acqrel_idle_burst,
		.has_writer = run->arm->has_writer,
		.stop = &run->stop,
		.latency = t->pool->timed,
		.scratch = t->pool->scratch,
	};

	if (!acqrel_run_check_in(run))
		return;
	turn.deadline_ns = run->deadline_ns;
	/* t->slice pairs with acqrel_run_leave() of the last: run.left */
	acqrel_slice_run(t->worker, &turn, &t->slice);
}

static void acqrel_run_leave(struct acqrel_run *run)
{
	struct acqrel_arm *arm = run->arm;
	const struct acqrel_variant *v = arm->c.variant;

	/* pairs with itself in the last thread: run.left */
	if (!atomic_dec_and_test(&run->left))
		return;
	hrtimer_cancel(&run->over);
	if (v->lost)
		arm->threads[0].slice.lost = v->lost(arm->object, arm->workers,
						     arm->nr_threads);
	run->ended();
}

/*
 * Threads that wait for each other need a CPU each. One that goes offline
 * later is what the timer is for.
 */
static bool acqrel_run_misplaced(const struct acqrel_arm_thread *t)
{
	return t->run->arm->c.op->threads > 1 &&
	       raw_smp_processor_id() != t->pool->cpu;
}

static void acqrel_run_thread_fn(void *arg)
{
	struct acqrel_arm_thread *t = arg;
	struct acqrel_run *run = t->run;
	const struct acqrel_variant *v = run->arm->c.variant;
	int err = acqrel_run_misplaced(t) ? -ENODEV : 0;

	if (!err && v->enter)
		err = v->enter(t->worker);
	if (err) {
		acqrel_run_stop(run, err);
	} else {
		acqrel_run_part(run, t);
		if (v->leave)
			v->leave(t->worker);
	}
	acqrel_run_leave(run);
}

/**
 * acqrel_run_begin() - begin a slice
 * @run: the slice; the one before it has ended
 * @arm: whose
 * @p: how
 *
 * Context: any that may take a spinlock; does not wait.
 */
void acqrel_run_begin(struct acqrel_run *run, struct acqrel_arm *arm,
		      const struct acqrel_slice_params *p)
{
	u32 i;

	run->arm = arm;
	run->p = *p;
	run->deadline_ns = 0;
	run->stop = ACQREL_SLICE_RUNS;
	run->status = 0;
	hrtimer_setup(&run->over, acqrel_run_over, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_HARD);
	atomic_set(&run->missing, arm->nr_threads);
	atomic_set(&run->left, arm->nr_threads);
	for (i = 0; i < arm->nr_threads; i++) {
		arm->threads[i].run = run;
		arm->workers[i].stop = &run->stop;
	}
	for (i = 0; i < arm->nr_threads; i++)
		acqrel_pool_do(arm->threads[i].pool, acqrel_run_thread_fn,
			       &arm->threads[i]);
}
