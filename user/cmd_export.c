// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_export.c - acqrel export: figures for other programs
 */
#include "cmd.h"
#include "export.h"

/**
 * cmd_export() - print the figures of results in another format
 * @args: words: files
 *
 * Return: exit status; 1 if a result in them is wrong.
 */
int cmd_export(struct args *args)
{
	bool csv = false, markdown = false, openmetrics = false;
	const char *path = "-";
	const struct option options[] = {
		{ "--csv", NULL, "a row for each cell, units in the header",
		  .flag = &csv },
		{ "--markdown", NULL, "a table for a mail or a page",
		  .flag = &markdown },
		{ "--openmetrics", NULL, "for Prometheus' textfile collector",
		  .flag = &openmetrics },
		{ "-o", "FILE", "where to (stdout)", .string = &path },
		{ }
	};

	if (!args_parse(args, options, INT_MAX))
		return args->status;
	if (csv + markdown + openmetrics != 1) {
		out_error("name one format: --csv, --markdown or --openmetrics");
		return STATUS_USAGE;
	}
	return report_save(args, path, csv ? export_csv : markdown ?
			   export_markdown : export_openmetrics);
}
