/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Config: what a snapshot holds, how a request is checked, and how a snapshot
 * is made from it.
 *
 * A snapshot is one allocation, immutable after publication, so a reader can
 * never mix two. How it is published and reclaimed differs between the
 * worlds: kmod/config.c and user/config.c.
 *
 * Edges:
 *
 *	config.publish	snapshot filled, rcu_assign_pointer() ->
 *			rcu_dereference(), fields
 *	config.reclaim	rcu_read_unlock() -> end of the grace period, free
 *	config.callbacks	last use of the cell in a callback ->
 *			end of rcu_barrier(), cell freed
 */
#ifndef ACQREL_CONFIG_H
#define ACQREL_CONFIG_H

#include <acqrel/order.h>
#include <linux/acqrel.h>

/**
 * struct acqrel_config_values - what a writer asks for
 * @min_value_ns: events with a smaller value, or without one, are filtered
 * @kinds: mask of 1 << enum acqrel_kind
 * @sample_every: one event in this many passes, 1..%ACQREL_SAMPLE_MAX
 * @policy: enum acqrel_policy
 * @nr_pids: entries of @pids in use, 0..%ACQREL_PIDS_MAX; 0: no pid filter
 * @pids: thread ids, initial pid namespace, 1..%ACQREL_PID_LIMIT
 */
struct acqrel_config_values {
	u64 min_value_ns;
	u32 kinds;
	u32 sample_every;
	u32 policy;
	u32 nr_pids;
	s32 pids[ACQREL_PIDS_MAX];
};

/**
 * struct acqrel_config - a published snapshot
 * @generation: 1 for the first, one more each time
 * @min_value_ns: as in struct acqrel_config_values, like the rest
 * @kinds: same
 * @sample_every: same
 * @policy: same
 * @nr_pids: length of @pids
 * @pids: same
 */
struct acqrel_config {
	u64 generation;
	u64 min_value_ns;
	u32 kinds;
	u32 sample_every;
	u32 policy;
	u32 nr_pids;
	s32 pids[];
};

/**
 * acqrel_config_defaults() - everything passes, a full ring drops the newest
 * @v: where to
 */
static inline void acqrel_config_defaults(struct acqrel_config_values *v)
{
	memset(v, 0, sizeof(*v));
	v->kinds = ACQREL_KINDS_ALL;
	v->sample_every = 1;
	v->policy = ACQREL_POLICY_DROP_NEWEST;
}

/**
 * acqrel_config_check() - judge a request
 * @v: the request
 *
 * Return: NULL if it is good, else a sentence that names what is wrong.
 */
static inline const char *
acqrel_config_check(const struct acqrel_config_values *v)
{
	u32 i;

	if (v->kinds & ~ACQREL_KINDS_ALL)
		return "kinds has a bit that is no kind of event";
	if (!v->sample_every || v->sample_every > ACQREL_SAMPLE_MAX)
		return "sample_every must be 1 to 1048576";
	if (v->policy >= __ACQREL_POLICY_COUNT)
		return "policy must be 0 (drop newest) or 1 (overwrite oldest)";
	if (v->nr_pids > ACQREL_PIDS_MAX)
		return "at most 64 thread ids fit into the pid filter";
	for (i = 0; i < v->nr_pids; i++)
		if (v->pids[i] < 1 || v->pids[i] > ACQREL_PID_LIMIT)
			return "a thread id must be 1 to 4194304";
	return NULL;
}

static inline size_t acqrel_config_size(const struct acqrel_config_values *v)
{
	return sizeof(struct acqrel_config) + v->nr_pids * sizeof(s32);
}

/**
 * acqrel_config_fill() - make a snapshot
 * @c: acqrel_config_size() bytes that nobody else can see yet
 * @v: checked values
 * @generation: its number
 */
static inline void acqrel_config_fill(struct acqrel_config *c,
				      const struct acqrel_config_values *v,
				      u64 generation)
{
	c->generation = generation;
	c->min_value_ns = v->min_value_ns;
	c->kinds = v->kinds;
	c->sample_every = v->sample_every;
	c->policy = v->policy;
	c->nr_pids = v->nr_pids;
	memcpy(c->pids, v->pids, v->nr_pids * sizeof(s32));
}

/**
 * acqrel_config_values() - the request that would make this snapshot
 * @c: a snapshot that cannot go away
 * @v: where to
 */
static inline void acqrel_config_values(const struct acqrel_config *c,
					struct acqrel_config_values *v)
{
	acqrel_config_defaults(v);
	v->min_value_ns = c->min_value_ns;
	v->kinds = c->kinds;
	v->sample_every = c->sample_every;
	v->policy = c->policy;
	v->nr_pids = c->nr_pids;
	memcpy(v->pids, c->pids, c->nr_pids * sizeof(s32));
}

static inline bool acqrel_config_has_pid(const struct acqrel_config *c, s32 pid)
{
	u32 i;

	for (i = 0; i < c->nr_pids; i++)
		if (c->pids[i] == pid)
			return true;
	return false;
}

#endif /* ACQREL_CONFIG_H */
