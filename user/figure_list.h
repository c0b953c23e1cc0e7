/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * figure_list.h - the figures of a cell, for tables and exports
 */
#ifndef ACQREL_USER_FIGURE_LIST_H
#define ACQREL_USER_FIGURE_LIST_H

#include "report.h"

/**
 * struct figure - a figure, and how it is called
 * @title: above a column that people read
 * @digits: after the point there
 * @time: in nanoseconds
 * @stays: wrong results do not void it
 * @column: name with unit, for programs
 * @metric: of OpenMetrics, with its base unit, or NULL
 * @unit: the base unit, or NULL
 * @scale: from the unit of @column to that of @metric
 * @label: that @metric has beside those of all, or NULL
 * @help: of @metric, without a full stop
 * @figure: offset of a double in struct cell_figures, if there is no @value
 * @value: computes it
 */
struct figure {
	const char *title;
	int digits;
	bool time;
	bool stays;
	const char *column;
	const char *metric;
	const char *unit;
	double scale;
	const char *label;
	const char *help;
	size_t figure;
	double (*value)(const struct report_entry *e);
};

#define FIGURES	28

/* ended by one without a title; figures of a metric follow each other */
extern const struct figure figure_list[FIGURES + 1];

double figure_value(const struct figure *figure, const struct report_entry *e);

#endif /* ACQREL_USER_FIGURE_LIST_H */
