// SPDX-License-Identifier: GPL-2.0-only
/*
 * run_effect.c - what differs from one run to the next without a reason
 *
 * Addresses, huge pages, the clock of the day: blocks of a run share them, so
 * neither its interval nor its A/A control shows them. Of two runs alone the
 * cells that nobody changed tell: empty loops, what the hardware costs, and
 * the controls of other primitives than the one in question.
 */
#include <math.h>
#include <string.h>

#include "figures.h"
#include "ratio.h"
#include "run_effect.h"

static bool same_primitive(const struct cell *a, const struct cell *b)
{
	size_t n = strcspn(a->name, "/") + 1;

	return !strncmp(a->name, b->name, n);
}

static bool is_unchanged(const struct cell *c, const struct cell *cell)
{
	if (c->world != cell->world || c->plant || same_primitive(c, cell))
		return false;
	return c->control >= 0 || !strcmp(c->name, RESULT_EMPTY) ||
		!strncmp(c->name, "floor/", strlen("floor/"));
}

static double difference(const struct cell *a, const struct cell *b)
{
	const struct cell_figures *x = &a->figures, *y = &b->figures;

	if (figures_short(x) || figures_short(y))
		return log(x->raw_ns / y->raw_ns);
	return log(x->net_ns / y->net_ns);
}

/**
 * run_effect() - how far apart two runs of the same code can be
 * @a: with figures
 * @b: same
 * @cell: of @a, in question: cells of its primitive do not count
 *
 * A new difference is below it in 95 of 100 cases, if those that were seen
 * are a normal sample: their root mean square times the quantile of Student's
 * distribution, and no less than the largest of them.
 *
 * Return: a share, NAN if the runs have no such cell in common.
 */
double run_effect(const struct result *a, const struct result *b,
		  const struct cell *cell)
{
	double most = 0, squares = 0;
	unsigned int n = 0;

	for (unsigned int i = 0; i < a->ncells; i++) {
		const struct cell *c = &a->cells[i], *other;
		double d;

		other = is_unchanged(c, cell) ? ratio_cell(b, c) : NULL;
		d = other ? difference(c, other) : NAN;
		if (!isfinite(d))
			continue;
		most = fmax(most, fabs(d));
		squares += d * d;
		n++;
	}
	if (!n)
		return NAN;
	return expm1(fmax(most, statistics_t_quantile(0.975, n) *
			  sqrt(squares / n)));
}
