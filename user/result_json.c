// SPDX-License-Identifier: GPL-2.0-only
/*
 * result_json.c - how the numbers of a result are called in its document
 */
#include <inttypes.h>
#include <stdio.h>

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
