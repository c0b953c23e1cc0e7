// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench_status.c - whether figures and verdicts can be trusted
 *
 * A wrong result of an operation and a regression are a failed check; what
 * makes a time doubtful makes all of them not to be trusted. Under an emulated
 * CPU only what does not depend on times counts.
 */
#include "bench_status.h"
#include "out.h"

static unsigned int cells_that(const struct result *result,
			       bool (*are)(const struct cell *cell))
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < result->ncells; i++)
		n += are(&result->cells[i]);
	return n;
}

/**
 * bench_status_worse() - the graver one of two exit statuses
 * @a: 0, 1 or 5
 * @b: same
 *
 * Return: a failed check before one that is not to be trusted.
 */
int bench_status_worse(int a, int b)
{
	if (a == STATUS_CHECK || b == STATUS_CHECK)
		return STATUS_CHECK;
	return a ?: b;
}

/**
 * bench_status_result() - judge what was measured, and say what is wrong
 * @result: figures computed
 *
 * Return: STATUS_CHECK after a wrong result, STATUS_UNTRUSTED if the times
 * are doubtful, STATUS_OK otherwise.
 */
int bench_status_result(const struct result *result)
{
	unsigned int wrong = cells_that(result, verdict_void);
	unsigned int apart = cells_that(result, verdict_apart);
	unsigned int disturbed = cells_that(result, verdict_disturbed);
	int status = STATUS_OK;

	if (wrong) {
		out_note("acqrel: %u of %u cells gave wrong results, which voids their times",
			 wrong, result->ncells);
		status = STATUS_CHECK;
	}
	if (apart) {
		out_note("acqrel: %u of %u cells overlapped less than 90 %%: not to be trusted",
			 apart, result->ncells);
		status = status ?: STATUS_UNTRUSTED;
	}
	if (result->emulated) {
		out_note("acqrel: emulated CPU: times and verdicts are not measurable");
		return status;
	}
	if (disturbed) {
		out_note("acqrel: %u of %u cells were mostly disturbed: not to be trusted",
			 disturbed, result->ncells);
		status = status ?: STATUS_UNTRUSTED;
	}
	if (verdict_doubtful(result, NULL)) {
		out_note("acqrel: others used %.1f %% CPU, the host %.1f %%: not to be trusted",
			 result->foreign * 100, result->stolen * 100);
		status = status ?: STATUS_UNTRUSTED;
	}
	return status;
}

/**
 * bench_status_results() - judge several results
 * @results: figures computed
 * @n: how many
 *
 * Return: the gravest exit status.
 */
int bench_status_results(struct result *const *results, size_t n)
{
	int status = STATUS_OK;

	for (size_t i = 0; i < n; i++)
		status = bench_status_worse(status,
					    bench_status_result(results[i]));
	return status;
}

static unsigned int count(const struct comparison *c, size_t n,
			  enum verdict verdict)
{
	unsigned int found = 0;

	for (size_t i = 0; i < n; i++)
		found += c[i].verdict == verdict;
	return found;
}

static unsigned int regressions(const struct comparison *c, size_t n)
{
	unsigned int found = 0;

	for (size_t i = 0; i < n; i++)
		found += verdict_regression(&c[i]);
	return found;
}

/**
 * bench_status_compared() - judge verdicts, and say what is wrong
 * @c: judged
 * @n: how many
 * @fail_on_regression: one that is slower is a failed check
 *
 * Return: STATUS_CHECK after a regression, STATUS_UNTRUSTED if a question was
 * not answered, STATUS_OK otherwise.
 */
int bench_status_compared(const struct comparison *c, size_t n,
			  bool fail_on_regression)
{
	unsigned int open = count(c, n, VERDICT_UNRESOLVED);
	unsigned int untrusted = count(c, n, VERDICT_UNTRUSTED);
	unsigned int slower = fail_on_regression ? regressions(c, n) : 0;
	int status = STATUS_OK;

	if (slower) {
		out_note("acqrel: %u of %zu comparisons are regressions",
			 slower, n);
		status = STATUS_CHECK;
	}
	if (open || untrusted) {
		out_note("acqrel: of %zu comparisons %u not resolved, %u not to be trusted",
			 n, open, untrusted);
		status = status ?: STATUS_UNTRUSTED;
	}
	return status;
}
