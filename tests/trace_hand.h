/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traces written by hand, record by record: what they say is known, and they
 * may say what cannot be.
 */
#ifndef ACQREL_TESTS_TRACE_HAND_H
#define ACQREL_TESTS_TRACE_HAND_H

#include <sys/mman.h>

#include <acqrel/tap.h>

#include "ktap.h"
#include "trace.h"

#define HAND_START_NS	5000000000ULL
#define HAND_UNITS	512	/* between two blocks */
#define HAND_NONE	(~0ULL)		/* no value */

/**
 * struct hand - a file that is being written
 * @writer: of it
 * @cpu: that records are of
 * @units: records that are not in the file yet
 * @n: how many units
 */
static struct hand {
	struct trace_writer *writer;
	u32 cpu;
	struct acqrel_span_unit units[HAND_UNITS];
	unsigned int n;
} hand;

/* of a file that goes with the program */
static inline void hand_path(char *path, size_t size)
{
	int fd = memfd_create("trace", MFD_CLOEXEC);

	if (fd < 0)
		exit(1);
	snprintf(path, size, "/proc/self/fd/%d", fd);
}

static inline void hand_begin(const char *path, unsigned int cpus)
{
	struct acqrel_trace_head head = {
		.cpus = cpus,
		.id = 77,
		.start_ns = HAND_START_NS,
		.start_real_ns = 1700000000ULL * 1000000000,
		.host = "by-hand",
		.kernel = "6.1.0 #1",
		.machine = "x86_64",
		.module = "1.2.3",
		.command = "1.2.4",
	};

	check_eq(trace_create(path, &head, &hand.writer), 0);
	hand.n = 0;
}

static inline void hand_chunk(u32 type, const void *payload, u32 bytes)
{
	struct acqrel_trace_chunk chunk = {
		.type = type, .cpu = hand.cpu, .bytes = bytes,
	};

	check_eq(trace_append(hand.writer, &chunk, payload), 0);
}

/* the end of a block of records */
static inline void hand_block(void)
{
	if (hand.n)
		hand_chunk(ACQREL_TRACE_DATA, hand.units,
			   hand.n * ACQREL_TRACE_UNIT);
	hand.n = 0;
}

static inline void hand_record(const void *record, unsigned int units)
{
	if (!check(hand.n + units <= ARRAY_SIZE(hand.units)))
		return;
	memcpy(&hand.units[hand.n], record, units * ACQREL_TRACE_UNIT);
	hand.n += units;
}

/* clocks here and below are since the start */
static inline void hand_snapshot(u32 type, u64 clock_ns, u64 offered, u64 head,
				 u64 lost)
{
	struct acqrel_trace_snapshot snap = {
		.cpu = hand.cpu,
		.ring_entries = 8,
		.clock_ns = HAND_START_NS + clock_ns,
		.sums.account.offered = offered,
		.sums.account.head = head,
		.lost.account.offered = lost,
	};

	hand_block();
	hand_chunk(type, &snap, sizeof(snap));
}

static inline void hand_state(u64 clock_ns, u64 seq, u64 head)
{
	struct acqrel_trace_state state = {
		.type = ACQREL_RECORD_STATE,
		.units = 2,
		.clock_ns = HAND_START_NS + clock_ns,
		.seq = seq,
		.head = head,
	};

	hand_record(&state, 2);
}

/* without a pid filter; the sampling is the generation */
static inline void hand_config_fill(struct acqrel_trace_config *rec,
				    u64 clock_ns, u64 generation)
{
	memset(rec, 0, sizeof(*rec));
	rec->type = ACQREL_RECORD_CONFIG;
	rec->units = acqrel_trace_config_units(0);
	rec->clock_ns = HAND_START_NS + clock_ns;
	rec->generation = generation;
	rec->kinds = ACQREL_KINDS_ALL;
	rec->sample_every = generation;
}

static inline void hand_config(u64 clock_ns, u64 generation)
{
	struct acqrel_trace_config rec[2] = { 0 };

	hand_config_fill(rec, clock_ns, generation);
	hand_record(rec, rec->units);
}

static inline struct acqrel_trace_event hand_event_of(u64 clock_ns,
						      unsigned int kind,
						      s32 pid, u64 value_ns,
						      unsigned int verdict)
{
	bool valued = value_ns != HAND_NONE;

	return (struct acqrel_trace_event){
		.type = ACQREL_RECORD_EVENT,
		.units = 1,
		.kind = kind,
		.verdict = verdict,
		.flags = valued ? ACQREL_EVENT_HAS_VALUE : 0,
		.pid = pid,
		.peer = pid + 1,
		.clock_ns = HAND_START_NS + clock_ns,
		.value_ns = valued ? value_ns : 0,
	};
}

static inline void hand_event(u64 clock_ns, unsigned int kind, s32 pid,
			      u64 value_ns, unsigned int verdict)
{
	struct acqrel_trace_event rec = hand_event_of(clock_ns, kind, pid,
						      value_ns, verdict);

	hand_record(&rec, 1);
}

/* a CPU whose next event is @seq, and its first config */
static inline void hand_open(u32 cpu, u64 seq, u64 head)
{
	hand.cpu = cpu;
	hand_snapshot(ACQREL_TRACE_OPEN, 0, seq, head, 0);
	hand_state(0, seq, head);
	hand_config(0, 1);
}

static inline void hand_close(u64 clock_ns, u64 offered, u64 lost)
{
	hand_snapshot(ACQREL_TRACE_CLOSE, clock_ns, offered, 0, lost);
}

static inline void hand_end(void)
{
	check_eq(trace_finish(hand.writer), 0);
}

#endif /* ACQREL_TESTS_TRACE_HAND_H */
