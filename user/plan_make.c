// SPDX-License-Identifier: GPL-2.0-only
/*
 * plan_make.c - from what was asked for to a plan
 *
 * What cannot be measured is left out, and a warning says so.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "env.h"
#include "plan_internal.h"

#define PATTERN_MAX	256

static const char *const default_patterns[] = {
	"config/*:read", "config/*:update",
	"stats/*:read", "stats/*:write",
	"counter/*:add", "counter/*:read",
	"ring/*:push", "ring/*:pop",
};

static const char *const world_names[WORLD_COUNT] = {
	[WORLD_KERNEL] = "kernel",
	[WORLD_USER] = "user",
};

static const char *const left_reasons[LEFT_COUNT] = {
	[LEFT_FEW] = "fewer threads than the case needs",
	[LEFT_MANY] = "more threads than the case can use",
	[LEFT_CPUS] = "more threads than CPUs are allowed",
	[LEFT_DISTANCE] = "more threads than CPUs at that distance",
	[LEFT_PAYLOAD] = "a payload that the case cannot have",
	[LEFT_WRITER] = "a writer that the case cannot have",
};

/* what is asked for where nothing is */
static const __u32 default_threads[] = { PLAN_THREADS_MIN, 0 };
static const __u32 default_payloads[] = { 0 };
static const __u64 default_write_rates[] = { 0 };

static int explain(struct plan *plan, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int explain(struct plan *plan, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(plan->why, sizeof(plan->why), format, args);
	va_end(args);
	return error;
}

/* A primitive means all its variants, a variant all its operations. */
static bool matches_pattern(const char *pattern, const char *name)
{
	char whole[PATTERN_MAX];

	snprintf(whole, sizeof(whole), strchr(pattern, ':') ? "%s" :
		 pattern[strcspn(pattern, "/*?[")] ? "%s:*" : "%s/*:*",
		 pattern);
	return !fnmatch(whole, name, 0);
}

static bool matches(const struct plan_params *p, const char *name)
{
	for (unsigned int i = 0; i < p->npatterns; i++)
		if (matches_pattern(p->patterns[i], name))
			return true;
	return false;
}

static void warn_left_out(const struct plan_maker *maker)
{
	for (int i = 0; i < LEFT_COUNT; i++)
		if (maker->left[i])
			result_warn(maker->plan->result,
				    "Left out: %u with %s (%s).",
				    maker->left[i], left_reasons[i],
				    maker->left_name[i]);
}

/**
 * plan_find_case() - look a case up
 * @maker: that has listed them
 * @world: where it runs
 * @name: its name
 *
 * Return: the case or NULL.
 */
struct plan_case *plan_find_case(const struct plan_maker *maker,
				 enum world world, const char *name)
{
	for (size_t i = 0; i < maker->ncases[world]; i++)
		if (!strcmp(maker->cases[world][i].c.name, name))
			return &maker->cases[world][i];
	return NULL;
}

static int add_cases(struct plan_maker *maker)
{
	int rc = 0;

	for (enum world w = 0; w < WORLD_COUNT; w++)
		for (size_t i = 0; !rc && i < maker->ncases[w]; i++) {
			struct plan_case *c = &maker->cases[w][i];

			if (matches(&maker->plan->params, c->c.name))
				rc = plan_add_case(maker, w, c);
		}
	return rc;
}

static int list_cases(struct plan_maker *maker, enum world world)
{
	struct plan *plan = maker->plan;
	struct bench_case *cases;
	struct plan_case *known;
	size_t n;
	int rc;

	rc = bench_cases(plan->bench[world], &cases, &n);
	if (rc) {
		plan->failed = plan->bench[world];
		return rc;
	}
	known = calloc(n + 1, sizeof(*known));
	for (size_t i = 0; known && i < n; i++)
		known[i].c = cases[i];
	free(cases);
	if (!known)
		return -ENOMEM;
	maker->cases[world] = known;
	maker->ncases[world] = n;
	return 0;
}

/* Whether an operation of a variant that was not built might match. */
static bool absent_matches(const char *pattern, const struct bench_absent *a)
{
	char variant[PATTERN_MAX];

	snprintf(variant, sizeof(variant), "%.*s%s",
		 (int)strcspn(pattern, ":"), pattern,
		 pattern[strcspn(pattern, "/*?[")] ? "" : "/*");
	return !fnmatch(variant, a->variant, 0);
}

static bool pattern_found(const struct plan_maker *maker, const char *pattern)
{
	for (enum world w = 0; w < WORLD_COUNT; w++)
		for (size_t i = 0; i < maker->ncases[w]; i++)
			if (matches_pattern(pattern, maker->cases[w][i].c.name))
				return true;
	for (const struct bench_absent *a = bench_absent; a->variant; a++)
		if (absent_matches(pattern, a))
			return true;
	return false;
}

/* A pattern without a case is a slip. */
static int check_patterns(const struct plan_maker *maker)
{
	const struct plan_params *p = &maker->plan->params;

	for (unsigned int i = 0; i < p->npatterns; i++)
		if (p->patterns != default_patterns &&
		    !pattern_found(maker, p->patterns[i]))
			return explain(maker->plan, -ENOENT,
				       "no case matches '%.64s'",
				       p->patterns[i]);
	return 0;
}

static bool absent(const struct plan_params *p, const struct bench_absent *a)
{
	for (unsigned int i = 0; i < p->npatterns; i++)
		if (absent_matches(p->patterns[i], a))
			return true;
	return false;
}

static void warn_absent(const struct plan_maker *maker)
{
	const struct plan *plan = maker->plan;

	for (const struct bench_absent *a = bench_absent; a->variant; a++)
		if (plan->bench[WORLD_USER] && absent(&plan->params, a))
			result_warn(plan->result,
				    "Left out: user %s, not built for want of %s.",
				    a->variant, a->package);
}

static int explain_none(const struct plan_maker *maker)
{
	struct plan *plan = maker->plan;

	for (const struct bench_absent *a = bench_absent; a->variant; a++)
		if (plan->bench[WORLD_USER] && absent(&plan->params, a))
			return explain(plan, -ENOENT,
				       "%s is not built, for want of %s",
				       a->variant, a->package);
	return explain(plan, -ENOENT, "no case can be measured so");
}

static void warn_refused(const struct plan_maker *maker)
{
	for (enum world w = 0; w < WORLD_COUNT; w++)
		for (size_t i = 0; i < maker->ncases[w]; i++)
			if (maker->cases[w][i].refused)
				result_warn(maker->plan->result,
					    "Left out: %s %s, this machine refuses what it needs.",
					    world_names[w],
					    maker->cases[w][i].c.name);
}

static int measure_placement(struct plan_maker *maker)
{
	struct plan *plan = maker->plan;
	struct result *result = plan->result;

	for (int w = WORLD_COUNT - 1; w >= 0 && !result->emulated; w--) {
		int rc;

		if (!plan_find_case(maker, w, PLACEMENT_CASE))
			continue;
		rc = placement_measure(&maker->placement, plan->bench[w],
				       plan->stop);
		if (rc)
			plan->failed = plan->bench[w];
		if (maker->placement.disagrees)
			result_warn(result,
				    "Distances between CPUs are not what their topology says; they are as measured.");
		return rc;
	}
	result_warn(result,
		    "Distances between CPUs are as their topology says, not measured.");
	return 0;
}

static int find_cpus(struct plan_maker *maker)
{
	unsigned int allowed[PLAN_CPUS_MAX];
	struct plan *plan = maker->plan;
	int n = env_allowed_cpus(allowed, PLAN_CPUS_MAX);
	int rc;

	if (n < 1)
		return explain(plan, -EPERM, "no CPU is allowed");
	rc = placement_init(&maker->placement, allowed, n, "");
	if (!rc && n > 1)
		rc = measure_placement(maker);
	return rc;
}

static int check_placement(const struct plan_maker *maker)
{
	const struct placement *p = &maker->placement;
	const char *wanted = maker->plan->params.placement;
	char known[PLAN_WHY_MAX / 2] = "one CPU";
	__u32 cpu;
	size_t at = 0;

	if (!wanted || !strcmp(wanted, PLAN_PLACEMENT_ALL) ||
	    placement_choose(p, wanted, 1, &cpu) != -ENOENT)
		return 0;
	for (unsigned int i = 0; i < p->nclasses && at < sizeof(known); i++)
		at += snprintf(known + at, sizeof(known) - at, "%s%s",
			       i ? ", " : "", p->classes[i].name);
	return explain(maker->plan, -ENOENT,
		       "no CPUs are at the distance '%.32s'; there is: %s",
		       wanted, known);
}

static void fill_defaults(struct plan_params *p)
{
	if (!p->npatterns) {
		p->patterns = default_patterns;
		p->npatterns = ARRAY_SIZE(default_patterns);
	}
	if (!p->nthreads) {
		p->threads = default_threads;
		p->nthreads = ARRAY_SIZE(default_threads);
	}
	if (!p->npayloads) {
		p->payloads = default_payloads;
		p->npayloads = ARRAY_SIZE(default_payloads);
	}
	if (!p->nwrite_rates) {
		p->write_rates = default_write_rates;
		p->nwrite_rates = ARRAY_SIZE(default_write_rates);
	}
}

/* Blocks that fit beside what comes before them. */
static int fit_blocks(struct plan *plan)
{
	struct plan_params *p = &plan->params;
	double round = 0, warm, bend;

	for (unsigned int i = 0; i < plan->result->ncells; i++)
		round += plan->result->cells[i].cost_s;
	if (!p->repeat)
		p->repeat = 1;
	warm = p->repeat * PLAN_WARM_USUAL * PLAN_WARM_SLICES * round;
	bend = PLAN_BEND_ROUNDS * PLAN_BEND_LENGTHS * round;
	if (!p->blocks && !p->duration_s)
		return explain(plan, -EINVAL,
			       "neither blocks nor a duration is given");
	if (!p->blocks)
		plan->limit_s = p->duration_s;
	if (!p->blocks && p->duration_s > warm + bend)
		p->blocks = (p->duration_s - warm - bend) /
			(PLAN_TWICE * round * p->repeat);
	if (!p->blocks) {
		result_warn(plan->result,
			    "The duration is too short for more than one block.");
		p->blocks = 1;
	}
	plan->seconds = warm + bend +
		p->repeat * p->blocks * PLAN_TWICE * round;
	plan->result->blocks = p->repeat * p->blocks;
	return 0;
}

static int make(struct plan_maker *maker)
{
	struct plan *plan = maker->plan;
	int rc = 0;

	for (enum world w = 0; !rc && w < WORLD_COUNT; w++)
		if (plan->bench[w])
			rc = list_cases(maker, w);
	rc = rc ?: check_patterns(maker) ?: find_cpus(maker) ?:
	     check_placement(maker) ?: add_cases(maker);
	if (rc)
		return rc;
	warn_absent(maker);
	warn_left_out(maker);
	if (!plan->result->ncells)
		rc = explain_none(maker);
	rc = rc ?: plan_support(maker);
	warn_refused(maker);
	return rc ?: fit_blocks(plan);
}

/**
 * plan_make() - find the cells to measure
 * @plan: what was asked for; the defaults are filled in
 *
 * Context: measures the distances between CPUs and runs short slices of each
 *	case, to see what the machine refuses and what a slice costs.
 * Return: 0 or -errno, which @plan->why or @plan->failed explains if one of
 * them is there: -ENOENT if nothing matches.
 */
int plan_make(struct plan *plan)
{
	struct plan_maker maker = { .plan = plan };
	struct result *result = plan->result;
	int rc;

	fill_defaults(&plan->params);
	result->seed = plan->params.seed;
	result->slice_ns = plan->params.slice_ns;
	result->lead_ns = plan->params.lead_ns;
	result->emulated = env_emulated();
	rc = make(&maker);
	placement_release(&maker.placement);
	for (enum world w = 0; w < WORLD_COUNT; w++)
		free(maker.cases[w]);
	return rc;
}
