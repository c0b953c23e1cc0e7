// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who has which arms, and the run. What waits, be it for threads to end or
 * for grace periods, is done by a work item: a request neither waits nor holds
 * the lock for long.
 */
#include <linux/err.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "bench/engine.h"
#include "bench/run.h"
#include "netlink.h"

/* everything below, but not what the threads do */
static DEFINE_MUTEX(acqrel_bench_lock);
static DEFINE_XARRAY_ALLOC1(acqrel_arms);	/* those that are open */
static LIST_HEAD(acqrel_dead_arms);		/* those to be freed */
static unsigned int acqrel_nr_arms;		/* all, also being made */
static u32 acqrel_next_arm = 1;
static u32 acqrel_owner;			/* until all is freed; 0: nobody */
static bool acqrel_owner_left;			/* its arms are to go */
static DECLARE_WAIT_QUEUE_HEAD(acqrel_arms_gone);

static void acqrel_run_ended(void);
static struct acqrel_run acqrel_run = { .ended = acqrel_run_ended };
static u32 acqrel_run_id;			/* of the last, 0: none */
static bool acqrel_running;

/* no slice of it runs */
static void acqrel_arm_unlink(struct acqrel_arm *arm)
{
	xa_erase(&acqrel_arms, arm->id);
	list_add_tail(&arm->dead, &acqrel_dead_arms);
	if (acqrel_run.arm == arm)
		acqrel_run.arm = NULL;
}

static void acqrel_arms_unlink(void)
{
	struct acqrel_arm *arm;
	unsigned long id;

	xa_for_each(&acqrel_arms, id, arm)
		acqrel_arm_unlink(arm);
}

static void acqrel_arm_unreserve(void)
{
	mutex_lock(&acqrel_bench_lock);
	acqrel_nr_arms--;
	mutex_unlock(&acqrel_bench_lock);
}

/* the next would be measured beside what is being freed */
static void acqrel_owner_go(void)
{
	mutex_lock(&acqrel_bench_lock);
	if (xa_empty(&acqrel_arms) && list_empty(&acqrel_dead_arms)) {
		acqrel_owner = 0;
		acqrel_owner_left = false;
	}
	mutex_unlock(&acqrel_bench_lock);
}

static void acqrel_reap_fn(struct work_struct *work)
{
	struct acqrel_arm *arm, *next;
	LIST_HEAD(dead);

	mutex_lock(&acqrel_bench_lock);
	if (acqrel_owner_left && acqrel_running)
		acqrel_run_stop(&acqrel_run, -ECANCELED);
	else if (acqrel_owner_left)
		acqrel_arms_unlink();
	list_splice_init(&acqrel_dead_arms, &dead);
	mutex_unlock(&acqrel_bench_lock);
	wake_up(&acqrel_arms_gone);

	list_for_each_entry_safe(arm, next, &dead, dead) {
		acqrel_arm_free(arm);
		acqrel_arm_unreserve();
	}
	acqrel_owner_go();
}

static DECLARE_WORK(acqrel_reap, acqrel_reap_fn);

static void acqrel_run_ended_fn(struct work_struct *work)
{
	int status;
	u32 id;

	mutex_lock(&acqrel_bench_lock);
	id = acqrel_run_id;
	status = acqrel_run.status;
	acqrel_running = false;
	if (acqrel_owner_left)
		schedule_work(&acqrel_reap);
	mutex_unlock(&acqrel_bench_lock);
	acqrel_netlink_bench_ended(id, status);
}

static DECLARE_WORK(acqrel_run_ended_work, acqrel_run_ended_fn);

static void acqrel_run_ended(void)
{
	schedule_work(&acqrel_run_ended_work);
}

/* Return: why that socket can have no arm now, or NULL */
static const char *acqrel_owner_refused(u32 owner)
{
	if (acqrel_owner_left)
		return "the arms of a socket that closed are being freed";
	if (acqrel_owner && acqrel_owner != owner)
		return "another socket has arms";
	return NULL;
}

static int acqrel_arm_reserve(u32 owner, const char **why)
{
	int err = 0;

	mutex_lock(&acqrel_bench_lock);
	*why = acqrel_owner_refused(owner);
	if (*why) {
		err = -EBUSY;
	} else if (acqrel_nr_arms == ACQREL_BENCH_ARMS_MAX) {
		*why = "no more arms can be open";
		err = -ENOSPC;
	} else {
		acqrel_nr_arms++;
	}
	mutex_unlock(&acqrel_bench_lock);
	return err;
}

/* what cannot be linked is freed as what is closed, which takes its time */
static int acqrel_arm_link(struct acqrel_arm *arm, u32 owner, u32 *id,
			   const char **why)
{
	int err = -EBUSY;

	mutex_lock(&acqrel_bench_lock);
	*why = acqrel_owner_refused(owner);
	if (!*why)
		err = xa_alloc_cyclic(&acqrel_arms, &arm->id, arm, xa_limit_32b,
				      &acqrel_next_arm, GFP_KERNEL);
	if (err >= 0) {
		acqrel_owner = owner;
		*id = arm->id;
		err = 0;
	} else {
		list_add_tail(&arm->dead, &acqrel_dead_arms);
		schedule_work(&acqrel_reap);
	}
	mutex_unlock(&acqrel_bench_lock);
	return err;
}

/**
 * acqrel_bench_open() - open an arm
 * @owner: port of the socket
 * @rq: what it is to be
 * @id: where its number goes
 * @why: where a sentence goes if it cannot be
 *
 * Context: may sleep, for memory and for threads to be made.
 * Return: 0, -EBUSY, -ENOSPC, or an error of acqrel_arm_new().
 */
int acqrel_bench_open(u32 owner, const struct acqrel_arm_request *rq, u32 *id,
		      const char **why)
{
	int err = acqrel_arm_reserve(owner, why);
	struct acqrel_arm *arm;

	if (err)
		return err;
	arm = acqrel_arm_new(rq, why);
	if (IS_ERR(arm)) {
		acqrel_arm_unreserve();
		return PTR_ERR(arm);
	}
	return acqrel_arm_link(arm, owner, id, why);
}

static struct acqrel_arm *acqrel_arm_of(u32 owner, u32 id)
{
	return owner == acqrel_owner ? xa_load(&acqrel_arms, id) : NULL;
}

/**
 * acqrel_bench_close() - close an arm
 * @owner: port of the socket
 * @id: number of the arm
 * @why: where a sentence goes if it cannot be
 *
 * Context: may sleep; does not wait for the arm to be freed.
 * Return: 0, -ENOENT, -EBUSY.
 */
int acqrel_bench_close(u32 owner, u32 id, const char **why)
{
	struct acqrel_arm *arm;
	int err = 0;

	mutex_lock(&acqrel_bench_lock);
	arm = acqrel_arm_of(owner, id);
	if (!arm) {
		*why = "the socket has no such arm";
		err = -ENOENT;
	} else if (acqrel_running && acqrel_run.arm == arm) {
		*why = "a slice of the arm runs";
		err = -EBUSY;
	} else {
		acqrel_arm_unlink(arm);
		schedule_work(&acqrel_reap);
	}
	mutex_unlock(&acqrel_bench_lock);
	return err;
}

/**
 * acqrel_bench_close_all() - close all arms of a socket
 * @owner: port of the socket
 * @why: where a sentence goes if it cannot be
 *
 * Context: may sleep; does not wait for the arms to be freed.
 * Return: 0, also if there are none; -EBUSY.
 */
int acqrel_bench_close_all(u32 owner, const char **why)
{
	int err = 0;

	mutex_lock(&acqrel_bench_lock);
	if (owner == acqrel_owner && acqrel_running) {
		*why = "a slice of an arm runs";
		err = -EBUSY;
	} else if (owner == acqrel_owner) {
		acqrel_arms_unlink();
		schedule_work(&acqrel_reap);
	}
	mutex_unlock(&acqrel_bench_lock);
	return err;
}

/**
 * acqrel_bench_owner_gone() - a socket has closed
 * @owner: its port
 *
 * Its run is cancelled and its arms are freed, both later.
 *
 * Context: may sleep; waits for no slice and no grace period.
 */
void acqrel_bench_owner_gone(u32 owner)
{
	mutex_lock(&acqrel_bench_lock);
	if (owner && owner == acqrel_owner) {
		acqrel_owner_left = true;
		schedule_work(&acqrel_reap);
	}
	mutex_unlock(&acqrel_bench_lock);
}

/**
 * acqrel_bench_start() - begin a slice
 * @owner: port of the socket
 * @id: number of the arm
 * @p: how
 * @run: where the number of the run goes
 * @why: where a sentence goes if it cannot begin
 *
 * Context: may sleep; does not wait for the slice.
 * Return: 0, -ENOENT, -EBUSY.
 */
int acqrel_bench_start(u32 owner, u32 id, const struct acqrel_slice_params *p,
		       u32 *run, const char **why)
{
	struct acqrel_arm *arm;
	int err = 0;

	mutex_lock(&acqrel_bench_lock);
	arm = acqrel_arm_of(owner, id);
	if (!arm) {
		*why = "the socket has no such arm";
		err = -ENOENT;
	} else if (acqrel_running) {
		*why = "a slice runs";
		err = -EBUSY;
	} else {
		if (!++acqrel_run_id)
			acqrel_run_id++;
		*run = acqrel_run_id;
		acqrel_running = true;
		acqrel_run_begin(&acqrel_run, arm, p);
	}
	mutex_unlock(&acqrel_bench_lock);
	return err;
}

/**
 * acqrel_bench_cancel() - end a run early
 * @owner: port of the socket
 * @run: its number
 * @why: where a sentence goes if it cannot be
 *
 * Context: may sleep; does not wait for the end, which is announced.
 * Return: 0, also if it is being cancelled; -ENOENT.
 */
int acqrel_bench_cancel(u32 owner, u32 run, const char **why)
{
	int err = 0;

	mutex_lock(&acqrel_bench_lock);
	if (owner == acqrel_owner && acqrel_running && acqrel_run_id == run) {
		acqrel_run_stop(&acqrel_run, -ECANCELED);
	} else {
		*why = "the socket has no such run under way";
		err = -ENOENT;
	}
	mutex_unlock(&acqrel_bench_lock);
	return err;
}

static int acqrel_bench_result(u32 run, const char **why)
{
	if (run != acqrel_run_id) {
		*why = "that is not the last run";
		return -ENOENT;
	}
	if (acqrel_running) {
		*why = "the run has not ended";
		return -EBUSY;
	}
	if (!acqrel_run.arm) {
		*why = "the arm of the run is closed";
		return -ENOENT;
	}
	if (acqrel_run.status == -ECANCELED)
		*why = "the run was cancelled";
	else if (acqrel_run.status == -ENODEV)
		*why = "a CPU of the run is offline";
	else if (acqrel_run.status)
		*why = "a thread of the run could not begin";
	return acqrel_run.status;
}

/**
 * acqrel_bench_hold() - keep what the last run measured
 * @run: number that the caller thinks it has
 * @why: where a sentence goes if it cannot be had
 *
 * Return: 0 with the lock held until acqrel_bench_release(), -ENOENT if it is
 *	not the last run or its arm is closed, -EBUSY if it has not ended, or
 *	the status that it ended with.
 */
int acqrel_bench_hold(u32 run, const char **why)
{
	int err;

	mutex_lock(&acqrel_bench_lock);
	err = acqrel_bench_result(run, why);
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
 * acqrel_bench_held() - what is held
 * @deadline_ns: where the common start goes
 *
 * Return: the arm, valid until acqrel_bench_release().
 */
const struct acqrel_arm *acqrel_bench_held(u64 *deadline_ns)
{
	lockdep_assert_held(&acqrel_bench_lock);
	*deadline_ns = acqrel_run.deadline_ns;
	return acqrel_run.arm;
}

/**
 * acqrel_bench_exit() - cancel the run and free the arms
 *
 * Context: may sleep; nobody can ask for anything any more.
 */
void acqrel_bench_exit(void)
{
	mutex_lock(&acqrel_bench_lock);
	acqrel_owner_left = true;
	mutex_unlock(&acqrel_bench_lock);
	schedule_work(&acqrel_reap);
	wait_event(acqrel_arms_gone, xa_empty(&acqrel_arms));
	flush_work(&acqrel_run_ended_work);
	flush_work(&acqrel_reap);
}
