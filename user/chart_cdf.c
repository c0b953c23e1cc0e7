// SPDX-License-Identifier: GPL-2.0-only
/*
 * chart_cdf.c - how many operations took at most how long
 *
 * The axis of shares spreads the end: 90 %, 99 % and 99.9 % are equally far
 * apart. A curve ends where fewer than ten values are beyond it.
 */
#include <math.h>
#include <stdlib.h>

#include "chart.h"
#include "figure_text.h"

#define LEFT	52.0
#define RIGHT	352.0
#define TOP	10.0
#define BOTTOM	180.0
#define NINES	4.0
#define BEYOND	10

static double shares_at(double share)
{
	double nines = -log10(1 - share);

	return BOTTOM - fmin(nines, NINES) / NINES * (BOTTOM - TOP);
}

static void draw_shares(const struct chart *chart)
{
	static const struct {
		double share;
		const char *text;
	} ticks[] = {
		{ 0, "0" }, { 0.5, "50 %" }, { 0.9, "90 %" }, { 0.99, "99 %" },
		{ 0.999, "99.9 %" }, { 0.9999, "99.99 %" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ticks); i++) {
		double y = shares_at(ticks[i].share);

		svg_line(chart->out, "grid", (struct svg_point){ LEFT, y },
			 (struct svg_point){ RIGHT, y });
		svg_text(chart->out, "tick", (struct svg_point){ LEFT - 4, y + 4 },
			 SVG_BEFORE, ticks[i].text);
	}
}

static double bucket_end(unsigned int i)
{
	return fmax(acqrel_latency_low(i + 1), 1);
}

/* The values that are drawn: all but the last BEYOND. */
static void extend(const struct latency_sum *l, double *low, double *high)
{
	u64 below = 0;

	for (unsigned int i = 0; i < ACQREL_LATENCY_BUCKETS; i++) {
		if (!l->buckets[i])
			continue;
		*low = fmin(*low, fmax(acqrel_latency_low(i), 1));
		below += l->buckets[i];
		if (below + BEYOND > l->n)
			break;
		*high = fmax(*high, bucket_end(i));
	}
}

static bool fit(struct chart_scale *scale, const struct chart_curve *curves,
		size_t n)
{
	double low = INFINITY, high = 0;

	for (size_t i = 0; i < n; i++)
		extend(curves[i].latency, &low, &high);
	if (!(high > low))
		return false;
	scale->low = pow(10, floor(log10(low)));
	scale->high = fmax(high * 1.1, scale->low * 10);
	scale->from = LEFT;
	scale->to = RIGHT;
	scale->log = true;
	return true;
}

static void draw_times(const struct chart *chart,
		       const struct chart_scale *scale)
{
	double ticks[CHART_TICKS];
	char text[FIGURE_TEXT];
	size_t n = chart_ticks(scale, ticks);

	for (size_t i = 0; i < n; i++) {
		double x = chart_at(scale, ticks[i]);

		svg_line(chart->out, "grid", (struct svg_point){ x, TOP },
			 (struct svg_point){ x, BOTTOM });
		figure_tick(ticks[i], text);
		svg_text(chart->out, "tick", (struct svg_point){
			 x, BOTTOM + 16 }, SVG_AROUND, text);
	}
}

static void draw_curve(const struct chart *chart,
		       const struct chart_scale *scale, size_t i,
		       const struct latency_sum *l, struct svg_point *points)
{
	u64 below = 0;
	char class[24];
	size_t n = 0;

	for (unsigned int j = 0; j < ACQREL_LATENCY_BUCKETS; j++) {
		if (!l->buckets[j])
			continue;
		if (!n)
			points[n++] = (struct svg_point){
				chart_at(scale, acqrel_latency_low(j)),
				BOTTOM };
		below += l->buckets[j];
		if (below + BEYOND > l->n)
			break;
		points[n++] = (struct svg_point){
			chart_at(scale, bucket_end(j)),
			shares_at((double)below / l->n) };
	}
	snprintf(class, sizeof(class), "line s%zu", i % CHART_COLORS);
	if (n)
		svg_path(chart->out, class, points, n);
	snprintf(class, sizeof(class), "mark s%zu", i % CHART_COLORS);
	if (n)
		svg_mark(chart->out, class, i + i / CHART_COLORS,
			 points[n - 1]);
}

/**
 * chart_cdf() - draw a curve for each distribution
 * @chart: chart
 * @curves: distributions
 * @n: how many
 */
void chart_cdf(const struct chart *chart, const struct chart_curve *curves,
	       size_t n)
{
	struct svg_point *points = calloc(ACQREL_LATENCY_BUCKETS + 1,
					  sizeof(*points));
	struct chart_scale scale;

	if (points && fit(&scale, curves, n)) {
		chart_begin(chart, BOTTOM + 40 + chart_legend_height(n),
			    "Share of operations that took at most so long. Percentiles are in the table.");
		draw_shares(chart);
		draw_times(chart, &scale);
		chart_unit(chart, &scale, (LEFT + RIGHT) / 2, BOTTOM + 31,
			   SVG_AROUND);
		for (size_t i = 0; i < n; i++) {
			draw_curve(chart, &scale, i, curves[i].latency, points);
			chart_legend(chart, BOTTOM + 38, i, curves[i].label);
		}
		chart_end(chart);
	}
	free(points);
}
