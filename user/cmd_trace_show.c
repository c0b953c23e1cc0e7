// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_trace_show.c - acqrel trace show: what was recorded
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <acqrel/tap.h>

#include "cmd_trace.h"
#include "names.h"
#include "terminal.h"

#define BINS		20	/* of the time line */
#define GAPS_SHOWN	20	/* in text */
#define BAR_MAX		40

/**
 * struct cpu_sums - what the trace has of a CPU
 * @kinds: events of each kind
 * @sums: books, as the events make them
 * @gaps: places where events are missing
 * @skipped: events that are missing there
 */
struct cpu_sums {
	__u64 kinds[__ACQREL_KIND_COUNT];
	struct acqrel_trace_account sums;
	__u64 gaps;
	__u64 skipped;
};

/**
 * struct config_start - a config comes into force on a CPU
 * @generation: of it
 * @clock_ns: when
 * @seq: of the first event under it
 * @cpu: where
 * @values: of it
 */
struct config_start {
	__u64 generation;
	__u64 clock_ns;
	__u64 seq;
	__u32 cpu;
	struct acqrel_config_values values;
};

/**
 * struct gap - events are missing
 * @clock_ns: when the first event came that is there again
 * @seq: of the first that is missing
 * @skipped: how many are
 * @cpu: where
 */
struct gap {
	__u64 clock_ns;
	__u64 seq;
	__u64 skipped;
	__u32 cpu;
};

/**
 * struct bin - a part of the time line
 * @events: in it
 * @skipped: missing in it
 * @generation: of the last config that began in it, or 0
 */
struct bin {
	__u64 events;
	__u64 skipped;
	__u64 generation;
};

/**
 * struct list - an array that grows
 * @items: of it
 * @n: how many
 * @room: for so many
 */
struct list {
	void *items;
	size_t n;
	size_t room;
};

/**
 * struct show - what is shown
 * @view: the trace
 * @cpus: by stream
 * @total: of all CPUs
 * @starts: of configs
 * @gaps: struct gap
 * @bins: the time line
 * @bin_ns: length of one
 */
struct show {
	struct trace_view view;
	struct cpu_sums *cpus;
	struct cpu_sums total;
	struct list starts;
	struct list gaps;
	struct bin bins[BINS];
	__u64 bin_ns;
};

static bool append(struct list *list, const void *item, size_t size)
{
	if (list->n == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		void *items = reallocarray(list->items, room, size);

		if (!items)
			return false;
		list->items = items;
		list->room = room;
	}
	memcpy((char *)list->items + list->n++ * size, item, size);
	return true;
}

static void add_event(struct cpu_sums *c, const struct trace_item *item)
{
	struct acqrel_trace_account *a = &c->sums;

	c->kinds[item->event.kind]++;
	a->offered++;
	if (item->verdict < __ACQREL_FILTER_COUNT)
		a->filtered[item->verdict]++;
	a->pushed += item->verdict == ACQREL_VERDICT_PUSHED ||
		     item->verdict == ACQREL_VERDICT_OVERWROTE;
	a->dropped += item->verdict == ACQREL_VERDICT_DROPPED;
	a->overwritten += item->verdict == ACQREL_VERDICT_OVERWROTE;
}

static void add_gap(struct cpu_sums *c, const struct trace_item *item)
{
	c->gaps++;
	c->skipped += item->skipped;
}

static struct bin *bin_of(struct show *show, const struct trace_item *item)
{
	__u64 i = trace_since(&show->view, item->event.clock_ns) / show->bin_ns;

	return &show->bins[i < BINS ? i : BINS - 1];
}

static bool keep_gap(struct show *show, const struct trace_item *item)
{
	const struct gap gap = {
		.clock_ns = item->event.clock_ns,
		.seq = item->event.seq,
		.skipped = item->skipped,
		.cpu = item->event.cpu,
	};

	add_gap(&show->cpus[item->stream], item);
	add_gap(&show->total, item);
	bin_of(show, item)->skipped += item->skipped;
	return append(&show->gaps, &gap, sizeof(gap));
}

static bool keep_config(struct show *show, const struct trace_item *item)
{
	const struct config_start start = {
		.generation = item->event.generation,
		.clock_ns = item->event.clock_ns,
		.seq = item->event.seq,
		.cpu = item->event.cpu,
		.values = item->config,
	};
	struct bin *bin = bin_of(show, item);

	if (bin->generation < start.generation)
		bin->generation = start.generation;
	return append(&show->starts, &start, sizeof(start));
}

static bool keep(struct show *show, const struct trace_item *item)
{
	switch (item->type) {
	case TRACE_ITEM_CONFIG:
		return keep_config(show, item);
	case TRACE_ITEM_GAP:
		return keep_gap(show, item);
	case TRACE_ITEM_EVENT:
		break;
	}
	add_event(&show->cpus[item->stream], item);
	add_event(&show->total, item);
	bin_of(show, item)->events++;
	return true;
}

static int count(struct show *show)
{
	const struct trace_item *item;
	bool good;

	show->bin_ns = trace_since(&show->view, show->view.end_ns) / BINS + 1;
	show->cpus = calloc(trace_streams(show->view.trace) + 1,
			    sizeof(*show->cpus));
	good = show->cpus;
	while (good && (item = trace_walk_next(show->view.walk)))
		good = keep(show, item);
	if (good)
		return STATUS_OK;
	out_error("not enough memory for what is in %s", show->view.path);
	return STATUS_CHECK;
}

static void print_rate(const char *key, const char *label, __u64 events,
		       __u64 ns)
{
	if (ns)
		out_double(key, label, events * 1e9 / ns, 0);
	else
		out_na(key, label, NULL);
}

static void print_date(const struct acqrel_trace_head *head)
{
	time_t seconds = head->start_real_ns / 1000000000;
	char text[64] = "";
	struct tm tm;

	if (gmtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%FT%TZ", &tm);
	out_str("date", "began", text);
}

static void print_identity(const struct show *show)
{
	const struct acqrel_trace_head *head = show->view.head;

	out_object("recorded", NULL);
	out_str("host_name", "host", head->host);
	out_str("kernel_version", "kernel", head->kernel);
	out_str("machine", "machine", head->machine);
	out_str("module_version", "module", head->module);
	out_str("command_version", "command", head->command);
	print_date(head);
	out_u64("start_ns", NULL, head->start_ns);
	out_end();
}

static void print_file(const struct show *show)
{
	const struct trace *trace = show->view.trace;
	const char *cut = trace_cut(trace);
	__u64 blocks = 0;

	for (unsigned int i = 0; i < trace_streams(trace); i++)
		blocks += trace_stream(trace, i)->blocks;
	out_str("file", "file", show->view.path);
	out_u64("bytes", "bytes", trace_bytes(trace));
	out_u64("data_blocks", "blocks of events", blocks);
	out_bool("whole", "whole", trace_whole(trace));
	if (cut)
		out_str("cut", "because", cut);
	else
		out_na("cut", NULL, NULL);
}

/* What was lost is known at the end of a CPU only. */
static bool known_lost(const struct show *show, __u64 *lost)
{
	bool known = true;

	*lost = 0;
	for (unsigned int i = 0; i < trace_streams(show->view.trace); i++) {
		const struct trace_stream *s = trace_stream(show->view.trace,
							    i);

		if (s->close)
			*lost += s->close->lost.account.offered;
		else
			known = false;
	}
	return known;
}

static void print_lost(bool known, __u64 lost)
{
	if (known)
		out_u64("lost", "lost", lost);
	else
		out_na("lost", "lost", NULL);
}

static void print_summary(const struct show *show)
{
	__u64 ns = trace_since(&show->view, show->view.end_ns), lost;
	bool known = known_lost(show, &lost);

	out_ns("elapsed_ns", "lasted", ns);
	out_u64("cpus", "CPUs", trace_streams(show->view.trace));
	out_u64("events", "events", show->total.sums.offered);
	print_rate("events_per_s", "events/s", show->total.sums.offered, ns);
	print_lost(known, lost);
	out_u64("skipped", "missing in gaps", show->total.skipped);
	out_u64("gaps", "gaps", show->total.gaps);
}

static __u64 lasted(const struct trace_stream *s)
{
	__u64 from = s->open ? s->open->clock_ns : s->first_ns;
	__u64 to = s->close ? s->close->clock_ns : s->last_ns;

	return to > from ? to - from : 0;
}

static void print_rates_of(const struct cpu_sums *c, __u64 ns)
{
	char key[40];

	out_u64("events", "events", c->sums.offered);
	out_u64("elapsed_ns", NULL, ns);
	print_rate("events_per_s", "events/s", c->sums.offered, ns);
	for (unsigned int i = 0; i < __ACQREL_KIND_COUNT; i++) {
		snprintf(key, sizeof(key), "%s_events", acqrel_kind_name(i));
		out_u64(key, NULL, c->kinds[i]);
		snprintf(key, sizeof(key), "%s_per_s", acqrel_kind_name(i));
		print_rate(key, acqrel_kind_name(i), c->kinds[i], ns);
	}
}

static void print_books_of(const struct cpu_sums *c, bool known, __u64 lost)
{
	char key[32], title[16];

	out_u64("events", "events", c->sums.offered);
	for (unsigned int i = 0; i < __ACQREL_FILTER_COUNT; i++) {
		snprintf(key, sizeof(key), "filtered_%s",
			 acqrel_filter_name(i));
		snprintf(title, sizeof(title), "f.%s", acqrel_filter_name(i));
		out_u64(key, title, c->sums.filtered[i]);
	}
	out_u64("pushed", "pushed", c->sums.pushed);
	out_u64("dropped", "dropped", c->sums.dropped);
	out_u64("overwritten", "overwr.", c->sums.overwritten);
	print_lost(known, lost);
	out_u64("skipped", "in gaps", c->skipped);
	out_u64("gaps", "gaps", c->gaps);
}

static void print_cpu(unsigned int cpu)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", cpu);
	out_row();
	out_u64("cpu", NULL, cpu);
	out_str(NULL, "CPU", text);
}

/* A row of the table in text, an object beside it in JSON. */
static void begin_total(const char *key)
{
	if (out_is_json()) {
		out_end();
		out_object(key, NULL);
		return;
	}
	out_row();
	out_str(NULL, "CPU", "total");
}

static void end_total(void)
{
	out_end();
	if (!out_is_json())
		out_end();
}

static void print_rates(const struct show *show)
{
	const struct trace *trace = show->view.trace;

	out_text("\nEvents a second, by CPU and kind\n");
	out_table("rates");
	for (unsigned int i = 0; i < trace_streams(trace); i++) {
		print_cpu(trace_stream(trace, i)->cpu);
		print_rates_of(&show->cpus[i], lasted(trace_stream(trace, i)));
		out_end();
	}
	begin_total("total_rates");
	print_rates_of(&show->total,
		       trace_since(&show->view, show->view.end_ns));
	end_total();
}

static void print_books(const struct show *show)
{
	const struct trace *trace = show->view.trace;
	__u64 lost;
	bool known = known_lost(show, &lost);

	out_text("\nWhat became of them\n");
	out_table("per_cpu");
	for (unsigned int i = 0; i < trace_streams(trace); i++) {
		const struct trace_stream *s = trace_stream(trace, i);

		print_cpu(s->cpu);
		print_books_of(&show->cpus[i], s->close, s->close ?
			       s->close->lost.account.offered : 0);
		out_end();
	}
	begin_total("total");
	print_books_of(&show->total, known, lost);
	end_total();
}

static int by_generation(const void *a, const void *b)
{
	const struct config_start *x = a, *y = b;

	if (x->generation != y->generation)
		return x->generation < y->generation ? -1 : 1;
	return x->cpu < y->cpu ? -1 : 1;
}

static __u64 earliest(const struct config_start *s, size_t n)
{
	__u64 clock_ns = s->clock_ns;

	for (size_t i = 1; i < n; i++)
		if (s[i].clock_ns < clock_ns)
			clock_ns = s[i].clock_ns;
	return clock_ns;
}

/* @s: of the @n CPUs where a generation has events */
static void print_config(const struct show *show, const struct config_start *s,
			 size_t n, const struct config_start *before)
{
	__u64 since = trace_since(&show->view, earliest(s, n));
	char text[TRACE_CONFIG_TEXT], seconds[TRACE_SECONDS_TEXT];

	trace_config_text(&s->values, before ? &before->values : NULL, text);
	out_object(NULL, NULL);
	out_u64("since_start_ns", NULL, since);
	out_u64("generation", NULL, s->generation);
	out_str("changed", NULL, text);
	if (out_is_json())
		config_print(&s->values);
	out_text("  %14s s  generation %llu: %s\n",
		 trace_seconds(since, seconds), s->generation,
		 *text ? text : "nothing changed");
	out_text("  %16s  from event", "");
	out_array("first_seq");
	for (size_t i = 0; i < n; i++) {
		out_object(NULL, NULL);
		out_u64("cpu", NULL, s[i].cpu);
		out_u64("seq", NULL, s[i].seq);
		out_end();
		out_text("%s %llu on CPU %u", i ? "," : "", s[i].seq, s[i].cpu);
	}
	out_end();
	out_text("\n");
	out_end();
}

static void print_configs(const struct show *show)
{
	struct config_start *s = show->starts.items;
	size_t n = show->starts.n, many;
	const struct config_start *before = NULL;

	if (n)
		qsort(s, n, sizeof(*s), by_generation);
	out_text("\nConfigs\n");
	out_array("configs");
	for (size_t i = 0; i < n; i += many) {
		for (many = 1; i + many < n; many++)
			if (s[i + many].generation != s[i].generation)
				break;
		print_config(show, &s[i], many, before);
		before = &s[i];
	}
	out_end();
}

static void print_gaps(const struct show *show)
{
	const struct gap *gaps = show->gaps.items;
	char seconds[TRACE_SECONDS_TEXT];

	if (show->gaps.n)
		out_text("\nGaps\n");
	out_array("gap_list");
	for (size_t i = 0; i < show->gaps.n; i++) {
		__u64 since = trace_since(&show->view, gaps[i].clock_ns);

		out_object(NULL, NULL);
		out_u64("since_start_ns", NULL, since);
		out_u64("cpu", NULL, gaps[i].cpu);
		out_u64("seq", NULL, gaps[i].seq);
		out_u64("skipped", NULL, gaps[i].skipped);
		out_end();
		if (i < GAPS_SHOWN)
			out_text("  %14s s  %llu events from %llu on CPU %u\n",
				 trace_seconds(since, seconds), gaps[i].skipped,
				 gaps[i].seq, gaps[i].cpu);
	}
	out_end();
	if (show->gaps.n > GAPS_SHOWN)
		out_text("  and %zu more\n", show->gaps.n - GAPS_SHOWN);
}

static void print_bar(const struct terminal *terminal, const struct bin *bin,
		      __u64 since_ns, double rate, double most)
{
	char bar[3 * BAR_MAX + 1] = "", what[64] = "", lost[64] = "";

	if (terminal->bars && most > 0)
		terminal_bar(terminal, rate / most, BAR_MAX, bar, sizeof(bar));
	if (bin->generation)
		snprintf(what, sizeof(what), "  config %llu", bin->generation);
	if (bin->skipped)
		snprintf(lost, sizeof(lost), "  %llu lost", bin->skipped);
	terminal_paint(terminal, TONE_BAD, lost, sizeof(lost));
	out_text("  %14.6f s %12.0f /s %s%s%s%s\n", since_ns / 1e9, rate,
		 terminal->bars ? "|" : "", bar, what, lost);
}

static void print_time_line(const struct show *show)
{
	struct terminal terminal;
	double most = 0;

	terminal_look(&terminal, "auto");
	for (int i = 0; i < BINS; i++)
		if (show->bins[i].events * 1e9 / show->bin_ns > most)
			most = show->bins[i].events * 1e9 / show->bin_ns;
	out_text("\nEvents a second, over time\n");
	out_array("time_line");
	for (int i = 0; i < BINS; i++) {
		const struct bin *bin = &show->bins[i];

		out_object(NULL, NULL);
		out_u64("since_start_ns", NULL, i * show->bin_ns);
		out_u64("elapsed_ns", NULL, show->bin_ns);
		out_u64("events", NULL, bin->events);
		print_rate("events_per_s", NULL, bin->events, show->bin_ns);
		out_u64("skipped", NULL, bin->skipped);
		out_end();
		print_bar(&terminal, bin, i * show->bin_ns,
			  bin->events * 1e9 / show->bin_ns, most);
	}
	out_end();
}

static void print(const struct show *show)
{
	print_file(show);
	print_identity(show);
	print_summary(show);
	print_rates(show);
	print_books(show);
	print_configs(show);
	print_gaps(show);
	print_time_line(show);
}

/**
 * cmd_trace_show() - print what was recorded
 * @args: words: a file
 *
 * Return: exit status.
 */
int cmd_trace_show(struct args *args)
{
	const struct args_numbers all = { 0 };
	struct show show = { 0 };
	int rc;

	if (!args_parse(args, NULL, 1))
		return args->status;
	rc = trace_view_open(&show.view, args, &all);
	if (rc)
		return rc;
	rc = count(&show);
	if (!rc)
		print(&show);
	free(show.cpus);
	free(show.starts.items);
	free(show.gaps.items);
	return trace_view_close(&show.view, rc);
}
