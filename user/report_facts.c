// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_facts.c - where and how a result was made
 *
 * The environment is shown as it is, whatever keys it has: objects in objects
 * become keys with dots.
 */
#include <math.h>
#include <string.h>

#include "report.h"

#define DEPTH_MAX	8

static void put_key(FILE *out, const char *key)
{
	char text[REPORT_LABEL];

	snprintf(text, sizeof(text), "%s", key);
	for (char *c = text; *c; c++)
		if (*c == '_')
			*c = ' ';
	/* what was cut off may end in the middle of a character */
	svg_put(out, strlen(key) < sizeof(text) ? text : "(long key)");
}

static void put_value(FILE *out, const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		svg_put(out, json_string_value(value));
		break;
	case JSON_INTEGER:
		fprintf(out, "%" JSON_INTEGER_FORMAT,
			json_integer_value(value));
		break;
	case JSON_REAL:
		fprintf(out, "%.6g", json_real_value(value));
		break;
	case JSON_TRUE:
		fputs("yes", out);
		break;
	case JSON_FALSE:
		fputs("no", out);
		break;
	default:
		fputs("n/a", out);
	}
}

static void put_list(FILE *out, const json_t *array)
{
	const json_t *value;
	size_t i;

	json_array_foreach(array, i, value) {
		if (i)
			fputs(", ", out);
		if (json_is_object(value) || json_is_array(value))
			fputs("...", out);
		else
			put_value(out, value);
	}
}

static void facts(FILE *out, const char *prefix, json_t *object, int depth)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		if (json_is_object(value) && depth < DEPTH_MAX) {
			facts(out, key, value, depth + 1);
			continue;
		}
		fputs("<div><dt>", out);
		if (prefix) {
			put_key(out, prefix);
			fputs(": ", out);
		}
		put_key(out, key);
		fputs("</dt><dd>", out);
		if (json_is_array(value))
			put_list(out, value);
		else
			put_value(out, value);
		fputs("</dd></div>\n", out);
	}
}

static void fact(FILE *out, const char *key, const char *value)
{
	fprintf(out, "<div><dt>%s</dt><dd>", key);
	svg_put(out, value);
	fputs("</dd></div>\n", out);
}

static void share(FILE *out, const char *key, double value)
{
	char text[FIGURE_TEXT];

	if (!isfinite(value)) {
		fact(out, key, "n/a");
		return;
	}
	figure_fixed(value * 100, 1, text);
	strcat(text, " %");
	fact(out, key, text);
}

static void run(FILE *out, const struct report_file *file)
{
	const struct result *r = &file->result;
	char text[FIGURE_TEXT];

	fact(out, "file", file->path);
	fact(out, "slice", figure_time(r->slice_ns, text));
	fact(out, "load before a slice", figure_time(r->lead_ns, text));
	snprintf(text, sizeof(text), "%u", r->blocks);
	fact(out, "blocks", text);
	snprintf(text, sizeof(text), "%llu", r->seed);
	fact(out, "seed", text);
	share(out, "CPU time of others", r->foreign);
	share(out, "stolen by the hypervisor", r->stolen);
}

/**
 * report_facts() - where and how a result was made
 * @out: page
 * @file: result
 */
void report_facts(FILE *out, const struct report_file *file)
{
	fputs("<details><summary>Run and environment: ", out);
	svg_put(out, file->path);
	fputs("</summary><dl class=\"facts\">\n", out);
	run(out, file);
	facts(out, NULL, file->result.env, 0);
	fputs("</dl></details>\n", out);
}
