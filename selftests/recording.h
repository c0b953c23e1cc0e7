/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings and replays through /dev/acqrel, as a user without a library
 * makes them
 */
#ifndef SELFTESTS_ACQREL_RECORDING_H
#define SELFTESTS_ACQREL_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/acqrel_trace.h>

#include "client.h"

/**
 * struct recording - chunks, one after another
 * @at: the bytes
 * @n: how many there are
 * @room: how many there can be
 */
struct recording {
	char *at;
	size_t n;
	size_t room;
};

/**
 * struct stream - what a recording says of one CPU
 * @open: its start, or NULL
 * @close: its end, or NULL
 * @events: records
 * @verdicts: of the events
 * @states: records
 * @configs: records
 */
struct stream {
	const struct acqrel_trace_snapshot *open;
	const struct acqrel_trace_snapshot *close;
	__u64 events;
	__u64 verdicts[__ACQREL_VERDICT_COUNT];
	__u64 states;
	__u64 configs;
};

int record_start(int fd, __u32 ring_units);
long recording_read_some(struct recording *rec, int fd, size_t size);
long recording_read(struct recording *rec, int fd);
int recording_finish(struct recording *rec, int fd);
void recording_free(struct recording *rec);
const struct acqrel_trace_chunk *chunk_next(const struct recording *rec,
					    const struct acqrel_trace_chunk *c);
int recording_split(const struct recording *rec, struct stream *streams);
__u64 streams_events(const struct stream *streams);
__u64 streams_lost(const struct stream *streams);

long replay_write(int fd, const void *data, size_t n);
long replay_read(struct recording *results, int fd);

__u32 dice(__u32 *state);
void bytes_damage(char *at, size_t n, __u32 *state);

#endif
