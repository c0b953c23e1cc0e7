// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_stats.c - acqrel stats
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd.h"
#include "histogram.h"
#include "names.h"
#include "sums.h"

static int bar_width(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_col < 60)
		return 40;
	return size.ws_col - 38;
}

static void print_percentile(const struct acqrel_stats_values *s,
			     unsigned int percent)
{
	int bucket = histogram_percentile(s->hist, percent);
	char name[8], text[64];

	snprintf(name, sizeof(name), "p%u", percent);
	if (bucket < 0) {
		out_na(name, NULL, NULL);
		return;
	}
	out_object(name, NULL);
	out_u64("low_ns", NULL, histogram_low(bucket));
	out_u64("high_ns", NULL, histogram_high(bucket));
	out_end();
	snprintf(text, sizeof(text), "%llu to %llu ns", histogram_low(bucket),
		 histogram_high(bucket));
	out_str(NULL, name, text);
}

static void print_range(const struct acqrel_stats_values *s)
{
	if (!s->count) {
		out_na("mean_ns", NULL, NULL);
		out_na("min_ns", NULL, NULL);
		out_na("max_ns", NULL, NULL);
		return;
	}
	out_double("mean_ns", NULL, (double)s->sum_ns / s->count, 0);
	out_ns(NULL, "mean", s->sum_ns / s->count);
	out_ns("min_ns", "min", s->min_ns);
	out_ns("max_ns", "max", s->max_ns);
}

static void print_block(const struct acqrel_stats_values *s)
{
	static const unsigned int percents[] = { 50, 90, 99 };

	out_u64("count", "count", s->count);
	out_u64("sum_ns", NULL, s->sum_ns);
	print_range(s);
	for (size_t i = 0; i < ARRAY_SIZE(percents); i++)
		print_percentile(s, percents[i]);
	out_u64("retries", "reads repeated", s->retries);
	out_array("hist");
	for (int i = 0; i < ACQREL_HIST_BUCKETS; i++)
		out_u64(NULL, NULL, s->hist[i]);
	out_end();
	bars_draw(s->hist, bar_width());
}

static const char *meaning(unsigned int kind)
{
	return kind == ACQREL_KIND_SCHED_SWITCH ?
		"time on CPU of the task that left" :
		"delay from wake-up until it ran";
}

static void print_each(const struct acqrel_stats_values *stats, size_t n,
		       unsigned int kind, const char *unit)
{
	char title[32];

	snprintf(title, sizeof(title), "per_%s", unit);
	out_array(title);
	for (size_t i = 0; i < n; i++) {
		if (stats[i].kind != kind)
			continue;
		snprintf(title, sizeof(title), "%s %u", unit, stats[i].cpu);
		out_object(NULL, title);
		out_u64(unit, NULL, stats[i].cpu);
		print_block(&stats[i]);
		out_end();
	}
	out_end();
}

static void print_kind(const struct acqrel_stats_values *stats, size_t n,
		       unsigned int kind, const char *each)
{
	struct acqrel_stats_values sum;
	char title[96];

	memset(&sum, 0, sizeof(sum));
	for (size_t i = 0; i < n; i++)
		if (stats[i].kind == kind)
			stats_add(&sum, &stats[i]);
	snprintf(title, sizeof(title), "%s: %s", acqrel_kind_name(kind),
		 meaning(kind));
	out_object(NULL, title);
	out_str("kind", NULL, acqrel_kind_name(kind));
	print_block(&sum);
	if (each)
		print_each(stats, n, kind, each);
	out_end();
	out_text("\n");
}

/**
 * stats_print() - print the stats of each kind
 * @stats: of every CPU or stream and kind
 * @n: how many
 * @each: "cpu" or "stream" to print each of them too, or NULL
 */
void stats_print(const struct acqrel_stats_values *stats, size_t n,
		 const char *each)
{
	out_array("per_kind");
	for (unsigned int i = 0; i < __ACQREL_KIND_COUNT; i++)
		print_kind(stats, n, i, each);
	out_end();
}

/**
 * cmd_stats_show() - print the stats of each kind
 * @args: words
 *
 * Return: exit status.
 */
int cmd_stats_show(struct args *args)
{
	bool per_cpu = false;
	const struct option options[] = {
		{ .name = "--per-cpu", .help = "each CPU too",
		  .flag = &per_cpu },
		{ }
	};
	struct acqrel_stats_values *stats;
	struct acqrel_client *client;
	size_t n;
	int rc;

	if (!args_parse(args, options, 0))
		return args->status;
	client = session_open(&args->status);
	if (!client)
		return args->status;
	rc = acqrel_client_stats(client, &stats, &n);
	if (rc) {
		rc = session_fail(client, rc, "read the stats");
	} else {
		out_str("total_is", NULL,
			"sum of per-CPU snapshots, not one instant");
		out_text("Totals are a sum of per-CPU snapshots, not one instant.\n\n");
		stats_print(stats, n, per_cpu ? "cpu" : NULL);
		free(stats);
	}
	acqrel_client_close(client);
	return rc;
}

const struct command stats_commands[] = {
	{ "show", NULL, "print count, mean and histogram of each kind",
	  cmd_stats_show, NULL },
	{ }
};
