// SPDX-License-Identifier: GPL-2.0-only
/*
 * What acqrel replay says, and how it ends.
 */
#include <jansson.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "capture.h"
#include "cmd.h"
#include "replay_made.h"

static const struct trace_made whole = {
	.cpus = 3, .events = 5000, .changes = 8,
};

static const struct command command = { .name = "replay" };

/* in a process of its own: what --json sets stays set */
static int run(const char *options)
{
	char line[256], *words[CAPTURE_WORDS];
	struct args args = { .argv = words, .path = "acqrel replay",
			     .command = &command };
	int status = -1;
	pid_t pid;

	snprintf(line, sizeof(line), "%s %s", made_path(), options);
	for (char *w = strtok(line, " "); w; w = strtok(NULL, " "))
		words[args.argc++] = w;
	capture_begin();
	pid = fork();
	if (!pid)
		exit(out_finish(cmd_replay(&args)));
	waitpid(pid, &status, 0);
	capture_end();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void check_said(const char *text)
{
	if (!check(capture_said(text)))
		printf("# no '%s' in:\n%s%s", text, capture_out.text,
		       capture_err.text);
}

static void make_file(const struct trace_made *params)
{
	check_eq(trace_make(made_path(), params), 0);
}

static json_t *document(void)
{
	json_t *json = json_loads(capture_out.text, 0, NULL);

	if (!check(json))
		printf("# no JSON: %s%s", capture_out.text, capture_err.text);
	return json;
}

/* a number of the document; its path is made of keys and indexes */
static json_t *at(json_t *json, const char *path)
{
	char copy[128];

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *w = strtok(copy, "/"); w && json; w = strtok(NULL, "/"))
		json = json_is_array(json) ? json_array_get(json, atoi(w)) :
					     json_object_get(json, w);
	if (!check(json))
		printf("# there is no %s\n", path);
	return json;
}

static u64 number(json_t *json, const char *path)
{
	return json_integer_value(at(json, path));
}

static const char *string(json_t *json, const char *path)
{
	return json_string_value(at(json, path)) ?: "";
}

static void edit_past(void *payload, u32 bytes)
{
	struct acqrel_trace_snapshot *snap = payload;

	(void)bytes;
	snap->sums.account.filtered[ACQREL_FILTER_PID] += 1000;
}

/* what was before the recording is not among them */
static void numbers_are_printed(void)
{
	struct change change = { .type = ACQREL_TRACE_OPEN, .cpu = 3,
				 .edit = edit_past };
	json_t *json;
	u64 sum;

	check_eq(make_changed(&whole, &change), 0);
	check_eq(run("--json --threads 2"), STATUS_OK);
	json = document();
	check_eq(json_array_size(at(json, "worlds")), 1);
	check_eq(json_array_size(at(json, "worlds/0/per_cpu")), 3);
	check(!strcmp(string(json, "worlds/0/world"), "user"));
	check_eq(strlen(string(json, "worlds/0/digest")), 16);
	check_eq(number(json, "worlds/0/threads"), 2);
	check_eq(number(json, "worlds/0/per_cpu/2/cpu"), 5);
	check_eq(number(json, "worlds/0/per_cpu/2/events"), 5000);
	check_eq(number(json, "worlds/0/total/events"), 15000);
	check_eq(number(json, "worlds/0/total/different_verdicts"), 0);
	check(json_is_null(at(json, "worlds/0/per_cpu/0/first_different")));
	check(json_is_true(at(json, "whole")));
	check(json_is_null(at(json, "cut")));
	check(!json_object_get(json, "compared"));
	sum = number(json, "worlds/0/total/filtered_kind") +
	      number(json, "worlds/0/total/filtered_sample") +
	      number(json, "worlds/0/total/filtered_pid") +
	      number(json, "worlds/0/total/filtered_value") +
	      number(json, "worlds/0/total/pushed") +
	      number(json, "worlds/0/total/dropped");
	check_eq(sum, 15000);
	json_decref(json);
}

static void agreement_is_said(void)
{
	json_t *json;

	make_file(&whole);
	check_eq(run("--verify"), STATUS_OK);
	check_said("agree: ");
	check_said(" numbers compared, none differs");
	check_eq(run("--verify --json"), STATUS_OK);
	json = document();
	check(json_is_true(at(json, "agree")));
	check(number(json, "compared") > 600);
	check_eq(number(json, "different"), 0);
	check_eq(json_array_size(at(json, "differences")), 0);
	json_decref(json);
}

static void edit_bucket(void *payload, u32 bytes)
{
	struct acqrel_trace_snapshot *snap = payload;

	(void)bytes;
	snap->sums.stats[1].hist[9] += 2;
}

static void a_difference_is_listed(void)
{
	struct change change = { .type = ACQREL_TRACE_CLOSE, .cpu = 3,
				 .edit = edit_bucket };
	json_t *json;

	check_eq(make_changed(&whole, &change), 0);
	check_eq(run("--verify"), STATUS_CHECK);
	check_said("CPU 3");
	check_said("sched_wakeup bucket 9");
	check_said("disagree: 1 of ");
	check_eq(run("--verify --json"), STATUS_CHECK);
	json = document();
	check(!strcmp(string(json, "differences/0/where"), "CPU 3"));
	check(!strcmp(string(json, "differences/0/what"),
		      "sched_wakeup bucket 9"));
	check_eq(number(json, "differences/0/recorded_value"),
		 number(json, "differences/0/user_value") + 2);
	check(json_is_null(at(json, "differences/0/kernel_value")));
	json_decref(json);
	/* it is the end that differs, and that was not asked for */
	check_eq(run(""), STATUS_OK);
}

static void edit_buckets(void *payload, u32 bytes)
{
	struct acqrel_trace_snapshot *snap = payload;

	(void)bytes;
	for (unsigned int i = 0; i < ACQREL_HIST_BUCKETS; i++)
		snap->sums.stats[0].hist[i]++;
}

static void not_too_many_are_listed(void)
{
	struct change change = { .type = ACQREL_TRACE_CLOSE, .cpu = 3,
				 .edit = edit_buckets };
	json_t *json;

	check_eq(make_changed(&whole, &change), 0);
	check_eq(run("--verify"), STATUS_CHECK);
	check_said("sched_switch bucket 19");
	check(!capture_said("sched_switch bucket 20"));
	check_said("and 45 more");
	check_eq(run("--verify --json"), STATUS_CHECK);
	json = document();
	check_eq(json_array_size(at(json, "differences")), 65);
	json_decref(json);
}

static void edit_verdict(void *payload, u32 bytes)
{
	struct acqrel_trace_event *ev = payload;

	ev += bytes / sizeof(*ev) - 1;
	check_eq(ev->verdict, ACQREL_VERDICT_DROPPED);
	ev->verdict = ACQREL_FILTER_PID;
}

/* 100 events were there before the recording, and 256 are in a chunk */
static void the_first_event_is_named(void)
{
	struct change change = { .type = ACQREL_TRACE_DATA, .cpu = 3,
				 .edit = edit_verdict };
	json_t *json;

	check_eq(make_changed(&whole, &change), 0);
	check_eq(run(""), STATUS_CHECK);
	check_said("CPU 3, user: the first different verdict is that of event 355: ");
	check_said("recorded filtered_pid, replayed dropped\n");
	check_eq(run("--verify"), STATUS_CHECK);
	check_said("verdicts that differ");
	check_eq(run("--json"), STATUS_CHECK);
	json = document();
	check_eq(number(json, "worlds/0/per_cpu/1/first_different/seq"), 355);
	check(!strcmp(string(json,
			     "worlds/0/per_cpu/1/first_different/recorded_verdict"),
		      "filtered_pid"));
	check(!strcmp(string(json,
			     "worlds/0/per_cpu/1/first_different/replayed_verdict"),
		      "dropped"));
	json_decref(json);
}

static void edit_last_verdict(void *payload, u32 bytes)
{
	struct acqrel_trace_event *ev = payload;

	ev += bytes / sizeof(*ev) - 1;
	ev->verdict = !ev->verdict;
}

static void not_too_many_events_are_named(void)
{
	const struct trace_made many = { .cpus = 22, .events = 100 };
	struct change change = { .type = ACQREL_TRACE_DATA, .cpu = ALL_CPUS,
				 .edit = edit_last_verdict };

	check_eq(make_changed(&many, &change), 0);
	check_eq(run(""), STATUS_CHECK);
	check_said("CPU 39, user: the first different verdict is that of event 199: ");
	check(!capture_said("CPU 41, user"));
	check_said("and 2 CPUs more\n");
}

static void an_incomplete_trace_is_not_trusted(void)
{
	struct trace_made killed = whole;
	json_t *json;

	killed.killed = true;
	make_file(&killed);
	check_eq(run("--verify"), STATUS_UNTRUSTED);
	check_said("ends early");
	check_said("incomplete");
	check_eq(run(""), STATUS_OK);
	check_eq(run("--verify --json --quiet"), STATUS_UNTRUSTED);
	check(!*capture_err.text);
	json = document();
	check(json_is_false(at(json, "whole")));
	check(json_is_string(at(json, "cut")));
	check(json_is_true(at(json, "agree")));
	json_decref(json);
}

/* cut in the middle of a block */
static void a_cut_file_is_read_up_to_there(void)
{
	FILE *file;
	long size;

	make_file(&whole);
	file = fopen(made_path(), "r");
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	fclose(file);
	check(!truncate(made_path(), size / 2));
	check_eq(run("--verify"), STATUS_UNTRUSTED);
	check_said("ends early");
	check_said("reading stops at block ");
}

static void losses_are_said(void)
{
	struct trace_made lossy = whole;
	json_t *json;

	lossy.tap_every = 3000;
	make_file(&lossy);
	check_eq(run("--verify"), STATUS_OK);
	check_said("the recorder lost events of 3 CPUs");
	check_eq(run("--verify --json"), STATUS_OK);
	json = document();
	check_eq(number(json, "cpus_without_digest"), 3);
	check(number(json, "worlds/0/total/skipped"));
	json_decref(json);
}

static void edit_back_in_time(void *payload, u32 bytes)
{
	struct acqrel_trace_event *ev = payload;

	ev[bytes / sizeof(*ev) - 1].clock_ns = 0;
}

static void what_cannot_be_is_refused(void)
{
	struct change change = { .type = ACQREL_TRACE_DATA, .cpu = 3,
				 .edit = edit_back_in_time };

	check_eq(make_changed(&whole, &change), 0);
	check_eq(run("--verify"), STATUS_CHECK);
	check_said("acqrel: cannot replay: CPU 3, block 4, byte 8288: an EVENT goes back in time");
	unlink(made_path());
	check_eq(run(""), STATUS_CHECK);
	check_said("No such file or directory");
	make_file(&whole);
	check_eq(run("--world moon"), STATUS_USAGE);
	check_said("--world is user, kernel or both, not 'moon'");
	check_eq(run("--threads 0"), STATUS_USAGE);
}

static void without_a_module(void)
{
	if (!access(ACQREL_DEVICE, F_OK)) {
		ktap_skip("there is a module");
		return;
	}
	make_file(&whole);
	check_eq(run("--world both"), STATUS_ABSENT);
	check_eq(run("--world kernel --verify"), STATUS_ABSENT);
	check(!*capture_out.text);
}

static const struct ktap_test tests[] = {
	{ "numbers are printed", numbers_are_printed },
	{ "agreement is said", agreement_is_said },
	{ "a difference is listed", a_difference_is_listed },
	{ "not too many are listed", not_too_many_are_listed },
	{ "the first event is named", the_first_event_is_named },
	{ "not too many events are named", not_too_many_events_are_named },
	{ "an incomplete trace is not trusted",
	  an_incomplete_trace_is_not_trusted },
	{ "a cut file is read up to there", a_cut_file_is_read_up_to_there },
	{ "losses are said", losses_are_said },
	{ "what cannot be is refused", what_cannot_be_is_refused },
	{ "without a module", without_a_module },
};

int main(void)
{
	int status = ktap_run(tests, ARRAY_SIZE(tests));

	unlink(made_path());
	return status;
}
