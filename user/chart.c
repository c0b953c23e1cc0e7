// SPDX-License-Identifier: GPL-2.0-only
/*
 * chart.c - scales, axes and legends
 */
#include <math.h>

#include "chart.h"
#include "figure_text.h"

#define LEGEND_ROW	16.0
#define LEGEND_COLUMNS	2
#define ROUNDING	0.000000001	/* what is lost in a logarithm */

/**
 * chart_at() - place of a value
 * @scale: scale
 * @value: finite; outside of the scale it is moved to its end
 *
 * Return: the place.
 */
double chart_at(const struct chart_scale *scale, double value)
{
	double share;

	if (!(value > scale->low))
		return scale->from;
	if (value >= scale->high)
		return scale->to;
	if (scale->log)
		share = log(value / scale->low) / log(scale->high / scale->low);
	else
		share = (value - scale->low) / (scale->high - scale->low);
	return scale->from + share * (scale->to - scale->from);
}

/* 1, 2 or 5 times a power of ten, so that at most five fit into @range */
static double step(double range)
{
	double power = pow(10, floor(log10(range / 5)));
	double times = range / 5 / power;

	return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

/* 1, 2 and 5 times the powers of ten, where these alone are too few */
static size_t ticks_between(const struct chart_scale *scale,
			    double ticks[CHART_TICKS])
{
	static const double times[] = { 1, 2, 5 };
	double power = floor(log10(scale->low) + ROUNDING);
	size_t n = 0;

	for (int i = 0; n < CHART_TICKS; i++) {
		double tick = times[i % 3] * pow(10, power + i / 3);

		if (tick > scale->high * 1.000001)
			break;
		if (tick >= scale->low * 0.999999)
			ticks[n++] = tick;
	}
	return n;
}

static size_t ticks_log(const struct chart_scale *scale,
			double ticks[CHART_TICKS])
{
	double decades = log10(scale->high / scale->low);
	double each = ceil((decades + 0.01) / (CHART_TICKS - 1));
	size_t n = 0;

	if (decades < 2)
		return ticks_between(scale, ticks);
	for (double power = ceil(log10(scale->low) - ROUNDING);
	     n < CHART_TICKS && pow(10, power) <= scale->high * 1.000001;
	     power += each)
		ticks[n++] = pow(10, power);
	return n;
}

/**
 * chart_ticks() - round values of a scale
 * @scale: scale
 * @ticks: filled
 *
 * Return: how many.
 */
size_t chart_ticks(const struct chart_scale *scale, double ticks[CHART_TICKS])
{
	double each;
	size_t n = 0;

	if (scale->log)
		return ticks_log(scale, ticks);
	each = step(scale->high - scale->low);
	for (double i = ceil(scale->low / each - ROUNDING);
	     n < CHART_TICKS && i * each <= scale->high + each * ROUNDING; i++)
		ticks[n++] = i * each + 0.0;	/* not -0 */
	return n;
}

/**
 * chart_fit() - choose the ends of a scale
 * @scale: filled but for its places
 * @low: smallest value
 * @high: largest value
 * @zero: begin at 0, unless the values need a logarithmic scale
 *
 * Return: whether there is something to show.
 */
bool chart_fit(struct chart_scale *scale, double low, double high, bool zero)
{
	double each;

	if (!isfinite(low) || !isfinite(high) || !(high > 0) || high > 1e18)
		return false;
	if (low < high * ROUNDING)
		low = high * ROUNDING;
	scale->log = high / low > 25;
	if (scale->log) {
		scale->low = pow(10, floor(log10(low) + ROUNDING));
		scale->high = pow(10, ceil(log10(high) - ROUNDING));
		return true;
	}
	scale->low = 0;
	each = step(high);
	if (!zero && low > high / 2) {
		each = step(fmax(high - low, high / 20));
		scale->low = floor(low / each) * each;
	}
	scale->high = ceil(high / each) * each;
	return true;
}

/**
 * chart_axis_y() - draw lines of equal value and say which
 * @chart: chart
 * @scale: of the y axis
 * @right: end of the lines; they begin at 44
 */
void chart_axis_y(const struct chart *chart, const struct chart_scale *scale,
		  double right)
{
	double ticks[CHART_TICKS];
	char text[FIGURE_TEXT];
	size_t n = chart_ticks(scale, ticks);

	for (size_t i = 0; i < n; i++) {
		double y = chart_at(scale, ticks[i]);

		svg_line(chart->out, "grid", (struct svg_point){ 44, y },
			 (struct svg_point){ right, y });
		svg_text(chart->out, "tick", (struct svg_point){ 39, y + 4 },
			 SVG_BEFORE, figure_plain(ticks[i], text));
	}
}

/**
 * chart_axis_x() - draw lines of equal value and say which
 * @chart: chart
 * @scale: of the x axis
 * @top: end of the lines
 * @bottom: other end; numbers are below
 */
void chart_axis_x(const struct chart *chart, const struct chart_scale *scale,
		  double top, double bottom)
{
	double ticks[CHART_TICKS];
	char text[FIGURE_TEXT];
	size_t n = chart_ticks(scale, ticks);

	for (size_t i = 0; i < n; i++) {
		double x = chart_at(scale, ticks[i]);

		svg_line(chart->out, "grid", (struct svg_point){ x, top },
			 (struct svg_point){ x, bottom });
		svg_text(chart->out, "tick", (struct svg_point){ x, bottom + 14 },
			 SVG_AROUND, figure_plain(ticks[i], text));
	}
}

/**
 * chart_unit() - say what an axis shows
 * @chart: chart
 * @scale: of the axis
 * @x: where
 * @y: where
 * @anchor: on which side
 */
void chart_unit(const struct chart *chart, const struct chart_scale *scale,
		double x, double y, enum svg_anchor anchor)
{
	char text[96];

	snprintf(text, sizeof(text), "%s%s%s", chart->unit,
		 scale->log ? ", log scale" : "",
		 chart->emulated ? ", emulated" : "");
	svg_text(chart->out, "unit", (struct svg_point){ x, y }, anchor, text);
}

/**
 * chart_legend_height() - what a legend takes
 * @n: series
 *
 * Return: units.
 */
double chart_legend_height(size_t n)
{
	return (n + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS * LEGEND_ROW;
}

/**
 * chart_legend() - an entry of the legend
 * @chart: chart
 * @y: where the legend begins
 * @i: index of the series
 * @label: of it
 */
void chart_legend(const struct chart *chart, double y, size_t i,
		  const char *label)
{
	double x = 46 + i % LEGEND_COLUMNS * 158.0;
	char class[16];

	y += i / LEGEND_COLUMNS * LEGEND_ROW + 8;
	snprintf(class, sizeof(class), "line s%zu", i % CHART_COLORS);
	svg_line(chart->out, class, (struct svg_point){ x, y },
		 (struct svg_point){ x + 18, y });
	snprintf(class, sizeof(class), "mark s%zu", i % CHART_COLORS);
	svg_mark(chart->out, class, i + i / CHART_COLORS,
		 (struct svg_point){ x + 9, y });
	svg_text(chart->out, "legend", (struct svg_point){ x + 24, y + 4 },
		 SVG_AFTER, label);
}

/**
 * chart_begin() - begin a chart
 * @chart: chart
 * @height: of it
 * @description: what it shows, for those who cannot see it
 */
void chart_begin(const struct chart *chart, double height,
		 const char *description)
{
	fputs("<figure><figcaption>", chart->out);
	svg_put(chart->out, chart->title);
	if (chart->emulated)
		fputs(" <b class=\"emulated\">emulated</b>", chart->out);
	fputs("</figcaption>\n", chart->out);
	svg_begin(chart->out, CHART_WIDTH, height, chart->title, description);
}

/**
 * chart_end() - end a chart
 * @chart: chart
 */
void chart_end(const struct chart *chart)
{
	svg_end(chart->out);
	fputs("</figure>\n", chart->out);
}
