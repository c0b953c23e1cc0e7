// SPDX-License-Identifier: GPL-2.0-only
/*
 * The restartable sequence, one instruction at a time: a thread that is moved
 * to another CPU before its add must add to the row of the other CPU.
 */
#include <ucontext.h>

#include "counter.h"
#include "threads.h"

#define STEPS		64	/* more than an add has instructions */
#define TRAP_FLAG	0x100

#if defined(ACQREL_HAVE_RSEQ) && !defined(__SANITIZE_THREAD__)

static struct acqrel_counters set;
static cpu_set_t all;

/* written by the signal handler */
static unsigned int steps_left, row_after;
static bool moved, added_before;

static u64 row(unsigned int cpu)
{
	return READ_ONCE(set.rows[((u64)cpu << set.shift) / sizeof(u64)]);
}

static unsigned int another_cpu(unsigned int not_this)
{
	unsigned int cpu;

	for (cpu = 0; cpu < set.cpus; cpu++)
		if (cpu != not_this && CPU_ISSET(cpu, &all))
			break;
	return cpu;
}

static void move_to(unsigned int cpu)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	check_eq(sched_setaffinity(0, sizeof(one), &one), 0);
}

static void on_step(int signo, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signo;
	(void)info;
	WRITE_ONCE(steps_left, READ_ONCE(steps_left) - 1);
	if (READ_ONCE(steps_left))
		return;
	WRITE_ONCE(added_before, acqrel_counter_sum(&set, 0) != 0);
	WRITE_ONCE(row_after, another_cpu(sched_getcpu()));
	move_to(READ_ONCE(row_after));
	WRITE_ONCE(moved, true);
	uc->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
}

static __attribute__((noinline)) void add_in_steps(void)
{
	/* below the red zone */
	asm volatile("subq $128, %%rsp\n"
		     "pushfq\n"
		     "orq %0, (%%rsp)\n"
		     "popfq\n"
		     "addq $128, %%rsp\n"
		     : : "i" (TRAP_FLAG) : "memory", "cc");
	acqrel_counter_add(&set, 0, 1);
	asm volatile("subq $128, %%rsp\n"
		     "pushfq\n"
		     "andq %0, (%%rsp)\n"
		     "popfq\n"
		     "addq $128, %%rsp\n"
		     : : "i" (~TRAP_FLAG) : "memory", "cc");
}

static void move_after(unsigned int steps)
{
	check_eq(acqrel_counters_init(&set, 1), 0);
	move_to(another_cpu(set.cpus));
	WRITE_ONCE(steps_left, steps);
	WRITE_ONCE(moved, false);
	add_in_steps();
	check_eq(acqrel_counter_sum(&set, 0), 1);
	if (READ_ONCE(moved) && !READ_ONCE(added_before))
		check_eq(row(READ_ONCE(row_after)), 1);
	acqrel_counters_destroy(&set);
}

static void moved_before_the_add(void)
{
	struct sigaction action = {
		.sa_sigaction = on_step, .sa_flags = SA_SIGINFO,
	};
	unsigned int steps;

	sched_getaffinity(0, sizeof(all), &all);
	if (!__rseq_size || CPU_COUNT(&all) < 2) {
		ktap_skip("needs restartable sequences and two CPUs");
		return;
	}
	sigaction(SIGTRAP, &action, NULL);
	for (steps = 1; steps < STEPS; steps++)
		move_after(steps);
	/* inside the sequence it cannot step: the last move came before the add */
	check(READ_ONCE(moved) && !READ_ONCE(added_before));
	signal(SIGTRAP, SIG_DFL);
	sched_setaffinity(0, sizeof(all), &all);
}

#else /* ThreadSanitizer delays signals */

static void moved_before_the_add(void)
{
	ktap_skip("cannot step through a sequence here");
}

#endif

static const struct ktap_test tests[] = {
	{ "a thread moved before its add adds to the new CPU's row",
	  moved_before_the_add },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
