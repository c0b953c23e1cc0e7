// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace file replayed in the user world: whatever was recorded, the replay
 * comes to the same numbers, with any number of threads.
 */
#include <sys/resource.h>
#include <sys/wait.h>

#include "replay.h"
#include "replay_made.h"

#define CPUS	5
#define EVENTS	20000

static const struct trace_made plain = {
	.cpus = CPUS, .idle = 1, .events = EVENTS, .changes = 8,
};

/* memory of this process, and @more */
static void limit_memory(rlim_t more)
{
	struct rlimit limit;
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (!file || fscanf(file, "%lu", &pages) != 1)
		_exit(254);
	fclose(file);
	limit.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) + more;
	limit.rlim_max = limit.rlim_cur;
	setrlimit(RLIMIT_AS, &limit);
}

/* in a process of its own; 0, or what replay_user() returned, without sign */
static int replay_within(const struct trace *trace, rlim_t more)
{
	struct verify_result result = { .report = NULL };
	struct replay_run run = { 0 };
	int status = -1;
	pid_t pid;

	pid = fork();
	if (!pid) {
		limit_memory(more);
		status = -replay_user(trace, CPUS, &run);
		if (!status)
			replay_compare_closing(trace, &run, &result);
		_exit(result.different ? 255 : status);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* First of all: later there are stacks from before. */
static void without_enough_memory(void)
{
	struct rlimit stack = { 0 };
	struct trace *trace;
	int rc;

	getrlimit(RLIMIT_STACK, &stack);
	if (KTAP_SLOWER > 1 || stack.rlim_cur > 1 << 26) {
		ktap_skip("memory cannot be limited here");
		return;
	}
	trace = made(&plain);
	if (!trace)
		return;
	rc = replay_within(trace, 1 << 16);
	check(rc == EAGAIN || rc == ENOMEM);
	/* one thread of all that there should be */
	check_eq(replay_within(trace, stack.rlim_cur + (1 << 21)), 0);
	trace_close(trace);
}

static void check_same_results(const struct replay_run *a,
			       const struct replay_run *b)
{
	struct verify_result result = finder();

	check_eq(a->streams, b->streams);
	check_eq(a->events, b->events);
	check(!memcmp(a->results, b->results,
		      a->streams * sizeof(a->results[0])));
	check_eq(replay_digest(a), replay_digest(b));
	replay_compare_runs(a, b, &result);
	check_eq(result.different, 0);
	check(result.compared > 200 * a->streams);
}

static void check_closing(const struct trace *trace,
			  const struct replay_run *run)
{
	struct verify_result result = finder();

	replay_compare_closing(trace, run, &result);
	if (!check_eq(result.different, 0))
		printf("# %s\n", found_first);
	check(result.compared > 200 * run->streams);
}

/* replay with 1, 2, as many threads as streams, and more */
static void replays_as_recorded(const struct trace_made *params)
{
	static const unsigned int threads[] = { 2, CPUS, 3 * CPUS };
	struct replay_run one = { 0 }, many = { 0 };
	struct trace *trace = made(params);

	if (!trace)
		return;
	check_eq(replay_user(trace, 1, &one), 0);
	check_eq(one.streams, params->cpus + params->idle);
	check_closing(trace, &one);
	for (unsigned int i = 0; i < ARRAY_SIZE(threads); i++) {
		check_eq(replay_user(trace, threads[i], &many), 0);
		check_same_results(&one, &many);
		replay_free(&many);
	}
	replay_free(&one);
	trace_close(trace);
}

static u64 total(const struct trace_made *params,
		 u64 (*of)(const struct trace_stream *s))
{
	struct trace *trace = made(params);
	u64 sum = 0;

	if (!trace)
		return 0;
	for (unsigned int i = 0; i < trace_streams(trace); i++)
		sum += of(trace_stream(trace, i));
	trace_close(trace);
	return sum;
}

static u64 lost(const struct trace_stream *s)
{
	return s->close->lost.account.offered;
}

static u64 dropped(const struct trace_stream *s)
{
	return s->close->sums.account.dropped - s->open->sums.account.dropped;
}

static u64 overwritten(const struct trace_stream *s)
{
	return s->close->sums.account.overwritten -
	       s->open->sums.account.overwritten;
}

static u64 filtered(const struct trace_stream *s)
{
	u64 least = ~0ULL;

	for (unsigned int i = 0; i < __ACQREL_FILTER_COUNT; i++)
		if (s->close->sums.account.filtered[i] < least)
			least = s->close->sums.account.filtered[i];
	return s->close->sums.account.offered == 100 ? 0 : least;
}

static void configs_and_filters(void)
{
	check(total(&plain, filtered));
	check_eq(total(&plain, lost), 0);
	replays_as_recorded(&plain);
}

static void small_ring_and_slow_reader(void)
{
	const struct trace_made params = {
		.cpus = CPUS, .events = EVENTS, .changes = 8,
		.ring_entries = 2, .read_every = 7, .read = 1,
	};

	check(total(&params, dropped));
	check(total(&params, overwritten));
	replays_as_recorded(&params);
}

static void no_reader_at_all(void)
{
	const struct trace_made params = {
		.cpus = CPUS, .events = EVENTS, .changes = 4,
		.read_every = 1ULL << 40, .before = 1000,
	};

	check(total(&params, dropped));
	replays_as_recorded(&params);
}

static void eager_reader(void)
{
	const struct trace_made params = {
		.cpus = CPUS, .events = EVENTS, .changes = 4,
		.read_every = 1, .read = 2,
	};

	check_eq(total(&params, dropped), 0);
	check_eq(total(&params, overwritten), 0);
	replays_as_recorded(&params);
}

static void lost_taps(void)
{
	const struct trace_made params = {
		.cpus = CPUS, .events = EVENTS, .changes = 8,
		.tap_every = 3000,
	};

	check(total(&params, lost));
	replays_as_recorded(&params);
}

/* the last ones are lost, so no STATE tells of it */
static void lost_at_the_end(void)
{
	const struct trace_made params = {
		.cpus = CPUS, .events = 4000, .tap_every = 1ULL << 40,
	};

	check(total(&params, lost));
	replays_as_recorded(&params);
}

static void small_chunks(void)
{
	struct trace_made params = plain;

	params.chunk_units = ACQREL_TRACE_UNITS_MAX;
	replays_as_recorded(&params);
}

static void random_traces(void)
{
	struct acqrel_generator g;

	ktap_seed(&g);
	for (u64 i = 0; i < ktap_scale(60); i++) {
		struct trace_made params = {
			.seed = acqrel_generator_next(&g),
			.cpus = 1 + acqrel_generator_next(&g) % 4,
			.idle = acqrel_generator_next(&g) % 3,
			.before = acqrel_generator_next(&g) % 500,
			.events = acqrel_generator_next(&g) % 6000,
			.changes = acqrel_generator_next(&g) % 12,
			.ring_entries = 2U << acqrel_generator_next(&g) % 8,
			.read_every = 1 + acqrel_generator_next(&g) % 200,
			.read = 1 + acqrel_generator_next(&g) % 200,
			.tap_every = 1 + acqrel_generator_next(&g) % 1500,
			.chunk_units = ACQREL_TRACE_UNITS_MAX +
				       acqrel_generator_next(&g) % 100,
		};

		replays_as_recorded(&params);
	}
}

static struct trace_writer *writer;

/* CPU 1 has but one chunk of records and no end, CPU 3 no records at all */
static int append_less(void *to, const struct acqrel_trace_chunk *chunk,
		       const void *payload)
{
	unsigned int *chunks = to;

	if (chunk->cpu == 1 && (*chunks)++ > 1)
		return 0;
	if (chunk->cpu == 3 && chunk->type == ACQREL_TRACE_DATA)
		return 0;
	return trace_append(writer, chunk, payload);
}

static struct trace *made_of_lengths(void)
{
	struct acqrel_trace_head head = trace_made_head(&plain);
	unsigned int chunks = 0;
	struct trace *trace = NULL;
	char why[TRACE_WHY];

	check_eq(trace_create(made_path(), &head, &writer), 0);
	check_eq(trace_make_chunks(&plain, append_less, &chunks), 0);
	check_eq(trace_finish(writer), 0);
	if (!check(!trace_open(made_path(), &trace, why)))
		printf("# %s\n", why);
	unlink(made_path());
	return trace;
}

/* They are not replayed in the order of the file. */
static void streams_of_different_lengths(void)
{
	struct replay_run one = { 0 }, many = { 0 };
	struct trace *trace = made_of_lengths();

	if (!trace)
		return;
	check_eq(replay_user(trace, 1, &one), 0);
	for (unsigned int i = 0; i < one.streams; i++) {
		check_eq(one.results[i].cpu, trace_stream(trace, i)->cpu);
		check_eq(one.results[i].events, i > 1 && i < CPUS ? EVENTS :
			 i ? 0 : 256);
	}
	check_eq(replay_user(trace, 3, &many), 0);
	check_same_results(&one, &many);
	replay_free(&one);
	replay_free(&many);
	trace_close(trace);
}

/* verdicts can be compared up to where it stops */
static void without_an_end(void)
{
	struct trace_made params = plain;
	struct verify_result result = finder();
	struct replay_run run = { 0 };
	struct trace *trace;

	params.killed = true;
	trace = made(&params);
	if (!trace)
		return;
	check(!trace_whole(trace));
	check_eq(replay_user(trace, 2, &run), 0);
	check_eq(run.events, CPUS * EVENTS);
	replay_compare_closing(trace, &run, &result);
	check_eq(result.compared, 4 * run.streams);
	check_eq(result.different, 0);
	replay_free(&run);
	trace_close(trace);
}

static u64 progress_events;

static void note_progress(__u64 events)
{
	check(events >= progress_events);
	progress_events = events;
}

static void progress_is_told(void)
{
	struct replay_run run = { .progress = note_progress };
	struct trace *trace = made(&plain);

	if (!trace)
		return;
	check_eq(replay_user(trace, 2, &run), 0);
	check(progress_events <= run.events);
	check(run.busy_ns && run.elapsed_ns);
	replay_free(&run);
	trace_close(trace);
}

static const struct ktap_test tests[] = {
	{ "without enough memory", without_enough_memory },
	{ "configs and filters", configs_and_filters },
	{ "a small ring and a slow reader", small_ring_and_slow_reader },
	{ "no reader at all", no_reader_at_all },
	{ "an eager reader", eager_reader },
	{ "lost taps", lost_taps },
	{ "events lost at the end", lost_at_the_end },
	{ "small chunks", small_chunks },
	{ "random traces", random_traces },
	{ "streams of different lengths", streams_of_different_lengths },
	{ "a trace without an end", without_an_end },
	{ "progress is told", progress_is_told },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
