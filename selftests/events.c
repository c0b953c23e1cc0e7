// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read events from the device
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

int dev_open(int flags)
{
	return open(ACQREL_DEVICE, flags | O_CLOEXEC);
}

/**
 * events_read() - read once, as many events as come
 * @events: gets them at its end
 * @fd: the device
 *
 * Return: how many, or a negative errno; -EIO for a part of an event.
 */
long events_read(struct events *events, int fd)
{
	ssize_t len;

	if (events->room - events->n < 1024) {
		events->room = events->room * 2 + 4096;
		events->at = realloc(events->at,
				     events->room * sizeof(*events->at));
	}
	len = read(fd, events->at + events->n, 1024 * sizeof(*events->at));
	if (len < 0)
		return -errno;
	if (len % sizeof(*events->at))
		return -EIO;
	events->n += len / sizeof(*events->at);
	return len / sizeof(*events->at);
}

/**
 * events_drain() - read until nothing is left
 * @events: gets the events at its end
 * @fd: the device, opened with O_NONBLOCK
 *
 * No source may run: then all events are older than the hold-back once it has
 * passed, and a read that finds nothing after that says that there is nothing.
 *
 * Return: 0, -ETIMEDOUT, or the errno of a read.
 */
int events_drain(struct events *events, int fd)
{
	__u64 begin = now_ns();
	__u64 now;

	while ((now = now_ns()) < begin + 5 * NSEC_PER_SEC) {
		long ret = events_read(events, fd);

		if (ret < 0 && ret != -EAGAIN)
			return ret;
		if (ret == -EAGAIN && now > begin + 2 * ACQREL_HOLD_BACK_NS)
			return 0;
		if (ret == -EAGAIN)
			usleep(1000);
	}
	return -ETIMEDOUT;
}

void events_free(struct events *events)
{
	free(events->at);
	memset(events, 0, sizeof(*events));
}
