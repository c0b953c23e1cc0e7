/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Litmus tests: a few accesses by a few threads, run many times, and what
 * they saw. The same bodies run in both worlds; litmus_shapes.h has them.
 *
 * A test is made of instances, each with locations of its own. In a round the
 * threads run a thousand of them one after the other, and meet before each: a
 * thread that finds the others gone ahead does not race them. The last one to
 * come is seen by the others later than by itself, so all begin at a time
 * after that. A delay then moves them against each other, by another amount in
 * each instance. What they read goes to memory of their own; litmus_round.h
 * counts it after the round.
 *
 * The file that includes this has included its world's header first, for
 * world_cycles(), world_yield() and world_breathe().
 */
#ifndef ACQREL_LITMUS_H
#define ACQREL_LITMUS_H

#include <acqrel/order.h>

#define ACQREL_LITMUS_THREADS	4	/* of a test, at most */
#define ACQREL_LITMUS_LOCATIONS	4	/* x, y, z, w */
#define ACQREL_LITMUS_INSTANCES	1024	/* of a round, at most */
#define ACQREL_LITMUS_WAITING	16	/* same, if each waits for a grace period */
#define ACQREL_LITMUS_PAGES	128	/* of 4096 bytes, for the locations */
#define ACQREL_LITMUS_PATIENCE	4096	/* looks at another before a yield */
#define ACQREL_LITMUS_MET_BITS	11	/* of a meeting, for its instance */

struct acqrel_litmus_thread;

/**
 * struct acqrel_litmus_registers - what a thread saw
 * @r0: each is 0 if the thread does not use it, and 15 at most
 * @r1: same
 * @r2: same
 * @r3: same
 */
struct acqrel_litmus_registers {
	u64 r0;
	u64 r1;
	u64 r2;
	u64 r3;
};

/**
 * struct acqrel_litmus_outcome - what all saw
 * @p: of each thread
 * @at: what was in the locations at the end, if the test asks for it, else 0
 */
struct acqrel_litmus_outcome {
	struct acqrel_litmus_registers p[ACQREL_LITMUS_THREADS];
	u64 at[ACQREL_LITMUS_LOCATIONS];
};

/**
 * struct acqrel_litmus_test - a test
 * @name: SHAPE+VARIANT
 * @threads: how many it has
 * @finals: mask of the locations whose last value is part of the outcome; a
 *	test of four threads has none
 * @grace: it waits for grace periods, so it takes long
 * @init: what the locations hold at first
 * @points: 0, or that the location holds the address of location @points - 1
 * @text: the program of each thread (user world)
 * @exists: whether the outcome is the one that is asked for (user world)
 * @question: that in words of C (user world)
 * @run: the instances of a round, one function for each thread
 */
struct acqrel_litmus_test {
	const char *name;
	u32 threads;
	u32 finals;
	bool grace;
	u8 init[ACQREL_LITMUS_LOCATIONS];
	u8 points[ACQREL_LITMUS_LOCATIONS];
#ifndef __KERNEL__
	const char *text[ACQREL_LITMUS_THREADS];
	bool (*exists)(const struct acqrel_litmus_outcome *o);
	const char *question;
#endif
	void (*run[ACQREL_LITMUS_THREADS])(struct acqrel_litmus_thread *t);
};

/**
 * struct acqrel_litmus_round - what the threads of a round share
 * @memory: %ACQREL_LITMUS_PAGES pages, from the start of one
 * @threads: the threads, one after the other
 * @n: how many
 * @instances: of this round
 * @stride: bytes from an instance to the next
 * @at: where in the first instance the locations are
 * @warm: mask of ACQREL_LITMUS_WARM()
 * @margin: cycles from when the last thread came to when all begin
 * @crowded: there are more threads than CPUs, so a wait yields at once; those
 *	that are on a CPU begin together
 * @over: there is no further round
 */
struct acqrel_litmus_round {
	char *memory;
	struct acqrel_litmus_thread *threads;
	u32 n;
	u32 instances;
	u32 stride;
	u32 at[ACQREL_LITMUS_LOCATIONS];
	u32 warm;
	u32 margin;
	bool crowded;
	bool over;
} ____cacheline_aligned;

/* thread @t loads location @l before the meeting, which brings its line */
#define ACQREL_LITMUS_WARM(t, l) (1U << ((t) * ACQREL_LITMUS_LOCATIONS + (l)))

/**
 * struct acqrel_litmus_thread - a thread of a round
 * @met: when it came to an even and to an odd instance, and to which; by then
 *	all others have left the one before
 * @gate: gates passed since the start
 * @round: of all
 * @index: which this is
 * @late: instances of this round whose beginning it missed
 * @delay: of each instance, in turns of acqrel_litmus_delay()
 * @saw: its registers, four bits each
 * @begin: cycles before the body
 * @end: cycles after it
 */
struct acqrel_litmus_thread {
	u64 met[2] ____cacheline_aligned;
	u32 gate ____cacheline_aligned;
	struct acqrel_litmus_round *round ____cacheline_aligned;
	u32 index;
	u32 late;
	u16 delay[ACQREL_LITMUS_INSTANCES];
	u16 saw[ACQREL_LITMUS_INSTANCES];
	u64 begin[ACQREL_LITMUS_INSTANCES];
	u64 end[ACQREL_LITMUS_INSTANCES];
};

/* a look at another that has not come; a CPU it may need is let go */
static __always_inline void
acqrel_litmus_wait(const struct acqrel_litmus_round *round, u32 *looks)
{
	if (!round->crowded && ++*looks < ACQREL_LITMUS_PATIENCE) {
		cpu_relax();
		return;
	}
	*looks = 0;
	world_yield();
}

/* cycles until @start, of which the upper bits are not known; 0: it has passed */
static __always_inline u64 acqrel_litmus_ahead(u64 start, u64 margin)
{
	u64 ahead = (start - world_cycles()) << ACQREL_LITMUS_MET_BITS >>
		    ACQREL_LITMUS_MET_BITS;

	/* if it is further, the clocks of the CPUs do not agree */
	return ahead <= 2 * margin ? ahead : 0;
}

/* wait for a time that is the same for all */
static __always_inline void acqrel_litmus_await(struct acqrel_litmus_thread *t,
						u64 start)
{
	u64 margin = t->round->margin;

	if (!acqrel_litmus_ahead(start, margin))
		t->late++;
	while (acqrel_litmus_ahead(start, margin))
		;
}

/* before an instance: nothing is ordered but what the compiler does */
static __always_inline void acqrel_litmus_meet(struct acqrel_litmus_thread *t,
					       u32 instance)
{
	const struct acqrel_litmus_round *round = t->round;
	struct acqrel_litmus_thread *other = round->threads;
	u64 met, last, mask = (1U << ACQREL_LITMUS_MET_BITS) - 1;
	u32 i, looks = 0;

	last = world_cycles() << ACQREL_LITMUS_MET_BITS | (instance + 1);
	WRITE_ONCE(t->met[instance & 1], last);
	for (i = 0; i < round->n; i++, other++) {
		for (;;) {
			met = READ_ONCE(other->met[instance & 1]);
			if ((met & mask) == instance + 1)
				break;
			acqrel_litmus_wait(round, &looks);
		}
		if ((s64)(met - last) > 0)
			last = met;
	}
	acqrel_litmus_await(t, (last >> ACQREL_LITMUS_MET_BITS) +
			       round->margin);
}

/* a cycle a turn, about */
static __always_inline void acqrel_litmus_delay(u32 turns)
{
	while (turns--)
		barrier();
}

static __always_inline void
acqrel_litmus_warm(const struct acqrel_litmus_thread *t, char *instance)
{
	const struct acqrel_litmus_round *round = t->round;
	u32 i;

	for (i = 0; i < ACQREL_LITMUS_LOCATIONS; i++)
		if (round->warm & ACQREL_LITMUS_WARM(t->index, i))
			(void)READ_ONCE(*(u64 *)(instance + round->at[i]));
}

static __always_inline u16 acqrel_litmus_pack(u64 r0, u64 r1, u64 r2, u64 r3)
{
	return (r0 & 15) | (r1 & 15) << 4 | (r2 & 15) << 8 | (r3 & 15) << 12;
}

/*
 * The instances of a round, for the thread t. A body has x, y, z and w,
 * pointers to its locations, and r0 to r3.
 */
#define ACQREL_LITMUS_LOOP(...)						\
do {									\
	const struct acqrel_litmus_round *__round = t->round;		\
	char *__at = __round->memory;					\
	u32 __i;							\
									\
	for (__i = 0; __i < __round->instances; __i++) {		\
		u64 r0 = 0, r1 = 0, r2 = 0, r3 = 0;			\
		u64 *x = (u64 *)(__at + __round->at[0]);		\
		u64 *y = (u64 *)(__at + __round->at[1]);		\
		u64 *z = (u64 *)(__at + __round->at[2]);		\
		u64 *w = (u64 *)(__at + __round->at[3]);		\
		u64 __begin, __end;					\
									\
		acqrel_litmus_warm(t, __at);				\
		acqrel_litmus_meet(t, __i);				\
		acqrel_litmus_delay(t->delay[__i]);			\
		__begin = world_cycles();				\
		__VA_ARGS__						\
		__end = world_cycles();					\
		(void)x;						\
		(void)y;						\
		(void)z;						\
		(void)w;						\
		t->begin[__i] = __begin;				\
		t->end[__i] = __end;					\
		t->saw[__i] = acqrel_litmus_pack(r0, r1, r2, r3);	\
		__at += __round->stride;				\
	}								\
} while (0)

/*
 * What a test is made of: thread @n of test @id with its program, the question
 * of a shape, the row of a test. The module is not asked what outcomes mean.
 */
#define LITMUS_RUN(id, n, ...)						\
static void litmus_##id##_run##n(struct acqrel_litmus_thread *t)	\
{									\
	ACQREL_LITMUS_LOOP(__VA_ARGS__);				\
}

#ifdef __KERNEL__
#define LITMUS_THREAD(id, n, ...)	LITMUS_RUN(id, n, __VA_ARGS__)
#define LITMUS_EXISTS(shape, ...)
#define LITMUS_ROW(n, id, shape)
#else
#define LITMUS_THREAD(id, n, ...)					\
static const char litmus_##id##_text##n[] = #__VA_ARGS__;		\
LITMUS_RUN(id, n, __VA_ARGS__)
#define LITMUS_EXISTS(shape, ...)					\
static const char litmus_##shape##_question[] = #__VA_ARGS__;		\
static bool litmus_##shape##_exists(const struct acqrel_litmus_outcome *o) \
{									\
	const struct acqrel_litmus_registers p0 = o->p[0], p1 = o->p[1];\
	const struct acqrel_litmus_registers p2 = o->p[2], p3 = o->p[3];\
	const u64 x_last = o->at[0], y_last = o->at[1];			\
									\
	(void)p0;							\
	(void)p1;							\
	(void)p2;							\
	(void)p3;							\
	(void)x_last;							\
	(void)y_last;							\
	return __VA_ARGS__;						\
}

#define LITMUS_ROW_2(id)						\
	.text = { litmus_##id##_text0, litmus_##id##_text1 },
#define LITMUS_ROW_3(id)						\
	.text = { litmus_##id##_text0, litmus_##id##_text1,		\
		  litmus_##id##_text2 },
#define LITMUS_ROW_4(id)						\
	.text = { litmus_##id##_text0, litmus_##id##_text1,		\
		  litmus_##id##_text2, litmus_##id##_text3 },
#define LITMUS_ROW(n, id, shape)					\
	LITMUS_ROW_##n(id)						\
	.exists = litmus_##shape##_exists,				\
	.question = litmus_##shape##_question,
#endif

#define LITMUS_2(id, shape, test, ...)					\
	{ .name = test, .threads = 2, LITMUS_ROW(2, id, shape)		\
	  .run = { litmus_##id##_run0, litmus_##id##_run1 },		\
	  __VA_ARGS__ }
#define LITMUS_3(id, shape, test, ...)					\
	{ .name = test, .threads = 3, LITMUS_ROW(3, id, shape)		\
	  .run = { litmus_##id##_run0, litmus_##id##_run1,		\
		   litmus_##id##_run2 },				\
	  __VA_ARGS__ }
#define LITMUS_4(id, shape, test, ...)					\
	{ .name = test, .threads = 4, LITMUS_ROW(4, id, shape)		\
	  .run = { litmus_##id##_run0, litmus_##id##_run1,		\
		   litmus_##id##_run2, litmus_##id##_run3 },		\
	  __VA_ARGS__ }

/* the same location as a pointer, as an RCU pointer, as an atomic */
#define LITMUS_POINTER(l)	((u64 **)(l))
#define LITMUS_RCU(l)		((u64 __rcu **)(l))
#define LITMUS_ATOMIC(l)	((atomic64_t *)(l))

#endif /* ACQREL_LITMUS_H */
