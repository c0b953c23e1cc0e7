// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slices that lose a CPU, and get it back
 */
#include <errno.h>

#include "fixture.h"

#include "bench.h"

static const char online[] = "/sys/devices/system/cpu/cpu1/online";

static const struct bench_slice longest = {
	.slice_ns = ACQREL_BENCH_SLICE_MAX_NS,
	.lead_ns = ACQREL_BENCH_LEAD_MAX_NS,
};

FIXTURE(bench_hotplug) {
	struct nl nl;
	struct nl group;
	struct bench_cases cases;
};

FIXTURE_SETUP(bench_hotplug)
{
	MODULE_SETUP("");
	if (!path_exists(online)) {
		module_remove("acqrel");
		SKIP_TEST("CPU 1 cannot go offline");
	}
	ASSERT_EQ(0, client_open(&self->nl));
	ASSERT_EQ(0, client_open(&self->group));
	ASSERT_EQ(0, nl_join(&self->group, ACQREL_GENL_NAME,
			     ACQREL_MCGRP_BENCH));
	ASSERT_EQ(0, bench_cases(&self->nl, &self->cases));
}

FIXTURE_TEARDOWN(bench_hotplug)
{
	file_write(online, "1");
	nl_close(&self->nl);
	nl_close(&self->group);
	MODULE_TEARDOWN();
}

static void hotplug(struct __test_metadata *_metadata, const char *what)
{
	ASSERT_EQ(0, file_write(online, what)) {
		TH_LOG("%s: %s", online, what);
	}
}

/* Waits for a run. Return: where its second thread ended. */
static __u32 second_cpu_of(struct __test_metadata *_metadata,
			   struct _test_data_bench_hotplug *self, __u32 run)
{
	struct bench_result result;
	__s32 status;

	ASSERT_EQ(0, bench_wait(&self->group, run, &status));
	EXPECT_EQ(0, status);
	ASSERT_EQ(0, bench_result(&self->nl, run, &result));
	return result.at[1].cpu;
}

static __u32 second_cpu(struct __test_metadata *_metadata,
			struct _test_data_bench_hotplug *self, __u32 arm)
{
	const struct bench_slice slice = { .slice_ns = 5000000 };
	__u32 run;

	ASSERT_EQ(0, bench_start(&self->nl, arm, &slice, &run));
	return second_cpu_of(_metadata, self, run);
}

TEST_F(bench_hotplug, a_cpu_goes_during_a_slice)
{
	int i, moved = 0;
	__u32 arm, run;

	ASSERT_EQ(0, bench_open_loop(&self->nl, 2, &arm));
	EXPECT_EQ(1, second_cpu(_metadata, self, arm));
	for (i = 0; i < 20 && moved < 3; i++) {
		ASSERT_EQ(0, bench_start(&self->nl, arm, &longest, &run));
		hotplug(_metadata, "0");
		/* if the CPU went before the slice was over */
		moved += second_cpu_of(_metadata, self, run) == 0;
		EXPECT_EQ(0, second_cpu(_metadata, self, arm));
		EXPECT_EQ(-EINVAL, bench_open_loop(&self->nl, 2, NULL));
		EXPECT_STREQ("a CPU is not online", self->nl.extack);
		hotplug(_metadata, "1");
		EXPECT_EQ(1, second_cpu(_metadata, self, arm));
	}
	EXPECT_GT(moved, 0);
}

/* threads of these wait for each other and do not sleep */
static const char *const waiting[] = {
	"floor/line:pingpong", "floor/line:pingpong2", "floor/line:stream",
	"publish/release:oneway", "ring/spsc:oneway", "ring/spsc:roundtrip",
	"ring/spinlock:roundtrip",
};

static __s32 status_of(struct __test_metadata *_metadata,
		       struct _test_data_bench_hotplug *self, __u32 run)
{
	__s32 status = -ETIMEDOUT;

	ASSERT_EQ(0, bench_wait(&self->group, run, &status));
	return status;
}

/* A slice of @name that loses a CPU, one without it and one with it again. */
static void lose_cpu(struct __test_metadata *_metadata,
		     struct _test_data_bench_hotplug *self, const char *name)
{
	static const __u32 cpus[] = { 0, 1 };
	const struct bench_open what = { name, cpus, 2 };
	struct bench_result result;
	__u32 arm, run;
	__s32 status;

	ASSERT_EQ(0, bench_open(&self->nl, &what, &arm));
	ASSERT_EQ(0, bench_start(&self->nl, arm, &longest, &run));
	hotplug(_metadata, "0");
	status = status_of(_metadata, self, run);
	EXPECT_TRUE(status == 0 || status == -ENODEV) {
		TH_LOG("%s: %d", name, status);
	}
	ASSERT_EQ(0, bench_start(&self->nl, arm, &longest, &run));
	EXPECT_EQ(-ENODEV, status_of(_metadata, self, run));
	EXPECT_EQ(-ENODEV, bench_result(&self->nl, run, &result));
	EXPECT_STREQ("a CPU of the run is offline", self->nl.extack);
	hotplug(_metadata, "1");
	ASSERT_EQ(0, bench_start(&self->nl, arm, &longest, &run));
	EXPECT_EQ(0, status_of(_metadata, self, run));
	ASSERT_EQ(0, bench_close(&self->nl, arm));
}

TEST_F_TIMEOUT(bench_hotplug, a_cpu_goes_while_threads_wait, 120)
{
	unsigned int i, again;

	for (i = 0; i < ARRAY_SIZE(waiting); i++)
		for (again = 0; again < 3; again++)
			lose_cpu(_metadata, self, waiting[i]);
}

/*
 * A slice of every case while a CPU goes and one while it comes back, each
 * time somewhere else in it.
 */
TEST_F_TIMEOUT(bench_hotplug, a_cpu_goes_in_every_case, 300)
{
	static const __u32 cpus[] = { 0, 1 };
	struct bench_open what = { .cpus = cpus, .n = 2 };
	unsigned int i, hotplugs;
	__u32 arm, run;
	__s32 status;

	for (i = 0; i < self->cases.n; i++) {
		if (self->cases.at[i].threads_max == 1)
			continue;
		what.name = self->cases.at[i].name;
		ASSERT_EQ(0, bench_open(&self->nl, &what, &arm));
		for (hotplugs = 0; hotplugs < 2; hotplugs++) {
			ASSERT_EQ(0, bench_start(&self->nl, arm, &longest,
						 &run));
			usleep(i * 7919 % 200000);
			hotplug(_metadata, hotplugs ? "1" : "0");
			status = status_of(_metadata, self, run);
			EXPECT_TRUE(status == 0 || status == -ENODEV) {
				TH_LOG("%s: %d", what.name, status);
			}
		}
		ASSERT_EQ(0, bench_close(&self->nl, arm));
	}
}

TEST_HARNESS_MAIN
