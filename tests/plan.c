// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which cells are measured, in which order their slices run, and what marks a
 * slice as disturbed: all on a bench that measures nothing.
 */
#include <math.h>
#include <sys/stat.h>

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
		 .payload_max = 4096 } },
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

#define USER	(1U << WORLD_USER)
#define BOTH	(1U << WORLD_USER | 1U << WORLD_KERNEL)

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

/* Cells of a name, without copies of others. */
static unsigned int count(const char *name, enum world world, __u32 threads)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < result.ncells; i++) {
		const struct cell *c = &result.cells[i];

		n += c->world == world && !strcmp(c->name, name) &&
			c->threads == threads && c->control < 0;
	}
	return n;
}

static void default_set(void)
{
	begin(NULL, USER);
	fake.cases = (const struct fake_case[]){
		cases[0], cases[2], cases[4], cases[5], cases[6], cases[9], { }
	};
	check_eq(plan_make(&plan), 0);
	check_eq(count("config/rcu:read", WORLD_USER, 1), 1);
	check_eq(count("config/rcu:read", WORLD_USER, FAKE_CPUS), 1);
	check_eq(count("ring/spsc:push", WORLD_USER, FAKE_CPUS), 1);
	check_eq(count("ring/spsc:oneway", WORLD_USER, 2), 0);
	check_eq(count("floor/cpu:load", WORLD_USER, 1), 0);
	check(!strcmp(result.cells[0].placement, "one"));
	check(warned("not measured"));
	end();
}

static void one_cpu_is_enough(void)
{
	static const __u64 rates[] = { 0, 1000 };

	begin("*/*:*", USER);
	fake.cases = (const struct fake_case[]){
		cases[0], cases[2], cases[5], cases[6], { }
	};
	fake.ncpus = 1;
	plan.params.write_rates = rates;
	plan.params.nwrite_rates = 2;
	check_eq(plan_make(&plan), 0);
	check_eq(count("config/rcu:read", WORLD_USER, 1), 1);
	check_eq(count("ring/spsc:push", WORLD_USER, 1), 1);
	check_eq(count("ring/spsc:oneway", WORLD_USER, 2), 0);
	check(warned("more threads than CPUs are allowed"));
	check(!warned("fewer threads"));
	end();
}

static void patterns_select(void)
{
	begin("ring/*", USER);
	check_eq(plan_make(&plan), 0);
	check_eq(count("ring/spsc:push", WORLD_USER, 1), 1);
	check_eq(count("ring/spsc:oneway", WORLD_USER, 2), 1);
	check_eq(count("config/rcu:read", WORLD_USER, 1), 0);
	end();
	begin("config/*:synch*", USER);
	check_eq(plan_make(&plan), 0);
	check_eq(count("config/rcu:synchronize", WORLD_USER, 1), 1);
	check_eq(result.ncells, 3);
	end();
	begin("config/nothing", USER);
	check_eq(plan_make(&plan), -ENOENT);
	check(strstr(plan.why, "config/nothing"));
	end();
}

static void threads_are_chosen(void)
{
	static const __u32 threads[] = { 1, 2, 3, 9 };

	begin("ring/spsc:oneway", USER);
	plan.params.threads = threads;
	plan.params.nthreads = 4;
	check_eq(plan_make(&plan), 0);
	check_eq(count("ring/spsc:oneway", WORLD_USER, 2), 1);
	check_eq(count("ring/spsc:oneway", WORLD_USER, 1), 0);
	check(warned("1 with fewer threads"));
	check(warned("2 with more threads than the case"));
	end();
	begin("config/rcu:read", USER);
	plan.params.threads = threads;
	plan.params.nthreads = 4;
	check_eq(plan_make(&plan), 0);
	check(warned("1 with more threads than CPUs"));
	end();
}

/* The writer comes on top of a number; of all CPUs it gets one. */
static void writers_take_a_cpu(void)
{
	static const __u64 rates[] = { 0, 1000 };
	static const __u32 threads[] = { 0, 4 };
	unsigned int i = 0;

	begin("config/rcu:*", USER);
	plan.params.write_rates = rates;
	plan.params.nwrite_rates = 2;
	plan.params.threads = threads;
	plan.params.nthreads = 2;
	check_eq(plan_make(&plan), 0);
	check_eq(count("config/rcu:read", WORLD_USER, FAKE_CPUS), 2);
	check(warned("writer that the case cannot have"));
	check(warned("more threads than CPUs are allowed"));
	while (i < result.ncells && !result.cells[i].write_rate)
		i++;
	if (check(i < result.ncells))
		check_eq(result.cells[result.cells[i].empty].threads, 3);
	check_eq(plan_run(&plan), 0);
	for (unsigned int s = 0; s < fake.slices; s++)
		check(fake.params[s].write_period_ns == 0 ||
		      fake.params[s].write_period_ns == 1000000);
	end();
}

static void payloads_are_checked(void)
{
	static const __u32 payloads[] = { 8, 4096, 12, 8192 };

	begin("stats/*", USER);
	plan.params.payloads = payloads;
	plan.params.npayloads = 4;
	check_eq(plan_make(&plan), 0);
	check_eq(count("stats/seqcount:write", WORLD_USER, 1), 2);
	check(warned("4 with a payload that the case cannot have"));
	end();
	begin("config/rcu:read", USER);
	plan.params.payloads = payloads;
	plan.params.npayloads = 4;
	check_eq(plan_make(&plan), 0);
	check_eq(count("config/rcu:read", WORLD_USER, 1), 1);
	end();
}

static void empty_loops_match(void)
{
	begin("*/*:*", BOTH);
	fake.cases = (const struct fake_case[]){
		cases[0], cases[2], cases[5], cases[6], { }
	};
	check_eq(plan_make(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		const struct cell *c = &result.cells[i], *e;
		bool pairs = !strncmp(c->name, "ring/", 5) && c->threads > 1;

		if (!strcmp(c->name, RESULT_EMPTY)) {
			check_eq(c->empty, -1);
			continue;
		}
		if (!check(c->empty >= 0))
			continue;
		e = &result.cells[c->empty];
		check(!strcmp(e->name, RESULT_EMPTY));
		check_eq(e->world, c->world);
		check_eq(e->threads, pairs ? c->threads / 2 : c->threads);
		check_eq(e->cpus[e->threads - 1],
			 c->cpus[(e->threads - 1) * (pairs ? 2 : 1)]);
	}
	end();
}

static void no_empty_loop_is_an_error(void)
{
	begin("config/rcu:read", USER);
	fake.cases = &cases[1];
	check_eq(plan_make(&plan), -ENOENT);
	end();
}

static void bounds_are_added(void)
{
	begin("ring/spsc:push", USER);
	patterns[1] = "config/rcu:read";
	plan.params.npatterns = 2;
	plan.params.bounds = true;
	check_eq(plan_make(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		const struct cell *c = &result.cells[i], *b;
		bool ring = !strcmp(c->name, "ring/spsc:push");

		if (!ring && strcmp(c->name, "config/rcu:read"))
			continue;
		if (ring && c->threads == 1) {
			check_eq(c->bound, -1);
			continue;
		}
		if (!check(c->bound >= 0))
			continue;
		b = &result.cells[c->bound];
		check(!strcmp(b->name, ring ? PLACEMENT_CASE :
			      "floor/cpu:load"));
		check_eq(b->threads, ring ? 2 : 1);
		check_eq(c->bound_times, ring ? 500 : 1000);
	}
	check_eq(count("floor/cpu:load", WORLD_USER, 1), 1);
	end();
}

/* Every world, number of threads and primitive has one, of a cell of it. */
static void controls_are_added(void)
{
	unsigned int controls = 0, before = 0;

	begin("*/*:*", BOTH);
	fake.cases = (const struct fake_case[]){
		cases[0], cases[1], cases[2], cases[3], cases[5], { }
	};
	check_eq(plan_make(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		const struct cell *c = &result.cells[i], *first;

		if (c->control < 0) {
			before += strcmp(c->name, RESULT_EMPTY);
			continue;
		}
		controls++;
		first = &result.cells[c->control];
		check_eq(first->control, -1);
		check(!strcmp(c->name, first->name));
		check(strcmp(c->name, "config/sleepy:read"));
		check_eq(c->world, first->world);
		check_eq(c->threads, first->threads);
		check(!memcmp(c->cpus, first->cpus,
			      c->threads * sizeof(*c->cpus)));
	}
	/* config and ring, 1 and all threads, two worlds */
	check_eq(controls, 8);
	check(before > 0);
	end();
}

static void refused_arms_are_left_out(void)
{
	begin("counter/refused", USER);
	patterns[1] = "config/rcu:read";
	plan.params.npatterns = 2;
	check_eq(plan_make(&plan), 0);
	check_eq(count("counter/refused:add", WORLD_USER, 1), 0);
	check(warned("user counter/refused:add, this machine refuses"));
	end();
	begin("counter/broken", USER);
	check_eq(plan_make(&plan), -EPERM);
	check(plan.failed == &benches[WORLD_USER]);
	end();
	begin("config/unbuilt:read", USER);
	check_eq(plan_make(&plan), -ENOENT);
	check(warned("user config/unbuilt, not built for want of libnone"));
	end();
}

static void worlds_have_the_same_cells(void)
{
	begin("ring/*", BOTH);
	check_eq(plan_make(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		struct cell like = result.cells[i];

		like.world = !like.world;
		check(plan_find_cell(&result, &like) >= 0);
	}
	end();
}

static void long_operations_get_long_slices(void)
{
	begin("config/rcu:*", USER);
	check_eq(plan_make(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		bool slow = strstr(result.cells[i].name, "synchronize");

		check_eq(result.cells[i].slice_ns, slow ? 20000000 : 1000000);
		check(result.cells[i].cost_s * 1e9 >
		      result.cells[i].slice_ns * 1.12);
	}
	end();
}

static void duration_gives_blocks(void)
{
	double round = 0;

	begin("config/rcu:read", USER);
	plan.params.blocks = 0;
	check_eq(plan_make(&plan), -EINVAL);
	check(*plan.why);
	end();
	begin("config/rcu:read", USER);
	plan.params.blocks = 0;
	plan.params.duration_s = 7;
	plan.params.repeat = 2;
	check_eq(plan_make(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++)
		round += result.cells[i].cost_s;
	check(plan.seconds <= 7);
	check(plan.seconds > 7 - 4.01 * round);
	check(plan.limit_s > 6.9);
	check_eq(result.blocks, 2 * plan.params.blocks);
	end();
}

static void placement_is_asked_for(void)
{
	begin("config/rcu:read", USER);
	plan.params.placement = "moon";
	check_eq(plan_make(&plan), -ENOENT);
	check(strstr(plan.why, "moon"));
	check(strstr(plan.why, "any"));
	end();
	begin("ring/spsc:oneway", USER);
	plan.params.placement = "any";
	check_eq(plan_make(&plan), 0);
	check(!strcmp(result.cells[0].placement, "any"));
	end();
}

static void planted_cell_has_a_twin(void)
{
	unsigned int i = 0;

	begin("config/rcu:read", USER);
	plan.params.planted = "config/rcu:read";
	plan.params.plant = 30;
	plan.params.late_ns = 7;
	check_eq(plan_make(&plan), 0);
	while (i < result.ncells && !result.cells[i].plant)
		i++;
	if (!check(i > 0 && i < result.ncells))
		return end();
	check_eq(result.cells[i].plant, 30);
	check(!strcmp(result.cells[i].name, result.cells[i - 1].name));
	check_eq(result.cells[i - 1].plant, 0);
	check_eq(result.cells[i].control, -1);
	for (i = 0; i < result.ncells; i++)
		if (result.cells[i].control >= 0)
			check_eq(result.cells[i].plant, 0);
	check_eq(plan_run(&plan), 0);
	check_eq(fake.params[fake.slices - 1].late_ns, 7);
	end();
}

/* Which cell ran at which place of a block. */
static unsigned int at(__u32 block, __u32 order)
{
	for (unsigned int i = 0; i < result.ncells; i++)
		for (unsigned int j = 0; j < result.cells[i].nslices; j++)
			if (result.cells[i].slices[j].block == block &&
			    result.cells[i].slices[j].order == order)
				return i;
	check(false);
	return 0;
}

static void measure(const char *pattern, __u64 seed)
{
	begin(pattern, BOTH);
	plan.params.seed = seed;
	check_eq(plan_make(&plan), 0);
	fake.slices = 0;
	check_eq(plan_run(&plan), 0);
	check_eq(result.blocks, BLOCKS);
}

static void blocks_are_mirrored(void)
{
	unsigned int n;

	measure("config/rcu:read", ktap_seed_value);
	n = 2 * result.ncells;
	for (unsigned int i = 0; i < result.ncells; i++)
		check_eq(result.cells[i].nslices, 2 * BLOCKS);
	for (__u32 b = 0; b < BLOCKS; b++)
		for (__u32 o = 0; o < n / 2; o++)
			check_eq(at(b, o), at(b, n - 1 - o));
	end();
}

/* Of two arms, each comes first about as often, and the order is fresh. */
static void order_is_random(void)
{
	unsigned int first = 0, same = 0, repeated = 0;

	measure("config/rcu:read", ktap_seed_value);
	for (__u32 b = 0; b < BLOCKS; b++) {
		unsigned int o = 0;

		while (at(b, o) > 1)
			o++;
		first += at(b, o) == 0;
		same = b > 0;
		for (o = 0; same && o < result.ncells; o++)
			same = at(b, o) == at(b - 1, o);
		repeated += same;
	}
	/* 20 expected, 3.2 the standard deviation */
	check(first > 3 && first < BLOCKS - 3);
	check(repeated <= 1);
	end();
}

static void orders(__u64 seed, unsigned int *order)
{
	measure("config/rcu:read", seed);
	for (__u32 b = 0; b < 4; b++)
		for (__u32 o = 0; o < 6; o++)
			*order++ = at(b, o);
	end();
}

static void order_follows_its_seed(void)
{
	unsigned int a[24], b[24], c[24];

	orders(11, a);
	orders(11, b);
	orders(12, c);
	check(!memcmp(a, b, sizeof(a)));
	check(memcmp(a, c, sizeof(a)));
}

static void worlds_are_interleaved(void)
{
	unsigned int mixed = 0;

	measure("config/rcu:read", ktap_seed_value);
	for (__u32 b = 0; b < BLOCKS; b++) {
		unsigned int changes = 0;

		for (__u32 o = 1; o < result.ncells; o++)
			changes += result.cells[at(b, o)].world !=
				result.cells[at(b, o - 1)].world;
		mixed += changes > 1;
	}
	check(mixed > BLOCKS / 2);
	end();
}

static void arms_stay_open(void)
{
	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	fake.opened = 0;
	fake.closed = 0;
	plan.params.repeat = 3;
	result.blocks = 3 * BLOCKS;
	check_eq(plan_run(&plan), 0);
	check_eq(fake.opened, 3 * result.ncells);
	check_eq(result.blocks, 3 * BLOCKS);
	for (unsigned int i = 0; i < result.ncells; i++)
		for (unsigned int j = 0; j < result.cells[i].nslices; j++)
			check_eq(result.cells[i].slices[j].block, j / 2);
	end();
}

static unsigned int stop_after;

static bool stop(void)
{
	return fake.slices >= stop_after;
}

static void stop_keeps_whole_blocks(void)
{
	unsigned int before, n;

	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	n = 2 * result.ncells;
	before = fake.slices;
	stop_after = UINT32_MAX;
	plan.stop = stop;
	plan.params.blocks = 1;
	check_eq(plan_run(&plan), 0);
	stop_after = fake.slices - before - n;	/* until the first block */
	end();

	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	plan.stop = stop;
	stop_after += fake.slices + 3 * n + 4;
	check_eq(plan_run(&plan), -ECANCELED);
	check_eq(result.blocks, 3);
	for (unsigned int i = 0; i < result.ncells; i++)
		check_eq(result.cells[i].nslices, 6);
	check(!isnan(result.foreign));
	end();
}

static void errors_end_the_run(void)
{
	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	fake.fail_at = fake.slices + 60;
	check_eq(plan_run(&plan), -EIO);
	check(plan.failed == &benches[WORLD_USER]);
	end();
}

static double told_done, told_left;

static void listen(const struct plan *p, double done, double left)
{
	check(p == &plan);
	check(done >= told_done && done <= 1);
	check(left >= 0);
	told_done = done;
	told_left = left;
}

static void time_is_kept(void)
{
	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	plan.limit_s = 0.000001;
	check_eq(plan_run(&plan), 0);
	check(result.blocks > 0 && result.blocks < BLOCKS);
	check_eq(result.cells[0].nslices, 2 * result.blocks);
	check(warned("blocks fitted into the time"));
	end();
}

static void progress_is_told(void)
{
	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	told_done = 0;
	told_left = 1;
	plan.progress = listen;
	check_eq(plan_run(&plan), 0);
	check(told_done > 0.9);
	check(told_left < plan.seconds / 10);
	end();
}

static void latencies_are_kept(void)
{
	begin("ring/spsc:oneway", USER);
	check_eq(plan_make(&plan), 0);
	check_eq(plan_run(&plan), 0);
	/* the cell and its control; the empty loop has none */
	check_eq(fake.latencies, 2 * 2 * BLOCKS);
	for (unsigned int i = 0; i < result.ncells; i++) {
		bool records = result.cells[i].flags & ACQREL_OP_RECORDS;

		check_eq(!!result.cells[i].latency, records);
		if (result.cells[i].latency)
			check_eq(result.cells[i].latency->n, 2 * BLOCKS);
	}
	end();
}

/* A burst takes 40 ns and 5 ns for each operation. */
static void slope_and_intercept(void)
{
	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	check_eq(plan_run(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		check(fabs(result.cells[i].overhead_ns - FAKE_CLOCK_NS) < 0.01);
		check(result.cells[i].curvature < 0.001);
	}
	check(!warned("not in proportion"));
	check(!warned("not stable"));
	end();
}

static void bend(const struct bench_arm *arm,
		 const struct acqrel_slice_params *p,
		 struct acqrel_sample *samples)
{
	if (p->chunk == 2 * FAKE_CHUNK)
		samples[0].did.busy_ns += samples[0].did.busy_ns / 4;
	if (arm->threads == 1 && arm->fake->c.flags & ACQREL_OP_SETTLES)
		check(p->chunk <= ACQREL_BENCH_SLOTS / 2);
}

static void curve_is_a_warning(void)
{
	begin("*/*:*", USER);
	fake.cases = (const struct fake_case[]){ cases[0], cases[5], { } };
	fake.hook = bend;
	check_eq(plan_make(&plan), 0);
	check_eq(plan_run(&plan), 0);
	check(result.cells[0].curvature > 0.03);
	check(warned("not in proportion"));
	end();
}

static void restless(const struct bench_arm *arm,
		     const struct acqrel_slice_params *p,
		     struct acqrel_sample *samples)
{
	(void)arm;
	(void)p;
	samples[0].did.busy_ns += samples[0].did.busy_ns * fake.slices / 8;
}

static void unstable_warm_up_is_a_warning(void)
{
	begin("config/rcu:synchronize", USER);
	check_eq(plan_make(&plan), 0);
	fake.slices = 0;
	fake.hook = restless;
	check_eq(plan_run(&plan), 0);
	check(warned("not stable"));
	end();
}

static unsigned int cold;

/* The first slices take three times as long. */
static void warming(const struct bench_arm *arm,
		    const struct acqrel_slice_params *p,
		    struct acqrel_sample *samples)
{
	(void)arm;
	(void)p;
	if (fake.slices <= cold)
		samples[0].did.busy_ns *= 3;
}

/* The second window differs from the first, the third is as the second. */
static void warm_up_ends(void)
{
	unsigned int n;

	begin("config/rcu:synchronize", USER);
	check_eq(plan_make(&plan), 0);
	n = result.ncells;
	cold = PLAN_WARM_SLICES * n;
	fake.slices = 0;
	fake.hook = warming;
	check_eq(plan_run(&plan), 0);
	check(!warned("not stable"));
	check_eq(fake.slices, n * (3 * PLAN_WARM_SLICES +
				   PLAN_BEND_ROUNDS * PLAN_BEND_LENGTHS +
				   PLAN_TWICE * BLOCKS));
	end();
}

/* What two threads did for a millisecond, undisturbed. */
static void make_slice(struct cell *cell, struct result_slice *slice,
		       struct acqrel_sample samples[2])
{
	static __u32 cpus[] = { 0, 3 };

	memset(cell, 0, sizeof(*cell));
	memset(samples, 0, 2 * sizeof(*samples));
	*slice = (struct result_slice){ .samples = samples };
	cell->threads = 2;
	cell->cpus = cpus;
	cell->slice_ns = 1000000;
	for (int i = 0; i < 2; i++) {
		samples[i].deadline_ns = 5000;
		samples[i].did.start_ns = 5000;
		samples[i].did.end_ns = 1005000;
		samples[i].did.cpu = cpus[i];
	}
}

static void tags_of_samples(void)
{
	struct acqrel_sample samples[2];
	struct result_slice slice;
	struct cell cell;

	make_slice(&cell, &slice, samples);
	check_eq(plan_tags(&cell, &slice), 0);
	samples[1].did.start_ns += 60000;
	check_eq(plan_tags(&cell, &slice), TAG_OVERLAP);

	make_slice(&cell, &slice, samples);
	cell.threads = 1;
	samples[0].did.start_ns += 60000;
	check_eq(plan_tags(&cell, &slice), 0);

	make_slice(&cell, &slice, samples);
	samples[1].did.start_ns += 40000;
	check_eq(plan_tags(&cell, &slice), 0);
	samples[1].did.switches = 1;
	check_eq(plan_tags(&cell, &slice), TAG_SWITCHED);
	cell.flags = ACQREL_OP_SLEEPS;
	check_eq(plan_tags(&cell, &slice), 0);

	make_slice(&cell, &slice, samples);
	samples[0].did.wait_ns = 20000;
	check_eq(plan_tags(&cell, &slice), 0);
	samples[0].did.wait_ns = 20001;
	check_eq(plan_tags(&cell, &slice), TAG_WAITED);

	make_slice(&cell, &slice, samples);
	samples[1].did.cpu = 1;
	check_eq(plan_tags(&cell, &slice), TAG_MIGRATED);
	samples[0].did.switches = 1;
	check_eq(plan_tags(&cell, &slice), TAG_MIGRATED | TAG_SWITCHED);
}

static char root[64];

static void put(const char *file, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/%s", root, file);
	f = fopen(path, "we");
	if (!check(f))
		return;
	fputs(text, f);
	fclose(f);
}

static void put_machine(const char *steal, const char *throttled)
{
	char line[64];

	snprintf(line, sizeof(line), "cpu0 0 0 0 0 0 0 0 %s 0 0\n", steal);
	put("stat", line);
	snprintf(line, sizeof(line), "nr_throttled %s\n", throttled);
	put("cpu.stat", line);
}

static const char *later_steal, *later_throttled;

static void disturb(const struct bench_arm *arm,
		    const struct acqrel_slice_params *p,
		    struct acqrel_sample *samples)
{
	(void)arm;
	(void)p;
	(void)samples;
	put_machine(later_steal, later_throttled);
}

/* Tags of the slices of a block during which the machine changed. */
static __u32 disturbed_tags(const char *steal, const char *throttled)
{
	struct bench_arm arm = {
		.bench = &benches[WORLD_USER], .fake = &cases[0], .threads = 1,
	};
	struct bench_arm *arms[] = { &arm };
	struct acqrel_sample sample;
	unsigned int order[1] = { 0 };
	struct plan_run run = {
		.plan = &plan, .arms = arms, .order = order,
		.samples = &sample, .load = { .root = root },
	};
	struct cell *cell;
	__u32 tags = 0;

	begin(NULL, USER);
	cell = result_add_cell(&result);
	cell->world = WORLD_USER;
	cell->threads = 1;
	cell->slice_ns = 1000000;
	cell->cpus = calloc(1, sizeof(*cell->cpus));
	cell->slices = calloc(2, sizeof(*cell->slices));
	load_use(&run.load, 0);
	put_machine("100", "5");
	later_steal = steal;
	later_throttled = throttled;
	fake.hook = disturb;
	check_eq(plan_block(&run, 0), 0);
	check_eq(cell->nslices, 2);
	check_eq(cell->slices[0].tags, cell->slices[1].tags);
	tags = cell->slices[0].tags;
	result_release(&result);
	return tags;
}

static void tags_of_blocks(void)
{
	check_eq(disturbed_tags("100", "5"), 0);
	check_eq(disturbed_tags("200", "5"), TAG_STOLEN);
	check_eq(disturbed_tags("100", "6"), TAG_THROTTLED);
}

/* What the warning of load says when so many ticks went to others. */
static bool load_warned(const char *before, const char *after,
			const char *part)
{
	struct plan_run run = { .plan = &plan, .load = { .root = root } };
	struct load_mark from;
	bool is;

	begin(NULL, USER);
	load_use(&run.load, 0);
	put("stat", before);
	load_mark(&run.load, &from);
	put("stat", after);
	plan_judge_load(&run, &from);
	is = warned(part);
	check_eq(is, json_array_size(result.warnings));
	check(!isnan(result.foreign));
	result_release(&result);
	return is;
}

static void load_is_a_warning(void)
{
	static const char quiet[] = "cpu0 0 0 0 0 0 0 0 0 0 0\n";

	check(!load_warned(quiet, quiet, "Others"));
	check(load_warned(quiet, "cpu0 9999999 0 0 0 0 0 0 0 0 0\n", "Others"));
	check(load_warned(quiet, "cpu0 0 0 0 0 0 0 0 9999999 0 0\n",
			  "hypervisor"));
}

static bool make_root(void)
{
	char path[128];

	strcpy(root, "/tmp/acqrel-plan-XXXXXX");
	if (!mkdtemp(root))
		return false;
	snprintf(path, sizeof(path), "%s/proc", root);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/proc/self", root);
	mkdir(path, 0700);
	put("self/cgroup", "0::/\n");
	put("self/mounts", "none /proc cgroup2 rw 0 0\n");
	return true;
}

static int remove_root(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static const struct ktap_test tests[] = {
	{ "default set", default_set },
	{ "one CPU is enough", one_cpu_is_enough },
	{ "patterns select", patterns_select },
	{ "threads are chosen", threads_are_chosen },
	{ "writers take a CPU", writers_take_a_cpu },
	{ "payloads are checked", payloads_are_checked },
	{ "empty loops match", empty_loops_match },
	{ "no empty loop is an error", no_empty_loop_is_an_error },
	{ "bounds are added", bounds_are_added },
	{ "controls are added", controls_are_added },
	{ "refused arms are left out", refused_arms_are_left_out },
	{ "worlds have the same cells", worlds_have_the_same_cells },
	{ "long operations get long slices", long_operations_get_long_slices },
	{ "a duration gives blocks", duration_gives_blocks },
	{ "a placement is asked for", placement_is_asked_for },
	{ "a planted cell has a twin", planted_cell_has_a_twin },
	{ "blocks are mirrored", blocks_are_mirrored },
	{ "order is random", order_is_random },
	{ "order follows its seed", order_follows_its_seed },
	{ "worlds are interleaved", worlds_are_interleaved },
	{ "arms stay open", arms_stay_open },
	{ "a stop keeps whole blocks", stop_keeps_whole_blocks },
	{ "errors end the run", errors_end_the_run },
	{ "time is kept", time_is_kept },
	{ "progress is told", progress_is_told },
	{ "latencies are kept", latencies_are_kept },
	{ "slope and intercept", slope_and_intercept },
	{ "a curve is a warning", curve_is_a_warning },
	{ "an unstable warm-up is a warning", unstable_warm_up_is_a_warning },
	{ "a warm-up ends", warm_up_ends },
	{ "tags of samples", tags_of_samples },
	{ "tags of blocks", tags_of_blocks },
	{ "load is a warning", load_is_a_warning },
};

int main(void)
{
	int status;

	if (!make_root())
		return 1;
	status = ktap_run(tests, ARRAY_SIZE(tests));
	return remove_root() ? 1 : status;
}
