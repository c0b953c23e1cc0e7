/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * placement.h - how far CPUs are from each other
 *
 * A class of distance is what CPUs have in common: "smt" a core, "cache" the
 * last cache, "socket" the socket, "node" none of these. The topology of sysfs
 * names the classes, the time that a cache line takes from one CPU to another
 * tells which there are: a virtual machine may show a topology that it has not.
 * Where all distances are the same the one class is "any".
 */
#ifndef ACQREL_USER_PLACEMENT_H
#define ACQREL_USER_PLACEMENT_H

#include "bench.h"

#define PLACEMENT_CLASSES_MAX	8
#define PLACEMENT_NAME_MAX	15
#define PLACEMENT_ONE		"one"	/* of a lone CPU */
#define PLACEMENT_PAIRS_MAX	32	/* measured */
#define PLACEMENT_CASE		"floor/line:pingpong"

enum placement_topology {
	TOPOLOGY_SMT,
	TOPOLOGY_CACHE,
	TOPOLOGY_SOCKET,
	TOPOLOGY_NODE,
	TOPOLOGY_COUNT
};

/**
 * struct placement_pair - two CPUs and the way between them
 * @a: index of a CPU
 * @b: index of the other, above @a
 * @topology: enum placement_topology
 * @ns: median time of a round trip of a line
 * @class: found by placement_cluster(): 0 is the nearest
 */
struct placement_pair {
	unsigned int a;
	unsigned int b;
	unsigned int topology;
	double ns;
	unsigned int class;
};

/**
 * struct placement_class - a class of distance
 * @name: "smt", "cache", "socket", "node" or "any"; with a number appended
 *	where the same topology has several distances
 * @ns: median time of a round trip; NAN if it was not measured
 */
struct placement_class {
	char name[PLACEMENT_NAME_MAX + 1];
	double ns;
};

/**
 * struct placement - CPUs and their distances
 * @cpus: their numbers
 * @n: how many
 * @topology: of each two, enum placement_topology
 * @class: of each two, an index into @classes
 * @classes: the nearest first
 * @nclasses: how many; 0 with one CPU
 * @disagrees: what was measured is not what the topology says
 */
struct placement {
	unsigned int *cpus;
	unsigned int n;
	unsigned char *topology;
	unsigned char *class;
	struct placement_class classes[PLACEMENT_CLASSES_MAX];
	unsigned int nclasses;
	bool disagrees;
};

int placement_init(struct placement *p, const unsigned int *cpus,
		   unsigned int n, const char *root);
void placement_release(struct placement *p);
int placement_measure(struct placement *p, struct bench *bench,
		      bool (*stop)(void));

unsigned int placement_cluster(struct placement_pair *pairs, unsigned int n);
void placement_apply(struct placement *p, struct placement_pair *pairs,
		     unsigned int n);

int placement_choose(const struct placement *p, const char *class,
		     unsigned int n, __u32 *cpus);
const char *placement_name(const struct placement *p, const __u32 *cpus,
			   unsigned int n);

#endif /* ACQREL_USER_PLACEMENT_H */
