// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_version.c - acqrel version
 */
#include "cmd.h"
#include "env.h"

/**
 * cmd_version() - print the versions of command, ABI, module and libraries
 * @args: words
 *
 * Return: exit status.
 */
int cmd_version(struct args *args)
{
	if (!args_parse(args, NULL, 0))
		return args->status;
	out_str("command", "acqrel", ACQREL_VERSION);
	out_u64("abi", "ABI", ACQREL_GENL_VERSION);
	env_module();
	env_libraries();
	return STATUS_OK;
}
