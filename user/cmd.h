/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cmd.h - the commands, one file each, and what they share
 */
#ifndef ACQREL_USER_CMD_H
#define ACQREL_USER_CMD_H

#include <limits.h>
#include <stdio.h>

#include "args.h"
#include "client.h"
#include "out.h"

extern const struct command config_commands[];
extern const struct command stats_commands[];
extern const struct command counter_commands[];
extern const struct command ring_commands[];
extern const struct command source_commands[];
extern const struct command pipeline_commands[];
extern const struct command trace_commands[];
extern const struct command litmus_commands[];

int cmd_status(struct args *args);
int cmd_config_show(struct args *args);
int cmd_stats_show(struct args *args);
int cmd_counter_show(struct args *args);
int cmd_ring_show(struct args *args);
int cmd_ring_drain(struct args *args);
int cmd_source_list(struct args *args);
int cmd_pipeline_verify(struct args *args);
int cmd_record(struct args *args);
int cmd_replay(struct args *args);
int cmd_export(struct args *args);
int cmd_report(struct args *args);
int cmd_reset(struct args *args);
int cmd_version(struct args *args);

/* session.c: a connection, and failures as exit status */
struct acqrel_client *session_open(int *status);
int session_fail(struct acqrel_client *client, int error, const char *what);
bool session_module_present(void);
bool session_module_version(char *version, int size);

/* interrupt.c: Ctrl-C and SIGTERM end a loop instead of the program */
void interrupt_catch(void);
void interrupt_allow(bool allow);
void interrupt_release(void);
bool interrupt_seen(void);
int interrupt_poll(int fd, int timeout_ms);

/* config_words.c: "sample_every 10 policy drop" */
bool config_words(struct args *args, struct acqrel_config_values *values,
		  unsigned int *fields);
void config_print(const struct acqrel_config_values *values);

/* cmd_ring.c, cmd_stats.c: what both worlds print */
bool ring_print(const struct acqrel_ring_values *rings, size_t n,
		const char *unit, struct acqrel_ring_values *total);
void stats_print(const struct acqrel_stats_values *stats, size_t n,
		 const char *each);

/* source_wait.c: run the generator to its end */
int source_run(struct acqrel_client *client, const char *name,
	       const struct acqrel_source_params *params,
	       struct acqrel_source_values *source);

#endif /* ACQREL_USER_CMD_H */
