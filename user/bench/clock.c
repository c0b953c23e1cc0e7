// SPDX-License-Identifier: GPL-2.0-only
/*
 * clock.c - whether the TSC may be read as it is
 *
 * It may if the CPU says that it runs at one rate and never stops, the kernel
 * has not found fault with it, no reading of it was out of order between the
 * CPUs in use, and no hypervisor traps it. Else the clock is
 * CLOCK_MONOTONIC_RAW through the vDSO.
 *
 * clock.ball: a stores that it is b's turn with release; b sees that by acquire
 * and reads its clock. So the reading comes after the beginning of the round.
 *
 * clock.hit: b stores its reading, then that it is a's turn with release; a sees
 * that by acquire, and then the reading, which comes before the round's end.
 */
#include <pthread.h>
#include <stdio.h>

#include "bench.h"
#include "bench/clock.h"
#include "bench/pool.h"

#define CLOCKSOURCE	"/sys/devices/system/clocksource/clocksource0/"
#define CALIBRATE_NS	30000000ULL	/* between its two readings */
#define CALIBRATE_TRIES	200		/* for a reading */
#define TRAP_NS		250		/* a read that takes longer traps */
#define ROUNDS		2000		/* of the ping-pong */
#define ROUNDS_NS	1000000000ULL	/* that they may take */
#define ROUND_MAX_NS	20000		/* a longer one says nothing */

struct bench_clock bench_clock;

static char name[112] = "MONOTONIC_RAW";
static unsigned int compared;	/* pairs of CPUs */
static u64 worst_ns;		/* offset between two of them */

/**
 * bench_clock_name() - the clock of the user world
 *
 * Return: what it is and why, in a few words.
 */
const char *bench_clock_name(void)
{
	return name;
}

/* whether a list separated by blanks has the word */
static bool has(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (; (list = strstr(list, word)); list += n)
		if (list[-1] == ' ' && (list[n] == ' ' || !list[n]))
			return true;
	return false;
}

/**
 * bench_clock_objection() - what speaks against reading the TSC
 * @flags: of the CPU, each after a blank
 * @source: the clocksource in use, after a blank
 * @sources: those available, each after a blank
 *
 * Return: a few words, or NULL.
 */
const char *bench_clock_objection(const char *flags, const char *source,
				  const char *sources)
{
	if (!has(flags, "constant_tsc"))
		return "no constant_tsc";
	if (!has(flags, "nonstop_tsc"))
		return "no nonstop_tsc";
	if (has(source, "tsc"))
		return NULL;
	/* a clock that is itself made from the TSC, which has no fault */
	if (has(source, "kvm-clock") && has(sources, "tsc"))
		return NULL;
	return "the clocksource is not tsc";
}

/**
 * bench_clock_use_raw() - read CLOCK_MONOTONIC_RAW from now on
 * @why: for the name
 */
void bench_clock_use_raw(const char *why)
{
	bench_clock.mult = 0;
	snprintf(name, sizeof(name), "MONOTONIC_RAW: %s", why);
}

#ifdef __x86_64__

/* a blank and the line after "@key...:" of a file; "" if there is none */
static void read_line(const char *path, const char *key, char *line, int size)
{
	FILE *file = fopen(path, "re");
	size_t n = strlen(key);
	bool found = false;
	char *text;

	while (!found && file && fgets(line + 1, size - 1, file))
		found = !strncmp(line + 1, key, n);
	if (file)
		fclose(file);
	line[0] = ' ';
	if (!found)
		line[1] = '\0';
	line[strcspn(line, "\n")] = '\0';
	text = n ? strchr(line, ':') : NULL;
	if (text)
		memmove(line, text + 1, strlen(text));
}

static const char *system_objects(void)
{
	char flags[8192], source[64], sources[256];

	read_line("/proc/cpuinfo", "flags", flags, sizeof(flags));
	read_line(CLOCKSOURCE "current_clocksource", "", source,
		  sizeof(source));
	read_line(CLOCKSOURCE "available_clocksource", "", sources,
		  sizeof(sources));
	return bench_clock_objection(flags, source, sources);
}

/* the same moment on both clocks, as closely as @CALIBRATE_TRIES get */
static void read_both(u64 *ticks, u64 *ns)
{
	u64 before, after, now, best = ~0ULL;

	for (int i = 0; i < CALIBRATE_TRIES; i++) {
		before = bench_clock_ticks();
		now = bench_clock_raw();
		after = bench_clock_ticks();
		if (after - before >= best)
			continue;
		best = after - before;
		*ticks = before + best / 2;
		*ns = now;
	}
}

/* the quickest of some readings in a row */
static u64 tsc_cost_ns(void)
{
	u64 start, ns, best = ~0ULL;

	for (int i = 0; i < 10; i++) {
		start = bench_clock_raw();
		for (int j = 0; j < 16; j++)
			bench_clock_ticks();
		ns = bench_clock_raw() - start;
		best = ns < best ? ns : best;
	}
	return best / 16;
}

static void name_tsc(void)
{
	double ghz = (double)(1ULL << 32) / (double)bench_clock.mult;
	int n = snprintf(name, sizeof(name), "TSC at %.3f GHz", ghz);

	if (compared)
		snprintf(name + n, sizeof(name) - n,
			 ", CPUs at most %llu ns apart", worst_ns);
}

/**
 * bench_clock_use_tsc() - read the TSC from now on, if it can be calibrated
 *
 * Return: false if it cannot; then nothing has changed.
 */
bool bench_clock_use_tsc(void)
{
	struct bench_clock c = { 0 };
	u64 ticks, ns;

	read_both(&c.tsc, &c.ns);
	while (bench_clock_raw() - c.ns < CALIBRATE_NS)
		cpu_relax();
	read_both(&ticks, &ns);
	if (ticks <= c.tsc)
		return false;
	c.mult = (u64)(((__uint128_t)(ns - c.ns) << 32) /
		       (ticks - c.tsc));
	if (!c.mult)
		return false;
	bench_clock = c;
	name_tsc();
	return true;
}

static void choose(void)
{
	const char *why = system_objects();

	if (!why && tsc_cost_ns() > TRAP_NS)
		why = "reading the TSC traps";
	if (!why && !bench_clock_use_tsc())
		why = "the TSC stands still";
	if (why)
		bench_clock_use_raw(why);
}

#else

static void name_tsc(void)
{
}

bool bench_clock_use_tsc(void)
{
	return false;
}

static void choose(void)
{
	bench_clock_use_raw("no TSC");
}

#endif

/**
 * bench_clock_choose() - choose the clock, when called first
 */
void bench_clock_choose(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, choose);
}

/**
 * struct meeting - two CPUs compare their clocks
 * @ball: how often it was hit; odd: it is @b's turn
 * @hit_ns: when @b hit it
 * @over: no more rounds
 * @rounds: what @a has seen
 */
struct meeting {
	u32 ball ____cacheline_aligned;
	u32 over;
	u64 hit_ns;
	struct clock_rounds rounds ____cacheline_aligned;
};

/**
 * bench_clock_note() - note a round of the ping-pong
 * @rounds: of it, @round_ns being ~0 before the first
 * @start: when one CPU began it
 * @hit: when the other answered, on its clock
 * @end: when the first saw that
 *
 * Clocks that agree cannot show an answer outside its round.
 */
void bench_clock_note(struct clock_rounds *rounds, u64 start, u64 hit, u64 end)
{
	u64 middle = start + (end - start) / 2;

	if (hit < start || end < hit)
		rounds->wrong++;
	if (end - start >= rounds->round_ns)
		return;
	rounds->round_ns = end - start;
	rounds->offset_ns = hit > middle ? hit - middle : middle - hit;
}

/**
 * bench_clock_judge() - keep the TSC or not
 * @rounds: what two CPUs showed
 */
void bench_clock_judge(const struct clock_rounds *rounds)
{
	if (rounds->round_ns > ROUND_MAX_NS) {
		bench_clock_use_raw("the offset of the TSCs is not known");
	} else if (rounds->wrong) {
		bench_clock_use_raw("the TSCs of the CPUs differ");
	} else {
		compared++;
		if (rounds->offset_ns > worst_ns)
			worst_ns = rounds->offset_ns;
		name_tsc();
	}
}

static void meet_a(void *arg)
{
	struct meeting *m = arg;
	u64 until_ns = bench_clock_raw() + ROUNDS_NS;
	u64 start;

	for (u32 i = 0; i < 2 * ROUNDS; i += 2) {
		start = world_clock();
		/* pairs with the acquire in meet_b(): clock.ball */
		smp_store_release(&m->ball, i + 1);
		/* pairs with the release in meet_b(): clock.hit */
		while (smp_load_acquire(&m->ball) != i + 2)
			if (bench_clock_raw() > until_ns)
				goto over;
		bench_clock_note(&m->rounds, start, m->hit_ns, world_clock());
	}
over:
	WRITE_ONCE(m->over, 1);
}

static void meet_b(void *arg)
{
	struct meeting *m = arg;
	u32 hits = 0, ball;

	while (!READ_ONCE(m->over)) {
		/* pairs with the release in meet_a(): clock.ball */
		ball = smp_load_acquire(&m->ball);
		if (ball != hits + 1)
			continue;
		m->hit_ns = world_clock();
		hits = ball + 1;
		/* pairs with the acquire in meet_a(): clock.hit */
		smp_store_release(&m->ball, hits);
	}
}

/**
 * bench_clock_compare() - look whether the TSCs of two CPUs agree
 * @pool: of the threads
 * @a: pinned to one
 * @b: pinned to the other
 *
 * If they do not, the clock is CLOCK_MONOTONIC_RAW from now on. Nothing is done
 * if it is that already.
 */
void bench_clock_compare(struct pool *pool, struct pool_thread *a,
			 struct pool_thread *b)
{
	struct meeting m = { .rounds.round_ns = ~0ULL };
	const struct pool_turn turns[] = {
		{ a, meet_a, &m }, { b, meet_b, &m }
	};

	if (!bench_clock.mult)
		return;
	pool_run(pool, turns, ARRAY_SIZE(turns));
	bench_clock_judge(&m.rounds);
}
