// SPDX-License-Identifier: GPL-2.0-only
/*
 * The options of everything that measures: what they mean to a plan, and what
 * is said about those that are wrong.
 */
#include <limits.h>

#include "bench_args.h"
#include "capture.h"
#include "ktap.h"
#include "out.h"

static const struct command command = {
	"test", "[PATTERN...]", "a test", NULL, NULL
};

static struct bench_args given;
static struct plan_params params;

static int take(struct args *args)
{
	struct option options[BENCH_ARGS_OPTIONS + 1] = { 0 };
	struct option *end;

	bench_args_init(&given);
	end = bench_args_all(&given, options);
	check(end - options <= BENCH_ARGS_OPTIONS);
	if (!args_parse(args, options, INT_MAX))
		return args->status;
	if (!bench_args_check(&given))
		return STATUS_USAGE;
	bench_args_plan(&given, &params);
	return STATUS_OK;
}

static void check_taken(const char *line)
{
	if (!check_eq(capture_command(take, &command, line), STATUS_OK))
		printf("# %s: %s\n", line, capture_err.text);
}

static void check_refused(const char *line, const char *because)
{
	check_eq(capture_command(take, &command, line), STATUS_USAGE);
	if (!check(capture_said(because)))
		printf("# %s: %s\n", line, capture_err.text);
}

static void nothing_said_leaves_the_defaults(void)
{
	check_taken("");
	check(!params.threads && !params.nthreads);
	check(!params.payloads && !params.npayloads);
	check_eq(params.nwrite_rates, 1);
	check_eq(params.write_rates[0], 0);
	check_eq(params.blocks, BENCH_ARGS_BLOCKS);
	check_eq(params.duration_s, 0);
	check_eq(params.slice_ns, 2000000);
	check_eq(params.lead_ns, 500000);
	check_eq(params.repeat, 1);
	check_eq(params.mode, ACQREL_BENCH_RATE);
	check(params.bounds);
	check(!given.world && !given.output && !given.dry_run);
}

static void lists_reach_the_plan(void)
{
	check_taken("--threads 1,2,all --payload 8,4096 --write-rate 0,1000,max");
	check_eq(params.nthreads, 3);
	check_eq(params.threads[0], 1);
	check_eq(params.threads[1], 2);
	check_eq(params.threads[2], 0);
	check_eq(params.npayloads, 2);
	check_eq(params.payloads[1], 4096);
	check_eq(params.nwrite_rates, 3);
	check_eq(params.write_rates[1], 1000);
	check_eq(params.write_rates[2], RESULT_WRITE_MAX);
}

static void amounts_reach_the_plan(void)
{
	check_taken("--blocks 7 --slice-ms 5 --repeat 3 --seed 9 --no-bounds");
	check_eq(params.blocks, 7);
	check_eq(params.slice_ns, 5000000);
	check_eq(params.repeat, 3);
	check_eq(params.seed, 9);
	check(!params.bounds);
	check_taken("--duration 60");
	check_eq(params.duration_s, 60);
	check_eq(params.blocks, 0);
	check_taken("--latency --pace-us 20 --placement smt");
	check_eq(params.mode, ACQREL_BENCH_LATENCY);
	check_eq(params.pace_ns, 20000);
	check(!strcmp(params.placement, "smt"));
	check_taken("--blocks 7");
	check_eq(params.pace_ns, PLAN_PACE_DEFAULT);
	check_taken("--pace-us 0");
	check_eq(params.pace_ns, 0);
}

static void wrong_values_are_refused(void)
{
	check_refused("--threads 0", "from 1 to 1024 or all, not '0'");
	check_refused("--threads 1,x", "not 'x'");
	check_refused("--payload 12", "--payload needs multiples of 8, not 12");
	check_refused("--payload 4104", "from 8 to 4096");
	check_refused("--write-rate fast", "or max, not 'fast'");
	check_refused("--world moon", "kernel, user or both, not 'moon'");
	check_refused("--color blue", "auto, always or never, not 'blue'");
	check_refused("--slice-ms 101", "from 1 to 100");
	check_refused("--repeat 0", "from 1 to 1000");
}

static void what_does_not_fit_is_refused(void)
{
	check_refused("--duration 5 --blocks 5",
		      "--duration and --blocks exclude each other");
}

static void output_must_be_writable(void)
{
	check_refused("-o /nowhere/result.json",
		      "cannot write '/nowhere/result.json'");
	check_refused("-o /dev/null/x", "Not a directory");
	check_refused("-o tests", "Is a directory");
	check_taken("-o result.json");
	check_taken("-o /dev/null");
	check_taken("-o -");
}

static void seeds_differ(void)
{
	__u64 seed;

	check_taken("");
	seed = given.seed;
	check_taken("");
	check(given.seed != seed);
}

static const struct ktap_test tests[] = {
	{ "nothing said leaves the defaults",
	  nothing_said_leaves_the_defaults },
	{ "lists reach the plan", lists_reach_the_plan },
	{ "amounts reach the plan", amounts_reach_the_plan },
	{ "wrong values are refused", wrong_values_are_refused },
	{ "what does not fit together is refused",
	  what_does_not_fit_is_refused },
	{ "output that cannot be written is refused",
	  output_must_be_writable },
	{ "each run has a seed of its own", seeds_differ },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
