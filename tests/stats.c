// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sequence counter and the stats behind it.
 */
#include <acqrel/stats.h>

#include "threads.h"

static struct acqrel_stats stats;

static void buckets(void)
{
	unsigned int b;

	check_eq(acqrel_hist_bucket(0), 0);
	check_eq(acqrel_hist_bucket(1), 1);
	check_eq(acqrel_hist_bucket(2), 2);
	check_eq(acqrel_hist_bucket(3), 2);
	check_eq(acqrel_hist_bucket(1ULL << 63), 64);
	check_eq(acqrel_hist_bucket(~0ULL), 64);
	check_eq(ACQREL_HIST_BUCKETS, 65);
	for (b = 1; b < ACQREL_HIST_BUCKETS; b++) {
		check_eq(acqrel_hist_bucket(1ULL << (b - 1)), b);
		check_eq(acqrel_hist_bucket((2ULL << (b - 1)) - 1), b);
	}
}

static void empty_block(void)
{
	struct acqrel_aggregate copy;
	unsigned int b;

	memset(&stats, 0x55, sizeof(stats));
	stats.seq.sequence = 0;
	acqrel_stats_init(&stats);
	check_eq(acqrel_stats_read(&stats, &copy), 0);
	check_eq(copy.count, 0);
	check_eq(copy.sum, 0);
	check_eq(copy.min, ~0ULL);
	check_eq(copy.max, 0);
	for (b = 0; b < ACQREL_HIST_BUCKETS; b++)
		check_eq(copy.hist[b], 0);
}

static void extreme_values(void)
{
	static const u64 values[] = { 0, 1, 1ULL << 63, ~0ULL };
	struct acqrel_aggregate copy;
	unsigned int i;

	acqrel_stats_init(&stats);
	acqrel_stats_add(&stats, 5);
	acqrel_stats_read(&stats, &copy);
	check_eq(copy.min, 5);
	check_eq(copy.max, 5);
	for (i = 0; i < ARRAY_SIZE(values); i++)
		acqrel_stats_add(&stats, values[i]);
	acqrel_stats_read(&stats, &copy);
	check_eq(copy.count, 5);
	/* modulo 2^64 */
	check_eq(copy.sum, 5 + 0 + 1 + (1ULL << 63) + ~0ULL);
	check_eq(copy.min, 0);
	check_eq(copy.max, ~0ULL);
	check_eq(copy.hist[0], 1);
	check_eq(copy.hist[1], 1);
	check_eq(copy.hist[3], 1);
	check_eq(copy.hist[64], 2);
}

static void model_add(struct acqrel_aggregate *m, u64 value)
{
	unsigned int b = 0;

	m->count++;
	m->sum += value;
	m->min = value < m->min ? value : m->min;
	m->max = value > m->max ? value : m->max;
	for (; value; value /= 2)
		b++;
	m->hist[b]++;
}

static void random_against_model(void)
{
	struct acqrel_aggregate model = { .min = ~0ULL }, copy;
	struct acqrel_generator g;
	u64 i, value;

	ktap_seed(&g);
	acqrel_stats_init(&stats);
	for (i = 0; i < ktap_scale(200000); i++) {
		value = acqrel_generator_next(&g);
		value >>= acqrel_generator_next(&g) % 64;
		acqrel_stats_add(&stats, value);
		model_add(&model, value);
		check_eq(acqrel_stats_read(&stats, &copy), 0);
		check(!memcmp(&model, &copy, sizeof(copy)));
	}
}

static void counter_judges_copies(void)
{
	struct acqrel_seqcount s = { .sequence = ~0ULL - 1 };
	u64 before, inside;

	before = acqrel_read_begin(&s);
	check(!acqrel_read_retry(&s, before));
	acqrel_write_begin(&s);
	inside = acqrel_read_begin(&s);
	/* begun before the section, begun inside it */
	check(acqrel_read_retry(&s, before));
	check(acqrel_read_retry(&s, inside));
	acqrel_write_end(&s);
	check(acqrel_read_retry(&s, before));
	check(acqrel_read_retry(&s, inside));
	check(!acqrel_read_retry(&s, acqrel_read_begin(&s)));
}

/*
 * A writer beside readers. All values are the same, so that a whole copy is
 * known by its count; the block is emptied now and then.
 */
#define VALUE	(3ULL << 40)

static struct {
	u64 writes;
	u64 done ____cacheline_aligned;
	u64 naive_torn ____cacheline_aligned;
	u64 reads;
	u64 retries;
} shared;

static void write_block(void *arg)
{
	u64 i;

	(void)arg;
	for (i = 0; i < shared.writes; i++) {
		if (i % 1000 == 999)
			acqrel_stats_init(&stats);
		else
			acqrel_stats_add(&stats, VALUE);
		if (i % 64 == 0)
			threads_pause();
	}
	progress_set(&shared.done, 1);
}

static bool whole(const struct acqrel_aggregate *a)
{
	unsigned int b;
	u64 in_hist = 0;

	for (b = 0; b < ACQREL_HIST_BUCKETS; b++)
		in_hist += a->hist[b];
	return a->sum == a->count * VALUE &&
	       in_hist == a->count &&
	       a->hist[acqrel_hist_bucket(VALUE)] == a->count &&
	       a->min == (a->count ? VALUE : ~0ULL) &&
	       a->max == (a->count ? VALUE : 0);
}

static void read_naive(struct acqrel_aggregate *to)
{
	const u64 *from = (const u64 *)&stats.agg;
	unsigned int i;

	for (i = 0; i < ACQREL_AGGREGATE_WORDS; i++)
		((u64 *)to)[i] = READ_ONCE(from[i]);
}

static void read_block(void *arg)
{
	struct acqrel_aggregate copy;
	u64 retries = 0, reads = 0, torn = 0;

	(void)arg;
	while (!progress_get(&shared.done)) {
		retries += acqrel_stats_read(&stats, &copy);
		check(whole(&copy));
		reads++;
		read_naive(&copy);
		torn += !whole(&copy);
	}
	__atomic_fetch_add(&shared.retries, retries, __ATOMIC_RELAXED);
	__atomic_fetch_add(&shared.reads, reads, __ATOMIC_RELAXED);
	__atomic_fetch_add(&shared.naive_torn, torn, __ATOMIC_RELAXED);
}

static void no_reader_sees_a_torn_copy(void)
{
	struct threads_one table[] = {
		{ .run = write_block }, { .run = read_block },
		{ .run = read_block },
	};
	unsigned int rounds = 0;

	shared.reads = 0;
	shared.retries = 0;
	shared.naive_torn = 0;
	shared.writes = ktap_scale(1000000);
	/* at least once the copy beside it must have been torn */
	do {
		acqrel_stats_init(&stats);
		shared.done = 0;
		threads_run(table, ARRAY_SIZE(table));
	} while (!shared.naive_torn && ++rounds < 50);
	check(shared.naive_torn > 0);
	check(shared.reads > 0);
	printf("# %llu whole copies, %llu retries, %llu torn without the counter\n",
	       shared.reads, shared.retries, shared.naive_torn);
}

static const struct ktap_test tests[] = {
	{ "histogram buckets", buckets },
	{ "an empty block", empty_block },
	{ "extreme values", extreme_values },
	{ "random values against a model", random_against_model },
	{ "the counter judges copies, also when it wraps",
	  counter_judges_copies },
	{ "threads: no reader sees a torn copy", no_reader_sees_a_torn_copy },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
