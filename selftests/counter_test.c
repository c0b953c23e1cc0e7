// SPDX-License-Identifier: GPL-2.0-only
/*
 * The per-CPU counters: exact at rest, monotone under load
 */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

ACQREL_FIXTURE(counter, "ring_entries=64");

#define ALL_COUNTERS	((1U << __ACQREL_COUNTER_COUNT) - 1)

TEST_F(counter, dump_is_complete_and_zero_after_load)
{
	static struct counters c;
	unsigned int cpu, id;

	ASSERT_EQ(0, counters_get(&self->nl, &c));
	EXPECT_EQ(ALL_COUNTERS, c.seen_total);
	EXPECT_EQ(sysconf(_SC_NPROCESSORS_CONF), c.n);
	for (cpu = 0; cpu < c.n; cpu++)
		EXPECT_EQ(ALL_COUNTERS, c.seen[cpu]);
	for (id = 0; id < __ACQREL_COUNTER_COUNT; id++)
		EXPECT_EQ(0, c.total[id]);
}

TEST_F(counter, total_is_the_sum_at_rest)
{
	static struct counters c;
	static struct rings rings;
	unsigned int cpu, id;
	__u64 passed = 0;
	struct books sum;

	ASSERT_EQ(0, generator_run(&self->nl, 1, 50000));
	ASSERT_EQ(0, counters_get(&self->nl, &c));
	for (id = 0; id < __ACQREL_COUNTER_COUNT; id++) {
		__u64 total = 0;

		for (cpu = 0; cpu < c.n; cpu++)
			total += c.cpu[cpu][id];
		EXPECT_EQ(total, c.total[id]);
	}
	for (id = 0; id < __ACQREL_KIND_COUNT; id++)
		passed += c.total[id];
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	rings_sum(&rings, &sum);
	EXPECT_EQ(sum.pushed + sum.dropped, passed);
	EXPECT_EQ(50000, passed);
}

TEST_F(counter, monotone_under_load)
{
	static struct counters last, c;
	unsigned int cpu, id, round;

	ASSERT_EQ(0, generator_start(&self->nl, 1, 0, 0));
	ASSERT_EQ(0, counters_get(&self->nl, &last));
	for (round = 0; round < 200; round++) {
		ASSERT_EQ(0, counters_get(&self->nl, &c));
		for (id = 0; id < __ACQREL_COUNTER_COUNT; id++) {
			ASSERT_GE(c.total[id], last.total[id]);
			for (cpu = 0; cpu < c.n; cpu++)
				ASSERT_GE(c.cpu[cpu][id], last.cpu[cpu][id]);
		}
		last = c;
	}
	ASSERT_EQ(0, source_stop(&self->nl, "generator"));
	EXPECT_GT(last.total[ACQREL_COUNTER_PASSED_SWITCH], 0);
}

TEST_F(counter, names_are_unique)
{
	static char names[__ACQREL_COUNTER_COUNT][ACQREL_NAME_MAX + 1];
	char text[16384];
	unsigned int i, j;
	int n = 0;
	char *line;

	ASSERT_GT(file_read(DEBUGFS "/acqrel/counters", text, sizeof(text)),
		  0);
	strtok(text, "\n");
	while (n < __ACQREL_COUNTER_COUNT && (line = strtok(NULL, "\n")))
		n += sscanf(line, "%31s", names[n]) == 1;
	ASSERT_EQ(__ACQREL_COUNTER_COUNT, n);
	for (i = 0; i < __ACQREL_COUNTER_COUNT; i++) {
		for (j = 0; j < i; j++)
			EXPECT_STRNE(names[i], names[j]);
	}
}

TEST_HARNESS_MAIN
