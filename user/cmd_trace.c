// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_trace.c - acqrel trace: what its commands share
 */
#include <stdarg.h>
#include <string.h>

#include "cmd_trace.h"
#include "names.h"

/* A file that ends too early is shown as far as it goes. */
static __u64 last_clock(const struct trace_view *view)
{
	__u64 last = view->start_ns;

	for (unsigned int i = 0; i < trace_streams(view->trace); i++) {
		const struct trace_stream *s = trace_stream(view->trace, i);

		if (s->close && s->close->clock_ns > last)
			last = s->close->clock_ns;
		if (s->blocks && s->last_ns > last)
			last = s->last_ns;
	}
	return last;
}

static bool wanted(const struct args_numbers *cpus, unsigned int cpu)
{
	for (unsigned int i = 0; i < cpus->n; i++)
		if (cpus->values[i] == cpu)
			return true;
	return !cpus->n;
}

static bool has_cpus(const struct trace_view *view)
{
	const struct args_numbers *cpus = view->cpus;
	unsigned int n = trace_streams(view->trace);

	for (unsigned int i = 0, at; i < cpus->n; i++) {
		for (at = 0; at < n; at++)
			if (trace_stream(view->trace, at)->cpu ==
			    cpus->values[i])
				break;
		if (at < n)
			continue;
		out_error("%s has no CPU %llu", view->path, cpus->values[i]);
		return false;
	}
	return true;
}

/**
 * trace_view_again() - walk from the start again
 * @view: was opened
 *
 * Says what is wrong. Return: 0 or -errno.
 */
int trace_view_again(struct trace_view *view)
{
	int rc;

	trace_walk_close(view->walk);
	view->walk = NULL;
	rc = trace_walk_open(view->trace, &view->walk);
	for (unsigned int i = 0; !rc && i < trace_streams(view->trace); i++)
		if (wanted(view->cpus, trace_stream(view->trace, i)->cpu))
			rc = trace_walk_add(view->walk, i);
	if (rc)
		out_error("cannot read %s: %s", view->path, strerror(-rc));
	return rc;
}

/**
 * trace_view_open() - open the trace that the command line names
 * @view: filled; to be closed if this succeeds
 * @args: words: the file
 * @cpus: whose streams to walk along; none means all. Stays longer than @view
 *
 * Says what is wrong. Return: exit status.
 */
int trace_view_open(struct trace_view *view, const struct args *args,
		    const struct args_numbers *cpus)
{
	char why[TRACE_WHY] = "";
	int rc;

	memset(view, 0, sizeof(*view));
	if (!args->argc) {
		out_error("name the file of a trace; see: %s --help",
			  args->path);
		return STATUS_USAGE;
	}
	view->path = args->argv[0];
	rc = trace_open(view->path, &view->trace, why);
	if (rc) {
		out_error("cannot read %s: %s", view->path,
			  *why ? why : strerror(-rc));
		return STATUS_CHECK;
	}
	view->head = trace_head(view->trace);
	view->start_ns = view->head->start_ns;
	view->cpus = cpus;
	view->end_ns = last_clock(view);
	if (!has_cpus(view))
		return trace_view_close(view, STATUS_USAGE);
	if (trace_view_again(view))
		return trace_view_close(view, STATUS_CHECK);
	return STATUS_OK;
}

/* No note: that a part is missing is a result, which --quiet must not hide. */
static void tell(const struct trace_view *view, const char *what)
{
	fflush(stdout);
	fprintf(stderr, "acqrel: %s: %s\n", view->path, what);
}

/**
 * trace_view_extent() - print how much of the trace there was to be seen
 * @view: was opened, and walked to where the command ends
 *
 * Text has it on stderr, see trace_view_close().
 */
void trace_view_extent(const struct trace_view *view)
{
	const char *cut = trace_cut(view->trace);
	const char *why = trace_walk_why(view->walk);

	out_bool("whole", NULL, trace_whole(view->trace));
	if (cut)
		out_str("cut", NULL, cut);
	else
		out_na("cut", NULL, NULL);
	if (why)
		out_str("error", NULL, why);
}

/**
 * trace_view_close() - say what was not there to be seen, and close
 * @view: was opened
 * @status: exit status so far
 *
 * Return: exit status.
 */
int trace_view_close(struct trace_view *view, int status)
{
	const char *cut = trace_cut(view->trace);
	const char *why = view->walk ? trace_walk_why(view->walk) : NULL;

	if (cut && status != STATUS_USAGE)
		tell(view, cut);
	if (why && status == STATUS_OK) {
		tell(view, why);
		status = STATUS_CHECK;
	}
	trace_walk_close(view->walk);
	trace_close(view->trace);
	return status;
}

/**
 * trace_since() - time since the recording began
 * @view: was opened
 * @clock_ns: CLOCK_MONOTONIC
 *
 * Return: nanoseconds; 0 for what is older.
 */
__u64 trace_since(const struct trace_view *view, __u64 clock_ns)
{
	return clock_ns > view->start_ns ? clock_ns - view->start_ns : 0;
}

/**
 * trace_seconds() - a time with all its digits
 * @ns: the time
 * @text: filled
 *
 * Return: @text.
 */
const char *trace_seconds(__u64 ns, char text[TRACE_SECONDS_TEXT])
{
	snprintf(text, TRACE_SECONDS_TEXT, "%llu.%09llu", ns / 1000000000,
		 ns % 1000000000);
	return text;
}

__attribute__((format(printf, 2, 3)))
static void append(char *text, const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + len, TRACE_CONFIG_TEXT - len, format, args);
	va_end(args);
}

static void append_kinds(char *text, __u32 kinds)
{
	const char *comma = "";

	append(text, " kinds ");
	if (!kinds || kinds == ACQREL_KINDS_ALL) {
		append(text, kinds ? "all" : "none");
		return;
	}
	for (unsigned int i = 0; i < __ACQREL_KIND_COUNT; i++) {
		if (!(kinds & 1U << i))
			continue;
		append(text, "%s%s", comma, acqrel_kind_name(i));
		comma = ",";
	}
}

static void append_pids(char *text, const struct acqrel_config_values *values)
{
	append(text, " pids %s", values->nr_pids ? "" : "none");
	for (__u32 i = 0; i < values->nr_pids; i++)
		append(text, "%s%d", i ? "," : "", values->pids[i]);
}

static bool same_pids(const struct acqrel_config_values *a,
		      const struct acqrel_config_values *b)
{
	return a->nr_pids == b->nr_pids &&
		!memcmp(a->pids, b->pids, a->nr_pids * sizeof(a->pids[0]));
}

/**
 * trace_config_text() - a config in the words that would set it
 * @values: the config
 * @before: to leave out what has not changed since this one, or NULL
 * @text: filled; empty if nothing has changed
 */
void trace_config_text(const struct acqrel_config_values *values,
		       const struct acqrel_config_values *before,
		       char text[TRACE_CONFIG_TEXT])
{
	*text = '\0';
	if (!before || values->kinds != before->kinds)
		append_kinds(text, values->kinds);
	if (!before || values->sample_every != before->sample_every)
		append(text, " sample_every %u", values->sample_every);
	if (!before || values->min_value_ns != before->min_value_ns)
		append(text, " min_value_ns %llu", values->min_value_ns);
	if (!before || values->policy != before->policy)
		append(text, " policy %s", acqrel_policy_name(values->policy));
	if (!before || !same_pids(values, before))
		append_pids(text, values);
	if (*text)
		memmove(text, text + 1, strlen(text));
}

const struct command trace_commands[] = {
	{ "show", "FILE", "what was recorded, when, and how fast",
	  cmd_trace_show, NULL },
	{ "stat", "FILE", "values of each kind of event, and of which threads",
	  cmd_trace_stat, NULL },
	{ "dump", "FILE", "events, one a line, with their verdicts",
	  cmd_trace_dump, NULL },
	{ "export", "FILE", "a time line for Perfetto or chrome://tracing",
	  cmd_trace_export, NULL },
	{ }
};
