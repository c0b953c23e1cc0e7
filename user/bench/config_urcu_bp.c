// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config under liburcu's bulletproof flavour: as memb, but threads need not
 * register, so a reader also looks whether it has. A thread registers once and
 * stays so until it exits. Where membarrier(2) is refused the library falls
 * back to barriers, which is not measured here.
 */
#ifdef __SANITIZE_ADDRESS__
/* liburcu 0.13 misaligns its registry, which UBSan would find if inlined */
#define CONFIG_URCU_OUTSIDE
#endif
#define CONFIG_URCU_HEADER	"urcu/urcu-bp.h"

#include "bench/config_urcu.h"
#include "bench/membarrier.h"
#include "bench/variants.h"

CONFIG_URCU_OPS("floor/cpu:load", 2000, "floor/call:membarrier", 2000);

static int config_urcu_bp_create(const struct acqrel_arm_params *p,
				 void **object)
{
	if (!world_has_membarrier())
		return -EOPNOTSUPP;
	return config_urcu_create(p, object);
}

CONFIG_URCU_VARIANT(urcu_bp, config_urcu_bp_create);
