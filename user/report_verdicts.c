// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_verdicts.c - the kernel against user space, others against our own
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "report.h"

#define KEYS	(KEY_CELL & ~(KEY_VARIANT | KEY_WORLD))

/* what the tables are made from */
struct tables {
	FILE *out;
	const struct result *result;
	const struct report_entry **entries;
	struct compare_list list;
};

static const char *verdict_class(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_FASTER:
		return "faster";
	case VERDICT_SLOWER:
		return "slower";
	default:
		return "none";
	}
}

static void cell_ns(FILE *out, double value)
{
	char text[FIGURE_TEXT];

	fprintf(out, "<td>%s</td>", isfinite(value) ?
		figure_fixed(value, 2, text) : "–");
}

static void put_verdict(FILE *out, const struct comparison *c, bool kernel)
{
	char text[FIGURE_TEXT];

	fprintf(out, "<td class=\"verdict %s\">", verdict_class(c->verdict));
	if (kernel &&
	    (c->verdict == VERDICT_FASTER || c->verdict == VERDICT_SLOWER))
		fputs("kernel ", out);
	svg_put(out, verdict_name(c->verdict));
	if (c->verdict == VERDICT_NONE && isfinite(c->floor))
		fprintf(out, " (floor %s %%)",
			figure_fixed(c->floor * 100, 1, text));
	if (c->why) {
		fputs(": ", out);
		svg_put(out, c->why);
	}
	fputs("</td>", out);
}

static bool between_worlds(const struct tables *t, const struct comparison *c)
{
	return t->result->cells[c->a].world != t->result->cells[c->b].world;
}

static void put_row(const struct tables *t, const struct comparison *c)
{
	const struct report_entry *a = t->entries[c->a];
	char title[REPORT_LABEL];

	report_title(a, KEYS, title);
	fputs("<tr><th scope=\"row\">", t->out);
	svg_put(t->out, a->primitive);
	fputc('/', t->out);
	svg_put(t->out, a->variant);
	fputs(" <small>", t->out);
	svg_put(t->out, title);
	if (!between_worlds(t, c))
		fprintf(t->out, " · %s", a->cell->world == WORLD_KERNEL ?
			"kernel" : "user");
	fprintf(t->out, "%s</small></th>", c->raw ? "; with empty loop" : "");
	cell_ns(t->out, a->time.mid);
	cell_ns(t->out, t->entries[c->b]->time.mid);
	cell_ns(t->out, c->ratio.mid);
	cell_ns(t->out, c->ratio.low);
	cell_ns(t->out, c->ratio.high);
	put_verdict(t->out, c, between_worlds(t, c));
	fputs("</tr>\n", t->out);
}

static void put_head(const struct tables *t, const char *a, const char *b)
{
	const char *unit = t->result->emulated ? "ns, emulated" : "ns";

	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\"\n"
	      " aria-label=\"verdicts\">\n<table class=\"worlds\">\n"
	      "<thead><tr><th scope=\"col\">case</th>\n", t->out);
	fprintf(t->out, "<th scope=\"col\">%s<small>%s</small></th>\n", a,
		unit);
	fprintf(t->out, "<th scope=\"col\">%s<small>%s</small></th>\n", b,
		unit);
	fputs("<th scope=\"col\">ratio</th><th scope=\"col\">from</th>\n"
	      "<th scope=\"col\">to</th><th scope=\"col\">verdict</th>\n"
	      "</tr></thead>\n<tbody>\n", t->out);
}

static size_t count(const struct tables *t, bool worlds)
{
	size_t n = 0;

	for (size_t i = 0; i < t->list.n; i++)
		n += between_worlds(t, &t->list.all[i]) == worlds;
	return n;
}

static void put_rows(const struct tables *t, bool worlds)
{
	for (size_t i = 0; i < t->list.n; i++)
		if (between_worlds(t, &t->list.all[i]) == worlds)
			put_row(t, &t->list.all[i]);
	fputs("</tbody></table></div>\n", t->out);
}

static void put_worlds(const struct tables *t)
{
	if (!count(t, true))
		return;
	fputs("<section><h3>Kernel against user space</h3>\n"
	      "<p>Ratio of the kernel's time to the user's, the median of the\n"
	      "blocks, with its 95 % interval: above 1, the kernel is slower.\n"
	      "</p>\n", t->out);
	put_head(t, "kernel", "user");
	put_rows(t, true);
	fputs("</section>\n", t->out);
}

static void put_variants(const struct tables *t)
{
	if (!count(t, false))
		return;
	fputs("<section><h3>Variants against acqrel's own</h3>\n"
	      "<p>Ratio of a variant's time to that of acqrel's own: above 1,\n"
	      "the variant is slower.</p>\n<details>\n"
	      "<summary>All verdicts</summary>\n", t->out);
	put_head(t, "variant", "own");
	put_rows(t, false);
	fputs("</details></section>\n", t->out);
}

/* Entries by the index of their cell. */
static bool index_entries(struct tables *t, const struct report_entry *entries,
			  size_t n)
{
	t->entries = calloc(t->result->ncells + 1, sizeof(*t->entries));
	for (size_t i = 0; t->entries && i < n; i++)
		t->entries[entries[i].cell - t->result->cells] = &entries[i];
	return t->entries;
}

/* Only of what the page shows. */
static void drop_others(struct tables *t)
{
	size_t used = 0;

	for (size_t i = 0; i < t->list.n; i++) {
		const struct comparison *c = &t->list.all[i];

		if (t->entries[c->a] && t->entries[c->b])
			t->list.all[used++] = *c;
	}
	t->list.n = used;
}

/**
 * report_verdicts() - what can be said of one against the other
 * @out: page
 * @file: result
 *
 * Return: false if there is not enough memory.
 */
bool report_verdicts(FILE *out, struct report_file *file)
{
	struct tables t = { .out = out, .result = &file->result };
	struct verdict_params params = { 0 };
	struct report_entry *entries;
	size_t n = report_entries(file, 0, 0, &entries);
	bool ok;

	ok = entries && index_entries(&t, entries, n) &&
	     !compare_pairs(t.result, NULL, &t.list);
	if (ok) {
		drop_others(&t);
		ok = !verdict_within(&file->result, t.list.all, t.list.n,
				     &params);
	}
	if (ok) {
		put_worlds(&t);
		put_variants(&t);
	}
	free(entries);
	free(t.entries);
	free(t.list.all);
	return ok;
}
