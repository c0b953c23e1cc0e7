// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config under liburcu's QSBR flavour: a read has no code of its own, and
 * threads report quiescent states instead: here one at the end of each burst,
 * that is after 256 reads. Where each read is timed or paced, after each.
 */
#define CONFIG_URCU_HEADER	"urcu/urcu-qsbr.h"

#include "bench/config_urcu.h"
#include "bench/variants.h"

CONFIG_URCU_OPS("floor/cpu:load", 2000, "floor/cpu:fence", 2000);

CONFIG_URCU_VARIANT(urcu_qsbr, config_urcu_create);
