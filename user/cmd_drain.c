// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_drain.c - acqrel ring drain: read events from the device
 *
 * Events go to stdout or to a file, progress to stderr. What the reader
 * missed is seen twice: in the books, and as gaps in the positions.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "cmd.h"
#include "names.h"

#define BATCH		4096
#define TICK_NS		1000000000ULL
#define CPUS_MAX	8192

enum progress {
	PROGRESS_NONE,
	PROGRESS_LINE,		/* one, written over and over */
	PROGRESS_LINES,		/* one a second */
};

struct losses {
	__u64 dropped;
	__u64 overwritten;
};

struct drain {
	__u64 limit;		/* events, 0: none */
	__u64 stop_ns;		/* CLOCK_MONOTONIC, 0: none */
	int fd;
	FILE *raw;
	int error;		/* -errno: what was read cannot be written */
	struct acqrel_client *client;
	enum progress progress;
	__u64 start_ns;
	__u64 tick_ns;
	__u64 events;
	__u64 ticked;		/* events at the last tick */
	__u64 gaps;
	struct losses before;	/* the drain */
	struct losses lost;	/* since then */
	__u64 next[CPUS_MAX];	/* position expected, 0: not known yet */
	struct acqrel_event batch[BATCH];
};

/* What cannot be read stays as it was. */
static void read_losses(struct acqrel_client *client, struct losses *losses)
{
	struct acqrel_ring_values *rings;
	size_t n;

	if (acqrel_client_rings(client, 0, &rings, &n))
		return;
	memset(losses, 0, sizeof(*losses));
	for (size_t i = 0; i < n; i++) {
		losses->dropped += rings[i].account.dropped;
		losses->overwritten += rings[i].account.overwritten;
	}
	free(rings);
}

static void update_losses(struct drain *drain)
{
	struct losses now = drain->before;

	now.dropped += drain->lost.dropped;
	now.overwritten += drain->lost.overwritten;
	read_losses(drain->client, &now);
	drain->lost.dropped = now.dropped - drain->before.dropped;
	drain->lost.overwritten = now.overwritten - drain->before.overwritten;
}

static void progress(struct drain *drain)
{
	bool line = drain->progress == PROGRESS_LINE;
	__u64 now = acqrel_clock();
	__u64 span = now - drain->tick_ns;
	double rate;

	if (span < TICK_NS)
		return;
	rate = (drain->events - drain->ticked) * 1e9 / span;
	drain->tick_ns = now;
	drain->ticked = drain->events;
	if (drain->progress == PROGRESS_NONE)
		return;
	update_losses(drain);
	fprintf(stderr, "%s%llu events, %llu dropped, %llu overwritten, %.0f events/s%s",
		line ? "\r" : "", drain->events, drain->lost.dropped,
		drain->lost.overwritten, rate, line ? "\033[K" : "\n");
}

static void print_text(const struct acqrel_event *e)
{
	printf("%llu.%09llu cpu %u %s pid %d peer %d", e->clock_ns / TICK_NS,
	       e->clock_ns % TICK_NS, e->cpu, acqrel_kind_name(e->kind), e->pid,
	       e->peer);
	if (e->flags & ACQREL_EVENT_HAS_VALUE)
		printf(" value %llu ns", e->value_ns);
	printf(" pos %llu seq %llu generation %llu%s\n", e->pos, e->seq,
	       e->generation,
	       e->flags & ACQREL_EVENT_GENERATED ? " generated" : "");
}

static void print_json(const struct acqrel_event *e)
{
	out_u64("clock_ns", NULL, e->clock_ns);
	out_u64("cpu", NULL, e->cpu);
	out_str("kind", NULL, acqrel_kind_name(e->kind));
	out_u64("pid", NULL, e->pid);
	out_u64("peer", NULL, e->peer);
	if (e->flags & ACQREL_EVENT_HAS_VALUE)
		out_u64("value_ns", NULL, e->value_ns);
	else
		out_na("value_ns", NULL, NULL);
	out_u64("pos", NULL, e->pos);
	out_u64("seq", NULL, e->seq);
	out_u64("generation", NULL, e->generation);
	out_bool("generated", NULL, e->flags & ACQREL_EVENT_GENERATED);
	out_line();
}

static void count_gap(struct drain *drain, const struct acqrel_event *e)
{
	__u64 *next;

	if (e->cpu >= CPUS_MAX)
		return;
	next = &drain->next[e->cpu];
	if (*next && e->pos > *next)
		drain->gaps += e->pos - *next;
	*next = e->pos + 1;
}

static void print(const struct drain *drain, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (out_is_json())
			print_json(&drain->batch[i]);
		else
			print_text(&drain->batch[i]);
}

/* Returns 0 or -errno. */
static int store(struct drain *drain, size_t n)
{
	if (fwrite(drain->batch, sizeof(drain->batch[0]), n, drain->raw) < n ||
	    fflush(drain->raw))
		return -errno;
	return 0;
}

static void take(struct drain *drain, size_t n)
{
	drain->events += n;
	for (size_t i = 0; i < n; i++)
		count_gap(drain, &drain->batch[i]);
	interrupt_allow(true);
	if (drain->raw) {
		drain->error = store(drain, n);
	} else {
		print(drain, n);
		drain->error = out_flush();
	}
	interrupt_allow(false);
}

static int read_batch(struct drain *drain)
{
	size_t size = sizeof(drain->batch[0]), want = BATCH;
	ssize_t got;

	if (drain->limit && drain->limit - drain->events < want)
		want = drain->limit - drain->events;
	got = read(drain->fd, drain->batch, want * size);
	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (got % size)
		return -EBADMSG;
	take(drain, got / size);
	return 0;
}

/* How long to wait for events before something else is due. */
static int patience_ms(const struct drain *drain)
{
	__u64 now = acqrel_clock(), until = drain->tick_ns + TICK_NS;

	if (drain->stop_ns && drain->stop_ns < until)
		until = drain->stop_ns;
	return until > now ? (until - now) / 1000000 + 1 : 0;
}

static bool finished(const struct drain *drain)
{
	return interrupt_seen() || drain->error ||
	       (drain->limit && drain->events >= drain->limit) ||
	       (drain->stop_ns && acqrel_clock() >= drain->stop_ns);
}

static int drain_loop(struct drain *drain)
{
	int rc = 0;

	drain->start_ns = acqrel_clock();
	drain->tick_ns = drain->start_ns;
	while (rc >= 0 && !finished(drain)) {
		rc = interrupt_poll(drain->fd, patience_ms(drain));
		if (rc > 0)
			rc = read_batch(drain);
		progress(drain);
	}
	return rc < 0 ? rc : 0;
}

static void summary(struct drain *drain)
{
	__u64 span = acqrel_clock() - drain->start_ns;

	update_losses(drain);
	if (drain->progress == PROGRESS_LINE)
		fputs("\r\033[K", stderr);
	if (!out_is_json()) {
		out_note("%llu events in %.1f s, %llu dropped, %llu overwritten, %llu %s",
			 drain->events, span / 1e9, drain->lost.dropped,
			 drain->lost.overwritten, drain->gaps,
			 "missing in position gaps");
		return;
	}
	out_object("summary", NULL);
	out_u64("events", NULL, drain->events);
	out_u64("elapsed_ns", NULL, span);
	out_u64("dropped", NULL, drain->lost.dropped);
	out_u64("overwritten", NULL, drain->lost.overwritten);
	out_u64("position_gaps", NULL, drain->gaps);
	out_end();
	out_line();
}

/* On a terminal that shows the events, progress would be among them. */
static enum progress choose_progress(const struct drain *drain)
{
	if (out_is_quiet())
		return PROGRESS_NONE;
	if (!isatty(STDERR_FILENO))
		return PROGRESS_LINES;
	return drain->raw || !isatty(STDOUT_FILENO) ? PROGRESS_LINE :
		PROGRESS_NONE;
}

static int open_device(struct drain *drain)
{
	drain->fd = open(ACQREL_DEVICE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (drain->fd >= 0)
		return STATUS_OK;
	out_error("cannot open %s: %m%s", ACQREL_DEVICE, errno == EACCES ?
		  "; run it as root" : "");
	return STATUS_ABSENT;
}

static int open_raw(struct drain *drain, const char *path)
{
	if (!path)
		return STATUS_OK;
	drain->raw = fopen(path, "we");
	if (drain->raw)
		return STATUS_OK;
	out_error("cannot write %s: %m", path);
	return STATUS_CHECK;
}

static int drain_run(struct drain *drain, __u64 seconds)
{
	int rc;

	interrupt_catch();
	drain->progress = choose_progress(drain);
	read_losses(drain->client, &drain->before);
	if (seconds)
		drain->stop_ns = acqrel_clock() + seconds * TICK_NS;
	rc = drain_loop(drain);
	interrupt_allow(true);
	if (rc) {
		out_error("reading events failed: %s", strerror(-rc));
		return STATUS_CHECK;
	}
	/* drain_close() and out_finish() say why it ended */
	if (!drain->error)
		summary(drain);
	return STATUS_OK;
}

static int drain_close(struct drain *drain, int status)
{
	if (drain->raw && fclose(drain->raw) && !drain->error)
		drain->error = -errno;
	if (drain->raw && drain->error && status == STATUS_OK) {
		out_error("cannot write the events to the file: %s",
			  strerror(-drain->error));
		status = STATUS_CHECK;
	}
	if (drain->fd >= 0)
		close(drain->fd);
	acqrel_client_close(drain->client);
	free(drain);
	return status;
}

/**
 * cmd_ring_drain() - read events and print or store them
 * @args: words
 *
 * Return: exit status.
 */
int cmd_ring_drain(struct args *args)
{
	__u64 limit = 0, seconds = 0;
	const char *path = NULL;
	const struct option options[] = {
		{ .name = "-n", .value = "N", .number = &limit, .min = 1,
		  .help = "stop after N events" },
		{ .name = "--duration", .value = "S", .number = &seconds,
		  .min = 1, .max = 1000000, .help = "stop after S seconds" },
		{ .name = "-o", .value = "FILE", .string = &path,
		  .help = "write raw struct acqrel_event to FILE, print none" },
		{ }
	};
	struct drain *drain;
	int rc;

	if (!args_parse(args, options, 0))
		return args->status;
	drain = calloc(1, sizeof(*drain));
	if (!drain) {
		out_error("not enough memory");
		return STATUS_CHECK;
	}
	drain->limit = limit;
	drain->fd = -1;
	drain->client = session_open(&rc);
	if (drain->client)
		rc = open_device(drain) ?: open_raw(drain, path) ?:
		     drain_run(drain, seconds);
	return drain_close(drain, rc);
}
