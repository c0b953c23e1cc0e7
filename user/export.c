// SPDX-License-Identifier: GPL-2.0-only
/*
 * export.c - what the exports share
 */
#include <string.h>

#include "export.h"

/**
 * export_host() - name of the machine of a result
 * @file: result
 *
 * Return: the name, or "unknown".
 */
const char *export_host(const struct report_file *file)
{
	return result_host_name(&file->result) ?: "unknown";
}

/**
 * export_rate() - the write rate that was asked for
 * @cell: cell
 * @text: filled
 *
 * Return: @text: a number, or "max".
 */
const char *export_rate(const struct cell *cell, char text[FIGURE_TEXT])
{
	if (cell->write_rate == RESULT_WRITE_MAX)
		return strcpy(text, "max");
	snprintf(text, FIGURE_TEXT, "%llu", cell->write_rate);
	return text;
}
