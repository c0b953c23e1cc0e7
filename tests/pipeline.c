// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pipeline of the user world: the result depends on the streams, not on
 * the threads, and is what the events and the config say.
 */
#include <acqrel/stats.h>
#include "pipeline.h"
#include "threads.h"

static void params_of(struct acqrel_pipeline_params *p)
{
	memset(p, 0, sizeof(*p));
	p->seed = 42;
	p->count = ktap_scale(1000000) + 1;
	p->streams = 4;
	p->threads = 1;
	p->ring_entries = 64;
	acqrel_config_defaults(&p->config);
}

/* a config of which every filter has something to do */
static void busy_config(struct acqrel_config_values *v)
{
	s32 pid;

	v->kinds = ACQREL_KINDS_ALL & ~1U;
	v->sample_every = 3;
	v->min_value_ns = 1000;
	for (pid = 1; pid <= ACQREL_PIDS_MAX; pid++)
		v->pids[v->nr_pids++] = pid;
}

static void check_balanced(const struct acqrel_pipeline_params *p,
			   const struct acqrel_pipeline_result *r)
{
	const struct acqrel_ring_values *ring;
	u64 offered = 0, pushed = 0, passed = 0, dropped = 0;
	unsigned int i;

	for (i = 0; i < r->nstreams; i++) {
		ring = &r->streams[i].ring;
		check_eq(ring->cpu, i);
		check_eq(ring->capacity, p->ring_entries);
		check_eq(ring->account.offered,
			 acqrel_generator_share(p->count, i, p->streams));
		check(acqrel_account_balanced(&ring->account));
		check_eq(ring->fill, ring->account.pushed -
				     ring->account.overwritten);
		check_eq(ring->popped, 0);
		offered += ring->account.offered;
		pushed += ring->account.pushed;
		dropped += ring->account.dropped;
	}
	check_eq(offered, p->count);
	for (i = 0; i < __ACQREL_KIND_COUNT; i++)
		passed += r->counters[ACQREL_COUNTER_PASSED_SWITCH + i];
	check_eq(passed, pushed + dropped);
	for (; i < __ACQREL_COUNTER_COUNT; i++)
		check_eq(r->counters[i], 0);
}

static void check_same(struct acqrel_pipeline_params *p)
{
	struct acqrel_pipeline_result one, many;
	unsigned int threads;

	p->threads = 1;
	check_eq(acqrel_pipeline_run(p, &one), 0);
	check_balanced(p, &one);
	for (threads = 2; threads <= p->streams; threads++) {
		p->threads = threads;
		check_eq(acqrel_pipeline_run(p, &many), 0);
		check_eq(many.nstreams, one.nstreams);
		check(!memcmp(one.streams, many.streams,
			      one.nstreams * sizeof(*one.streams)));
		check(!memcmp(one.counters, many.counters,
			      sizeof(one.counters)));
		acqrel_pipeline_free(&many);
	}
	acqrel_pipeline_free(&one);
}

static void threads_make_no_difference(void)
{
	struct acqrel_pipeline_params p;

	params_of(&p);
	check_same(&p);
	busy_config(&p.config);
	check_same(&p);
	p.config.policy = ACQREL_POLICY_OVERWRITE_OLDEST;
	check_same(&p);
	p.ring_entries = 1;
	p.streams = 3;
	check_same(&p);
	p.config.kinds = 0;
	check_same(&p);
}

static void add_value(struct acqrel_aggregate *m, u64 value)
{
	m->count++;
	m->sum += value;
	m->min = value < m->min ? value : m->min;
	m->max = value > m->max ? value : m->max;
	m->hist[fls64(value)]++;
}

/* the stats that a stream must leave behind, in the plainest way */
static void expect_stats(const struct acqrel_pipeline_params *p, u32 stream,
			 struct acqrel_aggregate *m)
{
	const struct acqrel_config_values *v = &p->config;
	u64 left = acqrel_generator_share(p->count, stream, p->streams);
	u64 seen[__ACQREL_KIND_COUNT] = { 0 };
	struct acqrel_generator g;
	struct acqrel_event ev;

	acqrel_generator_init(&g, p->seed, stream);
	while (left--) {
		acqrel_generator_event(&g, &ev);
		if (!(v->kinds >> ev.kind & 1) ||
		    seen[ev.kind]++ % v->sample_every)
			continue;
		/* busy_config() has the first pids */
		if (ev.pid > (s32)v->nr_pids && ev.peer > (s32)v->nr_pids)
			continue;
		if (ev.flags & ACQREL_EVENT_HAS_VALUE &&
		    ev.value_ns >= v->min_value_ns)
			add_value(&m[ev.kind], ev.value_ns);
	}
}

static void check_stats(const struct acqrel_stats_values *s,
			const struct acqrel_aggregate *m)
{
	check_eq(s->count, m->count);
	check_eq(s->sum_ns, m->sum);
	check_eq(s->min_ns, m->min);
	check_eq(s->max_ns, m->max);
	check(!memcmp(s->hist, m->hist, sizeof(m->hist)));
}

static void stats_are_what_the_events_say(void)
{
	struct acqrel_aggregate m[__ACQREL_KIND_COUNT];
	struct acqrel_pipeline_params p;
	struct acqrel_pipeline_result r;
	unsigned int i, kind;

	params_of(&p);
	busy_config(&p.config);
	p.threads = 2;
	check_eq(acqrel_pipeline_run(&p, &r), 0);
	for (i = 0; i < p.streams; i++) {
		memset(m, 0, sizeof(m));
		for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
			m[kind].min = ~0ULL;
		expect_stats(&p, i, m);
		for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
			check_stats(&r.streams[i].stats[kind], &m[kind]);
		check(m[1].count > 0 && m[0].count == 0);
	}
	acqrel_pipeline_free(&r);
}

static void every_verdict_occurs(void)
{
	struct acqrel_pipeline_params p;
	struct acqrel_pipeline_result r;
	const struct acqrel_account *acc;
	unsigned int i;

	params_of(&p);
	busy_config(&p.config);
	check_eq(acqrel_pipeline_run(&p, &r), 0);
	acc = &r.streams[0].ring.account;
	for (i = 0; i < __ACQREL_FILTER_COUNT; i++)
		check(acc->filtered[i] > 0);
	check_eq(acc->pushed, p.ring_entries);
	check(acc->dropped > 0);
	acqrel_pipeline_free(&r);

	p.config.policy = ACQREL_POLICY_OVERWRITE_OLDEST;
	check_eq(acqrel_pipeline_run(&p, &r), 0);
	check(r.streams[0].ring.account.overwritten > 0);
	check_eq(r.streams[0].ring.account.dropped, 0);
	acqrel_pipeline_free(&r);
}

static void rate_is_kept(void)
{
	struct acqrel_pipeline_params p;
	struct acqrel_pipeline_result r;

	params_of(&p);
	p.count = 1000;
	p.threads = 2;
	p.rate = 10000;
	check_eq(acqrel_pipeline_run(&p, &r), 0);
	/* the last event of a thread is not before its time */
	check(r.elapsed_ns >= (p.count - p.threads) * 1000000000 / p.rate);
	check_balanced(&p, &r);
	acqrel_pipeline_free(&r);
}

static void bad_parameters_are_refused(void)
{
	struct acqrel_pipeline_params good, p;
	struct acqrel_pipeline_result r;

	params_of(&good);
	good.count = 0;
	check_eq(acqrel_pipeline_run(&good, &r), 0);
	acqrel_pipeline_free(&r);
	p = good;
	p.streams = 0;
	check_eq(acqrel_pipeline_run(&p, &r), -EINVAL);
	p = good;
	p.threads = 0;
	check_eq(acqrel_pipeline_run(&p, &r), -EINVAL);
	p.threads = p.streams + 1;
	check_eq(acqrel_pipeline_run(&p, &r), -EINVAL);
	p = good;
	p.ring_entries = 0;
	check_eq(acqrel_pipeline_run(&p, &r), -EINVAL);
	p.ring_entries = 48;
	check_eq(acqrel_pipeline_run(&p, &r), -EINVAL);
	p = good;
	p.config.sample_every = 0;
	check_eq(acqrel_pipeline_run(&p, &r), -EINVAL);
	p = good;
	p.rate = 1ULL << 32;
	check_eq(acqrel_pipeline_run(&p, &r), -EINVAL);
}

static const struct ktap_test tests[] = {
	{ "threads make no difference", threads_make_no_difference },
	{ "stats are what the events say", stats_are_what_the_events_say },
	{ "every verdict occurs", every_verdict_occurs },
	{ "the rate is kept", rate_is_kept },
	{ "bad parameters are refused", bad_parameters_are_refused },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
