// SPDX-License-Identifier: GPL-2.0-only
/*
 * result.c - what a run measured, in memory
 */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"

static const char *host_key(const struct result *result, const char *key)
{
	const json_t *host = json_object_get(result->env, "host");

	return json_string_value(json_object_get(host, key));
}

/**
 * result_host_name() - name of the machine that a result is from
 * @result: it
 *
 * Return: the name, or NULL.
 */
const char *result_host_name(const struct result *result)
{
	return host_key(result, "name");
}

/**
 * result_host_id() - tells machines of the same name apart
 * @result: it
 *
 * Return: the id, "" if it is not known.
 */
const char *result_host_id(const struct result *result)
{
	return host_key(result, "id") ?: "";
}

/**
 * result_same_host() - whether two results are from one machine
 * @a: result
 * @b: result
 *
 * Return: true if name and id are the same; an id that is not known is any.
 */
bool result_same_host(const struct result *a, const struct result *b)
{
	const char *x = result_host_name(a), *y = result_host_name(b);
	const char *i = result_host_id(a), *j = result_host_id(b);

	return (x && y ? !strcmp(x, y) : x == y) &&
		(!*i || !*j || !strcmp(i, j));
}

/**
 * result_init() - make a result that can be filled
 * @result: anything
 *
 * To be released in the end.
 */
void result_init(struct result *result)
{
	memset(result, 0, sizeof(*result));
	result->foreign = NAN;
	result->stolen = NAN;
	result->warnings = json_array();
}

static void cell_release(struct cell *cell)
{
	for (unsigned int i = 0; i < cell->nslices; i++)
		free(cell->slices[i].samples);
	free(cell->slices);
	free(cell->cpus);
	free(cell->latency);
}

/**
 * result_release() - free what a result holds
 * @result: initialised; may be released once more
 */
void result_release(struct result *result)
{
	for (unsigned int i = 0; i < result->ncells; i++)
		cell_release(&result->cells[i]);
	free(result->cells);
	json_decref(result->env);
	json_decref(result->warnings);
	memset(result, 0, sizeof(*result));
}

/**
 * result_add_cell() - append an empty cell
 * @result: whose cells may move
 *
 * Return: the cell, which refers to no other; NULL if there is not enough
 * memory.
 */
struct cell *result_add_cell(struct result *result)
{
	struct cell *cells, *cell;

	cells = realloc(result->cells, (result->ncells + 1) * sizeof(*cells));
	if (!cells)
		return NULL;
	result->cells = cells;
	cell = &cells[result->ncells++];
	memset(cell, 0, sizeof(*cell));
	cell->control = -1;
	cell->empty = -1;
	cell->bound = -1;
	cell->overhead_ns = NAN;
	cell->curvature = NAN;
	cell->huge_bytes = NAN;
	return cell;
}

static bool warned(const struct result *result, const json_t *sentence)
{
	const json_t *other;
	size_t i;

	json_array_foreach(result->warnings, i, other)
		if (json_equal(other, sentence))
			return true;
	return false;
}

/**
 * result_warn() - say what a reader must know first
 * @result: initialised
 * @format: as for printf(), one sentence; the same one is kept once
 */
void result_warn(struct result *result, const char *format, ...)
{
	json_t *sentence;
	va_list args;

	va_start(args, format);
	sentence = json_vsprintf(format, args);
	va_end(args);
	if (sentence && !warned(result, sentence))
		json_array_append(result->warnings, sentence);
	json_decref(sentence);
}
