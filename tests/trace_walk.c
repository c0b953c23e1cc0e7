// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walks along traces: what records leave out, the order of CPUs, losses, and
 * records that cannot be.
 */
#include <errno.h>

#include "trace_hand.h"
#include "trace_made.h"
#include "trace_walk.h"

static char path[64];
static struct trace *trace;
static struct trace_walk *walk;

static void walk_along(void)
{
	char why[TRACE_WHY] = "";

	if (!check_eq(trace_open(path, &trace, why), 0)) {
		printf("# %s\n", why);
		exit(1);
	}
	check_eq(trace_walk_open(trace, &walk), 0);
	for (unsigned int i = 0; i < trace_streams(trace); i++)
		check_eq(trace_walk_add(walk, i), 0);
}

static void done(void)
{
	check(!trace_walk_next(walk));
	trace_walk_close(walk);
	trace_close(trace);
}

/* the next item, of which these are right */
static const struct trace_item *next(enum trace_item_type type, u32 cpu,
				     u64 clock_ns, u64 seq)
{
	static const struct trace_item none;
	const struct trace_item *item = trace_walk_next(walk);

	if (!check(item))
		return &none;
	check_eq(item->type, type);
	check_eq(item->event.cpu, cpu);
	check_eq(trace_stream(trace, item->stream)->cpu, cpu);
	check_eq(item->event.clock_ns - HAND_START_NS, clock_ns);
	check_eq(item->event.seq, seq);
	return item;
}

static void next_event(u32 cpu, u64 clock_ns, u64 seq, u64 pos, s32 pid,
		       unsigned int verdict, u64 generation)
{
	const struct trace_item *item;

	item = next(TRACE_ITEM_EVENT, cpu, clock_ns, seq);
	check_eq(item->event.pos, pos);
	check_eq(item->event.pid, pid);
	check_eq(item->event.peer, pid + 1);
	check_eq(item->verdict, verdict);
	check_eq(item->event.generation, generation);
}

static void next_config(u32 cpu, u64 clock_ns, u64 seq, u64 generation)
{
	const struct trace_item *item;

	item = next(TRACE_ITEM_CONFIG, cpu, clock_ns, seq);
	check_eq(item->event.generation, generation);
	check_eq(item->config.sample_every, generation);
	check_eq(item->config.kinds, ACQREL_KINDS_ALL);
}

static void next_gap(u32 cpu, u64 clock_ns, u64 seq, u64 skipped)
{
	check_eq(next(TRACE_ITEM_GAP, cpu, clock_ns, seq)->skipped, skipped);
}

static void what_records_leave_out(void)
{
	const struct trace_item *item;

	hand_begin(path, 1);
	hand_open(6, 40, 9);
	hand_event(10, 1, 100, 7, ACQREL_VERDICT_PUSHED);
	hand_event(10, 0, 101, HAND_NONE, ACQREL_FILTER_VALUE);
	hand_block();
	hand_event(11, 2, 102, 0, ACQREL_VERDICT_DROPPED);
	hand_event(12, 0, 103, 8, ACQREL_VERDICT_OVERWROTE);
	hand_config(20, 4);
	hand_event(20, 0, 104, 9, ACQREL_VERDICT_PUSHED);
	hand_close(30, 45, 0);
	hand_end();

	walk_along();
	next_config(6, 0, 40, 1);
	item = next(TRACE_ITEM_EVENT, 6, 10, 40);
	check_eq(item->event.pos, 9);
	check_eq(item->event.kind, 1);
	check_eq(item->event.value_ns, 7);
	check_eq(item->event.flags, ACQREL_EVENT_HAS_VALUE);
	next_event(6, 10, 41, 10, 101, ACQREL_FILTER_VALUE, 1);
	next_event(6, 11, 42, 10, 102, ACQREL_VERDICT_DROPPED, 1);
	next_event(6, 12, 43, 10, 103, ACQREL_VERDICT_OVERWROTE, 1);
	next_config(6, 20, 44, 4);
	next_event(6, 20, 44, 11, 104, ACQREL_VERDICT_PUSHED, 4);
	check(!trace_walk_why(walk));
	done();
}

static void cpus_are_merged_by_clock(void)
{
	hand_begin(path, 3);
	hand_open(9, 0, 0);
	hand_event(5, 0, 1, 1, ACQREL_VERDICT_PUSHED);
	hand_event(7, 0, 2, 1, ACQREL_VERDICT_PUSHED);
	hand_close(20, 2, 0);
	hand_open(2, 0, 0);
	hand_event(5, 0, 3, 1, ACQREL_VERDICT_PUSHED);
	hand_event(5, 0, 4, 1, ACQREL_VERDICT_PUSHED);
	hand_event(9, 0, 5, 1, ACQREL_VERDICT_PUSHED);
	hand_close(20, 3, 0);
	hand_open(4, 0, 0);
	hand_event(6, 0, 6, 1, ACQREL_VERDICT_PUSHED);
	hand_close(20, 1, 0);
	hand_end();

	walk_along();
	next_config(2, 0, 0, 1);
	next_config(4, 0, 0, 1);
	next_config(9, 0, 0, 1);
	next_event(2, 5, 0, 0, 3, ACQREL_VERDICT_PUSHED, 1);
	next_event(2, 5, 1, 1, 4, ACQREL_VERDICT_PUSHED, 1);
	next_event(9, 5, 0, 0, 1, ACQREL_VERDICT_PUSHED, 1);
	next_event(4, 6, 0, 0, 6, ACQREL_VERDICT_PUSHED, 1);
	next_event(9, 7, 1, 1, 2, ACQREL_VERDICT_PUSHED, 1);
	next_event(2, 9, 2, 2, 5, ACQREL_VERDICT_PUSHED, 1);
	done();
}

static void losses_are_items(void)
{
	hand_begin(path, 1);
	hand_open(0, 10, 3);
	hand_event(1, 0, 1, 1, ACQREL_VERDICT_PUSHED);
	hand_state(4, 16, 5);		/* 11 to 15 */
	hand_config(4, 1);		/* no news */
	hand_event(6, 0, 2, 1, ACQREL_VERDICT_PUSHED);
	hand_state(8, 18, 6);		/* 17 */
	hand_config(8, 2);
	hand_state(9, 18, 6);		/* none */
	hand_config(9, 2);
	hand_event(9, 0, 3, 1, ACQREL_VERDICT_PUSHED);
	hand_close(15, 22, 9);		/* 19 to 21 */
	hand_end();

	walk_along();
	next_config(0, 0, 10, 1);
	next_event(0, 1, 10, 3, 1, ACQREL_VERDICT_PUSHED, 1);
	next_gap(0, 4, 11, 5);
	next_event(0, 6, 16, 5, 2, ACQREL_VERDICT_PUSHED, 1);
	next_gap(0, 8, 17, 1);
	next_config(0, 8, 18, 2);
	next_event(0, 9, 18, 6, 3, ACQREL_VERDICT_PUSHED, 2);
	next_gap(0, 15, 19, 3);
	done();
}

static void streams_one_after_another(void)
{
	const struct trace_item *item;

	hand_begin(path, 2);
	for (u32 cpu = 0; cpu < 2; cpu++) {
		hand_open(cpu, 0, 0);
		hand_event(5, 0, 1, 1, ACQREL_VERDICT_PUSHED);
		hand_close(9, 1, 0);
	}
	hand_end();

	walk_along();
	while ((item = trace_walk_next(walk)))
		;
	for (u32 cpu = 0; cpu < 2; cpu++) {
		check_eq(trace_walk_add(walk, cpu), 0);
		next_config(cpu, 0, 0, 1);
		next_event(cpu, 5, 0, 0, 1, ACQREL_VERDICT_PUSHED, 1);
		check(!trace_walk_next(walk));
	}
	done();
}

static struct acqrel_trace_event good_event(void)
{
	return hand_event_of(5, 0, 1, 1, ACQREL_VERDICT_PUSHED);
}

/* a record that spoils CPU 1; CPU 2 goes on */
static void spoil(const void *record, unsigned int units)
{
	hand_begin(path, 2);
	hand_open(1, 0, 0);
	hand_event(3, 0, 7, 1, ACQREL_VERDICT_PUSHED);
	hand_record(record, units);
	hand_event(6, 0, 8, 1, ACQREL_VERDICT_PUSHED);
	hand_close(9, 3, 0);
	hand_open(2, 0, 0);
	hand_event(8, 0, 9, 1, ACQREL_VERDICT_PUSHED);
	hand_close(9, 1, 0);
	hand_end();

	walk_along();
	next_config(1, 0, 0, 1);
	next_config(2, 0, 0, 1);
	next_event(1, 3, 0, 0, 7, ACQREL_VERDICT_PUSHED, 1);
	next_event(2, 8, 0, 0, 9, ACQREL_VERDICT_PUSHED, 1);
	check(trace_walk_why(walk) && strstr(trace_walk_why(walk), "CPU 1"));
	done();
}

static void events_that_cannot_be(void)
{
	struct acqrel_trace_event e[2] = { good_event(), good_event() };

	e->units = 2;
	spoil(e, 2);
	e[0] = good_event();
	e->kind = __ACQREL_KIND_COUNT;
	spoil(e, 1);
	e[0] = good_event();
	e->verdict = __ACQREL_VERDICT_COUNT;
	spoil(e, 1);
	e[0] = good_event();
	e->pid = -1;
	spoil(e, 1);
	e->pid = ACQREL_PID_LIMIT + 1;
	spoil(e, 1);
	e[0] = good_event();
	e->peer = ACQREL_PID_LIMIT + 1;
	spoil(e, 1);
	e[0] = good_event();
	e->clock_ns = HAND_START_NS + 2;
	spoil(e, 1);
}

static void states_that_cannot_be(void)
{
	struct {
		struct acqrel_trace_state state;
		u64 more[4];
	} s = { .state = {
		.type = ACQREL_RECORD_STATE, .units = 2,
		.clock_ns = HAND_START_NS + 4, .seq = 0,
	} };

	spoil(&s, 2);			/* 0 was there */
	s.state.seq = 5;
	s.state.units = 3;
	spoil(&s, 3);
	s.state.units = 2;
	s.state.clock_ns = HAND_START_NS + 2;
	spoil(&s, 2);
}

static void configs_that_cannot_be(void)
{
	union {
		struct acqrel_trace_config config;
		struct acqrel_span_unit units[255];
	} c = { 0 };

	hand_config_fill(&c.config, 4, 2);
	c.config.generation = 0;
	spoil(&c, c.config.units);
	hand_config_fill(&c.config, 4, 2);
	c.config.sample_every = 0;
	spoil(&c, c.config.units);
	hand_config_fill(&c.config, 4, 2);
	c.config.nr_pids = ACQREL_PIDS_MAX;
	spoil(&c, c.config.units);
	c.config.nr_pids = 2000;
	c.config.units = acqrel_trace_config_units(c.config.nr_pids);
	spoil(&c, c.config.units);
	hand_config_fill(&c.config, 2, 2);
	spoil(&c, c.config.units);
}

/* an event before the first STATE, and before the first CONFIG */
static void beginnings_that_cannot_be(void)
{
	for (int stated = 0; stated < 2; stated++) {
		hand_begin(path, 1);
		hand.cpu = 1;
		hand_snapshot(ACQREL_TRACE_OPEN, 0, 0, 0, 0);
		if (stated)
			hand_state(0, 0, 0);
		else
			hand_config(0, 1);
		hand_event(1, 0, 7, 1, ACQREL_VERDICT_PUSHED);
		hand_close(9, 1, 0);
		hand_end();
		walk_along();
		/* the CONFIG alone can be */
		check_eq(!!trace_walk_next(walk), !stated);
		check(!trace_walk_next(walk));
		check(strstr(trace_walk_why(walk), "before the first"));
		done();
	}
}

struct sum {
	struct acqrel_trace_account account;
	u64 skipped;
	u64 clock_ns;
	u64 seq;
};

static void begin_sum(struct sum *s, const struct acqrel_trace_snapshot *open)
{
	memset(s, 0, sizeof(*s));
	s->seq = open->sums.account.offered;
}

static void sum_item(struct sum *s, const struct trace_item *item)
{
	struct acqrel_trace_account *a = &s->account;
	unsigned int v = item->verdict;

	check(item->event.clock_ns >= s->clock_ns);
	s->clock_ns = item->event.clock_ns;
	check_eq(item->event.seq, s->seq);
	if (item->type == TRACE_ITEM_GAP) {
		s->skipped += item->skipped;
		s->seq += item->skipped;
	}
	if (item->type != TRACE_ITEM_EVENT)
		return;
	s->seq++;
	a->offered++;
	if (v < __ACQREL_FILTER_COUNT)
		a->filtered[v]++;
	a->pushed += v == ACQREL_VERDICT_PUSHED;
	a->pushed += v == ACQREL_VERDICT_OVERWROTE;
	a->overwritten += v == ACQREL_VERDICT_OVERWROTE;
	a->dropped += v == ACQREL_VERDICT_DROPPED;
}

/* CLOSE = OPEN + what was walked along + lost */
static void check_sum(const struct sum *s, const struct trace_stream *stream)
{
	const struct acqrel_trace_account *open = &stream->open->sums.account;
	const struct acqrel_trace_account *end = &stream->close->sums.account;
	const struct acqrel_trace_account *lost = &stream->close->lost.account;
	const struct acqrel_trace_account *a = &s->account;

	check_eq(s->skipped, lost->offered);
	check_eq(end->offered, open->offered + a->offered + lost->offered);
	for (unsigned int i = 0; i < __ACQREL_FILTER_COUNT; i++)
		check_eq(end->filtered[i], open->filtered[i] + a->filtered[i] +
			 lost->filtered[i]);
	check_eq(end->pushed, open->pushed + a->pushed + lost->pushed);
	check_eq(end->dropped, open->dropped + a->dropped + lost->dropped);
	check_eq(end->overwritten,
		 open->overwritten + a->overwritten + lost->overwritten);
	check_eq(stream->events, a->offered);
}

static void made_traces_add_up(void)
{
	struct trace_made params = {
		.seed = ktap_seed_value, .cpus = 3, .idle = 1, .changes = 6,
		.events = ktap_scale(40000),
	};
	const struct trace_item *item;
	struct sum sums[4];
	u64 clock_ns;

	for (int lossy = 0; lossy < 2; lossy++) {
		params.tap_every = lossy ? 1500 : 0;
		check_eq(trace_make(path, &params), 0);
		walk_along();
		for (int i = 0; i < 4; i++)
			begin_sum(&sums[i], trace_stream(trace, i)->open);
		clock_ns = 0;
		while ((item = trace_walk_next(walk))) {
			check(item->event.clock_ns >= clock_ns);
			clock_ns = item->event.clock_ns;
			sum_item(&sums[item->stream], item);
		}
		check(!trace_walk_why(walk));
		for (int i = 0; i < 4; i++)
			check_sum(&sums[i], trace_stream(trace, i));
		check_eq(sums[0].skipped != 0, lossy);
		done();
	}
}

static struct acqrel_generator dice;

/* DATA with a few bytes that are others, as far as a file can have it */
static int append_changed(void *writer, const struct acqrel_trace_chunk *chunk,
			  const void *payload)
{
	static struct acqrel_span_unit data[TRACE_MADE_UNITS];
	u64 n = acqrel_generator_next(&dice) % 4;

	if (chunk->type != ACQREL_TRACE_DATA)
		return trace_append(writer, chunk, payload);
	memcpy(data, payload, chunk->bytes);
	while (n--)
		((u8 *)data)[acqrel_generator_next(&dice) % chunk->bytes] =
			acqrel_generator_next(&dice);
	return trace_append(writer, chunk, data);
}

/* false: the writer has seen that these are no records */
static bool make_changed(void)
{
	struct trace_made params = {
		.seed = acqrel_generator_next(&dice), .cpus = 2, .events = 300,
		.changes = 3, .tap_every = 40, .chunk_units = 12,
	};
	struct acqrel_trace_head head = trace_made_head(&params);
	struct trace_writer *writer;
	int rc;

	check_eq(trace_create(path, &head, &writer), 0);
	rc = trace_make_chunks(&params, append_changed, writer);
	if (!rc)
		return check_eq(trace_finish(writer), 0);
	check_eq(rc, -EINVAL);
	trace_abandon(writer);
	return false;
}

/* whatever records say, items are good, and it ends */
static void changed_records(void)
{
	const struct trace_item *item;
	unsigned int walks = 0, complaints = 0;
	u64 clock_ns;

	ktap_seed(&dice);
	while (walks < 100) {
		if (!make_changed())
			continue;
		walk_along();
		clock_ns = 0;
		while ((item = trace_walk_next(walk))) {
			const struct acqrel_event *e = &item->event;

			check(e->clock_ns >= clock_ns);
			clock_ns = e->clock_ns;
			check(e->kind < __ACQREL_KIND_COUNT);
			check(e->pid >= 0 && e->pid <= ACQREL_PID_LIMIT);
			check(e->peer >= 0 && e->peer <= ACQREL_PID_LIMIT);
			check(item->verdict < __ACQREL_VERDICT_COUNT);
			check(item->config.nr_pids <= ACQREL_PIDS_MAX);
		}
		complaints += !!trace_walk_why(walk);
		walks++;
		done();
	}
	check(complaints);
}

static const struct ktap_test tests[] = {
	{ "what records leave out", what_records_leave_out },
	{ "CPUs are merged by clock", cpus_are_merged_by_clock },
	{ "losses are items", losses_are_items },
	{ "streams one after another", streams_one_after_another },
	{ "events that cannot be", events_that_cannot_be },
	{ "states that cannot be", states_that_cannot_be },
	{ "configs that cannot be", configs_that_cannot_be },
	{ "beginnings that cannot be", beginnings_that_cannot_be },
	{ "made traces add up", made_traces_add_up },
	{ "changed records", changed_records },
};

int main(void)
{
	hand_path(path, sizeof(path));
	return ktap_run(tests, ARRAY_SIZE(tests));
}
