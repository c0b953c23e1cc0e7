/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verify.h - whether two worlds came to the same numbers
 */
#ifndef ACQREL_USER_VERIFY_H
#define ACQREL_USER_VERIFY_H

#include <stddef.h>

#include "pipeline.h"

/**
 * struct verify_kernel - what the module reported after a run at rest
 * @rings: of every CPU
 * @stats: of every CPU and kind
 * @counters: totals and of every CPU
 * @nrings: entries in @rings
 * @nstats: entries in @stats
 * @ncounters: entries in @counters
 * @cpus: the CPU of each stream
 */
struct verify_kernel {
	struct acqrel_ring_values *rings;
	struct acqrel_stats_values *stats;
	struct acqrel_counter_values *counters;
	size_t nrings;
	size_t nstats;
	size_t ncounters;
	const unsigned int *cpus;
};

/**
 * struct verify_result - the outcome
 * @compared: numbers compared
 * @different: of them
 * @report: called for each that differs; verify_worlds() has the kernel's
 *	number first
 */
struct verify_result {
	unsigned int compared;
	unsigned int different;
	void (*report)(const char *where, const char *what, __u64 a, __u64 b);
};

void verify_worlds(const struct verify_kernel *kernel,
		   const struct acqrel_pipeline_result *user,
		   struct verify_result *result);

/* for whoever has the numbers from elsewhere */
void verify_number(struct verify_result *result, const char *where,
		   const char *what, __u64 a, __u64 b);
void verify_account(struct verify_result *result, const char *where,
		    const struct acqrel_account *a,
		    const struct acqrel_account *b);
void verify_stats(struct verify_result *result, const char *where,
		  unsigned int kind, const struct acqrel_stats_values *a,
		  const struct acqrel_stats_values *b);

#endif /* ACQREL_USER_VERIFY_H */
