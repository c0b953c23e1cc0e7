/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * measure.h - from options to a result
 *
 * Functions that return an exit status have told the user what is wrong.
 */
#ifndef ACQREL_USER_MEASURE_H
#define ACQREL_USER_MEASURE_H

#include "bench_args.h"

#define MEASURE_SECONDS_USER	170	/* of a run of default length, at most */
#define MEASURE_SECONDS_KERNEL	340	/* same, the kernel world included */

/**
 * struct measure - a run of a command
 * @args: the options
 * @patterns: cases that are measured
 * @npatterns: how many; 0: the default set
 * @cases: of each world that takes part
 * @ncases: how many
 * @client: of the kernel world, or NULL
 * @plan: of what is run
 * @result: of it
 * @interrupted: only some of the blocks were measured
 */
struct measure {
	struct bench_args args;
	char **patterns;
	unsigned int npatterns;
	struct bench_case *cases[WORLD_COUNT];
	size_t ncases[WORLD_COUNT];
	struct acqrel_client *client;
	struct plan plan;
	struct result result;
	bool interrupted;
};

void measure_init(struct measure *m);
void measure_release(struct measure *m);

int measure_open(struct measure *m);
int measure_fail(const struct measure *m, const struct bench *bench, int error,
		 const char *what);
int measure_add_pattern(struct measure *m, const char *pattern);
bool measure_matches(const char *pattern, const char *name);
const struct bench_case *measure_case(const struct measure *m,
				      const char *name);
int measure_plan(struct measure *m);
int measure_dry_run(const struct measure *m);
int measure_run(struct measure *m);
int measure_save(const struct measure *m);

#endif /* ACQREL_USER_MEASURE_H */
