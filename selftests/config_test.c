// SPDX-License-Identifier: GPL-2.0-only
/*
 * The config: what can be set, published whole and in order
 */
#include <errno.h>

#include "fixture.h"

#define PUBLISHES	200

ACQREL_FIXTURE(config, "");

TEST_F(config, defaults_let_everything_pass)
{
	struct config config;

	ASSERT_EQ(0, config_get(&self->nl, &config));
	EXPECT_EQ(ACQREL_KINDS_ALL, config.kinds);
	EXPECT_EQ(1, config.sample_every);
	EXPECT_EQ(0, config.min_value_ns);
	EXPECT_EQ(ACQREL_POLICY_DROP_NEWEST, config.policy);
	EXPECT_EQ(0, config.npids);
}

/* The answer to a set is the new config, and so is the next get. */
static void set_and_check(struct __test_metadata *_metadata, struct nl *nl,
			  struct nl_msg *msg, struct config *want)
{
	struct config answer, got;

	want->generation++;
	ASSERT_EQ(0, nl_call(nl, msg, config_cb, &answer)) {
		TH_LOG("%s", nl->extack);
	}
	EXPECT_TRUE(config_same(want, &answer));
	ASSERT_EQ(0, config_get(nl, &got));
	EXPECT_TRUE(config_same(want, &got));
}

TEST_F(config, what_is_not_named_stays)
{
	struct config want;
	struct nl_msg msg;
	size_t nest;

	ASSERT_EQ(0, config_get(&self->nl, &want));

	config_msg(&self->nl, &msg);
	want.kinds = 1U << ACQREL_KIND_SCHED_WAKEUP;
	nl_put_u32(&msg, ACQREL_A_CONFIG_KINDS, want.kinds);
	set_and_check(_metadata, &self->nl, &msg, &want);

	config_msg(&self->nl, &msg);
	want.sample_every = 77;
	nl_put_u32(&msg, ACQREL_A_CONFIG_SAMPLE_EVERY, want.sample_every);
	set_and_check(_metadata, &self->nl, &msg, &want);

	config_msg(&self->nl, &msg);
	want.min_value_ns = 123456789012345ULL;
	nl_put_u64(&msg, ACQREL_A_CONFIG_MIN_VALUE_NS, want.min_value_ns);
	set_and_check(_metadata, &self->nl, &msg, &want);

	config_msg(&self->nl, &msg);
	want.policy = ACQREL_POLICY_OVERWRITE_OLDEST;
	nl_put_u32(&msg, ACQREL_A_CONFIG_POLICY, want.policy);
	set_and_check(_metadata, &self->nl, &msg, &want);

	config_msg(&self->nl, &msg);
	nest = nl_nest(&msg, ACQREL_A_CONFIG_PIDS);
	want.pids[want.npids++] = 42;
	nl_put_u32(&msg, ACQREL_A_PIDS_PID, 42);
	nl_nest_end(&msg, nest);
	set_and_check(_metadata, &self->nl, &msg, &want);

	/* An empty nest lets every task pass again. */
	config_msg(&self->nl, &msg);
	nest = nl_nest(&msg, ACQREL_A_CONFIG_PIDS);
	nl_nest_end(&msg, nest);
	memset(want.pids, 0, sizeof(want.pids));
	want.npids = 0;
	set_and_check(_metadata, &self->nl, &msg, &want);
}

TEST_F(config, ends_of_every_range)
{
	__u32 pids[ACQREL_PIDS_MAX];
	struct config config;
	int i;

	EXPECT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_KINDS, 0));
	EXPECT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_KINDS,
				    ACQREL_KINDS_ALL));
	EXPECT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_SAMPLE_EVERY,
				    1));
	EXPECT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_SAMPLE_EVERY,
				    ACQREL_SAMPLE_MAX));
	EXPECT_EQ(0, config_set_min_value(&self->nl, 0));
	EXPECT_EQ(0, config_set_min_value(&self->nl, ~0ULL));
	for (i = 0; i < ACQREL_PIDS_MAX; i++)
		pids[i] = ACQREL_PID_LIMIT - i;
	EXPECT_EQ(0, config_set_pids(&self->nl, pids, ACQREL_PIDS_MAX));
	ASSERT_EQ(0, config_get(&self->nl, &config));
	EXPECT_EQ(ACQREL_SAMPLE_MAX, config.sample_every);
	EXPECT_EQ(~0ULL, config.min_value_ns);
	EXPECT_EQ(ACQREL_PIDS_MAX, config.npids);
	pids[0] = 1;
	EXPECT_EQ(0, config_set_pids(&self->nl, pids, 1));
}

/* All fields follow from @n, so that a mixture shows. */
static void config_of(unsigned int n, struct config *config)
{
	unsigned int i;

	memset(config, 0, sizeof(*config));
	config->kinds = n % (ACQREL_KINDS_ALL + 1);
	config->sample_every = n + 1;
	config->min_value_ns = (__u64)n << 32 | n;
	config->policy = n % __ACQREL_POLICY_COUNT;
	config->npids = n % (ACQREL_PIDS_MAX + 1);
	for (i = 0; i < config->npids; i++)
		config->pids[i] = n + 1 + i;
}

static bool config_is_whole(const struct config *config)
{
	struct config want;

	config_of(config->sample_every - 1, &want);
	want.generation = config->generation;
	return config_same(&want, config);
}

static pid_t fork_writer(unsigned int base)
{
	struct config config;
	struct nl nl;
	unsigned int i;
	pid_t pid = fork_child();

	if (pid)
		return pid;
	if (client_open(&nl))
		_exit(1);
	for (i = 0; i < PUBLISHES; i++) {
		config_of(base + i, &config);
		if (config_set_all(&nl, &config))
			_exit(1);
	}
	_exit(0);
}

static int reap(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid ? status : -1;
}

TEST_F(config, readers_never_see_a_mixture)
{
	struct config config, last;
	pid_t one, two;
	int status;
	int gets = 0;

	config_of(0, &config);
	ASSERT_EQ(0, config_set_all(&self->nl, &config));
	ASSERT_EQ(0, config_get(&self->nl, &last));
	one = fork_writer(0);
	two = fork_writer(1000);
	while (waitpid(one, &status, WNOHANG) == 0) {
		ASSERT_EQ(0, config_get(&self->nl, &config));
		ASSERT_TRUE(config_is_whole(&config));
		ASSERT_GE(config.generation, last.generation);
		last = config;
		gets++;
	}
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, reap(two));
	EXPECT_GT(gets, 10);
}

TEST_F(config, two_writers_get_one_generation_for_each_publish)
{
	struct config before, after;
	pid_t one, two;

	ASSERT_EQ(0, config_get(&self->nl, &before));
	one = fork_writer(0);
	two = fork_writer(1000);
	EXPECT_EQ(0, reap(one));
	EXPECT_EQ(0, reap(two));
	ASSERT_EQ(0, config_get(&self->nl, &after));
	EXPECT_EQ(before.generation + 2 * PUBLISHES, after.generation);
	EXPECT_TRUE(config_is_whole(&after));
}

TEST_F(config, group_announces_each_generation_in_order)
{
	struct config config, note;
	struct nl group;
	__u64 next;
	int i;

	ASSERT_EQ(0, client_open(&group));
	ASSERT_EQ(0, nl_join(&group, ACQREL_GENL_NAME, ACQREL_MCGRP_CONFIG));
	ASSERT_EQ(0, config_get(&self->nl, &config));
	next = config.generation + 1;
	for (i = 0; i < 20; i++) {
		config_of(i, &config);
		ASSERT_EQ(0, config_set_all(&self->nl, &config));
	}
	for (i = 0; i < 20; i++, next++) {
		ASSERT_EQ(0, nl_wait_ntf(&group, ACQREL_CMD_CONFIG_NTF, slow_ms(),
					 config_cb, &note));
		config_of(i, &config);
		config.generation = next;
		EXPECT_TRUE(config_same(&config, &note));
	}
	/* A get is no publish, and neither is a refused set. */
	ASSERT_EQ(0, config_get(&self->nl, &config));
	EXPECT_EQ(-ERANGE, config_set_u32(&self->nl,
					  ACQREL_A_CONFIG_SAMPLE_EVERY, 0));
	EXPECT_EQ(-ETIMEDOUT, nl_wait_ntf(&group, ACQREL_CMD_CONFIG_NTF, 100,
					  NULL, NULL));
	nl_close(&group);
}

TEST_HARNESS_MAIN
