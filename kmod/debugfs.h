/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ACQREL_KMOD_DEBUGFS_H
#define ACQREL_KMOD_DEBUGFS_H

void acqrel_debugfs_init(void);
void acqrel_debugfs_exit(void);

#endif /* ACQREL_KMOD_DEBUGFS_H */
