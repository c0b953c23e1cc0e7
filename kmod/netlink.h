/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family. netlink.c has the family and its commands, the
 * other netlink_*.c the handlers and policies, a file for each noun.
 */
#ifndef ACQREL_KMOD_NETLINK_H
#define ACQREL_KMOD_NETLINK_H

#include <net/genetlink.h>
#include <linux/acqrel.h>

extern struct genl_family acqrel_genl_family;

enum acqrel_mcgrp {
	ACQREL_MCGRP_INDEX_CONFIG,
	ACQREL_MCGRP_INDEX_SOURCE,
	ACQREL_MCGRP_INDEX_BENCH,
	ACQREL_MCGRP_INDEX_LITMUS,
};

/* netlink.c */
int acqrel_netlink_init(void);
void acqrel_netlink_exit(void);
void acqrel_netlink_announce(struct sk_buff *skb, enum acqrel_mcgrp group);
int acqrel_netlink_refuse(struct genl_info *info, const char *why, int err);
struct sk_buff *acqrel_netlink_reply(struct genl_info *info, void **hdr);
void *acqrel_netlink_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			      u8 cmd);

/* netlink_config.c */
extern const struct nla_policy acqrel_config_policy[];
int acqrel_nl_config_get(struct sk_buff *skb, struct genl_info *info);
int acqrel_nl_config_set(struct sk_buff *skb, struct genl_info *info);

/* netlink_dump.c */
extern const struct nla_policy acqrel_ring_policy[];
int acqrel_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb);
int acqrel_nl_counter_dump(struct sk_buff *skb, struct netlink_callback *cb);
int acqrel_nl_ring_dump(struct sk_buff *skb, struct netlink_callback *cb);
int acqrel_nl_reset(struct sk_buff *skb, struct genl_info *info);

/* netlink_source.c */
extern const struct nla_policy acqrel_source_start_policy[];
extern const struct nla_policy acqrel_source_stop_policy[];
int acqrel_nl_source_dump(struct sk_buff *skb, struct netlink_callback *cb);
int acqrel_nl_source_start(struct sk_buff *skb, struct genl_info *info);
int acqrel_nl_source_stop(struct sk_buff *skb, struct genl_info *info);
struct acqrel_source_info;
void acqrel_netlink_source_changed(const struct acqrel_source_info *src);

/* netlink_bench.c */
extern const struct nla_policy acqrel_bench_open_policy[];
extern const struct nla_policy acqrel_bench_close_policy[];
extern const struct nla_policy acqrel_bench_start_policy[];
extern const struct nla_policy acqrel_bench_run_policy[];
int acqrel_nl_bench_open(struct sk_buff *skb, struct genl_info *info);
int acqrel_nl_bench_close(struct sk_buff *skb, struct genl_info *info);
int acqrel_nl_bench_start(struct sk_buff *skb, struct genl_info *info);
int acqrel_nl_bench_cancel(struct sk_buff *skb, struct genl_info *info);
void acqrel_netlink_bench_ended(u32 run, int status);

/* netlink_bench_dump.c */
int acqrel_nl_bench_case_dump(struct sk_buff *skb, struct netlink_callback *cb);
int acqrel_nl_bench_dump(struct sk_buff *skb, struct netlink_callback *cb);
int acqrel_nl_bench_latency_dump(struct sk_buff *skb,
				 struct netlink_callback *cb);

/* netlink_litmus.c */
extern const struct nla_policy acqrel_litmus_start_policy[];
extern const struct nla_policy acqrel_litmus_run_policy[];
int acqrel_nl_litmus_test_dump(struct sk_buff *skb,
			       struct netlink_callback *cb);
int acqrel_nl_litmus_start(struct sk_buff *skb, struct genl_info *info);
int acqrel_nl_litmus_cancel(struct sk_buff *skb, struct genl_info *info);
int acqrel_nl_litmus_dump(struct sk_buff *skb, struct netlink_callback *cb);
void acqrel_netlink_litmus_ended(u32 run, int status);

#endif /* ACQREL_KMOD_NETLINK_H */
