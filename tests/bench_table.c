// SPDX-License-Identifier: GPL-2.0-only
/*
 * What people see of a result, from one that is made up.
 */
#include "bench_status.h"
#include "bench_table.h"
#include "capture.h"
#include "made_up.h"
#include "out.h"

#define TEXT(x)		#x
#define NUMBER(x)	TEXT(x)
#define SLICES		24
#define TAGGED		"3 of " NUMBER(SLICES) " tagged"

static const struct made_up what[] = {
	{ WORLD_USER, RESULT_EMPTY, 1, 0.5, 0, 0 },
	{ WORLD_USER, "floor/cpu:load", 1, 2.5, 0, 0 },
	{ WORLD_USER, "config/rcu:read", 1, 4.5, 0, 0 },
	{ WORLD_USER, "config/mutex:read", 2, 40.5, 0, 1000 },
	{ WORLD_USER, "config/rcu:read", 1, 4.5, 0, 0 },
};

enum { EMPTY, LOAD, RCU, MUTEX, COPY };

static struct result result;
static struct terminal terminal;

static void make(void)
{
	struct acqrel_generator g;

	ktap_seed(&g);
	made_up_run(&result);
	for (size_t i = 0; i < ARRAY_SIZE(what); i++)
		made_up_cell(&result, &what[i], &g);
	for (int i = LOAD; i <= COPY; i++)
		result.cells[i].empty = EMPTY;
	result.cells[RCU].bound = LOAD;
	result.cells[RCU].bound_times = 1000;
	result.cells[MUTEX].bound = LOAD;
	result.cells[MUTEX].bound_times = 2000;
	result.cells[COPY].control = RCU;
	check_eq(figures_compute(&result), 0);
	check_eq(result.cells[MUTEX].nslices, SLICES);
	for (int i = EMPTY; i <= COPY; i++)
		result.cells[i].figures.tagged = i == MUTEX ? 3 : 0;
	memset(&terminal, 0, sizeof(terminal));
}

static void show(void)
{
	capture_begin();
	bench_head(&result);
	check(bench_table_cells(&result, &terminal));
	capture_end();
}

static void check_said(const char *text)
{
	if (!check(capture_said(text)))
		printf("# no '%s' in:\n%s", text, capture_out.text);
}

/* The line that has the text, so far only the first one. */
static const char *line_with(const char *text)
{
	static char line[512];
	const char *at = strstr(capture_out.text, text);

	if (!check(at))
		return "";
	while (at > capture_out.text && at[-1] != '\n')
		at--;
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
	return line;
}

static void figures_are_shown(void)
{
	make();
	show();
	check(strstr(line_with("config/rcu:read"), "4.00"));
	check(strstr(line_with("config/rcu:read"),
		     "x2.00 of floor/cpu:load"));
	check(strstr(line_with("config/mutex:read"),
		     "x10.0 of 2 floor/cpu:load"));
	check(strstr(line_with("config/mutex:read"), " 1000 "));
	check(strstr(line_with("config/mutex:read"), TAGGED));
	check(strstr(line_with("config/mutex:read"), "99 %"));
	/* of the cores: 3 cycles in a nanosecond */
	check(strstr(line_with("config/mutex:read"), "3.00"));
	result_release(&result);
}

static void what_comes_first_is_said(void)
{
	make();
	json_object_set_new(result.env, "bench_clock",
			    json_string("MONOTONIC_RAW: reading the TSC traps"));
	show();
	check_said("Clock of user space: MONOTONIC_RAW: reading the TSC traps.");
	check_said("Made-up CPU <8 cores>");
	check_said("Noise floors, between equal arms: ");
	check_said("(user, 1 thread)");
	check_said("Others used 1.2 % of the CPU time");
	check_said("warning: the clock is that of a <virtual> machine");
	check_said("within one boot");
	check(!capture_said("emulated"));
	result_release(&result);
}

static void support_stands_apart(void)
{
	const char *beside, *loop;

	make();
	show();
	beside = strstr(capture_out.text, "Measured beside");
	loop = strstr(capture_out.text, RESULT_EMPTY);
	check(beside && loop && loop > beside);
	/* the copy has no row */
	check(!strstr(strstr(capture_out.text, "config/mutex:read"),
		      "config/rcu:read"));
	result_release(&result);
}

static void rivals_stand_together(void)
{
	static const char *const names[] = {
		"config/mutex:read", "config/mutex:update", "config/rcu:read",
		"config/rcu:update",
	};
	const char *at[ARRAY_SIZE(names)];

	make();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct cell *cell = &result.cells[LOAD + i];

		strcpy(cell->name, names[i]);
		cell->threads = 1;
		cell->write_rate = 0;
		strcpy(cell->placement, "one");
		cell->control = -1;
		cell->bound = -1;
	}
	show();
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		at[i] = strstr(capture_out.text, names[i]);
	check(at[0] && at[0] < at[2] && at[2] < at[1] && at[1] < at[3]);
	result_release(&result);
}

static void wrong_results_are_marked(void)
{
	make();
	result.cells[RCU].figures.violations = 3;
	result.cells[MUTEX].figures.lost = 2;
	show();
	check(strstr(line_with("config/rcu:read"), "WRONG: 3 violations"));
	check(strstr(line_with("config/mutex:read"), "WRONG: 2 lost"));
	result_release(&result);
}

static void emulated_times_are_marked(void)
{
	make();
	result.emulated = true;
	made_up_latency(&result.cells[RCU], 100,
			&(struct acqrel_generator){ 0 });
	show();
	check(strstr(line_with("config/mutex:read"), "40.0 emulated"));
	check_said("say nothing about hardware");
	check(!capture_said("Noise floor"));
	check(strstr(line_with("config/rcu:read"), " emulated "));
	check(!capture_said("GHz"));
	result_release(&result);
}

static void what_was_not_measured_is_not_a_number(void)
{
	make();
	result.cells[RCU].figures.net_ns = NAN;
	result.cells[RCU].figures.tagged = 0;
	result.cells[MUTEX].figures.net_ns = -0.1;
	result.foreign = NAN;
	show();
	check(strstr(line_with("config/rcu:read"), "none done"));
	check(strstr(line_with("config/mutex:read"), "below empty"));
	check_said("Nobody knows how much CPU time others used");
	check(!capture_said("nan"));
	result_release(&result);
}

static void few_latencies_have_no_percentile(void)
{
	struct latency_sum *latency;

	make();
	latency = calloc(1, sizeof(*latency));
	result.cells[RCU].latency = latency;
	result.cells[RCU].mode = ACQREL_BENCH_LATENCY;
	latency->max = 50;
	latency_count(latency, 50, 999);
	show();
	/* p50, p90, p99, p99.9, max */
	check(strstr(line_with("config/rcu:read"),
		     "50      50       -         -      50"));
	latency_count(latency, 50, 1);
	show();
	check(strstr(line_with("config/rcu:read"),
		     "50      50      50         -      50"));
	result_release(&result);
}

static void paced_operations_have_no_time(void)
{
	make();
	made_up_latency(&result.cells[RCU], 100,
			&(struct acqrel_generator){ 0 });
	result.cells[RCU].mode = ACQREL_BENCH_RATE;
	result.cells[RCU].pace_ns = 1000;
	result.cells[RCU].figures.bound_ns = 50;
	show();
	check(strstr(capture_out.text, "Latency") <
	      strstr(capture_out.text, "config/rcu:read"));
	check(strstr(line_with("config/rcu:read"), "x2.0"));
	/* ten readings of the clock are more than 100 ns */
	result.cells[result.cells[RCU].empty].overhead_ns = 11;
	show();
	check(!strstr(line_with("config/rcu:read"), "x2.0"));
	result.cells[result.cells[RCU].empty].overhead_ns = 9;
	show();
	check(strstr(line_with("config/rcu:read"), "x2.0"));
	result_release(&result);
}

static void files_get_no_bars_and_no_colours(void)
{
	make();
	show();
	check(!capture_said("#") && !capture_said("\033"));
	terminal.bars = true;
	terminal.color = true;
	show();
	/* the slowest of the operation */
	check(strstr(line_with("config/mutex:read"), "##########"));
	check(strstr(line_with("config/rcu:read"), " # "));
	check(strstr(line_with("config/mutex:read"),
		     "\033[33m" TAGGED "\033[0m"));
	terminal.utf8 = true;
	show();
	check(strstr(line_with("config/mutex:read"), "\u2588"));
	result_release(&result);
}

static void narrow_terminals_get_fewer_columns(void)
{
	make();
	terminal.width = 64;
	show();
	check(!strstr(line_with("case"), "95 % interval"));
	check(!strstr(line_with("case"), "bound"));
	check(strstr(line_with("case"), "ns/op"));
	for (const char *at = strstr(capture_out.text, "\ncase"); at && *at;
	     at += strcspn(at, "\n"), at += *at == '\n')
		check(strcspn(at, "\n") <= 64);
	terminal.width = 0;
	show();
	check(strstr(line_with("case"), "95 % interval"));
	check(strstr(line_with("case"), "bound"));
	result_release(&result);
}

static int status_of(const struct result *r)
{
	int status;

	capture_begin();
	status = bench_status_result(r);
	capture_end();
	return status;
}

static void doubt_is_a_status(void)
{
	make();
	check_eq(status_of(&result), STATUS_OK);
	check_eq(strlen(capture_err.text), 0);
	result.foreign = 0.06;
	check_eq(status_of(&result), STATUS_UNTRUSTED);
	check_said("others used 6.0 %");
	result.foreign = 0;
	result.stolen = 0.06;
	check_eq(status_of(&result), STATUS_UNTRUSTED);
	result.stolen = NAN;
	check_eq(status_of(&result), STATUS_OK);
	result.cells[MUTEX].figures.tagged = SLICES / 2 + 1;
	check_eq(status_of(&result), STATUS_UNTRUSTED);
	result.cells[MUTEX].figures.tagged = SLICES / 2;
	check_eq(status_of(&result), STATUS_OK);
	result.cells[MUTEX].figures.overlap = 0.89;
	check_eq(status_of(&result), STATUS_UNTRUSTED);
	result.cells[MUTEX].figures.violations = 1;
	check_eq(status_of(&result), STATUS_CHECK);
	check_said("1 of 5 cells gave wrong results");
	result_release(&result);
}

static void emulation_forgives_times_only(void)
{
	make();
	result.emulated = true;
	result.foreign = 0.5;
	result.cells[MUTEX].figures.tagged = SLICES;
	check_eq(status_of(&result), STATUS_OK);
	check_said("not measurable");
	result.cells[MUTEX].figures.overlap = 0.5;
	check_eq(status_of(&result), STATUS_UNTRUSTED);
	result.cells[MUTEX].figures.lost = 1;
	check_eq(status_of(&result), STATUS_CHECK);
	result_release(&result);
}

static int verdict_status(enum verdict verdict, bool fail_on_regression)
{
	const struct comparison c = { .verdict = verdict };
	int status;

	capture_begin();
	status = bench_status_compared(&c, 1, fail_on_regression);
	capture_end();
	return status;
}

static void verdicts_are_a_status(void)
{
	check_eq(verdict_status(VERDICT_NONE, true), STATUS_OK);
	check_eq(verdict_status(VERDICT_FASTER, true), STATUS_OK);
	check_eq(verdict_status(VERDICT_SLOWER, false), STATUS_OK);
	check_eq(verdict_status(VERDICT_SLOWER, true), STATUS_CHECK);
	check_eq(verdict_status(VERDICT_UNRESOLVED, true), STATUS_UNTRUSTED);
	check_eq(verdict_status(VERDICT_UNTRUSTED, true), STATUS_UNTRUSTED);
	check_eq(verdict_status(VERDICT_EMULATED, true), STATUS_OK);
	check_eq(bench_status_worse(STATUS_UNTRUSTED, STATUS_CHECK),
		 STATUS_CHECK);
	check_eq(bench_status_worse(STATUS_OK, STATUS_UNTRUSTED),
		 STATUS_UNTRUSTED);
	check_eq(bench_status_worse(STATUS_OK, STATUS_OK), STATUS_OK);
}

static const struct ktap_test tests[] = {
	{ "figures are shown", figures_are_shown },
	{ "what a reader must know comes first", what_comes_first_is_said },
	{ "loops and bounds stand apart", support_stands_apart },
	{ "rivals stand together", rivals_stand_together },
	{ "wrong results are marked", wrong_results_are_marked },
	{ "emulated times are marked", emulated_times_are_marked },
	{ "what was not measured is not a number",
	  what_was_not_measured_is_not_a_number },
	{ "few latencies have no percentile",
	  few_latencies_have_no_percentile },
	{ "paced operations have no time",
	  paced_operations_have_no_time },
	{ "files get no bars and no colours",
	  files_get_no_bars_and_no_colours },
	{ "narrow terminals get fewer columns",
	  narrow_terminals_get_fewer_columns },
	{ "doubt is an exit status", doubt_is_a_status },
	{ "emulation forgives times only", emulation_forgives_times_only },
	{ "verdicts are an exit status", verdicts_are_a_status },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
