// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_bench_floor.c - acqrel bench floor: what the hardware needs at least
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_status.h"
#include "bench_table.h"
#include "cmd_bench.h"
#include "measure.h"

#define FLOORS	"floor/*"
#define LEAST_SHOWN	0.005	/* less would be printed as 0.00 */

/* a cost, in each world where it is known */
struct floor_row {
	const struct cell *cells[WORLD_COUNT];
	bool emulated;
};

static const struct cell *any_of(const struct floor_row *row)
{
	return row->cells[WORLD_USER] ?: row->cells[WORLD_KERNEL];
}

static void say_case(const void *at, char *text)
{
	strcpy(text, any_of(at)->name);
}

static void say_threads(const void *at, char *text)
{
	sprintf(text, "%u", any_of(at)->threads);
}

static void say_placement(const void *at, char *text)
{
	if (any_of(at)->threads > 1)
		strcpy(text, any_of(at)->placement);
}

static void say_ns(const struct floor_row *row, const struct cell *cell,
		   char *text)
{
	if (!cell)
		return;
	if (isnan(cell->figures.net_ns))
		strcpy(text, "n/a");
	else if (cell->figures.net_ns < LEAST_SHOWN)
		strcpy(text, "below empty");
	else
		sprintf(text, "%.2f%s", cell->figures.net_ns,
			row->emulated ? " emulated" : "");
}

static void say_kernel(const void *at, char *text)
{
	const struct floor_row *row = at;

	say_ns(row, row->cells[WORLD_KERNEL], text);
}

static void say_user(const void *at, char *text)
{
	const struct floor_row *row = at;

	say_ns(row, row->cells[WORLD_USER], text);
}

static void say_interval(const void *at, char *text)
{
	const struct interval *i = &any_of(at)->figures.interval;

	if (isfinite(i->low) && isfinite(i->high))
		sprintf(text, "%.2f to %.2f", i->low, i->high);
}

static void say_cycles(const void *at, char *text)
{
	const struct floor_row *row = at;
	const struct cell_figures *f = &any_of(row)->figures;

	if (!row->emulated && isfinite(f->ghz) && isfinite(f->net_ns))
		sprintf(text, "%.1f", f->net_ns * f->ghz);
}

static void say_overlap(const void *at, char *text)
{
	double overlap = any_of(at)->figures.overlap;

	if (any_of(at)->threads > 1 && isfinite(overlap))
		sprintf(text, "%.0f %%", floor(overlap * 100));
}

static void say_marks(const void *at, char *text)
{
	const struct cell *cell = any_of(at);

	if (verdict_void(cell))
		strcpy(text, "WRONG result");
	else if (cell->figures.tagged)
		sprintf(text, "%u of %u tagged", cell->figures.tagged,
			cell->nslices);
}

static const struct column columns[] = {
	{ "cost", say_case, true, 0 },
	{ "threads", say_threads, false, 6 },
	{ "placement", say_placement, true, 0 },
	{ "kernel ns", say_kernel, false, 0 },
	{ "user ns", say_user, false, 0 },
	{ "95 % interval", say_interval, true, 4 },
	{ "cycles", say_cycles, false, 3 },
	{ "overlap", say_overlap, false, 5 },
	{ "marks", say_marks, true, 2 },
};

static bool same_cost(const struct cell *a, const struct cell *b)
{
	return !strcmp(a->name, b->name) && a->threads == b->threads &&
	       !strcmp(a->placement, b->placement);
}

static void add_row(const struct result *result, const struct cell *cell,
		    struct floor_row *rows, size_t *n)
{
	size_t i = 0;

	while (i < *n && !same_cost(any_of(&rows[i]), cell))
		i++;
	*n += i == *n;
	rows[i].cells[cell->world] = cell;
	rows[i].emulated = result->emulated;
}

static bool print_rows(const struct measure *m)
{
	const struct result *result = &m->result;
	struct floor_row *rows = calloc(result->ncells, sizeof(*rows));
	size_t n = 0;
	bool ok;

	if (!rows)
		return false;
	for (unsigned int i = 0; i < result->ncells; i++)
		if (result->cells[i].control < 0)
			add_row(result, &result->cells[i], rows, &n);
	out_text("\nWhat the hardware needs at least; interval and cycles: user\n");
	ok = columns_print(columns, ARRAY_SIZE(columns), rows, n,
			   sizeof(*rows), m->args.terminal.width);
	free(rows);
	return ok;
}

static int print(const struct measure *m)
{
	int status = m->interrupted ? STATUS_CHECK : STATUS_OK;

	if (out_is_json()) {
		out_document(result_to_json(&m->result));
	} else {
		bench_head(&m->result);
		if (!print_rows(m)) {
			out_error("not enough memory for the table");
			return STATUS_CHECK;
		}
	}
	return bench_status_worse(status, bench_status_result(&m->result));
}

static int run(struct measure *m)
{
	int status;

	if (!bench_args_check(&m->args))
		return STATUS_USAGE;
	status = measure_add_pattern(m, FLOORS) ?: measure_open(m) ?:
		measure_plan(m);
	if (status || m->args.dry_run)
		return status ?: measure_dry_run(m);
	status = measure_run(m);
	if (status)
		return status;
	status = print(m);
	return bench_status_worse(measure_save(m), status);
}

/**
 * cmd_bench_floor() - measure the elementary costs
 * @args: words
 *
 * Return: exit status.
 */
int cmd_bench_floor(struct args *args)
{
	struct option options[BENCH_ARGS_OPTIONS + 1] = { 0 }, *next;
	struct measure m;
	int status;

	measure_init(&m);
	m.args.no_bounds = true;
	m.args.placement = PLAN_PLACEMENT_ALL;
	next = bench_args_world(&m.args, options);
	next = bench_args_amount(&m.args, next);
	bench_args_output(&m.args, next);
	if (args_parse(args, options, 0))
		status = run(&m);
	else
		status = args->status;
	measure_release(&m);
	return status;
}
