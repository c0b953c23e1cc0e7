/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cases that a plan is made of in tests, and one plan with its result.
 */
#ifndef ACQREL_TESTS_FAKE_PLAN_H
#define ACQREL_TESTS_FAKE_PLAN_H

#include "fake_bench.h"
#include "ktap.h"
#include "plan_internal.h"

#define BLOCKS	40

static const struct fake_case cases[] = {
	{ .c = { .name = RESULT_EMPTY, .threads = 1 } },
	{ .c = { .name = "config/sleepy:read", .threads = 1, .writes = true,
		 .flags = ACQREL_OP_SLEEPS } },
	{ .c = { .name = "config/rcu:read", .threads = 1, .writes = true,
		 .bound = "floor/cpu:load", .bound_times = 1000 } },
	{ .c = { .name = "config/rcu:synchronize", .threads = 1,
		 .threads_max = 1, .slice_ns = 20000000 } },
	{ .c = { .name = "stats/seqcount:write", .threads = 1, .payload = 64,
		 .payload_max = 4096, .bound = "floor/cpu:load",
		 .bound_times = 8000 } },
	{ .c = { .name = "ring/spsc:push", .threads = 1,
		 .flags = ACQREL_OP_SETTLES | ACQREL_OP_PAIRS,
		 .bound = "floor/line:pingpong", .bound_times = 500 },
	  .partner = true },
	{ .c = { .name = "ring/spsc:oneway", .threads = 2, .threads_max = 2,
		 .flags = ACQREL_OP_RECORDS | ACQREL_OP_FEEDS },
	  .partner = true },
	{ .c = { .name = "counter/refused:add", .threads = 1 },
	  .open = -EOPNOTSUPP },
	{ .c = { .name = "counter/broken:read", .threads = 1 },
	  .open = -EPERM },
	{ .c = { .name = "floor/cpu:load", .threads = 1 } },
	{ .c = { .name = PLACEMENT_CASE, .threads = 2, .threads_max = 2 },
	  .partner = true },
	{ }
};

static struct bench benches[WORLD_COUNT] = {
	{ WORLD_KERNEL }, { WORLD_USER },
};

static struct result result;
static struct plan plan;
static const char *patterns[8];

#define USER	(1U << WORLD_USER)
#define BOTH	(1U << WORLD_USER | 1U << WORLD_KERNEL)

static void begin(const char *pattern, unsigned int worlds)
{
	memset(&fake, 0, sizeof(fake));
	memset(&plan, 0, sizeof(plan));
	fake.cases = cases;
	result_init(&result);
	plan.result = &result;
	for (enum world w = 0; w < WORLD_COUNT; w++)
		plan.bench[w] = worlds & 1U << w ? &benches[w] : NULL;
	patterns[0] = pattern;
	plan.params = (struct plan_params){
		.patterns = patterns,
		.npatterns = !!pattern,
		.slice_ns = 1000000,
		.blocks = BLOCKS,
		.repeat = 1,
		.seed = ktap_seed_value,
	};
}

static void end(void)
{
	check_eq(fake.opened, fake.closed);
	result_release(&result);
}

static bool warned(const char *part)
{
	json_t *sentence;
	size_t i;

	json_array_foreach(result.warnings, i, sentence)
		if (strstr(json_string_value(sentence), part))
			return true;
	return false;
}

#endif /* ACQREL_TESTS_FAKE_PLAN_H */
