// SPDX-License-Identifier: GPL-2.0-only
#include "bench/engine.h"
#include "netlink.h"

static struct netlink_range_validation acqrel_slice_range = {
	.min = ACQREL_BENCH_SLICE_MIN_NS,
	.max = ACQREL_BENCH_SLICE_MAX_NS,
};

static struct netlink_range_validation acqrel_lead_range = {
	.max = ACQREL_BENCH_LEAD_MAX_NS,
};

static struct netlink_range_validation acqrel_period_range = {
	.max = ACQREL_BENCH_PERIOD_MAX_NS,
};

static struct netlink_range_validation acqrel_chunk_range = {
	.min = 1,
	.max = ACQREL_BENCH_CHUNK_MAX,
};

static struct netlink_range_validation acqrel_late_range = {
	.max = ACQREL_BENCH_SLICE_MAX_NS,
};

const struct nla_policy acqrel_bench_open_policy[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_NAME] = {
		.type = NLA_NUL_STRING,
		.len = ACQREL_NAME_MAX,
	},
	[ACQREL_A_BENCH_CPUS] = {
		.type = NLA_BINARY,
		.len = ACQREL_BENCH_THREADS_MAX * sizeof(u32),
	},
	[ACQREL_A_BENCH_PAYLOAD] =
		NLA_POLICY_RANGE(NLA_U32, sizeof(u64), ACQREL_BENCH_PAYLOAD_MAX),
	[ACQREL_A_BENCH_WRITES] = { .type = NLA_FLAG },
};

const struct nla_policy acqrel_bench_close_policy[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_ARM] = { .type = NLA_U32 },
};

const struct nla_policy acqrel_bench_start_policy[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_ARM] = { .type = NLA_U32 },
	[ACQREL_A_BENCH_SLICE_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &acqrel_slice_range),
	[ACQREL_A_BENCH_LEAD_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &acqrel_lead_range),
	[ACQREL_A_BENCH_MODE] =
		NLA_POLICY_MAX(NLA_U32, __ACQREL_BENCH_MODE_COUNT - 1),
	[ACQREL_A_BENCH_PACE_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &acqrel_period_range),
	[ACQREL_A_BENCH_WRITE_PERIOD_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &acqrel_period_range),
	[ACQREL_A_BENCH_CHUNK] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &acqrel_chunk_range),
	[ACQREL_A_BENCH_PLANT] =
		NLA_POLICY_MAX(NLA_U32, ACQREL_BENCH_PLANT_MAX),
	[ACQREL_A_BENCH_LATE_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &acqrel_late_range),
};

const struct nla_policy acqrel_bench_run_policy[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_RUN] = { .type = NLA_U32 },
};

/* Return: the number or, where it may be absent, 0 */
static u32 acqrel_bench_u32(struct genl_info *info, int attr)
{
	return info->attrs[attr] ? nla_get_u32(info->attrs[attr]) : 0;
}

static u64 acqrel_bench_u64(struct genl_info *info, int attr)
{
	return info->attrs[attr] ? nla_get_u64(info->attrs[attr]) : 0;
}

/* the reply to a request that makes something: its number */
static int acqrel_bench_reply(struct genl_info *info, struct sk_buff *reply,
			      void *hdr, int attr, u32 number)
{
	/* it is as large as a page and has nothing in it yet */
	if (WARN_ON_ONCE(nla_put_u32(reply, attr, number))) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

static int acqrel_bench_open_request(struct genl_info *info,
				     const struct acqrel_arm_request *rq)
{
	const char *why = NULL;
	struct sk_buff *reply;
	void *hdr;
	u32 id;
	int err;

	reply = acqrel_netlink_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	err = acqrel_bench_open(info->snd_portid, rq, &id, &why);
	if (err) {
		nlmsg_free(reply);
		return acqrel_netlink_refuse(info, why, err);
	}
	return acqrel_bench_reply(info, reply, hdr, ACQREL_A_BENCH_ARM, id);
}

int acqrel_nl_bench_open(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[ACQREL_A_BENCH_NAME];
	const struct nlattr *cpus = info->attrs[ACQREL_A_BENCH_CPUS];
	struct acqrel_arm_request rq = {
		.payload = acqrel_bench_u32(info, ACQREL_A_BENCH_PAYLOAD),
		.writes = nla_get_flag(info->attrs[ACQREL_A_BENCH_WRITES]),
	};

	if (!name)
		return acqrel_netlink_refuse(info, "the name of a case is missing",
					     -EINVAL);
	if (!cpus)
		return acqrel_netlink_refuse(info, "the CPUs are missing",
					     -EINVAL);
	if (!nla_len(cpus) || nla_len(cpus) % sizeof(u32))
		return acqrel_netlink_refuse(info, "the CPUs are not whole numbers of 32 bits",
					     -EINVAL);
	rq.name = nla_data(name);
	rq.cpus = nla_data(cpus);
	rq.threads = nla_len(cpus) / sizeof(u32);
	return acqrel_bench_open_request(info, &rq);
}

int acqrel_nl_bench_close(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *arm = info->attrs[ACQREL_A_BENCH_ARM];
	const char *why = NULL;
	int err;

	if (arm)
		err = acqrel_bench_close(info->snd_portid, nla_get_u32(arm),
					 &why);
	else
		err = acqrel_bench_close_all(info->snd_portid, &why);
	return acqrel_netlink_refuse(info, why, err);
}

static int acqrel_bench_start_request(struct genl_info *info,
				      const struct acqrel_slice_params *p)
{
	u32 arm = acqrel_bench_u32(info, ACQREL_A_BENCH_ARM), run;
	const char *why = NULL;
	struct sk_buff *reply;
	void *hdr;
	int err;

	reply = acqrel_netlink_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	err = acqrel_bench_start(info->snd_portid, arm, p, &run, &why);
	if (err) {
		nlmsg_free(reply);
		return acqrel_netlink_refuse(info, why, err);
	}
	return acqrel_bench_reply(info, reply, hdr, ACQREL_A_BENCH_RUN, run);
}

int acqrel_nl_bench_start(struct sk_buff *skb, struct genl_info *info)
{
	const struct acqrel_slice_params p = {
		.slice_ns = acqrel_bench_u64(info, ACQREL_A_BENCH_SLICE_NS),
		.lead_ns = acqrel_bench_u64(info, ACQREL_A_BENCH_LEAD_NS),
		.mode = acqrel_bench_u32(info, ACQREL_A_BENCH_MODE),
		.pace_ns = acqrel_bench_u64(info, ACQREL_A_BENCH_PACE_NS),
		.write_period_ns =
			acqrel_bench_u64(info, ACQREL_A_BENCH_WRITE_PERIOD_NS),
		.chunk = acqrel_bench_u32(info, ACQREL_A_BENCH_CHUNK),
		.plant = acqrel_bench_u32(info, ACQREL_A_BENCH_PLANT),
		.late_ns = acqrel_bench_u64(info, ACQREL_A_BENCH_LATE_NS),
	};

	if (!info->attrs[ACQREL_A_BENCH_ARM])
		return acqrel_netlink_refuse(info, "the arm is missing",
					     -EINVAL);
	if (!info->attrs[ACQREL_A_BENCH_SLICE_NS])
		return acqrel_netlink_refuse(info, "the length of a slice is missing",
					     -EINVAL);
	if (!info->attrs[ACQREL_A_BENCH_LEAD_NS])
		return acqrel_netlink_refuse(info, "the length of the lead is missing",
					     -EINVAL);
	if (p.plant && p.mode != ACQREL_BENCH_RATE)
		return acqrel_netlink_refuse(info, "a plant needs operations timed together",
					     -EINVAL);
	return acqrel_bench_start_request(info, &p);
}

int acqrel_nl_bench_cancel(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *run = info->attrs[ACQREL_A_BENCH_RUN];
	const char *why = NULL;
	int err;

	if (!run)
		return acqrel_netlink_refuse(info, "the run id is missing",
					     -EINVAL);
	err = acqrel_bench_cancel(info->snd_portid, nla_get_u32(run), &why);
	return acqrel_netlink_refuse(info, why, err);
}

/**
 * acqrel_netlink_bench_ended() - tell the group
 * @run: its number
 * @status: 0 or a negative errno
 *
 * Context: may sleep.
 */
void acqrel_netlink_bench_ended(u32 run, int status)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *hdr;

	if (!skb) {
		acqrel_netlink_announce(NULL, ACQREL_MCGRP_INDEX_BENCH);
		return;
	}
	hdr = genlmsg_put(skb, 0, 0, &acqrel_genl_family, 0,
			  ACQREL_CMD_BENCH_NTF);
	if (!hdr || nla_put_u32(skb, ACQREL_A_BENCH_RUN, run) ||
	    nla_put_s32(skb, ACQREL_A_BENCH_STATUS, status)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	acqrel_netlink_announce(skb, ACQREL_MCGRP_INDEX_BENCH);
}
