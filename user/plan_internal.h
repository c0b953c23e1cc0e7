/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan_internal.h - what the parts of the plan share
 */
#ifndef ACQREL_USER_PLAN_INTERNAL_H
#define ACQREL_USER_PLAN_INTERNAL_H

#include "load.h"
#include "placement.h"
#include "plan.h"

#define PLAN_THREADS_MIN	UINT32_MAX	/* as few as the case needs */
#define PLAN_TWICE		2	/* slices of an arm in a block */
#define PLAN_WARM_SLICES	2	/* of a window */
#define PLAN_WARM_WINDOWS	8	/* at most */
#define PLAN_WARM_USUAL		3	/* windows that it mostly takes */
#define PLAN_BEND_ROUNDS	5	/* slices of each length of a burst */
#define PLAN_BEND_LENGTHS	3

/* why cells were left out; plan_make.c has the words */
enum plan_left {
	LEFT_FEW,
	LEFT_MANY,
	LEFT_CPUS,
	LEFT_DISTANCE,
	LEFT_PAYLOAD,
	LEFT_WRITER,
	LEFT_COUNT
};

/**
 * struct plan_case - a case while a plan is made
 * @c: the case
 * @probed: it was opened once
 * @refused: the machine refuses what it needs
 * @partners: odd threads are load, unless there is one thread
 * @overhead_s: of a slice, beside its parts
 */
struct plan_case {
	struct bench_case c;
	bool probed;
	bool refused;
	bool partners;
	double overhead_s;
};

/**
 * struct plan_maker - a plan while it is made
 * @plan: the plan
 * @placement: of the CPUs allowed
 * @cases: of each world
 * @ncases: how many
 * @left: cells left out
 * @left_name: one of them
 */
struct plan_maker {
	struct plan *plan;
	struct placement placement;
	struct plan_case *cases[WORLD_COUNT];
	size_t ncases[WORLD_COUNT];
	unsigned int left[LEFT_COUNT];
	char left_name[LEFT_COUNT][ACQREL_NAME_MAX + 1];
};

/**
 * struct plan_run - a plan while it runs
 * @plan: the plan
 * @arms: of each cell, NULL: not open
 * @order: of the cells in a block
 * @chunks: operations of a burst of each cell, seen in the warm-up
 * @burst_ns: time that it took
 * @shorter: operations of a burst of each cell in the blocks, 0: the case's own
 * @samples: of a slice, for as many threads as any cell has
 * @state: of the random numbers
 * @load: the CPUs in use
 * @all_cpus: these are all that this process may use
 * @threads_ns: CPU time of the module's threads
 * @kernel_ns: that they ran slices, asleep or not
 * @jumped: the machine slept or its clock jumped during the last slice
 * @began_ns: the run
 * @blocks: that are complete
 * @repeat: of the whole, counted from 0
 * @done_s: of what the run was expected to take
 */
struct plan_run {
	struct plan *plan;
	struct bench_arm **arms;
	unsigned int *order;
	__u32 *chunks;
	double *burst_ns;
	__u32 *shorter;
	struct acqrel_sample *samples;
	__u64 state;
	struct load load;
	bool all_cpus;
	__u64 threads_ns;
	__u64 kernel_ns;
	bool jumped;
	__u64 began_ns;
	__u32 blocks;
	__u32 repeat;
	double done_s;
};

/* plan_make.c */
struct plan_case *plan_find_case(const struct plan_maker *maker,
				 enum world world, const char *name);

/* plan_cells.c */
struct cell *plan_add_cell(struct plan_maker *maker, enum world world,
			   struct plan_case *c, __u32 mode, __u32 threads,
			   const __u32 *cpus);
void plan_set_payload(struct cell *cell, const struct bench_case *c,
		      __u32 payload);
int plan_add_case(struct plan_maker *maker, enum world world,
		  struct plan_case *c);
struct cell *plan_add_twin(struct plan_maker *maker, unsigned int of);
void plan_drop_cell(struct result *result);
int plan_find_cell(const struct result *result, const struct cell *like);

/* plan_probe.c */
int plan_probe(struct plan_maker *maker, enum world world,
	       struct plan_case *c);

/* plan_support.c */
int plan_support(struct plan_maker *maker);

/* plan_run.c */
int plan_slice(struct plan_run *run, unsigned int cell, __u32 chunk,
	       struct acqrel_sample *samples);

/* plan_judge.c */
int plan_mark(const struct plan_run *run, struct load_mark *mark);
int plan_judge(struct plan_run *run, const struct load_mark *from);

/* plan_warm.c */
int plan_warm(struct plan_run *run);
int plan_bend(struct plan_run *run);

/* plan_block.c */
__u32 plan_tags(const struct cell *cell, const struct result_slice *slice);
int plan_block(struct plan_run *run, __u32 block);

#endif /* ACQREL_USER_PLAN_INTERNAL_H */
