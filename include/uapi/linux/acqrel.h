/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * acqrel - the ABI between the acqrel module and user space
 *
 * Three interfaces, in order of stability:
 *
 * 1. Generic netlink, family %ACQREL_GENL_NAME. The stable interface; its
 *    machine-readable description is Documentation/netlink/acqrel.yaml.
 *    Validation is strict: an attribute that a command does not know, a
 *    wrong length or a value out of range is refused with an extack message,
 *    and a refused request changes nothing. The family exists in the initial
 *    network namespace only. Commands that change something need
 *    CAP_NET_ADMIN.
 *
 * 2. /dev/acqrel, mode 0600. read() returns whole struct acqrel_event, as
 *    many as fit, exact in order within a CPU and merged by clock across
 *    CPUs. An event becomes readable %ACQREL_HOLD_BACK_NS after it happened,
 *    so that slower CPUs can still sort in; an event that arrives later than
 *    that is delivered at once and counted as late. With several readers
 *    each event goes to exactly one. A buffer smaller than one event gives
 *    EINVAL; no event and O_NONBLOCK gives EAGAIN. A blocked reader and
 *    poll() are woken when a ring is half full (16 events at least) or after
 *    %ACQREL_FLUSH_NS, never for each event. The hold-back bounds what a
 *    reader can take: ring_entries and a few more for each CPU in
 *    %ACQREL_HOLD_BACK_NS; a small ring loses events at a higher rate
 *    however eager its reader is.
 *
 * 3. debugfs acqrel/, mode 0400, for people. The first line of each file is
 *    a format version; nothing else about it is promised.
 *
 * All clocks are nanoseconds of CLOCK_MONOTONIC, those of BENCH_ commands of
 * CLOCK_MONOTONIC_RAW.
 */
#ifndef _UAPI_LINUX_ACQREL_H
#define _UAPI_LINUX_ACQREL_H

#include <linux/types.h>

#define ACQREL_GENL_NAME	"acqrel"
#define ACQREL_GENL_VERSION	1
#define ACQREL_MCGRP_CONFIG	"config"	/* each new generation */
#define ACQREL_MCGRP_SOURCE	"source"	/* started, stopped, finished */
#define ACQREL_MCGRP_BENCH	"bench"		/* a run has ended */
#define ACQREL_MCGRP_LITMUS	"litmus"	/* a run has ended */

#define ACQREL_DEVICE		"/dev/acqrel"
#define ACQREL_HOLD_BACK_NS	4000000ULL
#define ACQREL_FLUSH_NS		100000000ULL

#define ACQREL_NAME_MAX		31	/* any name, without the NUL */
#define ACQREL_PIDS_MAX		64
#define ACQREL_PID_LIMIT	4194304	/* the kernel's PID_MAX_LIMIT */
#define ACQREL_SAMPLE_MAX	1048576
#define ACQREL_HIST_BUCKETS	65
#define ACQREL_CHECKS_MAX	4096	/* snapshots checked by one RING_GET */

/**
 * enum acqrel_kind - what an event says
 * @ACQREL_KIND_SCHED_SWITCH: a task left a CPU; pid left, peer came; the
 *	value is the time on CPU of the task that left. The idle task has
 *	none, nor has the first switch of a CPU after the source started
 * @ACQREL_KIND_SCHED_WAKEUP: a woken task began to run; peer is the task it
 *	replaced; the value is the delay since the wake-up
 * @ACQREL_KIND_SCHED_WAKEUP_NEW: the same for a task's first wake-up
 */
enum acqrel_kind {
	ACQREL_KIND_SCHED_SWITCH,
	ACQREL_KIND_SCHED_WAKEUP,
	ACQREL_KIND_SCHED_WAKEUP_NEW,
	__ACQREL_KIND_COUNT,
};

#define ACQREL_KINDS_ALL	((1U << __ACQREL_KIND_COUNT) - 1)

#define ACQREL_EVENT_HAS_VALUE	(1U << 0)
#define ACQREL_EVENT_GENERATED	(1U << 1)	/* from the generator */

/**
 * struct acqrel_event - one event that passed the filter
 * @pos: position in the ring of its CPU; a gap is what was overwritten
 * @seq: position in the stream offered on its CPU, filtered events included
 * @clock_ns: when it happened
 * @value_ns: see enum acqrel_kind; 0 without %ACQREL_EVENT_HAS_VALUE
 * @generation: config generation that let it pass
 * @pid: thread id, initial pid namespace
 * @peer: the other thread id
 * @cpu: CPU it happened on
 * @kind: enum acqrel_kind
 * @flags: ACQREL_EVENT_*
 * @reserved: 0
 */
struct acqrel_event {
	__u64 pos;
	__u64 seq;
	__u64 clock_ns;
	__u64 value_ns;
	__u64 generation;
	__s32 pid;
	__s32 peer;
	__u32 cpu;
	__u16 kind;
	__u16 flags;
	__u64 reserved;
};

/**
 * enum acqrel_policy - what happens when a ring is full
 * @ACQREL_POLICY_DROP_NEWEST: the new event is dropped
 * @ACQREL_POLICY_OVERWRITE_OLDEST: the oldest event is overwritten
 */
enum acqrel_policy {
	ACQREL_POLICY_DROP_NEWEST,
	ACQREL_POLICY_OVERWRITE_OLDEST,
	__ACQREL_POLICY_COUNT,
};

/**
 * enum acqrel_filter - why an event was filtered, in the order of the checks
 * @ACQREL_FILTER_KIND: its kind is not enabled
 * @ACQREL_FILTER_SAMPLE: sampling skipped it. Counted for each CPU and kind
 *	and reset at each generation; the first event after a reset passes
 * @ACQREL_FILTER_PID: neither pid nor peer is in the pid filter
 * @ACQREL_FILTER_VALUE: its value is below the minimum, or it has none and
 *	the minimum is not 0
 */
enum acqrel_filter {
	ACQREL_FILTER_KIND,
	ACQREL_FILTER_SAMPLE,
	ACQREL_FILTER_PID,
	ACQREL_FILTER_VALUE,
	__ACQREL_FILTER_COUNT,
};

/**
 * enum acqrel_counter - the per-CPU counters
 * @ACQREL_COUNTER_PASSED_SWITCH: events that passed, by kind
 * @ACQREL_COUNTER_PASSED_WAKEUP: same
 * @ACQREL_COUNTER_PASSED_WAKEUP_NEW: same
 * @ACQREL_COUNTER_REFUSED_NMI: handler calls refused in NMI context
 * @ACQREL_COUNTER_REFUSED_REENTRY: handler calls refused inside a handler
 * @ACQREL_COUNTER_WAKEUP_STARTED: wake-ups that started a delay
 * @ACQREL_COUNTER_WAKEUP_MATCHED: delays that ended at a switch
 * @ACQREL_COUNTER_WAKEUP_REPEATED: wake-ups of a task already waiting to run
 * @ACQREL_COUNTER_WAKEUP_EVICTED: delays lost to another task's in the table
 * @ACQREL_COUNTER_WAKEUP_UNMATCHED: tasks switched in without a delay
 * @ACQREL_COUNTER_WAKEUP_RUNNING: wake-ups of a task that was on a CPU
 * @ACQREL_COUNTER_READER_WOKEN: times readers were woken
 * @ACQREL_COUNTER_READER_LATE: events delivered after a younger one
 * @ACQREL_COUNTER_SNAPSHOT_RETRIED: copies of stats or books made again
 */
enum acqrel_counter {
	ACQREL_COUNTER_PASSED_SWITCH,
	ACQREL_COUNTER_PASSED_WAKEUP,
	ACQREL_COUNTER_PASSED_WAKEUP_NEW,
	ACQREL_COUNTER_REFUSED_NMI,
	ACQREL_COUNTER_REFUSED_REENTRY,
	ACQREL_COUNTER_WAKEUP_STARTED,
	ACQREL_COUNTER_WAKEUP_MATCHED,
	ACQREL_COUNTER_WAKEUP_REPEATED,
	ACQREL_COUNTER_WAKEUP_EVICTED,
	ACQREL_COUNTER_WAKEUP_UNMATCHED,
	ACQREL_COUNTER_WAKEUP_RUNNING,
	ACQREL_COUNTER_READER_WOKEN,
	ACQREL_COUNTER_READER_LATE,
	ACQREL_COUNTER_SNAPSHOT_RETRIED,
	__ACQREL_COUNTER_COUNT,
};

/*
 * Commands. A reply carries the command it answers. "admin" needs
 * CAP_NET_ADMIN in the initial user namespace.
 *
 * CONFIG_GET	 do	  in: -			out: ACQREL_A_CONFIG_*
 * CONFIG_SET	 do admin in: ACQREL_A_CONFIG_*	out: the new config. What is
 *	not named stays. GENERATION cannot be set.
 * CONFIG_NTF	 sent to group "config" after each publish: the new config.
 * STATS_GET	 dump	  in: -		out: a message per possible CPU and
 *	kind. Each is one consistent snapshot; a sum of them is not.
 * COUNTER_GET	 dump	  in: -		out: for each counter the total (no
 *	CPU attribute), then a message per possible CPU.
 * RING_GET	 dump	  in: CHECKS	out: a message per possible CPU: ring
 *	and books in one consistent snapshot. With CHECKS each CPU's books
 *	are read that many times with and without the sequence counter, and
 *	UNBALANCED and NAIVE_UNBALANCED say how often they did not add up.
 * SOURCE_GET	 dump	  in: -		out: a message per source
 * SOURCE_START	 do admin in: NAME [SEED RATE COUNT, generator only]
 *	out: the source. EBUSY if it runs.
 * SOURCE_STOP	 do admin in: NAME	out: the source. Returns when no
 *	handler of it runs any more. ENOENT if there is none of that name;
 *	stopping a stopped source is no error.
 * SOURCE_NTF	 sent to group "source" when a source started or stopped or
 *	the generator reached its count.
 * RESET	 do admin in: -		out: -	Empties rings, zeroes books,
 *	counters and stats. EBUSY while a source runs or the device is open.
 * BENCH_CASE_GET dump	  in: -		out: a message per case: NAME FLAGS
 *	THREADS THREADS_MAX CHUNK SLICE_NS PAYLOAD PAYLOAD_MAX WRITES BOUND
 *	BOUND_TIMES; what a case has not is absent.
 * BENCH_OPEN	 do admin in: NAME CPUS [PAYLOAD] [WRITES]	out: ARM
 *	An object to measure with, and a thread for each CPU of CPUS; with
 *	WRITES the last of them writes. Arms belong to the socket that opened
 *	them and go when it closes; EBUSY while another socket has some, or
 *	while those of one that closed are being freed, which takes a moment.
 *	ENOENT: no such case; EINVAL: a CPU is offline or named twice, or the
 *	case does not take so many threads, that payload or a writer; ENOSPC:
 *	%ACQREL_BENCH_ARMS_MAX are open.
 * BENCH_CLOSE	 do admin in: [ARM]	out: -	Without ARM all of the socket.
 *	ENOENT: the socket has no such arm; EBUSY: a slice of it runs. The arm
 *	is freed after the answer and counts as open until then.
 * BENCH_START	 do admin in: ARM SLICE_NS LEAD_NS [MODE] [PACE_NS]
 *	[WRITE_PERIOD_NS] [CHUNK] [PLANT] [LATE_NS]	out: RUN
 *	Begins a slice and returns at once. ENOENT: the socket has no such arm;
 *	EBUSY: a slice runs. A CPU that went offline does not keep a slice from
 *	running; CPU of the result tells where it did. Only a case that needs
 *	two threads, which may wait for each other, ends with STATUS -ENODEV.
 *	CHUNK is no more than the case's if that sleeps. EINVAL: PLANT with
 *	another MODE than %ACQREL_BENCH_RATE.
 * BENCH_CANCEL	 do admin in: RUN	out: -	Returns at once; the run ends
 *	with STATUS -ECANCELED. Once more is no error. ENOENT: the socket has no
 *	such run under way.
 * BENCH_GET	 dump	  in: RUN	out: a message per thread: what it did.
 *	ENOENT if RUN is not the last run or its arm is closed, EBUSY if it has
 *	not ended; else the STATUS that it ended with.
 * BENCH_LATENCY_GET dump in: RUN	out: a message per thread and up to
 *	%ACQREL_BENCH_BUCKETS_MAX buckets that are not empty: THREAD
 *	LATENCY_N LATENCY_MAX_NS BUCKETS. A thread has one message at least,
 *	without BUCKETS if it has none. Errors as of BENCH_GET.
 * BENCH_NTF	 sent to group "bench" when a run ended: RUN, STATUS.
 * LITMUS_TEST_GET dump	  in: -		out: a message per litmus test: NAME
 *	THREADS [GRACE]
 * LITMUS_START	 do admin in: NAME CPUS TRIALS SEED	out: RUN
 *	Begins a run on a kernel thread for each CPU of CPUS and returns at
 *	once. A CPU named twice makes the threads take turns. The run belongs
 *	to the socket: when it closes, the run is cancelled and what it counted
 *	goes. ENOENT: no such test; EINVAL: a CPU is offline, or the test needs
 *	another number of them; EBUSY: a run is under way, be it of another
 *	socket. What the last run counted goes.
 * LITMUS_CANCEL do admin in: RUN	out: -	Returns at once; the run ends
 *	after the round that its threads are in, with STATUS -ECANCELED. Once
 *	more is no error. ENOENT: the socket has no such run under way.
 * LITMUS_GET	 dump	  in: RUN	out: first STATUS TRIALS OVERLAPPED
 *	TOUCHED FIRST, then a message per outcome: OUTCOME COUNT. Also of a run
 *	that was cancelled. ENOENT if RUN is not the last run or its socket
 *	closed, EBUSY if it has not ended.
 * LITMUS_NTF	 sent to group "litmus" when a run ended: RUN, STATUS.
 */
enum acqrel_cmd {
	ACQREL_CMD_CONFIG_GET = 1,
	ACQREL_CMD_CONFIG_SET,
	ACQREL_CMD_CONFIG_NTF,
	ACQREL_CMD_STATS_GET,
	ACQREL_CMD_COUNTER_GET,
	ACQREL_CMD_RING_GET,
	ACQREL_CMD_SOURCE_GET,
	ACQREL_CMD_SOURCE_START,
	ACQREL_CMD_SOURCE_STOP,
	ACQREL_CMD_SOURCE_NTF,
	ACQREL_CMD_RESET,
	ACQREL_CMD_BENCH_CASE_GET,
	ACQREL_CMD_BENCH_OPEN,
	ACQREL_CMD_BENCH_CLOSE,
	ACQREL_CMD_BENCH_START,
	ACQREL_CMD_BENCH_CANCEL,
	ACQREL_CMD_BENCH_GET,
	ACQREL_CMD_BENCH_LATENCY_GET,
	ACQREL_CMD_BENCH_NTF,
	ACQREL_CMD_LITMUS_TEST_GET,
	ACQREL_CMD_LITMUS_START,
	ACQREL_CMD_LITMUS_CANCEL,
	ACQREL_CMD_LITMUS_GET,
	ACQREL_CMD_LITMUS_NTF,

	__ACQREL_CMD_MAX,
	ACQREL_CMD_MAX = __ACQREL_CMD_MAX - 1
};

enum {
	ACQREL_A_CONFIG_PAD = 1,
	ACQREL_A_CONFIG_GENERATION,	/* u64, read only */
	ACQREL_A_CONFIG_KINDS,		/* u32, mask of 1 << enum acqrel_kind */
	ACQREL_A_CONFIG_SAMPLE_EVERY,	/* u32, 1..ACQREL_SAMPLE_MAX */
	ACQREL_A_CONFIG_MIN_VALUE_NS,	/* u64 */
	ACQREL_A_CONFIG_POLICY,		/* u32, enum acqrel_policy */
	ACQREL_A_CONFIG_PIDS,		/* nest of ACQREL_A_PIDS_PID; empty: all */

	__ACQREL_A_CONFIG_MAX,
	ACQREL_A_CONFIG_MAX = __ACQREL_A_CONFIG_MAX - 1
};

enum {
	ACQREL_A_PIDS_PID = 1,		/* u32, 1..ACQREL_PID_LIMIT, repeated */

	__ACQREL_A_PIDS_MAX,
	ACQREL_A_PIDS_MAX = __ACQREL_A_PIDS_MAX - 1
};

enum {
	ACQREL_A_STATS_PAD = 1,
	ACQREL_A_STATS_CPU,		/* u32 */
	ACQREL_A_STATS_KIND,		/* u32, enum acqrel_kind */
	ACQREL_A_STATS_KIND_NAME,	/* string */
	ACQREL_A_STATS_COUNT,		/* u64, values aggregated */
	ACQREL_A_STATS_SUM_NS,		/* u64 */
	ACQREL_A_STATS_MIN_NS,		/* u64, absent while COUNT is 0 */
	ACQREL_A_STATS_MAX_NS,		/* u64, absent while COUNT is 0 */
	ACQREL_A_STATS_HIST,		/* binary, u64[ACQREL_HIST_BUCKETS]:
					 * bucket 0 counts zeros, bucket b the
					 * values in [2^(b-1), 2^b)
					 */
	ACQREL_A_STATS_RETRIES,		/* u64, repeats of this one read */

	__ACQREL_A_STATS_MAX,
	ACQREL_A_STATS_MAX = __ACQREL_A_STATS_MAX - 1
};

enum {
	ACQREL_A_COUNTER_PAD = 1,
	ACQREL_A_COUNTER_ID,		/* u32, enum acqrel_counter */
	ACQREL_A_COUNTER_NAME,		/* string */
	ACQREL_A_COUNTER_CPU,		/* u32, absent in the total */
	ACQREL_A_COUNTER_VALUE,		/* u64 */

	__ACQREL_A_COUNTER_MAX,
	ACQREL_A_COUNTER_MAX = __ACQREL_A_COUNTER_MAX - 1
};

/*
 * The books of one CPU. In every snapshot
 *	OFFERED = FILTERED_* + PUSHED + DROPPED
 * and, with POPPED loaded before the snapshot,
 *	POPPED <= PUSHED - OVERWRITTEN
 * At rest FILL = PUSHED - OVERWRITTEN - POPPED, which is at most CAPACITY.
 */
enum {
	ACQREL_A_RING_PAD = 1,
	ACQREL_A_RING_CPU,		/* u32 */
	ACQREL_A_RING_CAPACITY,		/* u32, entries */
	ACQREL_A_RING_FILL,		/* u32, entries, may be stale */
	ACQREL_A_RING_OFFERED,		/* u64 */
	ACQREL_A_RING_FILTERED_KIND,	/* u64 */
	ACQREL_A_RING_FILTERED_SAMPLE,	/* u64 */
	ACQREL_A_RING_FILTERED_PID,	/* u64 */
	ACQREL_A_RING_FILTERED_VALUE,	/* u64 */
	ACQREL_A_RING_PUSHED,		/* u64 */
	ACQREL_A_RING_DROPPED,		/* u64 */
	ACQREL_A_RING_OVERWRITTEN,	/* u64 */
	ACQREL_A_RING_POPPED,		/* u64, loaded before the snapshot */
	ACQREL_A_RING_HEAD,		/* u64, position of the next push */
	ACQREL_A_RING_RETRIES,		/* u64, repeats of this one snapshot */
	ACQREL_A_RING_CHECKS,		/* u32, 1..ACQREL_CHECKS_MAX */
	ACQREL_A_RING_UNBALANCED,	/* u32, of CHECKS; only if asked */
	ACQREL_A_RING_NAIVE_UNBALANCED,	/* u32, of CHECKS; only if asked */

	__ACQREL_A_RING_MAX,
	ACQREL_A_RING_MAX = __ACQREL_A_RING_MAX - 1
};

enum {
	ACQREL_A_SOURCE_PAD = 1,
	ACQREL_A_SOURCE_NAME,		/* string, "sched" or "generator" */
	ACQREL_A_SOURCE_RUNNING,	/* u8, 0 or 1 */
	ACQREL_A_SOURCE_OFFERED,	/* u64, events since load or RESET */
	ACQREL_A_SOURCE_SEED,		/* u64, generator, default 1 */
	ACQREL_A_SOURCE_RATE,		/* u32, generator, events a second over
					 * all streams, 0 (default): unlimited
					 */
	ACQREL_A_SOURCE_COUNT,		/* u64, generator, events over all
					 * streams, 0 (default): until stopped
					 */
	ACQREL_A_SOURCE_STREAMS,	/* u32, generator: one per CPU online at
					 * the start, shares of COUNT differ by
					 * at most one
					 */
	/*
	 * One call of a handler in 61 is timed: those that let an event pass,
	 * and those that did not, the handlers of wake-ups among them.
	 */
	ACQREL_A_SOURCE_COST_PASSED_NS,	  /* u64, sum over the timed calls */
	ACQREL_A_SOURCE_COST_PASSED_N,	  /* u64, timed calls */
	ACQREL_A_SOURCE_COST_FILTERED_NS, /* u64 */
	ACQREL_A_SOURCE_COST_FILTERED_N,  /* u64 */

	__ACQREL_A_SOURCE_MAX,
	ACQREL_A_SOURCE_MAX = __ACQREL_A_SOURCE_MAX - 1
};

#define ACQREL_BENCH_SLICE_MIN_NS	100000ULL	/* 100 us */
#define ACQREL_BENCH_SLICE_MAX_NS	100000000ULL	/* 100 ms */
#define ACQREL_BENCH_LEAD_MAX_NS	100000000ULL	/* 100 ms */
#define ACQREL_BENCH_PERIOD_MAX_NS	1000000000ULL	/* 1 s */
#define ACQREL_BENCH_THREADS_MAX	1024
#define ACQREL_BENCH_ARMS_MAX		1024
#define ACQREL_BENCH_PAYLOAD_MAX	4096
#define ACQREL_BENCH_CHUNK_MAX		65536
#define ACQREL_BENCH_PLANT_MAX		1000
#define ACQREL_BENCH_BUCKETS_MAX	512

/**
 * enum acqrel_bench_mode - how operations are timed
 * @ACQREL_BENCH_RATE: many between two looks at the clock
 * @ACQREL_BENCH_LATENCY: each one
 */
enum acqrel_bench_mode {
	ACQREL_BENCH_RATE,
	ACQREL_BENCH_LATENCY,

	__ACQREL_BENCH_MODE_COUNT
};

/**
 * enum acqrel_bench_role - what a thread does in a slice
 * @ACQREL_BENCH_ROLE_MEASURED: the operation
 * @ACQREL_BENCH_ROLE_PARTNER: the opposite beside it, as load
 * @ACQREL_BENCH_ROLE_WRITER: writes at the write rate, as load
 * @ACQREL_BENCH_ROLE_IDLE: nothing: it has no partner
 */
enum acqrel_bench_role {
	ACQREL_BENCH_ROLE_MEASURED,
	ACQREL_BENCH_ROLE_PARTNER,
	ACQREL_BENCH_ROLE_WRITER,
	ACQREL_BENCH_ROLE_IDLE,
};

/*
 * What an operation is, and what it is measured with: flags of a case.
 */
#define ACQREL_OP_RECORDS	0x1	/* times itself, in every mode */
#define ACQREL_OP_FEEDS		0x2	/* its partner is what is paced */
#define ACQREL_OP_PAIRS		0x4	/* threads 2n and 2n + 1 share, others do not */
#define ACQREL_OP_SETTLES	0x8	/* alone, the partner runs between bursts */
#define ACQREL_OP_SETTLES_FIRST	0x10	/* and before the first */
#define ACQREL_OP_SLEEPS	0x20	/* may sleep, or takes more than 10 us */
#define ACQREL_OP_SHARED	0x40	/* compiled from one source in both worlds */

enum {
	ACQREL_A_BENCH_PAD = 1,
	ACQREL_A_BENCH_NAME,		/* string, PRIMITIVE/VARIANT:OPERATION */
	ACQREL_A_BENCH_FLAGS,		/* u32, mask of ACQREL_OP_ */
	ACQREL_A_BENCH_THREADS,		/* u32, fewest, without a writer */
	ACQREL_A_BENCH_THREADS_MAX,	/* u32, most, without a writer */
	ACQREL_A_BENCH_PAYLOAD,		/* u32, bytes, a multiple of 8 */
	ACQREL_A_BENCH_PAYLOAD_MAX,	/* u32, most */
	ACQREL_A_BENCH_WRITES,		/* flag: can have, or has, a writer */
	ACQREL_A_BENCH_BOUND,		/* string, name of the case that limits it */
	ACQREL_A_BENCH_BOUND_TIMES,	/* u32, so many of them in thousandths */
	ACQREL_A_BENCH_CPUS,		/* binary, u32 a thread */
	ACQREL_A_BENCH_ARM,		/* u32, arm id */
	ACQREL_A_BENCH_SLICE_NS,	/* u64, ACQREL_BENCH_SLICE_{MIN,MAX}_NS; of
					 * a case: the shortest that makes sense
					 */
	ACQREL_A_BENCH_LEAD_NS,		/* u64, 0..ACQREL_BENCH_LEAD_MAX_NS */
	ACQREL_A_BENCH_MODE,		/* u32, enum acqrel_bench_mode */
	ACQREL_A_BENCH_PACE_NS,		/* u64, 0..ACQREL_BENCH_PERIOD_MAX_NS */
	ACQREL_A_BENCH_WRITE_PERIOD_NS,	/* u64, 0..ACQREL_BENCH_PERIOD_MAX_NS */
	ACQREL_A_BENCH_CHUNK,		/* u32, 1..ACQREL_BENCH_CHUNK_MAX */
	ACQREL_A_BENCH_PLANT,		/* u32, 0..ACQREL_BENCH_PLANT_MAX; whole
					 * operations a burst, one at least
					 */
	ACQREL_A_BENCH_LATE_NS,		/* u64, 0..ACQREL_BENCH_SLICE_MAX_NS */
	ACQREL_A_BENCH_RUN,		/* u32, run id */
	ACQREL_A_BENCH_STATUS,		/* s32, 0, -ECANCELED, or why a thread could
					 * not begin
					 */
	ACQREL_A_BENCH_THREAD,		/* u32, index of the thread */
	ACQREL_A_BENCH_ROLE,		/* u32, enum acqrel_bench_role */
	ACQREL_A_BENCH_CPU,		/* u32, CPU on which it ended */
	ACQREL_A_BENCH_DEADLINE_NS,	/* u64, the common start */
	ACQREL_A_BENCH_START_NS,	/* u64, start of the timed part */
	ACQREL_A_BENCH_END_NS,		/* u64, end of the timed part */
	ACQREL_A_BENCH_BUSY_NS,		/* u64, sum of the timed bursts */
	ACQREL_A_BENCH_BURSTS,		/* u64, timed bursts */
	ACQREL_A_BENCH_OPS,		/* u64, operations that succeeded */
	ACQREL_A_BENCH_FAILED,		/* u64, found the ring full or empty */
	ACQREL_A_BENCH_RETRIES,		/* u64, reads repeated */
	ACQREL_A_BENCH_VIOLATIONS,	/* u64, results that no order allows */
	ACQREL_A_BENCH_LOST,		/* u64, items lost or doubled; thread 0 */
	ACQREL_A_BENCH_FILL_SUM,	/* u64, items in the ring, over all looks */
	ACQREL_A_BENCH_FILL_N,		/* u64, looks */
	ACQREL_A_BENCH_SWITCHES,	/* u64, involuntary context switches */
	ACQREL_A_BENCH_WAIT_NS,		/* u64, ready and not running */
	ACQREL_A_BENCH_CHAIN_NS,	/* u64, a fixed chain of multiplications; 0:
					 * not on this architecture
					 */
	ACQREL_A_BENCH_LATENCY_N,	/* u64, latencies measured */
	ACQREL_A_BENCH_LATENCY_MAX_NS,	/* u64, the longest, exactly */
	ACQREL_A_BENCH_BUCKETS,		/* binary, pairs of u32: index, count; see
					 * include/acqrel/latency.h
					 */

	__ACQREL_A_BENCH_MAX,
	ACQREL_A_BENCH_MAX = __ACQREL_A_BENCH_MAX - 1
};

#define ACQREL_LITMUS_CPUS_MAX		4
#define ACQREL_LITMUS_TRIALS_MAX	(1ULL << 40)

/*
 * An outcome has four bits for each of four registers of a thread, which begin
 * at bit 16 * thread + 4 * register. If the test asks for what is left in its
 * locations, the last values of x, y, z and w begin at bit 48 + 4 * location.
 */
enum {
	ACQREL_A_LITMUS_PAD = 1,
	ACQREL_A_LITMUS_NAME,		/* string, SHAPE+VARIANT */
	ACQREL_A_LITMUS_THREADS,	/* u32, of the test */
	ACQREL_A_LITMUS_GRACE,		/* flag: waits for grace periods, is slow */
	ACQREL_A_LITMUS_CPUS,		/* binary, u32 a thread */
	ACQREL_A_LITMUS_TRIALS,		/* u64, 1..ACQREL_LITMUS_TRIALS_MAX; of a
					 * result: those that were run
					 */
	ACQREL_A_LITMUS_SEED,		/* u64, of what chance does */
	ACQREL_A_LITMUS_RUN,		/* u32, run id */
	ACQREL_A_LITMUS_STATUS,		/* s32, 0, -ECANCELED, or -ENODEV if a CPU
					 * went offline
					 */
	ACQREL_A_LITMUS_OVERLAPPED,	/* u64, trials with all threads in their
					 * bodies at one time
					 */
	ACQREL_A_LITMUS_TOUCHED,	/* u64, with two of them */
	ACQREL_A_LITMUS_FIRST,		/* binary, u64 a thread: trials that it
					 * began before the others
					 */
	ACQREL_A_LITMUS_OUTCOME,	/* u64, what was seen, see above */
	ACQREL_A_LITMUS_COUNT,		/* u64, how often */

	__ACQREL_A_LITMUS_MAX,
	ACQREL_A_LITMUS_MAX = __ACQREL_A_LITMUS_MAX - 1
};

#endif /* _UAPI_LINUX_ACQREL_H */
