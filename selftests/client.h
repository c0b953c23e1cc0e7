/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What acqrel says over netlink, as plain structures
 *
 * Every call returns 0 or a negative errno; -EBADMSG means that the module
 * left out an attribute it promises or gave it another length.
 */
#ifndef SELFTESTS_ACQREL_CLIENT_H
#define SELFTESTS_ACQREL_CLIENT_H

#include <linux/acqrel.h>

#include "nl.h"

#define MAX_CPUS	64

struct config {
	__u64 generation;
	__u32 kinds;
	__u32 sample_every;
	__u64 min_value_ns;
	__u32 policy;
	__u32 npids;
	__u32 pids[ACQREL_PIDS_MAX];
};

struct books {
	__u32 cpu;
	__u32 capacity;
	__u32 fill;
	__u64 offered;
	__u64 filtered[__ACQREL_FILTER_COUNT];
	__u64 pushed;
	__u64 dropped;
	__u64 overwritten;
	__u64 popped;
	__u64 head;
	__u64 retries;
	__u32 checks;
	__u32 unbalanced;
	__u32 naive_unbalanced;
};

struct rings {
	unsigned int n;
	struct books cpu[MAX_CPUS];
};

struct counters {
	unsigned int n;
	__u64 total[__ACQREL_COUNTER_COUNT];
	__u64 cpu[MAX_CPUS][__ACQREL_COUNTER_COUNT];
	__u32 seen[MAX_CPUS];	/* mask of the counters that came */
	__u32 seen_total;
};

struct stats {
	__u32 cpu;
	__u32 kind;
	char kind_name[ACQREL_NAME_MAX + 1];
	__u64 count;
	__u64 sum_ns;
	__u64 min_ns;
	__u64 max_ns;
	__u64 hist[ACQREL_HIST_BUCKETS];
	__u64 retries;
};

struct stats_all {
	unsigned int n;
	struct stats block[MAX_CPUS * __ACQREL_KIND_COUNT];
};

struct source {
	char name[ACQREL_NAME_MAX + 1];
	__u8 running;
	__u64 offered;
	__u64 seed;
	__u32 rate;
	__u64 count;
	__u32 streams;
	__u64 cost_passed_n;
	__u64 cost_filtered_n;
};

int client_open(struct nl *nl);

int config_get(struct nl *nl, struct config *config);
int config_cb(const struct nlattr **tb, void *config);
void config_msg(struct nl *nl, struct nl_msg *msg);
int config_set_u32(struct nl *nl, __u16 attr, __u32 value);
int config_set_min_value(struct nl *nl, __u64 min_value_ns);
int config_set_pids(struct nl *nl, const __u32 *pids, unsigned int n);
int config_set_all(struct nl *nl, const struct config *config);
bool config_same(const struct config *a, const struct config *b);

int rings_get(struct nl *nl, __u32 checks, struct rings *rings);
void rings_sum(const struct rings *rings, struct books *sum);
__u64 books_filtered(const struct books *books);
bool books_balanced(const struct books *books);
bool books_at_rest(const struct books *books);

int counters_get(struct nl *nl, struct counters *counters);
__u64 counter_total(struct nl *nl, enum acqrel_counter id);

int stats_get(struct nl *nl, struct stats_all *all);
const struct stats *stats_find(const struct stats_all *all, __u32 cpu,
			       __u32 kind);

int source_get(struct nl *nl, const char *name, struct source *source);
int source_start(struct nl *nl, const char *name);
int source_stop(struct nl *nl, const char *name);
int generator_start(struct nl *nl, __u64 seed, __u32 rate, __u64 count);
bool generator_idle(struct nl *nl);
int generator_run(struct nl *nl, __u64 seed, __u64 count);
int client_reset(struct nl *nl);

#endif
