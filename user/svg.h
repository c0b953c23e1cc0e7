/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * svg.h - pictures and text of a page
 *
 * Why not gnuplot: its SVG has colours of its own in every element, so that it
 * cannot follow the reader's light or dark scheme, nor be restyled for print;
 * it names no element for those who listen; and a board under test would need
 * it installed. What is drawn here is bars, lines and their axes: rectangles,
 * lines and text, whose colours are classes of the page's style sheet.
 *
 * Every string passes svg_put(), as it may come from a file that somebody else
 * has written.
 */
#ifndef ACQREL_USER_SVG_H
#define ACQREL_USER_SVG_H

#include <stdio.h>

/* where a text is, seen from its point */
enum svg_anchor { SVG_AFTER, SVG_AROUND, SVG_BEFORE };

/**
 * struct svg_point - a place in a picture
 * @x: to the right
 * @y: down
 */
struct svg_point {
	double x;
	double y;
};

void svg_put(FILE *out, const char *text);

void svg_begin(FILE *out, double width, double height, const char *title,
	       const char *description);
void svg_end(FILE *out);
void svg_line(FILE *out, const char *class, struct svg_point from,
	      struct svg_point to);
void svg_rect(FILE *out, const char *class, struct svg_point at, double width,
	      double height);
void svg_text(FILE *out, const char *class, struct svg_point at,
	      enum svg_anchor anchor, const char *text);
void svg_path(FILE *out, const char *class, const struct svg_point *points,
	      size_t n);
void svg_mark(FILE *out, const char *class, unsigned int shape,
	      struct svg_point at);

#endif /* ACQREL_USER_SVG_H */
