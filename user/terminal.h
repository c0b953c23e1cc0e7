/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * terminal.h - what standard output can show
 */
#ifndef ACQREL_USER_TERMINAL_H
#define ACQREL_USER_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

enum tone { TONE_PLAIN, TONE_GOOD, TONE_BAD, TONE_DOUBT };

/**
 * struct terminal - what can be shown
 * @bars: a person looks at it
 * @color: colours are wanted
 * @utf8: more than ASCII
 * @width: characters in a line, 0: no limit
 */
struct terminal {
	bool bars;
	bool color;
	bool utf8;
	int width;
};

bool terminal_look(struct terminal *terminal, const char *color);
size_t terminal_columns(const char *text);
void terminal_paint(const struct terminal *terminal, enum tone tone,
		    char *text, size_t size);
void terminal_bar(const struct terminal *terminal, double share, int width,
		  char *text, size_t size);

#endif /* ACQREL_USER_TERMINAL_H */
