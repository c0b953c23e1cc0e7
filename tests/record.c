// SPDX-License-Identifier: GPL-2.0-only
/*
 * The recorder, fed through a socket that keeps the borders of what it is
 * given, as the device does.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "capture.h"
#include "clock.h"
#include "cmd.h"
#include "ktap.h"
#include "record.h"
#include "trace_made.h"

#define MESSAGE_MAX	(sizeof(struct acqrel_trace_chunk) + \
			 ACQREL_TRACE_DATA_MAX)

/* the other end of a recorder's descriptor */
struct feeder {
	struct trace_made made;
	int fd;
	bool signals;		/* before the first CLOSE */
	bool waits;		/* there until the recorder wants to stop */
	bool waited;
};

static char dir[32] = "/tmp/acqrel-record-XXXXXX";
static char path[64], expected[64];
static struct record record;
static unsigned int ticks;
static int stops[2];		/* a pipe */

static int send_chunk(void *to, const struct acqrel_trace_chunk *chunk,
		      const void *payload)
{
	static char message[MESSAGE_MAX];
	struct feeder *f = to;
	char byte;

	if (chunk->type == ACQREL_TRACE_CLOSE && !f->waited) {
		f->waited = true;
		if (f->signals)
			kill(getpid(), SIGTERM);
		if (f->waits && read(stops[0], &byte, 1) != 1)
			return -errno;
	}
	memcpy(message, chunk, sizeof(*chunk));
	memcpy(message + sizeof(*chunk), payload, chunk->bytes);
	if (send(f->fd, message, sizeof(*chunk) + chunk->bytes,
		 MSG_NOSIGNAL) < 0)
		return -errno;
	return 0;
}

static void *feed(void *arg)
{
	struct feeder *f = arg;
	int rc = trace_make_chunks(&f->made, send_chunk, f);

	/* a recorder that has failed closes its end */
	check(!rc || rc == -EPIPE || rc == -ECONNRESET);
	close(f->fd);
	return NULL;
}

static int note_stop(struct record *r)
{
	check(r == &record);
	return write(stops[1], "", 1) == 1 ? 0 : -errno;
}

static bool was_stopped(void)
{
	char byte;

	return read(stops[0], &byte, 1) == 1;
}

static void note_tick(const struct record *r)
{
	check(r == &record);
	ticks++;
}

/* a recorder; returns the other end of its descriptor */
static int prepare(const struct trace_made *made, const char *file)
{
	struct acqrel_trace_head head = trace_made_head(made);
	int ends[2];

	memset(&record, 0, sizeof(record));
	check_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	record.fd = ends[0];
	record.stop = note_stop;
	record.patience_ns = 10 * ACQREL_NSEC_PER_SEC;
	check_eq(trace_create(file, &head, &record.writer), 0);
	return ends[1];
}

/* with record.limit and others as the test has set them */
static int run(struct feeder *f)
{
	pthread_t thread;
	int rc;

	check_eq(pthread_create(&thread, NULL, feed, f), 0);
	rc = record_run(&record);
	close(record.fd);
	pthread_join(thread, NULL);
	return rc;
}

static bool same_files(const char *a, const char *b)
{
	FILE *x = fopen(a, "re"), *y = fopen(b, "re");
	bool same = x && y;
	int c = 0;

	while (same && c != EOF) {
		c = getc(x);
		same = c == getc(y);
	}
	if (x)
		fclose(x);
	if (y)
		fclose(y);
	return same;
}

/* the same as what the writer makes of the chunks without a recorder */
static void check_file(const struct trace_made *made)
{
	check_eq(trace_finish(record.writer), 0);
	check_eq(trace_make(expected, made), 0);
	check(same_files(path, expected));
}

static const struct trace_made usual = {
	.cpus = 2, .idle = 1, .events = 20000, .changes = 3,
};

static void records_all(void)
{
	struct feeder f = { .made = usual };
	const struct record_counts *c = &record.counts;

	f.fd = prepare(&usual, path);
	check_eq(run(&f), 0);
	check_eq(c->events, usual.cpus * usual.events);
	check_eq(c->lost, 0);
	check_eq(c->skipped, 0);
	check_eq(c->opened, 3);
	check_eq(c->closed, 3);
	check_eq(c->first_generation, 1);
	check_eq(c->last_generation, 1 + usual.changes);
	check(!*record.why && record.elapsed_ns);
	check_file(&usual);
}

/* what the gaps show is all but what was lost at the end */
static void counts_losses(void)
{
	const struct trace_made made = {
		.cpus = 2, .before = 100, .events = 50000, .tap_every = 5000,
	};
	struct feeder f = { .made = made };
	const struct record_counts *c = &record.counts;
	u64 reached = 0;

	f.fd = prepare(&made, path);
	check_eq(run(&f), 0);
	check(c->lost > 0);
	check(c->skipped > 0 && c->skipped <= c->lost);
	check_eq(c->events + c->lost, made.cpus * made.events);
	for (unsigned int i = 0; i < made.cpus; i++)
		reached += record.next_seq[trace_made_cpu(i)] - made.before;
	check_eq(c->events + c->skipped, reached);
	check_file(&made);
}

static void stops_after_events(void)
{
	struct feeder f = { .made = usual, .waits = true };

	f.fd = prepare(&usual, path);
	record.limit = 30000;
	check_eq(run(&f), 0);
	check_eq(record.counts.closed, 3);
	check(record.stopped_ns);
	check_file(&usual);
}

static void stops_after_a_time(void)
{
	struct feeder f = { .made = usual, .waits = true };

	f.fd = prepare(&usual, path);
	record.duration_ns = 1000000;
	check_eq(run(&f), 0);
	check(record.elapsed_ns >= record.duration_ns);
	check_file(&usual);
}

static void ticks_each_second(void)
{
	struct feeder f = { .made = usual, .waits = true };

	f.fd = prepare(&usual, path);
	record.duration_ns = ACQREL_NSEC_PER_SEC * 5 / 2;
	record.tick = note_tick;
	ticks = 0;
	check_eq(run(&f), 0);
	check(ticks >= 1 && ticks <= 2);
	check_eq(trace_finish(record.writer), 0);
}

static void check_failed(int rc, int want, const char *why)
{
	check_eq(rc, want);
	check(strstr(record.why, why));
	if (!strstr(record.why, why))
		printf("# it says: %s\n", record.why);
	trace_abandon(record.writer);
}

static void end_comes_early(void)
{
	struct feeder f = { .made = usual };

	f.made.killed = true;
	f.fd = prepare(&f.made, path);
	check_failed(run(&f), -EPIPE, "0 of 3 CPUs closed");
	f.fd = prepare(&f.made, path);
	close(f.fd);
	check_failed(record_run(&record), -EPIPE, "0 of 0 CPUs closed");
	close(record.fd);
}

static void end_does_not_come(void)
{
	int fd = prepare(&usual, path);

	record.duration_ns = 1;
	record.patience_ns = 1000000;
	check_failed(record_run(&record), -ETIMEDOUT, "does not end");
	check(was_stopped());
	close(record.fd);
	close(fd);
}

static int cannot_stop(struct record *r)
{
	(void)r;
	return -ENXIO;
}

static void stop_fails(void)
{
	int fd = prepare(&usual, path);

	record.duration_ns = 1;
	record.stop = cannot_stop;
	check_failed(record_run(&record), -ENXIO, "cannot end the recording");
	close(record.fd);
	close(fd);
}

struct message {
	struct acqrel_trace_chunk chunk;
	union {
		struct acqrel_trace_snapshot snap;
		__u64 words[ACQREL_TRACE_UNIT];
		__u8 record[4 * ACQREL_TRACE_UNIT];
	};
};

/* after the OPEN of CPU 1 another message, of @size bytes with its payload */
static void check_strange(const struct message *message, size_t size,
			  const char *why)
{
	struct message open = {
		.chunk = { .type = ACQREL_TRACE_OPEN, .cpu = 1,
			   .bytes = sizeof(open.snap) },
		.snap.cpu = 1,
	};
	int fd = prepare(&usual, path);

	send(fd, &open, sizeof(open.chunk) + sizeof(open.snap), 0);
	send(fd, message, size, 0);
	close(fd);
	check_failed(record_run(&record), -EBADMSG, why);
	check_eq(record.counts.opened, 1);
	check_eq(record.counts.events, 0);
	close(record.fd);
}

static void chunks_are_not_trusted(void)
{
	struct message m = { .chunk = { .type = ACQREL_TRACE_DATA, .cpu = 1 } };
	const size_t head = sizeof(m.chunk);

	check_strange(&m, head - 1, "a part of a chunk");
	m.chunk.bytes = 32;
	check_strange(&m, head + 31, "a part of a chunk");
	m.chunk.bytes = 12;
	check_strange(&m, head + 12, "cannot be");
	m.chunk.bytes = 32;
	m.chunk.cpu = 2;
	m.record[0] = ACQREL_RECORD_EVENT;
	m.record[1] = 1;
	check_strange(&m, head + 32, "cannot be");
	m.chunk.cpu = ACQREL_TRACE_CPUS_MAX;
	check_strange(&m, head + 32, "cannot be");
	m.chunk.cpu = 1;
	m.chunk.type = ACQREL_TRACE_RESULT;
	check_strange(&m, head + 32, "cannot be");
	m.chunk.type = ACQREL_TRACE_CLOSE;
	check_strange(&m, head + 32, "cannot be");
	m.chunk.type = ACQREL_TRACE_OPEN;
	m.chunk.bytes = sizeof(m.snap);
	m.snap.cpu = 1;
	check_strange(&m, head + sizeof(m.snap), "cannot be");
}

/* an event, then a record of @type with @units */
static void check_strange_record(unsigned int type, unsigned int units)
{
	struct message m = {
		.chunk = { .type = ACQREL_TRACE_DATA, .cpu = 1,
			   .bytes = 2 * ACQREL_TRACE_UNIT },
		.record = { ACQREL_RECORD_EVENT, 1 },
	};

	m.record[ACQREL_TRACE_UNIT] = type;
	m.record[ACQREL_TRACE_UNIT + 1] = units;
	check_strange(&m, sizeof(m.chunk) + m.chunk.bytes, "cannot be");
}

static void records_are_not_trusted(void)
{
	check_strange_record(0, 1);
	check_strange_record(ACQREL_RECORD_EVENT, 0);
	check_strange_record(ACQREL_RECORD_CONFIG, 2);
	check_strange_record(ACQREL_RECORD_CONFIG + 1, 1);
}

/* events that can be read from a file without an end */
static u64 readable(void)
{
	char why[TRACE_WHY] = "";
	struct trace *trace;
	u64 events = 0;

	if (!check_eq(trace_open(path, &trace, why), 0))
		return 0;
	check(!trace_whole(trace));
	for (unsigned int i = 0; i < trace_streams(trace); i++)
		events += trace_stream(trace, i)->events;
	trace_close(trace);
	return events;
}

/* a limit of the file's size is a full disk that needs no root */
static void file_gets_full(void)
{
	struct feeder f = { .made = usual };
	struct rlimit before, small;

	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = 200000;
	signal(SIGXFSZ, SIG_IGN);
	f.fd = prepare(&usual, path);
	setrlimit(RLIMIT_FSIZE, &small);
	check_failed(run(&f), -EFBIG, "cannot write the trace");
	setrlimit(RLIMIT_FSIZE, &before);
	check(record.counts.events > 0);
	check(record.counts.events < usual.cpus * usual.events);
	check_eq(readable(), record.counts.events);
}

static void disk_is_full(void)
{
	struct acqrel_trace_head head = trace_made_head(&usual);
	struct trace_writer *writer;

	check_eq(trace_create("/dev/full", &head, &writer), -ENOSPC);
}

static void check_refused(const char *words, int status, const char *said)
{
	static const struct command command = { .name = "record" };

	check_eq(capture_command(cmd_record, &command, words), status);
	check(capture_said(said));
}

static void usage_is_checked(void)
{
	check_refused("", STATUS_USAGE, "-o FILE");
	check_refused("-o x --buffer 1000", STATUS_USAGE, "1000");
	check_refused("-o x --buffer 3000", STATUS_USAGE, "power of two");
	check_refused("-o x --duration 0", STATUS_USAGE, "duration");
	check_refused("-o x y", STATUS_USAGE, "y");
}

static void module_is_absent(void)
{
	if (session_module_present())
		ktap_skip("the module is loaded");
	else
		check_refused("-o x", STATUS_ABSENT, "not loaded");
}

/* The last tests: whoever asks is told of the signal from now on. */
static void signal_ends_it(void)
{
	struct feeder f = { .made = usual, .signals = true, .waits = true };

	f.fd = prepare(&usual, path);
	check_eq(run(&f), 0);
	check(interrupt_seen());
	check_eq(record.counts.events, usual.cpus * usual.events);
	check_file(&usual);
}

/* until nobody can write a byte to the pipe */
static void *signal_when_full(void *arg)
{
	struct pollfd poll_for = { .fd = *(int *)arg, .events = POLLOUT };

	while (poll(&poll_for, 1, 0) > 0)
		sched_yield();
	kill(getpid(), SIGTERM);
	return NULL;
}

static void signal_ends_a_write_to_a_pipe(void)
{
	struct feeder f = { .made = usual };
	pthread_t thread;
	char target[32];
	int ends[2];

	/* the tests' own alarm is not wanted here */
	interrupt_catch();
	check_eq(pipe2(ends, O_CLOEXEC), 0);
	snprintf(target, sizeof(target), "/proc/self/fd/%d", ends[1]);
	f.fd = prepare(&usual, target);
	check_eq(pthread_create(&thread, NULL, signal_when_full, &ends[1]), 0);
	check_failed(run(&f), -EINTR, "nobody took");
	pthread_join(thread, NULL);
	close(ends[0]);
	close(ends[1]);
}

/* a pipe that nobody reads */
static void signal_ends_an_open(void)
{
	char fifo[80];
	bool made;

	snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	interrupt_catch();
	check_eq(mkfifo(fifo, 0600), 0);
	raise(SIGINT);
	interrupt_allow(true);
	check_eq(trace_target(fifo, &made), -EINTR);
	interrupt_allow(false);
	check(!made);
	unlink(fifo);
}

static void target_keeps_what_is_there(void)
{
	struct stat st;
	bool made;
	int fd;

	unlink(path);
	fd = trace_target(path, &made);
	check(fd >= 0 && made);
	check(!fstat(fd, &st) && (st.st_mode & 0777) == 0600);
	check_eq(write(fd, "old", 3), 3);
	close(fd);
	fd = trace_target(path, &made);
	check(fd >= 0 && !made);
	check(!fstat(fd, &st) && st.st_size == 3);
	close(fd);
}

static const struct ktap_test tests[] = {
	{ "chunks become a file", records_all },
	{ "losses are counted", counts_losses },
	{ "it stops after so many events", stops_after_events },
	{ "it stops after a time", stops_after_a_time },
	{ "it ticks each second", ticks_each_second },
	{ "an early end is an error", end_comes_early },
	{ "no end is an error", end_does_not_come },
	{ "a stop that fails is an error", stop_fails },
	{ "chunks are not trusted", chunks_are_not_trusted },
	{ "records are not trusted", records_are_not_trusted },
	{ "a file that gets full can be read", file_gets_full },
	{ "a full disk is noticed at once", disk_is_full },
	{ "usage is checked", usage_is_checked },
	{ "without a module it gives 3", module_is_absent },
	{ "a target keeps what is there", target_keeps_what_is_there },
	{ "a signal ends it with a whole file", signal_ends_it },
	{ "a signal ends a write to a pipe", signal_ends_a_write_to_a_pipe },
	{ "a signal ends the wait for a reader", signal_ends_an_open },
};

int main(void)
{
	int status;

	if (!mkdtemp(dir) || pipe2(stops, O_CLOEXEC))
		return 1;
	snprintf(path, sizeof(path), "%s/recorded", dir);
	snprintf(expected, sizeof(expected), "%s/expected", dir);
	interrupt_catch();
	status = ktap_run(tests, ARRAY_SIZE(tests));
	unlink(path);
	unlink(expected);
	rmdir(dir);
	return status;
}
