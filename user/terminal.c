// SPDX-License-Identifier: GPL-2.0-only
/*
 * terminal.c - what standard output can show
 */
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "terminal.h"

#define WIDTH_UNKNOWN	80
#define ESCAPE		0x1b

static bool speaks_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (!locale)
		return false;
	utf8 = !strcmp(nl_langinfo_l(CODESET, locale), "UTF-8");
	freelocale(locale);
	return utf8;
}

static int look_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return WIDTH_UNKNOWN;
	return size.ws_col;
}

static bool likes_color(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb");
}

/**
 * terminal_look() - find out what standard output can show
 * @terminal: filled
 * @color: "auto", "always" or "never"
 *
 * Return: false if @color is none of these.
 */
bool terminal_look(struct terminal *terminal, const char *color)
{
	bool always = !strcmp(color, "always");

	terminal->bars = isatty(STDOUT_FILENO);
	terminal->utf8 = speaks_utf8();
	terminal->width = terminal->bars ? look_width() : 0;
	terminal->color = always;
	if (!strcmp(color, "auto"))
		terminal->color = terminal->bars && likes_color();
	else if (!always && strcmp(color, "never"))
		return false;
	return true;
}

/**
 * terminal_columns() - room that a text takes on the screen
 * @text: UTF-8 without wide characters, colours as terminal_paint() sets them
 *
 * Return: characters.
 */
size_t terminal_columns(const char *text)
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ESCAPE) {
			text += strcspn(text, "m");
			if (!*text)
				break;
		} else if ((*text & 0xc0) != 0x80) {
			n++;
		}
	}
	return n;
}

/**
 * terminal_paint() - colour a text, where colours are wanted
 * @terminal: where
 * @tone: what the colour stands for; the text says the same
 * @text: changed
 * @size: of @text; one that has no room for the colour keeps its own
 */
void terminal_paint(const struct terminal *terminal, enum tone tone,
		    char *text, size_t size)
{
	static const char *const colors[] = {
		[TONE_GOOD]	= "\033[32m",
		[TONE_BAD]	= "\033[31m",
		[TONE_DOUBT]	= "\033[33m",
	};
	static const char end[] = "\033[0m";
	size_t len = strlen(text), begin;

	if (!terminal->color || tone == TONE_PLAIN || !len)
		return;
	begin = strlen(colors[tone]);
	if (begin + len + sizeof(end) > size)
		return;
	memmove(text + begin, text, len);
	memcpy(text, colors[tone], begin);
	memcpy(text + begin + len, end, sizeof(end));
}

/**
 * terminal_bar() - draw a share as a bar
 * @terminal: where
 * @share: 0 to 1; anything else, NAN too, is cut to that
 * @width: characters of the longest bar
 * @text: filled
 * @size: of @text, at least 3 * @width + 1
 */
void terminal_bar(const struct terminal *terminal, double share, int width,
		  char *text, size_t size)
{
	static const char *const eighths[] = {
		"", "\u258f", "\u258e", "\u258d", "\u258c", "\u258b", "\u258a",
		"\u2589", "\u2588",
	};
	int parts = terminal->utf8 ? 8 : 1;
	int left = 0, part;
	size_t at = 0;

	if (share > 0)
		left = lround(fmin(share, 1) * width * parts) ?: 1;
	*text = '\0';
	for (; left > 0 && at + 4 <= size; left -= part) {
		part = left < parts ? left : parts;
		at += sprintf(text + at, "%s",
			      terminal->utf8 ? eighths[part] : "#");
	}
}
