// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts over several runs and boots of a made-up machine.
 */
#include "machine.h"

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

static const struct ktap_test tests[] = {
	{ "runs are compared", runs_are_compared },
	{ "boots are resampled", boots_are_resampled },
	{ "pairs of several boots", pairs_of_several_boots },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
