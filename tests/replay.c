// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guarantees of include/acqrel/replay.h: recordings of random lives are
 * repeated, and what is wrong is said.
 */
#include <acqrel/replay.h>

#include "recorded.h"

static struct recorded rec;
static struct acqrel_replay rp;
static struct acqrel_oring_slot slots[RECORDED_SLOTS];

static size_t record_bytes(const u8 *data)
{
	return (size_t)data[1] * ACQREL_TRACE_UNIT;
}

/* the records of @rec in pieces of up to @most records, 0: in one */
static const char *feed(struct acqrel_generator *g, unsigned int most)
{
	size_t at = 0, end, done;
	unsigned int n;
	const char *why;

	while (at < rec.bytes) {
		end = most ? at : rec.bytes;
		for (n = most ? 1 + random_below(g, most) : 0;
		     n && end < rec.bytes; n--)
			end += record_bytes(rec.data + end);
		why = acqrel_replay_records(&rp, rec.data + at, end - at,
					    &done);
		if (why)
			return why;
		check_eq(done, end - at);
		at = end;
	}
	return NULL;
}

static void replay(struct acqrel_generator *g, unsigned int most,
		   struct acqrel_trace_result *result)
{
	const char *why = acqrel_replay_check_open(&rec.open);

	if (!why) {
		acqrel_replay_open(&rp, &rec.open, slots);
		why = feed(g, most);
	}
	if (!why)
		why = acqrel_replay_close(&rp, &rec.close);
	if (!check(!why))
		printf("# %s\n", why);
	acqrel_replay_result(&rp, result);
}

static u64 smaller(u64 a, u64 b)
{
	return a < b ? a : b;
}

static u64 larger(u64 a, u64 b)
{
	return a > b ? a : b;
}

static void check_stats(const struct acqrel_trace_stats *replayed,
			const struct acqrel_trace_stats *lost,
			const struct acqrel_trace_stats *closing)
{
	unsigned int i;

	check_eq(replayed->count + lost->count, closing->count);
	check_eq(replayed->sum_ns + lost->sum_ns, closing->sum_ns);
	check_eq(smaller(replayed->min_ns, lost->min_ns), closing->min_ns);
	check_eq(larger(replayed->max_ns, lost->max_ns), closing->max_ns);
	for (i = 0; i < ACQREL_HIST_BUCKETS; i++)
		check_eq(replayed->hist[i] + lost->hist[i], closing->hist[i]);
}

/* CLOSE = replay + lost */
static void check_sums(const struct acqrel_trace_result *result)
{
	const struct acqrel_trace_sums *closing = &rec.close.sums;
	const struct acqrel_trace_sums *lost = &rec.close.lost;
	const u64 *r = (const u64 *)&result->sums.account;
	const u64 *l = (const u64 *)&lost->account;
	const u64 *c = (const u64 *)&closing->account;
	unsigned int i;

	for (i = 0; i < sizeof(closing->account) / sizeof(u64); i++)
		check_eq(r[i] + l[i], c[i]);
	for (i = 0; i < __ACQREL_KIND_COUNT; i++) {
		check_eq(result->sums.passed[i] + lost->passed[i],
			 closing->passed[i]);
		check_stats(&result->sums.stats[i], &lost->stats[i],
			    &closing->stats[i]);
	}
}

static void check_result(const struct acqrel_trace_result *result)
{
	const struct acqrel_trace_digest *d = &result->digest;
	u64 lost = rec.close.lost.account.offered;

	check_eq(result->cpu, RECORDED_CPU);
	check_eq(result->different, 0);
	check_eq(result->events + lost, rec.close.sums.account.offered -
					rec.open.sums.account.offered);
	/* no STATE comes after those that are lost at the end */
	check(result->skipped <= lost);
	check_sums(result);
	if (lost)
		return;
	check_eq(d->from, rec.close.digest.from);
	check_eq(d->until, rec.close.digest.until);
	check_eq(d->events, rec.close.digest.events);
	check_eq(d->value, rec.close.digest.value);
}

/* whole, and in two kinds of pieces */
static void check_replay(struct acqrel_generator *g)
{
	struct acqrel_trace_result whole, pieces;
	static const unsigned int most[] = { 1, 20 };
	unsigned int i;

	replay(g, 0, &whole);
	check_result(&whole);
	for (i = 0; i < ARRAY_SIZE(most); i++) {
		replay(g, most[i], &pieces);
		check(!memcmp(&whole, &pieces, sizeof(whole)));
	}
}

static void random_lives(void)
{
	struct acqrel_generator g;
	u64 round, taken = 0;

	ktap_seed(&g);
	for (round = 0; round < ktap_scale(10000); round++) {
		recorded_life(&rec, &g, 1024);
		check_eq(rec.close.lost.account.offered, 0);
		check_replay(&g);
		taken += rec.close.digest.events;
	}
	check(taken > 0);
}

static void random_lives_with_losses(void)
{
	struct acqrel_generator g;
	u64 round, lost = 0, skipped = 0;

	ktap_seed(&g);
	for (round = 0; round < ktap_scale(10000); round++) {
		recorded_life(&rec, &g, 16ULL << random_below(&g, 4));
		check_replay(&g);
		lost += rec.close.lost.account.offered;
		skipped += rp.skipped;
	}
	check(lost > 0 && skipped > 0);
}

/*
 * Threads: the lane's reader and the recorder come when they come.
 */
static struct {
	struct recorded_pace pace;
	u64 offered;
	u64 start;	/* before which event */
	u64 stop;
	pthread_mutex_t reading;
	u64 done ____cacheline_aligned;
} shared;

static void produce(void *arg)
{
	struct acqrel_event ev;
	u64 i;

	(void)arg;
	for (i = 0; i < shared.offered; i++) {
		if (i == shared.start || i == shared.stop) {
			pthread_mutex_lock(&shared.reading);
			if (i == shared.start)
				recorded_start(&rec);
			if (i == shared.stop)
				recorded_stop(&rec);
			pthread_mutex_unlock(&shared.reading);
		}
		if (!random_below(&rec.random, 300))
			recorded_config(&rec);
		recorded_offer(&rec, &ev);
	}
	progress_set(&shared.done, 1);
}

static void read_lane(void *arg)
{
	struct acqrel_generator g;
	unsigned int spins = 0;

	(void)arg;
	acqrel_generator_init(&g, ktap_seed_value, 1);
	while (!progress_get(&shared.done)) {
		pthread_mutex_lock(&shared.reading);
		recorded_read(&rec, 1 + random_below(&g, RECORDED_BATCH));
		pthread_mutex_unlock(&shared.reading);
		if (random_below(&g, 16) >= shared.pace.reads)
			threads_wait(&spins);
	}
}

static void collect(void *arg)
{
	unsigned int spins = 0;
	u64 done;

	(void)arg;
	do {
		done = progress_get(&shared.done);
		if (!recorded_collect(&rec, ~0ULL))
			threads_wait(&spins);
	} while (!done);
}

static void run_threads(struct acqrel_generator *g, u64 units)
{
	struct threads_one table[] = {
		{ .run = produce }, { .run = read_lane }, { .run = collect },
	};

	recorded_init(&rec, g, 2ULL << random_below(g, 6), units);
	shared.offered = 5000;
	shared.start = random_below(g, 1000);
	shared.stop = shared.start + random_below(g, 4000);
	shared.pace.reads = random_below(g, 16);
	shared.done = 0;
	threads_run(table, ARRAY_SIZE(table));
	recorded_collect(&rec, ~0ULL);
	check_replay(g);
}

static void live_reader(void)
{
	struct acqrel_generator g;
	u64 round;

	ktap_seed(&g);
	pthread_mutex_init(&shared.reading, NULL);
	for (round = 0; round < ktap_scale(1500); round++)
		run_threads(&g, round % 2 ? 1024 : 64);
	pthread_mutex_destroy(&shared.reading);
}

/* a wrong verdict in the records is seen, and the first one named */
static void other_verdicts_are_counted(void)
{
	struct acqrel_trace_result result;
	u64 round, seq, first, n;
	struct acqrel_generator g;
	size_t at;
	u8 was;

	ktap_seed(&g);
	for (round = 0; round < ktap_scale(2000); round++) {
		recorded_life(&rec, &g, 1024);
		n = rec.close.sums.account.offered -
		    rec.open.sums.account.offered;
		if (!n)
			continue;
		first = random_below(&g, n);
		for (at = 0, seq = 0; ; at += record_bytes(rec.data + at))
			if (rec.data[at] == ACQREL_RECORD_EVENT &&
			    seq++ == first)
				break;
		/* the kind of a verdict: one filter is not the other */
		was = rec.data[at + 3];
		rec.data[at + 3] = (was + 1) % __ACQREL_FILTER_COUNT;
		replay(&g, 0, &result);
		check(result.different >= 1);
		check_eq(result.first_seq,
			 rec.open.sums.account.offered + first);
		check_eq(result.first_recorded, rec.data[at + 3]);
		check(was == result.first_replayed ||
		      was == ACQREL_VERDICT_PUSHED);
	}
}

/*
 * A good stream, one edit, and the sentence that it gives.
 */
struct stream {
	struct acqrel_trace_state state;
	struct acqrel_trace_config config;
	u8 config_rest[2 * ACQREL_TRACE_UNIT -
		       sizeof(struct acqrel_trace_config)];
	struct acqrel_trace_event event;
	struct acqrel_trace_state state2;
	struct acqrel_trace_config config2;
	u8 config2_rest[2 * ACQREL_TRACE_UNIT -
			sizeof(struct acqrel_trace_config)];
	struct acqrel_trace_event event2;
};

static void make_stream(struct stream *s)
{
	static const struct acqrel_trace_state state = {
		.type = ACQREL_RECORD_STATE, .units = 2, .clock_ns = 10,
	};
	static const struct acqrel_trace_config config = {
		.type = ACQREL_RECORD_CONFIG, .units = 2, .clock_ns = 10,
		.generation = 5, .kinds = ACQREL_KINDS_ALL, .sample_every = 1,
		.nr_pids = 1,
	};
	static const struct acqrel_trace_event event = {
		.type = ACQREL_RECORD_EVENT, .units = 1, .pid = 7,
		.clock_ns = 10, .verdict = ACQREL_VERDICT_PUSHED,
	};
	static const s32 pid = 7;

	memset(s, 0, sizeof(*s));
	s->state = state;
	s->config = config;
	memcpy(s->config_rest, &pid, sizeof(pid));
	s->event = event;
	s->state2 = state;
	s->state2.seq = 2;
	s->state2.head = 2;
	s->config2 = config;
	memcpy(s->config2_rest, &pid, sizeof(pid));
	s->event2 = event;
}

struct edit {
	size_t at;
	size_t bytes;
	u64 value;
	const char *why;
};

#define EDIT(field, size, to, sentence)					\
	{								\
		.at = offsetof(struct stream, field), .bytes = (size),	\
		.value = (u64)(to), .why = (sentence),			\
	}

static const struct edit edits[] = {
	EDIT(state.type, 1, 0, "a record is of a type that there is not"),
	EDIT(state.type, 1, 4, "a record is of a type that there is not"),
	EDIT(state.units, 1, 0, "a record is cut off"),
	EDIT(state.units, 1, 255, "a record is cut off"),
	EDIT(event2.units, 1, 2, "a record is cut off"),
	EDIT(state.units, 1, 1, "a STATE has not two units"),
	EDIT(state.units, 1, 4, "a STATE has not two units"),
	EDIT(state.reserved, 2, 1, "a reserved field of a STATE is not 0"),
	EDIT(state.reserved1, 4, 1, "a reserved field of a STATE is not 0"),
	EDIT(state.reserved2, 4, 1, "a reserved field of a STATE is not 0"),
	EDIT(state.reserved3, 8, 1, "a reserved field of a STATE is not 0"),
	EDIT(state.seq, 8, 1, "the first STATE is not that of the OPEN"),
	EDIT(state.head, 8, 1, "the first STATE is not that of the OPEN"),
	EDIT(state2.seq, 8, 0, "a STATE goes back in sequence"),
	EDIT(state2.head, 8, 0, "a STATE has pushed more than was offered"),
	EDIT(state2.head, 8, 3, "a STATE has pushed more than was offered"),
	EDIT(state2.head, 8, -1, "a STATE has pushed more than was offered"),
	EDIT(state2.clock_ns, 8, 9, "a STATE goes back in time"),
	EDIT(config.units, 1, 1,
	     "a CONFIG has not the units that its thread ids need"),
	EDIT(config.units, 1, 3,
	     "a CONFIG has not the units that its thread ids need"),
	EDIT(config.nr_pids, 4, 5,
	     "a CONFIG has not the units that its thread ids need"),
	EDIT(config.nr_pids, 4, 65,
	     "a CONFIG has not the units that its thread ids need"),
	EDIT(config.nr_pids, 4, 0xffffffff,
	     "a CONFIG has not the units that its thread ids need"),
	EDIT(config.reserved, 2, 1, "a reserved field of a CONFIG is not 0"),
	EDIT(config.reserved2, 4, 1, "a reserved field of a CONFIG is not 0"),
	EDIT(config.generation, 8, 0, "a CONFIG goes back in generation"),
	EDIT(config2.generation, 8, 4, "a CONFIG goes back in generation"),
	EDIT(config.clock_ns, 8, 9, "a CONFIG goes back in time"),
	EDIT(config.kinds, 4, 8, "kinds has a bit that is no kind of event"),
	EDIT(config.sample_every, 4, 0, "sample_every must be 1 to 1048576"),
	EDIT(config.policy, 4, 2,
	     "policy must be 0 (drop newest) or 1 (overwrite oldest)"),
	EDIT(config_rest[3], 1, 0x80, "a thread id must be 1 to 4194304"),
	EDIT(config.type, 1, ACQREL_RECORD_EVENT, "an EVENT has not one unit"),
	EDIT(event.kind, 1, __ACQREL_KIND_COUNT,
	     "an EVENT is of a kind that there is not"),
	EDIT(event.verdict, 1, __ACQREL_VERDICT_COUNT,
	     "an EVENT has a verdict that there is not"),
	EDIT(event.flags, 2, 4, "an EVENT has a flag that there is not"),
	EDIT(event.reserved, 2, 1, "an EVENT has a flag that there is not"),
	EDIT(event.value_ns, 8, 1, "an EVENT has a value and says it has none"),
	EDIT(event.pid, 4, -1, "an EVENT has a thread id that there is not"),
	EDIT(event.pid, 4, ACQREL_PID_LIMIT + 1,
	     "an EVENT has a thread id that there is not"),
	EDIT(event.peer, 4, -1, "an EVENT has a thread id that there is not"),
	EDIT(event.peer, 4, ACQREL_PID_LIMIT + 1,
	     "an EVENT has a thread id that there is not"),
	EDIT(event.clock_ns, 8, 9, "an EVENT goes back in time"),
};

static const char *replay_bytes(const void *data, size_t bytes, size_t *done)
{
	static const struct acqrel_trace_snapshot snap = { .ring_entries = 4 };

	acqrel_replay_open(&rp, &snap, slots);
	return acqrel_replay_records(&rp, data, bytes, done);
}

static void each_rule_has_its_sentence(void)
{
	struct stream s;
	const char *why;
	unsigned int i;
	size_t done;

	make_stream(&s);
	check(!replay_bytes(&s, sizeof(s), &done));
	check_eq(rp.events, 2);
	check_eq(rp.different, 0);
	check_eq(rp.skipped, 1);
	for (i = 0; i < ARRAY_SIZE(edits); i++) {
		make_stream(&s);
		memcpy((u8 *)&s + edits[i].at, &edits[i].value, edits[i].bytes);
		why = replay_bytes(&s, sizeof(s), &done);
		if (!check(why && !strcmp(why, edits[i].why)))
			printf("# edit %u: \"%s\"\n", i, why ? why : "none");
		/* the record is named that has it */
		check(edits[i].at >= done &&
		      edits[i].at < done + 2 * ACQREL_TRACE_UNIT);
	}
}

static void records_must_come_in_order(void)
{
	struct acqrel_trace_snapshot snap = { .ring_entries = 4 };
	struct stream s;
	size_t done;

	make_stream(&s);
	check(replay_bytes(&s.config, sizeof(s) - sizeof(s.state), &done));
	check_eq(done, 2 * ACQREL_TRACE_UNIT);
	check(replay_bytes(&s.event, sizeof(s.event), &done));
	check(replay_bytes(&s, sizeof(s) - 1, &done));
	check(!replay_bytes(&s, sizeof(s.state), &done));
	check(acqrel_replay_records(&rp, &s.event, sizeof(s.event), &done));
	check_eq(done, 0);

	check(!replay_bytes(&s, 0, &done));
	snap.cpu = 1;
	check(acqrel_replay_close(&rp, &snap));
	snap.cpu = 0;
	check(!acqrel_replay_close(&rp, &snap));
	check(acqrel_replay_close(&rp, &snap));
	check(acqrel_replay_records(&rp, &s, sizeof(s.state), &done));
}

/* a window that reaches back to before the recording, over old memory */
static void what_is_unknown_is_in_no_digest(void)
{
	struct acqrel_trace_snapshot snap = { .ring_entries = 4 };
	struct acqrel_trace_result result;
	struct stream s;
	unsigned int i;
	size_t done;

	make_stream(&s);
	for (snap.digest.from = -8ULL; snap.digest.from; snap.digest.from++) {
		acqrel_replay_open(&rp, &snap, slots);
		check(!acqrel_replay_records(&rp, &s, offsetof(struct stream,
							       event), &done));
		for (i = 0; i < 4; i++)
			check(!acqrel_replay_records(&rp, &s.event,
						     sizeof(s.event), &done));
		acqrel_replay_result(&rp, &result);
		check_eq(result.digest.events, 0);
		acqrel_replay_records(&rp, &s.event, sizeof(s.event), &done);
		acqrel_replay_result(&rp, &result);
		check_eq(result.digest.events, 1);
	}
}

static void bad_openings_are_refused(void)
{
	static const u32 bad[] = { 0, 1, 3, 48, 2097152, 0x80000000 };
	struct acqrel_trace_snapshot snap = { .ring_entries = 2 };
	unsigned int i;

	check(!acqrel_replay_check_open(&snap));
	snap.cpu = ACQREL_TRACE_CPUS_MAX - 1;
	snap.ring_entries = ACQREL_REPLAY_RING_MAX;
	check(!acqrel_replay_check_open(&snap));
	snap.cpu = ACQREL_TRACE_CPUS_MAX;
	check(acqrel_replay_check_open(&snap));
	snap.cpu = 0;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snap.ring_entries = bad[i];
		check(acqrel_replay_check_open(&snap));
	}
}

static const struct ktap_test tests[] = {
	{ "random lives are repeated exactly", random_lives },
	{ "what was lost is what is missing", random_lives_with_losses },
	{ "threads: whatever a live reader took", live_reader },
	{ "other verdicts are counted, the first is named",
	  other_verdicts_are_counted },
	{ "each rule has its sentence", each_rule_has_its_sentence },
	{ "records must come in order", records_must_come_in_order },
	{ "what is unknown is in no digest", what_is_unknown_is_in_no_digest },
	{ "bad openings are refused", bad_openings_are_refused },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
