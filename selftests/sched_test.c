// SPDX-License-Identifier: GPL-2.0-only
/*
 * Real scheduler events through the pipeline
 */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

FIXTURE(sched) {
	struct nl nl;
	struct load load;
	struct events events;
	int fd;
};

FIXTURE_SETUP(sched)
{
	MODULE_SETUP("ring_entries=65536");
	ASSERT_EQ(0, client_open(&self->nl));
	self->fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_GE(self->fd, 0);
	load_ping_pong(&self->load, 2 * cpus_online(), true);
	load_forks(&self->load);
}

FIXTURE_TEARDOWN(sched)
{
	load_stop(&self->load);
	close(self->fd);
	events_free(&self->events);
	nl_close(&self->nl);
	MODULE_TEARDOWN();
}

static bool read_until(struct events *events, int fd, size_t n)
{
	events_read(events, fd);
	return events->n >= n;
}

/* Captures at least @n events under load and stops at rest. */
static void capture(struct __test_metadata *_metadata,
		    struct _test_data_sched *self, size_t n)
{
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	ASSERT_TRUE(WAIT_FOR(read_until(&self->events, self->fd, n), 20000));
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	ASSERT_EQ(0, events_drain(&self->events, self->fd));
}

TEST_F(sched, order_within_and_across_cpus)
{
	__u64 seq[MAX_CPUS] = { 0 }, clock[MAX_CPUS] = { 0 };
	__u64 youngest = 0, late = 0;
	size_t i;

	capture(_metadata, self, 20000);
	for (i = 0; i < self->events.n; i++) {
		const struct acqrel_event *e = &self->events.at[i];

		ASSERT_LT(e->cpu, MAX_CPUS);
		ASSERT_TRUE(!clock[e->cpu] || e->seq > seq[e->cpu]);
		ASSERT_GE(e->clock_ns, clock[e->cpu]);
		late += e->clock_ns < youngest;
		youngest = e->clock_ns > youngest ? e->clock_ns : youngest;
		seq[e->cpu] = e->seq;
		clock[e->cpu] = e->clock_ns;
	}
	EXPECT_EQ(late, counter_total(&self->nl,
				      ACQREL_COUNTER_READER_LATE));
	/* The hold-back is there to make late events rare. */
	EXPECT_LT(late, self->events.n / 10);
}

TEST_F(sched, events_are_held_back)
{
	size_t seen = 0;
	int i;

	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	for (i = 0; i < 200; i++) {
		long ret = events_read(&self->events, self->fd);
		__u64 now = now_ns();

		for (; seen < self->events.n; seen++) {
			const struct acqrel_event *e = &self->events.at[seen];

			ASSERT_GE(now, e->clock_ns + ACQREL_HOLD_BACK_NS);
		}
		if (ret == -EAGAIN)
			usleep(500);
	}
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	EXPECT_GT(seen, 100);
}

TEST_F(sched, books_balance_under_load_and_at_rest)
{
	static struct rings rings;
	struct books sum;
	struct source source;
	unsigned int i, round;

	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	for (round = 0; round < 50; round++) {
		ASSERT_EQ(0, config_set_u32(&self->nl,
					    ACQREL_A_CONFIG_SAMPLE_EVERY,
					    round % 5 + 1));
		events_read(&self->events, self->fd);
		ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
		for (i = 0; i < rings.n; i++)
			ASSERT_TRUE(books_balanced(&rings.cpu[i]));
	}
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	ASSERT_EQ(0, events_drain(&self->events, self->fd));
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	for (i = 0; i < rings.n; i++) {
		EXPECT_TRUE(books_at_rest(&rings.cpu[i]));
		EXPECT_EQ(0, rings.cpu[i].fill);
	}
	rings_sum(&rings, &sum);
	EXPECT_EQ(self->events.n, sum.popped);
	EXPECT_GT(sum.filtered[ACQREL_FILTER_SAMPLE], 0);
	ASSERT_EQ(0, source_get(&self->nl, "sched", &source));
	EXPECT_EQ(sum.offered, source.offered);
	EXPECT_GT(source.cost_passed_n, 0);
}

/* Return: the first switch of @cpu from @start on, NULL if there is none. */
static const struct acqrel_event *first_switch(const struct events *events,
					       size_t start, __u32 cpu)
{
	size_t i;

	for (i = start; i < events->n; i++) {
		const struct acqrel_event *e = &events->at[i];

		if (e->cpu == cpu && e->kind == ACQREL_KIND_SCHED_SWITCH)
			return e;
	}
	return NULL;
}

TEST_F(sched, first_switch_of_each_cpu_has_no_value)
{
	size_t start = 0, i;
	int round;

	for (round = 0; round < 2; round++, start = self->events.n) {
		unsigned int without = 0, cpus = 0, cpu;

		capture(_metadata, self, start + 5000);
		for (cpu = 0; cpu < MAX_CPUS; cpu++) {
			const struct acqrel_event *e;

			e = first_switch(&self->events, start, cpu);
			if (!e)
				continue;
			cpus++;
			EXPECT_FALSE(e->flags & ACQREL_EVENT_HAS_VALUE);
			EXPECT_EQ(0, e->value_ns);
		}
		for (i = start; i < self->events.n; i++) {
			const struct acqrel_event *e = &self->events.at[i];

			/* Time in the idle task is nobody's. */
			without += e->kind == ACQREL_KIND_SCHED_SWITCH &&
				   e->pid &&
				   !(e->flags & ACQREL_EVENT_HAS_VALUE);
		}
		EXPECT_GT(cpus, 0);
		EXPECT_LE(without, cpus);
	}
}

/*
 * The task that leaves was the one that came at the switch before, and its
 * time on the CPU is the time between the two. They are read from two clocks,
 * one after the other, and a virtual CPU may pause in between: so most values
 * agree closely, and the sums agree.
 */
TEST_F(sched, time_on_cpu_is_the_time_between_switches)
{
	const struct acqrel_event *last[MAX_CPUS] = { NULL };
	__u64 n = 0, close = 0, values = 0, between = 0;
	size_t i;

	capture(_metadata, self, 10000);
	for (i = 0; i < self->events.n; i++) {
		const struct acqrel_event *e = &self->events.at[i];
		const struct acqrel_event *before = last[e->cpu];

		if (e->kind != ACQREL_KIND_SCHED_SWITCH)
			continue;
		last[e->cpu] = e;
		if (!before || !e->pid)
			continue;
		ASSERT_EQ(before->peer, e->pid);
		n++;
		values += e->value_ns;
		between += e->clock_ns - before->clock_ns;
		close += llabs((__s64)(e->clock_ns - before->clock_ns -
				       e->value_ns)) < 100000;
	}
	EXPECT_GT(n, 1000);
	EXPECT_GT(close * 10, n * 9);
	EXPECT_GT(values * 10, between * 9);
	EXPECT_LT(values * 9, between * 10);
}

TEST_F(sched, all_kinds_come_and_wakeups_have_values)
{
	__u64 n[__ACQREL_KIND_COUNT] = { 0 };
	static struct counters c;
	size_t i;

	capture(_metadata, self, 10000);
	for (i = 0; i < self->events.n; i++) {
		const struct acqrel_event *e = &self->events.at[i];

		ASSERT_LT(e->kind, __ACQREL_KIND_COUNT);
		EXPECT_FALSE(e->flags & ACQREL_EVENT_GENERATED);
		n[e->kind]++;
		EXPECT_TRUE(e->kind == ACQREL_KIND_SCHED_SWITCH ||
			    e->flags & ACQREL_EVENT_HAS_VALUE);
	}
	EXPECT_GT(n[ACQREL_KIND_SCHED_SWITCH], 0);
	EXPECT_GT(n[ACQREL_KIND_SCHED_WAKEUP], 0);
	EXPECT_GT(n[ACQREL_KIND_SCHED_WAKEUP_NEW], 0);
	ASSERT_EQ(0, counters_get(&self->nl, &c));
	EXPECT_EQ(n[ACQREL_KIND_SCHED_SWITCH],
		  c.total[ACQREL_COUNTER_PASSED_SWITCH]);
	EXPECT_EQ(c.total[ACQREL_COUNTER_WAKEUP_MATCHED],
		  n[ACQREL_KIND_SCHED_WAKEUP] +
			  n[ACQREL_KIND_SCHED_WAKEUP_NEW]);
	EXPECT_GE(c.total[ACQREL_COUNTER_WAKEUP_STARTED],
		  c.total[ACQREL_COUNTER_WAKEUP_MATCHED] +
			  c.total[ACQREL_COUNTER_WAKEUP_EVICTED]);
	EXPECT_EQ(0, c.total[ACQREL_COUNTER_REFUSED_NMI]);
}

TEST_F(sched, pid_filter_passes_either_side)
{
	unsigned int left = 0, came = 0;
	__u32 pid = self->load.pids[0];
	size_t i;

	ASSERT_EQ(0, config_set_pids(&self->nl, &pid, 1));
	capture(_metadata, self, 2000);
	for (i = 0; i < self->events.n; i++) {
		const struct acqrel_event *e = &self->events.at[i];

		ASSERT_TRUE(e->pid == (__s32)pid || e->peer == (__s32)pid);
		left += e->kind == ACQREL_KIND_SCHED_SWITCH &&
			e->pid == (__s32)pid;
		came += e->kind == ACQREL_KIND_SCHED_SWITCH &&
			e->peer == (__s32)pid;
	}
	EXPECT_GT(left, 0);
	EXPECT_GT(came, 0);
}

TEST_F(sched, min_value_keeps_the_long_ones)
{
	static struct rings rings;
	struct books sum;
	size_t i;

	ASSERT_EQ(0, config_set_min_value(&self->nl, 100000));
	capture(_metadata, self, 100);
	for (i = 0; i < self->events.n; i++) {
		ASSERT_TRUE(self->events.at[i].flags & ACQREL_EVENT_HAS_VALUE);
		ASSERT_GE(self->events.at[i].value_ns, 100000);
	}
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	rings_sum(&rings, &sum);
	EXPECT_GT(sum.filtered[ACQREL_FILTER_VALUE], 0);
}

TEST_F(sched, generation_in_events_never_goes_back)
{
	__u64 generation[MAX_CPUS] = { 0 };
	struct config config;
	__u64 lowest;
	size_t i;
	int n;

	ASSERT_EQ(0, config_get(&self->nl, &config));
	lowest = config.generation;
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	for (n = 1; n <= 20; n++) {
		size_t before = self->events.n;

		ASSERT_EQ(0, config_set_u32(&self->nl,
					    ACQREL_A_CONFIG_SAMPLE_EVERY, n));
		ASSERT_TRUE(WAIT_FOR(read_until(&self->events, self->fd,
						before + 20), 5000));
	}
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	ASSERT_EQ(0, events_drain(&self->events, self->fd));
	ASSERT_EQ(0, config_get(&self->nl, &config));
	EXPECT_EQ(lowest + 20, config.generation);
	for (i = 0; i < self->events.n; i++) {
		const struct acqrel_event *e = &self->events.at[i];

		ASSERT_GE(e->generation, lowest);
		ASSERT_LE(e->generation, config.generation);
		ASSERT_GE(e->generation, generation[e->cpu]);
		generation[e->cpu] = e->generation;
	}
	EXPECT_EQ(config.generation,
		  self->events.at[self->events.n - 1].generation);
}

TEST_HARNESS_MAIN
