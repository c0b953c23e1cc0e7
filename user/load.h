/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * load.h - who else used the CPUs
 *
 * A mark is taken before and after; what lies between two marks tells how much
 * of the CPUs' time went to others or to the hypervisor, whether the cgroup
 * ran out of quota, and whether the machine slept.
 */
#ifndef ACQREL_USER_LOAD_H
#define ACQREL_USER_LOAD_H

#include <stdbool.h>
#include <linux/types.h>

#define LOAD_CPUS_MAX	1024

/**
 * struct load_clocks - the same instant on three clocks
 * @monotonic_ns: stands while the machine sleeps
 * @boot_ns: does not
 * @real_ns: can be set
 */
struct load_clocks {
	__u64 monotonic_ns;
	__u64 boot_ns;
	__u64 real_ns;
};

/**
 * struct load_mark - counters at an instant
 * @clocks: the instant
 * @busy_ns: of the CPUs in use, since boot; a tick is as fine as it gets
 * @stolen_ns: by the hypervisor, same
 * @own_ns: CPU time of this process; of less, if some of it is elsewhere
 * @throttled: periods in which the cgroup ran out of quota
 */
struct load_mark {
	struct load_clocks clocks;
	__u64 busy_ns;
	__u64 stolen_ns;
	__u64 own_ns;
	__u64 throttled;
};

/**
 * struct load - what to look at
 * @root: before /proc and /sys, "" but for tests
 * @used: CPUs whose time counts
 * @ncpus: how many of them
 */
struct load {
	const char *root;
	bool used[LOAD_CPUS_MAX];
	unsigned int ncpus;
};

/**
 * struct load_shares - between two marks, of the time of the CPUs in use
 * @foreign: share that others used
 * @stolen: share that the hypervisor took
 */
struct load_shares {
	double foreign;
	double stolen;
};

void load_use(struct load *load, unsigned int cpu);
void load_clocks(struct load_clocks *clocks);
int load_mark(const struct load *load, struct load_mark *mark);
__u64 load_threads_ns(const struct load *load);
void load_shares(const struct load *load, const struct load_mark *from,
		 const struct load_mark *to, __u64 kernel_ns,
		 struct load_shares *shares);
bool load_suspended(const struct load_clocks *from,
		    const struct load_clocks *to, __u64 expected_ns);

#endif /* ACQREL_USER_LOAD_H */
