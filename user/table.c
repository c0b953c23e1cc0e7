// SPDX-License-Identifier: GPL-2.0-only
/*
 * table.c - aligned columns of text
 *
 * One table at a time. It is printed when it is complete, because a column is
 * as wide as its widest cell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "terminal.h"

#define COLUMNS_MAX	24

struct cell {
	char *text;
	bool left;
};

struct row {
	struct cell cells[COLUMNS_MAX];
};

static struct {
	struct row *rows;	/* the first one holds the titles */
	size_t nrows;
	size_t room;
	size_t column;
	size_t columns;
	bool broken;
} table;

static void set(size_t row, size_t column, const char *text, bool left)
{
	struct cell *cell = &table.rows[row].cells[column];

	if (cell->text)
		return;
	cell->text = strdup(text);
	cell->left = left;
	if (!cell->text)
		table.broken = true;
}

static void add_row(void)
{
	if (table.nrows == table.room) {
		size_t room = table.room ? 2 * table.room : 16;
		struct row *rows = reallocarray(table.rows, room, sizeof(*rows));

		if (!rows) {
			table.broken = true;
			return;
		}
		table.rows = rows;
		table.room = room;
	}
	memset(&table.rows[table.nrows++], 0, sizeof(struct row));
}

/**
 * table_begin() - begin an empty table
 */
void table_begin(void)
{
	memset(&table, 0, sizeof(table));
	add_row();
}

/**
 * table_row() - begin a row
 */
void table_row(void)
{
	table.column = 0;
	add_row();
}

/**
 * table_cell() - fill the next cell of the row
 * @title: of the column
 * @text: copied
 * @left: align to the left, as words are; numbers are not
 */
void table_cell(const char *title, const char *text, bool left)
{
	if (table.column == COLUMNS_MAX)
		abort();
	if (table.broken)
		return;
	set(0, table.column, title, left);
	set(table.nrows - 1, table.column, text, left);
	table.column++;
	if (table.columns < table.column)
		table.columns = table.column;
}

static int width(size_t column)
{
	size_t widest = 0;

	for (size_t i = 0; i < table.nrows; i++) {
		const char *text = table.rows[i].cells[column].text;

		if (text && terminal_columns(text) > widest)
			widest = terminal_columns(text);
	}
	return widest;
}

static void print_cell(const char *text, bool left, int width)
{
	int space = width - (int)terminal_columns(text);

	printf("%*s%s%*s", left ? 0 : space, "", text, left ? space : 0, "");
}

static void print_row(const struct row *row, int indent, const int *widths)
{
	printf("%*s", indent, "");
	for (size_t i = 0; i < table.columns; i++) {
		const struct cell *cell = &row->cells[i];
		const char *text = cell->text ? cell->text : "";

		if (i)
			fputs("  ", stdout);
		if (cell->left && i == table.columns - 1)
			fputs(text, stdout);
		else
			print_cell(text, cell->left, widths[i]);
	}
	putchar('\n');
}

static void release(void)
{
	for (size_t i = 0; i < table.nrows; i++)
		for (size_t j = 0; j < COLUMNS_MAX; j++)
			free(table.rows[i].cells[j].text);
	free(table.rows);
}

/**
 * table_print() - print the table, titles first, and forget it
 * @indent: spaces before each line
 *
 * Return: false if there was not enough memory for all of it.
 */
bool table_print(int indent)
{
	int widths[COLUMNS_MAX];

	for (size_t i = 0; i < table.columns; i++)
		widths[i] = width(i);
	if (table.nrows > 1)
		for (size_t i = 0; i < table.nrows; i++)
			print_row(&table.rows[i], indent, widths);
	release();
	return !table.broken;
}
