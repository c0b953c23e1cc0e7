/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * env_read.h - files of the kernel, and the parts of the environment
 *
 * What cannot be read is null in the record, never guessed.
 */
#ifndef ACQREL_USER_ENV_READ_H
#define ACQREL_USER_ENV_READ_H

#include <jansson.h>
#include <stdbool.h>

#define ENV_LINE	4096

bool env_read_line(const char *path, char line[ENV_LINE]);
bool env_read_cpuinfo(const char *key, char line[ENV_LINE]);
json_t *env_file(const char *path);
json_t *env_cpu_list(const char *text);

/* the parts: each adds its keys to @env */
void env_add_cpu(json_t *env);
void env_add_kernel(json_t *env);
void env_add_limits(json_t *env);

#endif /* ACQREL_USER_ENV_READ_H */
