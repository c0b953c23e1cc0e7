/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run_effect.h - what differs from one run to the next without a reason
 */
#ifndef ACQREL_USER_RUN_EFFECT_H
#define ACQREL_USER_RUN_EFFECT_H

#include "result.h"

double run_effect(const struct result *a, const struct result *b,
		  const struct cell *cell);

#endif /* ACQREL_USER_RUN_EFFECT_H */
