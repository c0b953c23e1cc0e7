// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler's tracepoints as a source.
 *
 * The tracepoints are looked up by name, since stock kernels do not export
 * them. The handlers run with a run queue locked: they call nothing that
 * could block, allocate, lock or wake.
 *
 * Two clocks: durations come from local_clock(), which the scheduler's own
 * accounting uses and which is a direct call on x86. The clock of an event is
 * an indirect call, so it is read only for events that pass the gate, and for
 * those that are recorded.
 *
 * source.probe: a tracepoint calls its handlers in a read-side critical section,
 * so once the probes are gone and a grace period is over, none is running.
 */
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/tracepoint.h>
#include <trace/events/sched.h>

#include "pipeline.h"
#include "source.h"
#include "wakeup.h"

static DEFINE_PER_CPU(struct acqrel_source_cost, acqrel_sched_cost);

/* when the task on this CPU came, by local_clock(); 0: not known */
static DEFINE_PER_CPU(u64, acqrel_came_ns);

/* all of an event but its kind; often nobody wants more than that */
static __always_inline void acqrel_sched_fill(struct acqrel_section *s,
					      struct acqrel_event *ev,
					      const struct task_struct *pid,
					      const struct task_struct *peer)
{
	ev->clock_ns = acqrel_section_clock(s);
	ev->value_ns = 0;
	ev->pid = pid->pid;
	ev->peer = peer->pid;
	ev->cpu = raw_smp_processor_id();
	ev->flags = 0;
	ev->reserved = 0;
}

static __always_inline void acqrel_sched_value(struct acqrel_event *ev,
					       u64 value)
{
	ev->flags = ACQREL_EVENT_HAS_VALUE;
	ev->value_ns = value;
}

/* the value is the time on CPU; time in the idle task is nobody's */
static __always_inline bool acqrel_offer_switch(struct acqrel_section *s,
						const struct task_struct *prev,
						const struct task_struct *next,
						u64 now)
{
	u64 came = __this_cpu_read(acqrel_came_ns);
	struct acqrel_event ev;
	unsigned int gate;

	ev.kind = ACQREL_KIND_SCHED_SWITCH;
	gate = acqrel_section_gate(s, ev.kind);
	if (acqrel_section_wants(s, gate)) {
		acqrel_sched_fill(s, &ev, prev, next);
		if (came && !is_idle_task(prev))
			acqrel_sched_value(&ev, now - came);
	}
	__this_cpu_write(acqrel_came_ns, now);
	__this_cpu_inc(acqrel_sched_cost.offered);
	return acqrel_section_settle(s, gate, &ev);
}

/* the value is the delay since the wake-up that @next ends by running */
static __always_inline bool acqrel_offer_wakeup(struct acqrel_section *s,
						const struct task_struct *prev,
						const struct task_struct *next,
						u64 now)
{
	struct acqrel_event ev;
	unsigned int gate;
	u64 word;

	if (is_idle_task(next))
		return false;
	word = acqrel_wakeup_end(next->pid);
	if (!word)
		return false;
	ev.kind = acqrel_wakeup_is_new(word) ? ACQREL_KIND_SCHED_WAKEUP_NEW :
					       ACQREL_KIND_SCHED_WAKEUP;
	gate = acqrel_section_gate(s, ev.kind);
	if (acqrel_section_wants(s, gate)) {
		acqrel_sched_fill(s, &ev, next, prev);
		acqrel_sched_value(&ev, acqrel_wakeup_delay(word, now));
	}
	__this_cpu_inc(acqrel_sched_cost.offered);
	return acqrel_section_settle(s, gate, &ev);
}

/* runs in a section, pairs with acqrel_sched_unregister(): source.probe */
static notrace void acqrel_on_switch(void *data, bool preempt,
				     struct task_struct *prev,
				     struct task_struct *next,
				     unsigned int prev_state)
{
	u64 now, cost = acqrel_cost_begin(&acqrel_sched_cost);
	struct acqrel_section s;
	bool passed;

	if (!acqrel_section_enter(&s))
		return;
	now = local_clock();
	passed = acqrel_offer_switch(&s, prev, next, now);
	passed |= acqrel_offer_wakeup(&s, prev, next, now);
	acqrel_section_leave(&s);
	acqrel_cost_end(&acqrel_sched_cost, cost, passed);
}

/* the event itself is offered when the task runs: then its value is known */
static __always_inline void acqrel_on_wake(struct task_struct *p, bool is_new)
{
	u64 cost = acqrel_cost_begin(&acqrel_sched_cost);
	struct acqrel_section s;

	if (!acqrel_section_enter(&s))
		return;
	if (p == current || READ_ONCE(p->on_cpu))
		acqrel_count(ACQREL_COUNTER_WAKEUP_RUNNING);
	else
		acqrel_wakeup_start(p->pid, is_new, local_clock());
	acqrel_section_leave(&s);
	acqrel_cost_end(&acqrel_sched_cost, cost, false);
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
	/* pairs with the sections that the handlers run in: source.probe */
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
