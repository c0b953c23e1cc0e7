/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * env.h - where a result was made
 */
#ifndef ACQREL_USER_ENV_H
#define ACQREL_USER_ENV_H

#include <jansson.h>
#include <stdbool.h>

#define ENV_CPUS_MAX	8192	/* that a kernel can be built for */

struct result;

json_t *env_json(void);
void env_warn(struct result *result);
void env_libraries(void);
void env_module(void);

bool env_emulated(void);
int env_online_cpus(unsigned int *cpus, int max);
int env_allowed_cpus(unsigned int *cpus, int max);

#endif /* ACQREL_USER_ENV_H */
