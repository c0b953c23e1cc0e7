/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.h - chunks from a descriptor into a trace file
 *
 * The descriptor gives whole chunks a read, as /dev/acqrel does for a recorder:
 * of each CPU an OPEN, DATA and a CLOSE, then its end. The module is not
 * trusted to do so: what cannot be ends the recording with a sentence.
 */
#ifndef ACQREL_USER_RECORD_H
#define ACQREL_USER_RECORD_H

#include "trace.h"

/**
 * struct record_counts - what is in the file
 * @events: of all CPUs
 * @skipped: sequence numbers that the STATE records skip
 * @lost: events that the CLOSE chunks call lost
 * @opened: CPUs whose OPEN is there
 * @closed: CPUs whose CLOSE is there
 * @first_generation: of the configs, 0: none was there
 * @last_generation: same
 */
struct record_counts {
	__u64 events;
	__u64 skipped;
	__u64 lost;
	unsigned int opened;
	unsigned int closed;
	__u64 first_generation;
	__u64 last_generation;
};

/**
 * struct record - a recording
 * @fd: gives chunks; non-blocking
 * @writer: takes them
 * @limit: events after which to stop, or a few more; 0: none
 * @duration_ns: after which to stop, 0: none
 * @patience_ns: how long a stopped recording may be silent
 * @stop: asks @fd to come to its end; 0 or -errno
 * @tick: called each second, or NULL
 * @counts: so far
 * @start_ns: CLOCK_MONOTONIC
 * @elapsed_ns: from then to the stop
 * @why: why it failed, or empty
 * @stopped_ns: when @stop was called, 0: not yet
 * @heard_ns: when something came last
 * @ticked_ns: when @tick was called last
 * @ended: nothing more comes
 * @buffer: for a read
 * @next_seq: sequence number of the next event, by CPU
 *
 * What follows @tick is the recording's.
 */
struct record {
	int fd;
	struct trace_writer *writer;
	__u64 limit;
	__u64 duration_ns;
	__u64 patience_ns;
	int (*stop)(struct record *r);
	void (*tick)(const struct record *r);
	struct record_counts counts;
	__u64 start_ns;
	__u64 elapsed_ns;
	char why[TRACE_WHY];
	__u64 stopped_ns;
	__u64 heard_ns;
	__u64 ticked_ns;
	bool ended;
	void *buffer;
	__u64 next_seq[ACQREL_TRACE_CPUS_MAX];
};

int record_run(struct record *r);

#endif /* ACQREL_USER_RECORD_H */
