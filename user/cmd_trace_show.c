// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_trace_show.c - acqrel trace show: what was recorded
 */
#include <math.h>
#include <time.h>

#include "cmd_trace.h"
#include "names.h"
#include "terminal.h"
#include "trace_sums.h"

#define GAPS_SHOWN	20	/* in text */
#define BAR_MAX		40
#define BAR_MIN		8
#define BAR_BESIDE	60	/* characters of the line that are not bar */

/**
 * struct show - what is shown
 * @view: the trace
 * @sums: of it
 */
struct show {
	struct trace_view view;
	struct trace_sums sums;
};

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
	const char *why = trace_walk_why(show->view.walk);
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
	if (why)
		out_str("error", "error", why);
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
	const struct trace_cpu_sums *total = &show->sums.total;
	bool known = known_lost(show, &lost);

	out_ns("elapsed_ns", "lasted", ns);
	out_u64("cpus", "CPUs", trace_streams(show->view.trace));
	out_u64("events", "events", total->account.offered);
	print_rate("events_per_s", "events/s", total->account.offered, ns);
	print_lost(known, lost);
	out_u64("skipped", "missing in gaps", total->skipped);
	out_u64("gaps", "gaps", total->gaps);
}

static __u64 lasted(const struct trace_stream *s)
{
	__u64 from = s->open ? s->open->clock_ns : s->first_ns;
	__u64 to = s->close ? s->close->clock_ns : s->last_ns;

	return to > from ? to - from : 0;
}

static void print_rates_of(const struct trace_cpu_sums *c, __u64 ns)
{
	char key[40];

	out_u64("events", "events", c->account.offered);
	out_u64("elapsed_ns", NULL, ns);
	print_rate("events_per_s", "events/s", c->account.offered, ns);
	for (unsigned int i = 0; i < __ACQREL_KIND_COUNT; i++) {
		snprintf(key, sizeof(key), "%s_events", acqrel_kind_name(i));
		out_u64(key, NULL, c->kinds[i]);
		snprintf(key, sizeof(key), "%s_per_s", acqrel_kind_name(i));
		print_rate(key, acqrel_kind_name(i), c->kinds[i], ns);
	}
}

static void print_books_of(const struct trace_cpu_sums *c, bool known,
			   __u64 lost)
{
	char key[32], title[16];

	out_u64("events", "events", c->account.offered);
	for (unsigned int i = 0; i < __ACQREL_FILTER_COUNT; i++) {
		snprintf(key, sizeof(key), "filtered_%s",
			 acqrel_filter_name(i));
		snprintf(title, sizeof(title), "f.%s", acqrel_filter_name(i));
		out_u64(key, title, c->account.filtered[i]);
	}
	out_u64("pushed", "pushed", c->account.pushed);
	out_u64("dropped", "dropped", c->account.dropped);
	out_u64("overwritten", "overwr.", c->account.overwritten);
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
		const struct trace_stream *s = trace_stream(trace, i);

		print_cpu(s->cpu);
		print_rates_of(&show->sums.cpus[i], lasted(s));
		out_end();
	}
	begin_total("total_rates");
	print_rates_of(&show->sums.total,
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
		print_books_of(&show->sums.cpus[i], s->close, s->close ?
			       s->close->lost.account.offered : 0);
		out_end();
	}
	begin_total("total");
	print_books_of(&show->sums.total, known, lost);
	end_total();
}

static __u64 earliest(const struct trace_config_start *s, size_t n)
{
	__u64 clock_ns = s->clock_ns;

	for (size_t i = 1; i < n; i++)
		if (s[i].clock_ns < clock_ns)
			clock_ns = s[i].clock_ns;
	return clock_ns;
}

/* @s: of the @n CPUs where a generation has events */
static void print_config(const struct show *show,
			 const struct trace_config_start *s, size_t n,
			 const struct trace_config_start *before)
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
	const struct trace_config_start *s = show->sums.starts, *before = NULL;
	size_t n = show->sums.nstarts, many;

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
	const struct trace_gap *gaps = show->sums.gaps;
	char seconds[TRACE_SECONDS_TEXT];

	if (show->sums.ngaps)
		out_text("\nGaps\n");
	out_array("gap_list");
	for (size_t i = 0; i < show->sums.ngaps; i++) {
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
	if (show->sums.ngaps > GAPS_SHOWN)
		out_text("  and %zu more\n", show->sums.ngaps - GAPS_SHOWN);
}

static int bar_width(const struct terminal *terminal)
{
	int width = terminal->width - BAR_BESIDE;

	return width < BAR_MIN ? BAR_MIN : width < BAR_MAX ? width : BAR_MAX;
}

static void print_bar(const struct terminal *terminal,
		      const struct trace_bin *bin, __u64 since_ns, double rate,
		      double most)
{
	char bar[3 * BAR_MAX + 1] = "", what[64] = "", lost[64] = "";

	if (terminal->bars && most > 0)
		terminal_bar(terminal, rate / most, bar_width(terminal), bar,
			     sizeof(bar));
	if (bin->generation)
		snprintf(what, sizeof(what), "  config %llu", bin->generation);
	if (bin->skipped)
		snprintf(lost, sizeof(lost), "  %llu lost", bin->skipped);
	terminal_paint(terminal, TONE_BAD, lost, sizeof(lost));
	out_text("  %14.6f s %12.0f /s %s%s%s%s\n", since_ns / 1e9, rate,
		 terminal->bars ? "|" : "", bar, what, lost);
}

static void print_time_line(const struct trace_sums *sums)
{
	struct terminal terminal;
	double rate, most = 0;

	terminal_look(&terminal, "auto");
	for (int i = 0; i < TRACE_BINS; i++)
		most = fmax(most, sums->bins[i].events * 1e9 / sums->bin_ns);
	out_text("\nEvents a second, over time\n");
	out_array("time_line");
	for (int i = 0; i < TRACE_BINS; i++) {
		const struct trace_bin *bin = &sums->bins[i];

		rate = bin->events * 1e9 / sums->bin_ns;
		out_object(NULL, NULL);
		out_u64("since_start_ns", NULL, i * sums->bin_ns);
		out_u64("elapsed_ns", NULL, sums->bin_ns);
		out_u64("events", NULL, bin->events);
		out_double("events_per_s", NULL, rate, 0);
		out_u64("skipped", NULL, bin->skipped);
		out_end();
		print_bar(&terminal, bin, i * sums->bin_ns, rate, most);
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
	print_time_line(&show->sums);
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
	struct trace_view *view;
	struct show show;
	int rc;

	if (!args_parse(args, NULL, 1))
		return args->status;
	view = &show.view;
	rc = trace_view_open(view, args, &all);
	if (rc)
		return rc;
	if (!trace_sums_make(&show.sums, view->walk,
			     trace_streams(view->trace), view->start_ns,
			     view->end_ns)) {
		print(&show);
	} else {
		out_error("not enough memory for what is in %s", view->path);
		rc = STATUS_CHECK;
	}
	trace_sums_free(&show.sums);
	return trace_view_close(view, rc);
}
