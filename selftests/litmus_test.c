// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs of litmus tests: what they count adds up, whose they are, when they go,
 * and what is refused
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "fixture.h"

#define KTHREAD		"acqrel_litmus/"
#define TESTS_MAX	256
#define OUTCOMES_MAX	256
#define MP		"MP+ra"

/* register r of thread t is v */
#define REG(t, r, v)	((__u64)(v) << (16 * (t) + 4 * (r)))

struct test {
	char name[ACQREL_NAME_MAX + 1];
	__u32 threads;
	bool grace;
};

struct tests {
	unsigned int n;
	struct test at[TESTS_MAX];
};

/* What is NULL is left out of the request. */
struct start {
	const char *name;
	const __u32 *cpus;
	unsigned int n;
	__u64 trials;
};

struct result {
	unsigned int summaries;
	__s32 status;
	__u64 trials;
	__u64 overlapped;
	__u64 touched;
	__u64 first;		/* sum over the threads */
	unsigned int n;
	__u64 outcomes[OUTCOMES_MAX];
	__u64 counts[OUTCOMES_MAX];
};

static const __u32 apart[] = { 0, 1, 2, 3 };
static const __u32 together[] = { 0, 0, 0, 0 };
static const char online[] = "/sys/devices/system/cpu/cpu1/online";

static int test_cb(const struct nlattr **tb, void *arg)
{
	struct tests *tests = arg;
	struct test *test = &tests->at[tests->n];

	if (tests->n++ == TESTS_MAX)
		return -E2BIG;
	test->grace = tb[ACQREL_A_LITMUS_GRACE];
	return nl_str(tb[ACQREL_A_LITMUS_NAME], test->name,
		      sizeof(test->name)) ||
	       nl_u32(tb[ACQREL_A_LITMUS_THREADS], &test->threads) ?
	       -EBADMSG : 0;
}

static int litmus_tests(struct nl *nl, struct tests *tests)
{
	struct nl_msg msg;

	tests->n = 0;
	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_LITMUS_TEST_GET);
	return nl_call(nl, &msg, test_cb, tests);
}

static int run_cb(const struct nlattr **tb, void *run)
{
	return nl_u32(tb[ACQREL_A_LITMUS_RUN], run);
}

/* @run may be NULL. */
static int litmus_start(struct nl *nl, const struct start *start, __u32 *run)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_LITMUS_START);
	if (start->name)
		nl_put_str(&msg, ACQREL_A_LITMUS_NAME, start->name);
	if (start->cpus)
		nl_put(&msg, ACQREL_A_LITMUS_CPUS, start->cpus,
		       start->n * sizeof(*start->cpus));
	nl_put_u64(&msg, ACQREL_A_LITMUS_TRIALS, start->trials);
	nl_put_u64(&msg, ACQREL_A_LITMUS_SEED, 1);
	return nl_call(nl, &msg, run ? run_cb : NULL, run);
}

static const __u32 *two_cpus(void)
{
	return cpus_online() > 1 ? apart : together;
}

/* A run that does not end by itself. */
static int litmus_start_endless(struct nl *nl, __u32 *run)
{
	const struct start start = {
		MP, two_cpus(), 2, ACQREL_LITMUS_TRIALS_MAX
	};

	return litmus_start(nl, &start, run);
}

static int litmus_cancel(struct nl *nl, __u32 run)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_LITMUS_CANCEL);
	nl_put_u32(&msg, ACQREL_A_LITMUS_RUN, run);
	return nl_call(nl, &msg, NULL, NULL);
}

static int summary_cb(const struct nlattr **tb, struct result *result)
{
	const struct nlattr *first = tb[ACQREL_A_LITMUS_FIRST];
	__u64 each[ACQREL_LITMUS_CPUS_MAX] = { 0 };
	unsigned int i;
	__u32 status;

	if (result->summaries++ || result->n || !first ||
	    first->nla_len > NLA_HDRLEN + sizeof(each) ||
	    nl_u32(tb[ACQREL_A_LITMUS_STATUS], &status) ||
	    nl_u64(tb[ACQREL_A_LITMUS_TRIALS], &result->trials) ||
	    nl_u64(tb[ACQREL_A_LITMUS_OVERLAPPED], &result->overlapped) ||
	    nl_u64(tb[ACQREL_A_LITMUS_TOUCHED], &result->touched))
		return -EBADMSG;
	memcpy(each, (const char *)first + NLA_HDRLEN,
	       first->nla_len - NLA_HDRLEN);
	for (i = 0; i < ACQREL_LITMUS_CPUS_MAX; i++)
		result->first += each[i];
	result->status = status;
	return 0;
}

static int result_cb(const struct nlattr **tb, void *arg)
{
	struct result *result = arg;
	unsigned int i = result->n;

	if (!tb[ACQREL_A_LITMUS_OUTCOME])
		return summary_cb(tb, result);
	if (result->n++ == OUTCOMES_MAX)
		return -E2BIG;
	return nl_u64(tb[ACQREL_A_LITMUS_OUTCOME], &result->outcomes[i]) ||
	       nl_u64(tb[ACQREL_A_LITMUS_COUNT], &result->counts[i]) ?
	       -EBADMSG : 0;
}

static int litmus_result(struct nl *nl, __u32 run, struct result *result)
{
	struct nl_msg msg;

	memset(result, 0, sizeof(*result));
	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_LITMUS_GET);
	nl_put_u32(&msg, ACQREL_A_LITMUS_RUN, run);
	return nl_call(nl, &msg, result_cb, result);
}

struct ended {
	__u32 run;
	__u32 status;
};

static int ended_cb(const struct nlattr **tb, void *arg)
{
	struct ended *ended = arg;

	return nl_u32(tb[ACQREL_A_LITMUS_RUN], &ended->run) ||
	       nl_u32(tb[ACQREL_A_LITMUS_STATUS], &ended->status) ?
	       -EBADMSG : 0;
}

/* Waits until the group has heard that @run ended; others are skipped. */
static int litmus_wait(struct nl *group, __u32 run, __s32 *status)
{
	struct ended ended;
	int ret;

	do {
		ret = nl_wait_ntf(group, ACQREL_CMD_LITMUS_NTF, 20000, ended_cb,
				  &ended);
	} while (!ret && ended.run != run);
	if (!ret)
		*status = ended.status;
	return ret;
}

FIXTURE(litmus) {
	struct nl nl;
	struct nl group;
	struct result result;
};

FIXTURE_SETUP(litmus)
{
	MODULE_SETUP("");
	ASSERT_EQ(0, client_open(&self->nl));
	ASSERT_EQ(0, client_open(&self->group));
	ASSERT_EQ(0, nl_join(&self->group, ACQREL_GENL_NAME,
			     ACQREL_MCGRP_LITMUS));
}

FIXTURE_TEARDOWN(litmus)
{
	if (path_exists(online))
		file_write(online, "1");
	nl_close(&self->nl);
	nl_close(&self->group);
	MODULE_TEARDOWN();
}

static const char *const shapes[] = {
	"MP", "MP2flag", "MPwp", "MPwc", "SB", "IRIW", "ISA2", "WRC", "CoRR",
	"LB", "2+2W", "R", "S", "MPcas", "SBrmw", "seqlock", "refcount",
	"hazard", "sleepwake", "RCUpub", "RCUfree", "SPSCreuse",
};

static unsigned int variants_of(const struct tests *tests, const char *shape)
{
	size_t len = strlen(shape);
	unsigned int i, n = 0;

	for (i = 0; i < tests->n; i++)
		n += !strncmp(tests->at[i].name, shape, len) &&
		     tests->at[i].name[len] == '+' &&
		     !strchr(tests->at[i].name + len + 1, '+');
	return n;
}

static unsigned int times_there(const struct tests *tests, const char *name)
{
	unsigned int i, n = 0;

	for (i = 0; i < tests->n; i++)
		n += !strcmp(tests->at[i].name, name);
	return n;
}

TEST_F(litmus, tests_are_what_they_should_be)
{
	static struct tests tests;
	unsigned int i, n, all = 0;
	const struct test *test;

	ASSERT_EQ(0, litmus_tests(&self->nl, &tests));
	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		n = variants_of(&tests, shapes[i]);
		EXPECT_GE(n, 2) {
			TH_LOG("%s has %u variants", shapes[i], n);
		}
		all += n;
	}
	EXPECT_EQ(tests.n, all);
	for (test = tests.at; test < tests.at + tests.n; test++) {
		EXPECT_TRUE(times_there(&tests, test->name) == 1 &&
			    test->threads >= 2 &&
			    test->threads <= ACQREL_LITMUS_CPUS_MAX &&
			    test->grace == !strcmp(test->name, "RCUfree+gp")) {
			TH_LOG("%s: %u threads, grace %d", test->name,
			       test->threads, test->grace);
		}
	}
}

/* Runs @start and leaves what was counted in self->result. */
static void run_test(struct __test_metadata *_metadata,
		     struct _test_data_litmus *self, const struct start *start)
{
	const struct result *result = &self->result;
	__u64 counted = 0;
	unsigned int i;
	__s32 status;
	__u32 run;

	ASSERT_EQ(0, litmus_start(&self->nl, start, &run)) {
		TH_LOG("%s: %s", start->name, self->nl.extack);
	}
	ASSERT_EQ(0, litmus_wait(&self->group, run, &status));
	EXPECT_EQ(0, status);
	ASSERT_EQ(0, litmus_result(&self->nl, run, &self->result)) {
		TH_LOG("%s: %s", start->name, self->nl.extack);
	}
	EXPECT_EQ(1, result->summaries);
	EXPECT_EQ(0, result->status);
	EXPECT_EQ(start->trials, result->trials);
	EXPECT_EQ(start->trials, result->first);
	EXPECT_LE(result->overlapped, result->touched);
	EXPECT_LE(result->touched, result->trials);
	for (i = 0; i < result->n; i++) {
		EXPECT_NE(0, result->counts[i]);
		counted += result->counts[i];
	}
	EXPECT_EQ(start->trials, counted);
}

static __u64 times_seen(const struct result *result, __u64 outcome)
{
	unsigned int i;

	for (i = 0; i < result->n; i++) {
		if (result->outcomes[i] == outcome)
			return result->counts[i];
	}
	return 0;
}

TEST_F(litmus, counts_add_up_to_the_trials)
{
	run_test(_metadata, self, &(struct start){ MP, two_cpus(), 2, 10000 });
	/* the flag and not the data is what must not be */
	EXPECT_EQ(10000, times_seen(&self->result, 0) +
			 times_seen(&self->result, REG(1, 1, 1)) +
			 times_seen(&self->result, REG(1, 0, 1) | REG(1, 1, 1)));
	/* not a whole round, and less than one */
	run_test(_metadata, self, &(struct start){ MP, two_cpus(), 2, 3001 });
	run_test(_metadata, self, &(struct start){ MP, two_cpus(), 2, 1 });
}

TEST_F(litmus, threads_race)
{
	int i;

	if (cpus_online() < 2)
		SKIP_TEST("needs two CPUs");
	/* a busy host may let one CPU run at a time, but not for ever */
	for (i = 0; i < 20 && !(self->result.overlapped && self->result.n > 1);
	     i++)
		run_test(_metadata, self,
			 &(struct start){ MP, apart, 2, 10000 });
	EXPECT_NE(0, self->result.overlapped);
	EXPECT_GT(self->result.n, 1);
}

TEST_F(litmus, threads_take_turns_on_a_cpu)
{
	run_test(_metadata, self, &(struct start){ "SB+mb", together, 2, 2000 });
	EXPECT_EQ(0, times_seen(&self->result, 0));
	run_test(_metadata, self,
		 &(struct start){ "IRIW+mb", together, 4, 2000 });
	run_test(_metadata, self,
		 &(struct start){ "ISA2+mb", together, 3, 2000 });
}

TEST_F(litmus, what_is_left_is_part_of_an_outcome)
{
	run_test(_metadata, self,
		 &(struct start){ "2+2W+mb", two_cpus(), 2, 2000 });
	/* x and y are 1 or 2, not both 1 */
	EXPECT_EQ(2000, times_seen(&self->result, 0x2ULL << 48 | 0x2ULL << 52) +
			times_seen(&self->result, 0x1ULL << 48 | 0x2ULL << 52) +
			times_seen(&self->result, 0x2ULL << 48 | 0x1ULL << 52));
}

TEST_F(litmus, a_grace_period_is_waited_for)
{
	run_test(_metadata, self,
		 &(struct start){ "RCUfree+gp", two_cpus(), 2, 50 });
	EXPECT_EQ(50, times_seen(&self->result, REG(0, 0, 1)) +
		      times_seen(&self->result, REG(0, 0, 2)));
}

TEST_F(litmus, a_run_can_be_cancelled)
{
	struct nl other;
	__u64 counted = 0;
	unsigned int i;
	__s32 status;
	__u32 run;

	ASSERT_EQ(0, client_open(&other));
	ASSERT_EQ(0, litmus_start_endless(&self->nl, &run));
	EXPECT_EQ(-EBUSY, litmus_start_endless(&self->nl, NULL));
	EXPECT_STREQ("a run is under way", self->nl.extack);
	EXPECT_EQ(-EBUSY, litmus_start_endless(&other, NULL));
	EXPECT_EQ(-EBUSY, litmus_result(&self->nl, run, &self->result));
	EXPECT_STREQ("the run has not ended", self->nl.extack);
	EXPECT_EQ(-ENOENT, litmus_cancel(&other, run));
	EXPECT_STREQ("the socket has no such run under way", other.extack);
	EXPECT_EQ(-ENOENT, litmus_cancel(&self->nl, run + 1));
	EXPECT_TRUE(kthread_exists(KTHREAD));

	ASSERT_EQ(0, litmus_cancel(&self->nl, run));
	ASSERT_EQ(0, litmus_wait(&self->group, run, &status));
	EXPECT_EQ(-ECANCELED, status);
	EXPECT_EQ(-ENOENT, litmus_cancel(&self->nl, run));
	ASSERT_EQ(0, litmus_result(&self->nl, run, &self->result));
	EXPECT_EQ(-ECANCELED, self->result.status);
	for (i = 0; i < self->result.n; i++)
		counted += self->result.counts[i];
	EXPECT_EQ(self->result.trials, counted);
	EXPECT_LT(counted, ACQREL_LITMUS_TRIALS_MAX);
	EXPECT_TRUE(WAIT_FOR(!kthread_exists(KTHREAD), slow_ms()));
	nl_close(&other);
}

TEST_F(litmus, a_result_stays_as_long_as_its_socket)
{
	struct nl other;
	__s32 status;
	__u32 run;

	ASSERT_EQ(0, client_open(&other));
	ASSERT_EQ(0, litmus_start(&other,
				  &(struct start){ MP, two_cpus(), 2, 100 },
				  &run));
	ASSERT_EQ(0, litmus_wait(&self->group, run, &status));
	EXPECT_EQ(0, litmus_result(&self->nl, run, &self->result));
	EXPECT_EQ(100, self->result.trials);
	EXPECT_EQ(-ENOENT, litmus_result(&self->nl, run + 1, &self->result));
	nl_close(&other);
	EXPECT_EQ(-ENOENT, litmus_result(&self->nl, run, &self->result));
	EXPECT_STREQ("that is not the last run", self->nl.extack);
	run_test(_metadata, self, &(struct start){ MP, two_cpus(), 2, 100 });
	EXPECT_EQ(-ENOENT, litmus_result(&self->nl, run, &self->result));
}

/* Runs in a child: starts and cancels until it is killed. */
static void __attribute__((noreturn)) start_and_cancel(void)
{
	struct nl nl;
	__u32 run;

	if (client_open(&nl))
		_exit(1);
	for (;;) {
		if (!litmus_start_endless(&nl, &run))
			litmus_cancel(&nl, run);
	}
}

TEST_F_TIMEOUT(litmus, a_killed_client_leaves_nothing, 120)
{
	pid_t pid;
	__u32 run;
	int i;

	for (i = 0; i < 50; i++) {
		pid = fork_child();
		if (!pid)
			start_and_cancel();
		/* Not for the same time, so not at the same place. */
		usleep(1000 + i * 700);
		ASSERT_EQ(0, kill(pid, SIGKILL));
		ASSERT_EQ(pid, waitpid(pid, NULL, 0));
		ASSERT_TRUE(WAIT_FOR(!litmus_start_endless(&self->nl, &run),
				     slow_ms())) {
			TH_LOG("%s", self->nl.extack);
		}
		ASSERT_EQ(0, litmus_cancel(&self->nl, run));
	}
	EXPECT_TRUE(WAIT_FOR(!kthread_exists(KTHREAD), slow_ms()));
}

static void unload(struct __test_metadata *_metadata)
{
	__u64 begin = now_ns();

	ASSERT_EQ(0, module_remove("acqrel"));
	EXPECT_LT(now_ns() - begin, slow_ms() * NSEC_PER_MSEC);
	EXPECT_EQ(NULL, module_left_behind());
	ASSERT_EQ(0, module_insert("acqrel", ""));
}

TEST_F(litmus, unload_ends_a_run)
{
	ASSERT_EQ(0, litmus_start_endless(&self->nl, NULL));
	unload(_metadata);
}

TEST_F(litmus, unload_ends_a_run_that_waits_for_grace_periods)
{
	const struct start start = {
		"RCUfree+gp", two_cpus(), 2, ACQREL_LITMUS_TRIALS_MAX
	};

	ASSERT_EQ(0, litmus_start(&self->nl, &start, NULL));
	unload(_metadata);
}

TEST_F(litmus, a_cpu_goes_during_a_run)
{
	const struct start two = { MP, apart, 2, 100 };
	__s32 status;
	__u32 run;
	int i;

	if (!path_exists(online))
		SKIP_TEST("CPU 1 cannot go offline");
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, litmus_start_endless(&self->nl, &run));
		ASSERT_EQ(0, file_write(online, "0"));
		status = 0;
		EXPECT_EQ(0, litmus_wait(&self->group, run, &status));
		EXPECT_EQ(-ENODEV, status);
		EXPECT_EQ(-EINVAL, litmus_start(&self->nl, &two, NULL));
		EXPECT_STREQ("a CPU is not online", self->nl.extack);
		run_test(_metadata, self,
			 &(struct start){ MP, together, 2, 100 });
		ASSERT_EQ(0, file_write(online, "1"));
	}
	run_test(_metadata, self, &two);
}

/**
 * struct bad_start - a run that cannot be
 * @what: as asked for
 * @error: how it must be refused
 * @why: and with what sentence, NULL for any
 */
struct bad_start {
	struct start what;
	int error;
	const char *why;
};

static const __u32 nowhere[] = { 0, 8191 };
static const __u32 beyond[] = { 0xffffffff, 0 };
static const __u32 five[5];

static const struct bad_start bad_starts[] = {
	{ { NULL, together, 2, 1 }, -EINVAL, "the name of a test is missing" },
	{ { MP, NULL, 0, 1 }, -EINVAL, "the CPUs are missing" },
	{ { "", together, 2, 1 }, -ENOENT, "there is no test of that name" },
	{ { "MP", together, 2, 1 }, -ENOENT },
	{ { "MP+", together, 2, 1 }, -ENOENT },
	{ { "MP+ran", together, 2, 1 }, -ENOENT },
	{ { "MP+ra234567890123456789012345678", together, 2, 1 }, -EINVAL },
	{ { MP, together, 0, 1 }, -EINVAL,
	  "the CPUs are not whole numbers of 32 bits" },
	{ { MP, together, 1, 1 }, -EINVAL,
	  "the test needs another number of CPUs" },
	{ { MP, together, 3, 1 }, -EINVAL,
	  "the test needs another number of CPUs" },
	{ { MP, five, 5, 1 }, -ERANGE },
	{ { MP, nowhere, 2, 1 }, -EINVAL, "a CPU is not online" },
	{ { MP, beyond, 2, 1 }, -EINVAL, "a CPU is not online" },
	{ { MP, together, 2, 0 }, -ERANGE },
	{ { MP, together, 2, ACQREL_LITMUS_TRIALS_MAX + 1 }, -ERANGE },
};

/* A run that began would tell the group. */
TEST_F(litmus, impossible_runs_are_refused)
{
	const struct bad_start *bad;
	int ret;

	for (bad = bad_starts; bad < bad_starts + ARRAY_SIZE(bad_starts);
	     bad++) {
		ret = litmus_start(&self->nl, &bad->what, NULL);
		EXPECT_EQ(bad->error, ret) {
			TH_LOG("%s: %s", bad->what.name, self->nl.extack);
		}
		EXPECT_TRUE(bad->why ? !strcmp(bad->why, self->nl.extack) :
				       strlen(self->nl.extack) >= 8) {
			TH_LOG("%s: says '%s'", bad->what.name,
			       self->nl.extack);
		}
	}
	EXPECT_EQ(-ENOENT, litmus_result(&self->nl, 0, &self->result));
	EXPECT_EQ(-ETIMEDOUT, nl_wait_ntf(&self->group, ACQREL_CMD_LITMUS_NTF,
					  100, NULL, NULL));
}

/**
 * struct bad_attr - an attribute too many, or one too few
 * @attr: which
 * @size: of it, 0: it is left out
 * @why: the sentence, NULL for any
 */
struct bad_attr {
	__u16 attr;
	size_t size;
	const char *why;
};

static const struct bad_attr bad_attrs[] = {
	{ ACQREL_A_LITMUS_TRIALS, 0, "the number of trials is missing" },
	{ ACQREL_A_LITMUS_SEED, 0, "the seed is missing" },
	{ ACQREL_A_LITMUS_TRIALS, 4 },
	{ ACQREL_A_LITMUS_SEED, 4 },
	{ ACQREL_A_LITMUS_CPUS, 7 },
	{ ACQREL_A_LITMUS_RUN, 4 },
	{ ACQREL_A_LITMUS_THREADS, 4 },
	{ ACQREL_A_LITMUS_MAX + 1, 4 },
	{ 200, 4 },
};

static int start_badly(struct nl *nl, const struct bad_attr *bad)
{
	const __u64 one = 1;
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_LITMUS_START);
	nl_put_str(&msg, ACQREL_A_LITMUS_NAME, MP);
	if (bad->attr != ACQREL_A_LITMUS_CPUS)
		nl_put(&msg, ACQREL_A_LITMUS_CPUS, together, 8);
	if (bad->attr != ACQREL_A_LITMUS_TRIALS)
		nl_put_u64(&msg, ACQREL_A_LITMUS_TRIALS, 1);
	if (bad->attr != ACQREL_A_LITMUS_SEED)
		nl_put_u64(&msg, ACQREL_A_LITMUS_SEED, 1);
	if (bad->size)
		nl_put(&msg, bad->attr, &one, bad->size);
	return nl_call(nl, &msg, NULL, NULL);
}

TEST_F(litmus, wrong_attributes_are_refused)
{
	const struct bad_attr *bad;
	struct nl_msg msg;
	int ret;

	for (bad = bad_attrs; bad < bad_attrs + ARRAY_SIZE(bad_attrs); bad++) {
		ret = start_badly(&self->nl, bad);
		EXPECT_TRUE(ret == -EINVAL || ret == -ERANGE) {
			TH_LOG("%u of %zu bytes: %d", bad->attr, bad->size, ret);
		}
		EXPECT_TRUE(bad->why ? !strcmp(bad->why, self->nl.extack) :
				       strlen(self->nl.extack) >= 8) {
			TH_LOG("%u of %zu bytes: says '%s'", bad->attr,
			       bad->size, self->nl.extack);
		}
	}
	nl_msg_init(&msg, self->nl.family, 0, ACQREL_CMD_LITMUS_CANCEL);
	EXPECT_EQ(-EINVAL, nl_call(&self->nl, &msg, NULL, NULL));
	EXPECT_STREQ("the run id is missing", self->nl.extack);
	nl_msg_init(&msg, self->nl.family, NLM_F_DUMP, ACQREL_CMD_LITMUS_GET);
	EXPECT_EQ(-EINVAL, nl_call(&self->nl, &msg, result_cb, &self->result));
	EXPECT_STREQ("the run id is missing", self->nl.extack);
	EXPECT_EQ(-ETIMEDOUT, nl_wait_ntf(&self->group, ACQREL_CMD_LITMUS_NTF,
					  100, NULL, NULL));
}

/* Runs in a child that has lost the right. Return: what went wrong, a bit each. */
static int try_to_run(__u32 run)
{
	static struct tests tests;
	static struct result result;
	struct nl nl;

	if (client_open(&nl))
		return 1;
	return (litmus_start_endless(&nl, NULL) != -EPERM) << 1 |
	       (litmus_cancel(&nl, run) != -EPERM) << 2 |
	       /* Looking is free. */
	       (litmus_tests(&nl, &tests) != 0) << 3 |
	       (litmus_result(&nl, run, &result) != -EBUSY) << 4;
}

TEST_F(litmus, running_needs_net_admin)
{
	pid_t pid;
	int status;
	__u32 run;

	ASSERT_EQ(0, litmus_start_endless(&self->nl, &run));
	pid = fork_child();
	if (!pid) {
		become_nobody();
		_exit(try_to_run(run));
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, litmus_cancel(&self->nl, run));
}

TEST_HARNESS_MAIN
