// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_source.c - acqrel source
 */
#include <errno.h>
#include <stdlib.h>

#include "cmd.h"
#include "env.h"

static void print_cost(const char *key, const char *label, __u64 ns, __u64 n)
{
	char name[48];

	snprintf(name, sizeof(name), "cost_%s_ns", key);
	if (n)
		out_double(name, label, (double)ns / n, 0);
	else
		out_na(name, label, NULL);
	snprintf(name, sizeof(name), "cost_%s_samples", key);
	out_u64(name, NULL, n);
}

static void print_generator(const struct acqrel_source_values *s)
{
	if (!s->generator)
		return;
	out_u64("seed", NULL, s->seed);
	out_u64("rate_per_s", NULL, s->rate);
	out_u64("count", NULL, s->count);
	out_u64("streams", NULL, s->streams);
}

static void print_source(const struct acqrel_source_values *s)
{
	out_str("name", "source", s->name);
	out_str(NULL, "state", s->running ? "running" : "stopped");
	out_bool("running", NULL, s->running);
	out_u64("offered", "offered", s->offered);
	print_cost("passed", "ns/passed", s->passed_ns, s->passed_n);
	print_cost("filtered", "ns/filtered", s->filtered_ns, s->filtered_n);
	print_generator(s);
}

static void print_sources(const struct acqrel_source_values *sources, size_t n)
{
	bool emulated = env_emulated();

	out_bool("emulated", NULL, emulated);
	out_table("sources");
	for (size_t i = 0; i < n; i++) {
		out_row();
		print_source(&sources[i]);
		out_end();
	}
	out_end();
	if (emulated)
		out_text("\nThis CPU is emulated: the times say nothing about hardware.\n");
}

static void print_generators(const struct acqrel_source_values *sources,
			     size_t n)
{
	if (out_is_json())
		return;
	for (size_t i = 0; i < n; i++)
		if (sources[i].generator && sources[i].streams)
			out_text("\n%s: seed %llu, rate %u events/s%s, count %llu%s, %u streams\n",
				 sources[i].name, sources[i].seed,
				 sources[i].rate,
				 sources[i].rate ? "" : " (unlimited)",
				 sources[i].count,
				 sources[i].count ? "" : " (until stopped)",
				 sources[i].streams);
}

/**
 * cmd_source_list() - print the state of every source
 * @args: words
 *
 * Return: exit status.
 */
int cmd_source_list(struct args *args)
{
	struct acqrel_source_values *sources;
	struct acqrel_client *client;
	size_t n;
	int rc;

	if (!args_parse(args, NULL, 0))
		return args->status;
	client = session_open(&args->status);
	if (!client)
		return args->status;
	rc = acqrel_client_sources(client, &sources, &n);
	if (rc) {
		rc = session_fail(client, rc, "read the sources");
	} else {
		print_sources(sources, n);
		print_generators(sources, n);
		free(sources);
	}
	acqrel_client_close(client);
	return rc;
}

static bool one_name(struct args *args)
{
	if (args->argc == 1)
		return true;
	out_error("name a source, sched or generator, as in: %s sched",
		  args->path);
	return false;
}

static int start_source(struct args *args,
			const struct acqrel_source_params *params, bool wait)
{
	struct acqrel_source_values source;
	struct acqrel_client *client;
	int rc;

	client = session_open(&args->status);
	if (!client)
		return args->status;
	if (wait)
		rc = source_run(client, args->argv[0], params, &source);
	else
		rc = acqrel_client_source_start(client, args->argv[0], params,
						&source);
	if (rc == -ECANCELED) {
		out_error("interrupted; the source was stopped before its end");
		rc = STATUS_CHECK;
	} else if (rc) {
		rc = session_fail(client, rc, "start the source");
	} else {
		print_source(&source);
	}
	acqrel_client_close(client);
	return rc;
}

static int source_start(struct args *args)
{
	struct acqrel_source_params params = { 0 };
	bool seed = false, rate = false, count = false, wait = false;
	__u64 wide_rate = 0;
	const struct option options[] = {
		{ .name = "--seed", .value = "N", .flag = &seed,
		  .number = &params.seed, .help = "generator: seed (1)" },
		{ .name = "--rate", .value = "N", .flag = &rate,
		  .number = &wide_rate, .max = UINT_MAX,
		  .help = "generator: events a second, 0: unlimited (0)" },
		{ .name = "--count", .value = "N", .flag = &count,
		  .number = &params.count,
		  .help = "generator: events, 0: until stopped (0)" },
		{ .name = "--wait", .flag = &wait,
		  .help = "return when it has stopped; Ctrl-C stops it" },
		{ }
	};

	if (!args_parse(args, options, 1))
		return args->status;
	if (!one_name(args))
		return STATUS_USAGE;
	params.rate = wide_rate;
	params.fields = (unsigned int)seed << ACQREL_A_SOURCE_SEED |
			(unsigned int)rate << ACQREL_A_SOURCE_RATE |
			(unsigned int)count << ACQREL_A_SOURCE_COUNT;
	return start_source(args, &params, wait);
}

static int source_stop(struct args *args)
{
	struct acqrel_source_values source;
	struct acqrel_client *client;
	int rc;

	if (!args_parse(args, NULL, 1))
		return args->status;
	if (!one_name(args))
		return STATUS_USAGE;
	client = session_open(&args->status);
	if (!client)
		return args->status;
	rc = acqrel_client_source_stop(client, args->argv[0], &source);
	if (rc)
		rc = session_fail(client, rc, "stop the source");
	else
		print_source(&source);
	acqrel_client_close(client);
	return rc;
}

const struct command source_commands[] = {
	{ "list", NULL, "print state and cost per event of each source",
	  cmd_source_list, NULL },
	{ "start", "NAME", "start a source", source_start, NULL },
	{ "stop", "NAME", "stop a source", source_stop, NULL },
	{ }
};
