/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sources: where events come from. A source is a row in the table of source.c.
 */
#ifndef ACQREL_KMOD_SOURCE_H
#define ACQREL_KMOD_SOURCE_H

#include <linux/percpu.h>
#include <linux/sched/clock.h>
#include <linux/types.h>

/**
 * struct acqrel_source_params - what a start may ask for
 * @seed: of the generator
 * @count: events over all streams, 0: until stopped
 * @rate: events a second over all streams, 0: unlimited
 * @given: some parameter was given
 */
struct acqrel_source_params {
	u64 seed;
	u64 count;
	u32 rate;
	bool given;
};

/**
 * struct acqrel_source_cost - what handling cost, on one CPU
 * @calls: of handlers, whether they offer an event or not
 * @offered: events
 * @ns: sum over the sampled calls; [0] nothing passed, [1] an event passed
 * @n: sampled calls
 */
struct acqrel_source_cost {
	u64 calls;
	u64 offered;
	u64 ns[2];
	u64 n[2];
};

/**
 * struct acqrel_source_info - the state of a source
 * @name: its name
 * @running: it is
 * @generates: the generator's parameters below are meaningful
 * @params: of the last start
 * @streams: of the last start
 * @cost: summed over CPUs
 */
struct acqrel_source_info {
	const char *name;
	bool running;
	bool generates;
	struct acqrel_source_params params;
	unsigned int streams;
	struct acqrel_source_cost cost;
};

/**
 * struct acqrel_source_ops - a kind of source
 * @name: what it is called
 * @cost: its figures
 * @generates: it takes parameters
 * @start: begin to offer events; may sleep. @why gets a sentence on failure.
 * @stop: end it; returns when no event is under way; may sleep
 * @finished: it ran out of events by itself, or NULL if it never does
 * @fill: state beyond name, running and cost, or NULL
 *
 * start, stop, finished and fill are called with the lock of source.c held.
 */
struct acqrel_source_ops {
	const char *name;
	struct acqrel_source_cost __percpu *cost;
	bool generates;
	int (*start)(const struct acqrel_source_params *p, const char **why);
	void (*stop)(void);
	bool (*finished)(void);
	void (*fill)(struct acqrel_source_info *info);
};

extern const struct acqrel_source_ops acqrel_source_sched;
extern const struct acqrel_source_ops acqrel_source_generator;

unsigned int acqrel_source_count(void);
int acqrel_source_find(const char *name);
void acqrel_source_read(unsigned int i, struct acqrel_source_info *info);
unsigned int acqrel_source_changes(void);
int acqrel_source_start(unsigned int i, const struct acqrel_source_params *p,
			const char **why);
void acqrel_source_stop(unsigned int i);
void acqrel_source_finished(const struct acqrel_source_ops *ops);
int acqrel_sources_reset(void);
void acqrel_sources_exit(void);
void acqrel_generator_exit(void);

/* calls for each one that is timed; prime, so that no pattern keeps step */
#define ACQREL_COST_EVERY	61

/**
 * acqrel_cost_begin() - time this call?
 * @cost: of the source
 *
 * Context: any.
 * Return: for acqrel_cost_end().
 */
static __always_inline u64
acqrel_cost_begin(struct acqrel_source_cost __percpu *cost)
{
	if (likely(this_cpu_inc_return(cost->calls) % ACQREL_COST_EVERY))
		return 0;
	return local_clock();
}

/**
 * acqrel_cost_end() - the call is over
 * @cost: of the source
 * @start: what acqrel_cost_begin() returned
 * @passed: an event passed
 */
static __always_inline void
acqrel_cost_end(struct acqrel_source_cost __percpu *cost, u64 start,
		bool passed)
{
	if (likely(!start))
		return;
	this_cpu_add(cost->ns[passed], local_clock() - start);
	this_cpu_inc(cost->n[passed]);
}

#endif /* ACQREL_KMOD_SOURCE_H */
