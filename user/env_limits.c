// SPDX-License-Identifier: GPL-2.0-only
/*
 * env_limits.c - what this process may not do here, or not fully
 */
#include <errno.h>
#include <linux/membarrier.h>
#include <linux/perf_event.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cgroup.h"
#include "env.h"
#include "env_read.h"
#include "rseq.h"

static void add_cgroup(json_t *env)
{
	char quota[ENV_LINE];
	double cpus;
	bool known = cgroup_quota("", quota, sizeof(quota), &cpus);

	json_object_set_new(env, "cgroup_cpu_max",
			    known ? json_string(quota) : json_null());
	json_object_set_new(env, "cgroup_cpus", known && isfinite(cpus) ?
			    json_real(cpus) : json_null());
}

/* Whether grace periods of the memb flavour can use it. */
static bool has_membarrier(void)
{
	long commands = syscall(__NR_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

	return commands > 0 && commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED;
}

static bool has_rseq(void)
{
#ifdef ACQREL_HAVE_RSEQ
	return __rseq_size;
#else
	return false;
#endif
}

/* Counters of the hardware; virtual machines often have none. */
static bool has_perf(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.exclude_kernel = 1,
	};
	int fd = syscall(__NR_perf_event_open, &attr, 0, -1, -1, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool has_affinity(void)
{
	size_t size = CPU_ALLOC_SIZE(ENV_CPUS_MAX);
	cpu_set_t *set = CPU_ALLOC(ENV_CPUS_MAX);
	bool has;

	has = set && !sched_getaffinity(0, size, set) &&
		!sched_setaffinity(0, size, set);
	CPU_FREE(set);
	return has;
}

/* Of a thread, in its own statistics. */
static bool has_wait_times(void)
{
	char line[ENV_LINE];

	return env_read_line("/proc/thread-self/schedstat", line);
}

static bool in_container(void)
{
	return !access("/run/systemd/container", F_OK) ||
	       !access("/.dockerenv", F_OK) ||
	       !access("/run/.containerenv", F_OK);
}

/* The mode in brackets: "always [madvise] never". */
static json_t *huge_pages(void)
{
	char line[ENV_LINE], *begin, *end;

	if (!env_read_line("/sys/kernel/mm/transparent_hugepage/enabled", line))
		return json_null();
	begin = strchr(line, '[');
	end = begin ? strchr(begin, ']') : NULL;
	return end ? json_stringn(begin + 1, end - begin - 1) : json_null();
}

/**
 * env_add_limits() - what the record says of quotas and refusals
 * @env: its keys are added here
 */
void env_add_limits(json_t *env)
{
	add_cgroup(env);
	json_object_set_new(env, "container", json_boolean(in_container()));
	json_object_set_new(env, "membarrier", json_boolean(has_membarrier()));
	json_object_set_new(env, "rseq", json_boolean(has_rseq()));
	json_object_set_new(env, "hardware_counters", json_boolean(has_perf()));
	json_object_set_new(env, "set_affinity", json_boolean(has_affinity()));
	json_object_set_new(env, "wait_times", json_boolean(has_wait_times()));
	json_object_set_new(env, "huge_pages", huge_pages());
	json_object_set_new(env, "priority",
			    json_integer(getpriority(PRIO_PROCESS, 0)));
}
