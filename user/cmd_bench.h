/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cmd_bench.h - the commands that measure
 */
#ifndef ACQREL_USER_CMD_BENCH_H
#define ACQREL_USER_CMD_BENCH_H

#include "cmd.h"

extern const struct command bench_commands[];

int cmd_bench_list(struct args *args);
int cmd_bench_run(struct args *args);
int cmd_bench_floor(struct args *args);
int cmd_compare(struct args *args);

#endif /* ACQREL_USER_CMD_BENCH_H */
