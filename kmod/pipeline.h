/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pipeline in the kernel world: a lane for each possible CPU, and the
 * section inside which a source may use its CPU's lane.
 */
#ifndef ACQREL_KMOD_PIPELINE_H
#define ACQREL_KMOD_PIPELINE_H

#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/timekeeping.h>
#include <acqrel/lane.h>
#include "config.h"
#include "counter.h"
#include "reader.h"
#include "record.h"

#define ACQREL_BATCH	32	/* events a reader takes from a lane at once */

DECLARE_PER_CPU(struct acqrel_lane *, acqrel_lanes);
DECLARE_PER_CPU(bool, acqrel_busy);
DECLARE_PER_CPU(u64, acqrel_clock_ns);

/*
 * Where this CPU's events are recorded; NULL: nobody records. A test of a word
 * rather than a static key: to patch code stops every CPU, in the middle of
 * what is being recorded.
 */
DECLARE_PER_CPU(struct acqrel_tap *, acqrel_taps);

/**
 * struct acqrel_section - what a source holds while it offers events
 * @flags: of local_irq_save()
 * @lane: the CPU's
 * @config: in force until the section is left
 * @tap: where its events are recorded too, or NULL
 */
struct acqrel_section {
	unsigned long flags;
	struct acqrel_lane *lane;
	const struct acqrel_config *config;
	struct acqrel_tap *tap;
};

static inline struct acqrel_lane *acqrel_lane_of(unsigned int cpu)
{
	return per_cpu(acqrel_lanes, cpu);
}

/**
 * acqrel_section_enter() - get hold of this CPU's lane
 * @s: where to
 *
 * Assumes no context: takes care of interrupts and RCU itself, refuses NMI
 * (the write section of an interrupted handler may be open) and a handler that
 * is entered from within another, and counts both.
 *
 * Return: true if acqrel_section_leave() must follow.
 */
static __always_inline bool acqrel_section_enter(struct acqrel_section *s)
{
	if (unlikely(in_nmi())) {
		acqrel_count(ACQREL_COUNTER_REFUSED_NMI);
		return false;
	}
	local_irq_save(s->flags);
	if (unlikely(__this_cpu_read(acqrel_busy))) {
		acqrel_count(ACQREL_COUNTER_REFUSED_REENTRY);
		local_irq_restore(s->flags);
		return false;
	}
	__this_cpu_write(acqrel_busy, true);
	/* pairs with acqrel_config_publish(): config.reclaim */
	rcu_read_lock();
	s->lane = __this_cpu_read(acqrel_lanes);
	s->config = acqrel_config_dereference(&acqrel_live_config);
	s->tap = __this_cpu_read(acqrel_taps);
	return true;
}

static __always_inline void acqrel_section_leave(struct acqrel_section *s)
{
	/* pairs with acqrel_config_publish(): config.reclaim */
	rcu_read_unlock();
	__this_cpu_write(acqrel_busy, false);
	local_irq_restore(s->flags);
}

/**
 * acqrel_section_clock() - now, never before what it last was on this CPU
 * @s: entered
 *
 * The fast clock may step back by a few ns when the timekeeper is adjusted.
 */
static __always_inline u64 acqrel_section_clock(struct acqrel_section *s)
{
	u64 now = max(ktime_get_mono_fast_ns(),
		      __this_cpu_read(acqrel_clock_ns));

	__this_cpu_write(acqrel_clock_ns, now);
	return now;
}

static __always_inline unsigned int
acqrel_section_gate(struct acqrel_section *s, u16 kind)
{
	return acqrel_lane_gate(s->lane, s->config, kind);
}

/**
 * acqrel_section_wants() - must the event be filled in?
 * @s: entered
 * @gate: what acqrel_section_gate() returned
 *
 * A recorder wants to know the events that are filtered too.
 */
static __always_inline bool acqrel_section_wants(const struct acqrel_section *s,
						 unsigned int gate)
{
	return gate == ACQREL_VERDICT_PUSHED || s->tap;
}

/**
 * acqrel_section_settle() - acqrel_lane_settle(), counted and recorded
 * @s: entered
 * @gate: what acqrel_section_gate() returned
 * @ev: see acqrel_lane_settle(); all of it if acqrel_section_wants() said so
 *
 * Return: true if nothing filtered the event.
 */
static __always_inline bool acqrel_section_settle(struct acqrel_section *s,
						  unsigned int gate,
						  struct acqrel_event *ev)
{
	unsigned int verdict;

	verdict = acqrel_lane_settle(s->lane, s->config, gate, ev);
	if (unlikely(s->tap))
		acqrel_record_event(s->tap, s->lane, s->config, ev, verdict);
	if (verdict < __ACQREL_FILTER_COUNT)
		return false;
	acqrel_count(ACQREL_COUNTER_PASSED_SWITCH + ev->kind);
	acqrel_reader_kick(&s->lane->ring);
	return true;
}

u64 acqrel_pipeline_stats(unsigned int cpu, unsigned int kind,
			  struct acqrel_aggregate *agg);
u64 acqrel_pipeline_books(unsigned int cpu, struct acqrel_account *acc,
			  u64 *popped);
int acqrel_pipeline_init(unsigned int ring_entries);
void acqrel_pipeline_exit(void);
void acqrel_pipeline_reset(void);

#endif /* ACQREL_KMOD_PIPELINE_H */
