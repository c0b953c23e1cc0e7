// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_record.c - acqrel record: what is offered, with its verdicts, to a file
 *
 * The file is opened first, for a pipe may have to be waited for, but emptied
 * only when the module has agreed to record, so that a recording that is
 * refused does not cost the file of another.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "clock.h"
#include "cmd.h"
#include "record.h"
#include "record_cost.h"

#define MIB		(1024.0 * 1024)
#define PATIENCE_NS	(10 * ACQREL_NSEC_PER_SEC)

struct recorder {
	struct record record;		/* first: callbacks get its address */
	const char *path;
	int target;			/* -1: none, or the writer's */
	bool made;			/* the file was not there */
	__u64 ring_units;
	struct acqrel_client *client;
	struct acqrel_trace_head head;
	__u64 ticked;			/* events at the last tick */
	__u64 ticked_ns;
	__u64 bytes;
	struct record_cost cost;
};

/* The costs are read before the tap is gone. */
static int stop(struct record *r)
{
	struct recorder *rec = (struct recorder *)r;

	record_cost_stop(&rec->cost, rec->client);
	return ioctl(r->fd, ACQREL_IOC_STOP) ? -errno : 0;
}

/* Until the end it is gaps that tell what was lost. */
static void progress(const struct record *r)
{
	struct recorder *rec = (struct recorder *)r;
	bool line = isatty(STDERR_FILENO);
	__u64 now = acqrel_clock();

	if (!out_is_quiet())
		fprintf(stderr,
			"%s%llu events, %.0f events/s, %llu lost, %.1f MiB, %.0f s%s",
			line ? "\r" : "", r->counts.events,
			(r->counts.events - rec->ticked) * 1e9 /
			(now - rec->ticked_ns), r->counts.skipped,
			trace_written(r->writer) / MIB, r->elapsed_ns / 1e9,
			line ? "\033[K" : "\n");
	rec->ticked = r->counts.events;
	rec->ticked_ns = now;
}

static int open_device(struct recorder *rec)
{
	rec->record.fd = open(ACQREL_DEVICE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (rec->record.fd >= 0)
		return STATUS_OK;
	out_error("cannot open %s: %m%s", ACQREL_DEVICE, errno == EACCES ?
		  "; run it as root" : "");
	return STATUS_ABSENT;
}

static int start(struct recorder *rec)
{
	struct acqrel_record_params params = { .ring_units = rec->ring_units };
	struct timespec real;

	/* no event is older */
	clock_gettime(CLOCK_REALTIME, &real);
	rec->head.start_real_ns = real.tv_sec * ACQREL_NSEC_PER_SEC +
				  real.tv_nsec;
	rec->head.start_ns = acqrel_clock();
	if (!ioctl(rec->record.fd, ACQREL_IOC_RECORD, &params))
		return STATUS_OK;
	switch (errno) {
	case EBUSY:
		out_error("somebody else records; there can be one recorder at a time");
		return STATUS_CHECK;
	case EPERM:
		out_error("cannot record: %m; run it as root");
		return STATUS_ABSENT;
	case ENOTTY:
		out_error("the module is too old to record");
		return STATUS_SKIP;
	case ENOMEM:
		out_error("not enough memory for the rings of a recorder; give a smaller --buffer");
		return STATUS_CHECK;
	default:
		out_error("cannot record: %m");
		return STATUS_CHECK;
	}
}

static int describe_machine(struct acqrel_trace_head *head)
{
	struct utsname name;

	if (uname(&name))
		return -errno;
	snprintf(head->host, sizeof(head->host), "%s", name.nodename);
	snprintf(head->kernel, sizeof(head->kernel), "%s %s", name.release,
		 name.version);
	snprintf(head->machine, sizeof(head->machine), "%.*s",
		 (int)sizeof(head->machine) - 1, name.machine);
	snprintf(head->command, sizeof(head->command), "%s", ACQREL_VERSION);
	session_module_version(head->module, sizeof(head->module));
	return 0;
}

static int fail_file(const struct recorder *rec, int error)
{
	if (error == -EINTR)
		out_error("interrupted while nobody read %s", rec->path);
	else
		out_error("cannot write %s: %s", rec->path, strerror(-error));
	return STATUS_CHECK;
}

static int open_file(struct recorder *rec)
{
	interrupt_allow(true);
	rec->target = trace_target(rec->path, &rec->made);
	interrupt_allow(false);
	return rec->target < 0 ? fail_file(rec, rec->target) : STATUS_OK;
}

static int begin_file(struct recorder *rec)
{
	int fd = rec->target, rc = describe_machine(&rec->head);

	if (rc)
		return fail_file(rec, rc);
	rec->target = -1;
	interrupt_allow(true);
	rc = trace_begin(fd, &rec->head, &rec->record.writer);
	interrupt_allow(false);
	if (rc)
		return fail_file(rec, rc);
	rec->made = false;
	return STATUS_OK;
}

/* A recording that did not begin leaves no file. */
static void close_file(struct recorder *rec)
{
	if (rec->target >= 0)
		close(rec->target);
	if (rec->made)
		unlink(rec->path);
}

/* What is there before the recording: CPUs, costs, and something to record. */
static int look_around(struct recorder *rec)
{
	struct acqrel_ring_values *rings;
	bool running;
	size_t n;
	int rc;

	rc = acqrel_client_rings(rec->client, 0, &rings, &n);
	if (rc)
		return session_fail(rec->client, rc, "read the rings");
	free(rings);
	rec->head.cpus = n;
	rc = record_cost_start(&rec->cost, rec->client, &running);
	if (rc)
		return session_fail(rec->client, rc, "read the sources");
	if (!running)
		out_note("no source runs: nothing will be recorded until one is started");
	return STATUS_OK;
}

static void print_summary(const struct recorder *rec)
{
	const struct record_counts *c = &rec->record.counts;
	char generations[64];

	snprintf(generations, sizeof(generations), "%llu to %llu",
		 c->first_generation, c->last_generation);
	out_str("file", "file", rec->path);
	out_u64("events", "events", c->events);
	out_u64("lost", "lost", c->lost);
	out_str(NULL, "config generations", generations);
	out_u64("first_generation", NULL, c->first_generation);
	out_u64("last_generation", NULL, c->last_generation);
	out_u64("cpus", "CPUs", c->opened);
	out_ns("elapsed_ns", "recorded for", rec->record.elapsed_ns);
	out_u64("bytes", "bytes", rec->bytes);
	if (c->events)
		out_double("bytes_per_event", "bytes/event",
			   (double)rec->bytes / c->events, 2);
	else
		out_na("bytes_per_event", "bytes/event", NULL);
	record_cost_print(&rec->cost, c->events);
	if (c->lost)
		out_note("warning: %llu events found full rings and are only counted; %s",
			 c->lost, "give a larger --buffer");
}

/* The file has no index then, but what it has can be read. */
static int give_up(struct recorder *rec, const char *why)
{
	if (rec->record.writer) {
		trace_abandon(rec->record.writer);
		rec->record.writer = NULL;
	}
	out_error("%s; %s can be read as far as it goes, %llu events in %llu bytes",
		  why, rec->path, rec->record.counts.events, rec->bytes);
	return STATUS_CHECK;
}

static int record(struct recorder *rec)
{
	struct record *r = &rec->record;
	struct stat file;
	int rc;

	rec->ticked_ns = acqrel_clock();
	record_cost_begin(&rec->cost);
	rc = record_run(r);
	record_cost_end(&rec->cost);
	if (isatty(STDERR_FILENO) && !out_is_quiet())
		fputs("\r\033[K", stderr);
	rec->bytes = trace_written(r->writer);
	if (rc)
		return give_up(rec, r->why);
	interrupt_allow(true);
	rc = trace_finish(r->writer);
	interrupt_allow(false);
	r->writer = NULL;
	if (rc) {
		snprintf(r->why, sizeof(r->why),
			 "cannot write the index of the trace: %s",
			 strerror(-rc));
		return give_up(rec, r->why);
	}
	if (!stat(rec->path, &file) && S_ISREG(file.st_mode))
		rec->bytes = file.st_size;
	return STATUS_OK;
}

static int run(struct recorder *rec)
{
	int status;

	rec->client = session_open(&status);
	if (!rec->client)
		return status;
	/* a reader that went away and a limit are errors of a write */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	interrupt_catch();
	status = open_device(rec) ?: look_around(rec) ?: open_file(rec) ?:
		 start(rec) ?: begin_file(rec) ?: record(rec);
	close_file(rec);
	interrupt_allow(true);
	if (rec->record.fd >= 0)
		close(rec->record.fd);
	acqrel_client_close(rec->client);
	if (status == STATUS_OK)
		print_summary(rec);
	return status;
}

static bool good(const struct recorder *rec)
{
	__u64 units = rec->ring_units;

	if (!rec->path) {
		out_error("name a file: acqrel record -o FILE");
		return false;
	}
	if (!units || !(units & (units - 1)))
		return true;
	out_error("--buffer %llu is no power of two", units);
	return false;
}

static int parse_and_run(struct args *args, struct recorder *rec)
{
	__u64 seconds = 0;
	const struct option options[] = {
		{ .name = "-o", .value = "FILE", .string = &rec->path,
		  .help = "where to" },
		{ .name = "--duration", .value = "S", .number = &seconds,
		  .min = 1, .max = 1000000, .help = "stop after S seconds" },
		{ .name = "-n", .value = "N", .number = &rec->record.limit,
		  .min = 1, .help = "stop after N events or a few more" },
		{ .name = "--events", .value = "N",
		  .number = &rec->record.limit, .min = 1, .help = "same" },
		{ .name = "--buffer", .value = "UNITS",
		  .number = &rec->ring_units, .min = ACQREL_TRACE_RING_MIN,
		  .max = ACQREL_TRACE_RING_MAX,
		  .help = "32 bytes each, of a CPU's ring; a power of two" },
		{ }
	};

	if (!args_parse(args, options, 0))
		return args->status;
	if (!good(rec))
		return STATUS_USAGE;
	rec->record.duration_ns = seconds * ACQREL_NSEC_PER_SEC;
	return run(rec);
}

/**
 * cmd_record() - record what the sources offer, until there is enough
 * @args: words
 *
 * Return: exit status.
 */
int cmd_record(struct args *args)
{
	struct recorder *rec = calloc(1, sizeof(*rec));
	int status;

	if (!rec) {
		out_error("not enough memory");
		return STATUS_CHECK;
	}
	rec->record.fd = -1;
	rec->target = -1;
	rec->record.stop = stop;
	rec->record.tick = progress;
	rec->record.patience_ns = PATIENCE_NS;
	status = parse_and_run(args, rec);
	free(rec);
	return status;
}
