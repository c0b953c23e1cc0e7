/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A round of a litmus test, and what becomes of it: where the locations are,
 * how the threads are moved against each other, and what was counted.
 *
 * Each thread calls acqrel_litmus_thread_run(). The first one plans a round
 * while the others wait, and counts what it made.
 *
 * Edges:
 *
 *	litmus.gate	what a thread did, store-release of its gate ->
 *			load-acquire of the gate in the others, what they do
 */
#ifndef ACQREL_LITMUS_ROUND_H
#define ACQREL_LITMUS_ROUND_H

#include <acqrel/generator.h>
#include <acqrel/litmus.h>

#define ACQREL_LITMUS_OUTCOMES	128	/* of a test, at most */
#define ACQREL_LITMUS_MARGIN	1024	/* at first */
#define ACQREL_LITMUS_MARGIN_MAX 65536
#define ACQREL_LITMUS_SWEEP_BITS 9
#define ACQREL_LITMUS_LINE	64
#define ACQREL_LITMUS_PAGE	4096

/**
 * struct acqrel_litmus_tally - what was counted
 * @trials: instances that were run
 * @overlapped: of these, at one time all threads were in their bodies
 * @touched: at one time two of them were
 * @first: instances that each thread began before the others
 * @outcomes: as acqrel_litmus_outcome() makes them
 * @counts: how often each was seen, 0: a free place
 */
struct acqrel_litmus_tally {
	u64 trials;
	u64 overlapped;
	u64 touched;
	u64 first[ACQREL_LITMUS_THREADS];
	u64 outcomes[ACQREL_LITMUS_OUTCOMES];
	u64 counts[ACQREL_LITMUS_OUTCOMES];
};

/**
 * struct acqrel_litmus_run - a run of a test on some CPUs
 * @test: the test
 * @trials: how many are wanted
 * @stop: set by anybody: this is the last round
 * @random: where chance comes from
 * @round: of the threads
 * @tally: what was counted so far
 */
struct acqrel_litmus_run {
	const struct acqrel_litmus_test *test;
	u64 trials;
	bool stop;
	struct acqrel_generator random;
	struct acqrel_litmus_round round;
	struct acqrel_litmus_tally tally;
};

static inline u32 acqrel_litmus_chance(struct acqrel_litmus_run *run, u32 n)
{
	return (u32)((acqrel_generator_next(&run->random) >> 32) * n >> 32);
}

/* all threads have come here; what they did before is seen after */
static inline void acqrel_litmus_gate(struct acqrel_litmus_thread *t)
{
	const struct acqrel_litmus_round *round = t->round;
	u32 i, looks = 0, gate = t->gate + 1;

	/* pairs with the load below, in another thread: litmus.gate */
	smp_store_release(&t->gate, gate);
	for (i = 0; i < round->n; i++)
		/* pairs with the store above: litmus.gate */
		while ((s32)(smp_load_acquire(&round->threads[i].gate) -
			     gate) < 0)
			acqrel_litmus_wait(round, &looks);
}

static inline void acqrel_litmus_swap(u32 *a, u32 *b)
{
	u32 c = *a;

	*a = *b;
	*b = c;
}

/*
 * All in one line, in lines that follow each other, or in pages of their own;
 * in an order that chance has made.
 */
static inline void acqrel_litmus_place(struct acqrel_litmus_run *run)
{
	struct acqrel_litmus_round *round = &run->round;
	u32 apart, i, n = ACQREL_LITMUS_LOCATIONS;

	switch (acqrel_litmus_chance(run, 8)) {
	case 0:
		apart = sizeof(u64);
		round->stride = ACQREL_LITMUS_LINE;
		break;
	case 1:
		round->stride = ACQREL_LITMUS_LINE;
		apart = round->instances * ACQREL_LITMUS_LINE +
			ACQREL_LITMUS_PAGE;
		break;
	default:
		apart = ACQREL_LITMUS_LINE *
			(1 + acqrel_litmus_chance(run, 2));
		round->stride = n * apart;
	}
	for (i = 0; i < n; i++)
		round->at[i] = i * apart;
	for (i = n - 1; i; i--)
		acqrel_litmus_swap(&round->at[i],
				   &round->at[acqrel_litmus_chance(run, i + 1)]);
	round->warm = acqrel_litmus_chance(run, 4) ?
		      (u32)acqrel_generator_next(&run->random) : 0;
}

/*
 * What moves the threads against each other: in some rounds by a cycle or two,
 * in others by more than a body takes.
 */
static inline void acqrel_litmus_skew(struct acqrel_litmus_run *run)
{
	struct acqrel_litmus_round *round = &run->round;
	u32 sweep = 1U << acqrel_litmus_chance(run, ACQREL_LITMUS_SWEEP_BITS);
	u32 i, k;

	for (i = 0; i < round->n; i++)
		for (k = 0; k < round->instances; k++)
			round->threads[i].delay[k] =
				acqrel_litmus_chance(run, sweep);
}

static inline void acqrel_litmus_plan(struct acqrel_litmus_run *run)
{
	struct acqrel_litmus_round *round = &run->round;
	u64 left = run->trials - run->tally.trials;
	/* who stops a run waits for the end of a round */
	u32 most = run->test->grace ? ACQREL_LITMUS_WAITING :
				      ACQREL_LITMUS_INSTANCES;

	round->over = READ_ONCE(run->stop) || !left;
	if (round->over)
		return;
	round->instances = left < most ? (u32)left : most;
	acqrel_litmus_place(run);
	acqrel_litmus_skew(run);
}

static inline u64 *acqrel_litmus_cell(const struct acqrel_litmus_round *round,
				      u32 instance, u32 location)
{
	return (u64 *)(round->memory + (size_t)instance * round->stride +
		       round->at[location]);
}

/* a thread's share of the locations, so that not one CPU has all lines */
static inline void acqrel_litmus_reset(const struct acqrel_litmus_run *run,
				       struct acqrel_litmus_thread *t)
{
	const struct acqrel_litmus_round *round = &run->round;
	const struct acqrel_litmus_test *test = run->test;
	u32 i, k;

	for (i = 0; i < round->instances; i++) {
		if (acqrel_mix64(run->random.state + i) % round->n != t->index)
			continue;
		for (k = 0; k < ACQREL_LITMUS_LOCATIONS; k++)
			*acqrel_litmus_cell(round, i, k) = test->points[k] ?
				(u64)(unsigned long)acqrel_litmus_cell(round, i,
							test->points[k] - 1U) :
				test->init[k];
	}
	t->late = 0;
	WRITE_ONCE(t->met[0], 0);
	WRITE_ONCE(t->met[1], 0);
}

/* the registers of thread t are bits 16 * t to 16 * t + 15 */
static inline u64 acqrel_litmus_gather(const struct acqrel_litmus_run *run,
				       u32 instance)
{
	const struct acqrel_litmus_round *round = &run->round;
	u32 finals = run->test->finals;
	u64 outcome = 0;
	u32 i;

	for (i = 0; i < round->n; i++)
		outcome |= (u64)round->threads[i].saw[instance] << (16 * i);
	for (i = 0; finals >> i; i++)
		if (finals >> i & 1)
			outcome |= (*acqrel_litmus_cell(round, instance, i) &
				    15) << (48 + 4 * i);
	return outcome;
}

/**
 * acqrel_litmus_outcome() - an outcome in words
 * @packed: as it is counted: four bits each, 16 * thread + 4 * register; at 48
 *	those of the locations or of the fourth thread
 * @test: the test
 *
 * Return: the outcome.
 */
static inline struct acqrel_litmus_outcome
acqrel_litmus_outcome(const struct acqrel_litmus_test *test, u64 packed)
{
	struct acqrel_litmus_outcome o = { 0 };
	u32 i;

	for (i = 0; i < test->threads; i++, packed >>= 16) {
		o.p[i].r0 = packed & 15;
		o.p[i].r1 = packed >> 4 & 15;
		o.p[i].r2 = packed >> 8 & 15;
		o.p[i].r3 = packed >> 12 & 15;
	}
	if (test->threads < ACQREL_LITMUS_THREADS)
		packed >>= 16 * (ACQREL_LITMUS_THREADS - 1 - test->threads);
	for (i = 0; test->finals >> i; i++)
		o.at[i] = packed >> (4 * i) & 15;
	return o;
}

/**
 * acqrel_litmus_add() - count an outcome
 * @tally: where
 * @outcome: packed
 * @n: how often it was seen, at least 1
 *
 * Return: false if there is no place for one more outcome.
 */
static inline bool acqrel_litmus_add(struct acqrel_litmus_tally *tally,
				     u64 outcome, u64 n)
{
	u32 slot = acqrel_mix64(outcome) % ACQREL_LITMUS_OUTCOMES;
	u32 i;

	for (i = 0; i < ACQREL_LITMUS_OUTCOMES; i++) {
		if (!tally->counts[slot])
			tally->outcomes[slot] = outcome;
		if (tally->outcomes[slot] == outcome) {
			tally->counts[slot] += n;
			return true;
		}
		slot = (slot + 1) % ACQREL_LITMUS_OUTCOMES;
	}
	return false;
}

/* how the threads met; stamps of CPUs whose clocks agree */
static inline void acqrel_litmus_time(struct acqrel_litmus_run *run,
				      u32 instance)
{
	const struct acqrel_litmus_thread *t = run->round.threads;
	u32 i, k, n = run->round.n, first = 0, pairs = 0;

	for (i = 0; i < n; i++) {
		if (t[i].begin[instance] < t[first].begin[instance])
			first = i;
		for (k = 0; k < i; k++)
			pairs += t[k].begin[instance] < t[i].end[instance] &&
				 t[i].begin[instance] < t[k].end[instance];
	}
	run->tally.first[first]++;
	run->tally.touched += !!pairs;
	run->tally.overlapped += pairs == n * (n - 1) / 2;
}

/*
 * As short as it can be for a thread to miss one beginning of 64: then the
 * others have been seen in time.
 */
static inline void acqrel_litmus_level(struct acqrel_litmus_run *run)
{
	struct acqrel_litmus_round *round = &run->round;
	u32 i, late = 0;

	for (i = 0; i < round->n; i++)
		late += round->threads[i].late;
	if (late * 64 > round->instances * round->n)
		round->margin += round->margin / 16;
	else
		round->margin -= round->margin / 64;
	if (round->margin > ACQREL_LITMUS_MARGIN_MAX)
		round->margin = ACQREL_LITMUS_MARGIN_MAX;
}

static inline void acqrel_litmus_count(struct acqrel_litmus_run *run)
{
	u32 i;

	for (i = 0; i < run->round.instances; i++) {
		acqrel_litmus_add(&run->tally, acqrel_litmus_gather(run, i), 1);
		acqrel_litmus_time(run, i);
	}
	/* somebody may look how far it is */
	WRITE_ONCE(run->tally.trials,
		   run->tally.trials + run->round.instances);
	if (!run->round.crowded)
		acqrel_litmus_level(run);
}

/**
 * acqrel_litmus_init() - begin a run
 * @run: cleared by the caller but for @test, @trials, @round.memory,
 *	@round.threads, cleared too, and @round.crowded
 * @seed: of what chance does
 */
static inline void acqrel_litmus_init(struct acqrel_litmus_run *run, u64 seed)
{
	u32 i;

	run->round.n = run->test->threads;
	run->round.margin = ACQREL_LITMUS_MARGIN;
	acqrel_generator_init(&run->random, seed, 0);
	for (i = 0; i < run->round.n; i++) {
		run->round.threads[i].round = &run->round;
		run->round.threads[i].index = i;
	}
}

/**
 * acqrel_litmus_thread_run() - the part of a thread in a run
 * @run: the run
 * @t: the thread, which is on its CPU
 *
 * Returns when the trials are done or the run was told to stop. The tally is
 * complete once all threads have returned.
 */
static inline void acqrel_litmus_thread_run(struct acqrel_litmus_run *run,
					    struct acqrel_litmus_thread *t)
{
	for (;;) {
		if (!t->index)
			acqrel_litmus_plan(run);
		acqrel_litmus_gate(t);
		if (run->round.over)
			return;
		acqrel_litmus_reset(run, t);
		acqrel_litmus_gate(t);
		run->test->run[t->index](t);
		acqrel_litmus_gate(t);
		if (!t->index)
			acqrel_litmus_count(run);
		/* no wait is sure to have been long enough to yield */
		world_breathe();
	}
}

#endif /* ACQREL_LITMUS_ROUND_H */
