// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <sys/sysinfo.h>

#include "counter.h"

/* two lines, for the CPU fetches them in pairs */
#define ACQREL_ROW_SHIFT_MIN	7

/* threads are numbered from 1 when they first add with a locked instruction */
static unsigned int acqrel_threads;
static __thread unsigned int acqrel_thread;

static u64 *acqrel_counter_word(const struct acqrel_counters *c,
				unsigned int row, unsigned int id)
{
	return c->rows + ((u64)row << c->shift) / sizeof(u64) + id;
}

/**
 * acqrel_counters_init() - a set of counters at zero
 * @c: the set
 * @n: how many counters, at least 1
 *
 * Return: 0 or -ENOMEM.
 */
int acqrel_counters_init(struct acqrel_counters *c, unsigned int n)
{
	size_t size;

	c->cpus = get_nprocs_conf();
	c->locked = false;
	c->shift = ACQREL_ROW_SHIFT_MIN;
	while ((1U << c->shift) < n * sizeof(u64))
		c->shift++;
	size = (size_t)(2 * c->cpus) << c->shift;
	c->rows = aligned_alloc(1U << ACQREL_ROW_SHIFT_MIN, size);
	if (!c->rows)
		return -ENOMEM;
	memset(c->rows, 0, size);
	return 0;
}

/**
 * acqrel_counters_destroy() - free a set
 * @c: the set, which nobody uses
 */
void acqrel_counters_destroy(struct acqrel_counters *c)
{
	free(c->rows);
	c->rows = NULL;
}

/**
 * acqrel_counter_add_locked() - count without a restartable sequence
 * @c: the set
 * @id: which
 * @n: how many
 *
 * Context: any.
 */
void acqrel_counter_add_locked(struct acqrel_counters *c, unsigned int id,
			       u64 n)
{
	u64 *word;

	if (!acqrel_thread)
		acqrel_thread = 1 + __atomic_fetch_add(&acqrel_threads, 1,
						       __ATOMIC_RELAXED);
	if (!READ_ONCE(c->locked))
		WRITE_ONCE(c->locked, true);
	word = acqrel_counter_word(c, c->cpus + acqrel_thread % c->cpus, id);
	__atomic_fetch_add(word, n, __ATOMIC_RELAXED);
}

/**
 * acqrel_counter_sum() - the total
 * @c: the set
 * @id: which
 *
 * Context: any.
 */
u64 acqrel_counter_sum(const struct acqrel_counters *c, unsigned int id)
{
	unsigned int rows = READ_ONCE(c->locked) ? 2 * c->cpus : c->cpus;
	unsigned int row;
	u64 sum = 0;

	for (row = 0; row < rows; row++)
		sum += READ_ONCE(*acqrel_counter_word(c, row, id));
	return sum;
}
