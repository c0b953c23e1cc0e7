/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace files as bytes, to be made, damaged and mended; and what streams hold.
 */
#ifndef ACQREL_TESTS_TRACE_IMAGE_H
#define ACQREL_TESTS_TRACE_IMAGE_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace_internal.h"
#include "trace_made.h"

#define CONTENT_STREAMS	32

struct image {
	u8 *bytes;		/* as malloc() aligns them */
	size_t size;
};

static inline void image_free(struct image *image)
{
	free(image->bytes);
	image->bytes = NULL;
	image->size = 0;
}

static inline void image_set(struct image *image, const void *bytes, size_t size)
{
	image->bytes = malloc(size + 1);
	if (!image->bytes)
		abort();
	memcpy(image->bytes, bytes, size);
	image->size = size;
}

static inline void image_add(struct image *image, const void *bytes,
			     size_t size)
{
	image->bytes = realloc(image->bytes, image->size + size + 1);
	if (!image->bytes)
		abort();
	memcpy(image->bytes + image->size, bytes, size);
	image->size += size;
}

/* what a file cannot give or take ends the test program */
static inline void image_load(struct image *image, const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		abort();
	image->size = st.st_size;
	image->bytes = malloc(image->size + 1);
	if (!image->bytes ||
	    pread(fd, image->bytes, image->size, 0) != (ssize_t)image->size)
		abort();
	close(fd);
}

static inline void image_save(const struct image *image, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 ||
	    pwrite(fd, image->bytes, image->size, 0) != (ssize_t)image->size)
		abort();
	close(fd);
}

static inline struct acqrel_trace_head *image_head(const struct image *image)
{
	return (struct acqrel_trace_head *)image->bytes;
}

/* the block at @offset, or NULL if none fits there; @offset then is the next's */
static inline struct acqrel_trace_block *image_next(const struct image *image,
						    size_t *offset)
{
	struct acqrel_trace_block *block;

	if (*offset > image->size || image->size - *offset < sizeof(*block) ||
	    *offset % __alignof__(*block))
		return NULL;
	block = (struct acqrel_trace_block *)(image->bytes + *offset);
	*offset += sizeof(*block);
	if (block->chunk.bytes > image->size - *offset)
		return NULL;
	*offset += block->chunk.bytes;
	return block;
}

/* block number @n, counted from the start, or NULL */
static inline struct acqrel_trace_block *image_block(const struct image *image,
						     unsigned int n)
{
	size_t offset = image_head(image)->bytes;
	struct acqrel_trace_block *block;

	do
		block = image_next(image, &offset);
	while (block && n--);
	return block;
}

static inline unsigned int image_blocks(const struct image *image)
{
	unsigned int n = 0;

	while (image_block(image, n))
		n++;
	return n;
}

static inline void image_mend_head(struct image *image)
{
	struct acqrel_trace_head *head = image_head(image);

	head->checksum = trace_head_checksum(head);
}

static inline void image_mend_block(const struct image *image,
				    struct acqrel_trace_block *block)
{
	block->checksum = trace_block_checksum(image_head(image)->id, block,
					       block + 1);
}

/* a block more, in order and with a good checksum */
static inline void image_append(struct image *image, u32 type, u32 cpu,
				const void *payload, u32 bytes)
{
	struct acqrel_trace_block block = {
		.magic = ACQREL_TRACE_BLOCK,
		.number = image_blocks(image),
		.chunk = { .type = type, .cpu = cpu, .bytes = bytes },
	};

	block.checksum = trace_block_checksum(image_head(image)->id, &block,
					      payload);
	image_add(image, &block, sizeof(block));
	image_add(image, payload, bytes);
}

/* what streams hold */
struct content_stream {
	u32 cpu;
	bool opened;
	bool closed;
	struct acqrel_trace_snapshot open;
	struct acqrel_trace_snapshot close;
	struct image records;
};

struct content {
	unsigned int n;
	struct content_stream streams[CONTENT_STREAMS];
};

static inline void content_free(struct content *content)
{
	while (content->n)
		image_free(&content->streams[--content->n].records);
}

/* a trace_made_sink: streams in the order of their first chunks */
static inline int content_take(void *to, const struct acqrel_trace_chunk *chunk,
			       const void *payload)
{
	struct content *content = to;
	struct content_stream *s = content->streams;

	while (s < content->streams + content->n && s->cpu != chunk->cpu)
		s++;
	if (s == content->streams + content->n) {
		if (content->n++ == CONTENT_STREAMS)
			abort();
		memset(s, 0, sizeof(*s));
		s->cpu = chunk->cpu;
	}
	if (chunk->type == ACQREL_TRACE_OPEN) {
		s->opened = true;
		memcpy(&s->open, payload, sizeof(s->open));
	} else if (chunk->type == ACQREL_TRACE_CLOSE) {
		s->closed = true;
		memcpy(&s->close, payload, sizeof(s->close));
	} else {
		image_add(&s->records, payload, chunk->bytes);
	}
	return 0;
}

/* a stream of an open trace; false if a block of it cannot be read */
static inline bool content_read(struct content_stream *s,
				const struct trace *trace, unsigned int i)
{
	const struct trace_stream *stream = trace_stream(trace, i);
	struct acqrel_trace_block block;
	struct trace_cursor cursor;
	char why[TRACE_WHY];
	const void *records;
	int rc;

	memset(s, 0, sizeof(*s));
	s->cpu = stream->cpu;
	s->opened = stream->open;
	s->closed = stream->close;
	if (s->opened)
		s->open = *stream->open;
	if (s->closed)
		s->close = *stream->close;
	if (trace_cursor_open(trace, i, &cursor))
		abort();
	while ((rc = trace_cursor_next(&cursor, &block, &records, why)) > 0)
		image_add(&s->records, records, block.chunk.bytes);
	trace_cursor_close(&cursor);
	return !rc;
}

/* is @part what @whole begins with? */
static inline bool content_begins(const struct content_stream *part,
				  const struct content_stream *whole)
{
	if (part->cpu != whole->cpu || !part->opened ||
	    memcmp(&part->open, &whole->open, sizeof(part->open)) ||
	    part->records.size > whole->records.size ||
	    (part->records.size && memcmp(part->records.bytes,
					  whole->records.bytes,
					  part->records.size)))
		return false;
	/* one that is closed has all */
	return !part->closed ||
	       (part->records.size == whole->records.size && whole->closed &&
		!memcmp(&part->close, &whole->close, sizeof(part->close)));
}

#endif /* ACQREL_TESTS_TRACE_IMAGE_H */
