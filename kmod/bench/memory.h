/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of the objects that are measured.
 */
#ifndef ACQREL_KMOD_BENCH_MEMORY_H
#define ACQREL_KMOD_BENCH_MEMORY_H

#include <linux/cache.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/slab.h>

/**
 * world_alloc() - memory for an object
 * @size: bytes
 *
 * A power of two is aligned to itself, so the object has its lines alone.
 *
 * Context: may sleep.
 * Return: zeroed memory, or NULL; world_free() frees it.
 */
static inline void *world_alloc(size_t size)
{
	size = max_t(size_t, size, L1_CACHE_BYTES);
	return kvzalloc(roundup_pow_of_two(size), GFP_KERNEL);
}

/**
 * world_free() - free it
 * @p: the memory, or NULL
 *
 * Context: may sleep.
 */
static inline void world_free(void *p)
{
	kvfree(p);
}

#endif /* ACQREL_KMOD_BENCH_MEMORY_H */
