// SPDX-License-Identifier: GPL-2.0-only
/*
 * result_read.c - a result from a JSON document
 *
 * Only what was measured is read; figures are computed again. Unknown keys,
 * columns and words are ignored, so that a document of a later minor version
 * can be read. A document is not trusted: every number is checked before it
 * becomes an index or a size.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "out.h"
#include "result_json.h"

/* what a document is read into, and why it cannot be */
struct reader {
	struct result *result;
	const char *why;
};

static int fail(struct reader *r, const char *why)
{
	r->why = why;
	return -EINVAL;
}

static bool get_fields(const json_t *object, const struct result_field *fields,
		       void *to)
{
	for (__u64 value; fields->name; fields++)
		if (!result_u64_from_json(json_object_get(object, fields->name),
					  &value) ||
		    !result_field_set(fields, to, value))
			return false;
	return true;
}

static double get_real(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static int get_word(const json_t *object, const char *key,
		    const char *const *words, int n)
{
	const char *word = json_string_value(json_object_get(object, key));

	for (int i = 0; word && i < n; i++)
		if (!strcmp(word, words[i]))
			return i;
	return -1;
}

static bool get_text(const json_t *object, const char *key, char *to,
		     size_t size)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (!text || strlen(text) >= size || !result_is_plain(text))
		return false;
	strcpy(to, text);
	return true;
}

static __u32 get_flags(const json_t *array)
{
	const json_t *word;
	__u32 flags = 0;
	size_t i;

	json_array_foreach(array, i, word)
		for (unsigned int j = 0; result_flag_names[j]; j++)
			if (json_is_string(word) &&
			    !strcmp(json_string_value(word),
				    result_flag_names[j]))
				flags |= 1U << j;
	return flags;
}

/* null is none; a cell that is not there is caught by check_indices() */
static bool get_index(const json_t *object, const char *key, int *index)
{
	const json_t *value = json_object_get(object, key);
	__u64 number;

	*index = -1;
	if (!value || json_is_null(value))
		return true;
	if (!result_u64_from_json(value, &number) || number >= INT32_MAX)
		return false;
	*index = number;
	return true;
}

static bool get_write_rate(const json_t *object, __u64 *rate)
{
	const json_t *value = json_object_get(object, "writes_per_s");
	const char *text = json_string_value(value);

	if (text && !strcmp(text, "max")) {
		*rate = RESULT_WRITE_MAX;
		return true;
	}
	return result_u64_from_json(value, rate);
}

static int read_cpus(struct reader *r, const json_t *array, struct cell *cell)
{
	if (json_array_size(array) != cell->threads)
		return fail(r, "a cell does not have a CPU for each thread");
	cell->cpus = calloc(cell->threads, sizeof(*cell->cpus));
	if (!cell->cpus)
		return -ENOMEM;
	for (__u32 i = 0; i < cell->threads; i++) {
		__u64 cpu;

		if (!result_u64_from_json(json_array_get(array, i), &cpu) ||
		    cpu > UINT32_MAX)
			return fail(r, "the number of a CPU is damaged");
		cell->cpus[i] = cpu;
	}
	return 0;
}

static int read_bucket(struct reader *r, const json_t *pair,
		       struct latency_sum *latency)
{
	__u64 i, n;

	if (!result_u64_from_json(json_array_get(pair, 0), &i) ||
	    !result_u64_from_json(json_array_get(pair, 1), &n) ||
	    i >= ACQREL_LATENCY_BUCKETS)
		return fail(r, "a bucket of a latency histogram is damaged");
	latency->buckets[i] = n;
	return 0;
}

static int read_latency(struct reader *r, const json_t *json, struct cell *cell)
{
	const json_t *buckets = json_object_get(json, "buckets");
	struct latency_sum *latency;
	int rc = 0;

	if (!json || json_is_null(json))
		return 0;
	latency = calloc(1, sizeof(*latency));
	if (!latency)
		return -ENOMEM;
	cell->latency = latency;
	if (!json_is_array(buckets) ||
	    !result_u64_from_json(json_object_get(json, "max_ns"),
				  &latency->max))
		return fail(r, "a latency histogram is damaged");
	for (size_t i = 0; i < json_array_size(buckets) && !rc; i++)
		rc = read_bucket(r, json_array_get(buckets, i), latency);
	for (size_t i = 0; i < ACQREL_LATENCY_BUCKETS && !rc; i++)
		if (__builtin_add_overflow(latency->n, latency->buckets[i],
					   &latency->n))
			rc = fail(r, "a latency histogram has too many values");
	return rc;
}

/* where in a row a field is, -1: nowhere */
static int find_column(const json_t *columns, const char *name)
{
	const json_t *column;
	size_t i;

	json_array_foreach(columns, i, column)
		if (json_is_string(column) &&
		    !strcmp(json_string_value(column), name))
			return i;
	return -1;
}

static bool read_columns(const json_t *columns, const json_t *row,
			 const struct result_field *fields, bool later,
			 void *to)
{
	for (__u64 value; fields->name; fields++) {
		int i = find_column(columns, fields->name);

		if (i < 0 && later)
			continue;
		if (i < 0 ||
		    !result_u64_from_json(json_array_get(row, i), &value) ||
		    !result_field_set(fields, to, value))
			return false;
	}
	return true;
}

static int read_row(struct reader *r, const json_t *columns, const json_t *row,
		    const struct cell *cell, size_t i)
{
	struct result_slice *slice = &cell->slices[i / cell->threads];
	struct acqrel_sample *sample = &slice->samples[i % cell->threads];
	struct result_slice again = *slice;

	if (!read_columns(columns, row, result_slice_fields, false, &again) ||
	    !read_columns(columns, row, result_slice_later, true, &again) ||
	    !read_columns(columns, row, result_sample_fields, false, sample) ||
	    !read_columns(columns, row, result_sample_later, true, sample))
		return fail(r, "a row of a slice is damaged");
	if (sample->thread != i % cell->threads ||
	    (sample->thread && memcmp(slice, &again, sizeof(again))))
		return fail(r, "the rows of a slice are not in order");
	*slice = again;
	return 0;
}

/*
 * Blocks are counted from 0 and each has a slice of each cell, so their
 * numbers, which become sizes, are no larger than that of slices before.
 */
static int check_blocks(struct reader *r, const struct cell *cell)
{
	for (unsigned int i = 0; i < cell->nslices; i++) {
		__u32 block = cell->slices[i].block;

		if (block >= r->result->blocks || block > i)
			return fail(r, "a slice is of a block that is not there");
		if (i && block < cell->slices[i - 1].block)
			return fail(r, "the blocks are not in order");
	}
	return 0;
}

static int read_slices(struct reader *r, const json_t *object,
		       struct cell *cell)
{
	const json_t *columns = json_object_get(object, "columns");
	const json_t *rows = json_object_get(object, "slices");
	size_t n = json_array_size(rows);
	int rc = 0;

	if (!json_is_array(columns) || !json_is_array(rows) ||
	    n % cell->threads)
		return fail(r, "the slices of a cell are not complete");
	cell->slices = calloc(n / cell->threads + 1, sizeof(*cell->slices));
	if (!cell->slices)
		return -ENOMEM;
	for (; cell->nslices < n / cell->threads; cell->nslices++) {
		struct result_slice *slice = &cell->slices[cell->nslices];

		slice->samples = calloc(cell->threads,
					sizeof(*slice->samples));
		if (!slice->samples)
			return -ENOMEM;
	}
	for (size_t i = 0; i < n && !rc; i++)
		rc = read_row(r, columns, json_array_get(rows, i), cell, i);
	return rc ?: check_blocks(r, cell);
}

static int read_cell(struct reader *r, const json_t *object)
{
	struct cell *cell = result_add_cell(r->result);
	int world, mode;

	if (!cell)
		return -ENOMEM;
	world = get_word(object, "world", result_world_names, WORLD_COUNT);
	mode = get_word(object, "mode", result_mode_names,
			__ACQREL_BENCH_MODE_COUNT);
	if (world < 0 || mode < 0 ||
	    !get_text(object, "case", cell->name, sizeof(cell->name)) ||
	    !get_text(object, "placement", cell->placement,
		      sizeof(cell->placement)) ||
	    !get_write_rate(object, &cell->write_rate) ||
	    !get_index(object, "control_of", &cell->control) ||
	    !get_index(object, "empty", &cell->empty) ||
	    !get_index(object, "bound", &cell->bound) ||
	    !get_fields(object, result_cell_fields, cell))
		return fail(r, "a key of a cell is missing or damaged");
	if (!cell->threads || cell->threads > ACQREL_BENCH_THREADS_MAX)
		return fail(r, "a cell has no threads or too many");
	cell->world = world;
	cell->mode = mode;
	cell->overhead_ns = get_real(object, "overhead_ns");
	cell->curvature = get_real(object, "curvature");
	cell->huge_bytes = get_real(object, "huge_page_bytes");
	cell->flags = get_flags(json_object_get(object, "flags"));
	return read_cpus(r, json_object_get(object, "cpus"), cell) ?:
	       read_slices(r, object, cell) ?:
	       read_latency(r, json_object_get(object, "latency"), cell);
}

static bool check_index(const struct result *result, int index, unsigned int i)
{
	return index < (int)result->ncells && index != (int)i;
}

static int check_indices(struct reader *r)
{
	const struct result *result = r->result;

	for (unsigned int i = 0; i < result->ncells; i++) {
		const struct cell *cell = &result->cells[i];

		if (!check_index(result, cell->control, i) ||
		    !check_index(result, cell->empty, i) ||
		    !check_index(result, cell->bound, i))
			return fail(r, "a cell refers to one that is not there");
	}
	return 0;
}

static int read_run(struct reader *r, const json_t *run)
{
	struct result *result = r->result;

	if (!get_fields(run, result_run_fields, result))
		return fail(r, "a key of the run is missing or damaged");
	result->emulated = json_is_true(json_object_get(run, "emulated"));
	result->foreign = get_real(run, "foreign_share");
	result->stolen = get_real(run, "stolen_share");
	return 0;
}

static int read_warnings(struct reader *r, const json_t *warnings)
{
	const json_t *warning;
	size_t i;

	if (warnings && !json_is_array(warnings))
		return fail(r, "the warnings are damaged");
	json_array_foreach(warnings, i, warning) {
		json_t *plain = result_plain(warning);

		if (json_is_string(plain))
			result_warn(r->result, "%s", json_string_value(plain));
		json_decref(plain);
	}
	return 0;
}

static int read_environment(struct reader *r, const json_t *environment)
{
	json_t *copy;

	if (json_is_null(environment))
		return 0;
	if (!json_is_object(environment))
		return fail(r, "the environment is missing or damaged");
	copy = result_plain(environment);
	if (!copy)
		return -ENOMEM;
	json_decref(r->result->env);
	r->result->env = copy;
	return 0;
}

static int check_schema(struct reader *r, const json_t *json)
{
	const char *schema = json_string_value(json_object_get(json, "schema"));
	const json_t *major = json_object_get(json, "major");

	if (!schema || strcmp(schema, RESULT_SCHEMA_NAME))
		return fail(r, "it is no result of acqrel bench run");
	if (!json_is_integer(major))
		return fail(r, "its schema has no number");
	if (json_integer_value(major) > RESULT_SCHEMA)
		return fail(r, "its schema is newer than this command");
	if (json_integer_value(major) < RESULT_SCHEMA)
		return fail(r, "its schema is older than this command reads");
	return 0;
}

static int read_document(struct reader *r, const json_t *json)
{
	const json_t *cells = json_object_get(json, "cells");
	int rc;

	rc = check_schema(r, json) ?:
	     read_environment(r, json_object_get(json, "environment")) ?:
	     read_warnings(r, json_object_get(json, "warnings")) ?:
	     read_run(r, json_object_get(json, "run"));
	if (!rc && !json_is_array(cells))
		return fail(r, "it has no cells");
	for (size_t i = 0; i < json_array_size(cells) && !rc; i++)
		rc = read_cell(r, json_array_get(cells, i));
	return rc ?: check_indices(r);
}

/**
 * result_from_json() - a result from a document
 * @json: the document
 * @result: initialised and empty; released if this fails
 * @why: set on failure to a clause: what is wrong with the document
 *
 * Figures are not read; figures_compute() makes them.
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int result_from_json(const json_t *json, struct result *result,
		     const char **why)
{
	struct reader r = {
		.result = result,
		.why = "there is not enough memory",
	};
	int rc = read_document(&r, json);

	if (rc) {
		result_release(result);
		*why = r.why;
	}
	return rc;
}

static json_t *load(const char *path)
{
	json_error_t error;
	json_t *json;

	if (!strcmp(path, "-"))
		json = json_loadf(stdin, JSON_REJECT_DUPLICATES, &error);
	else
		json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (json)
		return json;
	if (json_error_code(&error) == json_error_cannot_open_file)
		out_error("%s", error.text);
	else
		out_error("%s is no JSON document: line %d: %s", path,
			  error.line, error.text);
	return NULL;
}

/**
 * result_load() - read a result from a file
 * @path: of the file; "-" is standard input
 * @result: initialised here; to be released if this succeeds
 *
 * Says what is wrong. Return: 0, -EINVAL or -ENOMEM.
 */
int result_load(const char *path, struct result *result)
{
	json_t *json = load(path);
	const char *why;
	int rc;

	if (!json)
		return -EINVAL;
	result_init(result);
	rc = result_from_json(json, result, &why);
	json_decref(json);
	if (rc)
		out_error("cannot use %s: %s", path, why);
	return rc;
}
