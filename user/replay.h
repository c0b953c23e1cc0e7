/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay.h - a trace through a pipeline again, in either world
 *
 * Both worlds run include/acqrel/replay.h over the same records and give the
 * same struct acqrel_trace_result for each stream of the file, in its order.
 */
#ifndef ACQREL_USER_REPLAY_H
#define ACQREL_USER_REPLAY_H

#include "trace.h"

/**
 * struct replay_run - what a replay came to
 * @results: one for each stream of the trace
 * @streams: how many
 * @elapsed_ns: from the first event to the last
 * @busy_ns: CPU time of all threads in it
 * @why: why it ended early, or empty
 */
struct replay_run {
	struct acqrel_trace_result *results;
	unsigned int streams;
	__u64 elapsed_ns;
	__u64 busy_ns;
	char why[TRACE_WHY];
};

/* replay.c: in user space, whole streams a thread */
int replay_user(const struct trace *trace, unsigned int threads,
		struct replay_run *run);

/* replay_kernel.c: by write() to the device */
int replay_kernel(const struct trace *trace, struct replay_run *run);

void replay_free(struct replay_run *run);

/**
 * struct replay_compared - the outcome of a comparison
 * @compared: numbers compared
 * @different: of them
 * @report: called for each that differs; @where names the CPU, @what the
 *	figure, the numbers follow in the order of the names of the two sides
 */
struct replay_compared {
	unsigned int compared;
	unsigned int different;
	void (*report)(const char *where, const char *what, __u64 a, __u64 b);
};

/* replay_compare.c */
void replay_compare_closing(const struct trace *trace,
			    const struct replay_run *run,
			    struct replay_compared *result);
void replay_compare_runs(const struct replay_run *a, const struct replay_run *b,
			 struct replay_compared *result);
__u64 replay_digest(const struct replay_run *run);

#endif /* ACQREL_USER_REPLAY_H */
