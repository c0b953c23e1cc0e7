/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs of litmus tests, one at a time, each of one owner. Nobody waits for a
 * run: its end is announced. What was counted stays until the next run begins
 * or the owner's socket closes.
 */
#ifndef ACQREL_KMOD_LITMUS_ENGINE_H
#define ACQREL_KMOD_LITMUS_ENGINE_H

#include <linux/types.h>

struct acqrel_litmus_job;
struct acqrel_litmus_request;

int acqrel_litmus_start(u32 owner, const struct acqrel_litmus_request *rq,
			u32 *run, const char **why);
int acqrel_litmus_cancel(u32 owner, u32 run, const char **why);
void acqrel_litmus_owner_gone(u32 owner);

const struct acqrel_litmus_job *acqrel_litmus_hold(u32 run, const char **why);
void acqrel_litmus_release(void);

int acqrel_litmus_engine_init(void);
void acqrel_litmus_engine_exit(void);

#endif /* ACQREL_KMOD_LITMUS_ENGINE_H */
