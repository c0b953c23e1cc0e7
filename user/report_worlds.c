// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_worlds.c - the kernel against user space, with verdicts
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "verdict.h"

#define WORLDS_KEYS	(KEY_CELL & ~KEY_WORLD)

/* the same cell in both worlds */
struct pair {
	const struct report_entry *kernel;
	const struct report_entry *user;
};

static size_t find_pairs(struct report_entry *entries, size_t n,
			 struct pair *pairs, struct comparison *comparisons)
{
	size_t found = 0;

	report_order(entries, n, WORLDS_KEYS, KEY_WORLD);
	for (size_t i = 0; i + 1 < n; i++) {
		struct report_entry *a = &entries[i], *b = &entries[i + 1];

		if (report_compare(a, b, WORLDS_KEYS) ||
		    a->cell->world == b->cell->world ||
		    a->cell->mode != ACQREL_BENCH_RATE)
			continue;
		pairs[found].kernel = a;
		pairs[found].user = b;
		comparisons[found].a = a->cell - a->result->cells;
		comparisons[found].b = b->cell - b->result->cells;
		found++;
	}
	return found;
}

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

static void put_verdict(FILE *out, const struct comparison *c)
{
	char text[FIGURE_TEXT];

	fprintf(out, "<td class=\"verdict %s\">", verdict_class(c->verdict));
	if (c->verdict == VERDICT_FASTER || c->verdict == VERDICT_SLOWER)
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

static void put_row(FILE *out, const struct pair *pair,
		    const struct comparison *c)
{
	char title[REPORT_LABEL];

	report_title(pair->kernel, WORLDS_KEYS & ~KEY_VARIANT, title);
	fputs("<tr><th scope=\"row\">", out);
	svg_put(out, pair->kernel->primitive);
	fputc('/', out);
	svg_put(out, pair->kernel->variant);
	fputs(" <small>", out);
	svg_put(out, title);
	fprintf(out, "%s</small></th>", c->raw ? "; with empty loop" : "");
	cell_ns(out, pair->kernel->time.mid);
	cell_ns(out, pair->user->time.mid);
	cell_ns(out, c->ratio.mid);
	cell_ns(out, c->ratio.low);
	cell_ns(out, c->ratio.high);
	put_verdict(out, c);
	fputs("</tr>\n", out);
}

static void put_table(FILE *out, const struct report_file *file,
		      const struct pair *pairs, const struct comparison *c,
		      size_t n)
{
	const char *unit = file->result.emulated ? "ns, emulated" : "ns";

	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\"\n"
	      " aria-label=\"kernel against user space\">\n"
	      "<table class=\"worlds\">\n"
	      "<thead><tr><th scope=\"col\">case</th>\n", out);
	fprintf(out, "<th scope=\"col\">kernel<small>%s</small></th>\n", unit);
	fprintf(out, "<th scope=\"col\">user<small>%s</small></th>\n", unit);
	fputs("<th scope=\"col\">ratio</th><th scope=\"col\">from</th>\n"
	      "<th scope=\"col\">to</th><th scope=\"col\">verdict</th>\n"
	      "</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < n; i++)
		put_row(out, &pairs[i], &c[i]);
	fputs("</tbody></table></div>\n", out);
}

static void put_section(FILE *out, struct report_file *file,
			const struct pair *pairs, struct comparison *c,
			size_t n)
{
	struct verdict_params params = { 0 };

	if (!n || verdict_within(&file->result, c, n, &params))
		return;
	fputs("<section><h3>Kernel against user space</h3>\n"
	      "<p>Ratio of the kernel's time to the user's, the median of the\n"
	      "blocks, with its 95 % interval: above 1, the kernel is slower.\n"
	      "</p>\n", out);
	put_table(out, file, pairs, c, n);
	fputs("</section>\n", out);
}

/**
 * report_worlds() - what both worlds have, side by side
 * @out: page
 * @file: result
 *
 * Return: false if there is not enough memory.
 */
bool report_worlds(FILE *out, struct report_file *file)
{
	struct report_entry *entries;
	size_t n = report_entries(file, 0, 0, &entries);
	struct comparison *c = calloc(n + 1, sizeof(*c));
	struct pair *pairs = calloc(n + 1, sizeof(*pairs));
	bool ok = entries && c && pairs;

	if (ok)
		put_section(out, file, pairs, c,
			    find_pairs(entries, n, pairs, c));
	free(entries);
	free(pairs);
	free(c);
	return ok;
}
