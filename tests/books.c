// SPDX-License-Identifier: GPL-2.0-only
/*
 * The books of a lane: against a model, and under load.
 */
#include <acqrel/lane.h>

#include "threads.h"

#define BATCH		16
#define CONFIGS		4

static struct acqrel_lane lane;
static struct acqrel_oring_slot slots[RING_SLOTS_MAX];

static struct {
	struct acqrel_config config;
	s32 pids[ACQREL_PIDS_MAX];
} configs[CONFIGS];

static void make_configs(struct acqrel_generator *g, int policy)
{
	struct acqrel_config_values v;
	unsigned int i, p;

	for (i = 0; i < CONFIGS; i++) {
		acqrel_config_defaults(&v);
		v.kinds = acqrel_generator_next(g) % 8;
		v.sample_every = 1 + acqrel_generator_next(g) % 3;
		v.min_value_ns = acqrel_generator_next(g) % 64;
		v.policy = policy < 0 ? acqrel_generator_next(g) % 2 :
			   (unsigned int)policy;
		v.nr_pids = i % 2 ? acqrel_generator_next(g) % 65 : 0;
		for (p = 0; p < v.nr_pids; p++)
			v.pids[p] = 1 + acqrel_generator_next(g) %
				    ACQREL_GENERATOR_PIDS;
		/* one that lets all pass */
		if (!i) {
			v.kinds = ACQREL_KINDS_ALL;
			v.sample_every = 1;
			v.min_value_ns = 0;
		}
		acqrel_config_fill(&configs[i].config, &v, i + 1);
	}
}

/* what a lane does, in the plainest way */
struct model {
	struct acqrel_account acc;
	u64 generation;
	u64 since[__ACQREL_KIND_COUNT];	/* events of the generation */
	u64 fill;
	u64 capacity;
};

static bool model_has_pid(const struct acqrel_config *c,
			  const struct acqrel_event *ev)
{
	bool found = !c->nr_pids;
	u32 i;

	for (i = 0; i < c->nr_pids; i++)
		found |= c->pids[i] == ev->pid || c->pids[i] == ev->peer;
	return found;
}

static unsigned int model_filter(struct model *m, const struct acqrel_config *c,
				 const struct acqrel_event *ev)
{
	if (!(c->kinds >> ev->kind & 1))
		return ACQREL_FILTER_KIND;
	if (c->generation != m->generation)
		memset(m->since, 0, sizeof(m->since));
	m->generation = c->generation;
	if (m->since[ev->kind]++ % c->sample_every)
		return ACQREL_FILTER_SAMPLE;
	if (!model_has_pid(c, ev))
		return ACQREL_FILTER_PID;
	if (c->min_value_ns && (!(ev->flags & ACQREL_EVENT_HAS_VALUE) ||
				ev->value_ns < c->min_value_ns))
		return ACQREL_FILTER_VALUE;
	return ACQREL_VERDICT_PUSHED;
}

static unsigned int model_offer(struct model *m, const struct acqrel_config *c,
				const struct acqrel_event *ev)
{
	unsigned int verdict = model_filter(m, c, ev);

	m->acc.offered++;
	if (verdict < __ACQREL_FILTER_COUNT) {
		m->acc.filtered[verdict]++;
		return verdict;
	}
	if (m->fill == m->capacity) {
		if (c->policy == ACQREL_POLICY_DROP_NEWEST) {
			m->acc.dropped++;
			return ACQREL_VERDICT_DROPPED;
		}
		m->acc.overwritten++;
		m->fill--;
		verdict = ACQREL_VERDICT_OVERWROTE;
	}
	m->fill++;
	m->acc.pushed++;
	m->acc.head++;
	return verdict;
}

static void random_against_model(void)
{
	struct model model = { .capacity = 16 };
	const struct acqrel_config *c;
	struct acqrel_generator g, events;
	struct acqrel_event ev, out[BATCH];
	struct acqrel_account acc;
	u64 i, popped, want;

	ktap_seed(&g);
	acqrel_generator_init(&events, acqrel_generator_next(&g), 0);
	acqrel_lane_init(&lane, slots, model.capacity);
	make_configs(&g, -1);
	c = &configs[0].config;
	for (i = 0; i < ktap_scale(400000); i++) {
		if (acqrel_generator_next(&g) % 50 == 0)
			c = &configs[acqrel_generator_next(&g) % CONFIGS].config;
		acqrel_generator_event(&events, &ev);
		check_eq(acqrel_lane_offer(&lane, c, &ev),
			 model_offer(&model, c, &ev));
		if (acqrel_generator_next(&g) % 8 == 0) {
			want = 1 + acqrel_generator_next(&g) % BATCH;
			want = want < model.fill ? want : model.fill;
			check_eq(acqrel_lane_pop(&lane, out, want ? want : 1),
				 want);
			model.fill -= want;
		}
		acqrel_lane_snapshot(&lane, &acc, &popped);
		check(!memcmp(&acc, &model.acc, sizeof(acc)));
		check_eq(acc.pushed - acc.overwritten - popped, model.fill);
	}
}

/* a producer, a consumer and one who looks at the books */
static struct {
	u64 events;
	u64 done ____cacheline_aligned;
	u64 snapshots;
	u64 naive_unbalanced;
	u64 gaps;
} shared;

static void produce(void *arg)
{
	struct acqrel_generator g;
	struct acqrel_event ev;
	u64 i;

	(void)arg;
	ktap_seed(&g);
	for (i = 0; i < shared.events; i++) {
		acqrel_generator_event(&g, &ev);
		acqrel_lane_offer(&lane, &configs[i / 4096 % CONFIGS].config,
				  &ev);
		if (i % 128 == 0)
			threads_pause();
	}
	progress_set(&shared.done, 1);
}

static void consume(void *arg)
{
	struct acqrel_event out[BATCH];
	unsigned int got, i, spins = 0;
	u64 done, next = 0;

	(void)arg;
	do {
		done = progress_get(&shared.done);
		got = acqrel_lane_pop(&lane, out, BATCH);
		for (i = 0; i < got; i++) {
			check(out[i].pos >= next);
			shared.gaps += out[i].pos - next;
			next = out[i].pos + 1;
		}
		if (!got)
			threads_wait(&spins);
	} while (got || !done);
}

static void check_snapshot(void)
{
	struct acqrel_account acc;
	u64 before, after;

	acqrel_lane_snapshot(&lane, &acc, &before);
	after = READ_ONCE(lane.popped);
	check(acqrel_account_balanced(&acc));
	check_eq(acc.head, acc.pushed);
	/* what was popped before is pushed, and not overwritten */
	check((s64)(acc.pushed - acc.overwritten - before) >= 0);
	/* what the ring cannot hold has been popped by now or is in hand */
	check((s64)(acc.pushed - acc.overwritten - after) <=
	      (s64)(lane.ring.mask + 1 + BATCH));
}

static void look(void *arg)
{
	struct acqrel_account acc;

	(void)arg;
	while (!progress_get(&shared.done)) {
		check_snapshot();
		shared.snapshots++;
		acqrel_books_read_naive(&lane.books, &acc);
		shared.naive_unbalanced += !acqrel_account_balanced(&acc);
	}
}

static void run_under_load(u64 entries, int policy)
{
	struct threads_one table[] = {
		{ .run = produce }, { .run = consume }, { .run = look },
	};
	struct acqrel_generator g;
	struct acqrel_account acc;
	u64 popped;

	ktap_seed(&g);
	make_configs(&g, policy);
	acqrel_lane_init(&lane, slots, entries);
	shared.done = 0;
	shared.gaps = 0;
	threads_run(table, ARRAY_SIZE(table));

	/* at rest everything is exact */
	acqrel_lane_snapshot(&lane, &acc, &popped);
	check_eq(acc.offered, shared.events);
	check(acqrel_account_balanced(&acc));
	check_eq(acc.pushed - acc.overwritten, popped);
	check_eq(acqrel_oring_fill(&lane.ring), 0);
	check(shared.gaps <= acc.overwritten);
	check(policy == ACQREL_POLICY_OVERWRITE_OLDEST || !acc.overwritten);
	check(policy == ACQREL_POLICY_DROP_NEWEST || !acc.dropped);
}

static void balance_under_load(void)
{
	static const u64 sizes[] = { 1, 16, 1024 };
	unsigned int rounds = 0, i;
	int policy;

	shared.events = ktap_scale(2000000);
	shared.snapshots = 0;
	shared.naive_unbalanced = 0;
	/* at least once the books read without the counter must be wrong */
	do {
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			for (policy = 0; policy < __ACQREL_POLICY_COUNT; policy++)
				run_under_load(sizes[i], policy);
	} while (!shared.naive_unbalanced && ++rounds < 20);
	check(shared.snapshots > 0);
	check(shared.naive_unbalanced > 0);
	printf("# %llu snapshots balanced; without the counter %llu did not\n",
	       shared.snapshots, shared.naive_unbalanced);
}

static const struct ktap_test tests[] = {
	{ "random events against a model", random_against_model },
	{ "threads: books balance in every snapshot", balance_under_load },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
