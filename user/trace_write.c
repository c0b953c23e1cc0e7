// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace_write.c - a trace file as it is recorded
 *
 * Blocks go straight into the file and are not buffered, so that what was
 * written stays if the recorder dies. After an error nothing more is written,
 * for a file with an index has no hole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <acqrel/order.h>

#include "trace_internal.h"

/**
 * struct trace_writer - a file that is written
 * @fd: of the file
 * @error: the first, as -errno
 * @id: of the head
 * @offset: bytes written
 * @entries: of the index
 * @n: how many
 * @room: for how many
 * @order: of the chunks
 * @seq: sequence number of the next event, by CPU
 */
struct trace_writer {
	int fd;
	int error;
	__u64 id;
	__u64 offset;
	struct acqrel_trace_entry *entries;
	size_t n;
	size_t room;
	struct trace_order order;
	__u64 seq[ACQREL_TRACE_CPUS_MAX];
};

/*
 * @iov is used up. A signal does not end a write that somebody reads; the next
 * one, with not a byte gone in between, does.
 */
static int write_all(int fd, struct iovec *iov, int n)
{
	bool interrupted = false;

	while (n) {
		ssize_t did = writev(fd, iov, n);

		if (did < 0 && errno == EINTR && !interrupted) {
			interrupted = true;
			continue;
		}
		if (did < 0)
			return -errno;
		interrupted = false;
		for (; n && (size_t)did >= iov->iov_len; iov++, n--)
			did -= iov->iov_len;
		if (n) {
			iov->iov_base = (char *)iov->iov_base + did;
			iov->iov_len -= did;
		}
	}
	return 0;
}

static int write_head(struct trace_writer *w,
		      const struct acqrel_trace_head *head)
{
	struct acqrel_trace_head h = *head;
	struct iovec iov = { .iov_base = &h, .iov_len = sizeof(h) };
	int rc;

	if (!h.cpus || h.cpus > ACQREL_TRACE_CPUS_MAX)
		return -EINVAL;
	if (!h.id && getrandom(&h.id, sizeof(h.id), 0) != sizeof(h.id))
		return -EIO;
	memcpy(h.magic, ACQREL_TRACE_MAGIC, sizeof(h.magic));
	h.endian = ACQREL_TRACE_ENDIAN;
	h.major = ACQREL_TRACE_MAJOR;
	h.minor = ACQREL_TRACE_MINOR;
	h.bytes = sizeof(h);
	h.checksum = trace_head_checksum(&h);
	rc = write_all(w->fd, &iov, 1);
	if (rc)
		return rc;
	w->id = h.id;
	w->offset = sizeof(h);
	return 0;
}

/* A disk would be destroyed. */
static int empty(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISBLK(st.st_mode))
		return -EINVAL;
	return S_ISREG(st.st_mode) && ftruncate(fd, 0) ? -errno : 0;
}

/**
 * trace_target() - open where a trace shall go, and change nothing there
 * @path: of the file, which is made if there is none, for its owner only; a
 *	pipe is waited for until somebody reads it or a signal comes
 * @made: set to whether there was none
 *
 * Return: a descriptor for trace_begin(), or -errno.
 */
int trace_target(const char *path, bool *made)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
	int fd = open(path, flags | O_EXCL, 0600);

	*made = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open(path, flags, 0600);
	return fd < 0 ? -errno : fd;
}

/**
 * trace_begin() - begin a file
 * @fd: of trace_target(), which belongs to the writer from now on and is closed
 *	if this fails; what is in it is lost, a disk is refused
 * @head: as for trace_create()
 * @writer: same
 *
 * Return: 0 or -errno.
 */
int trace_begin(int fd, const struct acqrel_trace_head *head,
		struct trace_writer **writer)
{
	struct trace_writer *w = calloc(1, sizeof(*w));
	int rc = w ? empty(fd) : -ENOMEM;

	if (!rc) {
		w->fd = fd;
		rc = write_head(w, head);
	}
	if (rc) {
		close(fd);
		free(w);
		return rc;
	}
	*writer = w;
	return 0;
}

/**
 * trace_create() - begin a file
 * @path: of the file; one that is there is emptied first, a pipe or a character
 *	device is written to, a disk is refused
 * @head: number of CPUs, times and texts; @head->id may be 0 for a random one,
 *	the rest is filled in
 * @writer: where it goes; trace_finish() or trace_abandon() must follow
 *
 * Only its owner may read a new file; one that is there keeps owner and mode.
 *
 * Return: 0 or -errno.
 */
int trace_create(const char *path, const struct acqrel_trace_head *head,
		 struct trace_writer **writer)
{
	bool made;
	int fd = trace_target(path, &made);

	return fd < 0 ? fd : trace_begin(fd, head, writer);
}

static int make_room(struct trace_writer *w)
{
	size_t room = w->room ? 2 * w->room : 64;
	struct acqrel_trace_entry *entries;

	if (w->n < w->room)
		return 0;
	entries = realloc(w->entries, room * sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	w->entries = entries;
	w->room = room;
	return 0;
}

/* all of a block but its checksum is filled in */
static int write_block(struct trace_writer *w, struct acqrel_trace_block *block,
		       const void *payload)
{
	struct iovec iov[2] = {
		{ block, sizeof(*block) },
		{ (void *)payload, block->chunk.bytes },
	};
	int rc = make_room(w);

	if (rc)
		return rc;
	block->checksum = trace_block_checksum(w->id, block, payload);
	rc = write_all(w->fd, iov, 2);
	if (rc)
		return rc;
	w->entries[w->n].offset = w->offset;
	w->entries[w->n++].block = *block;
	w->offset += sizeof(*block) + block->chunk.bytes;
	return 0;
}

static __u64 record_clock(const __u8 *record)
{
	if (*record == ACQREL_RECORD_EVENT)
		return ((const struct acqrel_trace_event *)record)->clock_ns;
	/* STATE and CONFIG have it in the same place */
	return ((const struct acqrel_trace_state *)record)->clock_ns;
}

static_assert(offsetof(struct acqrel_trace_state, clock_ns) ==
	      offsetof(struct acqrel_trace_config, clock_ns));

/* what a record adds to what the block says of its records */
static void describe_record(struct trace_writer *w, const __u8 *record,
			    struct acqrel_trace_block *block)
{
	__u64 *seq = &w->seq[block->chunk.cpu];

	block->last_ns = record_clock(record);
	if (*record == ACQREL_RECORD_STATE)
		*seq = ((const struct acqrel_trace_state *)record)->seq;
	if (!block->events)
		block->first_seq = *seq;
	if (*record == ACQREL_RECORD_EVENT) {
		block->events++;
		++*seq;
	}
}

/* false: they are not whole records */
static bool describe_data(struct trace_writer *w, const __u8 *records,
			  struct acqrel_trace_block *block)
{
	__u32 left = block->chunk.bytes, size;

	block->first_ns = record_clock(records);
	for (; left; left -= size, records += size) {
		size = records[1] * ACQREL_TRACE_UNIT;
		if (*records < ACQREL_RECORD_EVENT ||
		    *records > ACQREL_RECORD_CONFIG || !size || size > left)
			return false;
		describe_record(w, records, block);
	}
	return true;
}

static int append(struct trace_writer *w,
		  const struct acqrel_trace_chunk *chunk, const void *payload)
{
	struct acqrel_trace_block block = {
		.magic = ACQREL_TRACE_BLOCK,
		.number = w->n,
		.chunk = *chunk,
	};

	if (trace_chunk_check(chunk) ||
	    trace_chunk_follow(&w->order, chunk, payload))
		return -EINVAL;
	if (chunk->type == ACQREL_TRACE_DATA &&
	    !describe_data(w, payload, &block))
		return -EINVAL;
	return write_block(w, &block, payload);
}

/**
 * trace_append() - a chunk more
 * @writer: the file
 * @chunk: OPEN, DATA or CLOSE
 * @payload: what follows, aligned to 8 bytes
 *
 * Return: 0 or -errno, which is that of all that follows. -EINVAL: there can be
 * no such chunk, or not after those before it. -EINTR: a second signal came
 * while nothing could be written.
 */
int trace_append(struct trace_writer *writer,
		 const struct acqrel_trace_chunk *chunk, const void *payload)
{
	if (!writer->error)
		writer->error = append(writer, chunk, payload);
	return writer->error;
}

/**
 * trace_written() - bytes in the file
 * @writer: the file
 */
__u64 trace_written(const struct trace_writer *writer)
{
	return writer->offset;
}

static int write_index(struct trace_writer *w)
{
	struct acqrel_trace_tail tail = { .index = w->offset, .blocks = w->n };
	size_t size = w->n * sizeof(*w->entries);
	struct acqrel_trace_block block = {
		.magic = ACQREL_TRACE_BLOCK,
		.number = w->n,
		.chunk = {
			.type = ACQREL_TRACE_INDEX,
			.bytes = size + sizeof(tail),
		},
	};
	char *payload;
	int rc;

	if (block.chunk.bytes != size + sizeof(tail))
		return -EFBIG;
	payload = malloc(size + sizeof(tail));
	if (!payload)
		return -ENOMEM;
	memcpy(tail.magic, ACQREL_TRACE_MAGIC, sizeof(tail.magic));
	if (size)
		memcpy(payload, w->entries, size);
	memcpy(payload + size, &tail, sizeof(tail));
	rc = write_block(w, &block, payload);
	free(payload);
	return rc;
}

/* What is no file on a disk cannot be synchronised. */
static int synchronise(int fd)
{
	return !fsync(fd) || errno == EINVAL || errno == ENOTSUP ? 0 : -errno;
}

/**
 * trace_finish() - write the index and close
 * @writer: is freed
 *
 * Return: 0 if all of the file is on its disk, or -errno, also of an earlier
 * trace_append(). What was written before stays readable.
 */
int trace_finish(struct trace_writer *writer)
{
	int rc = writer->error;

	if (!rc)
		rc = write_index(writer);
	if (!rc)
		rc = synchronise(writer->fd);
	if (close(writer->fd) && !rc)
		rc = -errno;
	free(writer->entries);
	free(writer);
	return rc;
}

/**
 * trace_abandon() - close without an index, as if the recorder was killed
 * @writer: is freed
 */
void trace_abandon(struct trace_writer *writer)
{
	close(writer->fd);
	free(writer->entries);
	free(writer);
}
