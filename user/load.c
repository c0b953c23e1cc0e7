// SPDX-License-Identifier: GPL-2.0-only
/*
 * load.c - who else used the CPUs
 *
 * Field names of /proc/stat are those of Documentation/filesystems/proc.rst.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "clock.h"
#include "load.h"

#define LINE		1024
#define JUMP_NS		10000000	/* clocks are not read at once */
#define STALL_TIMES	8		/* a slice may take longer, not so */
#define STALL_NS	ACQREL_NSEC_PER_SEC
#define THREADS		"(acqrel_bench/"	/* of the module; then the CPU */

/**
 * load_use() - count the time of a CPU
 * @load: starts zeroed but for @root
 * @cpu: its number; those from LOAD_CPUS_MAX on do not count
 */
void load_use(struct load *load, unsigned int cpu)
{
	if (cpu >= LOAD_CPUS_MAX || load->used[cpu])
		return;
	load->used[cpu] = true;
	load->ncpus++;
}

static __u64 clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * ACQREL_NSEC_PER_SEC + ts.tv_nsec;
}

/**
 * load_clocks() - read the clocks
 * @clocks: filled
 */
void load_clocks(struct load_clocks *clocks)
{
	clocks->monotonic_ns = clock_ns(CLOCK_MONOTONIC);
	clocks->boot_ns = clock_ns(CLOCK_BOOTTIME);
	clocks->real_ns = clock_ns(CLOCK_REALTIME);
}

static FILE *open_below(const char *root, const char *path)
{
	char full[PATH_MAX];

	if (snprintf(full, sizeof(full), "%s%s", root, path) >=
	    (int)sizeof(full))
		return NULL;
	return fopen(full, "re");
}

/* A line "cpuN user nice system idle iowait irq softirq steal ..." counts. */
static void add_cpu(const struct load *load, const char *line, double tick_ns,
		    struct load_mark *mark)
{
	__u64 user, nice, system, irq, softirq, steal;
	unsigned int cpu;

	if (sscanf(line, "cpu%u %llu %llu %llu %*u %*u %llu %llu %llu", &cpu,
		   &user, &nice, &system, &irq, &softirq, &steal) != 7)
		return;
	if (cpu >= LOAD_CPUS_MAX || !load->used[cpu])
		return;
	mark->busy_ns += (user + nice + system + irq + softirq) * tick_ns;
	mark->stolen_ns += steal * tick_ns;
}

static double tick_ns(void)
{
	return (double)ACQREL_NSEC_PER_SEC / sysconf(_SC_CLK_TCK);
}

static int read_stat(const struct load *load, struct load_mark *mark)
{
	FILE *file = open_below(load->root, "/proc/stat");
	char line[LINE];

	if (!file)
		return -errno;
	/* the line of all CPUs has no number; the others follow at once */
	while (fgets(line, sizeof(line), file) && !strncmp(line, "cpu", 3))
		add_cpu(load, line, tick_ns(), mark);
	fclose(file);
	return 0;
}

static __u64 own_ns(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
		ACQREL_NSEC_PER_SEC +
		(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

/**
 * load_mark() - read all counters
 * @load: what to look at
 * @mark: filled
 *
 * Without a cgroup that can be read nothing is throttled.
 *
 * Return: 0 or -errno of /proc/stat.
 */
int load_mark(const struct load *load, struct load_mark *mark)
{
	memset(mark, 0, sizeof(*mark));
	load_clocks(&mark->clocks);
	mark->own_ns = own_ns();
	mark->throttled = cgroup_throttled(load->root);
	return read_stat(load, mark);
}

/* Ticks of user and system time, if the process is a thread of the module. */
static __u64 thread_ticks(const struct load *load, const char *pid)
{
	char path[PATH_MAX], line[LINE] = "", *name;
	__u64 user, system;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	file = open_below(load->root, path);
	if (!file)
		return 0;
	name = fgets(line, sizeof(line), file) ? strchr(line, '(') : NULL;
	fclose(file);
	if (!name || strncmp(name, THREADS, strlen(THREADS)))
		return 0;
	return sscanf(name, "%*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
		      &user, &system) == 2 ? user + system : 0;
}

/**
 * load_threads_ns() - CPU time of the module's threads
 * @load: where to look
 *
 * They are there while an arm of the kernel world is open, and start from 0.
 *
 * Return: nanoseconds, 0 if none can be seen, as from a container.
 */
__u64 load_threads_ns(const struct load *load)
{
	char path[PATH_MAX];
	struct dirent *entry;
	__u64 ticks = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/proc", load->root);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]))
			ticks += thread_ticks(load, entry->d_name);
	if (dir)
		closedir(dir);
	return ticks * tick_ns();
}

/**
 * load_shares() - what others took between two marks
 * @load: what was looked at, at least one CPU
 * @from: before
 * @to: after
 * @kernel_ns: that the module's threads were busy in between
 * @shares: filled; shares of the time of the CPUs in use
 *
 * Ticks and the CPU time of a process are counted differently: what is less
 * than nothing is nothing.
 */
void load_shares(const struct load *load, const struct load_mark *from,
		 const struct load_mark *to, __u64 kernel_ns,
		 struct load_shares *shares)
{
	double all = (double)(to->clocks.monotonic_ns -
			      from->clocks.monotonic_ns) * load->ncpus;
	double busy = (double)to->busy_ns - (double)from->busy_ns;
	double own = (double)(to->own_ns - from->own_ns) + kernel_ns;
	double stolen = (double)to->stolen_ns - (double)from->stolen_ns;

	shares->foreign = all > 0 && busy > own ? (busy - own) / all : 0;
	shares->stolen = all > 0 && stolen > 0 ? stolen / all : 0;
}

static bool jumped(__u64 from, __u64 to, __u64 monotonic_ns)
{
	__s64 by = (__s64)(to - from - monotonic_ns);

	return by > JUMP_NS || by < -JUMP_NS;
}

/**
 * load_suspended() - whether the machine slept or its clock jumped
 * @from: before
 * @to: after
 * @expected_ns: that it should have taken
 *
 * Return: true if a clock that goes on in sleep, or the date, advanced by
 * another time than the one that stands, or if all took implausibly long, as
 * when a virtual machine was stopped.
 */
bool load_suspended(const struct load_clocks *from,
		    const struct load_clocks *to, __u64 expected_ns)
{
	__u64 took = to->monotonic_ns - from->monotonic_ns;

	return jumped(from->boot_ns, to->boot_ns, took) ||
		jumped(from->real_ns, to->real_ns, took) ||
		took > STALL_TIMES * expected_ns + STALL_NS;
}
