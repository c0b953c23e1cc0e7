// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_tables.c - every figure of every cell
 */
#include <math.h>
#include <string.h>

#include "latency.h"
#include "report.h"

/**
 * struct column - of the table
 * @title: above it
 * @digits: after the point
 * @time: in nanoseconds
 * @stays: wrong results do not void it
 * @figure: offset of a double in struct cell_figures, if there is no @value
 * @value: computes it; NAN: not known or not for this one
 */
struct column {
	const char *title;
	int digits;
	bool time;
	bool stays;
	size_t figure;
	double (*value)(const struct report_entry *e);
};

static double multiple(const struct report_entry *e)
{
	double bound = e->cell->figures.bound_ns;

	return bound > 0 ? e->time.mid / bound : NAN;
}

static double mops(const struct report_entry *e)
{
	return e->ops / 1e6;
}

static double percentile(const struct report_entry *e, unsigned int permille)
{
	const struct acqrel_latency *latency = e->cell->latency;

	return latency ? latency_percentile(latency, permille) : NAN;
}

static double p50(const struct report_entry *e)
{
	return percentile(e, 500);
}

static double p90(const struct report_entry *e)
{
	return percentile(e, 900);
}

static double p99(const struct report_entry *e)
{
	return percentile(e, 990);
}

static double p999(const struct report_entry *e)
{
	return percentile(e, 999);
}

static double longest(const struct report_entry *e)
{
	const struct acqrel_latency *latency = e->cell->latency;

	return latency && latency->n ? latency->max : NAN;
}

static double failed(const struct report_entry *e)
{
	return e->cell->figures.failed * 100;
}

static double overlap(const struct report_entry *e)
{
	return e->cell->figures.overlap * 100;
}

static double slices(const struct report_entry *e)
{
	return e->cell->nslices;
}

static double tagged(const struct report_entry *e)
{
	return e->cell->figures.tagged;
}

static double violations(const struct report_entry *e)
{
	return e->cell->figures.violations;
}

static double lost(const struct report_entry *e)
{
	return e->cell->figures.lost;
}

#define TIME(title, member)						\
	{ title, 2, true, false, offsetof(struct cell_figures, member), NULL }
#define LATENCY(title, function)					\
	{ title, 0, true, false, 0, function }
#define OTHER(title, digits, member)					\
	{ title, digits, false, true,					\
	  offsetof(struct cell_figures, member), NULL }
#define COUNT(title, digits, function)					\
	{ title, digits, false, true, 0, function }

static const struct column columns[] = {
	TIME("time", net_ns),
	TIME("from", interval.low),
	TIME("to", interval.high),
	TIME("all slices", net_all_ns),
	TIME("with empty loop", raw_ns),
	TIME("deviation", mad_ns),
	TIME("p5", p5_ns),
	TIME("p95", p95_ns),
	TIME("fastest", min_ns),
	TIME("bound", bound_ns),
	{ "of bound", 1, false, false, 0, multiple },
	{ "M ops/s", 2, false, false, 0, mops },
	LATENCY("p50", p50),
	LATENCY("p90", p90),
	LATENCY("p99", p99),
	LATENCY("p99.9", p999),
	LATENCY("longest", longest),
	COUNT("failed %", 2, failed),
	OTHER("retries/op", 4, retries),
	OTHER("in ring", 1, fill),
	OTHER("fairness", 2, fairness),
	OTHER("writes/s", 0, write_rate),
	COUNT("overlap %", 1, overlap),
	OTHER("GHz", 2, ghz),
	COUNT("slices", 0, slices),
	COUNT("tagged", 0, tagged),
	COUNT("violations", 0, violations),
	COUNT("lost", 0, lost),
};

static double value_of(const struct column *column,
		       const struct report_entry *e)
{
	double value;

	if (!column->stays && report_wrong(e->cell))
		return NAN;
	if (column->value)
		return column->value(e);
	memcpy(&value, (const char *)&e->cell->figures + column->figure,
	       sizeof(value));
	return value;
}

/* A column without a value in any row is left out. */
static bool used(const struct column *column,
		 const struct report_entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (isfinite(value_of(column, &entries[i])))
			return true;
	return false;
}

static void put_head(const struct report *report, bool emulated,
		     const bool *shown)
{
	fputs("<thead><tr><th scope=\"col\">case</th>\n"
	      "<th scope=\"col\">world</th>\n", report->out);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		if (!shown[i])
			continue;
		fprintf(report->out, "<th scope=\"col\">%s",
			columns[i].title);
		if (columns[i].time)
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
	fprintf(out, "<tr%s><th scope=\"row\">", report_wrong(e->cell) ?
		" class=\"wrong\"" : report_doubtful(e->cell) ?
		" class=\"doubtful\"" : "");
	svg_put(out, e->variant);
	fputs(" <small>", out);
	svg_put(out, title);
	fputs(report_wrong(e->cell) ? "; wrong result" :
	      report_doubtful(e->cell) ? "; not to be trusted" : "", out);
	fprintf(out, "</small></th><td>%s</td>",
		e->cell->world == WORLD_KERNEL ? "kernel" : "user");
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		double value = value_of(&columns[i], e);

		if (!shown[i])
			continue;
		if (isfinite(value))
			fprintf(out, "<td>%s</td>",
				figure_fixed(value, columns[i].digits, text));
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
	bool shown[ARRAY_SIZE(columns)];

	report_order(entries, n, KEY_CELL, 0);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		shown[i] = used(&columns[i], entries, n);
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\"\n"
	      " aria-label=\"all figures\">\n<table class=\"figures\">\n",
	      report->out);
	put_head(report, entries->result->emulated, shown);
	for (size_t i = 0; i < n; i++)
		put_row(report, &entries[i], shown);
	fputs("</tbody></table></div>\n", report->out);
}
