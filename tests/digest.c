// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guarantees of include/acqrel/digest.h.
 */
#include <acqrel/lane.h>

#include "threads.h"

#define EVENTS_MAX	4096
#define SLOTS_MAX	64

static struct acqrel_event events[EVENTS_MAX];

/* events with gaps between them, as an overwriting ring has them */
static void make_events(struct acqrel_generator *g, unsigned int n, u64 pos)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		acqrel_generator_event(g, &events[i]);
		if (!(acqrel_generator_next(g) % 8))
			pos += acqrel_generator_next(g) % 5;
		events[i].pos = pos++;
	}
}

static bool in_window(const struct acqrel_event *ev, u64 from, u64 to)
{
	return ev->pos >= from && ev->pos < to;
}

/* the same in the plainest way: those of the window, one after another */
static void expect(const struct acqrel_digest *d, unsigned int n, u64 from,
		   u64 to)
{
	static struct acqrel_event taken[EVENTS_MAX];
	struct acqrel_trace_digest got;
	unsigned int i, k = 0;

	for (i = 0; i < n; i++)
		if (in_window(&events[i], from, to))
			taken[k++] = events[i];
	acqrel_digest_read(d, &got);
	check_eq(got.from, from);
	check_eq(got.events, k);
	check_eq(got.until, k ? taken[k - 1].pos + 1 : from);
	check_eq(got.value, xxh64(taken, k * sizeof(taken[0]), 0));
}

/* positions of a batch are consecutive: it ends at a gap */
static unsigned int batch_of(unsigned int i, unsigned int n, unsigned int most)
{
	unsigned int k = 1;

	while (k < most && i + k < n &&
	       events[i + k].pos == events[i].pos + k)
		k++;
	return k;
}

static void add_all(struct acqrel_digest *d, struct acqrel_generator *g,
		    unsigned int n, unsigned int most)
{
	unsigned int i, k;

	for (i = 0; i < n; i += k) {
		k = 1;
		if (most > 1)
			k = batch_of(i, n, 1 + acqrel_generator_next(g) % most);
		acqrel_digest_add(d, &events[i], k);
	}
}

static void window_and_batches(void)
{
	static const unsigned int most[] = { 1, 2, 7, 64 };
	struct acqrel_generator g;
	struct acqrel_digest d;
	u64 round, from, to;
	unsigned int i;

	ktap_seed(&g);
	for (round = 0; round < ktap_scale(2000); round++) {
		make_events(&g, 200, 1000);
		from = 990 + acqrel_generator_next(&g) % 260;
		to = from + acqrel_generator_next(&g) % 260;
		for (i = 0; i < ARRAY_SIZE(most); i++) {
			acqrel_digest_reset(&d);
			acqrel_digest_begin(&d, from);
			acqrel_digest_end(&d, to);
			add_all(&d, &g, 200, most[i]);
			expect(&d, 200, from, to);
		}
	}
}

static void borders(void)
{
	struct acqrel_generator g;
	struct acqrel_digest d;
	u64 from, to;

	ktap_seed(&g);
	make_events(&g, 1, 7);
	for (from = 6; from <= 8; from++)
		for (to = from; to <= 9; to++) {
			acqrel_digest_reset(&d);
			acqrel_digest_begin(&d, from);
			acqrel_digest_end(&d, to);
			acqrel_digest_add(&d, events, 1);
			acqrel_digest_add(&d, events, 0);
			expect(&d, 1, from, to);
		}
}

static void nothing_before_the_beginning(void)
{
	struct acqrel_generator g;
	struct acqrel_digest d;

	ktap_seed(&g);
	make_events(&g, 100, 0);
	acqrel_digest_reset(&d);
	add_all(&d, &g, 100, 7);
	acqrel_digest_begin(&d, events[99].pos);
	expect(&d, 0, events[99].pos, 0);
	add_all(&d, &g, 100, 1);
	expect(&d, 100, events[99].pos, ~0ULL);
}

/* what a consumer may see whose two loads lie on both sides of a recording */
static void an_end_alone_opens_no_window(void)
{
	struct acqrel_generator g;
	struct acqrel_digest d;

	ktap_seed(&g);
	make_events(&g, 100, 0);
	acqrel_digest_reset(&d);
	acqrel_digest_end(&d, 50);
	add_all(&d, &g, 100, 7);
	check_eq(d.events, 0);
}

/* as acqrel_replay_open() does; positions of a trace are anything */
static void windows_wrap(void)
{
	struct acqrel_generator g;
	struct acqrel_digest d;
	u64 from = ~0ULL - 4;
	unsigned int i;

	ktap_seed(&g);
	acqrel_digest_reset(&d);
	acqrel_digest_begin(&d, from);
	acqrel_digest_end(&d, from + ACQREL_DIGEST_FAR);
	for (i = 0; i < 20; i++) {
		make_events(&g, 1, 0);
		events[0].pos = from - 10 + i;
		acqrel_digest_add(&d, events, 1);
	}
	check_eq(d.events, 10);
	check_eq(d.until, from + 10);
}

/*
 * Threads. The consumer keeps what it takes; the producer says where it began
 * and ended. Both policies, rings that are always full or empty.
 */
static struct {
	struct acqrel_lane lane;
	struct acqrel_oring_slot slots[SLOTS_MAX];
	struct acqrel_config config;
	u64 offered;
	u64 begin;	/* before which event */
	u64 end;
	u64 from;
	u64 to;
	unsigned int batch;
	unsigned int taken;
	u64 done ____cacheline_aligned;
} shared;

static void produce(void *arg)
{
	struct acqrel_lane *l = &shared.lane;
	struct acqrel_generator g;
	struct acqrel_event ev;
	u64 i;

	(void)arg;
	ktap_seed(&g);
	for (i = 0; i < shared.offered; i++) {
		if (i == shared.begin) {
			shared.from = l->ring.head;
			acqrel_digest_begin(&l->digest, shared.from);
		}
		if (i == shared.end) {
			shared.to = l->ring.head;
			acqrel_digest_end(&l->digest, shared.to);
		}
		acqrel_generator_event(&g, &ev);
		acqrel_lane_offer(l, &shared.config, &ev);
	}
	progress_set(&shared.done, 1);
}

static void consume(void *arg)
{
	unsigned int got, spins = 0;
	u64 done;

	(void)arg;
	do {
		done = progress_get(&shared.done);
		got = acqrel_lane_pop(&shared.lane, events + shared.taken,
				      shared.batch);
		shared.taken += got;
		if (!got)
			threads_wait(&spins);
	} while (got || !done);
}

static void run_threads(struct acqrel_generator *g)
{
	struct threads_one table[] = { { .run = produce }, { .run = consume } };
	u64 choice = acqrel_generator_next(g);
	struct acqrel_config_values v;

	acqrel_config_defaults(&v);
	v.policy = choice & 1;
	acqrel_config_fill(&shared.config, &v, 1);
	acqrel_lane_init(&shared.lane, shared.slots,
			 1ULL << (1 + (choice >> 8) % 6));
	acqrel_digest_reset(&shared.lane.digest);
	shared.batch = 1 + (choice >> 16) % 32;
	shared.offered = EVENTS_MAX - shared.batch;
	shared.begin = (choice >> 24) % shared.offered;
	shared.end = shared.begin + (choice >> 40) %
				    (shared.offered - shared.begin);
	shared.taken = 0;
	shared.done = 0;
	threads_run(table, ARRAY_SIZE(table));
	expect(&shared.lane.digest, shared.taken, shared.from, shared.to);
}

static void window_beside_a_consumer(void)
{
	struct acqrel_generator g;
	unsigned int i;

	ktap_seed(&g);
	for (i = 0; i < ktap_scale(4000); i++)
		run_threads(&g);
}

static const struct ktap_test tests[] = {
	{ "the window, whatever the batches", window_and_batches },
	{ "borders", borders },
	{ "nothing before the beginning", nothing_before_the_beginning },
	{ "an end alone opens no window", an_end_alone_opens_no_window },
	{ "windows wrap", windows_wrap },
	{ "threads: exactly the window beside a consumer",
	  window_beside_a_consumer },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
