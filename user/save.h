/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * save.h - files that are whole or not there
 */
#ifndef ACQREL_USER_SAVE_H
#define ACQREL_USER_SAVE_H

#include <stdbool.h>
#include <stdio.h>

/* writes all of a file; false if there is not enough memory for that */
typedef bool save_writer(FILE *file, const void *what);

int save_file(const char *path, save_writer *writer, const void *what);

#endif /* ACQREL_USER_SAVE_H */
