// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exports: CSV, Markdown and OpenMetrics, each held against its grammar.
 *
 * ACQREL_TEST_METRICS=FILE keeps the OpenMetrics of the made-up results, for
 * another parser than the one here.
 */
#include <ctype.h>

#include "export.h"
#include "made_up_run.h"

static char *print(save_writer *writer, struct report_file *files,
		   unsigned int n)
{
	struct report report = { .files = files, .nfiles = n };
	char *text = NULL;
	size_t size;
	FILE *out;

	out = open_memstream(&text, &size);
	check(out && writer(out, &report));
	check(out && !fclose(out));
	return text;
}

static void hostile(struct report_file *file)
{
	struct cell *cell = &file->result.cells[file->result.ncells - 1];

	strcpy(cell->name, "a,\"b\"\\c\n|d`<e>:f");
	file->path = "x,\"y\".json";
	json_object_set_new(file->result.env, "host",
			    json_pack("{s:s}", "name", "h\"\\\n|*h"));
	result_warn(&file->result, "%s", "one | *two*\nthree <b>");
}

/* The end of a field; counts quotes as RFC 4180 has them. */
static const char *csv_field(const char *at)
{
	if (*at != '"') {
		at += strcspn(at, ",\n");
		return at;
	}
	for (at++; *at; at++) {
		if (*at != '"')
			continue;
		if (at[1] != '"')
			return at + 1;
		at++;
	}
	check(!"a quoted field ends");
	return at;
}

static unsigned int csv_fields(const char **at)
{
	unsigned int n = 0;

	for (;;) {
		*at = csv_field(*at);
		n++;
		if (**at != ',')
			break;
		(*at)++;
	}
	check(**at == '\n');
	*at += **at == '\n';
	return n;
}

static void csv(void)
{
	struct report_file files[2];
	unsigned int rows = 0, fields;
	const char *at;
	char *text;

	made_up_file(&files[0], 0, false);
	made_up_file(&files[1], 1, true);
	hostile(&files[1]);
	text = print(export_csv, files, 2);
	at = text;
	fields = csv_fields(&at);
	check_eq(fields, 13 + FIGURES);
	for (; *at; rows++)
		check_eq(csv_fields(&at), fields);
	/* without two empty loops and six controls */
	check_eq(rows, 2 * (files[0].result.ncells - 8));
	check(strstr(text, ",net_ns,net_low_ns,net_high_ns,"));
	check(strstr(text, "\nbefore.json,board<1>,2026-01-02T03:04:05Z,"));
	check(strstr(text, ",kernel,config/rcu:read,1,0,0,one,rate,0,false,"));
	check(strstr(text, "\"x,\"\"y\"\".json\",\"h\"\"\\\n|*h\","));
	check(strstr(text, ",2,max,"));
	check(!strstr(text, "nan"));
	free(text);
	for (int i = 0; i < 2; i++)
		result_release(&files[i].result);
}

/* Bars that are not escaped. */
static unsigned int bars(const char *line, size_t n)
{
	unsigned int bars = 0;

	for (size_t i = 0; i < n; i++) {
		if (line[i] == '\\')
			i++;
		else
			bars += line[i] == '|';
	}
	return bars;
}

static void markdown(void)
{
	struct report_file file;
	unsigned int rows = 0;
	char *text, *line;

	made_up_file(&file, 0, true);
	hostile(&file);
	text = print(export_markdown, &file, 1);
	for (line = text; *line; line += strcspn(line, "\n") + 1) {
		if (*line != '|')
			continue;
		check_eq(bars(line, strcspn(line, "\n")), 11);
		rows++;
	}
	check_eq(rows, file.result.ncells - 8 + 2);
	check(strstr(text, "| ns, emulated | from |"));
	check(strstr(text, "- Warning: one \\| \\*two\\* three \\<b\\>\n"));
	check(strstr(text, "| wrong result |"));
	check(strstr(text, "| not to be trusted |"));
	check(!strstr(text, "nan"));
	free(text);
	result_release(&file.result);
}

/* family that the lines belong to */
struct family {
	char name[64];
	unsigned int samples;
};

static size_t name_length(const char *at)
{
	return strspn(at, "abcdefghijklmnopqrstuvwxyz_0123456789");
}

/* After the labels of a sample. */
static const char *om_labels(const char *at)
{
	do {
		at++;
		check(islower((unsigned char)*at));
		at += name_length(at);
		if (!check(at[0] == '=' && at[1] == '"'))
			return NULL;
		for (at += 2; *at && *at != '"'; at++) {
			check(*at != '\n');
			if (*at == '\\' && check(strchr("\\\"n", at[1])))
				at++;
		}
		if (!check(*at == '"'))
			return NULL;
		at++;
	} while (*at == ',');
	return check(*at == '}') ? at + 1 : NULL;
}

static void om_sample(const char *line, const struct family *family)
{
	size_t n = name_length(line);
	const char *at = line + n;
	char *end;

	check(n == strlen(family->name) && !memcmp(line, family->name, n));
	if (!check(*at == '{'))
		return;
	at = om_labels(at);
	if (!at || !check(*at == ' '))
		return;
	strtod(at + 1, &end);
	check(end > at + 1 && *end == '\n');
}

static bool ends_with(const char *text, const char *end, size_t n)
{
	size_t len = strlen(text);

	return len > n && text[len - n - 1] == '_' &&
	       !strncmp(text + len - n, end, n);
}

/* # TYPE, # UNIT and # HELP, in this order, begin a family. */
static void om_comment(const char *line, struct family *family)
{
	size_t n = name_length(line + 7);

	if (!strncmp(line, "# TYPE ", 7)) {
		snprintf(family->name, sizeof(family->name), "%.*s", (int)n,
			 line + 7);
		check(!strncmp(line + 7 + n, " gauge\n", 7));
		return;
	}
	check(n == strlen(family->name) && !memcmp(line + 7, family->name, n));
	if (!strncmp(line, "# UNIT ", 7))
		check(ends_with(family->name, line + 8 + n,
				strcspn(line + 8 + n, "\n")));
	else
		check(!strncmp(line, "# HELP ", 7));
}

/* Every family comes once. */
static void om_families(const char *text)
{
	const char *line = text, *again;
	char type[96];

	while ((line = strstr(line, "# TYPE "))) {
		snprintf(type, sizeof(type), "%.*s",
			 (int)strcspn(line, "\n"), line);
		again = strstr(line + 1, type);
		check(!again);
		line++;
	}
}

/* No two samples have the same labels. */
static void om_unique(const char *text)
{
	for (const char *a = text; *a; a += strcspn(a, "\n") + 1) {
		const char *end = strstr(a, "} ");
		char *sample;

		if (*a == '#' || !check(end))
			continue;
		sample = strndup(a, end - a + 2);
		check(sample && !strstr(end, sample));
		free(sample);
	}
}

static void openmetrics(void)
{
	struct family family = { "", 0 };
	struct report_file files[2];
	const char *line, *path;
	char *text;

	made_up_file(&files[0], 0, false);
	made_up_file(&files[1], 1, true);
	hostile(&files[1]);
	text = print(export_openmetrics, files, 2);
	for (line = text; *line; line += strcspn(line, "\n") + 1) {
		if (!strcmp(line, "# EOF\n"))
			break;
		if (*line == '#')
			om_comment(line, &family);
		else
			om_sample(line, &family);
	}
	check(!strcmp(line, "# EOF\n"));
	om_families(text);
	om_unique(text);
	check(strstr(text, "case=\"a,\\\"b\\\"\\\\c\\n|d`<e>:f\""));
	check(strstr(text, "host=\"h\\\"\\\\\\n|*h\""));
	check(strstr(text, "quantile=\"0.99\"} "));
	check(strstr(text, "emulated=\"true\""));
	check(strstr(text, "{host=\"board<1>\"} 1767323045\n"));
	path = getenv("ACQREL_TEST_METRICS");
	if (path) {
		struct report report = { .files = files, .nfiles = 2 };

		check_eq(save_file(path, export_openmetrics, &report), 0);
	}
	free(text);
	for (int i = 0; i < 2; i++)
		result_release(&files[i].result);
}

/* A metric has one value: that of the newest result of a machine. */
static void newest_counts(void)
{
	struct report_file files[2];
	char *text;

	made_up_file(&files[0], 0, false);
	made_up_file(&files[1], 1, false);
	text = print(export_openmetrics, files, 2);
	om_unique(text);
	check(!strstr(text, " 1767323045\n"));
	check(strstr(text, " 1767409445\n"));
	free(text);
	for (int i = 0; i < 2; i++)
		result_release(&files[i].result);
}

#define SAMPLE	"\nacqrel_operation_seconds{host=\"board<1>\","	\
		"world=\"kernel\",case=\"config/rcu:read\",threads=\"1\","

/* Base units: 1.9 ns without 0.34 ns are between 1 and 2 billionths. */
static void units(void)
{
	struct report_file file;
	const char *at;
	char *text;

	made_up_file(&file, 0, false);
	text = print(export_openmetrics, &file, 1);
	at = strstr(text, SAMPLE);
	if (check(at)) {
		double value = strtod(strstr(at, "} ") + 2, NULL) * 1e9;

		check(value > 1.4 && value < 1.8);
	}
	free(text);
	result_release(&file.result);
}

static unsigned int trusted(struct report_file *file, int value)
{
	char *text = print(export_openmetrics, file, 1), end[8];
	unsigned int n = 0;

	snprintf(end, sizeof(end), "} %d\n", value);
	for (const char *at = text; (at = strstr(at, "\nacqrel_trusted{"));
	     at++) {
		const char *close = strstr(at, "} ");

		n += close && !strncmp(close, end, strlen(end));
	}
	free(text);
	return n;
}

/* A wrong cell and one that was disturbed are not, nor is a disturbed run. */
static void trust_is_told(void)
{
	struct report_file file;
	unsigned int all;

	made_up_file(&file, 0, false);
	check_eq(trusted(&file, 0), 2);
	all = trusted(&file, 1);
	check(all > 10);
	file.result.foreign = 0.2;
	check_eq(trusted(&file, 0), all + 2);
	check_eq(trusted(&file, 1), 0);
	result_release(&file.result);
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "CSV", csv },
		{ "Markdown", markdown },
		{ "OpenMetrics", openmetrics },
		{ "the newest result of a machine counts", newest_counts },
		{ "base units", units },
		{ "trust is told", trust_is_told },
	};

	return ktap_run(tests, ARRAY_SIZE(tests));
}
