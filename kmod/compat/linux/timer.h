/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ACQREL_COMPAT_LINUX_TIMER_H
#define ACQREL_COMPAT_LINUX_TIMER_H

#include_next <linux/timer.h>

/* renamed in 6.2 */
#ifndef HAVE_TIMER_DELETE_SYNC
#define timer_delete_sync(timer)	del_timer_sync(timer)
#endif

#endif
