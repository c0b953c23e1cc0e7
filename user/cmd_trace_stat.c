// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_trace_stat.c - acqrel trace stat: values, and the threads they are of
 *
 * Every event of the trace counts, also those that the config of that day
 * filtered. Percentiles are exact: all values are kept and sorted.
 */
#include <stdlib.h>
#include <string.h>
#include <acqrel/stats.h>

#include "cmd_trace.h"
#include "histogram.h"
#include "names.h"
#include "terminal.h"

#define TOP		10
#define BAR_WIDTH	40	/* where the screen's is not known */
#define BAR_BEFORE	38	/* characters of the line */

/**
 * struct values - of a kind
 * @events: of the kind
 * @n: of them that have a value
 * @room: of @all
 * @all: the values
 * @agg: what stats make of them
 */
struct values {
	__u64 events;
	size_t n;
	size_t room;
	__u64 *all;
	struct acqrel_aggregate agg;
};

/**
 * struct thread - what a thread did
 * @pid: of it
 * @events: it was the first thread of
 * @on_cpu_ns: time on a CPU that ended with a switch
 */
struct thread {
	__u64 pid;
	__u64 events;
	__u64 on_cpu_ns;
};

/**
 * struct stat_run - what is counted
 * @view: the trace
 * @values: by kind
 * @threads: by thread id
 * @last_pid: the largest one seen
 * @pid: count this thread's only, unless it is -1
 */
struct stat_run {
	struct trace_view view;
	struct values values[__ACQREL_KIND_COUNT];
	struct thread *threads;
	size_t last_pid;
	__s64 pid;
};

static bool keep(struct values *v, __u64 value)
{
	if (v->n == v->room) {
		size_t room = v->room ? 2 * v->room : 4096;
		__u64 *all = reallocarray(v->all, room, sizeof(*all));

		if (!all)
			return false;
		v->all = all;
		v->room = room;
	}
	v->all[v->n++] = value;
	v->agg.count++;
	v->agg.sum += value;
	if (value < v->agg.min)
		v->agg.min = value;
	if (value > v->agg.max)
		v->agg.max = value;
	v->agg.hist[acqrel_hist_bucket(value)]++;
	return true;
}

static bool count(struct stat_run *run, const struct acqrel_event *e)
{
	struct values *v = &run->values[e->kind];
	struct thread *t = &run->threads[e->pid];

	if (run->pid >= 0 && e->pid != run->pid)
		return true;
	v->events++;
	t->pid = e->pid;
	t->events++;
	if ((size_t)e->pid > run->last_pid)
		run->last_pid = e->pid;
	if (!(e->flags & ACQREL_EVENT_HAS_VALUE))
		return true;
	if (e->kind == ACQREL_KIND_SCHED_SWITCH)
		t->on_cpu_ns += e->value_ns;
	return keep(v, e->value_ns);
}

static int count_all(struct stat_run *run)
{
	const struct trace_item *item;
	bool good;

	/* as far as it is not used, it takes no memory */
	run->threads = calloc(ACQREL_PID_LIMIT + 1, sizeof(*run->threads));
	for (int kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
		run->values[kind].agg.min = ~0ULL;
	good = run->threads;
	while (good && (item = trace_walk_next(run->view.walk)))
		good = item->type != TRACE_ITEM_EVENT ||
			count(run, &item->event);
	if (good)
		return STATUS_OK;
	out_error("not enough memory for the values of %s", run->view.path);
	return STATUS_CHECK;
}

static int by_value(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The value at or below which a share @of_1000 of all are. */
static __u64 percentile(const struct values *v, unsigned int of_1000)
{
	size_t rank = v->n / 1000 * of_1000 +
		      (v->n % 1000 * of_1000 + 999) / 1000;

	return v->all[rank - 1];
}

static void print_figures(const struct values *v)
{
	out_double("mean_ns", NULL, (double)v->agg.sum / v->n, 0);
	out_ns(NULL, "mean", v->agg.sum / v->n);
	out_ns("min_ns", "min", v->agg.min);
	out_ns("p50_ns", "p50", percentile(v, 500));
	out_ns("p90_ns", "p90", percentile(v, 900));
	out_ns("p99_ns", "p99", percentile(v, 990));
	out_ns("p99_9_ns", "p99.9", percentile(v, 999));
	out_ns("max_ns", "max", v->agg.max);
}

static void print_nothing(void)
{
	static const char *const keys[] = {
		"mean_ns", "min_ns", "p50_ns", "p90_ns", "p99_ns", "p99_9_ns",
		"max_ns",
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		out_na(keys[i], NULL, NULL);
}

static const char *meaning(unsigned int kind)
{
	return kind == ACQREL_KIND_SCHED_SWITCH ?
		"time on CPU of the task that left" :
		"delay from wake-up until it ran";
}

static void print_kind(struct values *v, unsigned int kind, int width)
{
	char title[96];

	snprintf(title, sizeof(title), "%s: %s", acqrel_kind_name(kind),
		 meaning(kind));
	out_object(NULL, title);
	out_str("kind", NULL, acqrel_kind_name(kind));
	out_u64("events", "events", v->events);
	out_u64("count", "with a value", v->n);
	out_ns("sum_ns", "sum", v->agg.sum);
	if (v->n) {
		qsort(v->all, v->n, sizeof(*v->all), by_value);
		print_figures(v);
	} else {
		print_nothing();
	}
	out_array("hist");
	for (int i = 0; i < ACQREL_HIST_BUCKETS; i++)
		out_u64(NULL, NULL, v->agg.hist[i]);
	out_end();
	bars_draw(v->agg.hist, width);
	out_end();
	out_text("\n");
}

static int by_events(const void *a, const void *b)
{
	const struct thread *x = a, *y = b;

	if (x->events != y->events)
		return x->events < y->events ? 1 : -1;
	return x->pid < y->pid ? -1 : 1;
}

static int by_time(const void *a, const void *b)
{
	const struct thread *x = a, *y = b;

	if (x->on_cpu_ns != y->on_cpu_ns)
		return x->on_cpu_ns < y->on_cpu_ns ? 1 : -1;
	return by_events(a, b);
}

static void print_top(const char *key, const char *title, struct thread *t,
		      size_t n, size_t limit,
		      int (*order)(const void *, const void *))
{
	qsort(t, n, sizeof(*t), order);
	out_text("%s\n", title);
	out_table(key);
	for (size_t i = 0; i < n && i < limit; i++) {
		if (order == by_time && !t[i].on_cpu_ns)
			break;
		out_row();
		out_u64("pid", "pid", t[i].pid);
		out_u64("events", "events", t[i].events);
		out_ns("on_cpu_ns", "on CPU", t[i].on_cpu_ns);
		out_end();
	}
	out_end();
}

/* The threads that there were come to the front of the array. */
static void print_threads(struct stat_run *run, size_t limit)
{
	struct thread *t = run->threads;
	size_t n = 0;

	for (size_t pid = 0; pid <= run->last_pid; pid++)
		if (t[pid].events)
			t[n++] = t[pid];
	out_u64("threads_seen", "threads", n);
	out_text("\n");
	print_top("top_by_events", "Threads with most events", t, n, limit,
		  by_events);
	out_text("\n");
	print_top("top_by_time", "Threads with most time on a CPU", t, n, limit,
		  by_time);
}

static void print(struct stat_run *run, size_t limit)
{
	struct terminal terminal;
	int width = BAR_WIDTH;

	terminal_look(&terminal, "never");
	if (terminal.width >= BAR_BEFORE + 8)
		width = terminal.width - BAR_BEFORE;
	out_array("per_kind");
	for (unsigned int i = 0; i < __ACQREL_KIND_COUNT; i++)
		print_kind(&run->values[i], i, width);
	out_end();
	print_threads(run, limit);
}

/**
 * cmd_trace_stat() - print the values of each kind
 * @args: words: a file
 *
 * Return: exit status.
 */
int cmd_trace_stat(struct args *args)
{
	struct args_numbers cpus = { 0 };
	__u64 pid = UINT64_MAX, limit = TOP;
	const struct option options[] = {
		{ "--cpu", "N,..", "events of these CPUs", .numbers = &cpus,
		  .max = ACQREL_TRACE_CPUS_MAX - 1 },
		{ "--pid", "N", "values of this thread", .number = &pid,
		  .max = ACQREL_PID_LIMIT },
		{ "-n", "N", "threads to name (10)", .number = &limit,
		  .max = ACQREL_PID_LIMIT },
		{ }
	};
	struct stat_run run = { 0 };
	int rc;

	if (!args_parse(args, options, 1))
		return args->status;
	run.pid = pid == UINT64_MAX ? -1 : (__s64)pid;
	rc = trace_view_open(&run.view, args, &cpus);
	if (rc)
		return rc;
	rc = count_all(&run);
	if (!rc) {
		print(&run, limit);
		trace_view_extent(&run.view);
	}
	for (int kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
		free(run.values[kind].all);
	free(run.threads);
	return trace_view_close(&run.view, rc);
}
