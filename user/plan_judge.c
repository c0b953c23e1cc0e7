// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_judge.c - what the machine did to a run
 *
 * It is said in warnings; verdicts and the exit status follow from the shares
 * and the tags themselves.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "figures.h"
#include "plan_internal.h"
#include "verdict.h"

#define CLOCK_SPREAD	0.05	/* of the cores, 5th to 95th percentile */

/**
 * plan_mark() - read the counters of load
 * @run: knows the CPUs in use
 * @mark: filled
 *
 * Where there are other CPUs the process's other threads, as that which frees
 * what updates retire, are mostly there, and their time is none of those in
 * use: taken off, it would hide as much of others.
 *
 * Return: 0 or -errno, as of load_mark().
 */
int plan_mark(const struct plan_run *run, struct load_mark *mark)
{
	int rc = load_mark(&run->load, mark);

	if (!run->all_cpus)
		mark->own_ns = bench_cpu_ns(run->plan->bench[WORLD_USER]);
	return rc;
}

static void judge_load(const struct plan_run *run,
		       const struct load_mark *from)
{
	struct result *result = run->plan->result;
	struct load_shares shares;
	struct load_mark to;

	if (plan_mark(run, &to)) {
		result_warn(result,
			    "What others used of the CPUs is not known: /proc/stat cannot be read.");
		return;
	}
	load_shares(&run->load, from, &to, run->threads_ns ?: run->kernel_ns,
		    &shares);
	result->foreign = shares.foreign;
	result->stolen = shares.stolen;
	if (shares.foreign > VERDICT_FOREIGN_MAX)
		result_warn(result,
			    "Others used %.1f %% of the time of the CPUs.",
			    shares.foreign * 100);
	if (shares.stolen > VERDICT_FOREIGN_MAX)
		result_warn(result,
			    "The hypervisor took %.1f %% of the time of the CPUs.",
			    shares.stolen * 100);
}

static unsigned int slices_with(const struct cell *cell, __u32 tag)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < cell->nslices; i++)
		n += !!(cell->slices[i].tags & tag);
	return n;
}

static void judge_tags(struct result *result, __u32 blocks)
{
	unsigned int throttled = 0, suspended = 0;

	/* this tag is that of a block */
	if (result->ncells)
		throttled = slices_with(&result->cells[0], TAG_THROTTLED) /
			PLAN_TWICE;
	for (unsigned int i = 0; i < result->ncells; i++)
		suspended += slices_with(&result->cells[i], TAG_SUSPENDED);
	if (throttled)
		result_warn(result,
			    "The control group ran out of its CPU quota in %u of %u blocks.",
			    throttled, blocks);
	if (suspended)
		result_warn(result,
			    "The machine slept or was stopped, or its clock jumped, in %u slice%s.",
			    suspended, suspended == 1 ? "" : "s");
}

static size_t read_clocks(const struct result *result, double *ghz)
{
	size_t n = 0;

	for (unsigned int i = 0; i < result->ncells; i++) {
		const struct cell *cell = &result->cells[i];

		for (unsigned int j = 0; j < cell->nslices; j++)
			for (__u32 t = 0; t < cell->threads; t++) {
				double clock = figures_ghz(&cell->slices[j].samples[t].did);

				if (!isnan(clock))
					ghz[n++] = clock;
			}
	}
	return n;
}

static int judge_clock(struct result *result)
{
	size_t room = 1, n;
	double *ghz, low, high;

	for (unsigned int i = 0; i < result->ncells; i++)
		room += (size_t)result->cells[i].nslices *
			result->cells[i].threads;
	ghz = calloc(room, sizeof(*ghz));
	if (!ghz)
		return -ENOMEM;
	n = read_clocks(result, ghz);
	if (n && !result->emulated) {
		low = statistics_quantile(ghz, n, 0.05);
		high = statistics_quantile(ghz, n, 0.95);
		if (high > (1 + CLOCK_SPREAD) * low)
			result_warn(result,
				    "The clock of the cores changed during the run, %.2f to %.2f GHz: times depend on when a slice ran, ratios hardly.",
				    low, high);
	}
	free(ghz);
	return 0;
}

/**
 * plan_judge() - tell the result what the machine did to the run
 * @run: has measured
 * @from: when it began
 *
 * What cannot be known stays NAN.
 *
 * Return: 0 or -ENOMEM.
 */
int plan_judge(struct plan_run *run, const struct load_mark *from)
{
	judge_load(run, from);
	judge_tags(run->plan->result, run->blocks);
	return judge_clock(run->plan->result);
}
