/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the config variants publish and how a reader judges it.
 *
 * A reader copies a snapshot under the protection of its variant and judges
 * the copy outside. Words that do not belong together show that a writer was
 * not kept out, or that the memory was freed and used again.
 */
#ifndef ACQREL_BENCH_SNAPSHOT_H
#define ACQREL_BENCH_SNAPSHOT_H

#include <acqrel/bench_watch.h>

/**
 * struct acqrel_snapshot - a config to measure with
 * @generation: 1 for the first, one more each time
 * @complement: of @generation
 */
struct acqrel_snapshot {
	u64 generation;
	u64 complement;
};

/**
 * acqrel_snapshot_set() - fill a snapshot
 * @s: that no reader can see now
 * @generation: its number
 */
static __always_inline void acqrel_snapshot_set(struct acqrel_snapshot *s,
						u64 generation)
{
	s->generation = generation;
	s->complement = ~generation;
}

/**
 * acqrel_snapshot_spoil() - make a late reader of freed memory visible
 * @s: about to be freed
 */
static __always_inline void acqrel_snapshot_spoil(struct acqrel_snapshot *s)
{
	/* a plain store before a free is dead */
	WRITE_ONCE(s->generation, 0);
	WRITE_ONCE(s->complement, 0);
}

/**
 * acqrel_snapshot_saw() - consume and judge a copy
 * @watch: the reader's
 * @copy: what it read
 */
static __always_inline void acqrel_snapshot_saw(struct acqrel_watch *watch,
						struct acqrel_snapshot copy)
{
	watch->violations += copy.complement != ~copy.generation;
	acqrel_watch_saw(watch, copy.generation);
}

#endif /* ACQREL_BENCH_SNAPSHOT_H */
