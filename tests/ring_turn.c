// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract "exact" of include/acqrel/ring_turn.h.
 */
#include <acqrel/ring_turn.h>

#include "threads.h"

static struct acqrel_turn ring;
static struct acqrel_turn_slot slots[RING_SLOTS_MAX];

typedef enum acqrel_turn_status push_fn(u64 item);
typedef enum acqrel_turn_status pop_fn(u64 *item);

static enum acqrel_turn_status push_sp(u64 item)
{
	return acqrel_turn_push_sp(&ring, item);
}

static enum acqrel_turn_status push_mp(u64 item)
{
	return acqrel_turn_push_mp(&ring, item);
}

static enum acqrel_turn_status pop_sc(u64 *item)
{
	return acqrel_turn_pop_sc(&ring, item);
}

static enum acqrel_turn_status pop_mc(u64 *item)
{
	return acqrel_turn_pop_mc(&ring, item);
}

static const struct shape {
	push_fn *push;
	pop_fn *pop;
	unsigned int producers;
	unsigned int consumers;
} shapes[] = {
	{ push_sp, pop_sc, 1, 1 },
	{ push_mp, pop_sc, 2, 1 },
	{ push_sp, pop_mc, 1, 2 },
	{ push_mp, pop_mc, 2, 2 },
};

/* the shape that ring_each() runs */
static const struct shape *shape;

static void each_shape(void (*run)(u64 slots, u64 start))
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		shape = &shapes[i];
		ring_each(run);
	}
}

static void init_refuses_other_sizes(void)
{
	check_eq(acqrel_turn_init(&ring, slots, 0, 0), -EINVAL);
	check_eq(acqrel_turn_init(&ring, slots, 6, 0), -EINVAL);
	check_eq(acqrel_turn_init(&ring, slots, 1023, 0), -EINVAL);
}

static void fill_and_drain(u64 n, u64 start)
{
	u64 i, item, lap;

	check_eq(acqrel_turn_init(&ring, slots, n, start), 0);
	for (lap = 0; lap < 3; lap++) {
		check_eq(shape->pop(&item), ACQREL_TURN_EMPTY);
		for (i = 0; i < n; i++)
			check_eq(shape->push(i), ACQREL_TURN_OK);
		check_eq(shape->push(i), ACQREL_TURN_FULL);
		check_eq(acqrel_turn_fill(&ring), n);
		for (i = 0; i < n; i++) {
			check_eq(shape->pop(&item), ACQREL_TURN_OK);
			check_eq(item, i);
		}
		check_eq(acqrel_turn_fill(&ring), 0);
	}
}

static void boundary_sizes_and_wrap(void)
{
	each_shape(fill_and_drain);
}

static void model_from(u64 n, u64 start)
{
	enum acqrel_turn_status expected, status;
	u64 pushed = 0, popped = 0, item, i;
	struct acqrel_generator g;

	ktap_seed(&g);
	acqrel_turn_init(&ring, slots, n, start);
	for (i = 0; i < ktap_scale(100000); i++) {
		if (acqrel_generator_next(&g) % 100 < (i >> 12 & 1 ? 60 : 40)) {
			expected = pushed - popped == n ?
				   ACQREL_TURN_FULL : ACQREL_TURN_OK;
			status = shape->push(pushed);
			pushed += status == ACQREL_TURN_OK;
		} else {
			expected = pushed == popped ?
				   ACQREL_TURN_EMPTY : ACQREL_TURN_OK;
			status = shape->pop(&item);
			if (status == ACQREL_TURN_OK)
				check_eq(item, popped++);
		}
		check_eq(status, expected);
		check_eq(acqrel_turn_fill(&ring), pushed - popped);
	}
}

static void random_against_model(void)
{
	each_shape(model_from);
}

/* a producer stopped between claim and publish, then going on */
static void busy_producer(u64 n, u64 start)
{
	u64 item;

	acqrel_turn_init(&ring, slots, n, start);
	ring.tail = start + 1;
	check_eq(shape->pop(&item), ACQREL_TURN_BUSY);
	if (n > 1) {
		/* the others go on */
		check_eq(shape->push(2), ACQREL_TURN_OK);
		check_eq(shape->pop(&item), ACQREL_TURN_BUSY);
	} else {
		/* the slot was empty one lap ago and is not taken yet */
		check_eq(shape->push(2), ACQREL_TURN_FULL);
	}
	acqrel_turn_put(acqrel_turn_slot(&ring, start), start, 1);
	check_eq(shape->pop(&item), ACQREL_TURN_OK);
	check_eq(item, 1);
}

/* a consumer stopped between claim and release, then going on */
static void busy_consumer(u64 n, u64 start)
{
	u64 i, item;

	acqrel_turn_init(&ring, slots, n, start);
	for (i = 0; i < n; i++)
		check_eq(shape->push(i), ACQREL_TURN_OK);
	ring.head = start + 1;
	check_eq(shape->push(n), ACQREL_TURN_BUSY);
	if (n > 1) {
		check_eq(shape->pop(&item), ACQREL_TURN_OK);
		check_eq(item, 1);
		check_eq(shape->push(n), ACQREL_TURN_BUSY);
	} else {
		check_eq(shape->pop(&item), ACQREL_TURN_EMPTY);
	}
	check_eq(acqrel_turn_take(&ring, acqrel_turn_slot(&ring, start), start),
		 0);
	check_eq(shape->push(n), ACQREL_TURN_OK);
}

static void busy_is_told_from_full_and_empty(void)
{
	each_shape(busy_producer);
	each_shape(busy_consumer);
}

typedef unsigned int push_n_fn(struct acqrel_turn *r, const u64 *items,
			       unsigned int n);
typedef unsigned int pop_n_fn(struct acqrel_turn *r, u64 *items,
			      unsigned int n);

static void batches_of(push_n_fn *push_n, pop_n_fn *pop_n)
{
	u64 in[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, out[8];
	unsigned int i;

	acqrel_turn_init(&ring, slots, 4, ~0ULL);
	check_eq(pop_n(&ring, out, 8), 0);
	check_eq(push_n(&ring, in, 8), 4);
	check_eq(pop_n(&ring, out, 3), 3);
	check_eq(push_n(&ring, in + 4, 4), 3);
	check_eq(pop_n(&ring, out + 3, 8), 4);
	for (i = 0; i < 7; i++)
		check_eq(out[i], i + 1);
}

static void batches(void)
{
	batches_of(acqrel_turn_push_sp_n, acqrel_turn_pop_sc_n);
	batches_of(acqrel_turn_push_mp_n, acqrel_turn_pop_sc_n);
	batches_of(acqrel_turn_push_sp_n, acqrel_turn_pop_mc_n);
	batches_of(acqrel_turn_push_mp_n, acqrel_turn_pop_mc_n);
}

/*
 * Threads. An item names its producer and its number; what it stands for lies
 * in plain memory that only the ring's edges protect. With one consumer a
 * producer uses a cell again when one of its items a lap later went in.
 */
#define PRODUCERS_MAX	2
#define ITEMS_MAX	60000

static struct {
	u64 items;		/* of each producer */
	u64 slots;
	u64 cells[PRODUCERS_MAX][ITEMS_MAX];
	u64 distance;		/* after which a cell is used again */
	u64 taken;
	bool counted;
	u64 push_started ____cacheline_aligned;
	u64 push_done ____cacheline_aligned;
	u64 pop_started ____cacheline_aligned;
	u64 pop_done ____cacheline_aligned;
	/* by consumer: how often an item came out */
	u8 seen[PRODUCERS_MAX][PRODUCERS_MAX][ITEMS_MAX];
} shared;

static u64 counted(u64 *counter, s64 n)
{
	if (!shared.counted)
		return 0;
	return __atomic_add_fetch(counter, n, __ATOMIC_SEQ_CST);
}

/* FULL: at one instant as many were claimed as there are slots */
static enum acqrel_turn_status push_counted(u64 item)
{
	u64 popped = counted(&shared.pop_done, 0);
	enum acqrel_turn_status status;

	counted(&shared.push_started, 1);
	status = shape->push(item);
	if (status == ACQREL_TURN_OK) {
		counted(&shared.push_done, 1);
		return status;
	}
	/* this call claimed nothing, but the others that started may have */
	if (status == ACQREL_TURN_FULL && shared.counted)
		check(counted(&shared.push_started, 0) - 1 - popped >=
		      shared.slots);
	counted(&shared.push_started, -1);
	return status;
}

/* EMPTY: at one instant no item was there */
static enum acqrel_turn_status pop_counted(u64 *item)
{
	u64 pushed = counted(&shared.push_done, 0);
	enum acqrel_turn_status status;

	counted(&shared.pop_started, 1);
	status = shape->pop(item);
	if (status == ACQREL_TURN_OK) {
		counted(&shared.pop_done, 1);
		return status;
	}
	if (status == ACQREL_TURN_EMPTY && shared.counted)
		check((s64)(counted(&shared.pop_started, 0) - 1 - pushed) >= 0);
	counted(&shared.pop_started, -1);
	return status;
}

static void produce(void *arg)
{
	u64 i, id = (uintptr_t)arg;
	unsigned int spins = 0;

	for (i = 0; i < shared.items; i++) {
		shared.cells[id][i % shared.distance] = i;
		while (push_counted(id << 32 | i) != ACQREL_TURN_OK)
			threads_wait(&spins);
	}
}

static void consume_one(u64 id, u64 item, u64 *next)
{
	u64 i = item & 0xffffffff, producer = item >> 32;

	if (!check(producer < shape->producers) || !check(i < shared.items))
		return;
	/* in order for each producer */
	check(i >= next[producer]);
	next[producer] = i + 1;
	check_eq(shared.cells[producer][i % shared.distance], i);
	shared.seen[id][producer][i]++;
}

static void consume(void *arg)
{
	u64 item, next[PRODUCERS_MAX] = { 0 };
	unsigned int spins = 0;

	while (READ_ONCE(shared.taken) < shape->producers * shared.items) {
		if (pop_counted(&item) != ACQREL_TURN_OK) {
			threads_wait(&spins);
			continue;
		}
		consume_one((uintptr_t)arg, item, next);
		__atomic_fetch_add(&shared.taken, 1, __ATOMIC_RELAXED);
	}
}

static void each_item_came_out_once(void)
{
	u64 i, producer;
	unsigned int c, times;

	for (producer = 0; producer < shape->producers; producer++) {
		for (i = 0; i < shared.items; i++) {
			times = 0;
			for (c = 0; c < shape->consumers; c++)
				times += shared.seen[c][producer][i];
			check_eq(times, 1);
		}
	}
}

static void run_threads(u64 n, u64 start)
{
	struct threads_one table[2 * PRODUCERS_MAX];
	unsigned int i, used = 0;
	u64 item;

	acqrel_turn_init(&ring, slots, n, start);
	memset(&shared.seen, 0, sizeof(shared.seen));
	shared.items = ktap_scale(n < 1024 ? 4000 : ITEMS_MAX);
	shared.slots = n;
	shared.distance = shape->consumers == 1 ? n + 2 : ITEMS_MAX;
	shared.taken = 0;
	shared.push_started = 0;
	shared.push_done = 0;
	shared.pop_started = 0;
	shared.pop_done = 0;
	for (i = 0; i < shape->producers; i++)
		table[used++] = (struct threads_one){
			.run = produce, .arg = (void *)(uintptr_t)i };
	for (i = 0; i < shape->consumers; i++)
		table[used++] = (struct threads_one){
			.run = consume, .arg = (void *)(uintptr_t)i };
	threads_run(table, used);
	each_item_came_out_once();
	check_eq(shape->pop(&item), ACQREL_TURN_EMPTY);
}

static void once_and_in_order(void)
{
	shared.counted = false;
	each_shape(run_threads);
}

static void full_and_empty_are_exact(void)
{
	shared.counted = true;
	each_shape(run_threads);
}

static const struct ktap_test tests[] = {
	{ "init refuses sizes that are no power of two",
	  init_refuses_other_sizes },
	{ "boundary sizes, positions wrap", boundary_sizes_and_wrap },
	{ "random calls against a model", random_against_model },
	{ "busy is told from full and empty",
	  busy_is_told_from_full_and_empty },
	{ "batches", batches },
	{ "threads: each item once, in order for each producer",
	  once_and_in_order },
	{ "threads: full and empty were true at one instant",
	  full_and_empty_are_exact },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
