// SPDX-License-Identifier: GPL-2.0-only
/*
 * The aggregates: each block whole in every snapshot
 */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

ACQREL_FIXTURE(stats, "ring_entries=64");

TEST_F(stats, one_block_for_each_cpu_and_kind)
{
	static struct stats_all all;
	unsigned int i, cpu, kind;
	__u32 cpus;

	cpus = sysconf(_SC_NPROCESSORS_CONF);
	ASSERT_EQ(0, stats_get(&self->nl, &all));
	EXPECT_EQ(cpus * __ACQREL_KIND_COUNT, all.n);
	for (cpu = 0; cpu < cpus; cpu++) {
		for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
			ASSERT_NE(NULL, stats_find(&all, cpu, kind));
	}
	EXPECT_STREQ("sched_switch", stats_find(&all, 0, 0)->kind_name);
	EXPECT_STREQ("sched_wakeup", stats_find(&all, 0, 1)->kind_name);
	EXPECT_STREQ("sched_wakeup_new", stats_find(&all, 0, 2)->kind_name);
	for (i = 0; i < all.n; i++) {
		EXPECT_EQ(0, all.block[i].count);
		EXPECT_EQ(0, all.block[i].sum_ns);
	}
}

/* The smallest and largest value that can be in bucket @b. */
static __u64 bucket_low(unsigned int b)
{
	return b ? 1ULL << (b - 1) : 0;
}

static __u64 bucket_high(unsigned int b)
{
	return b ? bucket_low(b) * 2 - 1 : 0;
}

/* A torn block breaks at least one of these sooner or later. */
static bool block_is_whole(const struct stats *s)
{
	__u64 count = 0, low = 0, high = 0;
	unsigned int b, first = ACQREL_HIST_BUCKETS, last = 0;

	for (b = 0; b < ACQREL_HIST_BUCKETS; b++) {
		if (!s->hist[b])
			continue;
		first = b < first ? b : first;
		last = b;
		count += s->hist[b];
		low += s->hist[b] * bucket_low(b);
		high += s->hist[b] * bucket_high(b);
	}
	if (!s->count)
		return !count && !s->sum_ns;
	return count == s->count && s->sum_ns >= low && s->sum_ns <= high &&
	       s->min_ns >= bucket_low(first) &&
	       s->min_ns <= bucket_high(first) &&
	       s->max_ns >= bucket_low(last) &&
	       s->max_ns <= bucket_high(last);
}

static void watch(struct __test_metadata *_metadata, struct nl *nl,
		  unsigned int rounds)
{
	static struct stats_all all, last;
	unsigned int i;

	ASSERT_EQ(0, stats_get(nl, &last));
	while (rounds--) {
		ASSERT_EQ(0, stats_get(nl, &all));
		ASSERT_EQ(last.n, all.n);
		for (i = 0; i < all.n; i++) {
			ASSERT_TRUE(block_is_whole(&all.block[i])) {
				TH_LOG("cpu %u kind %u", all.block[i].cpu,
				       all.block[i].kind);
			}
			ASSERT_GE(all.block[i].count, last.block[i].count);
		}
		last = all;
	}
}

TEST_F(stats, whole_while_the_generator_writes)
{
	static struct stats_all all;

	ASSERT_EQ(0, generator_start(&self->nl, 1, 0, 0));
	watch(_metadata, &self->nl, 500);
	ASSERT_EQ(0, source_stop(&self->nl, "generator"));
	ASSERT_EQ(0, stats_get(&self->nl, &all));
	EXPECT_GT(all.block[0].count, 0);
}

TEST_F(stats, whole_under_scheduler_load)
{
	struct load load = { 0 };

	load_ping_pong(&load, 2 * cpus_online(), false);
	load_forks(&load);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	watch(_metadata, &self->nl, 300);
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	load_stop(&load);
	watch(_metadata, &self->nl, 1);
}

/* Every CPU has a pair that never sleeps together, so no time is idle. */
TEST_F(stats, time_on_cpu_adds_up_to_wall_time)
{
	static struct stats_all all;
	struct load load = { 0 };
	__u64 start, took, sum = 0;
	unsigned int i;

	load_ping_pong(&load, cpus_online(), true);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	start = now_ns();
	usleep(500000);
	took = now_ns() - start;
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	load_stop(&load);
	ASSERT_EQ(0, stats_get(&self->nl, &all));
	for (i = 0; i < all.n; i++) {
		if (all.block[i].kind == ACQREL_KIND_SCHED_SWITCH)
			sum += all.block[i].sum_ns;
	}
	EXPECT_GT(sum, took * cpus_online() / 2);
	EXPECT_LT(sum, (took + NSEC_PER_SEC) * cpus_online());
}

static int reset_from_elsewhere(void)
{
	struct nl nl;
	int ret = client_open(&nl) ?: client_reset(&nl);

	nl_close(&nl);
	return ret;
}

/*
 * The first part of a dump is made when it is asked for, the second when the
 * first has been read: with two CPUs the blocks do not fit into one.
 */
TEST_F(stats, dump_says_that_a_reset_came_between)
{
	static struct stats_all all;
	struct nl_msg msg;

	if (sysconf(_SC_NPROCESSORS_CONF) < 2)
		SKIP(return, "the dump has one part only");
	ASSERT_EQ(0, generator_run(&self->nl, 1, 10000));
	ASSERT_EQ(0, stats_get(&self->nl, &all));
	EXPECT_FALSE(self->nl.interrupted);
	nl_close(&self->nl);
	/* A new socket, which has not yet asked for larger parts. */
	ASSERT_EQ(0, client_open(&self->nl));
	nl_msg_init(&msg, self->nl.family, NLM_F_DUMP, ACQREL_CMD_STATS_GET);
	ASSERT_EQ(0, nl_send(&self->nl, &msg));
	ASSERT_EQ(0, reset_from_elsewhere());
	ASSERT_EQ(0, nl_receive(&self->nl, NULL, NULL));
	EXPECT_TRUE(self->nl.interrupted);
}

TEST_HARNESS_MAIN
