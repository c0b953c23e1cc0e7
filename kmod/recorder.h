/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two halves of the recorder share: record.c, which has the taps, and
 * record_read.c, which has their readers.
 */
#ifndef ACQREL_KMOD_RECORDER_H
#define ACQREL_KMOD_RECORDER_H

#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <acqrel/tap.h>

/**
 * struct acqrel_recorder_cpu - the stream of a CPU
 * @tap: where its sections write
 * @recorder: whose
 * @goal: position in the tap's ring that the read in hand goes up to
 * @open: its start
 * @close: its end
 */
struct acqrel_recorder_cpu {
	struct acqrel_tap tap;
	struct acqrel_recorder *recorder;
	u64 goal;
	struct acqrel_trace_snapshot open;
	struct acqrel_trace_snapshot close;
};

/**
 * struct acqrel_recorder - a recording
 * @kicks: somebody waits, and half a ring shall wake it
 * @flush: give what there is, however little
 * @stopped: the end has been recorded
 * @opened: of the CPUs below, OPEN was read
 * @closed: of the CPUs below, CLOSE was read
 * @turn: CPU whose records are read next
 * @lock: protects what was read, and the stop
 * @wait: for records
 * @work: wakes
 * @timer: wakes poll(), which cannot wait for a time itself
 * @cpus: by number; NULL where no CPU is possible
 */
struct acqrel_recorder {
	bool kicks;
	bool flush;
	bool stopped;
	unsigned int opened;
	unsigned int closed;
	unsigned int turn;
	struct mutex lock;	/* see above */
	wait_queue_head_t wait;
	struct irq_work work;
	struct timer_list timer;
	struct acqrel_recorder_cpu *cpus[];
};

/* enough to wake for? */
static inline bool acqrel_recorder_half(const struct acqrel_span *ring)
{
	return acqrel_span_fill(ring) > ring->mask / 2;
}

void acqrel_recorder_cpu_done(struct acqrel_recorder_cpu *c);
void acqrel_recorder_wait_init(struct acqrel_recorder *r);
void acqrel_recorder_wait_exit(struct acqrel_recorder *r);
void acqrel_recorder_wake(struct acqrel_recorder *r);

#endif /* ACQREL_KMOD_RECORDER_H */
