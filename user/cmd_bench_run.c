// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_bench_run.c - acqrel bench run: measure cases
 */
#include <limits.h>

#include "bench_status.h"
#include "bench_table.h"
#include "cmd_bench.h"
#include "measure.h"

const struct command bench_commands[] = {
	{ "list", "[PATTERN...]", "print what can be measured",
	  cmd_bench_list, NULL },
	{ "run", "[PATTERN...]", "measure the cases that match",
	  cmd_bench_run, NULL },
	{ "floor", NULL, "measure what the hardware needs at least",
	  cmd_bench_floor, NULL },
	{ }
};

static int print(const struct measure *m)
{
	int status = m->interrupted ? STATUS_CHECK : STATUS_OK;

	if (out_is_json())
		out_document(result_to_json(&m->result));
	bench_head(&m->result);
	if (!bench_table_cells(&m->result, &m->args.terminal)) {
		out_error("not enough memory for the tables");
		return STATUS_CHECK;
	}
	return bench_status_worse(status, bench_status_result(&m->result));
}

static int run(struct measure *m, const struct args *args)
{
	int status;

	if (!bench_args_check(&m->args))
		return STATUS_USAGE;
	for (int i = 0; i < args->argc; i++) {
		status = measure_add_pattern(m, args->argv[i]);
		if (status)
			return status;
	}
	status = measure_open(m) ?: measure_plan(m);
	if (status)
		return status;
	if (m->args.dry_run)
		return measure_dry_run(m);
	status = measure_run(m);
	if (status)
		return status;
	status = print(m);
	return bench_status_worse(measure_save(m), status);
}

/**
 * cmd_bench_run() - measure cases
 * @args: words: patterns
 *
 * Return: exit status.
 */
int cmd_bench_run(struct args *args)
{
	struct option options[BENCH_ARGS_OPTIONS + 1] = { 0 };
	struct measure m;
	int status;

	measure_init(&m);
	bench_args_all(&m.args, options);
	if (args_parse(args, options, INT_MAX))
		status = run(&m, args);
	else
		status = args->status;
	measure_release(&m);
	return status;
}
