// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_trace_dump.c - acqrel trace dump: events as text or JSON lines
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_trace.h"
#include "names.h"

#define NS_PER_S	1000000000ULL
#define FLUSH_EVERY	4096	/* lines, to see that nobody reads them */

/**
 * struct dump - what is printed
 * @view: the trace
 * @kinds: mask of kinds
 * @verdicts: mask of verdicts
 * @pid: of the threads of an event, one must be this, unless it is -1
 * @from_ns: since the start
 * @to_ns: same; what happened then is left out
 * @limit: events, 0: none
 * @events: printed
 * @lines: printed
 */
struct dump {
	struct trace_view view;
	unsigned int kinds;
	unsigned int verdicts;
	__s64 pid;
	__u64 from_ns;
	__u64 to_ns;
	__u64 limit;
	__u64 events;
	__u64 lines;
};

static void print_event(const struct trace_item *item)
{
	const struct acqrel_event *e = &item->event;
	char text[TRACE_SECONDS_TEXT];

	printf("%s cpu %u %s pid %d peer %d", trace_seconds(e->clock_ns, text),
	       e->cpu, acqrel_kind_name(e->kind), e->pid, e->peer);
	if (e->flags & ACQREL_EVENT_HAS_VALUE)
		printf(" value %llu ns", e->value_ns);
	if (item->verdict == ACQREL_VERDICT_PUSHED ||
	    item->verdict == ACQREL_VERDICT_OVERWROTE)
		printf(" pos %llu", e->pos);
	printf(" seq %llu generation %llu%s %s\n", e->seq, e->generation,
	       e->flags & ACQREL_EVENT_GENERATED ? " generated" : "",
	       acqrel_verdict_name(item->verdict));
}

static void print_other(const struct trace_item *item)
{
	const struct acqrel_event *e = &item->event;
	char text[TRACE_SECONDS_TEXT], config[TRACE_CONFIG_TEXT];

	trace_seconds(e->clock_ns, text);
	if (item->type == TRACE_ITEM_GAP) {
		printf("# %s cpu %u lost %llu events from seq %llu\n", text,
		       e->cpu, item->skipped, e->seq);
		return;
	}
	trace_config_text(&item->config, NULL, config);
	printf("# %s cpu %u config generation %llu from seq %llu: %s\n", text,
	       e->cpu, e->generation, e->seq, config);
}

static void json_event(const struct trace_item *item)
{
	const struct acqrel_event *e = &item->event;

	out_str("kind", NULL, acqrel_kind_name(e->kind));
	out_u64("pid", NULL, e->pid);
	out_u64("peer", NULL, e->peer);
	if (e->flags & ACQREL_EVENT_HAS_VALUE)
		out_u64("value_ns", NULL, e->value_ns);
	else
		out_na("value_ns", NULL, NULL);
	if (item->verdict == ACQREL_VERDICT_PUSHED ||
	    item->verdict == ACQREL_VERDICT_OVERWROTE)
		out_u64("pos", NULL, e->pos);
	else
		out_na("pos", NULL, NULL);
	out_u64("generation", NULL, e->generation);
	out_bool("generated", NULL, e->flags & ACQREL_EVENT_GENERATED);
	out_str("verdict", NULL, acqrel_verdict_name(item->verdict));
}

static void print_json(const struct dump *dump, const struct trace_item *item)
{
	static const char *const records[] = {
		[TRACE_ITEM_EVENT]	= "event",
		[TRACE_ITEM_CONFIG]	= "config",
		[TRACE_ITEM_GAP]	= "gap",
	};
	const struct acqrel_event *e = &item->event;

	out_str("record", NULL, records[item->type]);
	out_u64("clock_ns", NULL, e->clock_ns);
	out_u64("since_start_ns", NULL, trace_since(&dump->view, e->clock_ns));
	out_u64("cpu", NULL, e->cpu);
	out_u64("seq", NULL, e->seq);
	if (item->type == TRACE_ITEM_EVENT) {
		json_event(item);
	} else if (item->type == TRACE_ITEM_GAP) {
		out_u64("skipped", NULL, item->skipped);
	} else {
		out_u64("generation", NULL, e->generation);
		config_print(&item->config);
	}
	out_line();
}

static bool selected(const struct dump *dump, const struct trace_item *item)
{
	const struct acqrel_event *e = &item->event;

	if (trace_since(&dump->view, e->clock_ns) < dump->from_ns)
		return false;
	if (item->type != TRACE_ITEM_EVENT)
		return true;
	return dump->kinds & 1U << e->kind &&
		dump->verdicts & 1U << item->verdict &&
		(dump->pid < 0 || e->pid == dump->pid || e->peer == dump->pid);
}

/* Items are in the order of their clocks, so the first too late is the end. */
static bool finished(const struct dump *dump, const struct trace_item *item)
{
	return trace_since(&dump->view, item->event.clock_ns) >= dump->to_ns ||
		(dump->limit && dump->events == dump->limit);
}

static void dump_items(struct dump *dump)
{
	const struct trace_item *item;

	while ((item = trace_walk_next(dump->view.walk))) {
		if (finished(dump, item))
			return;
		if (!selected(dump, item))
			continue;
		if (out_is_json())
			print_json(dump, item);
		else if (item->type == TRACE_ITEM_EVENT)
			print_event(item);
		else
			print_other(item);
		dump->events += item->type == TRACE_ITEM_EVENT;
		if (++dump->lines % FLUSH_EVERY == 0 && out_flush())
			return;
	}
}

static void print_start(const struct dump *dump)
{
	char text[TRACE_SECONDS_TEXT];

	out_text("# %s start of %s\n",
		 trace_seconds(dump->view.start_ns, text), dump->view.path);
}

/* A stream of lines that just stops could be one that was cut. */
static void print_end(const struct dump *dump)
{
	out_str("record", NULL, "end");
	out_u64("events", NULL, dump->events);
	trace_view_extent(&dump->view);
	out_line();
}

/* "1.5" is 1500000000; there is no more than nanoseconds. */
static bool read_seconds(const char *text, __u64 *ns)
{
	size_t whole = strcspn(text, "."), digits = 0;
	char seconds[16];
	__u64 part = 0;

	if (!whole || whole >= sizeof(seconds))
		return false;
	memcpy(seconds, text, whole);
	seconds[whole] = '\0';
	if (!args_u64(seconds, ns) || *ns >= UINT32_MAX)
		return false;
	text += whole;
	if (*text == '.' && !isdigit(*++text))
		return false;
	for (; isdigit(*text) && digits < 9; digits++)
		part = 10 * part + *text++ - '0';
	for (; digits < 9; digits++)
		part *= 10;
	*ns = *ns * NS_PER_S + part;
	return !*text;
}

static bool set_time(const char *name, const char *text, __u64 *ns)
{
	if (!text || read_seconds(text, ns))
		return true;
	out_error("%s needs seconds since the start like 1.5, not '%s'", name,
		  text);
	return false;
}

/* Always false. */
static bool refuse(const char *word, const char *what,
		   const char *(*name)(unsigned int), unsigned int n)
{
	char there_are[256] = "";
	size_t len = 0;

	for (unsigned int i = 0; i < n && len < sizeof(there_are); i++)
		len += snprintf(there_are + len, sizeof(there_are) - len,
				"%s%s", i ? ", " : "", name(i));
	out_error("'%s' is no %s; there are %s", word, what, there_are);
	return false;
}

static bool set_kinds(struct dump *dump, const struct args_strings *names)
{
	dump->kinds = names->n ? 0 : ACQREL_KINDS_ALL;
	for (unsigned int i = 0; i < names->n; i++) {
		int kind = acqrel_kind_number(names->values[i]);

		if (kind < 0)
			return refuse(names->values[i], "kind of event",
				      acqrel_kind_name, __ACQREL_KIND_COUNT);
		dump->kinds |= 1U << kind;
	}
	return true;
}

/* What several verdicts begin with means all of them. */
static unsigned int verdicts_of(const char *name)
{
	unsigned int mask = 0;

	for (unsigned int v = 0; *name && v < __ACQREL_VERDICT_COUNT; v++)
		if (!strncmp(acqrel_verdict_name(v), name, strlen(name)))
			mask |= 1U << v;
	return mask;
}

static bool set_verdicts(struct dump *dump, const struct args_strings *names)
{
	dump->verdicts = names->n ? 0 : ~0U;
	for (unsigned int i = 0; i < names->n; i++) {
		unsigned int mask = verdicts_of(names->values[i]);

		if (!mask)
			return refuse(names->values[i], "verdict",
				      acqrel_verdict_name,
				      __ACQREL_VERDICT_COUNT);
		dump->verdicts |= mask;
	}
	return true;
}

/**
 * cmd_trace_dump() - print events and what stands between them
 * @args: words: a file
 *
 * Return: exit status.
 */
int cmd_trace_dump(struct args *args)
{
	struct dump dump = { .to_ns = UINT64_MAX };
	struct args_strings kinds = { 0 }, verdicts = { 0 };
	const char *from = NULL, *to = NULL;
	struct args_numbers cpus = { 0 };
	__u64 pid = UINT64_MAX;
	const struct option options[] = {
		{ "--cpu", "N,..", "of these CPUs", .numbers = &cpus,
		  .max = ACQREL_TRACE_CPUS_MAX - 1 },
		{ "--kind", "KIND", "of this kind", .strings = &kinds },
		{ "--pid", "N", "of this thread", .number = &pid,
		  .max = ACQREL_PID_LIMIT },
		{ "--verdict", "WORD", "with this verdict",
		  .strings = &verdicts },
		{ "--from", "S", "from S seconds after the start on",
		  .string = &from },
		{ "--to", "S", "until S seconds after the start",
		  .string = &to },
		{ "-n", "N", "stop after N events", .number = &dump.limit,
		  .min = 1 },
		{ }
	};
	int rc;

	if (!args_parse(args, options, 1))
		return args->status;
	dump.pid = pid == UINT64_MAX ? -1 : (__s64)pid;
	if (!set_kinds(&dump, &kinds) || !set_verdicts(&dump, &verdicts) ||
	    !set_time("--from", from, &dump.from_ns) ||
	    !set_time("--to", to, &dump.to_ns))
		return STATUS_USAGE;
	rc = trace_view_open(&dump.view, args, &cpus);
	if (rc)
		return rc;
	print_start(&dump);
	dump_items(&dump);
	if (out_is_json())
		print_end(&dump);
	return trace_view_close(&dump.view, STATUS_OK);
}
