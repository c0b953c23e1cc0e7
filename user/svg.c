// SPDX-License-Identifier: GPL-2.0-only
/*
 * svg.c - pictures and text of a page
 */
#include "svg.h"

/**
 * svg_put() - print text that may hold anything
 * @out: a page in UTF-8
 * @text: UTF-8; characters that a page cannot have become U+FFFD
 */
void svg_put(FILE *out, const char *text)
{
	for (const unsigned char *c = (const void *)text; *c; c++)
		switch (*c) {
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '&':
			fputs("&amp;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			if ((*c < ' ' && *c != '\n' && *c != '\t') || *c == 127)
				fputs("\xef\xbf\xbd", out);
			else
				fputc(*c, out);
		}
}

/**
 * svg_begin() - begin a picture as wide as what it stands in
 * @out: page
 * @width: of its own units
 * @height: same
 * @title: what it is, for those who cannot see it
 * @description: what it shows
 */
void svg_begin(FILE *out, double width, double height, const char *title,
	       const char *description)
{
	fprintf(out, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n<title>",
		width, height);
	svg_put(out, title);
	fputs("</title>\n<desc>", out);
	svg_put(out, description);
	fputs("</desc>\n", out);
}

/**
 * svg_end() - end a picture
 * @out: page
 */
void svg_end(FILE *out)
{
	fputs("</svg>\n", out);
}

/**
 * svg_line() - draw a line
 * @out: page
 * @class: of the style sheet
 * @from: one end
 * @to: the other
 */
void svg_line(FILE *out, const char *class, struct svg_point from,
	      struct svg_point to)
{
	fprintf(out,
		"<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
		class, from.x, from.y, to.x, to.y);
}

/**
 * svg_rect() - draw a rectangle
 * @out: page
 * @class: of the style sheet
 * @at: its upper left corner
 * @width: of it
 * @height: same
 */
void svg_rect(FILE *out, const char *class, struct svg_point at, double width,
	      double height)
{
	fprintf(out,
		"<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
		class, at.x, at.y, width, height);
}

/**
 * svg_text() - write a line of text
 * @out: page
 * @class: of the style sheet
 * @at: where, on its base line
 * @anchor: on which side of @at
 * @text: may hold anything
 */
void svg_text(FILE *out, const char *class, struct svg_point at,
	      enum svg_anchor anchor, const char *text)
{
	static const char *const anchors[] = {
		[SVG_AFTER] = "start",
		[SVG_AROUND] = "middle",
		[SVG_BEFORE] = "end",
	};

	fprintf(out,
		"<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">",
		class, at.x, at.y, anchors[anchor]);
	svg_put(out, text);
	fputs("</text>\n", out);
}

/**
 * svg_path() - draw lines from point to point
 * @out: page
 * @class: of the style sheet
 * @points: at least one
 * @n: how many
 */
void svg_path(FILE *out, const char *class, const struct svg_point *points,
	      size_t n)
{
	fprintf(out, "<path class=\"%s\" d=\"M", class);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%.1f %.1f", i ? "L" : "", points[i].x,
			points[i].y);
	fputs("\"/>\n", out);
}

/**
 * svg_mark() - draw a mark at a point
 * @out: page
 * @class: of the style sheet
 * @shape: any number: few of them look alike
 * @at: its middle
 */
void svg_mark(FILE *out, const char *class, unsigned int shape,
	      struct svg_point at)
{
	static const char *const shapes[] = {
		"m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z",
		"m-2.8 -2.8h5.6v5.6h-5.6z",
		"m0 -3.6l3.6 6.4h-7.2z",
		"m0 -4l4 4l-4 4l-4 -4z",
	};

	fprintf(out, "<path class=\"%s\" d=\"M%.1f %.1f%s\"/>\n", class, at.x,
		at.y, shapes[shape % (sizeof(shapes) / sizeof(*shapes))]);
}
