// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_trace_export.c - acqrel trace export: a time line for other programs
 *
 * The format is Chrome's trace event format, as an object, which Perfetto reads
 * too: "X" is a stretch of time, "i" a point, "C" a counter, "M" a name. Times
 * are microseconds since the start; three decimals make them exact.
 *
 * Events tell of stretches when these end, but the file has them in the order
 * of their beginnings. So the trace is walked twice: first to learn how far
 * back a stretch reaches, then to write, holding back what may still have
 * something before it. Where that is too much, the older half goes out of
 * order, which viewers put right.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cmd_trace.h"
#include "names.h"
#include "save.h"

#define PID_CPUS	1	/* processes of the time line */
#define PID_WAKEUPS	2
#define BIN_NS		10000000ULL	/* of the counter */
#define SORT_AT_LEAST	8192
#define MARKS_MAX	262144		/* held back, about 20 MB */

enum mark_type { MARK_RUN, MARK_WAIT, MARK_CONFIG, MARK_GAP, MARK_RATE };

/**
 * struct mark - something on the time line
 * @type: what it is
 * @verdict: of an event
 * @number: how many marks were made before it
 * @ts_ns: where it begins
 * @dur_ns: how long it is
 * @cpu: of a run, a wait or a gap
 * @pid: of a run or a wait
 * @kind: of a wait
 * @seq: of an event; of a gap, the first that is lost
 * @value_ns: of an event; of a gap how many, of a counter its value, of a
 *	config its generation
 * @text: of a config, in words
 */
struct mark {
	enum mark_type type;
	unsigned int verdict;
	__u64 number;
	__u64 ts_ns;
	__u64 dur_ns;
	__u32 cpu;
	__s32 pid;
	__u32 kind;
	__u64 seq;
	__u64 value_ns;
	char *text;
};

/**
 * struct pass - one walk along the trace
 * @view: the trace
 * @file: where to; NULL: only learn
 * @reach_ns: farthest way back to where a mark begins
 * @now_ns: of the last item
 * @number: marks made
 * @marks: held back
 * @n: how many
 * @room: of @marks
 * @sort_at: so many are worth it
 * @cpu_end: end of the last run on each CPU; runs do not overlap
 * @thread_end: end of the last wait of each thread
 * @bin: of the counter
 * @in_bin: events in it
 * @generation: newest one seen
 * @broken: there was not enough memory
 */
struct pass {
	const struct trace_view *view;
	FILE *file;
	__u64 reach_ns;
	__u64 now_ns;
	__u64 number;
	struct mark *marks;
	size_t n;
	size_t room;
	size_t sort_at;
	__u64 *cpu_end;
	__u64 *thread_end;
	__u64 bin;
	__u64 in_bin;
	__u64 generation;
	bool broken;
};

/**
 * struct exported - what to export, and what came of it
 * @view: the trace
 * @hold_ns: how far back a stretch reaches
 * @marks: that were written
 */
struct exported {
	struct trace_view *view;
	__u64 hold_ns;
	__u64 marks;
};

static void put_us(FILE *file, const char *key, __u64 ns)
{
	fprintf(file, "\"%s\":%llu.%03llu,", key, ns / 1000, ns % 1000);
}

/* Larger numbers are strings, as everywhere: readers of JSON lose digits. */
static void put_u64(FILE *file, const char *key, __u64 value)
{
	const char *quote = value > INT64_MAX ? "\"" : "";

	fprintf(file, "\"%s\":%s%llu%s", key, quote, value, quote);
}

static void put_event(FILE *file, const struct mark *m)
{
	fputs("{\"ph\":\"X\",", file);
	if (m->type == MARK_RUN)
		fprintf(file, "\"name\":\"pid %d\",\"pid\":%d,\"tid\":%u,",
			m->pid, PID_CPUS, m->cpu);
	else
		fprintf(file, "\"name\":\"%s\",\"pid\":%d,\"tid\":%d,",
			acqrel_kind_name(m->kind), PID_WAKEUPS, m->pid);
	put_us(file, "ts", m->ts_ns);
	put_us(file, "dur", m->dur_ns);
	fputs("\"args\":{", file);
	put_u64(file, "value_ns", m->value_ns);
	fputc(',', file);
	put_u64(file, "seq", m->seq);
	fprintf(file, ",\"cpu\":%u,\"verdict\":\"%s\"}}", m->cpu,
		acqrel_verdict_name(m->verdict));
}

static void put_point(FILE *file, const struct mark *m)
{
	bool config = m->type == MARK_CONFIG;

	fprintf(file, "{\"ph\":\"i\",\"s\":\"%c\",\"pid\":%d,\"tid\":%u,",
		config ? 'g' : 't', PID_CPUS, m->cpu);
	put_us(file, "ts", m->ts_ns);
	if (config) {
		fprintf(file, "\"name\":\"config %llu\",", m->value_ns);
		fprintf(file, "\"args\":{\"config\":\"%s\"}}", m->text);
		return;
	}
	fputs("\"name\":\"lost events\",\"args\":{", file);
	put_u64(file, "skipped", m->value_ns);
	fputc(',', file);
	put_u64(file, "seq", m->seq);
	fputs("}}", file);
}

static void put_rate(FILE *file, const struct mark *m)
{
	fprintf(file, "{\"ph\":\"C\",\"name\":\"events/s\",\"pid\":%d,\"tid\":0,",
		PID_CPUS);
	put_us(file, "ts", m->ts_ns);
	fprintf(file, "\"args\":{\"events\":%llu}}", m->value_ns);
}

static void put_mark(FILE *file, const struct mark *m)
{
	fputs(",\n", file);
	switch (m->type) {
	case MARK_RUN:
	case MARK_WAIT:
		put_event(file, m);
		break;
	case MARK_CONFIG:
	case MARK_GAP:
		put_point(file, m);
		break;
	case MARK_RATE:
		put_rate(file, m);
		break;
	}
}

static int by_beginning(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->ts_ns != y->ts_ns)
		return x->ts_ns < y->ts_ns ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

/*
 * Writes what nothing can come before any more, and half of all if there are
 * too many.
 */
static void write_marks(struct pass *p, __u64 until_ns)
{
	size_t done = 0, least = p->n >= MARKS_MAX ? p->n / 2 : 0;

	if (!p->n)
		return;
	qsort(p->marks, p->n, sizeof(*p->marks), by_beginning);
	for (; done < p->n && (done < least ||
			       p->marks[done].ts_ns <= until_ns); done++) {
		put_mark(p->file, &p->marks[done]);
		free(p->marks[done].text);
	}
	p->n -= done;
	memmove(p->marks, p->marks + done, p->n * sizeof(*p->marks));
	p->sort_at = 2 * p->n + SORT_AT_LEAST;
	if (p->sort_at > MARKS_MAX)
		p->sort_at = MARKS_MAX;
}

static bool make_room(struct pass *p)
{
	size_t room = p->room ? 2 * p->room : SORT_AT_LEAST;
	struct mark *marks;

	if (p->n < p->room)
		return true;
	marks = reallocarray(p->marks, room, sizeof(*marks));
	if (!marks) {
		p->broken = true;
		return false;
	}
	p->marks = marks;
	p->room = room;
	return true;
}

static void add(struct pass *p, const struct mark *mark)
{
	if (p->now_ns - mark->ts_ns > p->reach_ns)
		p->reach_ns = p->now_ns - mark->ts_ns;
	if (!p->file || !make_room(p)) {
		free(mark->text);
		return;
	}
	p->marks[p->n] = *mark;
	p->marks[p->n++].number = p->number++;
}

/*
 * A stretch that ends now. What lies before the start or before the @end of
 * another one of its row is cut off.
 */
static void add_stretch(struct pass *p, const struct trace_item *item,
			enum mark_type type, __u64 *end)
{
	const struct acqrel_event *e = &item->event;
	struct mark mark = {
		.type = type,
		.verdict = item->verdict,
		.cpu = e->cpu,
		.pid = e->pid,
		.kind = e->kind,
		.seq = e->seq,
		.value_ns = e->value_ns,
	};

	if (e->value_ns < p->now_ns)
		mark.ts_ns = p->now_ns - e->value_ns;
	if (mark.ts_ns < *end)
		mark.ts_ns = *end;
	mark.dur_ns = p->now_ns - mark.ts_ns;
	*end = p->now_ns;
	add(p, &mark);
}

static void add_rate(struct pass *p, __u64 bin, __u64 events)
{
	struct mark mark = {
		.type = MARK_RATE,
		.ts_ns = bin * BIN_NS,
		.value_ns = events * (1000000000 / BIN_NS),
	};

	add(p, &mark);
}

/* Bins that are all empty have one mark together. */
static void count(struct pass *p, __u64 bin)
{
	if (bin != p->bin && p->in_bin) {
		add_rate(p, p->bin, p->in_bin);
		if (bin > p->bin + 1)
			add_rate(p, p->bin + 1, 0);
		p->in_bin = 0;
	}
	p->bin = bin;
}

static void take_event(struct pass *p, const struct trace_item *item)
{
	const struct acqrel_event *e = &item->event;

	count(p, p->now_ns / BIN_NS);
	p->in_bin++;
	if (!(e->flags & ACQREL_EVENT_HAS_VALUE))
		return;
	if (e->kind == ACQREL_KIND_SCHED_SWITCH)
		add_stretch(p, item, MARK_RUN, &p->cpu_end[item->stream]);
	else
		add_stretch(p, item, MARK_WAIT, &p->thread_end[e->pid]);
}

static void take_other(struct pass *p, const struct trace_item *item)
{
	const struct acqrel_event *e = &item->event;
	struct mark mark = {
		.type = item->type == TRACE_ITEM_GAP ? MARK_GAP : MARK_CONFIG,
		.ts_ns = p->now_ns,
		.cpu = e->cpu,
		.seq = e->seq,
		.value_ns = item->skipped,
	};
	char text[TRACE_CONFIG_TEXT];

	if (mark.type == MARK_CONFIG) {
		if (e->generation <= p->generation)
			return;
		p->generation = e->generation;
		mark.value_ns = e->generation;
		trace_config_text(&item->config, NULL, text);
		mark.text = strdup(text);
		if (!mark.text) {
			p->broken = true;
			return;
		}
	}
	add(p, &mark);
}

static bool begin_pass(struct pass *p)
{
	p->cpu_end = calloc(trace_streams(p->view->trace) + 1,
			    sizeof(*p->cpu_end));
	/* as far as it is not used, it takes no memory */
	p->thread_end = calloc(ACQREL_PID_LIMIT + 1, sizeof(*p->thread_end));
	p->sort_at = SORT_AT_LEAST;
	return p->cpu_end && p->thread_end;
}

static void end_pass(struct pass *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->marks[i].text);
	free(p->marks);
	free(p->cpu_end);
	free(p->thread_end);
}

/* Returns false if there was not enough memory. */
static bool walk(struct pass *p, struct trace_walk *walk, __u64 hold_ns)
{
	const struct trace_item *item;

	if (!begin_pass(p))
		return false;
	while (!p->broken && (item = trace_walk_next(walk))) {
		p->now_ns = trace_since(p->view, item->event.clock_ns);
		if (item->type == TRACE_ITEM_EVENT)
			take_event(p, item);
		else
			take_other(p, item);
		if (p->n < p->sort_at ||
		    (p->now_ns < hold_ns && p->n < MARKS_MAX))
			continue;
		write_marks(p, p->now_ns > hold_ns ? p->now_ns - hold_ns : 0);
		if (ferror(p->file))
			return true;
	}
	count(p, p->bin + 1);
	if (p->file && !p->broken)
		write_marks(p, UINT64_MAX);
	return !p->broken;
}

static void put_name(FILE *file, const char *what, unsigned int pid,
		     unsigned int tid, const char *name)
{
	fprintf(file, "{\"ph\":\"M\",\"name\":\"%s\",\"pid\":%u,", what, pid);
	fprintf(file, "\"tid\":%u,\"args\":{\"name\":\"%s\"}}", tid, name);
}

static void put_names(FILE *file, const struct trace *trace)
{
	char name[32];

	put_name(file, "process_name", PID_CPUS, 0, "CPUs");
	fputs(",\n", file);
	put_name(file, "process_name", PID_WAKEUPS, 0, "wake-ups");
	for (unsigned int i = 0; i < trace_streams(trace); i++) {
		unsigned int cpu = trace_stream(trace, i)->cpu;

		snprintf(name, sizeof(name), "CPU %u", cpu);
		fputs(",\n", file);
		put_name(file, "thread_name", PID_CPUS, cpu, name);
	}
}

static bool put_head(FILE *file, const struct trace_view *view)
{
	json_t *about = json_pack("{s:s, s:s, s:b}", "host", view->head->host,
				  "kernel", view->head->kernel, "whole",
				  trace_whole(view->trace));

	if (!about)
		return false;
	fputs("{\"displayTimeUnit\":\"ns\",\"otherData\":", file);
	json_dumpf(about, file, JSON_COMPACT);
	fputs(",\"traceEvents\":[\n", file);
	json_decref(about);
	return true;
}

/* What the first walk could read, the second can, or the file changes. */
static bool write_time_line(FILE *file, const void *what)
{
	struct exported *to = *(struct exported *const *)what;
	struct pass second = { .view = to->view, .file = file };
	bool good;

	if (!put_head(file, to->view))
		return false;
	put_names(file, to->view->trace);
	good = walk(&second, to->view->walk, to->hold_ns);
	if (trace_walk_why(to->view->walk)) {
		out_error("%s changed: %s", to->view->path,
			  trace_walk_why(to->view->walk));
		good = false;
	}
	fputs("\n]}\n", file);
	to->marks = second.number;
	end_pass(&second);
	return good;
}

/* Before there is anything to write: a bad record must not cost a file. */
static int learn(struct exported *to)
{
	struct pass first = { .view = to->view };
	bool good = walk(&first, to->view->walk, 0);

	end_pass(&first);
	to->hold_ns = first.reach_ns;
	if (!good) {
		out_error("not enough memory for the time line of %s",
			  to->view->path);
		return STATUS_CHECK;
	}
	if (trace_walk_why(to->view->walk)) {
		out_error("%s cannot be exported: %s", to->view->path,
			  trace_walk_why(to->view->walk));
		return STATUS_CHECK;
	}
	return trace_view_again(to->view) ? STATUS_CHECK : STATUS_OK;
}

/* The trace is read while the time line is written. */
static int refuse_itself(const char *from, const char *to)
{
	struct stat a, b;

	if (stat(from, &a) || stat(to, &b) || a.st_dev != b.st_dev ||
	    a.st_ino != b.st_ino)
		return STATUS_OK;
	out_error("%s is the trace itself, which -o would replace", to);
	return STATUS_USAGE;
}

static int export(struct exported *to, const char *path)
{
	bool prints = !strcmp(path, "-");
	int rc = (prints ? 0 : refuse_itself(to->view->path, path)) ?:
		 learn(to);

	if (rc)
		return rc;
	if (save_file(path, write_time_line, &to))
		return STATUS_CHECK;
	if (prints)
		return STATUS_OK;
	out_str("file", "file", path);
	out_u64("marks", "marks", to->marks);
	trace_view_extent(to->view);
	return STATUS_OK;
}

/**
 * cmd_trace_export() - write a trace as a time line
 * @args: words: a file
 *
 * Return: exit status.
 */
int cmd_trace_export(struct args *args)
{
	const char *path = "-";
	const struct option options[] = {
		{ "-o", "FILE", "where to (stdout)", .string = &path },
		{ }
	};
	struct args_numbers all = { 0 };
	struct trace_view view;
	struct exported to = { .view = &view };
	int rc;

	if (!args_parse(args, options, 1))
		return args->status;
	rc = trace_view_open(&view, args, &all);
	if (rc)
		return rc;
	return trace_view_close(&view, export(&to, path));
}
