// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page: all that was measured is in it, nothing that a file says becomes
 * part of its language, and it loads nothing.
 *
 * ACQREL_TEST_PAGE=FILE keeps the page of the made-up results, and
 * ACQREL_TEST_EMULATED=FILE that of an emulated one, to be looked at.
 */
#include "damage.h"
#include "export.h"
#include "made_up_run.h"

#define HOSTILE	"</title><script>alert(1)</script>&\"'\x01"

static char *page_of(struct report_file *files, unsigned int n)
{
	struct report report = { .files = files, .nfiles = n };
	char *page = NULL;
	size_t size;
	FILE *out;

	out = open_memstream(&page, &size);
	check(out && report_write(out, &report));
	check(out && !fclose(out));
	return page;
}

static bool keep(FILE *out, const void *page)
{
	fputs(page, out);
	return true;
}

static void keep_page(const char *variable, const char *page)
{
	const char *path = getenv(variable);

	if (path)
		check_eq(save_file(path, keep, page), 0);
}

static unsigned int count(const char *page, const char *text)
{
	unsigned int n = 0;

	while ((page = strstr(page, text))) {
		page += strlen(text);
		n++;
	}
	return n;
}

/* Tags are closed in the order in which they were opened. */
static void well_formed(const char *page)
{
	char open[64][16];
	unsigned int depth = 0;

	page = strstr(page, "<html");
	while (check(page) && (page = strchr(page, '<'))) {
		size_t n = strcspn(page + 1, " >/\n");
		const char *end = strchr(page, '>');

		if (!check(end))
			return;
		if (page[1] == '/') {
			n = strcspn(page + 2, " >");
			if (!check(depth && !strncmp(open[depth - 1], page + 2,
						     n) &&
				   !open[depth - 1][n]))
				return;
			depth--;
		} else if (end[-1] != '/') {
			if (!check(n < 16 && depth < 64))
				return;
			snprintf(open[depth++], 16, "%.*s", (int)n, page + 1);
		}
		page = end;
		if (!depth)
			break;
	}
	check_eq(depth, 0);
}

static void page_has_everything(void)
{
	struct report_file files[3];
	char *page;

	for (int i = 0; i < 3; i++)
		made_up_file(&files[i], i, false);
	page = page_of(files, 3);
	keep_page("ACQREL_TEST_PAGE", page);
	well_formed(page);
	check_eq(count(page, "<h2>Warnings</h2>"), 1);
	check_eq(count(page, "the clock is that of a &lt;virtual&gt; machine"),
		 3);
	check(strstr(page, "Warnings") < strstr(page, "Kernel against"));
	check(strstr(page, "<h3>Kernel against user space</h3>"));
	check(strstr(page, "<h3>Variants against acqrel's own</h3>"));
	check(strstr(page, "class=\"verdict "));
	check(strstr(page, "read · 1 thread</figcaption>"));
	check(strstr(page, "read · 2 threads · busy writer · cache<"));
	check(strstr(page, "read · kernel · time by threads"));
	check(strstr(page, "read · kernel · throughput by threads"));
	check(strstr(page, "read · 2 threads · user · time by write rate"));
	check(strstr(page, "config read · 1 thread · user<"));
	check(strstr(page, "oneway · 2 threads · cache · latency"));
	check(strstr(page, "class=\"bound\""));
	check(strstr(page, "class=\"interval\""));
	check(strstr(page, "1.10\u00a0") || strstr(page, "1.10"));
	check(strstr(page, "prefers-color-scheme: dark"));
	check_eq(count(page, "<svg"), count(page, "<title>") - 1);
	check_eq(count(page, "<svg"), count(page, "<desc>"));
	check(!strstr(page, "emulated</b>"));
	free(page);
	for (int i = 0; i < 3; i++)
		result_release(&files[i].result);
}

static void wrong_results_have_no_times(void)
{
	struct report_file file;
	char *page, *row;

	made_up_file(&file, 0, false);
	page = page_of(&file, 1);
	check(strstr(page, "counter/broken:add: wrong results: 3 violations"));
	check(strstr(page, ">wrong result</text>"));
	row = strstr(page, "class=\"wrong\"");
	check(row && strstr(row, "user</td><td class=\"none\">") <
		      strstr(row, "</tr>"));
	check(strstr(page, "not to be trusted</small>"));
	free(page);
	result_release(&file.result);
}

static void nothing_is_loaded(void)
{
	static const char *const words[] = {
		"<script", "<link", "<img", "<iframe", "src=", "href=", "url(",
		"@import", "https:",
	};
	struct report_file file;
	char *page;

	made_up_file(&file, 0, false);
	page = page_of(&file, 1);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		check_eq(count(page, words[i]), 0);
	/* a name, not an address */
	check_eq(count(page, "http:"), 1);
	free(page);
	result_release(&file.result);
}

/* Where a time is, so is the word. */
static void emulated_is_marked(void)
{
	struct report_file file;
	char *page;

	made_up_file(&file, 0, true);
	page = page_of(&file, 1);
	keep_page("ACQREL_TEST_EMULATED", page);
	check(strstr(page, "Emulated CPU"));
	check_eq(count(page, "<svg"), count(page, "emulated</b>"));
	check_eq(count(page, "ns per operation, emulated") +
		 count(page, "log scale, emulated") +
		 count(page, "per second, emulated"), count(page, "<svg"));
	check_eq(count(page, "<small>ns</small>"), 0);
	free(page);
	result_release(&file.result);
}

static void hostile_strings(void)
{
	struct report_file file;
	struct cell *cell;
	char *page;

	made_up_file(&file, 0, false);
	result_warn(&file.result, "%s", HOSTILE);
	json_object_set_new(file.result.env, "cpu_model",
			    json_string(HOSTILE));
	json_object_set_new(file.result.env, HOSTILE, json_string(HOSTILE));
	json_object_set_new(file.result.env, "list",
			    json_pack("[s, [s]]", HOSTILE, HOSTILE));
	file.path = HOSTILE;
	strcpy(file.host, HOSTILE);
	for (unsigned int i = 4; i < file.result.ncells; i++) {
		cell = &file.result.cells[i];
		strcpy(cell->name, i % 2 ? "<script>&/\"<p>:'<q>" : "<i>");
		strcpy(cell->placement, "<script>&\"'");
	}
	page = page_of(&file, 1);
	well_formed(page);
	check_eq(count(page, "<script"), 0);
	check_eq(count(page, "<i>"), 0);
	check_eq(count(page, "\x01"), 0);
	free(page);
	result_release(&file.result);
}

static void nothing_to_show(void)
{
	struct report_file file;
	char *page;

	memset(&file, 0, sizeof(file));
	result_init(&file.result);
	file.path = "empty.json";
	check_eq(figures_compute(&file.result), 0);
	page = page_of(&file, 1);
	well_formed(page);
	check(!strstr(page, "Warnings"));
	free(page);
	result_release(&file.result);
}

/* Any numbers that a damaged file can bring. */
static void odd_numbers(void)
{
	static const __u64 odd[] = { 0, 1, INT64_MAX, UINT64_MAX, 1ULL << 53 };
	struct acqrel_generator g;
	struct report_file file;
	char *page;

	ktap_seed(&g);
	for (int i = 0; i < 2; i++) {
		made_up_file(&file, 0, i % 2);
		for (int j = 0; j < 2000; j++) {
			struct result *r = &file.result;
			__u64 random = acqrel_generator_next(&g);
			struct cell *c = &r->cells[random % r->ncells];
			struct result_slice *s =
				&c->slices[(random >> 16) % c->nslices];
			__u64 *did = (void *)&s->samples[0].did;

			did[(random >> 32) % 14] =
				odd[(random >> 40) % ARRAY_SIZE(odd)];
			c->pace_ns = odd[(random >> 48) % ARRAY_SIZE(odd)];
		}
		check_eq(figures_compute(&file.result), 0);
		page = page_of(&file, 1);
		well_formed(page);
		check_eq(count(page, "nan"), 0);
		check_eq(count(page, "inf\""), 0);
		free(page);
		result_release(&file.result);
	}
}

static void write_all(struct report_file *file)
{
	struct report report = { .files = file, .nfiles = 1 };
	FILE *out = fopen("/dev/null", "w");
	char *page = page_of(file, 1);

	well_formed(page);
	if (check(out)) {
		check(export_csv(out, &report));
		check(export_markdown(out, &report));
		check(export_openmetrics(out, &report));
		fclose(out);
	}
	free(page);
}

/* What can be read can be shown; sanitizers look on. */
static void damaged_files(void)
{
	json_t *json = json_load_file("tests/fixtures/result-1.0.json", 0,
				      NULL);
	struct acqrel_generator g;
	unsigned int shown = 0;
	const char *why;

	ktap_seed(&g);
	for (int i = 0; check(json) && i < 1000; i++) {
		json_t *copy = json_deep_copy(json);
		struct report_file file = { .path = "damaged" };

		for (int n = acqrel_generator_next(&g) % 4; n >= 0; n--)
			damage(copy, &g);
		result_init(&file.result);
		if (!result_from_json(copy, &file.result, &why)) {
			check_eq(figures_compute(&file.result), 0);
			write_all(&file);
			result_release(&file.result);
			shown++;
		}
		json_decref(copy);
	}
	printf("# %u of 1000 could be read\n", shown);
	check(shown);
	json_decref(json);
}

int main(void)
{
	static const struct ktap_test tests[] = {
		{ "everything is on the page", page_has_everything },
		{ "wrong results have no times", wrong_results_have_no_times },
		{ "nothing is loaded", nothing_is_loaded },
		{ "emulated times are marked", emulated_is_marked },
		{ "hostile strings stay strings", hostile_strings },
		{ "nothing to show", nothing_to_show },
		{ "odd numbers", odd_numbers },
		{ "damaged files", damaged_files },
	};

	return ktap_run(tests, ARRAY_SIZE(tests));
}
