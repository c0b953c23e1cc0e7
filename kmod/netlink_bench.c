// SPDX-License-Identifier: GPL-2.0-only
#include "bench.h"
#include "netlink.h"

static struct netlink_range_validation acqrel_slice_range = {
	.min = ACQREL_BENCH_SLICE_MIN_NS,
	.max = ACQREL_BENCH_SLICE_MAX_NS,
};

const struct nla_policy acqrel_bench_start_policy[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_NAME] = {
		.type = NLA_NUL_STRING,
		.len = ACQREL_NAME_MAX,
	},
	[ACQREL_A_BENCH_THREADS] =
		NLA_POLICY_RANGE(NLA_U32, 1, ACQREL_BENCH_THREADS_MAX),
	[ACQREL_A_BENCH_SLICE_NS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &acqrel_slice_range),
	[ACQREL_A_BENCH_SLICES] =
		NLA_POLICY_RANGE(NLA_U32, 1, ACQREL_BENCH_SLICES_MAX),
};

const struct nla_policy acqrel_bench_get_policy[ACQREL_A_BENCH_MAX + 1] = {
	[ACQREL_A_BENCH_RUN] = { .type = NLA_U32 },
};

static int acqrel_put_case(struct sk_buff *skb, const char *name)
{
	return nla_put_string(skb, ACQREL_A_BENCH_NAME, name);
}

int acqrel_nl_bench_case_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const char *name;
	void *hdr;

	for (;; cb->args[0]++) {
		name = acqrel_bench_case(cb->args[0]);
		if (!name)
			break;
		hdr = acqrel_netlink_dump_put(skb, cb,
					      ACQREL_CMD_BENCH_CASE_GET);
		if (!hdr)
			break;
		if (acqrel_put_case(skb, name)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	return skb->len;
}

static int acqrel_bench_start_reply(struct genl_info *info,
				    const struct acqrel_bench_params *p)
{
	const char *why = NULL;
	struct sk_buff *reply;
	void *hdr;
	u32 run;
	int err;

	reply = acqrel_netlink_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	err = acqrel_bench_start(p, &run, &why);
	if (!err)
		err = nla_put_u32(reply, ACQREL_A_BENCH_RUN, run);
	if (err) {
		nlmsg_free(reply);
		return acqrel_netlink_refuse(info, why, err);
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

int acqrel_nl_bench_start(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	struct acqrel_bench_params p;

	if (!attrs[ACQREL_A_BENCH_NAME])
		return acqrel_netlink_refuse(info, "the name of a case is missing",
					     -EINVAL);
	if (!attrs[ACQREL_A_BENCH_THREADS])
		return acqrel_netlink_refuse(info, "the number of threads is missing",
					     -EINVAL);
	if (!attrs[ACQREL_A_BENCH_SLICE_NS])
		return acqrel_netlink_refuse(info, "the length of a slice is missing",
					     -EINVAL);
	if (!attrs[ACQREL_A_BENCH_SLICES])
		return acqrel_netlink_refuse(info, "the number of slices is missing",
					     -EINVAL);
	p.name = nla_data(attrs[ACQREL_A_BENCH_NAME]);
	p.threads = nla_get_u32(attrs[ACQREL_A_BENCH_THREADS]);
	p.slice_ns = nla_get_u64(attrs[ACQREL_A_BENCH_SLICE_NS]);
	p.slices = nla_get_u32(attrs[ACQREL_A_BENCH_SLICES]);
	return acqrel_bench_start_reply(info, &p);
}

static int acqrel_put_sample(struct sk_buff *skb,
			     const struct acqrel_bench_sample *s)
{
	const struct {
		int attr;
		u64 value;
	} rows[] = {
		{ ACQREL_A_BENCH_DEADLINE_NS, s->deadline_ns },
		{ ACQREL_A_BENCH_START_NS, s->done->start_ns },
		{ ACQREL_A_BENCH_END_NS, s->done->end_ns },
		{ ACQREL_A_BENCH_BUSY_NS, s->done->busy_ns },
		{ ACQREL_A_BENCH_BURSTS, s->done->bursts },
		{ ACQREL_A_BENCH_OPS, s->done->ops },
		{ ACQREL_A_BENCH_FAILED, s->done->failed },
		{ ACQREL_A_BENCH_SWITCHES, s->done->switches },
	};
	unsigned int i;

	if (nla_put_u32(skb, ACQREL_A_BENCH_SLICE, s->slice) ||
	    nla_put_u32(skb, ACQREL_A_BENCH_THREAD, s->thread) ||
	    nla_put_u32(skb, ACQREL_A_BENCH_CPU, s->cpu))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (nla_put_u64_64bit(skb, rows[i].attr, rows[i].value,
				      ACQREL_A_BENCH_PAD))
			return -EMSGSIZE;
	return 0;
}

/* the run held for a dump; here and not in start, which has no extack in 6.1 */
static int acqrel_bench_dump_hold(struct netlink_callback *cb)
{
	const struct nlattr *run =
		genl_info_dump(cb)->attrs[ACQREL_A_BENCH_RUN];
	int err;

	if (!run) {
		NL_SET_ERR_MSG(cb->extack, "the run id is missing");
		return -EINVAL;
	}
	err = acqrel_bench_hold(nla_get_u32(run));
	if (err == -ENOENT)
		NL_SET_ERR_MSG(cb->extack, "that is not the last run");
	else if (err)
		NL_SET_ERR_MSG(cb->extack, "the run has not ended");
	return err;
}

int acqrel_nl_bench_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct acqrel_bench_sample sample;
	void *hdr;
	int err;

	err = acqrel_bench_dump_hold(cb);
	if (err)
		return err;
	while (acqrel_bench_sample(cb->args[0], &sample)) {
		hdr = acqrel_netlink_dump_put(skb, cb, ACQREL_CMD_BENCH_GET);
		if (!hdr)
			break;
		if (acqrel_put_sample(skb, &sample)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cb->args[0]++;
	}
	acqrel_bench_release();
	return skb->len;
}

/**
 * acqrel_netlink_bench_ended() - tell the group
 * @run: id
 *
 * Context: may sleep.
 */
void acqrel_netlink_bench_ended(u32 run)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return;
	hdr = genlmsg_put(skb, 0, 0, &acqrel_genl_family, 0,
			  ACQREL_CMD_BENCH_NTF);
	if (!hdr || nla_put_u32(skb, ACQREL_A_BENCH_RUN, run) ||
	    nla_put_s32(skb, ACQREL_A_BENCH_STATUS, 0)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	acqrel_netlink_announce(skb, ACQREL_MCGRP_INDEX_BENCH);
}
