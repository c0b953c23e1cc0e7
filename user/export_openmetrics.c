// SPDX-License-Identifier: GPL-2.0-only
/*
 * export_openmetrics.c - figures for a Prometheus textfile collector
 *
 * OpenMetrics 1.0, restricted to what the older text format has, too: all are
 * gauges. Of several results of a machine the newest counts, because a metric
 * has one value.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "export.h"
#include "result_json.h"

/* what is written, all results in one */
struct all {
	FILE *out;
	const struct report *report;
	struct report_entry *entries;
	size_t n;
};

static void put_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	for (; *value; value++)
		if (*value == '\n')
			fputs("\\n", out);
		else if (*value == '"' || *value == '\\')
			fprintf(out, "\\%c", *value);
		else
			fputc(*value, out);
	fputc('"', out);
}

static void put_number(FILE *out, const char *name, __u64 number)
{
	fprintf(out, ",%s=\"%llu\"", name, number);
}

static void put_host(FILE *out, const struct report_file *file)
{
	const char *id = result_host_id(&file->result);

	put_label(out, "host", export_host(file));
	if (!*id)
		return;
	fputc(',', out);
	put_label(out, "host_id", id);
}

static void put_labels(FILE *out, const struct report_file *file,
		       const struct report_entry *e, const char *more)
{
	const struct cell *cell = e->cell;
	char text[FIGURE_TEXT];

	fputc('{', out);
	put_host(out, file);
	fputc(',', out);
	put_label(out, "world", result_world_names[cell->world]);
	fputc(',', out);
	put_label(out, "case", cell->name);
	put_number(out, "threads", e->load);
	fputc(',', out);
	put_label(out, "writes", export_rate(cell, text));
	put_number(out, "payload_bytes", cell->payload);
	fputc(',', out);
	put_label(out, "placement", cell->placement);
	fputc(',', out);
	put_label(out, "mode", result_mode_names[cell->mode]);
	put_number(out, "pace_ns", cell->pace_ns);
	fprintf(out, ",emulated=\"%s\"",
		file->result.emulated ? "true" : "false");
	if (more)
		fprintf(out, ",%s", more);
	fputc('}', out);
}

static void put_family(FILE *out, const char *metric, const char *unit,
		       const char *help)
{
	fprintf(out, "# TYPE %s gauge\n", metric);
	if (unit)
		fprintf(out, "# UNIT %s %s\n", metric, unit);
	fprintf(out, "# HELP %s %s.\n", metric, help);
}

static void put_samples(const struct all *all, const struct figure *f)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct report_entry *e = &all->entries[i];
		double value = figure_value(f, e) * f->scale;

		if (!isfinite(value))
			continue;
		fputs(f->metric, all->out);
		put_labels(all->out, &all->report->files[e->file], e,
			   f->label);
		fprintf(all->out, " %.9g\n", value);
	}
}

/* Figures stand there whatever happened to the run: this says so. */
static void put_trust(const struct all *all)
{
	static const char metric[] = "acqrel_trusted";

	put_family(all->out, metric, NULL,
		   "0 if the cell or its run was disturbed or wrong");
	for (size_t i = 0; i < all->n; i++) {
		const struct report_entry *e = &all->entries[i];

		fputs(metric, all->out);
		put_labels(all->out, &all->report->files[e->file], e, NULL);
		fprintf(all->out, " %d\n", !report_doubtful(e));
	}
}

static bool superseded(const struct report *report, unsigned int i)
{
	for (unsigned int j = i + 1; j < report->nfiles; j++)
		if (result_same_host(&report->files[i].result,
				     &report->files[j].result))
			return true;
	return false;
}

static void put_times(FILE *out, const struct report *report)
{
	static const char metric[] = "acqrel_result_timestamp_seconds";

	put_family(out, metric, "seconds", "When the result was made");
	for (unsigned int i = 0; i < report->nfiles; i++) {
		struct tm utc = { 0 };

		if (superseded(report, i) ||
		    !strptime(report->files[i].date, "%Y-%m-%dT%H:%M:%SZ",
			      &utc))
			continue;
		fprintf(out, "%s{", metric);
		put_host(out, &report->files[i]);
		fprintf(out, "} %lld\n", (long long)timegm(&utc));
	}
}

/* One of each cell, of the newest results; false without memory. */
static bool gather(struct all *all)
{
	const struct report *report = all->report;
	size_t used = 0;

	if (!report->nfiles)
		return true;
	all->n = report_entries(report->files, 0, report->nfiles - 1,
				&all->entries);
	if (!all->entries)
		return false;
	report_order(all->entries, all->n, KEY_FILE, KEY_CELL);
	for (size_t i = 0; i < all->n; i++) {
		struct report_entry e = all->entries[i];

		if (superseded(report, e.file) ||
		    (used && !report_compare(&e, &all->entries[used - 1],
					     KEY_CELL | KEY_FILE)))
			continue;
		all->entries[used++] = e;
	}
	all->n = used;
	return true;
}

/**
 * export_openmetrics() - figures as OpenMetrics
 * @out: where to
 * @what: struct report
 *
 * Return: false if there is not enough memory.
 */
bool export_openmetrics(FILE *out, const void *what)
{
	struct all all = { .out = out, .report = what };
	const struct figure *f;
	const char *last = "";

	if (!gather(&all))
		return false;
	put_times(out, what);
	put_trust(&all);
	for (f = figure_list; f->title; f++) {
		if (!f->metric)
			continue;
		if (strcmp(last, f->metric))
			put_family(out, f->metric, f->unit, f->help);
		last = f->metric;
		put_samples(&all, f);
	}
	free(all.entries);
	fputs("# EOF\n", out);
	return true;
}
