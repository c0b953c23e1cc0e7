/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ACQREL_KMOD_DEVICE_H
#define ACQREL_KMOD_DEVICE_H

int acqrel_device_init(void);
void acqrel_device_exit(void);

#endif /* ACQREL_KMOD_DEVICE_H */
