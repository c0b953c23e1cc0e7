// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_print.c - comparisons as tables and as the record
 */
#include <stdlib.h>
#include <string.h>

#include "bench_table.h"
#include "compare.h"
#include "out.h"
#include "result_json.h"

struct compared {
	const struct result *after;
	const struct result *before;	/* the same one unless files are */
	const struct compare_list *list;
	const struct terminal *terminal;
};

static enum bench_table_kind kind_of(const struct compared *all,
				     const struct comparison *c)
{
	if (all->after != all->before)
		return BENCH_TABLE_FILES;
	return all->after->cells[c->a].world == all->before->cells[c->b].world ?
		BENCH_TABLE_VARIANTS : BENCH_TABLE_WORLDS;
}

static void fill(const struct compared *all, unsigned int cell,
		 const struct comparison *c, struct bench_row *row)
{
	row->terminal = all->terminal;
	row->result = all->after;
	row->cell = &all->after->cells[cell];
	row->comparison = c;
	if (c)
		row->against = &all->before->cells[c->b];
}

static bool is_baseline(const struct compared *all, unsigned int cell)
{
	for (size_t i = 0; i < all->list->n; i++)
		if (all->list->all[i].b == cell &&
		    kind_of(all, &all->list->all[i]) == BENCH_TABLE_VARIANTS)
			return true;
	return false;
}

/* Baselines stand among those that are compared with them. */
static size_t collect(const struct compared *all, enum bench_table_kind kind,
		      struct bench_row *rows)
{
	size_t n = 0;

	for (unsigned int i = 0; i < all->after->ncells; i++) {
		size_t before = n;

		for (size_t j = 0; j < all->list->n; j++) {
			const struct comparison *c = &all->list->all[j];

			if (c->a == i && kind_of(all, c) == kind)
				fill(all, i, c, &rows[n++]);
		}
		if (n == before && kind == BENCH_TABLE_VARIANTS &&
		    is_baseline(all, i))
			fill(all, i, NULL, &rows[n++]);
	}
	return n;
}

static bool print_table(const struct compared *all, enum bench_table_kind kind,
			const char *title)
{
	size_t room = all->list->n + all->after->ncells, n;
	struct bench_row *rows = calloc(room, sizeof(*rows));
	bool ok;

	if (!rows && room)
		return false;
	n = collect(all, kind, rows);
	if (n)
		out_text("\n%s\n", title);
	ok = bench_table_print(kind, rows, n);
	free(rows);
	return ok;
}

static void print_cell(const char *key, const struct cell *cell)
{
	out_object(key, NULL);
	out_str("case", NULL, cell->name);
	out_str("world", NULL, result_world_names[cell->world]);
	out_double("net_ns", NULL, cell->figures.net_ns, 2);
	out_end();
}

static void print_interval(const char *key, const struct interval *interval)
{
	out_object(key, NULL);
	out_double("ratio", NULL, interval->mid, 3);
	out_double("low_95", NULL, interval->low, 3);
	out_double("high_95", NULL, interval->high, 3);
	out_end();
}

static void print_comparison(const struct compared *all,
			     const struct comparison *c)
{
	const struct cell *cell = &all->after->cells[c->a];

	out_row();
	print_cell("cell", cell);
	print_cell("against", &all->before->cells[c->b]);
	out_u64("threads", NULL, cell->threads);
	out_str("placement", NULL, cell->placement);
	out_u64("payload_bytes", NULL, cell->payload);
	print_interval("cell_over_against", &c->ratio);
	print_interval("all_slices", &c->ratio_all);
	out_bool("empty_loop_included", NULL, c->raw);
	out_u64("blocks", NULL, c->blocks);
	out_u64("boots", NULL, c->boots);
	out_u64("runs", NULL, c->runs);
	out_bool("between_single_runs", NULL, c->single);
	out_double("noise_floor", NULL, c->floor, 4);
	out_double("p", NULL, c->p, 4);
	out_str("verdict", NULL, verdict_name(c->verdict));
	if (c->why)
		out_str("verdict_because", NULL, c->why);
	else
		out_na("verdict_because", NULL, NULL);
	out_end();
}

static void print_record(const struct compared *all)
{
	if (!out_is_json())
		return;
	out_table("comparisons");
	for (size_t i = 0; i < all->list->n; i++)
		print_comparison(all, &all->list->all[i]);
	out_end();
}

static void print_boots(const struct compare_list *list)
{
	unsigned int boots = 0, runs = 0;
	bool single = false;

	for (size_t i = 0; i < list->n; i++) {
		const struct comparison *c = &list->all[i];

		boots = c->boots > boots ? c->boots : boots;
		runs = c->runs > runs ? c->runs : runs;
		single |= c->single;
	}
	if (boots > 1)
		out_text("\nIntervals of the ratios: 95 %%, over %u boots.\n",
			 boots);
	else if (!list->n)
		out_text("\nNo two cells can be compared.\n");
	else if (single)
		out_text("\nIntervals of the ratios: 95 %%, between single runs; %s\n",
			 "the floor holds what unchanged cells differ by.");
	else if (runs > 1)
		out_text("\nIntervals of the ratios: 95 %%, over %u runs of one boot.\n",
			 runs);
	else
		out_text("\nIntervals of the ratios: 95 %%, within one boot.\n");
}

/**
 * compare_print() - print comparisons
 * @after: result with the cells in question
 * @before: result with what they are compared with, may be the same one
 * @list: judged
 * @terminal: where
 *
 * Return: false if there was not enough memory.
 */
bool compare_print(const struct result *after, const struct result *before,
		   const struct compare_list *list,
		   const struct terminal *terminal)
{
	const struct compared all = { after, before, list, terminal };

	print_record(&all);
	if (out_is_json())
		return true;
	print_boots(list);
	return print_table(&all, BENCH_TABLE_WORLDS,
			   "Kernel against user: above 1 the kernel is slower") &&
	       print_table(&all, BENCH_TABLE_VARIANTS,
			   "Variants: above 1 the case is slower than what it is against") &&
	       print_table(&all, BENCH_TABLE_FILES,
			   "After against before: above 1 it became slower") &&
	       bench_table_latency(after, terminal);
}
