// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench_table.c - figures and verdicts as text
 */
#include <math.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bench_table.h"
#include "out.h"

/* Length of PRIMITIVE/. */
static size_t primitive(const char *name)
{
	return strcspn(name, "/") + 1;
}

static bool same_operation(const char *a, const char *b)
{
	const char *op_a = strchr(a, ':'), *op_b = strchr(b, ':');

	return primitive(a) == primitive(b) && !strncmp(a, b, primitive(a)) &&
	       op_a && op_b && !strcmp(op_a, op_b);
}

static int compare_u64(__u64 a, __u64 b)
{
	return (a > b) - (a < b);
}

/* What competes stands together, and what the others are compared with first. */
static int compare_rows(const void *a, const void *b)
{
	const struct bench_row *x = a, *y = b;
	const struct cell *p = x->cell, *q = y->cell;
	size_t len = primitive(p->name);

	return strncmp(p->name, q->name, len) ?:
	       strcmp(strchrnul(p->name, ':'), strchrnul(q->name, ':')) ?:
	       compare_u64(p->world, q->world) ?:
	       compare_u64(p->threads, q->threads) ?:
	       strcmp(p->placement, q->placement) ?:
	       compare_u64(p->write_rate, q->write_rate) ?:
	       compare_u64(p->payload, q->payload) ?:
	       compare_u64(!!x->comparison, !!y->comparison) ?:
	       compare_u64((uintptr_t)p, (uintptr_t)q);
}

static double slowest(const struct bench_row *rows, size_t n, size_t of)
{
	double ns = 0;

	for (size_t i = 0; i < n; i++)
		if (same_operation(rows[i].cell->name, rows[of].cell->name))
			ns = fmax(ns, rows[i].cell->figures.net_ns);
	return ns;
}

static bool payloads_differ(const struct bench_row *rows, size_t n)
{
	__u32 payload = 0;

	for (size_t i = 0; i < n; i++) {
		if (payload && rows[i].cell->payload &&
		    rows[i].cell->payload != payload)
			return true;
		payload = rows[i].cell->payload ?: payload;
	}
	return false;
}

/* A lone thread has no distance to anybody. */
static bool placements_differ(const struct bench_row *rows, size_t n)
{
	const char *placement = NULL;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].cell->threads < 2)
			continue;
		if (placement && strcmp(placement, rows[i].cell->placement))
			return true;
		placement = rows[i].cell->placement;
	}
	return false;
}

/**
 * bench_table_print() - print a table, unless JSON is printed
 * @kind: which columns
 * @rows: with terminal, result and cell, and @against and @comparison where
 *	there is one; the rest is filled here, and they are put into order
 * @n: how many
 *
 * Return: false if there was not enough memory.
 */
bool bench_table_print(enum bench_table_kind kind, struct bench_row *rows,
		       size_t n)
{
	bool payloads = payloads_differ(rows, n);
	bool placements = placements_differ(rows, n);
	const struct column *columns;
	size_t ncolumns;

	if (!n || out_is_json())
		return true;
	qsort(rows, n, sizeof(*rows), compare_rows);
	for (size_t i = 0; i < n; i++) {
		rows[i].slowest_ns = slowest(rows, n, i);
		rows[i].payloads = payloads;
		rows[i].placements = placements;
	}
	columns = bench_columns(kind, &ncolumns);
	return columns_print(columns, ncolumns, rows, n, sizeof(*rows),
			     rows->terminal->width);
}

/**
 * bench_is_support() - whether a cell is there for the figures of others
 * @result: it belongs to
 * @index: of the cell
 *
 * Return: true for second copies, and for empty loops and bounds of others.
 */
bool bench_is_support(const struct result *result, unsigned int index)
{
	if (result->cells[index].control >= 0)
		return true;
	for (unsigned int i = 0; i < result->ncells; i++)
		if (i != index && (result->cells[i].empty == (int)index ||
				   result->cells[i].bound == (int)index))
			return true;
	return false;
}

static bool belongs(enum bench_table_kind kind, const struct cell *cell)
{
	if (kind == BENCH_TABLE_LATENCY)
		return cell->latency && cell->latency->n;
	/* a pace says how often, not how long */
	return cell->mode == ACQREL_BENCH_RATE && !cell->pace_ns;
}

/* Rows of the cells that support others, or of those that do not. */
static bool print_some(const struct result *result,
		       const struct terminal *terminal,
		       enum bench_table_kind kind, bool support,
		       const char *title)
{
	struct bench_row *rows = calloc(result->ncells, sizeof(*rows));
	size_t n = 0;
	bool ok;

	if (!rows && result->ncells)
		return false;
	for (unsigned int i = 0; i < result->ncells; i++) {
		const struct cell *cell = &result->cells[i];

		if (cell->control >= 0 || !belongs(kind, cell) ||
		    bench_is_support(result, i) != support)
			continue;
		rows[n].terminal = terminal;
		rows[n].result = result;
		rows[n++].cell = cell;
	}
	if (n)
		out_text("\n%s\n", title);
	ok = bench_table_print(kind, rows, n);
	free(rows);
	return ok;
}

/**
 * bench_table_latency() - print percentiles, if operations were timed
 * @result: measured
 * @terminal: where
 *
 * Return: false if there was not enough memory.
 */
bool bench_table_latency(const struct result *result,
			 const struct terminal *terminal)
{
	return print_some(result, terminal, BENCH_TABLE_LATENCY, false,
			  "Latency; -: too few for a percentile");
}

/**
 * bench_table_cells() - print what was measured
 * @result: figures computed
 * @terminal: where
 *
 * Return: false if there was not enough memory.
 */
bool bench_table_cells(const struct result *result,
		       const struct terminal *terminal)
{
	return print_some(result, terminal, BENCH_TABLE_CELLS, false,
			  "Time of an operation") &&
	       bench_table_latency(result, terminal) &&
	       print_some(result, terminal, BENCH_TABLE_CELLS, true,
			  "Measured beside: empty loops and bounds");
}
