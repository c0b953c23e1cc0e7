// SPDX-License-Identifier: GPL-2.0-only
/*
 * chart_bars.c - values side by side, with their intervals and bounds
 *
 * Bars that follow each other with the same label share a row.
 */
#include <math.h>
#include <string.h>

#include "chart.h"

#define LEFT	112.0
#define RIGHT	286.0
#define TOP	4.0
#define BAR	10.0	/* thickness, 2 between two of a row */
#define STEP	12.0
#define ROW_GAP	8.0

static bool same_row(const struct chart_bar *bars, size_t i)
{
	return i && !strcmp(bars[i].label, bars[i - 1].label);
}

static double height(const struct chart_bar *bars, size_t n)
{
	double y = TOP;

	for (size_t i = 0; i < n; i++)
		y += STEP + (i && !same_row(bars, i) ? ROW_GAP : 0);
	return y;
}

static void extend(double value, double *low, double *high)
{
	if (!isfinite(value) || value <= 0)
		return;
	*low = fmin(*low, value);
	*high = fmax(*high, value);
}

static bool fit(struct chart_scale *scale, const struct chart_bar *bars,
		size_t n)
{
	double low = INFINITY, high = 0;

	for (size_t i = 0; i < n; i++) {
		extend(bars[i].value.low, &low, &high);
		extend(bars[i].value.mid, &low, &high);
		extend(bars[i].value.high, &low, &high);
		extend(bars[i].bound, &low, &high);
	}
	scale->from = LEFT;
	scale->to = RIGHT;
	if (!chart_fit(scale, low, high, true))
		return false;
	/* not up to the next power of ten: that would waste half the room */
	if (scale->log)
		scale->high = fmin(scale->high, high * 1.3);
	return true;
}

static void draw_interval(const struct chart *chart,
			  const struct chart_scale *scale,
			  const struct interval *value, double y)
{
	double low = chart_at(scale, value->low);
	double high = chart_at(scale, value->high);

	if (!isfinite(value->low) || !isfinite(value->high))
		return;
	svg_line(chart->out, "interval", (struct svg_point){ low, y },
		 (struct svg_point){ high, y });
	svg_line(chart->out, "interval", (struct svg_point){ low, y - 3 },
		 (struct svg_point){ low, y + 3 });
	svg_line(chart->out, "interval", (struct svg_point){ high, y - 3 },
		 (struct svg_point){ high, y + 3 });
}

static void draw_bar(const struct chart *chart, const struct chart_scale *scale,
		     const struct chart_bar *bar, double y)
{
	if (isfinite(bar->value.mid)) {
		svg_rect(chart->out, bar->class, (struct svg_point){ LEFT, y },
			 fmax(chart_at(scale, bar->value.mid) - LEFT, 1), BAR);
		draw_interval(chart, scale, &bar->value, y + BAR / 2);
	}
	if (isfinite(bar->bound) && bar->bound > 0) {
		double x = chart_at(scale, bar->bound);

		svg_line(chart->out, "bound", (struct svg_point){ x, y - 1.5 },
			 (struct svg_point){ x, y + BAR + 1.5 });
	}
	svg_text(chart->out, "value",
		 (struct svg_point){ CHART_WIDTH - 2, y + BAR - 1 }, SVG_BEFORE,
		 bar->text);
}

static void draw_rows(const struct chart *chart,
		      const struct chart_scale *scale,
		      const struct chart_bar *bars, size_t n)
{
	double y = TOP;

	for (size_t i = 0, row = 0; i < n; i++) {
		if (i && !same_row(bars, i))
			y += ROW_GAP;
		if (!same_row(bars, i))
			row = i;
		draw_bar(chart, scale, &bars[i], y);
		y += STEP;
		if (i + 1 == n || !same_row(bars, i + 1))
			svg_text(chart->out, "label", (struct svg_point){
				 LEFT - 6, y - (i - row + 1) * STEP / 2 + 3 },
				 SVG_BEFORE, bars[i].label);
	}
}

/**
 * chart_bars() - draw bars
 * @chart: chart
 * @bars: those of a row follow each other
 * @n: how many
 */
void chart_bars(const struct chart *chart, const struct chart_bar *bars,
		size_t n)
{
	double bottom = height(bars, n) + 2;
	struct chart_scale scale;
	bool fits = fit(&scale, bars, n);

	chart_begin(chart, bottom + (fits ? 34 : 4),
		    "A bar for each variant and world with its 95 % interval; a line across it is the bound. The numbers are in the table.");
	if (fits) {
		chart_axis_x(chart, &scale, TOP - 4, bottom);
		chart_unit(chart, &scale, RIGHT, bottom + 29, SVG_BEFORE);
	} else {
		scale = (struct chart_scale){ 0, 1, LEFT, RIGHT, false };
	}
	draw_rows(chart, &scale, bars, n);
	svg_line(chart->out, "axis", (struct svg_point){ LEFT, 0 },
		 (struct svg_point){ LEFT, bottom });
	chart_end(chart);
}
