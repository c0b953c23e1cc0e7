// SPDX-License-Identifier: GPL-2.0-only
#include "netlink.h"
#include "source.h"

#define ACQREL_SOURCE_NAME_POLICY \
	{ .type = NLA_NUL_STRING, .len = ACQREL_NAME_MAX }

const struct nla_policy acqrel_source_start_policy[ACQREL_A_SOURCE_MAX + 1] = {
	[ACQREL_A_SOURCE_NAME] = ACQREL_SOURCE_NAME_POLICY,
	[ACQREL_A_SOURCE_SEED] = { .type = NLA_U64 },
	[ACQREL_A_SOURCE_RATE] = { .type = NLA_U32 },
	[ACQREL_A_SOURCE_COUNT] = { .type = NLA_U64 },
};

const struct nla_policy acqrel_source_stop_policy[ACQREL_A_SOURCE_MAX + 1] = {
	[ACQREL_A_SOURCE_NAME] = ACQREL_SOURCE_NAME_POLICY,
};

static int acqrel_source_put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, ACQREL_A_SOURCE_PAD);
}

static int acqrel_source_put_params(struct sk_buff *skb,
				    const struct acqrel_source_info *src)
{
	if (acqrel_source_put_u64(skb, ACQREL_A_SOURCE_SEED,
				  src->params.seed) ||
	    acqrel_source_put_u64(skb, ACQREL_A_SOURCE_COUNT,
				  src->params.count) ||
	    nla_put_u32(skb, ACQREL_A_SOURCE_RATE, src->params.rate) ||
	    nla_put_u32(skb, ACQREL_A_SOURCE_STREAMS, src->streams))
		return -EMSGSIZE;
	return 0;
}

static int acqrel_source_put(struct sk_buff *skb,
			     const struct acqrel_source_info *src)
{
	if (nla_put_string(skb, ACQREL_A_SOURCE_NAME, src->name) ||
	    nla_put_u8(skb, ACQREL_A_SOURCE_RUNNING, src->running) ||
	    acqrel_source_put_u64(skb, ACQREL_A_SOURCE_OFFERED,
				  src->cost.offered) ||
	    acqrel_source_put_u64(skb, ACQREL_A_SOURCE_COST_PASSED_NS,
				  src->cost.ns[1]) ||
	    acqrel_source_put_u64(skb, ACQREL_A_SOURCE_COST_PASSED_N,
				  src->cost.n[1]) ||
	    acqrel_source_put_u64(skb, ACQREL_A_SOURCE_COST_FILTERED_NS,
				  src->cost.ns[0]) ||
	    acqrel_source_put_u64(skb, ACQREL_A_SOURCE_COST_FILTERED_N,
				  src->cost.n[0]))
		return -EMSGSIZE;
	return src->generates ? acqrel_source_put_params(skb, src) : 0;
}

int acqrel_nl_source_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct acqrel_source_info src;
	unsigned int i = cb->args[0];
	void *hdr;

	cb->seq = acqrel_source_changes();
	for (; i < acqrel_source_count(); i++) {
		hdr = acqrel_netlink_dump_put(skb, cb, ACQREL_CMD_SOURCE_GET);
		if (!hdr)
			break;
		acqrel_source_read(i, &src);
		if (acqrel_source_put(skb, &src)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	cb->args[0] = i;
	return skb->len;
}

static int acqrel_source_of(struct genl_info *info)
{
	struct nlattr *name = info->attrs[ACQREL_A_SOURCE_NAME];
	int i;

	if (!name)
		return acqrel_netlink_refuse(info, "the name of a source is missing",
					     -EINVAL);
	i = acqrel_source_find(nla_data(name));
	if (i < 0)
		NL_SET_ERR_MSG_ATTR(info->extack, name,
				    "there is no source of that name");
	return i;
}

/* start with parameters, or stop without; the reply is the new state */
static int acqrel_source_change(struct genl_info *info, unsigned int i,
				const struct acqrel_source_params *p)
{
	struct acqrel_source_info src;
	const char *why = NULL;
	struct sk_buff *reply;
	int err = 0;
	void *hdr;

	reply = acqrel_netlink_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	if (p)
		err = acqrel_source_start(i, p, &why);
	else
		acqrel_source_stop(i);
	if (!err) {
		acqrel_source_read(i, &src);
		err = acqrel_source_put(reply, &src);
	}
	if (err) {
		nlmsg_free(reply);
		return acqrel_netlink_refuse(info, why, err);
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

int acqrel_nl_source_start(struct sk_buff *skb, struct genl_info *info)
{
	struct acqrel_source_params p = { .seed = 1 };
	struct nlattr **attrs = info->attrs;
	int i = acqrel_source_of(info);

	if (i < 0)
		return i;
	if (attrs[ACQREL_A_SOURCE_SEED])
		p.seed = nla_get_u64(attrs[ACQREL_A_SOURCE_SEED]);
	if (attrs[ACQREL_A_SOURCE_RATE])
		p.rate = nla_get_u32(attrs[ACQREL_A_SOURCE_RATE]);
	if (attrs[ACQREL_A_SOURCE_COUNT])
		p.count = nla_get_u64(attrs[ACQREL_A_SOURCE_COUNT]);
	p.given = attrs[ACQREL_A_SOURCE_SEED] || attrs[ACQREL_A_SOURCE_RATE] ||
		  attrs[ACQREL_A_SOURCE_COUNT];
	return acqrel_source_change(info, i, &p);
}

int acqrel_nl_source_stop(struct sk_buff *skb, struct genl_info *info)
{
	int i = acqrel_source_of(info);

	return i < 0 ? i : acqrel_source_change(info, i, NULL);
}

/**
 * acqrel_netlink_source_changed() - tell the group
 * @src: what the source is now
 *
 * Context: may sleep; under the lock of source.c.
 */
void acqrel_netlink_source_changed(const struct acqrel_source_info *src)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return;
	hdr = genlmsg_put(skb, 0, 0, &acqrel_genl_family, 0,
			  ACQREL_CMD_SOURCE_NTF);
	if (!hdr || acqrel_source_put(skb, src)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	acqrel_netlink_announce(skb, ACQREL_MCGRP_INDEX_SOURCE);
}
