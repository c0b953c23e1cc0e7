// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler's tracepoints as a source.
 *
 * The tracepoints are looked up by name, since stock kernels do not export
 * them. The handlers run with a run queue locked: they call nothing that
 * could block, allocate, lock or wake, and read the clock only when the event
 * or its successor needs it.
 */
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/tracepoint.h>
#include <trace/events/sched.h>

#include "pipeline.h"
#include "source.h"
#include "wakeup.h"

static DEFINE_PER_CPU(struct acqrel_source_cost, acqrel_sched_cost);

/* when the task on this CPU came, 0: not known */
static DEFINE_PER_CPU(u64, acqrel_came_ns);

static notrace void acqrel_sched_fill(struct acqrel_event *ev, u64 now,
				      const struct task_struct *pid,
				      const struct task_struct *peer)
{
	ev->clock_ns = now;
	ev->pid = pid->pid;
	ev->peer = peer->pid;
	ev->cpu = raw_smp_processor_id();
	ev->reserved = 0;
}

/* the value is the time on CPU; time in the idle task is nobody's */
static notrace void acqrel_switch_fill(struct acqrel_event *ev, u64 now,
				       const struct task_struct *prev,
				       const struct task_struct *next)
{
	u64 came = __this_cpu_read(acqrel_came_ns);

	acqrel_sched_fill(ev, now, prev, next);
	ev->flags = 0;
	ev->value_ns = 0;
	if (came && !is_idle_task(prev)) {
		ev->flags = ACQREL_EVENT_HAS_VALUE;
		ev->value_ns = now - came;
	}
}

static notrace void acqrel_on_switch(void *data, bool preempt,
				     struct task_struct *prev,
				     struct task_struct *next,
				     unsigned int prev_state)
{
	unsigned int gate, wake_gate = 0;
	struct acqrel_section s;
	struct acqrel_event ev;
	u64 now = 0, wake = 0, cost;
	bool due, passed;

	if (!acqrel_section_enter(&s))
		return;
	cost = acqrel_cost_begin(&acqrel_sched_cost);

	gate = acqrel_lane_gate(s.lane, s.config, ACQREL_KIND_SCHED_SWITCH);
	due = acqrel_lane_due(s.lane, s.config, ACQREL_KIND_SCHED_SWITCH);
	if (!is_idle_task(next))
		wake = acqrel_wakeup_end(next->pid);
	if (wake) {
		u16 kind = ACQREL_KIND_SCHED_WAKEUP;

		if (acqrel_wakeup_is_new(wake))
			kind = ACQREL_KIND_SCHED_WAKEUP_NEW;
		wake_gate = acqrel_lane_gate(s.lane, s.config, kind);
	}
	passed = gate == ACQREL_VERDICT_PUSHED ||
		 wake_gate == ACQREL_VERDICT_PUSHED;
	if (passed || due)
		now = acqrel_section_clock(&s);

	ev.kind = ACQREL_KIND_SCHED_SWITCH;
	if (gate == ACQREL_VERDICT_PUSHED)
		acqrel_switch_fill(&ev, now, prev, next);
	acqrel_section_settle(&s, gate, &ev);
	__this_cpu_inc(acqrel_sched_cost.offered);
	__this_cpu_write(acqrel_came_ns, due ? now : 0);

	if (wake) {
		ev.kind = acqrel_wakeup_is_new(wake) ?
			  ACQREL_KIND_SCHED_WAKEUP_NEW :
			  ACQREL_KIND_SCHED_WAKEUP;
		if (wake_gate == ACQREL_VERDICT_PUSHED) {
			acqrel_sched_fill(&ev, now, next, prev);
			ev.flags = ACQREL_EVENT_HAS_VALUE;
			ev.value_ns = acqrel_wakeup_delay(wake, now);
		}
		acqrel_section_settle(&s, wake_gate, &ev);
		__this_cpu_inc(acqrel_sched_cost.offered);
	}
	acqrel_cost_end(&acqrel_sched_cost, cost, passed);
	acqrel_section_leave(&s);
}

/* the event itself is offered when the task runs: then its value is known */
static __always_inline void acqrel_on_wake(struct task_struct *p, bool is_new)
{
	struct acqrel_section s;

	if (!acqrel_section_enter(&s))
		return;
	if (p == current || READ_ONCE(p->on_cpu))
		acqrel_count(ACQREL_COUNTER_WAKEUP_RUNNING);
	else
		acqrel_wakeup_start(p->pid, is_new, acqrel_section_clock(&s));
	acqrel_section_leave(&s);
}

static notrace void acqrel_on_wakeup(void *data, struct task_struct *p)
{
	acqrel_on_wake(p, false);
}

static notrace void acqrel_on_wakeup_new(void *data, struct task_struct *p)
{
	acqrel_on_wake(p, true);
}

static struct acqrel_probe {
	const char *name;
	void *handler;
	struct tracepoint *tp;
} acqrel_probes[] = {
	{ "sched_switch", acqrel_on_switch },
	{ "sched_wakeup", acqrel_on_wakeup },
	{ "sched_wakeup_new", acqrel_on_wakeup_new },
};

static void acqrel_sched_match(struct tracepoint *tp, void *data)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acqrel_probes); i++)
		if (!strcmp(tp->name, acqrel_probes[i].name))
			acqrel_probes[i].tp = tp;
}

static void acqrel_sched_unregister(unsigned int n)
{
	while (n--)
		tracepoint_probe_unregister(acqrel_probes[n].tp,
					    acqrel_probes[n].handler, NULL);
	tracepoint_synchronize_unregister();
}

static int acqrel_sched_start(const struct acqrel_source_params *p,
			      const char **why)
{
	unsigned int i, cpu;
	int err;

	check_trace_callback_type_sched_switch(acqrel_on_switch);
	check_trace_callback_type_sched_wakeup(acqrel_on_wakeup);
	check_trace_callback_type_sched_wakeup_new(acqrel_on_wakeup_new);

	for_each_possible_cpu(cpu)
		per_cpu(acqrel_came_ns, cpu) = 0;
	acqrel_wakeup_reset();
	for_each_kernel_tracepoint(acqrel_sched_match, NULL);
	for (i = 0; i < ARRAY_SIZE(acqrel_probes); i++) {
		err = -ENOENT;
		if (acqrel_probes[i].tp)
			err = tracepoint_probe_register(acqrel_probes[i].tp,
							acqrel_probes[i].handler,
							NULL);
		if (err) {
			*why = "a scheduler tracepoint cannot be attached to";
			acqrel_sched_unregister(i);
			return err;
		}
	}
	return 0;
}

static void acqrel_sched_stop(void)
{
	acqrel_sched_unregister(ARRAY_SIZE(acqrel_probes));
}

const struct acqrel_source_ops acqrel_source_sched = {
	.name = "sched",
	.cost = &acqrel_sched_cost,
	.start = acqrel_sched_start,
	.stop = acqrel_sched_stop,
};
