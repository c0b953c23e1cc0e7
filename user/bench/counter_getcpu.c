// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counter of one word a CPU without restartable sequences: sched_getcpu(), and
 * a locked add, as the thread may have moved meanwhile.
 */
#include <sched.h>
#include <sys/sysinfo.h>

#include "bench/memory.h"
#include "bench/variants.h"

#define COUNTER_CHUNK		0
#define COUNTER_ADD_BOUND	"floor/cpu:add_locked"
#define COUNTER_READ_BOUND	"floor/cpu:load"
#define COUNTER_BOUND_TIMES	1000

/* two lines, for the CPU fetches them in pairs */
struct counter_word {
	u64 v;
	u64 pad[15];
};

struct counter {
	u32 cpus;
	struct counter_word *words;
};

struct counter_mine {
	struct counter_word *words;
	u32 cpus;
};

static inline struct counter_mine counter_mine(const struct acqrel_worker *w)
{
	struct counter *c = w->object;

	return (struct counter_mine){ c->words, c->cpus };
}

static __always_inline void counter_add(struct counter_mine mine)
{
	u32 cpu = (u32)sched_getcpu();

	/* a CPU that came later, or none known: any word is right */
	if (unlikely(cpu >= mine.cpus))
		cpu = 0;
	__atomic_fetch_add(&mine.words[cpu].v, 1, __ATOMIC_RELAXED);
}

static __always_inline u64 counter_sum(const struct counter *c)
{
	u64 sum = 0;
	u32 i;

	for (i = 0; i < c->cpus; i++)
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
	c->cpus = (u32)get_nprocs_conf();
	c->words = world_alloc(c->cpus * sizeof(*c->words));
	if (!c->words) {
		world_free(c);
		return -ENOMEM;
	}
	*object = c;
	return 0;
}

const struct acqrel_variant acqrel_variant_counter_getcpu = {
	.name = "counter/getcpu",
	.ops = counter_ops,
	.create = counter_create,
	.destroy = counter_destroy,
	.lost = counter_lost,
};
