// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config under liburcu's mb flavour: readers have three full barriers, and
 * nothing is asked of the kernel.
 */
#define CONFIG_URCU_HEADER	"urcu/urcu-mb.h"

#include "bench/config_urcu.h"
#include "bench/variants.h"

CONFIG_URCU_OPS("floor/cpu:fence", 3000, "floor/cpu:fence", 2000);

CONFIG_URCU_VARIANT(urcu_mb, config_urcu_create);
