// SPDX-License-Identifier: GPL-2.0-only
/*
 * record.c - chunks from a descriptor into a trace file
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "cmd.h"
#include "record.h"

#define BUFFER_BYTES	(256 * 1024)
#define TICK_NS		ACQREL_NSEC_PER_SEC
#define NSEC_PER_MSEC	1000000ULL

/* Says why the recording fails; returns @error. */
static int __attribute__((format(printf, 3, 4)))
fail(struct record *r, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->why, sizeof(r->why), format, args);
	va_end(args);
	return error;
}

static void count_open(struct record *r, const struct acqrel_trace_chunk *chunk,
		       const struct acqrel_trace_snapshot *snap)
{
	r->next_seq[chunk->cpu] = snap->sums.account.offered;
	r->counts.opened++;
}

static void count_close(struct record *r,
			const struct acqrel_trace_snapshot *snap)
{
	r->counts.lost += snap->lost.account.offered;
	r->counts.closed++;
}

static void count_state(struct record *r, __u64 *next_seq,
			const struct acqrel_trace_state *state)
{
	if (state->seq > *next_seq)
		r->counts.skipped += state->seq - *next_seq;
	*next_seq = state->seq;
}

static void count_config(struct record *r,
			 const struct acqrel_trace_config *config)
{
	struct record_counts *c = &r->counts;

	if (!c->first_generation || config->generation < c->first_generation)
		c->first_generation = config->generation;
	if (config->generation > c->last_generation)
		c->last_generation = config->generation;
}

static void count_data(struct record *r, const struct acqrel_trace_chunk *chunk,
		       const void *payload)
{
	__u64 *next_seq = &r->next_seq[chunk->cpu];
	const __u8 *rec = payload, *end = rec + chunk->bytes;

	for (; rec < end; rec += rec[1] * ACQREL_TRACE_UNIT) {
		if (rec[0] == ACQREL_RECORD_EVENT) {
			++*next_seq;
			r->counts.events++;
		} else if (rec[0] == ACQREL_RECORD_STATE) {
			count_state(r, next_seq, (const void *)rec);
		} else {
			count_config(r, (const void *)rec);
		}
	}
}

static int append(struct record *r, const struct acqrel_trace_chunk *chunk,
		  const void *payload)
{
	int rc;

	interrupt_allow(true);
	rc = trace_append(r->writer, chunk, payload);
	interrupt_allow(false);
	if (rc == -EINVAL)
		return fail(r, -EBADMSG,
			    "the module gives a chunk that cannot be");
	if (rc == -EINTR)
		return fail(r, rc, "interrupted while nobody took the trace");
	if (rc)
		return fail(r, rc, "cannot write the trace: %s", strerror(-rc));
	return 0;
}

/* What the writer takes is as it must be, down to the size of each record. */
static int take_chunk(struct record *r, const struct acqrel_trace_chunk *chunk,
		      const void *payload)
{
	int rc = append(r, chunk, payload);

	if (rc)
		return rc;
	if (chunk->type == ACQREL_TRACE_OPEN)
		count_open(r, chunk, payload);
	else if (chunk->type == ACQREL_TRACE_CLOSE)
		count_close(r, payload);
	else
		count_data(r, chunk, payload);
	return 0;
}

static int take(struct record *r, size_t bytes)
{
	const struct acqrel_trace_chunk *chunk;
	const char *at = r->buffer, *end = at + bytes;
	int rc = 0;

	while (!rc && at < end) {
		chunk = (const void *)at;
		if ((size_t)(end - at) < sizeof(*chunk) ||
		    chunk->bytes > end - at - sizeof(*chunk))
			return fail(r, -EBADMSG,
				    "the module gives a part of a chunk");
		at += sizeof(*chunk);
		rc = take_chunk(r, chunk, at);
		at += chunk->bytes;
	}
	return rc;
}

static int finish(struct record *r)
{
	r->ended = true;
	if (!r->counts.opened || r->counts.closed < r->counts.opened)
		return fail(r, -EPIPE,
			    "the module ended the recording with %u of %u CPUs closed",
			    r->counts.closed, r->counts.opened);
	return 0;
}

static int read_some(struct record *r)
{
	ssize_t got = read(r->fd, r->buffer, BUFFER_BYTES);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got < 0)
		return fail(r, -errno, "cannot read from the module: %s",
			    strerror(errno));
	r->heard_ns = acqrel_clock();
	return got ? take(r, got) : finish(r);
}

static int stop(struct record *r)
{
	int rc;

	r->stopped_ns = acqrel_clock();
	r->heard_ns = r->stopped_ns;
	r->elapsed_ns = r->stopped_ns - r->start_ns;
	rc = r->stop(r);
	if (rc)
		return fail(r, rc, "cannot end the recording: %s",
			    strerror(-rc));
	return 0;
}

static bool has_enough(const struct record *r)
{
	return interrupt_seen() || (r->limit && r->counts.events >= r->limit) ||
	       (r->duration_ns &&
		acqrel_clock() - r->start_ns >= r->duration_ns);
}

/* How long to wait for chunks before something else is due. */
static int patience_ms(const struct record *r)
{
	__u64 now = acqrel_clock(), until = r->ticked_ns + TICK_NS;

	if (!r->stopped_ns && r->duration_ns &&
	    r->start_ns + r->duration_ns < until)
		until = r->start_ns + r->duration_ns;
	if (r->stopped_ns && r->heard_ns + r->patience_ns < until)
		until = r->heard_ns + r->patience_ns;
	return until > now ? (until - now) / NSEC_PER_MSEC + 1 : 0;
}

static void tick(struct record *r)
{
	__u64 now = acqrel_clock();

	if (now - r->ticked_ns < TICK_NS)
		return;
	r->ticked_ns = now;
	if (!r->stopped_ns)
		r->elapsed_ns = now - r->start_ns;
	if (r->tick)
		r->tick(r);
}

static int step(struct record *r)
{
	int rc;

	if (!r->stopped_ns && has_enough(r)) {
		rc = stop(r);
		if (rc)
			return rc;
	}
	rc = interrupt_poll(r->fd, patience_ms(r));
	if (rc < 0)
		return fail(r, rc, "cannot wait for the module: %s",
			    strerror(-rc));
	if (rc)
		return read_some(r);
	if (r->stopped_ns && acqrel_clock() - r->heard_ns >= r->patience_ns)
		return fail(r, -ETIMEDOUT,
			    "the module does not end the recording");
	return 0;
}

/**
 * record_run() - record until there is enough or Ctrl-C, then to the end
 * @r: what to record; interrupt_catch() was called
 *
 * Return: 0 if the trace has all CPUs from OPEN to CLOSE, or -errno and
 *	@r->why. What @r->counts says is in the file then, too.
 */
int record_run(struct record *r)
{
	int rc = 0;

	r->buffer = malloc(BUFFER_BYTES);
	if (!r->buffer)
		return fail(r, -ENOMEM, "not enough memory");
	r->start_ns = acqrel_clock();
	r->ticked_ns = r->start_ns;
	while (!rc && !r->ended) {
		rc = step(r);
		tick(r);
	}
	if (!r->stopped_ns)
		r->elapsed_ns = acqrel_clock() - r->start_ns;
	free(r->buffer);
	return rc;
}
