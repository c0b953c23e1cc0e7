// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay_kernel.c - a trace through the pipeline of the module
 *
 * One chunk a write, CPU by CPU: its OPEN, its records, its CLOSE if the trace
 * has one. The results are read when all is written.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "replay.h"

/**
 * struct talk - with the device
 * @dev: the device
 * @trace: what is replayed
 * @run: what it comes to
 * @got: for each stream, whether its result was there
 * @chunk: written or read
 * @payload: of @chunk, directly behind it
 */
struct talk {
	const struct replay_device *dev;
	const struct trace *trace;
	struct replay_run *run;
	bool *got;
	struct acqrel_trace_chunk chunk;
	char payload[ACQREL_TRACE_DATA_MAX];
};

static int fail(struct talk *t, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(struct talk *t, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(t->run->why, sizeof(t->run->why), format, args);
	va_end(args);
	return error;
}

/* Up to a buffer full of chunks, from @chunk on. */
static ssize_t receive(struct talk *t)
{
	ssize_t n;

	do {
		n = t->dev->read(t->dev, &t->chunk,
				 sizeof(t->chunk) + sizeof(t->payload));
	} while (n == -EINTR);
	return n;
}

/* why the module ended the replay, with its CPU; empty if it does not say */
static void read_error(struct talk *t, char *text, size_t size)
{
	ssize_t n = receive(t);
	size_t len = t->chunk.bytes;

	*text = '\0';
	if (n < (ssize_t)sizeof(t->chunk) ||
	    t->chunk.type != ACQREL_TRACE_ERROR ||
	    len != (size_t)n - sizeof(t->chunk))
		return;
	snprintf(text, size, ": %.*s", (int)len, t->payload);
	for (; *text; text++)
		if (!isprint((unsigned char)*text))
			*text = '?';
}

static int refused(struct talk *t, int error, const char *what)
{
	char text[TRACE_WHY] = "";

	if (error == -EINVAL) {
		read_error(t, text, sizeof(text));
		error = -EBADMSG;
	} else if (error == -ENOSPC) {
		strcpy(text, ": all rings are too large together");
	} else {
		snprintf(text, sizeof(text), ": %s", strerror(-error));
	}
	return fail(t, error, "the module does not take %s%s", what, text);
}

/* @what: for a sentence */
static int put(struct talk *t, __u32 type, __u32 cpu, const void *payload,
	       __u32 bytes, const char *what)
{
	size_t size = sizeof(t->chunk) + bytes;
	ssize_t n;

	t->chunk = (struct acqrel_trace_chunk){
		.type = type,
		.cpu = cpu,
		.bytes = bytes,
	};
	memcpy(t->payload, payload, bytes);
	do {
		n = t->dev->write(t->dev, &t->chunk, size);
	} while (n == -EINTR);
	if (n < 0)
		return refused(t, n, what);
	if ((size_t)n != size)
		return fail(t, -EIO, "the module took %zd of %zu bytes of %s",
			    n, size, what);
	return 0;
}

static int put_snapshot(struct talk *t, __u32 type,
			const struct acqrel_trace_snapshot *snap, __u32 cpu)
{
	char what[40];

	snprintf(what, sizeof(what), "the %s of CPU %u",
		 type == ACQREL_TRACE_OPEN ? "OPEN" : "CLOSE", cpu);
	return put(t, type, cpu, snap, sizeof(*snap), what);
}

static int put_blocks(struct talk *t, struct trace_cursor *cursor, __u32 cpu)
{
	struct acqrel_trace_block block;
	const void *records;
	char what[40];
	int rc;

	for (;;) {
		rc = trace_cursor_next(cursor, &block, &records, t->run->why);
		if (rc <= 0)
			return rc;
		snprintf(what, sizeof(what), "block %llu", block.number);
		rc = put(t, ACQREL_TRACE_DATA, cpu, records, block.chunk.bytes,
			 what);
		if (rc)
			return rc;
		t->run->events += block.events;
		if (t->run->progress)
			t->run->progress(t->run->events);
	}
}

static int put_stream(struct talk *t, unsigned int i)
{
	const struct trace_stream *s = trace_stream(t->trace, i);
	struct trace_cursor cursor;
	int rc;

	rc = put_snapshot(t, ACQREL_TRACE_OPEN, s->open, s->cpu);
	if (rc)
		return rc;
	rc = trace_cursor_open(t->trace, i, &cursor);
	if (rc)
		return rc;
	rc = put_blocks(t, &cursor, s->cpu);
	trace_cursor_close(&cursor);
	if (rc || !s->close)
		return rc;
	return put_snapshot(t, ACQREL_TRACE_CLOSE, s->close, s->cpu);
}

static int take_result(struct talk *t, const struct acqrel_trace_chunk *chunk,
		       const void *payload)
{
	unsigned int i;

	if (chunk->type != ACQREL_TRACE_RESULT ||
	    chunk->bytes != sizeof(t->run->results[0]))
		return fail(t, -EBADMSG, "the module gives something that is no result");
	for (i = 0; i < t->run->streams; i++)
		if (trace_stream(t->trace, i)->cpu == chunk->cpu)
			break;
	if (i == t->run->streams || t->got[i])
		return fail(t, -EBADMSG, "the module gives a result too many, of CPU %u",
			    chunk->cpu);
	t->got[i] = true;
	memcpy(&t->run->results[i], payload, chunk->bytes);
	return 0;
}

/* Whole chunks, as many as a read gave. */
static int take_results(struct talk *t, size_t bytes)
{
	struct acqrel_trace_chunk chunk;
	size_t at = 0;
	int rc = 0;

	while (!rc && bytes - at >= sizeof(chunk)) {
		memcpy(&chunk, (char *)&t->chunk + at, sizeof(chunk));
		at += sizeof(chunk);
		if (chunk.bytes > bytes - at)
			break;
		rc = take_result(t, &chunk, (char *)&t->chunk + at);
		at += chunk.bytes;
	}
	if (!rc && at != bytes)
		rc = fail(t, -EBADMSG, "the module gives a chunk that is cut off");
	return rc;
}

static int read_results(struct talk *t)
{
	ssize_t n;
	int rc;

	while ((n = receive(t)) > 0) {
		rc = take_results(t, n);
		if (rc)
			return rc;
	}
	if (n < 0)
		return fail(t, n, "the module gives no results: %s",
			    strerror(-n));
	for (unsigned int i = 0; i < t->run->streams; i++)
		if (!t->got[i])
			return fail(t, -EBADMSG, "the module gives no result of CPU %u",
				    trace_stream(t->trace, i)->cpu);
	return 0;
}

/* A module from before there were replays has no write() at all. */
static int probe(struct talk *t)
{
	ssize_t n;

	do {
		n = t->dev->write(t->dev, "", 0);
	} while (n == -EINTR);
	return n == -EINVAL || n == -EBADF ? -EOPNOTSUPP : n;
}

static int replay_all(struct talk *t)
{
	int rc = probe(t);

	for (unsigned int i = 0; i < t->run->streams && !rc; i++)
		rc = put_stream(t, i);
	if (!rc)
		rc = read_results(t);
	if (rc)
		return rc;
	t->run->events = 0;
	for (unsigned int i = 0; i < t->run->streams; i++)
		t->run->events += t->run->results[i].events;
	return 0;
}

static __u64 busy_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (__u64)ts.tv_sec * ACQREL_NSEC_PER_SEC + (__u64)ts.tv_nsec;
}

/**
 * replay_kernel_on() - replay a trace in the kernel, through a given device
 * @dev: open for reading and writing, nothing written yet
 * @trace: open
 * @run: as for replay_user()
 *
 * Return: 0 or -errno: -ENOMEM, -EBADMSG for what the module or this refuses,
 * -EOPNOTSUPP if the module cannot replay, -EPERM without permission, or what
 * else the device gave; @run->why says more unless it is empty.
 */
int replay_kernel_on(const struct replay_device *dev,
		     const struct trace *trace, struct replay_run *run)
{
	struct talk *t = calloc(1, sizeof(*t));
	__u64 start = acqrel_clock(), busy = busy_ns();
	int rc = -ENOMEM;

	run->why[0] = '\0';
	run->events = 0;
	run->streams = trace_streams(trace);
	/* one more: there may be no stream */
	run->results = calloc(run->streams + 1, sizeof(*run->results));
	if (t && run->results) {
		t->dev = dev;
		t->trace = trace;
		t->run = run;
		t->got = calloc(run->streams + 1, sizeof(*t->got));
		if (t->got)
			rc = replay_all(t);
		free(t->got);
	}
	free(t);
	run->elapsed_ns = acqrel_clock() - start;
	run->busy_ns = busy_ns() - busy;
	return rc;
}

static ssize_t device_write(const struct replay_device *dev, const void *data,
			    size_t bytes)
{
	ssize_t n = write(dev->fd, data, bytes);

	return n < 0 ? -errno : n;
}

static ssize_t device_read(const struct replay_device *dev, void *data,
			   size_t bytes)
{
	ssize_t n = read(dev->fd, data, bytes);

	return n < 0 ? -errno : n;
}

/**
 * replay_kernel() - replay a trace in the kernel
 * @trace: open
 * @run: as for replay_user()
 *
 * Return: as replay_kernel_on(), or what open() gave.
 */
int replay_kernel(const struct trace *trace, struct replay_run *run)
{
	struct replay_device dev = {
		.write = device_write,
		.read = device_read,
		.fd = open(ACQREL_DEVICE, O_RDWR | O_CLOEXEC),
	};
	int rc;

	run->why[0] = '\0';
	if (dev.fd < 0)
		return -errno;
	rc = replay_kernel_on(&dev, trace, run);
	close(dev.fd);
	return rc;
}
