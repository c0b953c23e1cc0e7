/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h - aligned columns of text
 */
#ifndef ACQREL_USER_TABLE_H
#define ACQREL_USER_TABLE_H

#include <stdbool.h>

void table_begin(void);
void table_row(void);
void table_cell(const char *title, const char *text, bool left);
bool table_print(int indent);

#endif /* ACQREL_USER_TABLE_H */
