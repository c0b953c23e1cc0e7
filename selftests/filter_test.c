// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each filter reason, against a slow and obvious model
 *
 * The generator offers the same stream for the same seed. One run lets all of
 * it pass; the model then says what a config makes of it, and a second run
 * under that config must agree event by event and number by number.
 */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

#define SEED	20260131
#define EVENTS	20000

/* Where in the captured stream the variants find their pids. */
#define AT_PID	100
#define AT_PEER	201

FIXTURE(filter) {
	struct nl nl;
	struct events all;
};

FIXTURE_VARIANT(filter) {
	__u32 kinds;
	__u32 sample_every;
	__u64 min_value_ns;
	bool pids;
};

FIXTURE_VARIANT_ADD(filter, nothing) {
	.kinds = ACQREL_KINDS_ALL, .sample_every = 1,
};

FIXTURE_VARIANT_ADD(filter, kind_switch) {
	.kinds = 1U << ACQREL_KIND_SCHED_SWITCH, .sample_every = 1,
};

FIXTURE_VARIANT_ADD(filter, kind_none) {
	.kinds = 0, .sample_every = 1,
};

FIXTURE_VARIANT_ADD(filter, sample_7) {
	.kinds = ACQREL_KINDS_ALL, .sample_every = 7,
};

FIXTURE_VARIANT_ADD(filter, sample_max) {
	.kinds = ACQREL_KINDS_ALL, .sample_every = ACQREL_SAMPLE_MAX,
};

FIXTURE_VARIANT_ADD(filter, pid) {
	.kinds = ACQREL_KINDS_ALL, .sample_every = 1, .pids = true,
};

FIXTURE_VARIANT_ADD(filter, value_1) {
	.kinds = ACQREL_KINDS_ALL, .sample_every = 1, .min_value_ns = 1,
};

FIXTURE_VARIANT_ADD(filter, value_median) {
	.kinds = ACQREL_KINDS_ALL, .sample_every = 1, .min_value_ns = ~0ULL,
};

FIXTURE_VARIANT_ADD(filter, everything) {
	.kinds = 1U << ACQREL_KIND_SCHED_SWITCH |
		 1U << ACQREL_KIND_SCHED_WAKEUP,
	.sample_every = 3, .min_value_ns = 1000, .pids = true,
};

static void capture(struct __test_metadata *_metadata, struct nl *nl,
		    struct events *events)
{
	int fd = dev_open(O_RDONLY | O_NONBLOCK);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, generator_run(nl, SEED, EVENTS)) {
		TH_LOG("%s", nl->extack);
	}
	ASSERT_EQ(0, events_drain(events, fd));
	close(fd);
}

FIXTURE_SETUP(filter)
{
	MODULE_SETUP("ring_entries=65536");
	ASSERT_EQ(0, client_open(&self->nl));
	capture(_metadata, &self->nl, &self->all);
	ASSERT_EQ(EVENTS, self->all.n);
	ASSERT_EQ(0, client_reset(&self->nl));
}

FIXTURE_TEARDOWN(filter)
{
	events_free(&self->all);
	nl_close(&self->nl);
	MODULE_TEARDOWN();
}

struct model {
	const struct config *config;
	__u64 taken[MAX_CPUS][__ACQREL_KIND_COUNT];
	__u64 filtered[MAX_CPUS][__ACQREL_FILTER_COUNT];
	__u64 passed[MAX_CPUS][__ACQREL_KIND_COUNT];
	struct stats stats[MAX_CPUS][__ACQREL_KIND_COUNT];
	struct events events;
};

static bool pid_passes(const struct config *config,
		       const struct acqrel_event *e)
{
	unsigned int i;

	for (i = 0; i < config->npids; i++) {
		if ((__s32)config->pids[i] == e->pid ||
		    (__s32)config->pids[i] == e->peer)
			return true;
	}
	return !config->npids;
}

/* Return: why @e is filtered, -1 if it passes. */
static int verdict(struct model *m, const struct acqrel_event *e)
{
	const struct config *config = m->config;

	if (!(config->kinds & 1U << e->kind))
		return ACQREL_FILTER_KIND;
	if (m->taken[e->cpu][e->kind]++ % config->sample_every)
		return ACQREL_FILTER_SAMPLE;
	if (!pid_passes(config, e))
		return ACQREL_FILTER_PID;
	if (config->min_value_ns && (!(e->flags & ACQREL_EVENT_HAS_VALUE) ||
				     e->value_ns < config->min_value_ns))
		return ACQREL_FILTER_VALUE;
	return -1;
}

static unsigned int bucket(__u64 value)
{
	return value ? 64 - __builtin_clzll(value) : 0;
}

static void stats_add(struct stats *s, __u64 value)
{
	s->min_ns = !s->count || value < s->min_ns ? value : s->min_ns;
	s->max_ns = value > s->max_ns ? value : s->max_ns;
	s->count++;
	s->sum_ns += value;
	s->hist[bucket(value)]++;
}

static void model_run(struct model *m, const struct events *all)
{
	size_t i;

	m->events.at = calloc(all->n, sizeof(*all->at));
	for (i = 0; i < all->n; i++) {
		const struct acqrel_event *e = &all->at[i];
		int reason = verdict(m, e);

		if (reason >= 0) {
			m->filtered[e->cpu][reason]++;
			continue;
		}
		m->passed[e->cpu][e->kind]++;
		if (e->flags & ACQREL_EVENT_HAS_VALUE)
			stats_add(&m->stats[e->cpu][e->kind], e->value_ns);
		m->events.at[m->events.n++] = *e;
	}
}

static int cmp_u64(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return x < y ? -1 : x > y;
}

static __u64 median_value(const struct events *all)
{
	__u64 *values = calloc(all->n, sizeof(*values));
	__u64 median;
	size_t i;

	for (i = 0; i < all->n; i++)
		values[i] = all->at[i].value_ns;
	qsort(values, all->n, sizeof(*values), cmp_u64);
	median = values[all->n / 2];
	free(values);
	return median;
}

static void check_books(struct __test_metadata *_metadata, struct nl *nl,
			const struct model *m)
{
	static struct rings rings;
	unsigned int i, f;

	ASSERT_EQ(0, rings_get(nl, 0, &rings));
	for (i = 0; i < rings.n; i++) {
		const struct books *b = &rings.cpu[i];

		EXPECT_TRUE(books_at_rest(b));
		EXPECT_EQ(0, b->dropped);
		for (f = 0; f < __ACQREL_FILTER_COUNT; f++) {
			EXPECT_EQ(m->filtered[b->cpu][f], b->filtered[f]) {
				TH_LOG("cpu %u reason %u", b->cpu, f);
			}
		}
	}
}

static void check_counters(struct __test_metadata *_metadata, struct nl *nl,
			   const struct model *m)
{
	static struct counters counters;
	unsigned int cpu, kind;

	ASSERT_EQ(0, counters_get(nl, &counters));
	for (cpu = 0; cpu < counters.n; cpu++) {
		for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
			EXPECT_EQ(m->passed[cpu][kind],
				  counters.cpu[cpu][kind]);
	}
}

static void check_stats(struct __test_metadata *_metadata, struct nl *nl,
			const struct model *m)
{
	static struct stats_all all;
	unsigned int i;

	ASSERT_EQ(0, stats_get(nl, &all));
	for (i = 0; i < all.n; i++) {
		const struct stats *got = &all.block[i];
		const struct stats *want = &m->stats[got->cpu][got->kind];

		EXPECT_EQ(want->count, got->count);
		EXPECT_EQ(want->sum_ns, got->sum_ns);
		EXPECT_EQ(want->min_ns, got->min_ns);
		EXPECT_EQ(want->max_ns, got->max_ns);
		EXPECT_EQ(0, memcmp(want->hist, got->hist, sizeof(got->hist)));
	}
}

static bool same_event(const struct acqrel_event *a,
		       const struct acqrel_event *b)
{
	return a->cpu == b->cpu && a->seq == b->seq && a->kind == b->kind &&
	       a->pid == b->pid && a->peer == b->peer &&
	       a->flags == b->flags && a->value_ns == b->value_ns &&
	       !a->reserved;
}

/* The merge across CPUs may differ between two runs; a CPU's order may not. */
static int cmp_cpu_seq(const void *a, const void *b)
{
	const struct acqrel_event *x = a, *y = b;

	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void check_events(struct __test_metadata *_metadata,
			 struct events *want, struct events *got)
{
	size_t i;

	ASSERT_EQ(want->n, got->n);
	qsort(want->at, want->n, sizeof(*want->at), cmp_cpu_seq);
	qsort(got->at, got->n, sizeof(*got->at), cmp_cpu_seq);
	for (i = 0; i < want->n; i++) {
		ASSERT_TRUE(same_event(&want->at[i], &got->at[i])) {
			TH_LOG("event %zu", i);
		}
	}
}

TEST_F(filter, agrees_with_the_model)
{
	struct config config = {
		.kinds = variant->kinds,
		.sample_every = variant->sample_every,
		.min_value_ns = variant->min_value_ns,
	};
	static struct model model;
	struct events got = { 0 };

	if (variant->pids) {
		config.pids[config.npids++] = self->all.at[AT_PID].pid;
		config.pids[config.npids++] = self->all.at[AT_PEER].peer;
	}
	if (variant->min_value_ns == ~0ULL)
		config.min_value_ns = median_value(&self->all);
	model.config = &config;
	model_run(&model, &self->all);
	ASSERT_EQ(0, config_set_all(&self->nl, &config)) {
		TH_LOG("%s", self->nl.extack);
	}
	capture(_metadata, &self->nl, &got);
	check_books(_metadata, &self->nl, &model);
	check_counters(_metadata, &self->nl, &model);
	check_stats(_metadata, &self->nl, &model);
	check_events(_metadata, &model.events, &got);
	events_free(&got);
	events_free(&model.events);
}

/* Without all of these the model would prove little. */
TEST_F(filter, stream_has_every_case)
{
	unsigned int kinds = 0, with = 0, without = 0;
	size_t i;

	for (i = 0; i < self->all.n; i++) {
		const struct acqrel_event *e = &self->all.at[i];

		kinds |= 1U << e->kind;
		with += !!(e->flags & ACQREL_EVENT_HAS_VALUE);
		without += !(e->flags & ACQREL_EVENT_HAS_VALUE);
		EXPECT_TRUE(e->flags & ACQREL_EVENT_GENERATED);
	}
	EXPECT_EQ(ACQREL_KINDS_ALL, kinds);
	EXPECT_GT(with, 0);
	EXPECT_GT(without, 0);
}

TEST_HARNESS_MAIN
