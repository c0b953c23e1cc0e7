// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench_columns.c - what the columns of figures and verdicts say
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench_table.h"
#include "columns.h"
#include "latency.h"
#include "result_json.h"

#define BAR_WIDTH	10
#define FAILED_SHOWN	0.005
#define FAIR		0.9
#define READINGS_LEAST	10	/* a latency has one reading of the clock in it */

/* Three digits that count, and no more than three after the point. */
static void number(char *text, size_t size, double value)
{
	double size_of = fabs(value);

	snprintf(text, size, "%.*f", size_of < 1 ? 3 : size_of < 10 ? 2 :
		 size_of < 100 ? 1 : 0, value);
}

/* A ratio near 1 matters to a tenth of a percent. */
static void ratio_number(char *text, size_t size, double value)
{
	snprintf(text, size, "%.*f", value < 10 ? 3 : value < 100 ? 1 : 0,
		 value);
}

static void paint(const struct bench_row *row, enum tone tone, char *text)
{
	terminal_paint(row->terminal, tone, text, COLUMNS_TEXT);
}

static void say_case(const void *at, char *text)
{
	const struct bench_row *row = at;

	strcpy(text, row->cell->name);
}

static void say_world(const void *at, char *text)
{
	const struct bench_row *row = at;

	strcpy(text, result_world_names[row->cell->world]);
}

static void say_threads(const void *at, char *text)
{
	const struct bench_row *row = at;

	sprintf(text, "%u", row->cell->threads);
}

static void say_placement(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->placements)
		strcpy(text, row->cell->placement);
}

static void say_payload(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->payloads && row->cell->payload)
		sprintf(text, "%u", row->cell->payload);
}

static void say_writes(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->cell->write_rate == RESULT_WRITE_MAX)
		strcpy(text, "max");
	else if (row->cell->write_rate)
		sprintf(text, "%llu", row->cell->write_rate);
}

static void say_time(const struct bench_row *row, const struct cell *cell,
		     char *text)
{
	double ns = cell->figures.net_ns;
	size_t len;

	if (isnan(ns)) {
		strcpy(text, cell->figures.tagged ? "all tagged" : "none done");
		return;
	}
	if (ns <= 0) {
		strcpy(text, "below empty");
		return;
	}
	number(text, COLUMNS_TEXT, ns);
	len = strlen(text);
	if (row->result->emulated)
		snprintf(text + len, COLUMNS_TEXT - len, " emulated");
}

static void say_ns(const void *at, char *text)
{
	const struct bench_row *row = at;

	say_time(row, row->cell, text);
}

static void say_against_ns(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->against)
		say_time(row, row->against, text);
}

static void say_range(const struct interval *range,
		      void (*say)(char *text, size_t size, double value),
		      char *text)
{
	char low[32], high[32];

	if (!isfinite(range->low) || !isfinite(range->high))
		return;
	say(low, sizeof(low), range->low);
	say(high, sizeof(high), range->high);
	sprintf(text, "%s to %s", low, high);
}

static void say_interval(const void *at, char *text)
{
	const struct bench_row *row = at;

	say_range(&row->cell->figures.interval, number, text);
}

static void say_bar(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->terminal->bars)
		terminal_bar(row->terminal,
			     row->cell->figures.net_ns / row->slowest_ns,
			     BAR_WIDTH, text, COLUMNS_TEXT);
}

/* Beside the headline, where it differs from it in what it is made of. */
static void say_all(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->cell->figures.tagged && row->cell->figures.net_all_ns > 0)
		number(text, COLUMNS_TEXT, row->cell->figures.net_all_ns);
}

static void say_times(const struct bench_row *row, double ns, char *text)
{
	const struct cell *cell = row->cell;
	double times = ns / cell->figures.bound_ns;
	char ratio[32], count[32] = "";

	if (cell->bound < 0 || !isfinite(times) || times <= 0)
		return;
	number(ratio, sizeof(ratio), times);
	if (cell->bound_times && cell->bound_times != 1000)
		snprintf(count, sizeof(count), "%g ", cell->bound_times / 1e3);
	sprintf(text, "x%s of %s%s", ratio, count,
		row->result->cells[cell->bound].name);
}

static void say_bound(const void *at, char *text)
{
	const struct bench_row *row = at;

	say_times(row, row->cell->figures.net_ns, text);
}

static void say_overlap(const void *at, char *text)
{
	const struct bench_row *row = at;
	double overlap = row->cell->figures.overlap;

	if (row->against && row->against->figures.overlap < overlap)
		overlap = row->against->figures.overlap;
	if (!isfinite(overlap))
		return;
	sprintf(text, "%.0f %%", floor(overlap * 100));
	paint(row, overlap < RESULT_OVERLAP_MIN ? TONE_BAD : TONE_PLAIN, text);
}

static void say_retries(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->cell->figures.retries > 0)
		sprintf(text, "%.3g", row->cell->figures.retries);
}

static void say_failed(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->cell->figures.failed >= FAILED_SHOWN)
		sprintf(text, "%.0f %%", row->cell->figures.failed * 100);
}

static void say_fill(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (isfinite(row->cell->figures.fill))
		sprintf(text, "%.0f", row->cell->figures.fill);
}

static void say_fairness(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->cell->figures.fairness < FAIR)
		sprintf(text, "%.2f", row->cell->figures.fairness);
}

/* An emulated CPU has no clock. */
static void say_ghz(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->cell->figures.ghz > 0 && !row->result->emulated)
		sprintf(text, "%.2f", row->cell->figures.ghz);
}

static void add_mark(char *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_mark(char *text, const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	if (len)
		len += snprintf(text + len, COLUMNS_TEXT - len, ", ");
	if (len >= COLUMNS_TEXT)
		return;
	va_start(args, format);
	vsnprintf(text + len, COLUMNS_TEXT - len, format, args);
	va_end(args);
}

static enum tone mark_cell(const struct cell *cell, char *text)
{
	const struct cell_figures *f = &cell->figures;
	enum tone tone = TONE_PLAIN;

	if (f->tagged) {
		tone = TONE_DOUBT;
		add_mark(text, "%u of %u tagged", f->tagged, cell->nslices);
	}
	if (verdict_void(cell))
		tone = TONE_BAD;
	if (f->violations)
		add_mark(text, "WRONG: %llu violations", f->violations);
	if (f->lost)
		add_mark(text, "WRONG: %llu lost", f->lost);
	return tone;
}

static void say_marks(const void *at, char *text)
{
	const struct bench_row *row = at;
	enum tone tone = mark_cell(row->cell, text), other = TONE_PLAIN;

	/* the other one has a row of its own in a table of variants */
	if (row->against && row->against->world != row->cell->world)
		other = mark_cell(row->against, text);
	if (row->comparison && row->comparison->raw)
		add_mark(text, "with empty loop");
	paint(row, tone > other ? tone : other, text);
}

static void say_against(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->against)
		strcpy(text, row->against->name);
}

static void say_ratio(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (!row->comparison)
		return;
	if (isfinite(row->comparison->ratio.mid))
		ratio_number(text, COLUMNS_TEXT,
			     row->comparison->ratio.mid);
	else
		strcpy(text, "n/a");
}

static void say_ratio_range(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->comparison)
		say_range(&row->comparison->ratio, ratio_number, text);
}

static enum tone verdict_tone(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_FASTER:
		return TONE_GOOD;
	case VERDICT_SLOWER:
		return TONE_BAD;
	case VERDICT_UNRESOLVED:
	case VERDICT_UNTRUSTED:
		return TONE_DOUBT;
	default:
		return TONE_PLAIN;
	}
}

static void say_verdict(const void *at, char *text)
{
	const struct bench_row *row = at;
	const struct comparison *c = row->comparison;

	if (!c)
		return;
	strcpy(text, verdict_name(c->verdict));
	if (c->verdict == VERDICT_NONE && isfinite(c->floor))
		snprintf(text + strlen(text), COLUMNS_TEXT - strlen(text),
			 " (floor %.1f %%%s)", c->floor * 100,
			 c->single ? " between single runs" : "");
	paint(row, verdict_tone(c->verdict), text);
}

static void say_why(const void *at, char *text)
{
	const struct bench_row *row = at;

	if (row->comparison && row->comparison->why)
		strcpy(text, row->comparison->why);
}

static void say_percentile(const void *at, unsigned int permille, char *text)
{
	const struct bench_row *row = at;
	double ns = latency_percentile(row->cell->latency, permille);

	if (isnan(ns))
		strcpy(text, "-");
	else
		sprintf(text, "%.0f%s", ns,
			row->result->emulated ? " emulated" : "");
}

static void say_p50(const void *at, char *text)
{
	say_percentile(at, 500, text);
}

static void say_p90(const void *at, char *text)
{
	say_percentile(at, 900, text);
}

static void say_p99(const void *at, char *text)
{
	say_percentile(at, 990, text);
}

static void say_p999(const void *at, char *text)
{
	say_percentile(at, 999, text);
}

/* What a reading of the clock takes, NAN if nobody knows. */
static double reading_ns(const struct bench_row *row)
{
	const struct result *result = row->result;
	const struct cell *cell = row->cell;

	for (unsigned int i = 0; i < result->ncells; i++)
		if (result->cells[i].world == cell->world &&
		    !strcmp(result->cells[i].name, "floor/clock:read"))
			return result->cells[i].figures.net_ns;
	return cell->empty < 0 ? NAN : result->cells[cell->empty].overhead_ns;
}

static void say_p50_bound(const void *at, char *text)
{
	const struct bench_row *row = at;
	double p50 = latency_percentile(row->cell->latency, 500);

	/* of short ones the multiple would be that of the clock */
	if (!(p50 < READINGS_LEAST * reading_ns(row)))
		say_times(row, p50, text);
}

static void say_max(const void *at, char *text)
{
	const struct bench_row *row = at;

	sprintf(text, "%llu%s", row->cell->latency->max,
		row->result->emulated ? " emulated" : "");
}

static void say_n(const void *at, char *text)
{
	const struct bench_row *row = at;

	sprintf(text, "%llu", row->cell->latency->n);
}

static const struct column cell_columns[] = {
	{ "case", say_case, true, 0 },
	{ "world", say_world, true, 0 },
	{ "threads", say_threads, false, 0 },
	{ "placement", say_placement, true, 6 },
	{ "payload", say_payload, false, 0 },
	{ "writes/s", say_writes, false, 0 },
	{ "ns/op", say_ns, false, 0 },
	{ "95 % interval", say_interval, true, 5 },
	{ "", say_bar, true, 8 },
	{ "all slices", say_all, false, 9 },
	{ "bound", say_bound, true, 4 },
	{ "retries/op", say_retries, false, 10 },
	{ "failed", say_failed, false, 7 },
	{ "fill", say_fill, false, 11 },
	{ "fairness", say_fairness, false, 12 },
	{ "GHz", say_ghz, false, 13 },
	{ "overlap", say_overlap, false, 3 },
	{ "marks", say_marks, true, 2 },
};

static const struct column latency_columns[] = {
	{ "case", say_case, true, 0 },
	{ "world", say_world, true, 0 },
	{ "threads", say_threads, false, 0 },
	{ "placement", say_placement, true, 6 },
	{ "payload", say_payload, false, 0 },
	{ "writes/s", say_writes, false, 0 },
	{ "p50 ns", say_p50, false, 0 },
	{ "p90 ns", say_p90, false, 2 },
	{ "p99 ns", say_p99, false, 0 },
	{ "p99.9 ns", say_p999, false, 0 },
	{ "max ns", say_max, false, 1 },
	{ "bound of p50", say_p50_bound, true, 6 },
	{ "latencies", say_n, false, 4 },
	{ "overlap", say_overlap, false, 5 },
	{ "marks", say_marks, true, 3 },
};

static const struct column variant_columns[] = {
	{ "case", say_case, true, 0 },
	{ "world", say_world, true, 0 },
	{ "threads", say_threads, false, 0 },
	{ "placement", say_placement, true, 6 },
	{ "payload", say_payload, false, 0 },
	{ "writes/s", say_writes, false, 0 },
	{ "ns/op", say_ns, false, 1 },
	{ "", say_bar, true, 8 },
	{ "bound", say_bound, true, 9 },
	{ "against", say_against, true, 4 },
	{ "ratio", say_ratio, false, 0 },
	{ "95 % interval", say_ratio_range, true, 3 },
	{ "verdict", say_verdict, true, 0 },
	{ "because", say_why, true, 6 },
	{ "overlap", say_overlap, false, 7 },
	{ "marks", say_marks, true, 5 },
};

static const struct column world_columns[] = {
	{ "case", say_case, true, 0 },
	{ "threads", say_threads, false, 0 },
	{ "placement", say_placement, true, 6 },
	{ "payload", say_payload, false, 0 },
	{ "writes/s", say_writes, false, 0 },
	{ "kernel ns/op", say_ns, false, 1 },
	{ "user ns/op", say_against_ns, false, 2 },
	{ "ratio", say_ratio, false, 0 },
	{ "95 % interval", say_ratio_range, true, 3 },
	{ "verdict", say_verdict, true, 0 },
	{ "because", say_why, true, 6 },
	{ "overlap", say_overlap, false, 7 },
	{ "marks", say_marks, true, 5 },
};

static const struct column file_columns[] = {
	{ "case", say_case, true, 0 },
	{ "world", say_world, true, 0 },
	{ "threads", say_threads, false, 0 },
	{ "placement", say_placement, true, 6 },
	{ "payload", say_payload, false, 0 },
	{ "writes/s", say_writes, false, 0 },
	{ "after ns/op", say_ns, false, 1 },
	{ "before ns/op", say_against_ns, false, 2 },
	{ "ratio", say_ratio, false, 0 },
	{ "95 % interval", say_ratio_range, true, 3 },
	{ "verdict", say_verdict, true, 0 },
	{ "because", say_why, true, 6 },
	{ "overlap", say_overlap, false, 7 },
	{ "marks", say_marks, true, 5 },
};

/**
 * bench_columns() - the columns of a table
 * @kind: which table
 * @n: set to how many
 *
 * Return: them.
 */
const struct column *bench_columns(enum bench_table_kind kind, size_t *n)
{
	static const struct {
		const struct column *columns;
		size_t n;
	} tables[] = {
		[BENCH_TABLE_CELLS] = {
			cell_columns, ARRAY_SIZE(cell_columns) },
		[BENCH_TABLE_LATENCY] = {
			latency_columns, ARRAY_SIZE(latency_columns) },
		[BENCH_TABLE_VARIANTS] = {
			variant_columns, ARRAY_SIZE(variant_columns) },
		[BENCH_TABLE_WORLDS] = {
			world_columns, ARRAY_SIZE(world_columns) },
		[BENCH_TABLE_FILES] = {
			file_columns, ARRAY_SIZE(file_columns) },
	};

	*n = tables[kind].n;
	return tables[kind].columns;
}
