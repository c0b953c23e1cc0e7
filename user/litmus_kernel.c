// SPDX-License-Identifier: GPL-2.0-only
/*
 * litmus_kernel.c - litmus tests in the kernel world, by the module
 */
#include <errno.h>
#include <stdlib.h>

#include "cmd.h"
#include "litmus.h"

#define POLL_MS		100

/* Return: 0 when it has ended or its end may have been missed, or -errno. */
static int wait_for(const struct litmus_setup *setup, __u32 run)
{
	struct acqrel_client *client = setup->client;
	struct acqrel_notice notice;
	bool cancelled = false;
	int rc;

	for (;;) {
		rc = interrupt_poll(acqrel_client_events_fd(client), POLL_MS);
		if (rc > 0)
			rc = acqrel_client_event(client, &notice);
		if (rc == -ENOBUFS ||
		    (rc > 0 && notice.cmd == ACQREL_CMD_LITMUS_NTF &&
		     notice.litmus.run == run))
			return 0;
		if (rc < 0)
			return rc;
		if (cancelled || setup->poll(setup->arg, 0))
			continue;
		cancelled = true;
		rc = acqrel_client_litmus_cancel(client, run);
		if (rc && rc != -ENOENT)
			return rc;
	}
}

static int fetch(const struct litmus_setup *setup, __u32 run,
		 struct acqrel_litmus_tally *tally)
{
	struct acqrel_litmus_summary summary;
	struct acqrel_litmus_seen *seen;
	size_t n;
	int rc;

	rc = acqrel_client_litmus_get(setup->client, run, &summary, &seen, &n);
	if (rc)
		return rc;
	tally->trials = summary.trials;
	tally->overlapped = summary.overlapped;
	tally->touched = summary.touched;
	for (size_t i = 0; i < ACQREL_LITMUS_THREADS; i++)
		tally->first[i] = summary.first[i];
	for (size_t i = 0; i < n; i++)
		if (seen[i].count &&
		    !acqrel_litmus_add(tally, seen[i].outcome, seen[i].count))
			rc = -E2BIG;
	free(seen);
	return summary.status ?: rc;
}

/**
 * litmus_kernel_block() - have the module run a test on some CPUs
 * @setup: how; its client hears of "litmus", its @poll is called with 0
 * @test: the test
 * @cpus: a CPU for each thread; one that is there twice makes them take turns
 * @trials: how many
 * @seed: of what chance does
 * @tally: filled, also if it was stopped
 *
 * Return: 0, -ECANCELED if @setup's poll() ended it, or -errno.
 */
int litmus_kernel_block(const struct litmus_setup *setup,
			const struct acqrel_litmus_test *test,
			const __u32 *cpus, __u64 trials, __u64 seed,
			struct acqrel_litmus_tally *tally)
{
	const struct acqrel_litmus_params params = {
		.name = test->name,
		.cpus = cpus,
		.threads = test->threads,
		.trials = trials,
		.seed = seed,
	};
	__u32 run;
	int rc;

	memset(tally, 0, sizeof(*tally));
	rc = acqrel_client_litmus_start(setup->client, &params, &run);
	if (rc)
		return rc;
	do {
		rc = wait_for(setup, run);
		if (!rc)
			rc = fetch(setup, run, tally);
	} while (rc == -EBUSY);
	return rc;
}
