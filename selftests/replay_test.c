// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replay: a recording written back comes to the same
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "fixture.h"
#include "recording.h"

#define HEAD	sizeof(struct acqrel_trace_chunk)

static struct stream streams[MAX_CPUS];

ACQREL_FIXTURE(replay, "ring_entries=256");

/* Writes a recording into a file of its own and reads what it comes to. */
static long replay_all(struct __test_metadata *_metadata,
		       const struct recording *rec, struct recording *results)
{
	int fd = dev_open(O_RDWR);
	long ret;

	ASSERT_GE(fd, 0);
	ret = replay_write(fd, rec->at, rec->n);
	ASSERT_EQ(0, replay_read(results, fd));
	close(fd);
	return ret;
}

static void check_stats(struct __test_metadata *_metadata,
			const struct acqrel_trace_stats *now,
			const struct acqrel_trace_stats *close,
			const struct acqrel_trace_stats *lost)
{
	unsigned int i;

	EXPECT_EQ(close->count, now->count + lost->count);
	EXPECT_EQ(close->sum_ns, now->sum_ns + lost->sum_ns);
	EXPECT_EQ(close->min_ns, now->min_ns < lost->min_ns ? now->min_ns :
							      lost->min_ns);
	EXPECT_EQ(close->max_ns, now->max_ns > lost->max_ns ? now->max_ns :
							      lost->max_ns);
	for (i = 0; i < ACQREL_HIST_BUCKETS; i++)
		EXPECT_EQ(close->hist[i], now->hist[i] + lost->hist[i]);
}

/* All figures of the books are words. */
static void check_account(struct __test_metadata *_metadata,
			  const struct acqrel_trace_account *now,
			  const struct acqrel_trace_account *close,
			  const struct acqrel_trace_account *lost)
{
	const __u64 *n = (const void *)now, *c = (const void *)close;
	const __u64 *l = (const void *)lost;
	unsigned int i;

	for (i = 0; i < sizeof(*now) / sizeof(*n); i++) {
		EXPECT_EQ(c[i], n[i] + l[i]) {
			TH_LOG("word %u of the books", i);
		}
	}
}

static void check_result(struct __test_metadata *_metadata,
			 const struct stream *s,
			 const struct acqrel_trace_result *r)
{
	const struct acqrel_trace_sums *close = &s->close->sums;
	const struct acqrel_trace_sums *lost = &s->close->lost;
	unsigned int kind;

	EXPECT_EQ(ACQREL_RESULT_STATED | ACQREL_RESULT_CLOSED, r->flags);
	EXPECT_EQ(s->events, r->events);
	EXPECT_EQ(0, r->different) {
		TH_LOG("first at %llu: %u recorded, %u replayed", r->first_seq,
		       r->first_recorded, r->first_replayed);
	}
	check_account(_metadata, &r->sums.account, &close->account,
		      &lost->account);
	for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++) {
		EXPECT_EQ(close->passed[kind],
			  r->sums.passed[kind] + lost->passed[kind]);
		check_stats(_metadata, &r->sums.stats[kind],
			    &close->stats[kind], &lost->stats[kind]);
	}
	if (lost->account.offered)
		return;
	EXPECT_EQ(0, r->skipped);
	EXPECT_EQ(s->close->digest.from, r->digest.from);
	EXPECT_EQ(s->close->digest.until, r->digest.until);
	EXPECT_EQ(s->close->digest.events, r->digest.events);
	EXPECT_EQ(s->close->digest.value, r->digest.value);
}

/* A RESULT for each CPU, in their order, and each as its CLOSE says. */
static void check_results(struct __test_metadata *_metadata,
			  const struct recording *results)
{
	const struct acqrel_trace_chunk *c = NULL;
	const struct acqrel_trace_result *r;
	unsigned int cpu = 0, n = 0;

	for (; (c = chunk_next(results, c)); n++) {
		r = (const void *)(c + 1);
		ASSERT_EQ(ACQREL_TRACE_RESULT, c->type);
		ASSERT_EQ(sizeof(*r), c->bytes);
		ASSERT_LT(c->cpu, MAX_CPUS);
		EXPECT_EQ(c->cpu, r->cpu);
		EXPECT_TRUE(!n || c->cpu > cpu);
		cpu = c->cpu;
		ASSERT_NE(NULL, streams[cpu].close);
		check_result(_metadata, &streams[cpu], r);
	}
	EXPECT_EQ(cpus_possible(), n);
}

static void check_replay(struct __test_metadata *_metadata,
			 const struct recording *rec)
{
	struct recording results = { 0 };

	ASSERT_EQ(0, recording_split(rec, streams));
	ASSERT_EQ(rec->n, replay_all(_metadata, rec, &results));
	check_results(_metadata, &results);
	recording_free(&results);
}

/* One filter after the other, over full rings and emptied ones. */
static void run_filters(struct __test_metadata *_metadata, struct nl *nl,
			int reader)
{
	static const __u32 pids[] = { 3, 5, 8, 13, 21, 34, 55, 89, 144, 233 };
	struct events events = { 0 };

	ASSERT_EQ(0, generator_run(nl, 1, 300));
	ASSERT_EQ(0, events_drain(&events, reader));
	ASSERT_EQ(0, config_set_u32(nl, ACQREL_A_CONFIG_SAMPLE_EVERY, 7));
	ASSERT_EQ(0, generator_run(nl, 2, 5000));
	ASSERT_EQ(0, config_set_u32(nl, ACQREL_A_CONFIG_POLICY,
				    ACQREL_POLICY_OVERWRITE_OLDEST));
	ASSERT_EQ(0, config_set_min_value(nl, 1000));
	ASSERT_EQ(0, generator_run(nl, 3, 9000));
	ASSERT_EQ(0, events_drain(&events, reader));
	ASSERT_EQ(0, config_set_u32(nl, ACQREL_A_CONFIG_SAMPLE_EVERY, 1));
	ASSERT_EQ(0, generator_run(nl, 4, 4000));
	ASSERT_EQ(0, config_set_pids(nl, pids, ARRAY_SIZE(pids)));
	ASSERT_EQ(0, generator_run(nl, 5, 3000));
	ASSERT_EQ(0, config_set_u32(nl, ACQREL_A_CONFIG_KINDS, 1));
	ASSERT_EQ(0, generator_run(nl, 6, 3000));
	ASSERT_EQ(0, events_drain(&events, reader));
	events_free(&events);
}

static void record_filters(struct __test_metadata *_metadata, struct nl *nl,
			   struct recording *rec, __u32 units)
{
	int reader = dev_open(O_RDONLY | O_NONBLOCK), fd = dev_open(O_RDONLY);

	/* Something is in the rings before, that no recording knows. */
	ASSERT_EQ(0, generator_run(nl, 99, 200));
	ASSERT_EQ(0, record_start(fd, units));
	run_filters(_metadata, nl, reader);
	ASSERT_EQ(0, recording_finish(rec, fd));
	close(fd);
	close(reader);
}

TEST_F(replay, comes_to_what_was_recorded)
{
	struct recording rec = { 0 };
	unsigned int i;

	record_filters(_metadata, &self->nl, &rec, 65536);
	check_replay(_metadata, &rec);
	EXPECT_EQ(24300, streams_events(streams));
	EXPECT_EQ(0, streams_lost(streams));
	for (i = 0; i < __ACQREL_VERDICT_COUNT; i++) {
		EXPECT_GT(streams[0].verdicts[i], 0) {
			TH_LOG("no event has verdict %u", i);
		}
	}
	EXPECT_GT(streams[0].close->digest.events, 0);
	recording_free(&rec);
}

TEST_F(replay, and_what_was_lost_makes_the_rest)
{
	struct recording rec = { 0 };

	record_filters(_metadata, &self->nl, &rec, ACQREL_TRACE_RING_MIN);
	check_replay(_metadata, &rec);
	EXPECT_GT(streams_lost(streams), 0);
	recording_free(&rec);
}

TEST_F(replay, of_real_events)
{
	int reader = dev_open(O_RDONLY | O_NONBLOCK), fd = dev_open(O_RDONLY);
	struct recording rec = { 0 };
	struct events events = { 0 };
	struct load load = { 0 };
	unsigned int n;

	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	load_ping_pong(&load, 2, false);
	load_forks(&load);
	ASSERT_EQ(0, record_start(fd, 0));
	for (n = 1; n <= 8; n++) {
		while (rec.n < n * 100000)
			ASSERT_GT(recording_read(&rec, fd), 0);
		ASSERT_EQ(0, config_set_u32(&self->nl,
					    ACQREL_A_CONFIG_SAMPLE_EVERY, n));
		events_read(&events, reader);
		ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_POLICY,
					    n % 2));
	}
	ASSERT_EQ(0, recording_finish(&rec, fd));
	load_stop(&load);
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	check_replay(_metadata, &rec);
	EXPECT_EQ(0, streams_lost(streams));
	EXPECT_GT(streams_events(streams), 10000);
	close(fd);
	close(reader);
	recording_free(&rec);
	events_free(&events);
}

TEST_F(replay, live_books_are_not_touched)
{
	static struct rings before, after;
	struct recording rec = { 0 };

	record_filters(_metadata, &self->nl, &rec, 65536);
	ASSERT_EQ(0, rings_get(&self->nl, 0, &before));
	check_replay(_metadata, &rec);
	ASSERT_EQ(0, rings_get(&self->nl, 0, &after));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
	recording_free(&rec);
}

/* Two files, a chunk of the recording to one and to the other in turn. */
TEST_F(replay, several_at_once)
{
	struct recording rec = { 0 }, results[2] = { 0 };
	const struct acqrel_trace_chunk *c = NULL;
	int i, fd[2];

	record_filters(_metadata, &self->nl, &rec, 65536);
	ASSERT_EQ(0, recording_split(&rec, streams));
	for (i = 0; i < 2; i++)
		fd[i] = dev_open(O_RDWR);
	while ((c = chunk_next(&rec, c))) {
		for (i = 0; i < 2; i++)
			ASSERT_EQ(HEAD + c->bytes,
				  write(fd[i], c, HEAD + c->bytes));
	}
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, replay_read(&results[i], fd[i]));
		check_results(_metadata, &results[i]);
		recording_free(&results[i]);
		close(fd[i]);
	}
	recording_free(&rec);
}

static pid_t fork_toggler(const char *online)
{
	pid_t pid = fork_child();

	if (pid)
		return pid;
	for (;;) {
		file_write(online, "0");
		file_write(online, "1");
	}
}

/* Now at the start, now at the end, now between. */
TEST_F(replay, a_cpu_goes_and_comes_all_the_time)
{
	unsigned int i, cpu = cpus_online() - 1;
	struct recording rec = { 0 };
	struct load load = { 0 };
	char online[64];
	pid_t toggler;
	int fd;

	snprintf(online, sizeof(online),
		 "/sys/devices/system/cpu/cpu%u/online", cpu);
	if (!cpu || !path_exists(online))
		SKIP(return, "no CPU here can go offline");
	load_ping_pong(&load, 2, false);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	toggler = fork_toggler(online);
	for (i = 0; i < 8; i++) {
		fd = dev_open(O_RDONLY);
		ASSERT_EQ(0, record_start(fd, 0));
		while (rec.n < 50000)
			ASSERT_GT(recording_read(&rec, fd), 0);
		ASSERT_EQ(0, recording_finish(&rec, fd));
		check_replay(_metadata, &rec);
		EXPECT_GT(streams_events(streams), 0);
		close(fd);
		recording_free(&rec);
	}
	kill(toggler, SIGKILL);
	waitpid(toggler, NULL, 0);
	file_write(online, "1");
	load_stop(&load);
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
}

/* Bits of a long recording turned, so that much is replayed before it ends. */
TEST_F(replay, a_damaged_recording_is_survived)
{
	struct recording rec = { 0 }, results = { 0 };
	unsigned int i, k, refused = 0;
	const struct acqrel_trace_chunk *c;
	char *copy;
	long ret;

	record_filters(_metadata, &self->nl, &rec, ACQREL_TRACE_RING_MIN);
	copy = malloc(rec.n);
	memcpy(copy, rec.at, rec.n);
	for (i = 1; i <= 200; i++) {
		__u32 state = i * 2654435761U;

		for (k = 0; k < 3; k++)
			bytes_damage(rec.at, rec.n, &state);
		results.n = 0;
		ret = replay_all(_metadata, &rec, &results);
		ASSERT_TRUE(ret == (long)rec.n || ret == -EINVAL ||
			    ret == -ENOSPC);
		c = chunk_next(&results, NULL);
		ASSERT_NE(NULL, c);
		/* An ERROR is there if and only if something was refused. */
		ASSERT_EQ(ret == -EINVAL, c->type == ACQREL_TRACE_ERROR);
		refused += ret == -EINVAL;
		memcpy(rec.at, copy, rec.n);
	}
	EXPECT_GT(refused, 0);
	free(copy);
	recording_free(&rec);
	recording_free(&results);
}

TEST_HARNESS_MAIN
