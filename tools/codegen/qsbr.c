// SPDX-License-Identifier: GPL-2.0-only
/*
 * paths.c for liburcu's QSBR flavour, which cannot be in one file with the
 * other.
 */
#define _LGPL_SOURCE
#include <urcu-qsbr.h>
#include <acqrel/config.h>

u64 codegen_config_read_qsbr(struct acqrel_config *const *at)
{
	u64 generation;

	rcu_read_lock();
	generation = rcu_dereference(*at)->generation;
	rcu_read_unlock();
	return generation;
}
