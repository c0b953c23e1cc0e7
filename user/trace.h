/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace.h - trace files: written block by block, read CPU by CPU
 *
 * The format is that of include/uapi/linux/acqrel_trace.h. Nothing in a file is
 * trusted: a block is used only if its checksum fits, and what comes after a
 * block that does not is not looked at. The records inside are checked by
 * whoever replays or prints them.
 */
#ifndef ACQREL_USER_TRACE_H
#define ACQREL_USER_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/acqrel_trace.h>

#define TRACE_WHY	256	/* bytes of a sentence */

struct trace;
struct trace_writer;

/**
 * struct trace_stream - what a file has of one CPU
 * @cpu: whose
 * @open: the CPU at its start, or NULL
 * @close: the CPU at its end, or NULL
 * @blocks: of DATA
 * @events: in them, as the blocks say
 * @bytes: of records
 * @first_ns: clock of the first record
 * @last_ns: clock of the last
 */
struct trace_stream {
	unsigned int cpu;
	const struct acqrel_trace_snapshot *open;
	const struct acqrel_trace_snapshot *close;
	size_t blocks;
	__u64 events;
	__u64 bytes;
	__u64 first_ns;
	__u64 last_ns;
};

/**
 * struct trace_cursor - where a reader of one stream is
 * @trace: the file
 * @stream: index of the stream
 * @next: block to come
 * @buffer: the block's payload
 *
 * One thread each; several may read one trace at the same time.
 */
struct trace_cursor {
	const struct trace *trace;
	unsigned int stream;
	size_t next;
	void *buffer;
};

/* trace_read.c */
int trace_open(const char *path, struct trace **trace, char *why);
void trace_close(struct trace *trace);
const struct acqrel_trace_head *trace_head(const struct trace *trace);
unsigned int trace_streams(const struct trace *trace);
const struct trace_stream *trace_stream(const struct trace *trace,
					unsigned int i);
__u64 trace_bytes(const struct trace *trace);
const char *trace_cut(const struct trace *trace);
bool trace_whole(const struct trace *trace);

int trace_cursor_open(const struct trace *trace, unsigned int i,
		      struct trace_cursor *cursor);
int trace_cursor_next(struct trace_cursor *cursor,
		      struct acqrel_trace_block *block, const void **records,
		      char *why);
void trace_cursor_close(struct trace_cursor *cursor);

/* trace_write.c */
int trace_target(const char *path, bool *made);
int trace_begin(int fd, const struct acqrel_trace_head *head,
		struct trace_writer **writer);
int trace_create(const char *path, const struct acqrel_trace_head *head,
		 struct trace_writer **writer);
int trace_append(struct trace_writer *writer,
		 const struct acqrel_trace_chunk *chunk, const void *payload);
__u64 trace_written(const struct trace_writer *writer);
int trace_finish(struct trace_writer *writer);
void trace_abandon(struct trace_writer *writer);

#endif /* ACQREL_USER_TRACE_H */
