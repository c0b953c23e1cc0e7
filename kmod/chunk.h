/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chunks of include/uapi/linux/acqrel_trace.h on their way to user space.
 */
#ifndef ACQREL_KMOD_CHUNK_H
#define ACQREL_KMOD_CHUNK_H

#include <linux/uaccess.h>
#include <linux/acqrel_trace.h>

/**
 * struct acqrel_sink - room for chunks
 * @at: where the next goes
 * @left: bytes from there on
 */
struct acqrel_sink {
	char __user *at;
	size_t left;
};

/**
 * struct acqrel_piece - a part of a payload
 * @data: where it is
 * @bytes: 0: there is no such part
 */
struct acqrel_piece {
	const void *data;
	size_t bytes;
};

static inline size_t acqrel_sink_room(const struct acqrel_sink *s)
{
	size_t head = sizeof(struct acqrel_trace_chunk);

	return s->left > head ? s->left - head : 0;
}

/**
 * acqrel_sink_put() - one chunk
 * @s: the sink; does not change if the chunk does not get through
 * @type: enum acqrel_trace_type
 * @cpu: whose
 * @a: payload
 * @b: the rest of it
 *
 * Context: may sleep.
 * Return: 0, -ENOBUFS if there is no room for it, -EFAULT.
 */
static inline int acqrel_sink_put(struct acqrel_sink *s, u32 type, u32 cpu,
				  struct acqrel_piece a, struct acqrel_piece b)
{
	struct acqrel_trace_chunk head = {
		.type = type,
		.cpu = cpu,
		.bytes = a.bytes + b.bytes,
	};
	char __user *at = s->at + sizeof(head);

	if (s->left < sizeof(head) + head.bytes)
		return -ENOBUFS;
	if (copy_to_user(s->at, &head, sizeof(head)) ||
	    copy_to_user(at, a.data, a.bytes) ||
	    copy_to_user(at + a.bytes, b.data, b.bytes))
		return -EFAULT;
	s->at = at + head.bytes;
	s->left -= sizeof(head) + head.bytes;
	return 0;
}

#endif /* ACQREL_KMOD_CHUNK_H */
