/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay.h - a trace through a pipeline again, in either world
 *
 * Both worlds run include/acqrel/replay.h over the same records and give the
 * same struct acqrel_trace_result for each stream of the file, in its order.
 */
#ifndef ACQREL_USER_REPLAY_H
#define ACQREL_USER_REPLAY_H

#include <sys/types.h>

#include "trace.h"
#include "verify.h"

/**
 * struct replay_run - a replay, and what it came to
 * @progress: called now and then if the caller has set it: events so far
 * @results: one for each stream of the trace
 * @streams: how many
 * @events: replayed
 * @elapsed_ns: from the first event to the last
 * @busy_ns: CPU time of all threads in it
 * @why: why it ended early, or empty
 */
struct replay_run {
	void (*progress)(__u64 events);
	struct acqrel_trace_result *results;
	unsigned int streams;
	__u64 events;
	__u64 elapsed_ns;
	__u64 busy_ns;
	char why[TRACE_WHY];
};

/**
 * struct replay_device - what replay_kernel() does to the device
 * @write: as write(), but -errno
 * @read: as read(), but -errno
 * @fd: for them
 */
struct replay_device {
	ssize_t (*write)(const struct replay_device *dev, const void *data,
			 size_t bytes);
	ssize_t (*read)(const struct replay_device *dev, void *data,
			size_t bytes);
	int fd;
};

/* replay.c: in user space, whole streams a thread */
int replay_user(const struct trace *trace, unsigned int threads,
		struct replay_run *run);
void replay_free(struct replay_run *run);

/* replay_kernel.c: by write() to the device */
int replay_kernel(const struct trace *trace, struct replay_run *run);
int replay_kernel_on(const struct replay_device *dev,
		     const struct trace *trace, struct replay_run *run);

/* replay_compare.c */
void replay_compare_closing(const struct trace *trace,
			    const struct replay_run *run,
			    struct verify_result *result);
void replay_compare_runs(const struct replay_run *a, const struct replay_run *b,
			 struct verify_result *result);
__u64 replay_digest(const struct replay_run *run);

/* replay_print.c */
void replay_print(const struct trace *trace, const struct replay_run *run,
		  const char *world, unsigned int threads);
void replay_print_first(const struct replay_run *run, const char *world);

#endif /* ACQREL_USER_REPLAY_H */
