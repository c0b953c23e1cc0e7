// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CPU goes away while it captures, and comes back
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "fixture.h"

FIXTURE(hotplug) {
	struct nl nl;
	struct load load;
	unsigned int cpu;
	char online[64];
};

FIXTURE_SETUP(hotplug)
{
	MODULE_SETUP("ring_entries=65536");
	self->cpu = cpus_online() - 1;
	snprintf(self->online, sizeof(self->online),
		 "/sys/devices/system/cpu/cpu%u/online", self->cpu);
	if (!self->cpu || !path_exists(self->online)) {
		module_remove("acqrel");
		SKIP_TEST("no CPU here can go offline");
	}
	ASSERT_EQ(0, client_open(&self->nl));
	load_ping_pong(&self->load, 2, false);
}

FIXTURE_TEARDOWN(hotplug)
{
	file_write(self->online, "1");
	load_stop(&self->load);
	nl_close(&self->nl);
	MODULE_TEARDOWN();
}

static void check_rest(struct __test_metadata *_metadata, struct nl *nl,
		       const struct events *events)
{
	static struct rings rings;
	struct books sum;
	unsigned int i;

	ASSERT_EQ(0, rings_get(nl, 0, &rings));
	for (i = 0; i < rings.n; i++) {
		EXPECT_TRUE(books_at_rest(&rings.cpu[i]));
		EXPECT_EQ(0, rings.cpu[i].fill);
	}
	rings_sum(&rings, &sum);
	EXPECT_EQ(sum.popped, events->n);
}

static unsigned int count_cpu(const struct events *events, __u32 cpu)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < events->n; i++)
		n += events->at[i].cpu == cpu;
	return n;
}

static __u64 offered_on(struct nl *nl, __u32 cpu)
{
	static struct rings rings;
	unsigned int i;

	if (rings_get(nl, 0, &rings))
		return 0;
	for (i = 0; i < rings.n; i++) {
		if (rings.cpu[i].cpu == cpu)
			return rings.cpu[i].offered;
	}
	return 0;
}

TEST_F(hotplug, ring_of_an_offline_cpu_is_drained)
{
	struct events events = { 0 };
	int fd = dev_open(O_RDONLY | O_NONBLOCK);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	ASSERT_TRUE(WAIT_FOR(offered_on(&self->nl, self->cpu) > 100, 5000));
	ASSERT_EQ(0, file_write(self->online, "0"));
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	/* Nothing has been read yet: all of this is of a CPU that is gone. */
	ASSERT_EQ(0, events_drain(&events, fd));
	EXPECT_GT(count_cpu(&events, self->cpu), 100);
	check_rest(_metadata, &self->nl, &events);
	close(fd);
	events_free(&events);
}

TEST_F(hotplug, capture_survives_going_and_coming)
{
	struct events events = { 0 };
	int fd = dev_open(O_RDONLY | O_NONBLOCK);
	__u64 before;
	int i;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, file_write(self->online, "0"));
		EXPECT_EQ(self->cpu, cpus_online());
		events_read(&events, fd);
		before = offered_on(&self->nl, self->cpu);
		ASSERT_EQ(0, file_write(self->online, "1"));
		EXPECT_TRUE(WAIT_FOR(offered_on(&self->nl, self->cpu) > before,
				     5000));
		events_read(&events, fd);
	}
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	ASSERT_EQ(0, events_drain(&events, fd));
	check_rest(_metadata, &self->nl, &events);
	close(fd);
	events_free(&events);
}

/* One stream per CPU online at the start; none of them may hang or be lost. */
TEST_F(hotplug, generator_ends_though_its_cpu_goes)
{
	static struct rings rings;
	struct source source;
	struct books sum;

	ASSERT_EQ(0, generator_start(&self->nl, 1, 20000, 20000));
	ASSERT_EQ(0, file_write(self->online, "0"));
	EXPECT_TRUE(WAIT_FOR(generator_idle(&self->nl), 10000));
	EXPECT_EQ(0, source_stop(&self->nl, "generator"));
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	rings_sum(&rings, &sum);
	ASSERT_EQ(0, source_get(&self->nl, "generator", &source));
	EXPECT_EQ(source.offered, sum.offered);
	EXPECT_TRUE(books_balanced(&sum));
}

TEST_F(hotplug, generator_runs_on_the_cpus_there_are)
{
	struct source source;

	ASSERT_EQ(0, file_write(self->online, "0"));
	EXPECT_EQ(0, generator_run(&self->nl, 1, 1000));
	ASSERT_EQ(0, source_get(&self->nl, "generator", &source));
	EXPECT_EQ(self->cpu, source.streams);
	EXPECT_EQ(1000, source.offered);
}

TEST_HARNESS_MAIN
