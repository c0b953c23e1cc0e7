// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench_head.c - what a reader must know before the figures
 */
#include <math.h>
#include <string.h>

#include "bench_table.h"
#include "out.h"
#include "result_json.h"

static const char emulated[] =
	"This CPU is emulated: its times say nothing about hardware, so no verdict.";

static const char *text_of(const struct result *result, const char *key)
{
	const char *text = json_string_value(json_object_get(result->env, key));

	return text ?: "unknown";
}

static bool same_group(const struct cell *a, const struct cell *b)
{
	return a->world == b->world && a->threads == b->threads;
}

/* Whether the control is the first one of its group. */
static bool is_first(const struct result *result, unsigned int index)
{
	const struct cell *cell = &result->cells[index];

	for (unsigned int i = 0; i < index; i++)
		if (result->cells[i].control >= 0 &&
		    same_group(&result->cells[i], cell))
			return false;
	return cell->control >= 0;
}

/* The smallest and the largest floor of a group. */
static void floors_of(const struct result *result, const struct cell *like,
		      double *least, double *most)
{
	*least = NAN;
	*most = NAN;
	for (unsigned int i = 0; i < result->ncells; i++) {
		const struct cell *cell = &result->cells[i];
		double floor;

		if (cell->control < 0 || !same_group(cell, like))
			continue;
		floor = figures_floor(result, cell);
		*least = fmin(*least, floor);
		*most = fmax(*most, floor);
	}
}

/* A control for each primitive would fill the screen: their range does. */
static void print_floors(const struct result *result)
{
	const char *before = "Noise floors, between equal arms:";
	bool any = false;

	for (unsigned int i = 0; i < result->ncells; i++) {
		const struct cell *cell = &result->cells[i];
		double least, most;

		if (!is_first(result, i))
			continue;
		floors_of(result, cell, &least, &most);
		if (!isfinite(most))
			continue;
		out_text("%s ", any ? "," : before);
		if (least < most)
			out_text("%.1f to ", least * 100);
		out_text("%.1f %% (%s, %u thread%s)", most * 100,
			 result_world_names[cell->world], cell->threads,
			 cell->threads == 1 ? "" : "s");
		any = true;
	}
	out_text("%s\n", any ? "." : "No noise floor: no two equal arms.");
}

static void print_warnings(const struct result *result)
{
	const json_t *warning;
	size_t i;

	json_array_foreach(result->warnings, i, warning)
		out_text("warning: %s\n", json_string_value(warning));
}

static void print_shares(const struct result *result)
{
	if (isfinite(result->foreign))
		out_text("Others used %.1f %% of the CPU time",
			 result->foreign * 100);
	else
		out_text("Nobody knows how much CPU time others used");
	if (isfinite(result->stolen))
		out_text(", the hypervisor took %.1f %%",
			 result->stolen * 100);
	out_text(".\n");
}

/* That of the module is the kernel's. */
static void print_clock(const struct result *result)
{
	unsigned int i = 0;

	while (i < result->ncells && result->cells[i].world != WORLD_USER)
		i++;
	if (i < result->ncells)
		out_text("Clock of user space: %s.\n",
			 text_of(result, "bench_clock"));
}

/**
 * bench_head() - print how to read the figures and how far to trust them
 * @result: figures computed
 *
 * Prints nothing in JSON, which has it in the result.
 */
void bench_head(const struct result *result)
{
	out_text("%s, Linux %s\n", text_of(result, "cpu_model"),
		 text_of(result, "kernel_release"));
	out_text("%u blocks of 2 slices of %.1f ms an arm, seed %llu\n",
		 result->blocks, result->slice_ns / 1e6, result->seed);
	out_text("ns/op: median of the slices without a tag, less the empty loop.  %s\n",
		 "Intervals: 95 %, within one boot.");
	print_clock(result);
	if (result->emulated)
		out_text("%s\n", emulated);
	else
		print_floors(result);
	print_shares(result);
	print_warnings(result);
}
