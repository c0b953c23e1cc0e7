// SPDX-License-Identifier: GPL-2.0-only
/*
 * columns.c - tables that leave out what has no room or nothing to say
 */
#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "table.h"
#include "terminal.h"

#define GAP	2	/* between two columns */

struct grid {
	const struct column *columns;
	size_t ncolumns;
	const char *rows;
	size_t nrows;
	size_t row_size;
	int *widths;	/* 0: the column is left out */
};

static void format(const struct grid *grid, size_t row, size_t column,
		   char text[COLUMNS_TEXT])
{
	*text = '\0';
	grid->columns[column].format(grid->rows + row * grid->row_size, text);
}

static int column_width(const struct grid *grid, size_t column)
{
	size_t title = strlen(grid->columns[column].title), widest = 0;
	char text[COLUMNS_TEXT];

	for (size_t i = 0; i < grid->nrows; i++) {
		size_t width;

		format(grid, i, column, text);
		width = terminal_columns(text);
		if (width > widest)
			widest = width;
	}
	return widest && widest < title ? title : widest;
}

static int total(const struct grid *grid)
{
	int sum = -GAP;

	for (size_t i = 0; i < grid->ncolumns; i++)
		if (grid->widths[i])
			sum += grid->widths[i] + GAP;
	return sum;
}

/* Returns false if all that are left must stay. */
static bool leave_one_out(struct grid *grid)
{
	size_t worst = 0;

	for (size_t i = 1; i < grid->ncolumns; i++) {
		if (!grid->widths[i])
			continue;
		if (!grid->widths[worst] ||
		    grid->columns[i].rank > grid->columns[worst].rank)
			worst = i;
	}
	if (!grid->widths[worst] || !grid->columns[worst].rank)
		return false;
	grid->widths[worst] = 0;
	return true;
}

static bool print(const struct grid *grid)
{
	char text[COLUMNS_TEXT];

	table_begin();
	for (size_t i = 0; i < grid->nrows; i++) {
		table_row();
		for (size_t j = 0; j < grid->ncolumns; j++) {
			if (!grid->widths[j])
				continue;
			format(grid, i, j, text);
			table_cell(grid->columns[j].title, text,
				   grid->columns[j].left);
		}
	}
	return table_print(0);
}

/**
 * columns_print() - print a table, titles first
 * @columns: that it may have, at most as many as a table can
 * @ncolumns: how many
 * @rows: array
 * @nrows: how many
 * @row_size: of a row
 * @width: characters in a line, 0: no limit
 *
 * Return: false if there was not enough memory.
 */
bool columns_print(const struct column *columns, size_t ncolumns,
		   const void *rows, size_t nrows, size_t row_size, int width)
{
	struct grid grid = { columns, ncolumns, rows, nrows, row_size, NULL };
	bool ok;

	grid.widths = calloc(ncolumns, sizeof(*grid.widths));
	if (!grid.widths)
		return false;
	for (size_t i = 0; i < ncolumns; i++)
		grid.widths[i] = column_width(&grid, i);
	while (width && total(&grid) > width && leave_one_out(&grid))
		;
	ok = print(&grid);
	free(grid.widths);
	return ok;
}
