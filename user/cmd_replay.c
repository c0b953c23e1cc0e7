// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_replay.c - acqrel replay: a trace through the pipeline once more
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "cmd.h"
#include "env.h"
#include "replay.h"

#define SHOWN_MAX	20	/* differences, in text */
#define TICK_NS		1000000000ULL

enum side { SIDE_RECORDING, SIDE_KERNEL, SIDE_USER, SIDE_COUNT };

static const struct {
	const char *key;
	const char *label;
} sides[SIDE_COUNT] = {
	[SIDE_RECORDING]	= { "recorded_value", "recording" },
	[SIDE_KERNEL]		= { "kernel_value", "kernel" },
	[SIDE_USER]		= { "user_value", "user" },
};

/**
 * struct replaying - one command
 * @trace: the file
 * @threads: of the user world
 * @takes_part: by side
 * @runs: same; the recording has none
 */
struct replaying {
	struct trace *trace;
	unsigned int threads;
	bool takes_part[SIDE_COUNT];
	struct replay_run runs[SIDE_COUNT];
};

static struct {
	const struct replaying *r;
	enum side a;
	enum side b;
	unsigned int shown;
} comparing;

static void report(const char *where, const char *what, __u64 a, __u64 b)
{
	if (comparing.shown++ >= SHOWN_MAX && !out_is_json())
		return;
	out_row();
	out_str("where", "where", where);
	out_str("what", "what", what);
	for (enum side s = 0; s < SIDE_COUNT; s++) {
		if (s == comparing.a)
			out_u64(sides[s].key, sides[s].label, a);
		else if (s == comparing.b)
			out_u64(sides[s].key, sides[s].label, b);
		else
			out_na(sides[s].key, comparing.r->takes_part[s] ?
			       sides[s].label : NULL, NULL);
	}
	out_end();
}

static struct {
	__u64 total;
	__u64 start_ns;
	__u64 tick_ns;
	bool shown;
} progress;

static void show_progress(__u64 events)
{
	__u64 now = acqrel_clock(), spent = now - progress.start_ns;
	bool line = isatty(STDERR_FILENO);
	double share;

	if (now - progress.tick_ns < TICK_NS || !events || !progress.total)
		return;
	progress.tick_ns = now;
	progress.shown = true;
	share = events < progress.total ? (double)events / progress.total : 1;
	fprintf(stderr, "%sreplaying, %llu events, %.0f %%, %.0f s left%s",
		line ? "\r" : "", events, share * 100,
		spent / share * (1 - share) / 1e9, line ? "\033[K" : "\n");
}

static void begin_progress(const struct replaying *r, struct replay_run *run)
{
	memset(&progress, 0, sizeof(progress));
	for (unsigned int i = 0; i < trace_streams(r->trace); i++)
		progress.total += trace_stream(r->trace, i)->events;
	progress.start_ns = acqrel_clock();
	progress.tick_ns = progress.start_ns;
	if (!out_is_quiet())
		run->progress = show_progress;
}

static void end_progress(void)
{
	if (progress.shown && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static int fail_kernel(const struct replay_run *run, int error)
{
	if (error == -EOPNOTSUPP) {
		out_error("this module cannot replay: it is older than the command");
		return STATUS_SKIP;
	}
	if (error == -EPERM || error == -EACCES) {
		out_error("cannot replay by %s: %s; run it as root",
			  ACQREL_DEVICE, strerror(-error));
		return STATUS_ABSENT;
	}
	if (error == -ENOENT || error == -ENODEV || error == -ENXIO) {
		out_error("cannot open %s: %s", ACQREL_DEVICE,
			  strerror(-error));
		return STATUS_ABSENT;
	}
	out_error("cannot replay in the kernel: %s", *run->why ? run->why :
		  strerror(-error));
	return STATUS_CHECK;
}

static int run_kernel(struct replaying *r)
{
	struct replay_run *run = &r->runs[SIDE_KERNEL];
	struct acqrel_client *client;
	int rc;

	client = session_open(&rc);
	if (!client)
		return rc;
	acqrel_client_close(client);
	begin_progress(r, run);
	rc = replay_kernel(r->trace, run);
	end_progress();
	return rc ? fail_kernel(run, rc) : STATUS_OK;
}

static int run_user(struct replaying *r)
{
	struct replay_run *run = &r->runs[SIDE_USER];
	int rc;

	begin_progress(r, run);
	rc = replay_user(r->trace, r->threads, run);
	end_progress();
	if (!rc)
		return STATUS_OK;
	out_error("cannot replay: %s", *run->why ? run->why : strerror(-rc));
	return STATUS_CHECK;
}

/* CPUs whose digests cannot be compared. */
static unsigned int cpus_with_losses(const struct trace *trace)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < trace_streams(trace); i++) {
		const struct trace_stream *s = trace_stream(trace, i);

		n += s->close && s->close->lost.account.offered;
	}
	return n;
}

static void compare(const struct replaying *r, struct verify_result *result)
{
	comparing.r = r;
	comparing.shown = 0;
	comparing.a = SIDE_RECORDING;
	for (enum side s = SIDE_KERNEL; s < SIDE_COUNT; s++) {
		comparing.b = s;
		if (r->takes_part[s])
			replay_compare_closing(r->trace, &r->runs[s], result);
	}
	if (!r->takes_part[SIDE_KERNEL] || !r->takes_part[SIDE_USER])
		return;
	comparing.a = SIDE_KERNEL;
	comparing.b = SIDE_USER;
	replay_compare_runs(&r->runs[SIDE_KERNEL], &r->runs[SIDE_USER],
			    result);
}

static void print_verdict(const struct replaying *r,
			  const struct verify_result *result)
{
	unsigned int lost = cpus_with_losses(r->trace);

	out_u64("compared", NULL, result->compared);
	out_u64("different", NULL, result->different);
	out_bool("agree", NULL, !result->different);
	out_u64("cpus_without_digest", NULL, lost);
	if (result->different > SHOWN_MAX)
		out_text("and %u more\n", result->different - SHOWN_MAX);
	if (lost)
		out_text("the recorder lost events of %u CPUs, whose digests cannot be compared\n",
			 lost);
	if (result->different)
		out_text("disagree: %u of %u numbers differ\n",
			 result->different, result->compared);
	else
		out_text("agree: %u numbers compared, none differs\n",
			 result->compared);
}

static int verify(const struct replaying *r)
{
	struct verify_result result = { .report = report };

	out_table("differences");
	compare(r, &result);
	out_end();
	print_verdict(r, &result);
	if (result.different)
		return STATUS_CHECK;
	if (trace_whole(r->trace))
		return STATUS_OK;
	out_note("acqrel: the trace is incomplete: %s",
		 "CPUs without an end have only verdicts to compare");
	return STATUS_UNTRUSTED;
}

static void print_head(const struct replaying *r, const char *path)
{
	const char *cut = trace_cut(r->trace);

	out_str("file", "file", path);
	out_u64("cpus", "CPUs", trace_streams(r->trace));
	out_bool("whole", "whole", trace_whole(r->trace));
	if (cut)
		out_str("cut", "ends early", cut);
	else
		out_na("cut", NULL, NULL);
	out_text("\n");
}

static bool verdicts_differ(const struct replay_run *run)
{
	for (unsigned int i = 0; i < run->streams; i++)
		if (run->results[i].different)
			return true;
	return false;
}

static int print(const struct replaying *r, const char *path, bool verified)
{
	int status = STATUS_OK;

	print_head(r, path);
	out_array("worlds");
	if (r->takes_part[SIDE_KERNEL])
		replay_print(r->trace, &r->runs[SIDE_KERNEL], "kernel", 1);
	if (r->takes_part[SIDE_USER])
		replay_print(r->trace, &r->runs[SIDE_USER], "user",
			     r->threads);
	out_end();
	for (enum side s = SIDE_KERNEL; s < SIDE_COUNT; s++) {
		replay_print_first(&r->runs[s], sides[s].label);
		if (verdicts_differ(&r->runs[s]))
			status = STATUS_CHECK;
	}
	return verified ? verify(r) : status;
}

static int replay(struct replaying *r, const char *path, bool verified)
{
	int status = STATUS_OK;

	if (!r->threads || r->threads > trace_streams(r->trace))
		r->threads = trace_streams(r->trace) ?: 1;
	if (r->takes_part[SIDE_KERNEL])
		status = run_kernel(r);
	if (!status && r->takes_part[SIDE_USER])
		status = run_user(r);
	if (!status)
		status = print(r, path, verified);
	replay_free(&r->runs[SIDE_KERNEL]);
	replay_free(&r->runs[SIDE_USER]);
	return status;
}

static bool choose_worlds(struct replaying *r, const char *world)
{
	bool both = !strcmp(world, "both");

	r->takes_part[SIDE_RECORDING] = true;
	r->takes_part[SIDE_KERNEL] = both || !strcmp(world, "kernel");
	r->takes_part[SIDE_USER] = both || !strcmp(world, "user");
	if (r->takes_part[SIDE_KERNEL] || r->takes_part[SIDE_USER])
		return true;
	out_error("--world is user, kernel or both, not '%s'", world);
	return false;
}

static int replay_file(struct replaying *r, const char *path, bool verified)
{
	char why[TRACE_WHY] = "";
	int rc;

	rc = trace_open(path, &r->trace, why);
	if (rc) {
		out_error("cannot read %s: %s", path, *why ? why :
			  strerror(-rc));
		return STATUS_CHECK;
	}
	rc = replay(r, path, verified);
	trace_close(r->trace);
	return rc;
}

/**
 * cmd_replay() - run a trace through the pipeline again
 * @args: words: the file
 *
 * Return: exit status.
 */
int cmd_replay(struct args *args)
{
	unsigned int cpus[CPU_SETSIZE];
	const char *world = "user";
	bool verified = false;
	__u64 threads = env_online_cpus(cpus, CPU_SETSIZE);
	const struct option options[] = {
		{ .name = "--verify", .flag = &verified,
		  .help = "compare with how the recording ended" },
		{ .name = "--world", .value = "WORLD", .string = &world,
		  .help = "user, kernel or both (user)" },
		{ .name = "--threads", .value = "N", .number = &threads,
		  .min = 1, .max = CPU_SETSIZE,
		  .help = "of the user world, at most one a CPU of the trace (CPUs online)" },
		{ }
	};
	struct replaying r = { 0 };

	if (!args_parse(args, options, 1))
		return args->status;
	if (!args->argc) {
		out_error("name the file of a trace; see: %s --help",
			  args->path);
		return STATUS_USAGE;
	}
	if (!choose_worlds(&r, world))
		return STATUS_USAGE;
	r.threads = threads;
	return replay_file(&r, args->argv[0], verified);
}
