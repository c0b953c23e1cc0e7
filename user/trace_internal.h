/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_internal.h - what reading and writing trace files have in common
 */
#ifndef ACQREL_USER_TRACE_INTERNAL_H
#define ACQREL_USER_TRACE_INTERNAL_H

#include "trace.h"

#define TRACE_HEAD_MAX	65536	/* bytes of a head of whatever minor version */
#define TRACE_NO_BLOCK	((size_t)-1)

/**
 * struct trace_order - what the chunks before have made of each CPU
 * @is: by CPU, TRACE_CPU_*
 */
struct trace_order {
	unsigned char is[ACQREL_TRACE_CPUS_MAX];
};

enum {
	TRACE_CPU_NONE,
	TRACE_CPU_OPEN,
	TRACE_CPU_CLOSED,
};

/* trace_chunk.c */
__u64 trace_head_checksum(const struct acqrel_trace_head *head);
__u64 trace_block_checksum(__u64 id, const struct acqrel_trace_block *block,
			   const void *payload);
const char *trace_chunk_check(const struct acqrel_trace_chunk *chunk);
const char *trace_chunk_follow(struct trace_order *order,
			       const struct acqrel_trace_chunk *chunk,
			       const void *payload);

/**
 * struct trace_found - a block of a file
 * @entry: as in the index
 * @next: index of the next DATA of the same CPU, or %TRACE_NO_BLOCK
 */
struct trace_found {
	struct acqrel_trace_entry entry;
	size_t next;
};

/**
 * struct trace_linked - a stream and its DATA
 * @stream: what users see
 * @first: index of its first block, or %TRACE_NO_BLOCK
 * @last: index of its last block, or %TRACE_NO_BLOCK
 */
struct trace_linked {
	struct trace_stream stream;
	size_t first;
	size_t last;
};

/**
 * struct trace - an open file
 * @fd: of the file
 * @size: when it was opened
 * @head: as far as this version knows it
 * @blocks: that were found and are good
 * @nblocks: how many
 * @streams: by CPU
 * @nstreams: how many
 * @cut: why nothing behind @blocks is used, or empty
 */
struct trace {
	int fd;
	__u64 size;
	struct acqrel_trace_head head;
	struct trace_found *blocks;
	size_t nblocks;
	struct trace_linked *streams;
	unsigned int nstreams;
	char cut[TRACE_WHY];
};

/* trace_read.c */
const char *trace_get(const struct trace *trace, __u64 offset, void *to,
		      size_t bytes);
const char *trace_get_payload(const struct trace *trace, __u64 offset,
			      const struct acqrel_trace_block *block,
			      void *payload);

/* trace_scan.c */
int trace_scan(struct trace *trace);

#endif /* ACQREL_USER_TRACE_INTERNAL_H */
