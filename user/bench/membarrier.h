/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * membarrier(2), which containers may refuse.
 */
#ifndef ACQREL_USER_BENCH_MEMBARRIER_H
#define ACQREL_USER_BENCH_MEMBARRIER_H

#include <stdbool.h>
#include <unistd.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>

static inline int world_membarrier(int command)
{
	return (int)syscall(__NR_membarrier, command, 0, 0);
}

/**
 * world_has_membarrier() - whether this process may interrupt its own threads
 *
 * Return: true if the private expedited barrier is there, and now registered.
 */
static inline bool world_has_membarrier(void)
{
	int commands = world_membarrier(MEMBARRIER_CMD_QUERY);

	return commands > 0 &&
	       (commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED) &&
	       !world_membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
}

#endif /* ACQREL_USER_BENCH_MEMBARRIER_H */
