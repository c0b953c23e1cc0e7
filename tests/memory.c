// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of what is measured: who makes it, and page faults.
 */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <sys/mman.h>

#include "world.h"

#include <acqrel/bench_empty.h>

#include "bench.h"
#include "bench/internal.h"
#include "bench/variants.h"
#include "ktap.h"
#include "rcu.h"

#define PAGES	64

static struct bench *bench;
static unsigned int cpus[CPU_SETSIZE], ncpus;
static u32 made_on;		/* CPU */
static char *pages;

static int note_cpu(const struct acqrel_arm_params *p, void **object)
{
	made_on = world_cpu();
	*object = world_alloc(64);
	return *object ? 0 : -ENOMEM;
}

static void destroy(void *object)
{
	world_free(object);
}

/* the page is another one in each burst, and new to the process */
static u64 touch_burst(struct acqrel_worker *w, u64 n)
{
	size_t page = w->position++ % PAGES * 4096;

	if (!page)
		madvise(pages, PAGES * 4096, MADV_DONTNEED);
	WRITE_ONCE(pages[page], 1);
	return 0;
}

static const struct acqrel_op ops[] = {
	{ .name = "touch", .burst = touch_burst },
	{ .name = "nothing", .burst = acqrel_burst_empty },
	{ }
};

static const struct acqrel_variant variant = {
	.name = "test/memory",
	.ops = ops,
	.create = note_cpu,
	.destroy = destroy,
};

static struct bench_arm *arm_on(const struct acqrel_op *op, u32 cpu)
{
	const struct bench_arm_params p = { .cpus = &cpu, .threads = 1 };
	struct bench_arm *arm = NULL;

	check_eq(engine_arm_open(bench, &variant, op, &p, &arm), 0);
	return arm;
}

static void objects_are_made_where_they_are_used(void)
{
	for (unsigned int i = 0; i < ncpus; i++) {
		made_on = UINT32_MAX;
		bench_arm_close(arm_on(&ops[0], cpus[i]));
		check_eq(made_on, cpus[i]);
	}
	if (ncpus < 2)
		ktap_skip("one CPU");
}

/* Whichever arm is the first to reclaim, from a pinned thread. */
static void callbacks_run_anywhere(void)
{
	static const char *const names[] = {
		"config/rcu:update", "config/refcount:update",
	};
	static const struct acqrel_slice_params slice = {
		.slice_ns = 1000000,
	};
	struct call_rcu_data *crdp;
	struct acqrel_sample sample;
	cpu_set_t own, its;

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		const struct bench_arm_params p = {
			.name = names[i], .cpus = cpus, .threads = 1
		};
		struct bench_arm *arm = NULL;

		check_eq(bench_arm_open(bench, &p, &arm), 0);
		check_eq(bench_slice(arm, &slice, &sample), 0);
		bench_arm_close(arm);
	}
	crdp = get_default_call_rcu_data();
	check(!sched_getaffinity(0, sizeof(own), &own));
	check_eq(pthread_getaffinity_np(get_call_rcu_thread(crdp), sizeof(its),
					&its), 0);
	check(CPU_EQUAL(&own, &its));
	if (ncpus < 2)
		ktap_skip("one CPU");
}

/* slices of ten with page faults */
static unsigned int faulted(struct bench_arm *arm)
{
	static const struct acqrel_slice_params p = { .slice_ns = 1000000 };
	struct acqrel_sample sample;
	unsigned int n = 0;

	for (int i = 0; i < 10; i++) {
		check_eq(bench_slice(arm, &p, &sample), 0);
		n += !!sample.did.faults;
	}
	return n;
}

/*
 * The kernel may take a page from anybody now and then, and ThreadSanitizer has
 * new ones for its history.
 */
static void page_faults_are_counted(void)
{
	struct bench_arm *touch = arm_on(&ops[0], cpus[0]);
	struct bench_arm *nothing = arm_on(&ops[1], cpus[0]);

	check_eq(faulted(touch), 10);
#ifdef __SANITIZE_THREAD__
	faulted(nothing);
#else
	check(faulted(nothing) < 5);
#endif
	bench_arm_close(touch);
	bench_arm_close(nothing);
}

/* Once warm, memory that an update allocates is what another has freed. */
static void updates_need_no_new_memory(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	ktap_skip("another allocator");
	return;
#endif
	static const char *const names[] = {
		"config/rcu:update", "config/cell:update",
		"config/urcu_memb:update", "config/refcount:update",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		const struct bench_arm_params p = {
			.name = names[i], .cpus = cpus, .threads = 1
		};
		struct bench_arm *arm;
		unsigned int n;

		if (bench_arm_open(bench, &p, &arm))
			continue;
		faulted(arm);
		n = faulted(arm);
		printf("# %s: %u of 10 slices with faults\n", names[i], n);
		check(n < 5);
		bench_arm_close(arm);
	}
}

static void cpu_time_is_that_of_the_threads(void)
{
	static const struct acqrel_slice_params p = { .slice_ns = 5000000 };
	struct bench_arm *arm = arm_on(&ops[1], cpus[0]);
	u64 before = bench_cpu_ns(bench), spun = 0, until;
	struct acqrel_sample sample;

	/* this thread is none of them */
	for (until = world_clock() + 20000000; world_clock() < until; spun++)
		;
	check(spun > 0);
	check(bench_cpu_ns(bench) - before < 5000000);
	before = bench_cpu_ns(bench);
	check_eq(bench_slice(arm, &p, &sample), 0);
	check(bench_cpu_ns(bench) > before);
	check_eq(bench_cpu_ns(NULL), 0);
	bench_arm_close(arm);
}

static double huge_of(const void *at)
{
	return huge_bytes((const char *)at + 5000);
}

static void huge_pages_are_found(void)
{
	static const size_t size = 8 << 20;
	char *plain = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *huge = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!check(plain != MAP_FAILED && huge != MAP_FAILED))
		return;
	madvise(plain, size, MADV_NOHUGEPAGE);
	madvise(huge, size, MADV_HUGEPAGE);
	memset(plain, 1, size);
	memset(huge, 1, size);
	check(huge_of(plain) == 0);
	if (huge_of(huge) == 0)
		ktap_skip("no huge pages here");
	else
		check(huge_of(huge) >= 2 << 20);
	munmap(plain, size);
	munmap(huge, size);
	check(isnan(huge_of(huge)));
	check(isnan(huge_bytes(NULL)));
}

static const struct ktap_test tests[] = {
	{ "objects are made where they are used",
	  objects_are_made_where_they_are_used },
	{ "callbacks run anywhere", callbacks_run_anywhere },
	{ "page faults are counted", page_faults_are_counted },
	{ "updates need no new memory", updates_need_no_new_memory },
	{ "CPU time is that of the threads", cpu_time_is_that_of_the_threads },
	{ "huge pages are found", huge_pages_are_found },
};

int main(void)
{
	cpu_set_t set;
	int status;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus[ncpus++] = cpu;
	pages = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED || bench_open(WORLD_USER, NULL, &bench))
		return 1;
	status = ktap_run(tests, ARRAY_SIZE(tests));
	bench_close(bench);
	return status;
}
