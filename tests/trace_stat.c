// SPDX-License-Identifier: GPL-2.0-only
/*
 * acqrel trace stat: sums, exact percentiles, and the threads.
 */
#include "trace_made.h"
#include "trace_ran.h"

static char path[64];

/* switches of CPU 0 with values 1 to 1000 in a mixed order, and some more */
static void make(void)
{
	hand_begin(path, 2);
	hand_open(0, 0, 0);
	for (unsigned int i = 1; i <= 1000; i++) {
		hand_event(i, 0, 1 + i % 4, i * 7 % 1009 % 1001 ?: 1009,
			   i % __ACQREL_VERDICT_COUNT);
		if (i % 400 == 0)
			hand_block();
	}
	hand_event(2000, 0, 0, HAND_NONE, ACQREL_VERDICT_PUSHED);
	hand_close(3000, 1001, 0);
	hand_open(1, 0, 0);
	hand_event(5, 1, 9, 40, ACQREL_VERDICT_PUSHED);
	hand_event(6, 1, 9, 0, ACQREL_VERDICT_PUSHED);
	hand_event(7, 1, 8, 50, ACQREL_VERDICT_PUSHED);
	hand_event(8, 0, 8, 1ULL << 40, ACQREL_VERDICT_PUSHED);
	hand_close(3000, 4, 0);
	hand_end();
}

static json_t *counted(const char *options)
{
	struct ran r = ran_well("stat --json %s %s", path, options);
	json_t *json = ran_json(&r);

	ran_free(&r);
	return json;
}

static int by_value(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* what the events of the trace say, by other means */
static void check_kind(const json_t *json, u64 *values, size_t n)
{
	static const struct {
		const char *key;
		double q;
	} at[] = {
		{ "p50_ns", 0.5 }, { "p90_ns", 0.9 }, { "p99_ns", 0.99 },
		{ "p99_9_ns", 0.999 },
	};
	u64 sum = 0;

	qsort(values, n, sizeof(*values), by_value);
	for (size_t i = 0; i < n; i++)
		sum += values[i];
	check_eq(ran_u64(json, "count"), n);
	check_eq(ran_u64(json, "sum_ns"), sum);
	check_eq(ran_u64(json, "min_ns"), values[0]);
	check_eq(ran_u64(json, "max_ns"), values[n - 1]);
	check_eq(json_number_value(ran_at(json, "mean_ns")), sum / n);
	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		u64 value = ran_u64(json, at[i].key);
		size_t below = 0, above = 0;

		for (size_t j = 0; j < n; j++) {
			below += values[j] < value;
			above += values[j] <= value;
		}
		/* the smallest at or below which so many are */
		if (!check(below < at[i].q * n && above >= at[i].q * n))
			printf("# %s\n", at[i].key);
	}
}

static void exact_percentiles(void)
{
	u64 values[1000];
	json_t *json;

	make();
	for (unsigned int i = 1; i <= 1000; i++)
		values[i - 1] = i * 7 % 1009 % 1001 ?: 1009;
	json = counted("--cpu 0");
	check(ran_is(json, "per_kind.0.kind", "sched_switch"));
	check_eq(ran_u64(json, "per_kind.0.events"), 1001);
	check_kind(ran_at(json, "per_kind.0"), values, 1000);
	json_decref(json);
}

static void few_values(void)
{
	u64 values[] = { 40, 0, 50 };
	json_t *json;

	make();
	json = counted("--cpu 1");
	check_eq(ran_u64(json, "per_kind.0.events"), 1);
	check_eq(ran_u64(json, "per_kind.0.p50_ns"), 1ULL << 40);
	check_kind(ran_at(json, "per_kind.1"), values, 3);
	check_eq(ran_u64(json, "per_kind.1.hist.0"), 1);
	check_eq(ran_u64(json, "per_kind.1.hist.6"), 2);
	check_eq(ran_u64(json, "per_kind.2.events"), 0);
	check(json_is_null(ran_at(json, "per_kind.2.p50_ns")));
	check(json_is_null(ran_at(json, "per_kind.2.max_ns")));
	json_decref(json);
}

static void threads(void)
{
	json_t *json;

	make();
	json = counted("-n 3");
	check_eq(ran_u64(json, "threads_seen"), 7);
	check_eq(json_array_size(ran_at(json, "top_by_events")), 3);
	check_eq(ran_u64(json, "top_by_events.0.pid"), 1);
	check_eq(ran_u64(json, "top_by_events.0.events"), 250);
	check_eq(ran_u64(json, "top_by_events.2.pid"), 3);
	check_eq(ran_u64(json, "top_by_time.0.pid"), 8);
	check_eq(ran_u64(json, "top_by_time.0.events"), 2);
	check_eq(ran_u64(json, "top_by_time.0.on_cpu_ns"), 1ULL << 40);
	json_decref(json);
	json = counted("");
	check_eq(json_array_size(ran_at(json, "top_by_events")), 7);
	/* 0 and 9 had no time */
	check_eq(json_array_size(ran_at(json, "top_by_time")), 5);
	json_decref(json);
}

static void one_thread(void)
{
	json_t *json;

	make();
	json = counted("--pid 9");
	check_eq(ran_u64(json, "per_kind.0.events"), 0);
	check_eq(ran_u64(json, "per_kind.1.events"), 2);
	check_eq(ran_u64(json, "per_kind.1.sum_ns"), 40);
	check_eq(ran_u64(json, "threads_seen"), 1);
	json_decref(json);
	json = counted("--pid 0");
	check_eq(ran_u64(json, "per_kind.0.events"), 1);
	check_eq(ran_u64(json, "per_kind.0.count"), 0);
	json_decref(json);
	json = counted("--pid 8 --cpu 0");
	check_eq(ran_u64(json, "threads_seen"), 0);
	json_decref(json);
}

static void words(void)
{
	static const char *const said[] = {
		"sched_switch: time on CPU of the task that left\n",
		"  p50                40 ns\n",
		"       32 ..     64 ns            2 |################",
		"Threads with most time on a CPU\n",
		"  8       2  1100 s\n",
	};
	struct ran r;

	make();
	r = ran_well("stat %s --cpu 1", path);
	for (size_t i = 0; i < ARRAY_SIZE(said); i++)
		if (!check(strstr(r.out, said[i])))
			printf("# not there: %s", said[i]);
	ran_free(&r);
}

/* many blocks, and a sum that CLOSE has too */
static void large(void)
{
	struct trace_made params = {
		.seed = ktap_seed_value, .cpus = 2,
		.events = ktap_scale(500000),
	};
	struct acqrel_trace_stats sum = { 0 };
	char why[TRACE_WHY];
	struct trace *trace;
	json_t *json;

	check_eq(trace_make(path, &params), 0);
	check_eq(trace_open(path, &trace, why), 0);
	for (int i = 0; i < 2; i++) {
		const struct trace_stream *s = trace_stream(trace, i);

		sum.count += s->close->sums.stats[0].count -
			     s->open->sums.stats[0].count;
		sum.sum_ns += s->close->sums.stats[0].sum_ns -
			      s->open->sums.stats[0].sum_ns;
	}
	trace_close(trace);
	json = counted("");
	/* the one config lets everything pass */
	check_eq(ran_u64(json, "per_kind.0.count"), sum.count);
	check_eq(ran_u64(json, "per_kind.0.sum_ns"), sum.sum_ns);
	json_decref(json);
}

static void partial(void)
{
	struct trace_made params = { .events = 1000, .killed = true };
	char line[128];
	json_t *json;
	struct ran r;

	check_eq(trace_make(path, &params), 0);
	snprintf(line, sizeof(line), "stat --json %s", path);
	r = ran(line);
	check_eq(r.status, STATUS_OK);
	check(strstr(r.err, "index"));
	json = ran_json(&r);
	check_eq(ran_u64(json, "per_kind.0.events") +
		 ran_u64(json, "per_kind.1.events") +
		 ran_u64(json, "per_kind.2.events"), 1000);
	json_decref(json);
	ran_free(&r);
}

static const struct ktap_test tests[] = {
	{ "exact percentiles", exact_percentiles },
	{ "few values", few_values },
	{ "threads", threads },
	{ "one thread", one_thread },
	{ "text", words },
	{ "a large trace", large },
	{ "a partial trace", partial },
};

int main(void)
{
	hand_path(path, sizeof(path));
	return ktap_run(tests, ARRAY_SIZE(tests));
}
