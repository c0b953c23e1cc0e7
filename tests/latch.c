// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sequence latch: two copies, readers that never wait.
 */
#include <acqrel/latch.h>

#include "threads.h"

#define WORDS	8

static struct acqrel_latch latch;
static u64 copies[2][WORDS];
static u64 written;

static void fill(u64 *copy, u64 value)
{
	unsigned int i;

	for (i = 0; i < WORDS; i++)
		WRITE_ONCE(copy[i], value);
}

static void write_one(u64 value)
{
	acqrel_latch_turn(&latch);
	fill(copies[0], value);
	acqrel_latch_turn(&latch);
	fill(copies[1], value);
}

static void reset(void)
{
	latch.sequence = 0;
	fill(copies[0], 0);
	fill(copies[1], 0);
}

static bool read_whole(u64 *value)
{
	u64 start = acqrel_latch_begin(&latch);
	const u64 *copy = copies[start & 1];
	bool same = true;
	unsigned int i;

	*value = READ_ONCE(copy[0]);
	for (i = 1; i < WORDS; i++)
		same &= READ_ONCE(copy[i]) == *value;
	if (acqrel_latch_retry(&latch, start))
		return false;
	check(same);
	return true;
}

static void readers_take_the_copy_at_rest(void)
{
	u64 value;

	reset();
	write_one(1);
	check(read_whole(&value));
	check_eq(value, 1);

	/* the writer stops in the midst of copy 0, then of copy 1 */
	acqrel_latch_turn(&latch);
	WRITE_ONCE(copies[0][0], 2);
	check(read_whole(&value));
	check_eq(value, 1);
	fill(copies[0], 2);
	acqrel_latch_turn(&latch);
	WRITE_ONCE(copies[1][0], 2);
	check(read_whole(&value));
	check_eq(value, 2);
}

static void a_turn_makes_readers_repeat(void)
{
	u64 start;

	reset();
	start = acqrel_latch_begin(&latch);
	check(!acqrel_latch_retry(&latch, start));
	acqrel_latch_turn(&latch);
	check(acqrel_latch_retry(&latch, start));
}

static void writer(void *arg)
{
	u64 i, n = ktap_scale(50000);

	for (i = 1; i <= n; i++) {
		write_one(i);
		threads_pause();
	}
	progress_set(&written, *(u64 *)arg);
}

static void reader(void *arg)
{
	u64 value, seen = 0, whole = 0;

	while (!progress_get(&written)) {
		if (!read_whole(&value))
			continue;
		whole++;
		check(value >= seen);
		seen = value;
	}
	*(u64 *)arg = whole;
}

static void readers_beside_a_writer_see_whole_copies(void)
{
	unsigned int rounds = 0;
	u64 one = 1, whole[2];
	struct threads_one table[] = {
		{ .run = writer, .arg = &one },
		{ .run = reader, .arg = &whole[0] },
		{ .run = reader, .arg = &whole[1] },
	};

	/* the readers may all come late */
	do {
		reset();
		written = 0;
		threads_run(table, ARRAY_SIZE(table));
	} while (!whole[0] && !whole[1] && ++rounds < 50);
	check(whole[0] + whole[1] > 0);
}

static const struct ktap_test tests[] = {
	{ "readers take the copy at rest", readers_take_the_copy_at_rest },
	{ "a turn makes readers repeat", a_turn_makes_readers_repeat },
	{ "readers beside a writer see whole copies",
	  readers_beside_a_writer_see_whole_copies },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
