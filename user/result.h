/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * result.h - what a run measured
 *
 * A result is what its JSON document holds (Documentation/result.schema.json):
 * what was measured, where, and every raw sample. plan_run.c fills it,
 * result_write.c and result_read.c turn it into JSON and back, figures.c
 * computes figures from it: the same from a file as right after the run.
 */
#ifndef ACQREL_USER_RESULT_H
#define ACQREL_USER_RESULT_H

#include <jansson.h>

#include "bench.h"
#include "statistics.h"

#define RESULT_SCHEMA		1	/* other majors are refused */
#define RESULT_SCHEMA_MINOR	2	/* keys were added */
#define RESULT_EMPTY		"empty/empty:loop"
#define RESULT_WRITE_MAX	UINT64_MAX	/* write rate: without pause */
#define RESULT_OVERLAP_MIN	0.95	/* of a slice: below is TAG_OVERLAP */

/* why a slice is disturbed: mask of its tags */
enum {
	TAG_OVERLAP	= 0x1,	/* threads had less than 95 % in common */
	TAG_SWITCHED	= 0x2,	/* involuntary context switch */
	TAG_WAITED	= 0x4,	/* ready but off its CPU for over 2 % */
	TAG_MIGRATED	= 0x8,	/* ended on another CPU */
	TAG_STOLEN	= 0x10,	/* the hypervisor took time in its block */
	TAG_THROTTLED	= 0x20,	/* the cgroup ran out of quota in its block */
	TAG_SUSPENDED	= 0x40,	/* the machine slept, or its clock jumped */
	TAG_FAULTED	= 0x80,	/* page fault of a measured thread */
	TAG_COUNT	= 8
};

/**
 * struct result_slice - one slice of a cell
 * @block: it belongs to
 * @repeat: run that the block belongs to: arms were opened anew between them
 * @order: position among the slices of the block
 * @chunk: operations between two clock reads, 0: the case's own
 * @tags: mask of TAG_
 * @samples: one a thread
 */
struct result_slice {
	__u32 block;
	__u32 repeat;
	__u32 order;
	__u32 chunk;
	__u32 tags;
	struct acqrel_sample *samples;
};

/**
 * struct cell_figures - computed from the slices of a cell
 * @raw_ns: median time of an operation, empty loop included; NAN if none
 * @net_ns: the same without the empty loop: the headline, untagged slices
 * @net_all_ns: the same over all slices
 * @mad_ns: median absolute deviation of @net_ns times 1.4826
 * @p5_ns: of the slices
 * @p95_ns: same
 * @min_ns: same
 * @interval: 95 % interval of @net_ns, blocks resampled
 * @bound_ns: what the hardware needs for it at least; NAN if not known
 * @overlap: median
 * @failed: share of operations that failed
 * @retries: for each operation
 * @fill: mean items in the ring; NAN if nobody looked
 * @fairness: operations of the least busy measured thread over the busiest
 * @write_rate: writes a second reached; NAN without a writer
 * @ghz: median clock of the cores; NAN if not known
 * @violations: sum
 * @lost: sum
 * @tagged: slices with a tag
 */
struct cell_figures {
	double raw_ns;
	double net_ns;
	double net_all_ns;
	double mad_ns;
	double p5_ns;
	double p95_ns;
	double min_ns;
	struct interval interval;
	double bound_ns;
	double overlap;
	double failed;
	double retries;
	double fill;
	double fairness;
	double write_rate;
	double ghz;
	__u64 violations;
	__u64 lost;
	unsigned int tagged;
};

/**
 * struct cell - a case in one world with one set of parameters
 * @world: where it runs
 * @name: of the case
 * @flags: of the case
 * @threads: load and writer included
 * @cpus: one a thread
 * @placement: class of distance between @cpus: "one", "any", "smt", "cache",
 *	"socket" or "node"; as measured, see placement.h
 * @payload: bytes, 0: none
 * @write_rate: writes a second asked for, 0: no writer, %RESULT_WRITE_MAX
 * @mode: enum acqrel_bench_mode
 * @pace_ns: time between two operations, 0: saturated
 * @slice_ns: length of a slice: the run's, or longer if the case needs it
 * @plant: control of the engine, see struct acqrel_slice_params
 * @control: index of the cell that this is a second copy of, or -1
 * @empty: index of the empty loop with as many measured threads, or -1
 * @bound: index of the cell that limits it, or -1
 * @bound_times: so many of them, in thousandths
 * @overhead_ns: of a burst, from bursts of three lengths; NAN: not measured
 * @curvature: share by which the middle length is off their line; NAN: same
 * @huge_bytes: huge pages in the mapping of its object; NAN: not known
 * @cost_s: expected of a slice, all in all; not in the file
 * @slices: in the order in which they ran
 * @nslices: how many
 * @latency: of all slices and threads, or NULL
 * @figures: computed by figures_compute()
 */
struct cell {
	enum world world;
	char name[ACQREL_NAME_MAX + 1];
	__u32 flags;
	__u32 threads;
	__u32 *cpus;
	char placement[16];
	__u32 payload;
	__u64 write_rate;
	__u32 mode;
	__u64 pace_ns;
	__u64 slice_ns;
	__u32 plant;
	int control;
	int empty;
	int bound;
	__u32 bound_times;
	double overhead_ns;
	double curvature;
	double huge_bytes;
	double cost_s;
	struct result_slice *slices;
	unsigned int nslices;
	struct latency_sum *latency;
	struct cell_figures figures;
};

/**
 * struct result - a run
 * @env: where it was made, as env_json() gives it
 * @warnings: array of sentences; what a reader must know first
 * @seed: of the order and of the resampling
 * @slice_ns: length of a slice
 * @lead_ns: load before it
 * @blocks: how many; each arm runs twice in a block
 * @emulated: times are those of an emulated CPU: no verdicts
 * @foreign: share of the CPU time that others used during the run
 * @stolen: share that the hypervisor took
 * @cells: everything measured
 * @ncells: how many
 */
struct result {
	json_t *env;
	json_t *warnings;
	__u64 seed;
	__u64 slice_ns;
	__u64 lead_ns;
	__u32 blocks;
	bool emulated;
	double foreign;
	double stolen;
	struct cell *cells;
	unsigned int ncells;
};

const char *result_host_name(const struct result *result);
const char *result_host_id(const struct result *result);
bool result_same_host(const struct result *a, const struct result *b);
void result_init(struct result *result);
void result_release(struct result *result);
struct cell *result_add_cell(struct result *result);
void result_warn(struct result *result, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

json_t *result_to_json(const struct result *result);
int result_from_json(const json_t *json, struct result *result,
		     const char **why);
int result_load(const char *path, struct result *result);
int result_save(const char *path, const struct result *result);

#endif /* ACQREL_USER_RESULT_H */
