// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_compare.c - acqrel compare: measure and compare, or compare results
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_status.h"
#include "bench_table.h"
#include "cmd_bench.h"
#include "compare.h"

#define OPTIONS		8	/* beside those of measuring */
#define BOOTS_MAX	64

static void add_options(struct compare_options *o, struct option *to)
{
	*to++ = (struct option) {
		.name = "--against", .value = "WHAT", .strings = &o->against,
		.help = "baseline: a case, a variant, or result files" };
	*to++ = (struct option) {
		.name = "--fail-on-regression", .flag = &o->fail_on_regression,
		.help = "status 1 if one is slower" };
	*to++ = (struct option) {
		.name = "--boots", .value = "N", .number = &o->boots,
		.min = 1, .max = BOOTS_MAX,
		.help = "need results of N boots on each side (1)" };
	*to++ = (struct option) {
		.name = "--resolve", .value = "PCT", .number = &o->resolve,
		.min = 1, .max = 100,
		.help = "widest half-width that answers the question (10)" };
	*to++ = (struct option) {
		.name = "--raw", .flag = &o->raw,
		.help = "do not subtract the empty loop" };
	*to++ = (struct option) {
		.name = "--force", .flag = &o->force,
		.help = "compare results of unlike machines, too" };
}

/**
 * compare_is_file() - whether a word means a result file, not a pattern
 * @word: of the command line
 *
 * Return: true if it ends as one, is "-" or is there.
 */
bool compare_is_file(const char *word)
{
	size_t len = strlen(word);

	return !strcmp(word, "-") || !access(word, F_OK) ||
	       (len > 5 && !strcmp(word + len - 5, ".json"));
}

/* A baseline takes part although only what is compared with it was named. */
static int add_baselines(struct measure *m, const char *against)
{
	unsigned int npatterns = m->npatterns;
	int status = STATUS_OK;

	for (int world = 0; world < WORLD_COUNT; world++)
		for (size_t i = 0; !status && i < m->ncases[world]; i++) {
			const struct bench_case *c = &m->cases[world][i];
			char baseline[ACQREL_NAME_MAX + 1];
			bool matches = false;

			for (unsigned int j = 0; j < npatterns; j++)
				matches |= measure_matches(m->patterns[j],
							   c->name);
			if (matches && compare_baseline(c->name, c->flags,
							against, baseline) &&
			    measure_case(m, baseline))
				status = measure_add_pattern(m, baseline);
		}
	return status;
}

/* Without a pattern a baseline is for the operations that are like it. */
static int add_against(struct measure *m, const char *against)
{
	const char *operation = strchr(against, ':');
	char pattern[2 * ACQREL_NAME_MAX];

	if (!measure_case(m, against)) {
		out_error("no case matches '%s'; see: acqrel bench list",
			  against);
		return STATUS_USAGE;
	}
	if (m->npatterns)
		return STATUS_OK;
	snprintf(pattern, sizeof(pattern), "%.*s/*%s",
		 (int)strcspn(against, "/"), against, operation ?: "");
	return measure_add_pattern(m, pattern);
}

/**
 * compare_cells() - compare the cells of a run and print what came of it
 * @results: the run, and the same in other boots; figures computed
 * @n: how many, at least 1
 * @against: baseline, or NULL
 * @o: options
 *
 * Return: exit status.
 */
int compare_cells(struct result **results, size_t n, const char *against,
		  const struct compare_options *o)
{
	struct compare_list list = { 0 };
	struct verdict_params params;
	int rc, status = STATUS_CHECK;

	compare_params(o, &params);
	rc = compare_pairs(results[0], against, &list) ?:
	     verdict_paired(results, n, list.all, list.n, &params);
	bench_head(results[0]);
	if (rc || !compare_print(results[0], results[0], &list, o->terminal)) {
		out_error("cannot compare: not enough memory");
	} else {
		status = bench_status_compared(list.all, list.n,
					       o->fail_on_regression);
		status = bench_status_worse(status,
					    bench_status_results(results, n));
	}
	free(list.all);
	return status;
}

/* Before time is spent on it. */
static int check_pairs(const struct measure *m, const char *against)
{
	struct compare_list list = { 0 };
	int rc = compare_pairs(&m->result, against, &list);
	bool none = !list.n;

	free(list.all);
	if (rc)
		return measure_fail(m, NULL, rc, "compare");
	if (!none)
		return STATUS_OK;
	out_error("no two of these cells can be compared; name a baseline: --against CASE");
	return STATUS_USAGE;
}

static int plan(struct measure *m, const char *against)
{
	int status = measure_open(m);

	if (!status && against)
		status = add_against(m, against);
	if (!status)
		status = add_baselines(m, against);
	if (!status)
		status = measure_plan(m);
	return status ?: check_pairs(m, against);
}

static int compare_now(struct measure *m, const struct args *args,
		       const struct compare_options *o)
{
	const char *against = o->against.n ? o->against.values[0] : NULL;
	struct result *result = &m->result;
	int status;

	if (o->against.n > 1) {
		out_error("only result files can be compared with several");
		return STATUS_USAGE;
	}
	for (int i = 0; i < args->argc; i++) {
		status = measure_add_pattern(m, args->argv[i]);
		if (status)
			return status;
	}
	status = plan(m, against);
	if (status || m->args.dry_run)
		return status ?: measure_dry_run(m);
	status = measure_run(m);
	if (status)
		return status;
	if (out_is_json())
		out_document(result_to_json(result));
	status = m->interrupted ? STATUS_CHECK : STATUS_OK;
	status = bench_status_worse(status,
				    compare_cells(&result, 1, against, o));
	return bench_status_worse(measure_save(m), status);
}

/* Files or patterns, not both. */
static int compare(struct measure *m, struct args *args,
		   struct compare_options *o)
{
	int files = 0;

	if (!bench_args_check(&m->args))
		return STATUS_USAGE;
	o->terminal = &m->args.terminal;
	for (int i = 0; i < args->argc; i++)
		files += compare_is_file(args->argv[i]);
	if (!files)
		return compare_now(m, args, o);
	if (files == args->argc && !m->args.output && !m->args.dry_run)
		return compare_result_files(args, o);
	if (files == args->argc)
		out_error("-o and --dry-run are for what is measured, not for result files");
	else
		out_error("result files and patterns exclude each other");
	return STATUS_USAGE;
}

/**
 * cmd_compare() - measure and compare, or compare results
 * @args: words: patterns or files
 *
 * Return: exit status.
 */
int cmd_compare(struct args *args)
{
	struct option options[BENCH_ARGS_OPTIONS + OPTIONS] = { 0 };
	struct compare_options o = { 0 };
	struct measure m;
	int status;

	measure_init(&m);
	add_options(&o, bench_args_all(&m.args, options));
	if (args_parse(args, options, INT_MAX))
		status = compare(&m, args, &o);
	else
		status = args->status;
	measure_release(&m);
	return status;
}
