// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_report.c - acqrel report: results as one page
 */
#include <stdlib.h>

#include "cmd.h"
#include "report.h"
#include "verdict.h"

static bool wrong(const struct report_file *file)
{
	for (unsigned int i = 0; i < file->result.ncells; i++)
		if (verdict_void(&file->result.cells[i]))
			return true;
	return false;
}

static int load_all(const struct args *args, struct report *report)
{
	for (; report->nfiles < (unsigned int)args->argc; report->nfiles++) {
		int rc = report_load(args->argv[report->nfiles],
				     &report->files[report->nfiles]);

		if (rc)
			return rc;
	}
	report_sort(report->files, report->nfiles);
	return 0;
}

static void release_all(struct report *report)
{
	while (report->nfiles)
		result_release(&report->files[--report->nfiles].result);
	free(report->files);
}

static int trust(const struct report *report)
{
	for (unsigned int i = 0; i < report->nfiles; i++)
		if (wrong(&report->files[i]))
			return STATUS_CHECK;
	return STATUS_OK;
}

/**
 * report_save() - write what is made of results
 * @args: words left: their files
 * @path: where to
 * @writer: of a struct report
 *
 * Says what is wrong. Return: exit status; 1 if a result in them is wrong.
 */
int report_save(const struct args *args, const char *path, save_writer *writer)
{
	struct report report = { 0 };
	int status = STATUS_CHECK;

	if (!args->argc) {
		out_error("name a result, as acqrel bench run --json writes it");
		return STATUS_USAGE;
	}
	report.files = calloc(args->argc, sizeof(*report.files));
	if (!report.files) {
		out_error("not enough memory");
		return STATUS_CHECK;
	}
	if (!load_all(args, &report) && !save_file(path, writer, &report))
		status = trust(&report);
	release_all(&report);
	return status;
}

/**
 * cmd_report() - write a page about results
 * @args: words: files
 *
 * Return: exit status; 1 if a result in them is wrong.
 */
int cmd_report(struct args *args)
{
	const char *path = "report.html";
	const struct option options[] = {
		{ "-o", "FILE", "where to, '-' is stdout (report.html)",
		  .string = &path },
		{ }
	};

	if (!args_parse(args, options, INT_MAX))
		return args->status;
	return report_save(args, path, report_write);
}
