/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * figure_text.h - figures as people read them
 */
#ifndef ACQREL_USER_FIGURE_TEXT_H
#define ACQREL_USER_FIGURE_TEXT_H

#include <stddef.h>

#define FIGURE_TEXT	32

const char *figure_time(double ns, char text[FIGURE_TEXT]);
const char *figure_tick(double ns, char text[FIGURE_TEXT]);
const char *figure_plain(double value, char text[FIGURE_TEXT]);
const char *figure_fixed(double value, int digits, char text[FIGURE_TEXT]);

#endif /* ACQREL_USER_FIGURE_TEXT_H */
