/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cmd_trace.h - what the commands that look at traces share
 */
#ifndef ACQREL_USER_CMD_TRACE_H
#define ACQREL_USER_CMD_TRACE_H

#include "cmd.h"
#include "trace_walk.h"

#define TRACE_CONFIG_TEXT	1024
#define TRACE_SECONDS_TEXT	32

/**
 * struct trace_view - a trace that is looked at
 * @path: of its file
 * @trace: the file
 * @head: of it
 * @cpus: whose streams are walked along; none means all
 * @walk: along its streams
 * @start_ns: CLOCK_MONOTONIC when it began
 * @end_ns: when it ended, or of the last record
 */
struct trace_view {
	const char *path;
	struct trace *trace;
	const struct acqrel_trace_head *head;
	const struct args_numbers *cpus;
	struct trace_walk *walk;
	__u64 start_ns;
	__u64 end_ns;
};

int trace_view_open(struct trace_view *view, const struct args *args,
		    const struct args_numbers *cpus);
int trace_view_again(struct trace_view *view);
void trace_view_extent(const struct trace_view *view);
int trace_view_close(struct trace_view *view, int status);

__u64 trace_since(const struct trace_view *view, __u64 clock_ns);
const char *trace_seconds(__u64 ns, char text[TRACE_SECONDS_TEXT]);
void trace_config_text(const struct acqrel_config_values *values,
		       const struct acqrel_config_values *before,
		       char text[TRACE_CONFIG_TEXT]);

int cmd_trace_show(struct args *args);
int cmd_trace_stat(struct args *args);
int cmd_trace_dump(struct args *args);
int cmd_trace_export(struct args *args);

#endif /* ACQREL_USER_CMD_TRACE_H */
