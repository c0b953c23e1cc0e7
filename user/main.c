// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - the acqrel command: acqrel [OPTIONS] OBJECT COMMAND [ARGS]
 */
#include <string.h>

#include "cmd_bench.h"

static const struct command objects[] = {
	{ "config", NULL, "what passes, and what a full ring does",
	  cmd_config_show, config_commands },
	{ "stats", NULL, "count, mean and histogram of each kind of event",
	  cmd_stats_show, stats_commands },
	{ "counter", NULL, "per-CPU counters",
	  cmd_counter_show, counter_commands },
	{ "ring", NULL, "rings, their books and their events",
	  cmd_ring_show, ring_commands },
	{ "source", NULL, "where events come from",
	  cmd_source_list, source_commands },
	{ "pipeline", NULL, "the pipeline in user space",
	  NULL, pipeline_commands },
	{ "record", "-o FILE", "what is offered, with its verdicts, to a file",
	  cmd_record, NULL },
	{ "replay", "FILE", "run a trace through the pipeline again, and compare",
	  cmd_replay, NULL },
	{ "trace", NULL, "what was recorded, for people and programs",
	  NULL, trace_commands },
	{ "litmus", NULL, "what memory models allow, and what is seen here",
	  NULL, litmus_commands },
	{ "bench", NULL, "what synchronization costs here",
	  NULL, bench_commands },
	{ "compare", "[PATTERN|FILE...]",
	  "which of two is faster, if that can be said",
	  cmd_compare, NULL },
	{ "export", "FILE...", "figures for other programs",
	  cmd_export, NULL },
	{ "report", "FILE...", "results as one page to read",
	  cmd_report, NULL },
	{ "reset", NULL, "empty the rings and zero what was counted",
	  cmd_reset, NULL },
	{ "version", NULL, "versions of command, module and libraries",
	  cmd_version, NULL },
	{ }
};

/* What runs when no object is named. */
static const struct command status = {
	"acqrel", NULL, "the state of the module", cmd_status, objects
};

int main(int argc, char **argv)
{
	struct args args = {
		.argc = argc ? argc - 1 : 0,
		.argv = argv + 1,
		.path = "acqrel",
		.command = &status,
	};

	for (int i = 0; i < args.argc && args.argv[i][0] == '-'; i++)
		if (!strcmp(args.argv[i], "--version") ||
		    !strcmp(args.argv[i], "-V"))
			args.argv[i] = "version";
	return out_finish(args_dispatch(&args, objects));
}
