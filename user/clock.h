/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one clock of the user world, the same as the module's.
 */
#ifndef ACQREL_USER_CLOCK_H
#define ACQREL_USER_CLOCK_H

#include <time.h>
#include <acqrel/order.h>

#define ACQREL_NSEC_PER_SEC	1000000000ULL

/**
 * acqrel_clock() - now
 *
 * Return: nanoseconds of CLOCK_MONOTONIC, read without a system call.
 */
static inline u64 acqrel_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * ACQREL_NSEC_PER_SEC + (u64)ts.tv_nsec;
}

#endif /* ACQREL_USER_CLOCK_H */
