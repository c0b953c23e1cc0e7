// SPDX-License-Identifier: GPL-2.0-only
/*
 * session.c - a connection to the module, and failures as exit status
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

#define MODULE_DIR	"/sys/module/acqrel"

static const char not_loaded[] =
	"the module acqrel is not loaded; as root: modprobe acqrel, or: insmod kmod/acqrel.ko";
static const char elsewhere[] =
	"the module answers only in the initial network namespace";

/**
 * session_module_present() - whether the module is loaded
 *
 * Return: true if so.
 */
bool session_module_present(void)
{
	return !access(MODULE_DIR, F_OK);
}

/**
 * session_module_version() - version of the loaded module
 * @version: filled on success
 * @size: of @version
 *
 * Return: false if the module is not loaded or does not say.
 */
bool session_module_version(char *version, int size)
{
	FILE *file = fopen(MODULE_DIR "/version", "re");
	bool ok;

	if (!file)
		return false;
	ok = fgets(version, size, file);
	fclose(file);
	if (ok)
		version[strcspn(version, "\n")] = '\0';
	return ok;
}

static int absent(void)
{
	out_error("%s", session_module_present() ? elsewhere : not_loaded);
	return STATUS_ABSENT;
}

/**
 * session_open() - connect to the module
 * @status: exit status, set when this fails
 *
 * Return: a handle, or NULL after the user has been told why not.
 */
struct acqrel_client *session_open(int *status)
{
	struct acqrel_client *client;
	int rc = acqrel_client_open(&client);

	if (!rc)
		return client;
	if (rc == -ENOENT) {
		*status = absent();
	} else {
		*status = STATUS_ABSENT;
		out_error("cannot connect to the module: %s", client ?
			  acqrel_client_message(client) : strerror(-rc));
	}
	acqrel_client_close(client);
	return NULL;
}

/**
 * session_fail() - tell the user that a request failed
 * @client: what it was made with
 * @error: -errno
 * @what: what could not be done, as in "cannot WHAT"
 *
 * Return: exit status.
 */
int session_fail(struct acqrel_client *client, int error, const char *what)
{
	const char *hint = "";
	int status = STATUS_CHECK;

	/* it was there when the session began */
	if (error == -ENOENT && !session_module_present())
		return absent();
	if (error == -EPERM || error == -EACCES) {
		status = STATUS_ABSENT;
		hint = "; run it as root";
	} else if (error == -EINVAL || error == -ERANGE || error == -ENOENT) {
		status = STATUS_USAGE;
	} else if (error == -EOPNOTSUPP) {
		status = STATUS_SKIP;
	}
	out_error("cannot %s: %s%s", what, acqrel_client_message(client), hint);
	return status;
}
