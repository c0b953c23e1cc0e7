/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * figures.h - what verdicts need of the times behind the figures
 */
#ifndef ACQREL_USER_FIGURES_H
#define ACQREL_USER_FIGURES_H

#include "result.h"

double figures_time(const struct result_slice *slice, unsigned int threads,
		    double empty_ns);
double figures_ghz(const struct acqrel_slice *did);
bool figures_short(const struct cell_figures *f);
double figures_empty(const struct result *result, const struct cell *cell);

#endif /* ACQREL_USER_FIGURES_H */
