// SPDX-License-Identifier: GPL-2.0-only
/*
 * The document of a result: nothing is lost on the way, files of other schema
 * versions, damaged ones.
 *
 * ACQREL_TEST_RESULT=FILE keeps a document, for a validator.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "damage.h"
#include "made_up.h"
#include "result_json.h"
#include "verdict.h"

#define FIXTURES	"tests/fixtures/"

static void make(struct result *r)
{
	static const struct made_up what[] = {
		{ WORLD_USER, RESULT_EMPTY, 1, 0.5, 0.01, 0 },
		{ WORLD_USER, "config/rcu:read", 1, 1.25, 0.02, 0 },
		{ WORLD_KERNEL, "config/rcu:read", 3, 2.5, 0.02, 1000 },
		{ WORLD_USER, "config/rcu:read", 1, 1.25, 0.02, 0 },
		{ WORLD_USER, "ring/mpmc:oneway", 2, 80, 0.05,
		  RESULT_WRITE_MAX },
	};
	struct acqrel_generator g;

	ktap_seed(&g);
	made_up_run(r);
	for (size_t i = 0; i < ARRAY_SIZE(what); i++)
		made_up_cell(r, &what[i], &g);
	r->cells[1].empty = 0;
	r->cells[1].bound = 2;
	r->cells[1].bound_times = 1500;
	r->cells[3].control = 1;
	r->cells[4].flags = ACQREL_OP_RECORDS | ACQREL_OP_SHARED;
	r->cells[4].payload = 64;
	r->cells[4].pace_ns = 100000;
	r->cells[4].slice_ns = 10 * MADE_UP_SLICE;
	r->cells[4].overhead_ns = 21.5;
	r->cells[4].huge_bytes = 4194304;
	r->cells[4].plant = 30;
	r->cells[4].slices[7].chunk = 16;
	for (unsigned int i = 8; i < r->cells[4].nslices; i++)
		r->cells[4].slices[i].repeat = 1;
	r->cells[4].slices[7].samples[1].did.faults = 3;
	r->cells[4].slices[7].tags = TAG_STOLEN | TAG_SUSPENDED;
	r->cells[4].slices[7].samples[1].did.busy_ns = UINT64_MAX;
	r->cells[4].slices[7].samples[1].did.start_ns = INT64_MAX;
	r->cells[4].slices[7].samples[1].did.end_ns = INT64_MAX + 1ULL;
	r->cells[4].slices[7].samples[1].did.ops = (1ULL << 53) + 1;
	made_up_latency(&r->cells[4], 90, &g);
	r->cells[4].latency->max = UINT64_MAX;
	latency_count(r->cells[4].latency, ACQREL_LATENCY_BUCKETS - 1, 1);
	/* more than 32 bits */
	latency_count(r->cells[4].latency, 90, 6000000000);
}

static bool same_real(double a, double b)
{
	return isnan(a) ? isnan(b) : fabs(a - b) * 1e9 < 1;
}

static void same_slices(const struct cell *a, const struct cell *b)
{
	if (!check_eq(a->nslices, b->nslices) ||
	    !check_eq(a->threads, b->threads))
		return;
	check(!memcmp(a->cpus, b->cpus, a->threads * sizeof(*a->cpus)));
	for (unsigned int i = 0; i < a->nslices; i++) {
		const struct result_slice *s = &a->slices[i];
		const struct result_slice *t = &b->slices[i];

		check(!memcmp(s, t, offsetof(struct result_slice, samples)));
		check(!memcmp(s->samples, t->samples,
			      a->threads * sizeof(*s->samples)));
	}
}

static void same_cell(const struct cell *a, const struct cell *b)
{
	check_eq(a->world, b->world);
	check(!strcmp(a->name, b->name));
	check(!strcmp(a->placement, b->placement));
	check_eq(a->flags, b->flags);
	check_eq(a->payload, b->payload);
	check_eq(a->write_rate, b->write_rate);
	check_eq(a->mode, b->mode);
	check_eq(a->pace_ns, b->pace_ns);
	check_eq(a->slice_ns, b->slice_ns);
	check(same_real(a->overhead_ns, b->overhead_ns));
	check(same_real(a->curvature, b->curvature));
	check(same_real(a->huge_bytes, b->huge_bytes));
	check_eq(a->plant, b->plant);
	check_eq(a->control, b->control);
	check_eq(a->empty, b->empty);
	check_eq(a->bound, b->bound);
	check_eq(a->bound_times, b->bound_times);
	check_eq(!a->latency, !b->latency);
	if (a->latency && b->latency)
		check(!memcmp(a->latency, b->latency, sizeof(*a->latency)));
	same_slices(a, b);
}

static void same(const struct result *a, const struct result *b)
{
	check_eq(a->seed, b->seed);
	check_eq(a->slice_ns, b->slice_ns);
	check_eq(a->lead_ns, b->lead_ns);
	check_eq(a->blocks, b->blocks);
	check_eq(a->emulated, b->emulated);
	check(same_real(a->foreign, b->foreign));
	check(same_real(a->stolen, b->stolen));
	check(json_equal(a->env, b->env));
	check(json_equal(a->warnings, b->warnings));
	if (!check_eq(a->ncells, b->ncells))
		return;
	for (unsigned int i = 0; i < a->ncells; i++)
		same_cell(&a->cells[i], &b->cells[i]);
}

/* as text, because that is where numbers get lost */
static json_t *through_text(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(9));
	json_t *again = json_loads(text, 0, NULL);

	free(text);
	json_decref(json);
	return again;
}

static void nothing_is_lost(void)
{
	struct result r, again;
	const char *why = "";
	json_t *json;

	make(&r);
	result_init(&again);
	json = through_text(result_to_json(&r));
	if (check_eq(result_from_json(json, &again, &why), 0))
		same(&r, &again);
	else
		printf("# %s\n", why);
	json_decref(json);
	result_release(&r);
	result_release(&again);
}

static void unknown_is_null(void)
{
	struct result r;
	json_t *json, *cell;

	make(&r);
	r.cells[0].figures.net_ns = NAN;
	json = result_to_json(&r);
	cell = json_array_get(json_object_get(json, "cells"), 0);
	check(json_is_null(json_object_get(json_object_get(cell, "figures"),
					   "net_ns")));
	check(json_is_null(json_object_get(cell, "latency")));
	check(json_is_null(json_object_get(cell, "control_of")));
	check(json_is_null(json_object_get(json_object_get(json, "run"),
					   "stolen_share")));
	json_decref(json);
	result_release(&r);
}

static void verdicts(void)
{
	static const struct made_up what[] = {
		{ WORLD_KERNEL, "config/rcu:read", 1, 2, 0.001, 0 },
		{ WORLD_KERNEL, "config/rcu:read", 1, 2, 0.001, 0 },
		{ WORLD_USER, "config/rcu:read", 1, 3, 0.001, 0 },
		{ WORLD_USER, "config/rcu:read", 1, 3, 0.001, 0 },
	};
	struct acqrel_generator g;
	json_t *document, *c;
	struct result r;

	ktap_seed(&g);
	made_up_run(&r);
	for (size_t i = 0; i < ARRAY_SIZE(what); i++) {
		made_up_cell(&r, &what[i], &g);
		for (unsigned int j = 0; j < r.cells[i].nslices; j++)
			r.cells[i].slices[j].tags = 0;
	}
	r.foreign = 0;
	r.cells[1].control = 0;
	r.cells[3].control = 2;
	check_eq(figures_compute(&r), 0);
	document = result_to_json(&r);
	c = json_array_get(json_object_get(document, "comparisons"), 0);
	check_eq(json_integer_value(json_object_get(c, "a")), 0);
	check_eq(json_integer_value(json_object_get(c, "b")), 2);
	check(json_real_value(json_object_get(c, "ratio")) < 0.7);
	check(json_real_value(json_object_get(c, "ratio")) > 0.6);
	check(!strcmp(json_string_value(json_object_get(c, "verdict")),
		      "faster"));
	check(json_is_null(json_object_get(c, "why")));
	json_decref(document);
	result_release(&r);
}

static void large_numbers(void)
{
	static const __u64 numbers[] = {
		0, 1, (1ULL << 53) + 1, INT64_MAX, INT64_MAX + 1ULL, UINT64_MAX
	};
	static const char *const wrong[] = {
		"[-1]", "[1.5]", "[\"\"]", "[\"-1\"]", "[\"0x10\"]", "[null]",
		"[\"18446744073709551616\"]", "[\" 1\"]", "[\"1\\u0000\"]",
	};
	__u64 number;
	json_t *json;

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		json = json_pack("[o]", result_u64_json(numbers[i]));
		json = through_text(json);
		check(result_u64_from_json(json_array_get(json, 0), &number));
		check_eq(number, numbers[i]);
		json_decref(json);
	}
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		json = json_loads(wrong[i], JSON_ALLOW_NUL, NULL);
		check(json);
		check(!result_u64_from_json(json_array_get(json, 0), &number));
		json_decref(json);
	}
	check(!result_u64_from_json(NULL, &number));
}

/* result_load() speaks on stderr: what it says, in @said */
static int load(const char *path, struct result *r, char said[512])
{
	int saved = dup(STDERR_FILENO), pipes[2], rc;
	ssize_t n = 0;

	if (!check(!pipe(pipes)))
		return -1;
	dup2(pipes[1], STDERR_FILENO);
	close(pipes[1]);
	rc = result_load(path, r);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = read(pipes[0], said, 511);
	close(pipes[0]);
	said[n > 0 ? n : 0] = '\0';
	return rc;
}

/* written by the first version of the schema; must be read for ever */
static void first_version(void)
{
	struct result r;
	char said[512];

	if (!check_eq(load(FIXTURES "result-1.0.json", &r, said), 0)) {
		printf("# %s", said);
		return;
	}
	check_eq(r.seed, 18364758544493064720ULL);
	check_eq(r.ncells, 2);
	/* came with minor 1 */
	check(isnan(r.cells[1].huge_bytes));
	/* with minor 2 */
	check_eq(r.cells[1].slices[1].repeat, 0);
	check_eq(r.cells[1].nslices, 2);
	check_eq(r.cells[1].threads, 2);
	check_eq(r.cells[1].empty, 0);
	check_eq(r.cells[1].flags, ACQREL_OP_SHARED);
	check_eq(r.cells[1].slices[1].tags, TAG_SWITCHED);
	check_eq(r.cells[1].slices[1].samples[1].did.end_ns,
		 9007199254740993ULL);
	check_eq(r.cells[1].slices[1].samples[1].did.ops,
		 9223372036854775809ULL);
	check_eq(r.cells[1].latency->n, 5);
	check_eq(json_array_size(r.warnings), 1);
	result_release(&r);
}

/* the same with keys, columns and words that came later */
static void later_minor_version(void)
{
	struct result first, later;
	char said[512];

	if (!check_eq(load(FIXTURES "result-1.0.json", &first, said), 0))
		return;
	if (check_eq(load(FIXTURES "result-1.9.json", &later, said), 0)) {
		json_object_del(later.env, "new_key");
		same(&first, &later);
		result_release(&later);
	} else {
		printf("# %s", said);
	}
	result_release(&first);
}

/* A key of the first cell with these CPUs, as text. */
static bool first_says(struct result *r, __u32 a, __u32 b, const char *key,
		       const char *want)
{
	json_t *document, *cell;
	char *text;
	bool is;

	r->cells[0].cpus[0] = a;
	r->cells[0].cpus[1] = b;
	document = result_to_json(r);
	cell = json_array_get(json_object_get(document, "cells"), 0);
	text = json_dumps(json_object_get(cell, key),
			  JSON_ENCODE_ANY | JSON_COMPACT);
	is = text && !strcmp(text, want);
	if (!is)
		printf("# %s: %s, not %s\n", key, text ?: "none", want);
	free(text);
	json_decref(document);
	return is;
}

static void places_of_cells(void)
{
	struct result r;
	struct cell *cell;

	result_init(&r);
	json_decref(r.env);
	r.env = json_pack("{s[{sisiss},{sisiss},{sisiss},{sisnsn}]}", "places",
			  "cpu", 0, "node", 0, "siblings", "0,4",
			  "cpu", 4, "node", 0, "siblings", "0,4",
			  "cpu", 5, "node", 1, "siblings", "1,5",
			  "cpu", 6, "node", "siblings");
	check(r.env);
	cell = result_add_cell(&r);
	cell->threads = 2;
	cell->cpus = calloc(2, sizeof(*cell->cpus));
	check(first_says(&r, 0, 4, "nodes", "[0]"));
	check(first_says(&r, 0, 4, "siblings", "true"));
	check(first_says(&r, 5, 4, "nodes", "[1,0]"));
	check(first_says(&r, 5, 4, "siblings", "false"));
	/* what is not known, and a CPU that is not there */
	check(first_says(&r, 5, 6, "nodes", "null"));
	check(first_says(&r, 5, 6, "siblings", "null"));
	check(first_says(&r, 7, 5, "nodes", "null"));
	result_release(&r);
}

static void reverse(json_t *array)
{
	for (size_t i = json_array_size(array); i--; )
		json_array_append(array, json_array_get(array, i));
	for (size_t i = json_array_size(array) / 2; i--; )
		json_array_remove(array, 0);
}

static void columns_in_any_order(void)
{
	struct result r, again;
	json_t *json, *cell, *row;
	const char *why;
	size_t i, j;

	make(&r);
	result_init(&again);
	json = result_to_json(&r);
	json_array_foreach(json_object_get(json, "cells"), i, cell) {
		reverse(json_object_get(cell, "columns"));
		json_array_foreach(json_object_get(cell, "slices"), j, row)
			reverse(row);
	}
	if (check_eq(result_from_json(json, &again, &why), 0))
		same(&r, &again);
	json_decref(json);
	result_release(&r);
	result_release(&again);
}

static void refused(const char *path, const char *words)
{
	struct result r;
	char said[512];

	if (!check(load(path, &r, said))) {
		result_release(&r);
		return;
	}
	if (!check(strstr(said, words) && strstr(said, path)))
		printf("# %s", said);
}

static void other_versions_are_refused(void)
{
	refused(FIXTURES "result-2.0.json", "newer than this command");
	refused(FIXTURES "result-0.1.json", "older than this command");
	refused(FIXTURES "no-result.json", "no result of acqrel");
	refused(FIXTURES "cut-off.json", "no JSON document");
	refused(FIXTURES "block-wraps.json", "a block that is not there");
	refused(FIXTURES "block-huge.json", "a block that is not there");
	refused(FIXTURES "block-back.json", "blocks are not in order");
	refused(FIXTURES "not-there.json", "No such file");
	refused("tests", "tests");
}

/* Of what others made, nothing reaches the terminal but text. */
static void control_characters(void)
{
	struct result r, again;
	json_t *json, *cell;
	const char *why;

	make(&r);
	json_object_set_new(r.env, "a\033[2J",
			    json_pack("[{s:s}]", "b",
				      "x\033]0;title\007\302\233\303\244\n"));
	result_warn(&r, "\033[31mred");
	json = result_to_json(&r);
	result_init(&again);
	if (check_eq(result_from_json(json, &again, &why), 0)) {
		json_t *list = json_object_get(again.env, "a?[2J");
		json_t *warnings = again.warnings;
		json_t *last = json_array_get(warnings,
					      json_array_size(warnings) - 1);
		const char *text;

		text = json_string_value(json_object_get(json_array_get(list, 0),
							 "b"));

		check(text && !strcmp(text, "x?]0;title??\303\244?"));
		text = json_string_value(last);
		check(text && !strcmp(text, "?[31mred"));
		result_release(&again);
	}
	cell = json_array_get(json_object_get(json, "cells"), 0);
	json_object_set_new(cell, "placement", json_string("\033[2J"));
	result_init(&again);
	check_eq(result_from_json(json, &again, &why), -EINVAL);
	json_decref(json);
	result_release(&r);
}

static void saved_and_loaded(void)
{
	char path[] = "/tmp/acqrel-result-XXXXXX", said[512];
	int fd = mkstemp(path);
	struct result r, again;

	if (!check(fd >= 0))
		return;
	close(fd);
	make(&r);
	check_eq(result_save(path, &r), 0);
	if (getenv("ACQREL_TEST_RESULT"))
		check_eq(result_save(getenv("ACQREL_TEST_RESULT"), &r), 0);
	if (check_eq(load(path, &again, said), 0)) {
		same(&r, &again);
		result_release(&again);
	}
	unlink(path);
	result_release(&r);
}

/* Through a link, because that is what a failure would replace. */
static int save_through_link(const char *device, const struct result *r)
{
	char link[] = "/tmp/acqrel-device-XXXXXX";
	struct stat st;
	int rc;

	if (!check(mkdtemp(link) && !rmdir(link) && !symlink(device, link)))
		return 0;
	rc = result_save(link, r);
	check(!lstat(link, &st) && S_ISLNK(st.st_mode));
	unlink(link);
	return rc;
}

static void devices_are_not_replaced(void)
{
	struct result r;

	make(&r);
	check_eq(save_through_link("/dev/null", &r), 0);
	freopen("/dev/null", "w", stderr);
	check(save_through_link("/dev/full", &r) < 0);
	check(result_save("/nonexistent/result.json", &r) < 0);
	result_release(&r);
}

/* Read or refused, but never more than that: sanitizers look on. */
static void damaged_documents(void)
{
	unsigned int read = 0, refused_n = 0;
	struct acqrel_generator g;
	struct result r;
	json_t *json;

	ktap_seed(&g);
	json = json_load_file(FIXTURES "result-1.0.json", 0, NULL);
	if (!check(json))
		return;
	for (int i = 0; i < 20000; i++) {
		json_t *copy = json_deep_copy(json), *again;
		const char *why = NULL;

		for (int n = acqrel_generator_next(&g) % 3; n >= 0; n--)
			damage(copy, &g);
		result_init(&r);
		if (result_from_json(copy, &r, &why)) {
			check(why);
			refused_n++;
		} else {
			again = result_to_json(&r);
			check(again);
			json_decref(again);
			result_release(&r);
			read++;
		}
		json_decref(copy);
	}
	printf("# %u read, %u refused\n", read, refused_n);
	check(read && refused_n);
	json_decref(json);
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "nothing is lost on the way", nothing_is_lost },
		{ "what is not known is null", unknown_is_null },
		{ "verdicts are in the document", verdicts },
		{ "whole numbers up to 2^64-1", large_numbers },
		{ "a file of the first schema", first_version },
		{ "a file of a later minor schema", later_minor_version },
		{ "places of cells", places_of_cells },
		{ "columns in any order", columns_in_any_order },
		{ "other files are refused", other_versions_are_refused },
		{ "control characters", control_characters },
	{ "saved and loaded", saved_and_loaded },
		{ "devices are not replaced", devices_are_not_replaced },
		{ "damaged documents", damaged_documents },
	};

	return ktap_run(tests, ARRAY_SIZE(tests));
}
