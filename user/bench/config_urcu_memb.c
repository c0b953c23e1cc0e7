// SPDX-License-Identifier: GPL-2.0-only
/*
 * Config under liburcu's memb flavour: readers have no barrier, who waits for
 * them interrupts them by membarrier(2). Where that is refused the library
 * falls back to barriers; it is then urcu_mb, and not measured here.
 */
#define CONFIG_URCU_HEADER	"urcu/urcu-memb.h"

#include "bench/config_urcu.h"
#include "bench/membarrier.h"
#include "bench/variants.h"

CONFIG_URCU_OPS("floor/cpu:load", 2000, "floor/call:membarrier", 2000);

static int config_urcu_memb_create(const struct acqrel_arm_params *p,
				   void **object)
{
	if (!world_has_membarrier())
		return -EOPNOTSUPP;
	return config_urcu_create(p, object);
}

CONFIG_URCU_VARIANT(urcu_memb, config_urcu_memb_create);
