// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lane: filters, sampling, books and stats of one stream.
 */
#include <acqrel/lane.h>

#include "threads.h"

static struct acqrel_lane lane;
static struct acqrel_oring_slot slots[RING_SLOTS_MAX];

/* room for a snapshot with its pids */
static union {
	struct acqrel_config config;
	char room[sizeof(struct acqrel_config) + ACQREL_PIDS_MAX * sizeof(s32)];
} snapshot;

static const struct acqrel_config *config_of(struct acqrel_config_values *v,
					     u64 generation)
{
	check(!acqrel_config_check(v));
	acqrel_config_fill(&snapshot.config, v, generation);
	return &snapshot.config;
}

static unsigned int offer(const struct acqrel_config *c, unsigned int kind,
			  s32 pid, s32 peer, u64 value, unsigned int flags)
{
	struct acqrel_event ev = {
		.kind = kind, .pid = pid, .peer = peer, .value_ns = value,
		.flags = flags,
	};

	return acqrel_lane_offer(&lane, c, &ev);
}

static void account(struct acqrel_account *acc)
{
	u64 popped;

	acqrel_lane_snapshot(&lane, acc, &popped);
	check(acqrel_account_balanced(acc));
	check_eq(acc->head, acc->pushed);
	check_eq(acc->pushed - acc->overwritten - popped,
		 acqrel_oring_fill(&lane.ring));
}

static void init_refuses_other_sizes(void)
{
	check_eq(acqrel_lane_init(&lane, slots, 0), -EINVAL);
	check_eq(acqrel_lane_init(&lane, slots, 3), -EINVAL);
	check_eq(acqrel_lane_init(&lane, slots, 8), 0);
}

static void kinds_filter(void)
{
	struct acqrel_config_values v;
	const struct acqrel_config *c;
	struct acqrel_account acc;
	unsigned int kind, mask;

	acqrel_config_defaults(&v);
	for (mask = 0; mask <= ACQREL_KINDS_ALL; mask++) {
		acqrel_lane_init(&lane, slots, 8);
		v.kinds = mask;
		c = config_of(&v, 1 + mask);
		for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
			check_eq(offer(c, kind, 1, 2, 0, 0),
				 mask & 1U << kind ? ACQREL_VERDICT_PUSHED :
						     ACQREL_FILTER_KIND);
		account(&acc);
		check_eq(acc.offered, __ACQREL_KIND_COUNT);
		check_eq(acc.pushed, __builtin_popcount(mask));
	}
}

static void pids_filter(void)
{
	struct acqrel_config_values v;
	const struct acqrel_config *c;
	struct acqrel_account acc;

	acqrel_lane_init(&lane, slots, 8);
	acqrel_config_defaults(&v);
	v.nr_pids = 2;
	v.pids[0] = 7;
	v.pids[1] = ACQREL_PID_LIMIT;
	c = config_of(&v, 1);
	/* either side is enough */
	check_eq(offer(c, 0, 7, 1, 0, 0), ACQREL_VERDICT_PUSHED);
	check_eq(offer(c, 0, 1, 7, 0, 0), ACQREL_VERDICT_PUSHED);
	check_eq(offer(c, 0, 1, ACQREL_PID_LIMIT, 0, 0), ACQREL_VERDICT_PUSHED);
	check_eq(offer(c, 0, 1, 2, 0, 0), ACQREL_FILTER_PID);
	check_eq(offer(c, 0, 0, -7, 0, 0), ACQREL_FILTER_PID);
	account(&acc);
	check_eq(acc.filtered[ACQREL_FILTER_PID], 2);
}

static void values_filter(void)
{
	struct acqrel_config_values v;
	const struct acqrel_config *c;
	struct acqrel_account acc;

	acqrel_lane_init(&lane, slots, 8);
	acqrel_config_defaults(&v);
	c = config_of(&v, 1);
	check_eq(offer(c, 0, 1, 2, 0, 0), ACQREL_VERDICT_PUSHED);
	v.min_value_ns = 100;
	c = config_of(&v, 2);
	check_eq(offer(c, 0, 1, 2, 99, ACQREL_EVENT_HAS_VALUE),
		 ACQREL_FILTER_VALUE);
	check_eq(offer(c, 0, 1, 2, 100, ACQREL_EVENT_HAS_VALUE),
		 ACQREL_VERDICT_PUSHED);
	check_eq(offer(c, 0, 1, 2, ~0ULL, ACQREL_EVENT_HAS_VALUE),
		 ACQREL_VERDICT_PUSHED);
	/* without a value */
	check_eq(offer(c, 0, 1, 2, 0, 0), ACQREL_FILTER_VALUE);
	account(&acc);
	check_eq(acc.filtered[ACQREL_FILTER_VALUE], 2);
	check_eq(acc.pushed, 3);
}

static void first_reason_counts(void)
{
	struct acqrel_config_values v;
	const struct acqrel_config *c;

	acqrel_lane_init(&lane, slots, 8);
	acqrel_config_defaults(&v);
	v.kinds = 1;
	v.sample_every = 2;
	v.nr_pids = 1;
	v.pids[0] = 7;
	v.min_value_ns = 100;
	c = config_of(&v, 1);
	check_eq(offer(c, 1, 1, 2, 0, 0), ACQREL_FILTER_KIND);
	check_eq(offer(c, 0, 1, 2, 0, 0), ACQREL_FILTER_PID);
	check_eq(offer(c, 0, 1, 2, 0, 0), ACQREL_FILTER_SAMPLE);
	check_eq(offer(c, 0, 7, 2, 0, 0), ACQREL_FILTER_VALUE);
	check_eq(offer(c, 0, 7, 2, 100, 0), ACQREL_FILTER_SAMPLE);
	check_eq(offer(c, 0, 7, 2, 100, 0), ACQREL_VERDICT_PUSHED);
}

static void sampling_is_exact(void)
{
	static const u32 every[] = { 1, 2, 3, 10, 1000, ACQREL_SAMPLE_MAX };
	struct acqrel_config_values v;
	const struct acqrel_config *c;
	unsigned int i, kind;
	bool passes;
	u64 n;

	acqrel_config_defaults(&v);
	for (i = 0; i < ARRAY_SIZE(every); i++) {
		acqrel_lane_init(&lane, slots, 8);
		v.sample_every = every[i];
		c = config_of(&v, 1 + i);
		/* kinds are counted apart: the second comes half as often */
		for (n = 0; n < 4000; n++) {
			kind = n % 3 == 2;
			passes = kind ? n / 3 % every[i] == 0 :
				 (n - n / 3) % every[i] == 0;
			check_eq(offer(c, kind, 1, 2, 0, 0) !=
				 ACQREL_FILTER_SAMPLE, passes);
		}
	}
}

static void sampling_starts_anew_with_each_generation(void)
{
	struct acqrel_config_values v;
	const struct acqrel_config *c;
	unsigned int generation;

	acqrel_lane_init(&lane, slots, 8);
	acqrel_config_defaults(&v);
	v.sample_every = 1000;
	for (generation = 1; generation < 4; generation++) {
		c = config_of(&v, generation);
		check_eq(offer(c, 0, 1, 2, 0, 0), ACQREL_VERDICT_PUSHED);
		check_eq(offer(c, 0, 1, 2, 0, 0), ACQREL_FILTER_SAMPLE);
		/* every kind, not only the one that came first */
		check_eq(offer(c, 2, 1, 2, 0, 0), ACQREL_VERDICT_PUSHED);
	}
}

static void events_come_out_as_they_went_in(void)
{
	struct acqrel_config_values v;
	const struct acqrel_config *c;
	struct acqrel_event in = {
		.kind = 2, .pid = 11, .peer = 12, .value_ns = 13, .cpu = 14,
		.clock_ns = 15, .flags = ACQREL_EVENT_HAS_VALUE,
	};
	struct acqrel_event out[2];

	acqrel_lane_init(&lane, slots, 8);
	acqrel_config_defaults(&v);
	v.sample_every = 2;
	c = config_of(&v, 42);
	acqrel_lane_offer(&lane, c, &in);
	acqrel_lane_offer(&lane, c, &in);
	acqrel_lane_offer(&lane, c, &in);
	check_eq(acqrel_lane_pop(&lane, out, 2), 2);
	check_eq(acqrel_lane_pop(&lane, out, 2), 0);
	check_eq(lane.popped, 2);
	check_eq(out[0].pos, 0);
	check_eq(out[1].pos, 1);
	check_eq(out[0].seq, 0);
	/* the filtered one has a number too */
	check_eq(out[1].seq, 2);
	in.pos = 1;
	in.generation = 42;
	check(!memcmp(&in, &out[1], sizeof(in)));
}

static void stats_hold_the_values_that_passed(void)
{
	struct acqrel_aggregate agg;
	struct acqrel_config_values v;
	const struct acqrel_config *c;
	unsigned int i;

	acqrel_lane_init(&lane, slots, 2);
	acqrel_config_defaults(&v);
	v.min_value_ns = 10;
	c = config_of(&v, 1);
	/* the ring takes two; the values of the dropped count all the same */
	for (i = 8; i < 16; i++)
		offer(c, 1, 1, 2, i, ACQREL_EVENT_HAS_VALUE);
	v.min_value_ns = 0;
	offer(config_of(&v, 2), 1, 1, 2, 0, 0);
	acqrel_stats_read(&lane.stats[1], &agg);
	check_eq(agg.count, 6);
	check_eq(agg.sum, 10 + 11 + 12 + 13 + 14 + 15);
	check_eq(agg.min, 10);
	check_eq(agg.max, 15);
	acqrel_stats_read(&lane.stats[0], &agg);
	check_eq(agg.count, 0);
}

static void full_ring_drops_or_overwrites(void)
{
	struct acqrel_config_values v;
	struct acqrel_account acc;
	const struct acqrel_config *c;
	struct acqrel_event ev;
	unsigned int i;

	acqrel_lane_init(&lane, slots, 4);
	acqrel_config_defaults(&v);
	c = config_of(&v, 1);
	for (i = 0; i < 6; i++)
		check_eq(offer(c, 0, 1, 2, 0, 0), i < 4 ?
			 ACQREL_VERDICT_PUSHED : ACQREL_VERDICT_DROPPED);
	v.policy = ACQREL_POLICY_OVERWRITE_OLDEST;
	c = config_of(&v, 2);
	for (i = 0; i < 3; i++)
		check_eq(offer(c, 0, 1, 2, 0, 0), ACQREL_VERDICT_OVERWROTE);
	account(&acc);
	check_eq(acc.offered, 9);
	check_eq(acc.pushed, 7);
	check_eq(acc.dropped, 2);
	check_eq(acc.overwritten, 3);
	check_eq(acqrel_lane_pop(&lane, &ev, 1), 1);
	check_eq(ev.pos, 3);
	account(&acc);
}

static const struct ktap_test tests[] = {
	{ "init refuses sizes that are no power of two",
	  init_refuses_other_sizes },
	{ "kinds are filtered", kinds_filter },
	{ "pids are filtered, either side passes", pids_filter },
	{ "values are filtered", values_filter },
	{ "the first reason counts", first_reason_counts },
	{ "sampling is exact for each kind", sampling_is_exact },
	{ "sampling starts anew with each generation",
	  sampling_starts_anew_with_each_generation },
	{ "events come out as they went in", events_come_out_as_they_went_in },
	{ "stats hold the values that passed",
	  stats_hold_the_values_that_passed },
	{ "a full ring drops or overwrites", full_ring_drops_or_overwrites },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
