// SPDX-License-Identifier: GPL-2.0-only
/*
 * litmus_print.c - what litmus tests showed, beside what models say
 */
#include "cmd_litmus.h"
#include "columns.h"
#include "env.h"
#include "terminal.h"

#define PER_MILLION	1e6
#define NS_PER_S	1e9

static const struct litmus_row *row_of(const void *row)
{
	return row;
}

static void format_name(const void *row, char text[COLUMNS_TEXT])
{
	snprintf(text, COLUMNS_TEXT, "%s", row_of(row)->test->name);
}

static void verdict(const void *row, enum litmus_model model,
		    char text[COLUMNS_TEXT])
{
	enum litmus_verdict verdict = litmus_verdict(row_of(row)->test, model);

	snprintf(text, COLUMNS_TEXT, "%s", litmus_verdict_names[verdict]);
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

/* One that was seen is not none, however rare. */
static void count(const void *row, enum litmus_world world,
		  char text[COLUMNS_TEXT])
{
	const struct litmus_result *r = &row_of(row)->result[world];

	if (!row_of(row)->ran[world])
		snprintf(text, COLUMNS_TEXT, "-");
	else if (!r->seen)
		snprintf(text, COLUMNS_TEXT, "0");
	else
		snprintf(text, COLUMNS_TEXT, "%.*f%s",
			 r->seen * PER_MILLION < r->tally.trials ? 3 : 0,
			 r->seen * PER_MILLION / r->tally.trials,
			 r->forbidden ? " FORBIDDEN" : "");
}

/* Of all threads; where CPUs are too few for that, of two. */
static void overlap(const void *row, enum litmus_world world,
		    char text[COLUMNS_TEXT])
{
	const struct acqrel_litmus_tally *t =
		&row_of(row)->result[world].tally;
	bool pairs = !t->overlapped && t->touched;

	if (row_of(row)->ran[world])
		snprintf(text, COLUMNS_TEXT, "%.1f%%%s",
			 100. * (pairs ? t->touched : t->overlapped) /
			 t->trials, pairs ? " (2)" : "");
}

static void format_kernel(const void *row, char text[COLUMNS_TEXT])
{
	count(row, LITMUS_KERNEL, text);
}

static void format_user(const void *row, char text[COLUMNS_TEXT])
{
	count(row, LITMUS_USER, text);
}

static void format_kernel_overlap(const void *row, char text[COLUMNS_TEXT])
{
	overlap(row, LITMUS_KERNEL, text);
}

static void format_user_overlap(const void *row, char text[COLUMNS_TEXT])
{
	overlap(row, LITMUS_USER, text);
}

static void format_trials(const void *row, char text[COLUMNS_TEXT])
{
	const struct litmus_row *r = row_of(row);
	int world = r->ran[LITMUS_USER] ? LITMUS_USER : LITMUS_KERNEL;

	if (r->ran[world])
		snprintf(text, COLUMNS_TEXT, "%llu",
			 r->result[world].tally.trials);
}

static void format_rate(const void *row, char text[COLUMNS_TEXT])
{
	const struct litmus_row *r = row_of(row);
	int world = r->ran[LITMUS_USER] ? LITMUS_USER : LITMUS_KERNEL;

	if (r->ran[world])
		snprintf(text, COLUMNS_TEXT, "%.0f",
			 r->result[world].tally.trials * NS_PER_S /
			 r->result[world].ns);
}

static bool print_table(const struct litmus_row *rows, size_t n)
{
	static const struct column columns[] = {
		{ "test", format_name, true, 0 },
		{ "LKMM", format_lkmm, true, 0 },
		{ "C11", format_c11, true, 0 },
		{ "x86-TSO", format_x86, true, 0 },
		{ "ARMv8", format_arm, true, 0 },
		{ "kernel/M", format_kernel, false, 0 },
		{ "overlap", format_kernel_overlap, false, 3 },
		{ "user/M", format_user, false, 0 },
		{ "overlap", format_user_overlap, false, 2 },
		{ "trials", format_trials, false, 4 },
		{ "a second", format_rate, false, 5 },
	};
	struct terminal terminal;

	terminal_look(&terminal, "auto");
	return columns_print(columns, ARRAY_SIZE(columns), rows, n,
			     sizeof(*rows), terminal.width);
}

static void print_outcomes(const struct litmus_row *row,
			   enum litmus_world world)
{
	const struct acqrel_litmus_tally *t = &row->result[world].tally;
	char text[LITMUS_STRING];

	out_text("\n%s, %s\n", row->test->name, litmus_world_names[world]);
	for (int i = 0; i < ACQREL_LITMUS_OUTCOMES; i++) {
		if (!t->counts[i])
			continue;
		litmus_outcome_text(row->test, t->outcomes[i], text,
				    sizeof(text));
		out_text("%12llu  %s%s\n", t->counts[i], text,
			 litmus_exists(row->test, t->outcomes[i]) ? "  <-" :
								    "");
	}
}

static void print_all_outcomes(const struct litmus_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (int world = 0; world < LITMUS_WORLDS; world++)
			if (rows[i].ran[world])
				print_outcomes(&rows[i], world);
}

static json_t *outcomes_to_json(const struct acqrel_litmus_test *test,
				const struct acqrel_litmus_tally *t)
{
	json_t *list = json_array();
	char text[LITMUS_STRING];

	for (int i = 0; i < ACQREL_LITMUS_OUTCOMES; i++) {
		bool exists = litmus_exists(test, t->outcomes[i]);
		json_t *object;

		if (!t->counts[i])
			continue;
		litmus_outcome_text(test, t->outcomes[i], text, sizeof(text));
		object = json_object();
		json_object_set_new(object, "outcome", json_string(text));
		json_object_set_new(object, "count",
				    json_integer(t->counts[i]));
		json_object_set_new(object, "exists", json_boolean(exists));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *result_to_json(const struct acqrel_litmus_test *test,
			      const struct litmus_result *r)
{
	const struct acqrel_litmus_tally *t = &r->tally;
	json_t *object = json_object(), *first = json_array();

	for (unsigned int i = 0; i < test->threads; i++)
		json_array_append_new(first, json_integer(t->first[i]));
	json_object_set_new(object, "trials", json_integer(t->trials));
	json_object_set_new(object, "seen", json_integer(r->seen));
	json_object_set_new(object, "per_million",
			    json_real(r->seen * PER_MILLION / t->trials));
	json_object_set_new(object, "forbidden", json_integer(r->forbidden));
	json_object_set_new(object, "forbidden_on_cpus",
			    *r->where ? json_string(r->where) : json_null());
	json_object_set_new(object, "overlapped", json_integer(t->overlapped));
	json_object_set_new(object, "overlapped_pairs",
			    json_integer(t->touched));
	json_object_set_new(object, "first", first);
	json_object_set_new(object, "duration_ns", json_integer(r->ns));
	json_object_set_new(object, "placements", json_integer(r->placements));
	json_object_set_new(object, "outcomes", outcomes_to_json(test, t));
	return object;
}

static json_t *row_to_json(const struct litmus_row *row)
{
	json_t *object = json_object();

	litmus_json_test(object, row->test);
	for (int world = 0; world < LITMUS_WORLDS; world++) {
		json_t *result = row->ran[world] ?
			result_to_json(row->test, &row->result[world]) :
			json_null();

		json_object_set_new(object, litmus_world_names[world], result);
	}
	return object;
}

static json_t *to_json(const struct litmus_row *rows, size_t n, __u64 seed)
{
	json_t *document = json_object(), *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, row_to_json(&rows[i]));
	json_object_set_new(document, "seed", json_integer(seed));
	json_object_set_new(document, "tests", list);
	return document;
}

/**
 * litmus_print() - print what tests showed
 * @rows: the tests
 * @n: how many
 * @seed: they were run with
 * @outcomes: print how often each was seen; JSON has them always
 *
 * Return: false if there was no memory for it; the user has been told.
 */
bool litmus_print(const struct litmus_row *rows, size_t n, __u64 seed,
		  bool outcomes)
{
	if (out_is_json()) {
		out_document(to_json(rows, n, seed));
		return true;
	}
	if (!print_table(rows, n)) {
		out_error("not enough memory for the table");
		return false;
	}
	if (outcomes)
		print_all_outcomes(rows, n);
	out_text("\nSeed %llu. /M: times that the answer was yes, a million trials.\n"
		 "Overlap: trials with all threads in their programs at one time;\n"
		 "(2): with two of them, for want of CPUs.\n", seed);
	if (env_emulated())
		out_text("The CPUs are emulated: this says nothing about hardware.\n");
	return true;
}
