// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_reset.c - acqrel reset
 */
#include <errno.h>

#include "cmd.h"

/**
 * cmd_reset() - empty the rings and zero what was counted
 * @args: words
 *
 * Return: exit status.
 */
int cmd_reset(struct args *args)
{
	struct acqrel_client *client;
	int rc;

	if (!args_parse(args, NULL, 0))
		return args->status;
	client = session_open(&args->status);
	if (!client)
		return args->status;
	rc = acqrel_client_reset(client);
	if (rc)
		rc = session_fail(client, rc, "reset");
	else
		out_bool("reset", NULL, true);
	acqrel_client_close(client);
	return rc;
}
