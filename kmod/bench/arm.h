/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ACQREL_KMOD_BENCH_ARM_H
#define ACQREL_KMOD_BENCH_ARM_H

#include <acqrel/bench.h>
#include <linux/list.h>

struct acqrel_pool_thread;
struct acqrel_run;

/**
 * struct acqrel_case - an operation that can be measured
 * @variant: of what
 * @op: the operation
 */
struct acqrel_case {
	const struct acqrel_variant *variant;
	const struct acqrel_op *op;
};

/**
 * struct acqrel_arm_request - what an arm is to be
 * @name: of the case
 * @cpus: a CPU for each thread
 * @threads: how many, the writer included
 * @payload: bytes, 0: as the operation says
 * @writes: the last thread writes
 */
struct acqrel_arm_request {
	const char *name;
	const u32 *cpus;
	u32 threads;
	u32 payload;
	bool writes;
};

/**
 * struct acqrel_arm_thread - a thread of an arm
 * @slice: what it did in the last slice; written all the time in one
 * @worker: its state, kept from slice to slice
 * @pool: who runs it
 * @run: what it takes part in
 */
struct acqrel_arm_thread {
	struct acqrel_slice slice;
	struct acqrel_worker *worker;
	struct acqrel_pool_thread *pool;
	struct acqrel_run *run;
} ____cacheline_aligned;

/**
 * struct acqrel_arm - an operation on an object, and who does it
 * @id: its number
 * @c: the operation
 * @object: what its variant made
 * @has_writer: the last thread writes
 * @nr_threads: how many
 * @threads: the threads
 * @workers: their states
 * @dead: in the list of those to be freed
 */
struct acqrel_arm {
	u32 id;
	struct acqrel_case c;
	void *object;
	bool has_writer;
	u32 nr_threads;
	struct acqrel_arm_thread *threads;
	struct acqrel_worker *workers;
	struct list_head dead;
};

bool acqrel_case_at(unsigned int i, struct acqrel_case *c);
struct acqrel_arm *acqrel_arm_new(const struct acqrel_arm_request *rq,
				  const char **why);
void acqrel_arm_free(struct acqrel_arm *arm);

#endif /* ACQREL_KMOD_BENCH_ARM_H */
