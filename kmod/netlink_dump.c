// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps of stats, counters and rings. The cursor counts rows; the number of
 * possible CPUs never changes, so a row is always the same thing. RESET is
 * what can change under a dump: cb->seq counts them.
 */
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <acqrel/names.h>

#include "netlink.h"
#include "pipeline.h"
#include "source.h"

static atomic_t acqrel_resets = ATOMIC_INIT(1);

/* puts one row; 0 or a negative errno */
typedef int acqrel_put_row(struct sk_buff *skb, unsigned int cpu,
			   unsigned int item, unsigned int checks);

const struct nla_policy acqrel_ring_policy[ACQREL_A_RING_MAX + 1] = {
	[ACQREL_A_RING_CHECKS] =
		NLA_POLICY_RANGE(NLA_U32, 1, ACQREL_CHECKS_MAX),
};

/* @items rows for each possible CPU; CPU nr_cpu_ids stands for the total */
static int acqrel_dump_rows(struct sk_buff *skb, struct netlink_callback *cb,
			    u8 cmd, acqrel_put_row *put, unsigned int items,
			    bool total, unsigned int checks)
{
	unsigned long row = cb->args[0], rows;
	unsigned int cpu, item;
	void *hdr;

	cb->seq = atomic_read(&acqrel_resets);
	rows = (unsigned long)(nr_cpu_ids + total) * items;
	for (; row < rows; row++) {
		item = row / (nr_cpu_ids + total);
		cpu = row % (nr_cpu_ids + total);
		if (total)
			cpu = cpu ? cpu - 1 : nr_cpu_ids;
		if (cpu != nr_cpu_ids && !cpu_possible(cpu))
			continue;
		hdr = acqrel_netlink_dump_put(skb, cb, cmd);
		if (!hdr)
			break;
		if (put(skb, cpu, item, checks)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
		cond_resched();
	}
	cb->args[0] = row;
	return skb->len;
}

static int acqrel_put_stats(struct sk_buff *skb, unsigned int cpu,
			    unsigned int kind, unsigned int checks)
{
	struct acqrel_aggregate agg;
	u64 retries;

	retries = acqrel_pipeline_stats(cpu, kind, &agg);
	if (nla_put_u32(skb, ACQREL_A_STATS_CPU, cpu) ||
	    nla_put_u32(skb, ACQREL_A_STATS_KIND, kind) ||
	    nla_put_string(skb, ACQREL_A_STATS_KIND_NAME,
			   acqrel_kind_names[kind]) ||
	    nla_put_u64_64bit(skb, ACQREL_A_STATS_COUNT, agg.count,
			      ACQREL_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, ACQREL_A_STATS_SUM_NS, agg.sum,
			      ACQREL_A_STATS_PAD) ||
	    nla_put(skb, ACQREL_A_STATS_HIST, sizeof(agg.hist), agg.hist) ||
	    nla_put_u64_64bit(skb, ACQREL_A_STATS_RETRIES, retries,
			      ACQREL_A_STATS_PAD))
		return -EMSGSIZE;
	if (!agg.count)
		return 0;
	if (nla_put_u64_64bit(skb, ACQREL_A_STATS_MIN_NS, agg.min,
			      ACQREL_A_STATS_PAD) ||
	    nla_put_u64_64bit(skb, ACQREL_A_STATS_MAX_NS, agg.max,
			      ACQREL_A_STATS_PAD))
		return -EMSGSIZE;
	return 0;
}

int acqrel_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return acqrel_dump_rows(skb, cb, ACQREL_CMD_STATS_GET, acqrel_put_stats,
				__ACQREL_KIND_COUNT, false, 0);
}

static int acqrel_put_counter(struct sk_buff *skb, unsigned int cpu,
			      unsigned int id, unsigned int checks)
{
	bool total = cpu == nr_cpu_ids;
	u64 value = total ? acqrel_counter_sum(id) :
			    acqrel_counter_read(id, cpu);

	if (nla_put_u32(skb, ACQREL_A_COUNTER_ID, id) ||
	    nla_put_string(skb, ACQREL_A_COUNTER_NAME,
			   acqrel_counter_names[id]) ||
	    (!total && nla_put_u32(skb, ACQREL_A_COUNTER_CPU, cpu)) ||
	    nla_put_u64_64bit(skb, ACQREL_A_COUNTER_VALUE, value,
			      ACQREL_A_COUNTER_PAD))
		return -EMSGSIZE;
	return 0;
}

int acqrel_nl_counter_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	return acqrel_dump_rows(skb, cb, ACQREL_CMD_COUNTER_GET,
				acqrel_put_counter, __ACQREL_COUNTER_COUNT,
				true, 0);
}

static int acqrel_put_account(struct sk_buff *skb,
			      const struct acqrel_account *acc)
{
	const struct {
		int attr;
		u64 value;
	} rows[] = {
		{ ACQREL_A_RING_OFFERED, acc->offered },
		{ ACQREL_A_RING_FILTERED_KIND,
		  acc->filtered[ACQREL_FILTER_KIND] },
		{ ACQREL_A_RING_FILTERED_SAMPLE,
		  acc->filtered[ACQREL_FILTER_SAMPLE] },
		{ ACQREL_A_RING_FILTERED_PID,
		  acc->filtered[ACQREL_FILTER_PID] },
		{ ACQREL_A_RING_FILTERED_VALUE,
		  acc->filtered[ACQREL_FILTER_VALUE] },
		{ ACQREL_A_RING_PUSHED, acc->pushed },
		{ ACQREL_A_RING_DROPPED, acc->dropped },
		{ ACQREL_A_RING_OVERWRITTEN, acc->overwritten },
		{ ACQREL_A_RING_HEAD, acc->head },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (nla_put_u64_64bit(skb, rows[i].attr, rows[i].value,
				      ACQREL_A_RING_PAD))
			return -EMSGSIZE;
	return 0;
}

static int acqrel_put_checks(struct sk_buff *skb, const struct acqrel_lane *lane,
			     unsigned int checks)
{
	u32 unbalanced = 0, naive = 0;
	struct acqrel_account acc;
	unsigned int i;

	for (i = 0; i < checks; i++) {
		acqrel_books_read(&lane->books, &acc);
		unbalanced += !acqrel_account_balanced(&acc);
		acqrel_books_read_naive(&lane->books, &acc);
		naive += !acqrel_account_balanced(&acc);
	}
	if (nla_put_u32(skb, ACQREL_A_RING_CHECKS, checks) ||
	    nla_put_u32(skb, ACQREL_A_RING_UNBALANCED, unbalanced) ||
	    nla_put_u32(skb, ACQREL_A_RING_NAIVE_UNBALANCED, naive))
		return -EMSGSIZE;
	return 0;
}

static int acqrel_put_ring(struct sk_buff *skb, unsigned int cpu,
			   unsigned int item, unsigned int checks)
{
	const struct acqrel_lane *lane = acqrel_lane_of(cpu);
	struct acqrel_account acc;
	u64 popped, retries;

	retries = acqrel_pipeline_books(cpu, &acc, &popped);
	if (nla_put_u32(skb, ACQREL_A_RING_CPU, cpu) ||
	    nla_put_u32(skb, ACQREL_A_RING_CAPACITY, lane->ring.mask + 1) ||
	    nla_put_u32(skb, ACQREL_A_RING_FILL,
			acqrel_oring_fill(&lane->ring)) ||
	    acqrel_put_account(skb, &acc) ||
	    nla_put_u64_64bit(skb, ACQREL_A_RING_POPPED, popped,
			      ACQREL_A_RING_PAD) ||
	    nla_put_u64_64bit(skb, ACQREL_A_RING_RETRIES, retries,
			      ACQREL_A_RING_PAD))
		return -EMSGSIZE;
	return checks ? acqrel_put_checks(skb, lane, checks) : 0;
}

int acqrel_nl_ring_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct nlattr *checks =
		genl_info_dump(cb)->attrs[ACQREL_A_RING_CHECKS];

	return acqrel_dump_rows(skb, cb, ACQREL_CMD_RING_GET, acqrel_put_ring,
				1, false, checks ? nla_get_u32(checks) : 0);
}

int acqrel_nl_reset(struct sk_buff *skb, struct genl_info *info)
{
	const char *why = NULL;
	int err;

	/* before and after: no dump is inside without seeing a change */
	atomic_inc(&acqrel_resets);
	err = acqrel_sources_reset();
	atomic_inc(&acqrel_resets);
	if (err)
		why = "a source is running or the device is open";
	return acqrel_netlink_refuse(info, why, err);
}
