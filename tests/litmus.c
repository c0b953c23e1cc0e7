// SPDX-License-Identifier: GPL-2.0-only
/*
 * Litmus tests: their questions against all outcomes of their programs, what
 * runs see against what x86 allows, a test whose fence was taken out, and the
 * commands.
 */
#include <errno.h>
#include <jansson.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "capture.h"
#include "cmd_litmus.h"
#include "env.h"
#include "ktap.h"
#include "litmus_model.h"

#define UNDERSTOOD	60	/* programs, at least */

static const struct acqrel_litmus_test *named(const char *name)
{
	size_t n;
	const struct acqrel_litmus_test *tests = litmus_tests(&n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(tests[i].name, name))
			return &tests[i];
	check(false);
	return tests;
}

static bool go_on(void *arg, __u64 done)
{
	(void)arg;
	(void)done;
	return true;
}

static bool stop_now(void *arg, __u64 done)
{
	(void)arg;
	(void)done;
	return false;
}

static struct litmus_setup setup_of(__u64 trials)
{
	struct litmus_setup setup = {
		.trials = trials, .seed = ktap_seed_value, .poll = go_on,
	};

	setup.ncpus = env_allowed_cpus(setup.cpus, 2);
	return setup;
}

static void each_test_has_verdicts(void)
{
	size_t n;
	const struct acqrel_litmus_test *tests = litmus_tests(&n);

	check_eq(n, 73);
	for (size_t i = 0; i < n; i++) {
		if (litmus_verdict(&tests[i], LITMUS_LKMM) == LITMUS_UNSAID) {
			printf("# %s\n", tests[i].name);
			check(false);
		}
		check(tests[i].threads < ACQREL_LITMUS_THREADS ||
		      !tests[i].finals);
	}
}

static void questions_against_x86(void)
{
	size_t n, understood = 0;
	const struct acqrel_litmus_test *tests = litmus_tests(&n);
	enum litmus_verdict verdict;
	static struct model m;

	for (size_t i = 0; i < n; i++) {
		if (!model_parse(&m, &tests[i]))
			continue;
		understood++;
		model_run(&m, true);
		verdict = litmus_verdict(&tests[i], LITMUS_X86);
		if (verdict != (model_reaches(&m) ? LITMUS_SOMETIMES :
						    LITMUS_NEVER)) {
			printf("# %s: x86 says %s\n", tests[i].name,
			       litmus_verdict_names[verdict]);
			check(false);
		}
	}
	check(understood >= UNDERSTOOD);
}

static void sc_forbids_and_buffers_allow(void)
{
	static struct model sc, tso;

	check(model_parse(&sc, named("SB+once")));
	model_run(&sc, false);
	check_eq(sc.found, 3);
	check(!model_reaches(&sc));
	tso = sc;
	model_run(&tso, true);
	check_eq(tso.found, 4);
	check(model_reaches(&tso));
	for (unsigned int i = 0; i < sc.found; i++)
		check(model_has(&tso, sc.outcomes[i]));
	check(model_parse(&sc, named("IRIW+once")));
	model_run(&sc, false);
	check_eq(sc.found, 15);
}

static void outcomes_are_counted(void)
{
	static struct acqrel_litmus_tally tally;
	__u64 sum = 0;

	for (u64 i = 0; i < ACQREL_LITMUS_OUTCOMES; i++) {
		check(acqrel_litmus_add(&tally, i << 16, 1));
		check(acqrel_litmus_add(&tally, i << 16, i));
	}
	check(!acqrel_litmus_add(&tally, 1, 1));
	for (int i = 0; i < ACQREL_LITMUS_OUTCOMES; i++) {
		check_eq(tally.counts[i], 1 + (tally.outcomes[i] >> 16));
		sum += tally.counts[i];
	}
	check_eq(sum, ACQREL_LITMUS_OUTCOMES *
		 (ACQREL_LITMUS_OUTCOMES + 1) / 2);
}

static void outcomes_in_words(void)
{
	char text[LITMUS_STRING];

	litmus_outcome_text(named("SB+once"), 0x10000, text, sizeof(text));
	check(!strcmp(text, "0:r0=0 1:r0=1"));
	litmus_outcome_text(named("2+2W+once"), 2ULL << 48 | 1ULL << 52, text,
			    sizeof(text));
	check(!strcmp(text, "x=2 y=1"));
	litmus_outcome_text(named("IRIW+once"), 0x0001001000000000ULL, text,
			    sizeof(text));
	check(!strcmp(text, "2:r0=0 2:r1=1 3:r0=1 3:r1=0"));
	check(litmus_exists(named("R+once"), 2ULL << 52));
	check(!litmus_exists(named("R+once"), 1ULL << 52));
}

/* Return: outcomes seen. */
static unsigned int check_tally(const struct model *m,
				const struct acqrel_litmus_tally *tally)
{
	unsigned int seen = 0;
	__u64 sum = 0;

	for (int i = 0; i < ACQREL_LITMUS_OUTCOMES; i++) {
		if (!tally->counts[i])
			continue;
		sum += tally->counts[i];
		seen++;
		if (!model_has(m, tally->outcomes[i])) {
			printf("# %s %llx\n", m->test->name,
			       tally->outcomes[i]);
			check(false);
		}
	}
	check_eq(sum, tally->trials);
	return seen;
}

/* whatever was seen, x86 allows: not one test is run wrongly */
static void runs_see_what_is_allowed(void)
{
	struct litmus_setup setup = setup_of(ktap_scale(20480));
	static struct litmus_result result;
	static struct model m;
	size_t n, seen = 0, all = 0;
	const struct acqrel_litmus_test *tests = litmus_tests(&n);

#ifndef __x86_64__
	ktap_skip("not x86");
	return;
#endif
	for (size_t i = 0; i < n; i++) {
		if (!model_parse(&m, &tests[i]))
			continue;
		model_run(&m, true);
		check_eq(litmus_run(&setup, LITMUS_USER, &tests[i], &result),
			 0);
		check_eq(result.tally.trials,
			 litmus_trials(&tests[i], setup.trials));
		seen += check_tally(&m, &result.tally);
		all += m.found;
	}
	printf("# %zu of %zu outcomes seen\n", seen, all);
	check(seen > all / 3);
}

static void pointers_and_grace_periods(void)
{
	static const char *const names[] = {
		"MP+addr", "RCUpub+rcu", "RCUfree+gp", "refcount+ra" };
	struct litmus_setup setup = setup_of(ktap_scale(100000));
	static struct litmus_result result;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		check_eq(litmus_run(&setup, LITMUS_USER, named(names[i]),
				    &result), 0);
		check_eq(result.seen, 0);
		check_eq(result.tally.trials,
			 litmus_trials(named(names[i]), setup.trials));
	}
}

/* SB+mb, but for its fences */
LITMUS_EXISTS(wrong, p0.r0 == 0 && p1.r0 == 0)
LITMUS_THREAD(wrong, 0, {
	WRITE_ONCE(*x, 1);
	r0 = READ_ONCE(*y);
})
LITMUS_THREAD(wrong, 1, {
	WRITE_ONCE(*y, 1);
	r0 = READ_ONCE(*x);
})
static const struct acqrel_litmus_test wrong =
	LITMUS_2(wrong, wrong, "SB+mb");

static void missing_fence_is_seen(void)
{
	struct litmus_setup setup = setup_of(ktap_scale(200000));
	static struct litmus_result result;

	if (setup.ncpus < 2) {
		ktap_skip("one CPU");
		return;
	}
	check_eq(litmus_run(&setup, LITMUS_USER, &wrong, &result), 0);
	check(result.forbidden > 0);
	check_eq(result.forbidden, result.seen);
	check(strchr(result.where, ','));
	check_eq(result.placements, 2);
	check(result.tally.overlapped > 0);
}

static void stops_when_told(void)
{
	struct litmus_setup setup = setup_of(1ULL << 40);
	static struct litmus_result result;

	setup.poll = stop_now;
	check_eq(litmus_run(&setup, LITMUS_USER, named("SB+once"), &result),
		 -ECANCELED);
	check(result.tally.trials > 0);
}

static void cpu_that_is_not_there(void)
{
	struct litmus_setup setup = setup_of(5000);
	static struct litmus_result result;

	setup.cpus[0] = ENV_CPUS_MAX - 1;
	check_eq(litmus_run(&setup, LITMUS_USER, named("SB+once"), &result),
		 -EINVAL);
	check_eq(result.tally.trials, 0);
}

static const struct command command = { .name = "litmus" };

/* in a process of its own; @interrupt: send SIGINT once it works */
static int run(int (*cmd)(struct args *args), const char *options,
	       bool interrupt)
{
	char line[256], *words[CAPTURE_WORDS];
	struct args args = { .argv = words, .path = "acqrel litmus",
			     .command = &command };
	struct stat said = { 0 };
	int status = -1;
	pid_t pid;

	snprintf(line, sizeof(line), "%s", options);
	for (char *w = strtok(line, " "); w; w = strtok(NULL, " "))
		words[args.argc++] = w;
	capture_begin();
	pid = fork();
	if (!pid)
		exit(out_finish(cmd(&args)));
	while (interrupt && !said.st_size)
		fstat(STDERR_FILENO, &said);
	if (interrupt)
		kill(pid, SIGINT);
	waitpid(pid, &status, 0);
	capture_end();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void bad_input(void)
{
	check_eq(run(cmd_litmus_run, "NONE", false), STATUS_USAGE);
	check(capture_said("NONE"));
	check_eq(run(cmd_litmus_run, "SB --trials 0", false), STATUS_USAGE);
	check_eq(run(cmd_litmus_run, "SB --world moon", false), STATUS_USAGE);
	check_eq(run(cmd_litmus_run, "SB --world user --cpus 8191", false),
		 STATUS_USAGE);
	check_eq(run(cmd_litmus_run, "SB --world user --cpus 0,0", false),
		 STATUS_USAGE);
	check_eq(run(cmd_litmus_show, "", false), STATUS_USAGE);
	check_eq(run(cmd_litmus_list, "SB+", false), STATUS_USAGE);
	if (!session_module_present())
		check_eq(run(cmd_litmus_run, "SB --world kernel", false),
			 STATUS_ABSENT);
}

static void shows_the_source(void)
{
	check_eq(run(cmd_litmus_show, "SB+mb", false), STATUS_OK);
	check(capture_said("        WRITE_ONCE(*x, 1);\n"
			   "        smp_mb();\n"
			   "        r0 = READ_ONCE(*y);\n"));
	check(capture_said("p0.r0 == 0 && p1.r0 == 0"));
	check_eq(run(cmd_litmus_list, "SB", false), STATUS_OK);
	check(capture_said("SB+once") && capture_said("SB+mb"));
	check(!capture_said("SBrmw"));
}

static void ends_with_what_was_reached(void)
{
	check_eq(run(cmd_litmus_run,
		     "SB+once --world user --trials 100000000000", true),
		 STATUS_CHECK);
	check(capture_said("SB+once  Sometimes"));
	check(capture_said("Interrupted"));
}

static void document(void)
{
	json_t *root, *test, *user;

	check_eq(run(cmd_litmus_run, "SB+mb --world user --trials 5000 --json",
		     false), STATUS_OK);
	root = json_loads(capture_out.text, 0, NULL);
	test = json_array_get(json_object_get(root, "tests"), 0);
	user = json_object_get(test, "user");
	check_eq(json_integer_value(json_object_get(user, "trials")), 5000);
	check_eq(json_integer_value(json_object_get(user, "seen")), 0);
	check_eq(json_array_size(json_object_get(user, "first")), 2);
	check(json_array_size(json_object_get(user, "outcomes")) > 0);
	check(json_is_null(json_object_get(test, "kernel")));
	json_decref(root);
	check_eq(run(cmd_litmus_show, "SB --json", false), STATUS_OK);
	root = json_loads(capture_out.text, 0, NULL);
	check_eq(json_array_size(json_object_get(root, "tests")), 3);
	json_decref(root);
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "each test has verdicts", each_test_has_verdicts },
		{ "questions against x86", questions_against_x86 },
		{ "SC forbids and buffers allow",
		  sc_forbids_and_buffers_allow },
		{ "outcomes are counted", outcomes_are_counted },
		{ "outcomes in words", outcomes_in_words },
		{ "runs see what is allowed", runs_see_what_is_allowed },
		{ "pointers and grace periods", pointers_and_grace_periods },
		{ "a missing fence is seen", missing_fence_is_seen },
		{ "stops when told", stops_when_told },
		{ "CPU that is not there", cpu_that_is_not_there },
		{ "bad input", bad_input },
		{ "shows the source", shows_the_source },
		{ "ends with what was reached", ends_with_what_was_reached },
		{ "JSON", document },
	};

	return ktap_run(tests, ARRAY_SIZE(tests));
}
