// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slices: what they report of themselves is so
 */
#include <errno.h>
#include <stdlib.h>

#include "fixture.h"

#include "bench.h"

#define SLICE_NS	5000000ULL
#define LEAD_NS		1000000ULL
/* A busy host may let a virtual CPU sit out a slice, but not many. */
#define TRIES		20

FIXTURE(bench) {
	struct nl nl;
	struct nl group;
	struct bench_cases cases;
	struct bench_result result;
};

FIXTURE_SETUP(bench)
{
	MODULE_SETUP("");
	ASSERT_EQ(0, client_open(&self->nl));
	ASSERT_EQ(0, client_open(&self->group));
	ASSERT_EQ(0, nl_join(&self->group, ACQREL_GENL_NAME,
			     ACQREL_MCGRP_BENCH));
	ASSERT_EQ(0, bench_cases(&self->nl, &self->cases));
}

FIXTURE_TEARDOWN(bench)
{
	nl_close(&self->nl);
	nl_close(&self->group);
	MODULE_TEARDOWN();
}

static bool name_is_well_formed(const char *name)
{
	const char *slash = strchr(name, '/');
	const char *colon = strchr(name, ':');

	return slash && colon && slash > name && colon > slash + 1 && colon[1];
}

TEST_F(bench, cases_are_what_they_should_be)
{
	const struct bench_case *c;
	unsigned int i;

	ASSERT_NE(NULL, bench_case(&self->cases, EMPTY_LOOP));
	for (i = 0; i < self->cases.n; i++) {
		c = &self->cases.at[i];
		EXPECT_TRUE(name_is_well_formed(c->name) &&
			    bench_case(&self->cases, c->name) == c) {
			TH_LOG("'%s' is no name or is there twice", c->name);
		}
		EXPECT_TRUE(c->threads && c->chunk && c->payload % 8 == 0 &&
			    c->payload <= c->payload_max &&
			    c->payload_max <= ACQREL_BENCH_PAYLOAD_MAX) {
			TH_LOG("%s", c->name);
		}
		EXPECT_TRUE(!*c->bound || bench_case(&self->cases, c->bound)) {
			TH_LOG("%s: no such bound: %s", c->name, c->bound);
		}
	}
}

/* Runs a slice of @arm and leaves what it did in self->result. */
static void run_slice(struct __test_metadata *_metadata,
		      struct _test_data_bench *self, __u32 arm,
		      const struct bench_slice *slice, __u32 *run)
{
	__s32 status;

	ASSERT_EQ(0, bench_start(&self->nl, arm, slice, run)) {
		TH_LOG("%s", self->nl.extack);
	}
	ASSERT_EQ(0, bench_wait(&self->group, *run, &status));
	ASSERT_EQ(0, status);
	ASSERT_EQ(0, bench_result(&self->nl, *run, &self->result)) {
		TH_LOG("%s", self->nl.extack);
	}
}

static bool sample_is_sound(const struct bench_sample *s, unsigned int i)
{
	return s->thread == i && s->cpu == i && s->deadline_ns &&
	       s->start_ns >= s->deadline_ns && s->end_ns >= s->start_ns &&
	       s->busy_ns <= s->end_ns - s->start_ns && s->bursts;
}

/* Return: operations of the measured threads. */
static __u64 check_samples(struct __test_metadata *_metadata,
			   const struct bench_result *result,
			   const struct bench_open *what)
{
	__u64 ops = 0;
	unsigned int i;

	EXPECT_EQ(what->n, result->n);
	for (i = 0; i < result->n; i++) {
		const struct bench_sample *s = &result->at[i];
		bool last = i == result->n - 1;

		EXPECT_TRUE(sample_is_sound(s, i)) {
			TH_LOG("%s: thread %u", what->name, i);
		}
		EXPECT_EQ(what->writes && last,
			  s->role == ACQREL_BENCH_ROLE_WRITER);
		EXPECT_EQ(0, s->violations + s->lost) {
			TH_LOG("%s: thread %u: %llu violations, %llu lost",
			       what->name, i, s->violations, s->lost);
		}
		if (s->role == ACQREL_BENCH_ROLE_MEASURED)
			ops += s->ops;
	}
	return ops;
}

static __u64 check_latency(struct __test_metadata *_metadata,
			   struct _test_data_bench *self, __u32 run,
			   const struct bench_open *what)
{
	struct bench_latency l;
	__u64 sum = 0;
	unsigned int i;

	EXPECT_EQ(0, bench_latency(&self->nl, run, &l)) {
		TH_LOG("%s: %s", what->name, self->nl.extack);
	}
	EXPECT_EQ((1U << what->n) - 1, l.threads);
	for (i = 0; i < what->n; i++) {
		EXPECT_EQ(l.n[i], l.counted[i]) {
			TH_LOG("%s: thread %u", what->name, i);
		}
		sum += l.n[i];
	}
	return sum;
}

static void run_arm(struct __test_metadata *_metadata,
		    struct _test_data_bench *self,
		    const struct bench_open *what, __u32 mode)
{
	struct bench_slice slice = {
		.slice_ns = SLICE_NS, .lead_ns = LEAD_NS, .mode = mode,
	};
	int tries = TRIES;
	__u32 arm, run;
	__u64 done;

	ASSERT_EQ(0, bench_open(&self->nl, what, &arm)) {
		TH_LOG("%s: %s", what->name, self->nl.extack);
	}
	do {
		run_slice(_metadata, self, arm, &slice, &run);
		done = check_samples(_metadata, &self->result, what);
		if (mode == ACQREL_BENCH_LATENCY)
			done = check_latency(_metadata, self, run, what);
		/* Threads that wait for each other may seldom run together. */
		slice.slice_ns = ACQREL_BENCH_SLICE_MAX_NS;
	} while (!done && --tries);
	EXPECT_GT(done, 0) {
		TH_LOG("%s with %u threads, mode %u", what->name, what->n,
		       mode);
	}
	ASSERT_EQ(0, bench_close(&self->nl, arm));
}

static void run_case(struct __test_metadata *_metadata,
		     struct _test_data_bench *self, const struct bench_case *c)
{
	static const __u32 cpus[] = { 0, 1 };
	struct bench_open what = { .name = c->name, .cpus = cpus };
	__u32 mode;

	for (what.n = 1; what.n <= 2 && what.n <= cpus_online(); what.n++) {
		if (what.n < c->threads ||
		    (c->threads_max && what.n > c->threads_max))
			continue;
		for (mode = 0; mode < __ACQREL_BENCH_MODE_COUNT; mode++)
			run_arm(_metadata, self, &what, mode);
	}
	if (!c->writes || c->threads > 1 || cpus_online() < 2)
		return;
	what.n = 2;
	what.writes = true;
	what.payload = c->payload_max;
	run_arm(_metadata, self, &what, ACQREL_BENCH_RATE);
}

TEST_F_TIMEOUT(bench, every_case_runs, 120)
{
	unsigned int i;

	for (i = 0; i < self->cases.n; i++)
		run_case(_metadata, self, &self->cases.at[i]);
}

/* Arms stay as they are while slices of others run. */
TEST_F(bench, arms_take_turns)
{
	const struct bench_slice slice = { .slice_ns = SLICE_NS };
	__u32 arm[3], run, last = 0;
	unsigned int i;

	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, bench_open_loop(&self->nl, 1, &arm[i]));
	for (i = 0; i < 9; i++) {
		run_slice(_metadata, self, arm[i * 2 % 3], &slice, &run);
		EXPECT_NE(last, run);
		last = run;
		EXPECT_GT(self->result.at[0].ops, 0);
	}
}

/* Return: the part of the slice, in percent, in which both threads ran. */
static int overlap(const struct bench_result *r)
{
	const struct bench_sample *a = &r->at[0], *b = &r->at[1];
	__u64 from = a->start_ns > b->start_ns ? a->start_ns : b->start_ns;
	__u64 to = a->end_ns < b->end_ns ? a->end_ns : b->end_ns;
	__u64 first = a->start_ns < b->start_ns ? a->start_ns : b->start_ns;
	__u64 last = a->end_ns > b->end_ns ? a->end_ns : b->end_ns;

	return to > from ? (to - from) * 100 / (last - first) : 0;
}

static int by_size(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Leaves the overlap of each of some slices in @sorted. */
static void overlaps(struct __test_metadata *_metadata,
		     struct _test_data_bench *self, __u64 late_ns,
		     int sorted[TRIES])
{
	const struct bench_slice slice = {
		.slice_ns = ACQREL_BENCH_SLICE_MAX_NS, .lead_ns = LEAD_NS,
		.late_ns = late_ns,
	};
	const struct bench_sample *last = &self->result.at[1];
	__u32 arm, run;
	int i;

	ASSERT_EQ(0, bench_open_loop(&self->nl, 2, &arm));
	for (i = 0; i < TRIES; i++) {
		run_slice(_metadata, self, arm, &slice, &run);
		EXPECT_GE(last->start_ns, last->deadline_ns + late_ns);
		sorted[i] = overlap(&self->result);
	}
	ASSERT_EQ(0, bench_close(&self->nl, arm));
	qsort(sorted, TRIES, sizeof(*sorted), by_size);
}

/* A busy host makes overlap less; that of the best slice is the engine's. */
TEST_F(bench, threads_run_together_and_a_late_one_shows)
{
	int together[TRIES], late[TRIES];

	if (cpus_online() < 2)
		SKIP(return, "needs two CPUs");
	overlaps(_metadata, self, 0, together);
	EXPECT_GE(together[TRIES - 1], 95);
	overlaps(_metadata, self, ACQREL_BENCH_SLICE_MAX_NS / 2, late);
	EXPECT_LE(late[TRIES / 2], 65);
	TH_LOG("overlap %d to %d %%, with a thread half a slice late %d to %d %%",
	       together[0], together[TRIES - 1], late[0], late[TRIES - 1]);
}

/* picoseconds an operation of a slice; keep the least */
static void cost(struct __test_metadata *_metadata,
		 struct _test_data_bench *self, __u32 arm, __u32 plant,
		 __u64 *least)
{
	const struct bench_slice slice = {
		.slice_ns = SLICE_NS, .chunk = 1000, .plant = plant,
	};
	__u64 now;
	__u32 run;

	run_slice(_metadata, self, arm, &slice, &run);
	if (!self->result.at[0].ops)
		return;
	now = self->result.at[0].busy_ns * 1000 / self->result.at[0].ops;
	*least = now < *least ? now : *least;
}

/* By turns: a host that is faster later makes both cheaper. */
TEST_F(bench, planted_operations_cost_and_are_not_reported)
{
	__u64 plain = ~0ULL, planted = ~0ULL;
	__u32 arm;
	int i;

	ASSERT_EQ(0, bench_open_loop(&self->nl, 1, &arm));
	for (i = 0; i < TRIES; i++) {
		cost(_metadata, self, arm, 0, &plain);
		cost(_metadata, self, arm, ACQREL_BENCH_PLANT_MAX, &planted);
	}
	EXPECT_GT(planted, plain * 3 / 2) {
		TH_LOG("%llu ps, with as many again planted %llu ps", plain,
		       planted);
	}
}

static const struct bench_slice longest = {
	.slice_ns = ACQREL_BENCH_SLICE_MAX_NS,
	.lead_ns = ACQREL_BENCH_LEAD_MAX_NS,
};

TEST_F(bench, a_slice_can_be_cancelled)
{
	const struct bench_slice slice = { .slice_ns = SLICE_NS };
	__u64 begin, took, least = ~0ULL;
	__u32 arm, run;
	__s32 status;
	int again, i;

	ASSERT_EQ(0, bench_open_loop(&self->nl, 1, &arm));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, bench_start(&self->nl, arm, &longest, &run));
		EXPECT_EQ(-ENOENT, bench_cancel(&self->group, run));
		begin = now_ns();
		ASSERT_EQ(0, bench_cancel(&self->nl, run));
		again = bench_cancel(&self->nl, run);
		EXPECT_TRUE(again == 0 || again == -ENOENT);
		ASSERT_EQ(0, bench_wait(&self->group, run, &status));
		took = now_ns() - begin;
		least = took < least ? took : least;
		EXPECT_EQ(-ECANCELED, status);
	}
	EXPECT_LT(least, ACQREL_BENCH_LEAD_MAX_NS);
	EXPECT_EQ(-ENOENT, bench_cancel(&self->nl, run));
	EXPECT_STREQ("the socket has no such run under way", self->nl.extack);
	EXPECT_EQ(-ECANCELED, bench_result(&self->nl, run, &self->result));
	EXPECT_STREQ("the run was cancelled", self->nl.extack);
	run_slice(_metadata, self, arm, &slice, &run);
}

static void cancel_case(struct __test_metadata *_metadata,
			struct _test_data_bench *self,
			const struct bench_case *c, useconds_t after_us)
{
	static const __u32 cpus[] = { 0, 1 };
	const struct bench_open what = { c->name, cpus, c->threads };
	struct bench_slice slice = longest;
	__u32 arm, run;
	__s32 status;

	if (c->threads > cpus_online())
		return;
	slice.chunk = ACQREL_BENCH_CHUNK_MAX;
	ASSERT_EQ(0, bench_open(&self->nl, &what, &arm)) {
		TH_LOG("%s: %s", c->name, self->nl.extack);
	}
	ASSERT_EQ(0, bench_start(&self->nl, arm, &slice, &run));
	usleep(after_us);
	/* it may have ended before */
	bench_cancel(&self->nl, run);
	ASSERT_EQ(0, bench_wait(&self->group, run, &status)) {
		TH_LOG("%s was cancelled and goes on", c->name);
	}
	EXPECT_TRUE(status == -ECANCELED || status == 0);
	ASSERT_EQ(0, bench_close(&self->nl, arm));
}

/* In the load before, in the timed part, and in what comes after. */
TEST_F_TIMEOUT(bench, every_case_can_be_cancelled, 120)
{
	static const useconds_t after_us[] = { 1000, 130000, 205000 };
	unsigned int i, j;

	for (i = 0; i < self->cases.n; i++)
		for (j = 0; j < ARRAY_SIZE(after_us); j++)
			cancel_case(_metadata, self, &self->cases.at[i],
				    after_us[j]);
}

TEST_F(bench, one_slice_at_a_time)
{
	struct bench_latency latency;
	__u32 arm, other, run;
	__s32 status;

	ASSERT_EQ(0, bench_open_loop(&self->nl, 1, &arm));
	ASSERT_EQ(0, bench_open_loop(&self->nl, 1, &other));
	ASSERT_EQ(0, bench_start(&self->nl, arm, &longest, &run));
	EXPECT_EQ(-EBUSY, bench_start(&self->nl, other, &longest, NULL));
	EXPECT_STREQ("a slice runs", self->nl.extack);
	EXPECT_EQ(-EBUSY, bench_result(&self->nl, run, &self->result));
	EXPECT_STREQ("the run has not ended", self->nl.extack);
	EXPECT_EQ(-EBUSY, bench_latency(&self->nl, run, &latency));
	EXPECT_EQ(-EBUSY, bench_close(&self->nl, arm));
	EXPECT_STREQ("a slice of the arm runs", self->nl.extack);
	EXPECT_EQ(-EBUSY, bench_close_all(&self->nl));
	EXPECT_EQ(0, bench_close(&self->nl, other));
	ASSERT_EQ(0, bench_wait(&self->group, run, &status));
	EXPECT_EQ(0, status);
	EXPECT_EQ(-ENOENT, bench_result(&self->nl, run + 1, &self->result));
	EXPECT_STREQ("that is not the last run", self->nl.extack);
	EXPECT_EQ(0, bench_result(&self->nl, run, &self->result));
	ASSERT_EQ(0, bench_close(&self->nl, arm));
	EXPECT_EQ(-ENOENT, bench_result(&self->nl, run, &self->result));
	EXPECT_STREQ("the arm of the run is closed", self->nl.extack);
}

TEST_HARNESS_MAIN
