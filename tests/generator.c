// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generator: the same stream everywhere, and what is in it.
 */
#include "threads.h"

static void known_numbers(void)
{
	/* published with the reference implementation of splitmix64 */
	struct acqrel_generator g = { .state = 0 };

	check_eq(acqrel_generator_next(&g), 0xe220a8397b1dcdafULL);
	check_eq(acqrel_generator_next(&g), 0x6e789e6aa1b965f4ULL);
	check_eq(acqrel_generator_next(&g), 0x06c45d188009454fULL);
}

/* a stream that changes is another one: records name the seed only */
static void known_stream(void)
{
	struct acqrel_generator g;
	struct acqrel_event ev;
	u64 digest = 0;
	unsigned int i;

	acqrel_generator_init(&g, 1, 0);
	for (i = 0; i < 1000; i++) {
		acqrel_generator_event(&g, &ev);
		digest = acqrel_mix64(digest + ev.kind + ev.flags);
		digest = acqrel_mix64(digest + ev.value_ns);
		digest = acqrel_mix64(digest + (u32)ev.pid);
		digest = acqrel_mix64(digest + (u32)ev.peer);
	}
	check_eq(digest, 0xaea74524bfd8546cULL);
}

static u64 equal_events(u64 seed_a, u32 stream_a, u64 seed_b, u32 stream_b)
{
	struct acqrel_generator a, b;
	struct acqrel_event x, y;
	u64 i, equal = 0;

	acqrel_generator_init(&a, seed_a, stream_a);
	acqrel_generator_init(&b, seed_b, stream_b);
	for (i = 0; i < 10000; i++) {
		acqrel_generator_event(&a, &x);
		acqrel_generator_event(&b, &y);
		equal += !memcmp(&x, &y, sizeof(x));
	}
	return equal;
}

static void same_seed_and_stream_same_events(void)
{
	check_eq(equal_events(1, 0, 1, 0), 10000);
	check_eq(equal_events(~0ULL, 1023, ~0ULL, 1023), 10000);
	check(equal_events(1, 0, 1, 1) < 10);
	check(equal_events(1, 0, 2, 0) < 10);
	check(equal_events(0, 1, 1, 0) < 10);
}

static void shares_sum_up(void)
{
	static const u64 counts[] = { 0, 1, 2, 7, 1000, 10000000, ~0ULL };
	static const u32 streams[] = { 1, 2, 3, 7, 1024 };
	u64 sum, share, least, most;
	unsigned int i, j;
	u32 s;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		for (j = 0; j < ARRAY_SIZE(streams); j++) {
			sum = 0;
			least = ~0ULL;
			most = 0;
			for (s = 0; s < streams[j]; s++) {
				share = acqrel_generator_share(counts[i], s,
							       streams[j]);
				sum += share;
				least = share < least ? share : least;
				most = share > most ? share : most;
			}
			check_eq(sum, counts[i]);
			check(most - least <= 1);
		}
	}
}

/* a share of @n, give or take five standard deviations at least */
static bool about(u64 seen, u64 n, double share)
{
	double expected = n * share;

	return seen > expected * 0.95 && seen < expected * 1.05;
}

static void events_are_valid_and_spread(void)
{
	u64 kinds[__ACQREL_KIND_COUNT] = { 0 }, buckets[34] = { 0 };
	u64 i, without = 0, n = 1000000;
	struct acqrel_generator g;
	struct acqrel_event ev;
	unsigned int b;

	ktap_seed(&g);
	for (i = 0; i < n; i++) {
		acqrel_generator_event(&g, &ev);
		check(ev.kind < __ACQREL_KIND_COUNT);
		check(ev.pid >= 1 && ev.pid <= ACQREL_GENERATOR_PIDS);
		check(ev.peer >= 1 && ev.peer <= ACQREL_GENERATOR_PIDS);
		check(ev.flags & ACQREL_EVENT_GENERATED);
		check(ev.value_ns >> 32 == 0);
		kinds[ev.kind % __ACQREL_KIND_COUNT]++;
		if (ev.flags & ACQREL_EVENT_HAS_VALUE) {
			buckets[fls64(ev.value_ns)]++;
		} else {
			without++;
			check_eq(ev.value_ns, 0);
		}
	}
	check(about(without, n, 1.0 / 16));
	for (b = 0; b < __ACQREL_KIND_COUNT; b++)
		check(about(kinds[b], n, 1.0 / __ACQREL_KIND_COUNT));
	for (b = 0; b <= 32; b++)
		check(buckets[b] > n / 100);
}

static const struct ktap_test tests[] = {
	{ "known numbers of the algorithm", known_numbers },
	{ "known stream of a seed", known_stream },
	{ "same seed and stream, same events",
	  same_seed_and_stream_same_events },
	{ "shares differ by one at most and sum up", shares_sum_up },
	{ "events are valid and spread", events_are_valid_and_spread },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
