// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is compared with what, and what comes of result files that are made up.
 */
#include <sys/stat.h>

#include "capture.h"
#include "cmd_bench.h"
#include "compare.h"
#include "made_up.h"

#define PAIRS	ACQREL_OP_PAIRS

static const struct command command = {
	"compare", NULL, "a test", cmd_compare, NULL
};

static char directory[32];

static const char *baseline(const char *name, __u32 flags, const char *against)
{
	static char text[ACQREL_NAME_MAX + 1];

	if (!compare_baseline(name, flags, against, text))
		return "none";
	return text;
}

static void check_baseline(const char *name, __u32 flags, const char *against,
			   const char *expected)
{
	const char *got = baseline(name, flags, against);

	if (!check(!strcmp(got, expected)))
		printf("# %s: %s, not %s\n", name, got, expected);
}

static void own_variants_are_baselines(void)
{
	check_baseline("config/mutex:read", 0, NULL, "config/rcu:read");
	check_baseline("stats/mutex:write", 0, NULL, "stats/seqcount:write");
	check_baseline("counter/atomic:add", 0, NULL, "counter/percpu:add");
	check_baseline("ring/ck_mpmc:pop", 0, NULL, "ring/mpmc:pop");
	check_baseline("ring/ck_spsc:pop", PAIRS, NULL, "ring/spsc:pop");
	check_baseline("ring/mpmc:pop", 0, NULL, "ring/spsc:pop");
	check_baseline("config/rcu:read", 0, NULL, "none");
	check_baseline("ring/spsc:pop", PAIRS, NULL, "none");
	check_baseline("publish/release:oneway", 0, NULL, "none");
}

static void baselines_can_be_named(void)
{
	check_baseline("counter/mutex:add", 0, "counter/atomic",
		       "counter/atomic:add");
	check_baseline("counter/atomic:add", 0, "counter/atomic", "none");
	check_baseline("config/rcu:read", 0, "counter/atomic", "none");
	check_baseline("config/rcu:read", 0, "floor/cpu:load",
		       "floor/cpu:load");
}

static void add_cell(struct result *r, enum world w, const char *name,
		     __u32 threads, __u32 flags)
{
	const struct made_up m = { w, name, threads, 5, 0.01, 0 };
	struct acqrel_generator g;

	ktap_seed(&g);
	made_up_cell(r, &m, &g);
	r->cells[r->ncells - 1].flags = flags;
}

static bool has(const struct compare_list *list, unsigned int a, unsigned int b)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->all[i].a == a && list->all[i].b == b)
			return true;
	return false;
}

static void like_cells_are_compared(void)
{
	struct compare_list list = { 0 };
	struct result r;

	made_up_run(&r);
	add_cell(&r, WORLD_KERNEL, "counter/percpu:add", 1, 0);
	add_cell(&r, WORLD_KERNEL, "counter/atomic:add", 1, 0);
	add_cell(&r, WORLD_USER, "counter/percpu:add", 1, 0);
	add_cell(&r, WORLD_USER, "counter/atomic:add", 1, 0);
	add_cell(&r, WORLD_USER, "counter/atomic:add", 2, 0);
	add_cell(&r, WORLD_USER, "counter/atomic:read", 1, 0);
	add_cell(&r, WORLD_USER, "counter/percpu:add", 1, 0);
	r.cells[6].control = 2;
	add_cell(&r, WORLD_KERNEL, "ring/spsc:oneway", 2, 0);
	add_cell(&r, WORLD_USER, "ring/spsc:oneway", 2, 0);
	r.cells[7].pace_ns = 1000;
	r.cells[8].pace_ns = 1000;
	check_eq(compare_pairs(&r, NULL, &list), 0);
	check(has(&list, 0, 2) && has(&list, 1, 3));
	check(has(&list, 1, 0) && has(&list, 3, 2));
	check_eq(list.n, 4);
	free(list.all);
	result_release(&r);
}

static void rings_of_pairs_are_compared_as_pairs(void)
{
	struct compare_list list = { 0 };
	struct result r;

	made_up_run(&r);
	add_cell(&r, WORLD_USER, "ring/spsc:push", 2, PAIRS);
	add_cell(&r, WORLD_USER, "ring/mpmc:push", 2, 0);
	add_cell(&r, WORLD_USER, "ring/spsc:push", 4, PAIRS);
	add_cell(&r, WORLD_USER, "ring/mpmc:push", 4, 0);
	check_eq(compare_pairs(&r, NULL, &list), 0);
	check(has(&list, 1, 0));
	check_eq(list.n, 1);
	free(list.all);
	result_release(&r);
}

/* what differs between two files */
struct file {
	const char *name;
	const char *cpu;
	const char *boot;
	double ns;
	__u64 lost;
	bool kcsan;
	bool no_rseq;
	const char *host;
};

static const char *path(const char *name)
{
	static char text[2][64];
	static int turn;

	turn = !turn;
	snprintf(text[turn], sizeof(text[turn]), "%s/%s", directory, name);
	return text[turn];
}

static void write_file(const struct file *f)
{
	const struct made_up what[] = {
		{ WORLD_USER, RESULT_EMPTY, 1, 0.5, 0.001, 0 },
		{ WORLD_USER, "counter/percpu:add", 1, f->ns, 0.002, 0 },
		{ WORLD_USER, "counter/percpu:add", 1, f->ns, 0.002, 0 },
		{ WORLD_USER, "counter/atomic:add", 1, 9, 0.002, 0 },
	};
	struct acqrel_generator g;
	struct result r;

	ktap_seed(&g);
	made_up_run(&r);
	json_object_set_new(r.env, "cpu_model", json_string(f->cpu));
	json_object_set_new(r.env, "boot_id", json_string(f->boot));
	if (f->host)
		json_object_set_new(json_object_get(r.env, "host"), "id",
				    json_string(f->host));
	json_object_set_new(r.env, "kcsan", json_boolean(f->kcsan));
	json_object_set_new(r.env, "rseq", json_boolean(!f->no_rseq));
	for (size_t i = 0; i < ARRAY_SIZE(what); i++) {
		made_up_cell(&r, &what[i], &g);
		r.cells[i].empty = i ? 0 : -1;
	}
	r.cells[2].control = 1;
	r.cells[3].slices[0].samples[0].did.lost = f->lost;
	check_eq(figures_compute(&r), 0);
	check_eq(result_save(path(f->name), &r), 0);
	result_release(&r);
}

static int compare(const char *format, const char *a, const char *b)
{
	char line[256], one[64];

	snprintf(one, sizeof(one), "%s", path(a));
	snprintf(line, sizeof(line), format, one, path(b));
	return capture_command(cmd_compare, &command, line);
}

static void check_said(const char *text)
{
	if (!check(capture_said(text)))
		printf("# no '%s' in:\n%s%s", text, capture_out.text,
		       capture_err.text);
}

static void slower_is_a_regression(void)
{
	check_eq(compare("%s %s --fail-on-regression", "before", "slower"),
		 STATUS_CHECK);
	check_said(" slower");
	check_said("1 of 2 comparisons are regressions");
	check_eq(compare("%s %s", "before", "slower"), STATUS_OK);
	check_eq(compare("%s %s --fail-on-regression", "slower", "before"),
		 STATUS_OK);
	check_said(" faster");
}

static void equal_is_no_difference(void)
{
	check_eq(compare("%s %s --fail-on-regression", "before", "same"),
		 STATUS_OK);
	check_said("no difference shown (floor ");
	check_said("between single runs");
	check(!capture_said("slower "));
}

static void other_machines_need_force(void)
{
	check_eq(compare("%s %s", "before", "other"), STATUS_USAGE);
	check_said("--force compares them");
	check_eq(compare("%s %s --force", "before", "other"), STATUS_OK);
	check(!strncmp(capture_out.text, "FORCED: these differ in CPU\n", 28));
}

/* boards of one model, with the name that their image gave them */
static void twins_need_force(void)
{
	check_eq(compare("%s %s", "board", "twin"), STATUS_USAGE);
	check_said("--force compares them");
	check_eq(compare("%s %s --force", "board", "twin"), STATUS_OK);
	check(!strncmp(capture_out.text, "FORCED: these differ in machine\n",
		       32));
	/* before there were ids */
	check_eq(compare("%s %s", "before", "twin"), STATUS_OK);
	/* they are no two boots of one machine */
	check_eq(compare("%s %s --boots 2", "board", "twin"),
		 STATUS_UNTRUSTED);
}

static void other_debug_options_need_force(void)
{
	check_eq(compare("%s %s --boots 2", "before", "debug"), STATUS_USAGE);
	check_said("--force compares them");
	check_eq(compare("%s %s --force", "before", "debug"), STATUS_OK);
	check(!strncmp(capture_out.text, "FORCED: these differ in KCSAN\n",
		       30));
}

static void refused_calls_need_force(void)
{
	check_eq(compare("%s %s", "before", "refused"), STATUS_USAGE);
	check_said("--force compares them");
	check_eq(compare("%s %s --force", "before", "refused"), STATUS_OK);
	check(!strncmp(capture_out.text, "FORCED: these differ in rseq\n",
		       29));
}

static void wrong_results_fail(void)
{
	check_eq(compare("%s %s", "before", "wrong"), STATUS_CHECK);
	check_said("gave wrong results");
	check_said("WRONG: 1 lost");
}

static void boots_are_counted(void)
{
	check_eq(compare("%s %s --boots 2", "before", "same"),
		 STATUS_UNTRUSTED);
	check_said("it needs more boots");
	check_eq(compare("%s %s --boots 2", "before", "boot"), STATUS_OK);
	check_said("over 2 boots");
	check_said("Variants");
}

static void one_file_is_compared_in_itself(void)
{
	check_eq(compare("%s", "before", ""), STATUS_OK);
	check_said("Variants");
	check_eq(compare("%s --against counter/atomic", "before", ""),
		 STATUS_OK);
	check_said("counter/atomic:add  ");
}

static void machines_are_kept_apart(void)
{
	const char *second;

	check_eq(compare("%s %s --boots 1 --against counter/percpu", "before",
			 "other"), STATUS_OK);
	second = strstr(capture_out.text, "two, Linux");
	check(strstr(capture_out.text, "one, Linux") && second);
	check(second && strstr(second, "Variants"));
}

static void sides_are_named(void)
{
	check_eq(compare("%s --against %s", "slower", "before"), STATUS_OK);
	check_said(" slower");
	check_eq(compare("%s %s ring/*", "slower", "before"), STATUS_USAGE);
	check_said("exclude each other");
	check_eq(compare("%s %s -o x", "slower", "before"), STATUS_USAGE);
	check_eq(compare("%s --against %s --against counter/atomic", "slower",
			 "before"), STATUS_USAGE);
	check_said("one case or only files");
}

static void what_is_no_result_is_refused(void)
{
	FILE *file = fopen(path("text"), "w");

	fputs("[1, 2]", file);
	fclose(file);
	check_eq(compare("%s %s", "before", "text"), STATUS_USAGE);
	check_eq(compare("%s %s.json", "before", "missing"), STATUS_USAGE);
	unlink(path("text"));
}

static const struct file files[] = {
	{ "before", "one", "boot 1", 5, 0, false, false, NULL },
	{ "same", "one", "boot 1", 5, 0, false, false, NULL },
	{ "boot", "one", "boot 2", 5, 0, false, false, NULL },
	{ "slower", "one", "boot 1", 5.5, 0, false, false, NULL },
	{ "other", "two", "boot 1", 5, 0, false, false, NULL },
	{ "wrong", "one", "boot 1", 5, 1, false, false, NULL },
	{ "debug", "one", "boot 2", 5, 0, true, false, NULL },
	{ "refused", "one", "boot 2", 5, 0, false, true, NULL },
	{ "board", "one", "boot 1", 5, 0, false, false, "board 1" },
	{ "twin", "one", "boot 1", 5, 0, false, false, "board 2" },
};

static const struct ktap_test tests[] = {
	{ "acqrel's own variants are the baselines",
	  own_variants_are_baselines },
	{ "baselines can be named", baselines_can_be_named },
	{ "like cells are compared", like_cells_are_compared },
	{ "rings of pairs are compared as pairs",
	  rings_of_pairs_are_compared_as_pairs },
	{ "slower is a regression", slower_is_a_regression },
	{ "equal is no difference", equal_is_no_difference },
	{ "other machines need --force", other_machines_need_force },
	{ "twins need --force", twins_need_force },
	{ "other debug options need --force",
	  other_debug_options_need_force },
	{ "refused calls need --force", refused_calls_need_force },
	{ "wrong results fail", wrong_results_fail },
	{ "boots are counted", boots_are_counted },
	{ "one file is compared in itself", one_file_is_compared_in_itself },
	{ "machines are kept apart", machines_are_kept_apart },
	{ "sides are named", sides_are_named },
	{ "what is no result is refused", what_is_no_result_is_refused },
};

int main(void)
{
	int status;

	strcpy(directory, "/tmp/acqrel-compare-XXXXXX");
	if (!mkdtemp(directory))
		return 1;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		write_file(&files[i]);
	status = ktap_run(tests, ARRAY_SIZE(tests));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		unlink(path(files[i].name));
	rmdir(directory);
	return status;
}
