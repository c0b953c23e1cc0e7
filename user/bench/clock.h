/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The clock of measurements in the user world: CLOCK_MONOTONIC_RAW, read from
 * the TSC itself where that is known to be the same thing.
 *
 * The kernel world's stamps are of CLOCK_MONOTONIC_RAW, too: a calibrated TSC
 * stays within a few millionths of it.
 */
#ifndef ACQREL_USER_BENCH_CLOCK_H
#define ACQREL_USER_BENCH_CLOCK_H

#include <time.h>
#include <acqrel/order.h>

#define BENCH_NSEC_PER_SEC	1000000000ULL

struct pool;
struct pool_thread;

/**
 * struct bench_clock - how to read the clock
 * @mult: nanoseconds of a tick of the TSC times 2^32; 0: do not use the TSC
 * @tsc: TSC at the time @ns
 * @ns: CLOCK_MONOTONIC_RAW at the time @tsc
 */
struct bench_clock {
	u64 mult;
	u64 tsc;
	u64 ns;
} ____cacheline_aligned;

extern struct bench_clock bench_clock;

static inline u64 bench_clock_raw(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (u64)ts.tv_sec * BENCH_NSEC_PER_SEC + (u64)ts.tv_nsec;
}

#ifdef __x86_64__
/* not before what precedes it has been done, as the kernel's rdtsc_ordered() */
static inline u64 bench_clock_ticks(void)
{
	u32 low, high;

	asm volatile("lfence\n\trdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (u64)high << 32 | low;
}
#endif

/**
 * world_clock() - now
 *
 * Return: nanoseconds of CLOCK_MONOTONIC_RAW.
 */
static inline u64 world_clock(void)
{
#ifdef __x86_64__
	u64 mult = bench_clock.mult;

	if (likely(mult)) {
		u64 ticks = bench_clock_ticks() - bench_clock.tsc;

		return bench_clock.ns +
		       (u64)((__uint128_t)ticks * mult >> 32);
	}
#endif
	return bench_clock_raw();
}

void bench_clock_choose(void);
void bench_clock_compare(struct pool *pool, struct pool_thread *a,
			 struct pool_thread *b);

/**
 * struct clock_rounds - what a ping-pong of two CPUs showed
 * @round_ns: the shortest round
 * @offset_ns: in that round, how far the other clock was from its middle
 * @wrong: rounds in which time went back
 */
struct clock_rounds {
	u64 round_ns;
	u64 offset_ns;
	unsigned int wrong;
};

/* what bench_clock_compare() is made of */
void bench_clock_note(struct clock_rounds *rounds, u64 start, u64 hit, u64 end);
void bench_clock_judge(const struct clock_rounds *rounds);

/* what bench_clock_choose() is made of */
const char *bench_clock_objection(const char *flags, const char *source,
				  const char *sources);
bool bench_clock_use_tsc(void);
void bench_clock_use_raw(const char *why);

#endif /* ACQREL_USER_BENCH_CLOCK_H */
