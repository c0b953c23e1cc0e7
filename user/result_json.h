/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * result_json.h - how the numbers of a result are called in its document
 *
 * The same tables write a document and read it. A number above INT64_MAX is a
 * string of decimal digits, because the JSON library has no larger integers.
 */
#ifndef ACQREL_USER_RESULT_JSON_H
#define ACQREL_USER_RESULT_JSON_H

#include <string.h>

#include "result.h"

#define RESULT_SCHEMA_NAME	"acqrel-result"

/**
 * struct result_field - a whole number of a structure
 * @name: its key
 * @offset: in the structure
 * @size: in bytes, 4 or 8
 */
struct result_field {
	const char *name;
	size_t offset;
	size_t size;
};

#define RESULT_FIELD(type, key, member)					\
	{ key, offsetof(type, member), sizeof(((type *)0)->member) }

/* tables that end with an empty entry */
extern const struct result_field result_run_fields[];
extern const struct result_field result_cell_fields[];
/* the columns of a slice: first those of the slice, then a thread's */
extern const struct result_field result_slice_fields[];
extern const struct result_field result_sample_fields[];
/* columns of either that came later: they stand last and may be missing */
extern const struct result_field result_slice_later[];
extern const struct result_field result_sample_later[];

/* words for bits, from the lowest; ended by NULL */
extern const char *const result_tag_names[];
extern const char *const result_flag_names[];
extern const char *const result_world_names[WORLD_COUNT];
extern const char *const result_mode_names[__ACQREL_BENCH_MODE_COUNT];

static inline __u64 result_field_get(const struct result_field *field,
				     const void *from)
{
	const void *at = (const char *)from + field->offset;
	__u32 small;
	__u64 value;

	if (field->size == sizeof(value)) {
		memcpy(&value, at, sizeof(value));
		return value;
	}
	memcpy(&small, at, sizeof(small));
	return small;
}

/* false if @value is too large for the field */
static inline bool result_field_set(const struct result_field *field, void *to,
				    __u64 value)
{
	void *at = (char *)to + field->offset;
	__u32 small = value;

	if (field->size == sizeof(value))
		memcpy(at, &value, sizeof(value));
	else if (small == value)
		memcpy(at, &small, sizeof(small));
	else
		return false;
	return true;
}

json_t *result_u64_json(__u64 value);
bool result_is_plain(const char *text);
json_t *result_plain(const json_t *json);
json_t *result_verdicts(const struct result *result);
bool result_u64_from_json(const json_t *json, __u64 *value);

#endif /* ACQREL_USER_RESULT_JSON_H */
