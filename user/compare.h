/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare.h - which cells are compared, and printing what came of it
 */
#ifndef ACQREL_USER_COMPARE_H
#define ACQREL_USER_COMPARE_H

#include "measure.h"
#include "verdict.h"

/**
 * struct compare_list - comparisons that grow in number
 * @all: them
 * @n: how many
 */
struct compare_list {
	struct comparison *all;
	size_t n;
};

bool compare_baseline(const char *name, __u32 flags, const char *against,
		      char baseline[ACQREL_NAME_MAX + 1]);
/**
 * struct compare_options - what acqrel compare knows beside measuring
 * @against: baseline, or files
 * @resolve: half-width that the question needs, in percent; 0: default
 * @boots: needed on each side
 * @raw: do not subtract the empty loop
 * @force: compare what differs in more than was meant to
 * @fail_on_regression: one that is slower is a failed check
 * @terminal: what standard output can show
 */
struct compare_options {
	struct args_strings against;
	__u64 resolve;
	__u64 boots;
	bool raw;
	bool force;
	bool fail_on_regression;
	const struct terminal *terminal;
};

void compare_params(const struct compare_options *o,
		    struct verdict_params *params);
bool compare_is_file(const char *word);
int compare_cells(struct result **results, size_t n, const char *against,
		  const struct compare_options *o);
int compare_result_files(struct args *args, const struct compare_options *o);

int compare_pairs(const struct result *result, const char *against,
		  struct compare_list *list);
int compare_files(const struct result *after, const struct result *before,
		  struct compare_list *list);

bool compare_print(const struct result *after, const struct result *before,
		   const struct compare_list *list,
		   const struct terminal *terminal);

#endif /* ACQREL_USER_COMPARE_H */
