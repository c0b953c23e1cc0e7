/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_table.h - figures and verdicts as text
 *
 * JSON has its own document, see result.h; nothing is printed then.
 */
#ifndef ACQREL_USER_BENCH_TABLE_H
#define ACQREL_USER_BENCH_TABLE_H

#include "columns.h"
#include "result.h"
#include "terminal.h"
#include "verdict.h"

enum bench_table_kind {
	BENCH_TABLE_CELLS,	/* what was measured */
	BENCH_TABLE_LATENCY,	/* percentiles */
	BENCH_TABLE_VARIANTS,	/* one against another in the same world */
	BENCH_TABLE_WORLDS,	/* kernel against user */
	BENCH_TABLE_FILES,	/* after against before */
};

/**
 * struct bench_row - a row of a table
 * @terminal: where it is printed
 * @result: of @cell
 * @cell: what it is about
 * @against: what it is compared with, or NULL
 * @comparison: of both, or NULL
 * @slowest_ns: of the cells with the same operation of the same primitive
 * @payloads: cells differ in it, so it is shown
 * @placements: same
 */
struct bench_row {
	const struct terminal *terminal;
	const struct result *result;
	const struct cell *cell;
	const struct cell *against;
	const struct comparison *comparison;
	double slowest_ns;
	bool payloads;
	bool placements;
};

const struct column *bench_columns(enum bench_table_kind kind, size_t *n);
bool bench_is_support(const struct result *result, unsigned int index);
bool bench_table_print(enum bench_table_kind kind, struct bench_row *rows,
		       size_t n);
bool bench_table_cells(const struct result *result,
		       const struct terminal *terminal);
bool bench_table_latency(const struct result *result,
			 const struct terminal *terminal);
void bench_head(const struct result *result);

#endif /* ACQREL_USER_BENCH_TABLE_H */
