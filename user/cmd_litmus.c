// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_litmus.c - acqrel litmus list and show: the tests and their programs
 */
#include <limits.h>
#include <stdlib.h>

#include "cmd_litmus.h"
#include "columns.h"

const struct command litmus_commands[] = {
	{ "list", "[SHAPE...]", "print the tests, and what models say of them",
	  cmd_litmus_list, NULL },
	{ "show", "SHAPE...", "print the programs of tests",
	  cmd_litmus_show, NULL },
	{ "run", "[SHAPE...]", "run tests and count what they see",
	  cmd_litmus_run, NULL },
	{ }
};

static const char *const json_models[LITMUS_MODELS] = {
	[LITMUS_LKMM] = "lkmm",
	[LITMUS_C11] = "c11",
	[LITMUS_X86] = "x86",
	[LITMUS_ARM] = "arm",
};

/**
 * litmus_select() - the tests that are meant
 * @args: words: patterns; none: all tests
 * @n: set to their number
 *
 * A pattern that fits no test is an error, which the user has been told.
 *
 * Return: the tests, to be freed, or NULL.
 */
const struct acqrel_litmus_test **litmus_select(const struct args *args,
						size_t *n)
{
	size_t all, fits = 0;
	const struct acqrel_litmus_test *tests = litmus_tests(&all);
	const struct acqrel_litmus_test **chosen = calloc(all, sizeof(*chosen));
	bool *wanted = calloc(all, sizeof(*wanted));

	for (int k = 0; chosen && wanted && k < args->argc; k++, fits = 0) {
		for (size_t i = 0; i < all; i++)
			if (litmus_matches(&tests[i], args->argv[k])) {
				wanted[i] = true;
				fits++;
			}
		if (fits)
			continue;
		out_error("no test is called %s: see acqrel litmus list",
			  args->argv[k]);
		free(chosen);
		chosen = NULL;
	}
	*n = 0;
	for (size_t i = 0; chosen && wanted && i < all; i++)
		if (wanted[i] || !args->argc)
			chosen[(*n)++] = &tests[i];
	free(wanted);
	return chosen;
}

/**
 * litmus_json_test() - what a test is, as JSON
 * @object: filled
 * @test: the test
 */
void litmus_json_test(json_t *object, const struct acqrel_litmus_test *test)
{
	json_t *verdicts = json_object();

	for (int model = 0; model < LITMUS_MODELS; model++) {
		enum litmus_verdict verdict = litmus_verdict(test, model);
		const char *word = litmus_verdict_names[verdict];

		json_object_set_new(verdicts, json_models[model],
				    verdict == LITMUS_UNSAID ?
				    json_null() : json_string(word));
	}
	json_object_set_new(object, "test", json_string(test->name));
	json_object_set_new(object, "threads", json_integer(test->threads));
	json_object_set_new(object, "question", json_string(test->question));
	json_object_set_new(object, "verdicts", verdicts);
}

static json_t *to_json(const struct acqrel_litmus_test **tests, size_t n,
		       bool programs)
{
	json_t *document = json_object(), *list = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *object = json_object(), *texts = json_array();

		litmus_json_test(object, tests[i]);
		for (unsigned int t = 0; t < tests[i]->threads; t++)
			json_array_append_new(texts,
					      json_string(tests[i]->text[t]));
		if (programs)
			json_object_set(object, "programs", texts);
		json_decref(texts);
		json_array_append_new(list, object);
	}
	json_object_set_new(document, "tests", list);
	return document;
}

static const struct acqrel_litmus_test *test_of(const void *row)
{
	return *(const struct acqrel_litmus_test *const *)row;
}

static void format_name(const void *row, char text[COLUMNS_TEXT])
{
	snprintf(text, COLUMNS_TEXT, "%s", test_of(row)->name);
}

static void format_threads(const void *row, char text[COLUMNS_TEXT])
{
	snprintf(text, COLUMNS_TEXT, "%u", test_of(row)->threads);
}

static void verdict(const void *row, enum litmus_model model,
		    char text[COLUMNS_TEXT])
{
	snprintf(text, COLUMNS_TEXT, "%s",
		 litmus_verdict_names[litmus_verdict(test_of(row), model)]);
}

static void format_lkmm(const void *row, char text[COLUMNS_TEXT])
{
	verdict(row, LITMUS_LKMM, text);
}

static void format_c11(const void *row, char text[COLUMNS_TEXT])
{
	verdict(row, LITMUS_C11, text);
}

static void format_x86(const void *row, char text[COLUMNS_TEXT])
{
	verdict(row, LITMUS_X86, text);
}

static void format_arm(const void *row, char text[COLUMNS_TEXT])
{
	verdict(row, LITMUS_ARM, text);
}

static void format_question(const void *row, char text[COLUMNS_TEXT])
{
	snprintf(text, COLUMNS_TEXT, "%s", test_of(row)->question);
}

static int list(const struct acqrel_litmus_test **tests, size_t n)
{
	static const struct column columns[] = {
		{ "test", format_name, true, 0 },
		{ "threads", format_threads, false, 0 },
		{ "LKMM", format_lkmm, true, 0 },
		{ "C11", format_c11, true, 0 },
		{ "x86-TSO", format_x86, true, 0 },
		{ "ARMv8", format_arm, true, 0 },
		{ "can it end so", format_question, true, 1 },
	};

	if (out_is_json()) {
		out_document(to_json(tests, n, false));
		return STATUS_OK;
	}
	if (columns_print(columns, ARRAY_SIZE(columns), tests, n,
			  sizeof(*tests), 0))
		return STATUS_OK;
	out_error("not enough memory for the table");
	return STATUS_CHECK;
}

/* What is inside the braces, a statement a line. */
static void print_program(const char *text)
{
	int depth = 0, braces = 0;
	bool begun = false;

	for (const char *c = text; *c; c++) {
		if (!begun && *c == ' ')
			continue;
		if (*c == '}')
			braces--;
		if (!braces) {
			braces += *c == '{';
			continue;
		}
		if (!begun)
			out_text("%*s", 8 * (braces + (*c == '}')), "");
		begun = true;
		out_text("%c", *c);
		depth += (*c == '(') - (*c == ')');
		braces += *c == '{';
		if (!depth && strchr(";{}", *c)) {
			out_text("\n");
			begun = false;
		}
	}
}

static void print_test(const struct acqrel_litmus_test *test)
{
	const char *gap = "";

	out_text("%s\n", test->name);
	for (int i = 0; i < ACQREL_LITMUS_LOCATIONS; i++) {
		if (!test->init[i] && !test->points[i])
			continue;
		out_text("%s%c", *gap ? gap : "    at first: ", "xyzw"[i]);
		if (test->points[i])
			out_text(" = &%c", "xyzw"[test->points[i] - 1]);
		else
			out_text(" = %u", test->init[i]);
		gap = ", ";
	}
	if (*gap)
		out_text("\n");
	for (unsigned int t = 0; t < test->threads; t++) {
		out_text("    p%u:\n", t);
		print_program(test->text[t]);
	}
	out_text("    can it end so: %s\n   ", test->question);
	for (int model = 0; model < LITMUS_MODELS; model++)
		out_text(" %s %s%s", litmus_model_names[model],
			 litmus_verdict_names[litmus_verdict(test, model)],
			 model < LITMUS_MODELS - 1 ? "," : "\n\n");
}

static int show(const struct acqrel_litmus_test **tests, size_t n)
{
	if (out_is_json())
		out_document(to_json(tests, n, true));
	else
		for (size_t i = 0; i < n; i++)
			print_test(tests[i]);
	return STATUS_OK;
}

static int with_tests(struct args *args, bool all,
		      int (*run)(const struct acqrel_litmus_test **tests,
				 size_t n))
{
	static const struct option none[] = { { } };
	const struct acqrel_litmus_test **tests;
	int status;
	size_t n;

	if (!args_parse(args, none, INT_MAX))
		return args->status;
	if (!all && !args->argc) {
		out_error("%s needs a shape or a test", args->path);
		return STATUS_USAGE;
	}
	tests = litmus_select(args, &n);
	status = tests ? run(tests, n) : STATUS_USAGE;
	free(tests);
	return status;
}

/**
 * cmd_litmus_list() - print the tests
 * @args: words: patterns
 *
 * Return: exit status.
 */
int cmd_litmus_list(struct args *args)
{
	return with_tests(args, true, list);
}

/**
 * cmd_litmus_show() - print the programs of tests
 * @args: words: patterns
 *
 * Return: exit status.
 */
int cmd_litmus_show(struct args *args)
{
	return with_tests(args, false, show);
}
