/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * out.h - everything that the command prints
 *
 * The same calls make text and JSON. A field has a key for JSON and a label
 * for text; a NULL label keeps it out of the text, a NULL key out of the
 * JSON. Units are part of the key (_ns). Inside an array both are NULL.
 * Inside a table an object is a row and its labels are the column titles, so
 * every row must have the same ones.
 *
 * A JSON document is one object with "schema". A number above INT64_MAX
 * becomes a string, because the JSON library has no larger integers.
 */
#ifndef ACQREL_USER_OUT_H
#define ACQREL_USER_OUT_H

#include <jansson.h>
#include <stdbool.h>
#include <linux/types.h>

#define OUT_SCHEMA	1

enum exit_status {
	STATUS_OK,
	STATUS_CHECK,		/* a check failed */
	STATUS_USAGE,
	STATUS_ABSENT,		/* no module or no permission */
	STATUS_SKIP,		/* skipped or unsupported */
	STATUS_UNTRUSTED,	/* results not to be trusted */
};

void out_set_json(void);
void out_set_quiet(void);
bool out_is_json(void);
bool out_is_quiet(void);

void out_object(const char *key, const char *title);
void out_array(const char *key);
void out_table(const char *key);
void out_row(void);
void out_end(void);

void out_u64(const char *key, const char *label, __u64 value);
void out_ns(const char *key, const char *label, __u64 ns);
void out_double(const char *key, const char *label, double value, int digits);
void out_bool(const char *key, const char *label, bool value);
void out_str(const char *key, const char *label, const char *value);
void out_na(const char *key, const char *label, const char *why);

void out_document(json_t *object);

void out_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
void out_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void out_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

void out_line(void);
int out_flush(void);
int out_finish(int status);

#endif /* ACQREL_USER_OUT_H */
