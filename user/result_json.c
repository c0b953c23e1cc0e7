// SPDX-License-Identifier: GPL-2.0-only
/*
 * result_json.c - how the numbers of a result are called in its document
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "result_json.h"

#define RUN(key, member)	RESULT_FIELD(struct result, key, member)
#define CELL(key, member)	RESULT_FIELD(struct cell, key, member)
#define SLICE(key, member)	RESULT_FIELD(struct result_slice, key, member)
#define SAMPLE(key, member)	RESULT_FIELD(struct acqrel_sample, key, member)

const struct result_field result_run_fields[] = {
	RUN("seed", seed),
	RUN("slice_ns", slice_ns),
	RUN("lead_ns", lead_ns),
	RUN("blocks", blocks),
	{ }
};

const struct result_field result_cell_fields[] = {
	CELL("threads", threads),
	CELL("payload_bytes", payload),
	CELL("pace_ns", pace_ns),
	CELL("slice_ns", slice_ns),
	CELL("plant_milli", plant),
	CELL("bound_times_milli", bound_times),
	{ }
};

const struct result_field result_slice_fields[] = {
	SLICE("block", block),
	SLICE("order", order),
	SLICE("chunk", chunk),
	SLICE("tags", tags),
	{ }
};

const struct result_field result_sample_fields[] = {
	SAMPLE("thread", thread),
	SAMPLE("deadline_ns", deadline_ns),
	SAMPLE("start_ns", did.start_ns),
	SAMPLE("end_ns", did.end_ns),
	SAMPLE("busy_ns", did.busy_ns),
	SAMPLE("bursts", did.bursts),
	SAMPLE("ops", did.ops),
	SAMPLE("failed", did.failed),
	SAMPLE("retries", did.retries),
	SAMPLE("violations", did.violations),
	SAMPLE("lost", did.lost),
	SAMPLE("fill_sum", did.fill_sum),
	SAMPLE("fill_n", did.fill_n),
	SAMPLE("switches", did.switches),
	SAMPLE("wait_ns", did.wait_ns),
	SAMPLE("chain_ns", did.chain_ns),
	SAMPLE("role", did.role),
	SAMPLE("cpu", did.cpu),
	{ }
};

const struct result_field result_slice_later[] = {
	SLICE("repeat", repeat),
	{ }
};

const struct result_field result_sample_later[] = {
	SAMPLE("faults", did.faults),
	{ }
};

const char *const result_tag_names[] = {
	"overlap", "switched", "waited", "migrated", "stolen", "throttled",
	"suspended", "faulted", NULL
};

const char *const result_flag_names[] = {
	"records", "feeds", "pairs", "settles", "settles_first", "sleeps",
	"shared", NULL
};

const char *const result_world_names[WORLD_COUNT] = {
	[WORLD_KERNEL] = "kernel",
	[WORLD_USER] = "user",
};

const char *const result_mode_names[__ACQREL_BENCH_MODE_COUNT] = {
	[ACQREL_BENCH_RATE] = "rate",
	[ACQREL_BENCH_LATENCY] = "latency",
};

static_assert(ARRAY_SIZE(result_tag_names) == TAG_COUNT + 1);

/**
 * result_u64_json() - a whole number as JSON
 * @value: the number
 *
 * Return: a new reference to an integer or, above INT64_MAX, to a string.
 */
json_t *result_u64_json(__u64 value)
{
	if (value <= INT64_MAX)
		return json_integer(value);
	return json_sprintf("%" PRIu64, (uint64_t)value);
}

/**
 * result_u64_from_json() - the number that result_u64_json() wrote
 * @json: anything, NULL too
 * @value: set on success
 *
 * Return: whether @json is a whole number from 0 to UINT64_MAX.
 */
bool result_u64_from_json(const json_t *json, __u64 *value)
{
	const char *text;

	if (json_is_integer(json)) {
		*value = json_integer_value(json);
		return json_integer_value(json) >= 0;
	}
	text = json_string_value(json);
	return text && strlen(text) == json_string_length(json) &&
	       text[0] && !text[strspn(text, "0123456789")] &&
	       args_u64(text, value);
}

/* Length of the control character at @at, 0: it is none. */
static size_t control(const char *at)
{
	const unsigned char *c = (const unsigned char *)at;

	if (c[0] < 0x20 || c[0] == 0x7f)
		return 1;
	/* those that a terminal takes for an escape and a character */
	return c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0 ? 2 : 0;
}

/**
 * result_is_plain() - whether text can be shown on a terminal
 * @text: UTF-8
 *
 * Return: false if it has control characters.
 */
bool result_is_plain(const char *text)
{
	for (; *text; text++)
		if (control(text))
			return false;
	return true;
}

static json_t *plain_text(const char *text)
{
	char *copy = malloc(strlen(text) + 1), *to = copy;
	json_t *json;

	if (!copy)
		return NULL;
	while (*text) {
		size_t n = control(text);

		*to++ = n ? '?' : *text;
		text += n ?: 1;
	}
	*to = '\0';
	json = json_string(copy);
	free(copy);
	return json;
}

static json_t *plain_array(const json_t *json)
{
	json_t *array = json_array();

	for (size_t i = 0; i < json_array_size(json); i++)
		if (json_array_append_new(array,
					  result_plain(json_array_get(json,
								      i)))) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *plain_object(const json_t *json)
{
	json_t *object = json_object(), *value;
	const char *key;

	json_object_foreach((json_t *)json, key, value) {
		json_t *name = plain_text(key);
		int rc = json_object_set_new(object, json_string_value(name),
					     result_plain(value));

		json_decref(name);
		if (!rc)
			continue;
		json_decref(object);
		return NULL;
	}
	return object;
}

/**
 * result_plain() - a copy that can be shown on a terminal
 * @json: anything, from a file that somebody else may have made
 *
 * Return: a new reference with question marks for the control characters of
 * all its strings and keys, NULL if there is not enough memory.
 */
json_t *result_plain(const json_t *json)
{
	if (json_is_string(json))
		return plain_text(json_string_value(json));
	if (json_is_array(json))
		return plain_array(json);
	if (json_is_object(json))
		return plain_object(json);
	return json_deep_copy(json);
}
