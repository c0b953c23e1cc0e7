// SPDX-License-Identifier: GPL-2.0-only
/*
 * figure_list.c - the figures of a cell, for tables and exports
 */
#include <math.h>
#include <string.h>

#include "figure_list.h"
#include "latency.h"
#include "verdict.h"

#define NANO	0.000000001
#define MEGA	1e6
#define GIGA	1e9
#define FIGURE(member)	offsetof(struct cell_figures, member)

static double multiple(const struct report_entry *e)
{
	double bound = e->cell->figures.bound_ns;

	return bound > 0 ? e->time.mid / bound : NAN;
}

static double mops(const struct report_entry *e)
{
	return e->ops / 1e6;
}

static double percentile(const struct report_entry *e, unsigned int permille)
{
	const struct latency_sum *latency = e->cell->latency;

	return latency ? latency_percentile(latency, permille) : NAN;
}

static double p50(const struct report_entry *e)
{
	return percentile(e, 500);
}

static double p90(const struct report_entry *e)
{
	return percentile(e, 900);
}

static double p99(const struct report_entry *e)
{
	return percentile(e, 990);
}

static double p999(const struct report_entry *e)
{
	return percentile(e, 999);
}

static double longest(const struct report_entry *e)
{
	const struct latency_sum *latency = e->cell->latency;

	return latency && latency->n ? latency->max : NAN;
}

static double slices(const struct report_entry *e)
{
	return e->cell->nslices;
}

static double tagged(const struct report_entry *e)
{
	return e->cell->figures.tagged;
}

static double violations(const struct report_entry *e)
{
	return e->cell->figures.violations;
}

static double lost(const struct report_entry *e)
{
	return e->cell->figures.lost;
}

const struct figure figure_list[] = {
	{ .title = "time", .digits = 2, .time = true, .column = "net_ns",
	  .metric = "acqrel_operation_seconds", .unit = "seconds",
	  .scale = NANO,
	  .help = "Median time of an operation without the empty loop",
	  .figure = FIGURE(net_ns) },
	{ .title = "from", .digits = 2, .time = true, .column = "net_low_ns",
	  .metric = "acqrel_operation_low_seconds", .unit = "seconds",
	  .scale = NANO,
	  .help = "Lower end of its 95 percent interval",
	  .figure = FIGURE(interval.low) },
	{ .title = "to", .digits = 2, .time = true, .column = "net_high_ns",
	  .metric = "acqrel_operation_high_seconds", .unit = "seconds",
	  .scale = NANO,
	  .help = "Upper end of its 95 percent interval",
	  .figure = FIGURE(interval.high) },
	{ .title = "all slices", .digits = 2, .time = true, .column = "net_all_slices_ns",
	  .metric = "acqrel_operation_all_slices_seconds", .unit = "seconds",
	  .scale = NANO,
	  .help = "Median time with the disturbed slices",
	  .figure = FIGURE(net_all_ns) },
	{ .title = "with empty loop", .digits = 2, .time = true, .column = "raw_ns",
	  .metric = "acqrel_operation_raw_seconds", .unit = "seconds",
	  .scale = NANO,
	  .help = "Median time with the empty loop",
	  .figure = FIGURE(raw_ns) },
	{ .title = "deviation", .digits = 2, .time = true, .column = "mad_ns",
	  .figure = FIGURE(mad_ns) },
	{ .title = "p5", .digits = 2, .time = true, .column = "p5_ns",
	  .figure = FIGURE(p5_ns) },
	{ .title = "p95", .digits = 2, .time = true, .column = "p95_ns",
	  .figure = FIGURE(p95_ns) },
	{ .title = "fastest", .digits = 2, .time = true, .column = "min_ns",
	  .figure = FIGURE(min_ns) },
	{ .title = "bound", .digits = 2, .time = true, .column = "bound_ns",
	  .metric = "acqrel_operation_bound_seconds", .unit = "seconds",
	  .scale = NANO,
	  .help = "What the hardware needs at least",
	  .stays = true, .figure = FIGURE(bound_ns) },
	{ .title = "of bound", .digits = 1, .column = "bound_multiple",
	  .metric = "acqrel_operation_bound_multiple",
	  .scale = 1,
	  .help = "Time as a multiple of the bound",
	  .value = multiple },
	{ .title = "M ops/s", .digits = 2, .column = "million_ops_per_s",
	  .metric = "acqrel_operations_per_second",
	  .scale = MEGA,
	  .help = "Operations of all measured threads",
	  .value = mops },
	{ .title = "p50", .digits = 0, .time = true, .column = "latency_p50_ns",
	  .metric = "acqrel_latency_seconds", .unit = "seconds",
	  .scale = NANO, .label = "quantile=\"0.5\"",
	  .help = "Time that a share of the operations did not exceed",
	  .value = p50 },
	{ .title = "p90", .digits = 0, .time = true, .column = "latency_p90_ns",
	  .metric = "acqrel_latency_seconds", .unit = "seconds",
	  .scale = NANO, .label = "quantile=\"0.9\"",
	  .value = p90 },
	{ .title = "p99", .digits = 0, .time = true, .column = "latency_p99_ns",
	  .metric = "acqrel_latency_seconds", .unit = "seconds",
	  .scale = NANO, .label = "quantile=\"0.99\"",
	  .value = p99 },
	{ .title = "p99.9", .digits = 0, .time = true, .column = "latency_p999_ns",
	  .metric = "acqrel_latency_seconds", .unit = "seconds",
	  .scale = NANO, .label = "quantile=\"0.999\"",
	  .value = p999 },
	{ .title = "longest", .digits = 0, .time = true, .column = "latency_max_ns",
	  .metric = "acqrel_latency_longest_seconds", .unit = "seconds",
	  .scale = NANO,
	  .help = "The longest operation",
	  .value = longest },
	{ .title = "failed", .digits = 4, .column = "failed_share",
	  .metric = "acqrel_failed_ratio", .unit = "ratio",
	  .scale = 1,
	  .help = "Share of operations that failed",
	  .stays = true, .figure = FIGURE(failed) },
	{ .title = "retries/op", .digits = 4, .column = "retries_per_op",
	  .metric = "acqrel_retries_per_operation",
	  .scale = 1,
	  .help = "Repeated reads",
	  .stays = true, .figure = FIGURE(retries) },
	{ .title = "in ring", .digits = 1, .column = "ring_items",
	  .metric = "acqrel_ring_items",
	  .scale = 1,
	  .help = "Mean items in the ring",
	  .stays = true, .figure = FIGURE(fill) },
	{ .title = "fairness", .digits = 2, .column = "fairness",
	  .metric = "acqrel_fairness_ratio", .unit = "ratio",
	  .scale = 1,
	  .help = "Operations of the least busy thread over the busiest",
	  .stays = true, .figure = FIGURE(fairness) },
	{ .title = "writes/s", .digits = 0, .column = "reached_writes_per_s",
	  .metric = "acqrel_writes_per_second",
	  .scale = 1,
	  .help = "Write rate reached",
	  .stays = true, .figure = FIGURE(write_rate) },
	{ .title = "overlap", .digits = 3, .column = "overlap_share",
	  .metric = "acqrel_overlap_ratio", .unit = "ratio",
	  .scale = 1,
	  .help = "Share of the slice that all threads had in common",
	  .stays = true, .figure = FIGURE(overlap) },
	{ .title = "GHz", .digits = 2, .column = "clock_ghz",
	  .metric = "acqrel_core_clock_hertz", .unit = "hertz",
	  .scale = GIGA,
	  .help = "Median clock of the cores",
	  .stays = true, .figure = FIGURE(ghz) },
	{ .title = "slices", .digits = 0, .column = "slices",
	  .metric = "acqrel_slices",
	  .scale = 1,
	  .help = "Slices measured",
	  .stays = true, .value = slices },
	{ .title = "tagged", .digits = 0, .column = "tagged_slices",
	  .metric = "acqrel_tagged_slices",
	  .scale = 1,
	  .help = "Slices that were disturbed",
	  .stays = true, .value = tagged },
	{ .title = "violations", .digits = 0, .column = "violations",
	  .metric = "acqrel_violations",
	  .scale = 1,
	  .help = "Results that no order allows",
	  .stays = true, .value = violations },
	{ .title = "lost", .digits = 0, .column = "lost_items",
	  .metric = "acqrel_lost_items",
	  .scale = 1,
	  .help = "Items lost or doubled",
	  .stays = true, .value = lost },
	{ }
};

/**
 * figure_value() - a figure of a cell
 * @figure: which
 * @e: cell
 *
 * Return: the figure; NAN if it is not known, not for this cell, or void.
 */
double figure_value(const struct figure *figure, const struct report_entry *e)
{
	double value;

	if (!figure->stays && verdict_void(e->cell))
		return NAN;
	if (figure->value)
		return figure->value(e);
	memcpy(&value, (const char *)&e->cell->figures + figure->figure,
	       sizeof(value));
	return value;
}
