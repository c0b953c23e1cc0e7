// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_entry.c - the cells of results, sorted and grouped
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "verdict.h"

/* Sections come in this order, then those that are not here. */
static const char *const primitives[] = {
	"config", "stats", "counter", "ring", "publish", "floor"
};

static void split(struct report_entry *e)
{
	const char *name = e->cell->name;
	size_t slash = strcspn(name, "/:");
	const char *variant = name + slash + (name[slash] == '/');
	size_t colon = strcspn(variant, ":");

	memcpy(e->primitive, name, slash);
	memcpy(e->variant, variant, colon);
	strcpy(e->op, variant + colon + (variant[colon] == ':'));
}

static double slice_ops(const struct result_slice *slice, __u32 threads)
{
	double ops = 0;

	for (__u32 i = 0; i < threads; i++) {
		const struct acqrel_slice *did = &slice->samples[i].did;

		if (did->role == ACQREL_BENCH_ROLE_MEASURED && did->busy_ns)
			ops += did->ops * 1e9 / did->busy_ns;
	}
	return ops;
}

/* Of the slices without a tag; of all if each has one. */
static double median_ops(const struct cell *cell)
{
	double *ops = calloc(cell->nslices + 1, sizeof(*ops));
	double median = NAN;
	size_t n = 0;

	if (!ops)
		return NAN;
	for (unsigned int i = 0; i < cell->nslices; i++)
		if (!cell->slices[i].tags)
			ops[n++] = slice_ops(&cell->slices[i], cell->threads);
	for (unsigned int i = 0; i < cell->nslices && !n; i++)
		ops[i] = slice_ops(&cell->slices[i], cell->threads);
	if (cell->nslices)
		median = statistics_median(ops, n ?: cell->nslices);
	free(ops);
	return median;
}

/**
 * report_doubtful() - whether figures are not to be trusted
 * @e: entry
 *
 * Return: true if its cell or the whole run was disturbed too much.
 */
bool report_doubtful(const struct report_entry *e)
{
	return verdict_wrong(e->cell) || verdict_doubtful(e->result, e->cell);
}

static void fill(struct report_entry *e)
{
	const struct cell_figures *f = &e->cell->figures;

	split(e);
	e->load = e->cell->threads - !!e->cell->write_rate;
	e->time = (struct interval){ NAN, NAN, NAN };
	e->ops = NAN;
	if (verdict_void(e->cell))
		return;
	e->ops = median_ops(e->cell);
	if (isfinite(f->net_ns)) {
		e->time = f->interval;
		e->time.mid = f->net_ns;
	}
}

/* Controls and empty loops are not what somebody asked for. */
static bool wanted(const struct cell *cell)
{
	return cell->control < 0 && !cell->plant &&
	       strcmp(cell->name, RESULT_EMPTY);
}

/**
 * report_entries() - the cells of some results
 * @files: results
 * @first: index of the first
 * @last: index of the last
 * @entries: set to an array to be freed, NULL if there is not enough memory
 *
 * Return: how many.
 */
size_t report_entries(const struct report_file *files, unsigned int first,
		      unsigned int last, struct report_entry **entries)
{
	size_t n = 1, used = 0;

	for (unsigned int i = first; i <= last; i++)
		n += files[i].result.ncells;
	*entries = calloc(n, sizeof(**entries));
	if (!*entries)
		return 0;
	for (unsigned int i = first; i <= last; i++)
		for (unsigned int j = 0; j < files[i].result.ncells; j++) {
			struct report_entry *e = &(*entries)[used];

			e->file = i;
			e->result = &files[i].result;
			e->cell = &files[i].result.cells[j];
			if (!wanted(e->cell))
				continue;
			fill(e);
			used++;
		}
	return used;
}

static int compare_u64(__u64 a, __u64 b)
{
	return (a > b) - (a < b);
}

static int compare_primitive(const char *a, const char *b)
{
	size_t n = ARRAY_SIZE(primitives), i = 0, j = 0;

	while (i < n && strcmp(a, primitives[i]))
		i++;
	while (j < n && strcmp(b, primitives[j]))
		j++;
	return compare_u64(i, j) ?: strcmp(a, b);
}

static int compare_key(const struct report_entry *a,
		       const struct report_entry *b, unsigned int key)
{
	const struct cell *x = a->cell, *y = b->cell;

	switch (key) {
	case KEY_PRIMITIVE:
		return compare_primitive(a->primitive, b->primitive);
	case KEY_OP:
		return strcmp(a->op, b->op);
	case KEY_MODE:
		return compare_u64(x->mode, y->mode);
	case KEY_LOAD:
		return compare_u64(a->load, b->load);
	case KEY_RATE:
		return compare_u64(x->write_rate, y->write_rate);
	case KEY_PAYLOAD:
		return compare_u64(x->payload, y->payload);
	case KEY_PACE:
		return compare_u64(x->pace_ns, y->pace_ns);
	case KEY_PLACEMENT:
		return strcmp(x->placement, y->placement);
	case KEY_VARIANT:
		return strcmp(a->variant, b->variant);
	case KEY_WORLD:
		return compare_u64(x->world, y->world);
	default:
		return compare_u64(a->file, b->file);
	}
}

/**
 * report_compare() - order of two entries
 * @a: entry
 * @b: entry
 * @keys: mask of KEY_ that count
 *
 * Return: as strcmp().
 */
int report_compare(const struct report_entry *a, const struct report_entry *b,
		   unsigned int keys)
{
	int order = 0;

	for (unsigned int key = 1; key <= KEY_FILE && !order; key <<= 1)
		if (keys & key)
			order = compare_key(a, b, key);
	return order;
}

static int by_keys(const void *a, const void *b, void *arg)
{
	const unsigned int *keys = arg;

	return report_compare(a, b, keys[0]) ?: report_compare(a, b, keys[1]) ?:
	       report_compare(a, b, KEY_CELL | KEY_FILE);
}

/**
 * report_order() - sort entries
 * @entries: entries
 * @n: how many
 * @keys: mask of KEY_ that come before the others
 * @next: mask of those that come next
 */
void report_order(struct report_entry *entries, size_t n, unsigned int keys,
		  unsigned int next)
{
	unsigned int masks[] = { keys, next };

	qsort_r(entries, n, sizeof(*entries), by_keys, masks);
}

/**
 * report_group() - length of the group at the beginning
 * @entries: sorted by @keys, at least one
 * @n: how many
 * @keys: mask of KEY_ that are equal in a group
 *
 * Return: at least 1.
 */
size_t report_group(const struct report_entry *entries, size_t n,
		    unsigned int keys)
{
	size_t i = 1;

	while (i < n && !report_compare(&entries[i], entries, keys))
		i++;
	return i;
}

static size_t add(char title[REPORT_LABEL], size_t used, const char *format,
		  const char *text)
{
	size_t left = REPORT_LABEL - used;
	int n = snprintf(title + used, left, format, text);

	return used + (n < 0 ? 0 : (size_t)n < left ? (size_t)n : left - 1);
}

static bool is_distance(const char *placement)
{
	return *placement && strcmp(placement, "any") &&
	       strcmp(placement, "one");
}

/**
 * report_title() - what a group of entries has in common, in words
 * @e: one of them
 * @keys: mask of KEY_ that they have in common
 * @title: filled
 */
void report_title(const struct report_entry *e, unsigned int keys,
		  char title[REPORT_LABEL])
{
	const struct cell *cell = e->cell;
	char number[FIGURE_TEXT];
	size_t used = add(title, 0, "%s", keys & KEY_OP ? e->op :
						  "elementary costs");

	if (keys & KEY_LOAD)
		used = add(title, used, e->load == 1 ? " · %s thread" :
			   " · %s threads", figure_plain(e->load, number));
	if (keys & KEY_RATE && cell->write_rate == RESULT_WRITE_MAX)
		used = add(title, used, "%s", " · busy writer");
	else if (keys & KEY_RATE && cell->write_rate)
		used = add(title, used, " · %s writes/s",
			   figure_plain(cell->write_rate, number));
	if (keys & KEY_PAYLOAD && cell->payload)
		used = add(title, used, " · %s bytes",
			   figure_plain(cell->payload, number));
	if (keys & KEY_PACE && cell->pace_ns)
		used = add(title, used, " · one each %s",
			   figure_tick(cell->pace_ns, number));
	if (keys & KEY_PLACEMENT && is_distance(cell->placement))
		used = add(title, used, " · %s", cell->placement);
	if (keys & KEY_WORLD)
		add(title, used, " · %s",
		    cell->world == WORLD_KERNEL ? "kernel" : "user");
}
