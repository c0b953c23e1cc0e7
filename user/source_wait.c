// SPDX-License-Identifier: GPL-2.0-only
/*
 * source_wait.c - run a source to its end
 *
 * The subscription comes before the start, so the end cannot be missed; what
 * was lost on the way is made up for by looking at the state.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define LOOK_MS	1000

static int look(struct acqrel_client *client,
		struct acqrel_source_values *source)
{
	struct acqrel_source_values *sources;
	size_t n;
	int rc = acqrel_client_sources(client, &sources, &n);

	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(sources[i].name, source->name))
			*source = sources[i];
	free(sources);
	return 0;
}

/* Takes what has arrived; the last message about the source counts. */
static int take_events(struct acqrel_client *client,
		       struct acqrel_source_values *source)
{
	struct acqrel_notice notice;
	int rc;

	while ((rc = acqrel_client_event(client, &notice)) == 1)
		if (notice.cmd == ACQREL_CMD_SOURCE_NTF &&
		    !strcmp(notice.source.name, source->name))
			*source = notice.source;
	return rc == -ENOBUFS ? look(client, source) : rc;
}

static int wait_until_stopped(struct acqrel_client *client,
			      struct acqrel_source_values *source)
{
	int rc = look(client, source);

	while (!rc && source->running) {
		if (interrupt_seen())
			return -ECANCELED;
		rc = interrupt_poll(acqrel_client_events_fd(client), LOOK_MS);
		if (rc > 0)
			rc = take_events(client, source);
		else if (!rc)
			rc = look(client, source);
	}
	/* A start announced late must not pass for the final state. */
	return rc ? rc : look(client, source);
}

/**
 * source_run() - start a source and wait until it has stopped
 * @client: the handle
 * @name: of the source
 * @params: for the generator
 * @source: filled on success with the final state
 *
 * The source is stopped if this fails, which Ctrl-C makes it do.
 *
 * Return: 0 or -errno: -ECANCELED after Ctrl-C.
 */
int source_run(struct acqrel_client *client, const char *name,
	       const struct acqrel_source_params *params,
	       struct acqrel_source_values *source)
{
	int rc;

	rc = acqrel_client_subscribe(client, ACQREL_MCGRP_SOURCE);
	if (rc)
		return rc;
	interrupt_catch();
	rc = acqrel_client_source_start(client, name, params, source);
	if (!rc) {
		rc = wait_until_stopped(client, source);
		if (rc)
			acqrel_client_source_stop(client, name, source);
	}
	interrupt_release();
	return rc;
}
