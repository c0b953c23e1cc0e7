/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * env.h - where a result was made
 */
#ifndef ACQREL_USER_ENV_H
#define ACQREL_USER_ENV_H

#include <stdbool.h>

bool env_emulated(void);
void env_print(void);
void env_libraries(void);
void env_module(void);
int env_online_cpus(unsigned int *cpus, int max);
int env_allowed_cpus(unsigned int *cpus, int max);

#endif /* ACQREL_USER_ENV_H */
