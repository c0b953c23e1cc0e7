/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Made-up traces with something changed in them, their checksums fitting.
 */
#ifndef ACQREL_TESTS_REPLAY_MADE_H
#define ACQREL_TESTS_REPLAY_MADE_H

#include <string.h>
#include <unistd.h>

#include "ktap.h"
#include "trace_made.h"
#include "verify.h"

#define ALL_CPUS	ACQREL_TRACE_CPUS_MAX

/**
 * struct change - of a chunk
 * @type: of the chunk
 * @cpu: of it, or %ALL_CPUS for all chunks of the type
 * @skip: such chunks before it
 * @edit: changes the payload
 * @done: it did
 * @writer: of the file
 */
struct change {
	u32 type;
	u32 cpu;
	unsigned int skip;
	void (*edit)(void *payload, u32 bytes);
	bool done;
	struct trace_writer *writer;
};

static inline const char *made_path(void)
{
	static char path[64];

	if (!*path)
		snprintf(path, sizeof(path), "/tmp/acqrel-replay-%d",
			 getpid());
	return path;
}

static inline int changed_append(void *to,
				 const struct acqrel_trace_chunk *chunk,
				 const void *payload)
{
	static _Alignas(8) char copy[ACQREL_TRACE_DATA_MAX];
	struct change *c = to;

	memcpy(copy, payload, chunk->bytes);
	if (chunk->type == c->type &&
	    (c->cpu == ALL_CPUS ||
	     (chunk->cpu == c->cpu && !c->done && !c->skip--))) {
		c->edit(copy, chunk->bytes);
		c->done = true;
	}
	return trace_append(c->writer, chunk, copy);
}

/* as trace_make(), and open it; NULL after a failed check */
static inline struct trace *made(const struct trace_made *params)
{
	struct trace *trace = NULL;
	char why[TRACE_WHY];

	check_eq(trace_make(made_path(), params), 0);
	if (!check(!trace_open(made_path(), &trace, why)))
		printf("# %s\n", why);
	unlink(made_path());
	return trace;
}

static inline int make_changed(const struct trace_made *params,
			       struct change *change)
{
	struct acqrel_trace_head head = trace_made_head(params);
	int rc;

	rc = trace_create(made_path(), &head, &change->writer) ?:
	     trace_make_chunks(params, changed_append, change);
	return trace_finish(change->writer) ?: rc;
}

/* one like made(), but for the change */
static inline struct trace *made_changed(const struct trace_made *params,
					 struct change *change)
{
	struct trace *trace = NULL;
	char why[TRACE_WHY];

	check_eq(make_changed(params, change), 0);
	check(change->done);
	if (!check(!trace_open(made_path(), &trace, why)))
		printf("# %s\n", why);
	unlink(made_path());
	return trace;
}

/* what a comparison found: the first, and how many */
static char found_first[96];
static unsigned int found;

static inline void find(const char *where, const char *what, __u64 a, __u64 b)
{
	check(a != b);
	if (!found++)
		snprintf(found_first, sizeof(found_first), "%s: %s", where,
			 what);
}

static inline struct verify_result finder(void)
{
	found = 0;
	*found_first = '\0';
	return (struct verify_result){ .report = find };
}

#endif /* ACQREL_TESTS_REPLAY_MADE_H */
