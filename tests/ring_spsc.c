// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract "lazy credit" of include/acqrel/ring_spsc.h.
 */
#include <acqrel/ring_spsc.h>

#include "threads.h"

static struct acqrel_spsc ring;
static struct acqrel_spsc_slot slots[RING_SLOTS_MAX];

static void init_refuses_other_sizes(void)
{
	check_eq(acqrel_spsc_init(&ring, slots, 0, 0), -EINVAL);
	check_eq(acqrel_spsc_init(&ring, slots, 3, 0), -EINVAL);
	check_eq(acqrel_spsc_init(&ring, slots, 1000, 0), -EINVAL);
}

static void fill_and_drain(u64 n, u64 start)
{
	u64 i, item, lap;

	check_eq(acqrel_spsc_init(&ring, slots, n, start), 0);
	check(!acqrel_spsc_pop(&ring, &item));
	for (i = 0; i < n; i++)
		check(acqrel_spsc_push(&ring, i));
	check(!acqrel_spsc_push(&ring, i));
	check_eq(acqrel_spsc_fill(&ring), n);
	for (i = 0; i < n; i++)
		check(acqrel_spsc_pop(&ring, &item) && item == i);
	check(!acqrel_spsc_pop(&ring, &item));
	check_eq(acqrel_spsc_fill(&ring), 0);
	for (lap = 0; lap < 3 * n; lap++) {
		check(acqrel_spsc_push(&ring, lap));
		check(acqrel_spsc_pop(&ring, &item) && item == lap);
	}
}

static void boundary_sizes_and_wrap(void)
{
	ring_each(fill_and_drain);
}

/* sentence 3: capacity items fit into a drained ring, wherever it stands */
static void capacity_from(u64 n, u64 start)
{
	u64 offset, i, item, capacity;

	acqrel_spsc_init(&ring, slots, n, start);
	capacity = acqrel_spsc_capacity(&ring);
	check_eq(capacity, n < 4 ? n : n - n / 4 + 1);
	for (offset = 0; offset < 2 * n; offset++) {
		for (i = 0; i < capacity; i++)
			check(acqrel_spsc_push(&ring, i));
		for (i = 0; i < capacity; i++)
			check(acqrel_spsc_pop(&ring, &item) && item == i);
		check(!acqrel_spsc_pop(&ring, &item));
	}
}

static void capacity_fits_when_drained(void)
{
	ring_each(capacity_from);
}

/* push and pop at random beside a queue that is two numbers */
static void model_from(u64 n, u64 start)
{
	u64 pushed = 0, popped = 0, item, full, i;
	u64 step = n < 4 ? 1 : n / 4;
	struct acqrel_generator g;

	ktap_seed(&g);
	acqrel_spsc_init(&ring, slots, n, start);
	for (i = 0; i < ktap_scale(400000); i++) {
		/* lean to one side for a while */
		if (acqrel_generator_next(&g) % 100 < (i >> 12 & 1 ? 60 : 40)) {
			full = pushed - popped;
			if (acqrel_spsc_push(&ring, pushed)) {
				check(full < n);
				pushed++;
			} else {
				check(full + step - 1 >= n);
			}
		} else if (acqrel_spsc_pop(&ring, &item)) {
			check_eq(item, popped);
			popped++;
		} else {
			check_eq(pushed, popped);
		}
		check_eq(acqrel_spsc_fill(&ring), pushed - popped);
	}
}

static void random_against_model(void)
{
	ring_each(model_from);
}

static void batches(void)
{
	u64 in[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, out[8];
	unsigned int i;

	acqrel_spsc_init(&ring, slots, 4, ~0ULL);
	check_eq(acqrel_spsc_push_n(&ring, in, 8), 4);
	check_eq(acqrel_spsc_pop_n(&ring, out, 3), 3);
	check_eq(acqrel_spsc_push_n(&ring, in + 4, 4), 3);
	check_eq(acqrel_spsc_pop_n(&ring, out + 3, 8), 4);
	for (i = 0; i < 7; i++)
		check_eq(out[i], i + 1);
}

/* sentence 4: neither side waits for the other */
static void neither_side_waits(void)
{
	u64 i, item;

	acqrel_spsc_init(&ring, slots, 4, 0);
	for (i = 0; i < 1000; i++)
		check(!acqrel_spsc_pop(&ring, &item));
	check_eq(acqrel_spsc_push_n(&ring, (u64[]){ 1, 2, 3, 4 }, 4), 4);
	for (i = 0; i < 1000; i++)
		check(!acqrel_spsc_push(&ring, i));
	check(acqrel_spsc_pop(&ring, &item) && item == 1);
}

/*
 * Two threads. An item is a position; what it stands for lies in plain memory
 * which only the ring's edges protect. A cell is used again as soon as the
 * credit says that its item was read: the push before went in, so the item one
 * lap back is taken and the one before that is read.
 */
static struct {
	u64 items;
	u64 slots;
	u64 cells[RING_SLOTS_MAX + 2];
	/* completed calls, only for the test of "definite" */
	bool counted;
	u64 pushed ____cacheline_aligned;
	u64 popped ____cacheline_aligned;
} shared;

static void produce(void *arg)
{
	u64 i, before, cells = shared.slots + 2;
	u64 step = shared.slots < 4 ? 1 : shared.slots / 4;
	unsigned int spins = 0;

	(void)arg;
	for (i = 0; i < shared.items; i++) {
		shared.cells[i % cells] = i;
		for (;;) {
			before = shared.counted ?
				 progress_get(&shared.popped) : 0;
			if (acqrel_spsc_push(&ring, i))
				break;
			/* sentence 3 */
			check(!shared.counted ||
			      i - before + step - 1 >= shared.slots);
			threads_wait(&spins);
		}
		if (shared.counted)
			progress_set(&shared.pushed, i + 1);
	}
}

static void consume(void *arg)
{
	u64 i, before, item, cells = shared.slots + 2;
	unsigned int spins = 0;

	(void)arg;
	for (i = 0; i < shared.items; i++) {
		for (;;) {
			before = shared.counted ?
				 progress_get(&shared.pushed) : 0;
			if (acqrel_spsc_pop(&ring, &item))
				break;
			/* sentence 2 */
			check(before <= i);
			threads_wait(&spins);
		}
		check_eq(item, i);
		check_eq(shared.cells[i % cells], i);
		if (shared.counted)
			progress_set(&shared.popped, i + 1);
	}
	check(!acqrel_spsc_pop(&ring, &item));
}

static void two_threads(u64 n, u64 start)
{
	struct threads_one table[] = { { .run = produce }, { .run = consume } };

	acqrel_spsc_init(&ring, slots, n, start);
	shared.items = ktap_scale(n < 1024 ? 20000 : 600000);
	shared.slots = n;
	shared.pushed = 0;
	shared.popped = 0;
	threads_run(table, ARRAY_SIZE(table));
}

static void once_and_in_order(void)
{
	shared.counted = false;
	ring_each(two_threads);
}

static void empty_and_full_keep_their_word(void)
{
	shared.counted = true;
	ring_each(two_threads);
}

static const struct ktap_test tests[] = {
	{ "init refuses sizes that are no power of two",
	  init_refuses_other_sizes },
	{ "boundary sizes, positions wrap", boundary_sizes_and_wrap },
	{ "capacity items fit into a drained ring",
	  capacity_fits_when_drained },
	{ "random calls against a model", random_against_model },
	{ "batches", batches },
	{ "neither side waits", neither_side_waits },
	{ "two threads: each item once, in order", once_and_in_order },
	{ "two threads: empty is definite, full is stale by less than a step",
	  empty_and_full_keep_their_word },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
