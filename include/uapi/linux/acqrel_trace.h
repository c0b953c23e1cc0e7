/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * acqrel - traces: what /dev/acqrel gives a recorder and takes from a replay,
 * and the file that both are kept in
 *
 * A trace is a stream for each CPU: the state of its pipeline when the
 * recording began, every event that was offered to it, filtered ones included,
 * each with its verdict, the configs they met, and the state when
 * the recording ended. Whoever feeds the events to the same pipeline comes to
 * the same verdicts and to the same state.
 *
 * Chunks
 * ------
 * A chunk is a struct acqrel_trace_chunk and its payload. The device and the
 * file use the same chunks:
 *
 *	OPEN	struct acqrel_trace_snapshot: a CPU at its start
 *	DATA	records of one CPU, whole ones
 *	CLOSE	struct acqrel_trace_snapshot: a CPU at its end
 *	RESULT	struct acqrel_trace_result: what a replay came to
 *	ERROR	text without a NUL: why a replay ended
 *
 * Of each CPU there is one OPEN, then DATA, then one CLOSE. Chunks of several
 * CPUs may come in any order.
 *
 * Records
 * -------
 * A record is one or more units of %ACQREL_TRACE_UNIT bytes; its first byte is
 * its type, the second its units. The first records of a CPU are a STATE and a
 * CONFIG.
 *
 *	EVENT	struct acqrel_trace_event
 *	STATE	struct acqrel_trace_state: the pipeline before the next event.
 *		Where it is not the first record, events before it were lost.
 *	CONFIG	struct acqrel_trace_config: in force from the next event on
 *
 * Lost events are those that found no room in the recorder's ring for what they
 * need there: a unit, and a CONFIG if theirs is not yet there; and after such a
 * one all up to the one that finds room for the STATE and the CONFIG of the
 * next. A config that no recorded event met is not in the stream. Lost events
 * are counted by verdict and value in the CLOSE snapshot, so that
 *
 *	CLOSE = OPEN + what the events of the trace make + lost
 *
 * holds for each figure, exactly; minima and maxima are those of all three.
 *
 * Recording
 * ---------
 * ioctl(fd, %ACQREL_IOC_RECORD, params) makes an open /dev/acqrel a recorder.
 * There is one at a time: EBUSY. It needs CAP_NET_ADMIN. From then on read()
 * returns whole chunks, waits for some as read() of events does, and gives
 * EINVAL for less than %ACQREL_TRACE_READ_MIN bytes. %ACQREL_IOC_STOP ends the
 * recording; read() then returns what is left, the CLOSE chunks, and 0, and
 * another recording may begin, from another file: on this one RECORD stays
 * EBUSY. A recorder that closes the file or dies ends its recording too.
 * RECORD gives EINVAL for params that cannot be and on a replay, ENOMEM if the
 * rings of all recorders would take more than a quarter of the memory, and
 * EBADF if the file was not opened for reading. The memory of a CPU is
 * given back when its CLOSE was read. STOP gives EINVAL if the file is no
 * recorder; it needs no capability.
 *
 * A read() takes what there was when it began. Several readers of a recorder
 * each get some of a CPU's chunks, and nothing says which came first. Make a
 * file a recorder or a replay before anybody waits on it: a read() that waits
 * already goes on to wait for events and returns them, and an epoll that has
 * the file already is woken by events only.
 *
 * Replay
 * ------
 * The first write() to an open /dev/acqrel makes it a replay; it needs
 * CAP_NET_ADMIN. Chunks are written whole, any number at once; OPEN, DATA and
 * CLOSE are taken, the rest is refused. Every event goes through a pipeline of
 * the file's own; the live one is not touched. read() then gives a RESULT for
 * each CPU, and 0 when all are read; it needs %ACQREL_TRACE_READ_MIN bytes too,
 * and ends the replay. A chunk or record that cannot be gives EINVAL, and
 * read() gives an ERROR that says why; the replay takes no more. A write()
 * returns less than it was given if chunks before the bad one were replayed, or
 * if a signal came. An OPEN gives ENOSPC if the rings of the file's CPUs would
 * need more than 256 MiB, at 64 bytes an entry; a recording of larger rings can
 * be replayed in user space only. After ENOSPC or ENOMEM the replay goes on;
 * the flags of a RESULT say whether a stream was whole. A replay is always
 * ready for poll(). A later write() needs no capability.
 *
 * File
 * ----
 * struct acqrel_trace_head, then blocks: a struct acqrel_trace_block, and a
 * chunk. The last block is an INDEX: a struct acqrel_trace_entry for each
 * block before it, then a struct acqrel_trace_tail. A file without an index is
 * one whose recorder did not end; its blocks can be found one after another.
 * Numbers are in the byte order of the machine that wrote them.
 *
 * All checksums are XXH64, the seed being the @id of the head, so that a block
 * of another trace does not pass. The digest of a CPU is XXH64 with seed 0 over
 * the struct acqrel_event that readers took from its ring, in their order.
 */
#ifndef _UAPI_LINUX_ACQREL_TRACE_H
#define _UAPI_LINUX_ACQREL_TRACE_H

#include <linux/acqrel.h>
#include <linux/ioctl.h>
#include <linux/types.h>

#define ACQREL_TRACE_UNIT	32
#define ACQREL_TRACE_UNITS_MAX	10	/* of a record */
#define ACQREL_TRACE_DATA_MAX	65536	/* bytes of records in a chunk */
#define ACQREL_TRACE_READ_MIN	8192
#define ACQREL_TRACE_CPUS_MAX	8192
#define ACQREL_TRACE_RING_MIN	1024	/* units of a CPU's ring */
#define ACQREL_TRACE_RING_MAX	4194304

/*
 * Lengths of arrays below. Another number of kinds or of filter reasons is
 * another %ACQREL_TRACE_MAJOR, and so is a verdict of another number.
 */
#define ACQREL_TRACE_KINDS	3
#define ACQREL_TRACE_FILTERS	4

/**
 * enum acqrel_trace_type - what a chunk is
 * @ACQREL_TRACE_OPEN: see above, like the others
 * @ACQREL_TRACE_DATA: same
 * @ACQREL_TRACE_CLOSE: same
 * @ACQREL_TRACE_RESULT: same
 * @ACQREL_TRACE_ERROR: same
 * @ACQREL_TRACE_INDEX: in files only
 */
enum acqrel_trace_type {
	ACQREL_TRACE_OPEN = 1,
	ACQREL_TRACE_DATA,
	ACQREL_TRACE_CLOSE,
	ACQREL_TRACE_RESULT,
	ACQREL_TRACE_ERROR,
	ACQREL_TRACE_INDEX,
};

/**
 * struct acqrel_trace_chunk - comes before each payload
 * @type: enum acqrel_trace_type
 * @cpu: whose; 0 if it is no CPU's
 * @bytes: of payload
 * @reserved: 0
 */
struct acqrel_trace_chunk {
	__u32 type;
	__u32 cpu;
	__u32 bytes;
	__u32 reserved;
};

/**
 * enum acqrel_trace_record - what a record is
 * @ACQREL_RECORD_EVENT: see above, like the others
 * @ACQREL_RECORD_STATE: same
 * @ACQREL_RECORD_CONFIG: same
 */
enum acqrel_trace_record {
	ACQREL_RECORD_EVENT = 1,
	ACQREL_RECORD_STATE,
	ACQREL_RECORD_CONFIG,
};

/**
 * enum acqrel_verdict - what became of an event; first enum acqrel_filter
 * @ACQREL_VERDICT_PUSHED: went into the ring
 * @ACQREL_VERDICT_OVERWROTE: same, and the oldest is lost
 * @ACQREL_VERDICT_DROPPED: found the ring full
 */
enum acqrel_verdict {
	ACQREL_VERDICT_PUSHED = 4,
	ACQREL_VERDICT_OVERWROTE = 5,
	ACQREL_VERDICT_DROPPED = 6,
	__ACQREL_VERDICT_COUNT,
};

/**
 * struct acqrel_trace_event - an event as it was offered
 * @type: %ACQREL_RECORD_EVENT
 * @units: 1
 * @kind: enum acqrel_kind
 * @verdict: enum acqrel_filter or enum acqrel_verdict
 * @flags: ACQREL_EVENT_*
 * @reserved: 0
 * @pid: as in struct acqrel_event, like the rest
 * @peer: same
 * @clock_ns: same; does not fall within a CPU
 * @value_ns: same
 *
 * CPU and generation are the stream's, and so are sequence number and
 * position: one more each time.
 */
struct acqrel_trace_event {
	__u8 type;
	__u8 units;
	__u8 kind;
	__u8 verdict;
	__u16 flags;
	__u16 reserved;
	__s32 pid;
	__s32 peer;
	__u64 clock_ns;
	__u64 value_ns;
};

/**
 * struct acqrel_trace_state - the pipeline before the next event
 * @type: %ACQREL_RECORD_STATE
 * @units: 2
 * @reserved: 0
 * @reserved1: 0
 * @clock_ns: when
 * @seq: sequence number of the next event
 * @head: position of the next push
 * @sample_generation: config generation that @sample_skip counts under
 * @sample_skip: events of each kind to skip before the next passes
 * @reserved2: 0
 * @reserved3: 0
 */
struct acqrel_trace_state {
	__u8 type;
	__u8 units;
	__u16 reserved;
	__u32 reserved1;
	__u64 clock_ns;
	__u64 seq;
	__u64 head;
	__u64 sample_generation;
	__u32 sample_skip[ACQREL_TRACE_KINDS];
	__u32 reserved2;
	__u64 reserved3;
};

/**
 * struct acqrel_trace_config - a config
 * @type: %ACQREL_RECORD_CONFIG
 * @units: what @nr_pids needs
 * @reserved: 0
 * @policy: enum acqrel_policy
 * @clock_ns: of the first event under it, or of the start
 * @generation: its number; rises within a CPU
 * @min_value_ns: as in ACQREL_A_CONFIG_*, like the rest
 * @kinds: same
 * @sample_every: same
 * @nr_pids: 0..%ACQREL_PIDS_MAX
 * @reserved2: 0
 * @pids: the rest of the last unit is 0
 */
struct acqrel_trace_config {
	__u8 type;
	__u8 units;
	__u16 reserved;
	__u32 policy;
	__u64 clock_ns;
	__u64 generation;
	__u64 min_value_ns;
	__u32 kinds;
	__u32 sample_every;
	__u32 nr_pids;
	__u32 reserved2;
	__s32 pids[];
};

/**
 * struct acqrel_trace_account - books: ACQREL_A_RING_*
 * @offered: of ACQREL_A_RING_*, like the others
 * @filtered: by enum acqrel_filter
 * @pushed: same
 * @dropped: same
 * @overwritten: same
 * @head: same
 */
struct acqrel_trace_account {
	__u64 offered;
	__u64 filtered[ACQREL_TRACE_FILTERS];
	__u64 pushed;
	__u64 dropped;
	__u64 overwritten;
	__u64 head;
};

/**
 * struct acqrel_trace_stats - a block of stats: ACQREL_A_STATS_*
 * @count: of ACQREL_A_STATS_*, like the others
 * @sum_ns: same
 * @min_ns: same, all ones while @count is 0
 * @max_ns: same
 * @hist: same
 */
struct acqrel_trace_stats {
	__u64 count;
	__u64 sum_ns;
	__u64 min_ns;
	__u64 max_ns;
	__u64 hist[ACQREL_HIST_BUCKETS];
};

/**
 * struct acqrel_trace_sums - what events have left behind
 * @account: books
 * @passed: events that passed, by enum acqrel_kind
 * @stats: by enum acqrel_kind
 */
struct acqrel_trace_sums {
	struct acqrel_trace_account account;
	__u64 passed[ACQREL_TRACE_KINDS];
	struct acqrel_trace_stats stats[ACQREL_TRACE_KINDS];
};

/**
 * struct acqrel_trace_digest - of the events that readers took
 * @from: position of the first that may be among them
 * @until: position after the last that was taken, or @from
 * @events: taken; what is missing was overwritten
 * @value: the digest
 */
struct acqrel_trace_digest {
	__u64 from;
	__u64 until;
	__u64 events;
	__u64 value;
};

/**
 * struct acqrel_trace_snapshot - a CPU's pipeline
 * @cpu: whose
 * @ring_entries: of its ring, a power of two
 * @clock_ns: when
 * @sums: since the module was loaded or reset
 * @lost: of them, what is not in the trace; @lost.account.head counts pushes
 * @digest: of what was pushed and taken between the start and the end
 */
struct acqrel_trace_snapshot {
	__u32 cpu;
	__u32 ring_entries;
	__u64 clock_ns;
	struct acqrel_trace_sums sums;
	struct acqrel_trace_sums lost;
	struct acqrel_trace_digest digest;
};

#define ACQREL_RESULT_STATED	1	/* a STATE was there */
#define ACQREL_RESULT_CLOSED	2	/* the CLOSE was there */

/**
 * struct acqrel_trace_result - what a replay of a CPU came to
 * @cpu: whose
 * @flags: ACQREL_RESULT_*; without %ACQREL_RESULT_CLOSED the stream was not
 *	whole, and @digest lacks what a reader had taken by the end
 * @events: replayed
 * @skipped: sequence numbers that were lost
 * @different: events whose verdict is not the recorded one
 * @first_seq: the first of them
 * @first_recorded: its recorded verdict
 * @first_replayed: its verdict
 * @sums: OPEN and what the events made; @sums.account.offered without what was
 *	lost
 * @digest: of the events that were taken; meaningless if some were lost
 */
struct acqrel_trace_result {
	__u32 cpu;
	__u32 flags;
	__u64 events;
	__u64 skipped;
	__u64 different;
	__u64 first_seq;
	__u32 first_recorded;
	__u32 first_replayed;
	struct acqrel_trace_sums sums;
	struct acqrel_trace_digest digest;
};

/**
 * struct acqrel_record_params - how to record
 * @ring_units: of each CPU's ring, a power of two,
 *	%ACQREL_TRACE_RING_MIN..%ACQREL_TRACE_RING_MAX; 0: the module chooses
 * @flags: 0
 */
struct acqrel_record_params {
	__u32 ring_units;
	__u32 flags;
};

#define ACQREL_IOC_RECORD	_IOW(0xac, 1, struct acqrel_record_params)
#define ACQREL_IOC_STOP		_IO(0xac, 2)

#define ACQREL_TRACE_MAGIC	"acqreltr"
#define ACQREL_TRACE_ENDIAN	0x01020304U
#define ACQREL_TRACE_MAJOR	1	/* another one cannot be read */
#define ACQREL_TRACE_MINOR	0	/* a larger one has more at the end of the head */
#define ACQREL_TRACE_BLOCK	0x4b4c4241U
#define ACQREL_TRACE_TEXT	128

/**
 * struct acqrel_trace_head - begins a file
 * @magic: %ACQREL_TRACE_MAGIC, without the NUL
 * @endian: %ACQREL_TRACE_ENDIAN
 * @major: %ACQREL_TRACE_MAJOR
 * @minor: %ACQREL_TRACE_MINOR
 * @bytes: of the head; where the first block begins
 * @cpus: CPUs that have a stream
 * @id: random
 * @start_ns: CLOCK_MONOTONIC when the recording began
 * @start_real_ns: CLOCK_REALTIME at the same time
 * @host: node name; this and what follows is text, with a NUL
 * @kernel: release and version of the kernel
 * @machine: architecture
 * @module: version of the module
 * @command: version of the command
 * @reserved: 0
 * @checksum: of the @bytes of the head, with 0 in its place
 */
struct acqrel_trace_head {
	char magic[8];
	__u32 endian;
	__u16 major;
	__u16 minor;
	__u32 bytes;
	__u32 cpus;
	__u64 id;
	__u64 start_ns;
	__u64 start_real_ns;
	char host[ACQREL_TRACE_TEXT];
	char kernel[2 * ACQREL_TRACE_TEXT];
	char machine[ACQREL_TRACE_TEXT / 2];
	char module[ACQREL_TRACE_TEXT / 4];
	char command[ACQREL_TRACE_TEXT / 4];
	__u64 reserved[4];
	__u64 checksum;
};

/**
 * struct acqrel_trace_block - comes before each chunk in a file
 * @magic: %ACQREL_TRACE_BLOCK
 * @reserved: 0
 * @number: blocks before it
 * @first_seq: of DATA: sequence number of the first event
 * @events: of DATA: how many there are
 * @first_ns: of DATA: clock of the first record
 * @last_ns: of DATA: clock of the last record
 * @checksum: of this with 0 in its place, the chunk and its payload
 * @chunk: what follows
 */
struct acqrel_trace_block {
	__u32 magic;
	__u32 reserved;
	__u64 number;
	__u64 first_seq;
	__u64 events;
	__u64 first_ns;
	__u64 last_ns;
	__u64 checksum;
	struct acqrel_trace_chunk chunk;
};

/**
 * struct acqrel_trace_entry - of the index: where a block begins
 * @offset: in the file
 * @block: the same as there
 */
struct acqrel_trace_entry {
	__u64 offset;
	struct acqrel_trace_block block;
};

/**
 * struct acqrel_trace_tail - the last bytes of a file, in the INDEX
 * @index: where its block begins
 * @blocks: entries
 * @magic: %ACQREL_TRACE_MAGIC, without the NUL
 */
struct acqrel_trace_tail {
	__u64 index;
	__u64 blocks;
	char magic[8];
};

#endif /* _UAPI_LINUX_ACQREL_TRACE_H */
