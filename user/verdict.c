// SPDX-License-Identifier: GPL-2.0-only
/*
 * verdict.c - which of two cells is faster, and whether that can be said
 *
 * A verdict needs an interval without 1, an effect above the floor and above
 * 1 %, and a p that the false-discovery control accepts. Within a run of one
 * boot p is that of the sign test: if two arms are equal, the random order
 * makes each block's ratio as likely above 1 as below, however the machine
 * behaves, so p is exact, and with 20 blocks as small as 2e-6. Between runs,
 * and over runs and boots, it is that of Student's test with the error that
 * resampling shows.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <acqrel/generator.h>

#include "figures.h"
#include "ratio.h"
#include "run_effect.h"
#include "verdict.h"

#define RESOLVE	0.1
#define RATE	0.05

/* two cells, and the runs that they are in */
struct judge {
	struct ratio_side side_a;
	struct ratio_side side_b;
	bool paired;
	const struct verdict_params *p;
};

static int estimate(const struct judge *j, const struct cell *a,
		    const struct cell *b, const struct ratio_how *how,
		    struct ratio *ratio)
{
	__u64 state = j->side_a.results[0]->seed + acqrel_mix64(a->threads);

	if (j->paired)
		return ratio_paired(ratio, &j->side_a, a, b, how, &state);
	return ratio_unpaired(ratio, &j->side_a, a, &j->side_b, b, how, &state);
}

static struct interval as_ratio(struct interval i)
{
	return (struct interval){ exp(i.low), exp(i.mid), exp(i.high) };
}

static bool is_short(const struct ratio_side *side, const struct cell *like)
{
	for (size_t i = 0; i < side->n; i++) {
		const struct cell *c = ratio_cell(side->results[i], like);

		if (c && figures_short(&c->figures))
			return true;
	}
	return false;
}

static double distance(struct interval i)
{
	return fmax(fabs(i.low - 1), fabs(i.high - 1));
}

static double floor_of(const struct result *result, const struct cell *copy)
{
	const struct ratio_side side = { (struct result *const[]){
		(struct result *)result }, 1 };
	const struct cell *first = &result->cells[copy->control];
	struct ratio_how how = {
		.raw = is_short(&side, first) || is_short(&side, copy),
	};
	__u64 state = result->seed;
	struct ratio ratio;
	double floor;

	if (ratio_paired(&ratio, &side, first, copy, &how, &state))
		return NAN;
	floor = distance(as_ratio(estimate_interval(&ratio.log)));
	estimate_release(&ratio.log);
	return floor;
}

static bool is_pair(const struct result *result, const struct cell *copy,
		    const struct cell *a, const struct cell *b)
{
	const struct cell *first = &result->cells[copy->control];

	return (a == copy && b == first) || (a == first && b == copy);
}

static bool same_primitive(const struct cell *a, const struct cell *b)
{
	size_t n = strcspn(a->name, "/") + 1;

	return !strncmp(a->name, b->name, n);
}

/*
 * Whether cell @i is the copy of a control that tells of @cell. That of two
 * cells tells nothing about their difference.
 */
static bool controls(const struct result *result, unsigned int i,
		     const struct cell *cell, const struct cell *a,
		     const struct cell *b)
{
	const struct cell *copy = &result->cells[i];

	return copy->control >= 0 && !copy->plant &&
		!result->cells[copy->control].plant &&
		copy->world == cell->world && copy->threads == cell->threads &&
		!is_pair(result, copy, a, b);
}

/* Largest floor of the group of @cell, without what is compared. */
static double group_floor(const struct result *result, const struct cell *cell,
			  const struct cell *a, const struct cell *b)
{
	double own = NAN, any = NAN;

	for (unsigned int i = 0; i < result->ncells; i++) {
		double floor;

		if (!controls(result, i, cell, a, b))
			continue;
		floor = floor_of(result, &result->cells[i]);
		any = fmax(any, floor);
		if (same_primitive(&result->cells[i], cell))
			own = fmax(own, floor);
	}
	return isnan(own) ? any : own;
}

/**
 * figures_floor() - what the run makes of two equal arms
 * @result: with its figures
 * @cell: whose group is asked for: the same world, number of threads and
 *	primitive; if that has no control, all primitives
 *
 * The control is an arm and a second copy of it. Of the 95 % interval of the
 * ratio of their times, the end that is further away from 1 counts: half the
 * width of the interval, and the bias.
 *
 * Return: the distance from 1, the largest if the group has several controls,
 * NAN if it has none.
 */
double figures_floor(const struct result *result, const struct cell *cell)
{
	return group_floor(result, cell, NULL, NULL);
}

static double side_floor(const struct ratio_side *side, const struct cell *cell,
			 const struct cell *a, const struct cell *b)
{
	double floor = NAN;

	for (size_t i = 0; i < side->n; i++) {
		const struct result *r = side->results[i];

		floor = fmax(floor, group_floor(r, cell, ratio_cell(r, a),
						ratio_cell(r, b)));
	}
	return floor;
}

/* The larger of two; NAN if one is not known. */
static double both(double a, double b)
{
	return isnan(a) || isnan(b) ? NAN : fmax(a, b);
}

/**
 * verdict_void() - whether the results of operations were wrong
 * @cell: with figures
 *
 * Return: true if so; its times then mean nothing.
 */
bool verdict_void(const struct cell *cell)
{
	return cell->figures.violations || cell->figures.lost;
}

/**
 * verdict_apart() - whether threads that are to compete did not meet
 * @cell: with figures
 *
 * Return: true if so.
 */
bool verdict_apart(const struct cell *cell)
{
	return cell->figures.overlap < VERDICT_OVERLAP_MIN;
}

/**
 * verdict_disturbed() - whether more than half of the slices have a tag
 * @cell: with figures
 *
 * Return: true if so.
 */
bool verdict_disturbed(const struct cell *cell)
{
	return 2 * cell->figures.tagged > cell->nslices;
}

/**
 * verdict_wrong() - why a figure says nothing at all
 * @cell: with figures
 *
 * Return: a clause, or NULL.
 */
const char *verdict_wrong(const struct cell *cell)
{
	if (cell->figures.violations)
		return "a result that no order of the operations allows";
	if (cell->figures.lost)
		return "items were lost or came out twice";
	if (verdict_apart(cell))
		return "the threads did not run at the same time";
	return NULL;
}

/**
 * verdict_doubtful() - why a time is not to be trusted
 * @result: with figures
 * @cell: one of its cells, or NULL: whatever the cell
 *
 * Return: a clause, or NULL.
 */
const char *verdict_doubtful(const struct result *result,
			     const struct cell *cell)
{
	if (result->foreign > VERDICT_FOREIGN_MAX)
		return "other processes used the CPUs";
	if (result->stolen > VERDICT_FOREIGN_MAX)
		return "the hypervisor took time";
	if (cell && verdict_disturbed(cell))
		return "more than half of the slices have a tag";
	return NULL;
}

static const char *wrong(const struct ratio_side *side, const struct cell *like)
{
	const char *why = NULL;

	for (size_t i = 0; i < side->n && !why; i++) {
		const struct cell *c = ratio_cell(side->results[i], like);

		why = c ? verdict_wrong(c) : NULL;
	}
	return why;
}

static const char *doubtful(const struct ratio_side *side,
			    const struct cell *like)
{
	const char *why = NULL;

	for (size_t i = 0; i < side->n && !why; i++)
		why = verdict_doubtful(side->results[i],
				       ratio_cell(side->results[i], like));
	return why;
}

static bool emulated(const struct ratio_side *side)
{
	for (size_t i = 0; i < side->n; i++)
		if (side->results[i]->emulated)
			return true;
	return false;
}

static double half_width(const struct interval *i)
{
	return (i->high - i->low) / (2 * i->mid);
}

static void refuse(struct comparison *c, enum verdict as, const char *why)
{
	c->verdict = as;
	c->why = why;
}

/* Returns whether nothing speaks against a verdict. */
static bool admit(const struct judge *j, const struct cell *a,
		  const struct cell *b, struct comparison *c)
{
	const char *why = wrong(&j->side_a, a) ?: wrong(&j->side_b, b);

	if (!why && (emulated(&j->side_a) || emulated(&j->side_b))) {
		refuse(c, VERDICT_EMULATED, NULL);
		return false;
	}
	why = why ?: doubtful(&j->side_a, a) ?: doubtful(&j->side_b, b);
	if (!why && c->boots < j->p->boots)
		why = "it needs more boots";
	if (!why && c->blocks && isnan(c->floor))
		why = "the run has no A/A control for it";
	if (why)
		refuse(c, VERDICT_UNTRUSTED, why);
	else if (c->blocks < VERDICT_BLOCKS_MIN && c->boots < 2)
		refuse(c, VERDICT_UNRESOLVED, "too few blocks");
	return c->verdict == VERDICT_NONE;
}

static void decide(const struct judge *j, struct comparison *c, bool found)
{
	const struct interval *r = &c->ratio;
	double resolve = j->p->resolve ?: RESOLVE;
	double needed = fmax(c->floor, VERDICT_FLOOR_MIN);

	if (found && r->low > 1 && r->mid - 1 > needed)
		c->verdict = VERDICT_SLOWER;
	else if (found && r->high < 1 && 1 - r->mid > needed)
		c->verdict = VERDICT_FASTER;
	else if (!(half_width(r) <= resolve))
		refuse(c, VERDICT_UNRESOLVED, "the interval is too wide");
	else if (needed > resolve)
		refuse(c, VERDICT_UNRESOLVED, "the noise floor is too high");
}

static int find_ratio(const struct judge *j, const struct cell *a,
		      const struct cell *b, struct comparison *c)
{
	struct ratio_how how = { .raw = c->raw };
	struct ratio ratio;
	int rc;

	rc = estimate(j, a, b, &how, &ratio);
	if (rc)
		return rc;
	c->p = j->paired && ratio.runs == 1 ?
		statistics_sign_p(ratio.above, ratio.below) :
		estimate_p(&ratio.log);
	c->ratio = as_ratio(estimate_interval(&ratio.log));
	c->blocks = ratio.blocks;
	c->boots = ratio.boots;
	c->runs = ratio.runs;
	c->single = !j->paired && ratio.runs == 1;
	estimate_release(&ratio.log);

	how.tagged = true;
	rc = estimate(j, a, b, &how, &ratio);
	if (rc)
		return rc;
	c->ratio_all = as_ratio(estimate_interval(&ratio.log));
	estimate_release(&ratio.log);
	return 0;
}

static int prepare(const struct judge *j, struct comparison *c)
{
	const struct cell *a = &j->side_a.results[0]->cells[c->a];
	const struct cell *b = &j->side_b.results[0]->cells[c->b];
	static const struct interval unknown = { NAN, NAN, NAN };
	int rc;

	c->ratio = unknown;
	c->ratio_all = unknown;
	c->blocks = 0;
	c->boots = 1;
	c->runs = 1;
	c->single = false;
	c->p = 1;
	c->verdict = VERDICT_NONE;
	c->why = NULL;
	c->raw = j->p->raw || is_short(&j->side_a, a) ||
		is_short(&j->side_b, b);
	c->floor = both(side_floor(&j->side_a, a, a, b),
			side_floor(&j->side_b, b, a, b));
	rc = find_ratio(j, a, b, c);
	if (!rc && c->single)
		c->floor = both(c->floor,
				run_effect(j->side_a.results[0],
					   j->side_b.results[0], a));
	return rc == -ENODATA ? 0 : rc;
}

static int judge(const struct judge *j, struct comparison *c, size_t n)
{
	double rate = j->p->rate ?: RATE;
	double *p = calloc(n + 1, sizeof(*p));
	bool *found = calloc(n + 1, sizeof(*found));
	int rc = p && found ? 0 : -ENOMEM;

	for (size_t i = 0; i < n && !rc; i++) {
		rc = prepare(j, &c[i]);
		p[i] = c[i].p;
	}
	if (!rc)
		statistics_discoveries(p, n, rate, found);
	for (size_t i = 0; i < n && !rc; i++)
		if (admit(j, &j->side_a.results[0]->cells[c[i].a],
			  &j->side_b.results[0]->cells[c[i].b], &c[i]))
			decide(j, &c[i], found[i]);
	free(p);
	free(found);
	return rc;
}

/**
 * verdict_within() - compare cells of the same run
 * @result: with its figures
 * @c: @a and @b are set, the rest is filled
 * @n: how many
 * @p: how to judge
 *
 * Return: 0 or -ENOMEM.
 */
int verdict_within(struct result *result, struct comparison *c, size_t n,
		   const struct verdict_params *p)
{
	return verdict_paired(&result, 1, c, n, p);
}

/**
 * verdict_paired() - compare cells of the same run, over several runs
 * @results: with their figures; runs of the same cells, as in several boots
 * @nresults: how many, at least 1
 * @c: @a and @b are set, of the first result; the rest is filled
 * @n: how many
 * @p: how to judge
 *
 * Return: 0 or -ENOMEM.
 */
int verdict_paired(struct result **results, size_t nresults,
		   struct comparison *c, size_t n,
		   const struct verdict_params *p)
{
	struct ratio_side side = { results, nresults };
	struct judge j = { side, side, true, p };

	return judge(&j, c, n);
}

/**
 * verdict_between() - compare cells of different runs
 * @a: results with their figures
 * @na: how many, at least 1
 * @b: what they are compared with
 * @nb: how many, at least 1
 * @c: @a and @b are set, of the first result of each; the rest is filled
 * @n: how many
 * @p: how to judge
 *
 * Return: 0 or -ENOMEM.
 */
int verdict_between(struct result **a, size_t na, struct result **b, size_t nb,
		    struct comparison *c, size_t n,
		    const struct verdict_params *p)
{
	struct judge j = { { a, na }, { b, nb }, false, p };

	return judge(&j, c, n);
}

/**
 * verdict_name() - a verdict in words
 * @verdict: a verdict
 *
 * Return: the words, static.
 */
const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_NONE] = "no difference shown",
		[VERDICT_FASTER] = "faster",
		[VERDICT_SLOWER] = "slower",
		[VERDICT_UNRESOLVED] = "not resolved",
		[VERDICT_UNTRUSTED] = "not to be trusted",
		[VERDICT_EMULATED] = "emulated",
	};

	return names[verdict];
}

/**
 * verdict_regression() - whether the cell in question got slower
 * @c: judged
 *
 * Return: true if it did.
 */
bool verdict_regression(const struct comparison *c)
{
	return c->verdict == VERDICT_SLOWER;
}
