// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace_chunk.c - what a chunk of a trace file must be, for its writer and its
 * reader
 */
#include <acqrel/order.h>

#include "hash.h"
#include "trace_internal.h"

/**
 * trace_head_checksum() - of a head
 * @head: all its @head->bytes
 */
__u64 trace_head_checksum(const struct acqrel_trace_head *head)
{
	static const __u64 zero;
	struct xxh64_state hash;

	xxh64_reset(&hash, head->id);
	xxh64_update(&hash, head, offsetof(struct acqrel_trace_head, checksum));
	xxh64_update(&hash, &zero, sizeof(zero));
	xxh64_update(&hash, head + 1, head->bytes - sizeof(*head));
	return xxh64_digest(&hash);
}

/**
 * trace_block_checksum() - of a block
 * @id: of the head
 * @block: the block
 * @payload: what follows, @block->chunk.bytes of it
 */
__u64 trace_block_checksum(__u64 id, const struct acqrel_trace_block *block,
			   const void *payload)
{
	struct acqrel_trace_block copy = *block;
	struct xxh64_state hash;

	copy.checksum = 0;
	xxh64_reset(&hash, id);
	xxh64_update(&hash, &copy, sizeof(copy));
	xxh64_update(&hash, payload, copy.chunk.bytes);
	return xxh64_digest(&hash);
}

/**
 * trace_chunk_check() - can there be such a chunk in a file?
 * @chunk: not an INDEX
 *
 * A payload of a chunk that is good has %ACQREL_TRACE_DATA_MAX bytes at most.
 *
 * Return: NULL, or what is wrong.
 */
const char *trace_chunk_check(const struct acqrel_trace_chunk *chunk)
{
	bool good = chunk->bytes == sizeof(struct acqrel_trace_snapshot);

	if (chunk->type < ACQREL_TRACE_OPEN || chunk->type > ACQREL_TRACE_CLOSE)
		return "a chunk of its type does not belong into a file";
	if (chunk->cpu >= ACQREL_TRACE_CPUS_MAX)
		return "it is of a CPU above 8191";
	if (chunk->type == ACQREL_TRACE_DATA)
		good = chunk->bytes && chunk->bytes <= ACQREL_TRACE_DATA_MAX &&
		       chunk->bytes % ACQREL_TRACE_UNIT == 0;
	if (!good)
		return "its length is not one of its type";
	return chunk->reserved ? "a reserved field is not 0" : NULL;
}

static const char *follow_open(unsigned char *is)
{
	if (*is != TRACE_CPU_NONE)
		return "it is a second OPEN of its CPU";
	*is = TRACE_CPU_OPEN;
	return NULL;
}

static const char *follow_data(const unsigned char *is)
{
	if (*is == TRACE_CPU_NONE)
		return "it is DATA before the OPEN of its CPU";
	return *is == TRACE_CPU_CLOSED ?
	       "it is DATA after the CLOSE of its CPU" : NULL;
}

static const char *follow_close(unsigned char *is)
{
	if (*is == TRACE_CPU_NONE)
		return "it is a CLOSE before the OPEN of its CPU";
	if (*is == TRACE_CPU_CLOSED)
		return "it is a second CLOSE of its CPU";
	*is = TRACE_CPU_CLOSED;
	return NULL;
}

/**
 * trace_chunk_follow() - may this chunk come after those before it?
 * @order: of those before it; becomes that of the next
 * @chunk: trace_chunk_check() found nothing wrong
 * @payload: what follows, aligned to 8 bytes
 *
 * Return: NULL, or what is wrong.
 */
const char *trace_chunk_follow(struct trace_order *order,
			       const struct acqrel_trace_chunk *chunk,
			       const void *payload)
{
	const struct acqrel_trace_snapshot *snap = payload;
	unsigned char *is = &order->is[chunk->cpu];

	if (chunk->type == ACQREL_TRACE_DATA)
		return follow_data(is);
	if (snap->cpu != chunk->cpu)
		return "its snapshot is of another CPU";
	return chunk->type == ACQREL_TRACE_OPEN ? follow_open(is) :
						  follow_close(is);
}
