// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arms: whose they are, when they go, and what is refused
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "fixture.h"

#include "bench.h"

#define KTHREAD	"acqrel_bench/"

static const struct bench_slice longest = {
	.slice_ns = ACQREL_BENCH_SLICE_MAX_NS,
	.lead_ns = ACQREL_BENCH_LEAD_MAX_NS,
};

FIXTURE(bench_arm) {
	struct nl nl;
	struct nl group;
	struct bench_cases cases;
};

FIXTURE_SETUP(bench_arm)
{
	MODULE_SETUP("");
	ASSERT_EQ(0, client_open(&self->nl));
	ASSERT_EQ(0, client_open(&self->group));
	ASSERT_EQ(0, nl_join(&self->group, ACQREL_GENL_NAME,
			     ACQREL_MCGRP_BENCH));
	ASSERT_EQ(0, bench_cases(&self->nl, &self->cases));
}

FIXTURE_TEARDOWN(bench_arm)
{
	nl_close(&self->nl);
	nl_close(&self->group);
	MODULE_TEARDOWN();
}

TEST_F(bench_arm, threads_stay_as_long_as_an_arm)
{
	__u32 arm[2];

	EXPECT_FALSE(kthread_exists(KTHREAD));
	ASSERT_EQ(0, bench_open_loop(&self->nl, 1, &arm[0]));
	ASSERT_EQ(0, bench_open_loop(&self->nl, 1, &arm[1]));
	EXPECT_NE(arm[0], arm[1]);
	ASSERT_EQ(0, bench_close(&self->nl, arm[0]));
	EXPECT_EQ(-ENOENT, bench_close(&self->nl, arm[0]));
	EXPECT_STREQ("the socket has no such arm", self->nl.extack);
	EXPECT_TRUE(kthread_exists(KTHREAD));
	ASSERT_EQ(0, bench_close_all(&self->nl));
	EXPECT_TRUE(WAIT_FOR(!kthread_exists(KTHREAD), slow_ms()));
	EXPECT_EQ(0, bench_close_all(&self->nl));
}

/* Runs in a child: opens arms, begins the longest slice, and stays. */
static void __attribute__((noreturn)) hold_arms(int ready)
{
	struct nl nl;
	__u32 arm[3];
	int i, ret;

	if (client_open(&nl))
		_exit(1);
	for (i = 0; i < 3; i++) {
		if (bench_open_loop(&nl, 1, &arm[i]))
			_exit(1);
	}
	if (bench_start(&nl, arm[1], &longest, NULL) ||
	    write(ready, arm, sizeof(*arm)) != sizeof(*arm))
		_exit(1);
	/* One after the other, so that it is killed in a slice. */
	do {
		usleep(1000);
		ret = bench_start(&nl, arm[1], &longest, NULL);
	} while (!ret || ret == -EBUSY);
	_exit(1);
}

TEST_F(bench_arm, a_killed_client_leaves_nothing)
{
	__u32 theirs, arm, run;
	__s32 status;
	int fds[2];
	pid_t pid;

	ASSERT_EQ(0, pipe(fds));
	pid = fork_child();
	if (!pid)
		hold_arms(fds[1]);
	close(fds[1]);
	ASSERT_EQ(sizeof(theirs), read(fds[0], &theirs, sizeof(theirs)));
	close(fds[0]);

	EXPECT_EQ(-EBUSY, bench_open_loop(&self->nl, 1, NULL));
	EXPECT_STREQ("another socket has arms", self->nl.extack);
	EXPECT_EQ(-ENOENT, bench_start(&self->nl, theirs, &longest, NULL));
	EXPECT_EQ(-ENOENT, bench_close(&self->nl, theirs));
	EXPECT_EQ(0, bench_close_all(&self->nl));
	EXPECT_TRUE(kthread_exists(KTHREAD));

	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_TRUE(WAIT_FOR(!kthread_exists(KTHREAD), slow_ms()));
	ASSERT_TRUE(WAIT_FOR(!bench_open_loop(&self->nl, 1, &arm), slow_ms())) {
		TH_LOG("%s", self->nl.extack);
	}
	EXPECT_NE(theirs, arm);
	ASSERT_EQ(0, bench_start(&self->nl, arm, &longest, &run));
	ASSERT_EQ(0, bench_wait(&self->group, run, &status));
	EXPECT_EQ(0, status);
}

/* Runs in a child: opens, starts, cancels and closes until it is killed. */
static void __attribute__((noreturn)) use_arms(unsigned int threads)
{
	const struct bench_slice slice = { .slice_ns = 1000000 };
	__u32 arm, run;
	struct nl nl;

	if (client_open(&nl))
		_exit(1);
	for (;;) {
		if (bench_open_loop(&nl, threads, &arm))
			continue;
		while (bench_start(&nl, arm, &slice, &run))
			;
		bench_cancel(&nl, run);
		while (bench_close(&nl, arm))
			;
	}
}

TEST_F(bench_arm, clients_are_killed_wherever_they_are)
{
	unsigned int threads = cpus_online() > 1 ? 2 : 1;
	pid_t pid;
	int i;

	for (i = 0; i < 100; i++) {
		pid = fork_child();
		if (!pid)
			use_arms(threads);
		/* Not for the same time, so not at the same place. */
		usleep(1000 + i * 300);
		ASSERT_EQ(0, kill(pid, SIGKILL));
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
		ASSERT_TRUE(WAIT_FOR(!bench_open_loop(&self->nl, threads, NULL),
				     slow_ms())) {
			TH_LOG("%s", self->nl.extack);
		}
		ASSERT_EQ(0, bench_close_all(&self->nl));
	}
	EXPECT_TRUE(WAIT_FOR(!kthread_exists(KTHREAD), slow_ms()));
}

TEST_F(bench_arm, unload_ends_a_slice)
{
	__u64 begin;
	__u32 arm;

	ASSERT_EQ(0, bench_open_loop(&self->nl,
				     cpus_online() > 1 ? 2 : 1, &arm));
	ASSERT_EQ(0, bench_start(&self->nl, arm, &longest, NULL));
	begin = now_ns();
	ASSERT_EQ(0, module_remove("acqrel"));
	EXPECT_LT(now_ns() - begin, slow_ms() * NSEC_PER_MSEC);
	EXPECT_EQ(NULL, module_left_behind());
	ASSERT_EQ(0, module_insert("acqrel", ""));
}

TEST_F(bench_arm, there_is_a_most)
{
	__u32 arm = 0;
	int i, ret = 0;

	for (i = 0; i < ACQREL_BENCH_ARMS_MAX && !ret; i++)
		ret = bench_open_loop(&self->nl, 1, &arm);
	ASSERT_EQ(0, ret) {
		TH_LOG("%d: %s", i, self->nl.extack);
	}
	EXPECT_EQ(-ENOSPC, bench_open_loop(&self->nl, 1, NULL));
	EXPECT_STREQ("no more arms can be open", self->nl.extack);
	ASSERT_EQ(0, bench_close(&self->nl, arm));
	EXPECT_TRUE(WAIT_FOR(!bench_open_loop(&self->nl, 1, NULL), slow_ms()));
}

/**
 * struct bad_open - an arm that cannot be
 * @what: as asked for
 * @error: how it must be refused
 * @why: and with what sentence, NULL for any
 */
struct bad_open {
	struct bench_open what;
	int error;
	const char *why;
};

static const __u32 twice[] = { 0, 0 };
static const __u32 nowhere[] = { 0, 8191 };
static const __u32 beyond[] = { 0xffffffff };

static const struct bad_open bad_opens[] = {
	{ { NULL, twice, 1 }, -EINVAL, "the name of a case is missing" },
	{ { EMPTY_LOOP }, -EINVAL, "the CPUs are missing" },
	{ { "", twice, 1 }, -ENOENT, "there is no case of that name" },
	{ { "empty/empty", twice, 1 }, -ENOENT },
	{ { "empty/empty:", twice, 1 }, -ENOENT },
	{ { "empty/empty:loops", twice, 1 }, -ENOENT },
	{ { "empty/empty:loop0123456789012345", twice, 1 }, -EINVAL },
	{ { EMPTY_LOOP, twice, 0 }, -EINVAL,
	  "the CPUs are not whole numbers of 32 bits" },
	{ { EMPTY_LOOP, twice, 2 }, -EINVAL, "a CPU is named twice" },
	{ { EMPTY_LOOP, nowhere, 2 }, -EINVAL, "a CPU is not online" },
	{ { EMPTY_LOOP, beyond, 1 }, -EINVAL, "a CPU is not online" },
	{ { EMPTY_LOOP, twice, 1, 8 }, -EINVAL, "the case has no payload" },
	{ { EMPTY_LOOP, twice, 1, 7 }, -ERANGE },
	{ { EMPTY_LOOP, twice, 1, ACQREL_BENCH_PAYLOAD_MAX + 1 }, -ERANGE },
	{ { EMPTY_LOOP, twice, 1, 0, true }, -EINVAL,
	  "the case has no writer" },
};

static void refuse_open(struct __test_metadata *_metadata, struct nl *nl,
			const struct bad_open *bad)
{
	const char *name = bad->what.name ?: "no name";

	EXPECT_EQ(bad->error, bench_open(nl, &bad->what, NULL)) {
		TH_LOG("%s: %s", name, nl->extack);
	}
	EXPECT_TRUE(bad->why ? !strcmp(bad->why, nl->extack) :
			       strlen(nl->extack) >= 8) {
		TH_LOG("%s: says '%s'", name, nl->extack);
	}
}

static const struct bench_case *find_case(const struct bench_cases *cases,
					  bool (*is)(const struct bench_case *))
{
	unsigned int i;

	for (i = 0; i < cases->n; i++) {
		if (is(&cases->at[i]))
			return &cases->at[i];
	}
	return NULL;
}

static bool takes_payload(const struct bench_case *c)
{
	return c->payload_max && c->writes;
}

static bool needs_two(const struct bench_case *c)
{
	return c->threads == 2;
}

static bool takes_two(const struct bench_case *c)
{
	return c->threads_max == 2;
}

TEST_F(bench_arm, impossible_arms_are_refused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad_opens); i++)
		refuse_open(_metadata, &self->nl, &bad_opens[i]);
	/* one that has ended is seen until it is reaped */
	EXPECT_TRUE(WAIT_FOR(!kthread_exists(KTHREAD), slow_ms()));
	ASSERT_EQ(0, bench_open_loop(&self->nl, 1, NULL));
}

TEST_F(bench_arm, arms_that_a_case_does_not_take_are_refused)
{
	static const __u32 cpus[] = { 0, 1, 2 };
	const struct bench_case *c = find_case(&self->cases, takes_payload);

	ASSERT_NE(NULL, c);
	refuse_open(_metadata, &self->nl, &(struct bad_open){
		{ c->name, cpus, 1, 12 }, -EINVAL,
		"the payload is no multiple of 8" });
	if (c->payload_max < ACQREL_BENCH_PAYLOAD_MAX)
		refuse_open(_metadata, &self->nl, &(struct bad_open){
			{ c->name, cpus, 1, c->payload_max + 8 }, -EINVAL,
			"the payload is more than the case takes" });
	refuse_open(_metadata, &self->nl, &(struct bad_open){
		{ c->name, cpus, 1, 0, true }, -EINVAL,
		"the case needs more CPUs" });
	c = find_case(&self->cases, needs_two);
	ASSERT_NE(NULL, c);
	refuse_open(_metadata, &self->nl, &(struct bad_open){
		{ c->name, cpus, 1 }, -EINVAL, "the case needs more CPUs" });
	c = find_case(&self->cases, takes_two);
	ASSERT_NE(NULL, c);
	refuse_open(_metadata, &self->nl, &(struct bad_open){
		{ c->name, cpus, 3 }, -EINVAL,
		"the case does not take so many CPUs" });
}

TEST_F(bench_arm, cpus_that_are_no_numbers_are_refused)
{
	static const size_t bad[] = { 1, 3, 5, 7 };
	struct nl_msg msg;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		nl_msg_init(&msg, self->nl.family, 0, ACQREL_CMD_BENCH_OPEN);
		nl_put_str(&msg, ACQREL_A_BENCH_NAME, EMPTY_LOOP);
		nl_put(&msg, ACQREL_A_BENCH_CPUS, twice, bad[i]);
		EXPECT_EQ(-EINVAL, nl_call(&self->nl, &msg, NULL, NULL));
		EXPECT_STREQ("the CPUs are not whole numbers of 32 bits",
			     self->nl.extack);
	}
}

/**
 * struct bad_start - a slice that cannot be, of an arm that is there
 * @what: for the log
 * @attr: what is out of range
 * @size: of it, 4 or 8 bytes
 * @value: of it
 */
struct bad_start {
	const char *what;
	__u16 attr;
	size_t size;
	__u64 value;
};

static const struct bad_start bad_starts[] = {
	{ "slice too short", ACQREL_A_BENCH_SLICE_NS, 8,
	  ACQREL_BENCH_SLICE_MIN_NS - 1 },
	{ "slice too long", ACQREL_A_BENCH_SLICE_NS, 8,
	  ACQREL_BENCH_SLICE_MAX_NS + 1 },
	{ "slice of 32 bits", ACQREL_A_BENCH_SLICE_NS, 4, 1000000 },
	{ "lead too long", ACQREL_A_BENCH_LEAD_NS, 8,
	  ACQREL_BENCH_LEAD_MAX_NS + 1 },
	{ "no such mode", ACQREL_A_BENCH_MODE, 4, __ACQREL_BENCH_MODE_COUNT },
	{ "pace too long", ACQREL_A_BENCH_PACE_NS, 8,
	  ACQREL_BENCH_PERIOD_MAX_NS + 1 },
	{ "write period too long", ACQREL_A_BENCH_WRITE_PERIOD_NS, 8,
	  ACQREL_BENCH_PERIOD_MAX_NS + 1 },
	{ "chunk of nothing", ACQREL_A_BENCH_CHUNK, 4, 0 },
	{ "chunk too large", ACQREL_A_BENCH_CHUNK, 4,
	  ACQREL_BENCH_CHUNK_MAX + 1 },
	{ "plant too large", ACQREL_A_BENCH_PLANT, 4,
	  ACQREL_BENCH_PLANT_MAX + 1 },
	{ "too late", ACQREL_A_BENCH_LATE_NS, 8,
	  ACQREL_BENCH_SLICE_MAX_NS + 1 },
	{ "arm of 64 bits", ACQREL_A_BENCH_ARM, 8, 1 },
	{ "a name", ACQREL_A_BENCH_NAME, 4, 'x' },
	{ "a run", ACQREL_A_BENCH_RUN, 4, 1 },
	{ "an unknown attribute", ACQREL_A_BENCH_MAX + 1, 4, 1 },
	{ "a far unknown attribute", 200, 4, 1 },
	{ "no arm", ACQREL_A_BENCH_ARM },
	{ "no slice", ACQREL_A_BENCH_SLICE_NS },
	{ "no lead", ACQREL_A_BENCH_LEAD_NS },
};

static int start_badly(struct nl *nl, __u32 arm, const struct bad_start *bad)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_BENCH_START);
	if (bad->attr != ACQREL_A_BENCH_ARM)
		nl_put_u32(&msg, ACQREL_A_BENCH_ARM, arm);
	if (bad->attr != ACQREL_A_BENCH_SLICE_NS)
		nl_put_u64(&msg, ACQREL_A_BENCH_SLICE_NS, 1000000);
	if (bad->attr != ACQREL_A_BENCH_LEAD_NS)
		nl_put_u64(&msg, ACQREL_A_BENCH_LEAD_NS, 0);
	if (bad->size)
		nl_put(&msg, bad->attr, &bad->value, bad->size);
	return nl_call(nl, &msg, NULL, NULL);
}

/* A slice that began would tell the group. */
TEST_F(bench_arm, impossible_slices_are_refused)
{
	const struct bench_slice planted = {
		.slice_ns = 1000000, .mode = ACQREL_BENCH_LATENCY, .plant = 1,
	};
	const struct bad_start *bad;
	__u32 arm;
	int ret;

	ASSERT_EQ(0, bench_open_loop(&self->nl, 1, &arm));
	for (bad = bad_starts; bad < bad_starts + ARRAY_SIZE(bad_starts);
	     bad++) {
		ret = start_badly(&self->nl, arm, bad);
		EXPECT_TRUE(ret == -EINVAL || ret == -ERANGE) {
			TH_LOG("%s: %d", bad->what, ret);
		}
		EXPECT_GE(strlen(self->nl.extack), 8) {
			TH_LOG("%s: no message", bad->what);
		}
		EXPECT_EQ(bad->size != 0, self->nl.bad_attr != 0) {
			TH_LOG("%s: points at %u", bad->what,
			       self->nl.bad_attr);
		}
	}
	EXPECT_EQ(-EINVAL, bench_start(&self->nl, arm, &planted, NULL));
	EXPECT_STREQ("a plant needs operations timed together",
		     self->nl.extack);
	EXPECT_EQ(-ENOENT, bench_start(&self->nl, arm + 1, &longest, NULL));
	EXPECT_STREQ("the socket has no such arm", self->nl.extack);
	EXPECT_EQ(-ETIMEDOUT, nl_wait_ntf(&self->group, ACQREL_CMD_BENCH_NTF,
					  100, NULL, NULL));
}

TEST_HARNESS_MAIN
