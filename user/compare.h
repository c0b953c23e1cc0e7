/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare.h - measuring the same cases in both worlds
 *
 * An arm is a case in one world with a number of threads. All arms run
 * interleaved, block by block; an arm runs twice in a block. Everything
 * measured is kept, figures are computed afterwards.
 */
#ifndef ACQREL_USER_COMPARE_H
#define ACQREL_USER_COMPARE_H

#include "client.h"
#include "statistics.h"

#define COMPARE_EMPTY		"empty/empty:loop"
#define COMPARE_MARK_BELOW	0.95	/* overlap of a slice */
#define COMPARE_REFUSE_BELOW	0.90	/* median overlap of an arm */

enum world { WORLD_KERNEL, WORLD_USER, WORLD_COUNT };

/**
 * struct compare_slice - one slice of an arm
 * @block: it belongs to
 * @order: position among the slices of the block
 * @overlap: intersection of the threads' spans from start to end, as share of
 *	the time from the deadline to the last end
 * @ns: time of an operation, empty loop included; NAN if none succeeded
 * @attempts: for each operation that succeeded; NAN if none did
 * @samples: one a thread
 */
struct compare_slice {
	unsigned int block;
	unsigned int order;
	double overlap;
	double ns;
	double attempts;
	struct acqrel_sample *samples;
};

/**
 * struct compare_arm - a case in one world with a number of threads
 * @world: where it runs
 * @threads: how many
 * @name: of the case
 * @slices: in the order in which they ran
 * @nslices: how many so far
 * @empty: arm of the empty loop in the same world, with as many threads
 * @raw_ns: median time of an operation, empty loop included
 * @net_ns: the same without the empty loop, once for each attempt
 * @overlap: median
 * @marked: slices with too little overlap
 * @switched: slices with an involuntary context switch
 * @failed: share of operations that failed
 */
struct compare_arm {
	enum world world;
	unsigned int threads;
	char name[ACQREL_NAME_MAX + 1];
	struct compare_slice *slices;
	unsigned int nslices;
	const struct compare_arm *empty;
	double raw_ns;
	double net_ns;
	double overlap;
	unsigned int marked;
	unsigned int switched;
	double failed;
};

/**
 * struct compare_plan - what to measure, and what was measured
 * @client: NULL if the kernel world is left out
 * @user: whether the user world takes part
 * @pattern: glob that a case must match, or NULL
 * @one: whether to measure with one thread
 * @all: threads of the other run, 0: none
 * @blocks: each gives two slices an arm
 * @slice_ns: length of a slice
 * @seed: of the random order
 * @arms: the arms
 * @narms: how many
 * @explained: set when the client has a message about the error
 * @progress: called before each slice with the share done
 * @stop: asked before each slice
 */
struct compare_plan {
	struct acqrel_client *client;
	bool user;
	const char *pattern;
	bool one;
	unsigned int all;
	unsigned int blocks;
	__u64 slice_ns;
	__u64 seed;
	struct compare_arm *arms;
	unsigned int narms;
	bool explained;
	void (*progress)(unsigned int block, unsigned int blocks, double done);
	bool (*stop)(void);
};

/**
 * struct compare_ratio - kernel time over user time
 * @ratio: median of the blocks with its interval
 * @blocks: that could be used: in both worlds above the empty loop
 */
struct compare_ratio {
	struct interval ratio;
	unsigned int blocks;
};

int compare_prepare(struct compare_plan *plan);
int compare_run(struct compare_plan *plan);
void compare_release(struct compare_plan *plan);

double compare_overlap(const struct acqrel_sample *samples, unsigned int n);
double compare_ns(const struct acqrel_sample *samples, unsigned int n);
double compare_attempts(const struct acqrel_sample *samples, unsigned int n);
int compare_figures(struct compare_arm *arm);
bool compare_refused(const struct compare_arm *arm);
bool compare_doubtful(const struct compare_arm *arm);
int compare_ratio(const struct compare_arm *kernel,
		  const struct compare_arm *user, unsigned int blocks,
		  __u64 *state, struct compare_ratio *ratio);

int compare_print(const struct compare_plan *plan);

#endif /* ACQREL_USER_COMPARE_H */
