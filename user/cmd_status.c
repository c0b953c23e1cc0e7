// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_status.c - acqrel alone: the state of the module in one screen
 */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "names.h"
#include "sums.h"

struct state {
	struct acqrel_config_state config;
	struct acqrel_source_values *sources;
	struct acqrel_ring_values *rings;
	struct acqrel_stats_values *stats;
	size_t nsources;
	size_t nrings;
	size_t nstats;
};

static int read_state(struct acqrel_client *client, struct state *state)
{
	return acqrel_client_config_get(client, &state->config) ?:
	       acqrel_client_sources(client, &state->sources,
				     &state->nsources) ?:
	       acqrel_client_rings(client, 0, &state->rings, &state->nrings) ?:
	       acqrel_client_stats(client, &state->stats, &state->nstats);
}

static void free_state(struct state *state)
{
	free(state->sources);
	free(state->rings);
	free(state->stats);
}

static void print_module(void)
{
	char version[64];

	out_bool("loaded", NULL, true);
	if (session_module_version(version, sizeof(version)))
		out_str("version", "acqrel module", version);
	else
		out_str(NULL, "acqrel module", "loaded");
}

static void print_config(const struct acqrel_config_state *config)
{
	char title[64];

	snprintf(title, sizeof(title), "\nconfig, generation %llu",
		 config->generation);
	out_object("config", title);
	out_u64("generation", NULL, config->generation);
	config_print(&config->values);
	out_end();
}

static bool print_sources(const struct state *state)
{
	bool running = false;

	out_text("\n");
	out_table("sources");
	for (size_t i = 0; i < state->nsources; i++) {
		const struct acqrel_source_values *s = &state->sources[i];

		out_row();
		out_str("name", "source", s->name);
		out_str(NULL, "state", s->running ? "running" : "stopped");
		out_bool("running", NULL, s->running);
		out_u64("offered", "offered", s->offered);
		out_end();
		running |= s->running;
	}
	out_end();
	return running;
}

/* Fills the sum that the hint needs too. */
static void print_books(const struct state *state,
			struct acqrel_ring_values *sum)
{
	const struct acqrel_account *a = &sum->account;
	bool balanced = true;

	for (size_t i = 0; i < state->nrings; i++) {
		ring_add(sum, &state->rings[i]);
		balanced &= acqrel_account_balanced(&state->rings[i].account);
	}
	out_text("\nbooks of %zu CPUs, sum of snapshots\n", state->nrings);
	out_object("books", NULL);
	out_u64("offered", "  offered", a->offered);
	out_u64("filtered", "  filtered", acqrel_account_filtered(a));
	out_u64("pushed", "  pushed", a->pushed);
	out_u64("dropped", "  dropped", a->dropped);
	out_u64("overwritten", "  overwritten", a->overwritten);
	out_u64("popped", "  popped", sum->popped);
	out_u64("fill", "  in the rings", sum->fill);
	out_bool("balanced", "  balanced", balanced);
	out_end();
}

static void print_kind(const struct state *state, unsigned int kind)
{
	struct acqrel_stats_values sum;

	memset(&sum, 0, sizeof(sum));
	for (size_t i = 0; i < state->nstats; i++)
		if (state->stats[i].kind == kind)
			stats_add(&sum, &state->stats[i]);
	out_row();
	out_str("kind", "kind", acqrel_kind_name(kind));
	out_u64("count", "values", sum.count);
	if (sum.count) {
		out_double("mean_ns", NULL, (double)sum.sum_ns / sum.count, 0);
		out_ns(NULL, "mean", sum.sum_ns / sum.count);
		out_ns("min_ns", "min", sum.min_ns);
		out_ns("max_ns", "max", sum.max_ns);
	} else {
		out_na("mean_ns", "mean", NULL);
		out_na("min_ns", "min", NULL);
		out_na("max_ns", "max", NULL);
	}
	out_end();
}

static void print_stats(const struct state *state)
{
	out_text("\n");
	out_table("stats");
	for (unsigned int i = 0; i < __ACQREL_KIND_COUNT; i++)
		print_kind(state, i);
	out_end();
}

static const char *hint(const struct acqrel_ring_values *sum, bool running)
{
	if (!running && !sum->account.offered)
		return "acqrel source start sched";
	if (sum->fill)
		return "acqrel ring drain -n 10";
	return running ? "acqrel stats show" : "acqrel reset";
}

static void print(const struct state *state)
{
	struct acqrel_ring_values sum;
	bool running;

	memset(&sum, 0, sizeof(sum));
	print_module();
	print_config(&state->config);
	running = print_sources(state);
	print_books(state, &sum);
	print_stats(state);
	out_text("\nNext: %s (all commands: acqrel help)\n",
		 hint(&sum, running));
}

/**
 * cmd_status() - print the state of the module
 * @args: words
 *
 * Return: exit status.
 */
int cmd_status(struct args *args)
{
	struct state state = { 0 };
	struct acqrel_client *client;
	int rc;

	if (!args_parse(args, NULL, 0))
		return args->status;
	client = session_open(&args->status);
	if (!client)
		return args->status;
	rc = read_state(client, &state);
	if (rc)
		rc = session_fail(client, rc, "read the module's state");
	else
		print(&state);
	free_state(&state);
	acqrel_client_close(client);
	return rc;
}
