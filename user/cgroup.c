// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgroup.c - what the control group of this process does to its CPU time
 *
 * Files and their fields are those of Documentation/admin-guide/cgroup-v2.rst
 * and Documentation/scheduler/sched-bwc.rst.
 */
#include <limits.h>
#include <math.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>

#include "cgroup.h"

#define LINE	1024

/* a group of the process, or a parent of it */
struct group {
	const char *root;
	bool unified;
	char dir[PATH_MAX];
};

/* told of each group */
typedef void look(const struct group *group, void *arg);

static FILE *open_below(const char *root, const char *dir, const char *file)
{
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s%s/%s", root, dir, file);
	return fopen(path, "re");
}

static bool read_line(const struct group *group, const char *name,
		      char line[LINE])
{
	FILE *file = open_below(group->root, group->dir, name);
	bool found = file && fgets(line, LINE, file);

	if (file)
		fclose(file);
	if (found)
		line[strcspn(line, "\n")] = '\0';
	return found;
}

/* A line of /proc/self/cgroup, "id:controllers:path", that has the cpu one. */
static char *group_of_line(char *line, bool *unified)
{
	char *controllers = strchr(line, ':'), *path, *name, *rest;

	path = controllers ? strchr(controllers + 1, ':') : NULL;
	if (!path)
		return NULL;
	*path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	*unified = !strcmp(controllers, ":");
	for (name = strtok_r(controllers + 1, ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest))
		if (!strcmp(name, "cpu"))
			return path;
	return *unified ? path : NULL;
}

static bool mounted(const char *root, bool unified, char *dir, size_t size)
{
	FILE *mounts = open_below(root, "/proc/self", "mounts");
	struct mntent *m;
	bool found = false;

	while (mounts && !found && (m = getmntent(mounts))) {
		found = unified ? !strcmp(m->mnt_type, "cgroup2") :
			!strcmp(m->mnt_type, "cgroup") && hasmntopt(m, "cpu");
		if (found)
			snprintf(dir, size, "%s", m->mnt_dir);
	}
	if (mounts)
		fclose(mounts);
	return found;
}

/*
 * In a container the path may lead nowhere; then what is mounted is the own
 * group.
 */
static void look_up(const char *root, bool unified, char *path, look *look,
		    void *arg)
{
	struct group group = { .root = root, .unified = unified };
	char *slash;
	size_t top;

	if (!mounted(root, unified, group.dir, sizeof(group.dir)))
		return;
	look(&group, arg);
	top = strlen(group.dir);
	while ((slash = strrchr(path, '/'))) {
		if (slash[1] && top + strlen(path) < sizeof(group.dir)) {
			strcpy(group.dir + top, path);
			look(&group, arg);
		}
		*slash = '\0';
	}
}

static void look_at_all(const char *root, look *look, void *arg)
{
	FILE *file = open_below(root, "/proc/self", "cgroup");
	char line[LINE], *path;
	bool unified;

	while (file && fgets(line, sizeof(line), file)) {
		path = group_of_line(line, &unified);
		if (path)
			look_up(root, unified, path, look, arg);
	}
	if (file)
		fclose(file);
}

static void add_throttled(const struct group *group, void *arg)
{
	FILE *file = open_below(group->root, group->dir, "cpu.stat");
	unsigned long long n = 0;
	__u64 *sum = arg;
	char line[LINE];

	while (file && fgets(line, sizeof(line), file) &&
	       sscanf(line, "nr_throttled %llu", &n) != 1)
		;
	if (file)
		fclose(file);
	*sum += n;
}

/**
 * cgroup_throttled() - how often the quota ran out
 * @root: before /proc and /sys, "" but for tests
 *
 * Return: periods, those of the parents too; 0 without a quota.
 */
__u64 cgroup_throttled(const char *root)
{
	__u64 n = 0;

	look_at_all(root, add_throttled, &n);
	return n;
}

/* the tightest quota so far */
struct tightest {
	bool known;
	char quota[LINE];
	double cpus;
};

/* quota and period in microseconds: "max 100000" in version 2 */
static bool read_quota(const struct group *group, char quota[LINE])
{
	char period[LINE];
	size_t len;

	if (group->unified)
		return read_line(group, "cpu.max", quota);
	if (!read_line(group, "cpu.cfs_quota_us", quota) ||
	    !read_line(group, "cpu.cfs_period_us", period))
		return false;
	if (quota[0] == '-')
		strcpy(quota, "max");
	len = strlen(quota);
	snprintf(quota + len, LINE - len, " %.16s", period);
	return true;
}

static void take_tightest(const struct group *group, void *arg)
{
	struct tightest *t = arg;
	double us, period_us, cpus = INFINITY;
	char quota[LINE];

	if (!read_quota(group, quota))
		return;
	if (sscanf(quota, "%lf %lf", &us, &period_us) == 2 && period_us > 0)
		cpus = us / period_us;
	if (t->known && !(cpus < t->cpus))
		return;
	t->known = true;
	t->cpus = cpus;
	strcpy(t->quota, quota);
}

/**
 * cgroup_quota() - the tightest quota of the group and its parents
 * @root: before /proc and /sys, "" but for tests
 * @quota: set to it, as cpu.max has it: microseconds and period
 * @size: of @quota
 * @cpus: set to the CPUs that it is worth; INFINITY if there is no limit
 *
 * Return: whether there is a group that has one, limited or not.
 */
bool cgroup_quota(const char *root, char *quota, size_t size, double *cpus)
{
	struct tightest t = { .cpus = INFINITY };

	look_at_all(root, take_tightest, &t);
	snprintf(quota, size, "%s", t.quota);
	*cpus = t.cpus;
	return t.known;
}
