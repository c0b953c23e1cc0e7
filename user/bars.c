// SPDX-License-Identifier: GPL-2.0-only
/*
 * bars.c - a log2 histogram drawn in text
 */
#include <stdio.h>

#include "histogram.h"
#include "out.h"

#define BAR_MAX	60

static const char *bound(__u64 ns, char *text, size_t size)
{
	static const char *const units[] = { "", "Ki", "Mi", "Gi", "Ti", "Pi" };
	unsigned int unit = 0;

	while (unit < 5 && ns >= 1024 && !(ns & 1023)) {
		ns >>= 10;
		unit++;
	}
	snprintf(text, size, "%llu%s", ns, units[unit]);
	return text;
}

static void draw_bucket(unsigned int bucket, __u64 n, __u64 most, int width)
{
	static const char bar[] =
		"############################################################";
	char low[24], high[24];
	int len = (double)n * width / most;

	if (n && !len)
		len = 1;
	if (bucket)
		out_text("  %7s ..%7s ns %12llu |%.*s\n",
			 bound(histogram_low(bucket), low, sizeof(low)),
			 bucket == ACQREL_HIST_BUCKETS - 1 ? "" :
			 bound(histogram_high(bucket) + 1, high, sizeof(high)),
			 n, len, bar);
	else
		out_text("  %18s ns %12llu |%.*s\n", "0", n, len, bar);
}

/**
 * bars_draw() - draw bars, from the first bucket in use to the last
 * @hist: counts
 * @width: of the longest bar, at most 60
 */
void bars_draw(const __u64 *hist, int width)
{
	int first = histogram_percentile(hist, 1);
	int last = histogram_percentile(hist, 100);
	__u64 most = 0;

	if (first < 0)
		return;
	for (int i = 0; i < ACQREL_HIST_BUCKETS; i++) {
		if (hist[i] && i < first)
			first = i;
		if (hist[i] > most)
			most = hist[i];
	}
	for (int i = first; i <= last; i++)
		draw_bucket(i, hist[i], most, width < BAR_MAX ? width :
			    BAR_MAX);
}
