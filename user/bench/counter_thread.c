// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter of one word a thread, on lines of its own: an add is a load and a
 * store, a read sums over the threads. What a program does that can give each
 * thread a place, and takes it back when the thread exits.
 */
#include "bench/memory.h"
#include "bench/variants.h"

#define COUNTER_CHUNK		0
#define COUNTER_ADD_BOUND	"floor/cpu:add_plain"
#define COUNTER_READ_BOUND	"floor/cpu:load"
#define COUNTER_BOUND_TIMES	1000

/* two lines, for the CPU fetches them in pairs */
struct counter_word {
	u64 v;
	u64 pad[15];
};

struct counter {
	u32 threads;
	struct counter_word *words;
};

struct counter_mine {
	u64 *v;
};

static inline struct counter_mine counter_mine(const struct acqrel_worker *w)
{
	struct counter *c = w->object;

	return (struct counter_mine){ &c->words[w->thread].v };
}

/* nobody else writes the word */
static __always_inline void counter_add(struct counter_mine mine)
{
	WRITE_ONCE(*mine.v, READ_ONCE(*mine.v) + 1);
}

static __always_inline u64 counter_sum(const struct counter *c)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < c->threads; i++)
		sum += READ_ONCE(c->words[i].v);
	return sum;
}

#include "bench/counter_arm.h"

static void counter_destroy(void *object)
{
	struct counter *c = object;

	world_free(c->words);
	world_free(c);
}

static int counter_create(const struct acqrel_arm_params *p, void **object)
{
	struct counter *c = world_alloc(sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->threads = p->threads;
	c->words = world_alloc(c->threads * sizeof(*c->words));
	if (!c->words) {
		world_free(c);
		return -ENOMEM;
	}
	*object = c;
	return 0;
}

const struct acqrel_variant acqrel_variant_counter_thread = {
	.name = "counter/thread",
	.ops = counter_ops,
	.create = counter_create,
	.destroy = counter_destroy,
	.lost = counter_lost,
};
