/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ACQREL_KMOD_PARK_H
#define ACQREL_KMOD_PARK_H

#include <linux/kthread.h>
#include <linux/sched.h>

/**
 * acqrel_park() - have nothing more to do until kthread_stop()
 *
 * A thread that ended by itself could not be stopped safely, and the module
 * could go while it still runs.
 *
 * thread.stop: the state is stored before it is seen whether to stop, and the
 * other way round in kthread_stop(); so one of the two sees the other.
 */
static inline void acqrel_park(void)
{
	for (;;) {
		/* pairs with kthread_stop() of whoever made it: thread.stop */
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

#endif /* ACQREL_KMOD_PARK_H */
