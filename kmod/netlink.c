// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <net/net_namespace.h>

#include "bench/engine.h"
#include "litmus/engine.h"
#include "netlink.h"

static DEFINE_MUTEX(acqrel_announce_lock);	/* the family goes away once */
static bool acqrel_announcing;

/* before 6.1 the core takes anything for a command without a policy */
static const struct nla_policy acqrel_no_policy[] = {
	[1] = { .type = NLA_REJECT },
};

#define ACQREL_NO_ATTRIBUTES			\
	.policy = acqrel_no_policy,		\
	.maxattr = ARRAY_SIZE(acqrel_no_policy) - 1

static const struct genl_ops acqrel_genl_ops[] = {
	{
		.cmd = ACQREL_CMD_CONFIG_GET,
		ACQREL_NO_ATTRIBUTES,
		.doit = acqrel_nl_config_get,
	},
	{
		.cmd = ACQREL_CMD_CONFIG_SET,
		.flags = GENL_ADMIN_PERM,
		.policy = acqrel_config_policy,
		.maxattr = ACQREL_A_CONFIG_MAX,
		.doit = acqrel_nl_config_set,
	},
	{
		.cmd = ACQREL_CMD_STATS_GET,
		ACQREL_NO_ATTRIBUTES,
		.dumpit = acqrel_nl_stats_dump,
	},
	{
		.cmd = ACQREL_CMD_COUNTER_GET,
		ACQREL_NO_ATTRIBUTES,
		.dumpit = acqrel_nl_counter_dump,
	},
	{
		.cmd = ACQREL_CMD_RING_GET,
		.policy = acqrel_ring_policy,
		.maxattr = ACQREL_A_RING_MAX,
		.dumpit = acqrel_nl_ring_dump,
	},
	{
		.cmd = ACQREL_CMD_SOURCE_GET,
		ACQREL_NO_ATTRIBUTES,
		.dumpit = acqrel_nl_source_dump,
	},
	{
		.cmd = ACQREL_CMD_SOURCE_START,
		.flags = GENL_ADMIN_PERM,
		.policy = acqrel_source_start_policy,
		.maxattr = ACQREL_A_SOURCE_MAX,
		.doit = acqrel_nl_source_start,
	},
	{
		.cmd = ACQREL_CMD_SOURCE_STOP,
		.flags = GENL_ADMIN_PERM,
		.policy = acqrel_source_stop_policy,
		.maxattr = ACQREL_A_SOURCE_MAX,
		.doit = acqrel_nl_source_stop,
	},
	{
		.cmd = ACQREL_CMD_RESET,
		.flags = GENL_ADMIN_PERM,
		ACQREL_NO_ATTRIBUTES,
		.doit = acqrel_nl_reset,
	},
	{
		.cmd = ACQREL_CMD_BENCH_CASE_GET,
		ACQREL_NO_ATTRIBUTES,
		.dumpit = acqrel_nl_bench_case_dump,
	},
	{
		.cmd = ACQREL_CMD_BENCH_OPEN,
		.flags = GENL_ADMIN_PERM,
		.policy = acqrel_bench_open_policy,
		.maxattr = ACQREL_A_BENCH_MAX,
		.doit = acqrel_nl_bench_open,
	},
	{
		.cmd = ACQREL_CMD_BENCH_CLOSE,
		.flags = GENL_ADMIN_PERM,
		.policy = acqrel_bench_close_policy,
		.maxattr = ACQREL_A_BENCH_MAX,
		.doit = acqrel_nl_bench_close,
	},
	{
		.cmd = ACQREL_CMD_BENCH_START,
		.flags = GENL_ADMIN_PERM,
		.policy = acqrel_bench_start_policy,
		.maxattr = ACQREL_A_BENCH_MAX,
		.doit = acqrel_nl_bench_start,
	},
	{
		.cmd = ACQREL_CMD_BENCH_CANCEL,
		.flags = GENL_ADMIN_PERM,
		.policy = acqrel_bench_run_policy,
		.maxattr = ACQREL_A_BENCH_MAX,
		.doit = acqrel_nl_bench_cancel,
	},
	{
		.cmd = ACQREL_CMD_BENCH_GET,
		.policy = acqrel_bench_run_policy,
		.maxattr = ACQREL_A_BENCH_MAX,
		.dumpit = acqrel_nl_bench_dump,
	},
	{
		.cmd = ACQREL_CMD_BENCH_LATENCY_GET,
		.policy = acqrel_bench_run_policy,
		.maxattr = ACQREL_A_BENCH_MAX,
		.dumpit = acqrel_nl_bench_latency_dump,
	},
	{
		.cmd = ACQREL_CMD_LITMUS_TEST_GET,
		ACQREL_NO_ATTRIBUTES,
		.dumpit = acqrel_nl_litmus_test_dump,
	},
	{
		.cmd = ACQREL_CMD_LITMUS_START,
		.flags = GENL_ADMIN_PERM,
		.policy = acqrel_litmus_start_policy,
		.maxattr = ACQREL_A_LITMUS_MAX,
		.doit = acqrel_nl_litmus_start,
	},
	{
		.cmd = ACQREL_CMD_LITMUS_CANCEL,
		.flags = GENL_ADMIN_PERM,
		.policy = acqrel_litmus_run_policy,
		.maxattr = ACQREL_A_LITMUS_MAX,
		.doit = acqrel_nl_litmus_cancel,
	},
	{
		.cmd = ACQREL_CMD_LITMUS_GET,
		.policy = acqrel_litmus_run_policy,
		.maxattr = ACQREL_A_LITMUS_MAX,
		.dumpit = acqrel_nl_litmus_dump,
	},
};

static const struct genl_multicast_group acqrel_genl_mcgrps[] = {
	[ACQREL_MCGRP_INDEX_CONFIG] = { .name = ACQREL_MCGRP_CONFIG },
	[ACQREL_MCGRP_INDEX_SOURCE] = { .name = ACQREL_MCGRP_SOURCE },
	[ACQREL_MCGRP_INDEX_BENCH] = { .name = ACQREL_MCGRP_BENCH },
	[ACQREL_MCGRP_INDEX_LITMUS] = { .name = ACQREL_MCGRP_LITMUS },
};

/*
 * netnsok stays false: one machine, one instance, seen from the initial
 * network namespace. parallel_ops: stopping a source waits for a grace
 * period, which no other family should have to; each noun has its own lock.
 */
struct genl_family acqrel_genl_family __ro_after_init = {
	.name = ACQREL_GENL_NAME,
	.version = ACQREL_GENL_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.ops = acqrel_genl_ops,
	.n_ops = ARRAY_SIZE(acqrel_genl_ops),
	.mcgrps = acqrel_genl_mcgrps,
	.n_mcgrps = ARRAY_SIZE(acqrel_genl_mcgrps),
};

/**
 * acqrel_netlink_refuse() - say why a request is refused
 * @info: the request
 * @why: a static sentence, or NULL if @err says it all
 * @err: negative errno
 *
 * Return: @err.
 */
int acqrel_netlink_refuse(struct genl_info *info, const char *why, int err)
{
	if (why && info->extack)
		info->extack->_msg = why;
	return err;
}

/**
 * acqrel_netlink_reply() - begin a reply to a request
 * @info: the request
 * @hdr: where the header goes that genlmsg_end() takes
 *
 * Return: the message or NULL.
 */
struct sk_buff *acqrel_netlink_reply(struct genl_info *info, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put_reply(skb, info, &acqrel_genl_family, 0,
				 info->genlhdr->cmd);
	if (*hdr)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

/**
 * acqrel_netlink_dump_put() - begin a message of a dump
 * @skb: the dump
 * @cb: its state; cb->seq tells whether what is dumped changed under it
 * @cmd: the command
 *
 * Return: the header or NULL if there is no room.
 */
void *acqrel_netlink_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			      u8 cmd)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &acqrel_genl_family, NLM_F_MULTI, cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/**
 * acqrel_netlink_announce() - send to a group
 * @skb: finished message, freed in any case; NULL: there was no memory for it,
 *	which listeners are told as -ENOBUFS
 * @group: which
 *
 * Context: may sleep. Silent before init and after exit.
 */
void acqrel_netlink_announce(struct sk_buff *skb, enum acqrel_mcgrp group)
{
	mutex_lock(&acqrel_announce_lock);
	if (acqrel_announcing && !skb)
		genl_set_err(&acqrel_genl_family, &init_net, 0, group,
			     -ENOBUFS);
	else if (acqrel_announcing)
		genlmsg_multicast(&acqrel_genl_family, skb, 0, group,
				  GFP_KERNEL);
	else
		nlmsg_free(skb);
	mutex_unlock(&acqrel_announce_lock);
}

static int acqrel_netlink_notified(struct notifier_block *nb,
				   unsigned long what, void *data)
{
	const struct netlink_notify *n = data;

	if (what == NETLINK_URELEASE && n->protocol == NETLINK_GENERIC &&
	    net_eq(n->net, &init_net)) {
		acqrel_bench_owner_gone(n->portid);
		acqrel_litmus_owner_gone(n->portid);
	}
	return NOTIFY_DONE;
}

static struct notifier_block acqrel_netlink_notifier = {
	.notifier_call = acqrel_netlink_notified,
};

static void acqrel_netlink_announcing(bool on)
{
	mutex_lock(&acqrel_announce_lock);
	acqrel_announcing = on;
	mutex_unlock(&acqrel_announce_lock);
}

/**
 * acqrel_netlink_init() - make the family appear
 *
 * Return: 0 or the error of genl_register_family().
 */
int acqrel_netlink_init(void)
{
	int err = netlink_register_notifier(&acqrel_netlink_notifier);

	if (err)
		return err;
	err = genl_register_family(&acqrel_genl_family);
	if (err)
		netlink_unregister_notifier(&acqrel_netlink_notifier);
	else
		acqrel_netlink_announcing(true);
	return err;
}

/**
 * acqrel_netlink_exit() - make it disappear; waits for requests under way
 */
void acqrel_netlink_exit(void)
{
	acqrel_netlink_announcing(false);
	genl_unregister_family(&acqrel_genl_family);
	netlink_unregister_notifier(&acqrel_netlink_notifier);
}

MODULE_ALIAS_GENL_FAMILY(ACQREL_GENL_NAME);
