// SPDX-License-Identifier: GPL-2.0-only
/*
 * client_litmus.c - runs of litmus tests in the kernel world
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client_internal.h"

static const struct nla_policy litmus_policy[ACQREL_A_LITMUS_MAX + 1] = {
	[ACQREL_A_LITMUS_NAME]		= { .type = NLA_STRING },
	[ACQREL_A_LITMUS_THREADS]	= { .type = NLA_U32 },
	[ACQREL_A_LITMUS_GRACE]		= { .type = NLA_FLAG },
	[ACQREL_A_LITMUS_TRIALS]	= { .type = NLA_U64 },
	[ACQREL_A_LITMUS_RUN]		= { .type = NLA_U32 },
	[ACQREL_A_LITMUS_STATUS]	= { .type = NLA_S32, .minlen = 4 },
	[ACQREL_A_LITMUS_OVERLAPPED]	= { .type = NLA_U64 },
	[ACQREL_A_LITMUS_TOUCHED]	= { .type = NLA_U64 },
	[ACQREL_A_LITMUS_FIRST]		= {
		.maxlen = ACQREL_LITMUS_CPUS_MAX * sizeof(__u64),
	},
	[ACQREL_A_LITMUS_OUTCOME]	= { .type = NLA_U64 },
	[ACQREL_A_LITMUS_COUNT]		= { .type = NLA_U64 },
};

static const char *const litmus_names[ACQREL_A_LITMUS_MAX + 1] = {
	[ACQREL_A_LITMUS_NAME]		= "test",
	[ACQREL_A_LITMUS_CPUS]		= "CPUs",
	[ACQREL_A_LITMUS_TRIALS]	= "trials",
	[ACQREL_A_LITMUS_SEED]		= "seed",
	[ACQREL_A_LITMUS_RUN]		= "run",
};

const struct acqrel_space acqrel_litmus_space = {
	ACQREL_A_LITMUS_MAX, litmus_policy, litmus_names
};

/**
 * acqrel_decode_litmus_test() - decode what can be run
 * @attrs: attributes
 * @out: struct acqrel_litmus_values
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_litmus_test(struct nlattr **attrs, void *out)
{
	struct acqrel_litmus_values *test = out;

	if (NEED(attrs, ACQREL_A_LITMUS_NAME, ACQREL_A_LITMUS_THREADS))
		return -EBADMSG;
	test->threads = nla_get_u32(attrs[ACQREL_A_LITMUS_THREADS]);
	test->grace = attrs[ACQREL_A_LITMUS_GRACE];
	return acqrel_copy_name(test->name, attrs[ACQREL_A_LITMUS_NAME]);
}

/**
 * acqrel_decode_litmus_run() - decode which run has begun
 * @attrs: attributes
 * @out: __u32
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_litmus_run(struct nlattr **attrs, void *out)
{
	__u32 *run = out;

	if (NEED(attrs, ACQREL_A_LITMUS_RUN))
		return -EBADMSG;
	*run = nla_get_u32(attrs[ACQREL_A_LITMUS_RUN]);
	return 0;
}

/**
 * acqrel_decode_litmus_ended() - decode that a run of a litmus test has ended
 * @attrs: attributes
 * @out: struct acqrel_notice
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_litmus_ended(struct nlattr **attrs, void *out)
{
	struct acqrel_notice *notice = out;

	if (NEED(attrs, ACQREL_A_LITMUS_RUN, ACQREL_A_LITMUS_STATUS))
		return -EBADMSG;
	notice->litmus.run = nla_get_u32(attrs[ACQREL_A_LITMUS_RUN]);
	notice->litmus.status = nla_get_s32(attrs[ACQREL_A_LITMUS_STATUS]);
	return 0;
}

static int decode_summary(struct nlattr **attrs,
			  struct acqrel_litmus_summary *summary)
{
	const struct nlattr *first = attrs[ACQREL_A_LITMUS_FIRST];

	if (NEED(attrs, ACQREL_A_LITMUS_STATUS, ACQREL_A_LITMUS_TRIALS,
		 ACQREL_A_LITMUS_OVERLAPPED, ACQREL_A_LITMUS_TOUCHED,
		 ACQREL_A_LITMUS_FIRST) ||
	    nla_len(first) % sizeof(*summary->first))
		return -EBADMSG;
	summary->status = nla_get_s32(attrs[ACQREL_A_LITMUS_STATUS]);
	summary->trials = nla_get_u64(attrs[ACQREL_A_LITMUS_TRIALS]);
	summary->overlapped = nla_get_u64(attrs[ACQREL_A_LITMUS_OVERLAPPED]);
	summary->touched = nla_get_u64(attrs[ACQREL_A_LITMUS_TOUCHED]);
	memcpy(summary->first, nla_data(first), nla_len(first));
	return 0;
}

/**
 * acqrel_decode_litmus_part() - decode the summary of a run, or an outcome
 * @attrs: attributes
 * @out: struct acqrel_litmus_part
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_litmus_part(struct nlattr **attrs, void *out)
{
	struct acqrel_litmus_part *part = out;

	part->is_summary = !attrs[ACQREL_A_LITMUS_OUTCOME];
	if (part->is_summary)
		return decode_summary(attrs, &part->summary);
	if (NEED(attrs, ACQREL_A_LITMUS_COUNT))
		return -EBADMSG;
	part->seen.outcome = nla_get_u64(attrs[ACQREL_A_LITMUS_OUTCOME]);
	part->seen.count = nla_get_u64(attrs[ACQREL_A_LITMUS_COUNT]);
	return 0;
}

/**
 * acqrel_client_litmus_tests() - list the litmus tests of the kernel world
 * @client: the handle
 * @tests: set to the list; free() it
 * @n: set to its length
 *
 * Return: 0 or -errno.
 */
int acqrel_client_litmus_tests(struct acqrel_client *client,
			       struct acqrel_litmus_values **tests, size_t *n)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_LITMUS_TEST_GET,
		.dump = true,
		.space = &acqrel_litmus_space,
		.decode = acqrel_decode_litmus_test,
		.size = sizeof(**tests),
	};

	return acqrel_call_dump(client, &call, (void **)tests, n);
}

static int fill_start(struct nl_msg *msg, const void *arg)
{
	const struct acqrel_litmus_params *p = arg;
	int rc;

	rc = nla_put_string(msg, ACQREL_A_LITMUS_NAME, p->name);
	rc |= nla_put(msg, ACQREL_A_LITMUS_CPUS, p->threads * sizeof(*p->cpus),
		      p->cpus);
	rc |= nla_put_u64(msg, ACQREL_A_LITMUS_TRIALS, p->trials);
	rc |= nla_put_u64(msg, ACQREL_A_LITMUS_SEED, p->seed);
	return rc;
}

/**
 * acqrel_client_litmus_start() - begin a run
 * @client: the handle; the run and what it counted go when it is closed
 * @p: what to run, and where
 * @run: set to its id
 *
 * Returns at once; ACQREL_CMD_LITMUS_NTF tells the end.
 *
 * Return: 0 or -errno: -ENOENT if there is no such test, -EINVAL if it cannot
 * run on these CPUs, -EBUSY while one runs.
 */
int acqrel_client_litmus_start(struct acqrel_client *client,
			       const struct acqrel_litmus_params *p, __u32 *run)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_LITMUS_START,
		.space = &acqrel_litmus_space,
		.decode = acqrel_decode_litmus_run,
		.size = sizeof(*run),
		.fill = fill_start,
		.arg = p,
	};

	return acqrel_call_one(client, &call, run);
}

static int fill_run(struct nl_msg *msg, const void *arg)
{
	return nla_put_u32(msg, ACQREL_A_LITMUS_RUN, *(const __u32 *)arg);
}

/**
 * acqrel_client_litmus_cancel() - end a run early
 * @client: the handle that began it
 * @run: its id
 *
 * Returns at once; ACQREL_CMD_LITMUS_NTF tells the end.
 *
 * Return: 0 or -errno: -ENOENT if it has ended.
 */
int acqrel_client_litmus_cancel(struct acqrel_client *client, __u32 run)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_LITMUS_CANCEL,
		.space = &acqrel_litmus_space,
		.fill = fill_run,
		.arg = &run,
	};

	return acqrel_call_one(client, &call, NULL);
}

/* The summary comes first, and once. */
static int take_parts(const struct acqrel_litmus_part *parts, size_t n,
		      struct acqrel_litmus_summary *summary,
		      struct acqrel_litmus_seen **seen)
{
	for (size_t i = 0; i < n; i++)
		if (parts[i].is_summary != !i)
			return -EBADMSG;
	if (!n)
		return -EBADMSG;
	*seen = calloc(n, sizeof(**seen));
	if (!*seen)
		return -ENOMEM;
	*summary = parts[0].summary;
	for (size_t i = 1; i < n; i++)
		(*seen)[i - 1] = parts[i].seen;
	return 0;
}

/**
 * acqrel_client_litmus_get() - what a run counted
 * @client: the handle
 * @run: id of the run
 * @summary: filled
 * @seen: set to the outcomes, in no order; free() it
 * @n: set to their number
 *
 * Return: 0, also of a run that was cancelled, or -errno: -EBUSY if it has not
 * ended, -ENOENT if it is not the last one.
 */
int acqrel_client_litmus_get(struct acqrel_client *client, __u32 run,
			     struct acqrel_litmus_summary *summary,
			     struct acqrel_litmus_seen **seen, size_t *n)
{
	struct acqrel_litmus_part *parts;
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_LITMUS_GET,
		.dump = true,
		.space = &acqrel_litmus_space,
		.decode = acqrel_decode_litmus_part,
		.size = sizeof(*parts),
		.fill = fill_run,
		.arg = &run,
	};
	int rc;

	rc = acqrel_call_dump(client, &call, (void **)&parts, n);
	if (rc)
		return rc;
	rc = take_parts(parts, *n, summary, seen);
	free(parts);
	if (rc)
		return acqrel_client_fail(client, rc, strerror(-rc));
	--*n;
	return 0;
}
