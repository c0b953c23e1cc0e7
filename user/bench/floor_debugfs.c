// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to read a file of the module in debugfs: open, read, close.
 */
#include <fcntl.h>
#include <unistd.h>
#include <acqrel/bench_empty.h>

#include "bench/variants.h"

#define FLOOR_DEBUGFS	"/sys/kernel/debug/acqrel/config"

static bool floor_debugfs_read(void)
{
	char text[1024];
	int fd = open(FLOOR_DEBUGFS, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text));
	close(fd);
	return n > 0;
}

static u64 floor_debugfs_burst(struct acqrel_worker *w, u64 n)
{
	u64 failed = 0;

	for (; n; n--)
		failed += !floor_debugfs_read();
	return failed;
}

static int floor_debugfs_create(const struct acqrel_arm_params *p,
				void **object)
{
	*object = NULL;
	return floor_debugfs_read() ? 0 : -EOPNOTSUPP;
}

static const struct acqrel_op floor_debugfs_ops[] = {
	{
		.name = "debugfs",
		.burst = floor_debugfs_burst,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 2,
		.bound = "floor/call:syscall",
		.bound_times = 3000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_floor_debugfs = {
	.name = "floor/call",
	.ops = floor_debugfs_ops,
	.create = floor_debugfs_create,
	.destroy = acqrel_empty_destroy,
};
