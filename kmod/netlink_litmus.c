// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>

#include "litmus/engine.h"
#include "litmus/job.h"
#include "netlink.h"

static_assert(ACQREL_LITMUS_CPUS_MAX == ACQREL_LITMUS_THREADS);

static struct netlink_range_validation acqrel_trials_range = {
	.min = 1,
	.max = ACQREL_LITMUS_TRIALS_MAX,
};

const struct nla_policy acqrel_litmus_start_policy[ACQREL_A_LITMUS_MAX + 1] = {
	[ACQREL_A_LITMUS_NAME] = {
		.type = NLA_NUL_STRING,
		.len = ACQREL_NAME_MAX,
	},
	[ACQREL_A_LITMUS_CPUS] = {
		.type = NLA_BINARY,
		.len = ACQREL_LITMUS_CPUS_MAX * sizeof(u32),
	},
	[ACQREL_A_LITMUS_TRIALS] =
		NLA_POLICY_FULL_RANGE(NLA_U64, &acqrel_trials_range),
	[ACQREL_A_LITMUS_SEED] = { .type = NLA_U64 },
};

const struct nla_policy acqrel_litmus_run_policy[ACQREL_A_LITMUS_MAX + 1] = {
	[ACQREL_A_LITMUS_RUN] = { .type = NLA_U32 },
};

static int acqrel_litmus_start_request(struct genl_info *info,
				       const struct acqrel_litmus_request *rq)
{
	const char *why = NULL;
	struct sk_buff *reply;
	void *hdr;
	u32 run;
	int err;

	reply = acqrel_netlink_reply(info, &hdr);
	if (!reply)
		return -ENOMEM;
	err = acqrel_litmus_start(info->snd_portid, rq, &run, &why);
	/* a reply is as large as a page and has nothing in it yet */
	if (!err && WARN_ON_ONCE(nla_put_u32(reply, ACQREL_A_LITMUS_RUN, run)))
		err = -EMSGSIZE;
	if (err) {
		nlmsg_free(reply);
		return acqrel_netlink_refuse(info, why, err);
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

int acqrel_nl_litmus_start(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *name = info->attrs[ACQREL_A_LITMUS_NAME];
	const struct nlattr *cpus = info->attrs[ACQREL_A_LITMUS_CPUS];
	const struct nlattr *trials = info->attrs[ACQREL_A_LITMUS_TRIALS];
	const struct nlattr *seed = info->attrs[ACQREL_A_LITMUS_SEED];
	struct acqrel_litmus_request rq;

	if (!name)
		return acqrel_netlink_refuse(info, "the name of a test is missing",
					     -EINVAL);
	if (!cpus)
		return acqrel_netlink_refuse(info, "the CPUs are missing",
					     -EINVAL);
	if (!nla_len(cpus) || nla_len(cpus) % sizeof(u32))
		return acqrel_netlink_refuse(info, "the CPUs are not whole numbers of 32 bits",
					     -EINVAL);
	if (!trials)
		return acqrel_netlink_refuse(info, "the number of trials is missing",
					     -EINVAL);
	if (!seed)
		return acqrel_netlink_refuse(info, "the seed is missing",
					     -EINVAL);
	rq.name = nla_data(name);
	rq.cpus = nla_data(cpus);
	rq.threads = nla_len(cpus) / sizeof(u32);
	rq.trials = nla_get_u64(trials);
	rq.seed = nla_get_u64(seed);
	return acqrel_litmus_start_request(info, &rq);
}

int acqrel_nl_litmus_cancel(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *run = info->attrs[ACQREL_A_LITMUS_RUN];
	const char *why = NULL;
	int err;

	if (!run)
		return acqrel_netlink_refuse(info, "the run id is missing",
					     -EINVAL);
	err = acqrel_litmus_cancel(info->snd_portid, nla_get_u32(run), &why);
	return acqrel_netlink_refuse(info, why, err);
}

/**
 * acqrel_netlink_litmus_ended() - tell the group
 * @run: its number
 * @status: 0 or a negative errno
 *
 * Context: may sleep.
 */
void acqrel_netlink_litmus_ended(u32 run, int status)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *hdr;

	if (!skb) {
		acqrel_netlink_announce(NULL, ACQREL_MCGRP_INDEX_LITMUS);
		return;
	}
	hdr = genlmsg_put(skb, 0, 0, &acqrel_genl_family, 0,
			  ACQREL_CMD_LITMUS_NTF);
	if (!hdr || nla_put_u32(skb, ACQREL_A_LITMUS_RUN, run) ||
	    nla_put_s32(skb, ACQREL_A_LITMUS_STATUS, status)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, hdr);
	acqrel_netlink_announce(skb, ACQREL_MCGRP_INDEX_LITMUS);
}

static int acqrel_put_test(struct sk_buff *skb,
			   const struct acqrel_litmus_test *test)
{
	if (nla_put_string(skb, ACQREL_A_LITMUS_NAME, test->name) ||
	    nla_put_u32(skb, ACQREL_A_LITMUS_THREADS, test->threads) ||
	    (test->grace && nla_put_flag(skb, ACQREL_A_LITMUS_GRACE)))
		return -EMSGSIZE;
	return 0;
}

/* Return: whether there was room */
static bool acqrel_litmus_put_end(struct sk_buff *skb, void *hdr, int err)
{
	if (err)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return !err;
}

int acqrel_nl_litmus_test_dump(struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	const struct acqrel_litmus_test *test;
	void *hdr;

	for (; (test = acqrel_litmus_at(cb->args[0])); cb->args[0]++) {
		hdr = acqrel_netlink_dump_put(skb, cb,
					      ACQREL_CMD_LITMUS_TEST_GET);
		if (!hdr || !acqrel_litmus_put_end(skb, hdr,
						   acqrel_put_test(skb, test)))
			break;
	}
	return skb->len;
}

static int acqrel_put_summary(struct sk_buff *skb,
			      const struct acqrel_litmus_job *job)
{
	const struct acqrel_litmus_tally *tally = &job->run.tally;

	if (nla_put_s32(skb, ACQREL_A_LITMUS_STATUS, job->status) ||
	    nla_put_u64_64bit(skb, ACQREL_A_LITMUS_TRIALS, tally->trials,
			      ACQREL_A_LITMUS_PAD) ||
	    nla_put_u64_64bit(skb, ACQREL_A_LITMUS_OVERLAPPED,
			      tally->overlapped, ACQREL_A_LITMUS_PAD) ||
	    nla_put_u64_64bit(skb, ACQREL_A_LITMUS_TOUCHED, tally->touched,
			      ACQREL_A_LITMUS_PAD) ||
	    nla_put(skb, ACQREL_A_LITMUS_FIRST,
		    job->run.test->threads * sizeof(*tally->first),
		    tally->first))
		return -EMSGSIZE;
	return 0;
}

static int acqrel_put_outcome(struct sk_buff *skb,
			      const struct acqrel_litmus_tally *tally, u32 i)
{
	if (nla_put_u64_64bit(skb, ACQREL_A_LITMUS_OUTCOME, tally->outcomes[i],
			      ACQREL_A_LITMUS_PAD) ||
	    nla_put_u64_64bit(skb, ACQREL_A_LITMUS_COUNT, tally->counts[i],
			      ACQREL_A_LITMUS_PAD))
		return -EMSGSIZE;
	return 0;
}

/* message 0 is the summary, message i + 1 that of place i */
static bool acqrel_litmus_put(struct sk_buff *skb, struct netlink_callback *cb,
			      const struct acqrel_litmus_job *job)
{
	const struct acqrel_litmus_tally *tally = &job->run.tally;
	u32 i = cb->args[0];
	void *hdr;
	int err;

	if (i && !tally->counts[i - 1])
		return true;
	hdr = acqrel_netlink_dump_put(skb, cb, ACQREL_CMD_LITMUS_GET);
	if (!hdr)
		return false;
	err = i ? acqrel_put_outcome(skb, tally, i - 1) :
		  acqrel_put_summary(skb, job);
	return acqrel_litmus_put_end(skb, hdr, err);
}

/* the run held for a dump; here and not in start, which has no extack in 6.1 */
static const struct acqrel_litmus_job *
acqrel_litmus_dump_hold(struct netlink_callback *cb)
{
	const struct nlattr *run =
		genl_info_dump(cb)->attrs[ACQREL_A_LITMUS_RUN];
	const struct acqrel_litmus_job *job = ERR_PTR(-EINVAL);
	const char *why = "the run id is missing";

	if (run)
		job = acqrel_litmus_hold(nla_get_u32(run), &why);
	if (IS_ERR(job) && cb->extack)
		cb->extack->_msg = why;
	return job;
}

int acqrel_nl_litmus_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct acqrel_litmus_job *job = acqrel_litmus_dump_hold(cb);

	if (IS_ERR(job))
		return PTR_ERR(job);
	while (cb->args[0] <= ACQREL_LITMUS_OUTCOMES &&
	       acqrel_litmus_put(skb, cb, job))
		cb->args[0]++;
	acqrel_litmus_release();
	return skb->len;
}
