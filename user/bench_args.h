/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_args.h - the options of everything that measures
 */
#ifndef ACQREL_USER_BENCH_ARGS_H
#define ACQREL_USER_BENCH_ARGS_H

#include "args.h"
#include "plan.h"
#include "terminal.h"

#define BENCH_ARGS_OPTIONS	20	/* at most so many are added */
#define BENCH_ARGS_BLOCKS	20	/* unless the user says otherwise */
#define BENCH_ARGS_BLOCKS_MOST	120	/* same, of a few cells */
#define BENCH_ARGS_PACE		UINT64_MAX	/* as each case likes it */

/**
 * struct bench_args - what the user said
 * @world: "kernel", "user", "both" or NULL: what there is
 * @placement: class of distance between CPUs, or NULL
 * @output: file for the result, or NULL
 * @color: "auto", "always" or "never"
 * @threads: numbers of threads, 0: all CPUs
 * @payloads: bytes
 * @write_rates: writes a second
 * @pace_us: time between two operations
 * @duration_s: of the whole run, 0: by @blocks
 * @blocks: 0: not said
 * @slice_ms: length of a slice
 * @repeat: whole runs
 * @seed: of the order
 * @latency: time each operation
 * @no_bounds: leave out what the hardware needs
 * @dry_run: say what would be measured
 * @terminal: what standard output can show
 * @threads32: @threads as the plan wants them
 * @payloads32: @payloads as the plan wants them
 */
struct bench_args {
	const char *world;
	const char *placement;
	const char *output;
	const char *color;
	struct args_numbers threads;
	struct args_numbers payloads;
	struct args_numbers write_rates;
	__u64 pace_us;
	__u64 duration_s;
	__u64 blocks;
	__u64 slice_ms;
	__u64 repeat;
	__u64 seed;
	bool latency;
	bool no_bounds;
	bool dry_run;
	struct terminal terminal;
	__u32 threads32[ARGS_LIST_MAX];
	__u32 payloads32[ARGS_LIST_MAX];
};

void bench_args_init(struct bench_args *a);
struct option *bench_args_world(struct bench_args *a, struct option *to);
struct option *bench_args_amount(struct bench_args *a, struct option *to);
struct option *bench_args_output(struct bench_args *a, struct option *to);
struct option *bench_args_all(struct bench_args *a, struct option *to);
bool bench_args_check(struct bench_args *a);
void bench_args_plan(struct bench_args *a, struct plan_params *params);

#endif /* ACQREL_USER_BENCH_ARGS_H */
