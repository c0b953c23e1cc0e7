/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * client.h - the module's netlink interface as functions
 *
 * One function a command; replies come back as the plain structures of
 * values.h. A function returns 0 or a number >= 0, or -errno; then
 * acqrel_client_message() says in words what went wrong, with what the
 * kernel said if it said anything. A handle belongs to one thread.
 */
#ifndef ACQREL_USER_CLIENT_H
#define ACQREL_USER_CLIENT_H

#include <stddef.h>

#include "bench.h"
#include "values.h"

struct acqrel_client;

/**
 * struct acqrel_source_params - what to start a source with
 * @fields: mask of 1 << ACQREL_A_SOURCE_{SEED,RATE,COUNT}: which are sent
 * @seed: of the generator
 * @count: events over all streams, 0: until stopped
 * @rate: events a second over all streams, 0: unlimited
 */
struct acqrel_source_params {
	unsigned int fields;
	__u64 seed;
	__u64 count;
	__u32 rate;
};

/**
 * struct acqrel_litmus_params - a litmus test to run, and where
 * @name: SHAPE+VARIANT
 * @cpus: a CPU for each thread; one that is there twice makes them take turns
 * @threads: how many
 * @trials: how many
 * @seed: of what chance does
 */
struct acqrel_litmus_params {
	const char *name;
	const __u32 *cpus;
	__u32 threads;
	__u64 trials;
	__u64 seed;
};

/**
 * struct acqrel_notice - a multicast message
 * @cmd: ACQREL_CMD_{CONFIG,SOURCE,BENCH,LITMUS}_NTF
 * @config: the new config
 * @source: the source that started, stopped or finished
 * @bench: the run that ended
 * @bench.run: its id
 * @bench.status: 0 or -errno
 * @litmus: the run of a litmus test that ended
 * @litmus.run: its id
 * @litmus.status: 0 or -errno
 */
struct acqrel_notice {
	int cmd;
	union {
		struct acqrel_config_state config;
		struct acqrel_source_values source;
		struct {
			__u32 run;
			__s32 status;
		} bench;
		struct {
			__u32 run;
			__s32 status;
		} litmus;
	};
};

int acqrel_client_open(struct acqrel_client **client);
void acqrel_client_close(struct acqrel_client *client);
const char *acqrel_client_message(const struct acqrel_client *client);

int acqrel_client_subscribe(struct acqrel_client *client, const char *group);
int acqrel_client_events_fd(const struct acqrel_client *client);
int acqrel_client_event(struct acqrel_client *client,
			struct acqrel_notice *notice);

int acqrel_client_config_get(struct acqrel_client *client,
			     struct acqrel_config_state *config);
int acqrel_client_config_set(struct acqrel_client *client, unsigned int fields,
			     struct acqrel_config_state *config);
int acqrel_client_reset(struct acqrel_client *client);

int acqrel_client_stats(struct acqrel_client *client,
			struct acqrel_stats_values **stats, size_t *n);
int acqrel_client_counters(struct acqrel_client *client,
			   struct acqrel_counter_values **counters, size_t *n);
int acqrel_client_rings(struct acqrel_client *client, unsigned int checks,
			struct acqrel_ring_values **rings, size_t *n);

int acqrel_client_sources(struct acqrel_client *client,
			  struct acqrel_source_values **sources, size_t *n);
int acqrel_client_source_start(struct acqrel_client *client, const char *name,
			       const struct acqrel_source_params *params,
			       struct acqrel_source_values *source);
int acqrel_client_source_stop(struct acqrel_client *client, const char *name,
			      struct acqrel_source_values *source);

int acqrel_client_cases(struct acqrel_client *client, struct bench_case **cases,
			size_t *n);
int acqrel_client_bench_open(struct acqrel_client *client,
			     const struct bench_arm_params *p, __u32 *arm);
int acqrel_client_bench_close(struct acqrel_client *client, __u32 arm);
int acqrel_client_bench_start(struct acqrel_client *client, __u32 arm,
			      const struct acqrel_slice_params *p, __u32 *run);
int acqrel_client_bench_cancel(struct acqrel_client *client, __u32 run);
int acqrel_client_bench_get(struct acqrel_client *client, __u32 run,
			    struct acqrel_sample **samples, size_t *n);
int acqrel_client_bench_latency(struct acqrel_client *client, __u32 run,
				struct latency_sum *sum);

int acqrel_client_litmus_tests(struct acqrel_client *client,
			       struct acqrel_litmus_values **tests, size_t *n);
int acqrel_client_litmus_start(struct acqrel_client *client,
			       const struct acqrel_litmus_params *p,
			       __u32 *run);
int acqrel_client_litmus_cancel(struct acqrel_client *client, __u32 run);
int acqrel_client_litmus_get(struct acqrel_client *client, __u32 run,
			     struct acqrel_litmus_summary *summary,
			     struct acqrel_litmus_seen **seen, size_t *n);

#endif /* ACQREL_USER_CLIENT_H */
