// SPDX-License-Identifier: GPL-2.0-only
/*
 * result_verdicts.c - the comparisons that a run is for, as JSON
 */
#include <math.h>
#include <stdlib.h>

#include "compare.h"
#include "result_json.h"

static json_t *real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *comparison_json(const struct comparison *c)
{
	return json_pack("{s:i, s:i, s:o, s:o, s:o, s:o, s:i, s:i, s:o, s:o, s:b, s:s, s:s?}",
			 "a", c->a, "b", c->b,
			 "ratio", real(c->ratio.mid),
			 "low", real(c->ratio.low),
			 "high", real(c->ratio.high),
			 "ratio_all", real(c->ratio_all.mid),
			 "blocks", c->blocks, "boots", c->boots,
			 "floor", real(c->floor), "p", real(c->p),
			 "empty_included", c->raw,
			 "verdict", verdict_name(c->verdict),
			 "why", c->why);
}

/**
 * result_verdicts() - kernel against user, and variants against acqrel's own
 * @result: figures computed
 *
 * Return: a new array, NULL if there is not enough memory.
 */
json_t *result_verdicts(const struct result *result)
{
	struct verdict_params params = { 0 };
	struct compare_list list = { 0 };
	json_t *array = json_array();
	int rc;

	/* judging reads only, but it wants a list of results to write to */
	rc = compare_pairs(result, NULL, &list) ?:
	     verdict_within((struct result *)result, list.all, list.n, &params);
	for (size_t i = 0; i < list.n && !rc; i++)
		rc = json_array_append_new(array,
					   comparison_json(&list.all[i]));
	free(list.all);
	if (!rc)
		return array;
	json_decref(array);
	return NULL;
}
