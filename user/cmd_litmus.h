/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cmd_litmus.h - acqrel litmus: what its commands share
 */
#ifndef ACQREL_USER_CMD_LITMUS_H
#define ACQREL_USER_CMD_LITMUS_H

#include "cmd.h"
#include "litmus.h"

/**
 * struct litmus_row - a test and what it showed
 * @test: the test
 * @result: in each world
 * @ran: whether @result has trials
 */
struct litmus_row {
	const struct acqrel_litmus_test *test;
	struct litmus_result result[LITMUS_WORLDS];
	bool ran[LITMUS_WORLDS];
};

/* litmus_print.c */
bool litmus_print(const struct litmus_row *rows, size_t n, __u64 seed,
		  bool outcomes);

/* cmd_litmus.c, cmd_litmus_run.c */
int cmd_litmus_list(struct args *args);
int cmd_litmus_show(struct args *args);
int cmd_litmus_run(struct args *args);

const struct acqrel_litmus_test **litmus_select(const struct args *args,
						size_t *n);
void litmus_json_test(json_t *object, const struct acqrel_litmus_test *test);

#endif /* ACQREL_USER_CMD_LITMUS_H */
