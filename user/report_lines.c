// SPDX-License-Identifier: GPL-2.0-only
/*
 * report_lines.c - figures against threads, write rates or results
 *
 * What is on the x axis is a key like those that make the groups: all cells
 * that differ in nothing else are a line.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* what is drawn over a key */
struct kind {
	unsigned int key;
	unsigned int same;
	const char *title;
	const char *axis;
	bool ops;
};

/* where threads are, and how far apart, changes with their number */
#define SAME	(KEY_PRIMITIVE | KEY_OP | KEY_MODE | KEY_PAYLOAD | KEY_PACE | \
		 KEY_WORLD)

static const struct kind kinds[] = {
	{ KEY_LOAD, SAME | KEY_RATE, "time by threads", "threads", false },
	{ KEY_LOAD, SAME | KEY_RATE, "throughput by threads", "threads", true },
	{ KEY_RATE, SAME | KEY_LOAD, "time by write rate",
	  "writes per second", false },
	{ KEY_FILE, SAME | KEY_LOAD | KEY_RATE | KEY_PLACEMENT, "",
	  "month-day of the result", false },
};

/* a chart that is being made from a group of entries */
struct making {
	const struct report *report;
	const struct kind *kind;
	const struct report_entry *entries;
	size_t n;
	const struct report_entry **places;
	size_t nplaces;
	struct chart_series *series;
	size_t nseries;
};

/* The first entry of each value of the key, in order. */
static void find_places(struct making *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (!i || report_compare(&m->entries[i], &m->entries[i - 1],
					 m->kind->key))
			m->places[m->nplaces++] = &m->entries[i];
}

static size_t place_of(const struct making *m, const struct report_entry *e)
{
	size_t i = 0;

	while (report_compare(m->places[i], e, m->kind->key))
		i++;
	return i;
}

static struct chart_series *series_of(struct making *m,
				      const struct report_entry *e)
{
	struct chart_series *s;
	size_t i = 0;

	while (i < m->nseries && strcmp(m->series[i].label, e->variant))
		i++;
	s = &m->series[i];
	if (i < m->nseries)
		return s;
	s->points = calloc(m->nplaces, sizeof(*s->points));
	if (!s->points)
		return NULL;
	for (i = 0; i < m->nplaces; i++)
		s->points[i] = (struct interval){ NAN, NAN, NAN };
	strcpy(s->label, e->variant);
	m->nseries++;
	return s;
}

/* Returns whether some line has two points. */
static bool find_series(struct making *m)
{
	bool worth = false;

	for (size_t i = 0; i < m->n; i++) {
		const struct report_entry *e = &m->entries[i];
		struct interval value = e->time;
		size_t place = place_of(m, e);
		struct chart_series *s;

		if (m->kind->ops)
			value = (struct interval){ NAN, e->ops, NAN };
		if (!isfinite(value.mid))
			continue;
		s = series_of(m, e);
		if (!s)
			return false;
		if (!isnan(s->points[place].mid))
			continue;
		s->points[place] = value;
		for (size_t j = 0; j < m->nplaces; j++)
			worth |= j != place && isfinite(s->points[j].mid);
	}
	return worth;
}

static void place_name(const struct making *m, const struct report_entry *e,
		       char name[FIGURE_TEXT])
{
	const struct report_file *file = &m->report->files[e->file];

	if (m->kind->key == KEY_LOAD)
		figure_plain(e->load, name);
	else if (m->kind->key == KEY_FILE && strlen(file->date) >= 10)
		snprintf(name, FIGURE_TEXT, "%.5s", file->date + 5);
	else if (m->kind->key == KEY_FILE)
		snprintf(name, FIGURE_TEXT, "%u", e->file + 1);
	else if (e->cell->write_rate == RESULT_WRITE_MAX)
		strcpy(name, "no pause");
	else if (e->cell->write_rate)
		figure_plain(e->cell->write_rate, name);
	else
		strcpy(name, "none");
}

static void draw(const struct making *m)
{
	const char **names = calloc(m->nplaces + 1, sizeof(*names));
	char (*texts)[FIGURE_TEXT] = calloc(m->nplaces, sizeof(*texts));
	char title[2 * REPORT_LABEL], common[REPORT_LABEL];
	struct chart chart = {
		.out = m->report->out,
		.title = title,
		.unit = m->kind->ops ? "operations per second" :
				       "ns per operation",
		.emulated = m->entries->result->emulated,
	};

	report_title(m->entries, m->kind->same, common);
	/* a section of charts is about a primitive, but the history is not */
	if (m->kind->key == KEY_FILE)
		snprintf(title, sizeof(title), "%s %s", m->entries->primitive,
			 common);
	else
		snprintf(title, sizeof(title), "%s · %s", common,
			 m->kind->title);
	if (names && texts) {
		for (size_t i = 0; i < m->nplaces; i++) {
			place_name(m, m->places[i], texts[i]);
			names[i] = texts[i];
		}
		names[m->nplaces] = m->kind->axis;
		chart_lines(&chart, names, m->nplaces, m->series, m->nseries);
	}
	free(names);
	free(texts);
}

static bool lines(const struct report *report, const struct kind *kind,
		  const struct report_entry *entries, size_t n)
{
	struct making m = {
		.report = report,
		.kind = kind,
		.entries = entries,
		.n = n,
		.places = calloc(n, sizeof(*m.places)),
		.series = calloc(n, sizeof(*m.series)),
	};
	bool worth = false;

	if (m.places && m.series) {
		find_places(&m);
		worth = m.nplaces > 1 && find_series(&m);
		if (worth)
			draw(&m);
	}
	for (size_t i = 0; i < m.nseries; i++)
		free(m.series[i].points);
	free(m.series);
	free(m.places);
	return worth;
}

/**
 * report_lines() - draw how figures change with a key
 * @report: report
 * @entries: their order changes
 * @n: how many
 * @key: KEY_LOAD, KEY_RATE or KEY_FILE
 *
 * Return: whether there was something to draw.
 */
bool report_lines(const struct report *report, struct report_entry *entries,
		  size_t n, unsigned int key)
{
	bool drawn = false;

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		if (kinds[k].key != key)
			continue;
		report_order(entries, n, kinds[k].same, key);
		for (size_t i = 0, group; i < n; i += group) {
			group = report_group(entries + i, n - i,
					     kinds[k].same);
			drawn |= lines(report, &kinds[k], entries + i, group);
		}
	}
	return drawn;
}
