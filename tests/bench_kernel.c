// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel world of user/bench.h, with a module that is made up here: what
 * happens when messages are lost, a signal comes or the module is wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "bench/internal.h"
#include "client.h"
#include "cmd.h"
#include "ktap.h"

#define THREADS		2

/* what the module does and what was asked of it */
static struct {
	__u32 run;		/* that was started last */
	int busy;		/* so often it has not ended */
	int start_error;
	int get_error;
	int samples;
	bool swapped;		/* samples */
	int lost;		/* so often messages were lost */
	int strangers;		/* notices of other runs to come first */
	bool silent;		/* no notice at all */
	bool cancelled;
	unsigned int gets;
	unsigned int open;
	struct bench_arm_params opened;
} module;

static int quiet[2];		/* nobody writes into this pipe */
static char memory;		/* stands for the handle */
static struct acqrel_client *client = (void *)&memory;

/* the user world has no part in this */
struct bench *engine_open(void)
{
	return NULL;
}

int acqrel_client_subscribe(struct acqrel_client *c, const char *group)
{
	check(c == client && !strcmp(group, ACQREL_MCGRP_BENCH));
	return 0;
}

const char *acqrel_client_message(const struct acqrel_client *c)
{
	return c == client ? "what the module says" : "";
}

int acqrel_client_events_fd(const struct acqrel_client *c)
{
	check(c == client);
	return quiet[0];
}

int acqrel_client_event(struct acqrel_client *c, struct acqrel_notice *notice)
{
	memset(notice, 0, sizeof(*notice));
	notice->cmd = ACQREL_CMD_BENCH_NTF;
	if (module.lost && module.lost--)
		return -ENOBUFS;
	notice->bench.run = module.run - 1;
	if (module.strangers && module.strangers--)
		return 1;
	notice->bench.run = module.run;
	return c == client && !module.silent;
}

int acqrel_client_cases(struct acqrel_client *c, struct bench_case **cases,
			size_t *n)
{
	static const struct bench_case one = {
		.name = "made/up:here", .threads = 1, .payload = 64,
		.payload_max = 128, .writes = true
	};

	check(c == client);
	*cases = calloc(1, sizeof(one));
	**cases = one;
	*n = 1;
	return 0;
}

int acqrel_client_bench_open(struct acqrel_client *c,
			     const struct bench_arm_params *p, __u32 *arm)
{
	check(c == client);
	module.opened = *p;
	*arm = 5;
	module.open++;
	return 0;
}

int acqrel_client_bench_close(struct acqrel_client *c, __u32 arm)
{
	check(c == client && arm == 5);
	module.open--;
	return 0;
}

int acqrel_client_bench_start(struct acqrel_client *c, __u32 arm,
			      const struct acqrel_slice_params *p, __u32 *run)
{
	check(c == client && arm == 5 && p->slice_ns);
	*run = ++module.run;
	return module.start_error;
}

int acqrel_client_bench_cancel(struct acqrel_client *c, __u32 run)
{
	check(c == client && run == module.run);
	module.cancelled = true;
	module.get_error = -ECANCELED;
	return 0;
}

int acqrel_client_bench_get(struct acqrel_client *c, __u32 run,
			    struct acqrel_sample **samples, size_t *n)
{
	check(c == client && run == module.run);
	module.gets++;
	/* until all of those have been read it runs */
	if (module.strangers || (module.busy && module.busy--))
		return -EBUSY;
	if (module.get_error)
		return module.get_error;
	*n = module.samples;
	*samples = calloc(*n + 1, sizeof(**samples));
	for (size_t i = 0; i < *n; i++) {
		(*samples)[i].thread = module.swapped ? *n - 1 - i : i;
		(*samples)[i].did.ops = 100 + i;
	}
	return 0;
}

int acqrel_client_bench_latency(struct acqrel_client *c, __u32 run,
				struct latency_sum *sum)
{
	check(c == client && run == module.run);
	sum->n += 3;
	return 0;
}

static struct bench *bench;

static struct bench_arm *arm_open(void)
{
	static const __u32 cpus[THREADS] = { 0, 1 };
	const struct bench_arm_params p = {
		.name = "made/up:here", .cpus = cpus, .threads = THREADS
	};
	struct bench_arm *arm;

	memset(&module, 0, sizeof(module));
	module.samples = THREADS;
	check_eq(bench_open(WORLD_KERNEL, client, &bench), 0);
	check_eq(bench_arm_open(bench, &p, &arm), 0);
	check_eq(module.open, 1);
	return arm;
}

static void arm_close(struct bench_arm *arm)
{
	bench_arm_close(arm);
	check_eq(module.open, 0);
	bench_close(bench);
}

static struct acqrel_sample samples[THREADS];

static int slice(struct bench_arm *arm)
{
	static const struct acqrel_slice_params p = {
		.slice_ns = ACQREL_BENCH_SLICE_MIN_NS
	};

	memset(samples, 0, sizeof(samples));
	return bench_slice(arm, &p, samples);
}

static void check_samples(void)
{
	for (__u32 i = 0; i < THREADS; i++) {
		check_eq(samples[i].thread, i);
		check_eq(samples[i].did.ops, 100 + i);
	}
}

static void a_slice_and_its_histogram(void)
{
	static struct latency_sum l;
	struct bench_arm *arm = arm_open();

	/* what the case says, and not what was left open */
	check_eq(module.opened.payload, 64);
	check_eq(bench_latency(arm, &l), -ENOENT);
	check_eq(slice(arm), 0);
	check_samples();
	check_eq(module.gets, 1);
	check_eq(bench_latency(arm, &l), 0);
	check_eq(l.n, 3);
	arm_close(arm);
}

static void without_memory(void)
{
	struct bench *none;

	check_eq(bench_open(WORLD_USER, NULL, &none), -ENOMEM);
	check(strlen(bench_message(none)) > 0);
	bench_close(none);
}

static void notices_of_other_runs(void)
{
	struct bench_arm *arm = arm_open();

	module.strangers = 3;
	check_eq(slice(arm), 0);
	check_samples();
	check_eq(module.gets, 1);
	arm_close(arm);
}

static void lost_notices_are_asked_for(void)
{
	struct bench_arm *arm = arm_open();

	module.lost = 3;
	module.busy = 2;
	check_eq(slice(arm), 0);
	check_samples();
	check_eq(module.gets, 3);
	arm_close(arm);
}

/* Nothing tells of the end, and nothing of what was lost: it looks. */
static void no_notice_at_all(void)
{
	struct bench_arm *arm = arm_open();

	module.silent = true;
	module.busy = 1;
	check_eq(slice(arm), 0);
	check_samples();
	check_eq(module.gets, 2);
	arm_close(arm);
}

static void a_signal_cancels(void)
{
	struct bench_arm *arm = arm_open();

	module.silent = true;
	module.busy = 1;
	interrupt_catch();
	kill(getpid(), SIGINT);
	check_eq(slice(arm), -ECANCELED);
	check(module.cancelled);
	interrupt_release();
	arm_close(arm);
}

static void errors_are_explained(void)
{
	struct bench_arm *arm = arm_open();

	module.start_error = -EBUSY;
	check_eq(slice(arm), -EBUSY);
	check(!strcmp(bench_message(bench), "what the module says"));
	check_eq(module.gets, 0);
	module.start_error = 0;
	module.get_error = -ENOENT;
	check_eq(slice(arm), -ENOENT);
	arm_close(arm);
}

static void samples_that_make_no_sense(void)
{
	static struct latency_sum l;
	struct bench_arm *arm = arm_open();

	for (int n = 0; n <= THREADS + 1; n++) {
		module.samples = n;
		check_eq(slice(arm), n == THREADS ? 0 : -EBADMSG);
	}
	check_eq(bench_latency(arm, &l), -ENOENT);
	module.samples = THREADS;
	module.swapped = true;
	check_eq(slice(arm), -EBADMSG);
	check_eq(samples[0].did.ops, 0);
	arm_close(arm);
}

static const struct ktap_test tests[] = {
	{ "a slice and its histogram", a_slice_and_its_histogram },
	{ "without memory", without_memory },
	{ "notices of other runs", notices_of_other_runs },
	{ "lost notices are asked for", lost_notices_are_asked_for },
	{ "no notice at all", no_notice_at_all },
	{ "errors are explained", errors_are_explained },
	{ "samples that make no sense", samples_that_make_no_sense },
	/* the last, as the signal is not forgotten */
	{ "a signal cancels", a_signal_cancels },
};

int main(void)
{
	if (pipe2(quiet, O_CLOEXEC))
		return 1;
	return ktap_run(tests, ARRAY_SIZE(tests));
}
