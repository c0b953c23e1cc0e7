// SPDX-License-Identifier: GPL-2.0-only
/*
 * client_get.c - the commands that only look
 */
#include <errno.h>

#include "client_internal.h"

/**
 * acqrel_client_config_get() - read the config in force
 * @client: the handle
 * @config: filled on success
 *
 * Return: 0 or -errno.
 */
int acqrel_client_config_get(struct acqrel_client *client,
			     struct acqrel_config_state *config)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_CONFIG_GET,
		.space = &acqrel_config_space,
		.decode = acqrel_decode_config,
		.size = sizeof(*config),
	};

	return acqrel_call_one(client, &call, config);
}

/**
 * acqrel_client_stats() - read the stats of every CPU and kind
 * @client: the handle
 * @stats: set to the list; free() it
 * @n: set to its length
 *
 * Return: 0 or -errno.
 */
int acqrel_client_stats(struct acqrel_client *client,
			struct acqrel_stats_values **stats, size_t *n)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_STATS_GET,
		.dump = true,
		.space = &acqrel_stats_space,
		.decode = acqrel_decode_stats,
		.size = sizeof(**stats),
	};

	return acqrel_call_dump(client, &call, (void **)stats, n);
}

/**
 * acqrel_client_counters() - read every counter, in total and of every CPU
 * @client: the handle
 * @counters: set to the list; free() it
 * @n: set to its length
 *
 * Return: 0 or -errno.
 */
int acqrel_client_counters(struct acqrel_client *client,
			   struct acqrel_counter_values **counters, size_t *n)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_COUNTER_GET,
		.dump = true,
		.space = &acqrel_counter_space,
		.decode = acqrel_decode_counter,
		.size = sizeof(**counters),
	};

	return acqrel_call_dump(client, &call, (void **)counters, n);
}

static int fill_checks(struct nl_msg *msg, const void *arg)
{
	const unsigned int *checks = arg;

	return *checks ? nla_put_u32(msg, ACQREL_A_RING_CHECKS, *checks) : 0;
}

/**
 * acqrel_client_rings() - read ring and books of every CPU
 * @client: the handle
 * @checks: snapshots to check on each CPU, 0: none
 * @rings: set to the list; free() it
 * @n: set to its length
 *
 * Return: 0 or -errno.
 */
int acqrel_client_rings(struct acqrel_client *client, unsigned int checks,
			struct acqrel_ring_values **rings, size_t *n)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_RING_GET,
		.dump = true,
		.space = &acqrel_ring_space,
		.decode = acqrel_decode_ring,
		.size = sizeof(**rings),
		.fill = fill_checks,
		.arg = &checks,
	};

	return acqrel_call_dump(client, &call, (void **)rings, n);
}

/**
 * acqrel_client_sources() - read the state of every source
 * @client: the handle
 * @sources: set to the list; free() it
 * @n: set to its length
 *
 * Return: 0 or -errno.
 */
int acqrel_client_sources(struct acqrel_client *client,
			  struct acqrel_source_values **sources, size_t *n)
{
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_SOURCE_GET,
		.dump = true,
		.space = &acqrel_source_space,
		.decode = acqrel_decode_source,
		.size = sizeof(**sources),
	};

	return acqrel_call_dump(client, &call, (void **)sources, n);
}
