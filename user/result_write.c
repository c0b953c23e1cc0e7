// SPDX-License-Identifier: GPL-2.0-only
/*
 * result_write.c - a result as a JSON document
 *
 * Documentation/result.schema.json describes it. What is not known is null.
 * Slices are rows of numbers under a list of columns, a row for each thread of
 * a slice: that is all that the figures, which stand beside, are made from.
 */
#include <math.h>
#include <stdio.h>

#include "result_json.h"
#include "save.h"

#define PRECISION	JSON_REAL_PRECISION(9)

/* Takes the reference to the value; false, too, if there is none. */
static bool put(json_t *object, const char *key, json_t *value)
{
	return !json_object_set_new(object, key, value);
}

static bool push(json_t *array, json_t *value)
{
	return !json_array_append_new(array, value);
}

static json_t *real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *shared(json_t *json)
{
	return json ? json_incref(json) : json_null();
}

static bool put_fields(json_t *object, const struct result_field *fields,
		       const void *from)
{
	bool ok = true;

	for (; fields->name; fields++)
		ok &= put(object, fields->name,
			  result_u64_json(result_field_get(fields, from)));
	return ok;
}

static bool push_fields(json_t *row, const struct result_field *fields,
			const void *from)
{
	bool ok = true;

	for (; fields->name; fields++)
		ok &= push(row,
			   result_u64_json(result_field_get(fields, from)));
	return ok;
}

static bool push_names(json_t *array, const struct result_field *fields)
{
	bool ok = true;

	for (; fields->name; fields++)
		ok &= push(array, json_string(fields->name));
	return ok;
}

/* The names of the bits of @mask; of all of them in the order of the bits. */
static json_t *words(const char *const *names, __u32 mask)
{
	json_t *array = json_array();

	for (unsigned int i = 0; names[i]; i++)
		if (mask & 1U << i)
			push(array, json_string(names[i]));
	return array;
}

static json_t *columns_json(void)
{
	json_t *array = json_array();

	if (push_names(array, result_slice_fields) &&
	    push_names(array, result_sample_fields) &&
	    push_names(array, result_slice_later) &&
	    push_names(array, result_sample_later))
		return array;
	json_decref(array);
	return NULL;
}

static json_t *row_json(const struct result_slice *slice,
			const struct acqrel_sample *sample)
{
	json_t *row = json_array();

	if (push_fields(row, result_slice_fields, slice) &&
	    push_fields(row, result_sample_fields, sample) &&
	    push_fields(row, result_slice_later, slice) &&
	    push_fields(row, result_sample_later, sample))
		return row;
	json_decref(row);
	return NULL;
}

static json_t *slices_json(const struct cell *cell)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < cell->nslices; i++)
		for (unsigned int j = 0; j < cell->threads; j++) {
			const struct result_slice *slice = &cell->slices[i];

			if (push(array, row_json(slice, &slice->samples[j])))
				continue;
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *buckets_json(const struct latency_sum *latency)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < ACQREL_LATENCY_BUCKETS; i++) {
		json_t *count;

		if (!latency->buckets[i])
			continue;
		count = result_u64_json(latency->buckets[i]);
		if (!push(array, json_pack("[i, o]", i, count))) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *latency_json(const struct latency_sum *latency)
{
	if (!latency)
		return json_null();
	return json_pack("{s:o, s:o, s:o}",
			 "n", result_u64_json(latency->n),
			 "max_ns", result_u64_json(latency->max),
			 "buckets", buckets_json(latency));
}

static json_t *figures_json(const struct cell_figures *f)
{
	const struct {
		const char *key;
		double value;
	} reals[] = {
		{ "raw_ns", f->raw_ns },
		{ "net_ns", f->net_ns },
		{ "net_low_ns", f->interval.low },
		{ "net_high_ns", f->interval.high },
		{ "net_all_ns", f->net_all_ns },
		{ "mad_ns", f->mad_ns },
		{ "p5_ns", f->p5_ns },
		{ "p95_ns", f->p95_ns },
		{ "min_ns", f->min_ns },
		{ "bound_ns", f->bound_ns },
		{ "overlap", f->overlap },
		{ "failed", f->failed },
		{ "retries", f->retries },
		{ "fill", f->fill },
		{ "fairness", f->fairness },
		{ "writes_per_s", f->write_rate },
		{ "clock_ghz", f->ghz },
	};
	json_t *object = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(reals); i++)
		put(object, reals[i].key, real(reals[i].value));
	put(object, "violations", result_u64_json(f->violations));
	put(object, "lost", result_u64_json(f->lost));
	put(object, "tagged", json_integer(f->tagged));
	return object;
}

static json_t *cpus_json(const struct cell *cell)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < cell->threads; i++)
		push(array, json_integer(cell->cpus[i]));
	return array;
}

static json_t *rate_json(__u64 rate)
{
	return rate == RESULT_WRITE_MAX ? json_string("max") :
					  result_u64_json(rate);
}

static json_t *index_json(int index)
{
	return index < 0 ? json_null() : json_integer(index);
}

static const json_t *place_of(const struct result *result, __u32 cpu)
{
	const json_t *place;
	size_t i;

	json_array_foreach(json_object_get(result->env, "places"), i, place)
		if (json_integer_value(json_object_get(place, "cpu")) == cpu)
			return place;
	return NULL;
}

/* NUMA nodes of its CPUs, each once; null if one is not known. */
static json_t *nodes_json(const struct result *result, const struct cell *cell)
{
	json_t *array = json_array();

	for (__u32 i = 0; i < cell->threads; i++) {
		json_t *node = json_object_get(place_of(result, cell->cpus[i]),
					       "node"), *other;
		bool known = false;
		size_t j;

		if (!json_is_integer(node)) {
			json_decref(array);
			return json_null();
		}
		json_array_foreach(array, j, other)
			known |= json_equal(node, other);
		if (!known)
			push(array, json_incref(node));
	}
	return array;
}

/* Whether two of its CPUs share a core; null if one is not known. */
static json_t *siblings_json(const struct result *result,
			     const struct cell *cell)
{
	bool shared = false;

	for (__u32 i = 0; i < cell->threads; i++) {
		const json_t *mine = place_of(result, cell->cpus[i]);
		const json_t *siblings = json_object_get(mine, "siblings");

		if (!json_is_string(siblings))
			return json_null();
		/* siblings have the same list */
		for (__u32 j = 0; j < i; j++)
			shared |= json_equal(siblings, json_object_get(place_of(result,
					     cell->cpus[j]), "siblings"));
	}
	return json_boolean(shared);
}

static json_t *cell_json(const struct result *result, const struct cell *cell)
{
	json_t *object;

	object = json_pack("{s:s, s:s, s:o, s:o, s:s, s:o, s:s, s:o, s:o, s:o}",
			   "world", result_world_names[cell->world],
			   "case", cell->name,
			   "flags", words(result_flag_names, cell->flags),
			   "cpus", cpus_json(cell),
			   "placement", cell->placement,
			   "writes_per_s", rate_json(cell->write_rate),
			   "mode", result_mode_names[cell->mode],
			   "control_of", index_json(cell->control),
			   "empty", index_json(cell->empty),
			   "bound", index_json(cell->bound));
	if (put_fields(object, result_cell_fields, cell) &&
	    put(object, "overhead_ns", real(cell->overhead_ns)) &&
	    put(object, "curvature", real(cell->curvature)) &&
	    put(object, "nodes", nodes_json(result, cell)) &&
	    put(object, "siblings", siblings_json(result, cell)) &&
	    put(object, "huge_page_bytes", real(cell->huge_bytes)) &&
	    put(object, "figures", figures_json(&cell->figures)) &&
	    put(object, "latency", latency_json(cell->latency)) &&
	    put(object, "columns", columns_json()) &&
	    put(object, "slices", slices_json(cell)))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *cells_json(const struct result *result)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < result->ncells; i++)
		if (!push(array, cell_json(result, &result->cells[i]))) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *run_json(const struct result *result)
{
	json_t *run;

	run = json_pack("{s:b, s:o, s:o}",
			"emulated", result->emulated,
			"foreign_share", real(result->foreign),
			"stolen_share", real(result->stolen));
	if (put_fields(run, result_run_fields, result))
		return run;
	json_decref(run);
	return NULL;
}

/* See include/acqrel/latency.h; with s = (i >> shift) - 1. */
static json_t *latency_rule(void)
{
	return json_pack("{s:i, s:i, s:s, s:s, s:s}",
			 "shift", ACQREL_LATENCY_SHIFT,
			 "buckets", ACQREL_LATENCY_BUCKETS,
			 "s", "i < 2^(shift+1) ? 0 : (i >> shift) - 1",
			 "from_ns", "(i - (s << shift)) << s",
			 "width_ns", "1 << s; the last has all above it, too");
}

/**
 * result_to_json() - a result as a document
 * @result: figures computed
 *
 * Return: a new reference, NULL if there is not enough memory.
 */
json_t *result_to_json(const struct result *result)
{
	json_t *host = json_object_get(result->env, "host"), *document;

	document = json_pack("{s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o}",
			     "schema", RESULT_SCHEMA_NAME,
			     "major", RESULT_SCHEMA,
			     "minor", RESULT_SCHEMA_MINOR,
			     "host", shared(host),
			     "environment", shared(result->env),
			     "run", run_json(result),
			     "warnings", shared(result->warnings),
			     "tags", words(result_tag_names, ~0U),
			     "latency_buckets", latency_rule());
	if (document &&
	    put(document, "comparisons", result_verdicts(result)) &&
	    put(document, "cells", cells_json(result)))
		return document;
	json_decref(document);
	return NULL;
}

static bool write_document(FILE *file, const void *what)
{
	json_t *document = result_to_json(what);
	bool ok = document;

	if (ok && !json_dumpf(document, file, JSON_COMPACT | PRECISION))
		fputc('\n', file);
	json_decref(document);
	return ok;
}

/**
 * result_save() - write a result to a file
 * @path: of the file, which is replaced; "-" is standard output
 * @result: figures computed
 *
 * Says what went wrong. Return: 0 or -errno.
 */
int result_save(const char *path, const struct result *result)
{
	return save_file(path, write_document, result);
}
