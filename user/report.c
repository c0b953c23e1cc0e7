// SPDX-License-Identifier: GPL-2.0-only
/*
 * report.c - results as one page to read
 *
 * The page is a file of its own: style and pictures are in it, it loads
 * nothing and runs nothing. It is well-formed XML, too. The charts are those
 * of the newest result of each machine; tables are there for all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "report_css.h"
#include "verdict.h"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static const char *name_of(const json_t *env)
{
	return text_of(json_object_get(env, "host"), "name") ?:
	       text_of(env, "cpu_model") ?: "unknown machine";
}

/**
 * report_load() - read a result and compute its figures
 * @path: of its file
 * @file: filled; its result is to be released if this succeeds
 *
 * Says what is wrong. Return: 0 or -errno.
 */
int report_load(const char *path, struct report_file *file)
{
	const char *date;
	int rc;

	memset(file, 0, sizeof(*file));
	rc = result_load(path, &file->result);
	if (rc)
		return rc;
	rc = figures_compute(&file->result);
	if (rc) {
		result_release(&file->result);
		return rc;
	}
	file->path = path;
	snprintf(file->host, sizeof(file->host), "%s, %s",
		 name_of(file->result.env),
		 text_of(file->result.env, "cpu_model") ?: "");
	date = text_of(file->result.env, "date");
	snprintf(file->date, sizeof(file->date), "%s", date ?: "");
	return 0;
}

static int by_host(const void *a, const void *b)
{
	const struct report_file *x = a, *y = b;

	return strcmp(x->host, y->host) ?:
	       strcmp(result_host_id(&x->result),
		      result_host_id(&y->result)) ?:
	       strcmp(x->date, y->date) ?:
	       strcmp(x->path, y->path);
}

static bool is_next(const struct report_file *a, const struct report_file *b)
{
	return !strcmp(a->host, b->host) &&
		result_same_host(&a->result, &b->result);
}

/**
 * report_sort() - put results of a machine beside each other, oldest first
 * @files: results
 * @n: how many
 */
void report_sort(struct report_file *files, unsigned int n)
{
	qsort(files, n, sizeof(*files), by_host);
}

static void put_head(FILE *out)
{
	fputs("<!DOCTYPE html>\n"
	      "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n"
	      "<head>\n<meta charset=\"utf-8\"/>\n"
	      "<meta name=\"viewport\"\n"
	      " content=\"width=device-width, initial-scale=1\"/>\n"
	      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
	      "<title>acqrel report</title>\n<style>\n", out);
	fputs(report_css, out);
	fputs("</style>\n</head>\n<body>\n<main>\n"
	      "<header>\n<h1>acqrel report</h1>\n"
	      "<p>What synchronization costs, in the kernel and in user\n"
	      "space. Lower is better, except for throughput.</p>\n"
	      "</header>\n", out);
}

static void put_warnings(FILE *out, const struct report_file *file)
{
	const json_t *warning;
	size_t i;

	if (file->result.emulated)
		fputs("<li><b>Emulated CPU: times say nothing about hardware,\n"
		      "and there are no verdicts.</b></li>\n", out);
	json_array_foreach(file->result.warnings, i, warning) {
		fputs("<li>", out);
		svg_put(out, json_string_value(warning));
		fputs("</li>\n", out);
	}
	for (unsigned int j = 0; j < file->result.ncells; j++) {
		const struct cell *cell = &file->result.cells[j];

		if (!verdict_void(cell))
			continue;
		fputs("<li><b>", out);
		svg_put(out, cell->name);
		fprintf(out, ": wrong results: %llu violations, %llu lost.</b></li>\n",
			cell->figures.violations, cell->figures.lost);
	}
}

static bool has_warnings(const struct result *result)
{
	bool wrong = false;

	for (unsigned int i = 0; i < result->ncells; i++)
		wrong |= verdict_void(&result->cells[i]);
	return wrong || result->emulated || json_array_size(result->warnings);
}

static void put_all_warnings(const struct report *report)
{
	bool any = false;

	for (unsigned int i = 0; i < report->nfiles; i++)
		any |= has_warnings(&report->files[i].result);
	if (!any)
		return;
	fputs("<aside class=\"warnings\" aria-label=\"warnings\">\n"
	      "<h2>Warnings</h2>\n", report->out);
	for (unsigned int i = 0; i < report->nfiles; i++) {
		if (!has_warnings(&report->files[i].result))
			continue;
		if (report->nfiles > 1) {
			fputs("<p>", report->out);
			svg_put(report->out, report->files[i].path);
			fputs("</p>\n", report->out);
		}
		fputs("<ul>\n", report->out);
		put_warnings(report->out, &report->files[i]);
		fputs("</ul>\n", report->out);
	}
	fputs("</aside>\n", report->out);
}

static void put_key(FILE *out)
{
	fputs("<ul class=\"key\" aria-label=\"key\">\n"
	      "<li><i class=\"k-kernel\"></i>kernel</li>\n"
	      "<li><i class=\"k-user\"></i>user space</li>\n"
	      "<li><i class=\"k-interval\"></i>95 % interval</li>\n"
	      "<li><i class=\"k-bound\"></i>bound: what the hardware needs at\n"
	      "least</li>\n"
	      "<li><i class=\"k-doubt\"></i>! disturbed, not to be trusted\n"
	      "</li></ul>\n", out);
}

static void tables(const struct report *report, struct report_entry *entries,
		   size_t n)
{
	fputs("<details><summary>All figures</summary>\n", report->out);
	report_table(report, entries, n);
	fputs("</details>\n", report->out);
}

static void primitives(const struct report *report,
		       struct report_entry *entries, size_t n, bool charts)
{
	for (size_t i = 0, group; i < n; i += group) {
		report_order(entries + i, n - i, KEY_PRIMITIVE, 0);
		group = report_group(entries + i, n - i, KEY_PRIMITIVE);
		fputs("<section><h3>", report->out);
		svg_put(report->out, entries[i].primitive);
		fputs("</h3>\n", report->out);
		if (charts)
			report_charts(report, entries + i, group);
		tables(report, entries + i, group);
		fputs("</section>\n", report->out);
	}
}

static bool newest(const struct report *report, unsigned int i)
{
	struct report_entry *entries;
	size_t n = report_entries(report->files, i, i, &entries);
	bool ok = entries;

	if (ok && n) {
		ok = report_verdicts(report->out, &report->files[i]);
		put_key(report->out);
		primitives(report, entries, n, true);
	}
	free(entries);
	report_facts(report->out, &report->files[i]);
	return ok;
}

static bool older(const struct report *report, unsigned int i)
{
	struct report_entry *entries;
	size_t n = report_entries(report->files, i, i, &entries);
	bool ok = entries;

	fputs("<details><summary>Earlier: ", report->out);
	svg_put(report->out, report->files[i].path);
	fputs(" ", report->out);
	svg_put(report->out, report->files[i].date);
	fputs("</summary>\n", report->out);
	if (ok && n)
		report_table(report, entries, n);
	free(entries);
	report_facts(report->out, &report->files[i]);
	fputs("</details>\n", report->out);
	return ok;
}

static bool history(const struct report *report, unsigned int first,
		    unsigned int last)
{
	struct report_entry *entries;
	size_t n = report_entries(report->files, first, last, &entries);
	bool ok = entries;

	fputs("<section><h3>History</h3>\n<div class=\"charts\">\n",
	      report->out);
	if (ok && n)
		report_lines(report, entries, n, KEY_FILE);
	fputs("</div>\n", report->out);
	free(entries);
	for (unsigned int i = first; i < last && ok; i++)
		ok = older(report, i);
	fputs("</section>\n", report->out);
	return ok;
}

static void put_subtitle(FILE *out, const struct report_file *file)
{
	static const char *const keys[] = {
		"cpu_model", "kernel_release", "date"
	};
	bool any = false;

	fputs("<p class=\"subtitle\">", out);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *text = text_of(file->result.env, keys[i]);

		if (!text)
			continue;
		fputs(any ? " · " : "", out);
		svg_put(out, text);
		any = true;
	}
	fputs("</p>\n", out);
}

static bool machine(const struct report *report, unsigned int first,
		    unsigned int last)
{
	const struct report_file *file = &report->files[last];
	bool ok;

	fputs("<article><h2>", report->out);
	svg_put(report->out, name_of(file->result.env));
	fputs("</h2>\n", report->out);
	put_subtitle(report->out, file);
	ok = newest(report, last);
	if (ok && first < last)
		ok = history(report, first, last);
	fputs("</article>\n", report->out);
	return ok;
}

/**
 * report_write() - write a page
 * @out: where to
 * @what: struct report, whose @out is not looked at
 *
 * Return: false if there is not enough memory.
 */
bool report_write(FILE *out, const void *what)
{
	struct report report = *(const struct report *)what;
	unsigned int first = 0;
	bool ok = true;

	report.out = out;
	put_head(out);
	put_all_warnings(&report);
	for (unsigned int i = 0; i < report.nfiles && ok; i++) {
		if (i + 1 < report.nfiles &&
		    is_next(&report.files[i], &report.files[i + 1]))
			continue;
		ok = machine(&report, first, i);
		first = i + 1;
	}
	fputs("<footer><p>How to read this: Documentation/measuring.rst,\n"
	      "\"Reading the report\".</p></footer>\n"
	      "</main>\n</body>\n</html>\n", out);
	return ok;
}
