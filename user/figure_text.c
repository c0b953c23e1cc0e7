// SPDX-License-Identifier: GPL-2.0-only
/*
 * figure_text.c - figures as people read them
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "figure_text.h"

#define THIN_SPACE	"\xe2\x80\xaf"	/* U+202F, does not break */

/* Three digits that count, with one of the units, each 1000 of the last. */
static const char *with_unit(double value, const char *const *units, int n,
			     char text[FIGURE_TEXT])
{
	double size = fabs(value);
	int unit = 0;

	/* what would be rounded up to 1000 */
	while (size >= 999.5 && unit < n - 1) {
		size /= 1000;
		value /= 1000;
		unit++;
	}
	snprintf(text, FIGURE_TEXT, "%.*f%s%s",
		 size < 9.995 ? 2 : size < 99.95 ? 1 : 0, value,
		 *units[unit] ? " " : "", units[unit]);
	return text;
}

/**
 * figure_time() - a time with a unit that suits it
 * @ns: the time
 * @text: filled
 *
 * Return: @text.
 */
const char *figure_time(double ns, char text[FIGURE_TEXT])
{
	static const char *const units[] = { "ns", "µs", "ms", "s" };

	if (isfinite(ns) && fabs(ns) < 1e15)
		return with_unit(ns, units, 4, text);
	return strcpy(text, "n/a");
}

/**
 * figure_tick() - a round time for an axis, as short as it can be
 * @ns: the time, more than 0
 * @text: filled
 *
 * Return: @text.
 */
const char *figure_tick(double ns, char text[FIGURE_TEXT])
{
	static const char *const units[] = { "ns", "µs", "ms", "s" };
	int unit = 0;

	while (ns >= 999.5 && unit < 3) {
		ns /= 1000;
		unit++;
	}
	snprintf(text, FIGURE_TEXT, "%.3g %s", ns, units[unit]);
	return text;
}

/**
 * figure_plain() - a number for an axis, as short as it can be
 * @value: the number
 * @text: filled
 *
 * Return: @text.
 */
const char *figure_plain(double value, char text[FIGURE_TEXT])
{
	static const char *const units[] = { "", "k", "M", "G", "T" };
	int unit = 0;

	while (fabs(value) >= 1000 && unit < 4) {
		value /= 1000;
		unit++;
	}
	snprintf(text, FIGURE_TEXT, "%.4g%s", value, units[unit]);
	return text;
}

/**
 * figure_fixed() - a number for a column
 * @value: the number; if it is not finite, "n/a"
 * @digits: after the point
 * @text: filled; thousands stand apart
 *
 * Return: @text.
 */
const char *figure_fixed(double value, int digits, char text[FIGURE_TEXT])
{
	char raw[FIGURE_TEXT];
	size_t whole, used = 0;

	if (!isfinite(value) || fabs(value) >= 1e12)
		return strcpy(text, "n/a");
	snprintf(raw, sizeof(raw), "%.*f", digits, fabs(value));
	whole = strcspn(raw, ".");
	if (value < 0 && strspn(raw, "0.") != strlen(raw))
		text[used++] = '-';
	for (size_t i = 0; i < whole; i++) {
		if (i && !((whole - i) % 3)) {
			strcpy(text + used, THIN_SPACE);
			used += strlen(THIN_SPACE);
		}
		text[used++] = raw[i];
	}
	strcpy(text + used, raw + whole);
	return text;
}
