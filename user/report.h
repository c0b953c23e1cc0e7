/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - results as one page to read
 */
#ifndef ACQREL_USER_REPORT_H
#define ACQREL_USER_REPORT_H

#include <stdio.h>

#include "args.h"
#include "chart.h"
#include "figure_text.h"
#include "result.h"
#include "save.h"

#define REPORT_LABEL	128

/* what a cell is known by, in the order in which entries are sorted */
enum {
	KEY_PRIMITIVE	= 0x1,
	KEY_OP		= 0x2,
	KEY_MODE	= 0x4,
	KEY_LOAD	= 0x8,
	KEY_RATE	= 0x10,
	KEY_PAYLOAD	= 0x20,
	KEY_PACE	= 0x40,
	KEY_PLACEMENT	= 0x80,
	KEY_VARIANT	= 0x100,
	KEY_WORLD	= 0x200,
	KEY_FILE	= 0x400,
	KEY_CELL	= KEY_FILE - 1,
};

/**
 * struct report_file - a result and where it comes from
 * @path: of its file
 * @host: tells its machine from others: name and CPU
 * @date: when it was made, "" if that is not known
 * @result: with figures
 */
struct report_file {
	const char *path;
	char host[REPORT_LABEL];
	char date[32];
	struct result result;
};

/**
 * struct report_entry - a cell as a chart or a table sees it
 * @file: index of its file
 * @result: it belongs to
 * @cell: it
 * @primitive: of its name
 * @variant: same
 * @op: same
 * @load: threads without a writer
 * @time: net, which is raw if there is no empty loop; NANs if it has no value
 * @ops: operations a second of all threads that are measured
 */
struct report_entry {
	unsigned int file;
	const struct result *result;
	const struct cell *cell;
	char primitive[ACQREL_NAME_MAX + 1];
	char variant[ACQREL_NAME_MAX + 1];
	char op[ACQREL_NAME_MAX + 1];
	__u32 load;
	struct interval time;
	double ops;
};

/**
 * struct report - what a page is made from
 * @out: page
 * @files: by host, then by date
 * @nfiles: how many
 */
struct report {
	FILE *out;
	struct report_file *files;
	unsigned int nfiles;
};

int report_load(const char *path, struct report_file *file);
void report_sort(struct report_file *files, unsigned int n);
int report_save(const struct args *args, const char *path, save_writer *writer);
bool report_write(FILE *out, const void *report);

/* report_entry.c */
size_t report_entries(const struct report_file *files, unsigned int first,
		      unsigned int last, struct report_entry **entries);
int report_compare(const struct report_entry *a, const struct report_entry *b,
		   unsigned int keys);
void report_order(struct report_entry *entries, size_t n, unsigned int keys,
		  unsigned int next);
size_t report_group(const struct report_entry *entries, size_t n,
		    unsigned int keys);
bool report_doubtful(const struct report_entry *e);
void report_title(const struct report_entry *e, unsigned int keys,
		  char title[REPORT_LABEL]);

/* report_charts.c, report_lines.c, report_tables.c, report_verdicts.c */
void report_charts(const struct report *report, struct report_entry *entries,
		   size_t n);
bool report_lines(const struct report *report, struct report_entry *entries,
		  size_t n, unsigned int key);
void report_table(const struct report *report, struct report_entry *entries,
		  size_t n);
bool report_verdicts(FILE *out, struct report_file *file);
void report_facts(FILE *out, const struct report_file *file);

#endif /* ACQREL_USER_REPORT_H */
