// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"
#include "netlink.h"

static struct netlink_range_validation acqrel_pid_range = {
	.min = 1,
	.max = ACQREL_PID_LIMIT,
};

static struct netlink_range_validation acqrel_sample_range = {
	.min = 1,
	.max = ACQREL_SAMPLE_MAX,
};

static const struct nla_policy acqrel_pids_policy[ACQREL_A_PIDS_MAX + 1] = {
	[ACQREL_A_PIDS_PID] = NLA_POLICY_FULL_RANGE(NLA_U32, &acqrel_pid_range),
};

const struct nla_policy acqrel_config_policy[ACQREL_A_CONFIG_MAX + 1] = {
	[ACQREL_A_CONFIG_KINDS] = NLA_POLICY_MASK(NLA_U32, ACQREL_KINDS_ALL),
	[ACQREL_A_CONFIG_SAMPLE_EVERY] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &acqrel_sample_range),
	[ACQREL_A_CONFIG_MIN_VALUE_NS] = { .type = NLA_U64 },
	[ACQREL_A_CONFIG_POLICY] =
		NLA_POLICY_MAX(NLA_U32, __ACQREL_POLICY_COUNT - 1),
	[ACQREL_A_CONFIG_PIDS] = NLA_POLICY_NESTED(acqrel_pids_policy),
};

static int acqrel_config_put_pids(struct sk_buff *skb,
				  const struct acqrel_config_values *v)
{
	struct nlattr *nest = nla_nest_start(skb, ACQREL_A_CONFIG_PIDS);
	u32 i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < v->nr_pids; i++)
		if (nla_put_u32(skb, ACQREL_A_PIDS_PID, v->pids[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int acqrel_config_put(struct sk_buff *skb)
{
	struct acqrel_config_values v;
	u64 generation;

	acqrel_config_snapshot(&acqrel_live_config, &v, &generation);
	if (nla_put_u64_64bit(skb, ACQREL_A_CONFIG_GENERATION, generation,
			      ACQREL_A_CONFIG_PAD) ||
	    nla_put_u32(skb, ACQREL_A_CONFIG_KINDS, v.kinds) ||
	    nla_put_u32(skb, ACQREL_A_CONFIG_SAMPLE_EVERY, v.sample_every) ||
	    nla_put_u64_64bit(skb, ACQREL_A_CONFIG_MIN_VALUE_NS, v.min_value_ns,
			      ACQREL_A_CONFIG_PAD) ||
	    nla_put_u32(skb, ACQREL_A_CONFIG_POLICY, v.policy))
		return -EMSGSIZE;
	return acqrel_config_put_pids(skb, &v);
}

static int acqrel_config_send(struct genl_info *info, struct sk_buff *reply,
			      void *hdr)
{
	if (acqrel_config_put(reply)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

int acqrel_nl_config_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply;
	void *hdr;

	reply = acqrel_netlink_reply(info, &hdr);
	return reply ? acqrel_config_send(info, reply, hdr) : -ENOMEM;
}

static void acqrel_config_announce(void)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return;
	hdr = genlmsg_put(skb, 0, 0, &acqrel_genl_family, 0,
			  ACQREL_CMD_CONFIG_NTF);
	if (!hdr || acqrel_config_put(skb)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	acqrel_netlink_announce(skb, ACQREL_MCGRP_INDEX_CONFIG);
}

static int acqrel_config_parse_pids(struct genl_info *info,
				    struct acqrel_config_values *v)
{
	struct nlattr *nest = info->attrs[ACQREL_A_CONFIG_PIDS], *pid;
	int rem;

	v->nr_pids = 0;
	nla_for_each_nested(pid, nest, rem) {
		if (v->nr_pids == ACQREL_PIDS_MAX) {
			NL_SET_ERR_MSG_ATTR(info->extack, pid,
					    "at most 64 thread ids fit into the pid filter");
			return -EINVAL;
		}
		v->pids[v->nr_pids++] = nla_get_u32(pid);
	}
	return 0;
}

static int acqrel_config_parse(struct genl_info *info,
			       struct acqrel_config_values *v)
{
	struct nlattr **attrs = info->attrs;
	bool any = false;
	unsigned int i;

	for (i = 0; i <= ACQREL_A_CONFIG_MAX; i++)
		any |= !!attrs[i];
	if (!any)
		return acqrel_netlink_refuse(info, "name at least one thing to set",
					     -EINVAL);
	if (attrs[ACQREL_A_CONFIG_KINDS])
		v->kinds = nla_get_u32(attrs[ACQREL_A_CONFIG_KINDS]);
	if (attrs[ACQREL_A_CONFIG_SAMPLE_EVERY])
		v->sample_every =
			nla_get_u32(attrs[ACQREL_A_CONFIG_SAMPLE_EVERY]);
	if (attrs[ACQREL_A_CONFIG_MIN_VALUE_NS])
		v->min_value_ns =
			nla_get_u64(attrs[ACQREL_A_CONFIG_MIN_VALUE_NS]);
	if (attrs[ACQREL_A_CONFIG_POLICY])
		v->policy = nla_get_u32(attrs[ACQREL_A_CONFIG_POLICY]);
	if (attrs[ACQREL_A_CONFIG_PIDS])
		return acqrel_config_parse_pids(info, v);
	return 0;
}

static int acqrel_config_update(struct genl_info *info)
{
	struct acqrel_config_values v;
	const char *why = NULL;
	u64 generation;
	int err;

	acqrel_config_snapshot(&acqrel_live_config, &v, &generation);
	err = acqrel_config_parse(info, &v);
	if (err)
		return err;
	err = acqrel_config_publish(&acqrel_live_config, &v, &why);
	return acqrel_netlink_refuse(info, why, err);
}

int acqrel_nl_config_set(struct sk_buff *skb, struct genl_info *info)
{
	static DEFINE_MUTEX(update);	/* read, change, publish as one */
	struct sk_buff *reply;
	void *hdr;
	int err;

	/* first, so that a request that fails has changed nothing */
	reply = acqrel_netlink_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&update);
	err = acqrel_config_update(info);
	if (err) {
		nlmsg_free(reply);
	} else {
		acqrel_config_announce();
		err = acqrel_config_send(info, reply, hdr);
	}
	mutex_unlock(&update);
	return err;
}
