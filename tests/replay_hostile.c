// SPDX-License-Identifier: GPL-2.0-only
/*
 * include/acqrel/replay.h over records that somebody made up: a result or a
 * sentence, never more than the memory it was given, never without an end.
 */
#include <acqrel/replay.h>

#include "recorded.h"

#define DAMAGES_MAX	4
#define RECORDS_MAX	200

static struct recorded rec;
static struct acqrel_replay rp;

/* numbers that one forgets */
static u64 odd_number(struct acqrel_generator *g)
{
	static const u64 odd[] = {
		0, 1, 2, 31, 63, 64, 65, 4095, 4096, 0x7fffffff, 0x80000000,
		0xffffffff, 0x100000000, ACQREL_DIGEST_FAR - 1,
		ACQREL_DIGEST_FAR, ACQREL_DIGEST_FAR + 1, ~0ULL - 64, ~0ULL - 1,
		~0ULL,
	};
	u64 n = acqrel_generator_next(g);

	switch (n & 3) {
	case 0:
		return odd[random_below(g, ARRAY_SIZE(odd))];
	case 1:
		return random_below(g, 100);
	default:
		return n >> random_below(g, 64);
	}
}

static void damage_words(struct acqrel_generator *g, void *data, size_t bytes,
			 unsigned int n)
{
	u64 number;
	size_t size;

	while (n--) {
		size = 1ULL << random_below(g, 4);
		number = odd_number(g);
		memcpy((u8 *)data + random_below(g, bytes / size) * size,
		       &number, size);
	}
}

/* one unit over another, or the two exchanged */
static void damage_units(struct acqrel_generator *g, u8 *data, size_t bytes)
{
	u8 unit[ACQREL_TRACE_UNIT], *a, *b;

	a = data + random_below(g, bytes / sizeof(unit)) * sizeof(unit);
	b = data + random_below(g, bytes / sizeof(unit)) * sizeof(unit);
	memcpy(unit, a, sizeof(unit));
	memmove(a, b, sizeof(unit));
	if (random_below(g, 2))
		memcpy(b, unit, sizeof(unit));
}

static size_t damage(struct acqrel_generator *g, u8 *data, size_t bytes)
{
	unsigned int n = 1 + random_below(g, DAMAGES_MAX);

	while (n--) {
		if (random_below(g, 3))
			damage_words(g, data, bytes, 1);
		else
			damage_units(g, data, bytes);
	}
	return random_below(g, 4) ? bytes : random_below(g, bytes + 1);
}

/* memory of the exact size, so that a step beyond it is seen */
static void *exactly(const void *data, size_t bytes)
{
	void *copy = malloc(bytes ? bytes : 1);

	if (!copy)
		abort();
	memcpy(copy, data, bytes);
	return copy;
}

/* returns whether a sentence came out */
static bool replay(const struct acqrel_trace_snapshot *open, const u8 *data,
		   size_t bytes, const struct acqrel_trace_snapshot *close)
{
	size_t size = open->ring_entries * sizeof(struct acqrel_oring_slot);
	struct acqrel_oring_slot *slots = aligned_alloc(64, size);
	struct acqrel_trace_result result;
	u8 *copy = exactly(data, bytes);
	const char *why;
	size_t done;

	if (!slots)
		abort();
	memset(slots, 0xa5, size);
	acqrel_replay_open(&rp, open, slots);
	why = acqrel_replay_records(&rp, copy, bytes, &done);
	check(why ? done < bytes : done == bytes);
	check(!why || *why);
	if (!why)
		why = acqrel_replay_close(&rp, close);
	acqrel_replay_result(&rp, &result);
	check(result.different <= result.events);
	free(copy);
	free(slots);
	return why;
}

static void damaged_recordings(void)
{
	struct acqrel_trace_snapshot open, close;
	u64 round, refused = 0, rounds = ktap_scale(30000);
	struct acqrel_generator g;
	static u8 data[RECORDED_BYTES];
	size_t bytes;

	ktap_seed(&g);
	for (round = 0; round < rounds; round++) {
		recorded_life(&rec, &g, 16ULL << random_below(&g, 7));
		memcpy(data, rec.data, rec.bytes);
		bytes = damage(&g, data, rec.bytes);
		open = rec.open;
		close = rec.close;
		if (!random_below(&g, 4))
			damage_words(&g, &open.sums, sizeof(open.sums), 2);
		if (!random_below(&g, 4))
			damage_words(&g, &open.digest, sizeof(open.digest), 2);
		if (!random_below(&g, 4))
			damage_words(&g, &close, sizeof(close), 4);
		if (!random_below(&g, 4))
			open.ring_entries = 2U << random_below(&g, 6);
		refused += replay(&open, data, bytes, &close);
	}
	/* both happen */
	check(refused > 0 && refused < rounds);
}

/*
 * Records that pass the checks as far as the numbers let them, so that the
 * numbers go deep.
 */
static size_t make_state(struct acqrel_generator *g, u8 *to, u64 *seq)
{
	struct acqrel_trace_state s = {
		.type = ACQREL_RECORD_STATE, .units = 2, .clock_ns = *seq,
		.sample_generation = random_below(g, 4),
		.sample_skip = { random_below(g, 3), odd_number(g), 0 },
	};

	*seq += random_below(g, 4) ? random_below(g, 3) : odd_number(g);
	s.seq = *seq;
	s.head = odd_number(g);
	memcpy(to, &s, sizeof(s));
	return sizeof(s);
}

static size_t make_config(struct acqrel_generator *g, u8 *to, u64 seq)
{
	u32 i, nr_pids = random_below(g, 2) ? 0 : random_below(g, 65);
	struct acqrel_trace_config c = {
		.type = ACQREL_RECORD_CONFIG, .clock_ns = seq,
		.units = acqrel_trace_config_units(nr_pids),
		.generation = seq + 1, .min_value_ns = odd_number(g),
		.kinds = random_below(g, ACQREL_KINDS_ALL + 1),
		.sample_every = 1 + random_below(g, ACQREL_SAMPLE_MAX),
		.policy = random_below(g, 2), .nr_pids = nr_pids,
	};
	s32 pid;

	if (random_below(g, 2))
		c.sample_every = 1;
	if (random_below(g, 2))
		c.min_value_ns = 0;
	memset(to, 0, c.units * ACQREL_TRACE_UNIT);
	memcpy(to, &c, sizeof(c));
	for (i = 0; i < nr_pids; i++) {
		pid = 1 + random_below(g, ACQREL_PID_LIMIT);
		memcpy(to + sizeof(c) + i * sizeof(pid), &pid, sizeof(pid));
	}
	return c.units * ACQREL_TRACE_UNIT;
}

static size_t make_event(struct acqrel_generator *g, u8 *to, u64 seq)
{
	struct acqrel_trace_event e = {
		.type = ACQREL_RECORD_EVENT, .units = 1, .clock_ns = seq,
		.kind = random_below(g, __ACQREL_KIND_COUNT),
		.verdict = random_below(g, __ACQREL_VERDICT_COUNT),
		.pid = random_below(g, ACQREL_PID_LIMIT + 1),
	};

	if (random_below(g, 2)) {
		e.flags = ACQREL_EVENT_HAS_VALUE;
		e.value_ns = odd_number(g);
	}
	memcpy(to, &e, sizeof(e));
	return sizeof(e);
}

static size_t make_records(struct acqrel_generator *g, u8 *data)
{
	unsigned int i, n = random_below(g, RECORDS_MAX);
	u64 seq = 0, choice;
	size_t bytes;

	bytes = make_state(g, data, &seq);
	bytes += make_config(g, data + bytes, seq);
	for (i = 0; i < n; i++) {
		choice = random_below(g, 100);
		if (choice < 5)
			bytes += make_state(g, data + bytes, &seq);
		else if (choice < 10)
			bytes += make_config(g, data + bytes, seq);
		else
			bytes += make_event(g, data + bytes, seq);
	}
	return bytes;
}

/* the OPEN that the first STATE wants to see */
static void make_open(struct acqrel_generator *g, const u8 *data,
		      struct acqrel_trace_snapshot *open)
{
	struct acqrel_trace_state s;

	memset(open, 0, sizeof(*open));
	damage_words(g, &open->sums, sizeof(open->sums), 20);
	damage_words(g, &open->digest, sizeof(open->digest), 4);
	memcpy(&s, data, sizeof(s));
	open->sums.account.offered = s.seq;
	open->sums.account.head = s.head;
	open->ring_entries = 2U << random_below(g, 9);
	if (random_below(g, 2))
		open->digest.from = s.head;
}

static void random_records(void)
{
	static u8 data[(RECORDS_MAX + 2) * ACQREL_TRACE_UNIT *
		       ACQREL_TRACE_UNITS_MAX];
	u64 round, refused = 0, rounds = ktap_scale(30000);
	struct acqrel_trace_snapshot open, close;
	struct acqrel_generator g;
	size_t bytes;

	ktap_seed(&g);
	memset(&close, 0, sizeof(close));
	for (round = 0; round < rounds; round++) {
		bytes = make_records(&g, data);
		make_open(&g, data, &open);
		close.digest.until = random_below(&g, 2) ? odd_number(&g) :
				     open.sums.account.head +
				     random_below(&g, 100);
		refused += replay(&open, data, bytes, &close);
	}
	check(refused > 0 && refused < rounds);
}

static void random_bytes(void)
{
	struct acqrel_trace_snapshot snap = { .ring_entries = 16 };
	u64 round, data[64], i, n;
	struct acqrel_generator g;

	ktap_seed(&g);
	for (round = 0; round < ktap_scale(100000); round++) {
		n = random_below(&g, sizeof(data));
		for (i = 0; i < ARRAY_SIZE(data); i++)
			data[i] = acqrel_generator_next(&g);
		/* far enough to look at the rest */
		((u8 *)data)[0] = 1 + random_below(&g, 3);
		((u8 *)data)[1] = 1 + random_below(&g, 11);
		snap.digest.until = odd_number(&g);
		replay(&snap, (u8 *)data, n, &snap);
	}
}

/* each type with each number of units, and nothing behind it */
static void lonely_records(void)
{
	struct acqrel_trace_snapshot snap = { .ring_entries = 16 };
	u8 data[(ACQREL_TRACE_UNITS_MAX + 2) * ACQREL_TRACE_UNIT] = { 0 };
	unsigned int type, units;

	for (type = 0; type < 5; type++)
		for (units = 0; units <= ACQREL_TRACE_UNITS_MAX + 2; units++) {
			data[0] = type;
			data[1] = units;
			check(replay(&snap, data, units * ACQREL_TRACE_UNIT,
				     &snap) == (units &&
				  !(type == ACQREL_RECORD_STATE && units == 2)));
		}
}

/* the record is as long as they need, and longer than any may be */
static void too_many_thread_ids(void)
{
	struct acqrel_trace_snapshot snap = { .ring_entries = 16 };
	struct acqrel_trace_config c = {
		.type = ACQREL_RECORD_CONFIG, .generation = 1,
		.kinds = ACQREL_KINDS_ALL, .sample_every = 1,
	};
	static u8 data[255 * ACQREL_TRACE_UNIT];
	static const s32 pid = 1;
	unsigned int units;

	for (units = 0; units < sizeof(data); units += sizeof(pid))
		memcpy(data + units, &pid, sizeof(pid));
	for (c.nr_pids = 0; c.nr_pids < 2000; c.nr_pids++) {
		units = acqrel_trace_config_units(c.nr_pids);
		c.units = units;
		memcpy(data, &c, sizeof(c));
		check_eq(replay(&snap, data, units * ACQREL_TRACE_UNIT, &snap),
			 c.nr_pids > ACQREL_PIDS_MAX);
	}
}

static const struct ktap_test tests[] = {
	{ "damaged recordings", damaged_recordings },
	{ "random records", random_records },
	{ "random bytes", random_bytes },
	{ "lonely records", lonely_records },
	{ "too many thread ids", too_many_thread_ids },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
