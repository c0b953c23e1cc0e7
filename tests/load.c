// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who else used the CPUs: the arithmetic of made-up files, and the clocks.
 */
#include <ftw.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroup.h"
#include "ktap.h"
#include "load.h"

#define SECOND	1000000000ULL

static char root[64];

static void put(const char *file, const char *text)
{
	char path[256], *slash;
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", root, file);
	for (slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	f = fopen(path, "we");
	if (!check(f))
		return;
	fputs(text, f);
	fclose(f);
}

static int remove_one(const char *path, const struct stat *st, int flag,
		      struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void remove_all(void)
{
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static bool near(double a, double b)
{
	return fabs(a - b) * 1e9 < 1;
}

static __u64 ticks(unsigned int n)
{
	return n * (SECOND / sysconf(_SC_CLK_TCK));
}

static void only_cpus_in_use_count(void)
{
	struct load load = { .root = root };
	struct load_mark mark;

	put("/proc/stat",
	    "cpu  1 1 1 1 1 1 1 1 1 1\n"
	    "cpu0 100 20 3 4000 500 60 7 8 90 10\n"
	    "cpu1 1 1 1 1 1 1 1 1 1 1\n"
	    "cpu12 1000 0 0 0 0 0 0 2 0 0\n"
	    "intr 12345\n"
	    "cpu0 9 9 9 9 9 9 9 9 9 9\n");
	load_use(&load, 0);
	load_use(&load, 12);
	load_use(&load, 12);
	load_use(&load, LOAD_CPUS_MAX);
	check_eq(load.ncpus, 2);
	check_eq(load_mark(&load, &mark), 0);
	/* user, nice, system, irq, softirq; neither idle nor iowait */
	check_eq(mark.busy_ns, ticks(100 + 20 + 3 + 60 + 7 + 1000));
	check_eq(mark.stolen_ns, ticks(8 + 2));
	check(mark.own_ns > 0);
}

static void missing_file_is_an_error(void)
{
	struct load load = { .root = "/nonexistent" };
	struct load_mark mark;

	check(load_mark(&load, &mark) < 0);
}

/* Field 14 is user time, 15 system time: proc(5). */
static void threads_of_the_module(void)
{
	const struct load load = { .root = root };

	remove_all();
	check_eq(load_threads_ns(&load), 0);
	put("/proc/17/stat",
	    "17 (acqrel_bench/0) S 2 0 0 0 -1 9 8 7 6 5 3 250 4 5 20 0 1 0\n");
	put("/proc/18/stat",
	    "18 (acqrel_bench/11) R 2 0 0 0 -1 9 8 7 6 5 0 1000 4 5 20 0\n");
	put("/proc/19/stat",
	    "19 (acqrel) R 2 0 0 0 -1 9 8 7 6 5 77 77 4 5 20 0 1 0\n");
	put("/proc/self/stat",
	    "18 (acqrel_bench/11) R 2 0 0 0 -1 9 8 7 6 5 0 1000 4 5 20 0\n");
	check_eq(load_threads_ns(&load), ticks(3 + 250 + 1000));
}

static void shares(void)
{
	const struct load load = { .ncpus = 2 };
	struct load_mark from = { .busy_ns = 5 * SECOND, .own_ns = SECOND };
	struct load_mark to = from;
	struct load_shares s;

	/* 10 s on 2 CPUs: busy 9 s, own 6 s, kernel 1 s: foreign 2 of 20 */
	to.clocks.monotonic_ns += 10 * SECOND;
	to.busy_ns += 9 * SECOND;
	to.own_ns += 6 * SECOND;
	to.stolen_ns += SECOND;
	load_shares(&load, &from, &to, SECOND, &s);
	check(near(s.foreign, 0.1));
	check(near(s.stolen, 0.05));
}

static void less_than_nothing_is_nothing(void)
{
	const struct load load = { .ncpus = 1 };
	struct load_mark from = { .busy_ns = SECOND, .stolen_ns = SECOND };
	struct load_mark to = from;
	struct load_shares s;

	to.clocks.monotonic_ns += SECOND;
	to.own_ns += SECOND;
	to.stolen_ns -= 1;
	load_shares(&load, &from, &to, 0, &s);
	check(s.foreign == 0);
	check(s.stolen == 0);
	load_shares(&load, &from, &from, 0, &s);
	check(s.foreign == 0);
}

static void put_group(const char *cgroup, const char *mounts)
{
	remove_all();
	put("/proc/stat", "cpu  1 1 1 1 1 1 1 1 1 1\n");
	put("/proc/self/cgroup", cgroup);
	put("/proc/self/mounts", mounts);
}

static __u64 throttled(void)
{
	struct load load = { .root = root };
	struct load_mark mark;

	check_eq(load_mark(&load, &mark), 0);
	return mark.throttled;
}

static void parents_throttle_too(void)
{
	put_group("0::/a/b\n", "none /cg cgroup2 rw 0 0\n");
	check_eq(throttled(), 0);
	put("/cg/a/b/cpu.stat", "usage_usec 5\nnr_periods 9\nnr_throttled 3\n");
	check_eq(throttled(), 3);
	put("/cg/a/cpu.stat", "nr_throttled 40\n");
	check_eq(throttled(), 43);
}

static void older_hierarchies_are_read(void)
{
	put_group("7:cpu,cpuacct:/x\n3:cpuset:/y\n0::/\n",
		  "none /set cgroup rw,cpuset 0 0\n"
		  "none /old cgroup rw,cpu,cpuacct 0 0\n");
	put("/old/x/cpu.stat", "nr_periods 9\nnr_throttled 6\n");
	put("/set/y/cpu.stat", "nr_throttled 1000\n");
	check_eq(throttled(), 6);
}

/* What is mounted in a container is its own group, whatever its path. */
static void container_is_its_own_root(void)
{
	put_group("0::/../outside\n", "none /cg cgroup2 rw 0 0\n");
	put("/cg/cpu.stat", "nr_throttled 2\n");
	check_eq(throttled(), 2);
}

static double quota(const char *want)
{
	char line[64];
	double cpus;

	check(cgroup_quota(root, line, sizeof(line), &cpus));
	if (!check(!strcmp(line, want)))
		printf("# %s\n", line);
	return cpus;
}

static void tightest_quota_binds(void)
{
	put_group("0::/a/b\n", "none /cg cgroup2 rw 0 0\n");
	put("/cg/a/b/cpu.max", "max 100000\n");
	check(isinf(quota("max 100000")));
	put("/cg/a/cpu.max", "20000 100000\n");
	check(near(quota("20000 100000"), 0.2));
	put("/cg/a/b/cpu.max", "150000 100000\n");
	check(near(quota("20000 100000"), 0.2));
}

static void older_quotas_are_read(void)
{
	char line[64];
	double cpus;

	put_group("7:cpu,cpuacct:/x\n0::/\n",
		  "none /old cgroup rw,cpu,cpuacct 0 0\n"
		  "none /cg cgroup2 rw 0 0\n");
	check(!cgroup_quota(root, line, sizeof(line), &cpus));
	put("/old/x/cpu.cfs_quota_us", "-1\n");
	put("/old/x/cpu.cfs_period_us", "50000\n");
	check(isinf(quota("max 50000")));
	put("/old/x/cpu.cfs_quota_us", "25000\n");
	check(near(quota("25000 50000"), 0.5));
}

static void sleep_is_noticed(void)
{
	const struct load_clocks from = { SECOND, SECOND, 50 * SECOND };
	struct load_clocks to = from;

	to.monotonic_ns += SECOND / 100;
	to.boot_ns += SECOND / 100;
	to.real_ns += SECOND / 100;
	check(!load_suspended(&from, &to, SECOND / 100));
	to.boot_ns += SECOND;
	check(load_suspended(&from, &to, SECOND / 100));
	to.boot_ns -= SECOND;
	to.real_ns -= SECOND;
	check(load_suspended(&from, &to, SECOND / 100));
}

static void stop_is_noticed(void)
{
	const struct load_clocks from = { SECOND, SECOND, SECOND };
	struct load_clocks to = {
		7 * SECOND, 7 * SECOND, 7 * SECOND,
	};

	check(load_suspended(&from, &to, SECOND / 100));
	check(!load_suspended(&from, &to, SECOND));
}

static void clocks_run_together(void)
{
	struct load_clocks from, to;

	load_clocks(&from);
	load_clocks(&to);
	check(from.monotonic_ns > 0);
	check(to.boot_ns >= from.boot_ns);
	check(!load_suspended(&from, &to, 0));
}

static const struct ktap_test tests[] = {
	{ "only CPUs in use count", only_cpus_in_use_count },
	{ "a missing file is an error", missing_file_is_an_error },
	{ "threads of the module", threads_of_the_module },
	{ "shares", shares },
	{ "less than nothing is nothing", less_than_nothing_is_nothing },
	{ "parents throttle, too", parents_throttle_too },
	{ "older hierarchies are read", older_hierarchies_are_read },
	{ "a container is its own root", container_is_its_own_root },
	{ "the tightest quota binds", tightest_quota_binds },
	{ "older quotas are read", older_quotas_are_read },
	{ "sleep is noticed", sleep_is_noticed },
	{ "a stop is noticed", stop_is_noticed },
	{ "clocks run together", clocks_run_together },
};

int main(void)
{
	int status;

	strcpy(root, "/tmp/acqrel-load-XXXXXX");
	if (!mkdtemp(root))
		return 1;
	status = ktap_run(tests, ARRAY_SIZE(tests));
	remove_all();
	return status;
}
