// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract "exact" of include/acqrel/ring_span.h.
 */
#include <acqrel/ring_span.h>

#include "threads.h"

#define RECORD_MAX	10	/* units */

static struct acqrel_span ring;
static struct acqrel_span_unit units[RING_SLOTS_MAX];

/* a unit tells its number, and the record it is of */
static void unit_fill(struct acqrel_span_unit *unit, u64 number, u64 first,
		      u64 size)
{
	unit->words[0] = number;
	unit->words[1] = first;
	unit->words[2] = size;
	unit->words[3] = acqrel_mix64(number ^ first << 20 ^ size << 40);
}

static bool unit_whole(const struct acqrel_span_unit *unit, u64 number)
{
	struct acqrel_span_unit same;

	unit_fill(&same, number, unit->words[1], unit->words[2]);
	return !memcmp(&same, unit, sizeof(same));
}

static bool push(u64 number, u64 size)
{
	u64 i;

	if (!acqrel_span_room(&ring, size))
		return false;
	for (i = 0; i < size; i++)
		unit_fill(acqrel_span_at(&ring, i), number + i, number, size);
	acqrel_span_commit(&ring, size);
	return true;
}

/* the unit @i of what was peeked */
static const struct acqrel_span_unit *
peeked(const struct acqrel_span_unit *first, u64 straight, u64 i)
{
	return i < straight ? &first[i] : &units[i - straight];
}

static void init_refuses_other_sizes(void)
{
	check_eq(acqrel_span_init(&ring, units, 0, 0), -EINVAL);
	check_eq(acqrel_span_init(&ring, units, 3, 0), -EINVAL);
	check_eq(acqrel_span_init(&ring, units, 1000, 0), -EINVAL);
}

static void exact_room_from(u64 n, u64 start)
{
	const struct acqrel_span_unit *first;
	u64 straight, free;

	check_eq(acqrel_span_init(&ring, units, n, start), 0);
	check_eq(acqrel_span_peek(&ring, &first, &straight), 0);
	check(!acqrel_span_room(&ring, n + 1));
	check(acqrel_span_room(&ring, n));
	acqrel_span_commit(&ring, n);
	check(!acqrel_span_room(&ring, 1));
	check_eq(acqrel_span_fill(&ring), n);
	check_eq(acqrel_span_peek(&ring, &first, &straight), n);
	for (free = 1; free <= n; free++) {
		acqrel_span_release(&ring, 1);
		check(!acqrel_span_room(&ring, free + 1));
		check(acqrel_span_room(&ring, free));
		check_eq(acqrel_span_fill(&ring), n - free);
	}
}

static void room_is_exact(void)
{
	ring_each(exact_room_from);
}

static void model_take(u64 start, u64 n, u64 pushed, u64 *popped, u64 choice)
{
	const struct acqrel_span_unit *first;
	u64 i, straight, got = acqrel_span_peek(&ring, &first, &straight);

	check_eq(got, pushed - *popped);
	check(first == &units[(start + *popped) & (n - 1)]);
	check(straight <= got && first + straight <= units + n);
	check(straight == got || first + straight == units + n);
	for (i = 0; i < got; i++)
		check(unit_whole(peeked(first, straight, i), *popped + i));
	i = choice & 1 ? got : (choice >> 1) % (got + 1);
	acqrel_span_release(&ring, i);
	*popped += i;
}

static void model_from(u64 n, u64 start)
{
	u64 pushed = 0, popped = 0, choice, size, i;
	u64 most = n < RECORD_MAX ? n + 1 : RECORD_MAX;
	struct acqrel_generator g;

	ktap_seed(&g);
	acqrel_span_init(&ring, units, n, start);
	for (i = 0; i < ktap_scale(n > 4 ? 20000 : 200000); i++) {
		choice = acqrel_generator_next(&g);
		size = 1 + (choice >> 32) % most;
		if (choice % 100 < (i >> 10 & 1 ? 98 : 50)) {
			check_eq(push(pushed, size),
				 size <= n - (pushed - popped));
			if (size <= n - (pushed - popped))
				pushed += size;
		} else {
			model_take(start, n, pushed, &popped, choice >> 40);
		}
		check_eq(acqrel_span_fill(&ring), pushed - popped);
	}
}

static void random_against_model(void)
{
	ring_each(model_from);
}

/*
 * Two threads. Units are plain memory, which only the ring's edges protect.
 */
static struct {
	u64 slots;
	u64 units;	/* that go through */
} shared;

static void produce(void *arg)
{
	u64 number = 0, size, most;
	struct acqrel_generator g;
	unsigned int spins = 0;

	(void)arg;
	ktap_seed(&g);
	most = shared.slots < RECORD_MAX ? shared.slots : RECORD_MAX;
	while (number < shared.units) {
		size = 1 + acqrel_generator_next(&g) % most;
		while (!push(number, size))
			threads_wait(&spins);
		number += size;
	}
}

/* one record, all of which is there; returns its size */
static u64 consume_record(const struct acqrel_span_unit *first, u64 straight,
			  u64 i, u64 got, u64 number)
{
	u64 size = peeked(first, straight, i)->words[2], k;

	if (!check(size > 0 && size <= got - i))
		return got - i;
	for (k = 0; k < size; k++) {
		check_eq(peeked(first, straight, i + k)->words[1], number);
		check(unit_whole(peeked(first, straight, i + k), number + k));
	}
	return size;
}

static void consume(void *arg)
{
	const struct acqrel_span_unit *first;
	u64 i, got, straight, number = 0;
	unsigned int spins = 0;

	(void)arg;
	while (number < shared.units) {
		got = acqrel_span_peek(&ring, &first, &straight);
		check(got <= shared.slots);
		for (i = 0; i < got;)
			i += consume_record(first, straight, i, got,
					    number + i);
		acqrel_span_release(&ring, got);
		number += got;
		if (!got)
			threads_wait(&spins);
	}
}

static void two_threads(u64 n, u64 start)
{
	struct threads_one table[] = { { .run = produce }, { .run = consume } };

	acqrel_span_init(&ring, units, n, start);
	shared.slots = n;
	shared.units = ktap_scale(n < 1024 ? 20000 : 1000000);
	threads_run(table, ARRAY_SIZE(table));
	check_eq(acqrel_span_fill(&ring), 0);
}

static void whole_records_in_order(void)
{
	ring_each(two_threads);
}

static const struct ktap_test tests[] = {
	{ "init refuses sizes that are no power of two",
	  init_refuses_other_sizes },
	{ "room is exact, positions wrap", room_is_exact },
	{ "random calls against a model", random_against_model },
	{ "two threads: whole records, in order", whole_records_in_order },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
