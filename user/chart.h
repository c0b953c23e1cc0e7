/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * chart.h - charts of a report
 *
 * A chart is 360 units wide, about as many pixels as a phone has, and a page
 * puts as many of them side by side as fit. So text keeps its size.
 */
#ifndef ACQREL_USER_CHART_H
#define ACQREL_USER_CHART_H

#include <stdbool.h>
#include <stdio.h>

#include "latency.h"
#include "statistics.h"
#include "svg.h"

#define CHART_WIDTH	360
#define CHART_TICKS	8
#define CHART_COLORS	8

/**
 * struct chart - what charts have in common
 * @out: page
 * @title: of it
 * @unit: of its values, as the axis says it
 * @emulated: the values are times of an emulated CPU
 */
struct chart {
	FILE *out;
	const char *title;
	const char *unit;
	bool emulated;
};

/**
 * struct chart_scale - from values to places
 * @low: value at @from, more than 0 if @log
 * @high: value at @to, more than @low
 * @from: place
 * @to: place
 * @log: equal ratios are equally far apart
 */
struct chart_scale {
	double low;
	double high;
	double from;
	double to;
	bool log;
};

/**
 * struct chart_bar - a bar
 * @label: of its row
 * @class: of the style sheet, "kernel" or "user"
 * @value: with its interval, or NANs
 * @bound: line across it, or NAN
 * @text: right of it: the value, or why there is none
 */
struct chart_bar {
	char label[48];
	const char *class;
	struct interval value;
	double bound;
	char text[24];
};

/**
 * struct chart_series - a line
 * @label: of it
 * @points: one for each place of the axis; NANs where there is none
 */
struct chart_series {
	char label[48];
	struct interval *points;
};

/**
 * struct chart_curve - a distribution
 * @label: of it
 * @latency: with at least one value
 */
struct chart_curve {
	char label[48];
	const struct latency_sum *latency;
};

double chart_at(const struct chart_scale *scale, double value);
size_t chart_ticks(const struct chart_scale *scale, double ticks[CHART_TICKS]);
bool chart_fit(struct chart_scale *scale, double low, double high, bool zero);
void chart_axis_y(const struct chart *chart, const struct chart_scale *scale,
		  double right);
void chart_axis_x(const struct chart *chart, const struct chart_scale *scale,
		  double top, double bottom);
void chart_unit(const struct chart *chart, const struct chart_scale *scale,
		double x, double y, enum svg_anchor anchor);
double chart_legend_height(size_t n);
void chart_legend(const struct chart *chart, double y, size_t i,
		  const char *label);
void chart_begin(const struct chart *chart, double height,
		 const char *description);
void chart_end(const struct chart *chart);

void chart_bars(const struct chart *chart, const struct chart_bar *bars,
		size_t n);
void chart_lines(const struct chart *chart, const char *const *places,
		 size_t nplaces, const struct chart_series *series, size_t n);
void chart_cdf(const struct chart *chart, const struct chart_curve *curves,
	       size_t n);

#endif /* ACQREL_USER_CHART_H */
