// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/acqrel: short reads, blocking, poll, several readers
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#include "fixture.h"

#define EVENT	sizeof(struct acqrel_event)

ACQREL_FIXTURE(device, "ring_entries=4096");

TEST_F(device, only_root_may_open_it)
{
	struct stat st;
	pid_t pid;
	int status;

	ASSERT_EQ(0, stat(ACQREL_DEVICE, &st));
	EXPECT_TRUE(S_ISCHR(st.st_mode));
	EXPECT_EQ(0600, st.st_mode & 07777);
	EXPECT_EQ(0, st.st_uid);
	pid = fork_child();
	if (pid == 0) {
		become_nobody();
		_exit(dev_open(O_RDONLY) < 0 && errno == EACCES ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	EXPECT_EQ(0, status);
}

TEST_F(device, cannot_be_written)
{
	struct acqrel_event event = { 0 };
	int fd = dev_open(O_RDWR);

	if (fd >= 0) {
		EXPECT_EQ(-1, write(fd, &event, EVENT));
		EXPECT_EQ(EINVAL, errno);
		close(fd);
	} else {
		EXPECT_TRUE(errno == EACCES || errno == EPERM ||
			    errno == EINVAL);
	}
}

/* Return: fd with @n events ready to be read. */
static int open_with_events(struct __test_metadata *_metadata, struct nl *nl,
			    unsigned int n)
{
	struct pollfd pfd = { .events = POLLIN };

	pfd.fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_GE(pfd.fd, 0);
	ASSERT_EQ(0, generator_run(nl, 1, n));
	ASSERT_EQ(1, poll(&pfd, 1, 5000));
	/* All of them are older than the hold-back now. */
	usleep(2 * ACQREL_HOLD_BACK_NS / 1000);
	return pfd.fd;
}

TEST_F(device, buffer_smaller_than_an_event_is_refused)
{
	int fd = open_with_events(_metadata, &self->nl, 100);
	struct events events = { 0 };
	char buf[EVENT];

	EXPECT_EQ(-1, read(fd, buf, EVENT - 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, read(fd, buf, 1));
	EXPECT_EQ(EINVAL, errno);
	ASSERT_EQ(0, events_drain(&events, fd));
	EXPECT_EQ(100, events.n);
	EXPECT_EQ(-1, read(fd, buf, EVENT - 1));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
	events_free(&events);
}

TEST_F(device, only_whole_events)
{
	int fd = open_with_events(_metadata, &self->nl, 100);
	static char buf[EVENT * 200];
	size_t i;

	EXPECT_EQ(EVENT, read(fd, buf, EVENT));
	EXPECT_EQ(EVENT, read(fd, buf, 2 * EVENT - 1));
	memset(buf, 0xaa, sizeof(buf));
	EXPECT_EQ(3 * EVENT, read(fd, buf, 3 * EVENT + 17));
	for (i = 3 * EVENT; i < 4 * EVENT; i++)
		EXPECT_EQ((char)0xaa, buf[i]);
	EXPECT_EQ(95 * EVENT, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf)));
	EXPECT_EQ(EAGAIN, errno);
	close(fd);
}

/* What could not be copied out is still there or has been counted. */
TEST_F(device, bad_buffer_loses_nothing)
{
	int fd = open_with_events(_metadata, &self->nl, 100);
	struct events events = { 0 };
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long got;

	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, mprotect(map + page, page, PROT_NONE));
	EXPECT_EQ(-1, read(fd, map + page, 10 * EVENT));
	EXPECT_EQ(EFAULT, errno);
	/* Room for three events, then a hole. */
	got = read(fd, map + page - 3 * EVENT, 10 * EVENT);
	EXPECT_TRUE(got < 0 ? errno == EFAULT : got % EVENT == 0);
	ASSERT_EQ(0, events_drain(&events, fd));
	EXPECT_EQ(100, events.n + (got > 0 ? got / EVENT : 0));
	close(fd);
	events_free(&events);
}

TEST_F(device, empty_and_nonblocking_is_eagain)
{
	struct pollfd pfd = { .events = POLLIN };
	struct acqrel_event event;

	pfd.fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_GE(pfd.fd, 0);
	EXPECT_EQ(-1, read(pfd.fd, &event, EVENT));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, poll(&pfd, 1, 0));
	close(pfd.fd);
}

/* One event far below the watermark: only the flush time can wake. */
TEST_F(device, poll_waits_and_wakes)
{
	struct pollfd pfd = { .events = POLLIN };
	struct acqrel_event event;
	__u64 start, took;

	pfd.fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_GE(pfd.fd, 0);
	start = now_ns();
	EXPECT_EQ(0, poll(&pfd, 1, 300));
	EXPECT_GE(now_ns() - start, 290 * NSEC_PER_MSEC);
	ASSERT_EQ(0, generator_run(&self->nl, 1, 1));
	start = now_ns();
	EXPECT_EQ(1, poll(&pfd, 1, 5000));
	took = now_ns() - start;
	EXPECT_EQ(POLLIN, pfd.revents & POLLIN);
	EXPECT_LT(took, ACQREL_FLUSH_NS + slow_ms() * NSEC_PER_MSEC);
	EXPECT_EQ(EVENT, read(pfd.fd, &event, EVENT));
	EXPECT_EQ(0, poll(&pfd, 1, 0));
	close(pfd.fd);
}

static void nothing(int sig)
{
	(void)sig;
}

/* Return: pid of a task that reads once and exits with errno, 0 for events. */
static pid_t fork_reader(void)
{
	struct sigaction sa = { .sa_handler = nothing };
	struct acqrel_event events[16];
	pid_t pid = fork_child();
	ssize_t len;
	int fd;

	if (pid)
		return pid;
	sigaction(SIGUSR1, &sa, NULL);
	fd = dev_open(O_RDONLY);
	if (fd < 0)
		_exit(100);
	len = read(fd, events, sizeof(events));
	_exit(len < 0 ? errno : len > 0 ? 0 : 101);
}

TEST_F(device, blocked_read_is_woken_by_events)
{
	pid_t pid = fork_reader();
	int status;

	ASSERT_TRUE(WAIT_FOR(is_blocked_in_read(pid), slow_ms()));
	EXPECT_EQ(0, waitpid(pid, &status, WNOHANG));
	ASSERT_EQ(0, generator_run(&self->nl, 1, 1));
	ASSERT_TRUE(WAIT_FOR(waitpid(pid, &status, WNOHANG) == pid, 5000));
	EXPECT_EQ(0, status);
	EXPECT_GT(counter_total(&self->nl, ACQREL_COUNTER_READER_WOKEN), 0);
}

TEST_F(device, blocked_read_is_interrupted_by_a_signal)
{
	pid_t pid = fork_reader();
	int status;

	ASSERT_TRUE(WAIT_FOR(is_blocked_in_read(pid), slow_ms()));
	ASSERT_EQ(0, kill(pid, SIGUSR1));
	ASSERT_TRUE(WAIT_FOR(waitpid(pid, &status, WNOHANG) == pid, 5000));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(EINTR, WEXITSTATUS(status));
}

#define SHARED_MAX	50000

struct shared {
	int stop;
	size_t n[2];
	struct acqrel_event at[2][SHARED_MAX];
};

static bool all_read(const struct shared *shared, const struct books *sum)
{
	return __atomic_load_n(&shared->n[0], __ATOMIC_RELAXED) +
	       __atomic_load_n(&shared->n[1], __ATOMIC_RELAXED) == sum->pushed;
}

static pid_t fork_collector(struct shared *shared, int me)
{
	pid_t pid = fork_child();
	int fd;

	if (pid)
		return pid;
	fd = dev_open(O_RDONLY | O_NONBLOCK);
	while (!__atomic_load_n(&shared->stop, __ATOMIC_ACQUIRE)) {
		ssize_t len = read(fd, &shared->at[me][shared->n[me]],
				   50 * EVENT);

		if (len > 0)
			__atomic_fetch_add(&shared->n[me], len / EVENT,
					   __ATOMIC_RELAXED);
		if (shared->n[me] + 50 > SHARED_MAX)
			_exit(1);
	}
	_exit(0);
}

static void mark(struct __test_metadata *_metadata,
		 const struct shared *shared, char *seen[], __u64 limit)
{
	size_t i;
	int me;

	for (me = 0; me < 2; me++) {
		for (i = 0; i < shared->n[me]; i++) {
			const struct acqrel_event *e = &shared->at[me][i];

			ASSERT_LT(e->cpu, MAX_CPUS);
			ASSERT_LT(e->pos, limit);
			ASSERT_EQ(0, seen[e->cpu][e->pos]++);
		}
	}
}

TEST_F(device, two_readers_get_each_event_once)
{
	struct shared *shared = mmap(NULL, sizeof(*shared),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	static char *seen[MAX_CPUS];
	static struct rings rings;
	struct books sum;
	pid_t pid[2];
	int i, status;

	ASSERT_NE(MAP_FAILED, shared);
	for (i = 0; i < MAX_CPUS; i++)
		seen[i] = calloc(SHARED_MAX, 1);
	for (i = 0; i < 2; i++)
		pid[i] = fork_collector(shared, i);
	ASSERT_EQ(0, generator_start(&self->nl, 1, 20000, 40000));
	ASSERT_TRUE(WAIT_FOR(!rings_get(&self->nl, 0, &rings) &&
			     (rings_sum(&rings, &sum), sum.offered == 40000) &&
			     all_read(shared, &sum), 15000));
	__atomic_store_n(&shared->stop, 1, __ATOMIC_RELEASE);
	for (i = 0; i < 2; i++) {
		waitpid(pid[i], &status, 0);
		EXPECT_EQ(0, status);
	}
	EXPECT_EQ(sum.popped, shared->n[0] + shared->n[1]);
	EXPECT_GT(shared->n[0], 0);
	EXPECT_GT(shared->n[1], 0);
	mark(_metadata, shared, seen, SHARED_MAX);
}

TEST_HARNESS_MAIN
