// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trace files: what was written is what is read.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <acqrel/replay.h>

#include "threads.h"
#include "trace_image.h"

static char path[64];
static struct content expected;
static char why[TRACE_WHY];

static const struct trace_made usual = {
	.seed = 7, .cpus = 3, .idle = 2, .events = 3000, .changes = 6,
	.chunk_units = 50,
};

/* the file of @params in @path, its content in @expected */
static void make(const struct trace_made *params)
{
	content_free(&expected);
	check_eq(trace_make_chunks(params, content_take, &expected), 0);
	check_eq(trace_make(path, params), 0);
}

static struct trace *open_good(void)
{
	struct trace *trace;

	if (!check_eq(trace_open(path, &trace, why), 0)) {
		printf("# %s\n", why);
		exit(1);
	}
	return trace;
}

static void same_content(const struct trace *trace)
{
	struct content_stream got;

	check_eq(trace_streams(trace), expected.n);
	for (unsigned int i = 0; i < trace_streams(trace); i++) {
		check(content_read(&got, trace, i));
		check(content_begins(&got, &expected.streams[i]));
		check_eq(got.closed, expected.streams[i].closed);
		check_eq(got.records.size, expected.streams[i].records.size);
		image_free(&got.records);
	}
}

/* what is read is what was written, and the file is known to be whole */
static void round_trip(const struct trace_made *params)
{
	struct trace *trace;
	struct stat st;

	make(params);
	trace = open_good();
	same_content(trace);
	check(!trace_cut(trace));
	check(trace_whole(trace));
	check(!stat(path, &st));
	check_eq(trace_bytes(trace), st.st_size);
	trace_close(trace);
}

static void traces_come_back(void)
{
	struct trace_made params = usual;

	round_trip(&params);
	params.events = 0;
	round_trip(&params);
	params = (struct trace_made){ .events = 1 };
	round_trip(&params);
	params = (struct trace_made){ .events = 20000, .tap_every = 5000 };
	round_trip(&params);
	params = (struct trace_made){ .events = 20000, .tap_units = 65536,
				      .tap_every = 20000, .cpus = 2 };
	round_trip(&params);
}

static void head_comes_back(void)
{
	struct acqrel_trace_head head = trace_made_head(&usual);
	const struct acqrel_trace_head *got;
	struct trace *trace;

	make(&usual);
	trace = open_good();
	got = trace_head(trace);
	check_eq(got->cpus, 5);
	check_eq(got->id, 1);
	check_eq(got->start_ns, head.start_ns);
	check_eq(got->start_real_ns, head.start_real_ns);
	check(!strcmp(got->host, head.host));
	check(!strcmp(got->kernel, head.kernel));
	check(!strcmp(got->machine, head.machine));
	check(!strcmp(got->module, head.module));
	check(!strcmp(got->command, head.command));
	trace_close(trace);
}

/* what a block says of its records, against the records */
static void check_block(const struct acqrel_trace_block *block,
			const struct acqrel_trace_event *rec, u64 *seq)
{
	u64 events = 0, clock_ns = 0, first_ns = 0, first_seq = 0;
	const struct acqrel_trace_state *state = (const void *)rec;
	bool any = false;

	for (u32 at = 0; at < block->chunk.bytes;
	     at += rec->units * ACQREL_TRACE_UNIT, rec += rec->units) {
		bool event = rec->type == ACQREL_RECORD_EVENT;

		state = (const void *)rec;
		clock_ns = event ? rec->clock_ns : state->clock_ns;
		if (!at)
			first_ns = clock_ns;
		if (rec->type == ACQREL_RECORD_STATE)
			*seq = state->seq;
		if (event && !any)
			first_seq = *seq;
		any |= event;
		events += event;
		*seq += event;
	}
	check_eq(block->events, events);
	check_eq(block->first_seq, any ? first_seq : *seq);
	check_eq(block->first_ns, first_ns);
	check_eq(block->last_ns, clock_ns);
}

static void check_blocks(const struct trace *trace, unsigned int i)
{
	const struct trace_stream *stream = trace_stream(trace, i);
	struct acqrel_trace_block block, first = { 0 }, last = { 0 };
	u64 seq = 0, blocks = 0, events = 0, bytes = 0;
	struct trace_cursor cursor;
	const void *records;

	check_eq(trace_cursor_open(trace, i, &cursor), 0);
	while (trace_cursor_next(&cursor, &block, &records, why) > 0) {
		check_block(&block, records, &seq);
		if (!blocks++)
			first = block;
		last = block;
		events += block.events;
		bytes += block.chunk.bytes;
	}
	trace_cursor_close(&cursor);
	check_eq(stream->blocks, blocks);
	check_eq(stream->events, events);
	check_eq(stream->bytes, bytes);
	check_eq(stream->first_ns, first.first_ns);
	check_eq(stream->last_ns, last.last_ns);
}

static void blocks_describe_their_records(void)
{
	struct trace_made params = usual;
	struct trace *trace;

	/* with losses, so that sequence numbers leap */
	params.tap_every = 2000;
	make(&params);
	trace = open_good();
	for (unsigned int i = 0; i < trace_streams(trace); i++)
		check_blocks(trace, i);
	trace_close(trace);
}

static void streams_are_in_the_order_of_cpus(void)
{
	struct acqrel_trace_head head = { .cpus = 3 };
	struct acqrel_trace_snapshot snap = { .ring_entries = 2 };
	struct acqrel_trace_chunk chunk = { .bytes = sizeof(snap) };
	static const u32 cpus[] = { ACQREL_TRACE_CPUS_MAX - 1, 0, 77 };
	static const u32 sorted[] = { 0, 77, ACQREL_TRACE_CPUS_MAX - 1 };
	struct trace_writer *writer;
	struct trace *trace;

	check_eq(trace_create(path, &head, &writer), 0);
	for (chunk.type = ACQREL_TRACE_OPEN; chunk.type <= ACQREL_TRACE_CLOSE;
	     chunk.type += ACQREL_TRACE_CLOSE - ACQREL_TRACE_OPEN)
		for (unsigned int i = 0; i < ARRAY_SIZE(cpus); i++) {
			snap.cpu = cpus[i];
			chunk.cpu = cpus[i];
			check_eq(trace_append(writer, &chunk, &snap), 0);
		}
	check_eq(trace_finish(writer), 0);
	trace = open_good();
	check(trace_whole(trace));
	check(trace_head(trace)->id);
	for (unsigned int i = 0; i < ARRAY_SIZE(sorted); i++) {
		check_eq(trace_stream(trace, i)->cpu, sorted[i]);
		check_eq(trace_stream(trace, i)->open->cpu, sorted[i]);
		check_eq(trace_stream(trace, i)->close->cpu, sorted[i]);
		check_eq(trace_stream(trace, i)->blocks, 0);
	}
	trace_close(trace);
}

static void add_counts(u64 *to, const u64 *from, size_t n)
{
	while (n--)
		*to++ += *from++;
}

/* CLOSE = OPEN + events + lost, in all that is counted */
static void check_equality(const struct content_stream *s, u64 *lost)
{
	struct acqrel_oring_slot *slots =
		trace_made_alloc(s->open.ring_entries * sizeof(*slots));
	struct acqrel_replay *rp = trace_made_alloc(sizeof(*rp));
	struct acqrel_trace_result result;
	size_t done;

	check(!acqrel_replay_check_open(&s->open));
	acqrel_replay_open(rp, &s->open, slots);
	check(!acqrel_replay_records(rp, s->records.bytes, s->records.size,
				     &done));
	check(!acqrel_replay_close(rp, &s->close));
	acqrel_replay_result(rp, &result);
	check_eq(result.different, 0);
	add_counts((u64 *)&result.sums.account,
		   (const u64 *)&s->close.lost.account,
		   sizeof(result.sums.account) / sizeof(u64));
	add_counts(result.sums.passed, s->close.lost.passed,
		   ARRAY_SIZE(result.sums.passed));
	check(!memcmp(&result.sums.account, &s->close.sums.account,
		      sizeof(result.sums.account)));
	check(!memcmp(result.sums.passed, s->close.sums.passed,
		      sizeof(result.sums.passed)));
	check_eq(result.skipped, s->close.lost.account.offered);
	*lost += s->close.lost.account.offered;
	if (!s->close.lost.account.offered)
		check(!memcmp(&result.digest, &s->close.digest,
			      sizeof(result.digest)));
	free(rp);
	free(slots);
}

static void made_up_traces_balance(void)
{
	struct trace_made params = usual;
	u64 lost = 0;

	make(&params);
	for (unsigned int i = 0; i < expected.n; i++)
		check_equality(&expected.streams[i], &lost);
	check_eq(lost, 0);
	check(expected.streams[0].close.sums.account.dropped);
	check(expected.streams[0].close.sums.account.overwritten);
	params.tap_every = 2000;
	make(&params);
	for (unsigned int i = 0; i < expected.n; i++)
		check_equality(&expected.streams[i], &lost);
	check(lost);
}

static void killed_recorder_leaves_what_it_wrote(void)
{
	struct trace_made params = usual;
	struct trace *trace;

	params.killed = true;
	make(&params);
	trace = open_good();
	same_content(trace);
	check(!trace_whole(trace));
	check(trace_cut(trace) && strstr(trace_cut(trace), "did not end"));
	trace_close(trace);
}

/* the last blocks may be missing, and nothing else */
static void check_beginning(void)
{
	struct trace *trace = open_good();
	struct content_stream got;

	check(trace_cut(trace));
	check(trace_streams(trace) <= expected.n);
	for (unsigned int i = 0; i < trace_streams(trace); i++) {
		check(content_read(&got, trace, i));
		check(content_begins(&got, &expected.streams[i]));
		image_free(&got.records);
	}
	trace_close(trace);
}

static void full_disk_leaves_whole_blocks(void)
{
	struct rlimit limit, before;
	struct stat st;

	make(&usual);
	check(!stat(path, &st));
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	signal(SIGXFSZ, SIG_IGN);
	/* the first of them is one byte too small for the index */
	for (st.st_size--; st.st_size > 700; st.st_size -= 12345) {
		limit.rlim_cur = st.st_size;
		setrlimit(RLIMIT_FSIZE, &limit);
		check_eq(trace_make(path, &usual), -EFBIG);
		setrlimit(RLIMIT_FSIZE, &before);
		check_beginning();
	}
	check_eq(trace_make("/dev/full", &usual), -ENOSPC);
}

static void errors_stay(void)
{
	struct acqrel_trace_head head = { .cpus = 1 };
	struct acqrel_trace_snapshot snap = { .ring_entries = 2 };
	struct acqrel_trace_chunk chunk = {
		.type = ACQREL_TRACE_CLOSE, .bytes = sizeof(snap),
	};
	struct trace_writer *writer;
	struct trace *trace;
	u64 written;

	check_eq(trace_create(path, &head, &writer), 0);
	written = trace_written(writer);
	check_eq(written, sizeof(head));
	check_eq(trace_append(writer, &chunk, &snap), -EINVAL);
	chunk.type = ACQREL_TRACE_OPEN;
	check_eq(trace_append(writer, &chunk, &snap), -EINVAL);
	check_eq(trace_written(writer), written);
	check_eq(trace_finish(writer), -EINVAL);
	trace = open_good();
	check(trace_cut(trace));
	check_eq(trace_streams(trace), 0);
	trace_close(trace);
}

static void some_paths_are_refused(void)
{
	struct acqrel_trace_head head = { .cpus = 1 };
	struct trace_writer *writer;

	check_eq(trace_create("/tmp", &head, &writer), -EISDIR);
	check_eq(trace_create("/tmp/no/such/file", &head, &writer), -ENOENT);
	head.cpus = 0;
	check_eq(trace_create(path, &head, &writer), -EINVAL);
	head.cpus = ACQREL_TRACE_CPUS_MAX + 1;
	check_eq(trace_create(path, &head, &writer), -EINVAL);
}

static void pipe_takes_a_trace(void)
{
	static const struct trace_made params = { .events = 100 };
	static u8 bytes[65536];
	struct trace *trace;
	struct image image;
	char name[32];
	ssize_t got;
	int fds[2];

	if (pipe(fds))
		abort();
	content_free(&expected);
	check_eq(trace_make_chunks(&params, content_take, &expected), 0);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fds[1]);
	check_eq(trace_make(name, &params), 0);
	got = read(fds[0], bytes, sizeof(bytes));
	close(fds[0]);
	close(fds[1]);
	check(got > 0);
	image_set(&image, bytes, got > 0 ? got : 0);
	image_save(&image, path);
	image_free(&image);
	trace = open_good();
	same_content(trace);
	check(!trace_cut(trace));
	trace_close(trace);
}

static struct trace *shared;

static void read_shared(void *arg)
{
	struct content_stream got;

	for (unsigned int i = 0; i < trace_streams(shared); i++) {
		check(content_read(&got, shared, i));
		check(content_begins(&got, &expected.streams[i]));
		image_free(&got.records);
	}
}

static void threads_read_together(void)
{
	struct threads_one table[4] = {
		{ .run = read_shared }, { .run = read_shared },
		{ .run = read_shared }, { .run = read_shared },
	};

	make(&usual);
	shared = open_good();
	threads_run(table, ARRAY_SIZE(table));
	trace_close(shared);
}

static const struct ktap_test tests[] = {
	{ "traces come back", traces_come_back },
	{ "the head comes back", head_comes_back },
	{ "blocks describe their records", blocks_describe_their_records },
	{ "streams are in the order of their CPUs",
	  streams_are_in_the_order_of_cpus },
	{ "CLOSE is OPEN, events and lost", made_up_traces_balance },
	{ "a killed recorder leaves what it wrote",
	  killed_recorder_leaves_what_it_wrote },
	{ "a full disk leaves whole blocks", full_disk_leaves_whole_blocks },
	{ "errors stay", errors_stay },
	{ "some paths are refused", some_paths_are_refused },
	{ "a pipe takes a trace", pipe_takes_a_trace },
	{ "threads read together", threads_read_together },
};

int main(void)
{
	int fd, status;

	fd = memfd_create("trace", MFD_CLOEXEC);
	if (fd < 0)
		return 1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	status = ktap_run(tests, ARRAY_SIZE(tests));
	content_free(&expected);
	close(fd);
	return status;
}
