// SPDX-License-Identifier: GPL-2.0-only
/*
 * world.c - how long this thread waited for a CPU
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "world.h"

/* one above a descriptor of the thread's own schedstat, 0: none */
static __thread int schedstat;

/**
 * world_enter() - prepare a thread that will measure
 */
void world_enter(void)
{
	schedstat = open("/proc/thread-self/schedstat",
			 O_RDONLY | O_CLOEXEC) + 1;
}

/**
 * world_leave() - undo it, before the thread ends
 */
void world_leave(void)
{
	if (schedstat)
		close(schedstat - 1);
	schedstat = 0;
}

/**
 * world_wait_ns() - time that this thread was ready and did not run
 *
 * Return: nanoseconds so far; always 0 if the kernel does not tell.
 */
u64 world_wait_ns(void)
{
	unsigned long long wait_ns;
	char text[96];
	ssize_t n;

	if (!schedstat)
		return 0;
	n = pread(schedstat - 1, text, sizeof(text) - 1, 0);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	/* time on a CPU, time waiting for one, timeslices */
	return sscanf(text, "%*u %llu", &wait_ns) == 1 ? wait_ns : 0;
}
