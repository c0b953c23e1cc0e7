// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_config.c - acqrel config
 */
#include <errno.h>

#include "cmd.h"

#define LOOK_MS	1000

static void print(const struct acqrel_config_state *config)
{
	out_u64("generation", "generation", config->generation);
	config_print(&config->values);
}

/**
 * cmd_config_show() - print the config in force
 * @args: words
 *
 * Return: exit status.
 */
int cmd_config_show(struct args *args)
{
	struct acqrel_config_state config;
	struct acqrel_client *client;
	int rc;

	if (!args_parse(args, NULL, 0))
		return args->status;
	client = session_open(&args->status);
	if (!client)
		return args->status;
	rc = acqrel_client_config_get(client, &config);
	if (rc)
		rc = session_fail(client, rc, "read the config");
	else
		print(&config);
	acqrel_client_close(client);
	return rc;
}

static int config_set(struct args *args)
{
	struct acqrel_config_state config = { 0 };
	struct acqrel_client *client;
	unsigned int fields;
	int rc;

	if (!args_parse(args, NULL, INT_MAX) ||
	    !config_words(args, &config.values, &fields))
		return args->status;
	if (!fields) {
		out_error("name at least one field, like: acqrel config set sample_every 10");
		return STATUS_USAGE;
	}
	client = session_open(&args->status);
	if (!client)
		return args->status;
	rc = acqrel_client_config_set(client, fields, &config);
	if (rc)
		rc = session_fail(client, rc, "set the config");
	else
		print(&config);
	acqrel_client_close(client);
	return rc;
}

/* Returns 0 or -errno if the output takes no more. */
static int watch_print(const struct acqrel_config_state *config, __u64 *shown)
{
	int rc;

	if (*shown >= config->generation)
		return 0;
	interrupt_allow(true);
	*shown = config->generation;
	print(config);
	out_text("\n");
	out_line();
	rc = out_flush();
	interrupt_allow(false);
	return rc;
}

/* Lost messages are made up for by reading the config that is in force. */
static int watch_next(struct acqrel_client *client,
		      struct acqrel_config_state *config)
{
	struct acqrel_notice notice;
	int rc = acqrel_client_event(client, &notice);

	if (rc == -ENOBUFS)
		return acqrel_client_config_get(client, config) ?: 1;
	if (rc == 1 && notice.cmd == ACQREL_CMD_CONFIG_NTF)
		*config = notice.config;
	return rc;
}

/*
 * Nothing tells a listener that the module goes away. A module loaded anew
 * counts from 1 again, and is not the one that was listened to.
 */
static int watch_look(struct acqrel_client *client,
		      struct acqrel_config_state *config, __u64 shown)
{
	int rc = acqrel_client_config_get(client, config);

	return rc || config->generation >= shown ? rc : -ENOENT;
}

static int watch_loop(struct acqrel_client *client)
{
	struct acqrel_config_state config;
	__u64 shown = 0;
	int rc;

	rc = acqrel_client_subscribe(client, ACQREL_MCGRP_CONFIG) ?:
	     acqrel_client_config_get(client, &config);
	while (rc >= 0) {
		/* out_finish() says why */
		if (watch_print(&config, &shown) || interrupt_seen())
			return 0;
		rc = interrupt_poll(acqrel_client_events_fd(client), LOOK_MS);
		if (rc > 0)
			rc = watch_next(client, &config);
		else if (!rc)
			rc = watch_look(client, &config, shown);
	}
	return rc;
}

static int config_watch(struct args *args)
{
	struct acqrel_client *client;
	int rc;

	if (!args_parse(args, NULL, 0))
		return args->status;
	client = session_open(&args->status);
	if (!client)
		return args->status;
	interrupt_catch();
	rc = watch_loop(client);
	interrupt_allow(true);
	if (rc == -ENOENT) {
		out_error("the module was unloaded");
		rc = STATUS_ABSENT;
	} else if (rc < 0) {
		rc = session_fail(client, rc, "watch the config");
	}
	acqrel_client_close(client);
	return rc;
}

const struct command config_commands[] = {
	{ "show", NULL, "print the config in force", cmd_config_show, NULL },
	{ "set", "FIELD VALUE ...",
	  "publish: sample_every, min_value_ns, policy, kinds, pids",
	  config_set, NULL },
	{ "watch", NULL, "print each new generation until interrupted",
	  config_watch, NULL },
	{ }
};
