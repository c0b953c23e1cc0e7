// SPDX-License-Identifier: GPL-2.0-only
/*
 * placement.c - what CPUs have in common, and choosing some of them
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "placement.h"

#define LINE	4096
#define CPU_DIR	"/sys/devices/system/cpu/cpu"
#define NOT_KNOWN	(-1)

/* groups that a CPU is in; equal numbers: the same one */
struct membership {
	long core;
	long cache;
	long socket;
};

static const char *const topology_names[TOPOLOGY_COUNT] = {
	[TOPOLOGY_SMT] = "smt",
	[TOPOLOGY_CACHE] = "cache",
	[TOPOLOGY_SOCKET] = "socket",
	[TOPOLOGY_NODE] = "node",
};

/* First number of a file; a list of CPUs is known by its first one. */
static long read_number(const char *root, unsigned int cpu, const char *file)
{
	char path[PATH_MAX];
	long value = NOT_KNOWN;
	FILE *f;

	snprintf(path, sizeof(path), "%s" CPU_DIR "%u/%s", root, cpu, file);
	f = fopen(path, "re");
	if (!f)
		return NOT_KNOWN;
	if (fscanf(f, "%ld", &value) != 1)
		value = NOT_KNOWN;
	fclose(f);
	return value;
}

/* The group that shares the last cache. */
static long read_cache(const char *root, unsigned int cpu)
{
	long level, last = 0, group = NOT_KNOWN;
	char file[64];

	for (int i = 0;; i++) {
		snprintf(file, sizeof(file), "cache/index%d/level", i);
		level = read_number(root, cpu, file);
		if (level == NOT_KNOWN)
			return group;
		if (level <= last)
			continue;
		last = level;
		snprintf(file, sizeof(file), "cache/index%d/shared_cpu_list",
			 i);
		group = read_number(root, cpu, file);
	}
}

static void read_membership(const char *root, unsigned int cpu,
			    struct membership *m)
{
	m->core = read_number(root, cpu, "topology/thread_siblings_list");
	m->cache = read_cache(root, cpu);
	m->socket = read_number(root, cpu, "topology/physical_package_id");
}

static bool same(long a, long b)
{
	return a == b && a != NOT_KNOWN;
}

static enum placement_topology between(const struct membership *a,
				       const struct membership *b)
{
	if (same(a->core, b->core))
		return TOPOLOGY_SMT;
	if (same(a->cache, b->cache))
		return TOPOLOGY_CACHE;
	return same(a->socket, b->socket) ? TOPOLOGY_SOCKET : TOPOLOGY_NODE;
}

static int read_topology(struct placement *p, const char *root)
{
	struct membership *m = calloc(p->n, sizeof(*m));

	if (!m)
		return -ENOMEM;
	for (unsigned int i = 0; i < p->n; i++)
		read_membership(root, p->cpus[i], &m[i]);
	for (unsigned int i = 0; i < p->n; i++)
		for (unsigned int j = 0; j < p->n; j++)
			p->topology[i * p->n + j] = between(&m[i], &m[j]);
	free(m);
	return 0;
}

/* Until something is measured the topology is right. */
static void believe_topology(struct placement *p)
{
	unsigned char class[TOPOLOGY_COUNT];
	bool there[TOPOLOGY_COUNT] = { false };

	for (unsigned int i = 0; i < p->n; i++)
		for (unsigned int j = 0; j < i; j++)
			there[p->topology[i * p->n + j]] = true;
	for (unsigned int t = 0; t < TOPOLOGY_COUNT; t++) {
		class[t] = p->nclasses;
		if (!there[t])
			continue;
		strcpy(p->classes[p->nclasses].name, topology_names[t]);
		p->classes[p->nclasses++].ns = NAN;
	}
	if (p->nclasses == 1)
		strcpy(p->classes[0].name, "any");
	for (unsigned int i = 0; i < p->n * p->n; i++)
		p->class[i] = class[p->topology[i]];
}

/**
 * placement_init() - what the topology says of CPUs
 * @p: to fill
 * @cpus: their numbers
 * @n: how many, at least 1
 * @root: before /sys, "" but for tests
 *
 * What sysfs does not tell is taken as far apart.
 *
 * Return: 0 or -ENOMEM; to be released in either case.
 */
int placement_init(struct placement *p, const unsigned int *cpus,
		   unsigned int n, const char *root)
{
	int rc;

	memset(p, 0, sizeof(*p));
	p->n = n;
	p->cpus = calloc(n, sizeof(*p->cpus));
	p->topology = calloc(n, n);
	p->class = calloc(n, n);
	if (!p->cpus || !p->topology || !p->class)
		return -ENOMEM;
	memcpy(p->cpus, cpus, n * sizeof(*cpus));
	rc = read_topology(p, root);
	if (!rc)
		believe_topology(p);
	return rc;
}

/**
 * placement_release() - free what placement_init() took
 * @p: the placement
 */
void placement_release(struct placement *p)
{
	free(p->cpus);
	free(p->topology);
	free(p->class);
	memset(p, 0, sizeof(*p));
}

static unsigned int majority(const struct placement_pair *pairs,
			     unsigned int n, unsigned int class)
{
	unsigned int count[TOPOLOGY_COUNT] = { 0 }, most = 0;

	for (unsigned int i = 0; i < n; i++)
		if (pairs[i].class == class)
			count[pairs[i].topology]++;
	for (unsigned int t = 1; t < TOPOLOGY_COUNT; t++)
		if (count[t] > count[most])
			most = t;
	return most;
}

static void name_class(struct placement *p, unsigned int class,
		       unsigned int topology)
{
	const char *name = topology_names[topology];
	unsigned int nth = 1;

	for (unsigned int i = 0; i < class; i++)
		nth += !strncmp(p->classes[i].name, name, strlen(name));
	if (p->nclasses == 1)
		name = "any";
	snprintf(p->classes[class].name, sizeof(p->classes[class].name),
		 nth > 1 ? "%s%u" : "%s", name, nth);
}

/* Class of most measured pairs of a topology; sets whether they differ. */
static unsigned int class_of(struct placement *p,
			     const struct placement_pair *pairs,
			     unsigned int n, unsigned int topology)
{
	unsigned int count[PLACEMENT_CLASSES_MAX] = { 0 }, all = 0, most = 0;

	for (unsigned int i = 0; i < n; i++)
		if (pairs[i].topology == topology) {
			count[pairs[i].class]++;
			all++;
		}
	for (unsigned int c = 1; c < p->nclasses; c++)
		if (count[c] > count[most])
			most = c;
	p->disagrees |= count[most] != all;
	return most;
}

/**
 * placement_apply() - believe what was measured
 * @p: knows the topology
 * @pairs: measured, at least one of each topology there is; put into order
 * @n: how many, at least 1
 *
 * A pair that was not measured is as far apart as most of its topology.
 */
void placement_apply(struct placement *p, struct placement_pair *pairs,
		     unsigned int n)
{
	unsigned int class[TOPOLOGY_COUNT], at;

	p->disagrees = false;
	p->nclasses = placement_cluster(pairs, n);
	for (unsigned int i = 0, first = 0; i < n; i++) {
		if (i + 1 < n && pairs[i + 1].class == pairs[i].class)
			continue;
		/* in order, so the median is in the middle */
		p->classes[pairs[i].class].ns = pairs[(first + i) / 2].ns;
		first = i + 1;
	}
	for (unsigned int c = 0; c < p->nclasses; c++)
		name_class(p, c, majority(pairs, n, c));
	for (unsigned int t = 0; t < TOPOLOGY_COUNT; t++)
		class[t] = class_of(p, pairs, n, t);
	for (unsigned int i = 0; i < p->n * p->n; i++)
		p->class[i] = class[p->topology[i]];
	for (unsigned int i = 0; i < n; i++) {
		p->disagrees |= pairs[i].topology !=
			majority(pairs, n, pairs[i].class);
		at = pairs[i].a * p->n + pairs[i].b;
		p->class[at] = pairs[i].class;
		at = pairs[i].b * p->n + pairs[i].a;
		p->class[at] = pairs[i].class;
	}
}

static unsigned int class_between(const struct placement *p, unsigned int a,
				  unsigned int b)
{
	return p->class[a * p->n + b];
}

/*
 * Whether a CPU may be the next: as far from all others as wanted, or, if that
 * cannot be had, nowhere farther and just so far from its partner.
 */
static bool fits(const struct placement *p, const unsigned int *chosen,
		 unsigned int n, unsigned int cpu, unsigned int class,
		 bool exact)
{
	for (unsigned int i = 0; i < n; i++) {
		unsigned int c = class_between(p, chosen[i], cpu);
		bool partner = n % 2 && i == n - 1;

		if (chosen[i] == cpu || c > class ||
		    ((exact || partner) && c != class))
			return false;
	}
	return true;
}

static bool choose_from(const struct placement *p, unsigned int first,
			unsigned int class, bool exact, unsigned int n,
			unsigned int *chosen)
{
	unsigned int k = 0, cpu;

	chosen[k++] = first;
	while (k < n) {
		for (cpu = 0; cpu < p->n; cpu++)
			if (fits(p, chosen, k, cpu, class, exact))
				break;
		if (cpu == p->n)
			return false;
		chosen[k++] = cpu;
	}
	return true;
}

static bool choose_class(const struct placement *p, unsigned int class,
			 unsigned int n, unsigned int *chosen)
{
	for (unsigned int first = 0; first < p->n; first++)
		if (choose_from(p, first, class, true, n, chosen))
			return true;
	for (unsigned int first = 0; first < p->n; first++)
		if (choose_from(p, first, class, false, n, chosen))
			return true;
	return false;
}

/**
 * placement_choose() - CPUs at a distance
 * @p: the placement
 * @class: name of the class that they are at; NULL: as they come
 * @n: how many, at least 1
 * @cpus: filled with @n numbers
 *
 * All are at that distance from each other or, if there are not so many, each
 * even one from the next and nowhere farther: threads 2n and 2n + 1 share.
 *
 * Return: 0, -ENOENT: no such class, -ERANGE: not so many CPUs in it, or
 * -ENOMEM.
 */
int placement_choose(const struct placement *p, const char *class,
		     unsigned int n, __u32 *cpus)
{
	unsigned int *chosen, c = 0;
	bool found;

	while (class && c < p->nclasses && strcmp(p->classes[c].name, class))
		c++;
	if (class && c == p->nclasses)
		return -ENOENT;
	if (n > p->n)
		return -ERANGE;
	chosen = calloc(n, sizeof(*chosen));
	if (!chosen)
		return -ENOMEM;
	for (unsigned int i = 0; i < n; i++)
		chosen[i] = i;
	found = !class || n == 1 || choose_class(p, c, n, chosen);
	for (unsigned int i = 0; found && i < n; i++)
		cpus[i] = p->cpus[chosen[i]];
	free(chosen);
	return found ? 0 : -ERANGE;
}

static unsigned int index_of(const struct placement *p, __u32 cpu)
{
	unsigned int i = 0;

	while (i + 1 < p->n && p->cpus[i] != cpu)
		i++;
	return i;
}

/**
 * placement_name() - how far CPUs are from each other
 * @p: the placement
 * @cpus: numbers that it knows
 * @n: how many
 *
 * Return: name of the class of the two that are farthest apart.
 */
const char *placement_name(const struct placement *p, const __u32 *cpus,
			   unsigned int n)
{
	unsigned int farthest = 0;

	if (n < 2)
		return PLACEMENT_ONE;
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int j = 0; j < i; j++) {
			unsigned int c = class_between(p, index_of(p, cpus[i]),
						       index_of(p, cpus[j]));

			if (c > farthest)
				farthest = c;
		}
	return p->classes[farthest].name;
}
