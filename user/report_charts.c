// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_charts.c - the variants of a primitive beside each other
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "verdict.h"

#define CURVES_KEYS	(KEY_CELL & ~(KEY_VARIANT | KEY_WORLD))

/* an entry, and the time of the fastest of its variant */
struct ranked {
	const struct report_entry *entry;
	double rank;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	/* those without a time come last */
	if (isnan(x->rank) != isnan(y->rank))
		return isnan(x->rank) - isnan(y->rank);
	return (x->rank > y->rank) - (x->rank < y->rank) ?:
	       report_compare(x->entry, y->entry,
			      KEY_VARIANT | KEY_OP | KEY_WORLD);
}

static double fastest(const struct report_entry *entries, size_t n,
		      const struct report_entry *of)
{
	double rank = NAN;

	for (size_t i = 0; i < n; i++)
		if (!report_compare(&entries[i], of, KEY_VARIANT | KEY_OP))
			rank = fmin(rank, entries[i].time.mid);
	return rank;
}

/* The operations of the floor are each other's measure. */
static unsigned int bars_keys(const struct report_entry *e)
{
	if (!strcmp(e->primitive, "floor"))
		return CURVES_KEYS & ~KEY_OP;
	return CURVES_KEYS;
}

static void bar_fill(const struct report_entry *e, struct chart_bar *bar)
{
	static const char *const classes[WORLD_COUNT][2] = {
		[WORLD_KERNEL] = { "kernel", "kernel doubt" },
		[WORLD_USER] = { "user", "user doubt" },
	};
	const struct cell *cell = e->cell;
	char text[FIGURE_TEXT];

	if (bars_keys(e) & KEY_OP)
		snprintf(bar->label, sizeof(bar->label), "%s", e->variant);
	else
		snprintf(bar->label, sizeof(bar->label), "%.20s:%.20s",
			 e->variant, e->op);
	bar->class = classes[cell->world][report_doubtful(e)];
	bar->value = e->time;
	bar->bound = cell->figures.bound_ns;
	if (verdict_void(cell)) {
		strcpy(bar->text, "wrong result");
	} else if (isnan(e->time.mid)) {
		strcpy(bar->text, report_doubtful(e) ? "disturbed" : "n/a");
	} else if (e->time.mid <= 0) {
		strcpy(bar->text, "below empty");
		bar->value.mid = NAN;
	} else {
		snprintf(bar->text, sizeof(bar->text), "%s%s",
			 figure_time(e->time.mid, text),
			 report_doubtful(e) ? " !" : "");
	}
}

static void bars(const struct report *report,
		 const struct report_entry *entries, size_t n)
{
	struct ranked *ranked = calloc(n, sizeof(*ranked));
	struct chart_bar *bar = calloc(n, sizeof(*bar));
	char title[REPORT_LABEL];
	struct chart chart = {
		.out = report->out,
		.title = title,
		.unit = "ns per operation",
		.emulated = entries->result->emulated,
	};

	report_title(entries, bars_keys(entries), title);
	for (size_t i = 0; i < n && ranked; i++) {
		ranked[i].entry = &entries[i];
		ranked[i].rank = fastest(entries, n, &entries[i]);
	}
	if (ranked && bar) {
		qsort(ranked, n, sizeof(*ranked), by_rank);
		for (size_t i = 0; i < n; i++)
			bar_fill(ranked[i].entry, &bar[i]);
		chart_bars(&chart, bar, n);
	}
	free(ranked);
	free(bar);
}

/* Operations that are timed one by one are in the curves. */
static void all_bars(const struct report *report, struct report_entry *entries,
		     size_t n)
{
	unsigned int keys = bars_keys(entries);

	report_order(entries, n, keys, 0);
	for (size_t i = 0, group; i < n; i += group) {
		group = report_group(entries + i, n - i, keys);
		if (entries[i].cell->mode == ACQREL_BENCH_RATE)
			bars(report, entries + i, group);
	}
}

static void curves(const struct report *report,
		   const struct report_entry *entries, size_t n)
{
	struct chart_curve *curve = calloc(n, sizeof(*curve));
	char title[REPORT_LABEL];
	struct chart chart = {
		.out = report->out,
		.title = title,
		.unit = "time of an operation",
		.emulated = entries->result->emulated,
	};
	size_t used = 0;

	report_title(entries, CURVES_KEYS, title);
	strncat(title, " · latency", REPORT_LABEL - strlen(title) - 1);
	for (size_t i = 0; i < n && curve; i++) {
		const struct cell *cell = entries[i].cell;

		if (!cell->latency || cell->latency->n < 100 ||
		    verdict_void(cell))
			continue;
		snprintf(curve[used].label, sizeof(curve->label), "%s, %s",
			 entries[i].variant, cell->world == WORLD_KERNEL ?
			 "kernel" : "user");
		curve[used++].latency = cell->latency;
	}
	if (used)
		chart_cdf(&chart, curve, used);
	free(curve);
}

static void all_curves(const struct report *report,
		       struct report_entry *entries, size_t n)
{
	report_order(entries, n, CURVES_KEYS, 0);
	for (size_t i = 0, group; i < n; i += group) {
		group = report_group(entries + i, n - i, CURVES_KEYS);
		curves(report, entries + i, group);
	}
}

/**
 * report_charts() - draw all about a primitive
 * @report: report
 * @entries: of one result; their order changes
 * @n: how many
 */
void report_charts(const struct report *report, struct report_entry *entries,
		   size_t n)
{
	fputs("<div class=\"charts\">\n", report->out);
	all_bars(report, entries, n);
	report_lines(report, entries, n, KEY_LOAD);
	report_lines(report, entries, n, KEY_RATE);
	all_curves(report, entries, n);
	fputs("</div>\n", report->out);
}
