// SPDX-License-Identifier: GPL-2.0-only
/*
 * acqrel trace dump: every line, every filter, JSON, and files that are not
 * whole.
 */
#include "trace_made.h"
#include "trace_ran.h"

#define S	1000000000ULL

static char path[64];

/* two CPUs, two configs, a loss, and every verdict */
static void make(void)
{
	hand_begin(path, 2);
	hand_open(0, 5, 2);
	hand_event(1 * S, 0, 10, 77, ACQREL_VERDICT_PUSHED);
	hand_event(2 * S, 1, 20, HAND_NONE, ACQREL_FILTER_KIND);
	hand_event(2 * S, 2, 30, 5, ACQREL_FILTER_SAMPLE);
	hand_config(3 * S, 2);
	hand_event(3 * S, 0, 40, 1ULL << 63, ACQREL_FILTER_PID);
	hand_event(3 * S + 1, 0, 10, 6, ACQREL_FILTER_VALUE);
	hand_close(9 * S, 10, 0);
	hand_open(3, 0, 0);
	hand_event(2 * S, 1, 21, 7, ACQREL_VERDICT_OVERWROTE);
	hand_state(4 * S, 3, 1);
	hand_config(4 * S, 2);
	hand_event(4 * S, 0, 50, 8, ACQREL_VERDICT_DROPPED);
	hand_close(9 * S, 4, 2);
	hand_end();
}

static const char *const lines[] = {
	"# 5.000000000 cpu 0 config generation 1 from seq 5: kinds all sample_every 1 min_value_ns 0 policy drop pids none",
	"# 5.000000000 cpu 3 config generation 1 from seq 0: kinds all sample_every 1 min_value_ns 0 policy drop pids none",
	"6.000000000 cpu 0 sched_switch pid 10 peer 11 value 77 ns pos 2 seq 5 generation 1 pushed",
	"7.000000000 cpu 0 sched_wakeup pid 20 peer 21 seq 6 generation 1 filtered_kind",
	"7.000000000 cpu 0 sched_wakeup_new pid 30 peer 31 value 5 ns seq 7 generation 1 filtered_sample",
	"7.000000000 cpu 3 sched_wakeup pid 21 peer 22 value 7 ns pos 0 seq 0 generation 1 overwrote",
	"# 8.000000000 cpu 0 config generation 2 from seq 8: kinds all sample_every 2 min_value_ns 0 policy drop pids none",
	"8.000000000 cpu 0 sched_switch pid 40 peer 41 value 9223372036854775808 ns seq 8 generation 2 filtered_pid",
	"8.000000001 cpu 0 sched_switch pid 10 peer 11 value 6 ns seq 9 generation 2 filtered_value",
	"# 9.000000000 cpu 3 lost 2 events from seq 1",
	"# 9.000000000 cpu 3 config generation 2 from seq 3: kinds all sample_every 2 min_value_ns 0 policy drop pids none",
	"9.000000000 cpu 3 sched_switch pid 50 peer 51 value 8 ns seq 3 generation 2 dropped",
};

/* the dump with @options has the lines of @mask, and no others */
static void check_lines(const char *options, unsigned int mask)
{
	struct ran r;
	char *line, *at;

	r = ran_well("dump %s %s", path, options);
	at = r.out;
	line = strsep(&at, "\n");
	check(!strncmp(line, "# 5.000000000 start of ", 23));
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!(mask & 1U << i))
			continue;
		line = strsep(&at, "\n");
		if (!check(line && !strcmp(line, lines[i])))
			printf("# %s: %s\n# and not: %s\n", options,
			       line ?: "", lines[i]);
	}
	check(at && !*at);
	ran_free(&r);
}

static void every_line(void)
{
	make();
	check_lines("", 0xfff);
}

#define OTHERS	0x643		/* lines that are no events */

static void filters(void)
{
	make();
	check_lines("--cpu 0", 0x1dd);
	check_lines("--cpu 3", 0xe22);
	check_lines("--cpu 3 --cpu 0", 0xfff);
	check_lines("--cpu 3,0", 0xfff);
	check_lines("--kind sched_switch", OTHERS | 0x984);
	check_lines("--kind sched_wakeup", OTHERS | 0x28);
	check_lines("--kind sched_s --kind sched_wakeup_n", OTHERS | 0x994);
	check_lines("--pid 10", OTHERS | 0x104);
	check_lines("--pid 21", OTHERS | 0x28);
	check_lines("--verdict pushed", OTHERS | 0x4);
	check_lines("--verdict filtered", OTHERS | 0x198);
	check_lines("--verdict filtered_pid --verdict o", OTHERS | 0xa0);
	check_lines("--verdict dropped --verdict dropped", OTHERS | 0x800);
	check_lines("--kind sched_switch --verdict filtered --pid 11",
		    OTHERS | 0x100);
}

static void times(void)
{
	make();
	check_lines("--from 2", 0xff8);
	check_lines("--to 2", 0x7);
	check_lines("--from 2.0 --to 3.000000000", 0x38);
	check_lines("--from 3.000000001", 0xf00);
	check_lines("--to 3.000000001", 0xff);
	check_lines("--to 0", 0);
}

static void limits(void)
{
	make();
	check_lines("-n 1", 0x7);
	check_lines("-n 4", 0x3f);
	check_lines("-n 2 --pid 10", 0x147);
	check_lines("-n 100", 0xfff);
}

static void wrong_words(void)
{
	static const char *const words[] = {
		"--kind x", "--kind sched_", "--verdict x", "--from x",
		"--to 1.", "--to .5", "--from 1.2.3", "--from 1.0000000001",
		"--to -1", "--cpu 9", "--cpu 0,9", "-n 0", "--cpu 9999",
		"--pid 4194305", "--verdict=",
	};
	char line[128];
	struct ran r;

	make();
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		snprintf(line, sizeof(line), "dump %s %s", path, words[i]);
		r = ran(line);
		if (!check_eq(r.status, STATUS_USAGE) || !check(*r.err))
			printf("# %s\n", words[i]);
		ran_free(&r);
	}
	r = ran("dump");
	check_eq(r.status, STATUS_USAGE);
	ran_free(&r);
}

static void check_json(unsigned int i, const json_t *json)
{
	check_eq(ran_u64(json, "schema"), OUT_SCHEMA);
	if (i == ARRAY_SIZE(lines)) {
		check(ran_is(json, "record", "end"));
		check(json_is_true(ran_at(json, "whole")));
		check(json_is_null(ran_at(json, "cut")));
		check(!json_object_get(json, "error"));
		return;
	}
	check_eq(ran_u64(json, "clock_ns"),
		 HAND_START_NS + ran_u64(json, "since_start_ns"));
	if (i == 2) {
		check(ran_is(json, "record", "event"));
		check_eq(ran_u64(json, "since_start_ns"), S);
		check(ran_is(json, "kind", "sched_switch"));
		check_eq(ran_u64(json, "pid"), 10);
		check_eq(ran_u64(json, "peer"), 11);
		check_eq(ran_u64(json, "value_ns"), 77);
		check_eq(ran_u64(json, "pos"), 2);
		check_eq(ran_u64(json, "seq"), 5);
		check_eq(ran_u64(json, "generation"), 1);
		check(ran_is(json, "verdict", "pushed"));
		check(json_is_false(ran_at(json, "generated")));
	} else if (i == 3) {
		check(json_is_null(ran_at(json, "value_ns")));
		check(json_is_null(ran_at(json, "pos")));
	} else if (i == 6) {
		check(ran_is(json, "record", "config"));
		check_eq(ran_u64(json, "generation"), 2);
		check_eq(ran_u64(json, "sample_every"), 2);
		check_eq(ran_u64(json, "seq"), 8);
	} else if (i == 7) {
		check(ran_is(json, "value_ns", "9223372036854775808"));
	} else if (i == 9) {
		check(ran_is(json, "record", "gap"));
		check_eq(ran_u64(json, "cpu"), 3);
		check_eq(ran_u64(json, "seq"), 1);
		check_eq(ran_u64(json, "skipped"), 2);
	}
}

static void json_lines(void)
{
	unsigned int n = 0;
	json_error_t error;
	struct ran r;
	char *line, *at;

	make();
	r = ran_well("dump --json %s", path);
	for (at = r.out; (line = strsep(&at, "\n")) && *line; n++) {
		json_t *json = json_loads(line, 0, &error);

		if (check(json))
			check_json(n, json);
		json_decref(json);
	}
	check_eq(n, ARRAY_SIZE(lines) + 1);
	ran_free(&r);
}

/* the same lines as of a whole trace, as far as they are there */
static void partial(void)
{
	struct trace_made params = { .events = 1000, .cpus = 2, .changes = 2 };
	struct ran whole, part;
	char line[128];

	check_eq(trace_make(path, &params), 0);
	whole = ran_well("dump %s", path);
	params.killed = true;
	check_eq(trace_make(path, &params), 0);
	snprintf(line, sizeof(line), "dump %s", path);
	part = ran(line);
	check_eq(part.status, STATUS_OK);
	check(strstr(part.err, "index"));
	check(!strcmp(part.out, whole.out));
	ran_free(&part);
	check_eq(truncate(path, 60000), 0);
	part = ran(line);
	check_eq(part.status, STATUS_OK);
	check(*part.err);
	check(strlen(part.out) > 1000 && strlen(part.out) < strlen(whole.out));
	ran_free(&whole);
	ran_free(&part);
}

/* the last line of JSON of each command has @key, and stderr the sentence */
static void says_what_is_missing(int status, const char *key, const char *said)
{
	static const char *const commands[] = { "show", "stat", "dump" };
	char line[128], *last;
	json_t *json;
	struct ran r;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		snprintf(line, sizeof(line), "%s --json --quiet %s",
			 commands[i], path);
		r = ran(line);
		check_eq(r.status, status);
		check(strstr(r.err, said));
		if (check(*r.out))
			r.out[strlen(r.out) - 1] = '\0';
		last = strrchr(r.out, '\n');
		json = json_loads(last ? last + 1 : r.out, 0, NULL);
		check(json_is_boolean(ran_at(json, "whole")));
		check(strstr(json_string_value(ran_at(json, key)) ?: "", said));
		json_decref(json);
		ran_free(&r);
	}
}

/* some of it is shown, and that it cannot be is said */
static void wrong_records(void)
{
	char line[128];
	struct ran r;

	hand_begin(path, 1);
	hand_open(0, 0, 0);
	hand_event(2, 0, 1, 1, ACQREL_VERDICT_PUSHED);
	hand_event(1, 0, 1, 1, ACQREL_VERDICT_PUSHED);
	hand_close(9, 2, 0);
	hand_end();
	snprintf(line, sizeof(line), "dump %s", path);
	r = ran(line);
	check_eq(r.status, STATUS_CHECK);
	check(strstr(r.out, "5.000000002 cpu 0"));
	check(strstr(r.err, "CPU 0"));
	ran_free(&r);
	says_what_is_missing(STATUS_CHECK, "error", "goes back in time");
}

/* neither --quiet nor --json hides it */
static void cut_file(void)
{
	struct trace_made params = { .events = 3000, .cpus = 2 };

	check_eq(trace_make(path, &params), 0);
	check_eq(truncate(path, 150000), 0);
	says_what_is_missing(STATUS_OK, "cut", "cut off");
}

static void no_trace(void)
{
	static const char *const commands[] = {
		"show", "stat", "dump", "export",
	};
	char line[128];
	struct ran r;

	check_eq(truncate(path, 0), 0);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		snprintf(line, sizeof(line), "%s %s", commands[i], path);
		r = ran(line);
		check_eq(r.status, STATUS_CHECK);
		check(!*r.out && *r.err);
		ran_free(&r);
		snprintf(line, sizeof(line), "%s %s.not-there", commands[i],
			 path);
		r = ran(line);
		check_eq(r.status, STATUS_CHECK);
		check(!*r.out && *r.err);
		ran_free(&r);
	}
}

/* the reader goes away: so does the command, without a word */
static void closed_pipe(void)
{
	struct trace_made params = { .events = ktap_scale(200000) };
	char line[] = "first line", *words[] = { "dump", path };
	struct args args = { .argv = words, .argc = 2, .path = "acqrel trace" };
	int fds[2], status;
	pid_t pid;

	check_eq(trace_make(path, &params), 0);
	check_eq(pipe(fds), 0);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(fds[0]);
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		exit(out_finish(args_dispatch(&args, trace_commands)));
	}
	close(fds[1]);
	check_eq(read(fds[0], line, sizeof(line)), sizeof(line));
	close(fds[0]);
	check_eq(waitpid(pid, &status, 0), pid);
	check(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
}

static const struct ktap_test tests[] = {
	{ "every line", every_line },
	{ "filters", filters },
	{ "times", times },
	{ "limits", limits },
	{ "wrong words", wrong_words },
	{ "JSON lines", json_lines },
	{ "a partial trace", partial },
	{ "wrong records", wrong_records },
	{ "a file that is cut", cut_file },
	{ "no trace", no_trace },
	{ "a closed pipe", closed_pipe },
};

int main(void)
{
	hand_path(path, sizeof(path));
	return ktap_run(tests, ARRAY_SIZE(tests));
}
