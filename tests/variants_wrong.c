// SPDX-License-Identifier: GPL-2.0-only
/*
 * Variants that are wrong, each in one way: a run must see it.
 */
#include <sched.h>

#include "world.h"

#include <acqrel/bench_ring.h>
#include <acqrel/bench_snapshot.h>
#include <acqrel/bench_stats.h>

#include "bench.h"
#include "bench/internal.h"
#include "bench/variants.h"
#include "ktap.h"

/* a ring for one thread, and what goes wrong with it */
struct wrong_ring {
	u64 head;
	u64 tail;
	u64 slots[ACQREL_BENCH_SLOTS];
};

static enum { RING_RIGHT, RING_LOSES, RING_DOUBLES, RING_SWAPS } wrong;

static int ring_init(void *ring)
{
	return 0;
}

static bool ring_push(struct wrong_ring *r, u64 item)
{
	if (r->tail - r->head == ACQREL_BENCH_SLOTS)
		return false;
	if (wrong == RING_LOSES && item % 100 == 50)
		return true;
	r->slots[r->tail++ % ACQREL_BENCH_SLOTS] = item;
	return true;
}

static bool ring_pop(struct wrong_ring *r, u64 *item)
{
	if (r->tail == r->head)
		return false;
	*item = r->slots[r->head % ACQREL_BENCH_SLOTS];
	r->head++;
	if (wrong == RING_DOUBLES && *item % 100 == 50) {
		r->head--;
		r->slots[r->head % ACQREL_BENCH_SLOTS]++;
	}
	/* 50 comes out as 51, and 51 as 50 */
	if (wrong == RING_SWAPS && *item % 100 / 2 == 25)
		*item ^= 1;
	return true;
}

static u64 ring_fill(const struct wrong_ring *r)
{
	return r->tail - r->head;
}

ACQREL_RING_BURSTS(wrong, struct wrong_ring, ring_push, ring_pop, ring_fill)
ACQREL_RING_OPS(wrong, 0, 1000);

static int ring_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct wrong_ring),
		.init = ring_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

static const struct acqrel_variant wrong_ring = {
	.name = "ring/wrong",
	.ops = acqrel_ring_wrong_ops,
	.create = ring_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_wrong_lost,
};

/* a record whose reader sees the last word too late, or all of them */
struct wrong_record {
	u64 reads;
	u64 words[];
};

static enum { RECORD_RIGHT, RECORD_TORN, RECORD_OLD } wrong_copy;

static u64 record_read(struct wrong_record *r, u64 *to, u32 words)
{
	u64 now = 1000 + r->reads++;
	u32 i;

	if (wrong_copy == RECORD_OLD && now % 100 == 50)
		now -= 2;
	for (i = 0; i < words; i++)
		to[i] = now;
	if (wrong_copy == RECORD_TORN && now % 100 == 50)
		to[words - 1]--;
	return 0;
}

static void record_write(struct wrong_record *r, u32 words)
{
}

ACQREL_STATS_OPS(wrong, struct wrong_record, record_read, record_write, 0,
		 "floor/cpu:load", 1000);

static int record_create(const struct acqrel_arm_params *p, void **object)
{
	static const struct acqrel_stats_kind kind = {
		.header = sizeof(struct wrong_record),
		.copies = 1,
	};

	return acqrel_stats_create(&kind, p, object);
}

static const struct acqrel_variant wrong_record = {
	.name = "stats/wrong",
	.ops = acqrel_stats_wrong_ops,
	.create = record_create,
	.destroy = acqrel_stats_destroy,
};

/* a counter that now and then forgets an add */
struct counter {
	u64 v;
	u64 calls;
};

struct counter_mine {
	struct counter *c;
};

static bool wrong_add;

static struct counter_mine counter_mine(const struct acqrel_worker *w)
{
	return (struct counter_mine){ w->object };
}

static void counter_add(struct counter_mine mine)
{
	if (!wrong_add || mine.c->calls++ % 100)
		mine.c->v++;
}

static u64 counter_sum(const struct counter *c)
{
	return c->v;
}

#define COUNTER_CHUNK		0
#define COUNTER_ADD_BOUND	"floor/cpu:load"
#define COUNTER_READ_BOUND	"floor/cpu:load"
#define COUNTER_BOUND_TIMES	1000
#include "bench/counter_arm.h"

static int wrong_counter_create(const struct acqrel_arm_params *p,
				void **object)
{
	*object = world_alloc(sizeof(struct counter));
	return *object ? 0 : -ENOMEM;
}

static const struct acqrel_variant wrong_counter = {
	.name = "counter/wrong",
	.ops = counter_ops,
	.create = wrong_counter_create,
	.destroy = world_free,
	.lost = counter_lost,
};

/* a slice of the @i-th operation of a variant by one thread */
static void run(const struct acqrel_variant *v, unsigned int i,
		struct acqrel_slice *did)
{
	static const struct acqrel_slice_params params = {
		.slice_ns = 1000000,
		.lead_ns = 100000,
	};
	__u32 cpu = (__u32)sched_getcpu();
	const struct bench_arm_params p = {
		.name = v->name,
		.cpus = &cpu,
		.threads = 1,
		.payload = v->ops[i].payload,
	};
	struct acqrel_sample sample = { 0 };
	struct bench_arm *arm;
	struct bench *bench;

	if (bench_open(WORLD_USER, NULL, &bench) ||
	    engine_arm_open(bench, v, &v->ops[i], &p, &arm))
		abort();
	check_eq(bench_slice(arm, &params, &sample), 0);
	check(sample.did.ops > 0);
	*did = sample.did;
	bench_arm_close(arm);
	bench_close(bench);
}

static void test_right(void)
{
	static const struct acqrel_variant *const variants[] = {
		&wrong_ring, &wrong_record, &wrong_counter,
	};
	struct acqrel_slice did;
	unsigned int i;

	wrong = RING_RIGHT;
	wrong_copy = RECORD_RIGHT;
	wrong_add = false;
	for (i = 0; i < ARRAY_SIZE(variants); i++) {
		run(variants[i], 0, &did);
		check_eq(did.violations, 0);
		check_eq(did.lost, 0);
	}
}

static void test_ring(void)
{
	struct acqrel_slice did;

	wrong = RING_LOSES;
	run(&wrong_ring, 0, &did);
	check(did.lost > 0);

	wrong = RING_DOUBLES;
	run(&wrong_ring, 0, &did);
	check(did.lost > 0);

	wrong = RING_SWAPS;
	run(&wrong_ring, 1, &did);
	check(did.violations > 0);
	check_eq(did.lost, 0);
}

static void test_record(void)
{
	struct acqrel_slice did;

	wrong_copy = RECORD_TORN;
	run(&wrong_record, 0, &did);
	check(did.violations > 0);

	wrong_copy = RECORD_OLD;
	run(&wrong_record, 0, &did);
	check(did.violations > 0);
}

static void test_counter(void)
{
	struct acqrel_slice did;

	wrong_add = true;
	run(&wrong_counter, 0, &did);
	check(did.lost > 0);
}

static void test_snapshot(void)
{
	struct acqrel_worker w = { .seen = 2 };
	struct acqrel_watch watch = acqrel_watch_begin(&w);
	struct acqrel_snapshot s;

	acqrel_snapshot_set(&s, 2);
	acqrel_snapshot_saw(&watch, s);
	acqrel_snapshot_set(&s, 3);
	acqrel_snapshot_saw(&watch, s);
	check_eq(watch.violations, 0);

	/* half of another one */
	s.generation = 4;
	acqrel_snapshot_saw(&watch, s);
	check_eq(watch.violations, 1);

	/* older than the last */
	acqrel_snapshot_set(&s, 3);
	acqrel_snapshot_saw(&watch, s);
	check_eq(watch.violations, 2);

	/* freed: both */
	acqrel_snapshot_spoil(&s);
	acqrel_snapshot_saw(&watch, s);
	check_eq(watch.violations, 4);

	acqrel_watch_end(&watch);
	check_eq(w.violations, 4);
}

static const struct ktap_test tests[] = {
	{ "variants that are right", test_right },
	{ "rings that lose, double and swap items", test_ring },
	{ "records that are torn or old", test_record },
	{ "a counter that forgets", test_counter },
	{ "snapshots that are torn, old or freed", test_snapshot },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
