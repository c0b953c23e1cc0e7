// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recordings and replays through /dev/acqrel
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>

#include "recording.h"

#define READ_SIZE	(256 << 10)

/* Return: 0 or a negative errno. */
int record_start(int fd, __u32 ring_units)
{
	struct acqrel_record_params params = { .ring_units = ring_units };

	return ioctl(fd, ACQREL_IOC_RECORD, &params) ? -errno : 0;
}

/**
 * recording_read_some() - read once
 * @rec: gets what comes at its end
 * @fd: a recorder or a replay
 * @size: bytes to read at most
 *
 * Return: bytes, or a negative errno.
 */
long recording_read_some(struct recording *rec, int fd, size_t size)
{
	ssize_t len;

	if (rec->room - rec->n < size) {
		rec->room = rec->room * 2 + 2 * size;
		rec->at = realloc(rec->at, rec->room);
	}
	len = read(fd, rec->at + rec->n, size);
	if (len < 0)
		return -errno;
	rec->n += len;
	return len;
}

/* recording_read_some() with room for a lot */
long recording_read(struct recording *rec, int fd)
{
	return recording_read_some(rec, fd, READ_SIZE);
}

/**
 * recording_finish() - stop, and read to the end
 * @rec: gets what comes at its end
 * @fd: a recorder
 *
 * Return: 0 or a negative errno.
 */
int recording_finish(struct recording *rec, int fd)
{
	long len;

	if (ioctl(fd, ACQREL_IOC_STOP))
		return -errno;
	do {
		len = recording_read(rec, fd);
	} while (len > 0);
	return len;
}

void recording_free(struct recording *rec)
{
	free(rec->at);
	memset(rec, 0, sizeof(*rec));
}

/* Return: the chunk after @c, the first after NULL, NULL after the last. */
const struct acqrel_trace_chunk *chunk_next(const struct recording *rec,
					    const struct acqrel_trace_chunk *c)
{
	const char *at = c ? (const char *)(c + 1) + c->bytes : rec->at;
	size_t left = rec->at + rec->n - at;

	c = (const void *)at;
	if (left < sizeof(*c) || left - sizeof(*c) < c->bytes)
		return NULL;
	return c;
}

/* Return: 0, or -EBADMSG if this is not records from end to end. */
static int split_data(struct stream *s, const __u8 *at, size_t left)
{
	const struct acqrel_trace_event *ev;
	size_t size;

	for (; left; at += size, left -= size) {
		size = at[1] * ACQREL_TRACE_UNIT;
		if (!size || size > left)
			return -EBADMSG;
		ev = (const void *)at;
		s->states += at[0] == ACQREL_RECORD_STATE;
		s->configs += at[0] == ACQREL_RECORD_CONFIG;
		if (at[0] != ACQREL_RECORD_EVENT)
			continue;
		if (ev->verdict >= __ACQREL_VERDICT_COUNT)
			return -EBADMSG;
		s->events++;
		s->verdicts[ev->verdict]++;
	}
	return 0;
}

static int split_chunk(struct stream *s, const struct acqrel_trace_chunk *c)
{
	switch (c->type) {
	case ACQREL_TRACE_OPEN:
		if (s->open || s->events)
			return -EBADMSG;
		s->open = (const void *)(c + 1);
		return 0;
	case ACQREL_TRACE_CLOSE:
		if (!s->open || s->close)
			return -EBADMSG;
		s->close = (const void *)(c + 1);
		return 0;
	case ACQREL_TRACE_DATA:
		if (!s->open || s->close || c->bytes > ACQREL_TRACE_DATA_MAX)
			return -EBADMSG;
		return split_data(s, (const void *)(c + 1), c->bytes);
	}
	return -EBADMSG;
}

/**
 * recording_split() - what it says of each CPU
 * @rec: the recording
 * @streams: array of MAX_CPUS
 *
 * Return: 0, or -EBADMSG if chunks or records are not as they must be.
 */
int recording_split(const struct recording *rec, struct stream *streams)
{
	const struct acqrel_trace_chunk *c = NULL;
	size_t bytes = 0;

	memset(streams, 0, MAX_CPUS * sizeof(*streams));
	while ((c = chunk_next(rec, c))) {
		bytes += sizeof(*c) + c->bytes;
		if (c->cpu >= MAX_CPUS || c->reserved ||
		    split_chunk(&streams[c->cpu], c))
			return -EBADMSG;
	}
	return bytes == rec->n ? 0 : -EBADMSG;
}

__u64 streams_events(const struct stream *streams)
{
	__u64 sum = 0;
	unsigned int i;

	for (i = 0; i < MAX_CPUS; i++)
		sum += streams[i].events;
	return sum;
}

__u64 streams_lost(const struct stream *streams)
{
	__u64 sum = 0;
	unsigned int i;

	for (i = 0; i < MAX_CPUS; i++)
		if (streams[i].close)
			sum += streams[i].close->lost.account.offered;
	return sum;
}

/**
 * replay_write() - write all
 * @fd: the device
 * @data: chunks
 * @n: bytes
 *
 * Return: @n, or the negative errno of the write that took nothing.
 */
long replay_write(int fd, const void *data, size_t n)
{
	size_t done = 0;
	ssize_t len;

	while (done < n) {
		len = write(fd, (const char *)data + done, n - done);
		if (len < 0)
			return -errno;
		done += len;
	}
	return done;
}

/**
 * replay_read() - read to the end
 * @results: gets the chunks
 * @fd: a replay
 *
 * Return: 0 or a negative errno.
 */
long replay_read(struct recording *results, int fd)
{
	long len;

	do {
		len = recording_read(results, fd);
	} while (len > 0);
	return len;
}

/* Return: the next of numbers that only @state determines; never 0. */
__u32 dice(__u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Bits, bytes, words, pieces moved: what a fuzzer without feedback does. */
void bytes_damage(char *at, size_t n, __u32 *state)
{
	size_t i = dice(state) % n, j = dice(state) % n, len;

	switch (dice(state) % 5) {
	case 0:
		at[i] ^= 1 << dice(state) % 8;
		break;
	case 1:
		at[i] = dice(state);
		break;
	case 2:
		memset(at + i / 8 * 8, dice(state) % 2 ? 0xff : 0,
		       n - i / 8 * 8 < 8 ? n - i / 8 * 8 : 8);
		break;
	case 3:
		len = 32 * (1 + dice(state) % 4);
		if (i + len <= n && j + len <= n)
			memmove(at + i, at + j, len);
		break;
	default:
		at[i]++;
		break;
	}
}
