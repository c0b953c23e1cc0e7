// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract "exact" of include/acqrel/ring_overwrite.h.
 */
#include <acqrel/ring_overwrite.h>

#include "threads.h"

#define BATCH_MAX	32

static struct acqrel_oring ring;
static struct acqrel_oring_slot slots[RING_SLOTS_MAX];

/* words that show when they do not belong together */
static void fill_words(u64 *words, u64 i)
{
	unsigned int w;

	for (w = 0; w < ACQREL_ORING_WORDS; w++)
		words[w] = i * (2 * w + 1);
}

static bool words_whole(const u64 *words)
{
	unsigned int w;

	for (w = 1; w < ACQREL_ORING_WORDS; w++)
		if (words[w] != words[0] * (2 * w + 1))
			return false;
	return true;
}

static enum acqrel_oring_status push(u64 i, bool overwrite)
{
	u64 words[ACQREL_ORING_WORDS];

	fill_words(words, i);
	return acqrel_oring_push(&ring, words, overwrite);
}

static void init_refuses_other_sizes(void)
{
	check_eq(acqrel_oring_init(&ring, slots, 0, 0), -EINVAL);
	check_eq(acqrel_oring_init(&ring, slots, 12, 0), -EINVAL);
	check_eq(acqrel_oring_init(&ring, slots, 1025, 0), -EINVAL);
}

static void drop_newest(u64 n, u64 start)
{
	struct acqrel_oring_item item;
	u64 i, lap;

	check_eq(acqrel_oring_init(&ring, slots, n, start), 0);
	for (lap = 0; lap < 3; lap++) {
		check_eq(acqrel_oring_pop(&ring, &item, 1), 0);
		for (i = 0; i < n; i++)
			check_eq(push(i, false), ACQREL_ORING_PUSHED);
		check_eq(push(i, false), ACQREL_ORING_FULL);
		check_eq(acqrel_oring_fill(&ring), n);
		for (i = 0; i < n; i++) {
			check_eq(acqrel_oring_pop(&ring, &item, 1), 1);
			check_eq(item.words[0], i);
			check_eq(item.pos, start + lap * n + i);
			check(words_whole(item.words));
		}
	}
}

static void overwrite_oldest(u64 n, u64 start)
{
	struct acqrel_oring_item item;
	u64 i;

	acqrel_oring_init(&ring, slots, n, start);
	for (i = 0; i < 3 * n + 1; i++)
		check_eq(push(i, true), i < n ? ACQREL_ORING_PUSHED :
						ACQREL_ORING_OVERWROTE);
	check_eq(acqrel_oring_fill(&ring), n);
	for (i = 2 * n + 1; i < 3 * n + 1; i++) {
		check_eq(acqrel_oring_pop(&ring, &item, 1), 1);
		check_eq(item.pos, start + i);
		check_eq(item.words[0], i);
	}
	check_eq(acqrel_oring_pop(&ring, &item, 1), 0);
	/* room again: nothing is overwritten */
	check_eq(push(i, true), ACQREL_ORING_PUSHED);
}

static void boundary_sizes_and_wrap(void)
{
	ring_each(drop_newest);
	ring_each(overwrite_oldest);
}

static void model_pop(u64 start, u64 *oldest, u64 pushed, unsigned int max)
{
	struct acqrel_oring_item items[BATCH_MAX];
	unsigned int i, got = acqrel_oring_pop(&ring, items, max);

	check_eq(got, pushed - *oldest < max ? pushed - *oldest : max);
	for (i = 0; i < got; i++, ++*oldest) {
		check_eq(items[i].pos, start + *oldest);
		check_eq(items[i].words[0], *oldest);
		check(words_whole(items[i].words));
	}
}

static void model_from(u64 n, u64 start)
{
	enum acqrel_oring_status expected;
	struct acqrel_generator g;
	u64 pushed = 0, oldest = 0, i, choice;

	ktap_seed(&g);
	acqrel_oring_init(&ring, slots, n, start);
	for (i = 0; i < ktap_scale(200000); i++) {
		choice = acqrel_generator_next(&g);
		if (choice % 100 < (i >> 12 & 1 ? 97 : 50)) {
			expected = ACQREL_ORING_PUSHED;
			if (pushed - oldest == n)
				expected = choice >> 32 & 1 ?
					   ACQREL_ORING_OVERWROTE :
					   ACQREL_ORING_FULL;
			check_eq(push(pushed, choice >> 32 & 1), expected);
			pushed += expected != ACQREL_ORING_FULL;
			oldest += expected == ACQREL_ORING_OVERWROTE;
		} else {
			model_pop(start, &oldest, pushed,
				  1 + (choice >> 40) % BATCH_MAX);
		}
		check_eq(acqrel_oring_fill(&ring), pushed - oldest);
	}
}

static void random_against_model(void)
{
	ring_each(model_from);
}

/*
 * Threads. words[0] is the position counted from 0; with one consumer that
 * takes one at a time, and no overwriting, what it stands for lies in plain
 * memory that only the ring's edges protect.
 */
#define CONSUMERS_MAX	2
#define ITEMS_MAX	400000

static struct {
	u64 start;
	u64 items;
	bool overwrite;
	u64 batch;
	bool cells_used;
	u64 distance;
	u64 cells[RING_SLOTS_MAX + 2];
	u64 overwritten;
	u64 done ____cacheline_aligned;
	u64 popped[CONSUMERS_MAX];
	u64 gaps[CONSUMERS_MAX];
	/* by consumer: whether an element came out */
	u8 seen[CONSUMERS_MAX][ITEMS_MAX];
} shared;

static void produce(void *arg)
{
	enum acqrel_oring_status status;
	unsigned int spins = 0;
	u64 i;

	(void)arg;
	for (i = 0; i < shared.items; i++) {
		if (shared.cells_used)
			shared.cells[i % shared.distance] = i;
		while ((status = push(i, shared.overwrite)) ==
		       ACQREL_ORING_FULL) {
			check(!shared.overwrite);
			threads_wait(&spins);
		}
		shared.overwritten += status == ACQREL_ORING_OVERWROTE;
	}
	/* the consumers look once more after they have seen it */
	progress_set(&shared.done, 1);
}

static void consume_one(u64 id, const struct acqrel_oring_item *item, u64 *next)
{
	u64 i = item->words[0];

	check(words_whole(item->words));
	check_eq(item->pos, shared.start + i);
	if (!check(i < shared.items))
		return;
	check(i >= *next);
	shared.gaps[id] += i - *next;
	*next = i + 1;
	shared.seen[id][i]++;
	shared.popped[id]++;
	if (shared.cells_used)
		check_eq(shared.cells[i % shared.distance], i);
}

static void consume(void *arg)
{
	struct acqrel_oring_item items[BATCH_MAX];
	u64 i, got, next = 0, id = (uintptr_t)arg;
	unsigned int spins = 0;
	u64 done;

	do {
		done = progress_get(&shared.done);
		got = acqrel_oring_pop(&ring, items, shared.batch);
		for (i = 0; i < got; i++)
			consume_one(id, &items[i], &next);
		if (!got)
			threads_wait(&spins);
	} while (got || !done);
	shared.gaps[id] += shared.items - next;
}

/* each element was popped once or overwritten once */
static void popped_or_overwritten(unsigned int consumers)
{
	u64 i, times, lost = 0, popped = 0;
	unsigned int c;

	for (i = 0; i < shared.items; i++) {
		times = 0;
		for (c = 0; c < consumers; c++)
			times += shared.seen[c][i];
		check(times <= 1);
		lost += !times;
	}
	for (c = 0; c < consumers; c++)
		popped += shared.popped[c];
	check_eq(lost, shared.overwritten);
	check_eq(popped + shared.overwritten, shared.items);
	if (consumers == 1)
		check_eq(shared.gaps[0], shared.overwritten);
	check_eq(acqrel_oring_fill(&ring), 0);
}

static void run_threads(u64 n, u64 start, unsigned int consumers)
{
	struct threads_one table[1 + CONSUMERS_MAX] = { { .run = produce } };
	unsigned int i;

	acqrel_oring_init(&ring, slots, n, start);
	shared.start = start;
	/* one who overwrites never waits, and must meet the others in a copy */
	shared.items = ITEMS_MAX;
	if (!shared.overwrite)
		shared.items = n < 1024 ? 20000 : 100000;
	shared.items = ktap_scale(shared.items);
	shared.distance = n + 2;
	shared.overwritten = 0;
	shared.done = 0;
	memset(shared.popped, 0, sizeof(shared.popped));
	memset(shared.gaps, 0, sizeof(shared.gaps));
	memset(shared.seen, 0, sizeof(shared.seen));
	for (i = 0; i < consumers; i++) {
		table[1 + i].run = consume;
		table[1 + i].arg = (void *)(uintptr_t)i;
	}
	threads_run(table, 1 + consumers);
	popped_or_overwritten(consumers);
}

static void one_consumer(u64 n, u64 start)
{
	run_threads(n, start, 1);
	if (!shared.overwrite)
		check_eq(shared.overwritten, 0);
}

static void two_consumers(u64 n, u64 start)
{
	run_threads(n, start, 2);
}

static void dropping_all_arrive_in_order(void)
{
	shared.overwrite = false;
	shared.cells_used = true;
	shared.batch = 1;
	ring_each(one_consumer);
	shared.cells_used = false;
	shared.batch = BATCH_MAX;
	ring_each(one_consumer);
}

static void gaps_are_what_was_overwritten(void)
{
	shared.overwrite = true;
	shared.cells_used = false;
	shared.batch = 1;
	ring_each(one_consumer);
	shared.batch = BATCH_MAX;
	ring_each(one_consumer);
}

static void popped_or_overwritten_never_both(void)
{
	shared.cells_used = false;
	shared.batch = 3;
	shared.overwrite = true;
	ring_each(two_consumers);
	shared.overwrite = false;
	ring_each(two_consumers);
}

static const struct ktap_test tests[] = {
	{ "init refuses sizes that are no power of two",
	  init_refuses_other_sizes },
	{ "boundary sizes, positions wrap", boundary_sizes_and_wrap },
	{ "random calls against a model", random_against_model },
	{ "threads: without overwriting all arrive in order",
	  dropping_all_arrive_in_order },
	{ "threads: gaps are what was overwritten",
	  gaps_are_what_was_overwritten },
	{ "two consumers: popped or overwritten, never both",
	  popped_or_overwritten_never_both },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
