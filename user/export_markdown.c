// SPDX-License-Identifier: GPL-2.0-only
/*
 * export_markdown.c - a table for a mail or a page
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "result_json.h"
#include "verdict.h"

/* All ASCII punctuation may be escaped (CommonMark 2.4); what needs it is. */
static void put(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_{}[]<>()#+!|&~\"'", *text))
			fputc('\\', out);
		fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
	}
}

static void put_time(FILE *out, double ns)
{
	char text[FIGURE_TEXT];

	fprintf(out, " %s |", isfinite(ns) ? figure_fixed(ns, 2, text) : "–");
}

static void put_row(FILE *out, const struct report_entry *e)
{
	const struct cell *cell = e->cell;
	char text[FIGURE_TEXT];

	fputs("| ", out);
	put(out, cell->name);
	fprintf(out, " | %s | %u | %s |", result_world_names[cell->world],
		e->load, export_rate(cell, text));
	put_time(out, e->time.mid);
	put_time(out, e->time.low);
	put_time(out, e->time.high);
	put_time(out, cell->figures.bound_ns > 0 ?
		 e->time.mid / cell->figures.bound_ns : NAN);
	put_time(out, e->ops / 1e6);
	fprintf(out, " %s |\n", verdict_void(cell) ? "wrong result" :
		report_doubtful(e) ? "not to be trusted" : "");
}

static void head(FILE *out, const struct report_file *file)
{
	const char *unit = file->result.emulated ? "ns, emulated" : "ns";
	const json_t *warning;
	size_t i;

	fputs("**", out);
	put(out, export_host(file));
	fputs("** ", out);
	put(out, file->date);
	fputs("\n\n", out);
	json_array_foreach(file->result.warnings, i, warning) {
		fputs("- Warning: ", out);
		put(out, json_string_value(warning));
		fputc('\n', out);
	}
	fputs("\n| case | world | threads | writes/s |", out);
	fprintf(out, " %s | from | to | of bound | M ops/s | |\n", unit);
	fputs("|:--|:--|--:|--:|--:|--:|--:|--:|--:|:--|\n", out);
}

/**
 * export_markdown() - figures as a Markdown table for each result
 * @out: where to
 * @what: struct report
 *
 * Return: false if there is not enough memory.
 */
bool export_markdown(FILE *out, const void *what)
{
	const struct report *report = what;

	for (unsigned int i = 0; i < report->nfiles; i++) {
		struct report_entry *entries;
		size_t n = report_entries(report->files, i, i, &entries);

		if (!entries)
			return false;
		if (i)
			fputc('\n', out);
		head(out, &report->files[i]);
		report_order(entries, n, KEY_CELL, 0);
		for (size_t j = 0; j < n; j++)
			put_row(out, &entries[j]);
		free(entries);
	}
	return true;
}
