// SPDX-License-Identifier: GPL-2.0-only
/*
 * client_change.c - the commands that change something
 */
#include <errno.h>

#include "client_internal.h"

struct config_request {
	unsigned int fields;
	const struct acqrel_config_values *values;
};

static int put_pids(struct nl_msg *msg, const struct acqrel_config_values *v)
{
	struct nlattr *nest = nla_nest_start(msg, ACQREL_A_CONFIG_PIDS);

	if (!nest)
		return -EMSGSIZE;
	for (__u32 i = 0; i < v->nr_pids; i++)
		if (nla_put_u32(msg, ACQREL_A_PIDS_PID, v->pids[i]))
			return -EMSGSIZE;
	/* The empty nest has a meaning, so it must not be left out. */
	return nla_nest_end_keep_empty(msg, nest);
}

static int fill_config(struct nl_msg *msg, const void *arg)
{
	const struct config_request *request = arg;
	const struct acqrel_config_values *v = request->values;
	unsigned int fields = request->fields;
	int rc = 0;

	if (fields & 1U << ACQREL_A_CONFIG_KINDS)
		rc |= nla_put_u32(msg, ACQREL_A_CONFIG_KINDS, v->kinds);
	if (fields & 1U << ACQREL_A_CONFIG_SAMPLE_EVERY)
		rc |= nla_put_u32(msg, ACQREL_A_CONFIG_SAMPLE_EVERY,
				  v->sample_every);
	if (fields & 1U << ACQREL_A_CONFIG_MIN_VALUE_NS)
		rc |= nla_put_u64(msg, ACQREL_A_CONFIG_MIN_VALUE_NS,
				  v->min_value_ns);
	if (fields & 1U << ACQREL_A_CONFIG_POLICY)
		rc |= nla_put_u32(msg, ACQREL_A_CONFIG_POLICY, v->policy);
	if (fields & 1U << ACQREL_A_CONFIG_PIDS)
		rc |= put_pids(msg, v);
	return rc;
}

/**
 * acqrel_client_config_set() - publish a new config
 * @client: the handle
 * @fields: mask of 1 << ACQREL_A_CONFIG_*: which fields are sent
 * @config: what to send; holds the new config on success
 *
 * Return: 0 or -errno; then nothing has changed.
 */
int acqrel_client_config_set(struct acqrel_client *client, unsigned int fields,
			     struct acqrel_config_state *config)
{
	const struct config_request request = { fields, &config->values };
	const struct acqrel_call call = {
		.cmd = ACQREL_CMD_CONFIG_SET,
		.space = &acqrel_config_space,
		.decode = acqrel_decode_config,
		.size = sizeof(*config),
		.fill = fill_config,
		.arg = &request,
	};

	return acqrel_call_one(client, &call, config);
}

/**
 * acqrel_client_reset() - empty rings and zero what was counted
 * @client: the handle
 *
 * Return: 0 or -errno: -EBUSY while a source runs or the device is open.
 */
int acqrel_client_reset(struct acqrel_client *client)
{
	const struct acqrel_call call = { .cmd = ACQREL_CMD_RESET };

	return acqrel_call_one(client, &call, NULL);
}

struct source_request {
	const char *name;
	const struct acqrel_source_params *params;
};

static int fill_source(struct nl_msg *msg, const void *arg)
{
	const struct source_request *request = arg;
	const struct acqrel_source_params *params = request->params;
	int rc = nla_put_string(msg, ACQREL_A_SOURCE_NAME, request->name);

	if (!params)
		return rc;
	if (params->fields & 1U << ACQREL_A_SOURCE_SEED)
		rc |= nla_put_u64(msg, ACQREL_A_SOURCE_SEED, params->seed);
	if (params->fields & 1U << ACQREL_A_SOURCE_RATE)
		rc |= nla_put_u32(msg, ACQREL_A_SOURCE_RATE, params->rate);
	if (params->fields & 1U << ACQREL_A_SOURCE_COUNT)
		rc |= nla_put_u64(msg, ACQREL_A_SOURCE_COUNT, params->count);
	return rc;
}

static int change_source(struct acqrel_client *client, int cmd,
			 const struct source_request *request,
			 struct acqrel_source_values *source)
{
	const struct acqrel_call call = {
		.cmd = cmd,
		.space = &acqrel_source_space,
		.decode = acqrel_decode_source,
		.size = sizeof(*source),
		.fill = fill_source,
		.arg = request,
	};

	return acqrel_call_one(client, &call, source);
}

/**
 * acqrel_client_source_start() - start a source
 * @client: the handle
 * @name: "sched" or "generator"
 * @params: for the generator
 * @source: filled on success
 *
 * Return: 0 or -errno: -EBUSY if it runs.
 */
int acqrel_client_source_start(struct acqrel_client *client, const char *name,
			       const struct acqrel_source_params *params,
			       struct acqrel_source_values *source)
{
	const struct source_request request = { name, params };

	return change_source(client, ACQREL_CMD_SOURCE_START, &request, source);
}

/**
 * acqrel_client_source_stop() - stop a source
 * @client: the handle
 * @name: "sched" or "generator"
 * @source: filled on success
 *
 * Returns when no handler of it runs any more.
 *
 * Return: 0 or -errno.
 */
int acqrel_client_source_stop(struct acqrel_client *client, const char *name,
			      struct acqrel_source_values *source)
{
	const struct source_request request = { name, NULL };

	return change_source(client, ACQREL_CMD_SOURCE_STOP, &request, source);
}
