// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many loads and unloads leave no memory and no kthread behind
 */
#include <errno.h>
#include <fcntl.h>

#include "fixture.h"

#include "bench.h"

#define CYCLES	30

/*
 * The per-CPU allocator keeps two to four pages for each CPU for what comes
 * next, and goes from one number to the other when it likes. So what goes
 * unnoticed is a leak of up to two pages for each CPU in all CYCLES loads.
 */
#define PERCPU_SLACK	2

/* So large that the rings come from vmalloc(). */
#define PARAMS	"ring_entries=131072"

FIXTURE(leak) {
};

FIXTURE_SETUP(leak)
{
	MODULE_SETUP(PARAMS);
}

FIXTURE_TEARDOWN(leak)
{
	EXPECT_EQ(NULL, module_left_behind());
}

static long percpu_kb(void)
{
	char text[8192];
	char *line;

	if (file_read("/proc/meminfo", text, sizeof(text)) <= 0)
		return -1;
	line = strstr(text, "\nPercpu:");
	return line ? atol(line + strlen("\nPercpu:")) : -1;
}

/*
 * Return: areas whose caller is acqrel, or code that is no longer there and
 * has only its address left; -1 if there is no such list.
 */
static int vmalloc_areas(void)
{
	FILE *list = fopen("/proc/vmallocinfo", "re");
	char line[1024], caller[128];
	int n = 0;

	if (!list)
		return -1;
	while (fgets(line, sizeof(line), list)) {
		if (sscanf(line, "%*s %*s %127s", caller) == 1)
			n += !strncmp(caller, "0x", 2) ||
			     strstr(line, "[acqrel]");
	}
	fclose(list);
	return n;
}

/* Opens arms and begins a slice of one; unloading will end it. */
static int use_bench(struct nl *nl)
{
	const struct bench_slice slice = {
		.slice_ns = ACQREL_BENCH_SLICE_MAX_NS,
	};
	static struct bench_cases cases;
	const __u32 cpu = 0;
	__u32 arm = 0;
	unsigned int i;
	int ret;

	ret = bench_cases(nl, &cases);
	for (i = 0; i < cases.n && !ret; i++) {
		const struct bench_open what = { cases.at[i].name, &cpu, 1 };

		if (cases.at[i].threads == 1)
			ret = bench_open(nl, &what, &arm);
	}
	return ret ?: bench_start(nl, arm, &slice, NULL);
}

/* Everything that allocates or begins a kthread, then the end of it. */
static void use_and_unload(struct __test_metadata *_metadata)
{
	struct acqrel_event event;
	struct nl nl;
	int fd, i;

	ASSERT_EQ(0, client_open(&nl));
	fd = dev_open(O_RDONLY);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, source_start(&nl, "sched"));
	ASSERT_EQ(0, generator_start(&nl, 1, 0, 0));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, config_set_min_value(&nl, i));
	ASSERT_EQ(sizeof(event), read(fd, &event, sizeof(event)));
	close(fd);
	ASSERT_EQ(0, use_bench(&nl)) {
		TH_LOG("%s", nl.extack);
	}
	ASSERT_EQ(0, module_remove_wait("acqrel", 5000));
	nl_close(&nl);
}

TEST_F_TIMEOUT(leak, nothing_is_left_of_many_loads, 120)
{
	long slack = PERCPU_SLACK * sysconf(_SC_NPROCESSORS_CONF) *
		     (sysconf(_SC_PAGESIZE) / 1024);
	int areas = vmalloc_areas();
	long percpu, after;
	int i;

	/* What is being looked for can be seen while it is there. */
	ASSERT_GE(areas, sysconf(_SC_NPROCESSORS_CONF));
	use_and_unload(_metadata);
	areas = vmalloc_areas();
	percpu = percpu_kb();
	ASSERT_GT(percpu, 0);
	for (i = 0; i < CYCLES; i++) {
		ASSERT_EQ(0, module_insert("acqrel", PARAMS));
		ASSERT_GT(vmalloc_areas(), areas);
		use_and_unload(_metadata);
	}
	EXPECT_TRUE(WAIT_FOR(vmalloc_areas() == areas, slow_ms())) {
		TH_LOG("%d areas, before %d", vmalloc_areas(), areas);
	}
	EXPECT_TRUE(WAIT_FOR((after = percpu_kb()) <= percpu + slack,
			     slow_ms()));
	TH_LOG("Percpu: %ld kB, after %d loads %ld kB", percpu, CYCLES, after);
	EXPECT_EQ(NULL, module_left_behind());
}

TEST_HARNESS_MAIN
