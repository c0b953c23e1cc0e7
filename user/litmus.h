/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * litmus.h - litmus tests: what models say of them, and what was seen
 */
#ifndef ACQREL_USER_LITMUS_H
#define ACQREL_USER_LITMUS_H

#include "litmus_world.h"
#include <acqrel/litmus_round.h>

#include "client.h"

#define LITMUS_CPUS_MAX		256	/* that placements are made of */
#define LITMUS_PLACEMENTS_MAX	32	/* of a test */
#define LITMUS_STRING		128

enum litmus_model {
	LITMUS_LKMM,
	LITMUS_C11,
	LITMUS_X86,
	LITMUS_ARM,
	LITMUS_MODELS
};

enum litmus_verdict {
	LITMUS_UNSAID,	/* the model has no words for it */
	LITMUS_NEVER,
	LITMUS_SOMETIMES,
};

enum litmus_world {
	LITMUS_KERNEL,
	LITMUS_USER,
	LITMUS_WORLDS
};

/**
 * struct litmus_result - what a test showed in a world
 * @tally: of all placements
 * @seen: trials with the outcome that is asked for
 * @forbidden: same, if the model of the world forbids it
 * @ns: how long it took
 * @placements: how many
 * @where: CPUs of the threads when it was forbidden first, or ""
 */
struct litmus_result {
	struct acqrel_litmus_tally tally;
	__u64 seen;
	__u64 forbidden;
	__u64 ns;
	unsigned int placements;
	char where[LITMUS_STRING];
};

/**
 * struct litmus_setup - where and how tests are run
 * @client: connection to the kernel world, or NULL
 * @cpus: CPUs to use
 * @ncpus: how many, at least 1
 * @trials: of a test of two threads; see litmus_trials()
 * @seed: of what chance does
 * @poll: called some times a second with the trials that were done of the
 *	current block; false ends it
 * @arg: for @poll
 */
struct litmus_setup {
	struct acqrel_client *client;
	unsigned int cpus[LITMUS_CPUS_MAX];
	unsigned int ncpus;
	__u64 trials;
	__u64 seed;
	bool (*poll)(void *arg, __u64 done);
	void *arg;
};

extern const char *const litmus_model_names[LITMUS_MODELS];
extern const char *const litmus_verdict_names[];
extern const char *const litmus_world_names[LITMUS_WORLDS];

/* litmus_tests.c */
const struct acqrel_litmus_test *litmus_tests(size_t *n);
enum litmus_verdict litmus_verdict(const struct acqrel_litmus_test *test,
				   enum litmus_model model);
bool litmus_forbids(const struct acqrel_litmus_test *test,
		    enum litmus_world world);
bool litmus_matches(const struct acqrel_litmus_test *test, const char *pattern);
void litmus_outcome_text(const struct acqrel_litmus_test *test, __u64 outcome,
			 char *text, size_t size);
bool litmus_exists(const struct acqrel_litmus_test *test, __u64 outcome);

/* litmus_run.c */
__u64 litmus_trials(const struct acqrel_litmus_test *test, __u64 trials);
int litmus_run(const struct litmus_setup *setup, enum litmus_world world,
	       const struct acqrel_litmus_test *test,
	       struct litmus_result *result);

/* litmus.c, litmus_kernel.c: a run on some CPUs; 0, -ECANCELED or -errno */
int litmus_user_block(const struct litmus_setup *setup,
		      const struct acqrel_litmus_test *test, const __u32 *cpus,
		      __u64 trials, __u64 seed,
		      struct acqrel_litmus_tally *tally);
int litmus_kernel_block(const struct litmus_setup *setup,
			const struct acqrel_litmus_test *test,
			const __u32 *cpus, __u64 trials, __u64 seed,
			struct acqrel_litmus_tally *tally);

#endif /* ACQREL_USER_LITMUS_H */
