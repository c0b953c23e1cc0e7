/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Config in the user world: liburcu publishes the snapshots of
 * include/acqrel/config.h and frees them after a grace period.
 *
 * Readers are registered with rcu_register_thread(), and so are writers that
 * reclaim with call_rcu(). Others need not be. A process that forks and goes on
 * in the child calls call_rcu_before_fork(), call_rcu_after_fork_parent() and
 * call_rcu_after_fork_child() itself.
 */
#ifndef ACQREL_USER_CONFIG_H
#define ACQREL_USER_CONFIG_H

#include <pthread.h>
#include <acqrel/config.h>
#include <acqrel/grace.h>
#include "rcu.h"

#define ACQREL_RETIRED_MAX	65536

/**
 * enum acqrel_reclaim - how a replaced snapshot is freed
 * @ACQREL_RECLAIM_CALL: call_rcu(); the writer goes on, and waits only when
 *	%ACQREL_RETIRED_MAX snapshots are not freed yet
 * @ACQREL_RECLAIM_SYNCHRONIZE: synchronize_rcu(); the writer waits
 */
enum acqrel_reclaim {
	ACQREL_RECLAIM_CALL,
	ACQREL_RECLAIM_SYNCHRONIZE,
};

struct acqrel_config_node;

/**
 * struct acqrel_config_cell - a place where configs are published
 * @node: the config in force, never NULL between init and destroy
 * @lock: serialises writers
 * @reclaim: may be changed before the first publish
 * @retired: snapshots given to call_rcu() and not freed yet
 * @grace_lock: callbacks and waiting writers write
 * @grace: latencies
 */
struct acqrel_config_cell {
	struct acqrel_config_node __rcu *node;
	pthread_mutex_t lock;	/* serialises writers */
	enum acqrel_reclaim reclaim;
	u64 retired;
	pthread_mutex_t grace_lock;	/* protects grace */
	struct acqrel_grace grace;
};

/**
 * struct acqrel_config_node - a snapshot and what its reclaim needs
 * @rcu: for call_rcu()
 * @retired_ns: when it was replaced
 * @cell: where it was in force
 * @config: immutable after publication
 */
struct acqrel_config_node {
	struct rcu_head rcu;
	u64 retired_ns;
	struct acqrel_config_cell *cell;
	struct acqrel_config config;
};

int acqrel_config_cell_init(struct acqrel_config_cell *cell);
void acqrel_config_cell_destroy(struct acqrel_config_cell *cell);
int acqrel_config_publish(struct acqrel_config_cell *cell,
			  const struct acqrel_config_values *v,
			  const char **why);
void acqrel_config_snapshot(struct acqrel_config_cell *cell,
			    struct acqrel_config_values *v, u64 *generation);
void acqrel_grace_read(struct acqrel_config_cell *cell,
		       struct acqrel_grace *to);
u64 acqrel_grace_median(struct acqrel_grace *copy);

/**
 * acqrel_config_dereference() - the config in force
 * @cell: where it is published
 *
 * Context: inside rcu_read_lock(). The snapshot is valid until the unlock.
 */
static __always_inline const struct acqrel_config *
acqrel_config_dereference(struct acqrel_config_cell *cell)
{
	/* pairs with the publish in acqrel_config_replace(): config.publish */
	return &rcu_dereference(cell->node)->config;
}

#endif /* ACQREL_USER_CONFIG_H */
