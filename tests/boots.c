// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts over several runs and boots of a made-up machine.
 */
#include "machine.h"

#define LUCKY_RUNS	(KTAP_SLOWER > 1 ? 12 : 40)
#define RUNS_MAX	5
#define LUCK		0.03

/* Runs of two machines, or of one that was changed. */
struct runs {
	struct result results[6];
	struct result *list[6];
	unsigned int n;
};

static void run_boots(struct runs *runs, unsigned int n, double factor,
		      double copy, double apart)
{
	struct machine m = machine();

	runs->n = n;
	m.drift = 0.005;
	for (unsigned int i = 0; i < n; i++) {
		struct result *r = &runs->results[i];

		m.ns[FIRST] = 7 * factor;
		m.ns[SECOND] = 7 * copy;
		m.boot = apart * normal(&m);
		run(r, &m);
		r->env = json_pack("{s:o}", "boot_id",
				   json_sprintf("boot %u", i));
		runs->list[i] = r;
	}
}

static void runs_release(struct runs *runs)
{
	for (unsigned int i = 0; i < runs->n; i++)
		result_release(&runs->results[i]);
}

static struct comparison between(struct runs *a, struct runs *b,
				 unsigned int boots)
{
	struct comparison c = { .a = FIRST, .b = FIRST };
	struct verdict_params p = { .boots = boots };

	check_eq(verdict_between(a->list, a->n, b->list, b->n, &c, 1, &p), 0);
	return c;
}

static void runs_are_compared(void)
{
	struct runs before, after;
	struct comparison c;

	run_boots(&before, 1, 1, 1, 0);
	run_boots(&after, 1, 1.2, 1.2, 0);
	c = between(&after, &before, 0);
	check_eq(c.verdict, VERDICT_SLOWER);
	check(verdict_regression(&c));
	check(fabs(c.ratio.mid - 1.2) < 0.1);
	check_eq(c.boots, 1);
	check_eq(c.blocks, BLOCKS);
	check_eq(between(&before, &after, 0).verdict, VERDICT_FASTER);
	c = between(&after, &before, 5);
	check_eq(c.verdict, VERDICT_UNTRUSTED);
	check(!!strstr(c.why, "boots"));
	runs_release(&before);
	runs_release(&after);
}

/* What boots differ by is no difference of the code. */
static void boots_are_resampled(void)
{
	struct runs before, after;
	struct comparison c;

	run_boots(&before, 5, 1, 1, 0.1);
	run_boots(&after, 5, 1.005, 1.005, 0.1);
	c = between(&after, &before, 5);
	check_eq(c.boots, 5);
	check_eq(c.blocks, 5 * BLOCKS);
	check(c.ratio.high - c.ratio.low > 0.05);
	check(c.p > 0.000001);
	runs_release(&after);
	run_boots(&after, 5, 2, 2, 0.1);
	check_eq(between(&after, &before, 5).verdict, VERDICT_SLOWER);
	/* the same boot twice is one */
	json_object_set_new(after.results[4].env, "boot_id",
			    json_string("boot 0"));
	check_eq(between(&after, &before, 5).verdict, VERDICT_UNTRUSTED);
	check_eq(between(&after, &before, 0).boots, 4);
	runs_release(&before);
	runs_release(&after);
}

/* Within a run boots cancel: they hit both arms. */
static void pairs_of_several_boots(void)
{
	struct comparison c = { .a = FIRST, .b = SECOND };
	struct verdict_params p = { .boots = 6 };
	struct runs runs;

	run_boots(&runs, 6, 1.1, 1, 0.2);
	check_eq(verdict_paired(runs.list, 6, &c, 1, &p), 0);
	check_eq(c.boots, 6);
	check_eq(c.verdict, VERDICT_SLOWER);
	check(fabs(c.ratio.mid - 1.1) < 0.03);
	check(c.ratio.high - c.ratio.low < 0.2);
	runs_release(&runs);
}

/* The same code, a little faster or slower for the whole run. */
static void draw_luck(struct machine *m)
{
	for (int i = 0; i < CELLS; i++)
		m->ns[i] *= exp(LUCK * normal(m));
	/* nothing within the run tells */
	m->ns[SECOND] = m->ns[FIRST];
	m->ns[COPY] = m->ns[OTHER];
}

/* two runs, or two times @repeats, of the same code but for @factor */
static struct comparison lucky(unsigned int repeats, double factor)
{
	struct result a[RUNS_MAX], b[RUNS_MAX], *list[2][RUNS_MAX];
	struct comparison c = { .a = FIRST, .b = FIRST };
	struct verdict_params p = { 0 };

	for (unsigned int i = 0; i < repeats; i++) {
		struct machine m = machine(), n = machine();

		draw_luck(&m);
		draw_luck(&n);
		m.ns[FIRST] *= factor;
		m.ns[SECOND] *= factor;
		run(&a[i], &m);
		run(&b[i], &n);
		for (int j = OTHER; j <= COPY; j++) {
			strcpy(a[i].cells[j].name, "q/b:op");
			strcpy(b[i].cells[j].name, "q/b:op");
		}
		list[0][i] = &a[i];
		list[1][i] = &b[i];
	}
	check_eq(verdict_between(list[0], repeats, list[1], repeats, &c, 1,
				 &p), 0);
	check_eq(c.runs, repeats);
	check_eq(c.single, repeats == 1);
	for (unsigned int i = 0; i < repeats; i++) {
		result_release(&a[i]);
		result_release(&b[i]);
	}
	return c;
}

/* What runs differ by is no regression, with one run a side or several. */
static void luck_of_a_run_is_no_regression(unsigned int repeats)
{
	unsigned int wrong = 0, seen = 0;

	for (int i = 0; i < LUCKY_RUNS; i++) {
		struct comparison same = lucky(repeats, 1);
		struct comparison twice = lucky(repeats, 2);

		wrong += verdict_regression(&same);
		seen += verdict_regression(&twice);
	}
	printf("# %u of %u equal ones slower, %u of those twice as slow\n",
	       wrong, LUCKY_RUNS, seen);
	/* 2.5 % of them */
	check(wrong <= 1 + LUCKY_RUNS / 10);
	check(seen >= LUCKY_RUNS * 3 / 4);
}

static void single_runs_differ(void)
{
	luck_of_a_run_is_no_regression(1);
}

static void runs_of_a_boot_are_resampled(void)
{
	luck_of_a_run_is_no_regression(5);
}

/* Repeats in one file are runs as those of several files are. */
static void repeats_are_runs(void)
{
	struct comparison c = { .a = FIRST, .b = SECOND };
	struct verdict_params p = { 0 };
	struct machine m = machine();
	double width;
	struct result r;

	run(&r, &m);
	for (int cell = 0; cell < CELLS; cell++)
		for (unsigned int i = 0; i < r.cells[cell].nslices; i++) {
			struct result_slice *s = &r.cells[cell].slices[i];

			/* another 5 % each quarter */
			s->repeat = s->block / (BLOCKS / 4);
			if (cell == FIRST)
				s->samples->did.busy_ns *= 1 + 0.05 * s->repeat;
		}
	check_eq(figures_compute(&r), 0);
	check_eq(verdict_within(&r, &c, 1, &p), 0);
	check_eq(c.runs, 4);
	check_eq(c.boots, 1);
	check_eq(c.blocks, BLOCKS);
	width = c.ratio.high - c.ratio.low;
	check(c.verdict != VERDICT_FASTER);
	/* four values from 1 to 1.15 */
	check(width > 0.1);
	check(c.p > 0.01);
	result_release(&r);
}

static const struct ktap_test tests[] = {
	{ "runs are compared", runs_are_compared },
	{ "boots are resampled", boots_are_resampled },
	{ "pairs of several boots", pairs_of_several_boots },
	{ "single runs differ", single_runs_differ },
	{ "runs of a boot are resampled", runs_of_a_boot_are_resampled },
	{ "repeats are runs", repeats_are_runs },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
