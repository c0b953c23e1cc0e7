/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cmd_litmus.h - acqrel litmus: what its commands share
 */
#ifndef ACQREL_USER_CMD_LITMUS_H
#define ACQREL_USER_CMD_LITMUS_H

#include "cmd.h"
#include "litmus.h"

int cmd_litmus_list(struct args *args);
int cmd_litmus_show(struct args *args);
int cmd_litmus_run(struct args *args);

const struct acqrel_litmus_test **litmus_select(const struct args *args,
						size_t *n);
void litmus_json_test(json_t *object, const struct acqrel_litmus_test *test);

#endif /* ACQREL_USER_CMD_LITMUS_H */
