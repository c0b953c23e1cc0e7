// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to enter the kernel and to come back: a call that does next to
 * nothing there, and that no library answers itself.
 */
#include <unistd.h>
#include <sys/syscall.h>
#include <acqrel/bench_empty.h>

#include "bench/variants.h"

static u64 floor_syscall_burst(struct acqrel_worker *w, u64 n)
{
	ACQREL_LOOP(n, WRITE_ONCE(w->sink, (u64)syscall(SYS_getppid)));
	return 0;
}

static const struct acqrel_op floor_syscall_ops[] = {
	{ .name = "syscall", .burst = floor_syscall_burst, .chunk = 64 },
	{ }
};

const struct acqrel_variant acqrel_variant_floor_syscall = {
	.name = "floor/call",
	.ops = floor_syscall_ops,
	.create = acqrel_empty_create,
	.destroy = acqrel_empty_destroy,
};
