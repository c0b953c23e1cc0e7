// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench-selftest.c - how often the measuring engine is wrong
 *
 *	bench-selftest [--runs N] [--only NAME] [--quick]
 *
 * Each trial is made many times, each time as a run of default length with
 * arms opened anew: an arm, a second copy of it, an unlike arm beside them,
 * and the control that the plan adds. Prints KTAP with a line of counts for
 * each trial. It binds on a real, idle machine. --quick tells only that trials
 * can be made.
 *
 * Differences are planted in executed work: the same function runs more
 * operations than it reports. They are looked for in raw times, because the
 * planted operations take the loop along.
 */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_args.h"
#include "clock.h"
#include "env.h"
#include "verdict.h"

#define RUNS		60
#define RUNS_FOREIGN	5
#define WRONG		20	/* of so many one may be wrong */
#define CHUNKS		3
#define ROUNDS		41
#define CYCLES_MAX	1.005	/* of an empty operation: 1, rounded */

/**
 * struct trial - what is tried
 * @name: for --only
 * @arm: the case
 * @unlike: another one beside it
 * @threads: of both
 * @plant: operations more for each 1,000
 * @plant_first: in the arm, not in its copy
 * @foreign: a process spins on each CPU
 */
struct trial {
	const char *name;
	const char *arm;
	const char *unlike;
	__u32 threads;
	__u32 plant;
	bool plant_first;
	bool foreign;
};

#define LOCKED	"floor/cpu:add_locked", "floor/cpu:fence", 1
#define PLAIN	"floor/cpu:add_plain", "floor/cpu:add_locked", 1
#define RING	"ring/spsc:push", "ring/mpmc:push", 2

static const struct trial trials[] = {
	{ "equal-locked", LOCKED, .plant = 0 },
	{ "equal-plain", PLAIN, .plant = 0 },
	{ "equal-ring", RING, .plant = 0 },
	{ "copy-locked", LOCKED, .plant = 30 },
	{ "arm-locked", LOCKED, .plant = 30, .plant_first = true },
	{ "copy-plain", PLAIN, .plant = 30 },
	{ "arm-plain", PLAIN, .plant = 30, .plant_first = true },
	{ "copy-ring", RING, .plant = 100 },
	{ "arm-ring", RING, .plant = 100, .plant_first = true },
	{ "foreign", LOCKED, .foreign = true },
};

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/**
 * struct counts - what came of a trial
 * @verdicts: of each kind
 * @runs: made
 * @known: of them that had a ratio
 * @seconds: that they took
 * @ratios: of each run
 * @floors: of each run
 * @widths: of each run's interval
 */
struct counts {
	unsigned int verdicts[VERDICT_EMULATED + 1];
	unsigned int runs;
	unsigned int known;
	double seconds;
	double *ratios;
	double *floors;
	double *widths;
};

static struct bench *bench;
static bool quick;
static unsigned int number;
static int status;

static int complain(const char *what, int error)
{
	printf("# cannot %s: %s\n", what, strerror(-error));
	return error;
}

static void report(bool good, const char *name, const char *skip)
{
	printf("%sok %u %s", good || skip ? "" : "not ", ++number, name);
	printf(skip ? " # SKIP %s\n" : "\n", skip);
	fflush(stdout);
	status |= !good && !skip;
}

static int find(const struct result *r, const char *name)
{
	for (unsigned int i = 0; i < r->ncells; i++)
		if (!strcmp(r->cells[i].name, name))
			return i;
	return -1;
}

/* What was planted in the copy goes into the arm; the control stays equal. */
static void plant_first(struct result *r, unsigned int arm)
{
	r->cells[arm].plant = r->cells[arm + 1].plant;
	r->cells[arm + 1].plant = 0;
	for (unsigned int i = 0; i < r->ncells; i++)
		if (r->cells[i].control == (int)arm)
			r->cells[i].control = arm + 1;
}

static void params_of(const struct trial *t, __u64 seed,
		      const char *const *patterns, struct plan_params *p)
{
	struct bench_args args;

	bench_args_init(&args);
	bench_args_plan(&args, p);
	p->patterns = patterns;
	p->npatterns = 2;
	p->worlds = 1 << WORLD_USER;
	p->threads = &t->threads;
	p->nthreads = 1;
	p->bounds = false;
	p->planted = t->arm;
	p->plant = t->plant;
	p->seed = seed;
	/* as the commands do for so few cells */
	p->blocks = BENCH_ARGS_BLOCKS_MOST;
	if (quick) {
		p->blocks = VERDICT_BLOCKS_MIN;
		p->slice_ns /= 4;
	}
}

static int measure(const struct trial *t, struct plan *plan, int *arm)
{
	int rc = plan_make(plan);

	*arm = rc ? -1 : find(plan->result, t->arm);
	if (!rc && *arm < 0)
		rc = -ENOENT;
	if (rc)
		return complain("plan the run", rc);
	plan->result->emulated = env_emulated();
	if (t->plant_first)
		plant_first(plan->result, *arm);
	rc = plan_run(plan) ?: figures_compute(plan->result);
	return rc ? complain("measure", rc) : 0;
}

/* One run; the verdict is on the arm against its copy. */
static int try(const struct trial *t, __u64 seed, struct comparison *c)
{
	const char *const patterns[] = { t->arm, t->unlike };
	const struct verdict_params how = { .raw = true };
	struct result result;
	struct plan plan = { .result = &result };
	int arm, rc;

	result_init(&result);
	plan.bench[WORLD_USER] = bench;
	params_of(t, seed, patterns, &plan.params);
	rc = measure(t, &plan, &arm);
	if (!rc) {
		*c = (struct comparison){ .a = arm, .b = arm + 1 };
		rc = verdict_within(&result, c, 1, &how);
	}
	if (!rc && quick && !c->blocks)
		rc = complain("compare", -ENODATA);
	result_release(&result);
	return rc;
}

static void spin_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) ||
	    sched_setaffinity(0, sizeof(set), &set))
		_exit(1);
	for (;;)
		;
}

/* Returns how many processes spin, one on each CPU. */
static int spin(pid_t *pids, int most)
{
	unsigned int cpus[64];
	int n = env_allowed_cpus(cpus, most < 64 ? most : 64);

	for (int i = 0; i < n; i++) {
		pids[i] = fork();
		if (!pids[i])
			spin_on(cpus[i]);
		if (pids[i] < 0)
			return i;
	}
	return n > 0 ? n : 0;
}

static void stop_spinning(const pid_t *pids, int n)
{
	for (int i = 0; i < n; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
}

static void add_run(struct counts *counts, const struct comparison *c)
{
	unsigned int i = counts->known;

	counts->runs++;
	counts->verdicts[c->verdict]++;
	counts->ratios[i] = c->ratio.mid;
	counts->floors[i] = c->floor;
	counts->widths[i] = (c->ratio.high - c->ratio.low) / 2;
	counts->known += isfinite(counts->floors[i] + counts->widths[i]);
}

static int try_often(const struct trial *t, unsigned int runs,
		     struct counts *counts)
{
	__u64 began = acqrel_clock();
	int rc = 0;

	for (unsigned int i = 0; i < runs && !rc; i++) {
		struct comparison c;

		rc = try(t, began + i, &c);
		if (rc)
			break;
		add_run(counts, &c);
		if (c.why)
			printf("# %s: %s\n", t->name, c.why);
	}
	counts->seconds = (acqrel_clock() - began) / 1e9;
	return rc;
}

static void print_counts(const struct trial *t, struct counts *c)
{
	unsigned int n = c->known;

	printf("# %-12s %3u runs:", t->name, c->runs);
	for (int i = 0; i <= VERDICT_EMULATED; i++)
		printf(" %u %s%s", c->verdicts[i], verdict_name(i),
		       i < VERDICT_EMULATED ? "," : "\n");
	if (!n)
		return;
	printf("# %-12s ratio %.4f, half-width %.4f, floor %.4f; medians; %.2f s a run\n",
	       t->name, statistics_median(c->ratios, n),
	       statistics_median(c->widths, n),
	       statistics_median(c->floors, n), c->seconds / c->runs);
}

static void judge_equal(const struct counts *c, const char *name)
{
	unsigned int wrong = c->verdicts[VERDICT_FASTER] +
		c->verdicts[VERDICT_SLOWER];
	bool idle = 2 * c->verdicts[VERDICT_UNTRUSTED] <= c->runs;

	report(wrong * WRONG <= c->runs, name,
	       idle ? NULL : "the machine is not idle");
}

/*
 * Found with the right sign; and as large as planted, or the control does not
 * test what it says. Threads that wait for each other hide work.
 */
static void judge_planted(const struct trial *t, const struct counts *c)
{
	enum verdict planted = t->plant_first ? VERDICT_SLOWER :
		VERDICT_FASTER;
	double asked = t->plant / 1000.0, got = NAN;
	char name[64];

	snprintf(name, sizeof(name), "planted %u %%: %s", t->plant / 10,
		 t->name);
	report((c->runs - c->verdicts[planted]) * WRONG <= c->runs, name,
	       NULL);
	if (t->threads > 1)
		return;
	if (c->known)
		got = fabs(log(statistics_median(c->ratios, c->known)));
	snprintf(name, sizeof(name), "size of what is planted: %s", t->name);
	report(fabs(got - asked) < asked / 3, name, NULL);
}

static void judge(const struct trial *t, const struct counts *c)
{
	char name[64];

	if (t->foreign) {
		report(c->verdicts[VERDICT_UNTRUSTED] == c->runs,
		       "foreign load is not trusted", NULL);
	} else if (t->plant) {
		judge_planted(t, c);
	} else {
		snprintf(name, sizeof(name), "equal arms: %s", t->name);
		judge_equal(c, name);
	}
}

static int counts_new(struct counts *c, unsigned int runs)
{
	memset(c, 0, sizeof(*c));
	c->ratios = calloc(runs, sizeof(double));
	c->floors = calloc(runs, sizeof(double));
	c->widths = calloc(runs, sizeof(double));
	return c->ratios && c->floors && c->widths ? 0 : -ENOMEM;
}

static void counts_free(struct counts *c)
{
	free(c->ratios);
	free(c->floors);
	free(c->widths);
}

static void run_trial(const struct trial *t, unsigned int runs)
{
	struct counts c;
	pid_t pids[64];
	int spinning, rc;

	if (t->foreign && runs > RUNS_FOREIGN)
		runs = RUNS_FOREIGN;
	rc = counts_new(&c, runs);
	spinning = t->foreign && !rc ? spin(pids, 64) : 0;
	rc = rc ?: try_often(t, runs, &c);
	stop_spinning(pids, spinning);
	print_counts(t, &c);
	if (rc || quick)
		report(!rc, t->name, NULL);
	else if (c.verdicts[VERDICT_EMULATED])
		report(false, t->name, "the CPU is emulated");
	else
		judge(t, &c);
	counts_free(&c);
}

/* Cycles of a burst of the empty loop. */
static int empty_burst(struct bench_arm *arm, __u32 chunk, double *cycles)
{
	const struct acqrel_slice_params p = {
		.slice_ns = 1000000, .lead_ns = 500000, .chunk = chunk,
	};
	struct acqrel_sample s;
	int rc = bench_slice(arm, &p, &s);

	if (rc || !s.did.bursts || !s.did.chain_ns)
		return rc ?: -ENODATA;
	*cycles = (double)s.did.busy_ns / s.did.bursts *
		3 * ACQREL_CHAIN / s.did.chain_ns;
	return 0;
}

/* Bursts of one, two and three times @unit; the slope through them. */
static int empty_slope(struct bench_arm *arm, __u32 unit, double *slope)
{
	static double cycles[CHUNKS][ROUNDS];
	int rc = 0;

	for (int r = 0; r < ROUNDS; r++)
		for (int i = 0; i < CHUNKS && !rc; i++)
			rc = empty_burst(arm, (i + 1) * unit, &cycles[i][r]);
	if (rc)
		return rc;
	for (int i = 0; i < CHUNKS; i++) {
		double c = statistics_median(cycles[i], ROUNDS);

		printf("# empty bursts of %u: %.1f cycles\n", (i + 1) * unit,
		       c);
	}
	*slope = (statistics_median(cycles[2], ROUNDS) -
		  statistics_median(cycles[0], ROUNDS)) / (2 * unit);
	return 0;
}

static void try_empty(void)
{
	static const __u32 first;
	const struct bench_arm_params p = {
		.name = RESULT_EMPTY, .cpus = &first, .threads = 1,
	};
	struct bench_arm *arm;
	double slope = NAN;
	char name[64];
	int rc = bench_arm_open(bench, &p, &arm);

	if (!rc) {
		rc = empty_slope(arm, 2 * ACQREL_BENCH_CHUNK, &slope);
		bench_arm_close(arm);
	}
	if (rc == -ENODATA || env_emulated()) {
		report(false, "engine overhead", "no clock of the core");
		return;
	}
	if (rc)
		complain("run the empty loop", rc);
	snprintf(name, sizeof(name), "engine overhead: %.3f cycles", slope);
	report(!rc && (quick || slope <= CYCLES_MAX), name, NULL);
}

static bool wanted(const char *only, const char *name)
{
	return !only || !strcmp(only, name);
}

/* The plan comes last: what is emulated has fewer tests. */
static int run_all(unsigned int runs, const char *only)
{
	puts("KTAP version 1");
	if (wanted(only, "overhead"))
		try_empty();
	for (unsigned int i = 0; i < ARRAY_SIZE(trials); i++)
		if (wanted(only, trials[i].name))
			run_trial(&trials[i], runs);
	printf("1..%u\n", number);
	return number ? status : 1;
}

int main(int argc, char **argv)
{
	struct args args = {
		.argc = argc - 1, .argv = argv + 1, .path = "bench-selftest",
	};
	const char *only = NULL;
	__u64 runs = 0;
	const struct option options[] = {
		{ .name = "--runs", .value = "N", .number = &runs, .min = 1,
		  .help = "of each trial, 60 by default" },
		{ .name = "--only", .value = "NAME", .string = &only,
		  .help = "of a trial, as printed; or overhead" },
		{ .name = "--quick", .flag = &quick,
		  .help = "short runs, and no judgement on times" },
		{ }
	};
	int rc;

	if (!args_parse(&args, options, 0))
		return args.status;
	rc = bench_open(WORLD_USER, NULL, &bench);
	if (rc) {
		complain("open the user world", rc);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	rc = run_all(runs ?: (quick ? 1 : RUNS), only);
	bench_close(bench);
	return rc;
}
