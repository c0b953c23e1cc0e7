// SPDX-License-Identifier: GPL-2.0-only
/*
 * In which order slices run, and what marks one as disturbed.
 */
#include <math.h>
#include <sys/stat.h>

#include "fake_plan.h"
#include "verdict.h"

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

/* As when the module goes away: what was measured before it is kept. */
static void errors_keep_whole_blocks(void)
{
	unsigned int n;

	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	n = 2 * result.ncells;
	plan.params.blocks = 4;
	fake.slices = 0;
	check_eq(plan_run(&plan), 0);
	stop_after = fake.slices;
	end();

	begin("config/rcu:read", USER);
	check_eq(plan_make(&plan), 0);
	plan.params.blocks = 4;
	fake.slices = 0;
	fake.fail_at = stop_after - n / 2;
	check_eq(plan_run(&plan), -EIO);
	check_eq(result.blocks, 3);
	for (unsigned int i = 0; i < result.ncells; i++)
		check_eq(result.cells[i].nslices, 6);
	check(!isnan(result.foreign));
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
	check_eq(result.blocks, VERDICT_BLOCKS_MIN);
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

	make_slice(&cell, &slice, samples);
	samples[1].did.faults = 20;
	check_eq(plan_tags(&cell, &slice), 0);
	samples[1].did.faults = 21;
	check_eq(plan_tags(&cell, &slice), TAG_FAULTED);
	samples[1].did.role = ACQREL_BENCH_ROLE_WRITER;
	check_eq(plan_tags(&cell, &slice), 0);
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
	__u32 shorter = 0;
	struct plan_run run = {
		.plan = &plan, .arms = arms, .order = order,
		.shorter = &shorter, .samples = &sample,
		.load = { .root = root },
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
	plan_mark(&run, &from);
	put("stat", after);
	check_eq(plan_judge(&run, &from), 0);
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
	{ "blocks are mirrored", blocks_are_mirrored },
	{ "order is random", order_is_random },
	{ "order follows its seed", order_follows_its_seed },
	{ "worlds are interleaved", worlds_are_interleaved },
	{ "arms stay open", arms_stay_open },
	{ "a stop keeps whole blocks", stop_keeps_whole_blocks },
	{ "errors end the run", errors_end_the_run },
	{ "errors keep whole blocks", errors_keep_whole_blocks },
	{ "time is kept", time_is_kept },
	{ "progress is told", progress_is_told },
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
