// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts on runs of a made-up machine.
 */
#include "machine.h"

/* a sanitizer sees in a few what it would see in many */
#define RUNS	(KTAP_SLOWER > 1 ? 12 : 60)
static struct comparison judge_as(struct result *r, unsigned int a,
				  unsigned int b, struct verdict_params p)
{
	struct comparison c = { .a = a, .b = b };

	check_eq(verdict_within(r, &c, 1, &p), 0);
	return c;
}

static struct comparison judge(struct result *r, unsigned int a, unsigned int b)
{
	return judge_as(r, a, b, (struct verdict_params){ 0 });
}

/* How many runs gave each verdict on two cells. */
static void count(const struct machine *like, bool raw,
		  unsigned int *counts)
{
	unsigned int wide = 0;

	memset(counts, 0, (VERDICT_EMULATED + 1) * sizeof(*counts));
	for (int i = 0; i < RUNS; i++) {
		struct machine m = *like;
		struct comparison c;
		struct result r;

		m.state += i;
		run(&r, &m);
		c = judge_as(&r, FIRST, SECOND,
			     (struct verdict_params){ .raw = raw });
		counts[c.verdict]++;
		wide += c.ratio.low <= 1 && c.ratio.high >= 1;
		result_release(&r);
	}
	printf("# %u faster, %u slower, %u unresolved, interval with 1: %u\n",
	       counts[VERDICT_FASTER], counts[VERDICT_SLOWER],
	       counts[VERDICT_UNRESOLVED], wide);
}

static void equal_arms_are_equal(void)
{
	unsigned int counts[VERDICT_EMULATED + 1];
	struct machine m = machine();

	count(&m, true, counts);
	check(counts[VERDICT_FASTER] + counts[VERDICT_SLOWER] <= 3);
	check(counts[VERDICT_NONE] >= RUNS - 3);
	m.drift = 0.2;
	m.beat = 0.2;
	m.period = 10.05;
	count(&m, true, counts);
	check(counts[VERDICT_FASTER] + counts[VERDICT_SLOWER] <= 3);
}

static void planted(double factor, enum verdict expected, bool raw)
{
	unsigned int counts[VERDICT_EMULATED + 1];
	struct machine m = machine();

	m.ns[FIRST] *= factor;
	count(&m, raw, counts);
	check(counts[expected] >= RUNS - 3);
}

static void planted_work_is_found(void)
{
	planted(1.03, VERDICT_SLOWER, true);
	planted(1 / 1.03, VERDICT_FASTER, true);
	planted(1.10, VERDICT_SLOWER, false);
}

/* An effect that is certain and yet below 1 % is none. */
static void small_effects_are_none(void)
{
	struct machine m = machine();
	struct comparison c;
	struct result r;

	m.ns[FIRST] *= 1.008;
	m.drift = 0;
	m.beat = 0;
	m.tails = 0;
	m.noise = 0.0001;
	run(&r, &m);
	c = judge_as(&r, FIRST, SECOND, (struct verdict_params){ .raw = true });
	check(c.ratio.low > 1.005 && c.ratio.high < 1.01);
	check(c.p < 0.00001);
	check(c.floor < 0.01);
	check_eq(c.verdict, VERDICT_NONE);
	check(!verdict_regression(&c));
	result_release(&r);
}

/* The floor holds what the control is off, and not only its noise. */
static void effects_below_the_floor_are_none(void)
{
	struct machine m = machine();
	struct comparison c;
	struct result r;

	m.ns[FIRST] *= 1.05;
	m.noise = 0.0001;
	m.drift = 0;
	m.beat = 0;
	m.tails = 0;
	run(&r, &m);
	check_eq(judge(&r, FIRST, SECOND).verdict, VERDICT_SLOWER);
	check_eq(judge(&r, SECOND, FIRST).verdict, VERDICT_FASTER);
	result_release(&r);
	m.ns[COPY] *= 1.08;
	run(&r, &m);
	c = judge(&r, FIRST, SECOND);
	check(c.floor > 0.07 && c.floor < 0.1);
	check_eq(c.verdict, VERDICT_NONE);
	check(fabs(figures_floor(&r, &r.cells[FIRST]) - c.floor) <
	      0.000001);
	/* it would hide what is asked for */
	c = judge_as(&r, FIRST, SECOND,
		     (struct verdict_params){ .resolve = 0.06 });
	check_eq(c.verdict, VERDICT_UNRESOLVED);
	check(c.why && strstr(c.why, "noise floor"));
	result_release(&r);
}

/* Of two cells that are a control, the floor is another's. */
static void no_arm_is_its_own_floor(void)
{
	struct machine m = machine();
	struct comparison c;
	struct result r;

	m.ns[FIRST] *= 1.2;
	run(&r, &m);
	c = judge(&r, FIRST, SECOND);
	check(c.floor < 0.1);
	check_eq(c.verdict, VERDICT_SLOWER);
	/* a and b are both compared under the larger floor */
	check(judge(&r, FIRST, OTHER).floor > 0.1);
	r.cells[COPY].control = -1;
	c = judge(&r, FIRST, SECOND);
	check(isnan(c.floor));
	check_eq(c.verdict, VERDICT_UNTRUSTED);
	result_release(&r);
}

static void a_floor_is_of_its_group(void)
{
	struct machine m = machine();
	struct result r;

	run(&r, &m);
	check(!isnan(figures_floor(&r, &r.cells[EMPTY])));
	r.cells[EMPTY].world = WORLD_USER;
	check(isnan(figures_floor(&r, &r.cells[EMPTY])));
	r.cells[EMPTY].world = WORLD_KERNEL;
	r.cells[EMPTY].threads = 2;
	check(isnan(figures_floor(&r, &r.cells[EMPTY])));
	r.cells[EMPTY].threads = 1;
	result_release(&r);
}

/* Noise depends on what is contended. */
static void a_floor_is_of_its_primitive(void)
{
	struct machine m = machine();
	struct result r;

	m.ns[COPY] *= 1.3;
	run(&r, &m);
	check(figures_floor(&r, &r.cells[FIRST]) > 0.2);
	strcpy(r.cells[FIRST].name, "config/a:read");
	strcpy(r.cells[SECOND].name, "config/a:read");
	strcpy(r.cells[OTHER].name, "ring/b:push");
	strcpy(r.cells[COPY].name, "ring/b:push");
	check(figures_floor(&r, &r.cells[FIRST]) < 0.1);
	check(figures_floor(&r, &r.cells[OTHER]) > 0.2);
	/* no control of its own: the largest */
	check(figures_floor(&r, &r.cells[EMPTY]) > 0.2);
	result_release(&r);
}

/* A fixed order takes a beat of the block's length for a difference. */
static void a_fixed_order_is_wrong(void)
{
	unsigned int counts[VERDICT_EMULATED + 1];
	struct machine m = machine();

	m.beat = 0.1;
	m.period = 10;
	m.tails = 0;
	m.drift = 0;
	m.fixed = true;
	/* ten slices a block: the beat hits the same arms each time */
	count(&m, true, counts);
	check(counts[VERDICT_FASTER] + counts[VERDICT_SLOWER] > RUNS / 6);
	m.fixed = false;
	count(&m, true, counts);
	check(counts[VERDICT_FASTER] + counts[VERDICT_SLOWER] <= 3);
}

static void judged(void (*spoil)(struct result *), enum verdict expected,
		   const char *why)
{
	struct machine m = machine();
	struct comparison c;
	struct result r;

	m.ns[FIRST] *= 1.2;
	run(&r, &m);
	spoil(&r);
	figures_compute(&r);
	c = judge(&r, FIRST, SECOND);
	check_eq(c.verdict, expected);
	if (check(!c.why == !why) && why && !check(strstr(c.why, why)))
		printf("# %s\n", c.why);
	result_release(&r);
}

static void spoil_nothing(struct result *r)
{
	(void)r;
}

static void spoil_violations(struct result *r)
{
	r->cells[SECOND].slices[3].samples->did.violations = 1;
	r->emulated = true;
}

static void spoil_lost(struct result *r)
{
	r->cells[FIRST].slices[3].samples->did.lost = 1;
}

/* A second thread, which is late in more than half of the slices. */
static void spoil_overlap(struct result *r)
{
	struct cell *c = &r->cells[FIRST];

	c->threads = 2;
	for (unsigned int i = 0; i < c->nslices; i++) {
		struct acqrel_sample *s = calloc(2, sizeof(*s));

		s[0] = c->slices[i].samples[0];
		s[1] = s[0];
		s[1].did.start_ns = i < BLOCKS + 1 ? 11 : 0;
		free(c->slices[i].samples);
		c->slices[i].samples = s;
	}
}

static void spoil_emulated(struct result *r)
{
	r->emulated = true;
	r->foreign = 0.5;
}

static void spoil_foreign(struct result *r)
{
	r->foreign = 0.06;
}

static void spoil_steal(struct result *r)
{
	r->stolen = 0.06;
}

static void spoil_tags(struct result *r)
{
	for (int i = 0; i < BLOCKS + 1; i++)
		r->cells[SECOND].slices[i].tags = TAG_SWITCHED;
}

static void spoil_half_the_tags(struct result *r)
{
	for (int i = 0; i < BLOCKS; i++)
		r->cells[SECOND].slices[2 * i].tags = TAG_SWITCHED;
	r->foreign = 0.04;
	r->stolen = 0.04;
}

static void spoil_blocks(struct result *r)
{
	for (int i = 0; i < CELLS; i++)
		while (r->cells[i].nslices > 10)
			free(r->cells[i].slices[--r->cells[i].nslices].samples);
}

static void spoil_everything(struct result *r)
{
	for (int i = 0; i < CELLS; i++)
		while (r->cells[i].nslices)
			free(r->cells[i].slices[--r->cells[i].nslices].samples);
}

static void disturbed_runs_are_not_trusted(void)
{
	judged(spoil_nothing, VERDICT_SLOWER, NULL);
	judged(spoil_half_the_tags, VERDICT_SLOWER, NULL);
	judged(spoil_violations, VERDICT_UNTRUSTED, "order");
	judged(spoil_lost, VERDICT_UNTRUSTED, "lost");
	judged(spoil_overlap, VERDICT_UNTRUSTED, "same time");
	judged(spoil_foreign, VERDICT_UNTRUSTED, "other processes");
	judged(spoil_steal, VERDICT_UNTRUSTED, "hypervisor");
	judged(spoil_tags, VERDICT_UNTRUSTED, "half of the slices");
	judged(spoil_emulated, VERDICT_EMULATED, NULL);
	judged(spoil_blocks, VERDICT_UNRESOLVED, "too few blocks");
	judged(spoil_everything, VERDICT_UNRESOLVED, "too few blocks");
}

static void wide_intervals_resolve_nothing(void)
{
	struct machine m = machine();
	struct comparison c;
	struct result r;

	m.noise = 0.25;
	m.blocks = 8;
	run(&r, &m);
	c = judge(&r, FIRST, SECOND);
	check(c.ratio.high - c.ratio.low > 0.2);
	if (c.verdict != VERDICT_FASTER && c.verdict != VERDICT_SLOWER)
		check_eq(c.verdict, VERDICT_UNRESOLVED);
	c = judge_as(&r, FIRST, SECOND,
		     (struct verdict_params){ .resolve = 3 });
	check(c.verdict != VERDICT_UNRESOLVED);
	result_release(&r);
}

/* Tagged slices are left out of the ratio, and kept beside it. */
static void tagged_slices_have_a_ratio_of_their_own(void)
{
	struct machine m = machine();
	struct comparison c;
	struct result r;

	run(&r, &m);
	for (int i = 0; i < BLOCKS; i++) {
		struct result_slice *s = &r.cells[FIRST].slices[2 * i];

		s->tags = TAG_STOLEN;
		s->samples->did.busy_ns *= 3;
	}
	figures_compute(&r);
	c = judge(&r, FIRST, SECOND);
	check(fabs(c.ratio.mid - 1) < 0.1);
	check(fabs(c.ratio_all.mid - 2) < 0.3);
	result_release(&r);
}

static void short_operations_are_compared_raw(void)
{
	struct machine m = machine();
	struct comparison c;
	struct result r;

	m.ns[EMPTY] = 4;
	run(&r, &m);
	c = judge(&r, FIRST, SECOND);
	check(!c.raw);
	c = judge_as(&r, FIRST, SECOND, (struct verdict_params){ .raw = true });
	check(c.raw);
	/* (7 - 4) / (5 - 4) */
	check(judge(&r, FIRST, OTHER).raw);
	check(fabs(judge(&r, FIRST, OTHER).ratio.mid - 1.4) < 0.1);
	result_release(&r);
	m.ns[EMPTY] = 3;
	run(&r, &m);
	check(!judge(&r, FIRST, OTHER).raw);
	check(fabs(judge(&r, FIRST, OTHER).ratio.mid - 2) < 0.2);
	result_release(&r);
}

/* What one comparison shows is chance among thirty. */
static void many_comparisons_are_corrected(void)
{
	struct machine m = machine();
	struct comparison c[30];
	struct verdict_params p = { 0 };
	struct result r;

	m.blocks = 9;
	m.ns[FIRST] *= 1.2;
	m.drift = 0;
	m.tails = 0;
	run(&r, &m);
	for (int i = 0; i < 30; i++)
		c[i] = (struct comparison){ .a = COPY, .b = COPY };
	c[0].a = FIRST;
	c[0].b = SECOND;
	check_eq(verdict_within(&r, c, 1, &p), 0);
	/* nine blocks of nine */
	check(fabs(c[0].p - 2.0 / 512) < 0.000001);
	check_eq(c[0].verdict, VERDICT_SLOWER);
	check_eq(verdict_within(&r, c, 30, &p), 0);
	check(c[1].p > 0.99);
	check_eq(c[0].verdict, VERDICT_NONE);
	result_release(&r);
}

static void verdicts_have_names(void)
{
	for (int i = VERDICT_NONE; i <= VERDICT_EMULATED; i++)
		for (int j = VERDICT_NONE; j < i; j++)
			check(strcmp(verdict_name(i), verdict_name(j)));
}

static const struct ktap_test tests[] = {
	{ "equal arms are equal", equal_arms_are_equal },
	{ "planted work is found", planted_work_is_found },
	{ "small effects are none", small_effects_are_none },
	{ "effects below the floor are none",
	  effects_below_the_floor_are_none },
	{ "no arm is its own floor", no_arm_is_its_own_floor },
	{ "a floor is of its group", a_floor_is_of_its_group },
	{ "a floor is of its primitive", a_floor_is_of_its_primitive },
	{ "a fixed order is wrong", a_fixed_order_is_wrong },
	{ "disturbed runs are not trusted", disturbed_runs_are_not_trusted },
	{ "wide intervals resolve nothing", wide_intervals_resolve_nothing },
	{ "tagged slices have a ratio of their own",
	  tagged_slices_have_a_ratio_of_their_own },
	{ "short operations are compared raw",
	  short_operations_are_compared_raw },
	{ "many comparisons are corrected", many_comparisons_are_corrected },
	{ "verdicts have names", verdicts_have_names },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
