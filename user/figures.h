/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * figures.h - what verdicts need of the times behind the figures
 */
#ifndef ACQREL_USER_FIGURES_H
#define ACQREL_USER_FIGURES_H

#include "result.h"

/**
 * struct figures_loop - what surrounds operations
 * @burst_ns: of a burst: a look at the clock
 * @attempt_ns: of an attempt: a turn of the loop
 */
struct figures_loop {
	double burst_ns;
	double attempt_ns;
};

double figures_time(const struct result_slice *slice, unsigned int threads,
		    const struct figures_loop *loop);
double figures_ghz(const struct acqrel_slice *did);
bool figures_short(const struct cell_figures *f);
struct figures_loop figures_empty(const struct result *result,
				  const struct cell *cell);

#endif /* ACQREL_USER_FIGURES_H */
