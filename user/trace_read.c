// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace_read.c - a trace file CPU by CPU
 *
 * pread() and no mapping: a file that is cut while it is read gives an error
 * and no signal.
 */
#include <byteswap.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <acqrel/order.h>

#include "trace_internal.h"

static int refuse(char *why, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(char *why, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(why, TRACE_WHY, format, values);
	va_end(values);
	return -EINVAL;
}

/* returns how many bytes there are up to @bytes, or -errno */
static ssize_t get(int fd, __u64 offset, void *to, size_t bytes)
{
	size_t got = 0;

	while (got < bytes) {
		ssize_t n = pread(fd, (char *)to + got, bytes - got,
				  offset + got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		got += n;
	}
	return got;
}

/**
 * trace_get() - read a part of a file
 * @trace: the file
 * @offset: where it begins, within the file
 * @to: where to
 * @bytes: of it
 *
 * Return: NULL, or why it cannot be read.
 */
const char *trace_get(const struct trace *trace, __u64 offset, void *to,
		      size_t bytes)
{
	ssize_t got;

	if (bytes > trace->size - offset)
		return "the block is cut off";
	got = get(trace->fd, offset, to, bytes);
	if (got < 0)
		return strerror(-got);
	return (size_t)got == bytes ? NULL :
	       "the file became shorter while it was read";
}

/**
 * trace_get_payload() - read what follows a block
 * @trace: the file
 * @offset: of the block
 * @block: the block, which has been read
 * @payload: where to, @block->chunk.bytes of it
 *
 * Return: NULL, or why it cannot be used.
 */
const char *trace_get_payload(const struct trace *trace, __u64 offset,
			      const struct acqrel_trace_block *block,
			      void *payload)
{
	const char *why = trace_get(trace, offset + sizeof(*block), payload,
				    block->chunk.bytes);

	if (why)
		return why;
	if (trace_block_checksum(trace->head.id, block, payload) !=
	    block->checksum)
		return "its checksum does not fit";
	return NULL;
}

/* what must be known before anything else in a head has a meaning */
static int check_kind(const struct acqrel_trace_head *h, size_t got, char *why)
{
	size_t magic = got < sizeof(h->magic) ? got : sizeof(h->magic);

	if (!got)
		return refuse(why, "it is empty");
	if (memcmp(h->magic, ACQREL_TRACE_MAGIC, magic))
		return refuse(why, "it is not a trace of acqrel");
	if (got < offsetof(struct acqrel_trace_head, bytes))
		return refuse(why, "it is cut off within its head");
	if (h->endian == bswap_32(ACQREL_TRACE_ENDIAN))
		return refuse(why, "it was recorded on a machine with another byte order");
	if (h->endian != ACQREL_TRACE_ENDIAN)
		return refuse(why, "its head is damaged: the byte order is none");
	if (h->major != ACQREL_TRACE_MAJOR)
		return refuse(why, "it has version %u.%u of the format; only %u.x can be read",
			      h->major, h->minor, ACQREL_TRACE_MAJOR);
	if (got < sizeof(*h))
		return refuse(why, "it is cut off within its head");
	return 0;
}

/* what a terminal might take for something else than text is shown as ? */
static void make_plain(char *text, size_t size)
{
	text[size - 1] = '\0';
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

/* what a good checksum does not tell */
static int check_fields(struct acqrel_trace_head *h, char *why)
{
	if (!h->cpus || h->cpus > ACQREL_TRACE_CPUS_MAX)
		return refuse(why, "its head speaks of %u CPUs", h->cpus);
	make_plain(h->host, sizeof(h->host));
	make_plain(h->kernel, sizeof(h->kernel));
	make_plain(h->machine, sizeof(h->machine));
	make_plain(h->module, sizeof(h->module));
	make_plain(h->command, sizeof(h->command));
	return 0;
}

/* a later minor version has more than this one knows, and checks it too */
static int check_sum(struct trace *trace, char *why)
{
	struct acqrel_trace_head *all;
	__u32 bytes = trace->head.bytes;
	const char *error;
	bool good;

	if (bytes < sizeof(*all) || bytes > TRACE_HEAD_MAX)
		return refuse(why, "its head is damaged: it cannot be %u bytes long",
			      bytes);
	if (bytes > trace->size)
		return refuse(why, "it is cut off within its head");
	all = malloc(bytes);
	if (!all) {
		refuse(why, "there is not enough memory");
		return -ENOMEM;
	}
	error = trace_get(trace, 0, all, bytes);
	good = !error && all->bytes == bytes &&
	       trace_head_checksum(all) == all->checksum;
	free(all);
	if (error)
		return refuse(why, "%s", error);
	if (!good)
		return refuse(why, "its head is damaged: its checksum does not fit");
	return 0;
}

static int read_head(struct trace *trace, char *why)
{
	struct acqrel_trace_head *h = &trace->head;
	ssize_t got = get(trace->fd, 0, h, sizeof(*h));

	if (got < 0) {
		refuse(why, "%s", strerror(-got));
		return got;
	}
	return check_kind(h, got, why) ?: check_sum(trace, why) ?:
	       check_fields(h, why);
}

static int open_file(struct trace *trace, const char *path, char *why)
{
	struct stat st;

	/* a pipe without a writer must not stop us here */
	trace->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (trace->fd < 0 || fstat(trace->fd, &st)) {
		int rc = -errno;

		refuse(why, "%s", strerror(-rc));
		return rc;
	}
	if (S_ISDIR(st.st_mode))
		return refuse(why, "it is a directory");
	if (!S_ISREG(st.st_mode))
		return refuse(why, "it is not a regular file");
	trace->size = st.st_size;
	return 0;
}

/**
 * trace_open() - open a trace file
 * @path: of the file
 * @trace: where it goes
 * @why: %TRACE_WHY bytes; says what is wrong, without the path, if it fails
 *
 * All blocks are read and checked. What a file has up to the first that is not
 * good can be used, see trace_cut().
 *
 * Return: 0 or -errno; -EINVAL: it is no trace that can be read.
 */
int trace_open(const char *path, struct trace **trace, char *why)
{
	struct trace *t = calloc(1, sizeof(*t));
	int rc;

	if (!t) {
		refuse(why, "there is not enough memory");
		return -ENOMEM;
	}
	rc = open_file(t, path, why) ?: read_head(t, why);
	if (!rc) {
		rc = trace_scan(t);
		if (rc)
			refuse(why, "%s", strerror(-rc));
	}
	if (rc) {
		trace_close(t);
		return rc;
	}
	*trace = t;
	return 0;
}

/**
 * trace_close() - free a trace
 * @trace: no cursor of it is left
 */
void trace_close(struct trace *trace)
{
	for (unsigned int i = 0; i < trace->nstreams; i++) {
		free((void *)trace->streams[i].stream.open);
		free((void *)trace->streams[i].stream.close);
	}
	free(trace->streams);
	free(trace->blocks);
	if (trace->fd >= 0)
		close(trace->fd);
	free(trace);
}

/**
 * trace_head() - what the head says
 * @trace: the trace
 *
 * Its texts can be shown on a terminal.
 */
const struct acqrel_trace_head *trace_head(const struct trace *trace)
{
	return &trace->head;
}

/**
 * trace_streams() - how many streams were found
 * @trace: the trace
 *
 * Fewer than the head counts if reading stopped before their OPEN.
 */
unsigned int trace_streams(const struct trace *trace)
{
	return trace->nstreams;
}

/**
 * trace_stream() - one of them
 * @trace: the trace
 * @i: which; they are in the order of their CPUs
 */
const struct trace_stream *trace_stream(const struct trace *trace,
					unsigned int i)
{
	return &trace->streams[i].stream;
}

/**
 * trace_bytes() - size of the file
 * @trace: the trace
 */
__u64 trace_bytes(const struct trace *trace)
{
	return trace->size;
}

/**
 * trace_cut() - where and why reading stopped before the end of the file
 * @trace: the trace
 *
 * Return: a sentence without a full stop, or NULL if the file has its index and
 * is good up to its last byte.
 */
const char *trace_cut(const struct trace *trace)
{
	return *trace->cut ? trace->cut : NULL;
}

/**
 * trace_whole() - is there all of each CPU?
 * @trace: the trace
 *
 * Return: whether each CPU that the head counts has its OPEN and its CLOSE, and
 * so all in between. The index may be missing.
 */
bool trace_whole(const struct trace *trace)
{
	for (unsigned int i = 0; i < trace->nstreams; i++)
		if (!trace->streams[i].stream.close)
			return false;
	return trace->nstreams == trace->head.cpus;
}

/**
 * trace_cursor_open() - read a stream from its start
 * @trace: the trace
 * @i: which stream
 * @cursor: where to
 *
 * Return: 0 or -ENOMEM.
 */
int trace_cursor_open(const struct trace *trace, unsigned int i,
		      struct trace_cursor *cursor)
{
	cursor->trace = trace;
	cursor->stream = i;
	cursor->next = trace->streams[i].first;
	cursor->buffer = malloc(ACQREL_TRACE_DATA_MAX);
	return cursor->buffer ? 0 : -ENOMEM;
}

/**
 * trace_cursor_next() - the records of the next block
 * @cursor: where the reader is
 * @block: where goes what the block says of them; they are
 *	@block->chunk.bytes long
 * @records: where goes their address, aligned to 8 bytes, good until the next
 *	call
 * @why: %TRACE_WHY bytes; says what is wrong if it fails
 *
 * The block was good when the trace was opened, and is checked again.
 *
 * Return: 1, 0 at the end, or -errno.
 */
int trace_cursor_next(struct trace_cursor *cursor,
		      struct acqrel_trace_block *block, const void **records,
		      char *why)
{
	const struct trace *trace = cursor->trace;
	const struct trace_found *found;
	const char *error;

	if (cursor->next == TRACE_NO_BLOCK)
		return 0;
	found = &trace->blocks[cursor->next];
	error = trace_get_payload(trace, found->entry.offset,
				  &found->entry.block, cursor->buffer);
	if (error) {
		refuse(why, "block %llu, byte %llu cannot be read any more: %s",
		       found->entry.block.number, found->entry.offset, error);
		return -EIO;
	}
	*block = found->entry.block;
	*records = cursor->buffer;
	cursor->next = found->next;
	return 1;
}

/**
 * trace_cursor_close() - free a cursor
 * @cursor: was opened
 */
void trace_cursor_close(struct trace_cursor *cursor)
{
	free(cursor->buffer);
}
