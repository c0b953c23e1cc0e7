/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Config in the kernel world: RCU publishes the snapshots of
 * include/acqrel/config.h, call_rcu() frees them.
 */
#ifndef ACQREL_KMOD_CONFIG_H
#define ACQREL_KMOD_CONFIG_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <acqrel/config.h>
#include <acqrel/grace.h>

struct acqrel_config_node;

/**
 * struct acqrel_config_cell - a place where configs are published
 * @node: the config in force, never NULL between init and destroy
 * @lock: serialises writers
 * @grace_lock: callbacks of several CPUs write
 * @grace: latencies
 */
struct acqrel_config_cell {
	struct acqrel_config_node __rcu *node;
	struct mutex lock;	/* serialises writers */
	spinlock_t grace_lock;	/* protects grace */
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

/* the pipeline's config */
extern struct acqrel_config_cell acqrel_live_config;

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
	/* pairs with the publish in acqrel_config_publish(): config.publish */
	return &rcu_dereference(cell->node)->config;
}

#endif /* ACQREL_KMOD_CONFIG_H */
