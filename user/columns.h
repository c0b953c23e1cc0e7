/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * columns.h - tables that leave out what has no room or nothing to say
 */
#ifndef ACQREL_USER_COLUMNS_H
#define ACQREL_USER_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#define COLUMNS_TEXT	128	/* bytes of a cell, colours included */

/**
 * struct column - what stands in a column
 * @title: above it
 * @format: fills @text with what it says about a row; "" is nothing
 * @left: words, which are aligned to the left
 * @rank: the column with the highest one goes first where there is too little
 *	room; 0: it stays
 */
struct column {
	const char *title;
	void (*format)(const void *row, char text[COLUMNS_TEXT]);
	bool left;
	int rank;
};

bool columns_print(const struct column *columns, size_t ncolumns,
		   const void *rows, size_t nrows, size_t row_size, int width);

#endif /* ACQREL_USER_COLUMNS_H */
