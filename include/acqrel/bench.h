/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What can be measured: variants and their operations, the same words in both
 * worlds.
 *
 * A variant is one implementation of a primitive. It has a file of its own and
 * a row in the table of its world (kmod/bench/variants.c,
 * user/bench/variants.c); a variant of both worlds has its file here and a row
 * in each. An operation is known as PRIMITIVE/VARIANT:OPERATION.
 *
 * An arm is an operation on an object of its variant with a number of threads.
 * The object stays while slices of other arms run. bench_slice.h runs a slice.
 */
#ifndef ACQREL_BENCH_H
#define ACQREL_BENCH_H

#include <acqrel/latency.h>
#include <linux/acqrel.h>

#define ACQREL_BENCH_CHUNK	256	/* operations between two clock reads */
#define ACQREL_BENCH_WRITER_CHUNK	16	/* at most, of a writer */
#define ACQREL_BENCH_SLOTS	1024	/* of a ring to measure with */
#define ACQREL_CHAIN		4096	/* multiplications that tell the clock of a core */

/**
 * enum acqrel_slice_stop - how far a slice is
 * @ACQREL_SLICE_RUNS: threads wait for each other
 * @ACQREL_SLICE_OVER: a thread has left: nobody waits for it
 * @ACQREL_SLICE_CANCELLED: every thread leaves
 */
enum acqrel_slice_stop {
	ACQREL_SLICE_RUNS,
	ACQREL_SLICE_OVER,
	ACQREL_SLICE_CANCELLED,
};

/**
 * struct acqrel_arm_params - what an object is made for
 * @threads: that will use it, load included
 * @payload: bytes; 0 where the operation says that it has none
 */
struct acqrel_arm_params {
	u32 threads;
	u32 payload;
};

/**
 * struct acqrel_worker - a thread of a slice, as an operation sees it
 * @object: the variant's
 * @own: for @enter and @leave of the variant; NULL at first
 * @latency: where an operation with %ACQREL_OP_RECORDS counts
 * @stop: enum acqrel_slice_stop; a burst that waits gives up once it is not 0
 * @threads: threads of the arm, load included
 * @thread: index of this one
 * @payload: of the arm
 * @sink: what was read goes here, so that it is read
 * @position: the operation's own, as the next item to push; 0 when the arm is
 *	opened, kept from slice to slice
 * @seen: same, as the last item popped
 * @retries: counted by bursts: reads that had to be repeated
 * @violations: same: results that no order of the operations allows
 * @fill_sum: same: items found in a ring, summed over @fill_n looks
 * @fill_n: same
 */
struct acqrel_worker {
	void *object;
	void *own;
	struct acqrel_latency *latency;
	const u32 *stop;
	u32 threads;
	u32 thread;
	u32 payload;
	u64 sink;
	u64 position;
	u64 seen;
	u64 retries;
	u64 violations;
	u64 fill_sum;
	u64 fill_n;
} ____cacheline_aligned;

/*
 * @n operations, at least 1; returns how many of them failed. The loop is
 * inside, so the indirect call is one for each burst.
 */
typedef u64 acqrel_burst(struct acqrel_worker *w, u64 n);

/**
 * acqrel_worker_cancelled() - every thread is to leave
 * @w: a thread
 *
 * For bursts of operations that take as long as a slice.
 *
 * Return: true if the burst should end with what it has done.
 */
static inline bool acqrel_worker_cancelled(const struct acqrel_worker *w)
{
	return READ_ONCE(*w->stop) == ACQREL_SLICE_CANCELLED;
}

/**
 * struct acqrel_op - an operation
 * @name: after the colon
 * @burst: does it
 * @partner: what odd threads do beside it: empties what @burst fills, or the
 *	other way round; NULL: all threads do the same
 * @writer: what the last thread does if the arm has a write rate; NULL: the
 *	operation has none
 * @flags: mask of ACQREL_OP_
 * @threads: fewest threads that it needs; 0 as 1
 * @threads_max: most that it can use, 0: any number
 * @payload: bytes by default, 0: has none
 * @payload_max: most, 0 as @payload; sizes are multiples of 8
 * @chunk: operations between two looks at the clock, 0: %ACQREL_BENCH_CHUNK;
 *	about 10 us of them at most, so that threads start and end together
 * @writer_chunk: same for @writer, 0: @chunk, %ACQREL_BENCH_WRITER_CHUNK at most
 * @slice_ns: shortest slice that makes sense, 0: any
 * @bound: the case that limits it on any hardware, as "floor/cpu:load"
 * @bound_times: how many of them an operation needs at least, in thousandths
 */
struct acqrel_op {
	const char *name;
	acqrel_burst *burst;
	acqrel_burst *partner;
	acqrel_burst *writer;
	u32 flags;
	u32 threads;
	u32 threads_max;
	u32 payload;
	u32 payload_max;
	u32 chunk;
	u32 writer_chunk;
	u64 slice_ns;
	const char *bound;
	u32 bound_times;
};

/**
 * struct acqrel_variant - an implementation of a primitive
 * @name: PRIMITIVE/VARIANT
 * @ops: operations, ended by one without a name
 * @create: makes an object; may sleep; 0 or -errno. -EOPNOTSUPP: this machine
 *	refuses what it needs
 * @destroy: frees it; may sleep
 * @enter: called by a thread before each slice, or NULL; 0 or -errno
 * @leave: same, after
 * @lost: called when all threads have left, or NULL: items that went in and
 *	neither came out nor are still inside, or that came out twice
 */
struct acqrel_variant {
	const char *name;
	const struct acqrel_op *ops;
	int (*create)(const struct acqrel_arm_params *p, void **object);
	void (*destroy)(void *object);
	int (*enter)(struct acqrel_worker *w);
	void (*leave)(struct acqrel_worker *w);
	u64 (*lost)(void *object, const struct acqrel_worker *workers,
		    unsigned int n);
};

/**
 * struct acqrel_slice_params - how a slice is run
 * @slice_ns: length of the timed part
 * @lead_ns: load before it, from when the last thread is there
 * @pace_ns: with %ACQREL_BENCH_LATENCY: time between the starts of two
 *	operations of a thread, 0: one after the other. One that was due in the
 *	slice and not begun counts with the time that it has waited
 * @write_period_ns: time between two operations of the writer, 0: one after
 *	the other; has no meaning without a writer
 * @mode: enum acqrel_bench_mode
 * @chunk: operations between two looks at the clock, 0: as the operation says;
 *	no more than that if it has %ACQREL_OP_SLEEPS
 * @plant: control of the engine itself: so many operations more for each
 *	1,000 are run, and not reported; a whole number of them in each burst,
 *	one at least. Has no place in %ACQREL_BENCH_LATENCY
 * @late_ns: control of the engine itself: the last thread begins so late
 */
struct acqrel_slice_params {
	u64 slice_ns;
	u64 lead_ns;
	u64 pace_ns;
	u64 write_period_ns;
	u32 mode;
	u32 chunk;
	u32 plant;
	u64 late_ns;
};

/**
 * struct acqrel_slice - what a thread did in a slice
 * @start_ns: start of the timed part
 * @end_ns: its end
 * @busy_ns: sum of the timed bursts
 * @bursts: how many; 0 if what is paced was not due
 * @ops: operations that succeeded in them
 * @failed: operations that failed, as a push into a full ring
 * @retries: reads that had to be repeated
 * @violations: results that no order allows; any voids the figure
 * @lost: items lost or doubled, of thread 0; any voids the figure
 * @fill_sum: items found in a ring
 * @fill_n: looks at it
 * @switches: involuntary context switches in the timed part
 * @wait_ns: time in it that the thread was ready and did not run
 * @faults: page faults in it
 * @chain_ns: time of %ACQREL_CHAIN dependent multiplications after it, which
 *	tells the clock of the core
 * @role: enum acqrel_bench_role
 * @cpu: where it ended
 */
struct acqrel_slice {
	u64 start_ns;
	u64 end_ns;
	u64 busy_ns;
	u64 bursts;
	u64 ops;
	u64 failed;
	u64 retries;
	u64 violations;
	u64 lost;
	u64 fill_sum;
	u64 fill_n;
	u64 switches;
	u64 wait_ns;
	u64 faults;
	u64 chain_ns;
	u32 role;
	u32 cpu;
};

#endif /* ACQREL_BENCH_H */
