// SPDX-License-Identifier: GPL-2.0-only
/*
 * export_csv.c - a row for each cell (RFC 4180)
 *
 * What is not known is empty.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "result_json.h"

/* What a spreadsheet would take for a formula gets a quote before it. */
static void put(FILE *out, const char *text)
{
	const char *quote = *text && strchr("=+-@", *text) ? "'" : "";

	if (!text[strcspn(text, ",\"\r\n")]) {
		fprintf(out, "%s%s,", quote, text);
		return;
	}
	fprintf(out, "\"%s", quote);
	for (; *text; text++)
		fprintf(out, *text == '"' ? "\"%c" : "%c", *text);
	fputs("\",", out);
}

static void head(FILE *out)
{
	const struct figure *f;

	fputs("file,host,date,world,case,threads,writes_per_s,payload_bytes,",
	      out);
	fputs("placement,mode,pace_ns,emulated,trusted", out);
	for (f = figure_list; f->title; f++)
		fprintf(out, ",%s", f->column);
	fputc('\n', out);
}

static void put_row(FILE *out, const struct report_file *file,
		    const struct report_entry *e)
{
	const struct cell *cell = e->cell;
	const struct figure *f;
	char text[FIGURE_TEXT];

	put(out, file->path);
	put(out, export_host(file));
	put(out, file->date);
	put(out, result_world_names[cell->world]);
	put(out, cell->name);
	fprintf(out, "%u,%s,%u,", e->load, export_rate(cell, text),
		cell->payload);
	put(out, cell->placement);
	fprintf(out, "%s,%llu,%s,%s", result_mode_names[cell->mode],
		cell->pace_ns, file->result.emulated ? "true" : "false",
		report_doubtful(e) ? "false" : "true");
	for (f = figure_list; f->title; f++) {
		double value = figure_value(f, e);

		if (isfinite(value))
			fprintf(out, ",%.9g", value);
		else
			fputc(',', out);
	}
	fputc('\n', out);
}

/**
 * export_csv() - figures as CSV
 * @out: where to
 * @what: struct report
 *
 * Return: false if there is not enough memory.
 */
bool export_csv(FILE *out, const void *what)
{
	const struct report *report = what;

	head(out);
	for (unsigned int i = 0; i < report->nfiles; i++) {
		struct report_entry *entries;
		size_t n = report_entries(report->files, i, i, &entries);

		if (!entries)
			return false;
		report_order(entries, n, KEY_CELL, 0);
		for (size_t j = 0; j < n; j++)
			put_row(out, &report->files[i], &entries[j]);
		free(entries);
	}
	return true;
}
