/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of tests in, KTAP out.
 *
 * check() and check_eq() may be called from any thread; a failed one lets
 * the test go on. Random tests take their seed from ktap_seed(), which is
 * printed; ACQREL_TEST_SEED repeats a run. A test that does not end is failed
 * by an alarm.
 */
#ifndef ACQREL_TESTS_KTAP_H
#define ACQREL_TESTS_KTAP_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <acqrel/generator.h>

#define KTAP_SECONDS	60	/* for one test */
#define KTAP_COMPLAINTS	8	/* printed for one test */

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KTAP_SLOWER	20
#else
#define KTAP_SLOWER	1
#endif

struct ktap_test {
	const char *name;
	void (*run)(void);
};

static unsigned int ktap_failures;
static unsigned int ktap_number;
static const char *ktap_skipped;
static u64 ktap_seed_value;

#define check(condition)						\
	ktap_check((condition), __FILE__, __LINE__, #condition)
#define check_eq(a, b)							\
	ktap_check_eq((u64)(a), (u64)(b), __FILE__, __LINE__, #a " == " #b)

static bool ktap_complain(const char *file, int line, const char *text)
{
	unsigned int n;

	n = __atomic_fetch_add(&ktap_failures, 1, __ATOMIC_RELAXED);
	if (n < KTAP_COMPLAINTS)
		printf("# %s:%d: not true: %s\n", file, line, text);
	return n < KTAP_COMPLAINTS;
}

static inline bool ktap_check(bool good, const char *file, int line,
			      const char *text)
{
	if (!good)
		ktap_complain(file, line, text);
	return good;
}

static inline bool ktap_check_eq(u64 a, u64 b, const char *file, int line,
				 const char *text)
{
	if (a != b && ktap_complain(file, line, text))
		printf("#   %llu (0x%llx) and %llu (0x%llx)\n", a, a, b, b);
	return a == b;
}

/* the running test cannot be done here; @why says why */
static inline void ktap_skip(const char *why)
{
	ktap_skipped = why;
}

/* iterations: @n, fewer under a sanitizer */
static inline u64 ktap_scale(u64 n)
{
	return n / KTAP_SLOWER;
}

/* a random stream, another one in each run */
static inline void ktap_seed(struct acqrel_generator *g)
{
	acqrel_generator_init(g, ktap_seed_value, 0);
}

static void ktap_choose_seed(void)
{
	const char *given = getenv("ACQREL_TEST_SEED");

	ktap_seed_value = given ? strtoull(given, NULL, 0) : (u64)time(NULL);
	printf("# ACQREL_TEST_SEED=%llu\n", ktap_seed_value);
}

static void ktap_timeout(int signo)
{
	char line[32] = "not ok 000 did not end\n";

	(void)signo;
	line[7] += ktap_number / 100 % 10;
	line[8] += ktap_number / 10 % 10;
	line[9] += ktap_number % 10;
	_exit(write(STDOUT_FILENO, line, 23) == 23 ? 1 : 2);
}

static void ktap_result(const char *name)
{
	printf("%sok %u %s", ktap_failures ? "not " : "", ktap_number, name);
	if (ktap_skipped && !ktap_failures)
		printf(" # SKIP %s", ktap_skipped);
	putchar('\n');
	fflush(stdout);
}

/* all tests of a table; returns the exit status */
static int ktap_run(const struct ktap_test *tests, unsigned int n)
{
	int status = 0;
	unsigned int i;

	signal(SIGALRM, ktap_timeout);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("KTAP version 1\n1..%u\n", n);
	ktap_choose_seed();
	for (i = 0; i < n; i++) {
		ktap_number = i + 1;
		ktap_failures = 0;
		ktap_skipped = NULL;
		alarm(KTAP_SECONDS);
		tests[i].run();
		alarm(0);
		ktap_result(tests[i].name);
		status |= ktap_failures != 0;
	}
	return status;
}

#endif /* ACQREL_TESTS_KTAP_H */
