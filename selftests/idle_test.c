// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader that waits costs an idle machine next to nothing
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include "fixture.h"

#define LIMIT	200	/* events a second */

ACQREL_FIXTURE(idle, "");

static pid_t fork_reader(bool with_poll)
{
	static struct acqrel_event events[1024];
	struct pollfd pfd = { .events = POLLIN };
	pid_t pid = fork_child();

	if (pid)
		return pid;
	pfd.fd = dev_open(O_RDONLY | (with_poll ? O_NONBLOCK : 0));
	for (;;) {
		if (with_poll)
			poll(&pfd, 1, -1);
		if (read(pfd.fd, events, sizeof(events)) < 0 &&
		    errno != EAGAIN)
			_exit(1);
	}
}

static __u64 offered_in_a_second(struct nl *nl)
{
	static struct rings rings;
	struct books before, after;

	if (rings_get(nl, 0, &rings))
		return ~0ULL;
	rings_sum(&rings, &before);
	sleep(1);
	if (rings_get(nl, 0, &rings))
		return ~0ULL;
	rings_sum(&rings, &after);
	return after.offered - before.offered;
}

/* What else wakes now and then decides when, but it has to settle. */
static void check_settles(struct __test_metadata *_metadata, struct nl *nl,
			  bool with_poll)
{
	pid_t reader = fork_reader(with_poll);
	__u64 offered = ~0ULL;
	int tries = 10, status;

	ASSERT_EQ(0, source_start(nl, "sched"));
	while (tries-- && offered >= LIMIT)
		offered = offered_in_a_second(nl);
	EXPECT_LT(offered, LIMIT);
	/* And stays there. */
	EXPECT_LT(offered_in_a_second(nl), 2 * LIMIT);
	EXPECT_EQ(0, waitpid(reader, &status, WNOHANG));
	EXPECT_GT(counter_total(nl, ACQREL_COUNTER_READER_WOKEN), 0);
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	ASSERT_EQ(0, source_stop(nl, "sched"));
}

TEST_F(idle, blocked_reader_settles)
{
	check_settles(_metadata, &self->nl, false);
}

TEST_F(idle, polling_reader_settles)
{
	check_settles(_metadata, &self->nl, true);
}

TEST_HARNESS_MAIN
