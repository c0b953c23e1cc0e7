// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters, with restartable sequences and without: the program runs itself
 * once more with the registration turned off.
 */
#include <sys/time.h>

#include "counter.h"
#include "threads.h"

#define RSEQ_OFF	"glibc.pthread.rseq=0"
#define THREADS		8
#define IDS		20

static struct acqrel_counters set;

static bool rseq_expected(void)
{
	const char *tunables = getenv("GLIBC_TUNABLES");

#ifdef ACQREL_HAVE_RSEQ
	return __rseq_size && !(tunables && strstr(tunables, RSEQ_OFF));
#else
	return false;
#endif
}

static void init(void)
{
	check_eq(acqrel_counters_init(&set, IDS), 0);
}

static void counts_by_the_expected_way(void)
{
	unsigned int id;

	init();
	for (id = 0; id < IDS; id++)
		check_eq(acqrel_counter_sum(&set, id), 0);
	for (id = 0; id < IDS; id++)
		acqrel_counter_add(&set, id, 100 + id);
	for (id = 0; id < IDS; id++)
		check_eq(acqrel_counter_sum(&set, id), 100 + id);
	check_eq(set.locked, !rseq_expected());
	printf("# restartable sequences: %s\n", set.locked ? "no" : "yes");
	acqrel_counters_destroy(&set);
}

static void sum_wraps(void)
{
	init();
	acqrel_counter_add(&set, 0, ~0ULL);
	acqrel_counter_add(&set, 0, 3);
	check_eq(acqrel_counter_sum(&set, 0), 2);
	check_eq(acqrel_counter_sum(&set, 1), 0);
	acqrel_counters_destroy(&set);
}

/* as if CPU 0 were the only one that was there when the set was made */
static void cpu_without_row_adds_with_a_lock(void)
{
	cpu_set_t all, others;

	sched_getaffinity(0, sizeof(all), &all);
	others = all;
	CPU_CLR(0, &others);
	if (sched_setaffinity(0, sizeof(others), &others)) {
		ktap_skip("needs a second CPU");
		return;
	}
	init();
	set.cpus = 1;
	acqrel_counter_add(&set, 3, 5);
	check(set.locked);
	check_eq(acqrel_counter_sum(&set, 3), 5);
	acqrel_counters_destroy(&set);
	sched_setaffinity(0, sizeof(all), &all);
}

static struct {
	u64 adds;
	u64 done ____cacheline_aligned;
} shared;

static void add_many(void *arg)
{
	unsigned int id = (uintptr_t)arg % 2;
	u64 i;

	for (i = 0; i < shared.adds; i++)
		acqrel_counter_add(&set, id, 1);
	__atomic_fetch_add(&shared.done, 1, __ATOMIC_RELEASE);
}

static void run_adders(struct threads_one *table, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		table[i].run = add_many;
		table[i].arg = (void *)(uintptr_t)i;
	}
	shared.done = 0;
}

/* more threads than CPUs, so that they are preempted; in waves, so they exit */
static void exact_across_threads_and_exits(void)
{
	struct threads_one table[THREADS];
	u64 wave;

	init();
	shared.adds = ktap_scale(2000000);
	for (wave = 1; wave <= 4; wave++) {
		run_adders(table, THREADS);
		threads_run(table, THREADS);
		check_eq(acqrel_counter_sum(&set, 0),
			 wave * THREADS / 2 * shared.adds);
		check_eq(acqrel_counter_sum(&set, 1),
			 wave * THREADS / 2 * shared.adds);
	}
	acqrel_counters_destroy(&set);
}

static void watch(void *arg)
{
	u64 sum, last = 0;
	bool done;

	(void)arg;
	do {
		done = progress_get(&shared.done) == 2;
		sum = acqrel_counter_sum(&set, 0);
		check(sum >= last);
		check(sum <= shared.adds);
		last = sum;
	} while (!done);
	check_eq(sum, shared.adds);
}

static void sum_never_falls(void)
{
	struct threads_one table[4];

	init();
	shared.adds = ktap_scale(4000000);
	run_adders(table, 2);
	table[2].run = watch;
	table[3].run = watch;
	threads_run(table, 4);
	acqrel_counters_destroy(&set);
}

/* move from CPU to CPU while adding */
static void migrate(void *arg)
{
	cpu_set_t all, one;
	unsigned int cpu = 0;

	(void)arg;
	sched_getaffinity(0, sizeof(all), &all);
	while (progress_get(&shared.done) < 2) {
		cpu = (cpu + 1) % CPU_SETSIZE;
		if (!CPU_ISSET(cpu, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof(one), &one);
		acqrel_counter_add(&set, 2, 1);
		acqrel_counter_add(&set, 3, 1);
	}
}

static void exact_across_migrations(void)
{
	struct threads_one table[4];

	init();
	shared.adds = ktap_scale(4000000);
	run_adders(table, 2);
	table[2].run = migrate;
	table[3].run = migrate;
	threads_run(table, 4);
	check_eq(acqrel_counter_sum(&set, 0), shared.adds);
	check_eq(acqrel_counter_sum(&set, 1), shared.adds);
	check_eq(acqrel_counter_sum(&set, 2), acqrel_counter_sum(&set, 3));
	acqrel_counters_destroy(&set);
}

static u64 signals;

static void on_signal(int signo)
{
	(void)signo;
	acqrel_counter_add(&set, 0, 1);
	__atomic_fetch_add(&signals, 1, __ATOMIC_RELAXED);
}

/* a signal handler that counts in the midst of an add */
static void exact_across_signals(void)
{
	struct itimerval often = { { 0, 50 }, { 0, 50 } }, never = { 0 };
	u64 adds = 0;

	init();
	signals = 0;
	signal(SIGPROF, on_signal);
	setitimer(ITIMER_PROF, &often, NULL);
	while (READ_ONCE(signals) < 100 || adds < 20000000 / KTAP_SLOWER) {
		acqrel_counter_add(&set, 0, 1);
		adds++;
	}
	setitimer(ITIMER_PROF, &never, NULL);
	signal(SIGPROF, SIG_IGN);
	check_eq(acqrel_counter_sum(&set, 0), adds + READ_ONCE(signals));
	acqrel_counters_destroy(&set);
}

/* run all but the last test once more, and show what they say */
static void without_restartable_sequences(void)
{
	char program[4096], command[4200], line[256];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
	FILE *again;

	if (!check(n > 0))
		return;
	program[n] = '\0';
	snprintf(command, sizeof(command), "GLIBC_TUNABLES=%s '%s' again 2>&1",
		 RSEQ_OFF, program);
	again = popen(command, "r");
	if (!check(again))
		return;
	while (fgets(line, sizeof(line), again))
		printf("    %s", line);
	check_eq(pclose(again), 0);
}

static const struct ktap_test tests[] = {
	{ "counts by the expected way", counts_by_the_expected_way },
	{ "a sum wraps at 2^64", sum_wraps },
	{ "a CPU without a row adds with a lock",
	  cpu_without_row_adds_with_a_lock },
	{ "threads: exact, also when they exit",
	  exact_across_threads_and_exits },
	{ "threads: a sum never falls", sum_never_falls },
	{ "threads: exact across migrations", exact_across_migrations },
	{ "exact across signals", exact_across_signals },
	{ "the same without restartable sequences",
	  without_restartable_sequences },
};

int main(int argc, char **argv)
{
	(void)argv;
	return ktap_run(tests, ARRAY_SIZE(tests) - (argc > 1));
}
