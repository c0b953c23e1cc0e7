// SPDX-License-Identifier: GPL-2.0-only
/*
 * Full rings: what is dropped, what is overwritten, what is left
 */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

#define CAPACITY	64
#define EVENTS		20000

ACQREL_FIXTURE(flow, "ring_entries=64");

/* What is known of one CPU's events, read in order. */
struct track {
	__u64 n;
	__u64 first;	/* pos */
	__u64 next;	/* pos expected */
	__u64 gaps;
	__u64 seq;
};

static void track_events(struct __test_metadata *_metadata,
			 const struct events *events, struct track *tracks)
{
	size_t i;

	for (i = 0; i < events->n; i++) {
		const struct acqrel_event *e = &events->at[i];
		struct track *t = &tracks[e->cpu];

		ASSERT_GE(e->pos, t->next);
		if (!t->n)
			t->first = e->pos;
		ASSERT_TRUE(!t->n || e->seq > t->seq);
		t->gaps += e->pos - t->next;
		t->next = e->pos + 1;
		t->seq = e->seq;
		t->n++;
	}
}

TEST_F(flow, drop_newest_keeps_the_oldest)
{
	static struct track tracks[MAX_CPUS];
	struct events events = { 0 };
	static struct rings rings;
	unsigned int i;
	int fd;

	ASSERT_EQ(0, generator_run(&self->nl, 1, EVENTS));
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	for (i = 0; i < rings.n; i++) {
		struct books *b = &rings.cpu[i];

		EXPECT_EQ(CAPACITY, b->capacity);
		EXPECT_TRUE(books_at_rest(b));
		EXPECT_EQ(0, b->overwritten);
		if (b->offered) {
			EXPECT_EQ(CAPACITY, b->fill);
			EXPECT_EQ(CAPACITY, b->pushed);
			EXPECT_EQ(b->offered - CAPACITY, b->dropped);
		}
	}
	fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, events_drain(&events, fd));
	track_events(_metadata, &events, tracks);
	for (i = 0; i < rings.n; i++) {
		struct track *t = &tracks[rings.cpu[i].cpu];

		EXPECT_EQ(rings.cpu[i].fill, t->n);
		EXPECT_EQ(0, t->first);
		EXPECT_EQ(0, t->gaps);
	}
	close(fd);
	events_free(&events);
}

TEST_F(flow, overwrite_oldest_keeps_the_newest)
{
	static struct track tracks[MAX_CPUS];
	struct events events = { 0 };
	static struct rings rings;
	unsigned int i;
	int fd;

	ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_POLICY,
				    ACQREL_POLICY_OVERWRITE_OLDEST));
	ASSERT_EQ(0, generator_run(&self->nl, 1, EVENTS));
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, events_drain(&events, fd));
	track_events(_metadata, &events, tracks);
	for (i = 0; i < rings.n; i++) {
		struct books *b = &rings.cpu[i];
		struct track *t = &tracks[b->cpu];

		EXPECT_TRUE(books_at_rest(b));
		EXPECT_EQ(0, b->dropped);
		EXPECT_EQ(b->offered, b->pushed);
		EXPECT_EQ(b->fill, t->n);
		EXPECT_EQ(b->overwritten, t->gaps);
		EXPECT_EQ(b->head, t->next);
		if (b->offered) {
			EXPECT_EQ(CAPACITY, b->fill);
			EXPECT_EQ(b->offered - CAPACITY, b->overwritten);
		}
	}
	close(fd);
	events_free(&events);
}

/* Reads while the generator runs, then to the end. */
static void run_and_read(struct __test_metadata *_metadata, struct nl *nl,
			 struct events *events)
{
	int fd = dev_open(O_RDONLY | O_NONBLOCK);
	struct source source;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, generator_start(nl, 3, 0, 300000));
	do {
		long ret = events_read(events, fd);

		ASSERT_TRUE(ret > 0 || ret == -EAGAIN);
		ASSERT_EQ(0, source_get(nl, "generator", &source));
	} while (source.running);
	ASSERT_EQ(0, source_stop(nl, "generator"));
	ASSERT_EQ(0, events_drain(events, fd));
	close(fd);
}

static void check_at_rest(struct __test_metadata *_metadata, struct nl *nl,
			  const struct track *tracks, struct books *sum)
{
	static struct rings rings;
	unsigned int i;

	ASSERT_EQ(0, rings_get(nl, 0, &rings));
	for (i = 0; i < rings.n; i++) {
		struct books *b = &rings.cpu[i];
		const struct track *t = &tracks[b->cpu];

		EXPECT_TRUE(books_at_rest(b));
		EXPECT_EQ(0, b->fill);
		EXPECT_EQ(b->popped, t->n);
		if (t->n)
			EXPECT_EQ(b->overwritten,
				  t->gaps + b->head - t->next);
	}
	rings_sum(&rings, sum);
}

TEST_F(flow, drops_with_a_slow_reader_are_no_gaps)
{
	static struct track tracks[MAX_CPUS];
	struct events events = { 0 };
	struct books sum;

	run_and_read(_metadata, &self->nl, &events);
	track_events(_metadata, &events, tracks);
	check_at_rest(_metadata, &self->nl, tracks, &sum);
	EXPECT_EQ(300000, sum.offered);
	EXPECT_GT(sum.dropped, 0);
	EXPECT_EQ(0, sum.overwritten);
	events_free(&events);
}

TEST_F(flow, gaps_with_a_slow_reader_are_what_was_overwritten)
{
	static struct track tracks[MAX_CPUS];
	struct events events = { 0 };
	struct books sum;

	ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_POLICY,
				    ACQREL_POLICY_OVERWRITE_OLDEST));
	run_and_read(_metadata, &self->nl, &events);
	track_events(_metadata, &events, tracks);
	check_at_rest(_metadata, &self->nl, tracks, &sum);
	EXPECT_EQ(300000, sum.offered);
	EXPECT_GT(sum.overwritten, 0);
	EXPECT_EQ(0, sum.dropped);
	EXPECT_GT(sum.popped, sum.capacity);
	events_free(&events);
}

TEST_F(flow, policy_changes_while_events_flow)
{
	static struct track tracks[MAX_CPUS];
	struct events events = { 0 };
	struct books sum;
	int fd = dev_open(O_RDONLY | O_NONBLOCK);
	int i;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, generator_start(&self->nl, 3, 0, 0));
	for (i = 0; i < 200; i++) {
		long ret;

		ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_POLICY,
					    i % __ACQREL_POLICY_COUNT));
		ret = events_read(&events, fd);
		ASSERT_TRUE(ret > 0 || ret == -EAGAIN);
	}
	ASSERT_EQ(0, source_stop(&self->nl, "generator"));
	ASSERT_EQ(0, events_drain(&events, fd));
	close(fd);
	track_events(_metadata, &events, tracks);
	check_at_rest(_metadata, &self->nl, tracks, &sum);
	EXPECT_GT(sum.dropped, 0);
	EXPECT_GT(sum.overwritten, 0);
	events_free(&events);
}

TEST_HARNESS_MAIN
