/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Replay in the kernel world: include/acqrel/replay.h behind write() and
 * read().
 */
#ifndef ACQREL_KMOD_REPLAY_H
#define ACQREL_KMOD_REPLAY_H

#include <linux/types.h>

struct acqrel_player;

struct acqrel_player *acqrel_player_new(void);
void acqrel_player_free(struct acqrel_player *p);
ssize_t acqrel_player_write(struct acqrel_player *p, const char __user *buf,
			    size_t len);
ssize_t acqrel_player_read(struct acqrel_player *p, char __user *buf,
			   size_t len);

#endif /* ACQREL_KMOD_REPLAY_H */
