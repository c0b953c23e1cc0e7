/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record_cost.h - what recording costs
 */
#ifndef ACQREL_USER_RECORD_COST_H
#define ACQREL_USER_RECORD_COST_H

#include "client.h"

/**
 * struct record_handlers - sums over the handler calls that were timed
 * @passed_ns: of calls whose event passed
 * @passed_n: how many
 * @filtered_ns: of the others
 * @filtered_n: how many
 */
struct record_handlers {
	__u64 passed_ns;
	__u64 passed_n;
	__u64 filtered_ns;
	__u64 filtered_n;
};

/**
 * struct record_cost - of a recording
 * @before: of all sources, until the recording began
 * @during: same, while it lasted
 * @cpu_ns: CPU time of the recorder, without that of rings for the taps
 */
struct record_cost {
	struct record_handlers before;
	struct record_handlers during;
	__u64 cpu_ns;
};

int record_cost_start(struct record_cost *cost, struct acqrel_client *client,
		      bool *running);
void record_cost_begin(struct record_cost *cost);
void record_cost_stop(struct record_cost *cost, struct acqrel_client *client);
void record_cost_end(struct record_cost *cost);
void record_cost_print(const struct record_cost *cost, __u64 events);

#endif /* ACQREL_USER_RECORD_COST_H */
