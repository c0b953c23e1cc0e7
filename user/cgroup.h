/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cgroup.h - what the control group of this process does to its CPU time
 *
 * Of version 2 or, where the CPU controller is still there, of version 1. The
 * quota of a parent binds, too.
 */
#ifndef ACQREL_USER_CGROUP_H
#define ACQREL_USER_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

__u64 cgroup_throttled(const char *root);
bool cgroup_quota(const char *root, char *quota, size_t size, double *cpus);

#endif /* ACQREL_USER_CGROUP_H */
