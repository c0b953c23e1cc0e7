// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which cells are measured, and what is left out.
 */
#include "fake_plan.h"

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

/* One load a word, whatever their number; a lock is one. */
static void bounds_follow_the_payload(void)
{
	static const __u32 payloads[] = { 8, 64, 4096 };
	struct cell cell = { .bound_times = 2000 };
	struct bench_case c = { .payload = 64, .bound_times = 2000,
				.bound = "floor/cpu:add_locked" };
	unsigned int seen = 0;

	begin("stats/*", USER);
	plan.params.payloads = payloads;
	plan.params.npayloads = 3;
	plan.params.bounds = true;
	check_eq(plan_make(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		if (!result.cells[i].payload)
			continue;
		check_eq(result.cells[i].bound_times,
			 result.cells[i].payload / 8 * 1000);
		seen++;
	}
	check(seen >= 2 * 3);
	end();
	plan_set_payload(&cell, &c, 4096);
	check_eq(cell.payload, 4096);
	check_eq(cell.bound_times, 2000);
}

/* One by one, a bound would be the time of the clock. */
static void bounds_are_rates(void)
{
	begin("config/rcu:read", USER);
	patterns[1] = "floor/cpu:load";
	plan.params.npatterns = 2;
	plan.params.bounds = true;
	plan.params.mode = ACQREL_BENCH_LATENCY;
	check_eq(plan_make(&plan), 0);
	for (unsigned int i = 0; i < result.ncells; i++) {
		const struct cell *c = &result.cells[i], *b;

		if (c->empty >= 0)
			check_eq(result.cells[c->empty].mode, c->mode);
		if (c->bound < 0)
			continue;
		b = &result.cells[c->bound];
		check_eq(c->mode, ACQREL_BENCH_LATENCY);
		check_eq(b->mode, ACQREL_BENCH_RATE);
		check(!strcmp(b->name, "floor/cpu:load"));
	}
	check(result.cells[0].bound >= 0);
	check_eq(plan_run(&plan), 0);
	end();
}

/* Every world, number of threads and primitive has one at least. */
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

/* Index of the cell that the control of a group copies, or -1. */
static int controlled(__u32 threads, bool writes)
{
	int found = -1;

	for (unsigned int i = 0; i < result.ncells; i++) {
		const struct cell *c = &result.cells[i];

		if (c->control < 0 || c->threads != threads ||
		    !!c->write_rate != writes)
			continue;
		check_eq(found, -1);
		found = c->control;
	}
	return found;
}

/* The floor of a lock is not that of what takes none. */
static void controls_contend(void)
{
	static const struct fake_case some[] = {
		{ .c = { .name = RESULT_EMPTY, .threads = 1 } },
		{ .c = { .name = "config/quiet:read", .threads = 1,
			 .writes = true, .bound = "floor/cpu:load" } },
		{ .c = { .name = "config/mutex:read", .threads = 1,
			 .writes = true, .bound = "floor/cpu:cas" } },
		{ }
	};
	static const __u64 rates[] = { 0, 1000 };
	static const __u32 threads[] = { 1, 2 };
	int at;

	begin("config/*", USER);
	fake.cases = some;
	plan.params.write_rates = rates;
	plan.params.nwrite_rates = 2;
	plan.params.threads = threads;
	plan.params.nthreads = 2;
	check_eq(plan_make(&plan), 0);
	at = controlled(1, false);
	check(at >= 0 && !strcmp(result.cells[at].name, "config/quiet:read"));
	at = controlled(2, false);
	check(at >= 0 && !strcmp(result.cells[at].name, "config/mutex:read"));
	/* one reader and a writer, and two of them and one */
	at = controlled(2, true);
	check(at >= 0 && !strcmp(result.cells[at].name, "config/mutex:read"));
	check(controlled(3, true) >= 0);
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
	check(strstr(plan.why, "config/unbuilt is not built"));
	end();
}

static void a_primitive_means_all_of_it(void)
{
	unsigned int cells;

	begin("config/*", USER);
	check_eq(plan_make(&plan), 0);
	cells = result.ncells;
	end();
	begin("config", USER);
	check_eq(plan_make(&plan), 0);
	check_eq(result.ncells, cells);
	check(warned("user config/unbuilt, not built"));
	end();
	begin("conf", USER);
	check_eq(plan_make(&plan), -ENOENT);
	check(strstr(plan.why, "no case matches"));
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

/* CPUs 0 and 1 are near each other, and so are the others. */
static void make_two_distances(const struct bench_arm *arm,
			       const struct acqrel_slice_params *p,
			       struct acqrel_sample *samples)
{
	(void)p;
	if (arm->threads == 2 && arm->cpus[0] / 2 != arm->cpus[1] / 2)
		samples[0].did.busy_ns *= 4;
}

static void each_distance_has_a_cell(void)
{
	static const __u32 threads[] = { 1, 2 };

	begin("config/rcu:read", USER);
	fake.hook = make_two_distances;
	plan.params.placement = PLAN_PLACEMENT_ALL;
	plan.params.threads = threads;
	plan.params.nthreads = 2;
	check_eq(plan_make(&plan), 0);
	check_eq(count("config/rcu:read", WORLD_USER, 1), 1);
	check_eq(count("config/rcu:read", WORLD_USER, 2), 2);
	check(strcmp(result.cells[1].placement, result.cells[2].placement));
	check_eq(result.cells[1].cpus[0] / 2, result.cells[1].cpus[1] / 2);
	check(result.cells[2].cpus[0] / 2 != result.cells[2].cpus[1] / 2);
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
	{ "bounds follow the payload", bounds_follow_the_payload },
	{ "bounds are rates", bounds_are_rates },
	{ "controls are added", controls_are_added },
	{ "controls contend", controls_contend },
	{ "refused arms are left out", refused_arms_are_left_out },
	{ "a primitive means all of it", a_primitive_means_all_of_it },
	{ "worlds have the same cells", worlds_have_the_same_cells },
	{ "long operations get long slices", long_operations_get_long_slices },
	{ "a duration gives blocks", duration_gives_blocks },
	{ "a placement is asked for", placement_is_asked_for },
	{ "each distance has a cell", each_distance_has_a_cell },
	{ "a planted cell has a twin", planted_cell_has_a_twin },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
