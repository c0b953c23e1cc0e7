// SPDX-License-Identifier: GPL-2.0-only
/*
 * When blocked readers are woken, and that all of them are
 */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

#define ENTRIES	64
#define RATE	4000	/* events a second on a CPU: 8 ms for half a ring */
#define TAKE	16	/* events that a reader has room for */
#define TRIES	10

ACQREL_FIXTURE(wake, "ring_entries=64");

struct reader {
	pid_t pid;
	__u64 woken_ns;
	long n;
	struct acqrel_event at[TAKE];
};

static struct reader *readers_new(unsigned int n)
{
	return mmap(NULL, n * sizeof(struct reader), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* Starts a task that reads once, and waits until it has to wait. */
static void reader_start(struct __test_metadata *_metadata, struct reader *r)
{
	ssize_t len;
	pid_t pid = fork_child();
	int fd;

	if (pid == 0) {
		fd = dev_open(O_RDONLY);
		len = read(fd, r->at, sizeof(r->at));
		r->woken_ns = now_ns();
		r->n = len < 0 ? -errno : len / (ssize_t)sizeof(r->at[0]);
		_exit(len > 0 ? 0 : 1);
	}
	r->pid = pid;
	ASSERT_TRUE(WAIT_FOR(is_blocked_in_read(pid), slow_ms()));
}

static void reader_join(struct __test_metadata *_metadata, struct reader *r)
{
	int status;

	ASSERT_TRUE(WAIT_FOR(waitpid(r->pid, &status, WNOHANG) == r->pid,
			     5000));
	EXPECT_EQ(0, status) {
		TH_LOG("read returned %ld", r->n);
	}
}

static void drain(struct __test_metadata *_metadata, struct events *events)
{
	int fd = dev_open(O_RDONLY | O_NONBLOCK);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, events_drain(events, fd));
	close(fd);
}

/*
 * The events come slowly, so that the oldest can be read when half a ring of
 * them is there.
 *
 * Return: time from the start of @n events on each CPU to their reader.
 */
static __u64 wake_time(struct __test_metadata *_metadata, struct nl *nl,
		       struct reader *reader, unsigned int n)
{
	struct events rest = { 0 };
	__u64 begin;

	reader_start(_metadata, reader);
	begin = now_ns();
	ASSERT_EQ(0, generator_start(nl, 1, RATE * cpus_online(),
				     n * cpus_online()));
	reader_join(_metadata, reader);
	ASSERT_TRUE(WAIT_FOR(generator_idle(nl), 5000));
	drain(_metadata, &rest);
	events_free(&rest);
	return reader->woken_ns - begin;
}

/* Return: how many of TRIES took less than half the flush time. */
static unsigned int quick_wakes(struct __test_metadata *_metadata,
				struct nl *nl, unsigned int n)
{
	struct reader *reader = readers_new(1);
	unsigned int i, quick = 0;
	__u64 took, least = ~0ULL;

	ASSERT_NE(MAP_FAILED, reader);
	for (i = 0; i < TRIES; i++) {
		took = wake_time(_metadata, nl, reader, n);
		quick += took < ACQREL_FLUSH_NS / 2;
		least = took < least ? took : least;
	}
	TH_LOG("%u of %u quick, the quickest took %llu us", quick, TRIES,
	       least / 1000);
	return quick;
}

/*
 * A reader begins to wait right before, so that the flush time has just begun.
 * Once in a while a busy host or an old timer decides, but not most times.
 */
TEST_F(wake, half_a_ring_does_not_wait_for_the_flush_time)
{
	EXPECT_GT(quick_wakes(_metadata, &self->nl, ENTRIES / 2 + 8),
		  TRIES / 2);
}

TEST_F(wake, less_than_that_does)
{
	EXPECT_LT(quick_wakes(_metadata, &self->nl, ENTRIES / 8), TRIES / 2);
}

static void mark(struct __test_metadata *_metadata,
		 const struct acqrel_event *at, size_t n, char seen[][ENTRIES])
{
	size_t i;

	for (i = 0; i < n; i++) {
		ASSERT_LT(at[i].cpu, MAX_CPUS);
		ASSERT_LT(at[i].pos, ENTRIES);
		ASSERT_EQ(0, seen[at[i].cpu][at[i].pos]++);
	}
}

TEST_F(wake, two_blocked_readers_are_both_woken)
{
	static char seen[MAX_CPUS][ENTRIES];
	struct reader *reader = readers_new(2);
	struct events rest = { 0 };
	unsigned int i;

	ASSERT_NE(MAP_FAILED, reader);
	for (i = 0; i < 2; i++)
		reader_start(_metadata, &reader[i]);
	ASSERT_EQ(0, generator_run(&self->nl, 1, 3 * TAKE));
	for (i = 0; i < 2; i++) {
		reader_join(_metadata, &reader[i]);
		ASSERT_GT(reader[i].n, 0);
		mark(_metadata, reader[i].at, reader[i].n, seen);
	}
	drain(_metadata, &rest);
	mark(_metadata, rest.at, rest.n, seen);
	EXPECT_EQ(3 * TAKE, reader[0].n + reader[1].n + rest.n);
	events_free(&rest);
}

TEST_HARNESS_MAIN
