/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What every reader that is measured checks: numbers do not go back.
 */
#ifndef ACQREL_BENCH_WATCH_H
#define ACQREL_BENCH_WATCH_H

#include <acqrel/bench.h>

/**
 * struct acqrel_watch - a reader, for the time of a burst
 * @worker: whose
 * @seen: the last number it saw
 * @violations: what it saw and should not have
 */
struct acqrel_watch {
	struct acqrel_worker *worker;
	u64 seen;
	u64 violations;
};

/**
 * acqrel_watch_begin() - begin a burst
 * @w: who reads
 *
 * Return: a watch to keep in registers.
 */
static __always_inline struct acqrel_watch
acqrel_watch_begin(struct acqrel_worker *w)
{
	return (struct acqrel_watch){ .worker = w, .seen = w->seen };
}

/**
 * acqrel_watch_saw() - consume and judge what was read
 * @watch: the reader's
 * @number: what it read
 */
static __always_inline void acqrel_watch_saw(struct acqrel_watch *watch,
					     u64 number)
{
	watch->violations += number < watch->seen;
	watch->seen = number;
	WRITE_ONCE(watch->worker->sink, number);
}

/**
 * acqrel_watch_end() - end a burst
 * @watch: the reader's
 */
static __always_inline void acqrel_watch_end(const struct acqrel_watch *watch)
{
	watch->worker->seen = watch->seen;
	watch->worker->violations += watch->violations;
}

#endif /* ACQREL_BENCH_WATCH_H */
