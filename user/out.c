// SPDX-License-Identifier: GPL-2.0-only
/*
 * out.c - everything that the command prints
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"
#include "table.h"

#define DEPTH_MAX	12
#define PRECISION	JSON_REAL_PRECISION(9)
#define LABEL_WIDTH	20

enum level { LEVEL_OBJECT, LEVEL_ARRAY, LEVEL_TABLE, LEVEL_ROW };

static struct {
	bool json;
	bool quiet;
	bool used;		/* something is in the document */
	bool failed;		/* the document is not complete */
	int error;		/* why stdout takes no more */
	int depth;
	int indent;
	int outer_indent[DEPTH_MAX];
	enum level level[DEPTH_MAX];
	json_t *node[DEPTH_MAX];	/* [0] owns the rest */
} out;

/**
 * out_set_json() - print JSON from now on
 */
void out_set_json(void)
{
	out.json = true;
}

/**
 * out_set_quiet() - print no notes from now on
 */
void out_set_quiet(void)
{
	out.quiet = true;
}

/**
 * out_is_json() - whether JSON is printed
 *
 * Return: true if so.
 */
bool out_is_json(void)
{
	return out.json;
}

/**
 * out_is_quiet() - whether notes are held back
 *
 * Return: true if so.
 */
bool out_is_quiet(void)
{
	return out.quiet;
}

static json_t *document(void)
{
	if (!out.node[0])
		out.node[0] = json_pack("{s:i}", "schema", OUT_SCHEMA);
	return out.node[0];
}

/* Takes the reference to the value. */
static void add(const char *key, json_t *value)
{
	json_t *to = out.depth ? out.node[out.depth] : document();

	out.used = true;
	if (json_is_array(to) ? json_array_append_new(to, value) :
	    json_object_set_new(to, key, value))
		out.failed = true;
}

static void push(enum level level, const char *key, json_t *node)
{
	if (out.depth == DEPTH_MAX - 1)
		abort();
	if (out.json)
		add(key, node);
	out.depth++;
	out.level[out.depth] = level;
	out.outer_indent[out.depth] = out.indent;
	out.node[out.depth] = node;
}

/**
 * out_object() - begin a nested object
 * @key: for JSON, NULL in an array
 * @title: a line of text above its fields, or NULL
 */
void out_object(const char *key, const char *title)
{
	push(LEVEL_OBJECT, key, out.json ? json_object() : NULL);
	if (out.json || !title)
		return;
	printf("%*s%s\n", out.indent, "", title);
	out.indent += 2;
}

/**
 * out_array() - begin an array, which the text leaves out
 * @key: for JSON
 */
void out_array(const char *key)
{
	push(LEVEL_ARRAY, key, out.json ? json_array() : NULL);
}

/**
 * out_table() - begin a table; JSON has an array of objects
 * @key: for JSON
 */
void out_table(const char *key)
{
	push(LEVEL_TABLE, key, out.json ? json_array() : NULL);
	if (!out.json)
		table_begin();
}

/**
 * out_row() - begin a row of a table
 */
void out_row(void)
{
	push(LEVEL_ROW, NULL, out.json ? json_object() : NULL);
	if (!out.json)
		table_row();
}

/**
 * out_end() - end what was begun last
 */
void out_end(void)
{
	if (!out.json && out.level[out.depth] == LEVEL_TABLE &&
	    !table_print(out.indent))
		out.failed = true;
	out.indent = out.outer_indent[out.depth--];
}

static bool in_row(void)
{
	for (int i = out.depth; i > 0; i--)
		if (out.level[i] == LEVEL_ROW)
			return true;
	return false;
}

static void field(const char *label, const char *text, bool left)
{
	if (!label)
		return;
	if (in_row())
		table_cell(label, text, left);
	else
		printf("%*s%-*s %s\n", out.indent, "",
		       LABEL_WIDTH - out.indent, label, text);
}

static json_t *u64_json(__u64 value)
{
	char text[24];

	if (value <= INT64_MAX)
		return json_integer(value);
	snprintf(text, sizeof(text), "%" PRIu64, (uint64_t)value);
	return json_string(text);
}

static bool json_only(const char *key)
{
	return out.json && (key || out.level[out.depth] == LEVEL_ARRAY);
}

/**
 * out_u64() - print a number
 * @key: for JSON
 * @label: for text
 * @value: the number
 */
void out_u64(const char *key, const char *label, __u64 value)
{
	char text[24];

	if (json_only(key))
		add(key, u64_json(value));
	if (out.json)
		return;
	snprintf(text, sizeof(text), "%" PRIu64, (uint64_t)value);
	field(label, text, false);
}

/**
 * out_ns() - print a time; text gets a readable unit
 * @key: for JSON, which gets nanoseconds
 * @label: for text
 * @ns: the time
 */
void out_ns(const char *key, const char *label, __u64 ns)
{
	static const char *const units[] = { "us", "ms", "s" };
	double value = ns / 1e3;
	char text[40];
	int unit = 0;

	if (json_only(key))
		add(key, u64_json(ns));
	if (out.json)
		return;
	while (unit < 2 && value >= 1000) {
		value /= 1000;
		unit++;
	}
	if (ns < 1000)
		snprintf(text, sizeof(text), "%" PRIu64 " ns", (uint64_t)ns);
	else
		snprintf(text, sizeof(text), "%.*f %s",
			 value < 10 ? 2 : value < 100 ? 1 : 0, value,
			 units[unit]);
	field(label, text, false);
}

/**
 * out_double() - print a number with a fraction
 * @key: for JSON
 * @label: for text
 * @value: the number
 * @digits: after the point, in text
 */
void out_double(const char *key, const char *label, double value, int digits)
{
	char text[64];

	if (json_only(key))
		add(key, isfinite(value) ? json_real(value) : json_null());
	if (out.json)
		return;
	snprintf(text, sizeof(text), "%.*f", digits, value);
	field(label, text, false);
}

/**
 * out_bool() - print yes or no
 * @key: for JSON
 * @label: for text
 * @value: the answer
 */
void out_bool(const char *key, const char *label, bool value)
{
	if (json_only(key))
		add(key, json_boolean(value));
	if (!out.json)
		field(label, value ? "yes" : "no", true);
}

/**
 * out_str() - print a word or a line
 * @key: for JSON
 * @label: for text
 * @value: the string; bytes that are no UTF-8 become null in JSON
 */
void out_str(const char *key, const char *label, const char *value)
{
	if (json_only(key)) {
		json_t *string = json_string(value);

		add(key, string ? string : json_null());
	}
	if (!out.json)
		field(label, value, true);
}

/**
 * out_na() - say that there is no value; JSON gets null
 * @key: for JSON
 * @label: for text
 * @why: the reason, or NULL
 */
void out_na(const char *key, const char *label, const char *why)
{
	char text[96];

	if (json_only(key))
		add(key, json_null());
	if (out.json)
		return;
	snprintf(text, sizeof(text), why ? "n/a (%s)" : "n/a", why);
	field(label, text, !in_row());
}

/**
 * out_document() - put a whole JSON object into the document
 * @object: its fields go to where the document is; the reference is taken.
 *	NULL: there was no memory for it
 *
 * Text has other ways to say the same.
 */
void out_document(json_t *object)
{
	json_t *to = out.depth ? out.node[out.depth] : document();

	if (out.json) {
		out.used = true;
		if (!object || json_object_update(to, object))
			out.failed = true;
	}
	json_decref(object);
}

/**
 * out_text() - print text that JSON leaves out
 * @format: as for printf()
 */
void out_text(const char *format, ...)
{
	va_list args;

	if (out.json)
		return;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
}

static void forget(void)
{
	json_decref(out.node[0]);
	out.node[0] = NULL;
	out.depth = 0;
	out.used = false;
}

static void error_json(const char *text)
{
	json_t *error = json_pack("{s:i, s:s}", "schema", OUT_SCHEMA,
				  "error", text);

	if (error) {
		json_dumpf(error, stderr, JSON_COMPACT);
		fputc('\n', stderr);
	}
	json_decref(error);
}

/**
 * out_error() - say on stderr in one sentence what is wrong
 * @format: as for printf(), without program name, full stop and newline
 *
 * What the JSON document had so far is forgotten.
 */
void out_error(const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fflush(stdout);
	if (!out.json) {
		fprintf(stderr, "acqrel: %s\n", text);
		return;
	}
	forget();
	error_json(text);
}

/**
 * out_note() - say something on stderr for a person
 * @format: as for printf(), without newline
 */
void out_note(const char *format, ...)
{
	va_list args;

	if (out.quiet)
		return;
	fflush(stdout);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/**
 * out_line() - finish a document of a stream: JSON has one in each line
 */
void out_line(void)
{
	if (out.json && out.used) {
		json_dumpf(out.node[0], stdout, JSON_COMPACT | PRECISION);
		putchar('\n');
	}
	forget();
}

/**
 * out_flush() - hand over what was printed so far
 *
 * Return: 0, or -errno of the first time that this failed.
 */
int out_flush(void)
{
	errno = 0;
	if (!out.error && (fflush(stdout) || ferror(stdout)))
		out.error = errno ? errno : EIO;
	return -out.error;
}

/**
 * out_finish() - print what is left and find out whether it arrived
 * @status: enum exit_status so far
 *
 * Return: exit status.
 */
int out_finish(int status)
{
	if (out.used && !out.failed) {
		json_dumpf(out.node[0], stdout,
			   PRECISION |
			   (isatty(STDOUT_FILENO) ? JSON_INDENT(2) : 0));
		putchar('\n');
	}
	if (out.failed) {
		out_error("not enough memory for the output");
		return STATUS_CHECK;
	}
	forget();
	if (out_flush()) {
		/* what did not go out now would be tried again at the exit */
		__fpurge(stdout);
		out_error("cannot write the output: %s", strerror(out.error));
		return STATUS_CHECK;
	}
	return status;
}
