// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_files.c - result files against each other
 *
 * Files of one machine are boots of it and stand together. Each machine is
 * compared with the same one before; another one, be it of the same model, only
 * if the user insists. Or
 * there is no before: then the cells of a machine are compared with each other.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench_status.h"
#include "bench_table.h"
#include "compare.h"
#include "out.h"

/**
 * struct side - files of one side
 * @paths: of the files
 * @results: in them
 * @n: how many were read
 */
struct side {
	const char **paths;
	struct result *results;
	size_t n;
};

/**
 * struct machine - files of both sides that are compared with each other
 * @after: results
 * @nafter: how many
 * @before: results
 * @nbefore: how many
 */
struct machine {
	struct result **after;
	size_t nafter;
	struct result **before;
	size_t nbefore;
};

/* what makes times incomparable: keys of the environment, and what they are */
static const struct {
	const char *key;
	const char *name;
} conditions[] = {
	{ "cpu_model", "CPU" },
	{ "emulated", "emulation" },
	{ "lockdep", "lockdep" },
	{ "kcsan", "KCSAN" },
	{ "debug_options", "debug options" },
	/* without them arms of the same name do other things */
	{ "membarrier", "membarrier" },
	{ "rseq", "rseq" },
};

static const json_t *get(const struct result *result, const char *key)
{
	const json_t *value = json_object_get(result->env, key);

	return json_is_null(value) ? NULL : value;
}

static bool same(const struct result *a, const struct result *b,
		 const char *key)
{
	const json_t *x = get(a, key), *y = get(b, key);

	return x && y ? json_equal(x, y) : x == y;
}

static bool same_machine(const struct result *a, const struct result *b)
{
	return result_same_host(a, b) && same(a, b, "cpu_model");
}

static void release(struct side *side)
{
	for (size_t i = 0; i < side->n; i++)
		result_release(&side->results[i]);
	free(side->results);
	free(side->paths);
}

static int load(struct side *side, const char *const *paths, size_t n)
{
	side->results = calloc(n, sizeof(*side->results));
	side->paths = calloc(n, sizeof(*side->paths));
	if (!side->results || !side->paths)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		int rc = result_load(paths[i], &side->results[i]);

		if (rc)
			return rc;
		side->paths[side->n++] = paths[i];
		rc = figures_compute(&side->results[i]);
		if (rc)
			return rc;
	}
	return 0;
}

static size_t gather(struct side *side, const struct result *like,
		     struct result **results)
{
	size_t n = 0;

	for (size_t i = 0; i < side->n; i++)
		if (same_machine(&side->results[i], like))
			results[n++] = &side->results[i];
	return n;
}

static bool is_first(const struct side *side, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (same_machine(&side->results[i], &side->results[index]))
			return false;
	return true;
}

static const char *path_of(const struct side *side, const struct result *result)
{
	return side->paths[result - side->results];
}

/* The files before of the same machine, else those of the first one there. */
static void find_before(struct side *before, struct machine *machine)
{
	machine->nbefore = gather(before, machine->after[0], machine->before);
	if (!machine->nbefore)
		machine->nbefore = gather(before, &before->results[0],
					  machine->before);
}

static unsigned int print_differences(const struct result *after,
				      const struct result *before, bool force)
{
	unsigned int n = !result_same_host(after, before);

	if (n && force) {
		out_str(NULL, NULL, "host");
		out_text("FORCED: these differ in machine");
	}
	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
		if (same(after, before, conditions[i].key))
			continue;
		n++;
		if (!force)
			continue;
		out_str(NULL, NULL, conditions[i].key);
		out_text("%s%s", n == 1 ? "FORCED: these differ in " : ", ",
			 conditions[i].name);
	}
	if (n && force)
		out_text("\n");
	return n;
}

/* Path of the first file that is unlike the first one, or NULL. */
static const char *find_unlike(const struct side *after,
			       const struct side *before,
			       const struct machine *machine, bool force)
{
	const struct result *first = machine->after[0];

	for (size_t i = 1; i < machine->nafter; i++)
		if (print_differences(first, machine->after[i], force))
			return path_of(after, machine->after[i]);
	for (size_t i = 0; i < machine->nbefore; i++)
		if (print_differences(first, machine->before[i], force))
			return path_of(before, machine->before[i]);
	return NULL;
}

/* Says so in the first line of a machine, or refuses. */
static bool may_compare(const struct side *after, const struct side *before,
			const struct machine *machine, bool force)
{
	const char *unlike;

	out_array("forced");
	unlike = find_unlike(after, before, machine, force);
	out_end();
	if (!unlike || force)
		return true;
	out_error("'%s' and '%s' were made under other conditions; --force compares them",
		  path_of(after, machine->after[0]), unlike);
	return false;
}

static void print_paths(const char *key, const char *label,
			const struct side *side, struct result **results,
			size_t n)
{
	out_array(key);
	for (size_t i = 0; i < n; i++) {
		out_str(NULL, NULL, path_of(side, results[i]));
		out_text("%s: %s\n", label, path_of(side, results[i]));
	}
	out_end();
}

static void print_machine(const struct side *after, const struct side *before,
			  const struct machine *machine)
{
	const json_t *env = machine->after[0]->env;

	if (out_is_json())
		out_document(json_pack("{s:O?, s:O?}", "host",
				       json_object_get(env, "host"),
				       "cpu_model",
				       json_object_get(env, "cpu_model")));
	if (machine->nbefore)
		print_paths("before", "before", before, machine->before,
			    machine->nbefore);
	print_paths("after", machine->nbefore ? "after" : "result", after,
		    machine->after, machine->nafter);
}

static int judge(const struct machine *machine, struct compare_list *list,
		 const struct compare_options *o)
{
	struct verdict_params params;

	compare_params(o, &params);
	return compare_files(machine->after[0], machine->before[0], list) ?:
		verdict_between(machine->after, machine->nafter,
				machine->before, machine->nbefore, list->all,
				list->n, &params);
}

static int print_between(const struct machine *machine,
			 const struct compare_list *list,
			 const struct compare_options *o)
{
	int status, compared;

	bench_head(machine->after[0]);
	if (!compare_print(machine->after[0], machine->before[0], list,
			   o->terminal)) {
		out_error("not enough memory for the tables");
		return STATUS_CHECK;
	}
	status = bench_status_results(machine->after, machine->nafter);
	status = bench_status_worse(status,
				    bench_status_results(machine->before,
							 machine->nbefore));
	compared = bench_status_compared(list->all, list->n,
					 o->fail_on_regression);
	return bench_status_worse(status, compared);
}

static int compare_between(const struct side *after, const struct side *before,
			   const struct machine *machine,
			   const struct compare_options *o)
{
	struct compare_list list = { 0 };
	int rc = judge(machine, &list, o), status;

	if (rc) {
		out_error("cannot compare: %s", strerror(-rc));
		status = STATUS_CHECK;
	} else if (!list.n) {
		out_error("'%s' and '%s' have no cell in common",
			  path_of(after, machine->after[0]),
			  path_of(before, machine->before[0]));
		status = STATUS_USAGE;
	} else {
		status = print_between(machine, &list, o);
	}
	free(list.all);
	return status;
}

static int compare_machine(struct side *after, struct side *before,
			   struct machine *machine, const char *against,
			   const struct compare_options *o)
{
	if (before->n)
		find_before(before, machine);
	if (!may_compare(after, before, machine, o->force))
		return STATUS_USAGE;
	print_machine(after, before, machine);
	if (machine->nbefore)
		return compare_between(after, before, machine, o);
	return compare_cells(machine->after, machine->nafter, against, o);
}

static int compare_machines(struct side *after, struct side *before,
			    struct machine *machine, const char *against,
			    const struct compare_options *o)
{
	int status = STATUS_OK, one;

	out_array("machines");
	for (size_t i = 0; i < after->n; i++) {
		if (!is_first(after, i))
			continue;
		machine->nafter = gather(after, &after->results[i],
					 machine->after);
		out_object(NULL, NULL);
		one = compare_machine(after, before, machine, against, o);
		/* the error took the place of the document */
		if (one == STATUS_USAGE)
			return one;
		out_end();
		out_text("\n");
		status = bench_status_worse(status, one);
	}
	out_end();
	return status;
}

static int compare_sides(struct side *after, struct side *before,
			 const char *against, const struct compare_options *o)
{
	struct machine machine = {
		.after = calloc(after->n, sizeof(*machine.after)),
		.before = calloc(before->n + 1, sizeof(*machine.before)),
	};
	int status = STATUS_CHECK;

	if (machine.after && machine.before)
		status = compare_machines(after, before, &machine, against, o);
	else
		out_error("not enough memory for the files");
	free(machine.after);
	free(machine.before);
	return status;
}

static int load_and_compare(const char *const *after, size_t nafter,
			    const char *const *before, size_t nbefore,
			    const char *against,
			    const struct compare_options *o)
{
	struct side a = { 0 }, b = { 0 };
	int rc, status;

	rc = load(&a, after, nafter);
	if (!rc && nbefore)
		rc = load(&b, before, nbefore);
	if (rc == -ENOMEM)
		out_error("not enough memory for the files");
	status = rc ? STATUS_USAGE : compare_sides(&a, &b, against, o);
	release(&a);
	release(&b);
	return status;
}

/**
 * compare_params() - how to judge
 * @o: options
 * @params: filled
 */
void compare_params(const struct compare_options *o,
		    struct verdict_params *params)
{
	*params = (struct verdict_params) {
		.resolve = o->resolve / 100.0,
		.raw = o->raw,
		.boots = o->boots,
	};
}

/**
 * compare_result_files() - compare result files and print what came of it
 * @args: words, all of them files
 * @o: options
 *
 * With files in @o->against, what is named is compared with them. Two files
 * without are before and after, unless several boots are asked for; of any
 * others the cells of a machine are compared with each other.
 *
 * Return: exit status.
 */
int compare_result_files(struct args *args, const struct compare_options *o)
{
	const char *const *files = (const char *const *)args->argv;
	const struct args_strings *against = &o->against;
	unsigned int nbefore = 0;

	for (unsigned int i = 0; i < against->n; i++)
		nbefore += compare_is_file(against->values[i]);
	if (nbefore != against->n && (nbefore || against->n > 1)) {
		out_error("--against needs one case or only files");
		return STATUS_USAGE;
	}
	if (nbefore)
		return load_and_compare(files, args->argc, against->values,
					nbefore, NULL, o);
	if (args->argc == 2 && !against->n && o->boots < 2)
		return load_and_compare(files + 1, 1, files, 1, NULL, o);
	return load_and_compare(files, args->argc, NULL, 0,
				against->n ? against->values[0] : NULL, o);
}
