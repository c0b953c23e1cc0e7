// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recording: who may, one at a time, nothing missing, and what is lost
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include "fixture.h"
#include "recording.h"

static struct stream streams[MAX_CPUS];

ACQREL_FIXTURE(record, "ring_entries=1024");

TEST_F(record, needs_a_capability)
{
	int status, fd = dev_open(O_RDONLY);
	pid_t pid;

	ASSERT_GE(fd, 0);
	pid = fork_child();
	if (pid == 0) {
		become_nobody();
		_exit(-record_start(fd, 0));
	}
	waitpid(pid, &status, 0);
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
	/* It would have been possible. */
	EXPECT_EQ(0, record_start(fd, 0));
	close(fd);
}

TEST_F(record, one_at_a_time)
{
	struct recording rec = { 0 };
	int one = dev_open(O_RDONLY), two = dev_open(O_RDONLY);

	ASSERT_EQ(0, record_start(one, 0));
	EXPECT_EQ(-EBUSY, record_start(two, 0));
	EXPECT_EQ(-EBUSY, record_start(one, 0));
	ASSERT_EQ(0, recording_finish(&rec, one));
	/* The file of the first stays what it was; the second may go on. */
	EXPECT_EQ(-EBUSY, record_start(one, 0));
	EXPECT_EQ(0, record_start(two, 0));
	close(one);
	close(two);
	recording_free(&rec);
}

TEST_F(record, bad_parameters_are_refused)
{
	static const __u32 bad[] = {
		1, 512, 1023, 1025, 3000, 8388608, 0x80000000, 0xffffffff,
	};
	struct acqrel_record_params params = { .flags = 1 };
	int fd = dev_open(O_RDONLY);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, record_start(fd, bad[i])) {
			TH_LOG("%u units", bad[i]);
		}
	}
	EXPECT_EQ(-1, ioctl(fd, ACQREL_IOC_RECORD, &params));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(fd, ACQREL_IOC_RECORD, NULL));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(fd, ACQREL_IOC_STOP));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(fd, _IO(0xac, 3)));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(0, record_start(fd, ACQREL_TRACE_RING_MIN));
	close(fd);
}

TEST_F(record, modes_do_not_mix)
{
	char zeros[64] = { 0 };
	int fd = dev_open(O_RDWR);

	ASSERT_EQ(0, record_start(fd, 0));
	EXPECT_EQ(-1, write(fd, zeros, sizeof(zeros)));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
	fd = dev_open(O_RDWR);
	EXPECT_EQ(-1, write(fd, zeros, sizeof(zeros)));
	EXPECT_EQ(-EINVAL, record_start(fd, 0));
	close(fd);
}

TEST_F(record, small_reads_are_refused)
{
	static char buf[ACQREL_TRACE_READ_MIN];
	int fd = dev_open(O_RDONLY | O_NONBLOCK);

	ASSERT_EQ(0, record_start(fd, 0));
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf) - 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, read(fd, buf, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_GT(read(fd, buf, sizeof(buf)), 0);
	close(fd);
}

TEST_F(record, opens_come_first_then_nothing)
{
	struct pollfd pfd = { .events = POLLIN };
	struct recording rec = { 0 };
	unsigned int i, n = 0;
	long len;

	pfd.fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_EQ(0, record_start(pfd.fd, 0));
	EXPECT_EQ(1, poll(&pfd, 1, 5000));
	do {
		len = recording_read(&rec, pfd.fd);
	} while (len > 0);
	EXPECT_EQ(-EAGAIN, len);
	/* No source has run, so there is no more to come. */
	EXPECT_EQ(0, poll(&pfd, 1, 300));
	ASSERT_EQ(0, recording_split(&rec, streams));
	for (i = 0; i < MAX_CPUS; i++) {
		if (!streams[i].open)
			continue;
		n++;
		EXPECT_EQ(i, streams[i].open->cpu);
		EXPECT_EQ(1024, streams[i].open->ring_entries);
		EXPECT_EQ(1, streams[i].states);
		EXPECT_EQ(1, streams[i].configs);
	}
	EXPECT_EQ(cpus_possible(), n);
	close(pfd.fd);
	recording_free(&rec);
}

/* Far below half a ring: only the flush time can wake. */
TEST_F(record, poll_wakes_for_a_few_events)
{
	struct pollfd pfd = { .events = POLLIN };
	struct recording rec = { 0 };
	__u64 start;

	pfd.fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_EQ(0, record_start(pfd.fd, 0));
	while (recording_read(&rec, pfd.fd) > 0)
		;
	ASSERT_EQ(0, generator_run(&self->nl, 1, 10));
	start = now_ns();
	EXPECT_EQ(1, poll(&pfd, 1, 10000));
	EXPECT_LT(now_ns() - start,
		  ACQREL_FLUSH_NS + slow_ms() * NSEC_PER_MSEC);
	EXPECT_GT(recording_read(&rec, pfd.fd), 0);
	close(pfd.fd);
	recording_free(&rec);
}

/* Polls that are shorter than the flush time do not put it off. */
TEST_F(record, short_polls_wake_too)
{
	struct pollfd pfd = { .events = POLLIN };
	struct recording rec = { 0 };
	__u64 end;
	int ready;

	pfd.fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_EQ(0, record_start(pfd.fd, 0));
	while (recording_read(&rec, pfd.fd) > 0)
		;
	ASSERT_EQ(0, generator_run(&self->nl, 1, 10));
	end = now_ns() + ACQREL_FLUSH_NS + slow_ms() * NSEC_PER_MSEC;
	do {
		ready = poll(&pfd, 1, 20);
	} while (!ready && now_ns() < end);
	EXPECT_EQ(1, ready);
	EXPECT_GT(recording_read(&rec, pfd.fd), 0);
	close(pfd.fd);
	recording_free(&rec);
}

/* Reads until EAGAIN, then waits without a poll in between. */
TEST_F(record, an_edge_wakes_each_time)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	int i, ep = epoll_create1(0), fd = dev_open(O_RDONLY | O_NONBLOCK);
	struct recording rec = { 0 };

	ASSERT_EQ(0, record_start(fd, 0));
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	ASSERT_EQ(1, epoll_wait(ep, &ev, 1, 5000));
	for (i = 0; i < 5; i++) {
		while (recording_read(&rec, fd) > 0)
			;
		ASSERT_EQ(0, generator_run(&self->nl, 1, 10));
		ASSERT_EQ(1, epoll_wait(ep, &ev, 1, 10000));
	}
	EXPECT_GT(recording_read(&rec, fd), 0);
	close(ep);
	close(fd);
	recording_free(&rec);
}

TEST_F(record, stop_ends_a_blocked_read)
{
	struct recording rec = { 0 };
	int status, fd = dev_open(O_RDONLY);
	pid_t pid;

	ASSERT_EQ(0, record_start(fd, 0));
	pid = fork_child();
	if (pid == 0) {
		while (recording_read(&rec, fd) > 0)
			;
		_exit(recording_split(&rec, streams) || !streams[0].close);
	}
	ASSERT_TRUE(WAIT_FOR(is_blocked_in_read(pid), slow_ms()));
	ASSERT_EQ(0, ioctl(fd, ACQREL_IOC_STOP));
	ASSERT_TRUE(WAIT_FOR(waitpid(pid, &status, WNOHANG) == pid, 5000));
	EXPECT_EQ(0, status);
	EXPECT_EQ(0, ioctl(fd, ACQREL_IOC_STOP));
	/* All was read by the child; nothing comes after the end. */
	EXPECT_EQ(0, recording_read(&rec, fd));
	close(fd);
}

/* Tasks that share a file: one makes it a recorder, all read to the end. */
TEST_F(record, many_hands_on_one_file)
{
	int i, k, status, err, winners, fd;
	struct recording rec = { 0 };
	pid_t pids[4];

	for (i = 0; i < 10; i++) {
		fd = dev_open(O_RDONLY);
		for (k = 0; k < 4; k++) {
			pids[k] = fork_child();
			if (pids[k])
				continue;
			err = record_start(fd, ACQREL_TRACE_RING_MIN);
			if (err && err != -EBUSY)
				_exit(2);
			while (recording_read(&rec, fd) > 0)
				;
			_exit(recording_read(&rec, fd) ? 3 : !err);
		}
		ASSERT_TRUE(WAIT_FOR(!ioctl(fd, ACQREL_IOC_STOP), slow_ms()));
		for (k = 0, winners = 0; k < 4; k++) {
			ASSERT_EQ(pids[k], waitpid(pids[k], &status, 0));
			ASSERT_TRUE(WIFEXITED(status));
			ASSERT_LE(WEXITSTATUS(status), 1);
			winners += WEXITSTATUS(status);
		}
		EXPECT_EQ(1, winners);
		close(fd);
	}
}

static void check_books(struct __test_metadata *_metadata,
			const struct stream *s)
{
	const struct acqrel_trace_account *o = &s->open->sums.account;
	const struct acqrel_trace_account *c = &s->close->sums.account;
	const struct acqrel_trace_account *l = &s->close->lost.account;
	const __u64 *v = s->verdicts;
	unsigned int i;

	EXPECT_EQ(c->offered, o->offered + s->events + l->offered);
	for (i = 0; i < __ACQREL_FILTER_COUNT; i++)
		EXPECT_EQ(c->filtered[i],
			  o->filtered[i] + v[i] + l->filtered[i]);
	EXPECT_EQ(c->pushed, o->pushed + v[ACQREL_VERDICT_PUSHED] +
			     v[ACQREL_VERDICT_OVERWROTE] + l->pushed);
	EXPECT_EQ(c->overwritten, o->overwritten +
				  v[ACQREL_VERDICT_OVERWROTE] + l->overwritten);
	EXPECT_EQ(c->dropped,
		  o->dropped + v[ACQREL_VERDICT_DROPPED] + l->dropped);
	EXPECT_EQ(c->head - o->head, c->pushed - o->pushed);
}

static void check_all_books(struct __test_metadata *_metadata,
			    const struct recording *rec)
{
	unsigned int i, n = 0;

	ASSERT_EQ(0, recording_split(rec, streams));
	for (i = 0; i < MAX_CPUS; i++) {
		if (!streams[i].open)
			continue;
		n++;
		ASSERT_NE(NULL, streams[i].close);
		check_books(_metadata, &streams[i]);
	}
	EXPECT_EQ(cpus_possible(), n);
}

TEST_F(record, every_event_is_there)
{
	struct recording rec = { 0 };
	int fd = dev_open(O_RDONLY);

	/* Some before, so that the sums do not begin at 0. */
	ASSERT_EQ(0, generator_run(&self->nl, 7, 3000));
	ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_SAMPLE_EVERY, 3));
	ASSERT_EQ(0, record_start(fd, 65536));
	ASSERT_EQ(0, generator_run(&self->nl, 1, 60000));
	ASSERT_EQ(0, recording_finish(&rec, fd));
	check_all_books(_metadata, &rec);
	EXPECT_EQ(60000, streams_events(streams));
	EXPECT_EQ(0, streams_lost(streams));
	EXPECT_GT(streams[0].verdicts[ACQREL_FILTER_SAMPLE], 0);
	EXPECT_GT(streams[0].verdicts[ACQREL_VERDICT_DROPPED], 0);
	close(fd);
	recording_free(&rec);
}

TEST_F(record, what_is_lost_is_counted)
{
	struct recording rec = { 0 };
	int fd = dev_open(O_RDONLY);

	ASSERT_EQ(0, record_start(fd, ACQREL_TRACE_RING_MIN));
	ASSERT_EQ(0, generator_run(&self->nl, 1, 20000));
	/* Some room, and then some more is lost. */
	ASSERT_GT(recording_read(&rec, fd), 0);
	ASSERT_EQ(0, generator_run(&self->nl, 2, 20000));
	ASSERT_EQ(0, recording_finish(&rec, fd));
	check_all_books(_metadata, &rec);
	EXPECT_GT(streams_lost(streams), 0);
	EXPECT_EQ(40000, streams_events(streams) + streams_lost(streams));
	/* After what was lost the stream says where it goes on. */
	EXPECT_EQ(2, streams[0].states);
	close(fd);
	recording_free(&rec);
}

TEST_F(record, a_bad_buffer_loses_nothing)
{
	struct recording rec = { 0 };
	long page = sysconf(_SC_PAGESIZE);
	int fd = dev_open(O_RDONLY);
	char *map;
	long len;

	map = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, mprotect(map + 2 * page, 6 * page, PROT_NONE));
	ASSERT_EQ(0, record_start(fd, 65536));
	ASSERT_EQ(0, generator_run(&self->nl, 1, 10000));
	EXPECT_EQ(-1, read(fd, map + 2 * page, 6 * page));
	EXPECT_EQ(EFAULT, errno);
	/* Room for a snapshot, not for more. */
	len = read(fd, map, 8 * page);
	ASSERT_GT(len, 0);
	EXPECT_LT(len, 2 * page);
	rec.at = malloc(len);
	rec.room = len;
	rec.n = len;
	memcpy(rec.at, map, len);
	ASSERT_EQ(0, recording_finish(&rec, fd));
	check_all_books(_metadata, &rec);
	EXPECT_EQ(10000, streams_events(streams));
	close(fd);
	recording_free(&rec);
}

TEST_F(record, configs_are_recorded_where_they_begin)
{
	static const __u32 pids[] = { 1, 2, 3, 4, 5 };
	struct recording rec = { 0 };
	int fd = dev_open(O_RDONLY);
	unsigned int i;

	ASSERT_EQ(0, record_start(fd, 0));
	ASSERT_EQ(0, generator_run(&self->nl, 1, 1000));
	ASSERT_EQ(0, config_set_pids(&self->nl, pids, 5));
	ASSERT_EQ(0, generator_run(&self->nl, 2, 1000));
	ASSERT_EQ(0, config_set_min_value(&self->nl, 5000));
	ASSERT_EQ(0, generator_run(&self->nl, 3, 1000));
	/* Nobody sees this one. */
	ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_SAMPLE_EVERY, 9));
	ASSERT_EQ(0, recording_finish(&rec, fd));
	check_all_books(_metadata, &rec);
	for (i = 0; i < MAX_CPUS; i++) {
		if (streams[i].events)
			EXPECT_EQ(3, streams[i].configs);
	}
	close(fd);
	recording_free(&rec);
}

static __u64 offered(struct nl *nl)
{
	static struct rings rings;
	struct books sum;

	if (rings_get(nl, 0, &rings))
		return 0;
	rings_sum(&rings, &sum);
	return sum.offered;
}

/* The largest records there are, and reads that end within one. */
TEST_F(record, no_record_is_cut)
{
	struct recording rec = { 0 };
	__u32 pids[ACQREL_PIDS_MAX];
	int i, fd = dev_open(O_RDONLY);
	__u64 before;

	for (i = 0; i < ACQREL_PIDS_MAX; i++)
		pids[i] = i + 1;
	ASSERT_EQ(0, record_start(fd, 0));
	ASSERT_EQ(0, generator_start(&self->nl, 1, 1000, 0));
	for (i = 0; i < 100; i++) {
		before = offered(&self->nl);
		ASSERT_EQ(0, config_set_pids(&self->nl, pids, ACQREL_PIDS_MAX));
		ASSERT_TRUE(WAIT_FOR(offered(&self->nl) > before, 5000));
	}
	ASSERT_EQ(0, source_stop(&self->nl, "generator"));
	ASSERT_EQ(0, ioctl(fd, ACQREL_IOC_STOP));
	while (recording_read_some(&rec, fd, ACQREL_TRACE_READ_MIN) > 0)
		;
	check_all_books(_metadata, &rec);
	EXPECT_GT(streams[0].configs + streams[1].configs, 80);
	close(fd);
	recording_free(&rec);
}

/* A CPU that has much does not keep one waiting that has as much. */
TEST_F(record, cpus_take_turns)
{
	const struct acqrel_trace_chunk *c = NULL;
	struct recording rec = { 0 };
	int fd = dev_open(O_RDONLY);
	unsigned int n = 0;
	__u32 last = 0;

	if (cpus_online() < 2)
		SKIP(return, "there is only one CPU");
	ASSERT_EQ(0, record_start(fd, 65536));
	ASSERT_EQ(0, generator_run(&self->nl, 1, 5000 * cpus_online()));
	ASSERT_EQ(0, ioctl(fd, ACQREL_IOC_STOP));
	while (recording_read_some(&rec, fd, ACQREL_TRACE_READ_MIN) > 0)
		;
	/* 5000 events of a CPU are 19 reads or more. */
	while (n < 10 && (c = chunk_next(&rec, c))) {
		if (c->type != ACQREL_TRACE_DATA)
			continue;
		if (n++)
			EXPECT_NE(last, c->cpu);
		last = c->cpu;
	}
	EXPECT_EQ(10, n);
	close(fd);
	recording_free(&rec);
}

/* Return: pid of a task that records and reads for ever. */
static pid_t fork_recorder(void)
{
	struct recording rec = { 0 };
	pid_t pid = fork_child();
	int fd;

	if (pid)
		return pid;
	fd = dev_open(O_RDONLY);
	/* The one who looks whether it records may be in its way. */
	while (record_start(fd, ACQREL_TRACE_RING_MIN) == -EBUSY)
		usleep(1000);
	for (;;) {
		rec.n = 0;
		if (recording_read(&rec, fd) < 0)
			_exit(2);
	}
}

static bool somebody_records(void)
{
	int fd = dev_open(O_RDONLY), err = record_start(fd, 0);

	/* Neither answer would be one. */
	if (fd < 0)
		abort();
	close(fd);
	return err == -EBUSY;
}

TEST_F(record, a_killed_recorder_leaves_nothing)
{
	struct recording rec = { 0 };
	struct load load = { 0 };
	int i, status, fd;
	pid_t pid;

	load_ping_pong(&load, 2, false);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	for (i = 0; i < 10; i++) {
		pid = fork_recorder();
		ASSERT_TRUE(WAIT_FOR(somebody_records(), 5000));
		ASSERT_EQ(0, kill(pid, SIGKILL));
		waitpid(pid, &status, 0);
		ASSERT_TRUE(WIFSIGNALED(status));
		ASSERT_TRUE(WAIT_FOR(!somebody_records(), 5000));
	}
	fd = dev_open(O_RDONLY);
	ASSERT_EQ(0, record_start(fd, 0));
	while (rec.n < 200000)
		ASSERT_GT(recording_read(&rec, fd), 0);
	ASSERT_EQ(0, recording_finish(&rec, fd));
	load_stop(&load);
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	check_all_books(_metadata, &rec);
	EXPECT_GT(streams_events(streams), 1000);
	close(fd);
	recording_free(&rec);
}

TEST_F(record, memory_comes_back)
{
	const __u32 units = 1 << 21;
	__u64 bytes = (__u64)units * ACQREL_TRACE_UNIT *
		      cpus_possible();
	__u64 before = memory_available();
	int i, fd;

	for (i = 0; i < 4; i++) {
		fd = dev_open(O_RDONLY);
		ASSERT_EQ(0, record_start(fd, units));
		EXPECT_LT(memory_available() + bytes / 4, before);
		close(fd);
	}
	EXPECT_TRUE(WAIT_FOR(memory_available() + bytes / 2 > before, 5000));
}

/* Not with close() only: a file may stay open for long. */
TEST_F(record, memory_comes_back_once_all_is_read)
{
	const __u32 units = 1 << 21;
	__u64 bytes = (__u64)units * ACQREL_TRACE_UNIT * cpus_possible();
	__u64 before = memory_available();
	int fd = dev_open(O_RDONLY);
	struct recording rec = { 0 };

	ASSERT_EQ(0, record_start(fd, units));
	EXPECT_LT(memory_available() + bytes / 4, before);
	ASSERT_EQ(0, recording_finish(&rec, fd));
	EXPECT_TRUE(WAIT_FOR(memory_available() + bytes / 2 > before, 5000));
	EXPECT_EQ(0, recording_read(&rec, fd));
	close(fd);
	recording_free(&rec);
}

TEST_F(record, memory_has_a_limit)
{
	__u64 bytes = (__u64)ACQREL_TRACE_RING_MAX * ACQREL_TRACE_UNIT *
		      cpus_possible();
	int fd = dev_open(O_RDONLY);

	if (bytes <= memory_total() / 4)
		SKIP(return, "the largest rings are not too large here");
	EXPECT_EQ(-ENOMEM, record_start(fd, ACQREL_TRACE_RING_MAX));
	EXPECT_EQ(0, record_start(fd, 0));
	close(fd);
}

TEST_F(record, a_recorder_must_read)
{
	int fd = dev_open(O_WRONLY), other = dev_open(O_RDONLY);

	EXPECT_EQ(-EBADF, record_start(fd, 0));
	EXPECT_EQ(0, record_start(other, 0));
	close(fd);
	close(other);
}

TEST_F(record, holds_the_module_and_forbids_reset)
{
	int fd = dev_open(O_RDONLY);

	ASSERT_EQ(0, record_start(fd, 0));
	EXPECT_EQ(-EBUSY, client_reset(&self->nl));
	EXPECT_NE(0, module_remove("acqrel"));
	close(fd);
	EXPECT_EQ(0, client_reset(&self->nl));
}

TEST_F(record, cpu_goes_and_comes)
{
	unsigned int cpu = cpus_online() - 1;
	struct recording rec = { 0 };
	struct load load = { 0 };
	char online[64];
	int i, fd;

	snprintf(online, sizeof(online),
		 "/sys/devices/system/cpu/cpu%u/online", cpu);
	if (!cpu || !path_exists(online))
		SKIP(return, "no CPU here can go offline");
	load_ping_pong(&load, 2, false);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	/* Begin with it, end without, and the other way round. */
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, file_write(online, i ? "0" : "1"));
		fd = dev_open(O_RDONLY);
		ASSERT_EQ(0, record_start(fd, 0));
		while (rec.n < 100000)
			ASSERT_GT(recording_read(&rec, fd), 0);
		ASSERT_EQ(0, file_write(online, i ? "1" : "0"));
		while (rec.n < 200000)
			ASSERT_GT(recording_read(&rec, fd), 0);
		ASSERT_EQ(0, recording_finish(&rec, fd));
		check_all_books(_metadata, &rec);
		EXPECT_GT(streams[cpu].events, 0);
		close(fd);
		recording_free(&rec);
	}
	file_write(online, "1");
	load_stop(&load);
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
}

/* The digest is that of the events a reader takes, so one beside it may. */
TEST_F(record, a_reader_beside_it)
{
	struct recording rec = { 0 };
	struct events events = { 0 };
	int reader = dev_open(O_RDONLY | O_NONBLOCK), fd = dev_open(O_RDONLY);
	__u64 taken = 0;
	unsigned int i;

	ASSERT_EQ(0, generator_run(&self->nl, 9, 100));
	ASSERT_EQ(0, record_start(fd, 65536));
	ASSERT_EQ(0, generator_run(&self->nl, 1, 300));
	ASSERT_EQ(0, events_drain(&events, reader));
	EXPECT_EQ(400, events.n);
	ASSERT_EQ(0, recording_finish(&rec, fd));
	check_all_books(_metadata, &rec);
	for (i = 0; i < MAX_CPUS; i++) {
		if (!streams[i].close)
			continue;
		EXPECT_EQ(streams[i].open->sums.account.head,
			  streams[i].close->digest.from);
		EXPECT_EQ(streams[i].close->sums.account.head,
			  streams[i].close->digest.until);
		taken += streams[i].close->digest.events;
	}
	EXPECT_EQ(300, taken);
	close(fd);
	close(reader);
	recording_free(&rec);
	events_free(&events);
}

TEST_HARNESS_MAIN
