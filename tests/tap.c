// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guarantees of include/acqrel/tap.h: the records beside a log of what
 * happened.
 */
#include "recorded.h"

#define LOG_MAX		1024

/* an event, and how it found the lane */
struct logged {
	struct acqrel_event ev;
	unsigned int verdict;
	u64 head;
	u64 sample_generation;
	u32 sample_skip[__ACQREL_KIND_COUNT];
};

static struct recorded rec;
static struct acqrel_lane before;

static struct {
	struct logged events[LOG_MAX];
	u64 first;	/* sequence number of the first */
	u64 n;
	/* by generation */
	struct acqrel_config_values configs[LOG_MAX];
} life;

static void log_config(void)
{
	if (check(rec.config.generation < LOG_MAX))
		acqrel_config_values(&rec.config,
				     &life.configs[rec.config.generation]);
}

static void log_offer(void)
{
	struct logged *one = &life.events[life.n];
	struct acqrel_lane *l = &rec.lane;

	if (!check(life.n < LOG_MAX))
		return;
	one->head = l->books.acc.head;
	one->sample_generation = l->sample_generation;
	memcpy(one->sample_skip, l->sample_skip, sizeof(one->sample_skip));
	one->verdict = recorded_offer(&rec, &one->ev);
	check_eq(one->ev.seq, life.first + life.n);
	/* filtered events leave it alone */
	one->ev.generation = rec.config.generation;
	life.n++;
}

/* @n events, logged */
static void live(const struct recorded_pace *pace, unsigned int n)
{
	struct acqrel_generator *g = &rec.random;

	while (n--) {
		if (!random_below(g, 40)) {
			recorded_config(&rec);
			log_config();
		}
		log_offer();
		if (random_below(g, 16) < pace->reads)
			recorded_read(&rec, RECORDED_BATCH);
		if (random_below(g, 16) < pace->collects)
			recorded_collect(&rec, 1 + random_below(g, 24));
	}
}

/* where a reader of the records is */
struct walk {
	size_t at;
	u64 seq;
	u64 generation;
	u64 clock_ns;
	unsigned int states;
	unsigned int kept;
	bool stated;	/* the last record was a STATE: a CONFIG follows */
	bool kept_one[LOG_MAX];
};

static void walk_clock(struct walk *w, u64 clock_ns)
{
	check(clock_ns >= w->clock_ns);
	w->clock_ns = clock_ns;
}

static void walk_state(struct walk *w)
{
	struct acqrel_trace_state s;
	const struct logged *next;

	memcpy(&s, rec.data + w->at, sizeof(s));
	check_eq(s.units, 2);
	check(!s.reserved && !s.reserved1 && !s.reserved2 && !s.reserved3);
	check(w->states ? s.seq > w->seq : s.seq == life.first);
	walk_clock(w, s.clock_ns);
	w->seq = s.seq;
	w->states++;
	w->stated = true;
	/* the last may have none after it */
	if (s.seq - life.first >= life.n)
		return;
	next = &life.events[s.seq - life.first];
	check_eq(s.head, next->head);
	check_eq(s.sample_generation, next->sample_generation);
	check(!memcmp(s.sample_skip, next->sample_skip, sizeof(s.sample_skip)));
}

static void walk_config(struct walk *w)
{
	const struct acqrel_config_values *v;
	struct acqrel_trace_config c;
	size_t pids;

	memcpy(&c, rec.data + w->at, sizeof(c));
	check_eq(c.units, acqrel_trace_config_units(c.nr_pids));
	check(!c.reserved && !c.reserved2);
	/* the same again only after a STATE */
	check(w->stated ? c.generation >= w->generation :
			  c.generation > w->generation);
	walk_clock(w, c.clock_ns);
	w->generation = c.generation;
	w->stated = false;
	if (!check(c.generation < LOG_MAX))
		return;
	v = &life.configs[c.generation];
	check_eq(c.policy, v->policy);
	check_eq(c.min_value_ns, v->min_value_ns);
	check_eq(c.kinds, v->kinds);
	check_eq(c.sample_every, v->sample_every);
	check_eq(c.nr_pids, v->nr_pids);
	pids = v->nr_pids * sizeof(v->pids[0]);
	check(!memcmp(rec.data + w->at + sizeof(c), v->pids, pids));
	for (pids += sizeof(c); pids < (size_t)c.units * ACQREL_TRACE_UNIT;
	     pids++)
		check_eq(rec.data[w->at + pids], 0);
}

static void walk_event(struct walk *w)
{
	struct acqrel_trace_event e;
	const struct logged *one;

	memcpy(&e, rec.data + w->at, sizeof(e));
	check_eq(e.units, 1);
	check(w->states && w->generation && !w->stated);
	if (!check(w->seq - life.first < life.n))
		return;
	one = &life.events[w->seq - life.first];
	check_eq(e.kind, one->ev.kind);
	check_eq(e.verdict, one->verdict);
	check_eq(e.flags, one->ev.flags);
	check_eq(e.reserved, 0);
	check_eq(e.pid, one->ev.pid);
	check_eq(e.peer, one->ev.peer);
	check_eq(e.clock_ns, one->ev.clock_ns);
	check_eq(e.value_ns, one->ev.value_ns);
	check_eq(w->generation, one->ev.generation);
	walk_clock(w, e.clock_ns);
	w->kept_one[w->seq - life.first] = true;
	w->kept++;
	w->seq++;
}

static void walk_records(struct walk *w)
{
	unsigned int units;

	memset(w, 0, sizeof(*w));
	for (; w->at < rec.bytes; w->at += units * ACQREL_TRACE_UNIT) {
		units = rec.data[w->at + 1];
		if (!check(units && w->at + units * ACQREL_TRACE_UNIT <=
				    rec.bytes))
			return;
		check(w->at || rec.data[w->at] == ACQREL_RECORD_STATE);
		if (rec.data[w->at] == ACQREL_RECORD_STATE)
			walk_state(w);
		else if (rec.data[w->at] == ACQREL_RECORD_CONFIG)
			walk_config(w);
		else if (check_eq(rec.data[w->at], ACQREL_RECORD_EVENT))
			walk_event(w);
	}
	check_eq(w->at, rec.bytes);
	check(!w->stated);
}

static void expect_value(struct acqrel_trace_stats *s, u64 value)
{
	unsigned int bucket = 0;

	while (bucket < 64 && value >> bucket)
		bucket++;
	s->hist[bucket]++;
	s->min_ns = value < s->min_ns ? value : s->min_ns;
	s->max_ns = value > s->max_ns ? value : s->max_ns;
	s->sum_ns += value;
	s->count++;
}

/* what is not in the records, summed up in the plainest way */
static void expect_lost(const struct walk *w)
{
	struct acqrel_trace_sums sums = { 0 };
	const struct logged *one;
	unsigned int kind;
	u64 i;

	for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
		sums.stats[kind].min_ns = ~0ULL;
	for (i = 0; i < life.n; i++) {
		one = &life.events[i];
		if (w->kept_one[i])
			continue;
		sums.account.offered++;
		if (one->verdict < __ACQREL_FILTER_COUNT) {
			sums.account.filtered[one->verdict]++;
			continue;
		}
		sums.account.dropped += one->verdict == ACQREL_VERDICT_DROPPED;
		sums.account.pushed += one->verdict != ACQREL_VERDICT_DROPPED;
		sums.account.overwritten +=
			one->verdict == ACQREL_VERDICT_OVERWROTE;
		sums.passed[one->ev.kind]++;
		if (one->ev.flags & ACQREL_EVENT_HAS_VALUE)
			expect_value(&sums.stats[one->ev.kind],
				     one->ev.value_ns);
	}
	sums.account.head = sums.account.pushed;
	check(!memcmp(&sums, &rec.tap.lost, sizeof(sums)));
}

static void start(struct acqrel_generator *g, u64 slots, u64 units)
{
	struct acqrel_event ev;
	u64 i;

	recorded_init(&rec, g, slots, units);
	for (i = random_below(g, 50); i; i--)
		recorded_offer(&rec, &ev);
	life.first = rec.lane.books.acc.offered;
	life.n = 0;
	log_config();
	recorded_start(&rec);
}

static void open_refuses_other_sizes(void)
{
	check_eq(acqrel_tap_open(&rec.tap, rec.units, 0), -EINVAL);
	check_eq(acqrel_tap_open(&rec.tap, rec.units, 512), -EINVAL);
	check_eq(acqrel_tap_open(&rec.tap, rec.units, 1025), -EINVAL);
	check_eq(acqrel_tap_open(&rec.tap, rec.units, 1024), 0);
}

static void all_is_recorded(void)
{
	struct recorded_pace pace = { .reads = 8, .collects = 16 };
	struct acqrel_generator g;
	static struct walk w;
	u64 round;

	ktap_seed(&g);
	for (round = 0; round < ktap_scale(2000); round++) {
		start(&g, 16, 1024);
		live(&pace, random_below(&g, 300));
		recorded_collect(&rec, ~0ULL);
		walk_records(&w);
		check_eq(w.states, 1);
		check_eq(w.kept, life.n);
		check_eq(rec.tap.lost.account.offered, 0);
	}
}

static void recorded_or_lost_never_both(void)
{
	struct recorded_pace pace = { 0 };
	struct acqrel_generator g;
	static struct walk w;
	u64 round, lost = 0, kept = 0;

	ktap_seed(&g);
	for (round = 0; round < ktap_scale(40000); round++) {
		start(&g, 2ULL << random_below(&g, 6),
		      16ULL << random_below(&g, 4));
		pace.reads = random_below(&g, 17);
		pace.collects = random_below(&g, 17);
		live(&pace, random_below(&g, 300));
		recorded_collect(&rec, ~0ULL);
		walk_records(&w);
		expect_lost(&w);
		lost += rec.tap.lost.account.offered;
		kept += w.kept;
	}
	check(lost > 0 && kept > lost / 10);
}

/* the last unit is used, and a loss ends with the first room */
static void the_ring_is_used_to_the_last_unit(void)
{
	struct acqrel_config_values v;
	struct acqrel_generator g;
	struct acqrel_event ev;
	unsigned int i;

	ktap_seed(&g);
	recorded_init(&rec, &g, 16, 64);
	acqrel_config_defaults(&v);
	acqrel_config_fill(&rec.config, &v, 1);
	recorded_start(&rec);
	/* a STATE and a CONFIG have two units each */
	for (i = 4; i < 64; i++)
		recorded_offer(&rec, &ev);
	check_eq(acqrel_span_fill(&rec.tap.ring), 64);
	check_eq(rec.tap.lost.account.offered, 0);
	recorded_offer(&rec, &ev);
	check_eq(rec.tap.lost.account.offered, 1);
	recorded_collect(&rec, 3);
	recorded_offer(&rec, &ev);
	check_eq(rec.tap.lost.account.offered, 2);
	check_eq(acqrel_span_fill(&rec.tap.ring), 61);
	recorded_collect(&rec, 2);
	/* this one makes room for those after it */
	recorded_offer(&rec, &ev);
	check_eq(rec.tap.lost.account.offered, 3);
	check_eq(acqrel_span_fill(&rec.tap.ring), 63);
	recorded_offer(&rec, &ev);
	check_eq(rec.tap.lost.account.offered, 3);
	check_eq(acqrel_span_fill(&rec.tap.ring), 64);
	/* a CONFIG goes in with its event or not at all */
	recorded_collect(&rec, 2);
	acqrel_config_fill(&rec.config, &v, 2);
	recorded_offer(&rec, &ev);
	check_eq(rec.tap.lost.account.offered, 4);
	check_eq(acqrel_span_fill(&rec.tap.ring), 62);
}

static void the_lane_is_only_read(void)
{
	struct acqrel_generator g;
	struct acqrel_event ev;
	unsigned int i, verdict;

	ktap_seed(&g);
	recorded_init(&rec, &g, 16, 32);
	for (i = 0; i < 300; i++) {
		if (!(i % 20))
			recorded_config(&rec);
		verdict = recorded_offer(&rec, &ev);
		before = rec.lane;
		if (!i)
			acqrel_tap_start(&rec.tap, &rec.lane, &rec.config, 0);
		acqrel_tap_event(&rec.tap, &rec.lane, &rec.config, &ev,
				 verdict);
		check(!memcmp(&before, &rec.lane, sizeof(before)));
		if (i % 2)
			recorded_collect(&rec, 1);
	}
	check(rec.tap.lost.account.offered > 0);
}

static const struct ktap_test tests[] = {
	{ "open refuses other sizes", open_refuses_other_sizes },
	{ "with room, all is recorded", all_is_recorded },
	{ "recorded or lost, never both", recorded_or_lost_never_both },
	{ "the ring is used to the last unit",
	  the_ring_is_used_to_the_last_unit },
	{ "the lane is only read", the_lane_is_only_read },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
