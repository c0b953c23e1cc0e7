// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_tables.c - every figure of every cell
 */
#include <math.h>
#include <string.h>

#include "figure_list.h"
#include "verdict.h"

/* A column without a value in any row is left out. */
static bool used(const struct figure *figure,
		 const struct report_entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (isfinite(figure_value(figure, &entries[i])))
			return true;
	return false;
}

static void put_head(const struct report *report, bool emulated,
		     const bool *shown)
{
	fputs("<thead><tr><th scope=\"col\">case</th>\n"
	      "<th scope=\"col\">world</th>\n", report->out);
	for (size_t i = 0; i < FIGURES; i++) {
		if (!shown[i])
			continue;
		fprintf(report->out, "<th scope=\"col\">%s",
			figure_list[i].title);
		if (figure_list[i].time)
			fprintf(report->out, "<small>ns%s</small>",
				emulated ? ", emulated" : "");
		fputs("</th>", report->out);
	}
	fputs("</tr></thead>\n<tbody>\n", report->out);
}

static void put_row(const struct report *report, const struct report_entry *e,
		    const bool *shown)
{
	char title[REPORT_LABEL], text[FIGURE_TEXT];
	FILE *out = report->out;

	report_title(e, KEY_CELL & ~(KEY_WORLD | KEY_VARIANT), title);
	fprintf(out, "<tr%s><th scope=\"row\">", verdict_void(e->cell) ?
		" class=\"wrong\"" : report_doubtful(e) ?
		" class=\"doubtful\"" : "");
	svg_put(out, e->variant);
	fputs(" <small>", out);
	svg_put(out, title);
	fputs(verdict_void(e->cell) ? "; wrong result" :
	      report_doubtful(e) ? "; not to be trusted" : "", out);
	fprintf(out, "</small></th><td>%s</td>",
		e->cell->world == WORLD_KERNEL ? "kernel" : "user");
	for (size_t i = 0; i < FIGURES; i++) {
		double value = figure_value(&figure_list[i], e);

		if (!shown[i])
			continue;
		if (isfinite(value))
			fprintf(out, "<td>%s</td>",
				figure_fixed(value, figure_list[i].digits, text));
		else
			fputs("<td class=\"none\">–</td>", out);
	}
	fputs("</tr>\n", out);
}

/**
 * report_table() - every figure of some cells
 * @report: report
 * @entries: of one result, at least one; their order changes
 * @n: how many
 */
void report_table(const struct report *report, struct report_entry *entries,
		  size_t n)
{
	bool shown[FIGURES];

	report_order(entries, n, KEY_CELL, 0);
	for (size_t i = 0; i < FIGURES; i++)
		shown[i] = used(&figure_list[i], entries, n);
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\"\n"
	      " aria-label=\"all figures\">\n<table class=\"figures\">\n",
	      report->out);
	put_head(report, entries->result->emulated, shown);
	for (size_t i = 0; i < n; i++)
		put_row(report, &entries[i], shown);
	fputs("</tbody></table></div>\n", report->out);
}
