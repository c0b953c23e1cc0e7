// SPDX-License-Identifier: GPL-2.0-only
/*
 * Figures made of raw numbers: overlap, times, ratios, percentiles, and what
 * pipeline verify compares.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "compare.h"
#include "histogram.h"
#include "ktap.h"
#include "sums.h"
#include "verify.h"

static bool near(double a, double b)
{
	return fabs(a - b) * 1e9 < 1;
}

static struct acqrel_sample span(__u64 start, __u64 end)
{
	return (struct acqrel_sample){
		.deadline_ns = 100, .start_ns = start, .end_ns = end
	};
}

static void overlap(void)
{
	struct acqrel_sample whole[] = { span(100, 200), span(100, 200) };
	struct acqrel_sample late[] = { span(100, 200), span(110, 200) };
	struct acqrel_sample part[] = {
		span(100, 190), span(110, 200), span(105, 195)
	};
	struct acqrel_sample apart[] = { span(100, 150), span(150, 200) };
	struct acqrel_sample none[] = { span(100, 100) };
	struct acqrel_sample alone[] = { span(125, 200) };
	struct acqrel_sample early[] = { span(90, 200), span(100, 200) };

	check(near(compare_overlap(whole, 2), 1));
	check(near(compare_overlap(whole, 1), 1));
	check(near(compare_overlap(late, 2), 0.9));
	check(near(compare_overlap(part, 3), 0.8));
	check(near(compare_overlap(apart, 2), 0));
	check(near(compare_overlap(none, 1), 0));
	check(near(compare_overlap(alone, 1), 0.75));
	check(near(compare_overlap(early, 2), 100.0 / 110));
}

static void time_of_an_operation(void)
{
	struct acqrel_sample samples[] = {
		{ .busy_ns = 1000, .ops = 100 },
		{ .busy_ns = 3000, .ops = 100 },
		{ .busy_ns = 9999 },	/* load only */
		{ .busy_ns = 2000, .failed = 50 },
	};

	check(near(compare_ns(samples, 2), 20));
	check(near(compare_ns(samples, 3), 20));
	check(isnan(compare_ns(&samples[2], 1)));
	/* what fails in vain takes its time */
	check(near(compare_ns(samples, 4), 30));
	check(isnan(compare_ns(&samples[3], 1)));
}

static void attempts_for_an_operation(void)
{
	struct acqrel_sample samples[] = {
		{ .ops = 100 },
		{ .ops = 100, .failed = 100 },
		{ .busy_ns = 9999 },	/* load only */
		{ .failed = 100 },
	};

	check(near(compare_attempts(samples, 1), 1));
	check(near(compare_attempts(samples, 2), 1.5));
	check(near(compare_attempts(samples, 3), 1.5));
	check(near(compare_attempts(samples, 4), 2));
	check(isnan(compare_attempts(&samples[3], 1)));
}

#define BLOCKS	4
#define SLICES	(2 * BLOCKS)

struct fake {
	struct compare_arm arm;
	struct compare_slice slices[SLICES];
	struct acqrel_sample samples[SLICES];
};

/* An arm with one thread; slice i takes ns[i] for an operation. */
static void fake(struct fake *fake, const struct compare_arm *empty,
		 const double *ns)
{
	memset(fake, 0, sizeof(*fake));
	fake->arm.threads = 1;
	fake->arm.slices = fake->slices;
	fake->arm.nslices = SLICES;
	fake->arm.empty = empty ? empty : &fake->arm;
	for (unsigned int i = 0; i < SLICES; i++) {
		fake->slices[i].block = i / 2;
		fake->slices[i].overlap = 1;
		fake->slices[i].ns = ns[i];
		fake->slices[i].attempts = 1;
		fake->slices[i].samples = &fake->samples[i];
		fake->samples[i].ops = 100;
	}
}

static const double ones[] = { 1, 1, 1, 1, 1, 1, 1, 1 };
static const double fives[] = { 5, 5, 5, 5, 5, 5, 5, 5 };
static const double threes[] = { 3, 3, 3, 3, 3, 3, 3, 3 };

static void figures_of_an_arm(void)
{
	static struct fake empty, arm;

	fake(&empty, NULL, ones);
	fake(&arm, &empty.arm, fives);
	arm.slices[3].ns = NAN;
	arm.slices[4].ns = 1000;
	arm.slices[5].overlap = 0.94;
	arm.samples[6].switches = 2;
	arm.samples[7].failed = 800;
	check_eq(compare_figures(&arm.arm), 0);
	check(near(arm.arm.raw_ns, 5));
	check(near(arm.arm.net_ns, 4));
	check(near(arm.arm.overlap, 1));
	check(near(arm.arm.failed, 0.5));
	check_eq(arm.arm.marked, 1);
	check_eq(arm.arm.switched, 1);
	check(!compare_refused(&arm.arm));
	check(!compare_doubtful(&arm.arm));
	check_eq(compare_figures(&empty.arm), 0);
	check(near(empty.arm.net_ns, 1));
}

static void too_little_overlap_is_refused(void)
{
	static struct fake arm;

	fake(&arm, NULL, ones);
	for (int i = 0; i < SLICES; i++)
		arm.slices[i].overlap = i < 5 ? 0.89 : 1;
	check_eq(compare_figures(&arm.arm), 0);
	check(compare_refused(&arm.arm));
	check_eq(arm.arm.marked, 5);
	arm.arm.nslices = 0;
	check_eq(compare_figures(&arm.arm), -ENODATA);
}

/* An arm may be kept and yet be no ground for a verdict. */
static void many_marks_are_doubtful(void)
{
	static struct fake arm;

	fake(&arm, NULL, ones);
	for (int i = 0; i < SLICES / 2; i++)
		arm.slices[i].overlap = 0.94;
	check_eq(compare_figures(&arm.arm), 0);
	check(!compare_doubtful(&arm.arm));
	fake(&arm, NULL, ones);
	for (int i = 0; i < SLICES / 2 + 1; i++)
		arm.slices[i].overlap = 0.94;
	check_eq(compare_figures(&arm.arm), 0);
	check(compare_doubtful(&arm.arm));
	check(!compare_refused(&arm.arm));
}

static void ratio_is_of_net_times(void)
{
	static struct fake empty, kernel, user;
	struct compare_ratio ratio;
	__u64 state = 1;

	fake(&empty, NULL, ones);
	fake(&kernel, &empty.arm, fives);
	fake(&user, &empty.arm, threes);
	check_eq(compare_ratio(&kernel.arm, &user.arm, BLOCKS, &state, &ratio),
		 0);
	check(near(ratio.ratio.mid, 2));
	check(near(ratio.ratio.low, 2));
	check(near(ratio.ratio.high, 2));
	check_eq(ratio.blocks, BLOCKS);
}

/* The loop ran for what failed too. */
static void empty_loop_is_in_every_attempt(void)
{
	static struct fake empty, kernel, user;
	struct compare_ratio ratio;
	__u64 state = 1;

	fake(&empty, NULL, ones);
	fake(&kernel, &empty.arm, fives);
	fake(&user, &empty.arm, threes);
	for (int i = 0; i < SLICES; i++)
		kernel.slices[i].attempts = 3;
	check_eq(compare_figures(&kernel.arm), 0);
	check(near(kernel.arm.raw_ns, 5));
	check(near(kernel.arm.net_ns, 2));
	check_eq(compare_ratio(&kernel.arm, &user.arm, BLOCKS, &state, &ratio),
		 0);
	check(near(ratio.ratio.mid, 1));
}

/* A drift that hits both arms of a block must cancel. */
static void ratio_is_paired(void)
{
	static struct fake empty, kernel, user;
	double slow[SLICES], fast[SLICES], none[SLICES] = { 0 };
	struct compare_ratio ratio;
	__u64 state = 1;

	for (int i = 0; i < SLICES; i++) {
		fast[i] = 10 << (i / 2);
		slow[i] = 3 * fast[i];
	}
	fake(&empty, NULL, none);
	fake(&kernel, &empty.arm, slow);
	fake(&user, &empty.arm, fast);
	check_eq(compare_ratio(&kernel.arm, &user.arm, BLOCKS, &state, &ratio),
		 0);
	check(near(ratio.ratio.low, 3) && near(ratio.ratio.high, 3));
}

static void ratio_needs_half_the_blocks(void)
{
	static struct fake empty, kernel, user;
	struct compare_ratio ratio;
	__u64 state = 1;

	fake(&empty, NULL, ones);
	fake(&kernel, &empty.arm, fives);
	fake(&user, &empty.arm, threes);
	for (int i = 0; i < 4; i++)
		user.slices[i].ns = 1;
	check_eq(compare_ratio(&kernel.arm, &user.arm, BLOCKS, &state, &ratio),
		 0);
	check_eq(ratio.blocks, 2);
	user.slices[4].ns = NAN;
	check_eq(compare_ratio(&kernel.arm, &user.arm, BLOCKS, &state, &ratio),
		 -ENODATA);
}

static void bounds_of_buckets(void)
{
	check_eq(histogram_low(0), 0);
	check_eq(histogram_high(0), 0);
	check_eq(histogram_low(64), 1ULL << 63);
	check_eq(histogram_high(64), ~0ULL);
	for (unsigned int i = 1; i < ACQREL_HIST_BUCKETS; i++)
		check_eq(histogram_low(i), histogram_high(i - 1) + 1);
}

static void percentiles(void)
{
	__u64 hist[ACQREL_HIST_BUCKETS] = { 0 };

	check_eq(histogram_percentile(hist, 50), -1);
	hist[7] = 1;
	check_eq(histogram_percentile(hist, 1), 7);
	check_eq(histogram_percentile(hist, 100), 7);
	hist[7] = 50;
	hist[9] = 49;
	hist[64] = 1;
	check_eq(histogram_percentile(hist, 50), 7);
	check_eq(histogram_percentile(hist, 51), 9);
	check_eq(histogram_percentile(hist, 99), 9);
	check_eq(histogram_percentile(hist, 100), 64);
	/* A sum times 100 would not fit. */
	hist[7] = 1ULL << 62;
	hist[9] = 1ULL << 62;
	check_eq(histogram_percentile(hist, 49), 7);
	check_eq(histogram_percentile(hist, 51), 9);
}

static void sum_of_stats(void)
{
	struct acqrel_stats_values sum = { 0 }, none = { .min_ns = 77 };
	struct acqrel_stats_values one = {
		.count = 1, .sum_ns = 9, .min_ns = 9, .max_ns = 9,
	};
	struct acqrel_stats_values two = {
		.count = 2, .sum_ns = 14, .min_ns = 4, .max_ns = 10,
	};

	one.hist[4] = 1;
	two.hist[4] = 2;
	stats_add(&sum, &none);
	stats_add(&sum, &one);
	stats_add(&sum, &two);
	check_eq(sum.count, 3);
	check_eq(sum.sum_ns, 23);
	check_eq(sum.min_ns, 4);
	check_eq(sum.max_ns, 10);
	check_eq(sum.hist[4], 3);
}

static const unsigned int cpus[] = { 0, 2 };
static struct acqrel_ring_values rings[3];
static struct acqrel_stats_values stats[3 * __ACQREL_KIND_COUNT];
static struct acqrel_counter_values counters[2];
static struct acqrel_pipeline_stream streams[2];

static const struct verify_kernel kernel = {
	.rings = rings,
	.stats = stats,
	.counters = counters,
	.nrings = ARRAY_SIZE(rings),
	.nstats = ARRAY_SIZE(stats),
	.ncounters = ARRAY_SIZE(counters),
	.cpus = cpus,
};

static struct acqrel_pipeline_result user = {
	.streams = streams,
	.nstreams = ARRAY_SIZE(streams),
};

static char different[64];

static void report(const char *where, const char *what, __u64 k, __u64 u)
{
	check(k != u);
	if (!*different)
		snprintf(different, sizeof(different), "%s: %s", where, what);
}

/* CPU 1 is without a stream; 0 and 2 are streams 0 and 1. */
static void same_worlds(void)
{
	memset(rings, 0, sizeof(rings));
	memset(stats, 0, sizeof(stats));
	memset(streams, 0, sizeof(streams));
	for (unsigned int i = 0; i < 3; i++)
		rings[i].cpu = i;
	for (unsigned int i = 0; i < ARRAY_SIZE(stats); i++) {
		stats[i].cpu = i / __ACQREL_KIND_COUNT;
		stats[i].kind = i % __ACQREL_KIND_COUNT;
	}
	rings[2].account.offered = 10;
	streams[1].ring.account.offered = 10;
	counters[0] = (struct acqrel_counter_values){ .total = true,
						      .value = 4 };
	counters[1] = (struct acqrel_counter_values){ .cpu = 2, .value = 4 };
	user.counters[ACQREL_COUNTER_PASSED_SWITCH] = 4;
	user.counters[ACQREL_COUNTER_READER_WOKEN] = 99;
}

static unsigned int differences(void)
{
	struct verify_result result = { .report = report };

	*different = '\0';
	verify_worlds(&kernel, &user, &result);
	check(result.compared > 600);
	return result.different;
}

static void worlds_agree(void)
{
	same_worlds();
	check_eq(differences(), 0);
}

/* A difference on a CPU shows there and in the total. */
static void check_found(void *value, const char *where)
{
	same_worlds();
	++*(unsigned char *)value;
	check(differences() >= 1);
	check(!strncmp(different, where, strlen(where)));
}

static void worlds_differ(void)
{
	check_found(&rings[2].account.offered, "CPU 2, stream 1: offered");
	check_found(&rings[0].account.filtered[ACQREL_FILTER_PID],
		    "CPU 0, stream 0: filtered_pid");
	check_found(&rings[0].account.pushed, "CPU 0, stream 0: pushed");
	check_found(&rings[0].account.dropped, "CPU 0, stream 0: dropped");
	check_found(&rings[0].account.overwritten, "CPU 0");
	check_found(&rings[0].account.head, "CPU 0, stream 0: head");
	check_found(&rings[0].fill, "CPU 0, stream 0: fill");
	check_found(&stats[0].count, "CPU 0, stream 0: sched_switch count");
	check_found(&stats[1].sum_ns, "CPU 0, stream 0: sched_wakeup sum_ns");
	check_found(&streams[0].stats[2].hist[64],
		    "CPU 0, stream 0: sched_wakeup_new bucket 64");
	check_found(&counters[0].value, "total: passed_sched_switch");
}

static void worlds_differ_in_extremes(void)
{
	same_worlds();
	stats[0].count = 1;
	streams[0].stats[0].count = 1;
	check_eq(differences(), 0);
	stats[0].min_ns = 1;
	check(differences() >= 1);
	stats[0].min_ns = 0;
	streams[0].stats[0].max_ns = 1;
	check(differences() >= 1);
}

static void event_without_a_stream_is_found(void)
{
	check_found(&rings[1].account.offered, "total: offered");
	check_found(&stats[3].hist[5], "total: sched_switch bucket 5");
}

static const struct ktap_test tests[] = {
	{ "overlap of a slice", overlap },
	{ "time of an operation", time_of_an_operation },
	{ "attempts for an operation", attempts_for_an_operation },
	{ "figures of an arm", figures_of_an_arm },
	{ "too little overlap is refused", too_little_overlap_is_refused },
	{ "many marks are doubtful", many_marks_are_doubtful },
	{ "a ratio is of net times", ratio_is_of_net_times },
	{ "the empty loop is in every attempt",
	  empty_loop_is_in_every_attempt },
	{ "a ratio is paired", ratio_is_paired },
	{ "a ratio needs half the blocks", ratio_needs_half_the_blocks },
	{ "bounds of buckets", bounds_of_buckets },
	{ "percentiles", percentiles },
	{ "sum of stats", sum_of_stats },
	{ "worlds agree", worlds_agree },
	{ "worlds differ", worlds_differ },
	{ "worlds differ in extremes", worlds_differ_in_extremes },
	{ "an event without a stream is found",
	  event_without_a_stream_is_found },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
