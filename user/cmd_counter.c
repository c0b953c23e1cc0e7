// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_counter.c - acqrel counter
 */
#include <stdlib.h>

#include "cmd.h"

static void print_cpus(const struct acqrel_counter_values *counters, size_t n,
		       __u32 id)
{
	out_array("per_cpu");
	for (size_t i = 0; i < n; i++) {
		if (counters[i].total || counters[i].id != id)
			continue;
		out_object(NULL, NULL);
		out_u64("cpu", NULL, counters[i].cpu);
		out_u64("value", NULL, counters[i].value);
		out_end();
	}
	out_end();
}

static void print(const struct acqrel_counter_values *counters, size_t n,
		  bool per_cpu)
{
	out_table("counters");
	for (size_t i = 0; i < n; i++) {
		if (!counters[i].total)
			continue;
		out_row();
		out_str("name", "counter", counters[i].name);
		out_u64("value", "total", counters[i].value);
		if (per_cpu)
			print_cpus(counters, n, counters[i].id);
		out_end();
	}
	out_end();
}

/* There can be more CPUs than a line has room for: a row each. */
static void print_rows(const struct acqrel_counter_values *counters, size_t n,
		       __u32 id)
{
	char cpu[16];

	for (size_t i = 0; i < n; i++) {
		if (counters[i].id != id)
			continue;
		snprintf(cpu, sizeof(cpu), "%u", counters[i].cpu);
		out_row();
		out_str(NULL, "counter", counters[i].name);
		out_str(NULL, "CPU", counters[i].total ? "total" : cpu);
		out_u64(NULL, "value", counters[i].value);
		out_end();
	}
}

static void print_text(const struct acqrel_counter_values *counters, size_t n)
{
	out_table(NULL);
	for (size_t i = 0; i < n; i++)
		if (counters[i].total)
			print_rows(counters, n, counters[i].id);
	out_end();
}

/**
 * cmd_counter_show() - print the per-CPU counters
 * @args: words
 *
 * Return: exit status.
 */
int cmd_counter_show(struct args *args)
{
	bool per_cpu = false;
	const struct option options[] = {
		{ .name = "--per-cpu", .help = "each CPU too",
		  .flag = &per_cpu },
		{ }
	};
	struct acqrel_counter_values *counters;
	struct acqrel_client *client;
	size_t n;
	int rc;

	if (!args_parse(args, options, 0))
		return args->status;
	client = session_open(&args->status);
	if (!client)
		return args->status;
	rc = acqrel_client_counters(client, &counters, &n);
	if (rc) {
		rc = session_fail(client, rc, "read the counters");
	} else {
		if (per_cpu && !out_is_json())
			print_text(counters, n);
		else
			print(counters, n, per_cpu);
		free(counters);
	}
	acqrel_client_close(client);
	return rc;
}

const struct command counter_commands[] = {
	{ "show", NULL, "print the counters", cmd_counter_show, NULL },
	{ }
};
