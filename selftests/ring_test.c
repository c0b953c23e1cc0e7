// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring dump, and the books as one snapshot
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "fixture.h"

#define CAPACITY	1024
#define BATCH		32	/* what a reader may have taken and not counted */

ACQREL_FIXTURE(ring, "ring_entries=1024");

TEST_F(ring, one_message_for_each_possible_cpu)
{
	static struct rings rings;
	unsigned int i;

	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	EXPECT_EQ(sysconf(_SC_NPROCESSORS_CONF), rings.n);
	for (i = 0; i < rings.n; i++) {
		if (i)
			EXPECT_GT(rings.cpu[i].cpu, rings.cpu[i - 1].cpu);
		EXPECT_EQ(CAPACITY, rings.cpu[i].capacity);
		EXPECT_EQ(0, rings.cpu[i].offered);
		EXPECT_EQ(0, rings.cpu[i].head);
		EXPECT_TRUE(books_at_rest(&rings.cpu[i]));
	}
}

TEST_F(ring, checks_are_counted_and_only_if_asked)
{
	static struct rings rings;
	unsigned int i;

	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	EXPECT_EQ(0, rings.cpu[0].checks);
	ASSERT_EQ(0, rings_get(&self->nl, 100, &rings));
	for (i = 0; i < rings.n; i++) {
		EXPECT_EQ(100, rings.cpu[i].checks);
		EXPECT_EQ(0, rings.cpu[i].unbalanced);
		EXPECT_EQ(0, rings.cpu[i].naive_unbalanced);
	}
}

/* Return: the naive snapshots seen to fail in up to 20 seconds. */
static __u64 check_snapshots(struct __test_metadata *_metadata, struct nl *nl)
{
	__u64 end = now_ns() + 20 * NSEC_PER_SEC;
	__u64 naive = 0, checks = 0;
	static struct rings rings;
	struct books sum;

	while (now_ns() < end && (naive < 3 || checks < 100000)) {
		ASSERT_EQ(0, rings_get(nl, ACQREL_CHECKS_MAX, &rings));
		rings_sum(&rings, &sum);
		ASSERT_EQ(0, sum.unbalanced);
		naive += sum.naive_unbalanced;
		checks += sum.checks;
	}
	EXPECT_GE(checks, 100000);
	TH_LOG("%llu checks, naive unbalanced %llu", checks, naive);
	return naive;
}

TEST_F(ring, snapshot_holds_where_a_naive_one_fails)
{
	if (cpus_online() < 2)
		SKIP(return, "on one CPU nothing is written during a read");
	ASSERT_EQ(0, generator_start(&self->nl, 1, 0, 0));
	EXPECT_GT(check_snapshots(_metadata, &self->nl), 0);
	ASSERT_EQ(0, source_stop(&self->nl, "generator"));
}

TEST_F(ring, snapshot_holds_under_scheduler_load)
{
	struct load load = { 0 };

	if (cpus_online() < 2)
		SKIP(return, "on one CPU nothing is written during a read");
	load_ping_pong(&load, 2 * cpus_online(), true);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	EXPECT_GT(check_snapshots(_metadata, &self->nl), 0);
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	load_stop(&load);
}

static pid_t fork_reader(void)
{
	static struct acqrel_event events[100];
	pid_t pid = fork_child();
	int fd;

	if (pid)
		return pid;
	fd = dev_open(O_RDONLY);
	while (read(fd, events, sizeof(events)) > 0)
		;
	_exit(0);
}

/* No one load of POPPED bounds what is in flight from both sides. */
static void check_in_flight(struct __test_metadata *_metadata, struct nl *nl,
			    unsigned int rounds)
{
	static struct rings rings, later;
	unsigned int i;

	while (rounds--) {
		ASSERT_EQ(0, rings_get(nl, 0, &rings));
		ASSERT_EQ(0, rings_get(nl, 0, &later));
		for (i = 0; i < rings.n; i++) {
			struct books *b = &rings.cpu[i];
			__s64 in = b->pushed - b->overwritten;

			ASSERT_TRUE(books_balanced(b));
			ASSERT_GE(in, (__s64)b->popped);
			ASSERT_LE(in, (__s64)later.cpu[i].popped + CAPACITY +
				      BATCH);
			ASSERT_LE(b->fill, CAPACITY);
		}
	}
}

TEST_F(ring, in_flight_stays_within_the_ring)
{
	pid_t reader;
	int status;

	ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_POLICY,
				    ACQREL_POLICY_OVERWRITE_OLDEST));
	ASSERT_EQ(0, generator_start(&self->nl, 1, 0, 0));
	reader = fork_reader();
	check_in_flight(_metadata, &self->nl, 200);
	/* While POPPED stands, the bound is as tight as it gets. */
	kill(reader, SIGSTOP);
	ASSERT_EQ(reader, waitpid(reader, &status, WUNTRACED));
	ASSERT_TRUE(WIFSTOPPED(status));
	check_in_flight(_metadata, &self->nl, 100);
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	ASSERT_EQ(0, source_stop(&self->nl, "generator"));
}

TEST_HARNESS_MAIN
