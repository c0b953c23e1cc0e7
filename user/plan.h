/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan.h - which cells to measure, and measuring them
 *
 * plan_make.c turns what the user asked for into the cells of a result and
 * says what was left out and why; plan_support.c adds what the figures need: an
 * empty loop for each number of threads, the bounds, the A/A controls.
 * plan_run.c opens an arm for each cell, plan_warm.c warms them up, and
 * plan_block.c runs them interleaved: in each block the arms come in a random
 * order, each twice, ABBA or BAAB.
 */
#ifndef ACQREL_USER_PLAN_H
#define ACQREL_USER_PLAN_H

#include "result.h"

#define PLAN_CPUS_MAX	1024
#define PLAN_PACE_DEFAULT	UINT64_MAX
#define PLAN_WHY_MAX	160
#define PLAN_PLACEMENT_ALL	"all"	/* each class of distance */

/**
 * struct plan_params - what the user asked for
 * @patterns: globs that a case must match one of; without a ':' all operations
 *	match. NULL: the default set
 * @npatterns: how many
 * @worlds: mask of 1 << enum world
 * @threads: numbers of threads, 0: all CPUs, or as many as the case can use;
 *	load included, a writer not. NULL: as few as the case needs, and all
 * @nthreads: how many
 * @placement: class of distance between the CPUs, %PLAN_PLACEMENT_ALL, or
 *	NULL: as they come
 * @payloads: bytes; NULL: as each case says
 * @npayloads: how many
 * @write_rates: writes a second; 0: no writer; %RESULT_WRITE_MAX
 * @nwrite_rates: how many
 * @mode: enum acqrel_bench_mode
 * @pace_ns: time between two operations, 0: saturated, %PLAN_PACE_DEFAULT: 1 us
 *	where a partner feeds, else saturated
 * @slice_ns: length of a slice
 * @lead_ns: load before it
 * @blocks: how many; 0: what fits into @duration_s
 * @duration_s: of the whole run; 0: by @blocks
 * @repeat: whole runs, arms opened anew; at least 1
 * @seed: of the order
 * @bounds: measure the bound of each case, too
 * @planted: control of the engine: each cell of this case gets a twin, which
 *	is the next cell; or NULL
 * @plant: operations more for each 1,000 that the twin runs; 0: none
 * @late_ns: control of the engine, see struct acqrel_slice_params
 */
struct plan_params {
	const char *const *patterns;
	unsigned int npatterns;
	unsigned int worlds;
	const __u32 *threads;
	unsigned int nthreads;
	const char *placement;
	const __u32 *payloads;
	unsigned int npayloads;
	const __u64 *write_rates;
	unsigned int nwrite_rates;
	__u32 mode;
	__u64 pace_ns;
	__u64 slice_ns;
	__u64 lead_ns;
	__u32 blocks;
	__u32 duration_s;
	__u32 repeat;
	__u64 seed;
	bool bounds;
	const char *planted;
	__u32 plant;
	__u64 late_ns;
};

/**
 * struct plan - a run to be made
 * @params: what was asked for
 * @bench: of each world that takes part, else NULL
 * @result: initialized; its cells are there after plan_make()
 * @seconds: that the run will take
 * @limit_s: no block is begun after it; 0: none
 * @progress: told before each slice: share done, seconds left, or NULL
 * @stop: asked before each slice, also while the plan is made, or NULL
 * @failed: bench whose message explains an error, or NULL
 * @why: a clause that explains an error, or empty
 */
struct plan {
	struct plan_params params;
	struct bench *bench[WORLD_COUNT];
	struct result *result;
	double seconds;
	double limit_s;
	void (*progress)(const struct plan *plan, double done, double left);
	bool (*stop)(void);
	const struct bench *failed;
	char why[PLAN_WHY_MAX];
};

int plan_make(struct plan *plan);
int plan_run(struct plan *plan);

#endif /* ACQREL_USER_PLAN_H */
