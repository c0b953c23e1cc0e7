// SPDX-License-Identifier: GPL-2.0-only
/*
 * Benchmark runs: started, finished, read; and refused
 */
#include <errno.h>

#include "fixture.h"

/* Long enough for every thread to get its turn on a busy host. */
#define SLICE_NS	10000000ULL
#define CASES_MAX	64

struct cases {
	unsigned int n;
	char name[CASES_MAX][ACQREL_NAME_MAX + 1];
};

FIXTURE(bench) {
	struct nl nl;
	struct nl group;
	struct cases cases;
};

static int case_cb(const struct nlattr **tb, void *arg)
{
	struct cases *cases = arg;

	if (cases->n == CASES_MAX)
		return -E2BIG;
	return nl_str(tb[ACQREL_A_BENCH_NAME], cases->name[cases->n++],
		      ACQREL_NAME_MAX + 1);
}

FIXTURE_SETUP(bench)
{
	struct nl_msg msg;

	MODULE_SETUP("");
	ASSERT_EQ(0, client_open(&self->nl));
	ASSERT_EQ(0, client_open(&self->group));
	ASSERT_EQ(0, nl_join(&self->group, ACQREL_GENL_NAME,
			     ACQREL_MCGRP_BENCH));
	nl_msg_init(&msg, self->nl.family, NLM_F_DUMP,
		    ACQREL_CMD_BENCH_CASE_GET);
	ASSERT_EQ(0, nl_call(&self->nl, &msg, case_cb, &self->cases));
	ASSERT_GT(self->cases.n, 0);
}

FIXTURE_TEARDOWN(bench)
{
	nl_close(&self->nl);
	nl_close(&self->group);
	MODULE_TEARDOWN();
}

static int run_cb(const struct nlattr **tb, void *run)
{
	return nl_u32(tb[ACQREL_A_BENCH_RUN], run);
}

static int start(struct nl *nl, const char *name, __u32 threads,
		 __u64 slice_ns, __u32 slices, __u32 *run)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_BENCH_START);
	if (name)
		nl_put_str(&msg, ACQREL_A_BENCH_NAME, name);
	nl_put_u32(&msg, ACQREL_A_BENCH_THREADS, threads);
	nl_put_u64(&msg, ACQREL_A_BENCH_SLICE_NS, slice_ns);
	nl_put_u32(&msg, ACQREL_A_BENCH_SLICES, slices);
	return nl_call(nl, &msg, run ? run_cb : NULL, run);
}

struct ended {
	__u32 run;
	__s32 status;
};

static int ended_cb(const struct nlattr **tb, void *arg)
{
	struct ended *ended = arg;

	return nl_u32(tb[ACQREL_A_BENCH_RUN], &ended->run) ?:
	       nl_u32(tb[ACQREL_A_BENCH_STATUS], (__u32 *)&ended->status);
}

struct result {
	unsigned int n;
	__u64 ops;
	__u32 seen;	/* mask of slice * threads + thread */
	__u32 threads;
};

static int result_cb(const struct nlattr **tb, void *arg)
{
	__u64 deadline, begin, end, busy, bursts, ops, failed, switches;
	__u32 slice, thread, cpu;
	struct result *r = arg;

	if (nl_u32(tb[ACQREL_A_BENCH_SLICE], &slice) ||
	    nl_u32(tb[ACQREL_A_BENCH_THREAD], &thread) ||
	    nl_u32(tb[ACQREL_A_BENCH_CPU], &cpu) ||
	    nl_u64(tb[ACQREL_A_BENCH_DEADLINE_NS], &deadline) ||
	    nl_u64(tb[ACQREL_A_BENCH_START_NS], &begin) ||
	    nl_u64(tb[ACQREL_A_BENCH_END_NS], &end) ||
	    nl_u64(tb[ACQREL_A_BENCH_BUSY_NS], &busy) ||
	    nl_u64(tb[ACQREL_A_BENCH_BURSTS], &bursts) ||
	    nl_u64(tb[ACQREL_A_BENCH_OPS], &ops) ||
	    nl_u64(tb[ACQREL_A_BENCH_FAILED], &failed) ||
	    nl_u64(tb[ACQREL_A_BENCH_SWITCHES], &switches))
		return -EBADMSG;
	if (begin < deadline || end < begin)
		return -ERANGE;
	r->n++;
	r->ops += ops;
	r->seen |= 1U << (slice * r->threads + thread);
	return 0;
}

static int results(struct nl *nl, __u32 run, struct result *result)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_BENCH_GET);
	nl_put_u32(&msg, ACQREL_A_BENCH_RUN, run);
	return nl_call(nl, &msg, result_cb, result);
}

static void run_once(struct __test_metadata *_metadata,
		     struct _test_data_bench *self, const char *name,
		     struct result *result)
{
	struct ended ended;
	__u32 run;

	ASSERT_EQ(0, start(&self->nl, name, result->threads, SLICE_NS, 3,
			   &run)) {
		TH_LOG("%s: %s", name, self->nl.extack);
	}
	ASSERT_EQ(0, nl_wait_ntf(&self->group, ACQREL_CMD_BENCH_NTF, 10000,
				 ended_cb, &ended));
	EXPECT_EQ(run, ended.run);
	EXPECT_EQ(0, ended.status) {
		TH_LOG("%s", name);
	}
	ASSERT_EQ(0, results(&self->nl, run, result)) {
		TH_LOG("%s: %s", name, self->nl.extack);
	}
}

/* A busy host may let a virtual CPU sit out a whole run, but not all. */
static void run_case(struct __test_metadata *_metadata,
		     struct _test_data_bench *self, const char *name,
		     __u32 threads)
{
	struct result result;
	int tries = 5;

	do {
		result = (struct result){ .threads = threads };
		run_once(_metadata, self, name, &result);
		EXPECT_EQ(3 * threads, result.n);
		EXPECT_EQ((1U << 3 * threads) - 1, result.seen);
	} while (!result.ops && --tries);
	EXPECT_GT(result.ops, 0) {
		TH_LOG("%s with %u threads", name, threads);
	}
}

TEST_F(bench, every_case_runs_and_gives_its_slices)
{
	unsigned int i;

	for (i = 0; i < self->cases.n; i++) {
		run_case(_metadata, self, self->cases.name[i], 1);
		if (cpus_online() >= 2)
			run_case(_metadata, self, self->cases.name[i], 2);
	}
}

TEST_F(bench, one_run_at_a_time)
{
	struct result result = { .threads = 1 };
	const char *name = self->cases.name[0];
	struct ended ended;
	__u32 run;

	ASSERT_EQ(0, start(&self->nl, name, 1, ACQREL_BENCH_SLICE_MAX_NS, 8,
			   &run));
	EXPECT_EQ(-EBUSY, start(&self->nl, name, 1, SLICE_NS, 1, NULL));
	EXPECT_NE('\0', self->nl.extack[0]);
	EXPECT_EQ(-EBUSY, results(&self->nl, run, &result));
	EXPECT_NE('\0', self->nl.extack[0]);
	ASSERT_EQ(0, nl_wait_ntf(&self->group, ACQREL_CMD_BENCH_NTF, 20000,
				 ended_cb, &ended));
	EXPECT_EQ(run, ended.run);
	EXPECT_EQ(0, results(&self->nl, run, &result));
	EXPECT_EQ(-ENOENT, results(&self->nl, run + 1, &result));
	EXPECT_NE('\0', self->nl.extack[0]);
}

TEST_F(bench, unload_ends_a_run)
{
	__u64 begin;

	ASSERT_EQ(0, start(&self->nl, self->cases.name[0], 1,
			   ACQREL_BENCH_SLICE_MAX_NS, ACQREL_BENCH_SLICES_MAX,
			   NULL));
	begin = now_ns();
	ASSERT_EQ(0, module_remove("acqrel"));
	EXPECT_LT(now_ns() - begin, slow_ms() * NSEC_PER_MSEC);
	EXPECT_EQ(NULL, module_left_behind());
	ASSERT_EQ(0, module_insert("acqrel", ""));
}

TEST_F(bench, impossible_runs_are_refused)
{
	const char *name = self->cases.name[0];
	const struct {
		const char *name;
		__u32 threads;
		__u64 slice_ns;
		__u32 slices;
		int error;
	} bad[] = {
		{ NULL, 1, SLICE_NS, 1, 0 },
		{ "", 1, SLICE_NS, 1, 0 },
		{ "nosuch/case:read", 1, SLICE_NS, 1, -ENOENT },
		{ name, 0, SLICE_NS, 1, 0 },
		{ name, cpus_online() + 1, SLICE_NS, 1, 0 },
		{ name, ACQREL_BENCH_THREADS_MAX + 1, SLICE_NS, 1, 0 },
		{ name, 1, ACQREL_BENCH_SLICE_MIN_NS - 1, 1, 0 },
		{ name, 1, ACQREL_BENCH_SLICE_MAX_NS + 1, 1, 0 },
		{ name, 1, SLICE_NS, 0, 0 },
		{ name, 1, SLICE_NS, ACQREL_BENCH_SLICES_MAX + 1, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		int ret = start(&self->nl, bad[i].name, bad[i].threads,
				bad[i].slice_ns, bad[i].slices, NULL);

		EXPECT_TRUE(bad[i].error ? ret == bad[i].error : ret < 0) {
			TH_LOG("case %u: %d %s", i, ret, self->nl.extack);
		}
		EXPECT_GE(strlen(self->nl.extack), 8) {
			TH_LOG("case %u: no message", i);
		}
	}
	run_case(_metadata, self, name, 1);
}

#define HAS_NAME	1
#define HAS_THREADS	2
#define HAS_SLICE	4
#define HAS_SLICES	8
#define HAS_ALL		15

/**
 * struct malformed - a start that is not one
 * @what: for the log
 * @has: HAS_*, the well-formed attributes
 * @attr: type of one more, 0 for none
 * @data: its bytes
 * @len: how many
 */
struct malformed {
	const char *what;
	unsigned int has;
	__u16 attr;
	const char *data;
	size_t len;
};

#define ONE	"\1\0\0\0\0\0\0"	/* a u32 or a u64, as @len says */

static const struct malformed malformed[] = {
	{ "nothing", 0 },
	{ "no name", HAS_ALL & ~HAS_NAME },
	{ "no threads", HAS_ALL & ~HAS_THREADS },
	{ "no slice", HAS_ALL & ~HAS_SLICE },
	{ "no slices", HAS_ALL & ~HAS_SLICES },
	{ "name without its end", HAS_ALL & ~HAS_NAME,
	  ACQREL_A_BENCH_NAME, "x", 1 },
	{ "threads too long", HAS_ALL & ~HAS_THREADS,
	  ACQREL_A_BENCH_THREADS, ONE, 8 },
	{ "threads too short", HAS_ALL & ~HAS_THREADS,
	  ACQREL_A_BENCH_THREADS, ONE, 2 },
	{ "slice too short", HAS_ALL & ~HAS_SLICE,
	  ACQREL_A_BENCH_SLICE_NS, "\x80\x96\x98", 4 },
	{ "slices too long", HAS_ALL & ~HAS_SLICES,
	  ACQREL_A_BENCH_SLICES, ONE, 8 },
	{ "slices empty", HAS_ALL & ~HAS_SLICES,
	  ACQREL_A_BENCH_SLICES, ONE, 0 },
	{ "a run", HAS_ALL, ACQREL_A_BENCH_RUN, ONE, 4 },
	{ "an unknown attribute", HAS_ALL, ACQREL_A_BENCH_MAX + 1, ONE, 4 },
	{ "a far unknown attribute", HAS_ALL, 200, ONE, 4 },
};

static int start_malformed(struct nl *nl, const char *name,
			   const struct malformed *m)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_BENCH_START);
	if (m->has & HAS_NAME)
		nl_put_str(&msg, ACQREL_A_BENCH_NAME, name);
	if (m->has & HAS_THREADS)
		nl_put_u32(&msg, ACQREL_A_BENCH_THREADS, 1);
	if (m->has & HAS_SLICE)
		nl_put_u64(&msg, ACQREL_A_BENCH_SLICE_NS, SLICE_NS);
	if (m->has & HAS_SLICES)
		nl_put_u32(&msg, ACQREL_A_BENCH_SLICES, 1);
	if (m->attr)
		nl_put(&msg, m->attr, m->data, m->len);
	return nl_call(nl, &msg, NULL, NULL);
}

/* A run that began would be the last one, and would tell the group. */
TEST_F(bench, malformed_starts_change_nothing)
{
	struct result before = { .threads = 1 }, after = { .threads = 1 };
	const char *name = self->cases.name[0];
	const struct malformed *m;
	struct ended ended;
	__u32 run;

	ASSERT_EQ(0, start(&self->nl, name, 1, SLICE_NS, 2, &run));
	ASSERT_EQ(0, nl_wait_ntf(&self->group, ACQREL_CMD_BENCH_NTF, 10000,
				 ended_cb, &ended));
	ASSERT_EQ(0, results(&self->nl, run, &before));
	for (m = malformed; m < malformed + ARRAY_SIZE(malformed); m++) {
		EXPECT_LT(start_malformed(&self->nl, name, m), 0) {
			TH_LOG("%s: accepted", m->what);
		}
		EXPECT_GE(strlen(self->nl.extack), 8) {
			TH_LOG("%s: no message", m->what);
		}
		EXPECT_EQ(m->attr != 0, self->nl.bad_attr != 0) {
			TH_LOG("%s: points at %u", m->what, self->nl.bad_attr);
		}
	}
	EXPECT_EQ(-ETIMEDOUT, nl_wait_ntf(&self->group, ACQREL_CMD_BENCH_NTF,
					  100, NULL, NULL));
	ASSERT_EQ(0, results(&self->nl, run, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
}

TEST_F(bench, results_with_more_than_a_run_are_refused)
{
	static const __u16 attrs[] = {
		ACQREL_A_BENCH_SLICES, ACQREL_A_BENCH_MAX + 1, 200,
	};
	struct nl_msg msg;
	unsigned int i;
	__u32 run;

	ASSERT_EQ(0, start(&self->nl, self->cases.name[0], 1, SLICE_NS, 1,
			   &run));
	ASSERT_EQ(0, nl_wait_ntf(&self->group, ACQREL_CMD_BENCH_NTF, 10000,
				 NULL, NULL));
	for (i = 0; i < ARRAY_SIZE(attrs); i++) {
		nl_msg_init(&msg, self->nl.family, NLM_F_DUMP,
			    ACQREL_CMD_BENCH_GET);
		nl_put_u32(&msg, ACQREL_A_BENCH_RUN, run);
		nl_put_u32(&msg, attrs[i], 1);
		EXPECT_EQ(-EINVAL, nl_call(&self->nl, &msg, NULL, NULL)) {
			TH_LOG("attribute %u", attrs[i]);
		}
		EXPECT_NE(0, self->nl.bad_attr);
	}
}

TEST_HARNESS_MAIN
