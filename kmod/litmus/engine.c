// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who runs what. What waits for threads to end is done by a work item: a
 * request neither waits nor holds the lock for long.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "litmus/engine.h"
#include "litmus/job.h"
#include "netlink.h"

/* everything below, but not what the threads do */
static DEFINE_MUTEX(acqrel_litmus_lock);
static struct acqrel_litmus_job *acqrel_litmus_job;	/* the last, or NULL */
static u32 acqrel_litmus_id;			/* of the last, 0: none */
static u32 acqrel_litmus_owner;			/* of the last */
static bool acqrel_litmus_making;		/* the next is being made */
static bool acqrel_litmus_running;		/* the last has not ended */
static bool acqrel_litmus_owner_left;		/* its result is to go */
static DECLARE_WAIT_QUEUE_HEAD(acqrel_litmus_idle);
static int acqrel_litmus_hotplug;		/* state of the CPU's way down */

static void acqrel_litmus_drop(void)
{
	acqrel_litmus_job_free(acqrel_litmus_job);
	acqrel_litmus_job = NULL;
	acqrel_litmus_owner = 0;
	acqrel_litmus_owner_left = false;
}

static void acqrel_litmus_ended_fn(struct work_struct *work)
{
	int status;
	u32 id;

	/* it runs, so nobody else frees it */
	acqrel_litmus_job_join(acqrel_litmus_job);
	mutex_lock(&acqrel_litmus_lock);
	id = acqrel_litmus_id;
	status = acqrel_litmus_job->status;
	acqrel_litmus_running = false;
	if (acqrel_litmus_owner_left)
		acqrel_litmus_drop();
	mutex_unlock(&acqrel_litmus_lock);
	wake_up(&acqrel_litmus_idle);
	acqrel_netlink_litmus_ended(id, status);
}

static DECLARE_WORK(acqrel_litmus_ended_work, acqrel_litmus_ended_fn);

static void acqrel_litmus_ended(void)
{
	schedule_work(&acqrel_litmus_ended_work);
}

static int acqrel_litmus_reserve(const char **why)
{
	int err = 0;

	mutex_lock(&acqrel_litmus_lock);
	if (acqrel_litmus_running || acqrel_litmus_making) {
		*why = "a run is under way";
		err = -EBUSY;
	} else {
		acqrel_litmus_making = true;
	}
	mutex_unlock(&acqrel_litmus_lock);
	return err;
}

/* the job replaces the last one and begins, or there was none to be had */
static void acqrel_litmus_link(struct acqrel_litmus_job *job, u32 owner,
			       u32 *run)
{
	mutex_lock(&acqrel_litmus_lock);
	acqrel_litmus_making = false;
	if (job) {
		acqrel_litmus_drop();
		acqrel_litmus_job = job;
		acqrel_litmus_owner = owner;
		if (!++acqrel_litmus_id)
			acqrel_litmus_id++;
		*run = acqrel_litmus_id;
		acqrel_litmus_running = true;
		acqrel_litmus_job_begin(job, acqrel_litmus_ended);
	}
	mutex_unlock(&acqrel_litmus_lock);
}

/**
 * acqrel_litmus_start() - begin a run
 * @owner: port of the socket
 * @rq: what it is to be
 * @run: where its number goes
 * @why: where a sentence goes if it cannot begin
 *
 * Context: may sleep, for memory and for threads to be made; does not wait for
 *	the run.
 * Return: 0, -EBUSY, or an error of acqrel_litmus_job_new().
 */
int acqrel_litmus_start(u32 owner, const struct acqrel_litmus_request *rq,
			u32 *run, const char **why)
{
	int err = acqrel_litmus_reserve(why);
	struct acqrel_litmus_job *job;

	if (err)
		return err;
	/* a CPU that goes finds a job that runs */
	cpus_read_lock();
	job = acqrel_litmus_job_new(rq, why);
	if (IS_ERR(job)) {
		err = PTR_ERR(job);
		job = NULL;
	}
	acqrel_litmus_link(job, owner, run);
	cpus_read_unlock();
	return err;
}

/**
 * acqrel_litmus_cancel() - end a run early
 * @owner: port of the socket
 * @run: its number
 * @why: where a sentence goes if it cannot be
 *
 * Context: may sleep; does not wait for the end, which is announced.
 * Return: 0, also if it is being cancelled; -ENOENT.
 */
int acqrel_litmus_cancel(u32 owner, u32 run, const char **why)
{
	int err = 0;

	mutex_lock(&acqrel_litmus_lock);
	if (acqrel_litmus_running && owner == acqrel_litmus_owner &&
	    run == acqrel_litmus_id) {
		acqrel_litmus_job_stop(acqrel_litmus_job, -ECANCELED);
	} else {
		*why = "the socket has no such run under way";
		err = -ENOENT;
	}
	mutex_unlock(&acqrel_litmus_lock);
	return err;
}

/**
 * acqrel_litmus_owner_gone() - a socket has closed
 * @owner: its port
 *
 * Its run is cancelled and goes when it has ended.
 *
 * Context: may sleep; waits for no run.
 */
void acqrel_litmus_owner_gone(u32 owner)
{
	mutex_lock(&acqrel_litmus_lock);
	if (acqrel_litmus_job && owner == acqrel_litmus_owner) {
		if (acqrel_litmus_running) {
			acqrel_litmus_owner_left = true;
			acqrel_litmus_job_stop(acqrel_litmus_job, -ECANCELED);
		} else {
			acqrel_litmus_drop();
		}
	}
	mutex_unlock(&acqrel_litmus_lock);
}

/**
 * acqrel_litmus_hold() - keep what the last run counted
 * @run: number that the caller thinks it has
 * @why: where a sentence goes if it cannot be had
 *
 * Return: the job with the lock held until acqrel_litmus_release(); -ENOENT if
 *	it is not the last run or its socket closed, -EBUSY if it has not ended.
 */
const struct acqrel_litmus_job *acqrel_litmus_hold(u32 run, const char **why)
{
	int err = 0;

	mutex_lock(&acqrel_litmus_lock);
	if (!acqrel_litmus_job || run != acqrel_litmus_id) {
		*why = "that is not the last run";
		err = -ENOENT;
	} else if (acqrel_litmus_running) {
		*why = "the run has not ended";
		err = -EBUSY;
	}
	if (!err)
		return acqrel_litmus_job;
	mutex_unlock(&acqrel_litmus_lock);
	return ERR_PTR(err);
}

/**
 * acqrel_litmus_release() - what acqrel_litmus_hold() began
 */
void acqrel_litmus_release(void)
{
	mutex_unlock(&acqrel_litmus_lock);
}

/* two threads that spin on one CPU would take for ever */
static int acqrel_litmus_cpu_goes(unsigned int cpu)
{
	mutex_lock(&acqrel_litmus_lock);
	if (acqrel_litmus_running &&
	    acqrel_litmus_job_uses(acqrel_litmus_job, cpu))
		acqrel_litmus_job_stop(acqrel_litmus_job, -ENODEV);
	mutex_unlock(&acqrel_litmus_lock);
	return 0;
}

/**
 * acqrel_litmus_engine_init() - listen for CPUs that go offline
 *
 * Return: 0 or the error of cpuhp_setup_state_nocalls().
 */
int acqrel_litmus_engine_init(void)
{
	acqrel_litmus_hotplug =
		cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "acqrel/litmus",
					  NULL, acqrel_litmus_cpu_goes);
	return min(acqrel_litmus_hotplug, 0);
}

/**
 * acqrel_litmus_engine_exit() - end the run and free what it counted
 *
 * Context: may sleep; nobody can ask for anything any more.
 */
void acqrel_litmus_engine_exit(void)
{
	mutex_lock(&acqrel_litmus_lock);
	if (acqrel_litmus_running)
		acqrel_litmus_job_stop(acqrel_litmus_job, -ECANCELED);
	mutex_unlock(&acqrel_litmus_lock);
	wait_event(acqrel_litmus_idle, !READ_ONCE(acqrel_litmus_running));
	flush_work(&acqrel_litmus_ended_work);
	acqrel_litmus_drop();
	cpuhp_remove_state_nocalls(acqrel_litmus_hotplug);
}
