// SPDX-License-Identifier: GPL-2.0-only
/*
 * client_bench.c - arms and slices of the kernel world
 */
#include <errno.h>

#include "client_internal.h"

static const struct nla_policy bench_policy[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_RUN]		= { .type = NLA_U32 },
	[ACQREL_A_BENCH_STATUS]		= { .type = NLA_S32, .minlen = 4 },
};

static const char *const bench_names[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_RUN]		= "run",
};

const struct acqrel_space acqrel_bench_space = {
	ACQREL_A_BENCH_MAX, bench_policy, bench_names
};

/**
 * acqrel_decode_ended() - decode that a benchmark run has ended
 * @attrs: attributes
 * @out: struct acqrel_notice
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_ended(struct nlattr **attrs, void *out)
{
	struct acqrel_notice *notice = out;

	if (!attrs[ACQREL_A_BENCH_RUN] || !attrs[ACQREL_A_BENCH_STATUS])
		return -EBADMSG;
	notice->bench.run = nla_get_u32(attrs[ACQREL_A_BENCH_RUN]);
	notice->bench.status = nla_get_s32(attrs[ACQREL_A_BENCH_STATUS]);
	return 0;
}
