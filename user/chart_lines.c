// SPDX-License-Identifier: GPL-2.0-only
/*
 * chart_lines.c - values against something that has few values: threads, write
 * rates, results
 *
 * The places are equally far apart, whatever they stand for.
 */
#include <math.h>

#include "chart.h"

#define LEFT	44.0
#define RIGHT	352.0
#define TOP	22.0
#define BOTTOM	172.0
#define INSET	18.0	/* of the first and last place */

static double place(size_t i, size_t n)
{
	if (n < 2)
		return (LEFT + RIGHT) / 2;
	return LEFT + INSET + i * (RIGHT - LEFT - 2 * INSET) / (n - 1);
}

static bool usable(const struct interval *point)
{
	return isfinite(point->mid) && point->mid > 0;
}

static bool fit(struct chart_scale *scale, const struct chart_series *series,
		size_t n, size_t nplaces)
{
	double low = INFINITY, high = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < nplaces; j++) {
			const struct interval *p = &series[i].points[j];

			if (!usable(p))
				continue;
			low = fmin(low, p->low > 0 ? p->low : p->mid);
			high = fmax(high, p->high > 0 ? p->high : p->mid);
		}
	scale->from = BOTTOM;
	scale->to = TOP;
	return chart_fit(scale, low, high, false);
}

static void draw_point(const struct chart *chart,
		       const struct chart_scale *scale, size_t i,
		       const struct interval *value, struct svg_point at)
{
	char class[24];

	if (isfinite(value->low) && isfinite(value->high)) {
		snprintf(class, sizeof(class), "whisker s%zu",
			 i % CHART_COLORS);
		svg_line(chart->out, class, (struct svg_point){
			 at.x, chart_at(scale, value->low) },
			 (struct svg_point){
			 at.x, chart_at(scale, value->high) });
	}
	snprintf(class, sizeof(class), "mark s%zu", i % CHART_COLORS);
	svg_mark(chart->out, class, i + i / CHART_COLORS, at);
}

/* A line goes on over a place that has no value. */
static void draw_series(const struct chart *chart,
			const struct chart_scale *scale, size_t i,
			const struct chart_series *series, size_t nplaces)
{
	struct svg_point last, at;
	char class[24];
	bool first = true;

	snprintf(class, sizeof(class), "line s%zu", i % CHART_COLORS);
	for (size_t j = 0; j < nplaces; j++) {
		const struct interval *value = &series->points[j];

		if (!usable(value))
			continue;
		at.x = place(j, nplaces);
		at.y = chart_at(scale, value->mid);
		if (!first)
			svg_line(chart->out, class, last, at);
		draw_point(chart, scale, i, value, at);
		first = false;
		last = at;
	}
}

static void draw_places(const struct chart *chart, const char *const *places,
			size_t n)
{
	/* as many as can be read beside each other */
	size_t each = (n + 5) / 6;

	for (size_t i = 0; i < n; i++)
		if (i % each == 0)
			svg_text(chart->out, "tick", (struct svg_point){
				 place(i, n), BOTTOM + 16 }, SVG_AROUND,
				 places[i]);
}

/**
 * chart_lines() - draw a line for each series
 * @chart: chart
 * @places: of the x axis; the last of all says what they are
 * @nplaces: how many, at least 1; @places has one more
 * @series: lines
 * @n: how many
 */
void chart_lines(const struct chart *chart, const char *const *places,
		 size_t nplaces, const struct chart_series *series, size_t n)
{
	struct chart_scale scale;

	if (!fit(&scale, series, n, nplaces))
		return;
	chart_begin(chart, BOTTOM + 40 + chart_legend_height(n),
		    "A line for each variant, with 95 % intervals. The numbers are in the table.");
	chart_axis_y(chart, &scale, RIGHT);
	chart_unit(chart, &scale, 2, 12, SVG_AFTER);
	draw_places(chart, places, nplaces);
	svg_text(chart->out, "unit", (struct svg_point){
		 (LEFT + RIGHT) / 2, BOTTOM + 31 }, SVG_AROUND,
		 places[nplaces]);
	for (size_t i = 0; i < n; i++) {
		draw_series(chart, &scale, i, &series[i], nplaces);
		chart_legend(chart, BOTTOM + 38, i, series[i].label);
	}
	chart_end(chart);
}
