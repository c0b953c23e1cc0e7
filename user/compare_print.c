// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_print.c - figures as a table, and the raw samples as the record
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "compare.h"
#include "env.h"

#define NOISE		1.01	/* a smaller difference is not called one */
#define BLOCKS_MIN	5	/* fewer give no interval worth the name */

static const char *const world_names[WORLD_COUNT] = {
	[WORLD_KERNEL]	= "kernel",
	[WORLD_USER]	= "user",
};

static const char no_verdict[] =
	"This CPU is emulated: its times say nothing about hardware, so no verdict.";

/* Both worlds' arms of a case with a number of threads. */
struct pair {
	const struct compare_arm *arms[WORLD_COUNT];
};

static void print_parameters(const struct compare_plan *plan)
{
	out_object("parameters", NULL);
	out_u64("seed", NULL, plan->seed);
	out_u64("slice_ns", NULL, plan->slice_ns);
	out_u64("blocks", NULL, plan->blocks);
	out_u64("slices", NULL, 2 * plan->blocks);
	out_u64("arms", NULL, plan->narms);
	out_end();
	out_text("\n%u arms, %u blocks of 2 slices of %.1f ms each, ",
		 plan->narms, plan->blocks, plan->slice_ns / 1e6);
	out_text("order drawn at random with seed %llu\n\n", plan->seed);
}

static void print_time(const struct compare_arm *arm, const char *label)
{
	char text[48];

	if (isnan(arm->net_ns))
		snprintf(text, sizeof(text), "none done");
	else if (compare_refused(arm))
		snprintf(text, sizeof(text), "refused");
	else if (arm->net_ns <= 0)
		snprintf(text, sizeof(text), "below empty");
	else
		snprintf(text, sizeof(text), "%.2f%s%s", arm->net_ns,
			 env_emulated() ? " emulated" : "",
			 arm->marked ? " !" : "");
	out_str(NULL, label, text);
}

static void print_arm(const struct compare_arm *arm, enum world world)
{
	char label[24];

	snprintf(label, sizeof(label), "%s ns/op", world_names[world]);
	if (!arm) {
		out_na(world_names[world], label, NULL);
		return;
	}
	print_time(arm, label);
	out_object(world_names[world], NULL);
	out_double("net_ns_per_op", NULL, arm->net_ns, 2);
	out_double("raw_ns_per_op", NULL, arm->raw_ns, 2);
	out_double("empty_ns_per_op", NULL, arm->empty->raw_ns, 2);
	out_double("overlap_median", NULL, arm->overlap, 3);
	out_double("failed_share", NULL, arm->failed, 3);
	out_u64("slices", NULL, arm->nslices);
	out_u64("slices_marked", NULL, arm->marked);
	out_u64("slices_switched", NULL, arm->switched);
	out_bool("refused", NULL, compare_refused(arm));
	out_bool("doubtful", NULL, compare_doubtful(arm));
	out_end();
}

static void print_overlap(const struct pair *pair)
{
	double least = 1;
	char text[16];

	for (int i = 0; i < WORLD_COUNT; i++)
		if (pair->arms[i] && pair->arms[i]->overlap < least)
			least = pair->arms[i]->overlap;
	snprintf(text, sizeof(text), "%.0f %%", least * 100);
	out_str(NULL, "overlap", text);
}

static bool has_interval(const struct compare_ratio *ratio)
{
	return ratio->blocks >= BLOCKS_MIN;
}

static const char *verdict(const struct compare_ratio *ratio)
{
	if (ratio->ratio.low > 1 && ratio->ratio.mid > NOISE)
		return "user faster";
	if (ratio->ratio.high < 1 && ratio->ratio.mid < 1 / NOISE)
		return "kernel faster";
	return "no difference shown";
}

static void print_no_ratio(const char *why)
{
	out_na("kernel_over_user", NULL, NULL);
	out_na("verdict", NULL, NULL);
	out_str("verdict_absent_because", NULL, why);
	out_str(NULL, "kernel/user", "n/a");
	out_str(NULL, "95 % interval", "");
	out_str(NULL, "verdict", why);
}

static void print_interval(const struct compare_ratio *ratio)
{
	char text[48];

	out_object("kernel_over_user", NULL);
	out_double("ratio", NULL, ratio->ratio.mid, 2);
	out_double("low_95", NULL, has_interval(ratio) ? ratio->ratio.low : NAN,
		   2);
	out_double("high_95", NULL,
		   has_interval(ratio) ? ratio->ratio.high : NAN, 2);
	out_u64("blocks", NULL, ratio->blocks);
	out_end();
	snprintf(text, sizeof(text), "%.2f", ratio->ratio.mid);
	out_str(NULL, "kernel/user", text);
	snprintf(text, sizeof(text), "%.2f to %.2f", ratio->ratio.low,
		 ratio->ratio.high);
	out_str(NULL, "95 % interval", has_interval(ratio) ? text : "n/a");
}

/* Why there is no verdict, in @text, or NULL if there is one. */
static const char *why_none(const struct pair *pair,
			    const struct compare_ratio *ratio, char text[64])
{
	if (env_emulated())
		return "emulated CPU";
	if (!has_interval(ratio))
		return "too few blocks";
	for (int i = 0; i < WORLD_COUNT; i++) {
		const struct compare_arm *arm = pair->arms[i];

		if (!compare_doubtful(arm))
			continue;
		snprintf(text, 64, "too little overlap in %u of %u slices",
			 arm->marked, arm->nslices);
		return text;
	}
	return NULL;
}

static void print_verdict(const struct pair *pair,
			  const struct compare_ratio *ratio)
{
	char text[72], why[64];
	const char *none = why_none(pair, ratio, why);

	if (!none) {
		out_str("verdict", "verdict", verdict(ratio));
		return;
	}
	out_na("verdict", NULL, NULL);
	out_str("verdict_absent_because", NULL, none);
	snprintf(text, sizeof(text), "none (%s)", none);
	out_str(NULL, "verdict", text);
}

static int print_ratio(const struct compare_plan *plan, const struct pair *pair,
		       __u64 *state)
{
	const struct compare_arm *k = pair->arms[WORLD_KERNEL];
	const struct compare_arm *u = pair->arms[WORLD_USER];
	struct compare_ratio ratio;
	int rc;

	if (!k || !u) {
		print_no_ratio("one world");
		return 0;
	}
	if (compare_refused(k) || compare_refused(u)) {
		print_no_ratio("too little overlap");
		return 0;
	}
	rc = compare_ratio(k, u, plan->blocks, state, &ratio);
	if (rc == -ENODATA) {
		print_no_ratio("not above the empty loop");
		return 0;
	}
	if (rc)
		return rc;
	print_interval(&ratio);
	print_verdict(pair, &ratio);
	return 0;
}

static int print_row(const struct compare_plan *plan, const struct pair *pair,
		     __u64 *state)
{
	const struct compare_arm *arm = pair->arms[WORLD_KERNEL] ?:
		pair->arms[WORLD_USER];
	int rc;

	out_row();
	out_str("case", "case", arm->name);
	out_u64("threads", "threads", arm->threads);
	for (int i = 0; i < WORLD_COUNT; i++)
		if (i == WORLD_KERNEL ? !!plan->client : plan->user)
			print_arm(pair->arms[i], i);
	print_overlap(pair);
	rc = plan->client && plan->user ? print_ratio(plan, pair, state) : 0;
	out_end();
	return rc;
}

static bool same_cell(const struct compare_arm *a, const struct compare_arm *b)
{
	return a->threads == b->threads && !strcmp(a->name, b->name);
}

static struct pair find_pair(const struct compare_plan *plan, unsigned int i)
{
	struct pair pair = { 0 };

	for (unsigned int j = 0; j < plan->narms; j++)
		if (same_cell(&plan->arms[i], &plan->arms[j]))
			pair.arms[plan->arms[j].world] = &plan->arms[j];
	return pair;
}

static int print_rows(const struct compare_plan *plan)
{
	__u64 state = plan->seed;
	int rc = 0;

	out_table("rows");
	for (unsigned int i = 0; !rc && i < plan->narms; i++) {
		struct pair pair = find_pair(plan, i);

		/* The user arm comes later and was printed with the other. */
		if (plan->arms[i].world == WORLD_USER &&
		    pair.arms[WORLD_KERNEL])
			continue;
		rc = print_row(plan, &pair, &state);
	}
	out_end();
	return rc;
}

static void print_sample(const struct acqrel_sample *s)
{
	out_object(NULL, NULL);
	out_u64("thread", NULL, s->thread);
	out_u64("cpu", NULL, s->cpu);
	out_u64("deadline_ns", NULL, s->deadline_ns);
	out_u64("start_ns", NULL, s->start_ns);
	out_u64("end_ns", NULL, s->end_ns);
	out_u64("busy_ns", NULL, s->busy_ns);
	out_u64("bursts", NULL, s->bursts);
	out_u64("ops", NULL, s->ops);
	out_u64("failed", NULL, s->failed);
	out_u64("switches", NULL, s->switches);
	out_end();
}

static void print_slices(const struct compare_arm *arm)
{
	out_object(NULL, NULL);
	out_str("world", NULL, world_names[arm->world]);
	out_str("case", NULL, arm->name);
	out_u64("threads", NULL, arm->threads);
	out_array("per_slice");
	for (unsigned int i = 0; i < arm->nslices; i++) {
		const struct compare_slice *slice = &arm->slices[i];

		out_object(NULL, NULL);
		out_u64("block", NULL, slice->block);
		out_u64("order", NULL, slice->order);
		out_double("overlap", NULL, slice->overlap, 3);
		out_array("per_thread");
		for (unsigned int t = 0; t < arm->threads; t++)
			print_sample(&slice->samples[t]);
		out_end();
		out_end();
	}
	out_end();
	out_end();
}

static void print_raw(const struct compare_plan *plan)
{
	if (!out_is_json())
		return;
	out_array("per_arm");
	for (unsigned int i = 0; i < plan->narms; i++)
		print_slices(&plan->arms[i]);
	out_end();
}

static void print_legend(const struct compare_plan *plan)
{
	out_text("\nns/op: median of the slices, time of the empty loop (%s) subtracted;\n"
		 "the rows of the empty loop are what was subtracted.  !: some slices overlapped\n"
		 "less than 95 %%; more than half of them: no verdict.  refused: median overlap\n"
		 "below 90 %%.\n",
		 COMPARE_EMPTY);
	if (plan->client && plan->user)
		out_text("kernel/user: median of the blocks' ratios, %s.\n",
			 "bootstrap 95 % interval");
	if (env_emulated())
		out_text("%s\n", no_verdict);
}

static int print_trust(const struct compare_plan *plan)
{
	unsigned int refused = 0, doubtful = 0;

	for (unsigned int i = 0; i < plan->narms; i++) {
		bool no = compare_refused(&plan->arms[i]);

		refused += no;
		doubtful += !no && compare_doubtful(&plan->arms[i]);
	}
	out_bool("trustworthy", NULL, !refused && !doubtful);
	if (!refused && !doubtful)
		return STATUS_OK;
	out_note("acqrel: of %u arms %u are refused and %u doubtful: %s",
		 plan->narms, refused, doubtful,
		 "their threads overlapped too little; free the CPUs");
	return STATUS_UNTRUSTED;
}

/**
 * compare_print() - print environment, figures and raw samples
 * @plan: measured, with its figures
 *
 * Return: exit status, or -errno.
 */
int compare_print(const struct compare_plan *plan)
{
	int rc;

	out_bool("emulated", NULL, env_emulated());
	env_print();
	print_parameters(plan);
	rc = print_rows(plan);
	if (rc)
		return rc;
	print_legend(plan);
	print_raw(plan);
	return print_trust(plan);
}
