// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is refused, why, and that nothing changes by it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <linux/capability.h>

#include "fixture.h"

#define U32(x)	.data = (const char *)(const __u32 []){ x }, .len = 4
#define U64(x)	.data = (const char *)(const __u64 []){ x }, .len = 8
#define STR(x)	.data = (x), .len = sizeof(x)

#define NAMED(x) .first = (x)

/**
 * struct refusal - a request and how it must be refused
 * @what: for the log
 * @cmd: command
 * @dump: ask for a dump
 * @first: a well-formed NAME that comes first, NULL for none
 * @attr: type of the attribute in question, 0 for none
 * @data: its bytes
 * @len: how many
 * @nested: put it into a CONFIG_PIDS nest
 * @error: errno of the refusal, negative; 0 for any
 */
struct refusal {
	const char *what;
	__u8 cmd;
	bool dump;
	const char *first;
	__u16 attr;
	const char *data;
	size_t len;
	bool nested;
	int error;
};

static const struct refusal config_refusals[] = {
	{ "get with an attribute", ACQREL_CMD_CONFIG_GET,
	  .attr = ACQREL_A_CONFIG_KINDS, U32(1) },
	{ "set of nothing", ACQREL_CMD_CONFIG_SET, .error = -EINVAL },
	{ "set with an unknown attribute", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_MAX + 1, U32(1) },
	{ "set with a far unknown attribute", ACQREL_CMD_CONFIG_SET,
	  .attr = 200, U32(1) },
	{ "set of the generation", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_GENERATION, U64(1) },
	{ "kinds too short", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_KINDS, .data = "\1", .len = 1 },
	{ "kinds empty", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_KINDS, .data = "", .len = 0 },
	{ "kinds too long", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_KINDS, U64(1) },
	{ "kinds out of mask", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_KINDS, U32(ACQREL_KINDS_ALL + 1) },
	{ "sample_every 0", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_SAMPLE_EVERY, U32(0), .error = -ERANGE },
	{ "sample_every too big", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_SAMPLE_EVERY, U32(ACQREL_SAMPLE_MAX + 1),
	  .error = -ERANGE },
	{ "sample_every too short", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_SAMPLE_EVERY, .data = "\1\0", .len = 2 },
	{ "min_value too short", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_MIN_VALUE_NS, U32(1) },
	{ "policy out of range", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_POLICY, U32(__ACQREL_POLICY_COUNT),
	  .error = -ERANGE },
	{ "pids not a nest", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_PIDS, U32(1) },
	{ "pid 0", ACQREL_CMD_CONFIG_SET, .nested = true,
	  .attr = ACQREL_A_PIDS_PID, U32(0) },
	{ "pid too big", ACQREL_CMD_CONFIG_SET, .nested = true,
	  .attr = ACQREL_A_PIDS_PID, U32(ACQREL_PID_LIMIT + 1) },
	{ "pid too short", ACQREL_CMD_CONFIG_SET, .nested = true,
	  .attr = ACQREL_A_PIDS_PID, .data = "\1\0", .len = 2 },
	{ "unknown attribute among pids", ACQREL_CMD_CONFIG_SET,
	  .nested = true, .attr = ACQREL_A_PIDS_MAX + 1, U32(1) },
};

static const struct refusal dump_refusals[] = {
	{ "stats with an attribute", ACQREL_CMD_STATS_GET, true,
	  .attr = ACQREL_A_STATS_CPU, U32(0) },
	{ "counters with an attribute", ACQREL_CMD_COUNTER_GET, true,
	  .attr = ACQREL_A_COUNTER_ID, U32(0) },
	{ "sources with an attribute", ACQREL_CMD_SOURCE_GET, true,
	  .attr = ACQREL_A_SOURCE_SEED, U64(0) },
	{ "rings with an unknown attribute", ACQREL_CMD_RING_GET, true,
	  .attr = ACQREL_A_RING_MAX + 1, U32(1) },
	{ "rings with another attribute", ACQREL_CMD_RING_GET, true,
	  .attr = ACQREL_A_RING_CPU, U32(0) },
	{ "checks 0", ACQREL_CMD_RING_GET, true,
	  .attr = ACQREL_A_RING_CHECKS, U32(0), .error = -ERANGE },
	{ "checks too many", ACQREL_CMD_RING_GET, true,
	  .attr = ACQREL_A_RING_CHECKS, U32(ACQREL_CHECKS_MAX + 1),
	  .error = -ERANGE },
	{ "checks too short", ACQREL_CMD_RING_GET, true,
	  .attr = ACQREL_A_RING_CHECKS, .data = "\1", .len = 1 },
	{ "cases with an attribute", ACQREL_CMD_BENCH_CASE_GET, true,
	  .attr = ACQREL_A_BENCH_RUN, U32(1) },
	{ "results without a run", ACQREL_CMD_BENCH_GET, true },
	{ "results of no run", ACQREL_CMD_BENCH_GET, true,
	  .attr = ACQREL_A_BENCH_RUN, U32(12345), .error = -ENOENT },
	{ "results with a short run", ACQREL_CMD_BENCH_GET, true,
	  .attr = ACQREL_A_BENCH_RUN, .data = "\1", .len = 1 },
	{ "results of an arm", ACQREL_CMD_BENCH_GET, true,
	  .attr = ACQREL_A_BENCH_ARM, U32(1), .error = -EINVAL },
	{ "latencies without a run", ACQREL_CMD_BENCH_LATENCY_GET, true,
	  .error = -EINVAL },
	{ "latencies of no run", ACQREL_CMD_BENCH_LATENCY_GET, true,
	  .attr = ACQREL_A_BENCH_RUN, U32(12345), .error = -ENOENT },
};

static const struct refusal source_refusals[] = {
	{ "start without a name", ACQREL_CMD_SOURCE_START },
	{ "start of nothing known", ACQREL_CMD_SOURCE_START,
	  .attr = ACQREL_A_SOURCE_NAME, STR("nosuch"), .error = -ENOENT },
	{ "start of an empty name", ACQREL_CMD_SOURCE_START,
	  .attr = ACQREL_A_SOURCE_NAME, STR("") },
	{ "start of a name without its end", ACQREL_CMD_SOURCE_START,
	  .attr = ACQREL_A_SOURCE_NAME, .data = "sched", .len = 5 },
	{ "start of a name too long", ACQREL_CMD_SOURCE_START,
	  .attr = ACQREL_A_SOURCE_NAME,
	  STR("a23456789b123456789c123456789d12") },
	{ "start with an unknown attribute", ACQREL_CMD_SOURCE_START,
	  NAMED("generator"), .attr = ACQREL_A_SOURCE_MAX + 1, U32(1) },
	{ "start with a read-only attribute", ACQREL_CMD_SOURCE_START,
	  NAMED("generator"), .attr = ACQREL_A_SOURCE_OFFERED, U64(1) },
	{ "seed too short", ACQREL_CMD_SOURCE_START, NAMED("generator"),
	  .attr = ACQREL_A_SOURCE_SEED, U32(1) },
	{ "rate too long", ACQREL_CMD_SOURCE_START, NAMED("generator"),
	  .attr = ACQREL_A_SOURCE_RATE, U64(1) },
	{ "count too short", ACQREL_CMD_SOURCE_START, NAMED("generator"),
	  .attr = ACQREL_A_SOURCE_COUNT, U32(1) },
	{ "seed for sched", ACQREL_CMD_SOURCE_START, NAMED("sched"),
	  .attr = ACQREL_A_SOURCE_SEED, U64(1) },
	{ "rate for sched", ACQREL_CMD_SOURCE_START, NAMED("sched"),
	  .attr = ACQREL_A_SOURCE_RATE, U32(1) },
	{ "count for sched", ACQREL_CMD_SOURCE_START, NAMED("sched"),
	  .attr = ACQREL_A_SOURCE_COUNT, U64(1) },
	{ "stop without a name", ACQREL_CMD_SOURCE_STOP },
	{ "stop of nothing known", ACQREL_CMD_SOURCE_STOP,
	  .attr = ACQREL_A_SOURCE_NAME, STR("nosuch"), .error = -ENOENT },
	{ "stop with a seed", ACQREL_CMD_SOURCE_STOP, NAMED("generator"),
	  .attr = ACQREL_A_SOURCE_SEED, U64(1) },
	{ "stop with an unknown attribute", ACQREL_CMD_SOURCE_STOP,
	  NAMED("generator"), .attr = ACQREL_A_SOURCE_MAX + 1, U32(1) },
	{ "reset with an attribute", ACQREL_CMD_RESET,
	  .attr = ACQREL_A_RING_CPU, U32(1) },
};

static const struct refusal bench_refusals[] = {
	{ "open of nothing", ACQREL_CMD_BENCH_OPEN, .error = -EINVAL },
	{ "close of no arm", ACQREL_CMD_BENCH_CLOSE,
	  .attr = ACQREL_A_BENCH_ARM, U32(1), .error = -ENOENT },
	{ "close of a run", ACQREL_CMD_BENCH_CLOSE,
	  .attr = ACQREL_A_BENCH_RUN, U32(1), .error = -EINVAL },
	{ "start of nothing", ACQREL_CMD_BENCH_START, .error = -EINVAL },
	{ "cancel of nothing", ACQREL_CMD_BENCH_CANCEL, .error = -EINVAL },
	{ "cancel of no run", ACQREL_CMD_BENCH_CANCEL,
	  .attr = ACQREL_A_BENCH_RUN, U32(12345), .error = -ENOENT },
	{ "cancel of an arm", ACQREL_CMD_BENCH_CANCEL,
	  .attr = ACQREL_A_BENCH_ARM, U32(1), .error = -EINVAL },
};

/* Good requests, from somebody who may not make them. */
static const struct refusal changes[] = {
	{ "set", ACQREL_CMD_CONFIG_SET,
	  .attr = ACQREL_A_CONFIG_SAMPLE_EVERY, U32(5) },
	{ "start", ACQREL_CMD_SOURCE_START, NAMED("sched") },
	{ "stop", ACQREL_CMD_SOURCE_STOP, NAMED("generator") },
	{ "reset", ACQREL_CMD_RESET },
	{ "open", ACQREL_CMD_BENCH_OPEN },
	{ "close", ACQREL_CMD_BENCH_CLOSE },
	{ "bench", ACQREL_CMD_BENCH_START },
	{ "cancel", ACQREL_CMD_BENCH_CANCEL },
};

/* Everything a refused request could have changed. */
struct state {
	struct config config;
	struct rings rings;
	struct counters counters;
	struct source sched;
	struct source generator;
};

static void state_get(struct __test_metadata *_metadata, struct nl *nl,
		      struct state *state)
{
	memset(state, 0, sizeof(*state));
	ASSERT_EQ(0, config_get(nl, &state->config));
	ASSERT_EQ(0, rings_get(nl, 0, &state->rings));
	ASSERT_EQ(0, counters_get(nl, &state->counters));
	ASSERT_EQ(0, source_get(nl, "sched", &state->sched));
	ASSERT_EQ(0, source_get(nl, "generator", &state->generator));
}

static int refusal_send(struct nl *nl, const struct refusal *r)
{
	struct nl_msg msg;
	size_t nest = 0;

	nl_msg_init(&msg, nl->family, r->dump ? NLM_F_DUMP : 0, r->cmd);
	if (r->first)
		nl_put_str(&msg, ACQREL_A_SOURCE_NAME, r->first);
	if (r->nested)
		nest = nl_nest(&msg, ACQREL_A_CONFIG_PIDS);
	if (r->attr)
		nl_put(&msg, r->attr, r->data, r->len);
	if (r->nested)
		nl_nest_end(&msg, nest);
	return nl_call(nl, &msg, NULL, NULL);
}

/* Does the text come from the core, which does not know our names? */
static bool is_from_core(const char *text)
{
	static const char * const words[] = {
		"out of range", "invalid attribute", "nsupported attribute",
		"nknown attribute", "policy validation", "reserved bit",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strstr(text, words[i]))
			return true;
	}
	return false;
}

/* A refusal says in words, on one line, what is wrong, or points at it. */
static void check_refusal(struct __test_metadata *_metadata, struct nl *nl,
			  const struct refusal *r)
{
	int ret = refusal_send(nl, r);

	EXPECT_LT(ret, 0) {
		TH_LOG("%s: accepted", r->what);
	}
	if (r->error)
		EXPECT_EQ(r->error, ret) {
			TH_LOG("%s: %s", r->what, nl->extack);
		}
	EXPECT_GE(strlen(nl->extack), 8) {
		TH_LOG("%s: no message", r->what);
	}
	EXPECT_EQ(NULL, strchr(nl->extack, '\n'));
	EXPECT_TRUE(nl->bad_attr || !is_from_core(nl->extack)) {
		TH_LOG("%s: '%s' points at nothing", r->what, nl->extack);
	}
}

static void check_refusals(struct __test_metadata *_metadata, struct nl *nl,
			   const struct refusal *r, size_t n)
{
	static struct state before, after;

	state_get(_metadata, nl, &before);
	for (; n--; r++)
		check_refusal(_metadata, nl, r);
	state_get(_metadata, nl, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

ACQREL_FIXTURE(netlink, "ring_entries=64");

TEST_F(netlink, malformed_config_is_refused)
{
	check_refusals(_metadata, &self->nl, config_refusals,
		       ARRAY_SIZE(config_refusals));
}

TEST_F(netlink, malformed_dumps_are_refused)
{
	check_refusals(_metadata, &self->nl, dump_refusals,
		       ARRAY_SIZE(dump_refusals));
}

TEST_F(netlink, malformed_source_requests_are_refused)
{
	check_refusals(_metadata, &self->nl, source_refusals,
		       ARRAY_SIZE(source_refusals));
}

TEST_F(netlink, malformed_bench_requests_are_refused)
{
	check_refusals(_metadata, &self->nl, bench_refusals,
		       ARRAY_SIZE(bench_refusals));
}

TEST_F(netlink, one_pid_too_many_is_refused)
{
	__u32 pids[ACQREL_PIDS_MAX + 1];
	static struct state before, after;
	int i;

	for (i = 0; i <= ACQREL_PIDS_MAX; i++)
		pids[i] = i + 1;
	state_get(_metadata, &self->nl, &before);
	EXPECT_LT(config_set_pids(&self->nl, pids, ACQREL_PIDS_MAX + 1), 0);
	EXPECT_GE(strlen(self->nl.extack), 8);
	state_get(_metadata, &self->nl, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

/* Good fields around a bad one: all or nothing. */
TEST_F(netlink, one_bad_field_refuses_the_whole)
{
	static struct state before, after;
	struct nl_msg msg;

	state_get(_metadata, &self->nl, &before);
	config_msg(&self->nl, &msg);
	nl_put_u32(&msg, ACQREL_A_CONFIG_KINDS, 1);
	nl_put_u64(&msg, ACQREL_A_CONFIG_MIN_VALUE_NS, 5);
	nl_put_u32(&msg, ACQREL_A_CONFIG_SAMPLE_EVERY, 0);
	nl_put_u32(&msg, ACQREL_A_CONFIG_POLICY, 1);
	EXPECT_EQ(-ERANGE, nl_call(&self->nl, &msg, NULL, NULL));
	EXPECT_NE('\0', self->nl.extack[0]);
	state_get(_metadata, &self->nl, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

/* An attribute longer than the message, and one cut off. */
TEST_F(netlink, broken_attributes_are_refused)
{
	static struct state before, after;
	struct nlattr *attr;
	struct nl_msg msg;
	size_t start;

	state_get(_metadata, &self->nl, &before);
	config_msg(&self->nl, &msg);
	start = msg.hdr.nlmsg_len;
	nl_put_u32(&msg, ACQREL_A_CONFIG_KINDS, 1);
	attr = (void *)(msg.data + start);
	attr->nla_len = 200;
	EXPECT_LT(nl_call(&self->nl, &msg, NULL, NULL), 0);
	EXPECT_NE('\0', self->nl.extack[0]);
	attr->nla_len = 2;
	EXPECT_LT(nl_call(&self->nl, &msg, NULL, NULL), 0);
	EXPECT_NE('\0', self->nl.extack[0]);
	state_get(_metadata, &self->nl, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

TEST_F(netlink, commands_that_do_not_exist)
{
	static const __u8 cmds[] = {
		0, ACQREL_CMD_CONFIG_NTF, ACQREL_CMD_SOURCE_NTF,
		ACQREL_CMD_BENCH_NTF, ACQREL_CMD_MAX + 1, 255,
	};
	struct nl_msg msg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		nl_msg_init(&msg, self->nl.family, 0, cmds[i]);
		EXPECT_EQ(-EOPNOTSUPP, nl_call(&self->nl, &msg, NULL, NULL));
		nl_msg_init(&msg, self->nl.family, NLM_F_DUMP, cmds[i]);
		EXPECT_EQ(-EOPNOTSUPP, nl_call(&self->nl, &msg, NULL, NULL));
	}
}

TEST_F(netlink, dumps_are_no_dos_and_dos_are_no_dumps)
{
	static const __u8 dumps[] = {
		ACQREL_CMD_STATS_GET, ACQREL_CMD_COUNTER_GET,
		ACQREL_CMD_RING_GET, ACQREL_CMD_SOURCE_GET,
		ACQREL_CMD_BENCH_CASE_GET, ACQREL_CMD_BENCH_GET,
		ACQREL_CMD_BENCH_LATENCY_GET, ACQREL_CMD_LITMUS_TEST_GET,
		ACQREL_CMD_LITMUS_GET,
	};
	static const __u8 dos[] = {
		ACQREL_CMD_CONFIG_GET, ACQREL_CMD_CONFIG_SET,
		ACQREL_CMD_SOURCE_START, ACQREL_CMD_SOURCE_STOP,
		ACQREL_CMD_RESET, ACQREL_CMD_BENCH_OPEN,
		ACQREL_CMD_BENCH_CLOSE, ACQREL_CMD_BENCH_START,
		ACQREL_CMD_BENCH_CANCEL, ACQREL_CMD_LITMUS_START,
		ACQREL_CMD_LITMUS_CANCEL,
	};
	struct nl_msg msg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(dumps); i++) {
		nl_msg_init(&msg, self->nl.family, 0, dumps[i]);
		EXPECT_EQ(-EOPNOTSUPP, nl_call(&self->nl, &msg, NULL, NULL));
	}
	for (i = 0; i < ARRAY_SIZE(dos); i++) {
		nl_msg_init(&msg, self->nl.family, NLM_F_DUMP, dos[i]);
		EXPECT_EQ(-EOPNOTSUPP, nl_call(&self->nl, &msg, NULL, NULL));
	}
}

static void drop_net_admin(void)
{
	struct __user_cap_header_struct hdr = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &hdr, data))
		abort();
	data[0].effective &= ~(1U << CAP_NET_ADMIN);
	data[0].permitted &= ~(1U << CAP_NET_ADMIN);
	if (syscall(SYS_capset, &hdr, data))
		abort();
}

/* Runs in a child that has lost the right. Return: commands let through. */
static int try_to_change(void)
{
	static struct rings rings;
	struct config config;
	unsigned int i;
	struct nl nl;
	int wrong = 0;

	if (client_open(&nl))
		return 100;
	for (i = 0; i < ARRAY_SIZE(changes); i++)
		wrong += refusal_send(&nl, &changes[i]) != -EPERM;
	/* Looking is free. */
	wrong += config_get(&nl, &config) != 0;
	wrong += rings_get(&nl, 0, &rings) != 0;
	return wrong;
}

TEST_F(netlink, changes_need_net_admin)
{
	static struct state before, after;
	int status, i;

	ASSERT_EQ(0, generator_start(&self->nl, 1, 1, 0));
	ASSERT_EQ(0, source_stop(&self->nl, "generator"));
	state_get(_metadata, &self->nl, &before);
	for (i = 0; i < 2; i++) {
		pid_t pid = fork_child();

		if (pid == 0) {
			if (i)
				become_nobody();
			else
				drop_net_admin();
			_exit(try_to_change());
		}
		waitpid(pid, &status, 0);
		EXPECT_EQ(0, status);
	}
	state_get(_metadata, &self->nl, &after);
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

TEST_F(netlink, other_network_namespaces_see_no_family)
{
	struct config before, after;
	struct nl other = self->nl;
	struct nl nl;

	ASSERT_EQ(0, config_get(&self->nl, &before));
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	EXPECT_EQ(-ENOENT, client_open(&nl));
	/* Neither does it help to know its id. */
	other.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	ASSERT_GE(other.fd, 0);
	EXPECT_EQ(-ENOENT, config_get(&other, &after));
	EXPECT_EQ(-ENOENT, config_set_min_value(&other, 5));
	EXPECT_EQ(-ENOENT, source_start(&other, "generator"));
	nl_close(&other);
	/* The connection made before belongs to where it was made. */
	ASSERT_EQ(0, config_get(&self->nl, &after));
	EXPECT_TRUE(config_same(&before, &after));
	EXPECT_TRUE(generator_idle(&self->nl));
}

TEST_F(netlink, groups_are_those_of_the_abi)
{
	EXPECT_EQ(0, nl_join(&self->nl, ACQREL_GENL_NAME,
			     ACQREL_MCGRP_CONFIG));
	EXPECT_EQ(0, nl_join(&self->nl, ACQREL_GENL_NAME,
			     ACQREL_MCGRP_SOURCE));
	EXPECT_EQ(0, nl_join(&self->nl, ACQREL_GENL_NAME, ACQREL_MCGRP_BENCH));
	EXPECT_EQ(0, nl_join(&self->nl, ACQREL_GENL_NAME,
			     ACQREL_MCGRP_LITMUS));
	EXPECT_EQ(-ENOENT, nl_join(&self->nl, ACQREL_GENL_NAME, "nosuch"));
}

TEST_HARNESS_MAIN
