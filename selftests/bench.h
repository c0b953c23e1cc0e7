/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The benchmark commands of acqrel, as plain structures
 *
 * Errors are those of client.h.
 */
#ifndef SELFTESTS_ACQREL_BENCH_H
#define SELFTESTS_ACQREL_BENCH_H

#include "client.h"

#define CASES_MAX	256
#define EMPTY_LOOP	"empty/empty:loop"

struct bench_case {
	char name[ACQREL_NAME_MAX + 1];
	char bound[ACQREL_NAME_MAX + 1];	/* empty: none */
	__u32 flags;
	__u32 threads;
	__u32 threads_max;
	__u32 chunk;
	__u32 payload;
	__u32 payload_max;
	bool writes;
};

struct bench_cases {
	unsigned int n;
	struct bench_case at[CASES_MAX];
};

struct bench_open {
	const char *name;
	const __u32 *cpus;
	unsigned int n;
	__u32 payload;
	bool writes;
};

struct bench_slice {
	__u64 slice_ns;
	__u64 lead_ns;
	__u32 mode;
	__u64 pace_ns;
	__u64 write_period_ns;
	__u32 chunk;
	__u32 plant;
	__u64 late_ns;
};

struct bench_sample {
	__u32 thread;
	__u32 role;
	__u32 cpu;
	__u64 deadline_ns;
	__u64 start_ns;
	__u64 end_ns;
	__u64 busy_ns;
	__u64 bursts;
	__u64 ops;
	__u64 failed;
	__u64 violations;
	__u64 lost;
};

struct bench_result {
	unsigned int n;
	struct bench_sample at[MAX_CPUS];
};

struct bench_latency {
	unsigned int messages;
	__u32 threads;			/* mask of those that came */
	__u64 n[MAX_CPUS];
	__u64 max_ns[MAX_CPUS];
	__u64 counted[MAX_CPUS];	/* sum over the buckets */
	__u32 last_bucket[MAX_CPUS];
};

int bench_cases(struct nl *nl, struct bench_cases *cases);
const struct bench_case *bench_case(const struct bench_cases *cases,
				    const char *name);
int bench_open(struct nl *nl, const struct bench_open *what, __u32 *arm);
int bench_open_loop(struct nl *nl, unsigned int threads, __u32 *arm);
int bench_close(struct nl *nl, __u32 arm);
int bench_close_all(struct nl *nl);
int bench_start(struct nl *nl, __u32 arm, const struct bench_slice *slice,
		__u32 *run);
int bench_cancel(struct nl *nl, __u32 run);
int bench_wait(struct nl *group, __u32 run, __s32 *status);
int bench_result(struct nl *nl, __u32 run, struct bench_result *result);
int bench_latency(struct nl *nl, __u32 run, struct bench_latency *latency);

#endif
