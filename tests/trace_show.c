// SPDX-License-Identifier: GPL-2.0-only
/*
 * acqrel trace show: identity, sums, configs and gaps.
 */
#include "trace_made.h"
#include "trace_ran.h"

#define MS	1000000ULL

static char path[64];

/* 20 bins of 100 ms; CPU 4 is the busier one and loses 7 events */
static void make(bool closed)
{
	hand_begin(path, 2);
	hand_open(1, 5, 0);
	hand_event(50 * MS, 0, 10, 77, ACQREL_VERDICT_PUSHED);
	hand_event(60 * MS, 1, 10, 77, ACQREL_FILTER_KIND);
	hand_config(950 * MS, 3);
	hand_event(950 * MS, 1, 10, 77, ACQREL_VERDICT_DROPPED);
	hand_close(1999 * MS, 8, 0);
	hand_open(4, 0, 0);
	hand_event(50 * MS, 0, 20, 1, ACQREL_FILTER_SAMPLE);
	hand_event(51 * MS, 0, 20, 1, ACQREL_FILTER_PID);
	hand_event(52 * MS, 0, 20, 1, ACQREL_FILTER_VALUE);
	hand_event(53 * MS, 2, 20, 1, ACQREL_VERDICT_OVERWROTE);
	hand_event(54 * MS, 2, 20, 1, ACQREL_VERDICT_PUSHED);
	hand_state(650 * MS, 10, 2);
	hand_config(650 * MS, 1);
	hand_config(940 * MS, 3);
	hand_event(940 * MS, 2, 20, 1, ACQREL_VERDICT_OVERWROTE);
	if (closed)
		hand_close(1999 * MS, 13, 7);
	else
		hand_block();
	hand_end();
}

static json_t *shown(void)
{
	struct ran r = ran_well("show --json %s", path);
	json_t *json = ran_json(&r);

	ran_free(&r);
	return json;
}

static void identity(void)
{
	json_t *json;

	make(true);
	json = shown();
	check_eq(ran_u64(json, "schema"), OUT_SCHEMA);
	check(ran_is(json, "file", path));
	check(ran_u64(json, "bytes") > 1000);
	check_eq(ran_u64(json, "data_blocks"), 2);
	check(json_is_true(ran_at(json, "whole")));
	check(json_is_null(ran_at(json, "cut")));
	check(ran_is(json, "recorded.host_name", "by-hand"));
	check(ran_is(json, "recorded.kernel_version", "6.1.0 #1"));
	check(ran_is(json, "recorded.module_version", "1.2.3"));
	check(ran_is(json, "recorded.command_version", "1.2.4"));
	check(ran_is(json, "recorded.date", "2023-11-14T22:13:20Z"));
	check_eq(ran_u64(json, "recorded.start_ns"), HAND_START_NS);
	check_eq(ran_u64(json, "elapsed_ns"), 1999 * MS);
	json_decref(json);
}

static void check_books(const json_t *json, const u64 *want)
{
	static const char *const keys[] = {
		"events", "filtered_kind", "filtered_sample", "filtered_pid",
		"filtered_value", "pushed", "dropped", "overwritten", "lost",
		"skipped", "gaps",
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!check_eq(ran_u64(json, keys[i]), want[i]))
			printf("# %s\n", keys[i]);
}

static void books(void)
{
	static const u64 want[][11] = {
		{ 3, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0 },
		{ 6, 0, 1, 1, 1, 3, 0, 2, 7, 7, 2 },
		{ 9, 1, 1, 1, 1, 4, 1, 2, 7, 7, 2 },
	};
	json_t *json;

	make(true);
	json = shown();
	check_eq(ran_u64(json, "per_cpu.0.cpu"), 1);
	check_eq(ran_u64(json, "per_cpu.1.cpu"), 4);
	check_books(ran_at(json, "per_cpu.0"), want[0]);
	check_books(ran_at(json, "per_cpu.1"), want[1]);
	check_books(ran_at(json, "total"), want[2]);
	check_eq(ran_u64(json, "events"), 9);
	check_eq(ran_u64(json, "lost"), 7);
	check_eq(ran_u64(json, "skipped"), 7);
	check_eq(ran_u64(json, "gaps"), 2);
	json_decref(json);
}

static bool near(const json_t *json, const char *at, double want)
{
	double value = json_number_value(ran_at(json, at));

	return check(value > want * 0.999999 && value < want * 1.000001);
}

static void rates_by_kind(void)
{
	json_t *json;

	make(true);
	json = shown();
	check_eq(ran_u64(json, "rates.1.sched_switch_events"), 3);
	check_eq(ran_u64(json, "rates.1.sched_wakeup_events"), 0);
	check_eq(ran_u64(json, "rates.1.sched_wakeup_new_events"), 3);
	check_eq(ran_u64(json, "rates.1.elapsed_ns"), 1999 * MS);
	near(json, "rates.0.events_per_s", 3 / 1.999);
	near(json, "rates.0.sched_wakeup_per_s", 2 / 1.999);
	near(json, "total_rates.events_per_s", 9 / 1.999);
	near(json, "total_rates.sched_switch_per_s", 4 / 1.999);
	near(json, "events_per_s", 9 / 1.999);
	json_decref(json);
}

static void configs_have_a_place(void)
{
	json_t *json;

	make(true);
	json = shown();
	check_eq(json_array_size(ran_at(json, "configs")), 2);
	check_eq(ran_u64(json, "configs.0.generation"), 1);
	check_eq(ran_u64(json, "configs.0.since_start_ns"), 0);
	check_eq(ran_u64(json, "configs.1.generation"), 3);
	check_eq(ran_u64(json, "configs.1.since_start_ns"), 940 * MS);
	check(ran_is(json, "configs.1.changed", "sample_every 3"));
	check_eq(ran_u64(json, "configs.1.sample_every"), 3);
	check_eq(ran_u64(json, "configs.1.first_seq.0.cpu"), 1);
	check_eq(ran_u64(json, "configs.1.first_seq.0.seq"), 7);
	check_eq(ran_u64(json, "configs.1.first_seq.1.cpu"), 4);
	check_eq(ran_u64(json, "configs.1.first_seq.1.seq"), 10);
	json_decref(json);
}

static void gaps_have_a_place(void)
{
	json_t *json;

	make(true);
	json = shown();
	check_eq(json_array_size(ran_at(json, "gap_list")), 2);
	check_eq(ran_u64(json, "gap_list.0.since_start_ns"), 650 * MS);
	check_eq(ran_u64(json, "gap_list.0.cpu"), 4);
	check_eq(ran_u64(json, "gap_list.0.seq"), 5);
	check_eq(ran_u64(json, "gap_list.0.skipped"), 5);
	check_eq(ran_u64(json, "gap_list.1.since_start_ns"), 1999 * MS);
	check_eq(ran_u64(json, "gap_list.1.seq"), 11);
	check_eq(ran_u64(json, "gap_list.1.skipped"), 2);
	json_decref(json);
}

static void bins_of_time(void)
{
	json_t *json;
	u64 ns;

	make(true);
	json = shown();
	check_eq(json_array_size(ran_at(json, "time_line")), 20);
	ns = ran_u64(json, "time_line.0.elapsed_ns");
	check(ns >= 1999 * MS / 20 && ns <= 1999 * MS / 20 + 1);
	check_eq(ran_u64(json, "time_line.0.events"), 7);
	near(json, "time_line.0.events_per_s", 7 * 1e9 / ns);
	check_eq(ran_u64(json, "time_line.6.skipped"), 5);
	check_eq(ran_u64(json, "time_line.8.events"), 0);
	check_eq(ran_u64(json, "time_line.9.events"), 2);
	check_eq(ran_u64(json, "time_line.9.since_start_ns"), 9 * ns);
	check_eq(ran_u64(json, "time_line.19.skipped"), 2);
	json_decref(json);
}

static void words(void)
{
	static const char *const said[] = {
		"whole                yes\n",
		"host                 by-hand\n",
		"lasted               2.00 s\n",
		"lost                 7\n",
		"total       9       1         1      1        1       4",
		"0.940000000 s  generation 3: sample_every 3\n",
		"from event 7 on CPU 1, 10 on CPU 4\n",
		"0.650000000 s  5 events from 5 on CPU 4\n",
		"70 /s   config 1\n",
		"0 /s   5 lost\n",
		"20 /s   config 3\n",
	};
	struct ran r;

	make(true);
	r = ran_well("show %s", path);
	for (size_t i = 0; i < ARRAY_SIZE(said); i++)
		if (!check(strstr(r.out, said[i])))
			printf("# not there: %s", said[i]);
	check(!strchr(r.out, '\033'));
	ran_free(&r);
}

/* without its CLOSE, nobody knows what a CPU lost in the end */
static void no_end(void)
{
	char line[128];
	json_t *json;
	struct ran r;

	make(false);
	snprintf(line, sizeof(line), "show --json %s", path);
	r = ran(line);
	check_eq(r.status, STATUS_OK);
	json = ran_json(&r);
	check(json_is_false(ran_at(json, "whole")));
	check(json_is_null(ran_at(json, "lost")));
	check(json_is_null(ran_at(json, "per_cpu.1.lost")));
	check(json_is_integer(ran_at(json, "per_cpu.0.lost")));
	check_eq(ran_u64(json, "per_cpu.1.skipped"), 5);
	check_eq(ran_u64(json, "total.events"), 9);
	json_decref(json);
	ran_free(&r);
}

static void partial_trace(void)
{
	struct trace_made params = {
		.events = 3000, .cpus = 2, .changes = 2, .killed = true,
	};
	char line[128];
	json_t *json;
	struct ran r;
	u64 whole;

	check_eq(trace_make(path, &params), 0);
	snprintf(line, sizeof(line), "show --json %s", path);
	r = ran(line);
	check_eq(r.status, STATUS_OK);
	json = ran_json(&r);
	whole = ran_u64(json, "events");
	check_eq(whole, 6000);
	check(json_is_string(ran_at(json, "cut")));
	check(strstr(r.err, json_string_value(ran_at(json, "cut"))));
	json_decref(json);
	ran_free(&r);

	check_eq(truncate(path, 150000), 0);
	r = ran(line);
	check_eq(r.status, STATUS_OK);
	json = ran_json(&r);
	check(ran_u64(json, "events") && ran_u64(json, "events") < whole);
	check(*r.err);
	json_decref(json);
	ran_free(&r);
}

static u64 sum_of(const json_t *array, const char *key)
{
	const json_t *row;
	size_t i;
	u64 sum = 0;

	json_array_foreach(array, i, row)
		sum += ran_u64(row, key);
	return sum;
}

/* whatever was recorded, every part adds up to the same */
static void every_part_adds_up(void)
{
	struct trace_made params = {
		.seed = ktap_seed_value, .events = 20000, .cpus = 3, .idle = 1,
		.changes = 5, .tap_every = 1700,
	};
	static const char *const keys[] = {
		"events", "filtered_kind", "filtered_sample", "filtered_pid",
		"filtered_value", "pushed", "dropped", "overwritten", "lost",
		"skipped", "gaps",
	};
	json_t *json;
	u64 events;

	check_eq(trace_make(path, &params), 0);
	json = shown();
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		char total[40];

		snprintf(total, sizeof(total), "total.%s", keys[i]);
		check_eq(sum_of(ran_at(json, "per_cpu"), keys[i]),
			 ran_u64(json, total));
	}
	events = ran_u64(json, "events");
	check(ran_u64(json, "lost"));
	check_eq(events + ran_u64(json, "lost"), 60000);
	check_eq(ran_u64(json, "lost"), ran_u64(json, "skipped"));
	check_eq(sum_of(ran_at(json, "rates"), "events"), events);
	check_eq(sum_of(ran_at(json, "time_line"), "events"), events);
	check_eq(sum_of(ran_at(json, "time_line"), "skipped"),
		 ran_u64(json, "skipped"));
	check_eq(sum_of(ran_at(json, "gap_list"), "skipped"),
		 ran_u64(json, "skipped"));
	check_eq(json_array_size(ran_at(json, "gap_list")),
		 ran_u64(json, "gaps"));
	json_decref(json);
}

static const struct ktap_test tests[] = {
	{ "identity", identity },
	{ "books", books },
	{ "rates", rates_by_kind },
	{ "configs", configs_have_a_place },
	{ "gaps", gaps_have_a_place },
	{ "time line", bins_of_time },
	{ "text", words },
	{ "a CPU without its end", no_end },
	{ "a partial trace", partial_trace },
	{ "every part adds up", every_part_adds_up },
};

int main(void)
{
	hand_path(path, sizeof(path));
	return ktap_run(tests, ARRAY_SIZE(tests));
}
