/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * export.h - figures for other programs
 */
#ifndef ACQREL_USER_EXPORT_H
#define ACQREL_USER_EXPORT_H

#include "figure_list.h"

const char *export_host(const struct report_file *file);
const char *export_rate(const struct cell *cell, char text[FIGURE_TEXT]);

/* writers for save_file(), of a struct report */
bool export_csv(FILE *out, const void *report);
bool export_markdown(FILE *out, const void *report);
bool export_openmetrics(FILE *out, const void *report);

#endif /* ACQREL_USER_EXPORT_H */
