// SPDX-License-Identifier: GPL-2.0-only
/*
 * client_bench.c - arms and slices of the kernel world
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client_internal.h"

static const struct nla_policy bench_policy[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_NAME]		= { .type = NLA_STRING },
	[ACQREL_A_BENCH_FLAGS]		= { .type = NLA_U32 },
	[ACQREL_A_BENCH_THREADS]	= { .type = NLA_U32 },
	[ACQREL_A_BENCH_THREADS_MAX]	= { .type = NLA_U32 },
	[ACQREL_A_BENCH_PAYLOAD]	= { .type = NLA_U32 },
	[ACQREL_A_BENCH_PAYLOAD_MAX]	= { .type = NLA_U32 },
	[ACQREL_A_BENCH_WRITES]		= { .type = NLA_FLAG },
	[ACQREL_A_BENCH_BOUND]		= { .type = NLA_STRING },
	[ACQREL_A_BENCH_BOUND_TIMES]	= { .type = NLA_U32 },
	[ACQREL_A_BENCH_ARM]		= { .type = NLA_U32 },
	[ACQREL_A_BENCH_SLICE_NS]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_RUN]		= { .type = NLA_U32 },
	[ACQREL_A_BENCH_STATUS]		= { .type = NLA_S32, .minlen = 4 },
	[ACQREL_A_BENCH_THREAD]		= { .type = NLA_U32 },
	[ACQREL_A_BENCH_ROLE]		= { .type = NLA_U32 },
	[ACQREL_A_BENCH_CPU]		= { .type = NLA_U32 },
	[ACQREL_A_BENCH_DEADLINE_NS]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_START_NS]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_END_NS]		= { .type = NLA_U64 },
	[ACQREL_A_BENCH_BUSY_NS]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_BURSTS]		= { .type = NLA_U64 },
	[ACQREL_A_BENCH_OPS]		= { .type = NLA_U64 },
	[ACQREL_A_BENCH_FAILED]		= { .type = NLA_U64 },
	[ACQREL_A_BENCH_RETRIES]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_VIOLATIONS]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_LOST]		= { .type = NLA_U64 },
	[ACQREL_A_BENCH_FILL_SUM]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_FILL_N]		= { .type = NLA_U64 },
	[ACQREL_A_BENCH_SWITCHES]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_WAIT_NS]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_CHAIN_NS]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_LATENCY_N]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_LATENCY_MAX_NS]	= { .type = NLA_U64 },
	[ACQREL_A_BENCH_BUCKETS]	= {
		.maxlen = ACQREL_BENCH_BUCKETS_MAX * 2 * sizeof(__u32),
	},
};

static const char *const bench_names[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_NAME]		= "case",
	[ACQREL_A_BENCH_CPUS]		= "CPUs",
	[ACQREL_A_BENCH_PAYLOAD]	= "payload",
	[ACQREL_A_BENCH_WRITES]		= "writer",
	[ACQREL_A_BENCH_ARM]		= "arm",
	[ACQREL_A_BENCH_SLICE_NS]	= "slice",
	[ACQREL_A_BENCH_LEAD_NS]	= "lead",
	[ACQREL_A_BENCH_MODE]		= "mode",
	[ACQREL_A_BENCH_PACE_NS]	= "pace",
	[ACQREL_A_BENCH_WRITE_PERIOD_NS] = "write period",
	[ACQREL_A_BENCH_CHUNK]		= "chunk",
	[ACQREL_A_BENCH_PLANT]		= "plant",
	[ACQREL_A_BENCH_LATE_NS]	= "late",
	[ACQREL_A_BENCH_RUN]		= "run",
};

const struct acqrel_space acqrel_bench_space = {
	ACQREL_A_BENCH_MAX, bench_policy, bench_names
};

/**
 * acqrel_decode_case() - decode what can be measured
 * @attrs: attributes
 * @out: struct bench_case
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_case(struct nlattr **attrs, void *out)
{
	struct bench_case *c = out;

	if (NEED(attrs, ACQREL_A_BENCH_NAME, ACQREL_A_BENCH_FLAGS,
		 ACQREL_A_BENCH_THREADS))
		return -EBADMSG;
	c->flags = nla_get_u32(attrs[ACQREL_A_BENCH_FLAGS]);
	c->threads = nla_get_u32(attrs[ACQREL_A_BENCH_THREADS]);
	c->threads_max = u32_or_0(attrs[ACQREL_A_BENCH_THREADS_MAX]);
	c->payload = u32_or_0(attrs[ACQREL_A_BENCH_PAYLOAD]);
	c->payload_max = u32_or_0(attrs[ACQREL_A_BENCH_PAYLOAD_MAX]);
	c->slice_ns = u64_or_0(attrs[ACQREL_A_BENCH_SLICE_NS]);
	c->writes = attrs[ACQREL_A_BENCH_WRITES];
	c->bound_times = u32_or_0(attrs[ACQREL_A_BENCH_BOUND_TIMES]);
	if (attrs[ACQREL_A_BENCH_BOUND] &&
	    acqrel_copy_name(c->bound, attrs[ACQREL_A_BENCH_BOUND]))
		return -EBADMSG;
	return acqrel_copy_name(c->name, attrs[ACQREL_A_BENCH_NAME]);
}

static int decode_u32(const struct nlattr *attr, void *out)
{
	__u32 *number = out;

	if (!attr)
		return -EBADMSG;
	*number = nla_get_u32(attr);
	return 0;
}

/**
 * acqrel_decode_arm() - decode which arm was opened
 * @attrs: attributes
 * @out: __u32
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_arm(struct nlattr **attrs, void *out)
{
	return decode_u32(attrs[ACQREL_A_BENCH_ARM], out);
}

/**
 * acqrel_decode_run() - decode which run has begun
 * @attrs: attributes
 * @out: __u32
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_run(struct nlattr **attrs, void *out)
{
	return decode_u32(attrs[ACQREL_A_BENCH_RUN], out);
}

static void decode_did(struct nlattr **attrs, struct acqrel_slice *did)
{
	did->start_ns = nla_get_u64(attrs[ACQREL_A_BENCH_START_NS]);
	did->end_ns = nla_get_u64(attrs[ACQREL_A_BENCH_END_NS]);
	did->busy_ns = nla_get_u64(attrs[ACQREL_A_BENCH_BUSY_NS]);
	did->bursts = nla_get_u64(attrs[ACQREL_A_BENCH_BURSTS]);
	did->ops = nla_get_u64(attrs[ACQREL_A_BENCH_OPS]);
	did->failed = u64_or_0(attrs[ACQREL_A_BENCH_FAILED]);
	did->retries = u64_or_0(attrs[ACQREL_A_BENCH_RETRIES]);
	did->violations = u64_or_0(attrs[ACQREL_A_BENCH_VIOLATIONS]);
	did->lost = u64_or_0(attrs[ACQREL_A_BENCH_LOST]);
	did->fill_sum = u64_or_0(attrs[ACQREL_A_BENCH_FILL_SUM]);
	did->fill_n = u64_or_0(attrs[ACQREL_A_BENCH_FILL_N]);
	did->switches = u64_or_0(attrs[ACQREL_A_BENCH_SWITCHES]);
	did->wait_ns = u64_or_0(attrs[ACQREL_A_BENCH_WAIT_NS]);
	did->chain_ns = u64_or_0(attrs[ACQREL_A_BENCH_CHAIN_NS]);
	did->role = nla_get_u32(attrs[ACQREL_A_BENCH_ROLE]);
	did->cpu = nla_get_u32(attrs[ACQREL_A_BENCH_CPU]);
}

/**
 * acqrel_decode_sample() - decode what a thread did
 * @attrs: attributes
 * @out: struct acqrel_sample
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_sample(struct nlattr **attrs, void *out)
{
	struct acqrel_sample *sample = out;

	if (NEED(attrs, ACQREL_A_BENCH_THREAD, ACQREL_A_BENCH_ROLE,
		 ACQREL_A_BENCH_CPU, ACQREL_A_BENCH_DEADLINE_NS,
		 ACQREL_A_BENCH_START_NS, ACQREL_A_BENCH_END_NS,
		 ACQREL_A_BENCH_BUSY_NS, ACQREL_A_BENCH_BURSTS,
		 ACQREL_A_BENCH_OPS, ACQREL_A_BENCH_FAILED,
		 ACQREL_A_BENCH_VIOLATIONS))
		return -EBADMSG;
	sample->thread = nla_get_u32(attrs[ACQREL_A_BENCH_THREAD]);
	sample->deadline_ns = nla_get_u64(attrs[ACQREL_A_BENCH_DEADLINE_NS]);
	decode_did(attrs, &sample->did);
	return 0;
}

/**
 * acqrel_decode_latency() - decode a part of a histogram
 * @attrs: attributes
 * @out: struct acqrel_latency_part
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_latency(struct nlattr **attrs, void *out)
{
	struct acqrel_latency_part *part = out;
	const struct nlattr *attr = attrs[ACQREL_A_BENCH_BUCKETS];

	if (NEED(attrs, ACQREL_A_BENCH_LATENCY_MAX_NS))
		return -EBADMSG;
	part->max_ns = nla_get_u64(attrs[ACQREL_A_BENCH_LATENCY_MAX_NS]);
	/* a writer has none */
	if (!attr)
		return 0;
	if (nla_len(attr) % sizeof(part->buckets[0]))
		return -EBADMSG;
	part->n = nla_len(attr) / sizeof(part->buckets[0]);
	memcpy(part->buckets, nla_data(attr), nla_len(attr));
	for (__u32 i = 0; i < part->n; i++)
		if (part->buckets[i].index >= ACQREL_LATENCY_BUCKETS)
			return -EBADMSG;
	return 0;
}

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

/**
 * acqrel_client_cases() - list what can be measured in the kernel world
 * @client: the handle
 * @cases: set to the list; free() it
 * @n: set to its length
 *
 * Return: 0 or -errno.
 */
int acqrel_client_cases(struct acqrel_client *client, struct bench_case **cases,
			size_t *n)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_BENCH_CASE_GET,
		.dump = true,
		.space = &acqrel_bench_space,
		.decode = acqrel_decode_case,
		.size = sizeof(**cases),
	};

	return acqrel_call_dump(client, &call, (void **)cases, n);
}

static int fill_open(struct nl_msg *msg, const void *arg)
{
	const struct bench_arm_params *p = arg;
	int rc;

	rc = nla_put_string(msg, ACQREL_A_BENCH_NAME, p->name);
	rc |= nla_put(msg, ACQREL_A_BENCH_CPUS, p->threads * sizeof(*p->cpus),
		      p->cpus);
	if (p->payload)
		rc |= nla_put_u32(msg, ACQREL_A_BENCH_PAYLOAD, p->payload);
	if (p->writes)
		rc |= nla_put_flag(msg, ACQREL_A_BENCH_WRITES);
	return rc;
}

/**
 * acqrel_client_bench_open() - open an arm
 * @client: the handle; the arm goes when it is closed
 * @p: what to open
 * @arm: set to its id
 *
 * Return: 0 or -errno.
 */
int acqrel_client_bench_open(struct acqrel_client *client,
			     const struct bench_arm_params *p, __u32 *arm)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_BENCH_OPEN,
		.space = &acqrel_bench_space,
		.decode = acqrel_decode_arm,
		.size = sizeof(*arm),
		.fill = fill_open,
		.arg = p,
	};

	return acqrel_call_one(client, &call, arm);
}

static int fill_arm(struct nl_msg *msg, const void *arg)
{
	return nla_put_u32(msg, ACQREL_A_BENCH_ARM, *(const __u32 *)arg);
}

/**
 * acqrel_client_bench_close() - close an arm
 * @client: the handle
 * @arm: its id
 *
 * Return: 0 or -errno: -EBUSY while a slice of it runs.
 */
int acqrel_client_bench_close(struct acqrel_client *client, __u32 arm)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_BENCH_CLOSE,
		.space = &acqrel_bench_space,
		.fill = fill_arm,
		.arg = &arm,
	};

	return acqrel_call_one(client, &call, NULL);
}

struct start_request {
	__u32 arm;
	const struct acqrel_slice_params *p;
};

static int fill_start(struct nl_msg *msg, const void *arg)
{
	const struct start_request *request = arg;
	const struct acqrel_slice_params *p = request->p;
	int rc;

	rc = nla_put_u32(msg, ACQREL_A_BENCH_ARM, request->arm);
	rc |= nla_put_u64(msg, ACQREL_A_BENCH_SLICE_NS, p->slice_ns);
	rc |= nla_put_u64(msg, ACQREL_A_BENCH_LEAD_NS, p->lead_ns);
	rc |= nla_put_u32(msg, ACQREL_A_BENCH_MODE, p->mode);
	rc |= nla_put_u64(msg, ACQREL_A_BENCH_PACE_NS, p->pace_ns);
	rc |= nla_put_u64(msg, ACQREL_A_BENCH_WRITE_PERIOD_NS,
			  p->write_period_ns);
	if (p->chunk)
		rc |= nla_put_u32(msg, ACQREL_A_BENCH_CHUNK, p->chunk);
	rc |= nla_put_u32(msg, ACQREL_A_BENCH_PLANT, p->plant);
	rc |= nla_put_u64(msg, ACQREL_A_BENCH_LATE_NS, p->late_ns);
	return rc;
}

/**
 * acqrel_client_bench_start() - begin a slice
 * @client: the handle
 * @arm: id of the arm
 * @p: how
 * @run: set to its id
 *
 * Returns at once; ACQREL_CMD_BENCH_NTF tells the end.
 *
 * Return: 0 or -errno: -EBUSY while one runs.
 */
int acqrel_client_bench_start(struct acqrel_client *client, __u32 arm,
			      const struct acqrel_slice_params *p, __u32 *run)
{
	const struct start_request request = { arm, p };
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_BENCH_START,
		.space = &acqrel_bench_space,
		.decode = acqrel_decode_run,
		.size = sizeof(*run),
		.fill = fill_start,
		.arg = &request,
	};

	return acqrel_call_one(client, &call, run);
}

static int fill_run(struct nl_msg *msg, const void *arg)
{
	return nla_put_u32(msg, ACQREL_A_BENCH_RUN, *(const __u32 *)arg);
}

/**
 * acqrel_client_bench_cancel() - end a slice early
 * @client: the handle
 * @run: its id
 *
 * Returns at once; ACQREL_CMD_BENCH_NTF tells the end.
 *
 * Return: 0 or -errno: -ENOENT if it has ended.
 */
int acqrel_client_bench_cancel(struct acqrel_client *client, __u32 run)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_BENCH_CANCEL,
		.space = &acqrel_bench_space,
		.fill = fill_run,
		.arg = &run,
	};

	return acqrel_call_one(client, &call, NULL);
}

/**
 * acqrel_client_bench_get() - what the threads did
 * @client: the handle
 * @run: id of the slice
 * @samples: set to the list; free() it
 * @n: set to its length
 *
 * Return: 0 or -errno: -EBUSY if it has not ended, -ECANCELED if it was
 * cancelled, -ENOENT if it is not the last one.
 */
int acqrel_client_bench_get(struct acqrel_client *client, __u32 run,
			    struct acqrel_sample **samples, size_t *n)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_BENCH_GET,
		.dump = true,
		.space = &acqrel_bench_space,
		.decode = acqrel_decode_sample,
		.size = sizeof(**samples),
		.fill = fill_run,
		.arg = &run,
	};

	return acqrel_call_dump(client, &call, (void **)samples, n);
}

static void add_part(struct latency_sum *sum,
		     const struct acqrel_latency_part *part)
{
	if (part->max_ns > sum->max)
		sum->max = part->max_ns;
	for (__u32 i = 0; i < part->n; i++)
		latency_count(sum, part->buckets[i].index,
			      part->buckets[i].count);
}

/**
 * acqrel_client_bench_latency() - add what was timed in a slice
 * @client: the handle
 * @run: id of the slice
 * @sum: the histograms of all its threads are added to this one
 *
 * Return: 0 or -errno, as of acqrel_client_bench_get(); then @sum is as before.
 */
int acqrel_client_bench_latency(struct acqrel_client *client, __u32 run,
				struct latency_sum *sum)
{
	struct acqrel_latency_part *parts;
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_BENCH_LATENCY_GET,
		.dump = true,
		.space = &acqrel_bench_space,
		.decode = acqrel_decode_latency,
		.size = sizeof(*parts),
		.fill = fill_run,
		.arg = &run,
	};
	size_t n;
	int rc;

	rc = acqrel_call_dump(client, &call, (void **)&parts, &n);
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++)
		add_part(sum, &parts[i]);
	free(parts);
	return 0;
}
