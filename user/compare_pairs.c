// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_pairs.c - which cells are compared
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_table.h"
#include "compare.h"

/* acqrel's own, against which what others made is compared */
static const char *const own_variants[] = {
	"config/rcu", "stats/seqcount", "counter/percpu", "ring/mpmc",
};

#define RING_MPMC	"ring/mpmc"
#define RING_SPSC	"ring/spsc"

static bool same_primitive(const char *a, const char *b)
{
	size_t len = strcspn(a, "/");

	return len == strcspn(b, "/") && !strncmp(a, b, len);
}

static bool is_variant(const char *name, const char *variant)
{
	size_t len = strlen(variant);

	return !strncmp(name, variant, len) && name[len] == ':';
}

/* A ring that only two threads share is compared with one of the same kind. */
static const char *own_variant(const char *name, __u32 flags)
{
	if (is_variant(name, RING_MPMC) ||
	    (same_primitive(name, RING_SPSC) && (flags & ACQREL_OP_PAIRS)))
		return RING_SPSC;
	for (size_t i = 0; i < ARRAY_SIZE(own_variants); i++)
		if (same_primitive(name, own_variants[i]))
			return own_variants[i];
	return NULL;
}

/**
 * compare_baseline() - what a case is compared with in its own world
 * @name: of the case
 * @flags: of the case
 * @against: variant or case that the user named, NULL: acqrel's own variant
 * @baseline: set to the name of a case
 *
 * Return: false if there is none.
 */
bool compare_baseline(const char *name, __u32 flags, const char *against,
		      char baseline[ACQREL_NAME_MAX + 1])
{
	const char *variant = against ?: own_variant(name, flags);
	const char *operation = strchr(name, ':');
	int len;

	if (!variant || !operation)
		return false;
	if (strchr(variant, ':'))
		operation = "";
	else if (!same_primitive(name, variant))
		return false;
	len = snprintf(baseline, ACQREL_NAME_MAX + 1, "%s%s", variant,
		       operation);
	return len <= ACQREL_NAME_MAX && strcmp(name, baseline);
}

/* A pace says how often an operation begins, not how long it takes. */
static bool has_time(const struct result *result, unsigned int i)
{
	return !bench_is_support(result, i) && !result->cells[i].pace_ns;
}

static bool same_setting(const struct cell *a, const struct cell *b)
{
	return a->threads == b->threads && a->write_rate == b->write_rate &&
	       a->mode == b->mode && a->pace_ns == b->pace_ns &&
	       (a->payload == b->payload || !a->payload || !b->payload) &&
	       !strcmp(a->placement, b->placement);
}

/* Index of the cell in @result that is like @cell but for these two, or -1. */
static int find(const struct result *result, const struct cell *cell,
		const char *name, enum world world)
{
	for (unsigned int i = 0; i < result->ncells; i++) {
		const struct cell *other = &result->cells[i];

		if (other->control < 0 && other->world == world &&
		    !strcmp(other->name, name) && same_setting(cell, other))
			return i;
	}
	return -1;
}

static int add(struct compare_list *list, unsigned int a, int b)
{
	struct comparison *all;

	if (b < 0)
		return 0;
	all = reallocarray(list->all, list->n + 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	list->all = all;
	all[list->n] = (struct comparison) { .a = a, .b = b };
	list->n++;
	return 0;
}

/* Two rings of pairs are not one ring of four. */
static bool comparable(const struct result *result, unsigned int a, int b)
{
	__u32 differ;

	if (b < 0)
		return false;
	differ = result->cells[a].flags ^ result->cells[b].flags;
	return !(differ & ACQREL_OP_PAIRS) || result->cells[a].threads <= 2;
}

static int add_variant(const struct result *result, unsigned int i,
		       const char *against, struct compare_list *list)
{
	const struct cell *cell = &result->cells[i];
	char baseline[ACQREL_NAME_MAX + 1];
	int b;

	if (!compare_baseline(cell->name, cell->flags, against, baseline))
		return 0;
	b = find(result, cell, baseline, cell->world);
	return comparable(result, i, b) ? add(list, i, b) : 0;
}

/**
 * compare_pairs() - the comparisons that a run is for
 * @result: with its cells
 * @against: variant or case that the user named, NULL: acqrel's own variant
 * @list: is added to
 *
 * Kernel against user where a cell is there in both, and within a world each
 * variant against the baseline.
 *
 * Return: 0 or -ENOMEM.
 */
int compare_pairs(const struct result *result, const char *against,
		  struct compare_list *list)
{
	int rc = 0;

	for (unsigned int i = 0; !rc && i < result->ncells; i++) {
		const struct cell *cell = &result->cells[i];

		if (!has_time(result, i))
			continue;
		if (cell->world == WORLD_KERNEL)
			rc = add(list, i, find(result, cell, cell->name,
					       WORLD_USER));
		if (!rc)
			rc = add_variant(result, i, against, list);
	}
	return rc;
}

/**
 * compare_files() - the comparisons of two results
 * @after: the one in question
 * @before: what it is compared with
 * @list: is added to
 *
 * Return: 0 or -ENOMEM.
 */
int compare_files(const struct result *after, const struct result *before,
		  struct compare_list *list)
{
	int rc = 0;

	for (unsigned int i = 0; !rc && i < after->ncells; i++) {
		const struct cell *cell = &after->cells[i];

		if (has_time(after, i))
			rc = add(list, i, find(before, cell, cell->name,
					       cell->world));
	}
	return rc;
}
