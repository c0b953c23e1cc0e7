/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of the objects that are measured: touched before it is used, so that
 * no slice takes a page fault.
 */
#ifndef ACQREL_USER_BENCH_MEMORY_H
#define ACQREL_USER_BENCH_MEMORY_H

#include <stdlib.h>
#include <string.h>

/**
 * world_alloc() - memory for an object
 * @size: bytes
 *
 * Return: zeroed memory on lines of its own, or NULL; world_free() frees it.
 */
static inline void *world_alloc(size_t size)
{
	void *p;

	size = (size + 127) / 128 * 128;
	p = aligned_alloc(128, size);
	return p ? memset(p, 0, size) : NULL;
}

/**
 * world_free() - free it
 * @p: the memory, or NULL
 */
static inline void world_free(void *p)
{
	free(p);
}

#endif /* ACQREL_USER_BENCH_MEMORY_H */
