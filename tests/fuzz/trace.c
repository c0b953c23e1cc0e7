// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: a trace file, and a replay and a walk of what is read of it.
 *
 * Checksums would stop almost every input, so they are mended first.
 */
#include <sys/mman.h>

#include <acqrel/replay.h>

#include "../trace_image.h"
#include "libfuzzer.h"
#include "trace_walk.h"

#define RING_MAX	1024

static char path[32];
static struct acqrel_replay replay;
static struct acqrel_oring_slot slots[RING_MAX];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	snprintf(path, sizeof(path), "/proc/self/fd/%d",
		 memfd_create("trace", 0));
	return 0;
}

/* bytes of a block that decide something: a snapshot is mostly sums */
static size_t deciding(const struct acqrel_trace_chunk *chunk)
{
	size_t bytes = chunk->bytes;

	if ((chunk->type == ACQREL_TRACE_OPEN ||
	     chunk->type == ACQREL_TRACE_CLOSE) && bytes > 64)
		bytes = 64;
	return sizeof(struct acqrel_trace_block) + bytes;
}

/*
 * Three times in four what is changed lies in the head, but for its texts, or
 * in one block, each as often as another, and their lengths stay.
 */
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t most,
			       unsigned int seed)
{
	size_t at = 0, bytes = offsetof(struct acqrel_trace_head, host);
	size_t offset = sizeof(struct acqrel_trace_head);
	struct acqrel_trace_block block;
	unsigned int n = 1;

	if (seed % 4 == 0 || size < offset)
		return LLVMFuzzerMutate(data, size, most);
	while (size - offset >= sizeof(block)) {
		memcpy(&block, data + offset, sizeof(block));
		if (block.chunk.bytes > size - offset - sizeof(block))
			break;
		if (acqrel_mix64((u64)seed << 32 | n) % (n + 1) == 0) {
			at = offset;
			bytes = deciding(&block.chunk);
		}
		offset += sizeof(block) + block.chunk.bytes;
		n++;
	}
	LLVMFuzzerMutate(data + at, bytes, bytes);
	return size;
}

/* the copies of checksums in an index */
static void mend_index(const struct image *image,
		       struct acqrel_trace_block *index)
{
	struct acqrel_trace_entry *entry = (void *)(index + 1);
	struct acqrel_trace_block *block;
	size_t offset = image_head(image)->bytes;
	u32 left = index->chunk.bytes;

	for (; left >= sizeof(*entry); left -= sizeof(*entry), entry++) {
		block = image_next(image, &offset);
		if (!block || block == index)
			break;
		entry->block.checksum = block->checksum;
	}
}

static void mend(struct image *image)
{
	struct acqrel_trace_head *head = image_head(image);
	struct acqrel_trace_block *block;
	size_t offset;

	if (image->size < sizeof(*head) || head->bytes < sizeof(*head) ||
	    head->bytes > image->size)
		return;
	image_mend_head(image);
	offset = head->bytes;
	while ((block = image_next(image, &offset))) {
		if (block->chunk.type == ACQREL_TRACE_INDEX)
			mend_index(image, block);
		image_mend_block(image, block);
	}
}

/* Returns false if a record was refused, true also where nothing was tried. */
static bool replay_stream(const struct trace *trace, unsigned int i, bool *tried)
{
	const struct trace_stream *stream = trace_stream(trace, i);
	struct acqrel_trace_result result;
	struct acqrel_trace_block block;
	struct trace_cursor cursor;
	char why[TRACE_WHY];
	const void *records;
	size_t done;
	bool good;

	*tried = false;
	if (acqrel_replay_check_open(stream->open) ||
	    stream->open->ring_entries > RING_MAX)
		return true;
	*tried = true;
	acqrel_replay_open(&replay, stream->open, slots);
	if (trace_cursor_open(trace, i, &cursor))
		abort();
	good = true;
	while (good && trace_cursor_next(&cursor, &block, &records, why) > 0)
		good = !acqrel_replay_records(&replay, records,
					      block.chunk.bytes, &done);
	trace_cursor_close(&cursor);
	if (good && stream->close)
		acqrel_replay_close(&replay, stream->close);
	acqrel_replay_result(&replay, &result);
	return good;
}

/*
 * A walk takes the records that a replay takes. They may part where a verdict
 * differs: then they do not know of the same pushes.
 */
static void walk_stream(const struct trace *trace, unsigned int i, bool good)
{
	struct trace_walk *walk;

	if (trace_walk_open(trace, &walk) || trace_walk_add(walk, i))
		abort();
	while (trace_walk_next(walk))
		;
	if (!trace_walk_why(walk) != good && !replay.different)
		abort();
	trace_walk_close(walk);
}

/* items come in the order of their clocks */
static void walk_streams(const struct trace *trace)
{
	const struct trace_item *item;
	struct trace_walk *walk;
	u64 clock_ns = 0;

	if (trace_walk_open(trace, &walk))
		abort();
	for (unsigned int i = 0; i < trace_streams(trace); i++)
		if (trace_walk_add(walk, i))
			abort();
	while ((item = trace_walk_next(walk))) {
		if (item->event.clock_ns < clock_ns ||
		    item->event.kind >= __ACQREL_KIND_COUNT ||
		    item->config.nr_pids > ACQREL_PIDS_MAX)
			abort();
		clock_ns = item->event.clock_ns;
	}
	trace_walk_close(walk);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char why[TRACE_WHY] = "";
	struct trace *trace;
	struct image image;
	bool tried, good;

	image_set(&image, data, size);
	mend(&image);
	image_save(&image, path);
	image_free(&image);
	if (trace_open(path, &trace, why)) {
		if (!*why)
			abort();
		return 0;
	}
	for (unsigned int i = 0; i < trace_streams(trace); i++) {
		good = replay_stream(trace, i, &tried);
		if (tried)
			walk_stream(trace, i, good);
	}
	walk_streams(trace);
	trace_close(trace);
	return 0;
}
