// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting, stopping and repeating the sources
 */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

#define EVENTS	30000

ACQREL_FIXTURE(source, "ring_entries=256");

TEST_F(source, both_are_listed_and_stopped)
{
	struct source source;

	ASSERT_EQ(0, source_get(&self->nl, "sched", &source));
	EXPECT_EQ(0, source.running);
	EXPECT_EQ(0, source.offered);
	ASSERT_EQ(0, source_get(&self->nl, "generator", &source));
	EXPECT_EQ(0, source.running);
	EXPECT_EQ(0, source.offered);
	EXPECT_EQ(-ENOENT, source_get(&self->nl, "nosuch", &source));
}

TEST_F(source, start_twice_is_busy_and_stop_twice_is_fine)
{
	static const char * const names[] = { "sched", "generator" };
	struct source source;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, source_stop(&self->nl, names[i]));
		ASSERT_EQ(0, source_start(&self->nl, names[i]));
		EXPECT_EQ(-EBUSY, source_start(&self->nl, names[i]));
		EXPECT_NE('\0', self->nl.extack[0]);
		ASSERT_EQ(0, source_get(&self->nl, names[i], &source));
		EXPECT_EQ(1, source.running);
		EXPECT_EQ(0, source_stop(&self->nl, names[i]));
		EXPECT_EQ(0, source_stop(&self->nl, names[i]));
		ASSERT_EQ(0, source_get(&self->nl, names[i], &source));
		EXPECT_EQ(0, source.running);
	}
}

/* Nothing comes after a stop has returned. */
TEST_F(source, stop_is_the_end)
{
	static const char * const names[] = { "sched", "generator" };
	static struct rings before, after;
	struct load load = { 0 };
	unsigned int i, round;

	load_ping_pong(&load, 2, false);
	for (round = 0; round < 10; round++) {
		for (i = 0; i < 2; i++)
			ASSERT_EQ(0, source_start(&self->nl, names[i]));
		usleep(5000);
		for (i = 0; i < 2; i++)
			ASSERT_EQ(0, source_stop(&self->nl, names[i]));
		ASSERT_EQ(0, rings_get(&self->nl, 0, &before));
		usleep(5000);
		ASSERT_EQ(0, rings_get(&self->nl, 0, &after));
		for (i = 0; i < after.n; i++) {
			before.cpu[i].retries = after.cpu[i].retries;
			EXPECT_TRUE(books_at_rest(&after.cpu[i]));
		}
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	}
	load_stop(&load);
}

TEST_F(source, offered_by_both_is_offered_in_the_books)
{
	struct source sched, generator;
	struct load load = { 0 };
	static struct rings rings;
	struct books sum;

	load_ping_pong(&load, 2, false);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	ASSERT_EQ(0, generator_run(&self->nl, 5, EVENTS));
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	load_stop(&load);
	ASSERT_EQ(0, source_get(&self->nl, "sched", &sched));
	ASSERT_EQ(0, source_get(&self->nl, "generator", &generator));
	EXPECT_GT(sched.offered, 0);
	EXPECT_EQ(EVENTS, generator.offered);
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	rings_sum(&rings, &sum);
	EXPECT_EQ(sched.offered + generator.offered, sum.offered);
}

struct outcome {
	struct rings rings;
	struct counters counters;
	struct stats_all stats;
};

static void run_once(struct __test_metadata *_metadata, struct nl *nl,
		     __u64 seed, struct outcome *out)
{
	unsigned int i;

	memset(out, 0, sizeof(*out));
	ASSERT_EQ(0, client_reset(nl));
	/* Sampling starts anew with each generation. */
	ASSERT_EQ(0, config_set_u32(nl, ACQREL_A_CONFIG_SAMPLE_EVERY, 3));
	ASSERT_EQ(0, generator_run(nl, seed, EVENTS));
	ASSERT_EQ(0, rings_get(nl, 0, &out->rings));
	ASSERT_EQ(0, counters_get(nl, &out->counters));
	ASSERT_EQ(0, stats_get(nl, &out->stats));
	for (i = 0; i < out->rings.n; i++)
		out->rings.cpu[i].retries = 0;
	for (i = 0; i < out->stats.n; i++)
		out->stats.block[i].retries = 0;
}

TEST_F(source, same_seed_same_outcome)
{
	static struct outcome one, two, other;

	run_once(_metadata, &self->nl, 7, &one);
	run_once(_metadata, &self->nl, 7, &two);
	EXPECT_EQ(0, memcmp(&one.rings, &two.rings, sizeof(one.rings)));
	EXPECT_EQ(0, memcmp(&one.counters, &two.counters,
			    sizeof(one.counters)));
	EXPECT_EQ(0, memcmp(&one.stats, &two.stats, sizeof(one.stats)));
	run_once(_metadata, &self->nl, 8, &other);
	EXPECT_NE(0, memcmp(&one.stats, &other.stats, sizeof(one.stats)));
}

TEST_F(source, count_is_shared_out_over_one_stream_per_cpu)
{
	__u64 lowest = ~0ULL, highest = 0;
	static struct rings rings;
	struct source source;
	struct books sum;
	unsigned int i;

	ASSERT_EQ(0, generator_run(&self->nl, 9, EVENTS + 1));
	ASSERT_EQ(0, source_get(&self->nl, "generator", &source));
	EXPECT_EQ(cpus_online(), source.streams);
	EXPECT_EQ(9, source.seed);
	EXPECT_EQ(EVENTS + 1, source.count);
	EXPECT_EQ(EVENTS + 1, source.offered);
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	for (i = 0; i < rings.n; i++) {
		__u64 n = rings.cpu[i].offered;

		if (!n)
			continue;
		lowest = n < lowest ? n : lowest;
		highest = n > highest ? n : highest;
	}
	EXPECT_LE(highest - lowest, 1);
	rings_sum(&rings, &sum);
	EXPECT_EQ(EVENTS + 1, sum.offered);
}

TEST_F(source, rate_is_kept)
{
	__u64 start = now_ns(), took;
	struct source source;

	ASSERT_EQ(0, generator_start(&self->nl, 1, 1000, 500));
	ASSERT_EQ(0, source_get(&self->nl, "generator", &source));
	EXPECT_EQ(1000, source.rate);
	ASSERT_TRUE(WAIT_FOR(generator_idle(&self->nl), 5000));
	took = now_ns() - start;
	ASSERT_EQ(0, source_get(&self->nl, "generator", &source));
	EXPECT_EQ(500, source.offered);
	EXPECT_GT(took, 400 * NSEC_PER_MSEC);
	EXPECT_LT(took, slow_ms() * NSEC_PER_MSEC);
}

struct note {
	char name[ACQREL_NAME_MAX + 1];
	__u8 running;
};

static int note_cb(const struct nlattr **tb, void *arg)
{
	struct note *note = arg;

	return nl_str(tb[ACQREL_A_SOURCE_NAME], note->name,
		      sizeof(note->name)) ?:
	       nl_u8(tb[ACQREL_A_SOURCE_RUNNING], &note->running);
}

TEST_F(source, group_announces_start_stop_and_finish)
{
	struct note note;
	struct nl group;

	ASSERT_EQ(0, client_open(&group));
	ASSERT_EQ(0, nl_join(&group, ACQREL_GENL_NAME, ACQREL_MCGRP_SOURCE));
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	ASSERT_EQ(0, nl_wait_ntf(&group, ACQREL_CMD_SOURCE_NTF, slow_ms(),
				 note_cb, &note));
	EXPECT_STREQ("sched", note.name);
	EXPECT_EQ(1, note.running);
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	ASSERT_EQ(0, nl_wait_ntf(&group, ACQREL_CMD_SOURCE_NTF, slow_ms(),
				 note_cb, &note));
	EXPECT_STREQ("sched", note.name);
	EXPECT_EQ(0, note.running);
	ASSERT_EQ(0, generator_start(&self->nl, 1, 0, 100));
	do {
		ASSERT_EQ(0, nl_wait_ntf(&group, ACQREL_CMD_SOURCE_NTF, 5000,
					 note_cb, &note));
		EXPECT_STREQ("generator", note.name);
	} while (note.running);
	nl_close(&group);
}

TEST_F(source, reset_needs_rest_and_zeroes_everything)
{
	static struct counters counters;
	static struct stats_all stats;
	static struct rings rings;
	struct books sum, zero = { 0 };
	struct source source;
	unsigned int i;
	int fd;

	ASSERT_EQ(0, source_start(&self->nl, "generator"));
	EXPECT_EQ(-EBUSY, client_reset(&self->nl));
	EXPECT_NE('\0', self->nl.extack[0]);
	/* On one CPU it has not had its turn yet. */
	ASSERT_TRUE(WAIT_FOR(!source_get(&self->nl, "generator", &source) &&
			     source.offered, slow_ms()));
	ASSERT_EQ(0, source_stop(&self->nl, "generator"));
	fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(-EBUSY, client_reset(&self->nl));
	EXPECT_NE('\0', self->nl.extack[0]);
	close(fd);
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	rings_sum(&rings, &sum);
	EXPECT_GT(sum.offered, 0);
	ASSERT_EQ(0, client_reset(&self->nl));
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	rings_sum(&rings, &sum);
	zero.capacity = sum.capacity;
	EXPECT_EQ(0, memcmp(&zero, &sum, sizeof(sum)));
	ASSERT_EQ(0, counters_get(&self->nl, &counters));
	for (i = 0; i < __ACQREL_COUNTER_COUNT; i++)
		EXPECT_EQ(0, counters.total[i]);
	ASSERT_EQ(0, stats_get(&self->nl, &stats));
	for (i = 0; i < stats.n; i++)
		EXPECT_EQ(0, stats.block[i].count);
	ASSERT_EQ(0, source_get(&self->nl, "generator", &source));
	EXPECT_EQ(0, source.offered);
}

TEST_HARNESS_MAIN
