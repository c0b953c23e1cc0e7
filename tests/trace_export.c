// SPDX-License-Identifier: GPL-2.0-only
/*
 * acqrel trace export: the time line is one that can be drawn.
 */
#include <math.h>
#include <sys/stat.h>

#include "trace_made.h"

#include "trace_ran.h"

#define US		1000ULL
#define CPUS_MAX	8
#define THREADS_MAX	(ACQREL_GENERATOR_PIDS + 1)

static char path[64];

static json_t *exported(void)
{
	struct ran r = ran_well("export %s", path);
	json_t *json = ran_json(&r);

	ran_free(&r);
	return json;
}

static double number(const json_t *mark, const char *key)
{
	return json_number_value(ran_at(mark, key));
}

/* the mark that begins next after names, or NULL */
static const json_t *find(const json_t *json, const char *ph, const char *name)
{
	const json_t *mark;
	size_t i;

	json_array_foreach(ran_at(json, "traceEvents"), i, mark)
		if (ran_is(mark, "ph", ph) && ran_is(mark, "name", name))
			return mark;
	if (!check(!"found"))
		printf("# %s %s\n", ph, name);
	return NULL;
}

static void check_mark(const json_t *mark, u64 pid, u64 tid, double ts_us,
		       double dur_us)
{
	if (!mark)
		return;
	check_eq(ran_u64(mark, "pid"), pid);
	check_eq(ran_u64(mark, "tid"), tid);
	check(fabs(number(mark, "ts") - ts_us) < 0.0005);
	if (dur_us >= 0)
		check(fabs(number(mark, "dur") - dur_us) < 0.0005);
}

static void marks(void)
{
	const json_t *mark;
	json_t *json;

	hand_begin(path, 2);
	hand_open(3, 0, 0);
	hand_event(10 * US + 1, 0, 100, 2 * US + 2, ACQREL_VERDICT_PUSHED);
	hand_event(10 * US + 5, 1, 200, 3 * US, ACQREL_FILTER_PID);
	hand_event(20 * US, 0, 0, HAND_NONE, ACQREL_VERDICT_PUSHED);
	hand_state(30 * US, 7, 2);
	hand_config(30 * US, 1);
	hand_config(40 * US, 2);
	hand_event(40 * US, 2, 300, 1 * US, ACQREL_VERDICT_DROPPED);
	hand_close(90 * US, 8, 4);
	hand_open(5, 0, 0);
	hand_config(41 * US, 2);
	hand_event(50 * US, 0, 101, 1 * US, ACQREL_VERDICT_PUSHED);
	hand_close(90 * US, 1, 0);
	hand_end();

	json = exported();
	check(ran_is(json, "otherData.host", "by-hand"));
	check(json_is_true(ran_at(json, "otherData.whole")));
	mark = find(json, "X", "pid 100");
	check_mark(mark, 1, 3, 7.999, 2.002);
	check_eq(ran_u64(mark, "args.value_ns"), 2 * US + 2);
	check_eq(ran_u64(mark, "args.seq"), 0);
	check(ran_is(mark, "args.verdict", "pushed"));
	check_mark(find(json, "X", "pid 101"), 1, 5, 49, 1);
	mark = find(json, "X", "sched_wakeup");
	check_mark(mark, 2, 200, 7.005, 3);
	check_eq(ran_u64(mark, "args.cpu"), 3);
	check(ran_is(mark, "args.verdict", "filtered_pid"));
	check_mark(find(json, "X", "sched_wakeup_new"), 2, 300, 39, 1);
	mark = find(json, "i", "config 2");
	check_mark(mark, 1, 3, 40, -1);
	check(ran_is(mark, "s", "g"));
	mark = find(json, "i", "lost events");
	check_mark(mark, 1, 3, 30, -1);
	check_eq(ran_u64(mark, "args.skipped"), 4);
	check_eq(ran_u64(mark, "args.seq"), 3);
	mark = find(json, "C", "events/s");
	check_eq(ran_u64(mark, "args.events"), 500);
	check(ran_is(find(json, "M", "process_name"), "args.name", "CPUs"));
	check(ran_is(find(json, "M", "thread_name"), "args.name", "CPU 3"));
	json_decref(json);
}

/* what began before the start, and what overlaps */
static void cut_stretches(void)
{
	const json_t *mark;
	json_t *json;

	hand_begin(path, 1);
	hand_open(0, 0, 0);
	hand_event(10 * US, 0, 100, 50 * US, ACQREL_VERDICT_PUSHED);
	hand_event(15 * US, 0, 101, 7 * US, ACQREL_VERDICT_PUSHED);
	hand_event(16 * US, 0, 102, ~1ULL, ACQREL_VERDICT_PUSHED);
	hand_event(20 * US, 1, 103, 5 * US, ACQREL_VERDICT_PUSHED);
	hand_event(22 * US, 1, 103, 5 * US, ACQREL_VERDICT_PUSHED);
	hand_event(22 * US, 2, 104, 5 * US, ACQREL_VERDICT_PUSHED);
	hand_close(90 * US, 6, 0);
	hand_end();

	json = exported();
	mark = find(json, "X", "pid 100");
	check_mark(mark, 1, 0, 0, 10);
	check_eq(ran_u64(mark, "args.value_ns"), 50 * US);
	check_mark(find(json, "X", "pid 101"), 1, 0, 10, 5);
	mark = find(json, "X", "pid 102");
	check_mark(mark, 1, 0, 15, 1);
	check(ran_is(mark, "args.value_ns", "18446744073709551614"));
	check_mark(find(json, "X", "sched_wakeup"), 2, 103, 15, 5);
	check_mark(find(json, "X", "sched_wakeup_new"), 2, 104, 17, 5);
	json_decref(json);
}

/* a CPU that says nothing */
static void nothing(void)
{
	json_t *json;

	hand_begin(path, 1);
	hand.cpu = 2;
	hand_snapshot(ACQREL_TRACE_OPEN, 0, 5, 0, 0);
	hand_close(90, 5, 0);
	hand_end();

	json = exported();
	check_eq(json_array_size(ran_at(json, "traceEvents")), 3);
	check(ran_is(json, "traceEvents.2.args.name", "CPU 2"));
	json_decref(json);
}

struct order {
	double ts;
	double cpu_end[2 * CPUS_MAX];
	double thread_end[THREADS_MAX];
	u64 stretches;
	u64 configs;
	u64 gaps;
};

static void check_order(struct order *o, const json_t *mark)
{
	const char *ph = json_string_value(ran_at(mark, "ph"));
	double ts, *end;

	if (*ph == 'M')
		return;
	ts = number(mark, "ts");
	check(ts >= 0 && ts >= o->ts);
	o->ts = ts;
	o->configs += *ph == 'i' && ran_is(mark, "s", "g");
	o->gaps += *ph == 'i' && ran_is(mark, "s", "t");
	if (*ph != 'X')
		return;
	o->stretches++;
	end = ran_u64(mark, "pid") == 1 ? o->cpu_end : o->thread_end;
	end += ran_u64(mark, "tid");
	check(ts >= *end - 0.0005);
	*end = ts + number(mark, "dur");
}

/* values of the generator reach back far behind the start */
static void order_of_marks(void)
{
	struct trace_made params = {
		.seed = ktap_seed_value, .cpus = 3, .idle = 1, .changes = 5,
		.events = 3 * ktap_scale(20000), .tap_every = 1500,
	};
	static struct order o;
	const json_t *mark;
	json_t *json;
	size_t i;

	check_eq(trace_make(path, &params), 0);
	json = exported();
	json_array_foreach(ran_at(json, "traceEvents"), i, mark)
		check_order(&o, mark);
	check(o.stretches > params.events);
	check_eq(o.configs, 6);
	check(o.gaps);
	json_decref(json);
}

static void a_file(void)
{
	char to[] = "/tmp/trace-export.XXXXXX", line[256];
	struct ran r;
	json_t *json;
	int fd = mkstemp(to);

	check(fd >= 0);
	marks();
	snprintf(line, sizeof(line), "export %s -o %s --json", path, to);
	r = ran(line);
	check_eq(r.status, STATUS_OK);
	json = ran_json(&r);
	/* 4 stretches, a config, the first one, a loss, and a rate */
	check_eq(ran_u64(json, "marks"), 8);
	check(ran_is(json, "file", to));
	json_decref(json);
	ran_free(&r);
	json = json_load_file(to, 0, NULL);
	check(json_is_array(json_object_get(json, "traceEvents")));
	json_decref(json);
	check_eq(unlink(to), 0);
	close(fd);

	snprintf(line, sizeof(line), "export %s -o /not/there", path);
	r = ran(line);
	check_eq(r.status, STATUS_CHECK);
	check(*r.err);
	ran_free(&r);
}

static void full_disk(void)
{
	struct trace_made params = { .events = 5000 };
	char line[128];
	struct ran r;

	check_eq(trace_make(path, &params), 0);
	snprintf(line, sizeof(line), "export %s -o /dev/full", path);
	r = ran(line);
	check_eq(r.status, STATUS_CHECK);
	check(strstr(r.err, "No space left"));
	ran_free(&r);
}

static void partial(void)
{
	struct trace_made params = { .events = 5000, .killed = true };
	char line[128];
	json_t *json;
	struct ran r;

	check_eq(trace_make(path, &params), 0);
	snprintf(line, sizeof(line), "export %s", path);
	r = ran(line);
	check_eq(r.status, STATUS_OK);
	check(strstr(r.err, "index"));
	json = ran_json(&r);
	check(json_is_false(ran_at(json, "otherData.whole")));
	check(json_array_size(ran_at(json, "traceEvents")) > 1000);
	json_decref(json);
	ran_free(&r);
}

static void keeps_what_is_there(const char *line, int status, const char *said)
{
	struct ran r = ran(line);

	check_eq(r.status, status);
	check(strstr(r.err, said));
	check(!*r.out);
	ran_free(&r);
}

/* neither the trace itself nor a file from before is lost */
static void failures_replace_nothing(void)
{
	char line[256], out[] = "/tmp/acqrel-export-XXXXXX";
	int fd = mkstemp(out);
	struct stat st;

	check_eq(write(fd, "old", 3), 3);
	hand_begin(path, 1);
	hand_open(0, 0, 0);
	hand_event(2, 0, 1, 1, ACQREL_VERDICT_PUSHED);
	hand_event(1, 0, 1, 1, ACQREL_VERDICT_PUSHED);
	hand_close(9, 2, 0);
	hand_end();
	snprintf(line, sizeof(line), "export %s -o %s", path, out);
	keeps_what_is_there(line, STATUS_CHECK, "goes back in time");
	check(!fstat(fd, &st) && st.st_size == 3 && st.st_nlink == 1);
	snprintf(line, sizeof(line), "export %s", path);
	keeps_what_is_there(line, STATUS_CHECK, "goes back in time");
	snprintf(line, sizeof(line), "export %s -o %s", path, path);
	keeps_what_is_there(line, STATUS_USAGE, "the trace itself");
	close(fd);
	unlink(out);
}

/* one wait as long as the trace, and more marks than are held back */
static void long_wait(void)
{
	const u64 events = 300000;
	char line[128];
	json_t *json;
	struct ran r;

	hand_begin(path, 1);
	hand_open(0, 0, 0);
	for (u64 i = 1; i <= events; i++) {
		if (hand.n == HAND_UNITS)
			hand_block();
		hand_event(i * 10, 0, 1, 5, ACQREL_VERDICT_PUSHED);
	}
	hand_block();
	hand_event(events * 10 + 1, 1, 2, events * 10, ACQREL_VERDICT_PUSHED);
	hand_close(events * 10 + 2, events + 1, 0);
	hand_end();
	snprintf(line, sizeof(line), "export %s", path);
	r = ran_well("export %s", path);
	json = ran_json(&r);
	check(json_array_size(ran_at(json, "traceEvents")) > events);
	json_decref(json);
	ran_free(&r);
}

static const struct ktap_test tests[] = {
	{ "marks", marks },
	{ "stretches are cut where they must be", cut_stretches },
	{ "nothing to draw", nothing },
	{ "order of marks", order_of_marks },
	{ "a file", a_file },
	{ "a full disk", full_disk },
	{ "a partial trace", partial },
	{ "failures replace nothing", failures_replace_nothing },
	{ "a long wait among many events", long_wait },
};

int main(void)
{
	hand_path(path, sizeof(path));
	return ktap_run(tests, ARRAY_SIZE(tests));
}
