/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recorder: a tap on each CPU's lane, and what they give, to user space.
 */
#ifndef ACQREL_KMOD_RECORD_H
#define ACQREL_KMOD_RECORD_H

#include <linux/poll.h>
#include <linux/types.h>
#include <acqrel/tap.h>

struct acqrel_recorder;

void acqrel_record_event(struct acqrel_tap *tap, const struct acqrel_lane *lane,
			 const struct acqrel_config *config,
			 const struct acqrel_event *ev, unsigned int verdict);

struct acqrel_recorder *acqrel_recorder_new(u32 ring_units);
int acqrel_recorder_stop(struct acqrel_recorder *r);
void acqrel_recorder_free(struct acqrel_recorder *r);
ssize_t acqrel_recorder_read(struct acqrel_recorder *r, char __user *buf,
			     size_t len, bool block);
__poll_t acqrel_recorder_poll(struct acqrel_recorder *r, struct file *file,
			      poll_table *wait);

#endif /* ACQREL_KMOD_RECORD_H */
