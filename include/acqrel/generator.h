/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Generator: a deterministic stream of events for each lane.
 *
 * Stream s of seed x is the same sequence in both worlds, whatever the number
 * of threads that produce the streams: kinds, pids and values, not clocks.
 *
 * Values are log-uniform: every bucket of the histogram up to 2^32 ns gets
 * its share, zero included. One event in 16 has no value.
 *
 * Algorithm: splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
 * number generators", OOPSLA 2014).
 */
#ifndef ACQREL_GENERATOR_H
#define ACQREL_GENERATOR_H

#include <acqrel/order.h>
#include <linux/acqrel.h>

#define ACQREL_GENERATOR_PIDS	1024

struct acqrel_generator {
	u64 state;
};

static inline u64 acqrel_mix64(u64 x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static inline u64 acqrel_generator_next(struct acqrel_generator *g)
{
	g->state += 0x9e3779b97f4a7c15ULL;
	return acqrel_mix64(g->state);
}

/**
 * acqrel_generator_init() - start of a stream
 * @g: the generator
 * @seed: any
 * @stream: number of the stream
 */
static inline void acqrel_generator_init(struct acqrel_generator *g, u64 seed,
					 u32 stream)
{
	g->state = acqrel_mix64(acqrel_mix64(seed) + stream);
}

/**
 * acqrel_generator_share() - events of one stream
 * @count: events of all streams
 * @stream: number of the stream
 * @streams: how many there are, at least 1
 *
 * Return: its share; shares differ by at most one and sum up to @count.
 */
static inline u64 acqrel_generator_share(u64 count, u32 stream, u32 streams)
{
	return count / streams + (stream < count % streams);
}

/**
 * acqrel_generator_event() - the next event of a stream
 * @g: the generator
 * @ev: where to; clock and CPU are the caller's to fill in
 */
static inline void acqrel_generator_event(struct acqrel_generator *g,
					  struct acqrel_event *ev)
{
	u64 choice = acqrel_generator_next(g);
	u64 value = acqrel_generator_next(g) >> 32;

	memset(ev, 0, sizeof(*ev));
	ev->kind = (choice & 0xffff) % __ACQREL_KIND_COUNT;
	ev->pid = 1 + (choice >> 16) % ACQREL_GENERATOR_PIDS;
	ev->peer = 1 + (choice >> 32) % ACQREL_GENERATOR_PIDS;
	ev->flags = ACQREL_EVENT_GENERATED;
	if ((choice >> 48) & 0xf) {
		ev->flags |= ACQREL_EVENT_HAS_VALUE;
		ev->value_ns = value >> ((choice >> 52) % 33);
	}
}

#endif /* ACQREL_GENERATOR_H */
