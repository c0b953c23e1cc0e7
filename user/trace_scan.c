// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace_scan.c - find the blocks of a trace file, one after another
 *
 * A block is used if it and all before it are good, so what is read of a
 * damaged file is what its recorder had written up to there. The index must say
 * the same as was found; then the file is as it was written, to the last byte.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <acqrel/order.h>

#include "trace_internal.h"

/**
 * struct scan - of a file
 * @trace: the file
 * @offset: where the next block begins
 * @room: blocks that fit into @trace->blocks
 * @why: it stops here
 * @order: of the chunks
 * @of_cpu: index of the stream, by CPU
 * @payload: of the block
 */
struct scan {
	struct trace *trace;
	__u64 offset;
	size_t room;
	const char *why;
	struct trace_order order;
	unsigned int of_cpu[ACQREL_TRACE_CPUS_MAX];
	__u64 payload[ACQREL_TRACE_DATA_MAX / sizeof(__u64)];
};

/* the scan ends, with what was found before */
static int stop(struct scan *s, const char *why)
{
	s->why = why;
	return -EBADMSG;
}

static int make_room(struct scan *s)
{
	struct trace *t = s->trace;
	size_t room = s->room ? 2 * s->room : 64;
	struct trace_found *blocks;

	if (t->nblocks < s->room)
		return 0;
	blocks = realloc(t->blocks, room * sizeof(*blocks));
	if (!blocks)
		return -ENOMEM;
	t->blocks = blocks;
	s->room = room;
	return 0;
}

static void link_data(struct trace *t, struct trace_linked *l,
		      const struct acqrel_trace_block *block)
{
	struct trace_stream *s = &l->stream;

	if (l->first == TRACE_NO_BLOCK) {
		l->first = t->nblocks;
		s->first_ns = block->first_ns;
	} else {
		t->blocks[l->last].next = t->nblocks;
	}
	l->last = t->nblocks;
	s->last_ns = block->last_ns;
	s->blocks++;
	s->events += block->events;
	s->bytes += block->chunk.bytes;
}

/* of a CPU that has none yet */
static int add_stream(struct scan *s, unsigned int cpu)
{
	struct trace *t = s->trace;
	struct trace_linked *l = &t->streams[t->nstreams];

	if (t->nstreams == t->head.cpus)
		return stop(s, "it is of one CPU more than the head counts");
	l->stream.cpu = cpu;
	l->first = TRACE_NO_BLOCK;
	l->last = TRACE_NO_BLOCK;
	s->of_cpu[cpu] = t->nstreams++;
	return 0;
}

static int add_snapshot(struct scan *s, const struct acqrel_trace_chunk *chunk)
{
	struct acqrel_trace_snapshot *copy;
	struct trace_stream *stream;
	int rc;

	if (chunk->type == ACQREL_TRACE_OPEN) {
		rc = add_stream(s, chunk->cpu);
		if (rc)
			return rc;
	}
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	memcpy(copy, s->payload, sizeof(*copy));
	stream = &s->trace->streams[s->of_cpu[chunk->cpu]].stream;
	if (chunk->type == ACQREL_TRACE_OPEN)
		stream->open = copy;
	else
		stream->close = copy;
	return 0;
}

/* a block whose checksum is good */
static int add_block(struct scan *s, const struct acqrel_trace_block *block)
{
	struct trace *t = s->trace;
	const char *why;
	int rc = 0;

	why = trace_chunk_follow(&s->order, &block->chunk, s->payload);
	if (why)
		return stop(s, why);
	if (block->chunk.type == ACQREL_TRACE_DATA)
		link_data(t, &t->streams[s->of_cpu[block->chunk.cpu]], block);
	else
		rc = add_snapshot(s, &block->chunk);
	if (rc)
		return rc;
	t->blocks[t->nblocks].entry.offset = s->offset;
	t->blocks[t->nblocks].entry.block = *block;
	t->blocks[t->nblocks++].next = TRACE_NO_BLOCK;
	s->offset += sizeof(*block) + block->chunk.bytes;
	return 0;
}

static bool is_index(const struct scan *s, const char *payload)
{
	const struct trace *t = s->trace;
	struct acqrel_trace_tail tail = {
		.index = s->offset,
		.blocks = t->nblocks,
	};
	size_t i;

	memcpy(tail.magic, ACQREL_TRACE_MAGIC, sizeof(tail.magic));
	for (i = 0; i < t->nblocks; i++)
		if (memcmp(payload + i * sizeof(t->blocks[i].entry),
			   &t->blocks[i].entry, sizeof(t->blocks[i].entry)))
			return false;
	return !memcmp(payload + i * sizeof(t->blocks[0].entry), &tail,
		       sizeof(tail));
}

/* returns 1: that was the end */
static int check_index(struct scan *s, const struct acqrel_trace_block *block)
{
	struct trace *t = s->trace;
	__u64 end = s->offset + sizeof(*block) + block->chunk.bytes;
	const char *why;
	char *payload;
	bool good;

	if (block->chunk.bytes != t->nblocks * sizeof(t->blocks[0].entry) +
				  sizeof(struct acqrel_trace_tail))
		return stop(s, "the index is of another number of blocks");
	payload = malloc(block->chunk.bytes);
	if (!payload)
		return -ENOMEM;
	why = trace_get_payload(t, s->offset, block, payload);
	good = !why && block->number == t->nblocks && is_index(s, payload);
	free(payload);
	if (why)
		return stop(s, why);
	if (!good)
		return stop(s, "the index does not say what the blocks say");
	if (end == t->size)
		return 1;
	s->offset = end;
	return stop(s, "something comes after the index");
}

static int scan_block(struct scan *s)
{
	struct trace *t = s->trace;
	struct acqrel_trace_block block;
	const char *why;
	int rc = make_room(s);

	if (rc)
		return rc;
	if (s->offset == t->size)
		return stop(s, "the file ends without an index, so its recorder did not end");
	why = trace_get(t, s->offset, &block, sizeof(block));
	if (why)
		return stop(s, why);
	if (block.magic != ACQREL_TRACE_BLOCK)
		return stop(s, "no block begins there");
	if (block.chunk.type == ACQREL_TRACE_INDEX)
		return check_index(s, &block);
	why = trace_chunk_check(&block.chunk);
	if (!why)
		why = trace_get_payload(t, s->offset, &block, s->payload);
	if (why)
		return stop(s, why);
	if (block.number != t->nblocks)
		return stop(s, "its number is out of order");
	return add_block(s, &block);
}

static int by_cpu(const void *a, const void *b)
{
	const struct trace_linked *x = a, *y = b;

	return x->stream.cpu < y->stream.cpu ? -1 : 1;
}

/**
 * trace_scan() - find the streams of a file
 * @trace: its head has been read
 *
 * Return: 0, also if the scan stops before the end of the file, or -ENOMEM.
 */
int trace_scan(struct trace *trace)
{
	__u64 most = trace->size / sizeof(struct acqrel_trace_snapshot) + 1;
	struct scan *s = calloc(1, sizeof(*s));
	int rc = 0;

	if (trace->head.cpus < most)
		most = trace->head.cpus;
	trace->streams = calloc(most, sizeof(*trace->streams));
	if (!s || !trace->streams) {
		free(s);
		return -ENOMEM;
	}
	s->trace = trace;
	s->offset = trace->head.bytes;
	while (!rc)
		rc = scan_block(s);
	if (rc == -EBADMSG)
		snprintf(trace->cut, sizeof(trace->cut),
			 "reading stops at block %zu, byte %llu: %s",
			 trace->nblocks, s->offset, s->why);
	qsort(trace->streams, trace->nstreams, sizeof(*trace->streams), by_cpu);
	free(s);
	return rc == -ENOMEM ? rc : 0;
}
