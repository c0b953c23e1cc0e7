// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replay: what must not be written, and what is hostile, comes to an error
 * that names it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "fixture.h"
#include "recording.h"

#define HEAD	sizeof(struct acqrel_trace_chunk)
#define SNAP	sizeof(struct acqrel_trace_snapshot)

ACQREL_FIXTURE(hostile, "ring_entries=256");

TEST_F(hostile, needs_a_capability)
{
	char zeros[HEAD] = { 0 };
	int status, fd = dev_open(O_RDWR);
	pid_t pid;

	pid = fork_child();
	if (pid == 0) {
		become_nobody();
		_exit(write(fd, zeros, sizeof(zeros)) < 0 ? errno : 0);
	}
	waitpid(pid, &status, 0);
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
	/* So it is no replay yet. */
	EXPECT_EQ(0, record_start(fd, 0));
	close(fd);
}

/**
 * struct small - a stream of one CPU, by hand
 * @open: begins it
 * @data: STATE, CONFIG and two EVENTs
 * @close: ends it
 */
struct small {
	struct acqrel_trace_chunk open_head;
	struct acqrel_trace_snapshot open;
	struct acqrel_trace_chunk data_head;
	struct acqrel_trace_state state;
	union {
		struct acqrel_trace_config config;
		char config_units[2 * ACQREL_TRACE_UNIT];
	};
	struct acqrel_trace_event event[2];
	struct acqrel_trace_chunk close_head;
	struct acqrel_trace_snapshot close;
};

#define DATA_BYTES							\
	(offsetof(struct small, close_head) - offsetof(struct small, state))

static void small_event(struct acqrel_trace_event *ev, __u64 clock_ns)
{
	ev->type = ACQREL_RECORD_EVENT;
	ev->units = 1;
	ev->verdict = ACQREL_VERDICT_PUSHED;
	ev->flags = ACQREL_EVENT_HAS_VALUE;
	ev->pid = 1;
	ev->clock_ns = clock_ns;
	ev->value_ns = 500;
}

static void small_init(struct small *s)
{
	unsigned int kind;

	memset(s, 0, sizeof(*s));
	s->open_head.type = ACQREL_TRACE_OPEN;
	s->open_head.bytes = SNAP;
	s->open.ring_entries = 2;
	for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
		s->open.sums.stats[kind].min_ns = ~0ULL;
	s->data_head.type = ACQREL_TRACE_DATA;
	s->data_head.bytes = DATA_BYTES;
	s->state.type = ACQREL_RECORD_STATE;
	s->state.units = 2;
	s->state.clock_ns = 10;
	s->config.type = ACQREL_RECORD_CONFIG;
	s->config.units = 2;
	s->config.clock_ns = 10;
	s->config.generation = 1;
	s->config.kinds = ACQREL_KINDS_ALL;
	s->config.sample_every = 1;
	small_event(&s->event[0], 20);
	small_event(&s->event[1], 30);
	s->close_head.type = ACQREL_TRACE_CLOSE;
	s->close_head.bytes = SNAP;
	s->close.ring_entries = 2;
	s->close.digest.until = 2;
}

static char *small_close(struct small *s)
{
	return (char *)s + offsetof(struct small, close_head);
}

/**
 * small_write() - replay it
 * @s: the stream
 * @n: bytes to write
 * @why: gets the text of the ERROR, empty if there is none
 *
 * Return: 0 for a result, -EINVAL for an error, -EPROTO if it is neither.
 */
static int small_write(const void *s, size_t n, char *why, size_t size)
{
	static char buf[64 << 10];
	struct acqrel_trace_chunk *c = (void *)buf;
	int fd = dev_open(O_RDWR);
	long wrote = replay_write(fd, s, n);
	ssize_t len = read(fd, buf, sizeof(buf));
	bool error = len > 0 && c->type == ACQREL_TRACE_ERROR;

	*why = '\0';
	if (error)
		snprintf(why, size, "%.*s", (int)c->bytes, (char *)(c + 1));
	/* Nothing comes after an ERROR. */
	if (error && (len != (ssize_t)(HEAD + c->bytes) ||
		      read(fd, buf, sizeof(buf))))
		wrote = -EPROTO;
	close(fd);
	if (wrote == (long)n && !error && len >= 0)
		return 0;
	return wrote == -EINVAL && error ? -EINVAL : -EPROTO;
}

TEST_F(hostile, small_stream)
{
	struct acqrel_trace_result *r;
	struct recording results = { 0 };
	int fd = dev_open(O_RDWR);
	struct small s;

	small_init(&s);
	ASSERT_EQ(sizeof(s), replay_write(fd, &s, sizeof(s)));
	ASSERT_EQ(0, replay_read(&results, fd));
	r = (void *)(results.at + HEAD);
	ASSERT_EQ(HEAD + sizeof(*r), results.n);
	EXPECT_EQ(2, r->events);
	EXPECT_EQ(0, r->different);
	EXPECT_EQ(2, r->sums.account.pushed);
	EXPECT_EQ(1000, r->sums.stats[0].sum_ns);
	EXPECT_EQ(2, r->digest.events);
	close(fd);
	recording_free(&results);
}

/* How to ask whether this is possible. */
TEST_F(hostile, of_nothing)
{
	static char buf[ACQREL_TRACE_READ_MIN];
	int fd = dev_open(O_RDWR);

	EXPECT_EQ(0, write(fd, buf, 0));
	EXPECT_EQ(-EINVAL, record_start(fd, 0));
	EXPECT_EQ(0, read(fd, buf, sizeof(buf)));
	close(fd);
}

TEST_F(hostile, a_wrong_verdict_is_found)
{
	struct recording results = { 0 };
	struct acqrel_trace_result *r;
	int fd = dev_open(O_RDWR);
	struct small s;

	small_init(&s);
	s.config.min_value_ns = 501;
	s.event[0].value_ns = 501;
	ASSERT_EQ(sizeof(s), replay_write(fd, &s, sizeof(s)));
	ASSERT_EQ(0, replay_read(&results, fd));
	r = (void *)(results.at + HEAD);
	EXPECT_EQ(1, r->different);
	EXPECT_EQ(1, r->first_seq);
	EXPECT_EQ(ACQREL_VERDICT_PUSHED, r->first_recorded);
	EXPECT_EQ(ACQREL_FILTER_VALUE, r->first_replayed);
	close(fd);
	recording_free(&results);
}

/* A field, what it is set to, and what the ERROR says. */
struct wrong {
	size_t at;
	size_t bytes;
	__u64 value;
	const char *why;
};

#define WRONG(field, bytes, value, why)					\
	{ offsetof(struct small, field), bytes, value, why }

static const struct wrong wrongs[] = {
	WRONG(open_head.type, 4, 0, "neither OPEN nor DATA nor CLOSE"),
	WRONG(open_head.type, 4, ACQREL_TRACE_RESULT, "neither OPEN nor DATA"),
	WRONG(open_head.reserved, 4, 1, "reserved field of a chunk"),
	WRONG(open_head.cpu, 4, 8192, "CPU above 8191"),
	WRONG(open_head.cpu, 4, 1, "an OPEN is of another CPU than its chunk"),
	WRONG(open_head.bytes, 4, SNAP - 8, "not the size of a snapshot"),
	WRONG(open_head.bytes, 4, 0xffffffff, "not the size of a snapshot"),
	WRONG(open.cpu, 4, 3, "an OPEN is of another CPU than its chunk"),
	WRONG(open.ring_entries, 4, 3, "no power of two"),
	WRONG(open.ring_entries, 4, 0, "no power of two"),
	WRONG(open.ring_entries, 4, 2097152, "no power of two"),
	WRONG(data_head.cpu, 4, 1, "a DATA comes before the OPEN"),
	WRONG(data_head.bytes, 4, 0, "not the size of 1 to 2048"),
	WRONG(data_head.bytes, 4, DATA_BYTES - 1, "not the size of 1 to 2048"),
	WRONG(data_head.bytes, 4, 65536 + 32, "not the size of 1 to 2048"),
	WRONG(data_head.bytes, 4, 65536, "a chunk is cut off"),
	WRONG(data_head.bytes, 4, 0xffffffe0, "not the size of 1 to 2048"),
	WRONG(data_head.type, 4, ACQREL_TRACE_OPEN, "not the size of a snapshot"),
	WRONG(state.type, 1, 9, "a record is of a type that there is not"),
	WRONG(state.units, 1, 0, "a record is cut off"),
	WRONG(state.units, 1, 255, "a record is cut off"),
	WRONG(state.units, 1, 1, "a STATE has not two units"),
	WRONG(state.seq, 8, 1, "the first STATE is not that of the OPEN"),
	WRONG(config.units, 1, 1, "a CONFIG has not the units"),
	WRONG(config.nr_pids, 4, 65, "a CONFIG has not the units"),
	WRONG(config.nr_pids, 4, 5, "a CONFIG has not the units"),
	WRONG(config.generation, 8, 0, "a CONFIG goes back in generation"),
	WRONG(config.sample_every, 4, 0, "sample_every must be"),
	WRONG(config.clock_ns, 8, 9, "a CONFIG goes back in time"),
	WRONG(config.type, 1, ACQREL_RECORD_STATE,
	      "an EVENT comes before the first STATE"),
	WRONG(event[0].units, 1, 2, "an EVENT has not one unit"),
	WRONG(event[0].kind, 1, __ACQREL_KIND_COUNT, "a kind that there is not"),
	WRONG(event[0].verdict, 1, __ACQREL_VERDICT_COUNT, "a verdict"),
	WRONG(event[0].flags, 2, 0x8000, "a flag that there is not"),
	WRONG(event[0].pid, 4, 0x80000000, "a thread id that there is not"),
	WRONG(event[0].clock_ns, 8, 9, "an EVENT goes back in time"),
	WRONG(event[1].clock_ns, 8, 19, "after 1 events: an EVENT goes back"),
	WRONG(close_head.cpu, 4, 1, "a CLOSE comes before the OPEN"),
	WRONG(close_head.type, 4, ACQREL_TRACE_OPEN, "a second OPEN"),
	WRONG(close.cpu, 4, 1, "a CLOSE is of another CPU than its chunk"),
};

TEST_F(hostile, what_is_wrong_is_named)
{
	char why[256];
	unsigned int i;
	struct small s;

	for (i = 0; i < ARRAY_SIZE(wrongs); i++) {
		const struct wrong *w = &wrongs[i];

		small_init(&s);
		memcpy((char *)&s + w->at, &w->value, w->bytes);
		EXPECT_EQ(-EINVAL, small_write(&s, sizeof(s), why,
					       sizeof(why))) {
			TH_LOG("expected: %s", w->why);
		}
		EXPECT_NE(NULL, strstr(why, w->why)) {
			TH_LOG("expected: %s; got: %s", w->why, why);
		}
	}
}

TEST_F(hostile, cut_off_anywhere)
{
	size_t data = offsetof(struct small, data_head);
	size_t close = offsetof(struct small, close_head);
	char why[256];
	struct small s;
	size_t n;
	int ret;

	small_init(&s);
	for (n = 1; n < sizeof(s); n += n % 64 ? 1 : 13) {
		ret = small_write(&s, n, why, sizeof(why));
		if (n == data || n == close) {
			EXPECT_EQ(0, ret);
			continue;
		}
		EXPECT_EQ(-EINVAL, ret);
		EXPECT_NE(NULL, strstr(why, "a chunk is cut off"));
	}
}

TEST_F(hostile, chunks_before_the_bad_one_count)
{
	size_t good = offsetof(struct small, close_head);
	static char buf[ACQREL_TRACE_READ_MIN];
	int fd = dev_open(O_RDWR);
	struct small s;

	small_init(&s);
	s.close_head.reserved = 1;
	EXPECT_EQ(good, write(fd, &s, sizeof(s)));
	small_init(&s);
	EXPECT_EQ(-1, write(fd, small_close(&s), HEAD + SNAP));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, read(fd, buf, sizeof(buf) - 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_GT(read(fd, buf, sizeof(buf)), 0);
	EXPECT_EQ(ACQREL_TRACE_ERROR, ((struct acqrel_trace_chunk *)buf)->type);
	EXPECT_EQ(0, read(fd, buf, sizeof(buf)));
	close(fd);
}

TEST_F(hostile, takes_no_chunk_after_a_result)
{
	static char buf[ACQREL_TRACE_READ_MIN];
	int fd = dev_open(O_RDWR);
	struct small s;

	small_init(&s);
	ASSERT_EQ(sizeof(s), write(fd, &s, sizeof(s)));
	EXPECT_GT(read(fd, buf, sizeof(buf)), 0);
	EXPECT_EQ(-1, write(fd, &s, sizeof(s)));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
}

TEST_F(hostile, bad_buffer_changes_nothing)
{
	int fd = dev_open(O_RDWR);
	struct small *s;
	char *map;
	long page = sysconf(_SC_PAGESIZE);

	map = mmap(NULL, 4 * page, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, mprotect(map + 3 * page, page, PROT_NONE));
	/* The close is behind the hole. */
	s = (void *)(map + 3 * page - offsetof(struct small, close));
	ASSERT_EQ(0, mprotect(map + 3 * page, page, PROT_READ | PROT_WRITE));
	small_init(s);
	ASSERT_EQ(0, mprotect(map + 3 * page, page, PROT_NONE));
	EXPECT_EQ(offsetof(struct small, close_head),
		  write(fd, s, sizeof(*s)));
	EXPECT_EQ(-1, write(fd, small_close(s), HEAD + SNAP));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(0, mprotect(map + 3 * page, page, PROT_READ | PROT_WRITE));
	EXPECT_EQ(HEAD + SNAP, write(fd, small_close(s), HEAD + SNAP));
	close(fd);
}

TEST_F(hostile, memory_has_a_limit)
{
	int fd = dev_open(O_RDWR);
	struct small s;
	__u32 cpu;

	small_init(&s);
	s.open.ring_entries = 1048576;
	for (cpu = 0; cpu < 3; cpu++) {
		s.open_head.cpu = cpu;
		s.open.cpu = cpu;
		ASSERT_EQ(HEAD + SNAP, write(fd, &s, HEAD + SNAP));
	}
	s.open_head.cpu = cpu;
	s.open.cpu = cpu;
	EXPECT_EQ(-1, write(fd, &s, HEAD + SNAP));
	EXPECT_EQ(ENOSPC, errno);
	/* A smaller one may still be. */
	s.open.ring_entries = 1024;
	EXPECT_EQ(HEAD + SNAP, write(fd, &s, HEAD + SNAP));
	close(fd);
}

/* 192 MiB each time, more than all of it would be left of a small machine. */
TEST_F(hostile, memory_comes_back)
{
	__u64 before = memory_available();
	struct small s;
	unsigned int i;
	int fd;

	small_init(&s);
	s.open.ring_entries = 1048576;
	for (i = 0; i < 4; i++) {
		fd = dev_open(O_RDWR);
		for (__u32 cpu = 0; cpu < 3; cpu++) {
			s.open_head.cpu = cpu;
			s.open.cpu = cpu;
			ASSERT_EQ(HEAD + SNAP, write(fd, &s, HEAD + SNAP));
		}
		close(fd);
	}
	EXPECT_TRUE(WAIT_FOR(memory_available() + (64 << 20) > before, 5000));
}

/* Mostly where it matters: behind the OPEN, and in the headers. */
static void damage_small(struct small *s, __u32 *state)
{
	size_t data = offsetof(struct small, data_head);
	size_t close = offsetof(struct small, close);

	if (dice(state) % 4)
		bytes_damage((char *)s + data, close - data, state);
	else
		bytes_damage((char *)s, sizeof(*s), state);
}

TEST_F(hostile, seeded_damages_are_survived)
{
	unsigned int i, k, seen[2] = { 0 };
	char why[256];
	struct small s;

	for (i = 1; i <= 4000; i++) {
		__u32 state = i * 2654435761U;
		int ret;

		small_init(&s);
		for (k = dice(&state) % 4; k < 4; k++)
			damage_small(&s, &state);
		/* One that is too large for a test in a small machine. */
		if (s.open.ring_entries > 65536)
			s.open.ring_entries = 65536;
		ret = small_write(&s, sizeof(s), why, sizeof(why));
		ASSERT_TRUE(ret == 0 || ret == -EINVAL) {
			TH_LOG("seed %u: %d", i, ret);
		}
		seen[!ret]++;
	}
	/* Not all of it is refused at the door. */
	EXPECT_GT(seen[0], 400);
	EXPECT_GT(seen[1], 400);
}

TEST_F(hostile, noise_is_refused)
{
	static char noise[64 << 10];
	struct acqrel_trace_chunk *c = (void *)noise;
	struct small s;
	char why[256];
	unsigned int i;
	size_t at;

	for (i = 1; i <= 1000; i++) {
		__u32 state = i * 2654435761U, left = HEAD + SNAP;

		for (at = 0; at < sizeof(noise); at += sizeof(state)) {
			dice(&state);
			memcpy(noise + at, &state, sizeof(state));
		}
		/* Half of it behind a good OPEN, as records. */
		if (i % 2) {
			small_init(&s);
			memcpy(noise, &s, left);
			c = (void *)(noise + left);
			memset(c, 0, HEAD);
			c->type = ACQREL_TRACE_DATA;
			c->bytes = 32 << 10;
			for (at = left + HEAD; at < sizeof(noise);
			     at += ACQREL_TRACE_UNIT) {
				noise[at] = 1 + noise[at] % 4;
				noise[at + 1] = 1 + noise[at + 1] % 4;
			}
		}
		ASSERT_EQ(-EINVAL, small_write(noise, left + HEAD + (32 << 10),
					       why, sizeof(why)));
		ASSERT_NE('\0', why[0]);
	}
}

TEST_HARNESS_MAIN
