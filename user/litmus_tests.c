// SPDX-License-Identifier: GPL-2.0-only
/*
 * litmus_tests.c - the litmus tests, what the models say of them, and what
 * their outcomes mean
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>

#include "litmus.h"
#include <acqrel/litmus_shapes.h>

/* made from tools/litmus/shapes/verdicts.tsv, which make litmus proves */
#include "litmus_verdicts.h"

const char *const litmus_model_names[LITMUS_MODELS] = {
	[LITMUS_LKMM] = "LKMM",
	[LITMUS_C11] = "C11",
	[LITMUS_X86] = "x86-TSO",
	[LITMUS_ARM] = "ARMv8",
};

const char *const litmus_verdict_names[] = {
	[LITMUS_UNSAID] = "-",
	[LITMUS_NEVER] = "Never",
	[LITMUS_SOMETIMES] = "Sometimes",
};

const char *const litmus_world_names[LITMUS_WORLDS] = {
	[LITMUS_KERNEL] = "kernel",
	[LITMUS_USER] = "user",
};

/**
 * litmus_tests() - all tests
 * @n: set to their number
 *
 * Return: the first.
 */
const struct acqrel_litmus_test *litmus_tests(size_t *n)
{
	*n = ARRAY_SIZE(acqrel_litmus_tests);
	return acqrel_litmus_tests;
}

/**
 * litmus_verdict() - whether a model allows what a test asks for
 * @test: the test
 * @model: the model
 *
 * Return: what herd7 says.
 */
enum litmus_verdict litmus_verdict(const struct acqrel_litmus_test *test,
				   enum litmus_model model)
{
	const char *word = "-";

	for (size_t i = 0; i < ARRAY_SIZE(litmus_verdicts); i++)
		if (!strcmp(litmus_verdicts[i].name, test->name))
			word = litmus_verdicts[i].verdict[model];
	if (!strcmp(word, "Never"))
		return LITMUS_NEVER;
	return strcmp(word, "Sometimes") ? LITMUS_UNSAID : LITMUS_SOMETIMES;
}

/**
 * litmus_forbids() - whether a world must not show what a test asks for
 * @test: the test
 * @world: the world
 *
 * C11 has no grace periods: there the kernel's model stands for it.
 *
 * Return: true if the model of the world says never.
 */
bool litmus_forbids(const struct acqrel_litmus_test *test,
		    enum litmus_world world)
{
	enum litmus_verdict verdict = LITMUS_UNSAID;

	if (world == LITMUS_USER)
		verdict = litmus_verdict(test, LITMUS_C11);
	if (verdict == LITMUS_UNSAID)
		verdict = litmus_verdict(test, LITMUS_LKMM);
	return verdict == LITMUS_NEVER;
}

/**
 * litmus_matches() - whether a test is one of those that are meant
 * @test: the test
 * @pattern: SHAPE, or SHAPE+VARIANT with wildcards
 *
 * Return: true if so.
 */
bool litmus_matches(const struct acqrel_litmus_test *test, const char *pattern)
{
	size_t shape = strrchr(test->name, '+') - test->name;

	return !fnmatch(pattern, test->name, 0) ||
	       (strlen(pattern) == shape &&
		!strncmp(pattern, test->name, shape));
}

/* "r0" as a word of the program */
static bool uses(const char *program, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = strstr(program, name); at;
	     at = strstr(at + n, name))
		if (!isalnum(at[-1]) && !isalnum(at[n]))
			return true;
	return false;
}

/**
 * litmus_outcome_text() - say what an outcome is, as herd7 does
 * @test: the test
 * @outcome: packed
 * @text: filled, as in "0:r0=1 1:r0=0 x=2"
 * @size: bytes in @text
 */
void litmus_outcome_text(const struct acqrel_litmus_test *test, __u64 outcome,
			 char *text, size_t size)
{
	struct acqrel_litmus_outcome o = acqrel_litmus_outcome(test, outcome);
	FILE *f = fmemopen(text, size, "w");
	const char *gap = "";

	*text = '\0';
	if (!f)
		return;
	for (unsigned int i = 0; i < test->threads; i++) {
		const __u64 r[] = { o.p[i].r0, o.p[i].r1, o.p[i].r2,
				    o.p[i].r3 };

		for (unsigned int k = 0; k < ARRAY_SIZE(r); k++) {
			char name[] = { 'r', '0' + k, '\0' };

			if (!uses(test->text[i], name))
				continue;
			fprintf(f, "%s%u:%s=%llu", gap, i, name, r[k]);
			gap = " ";
		}
	}
	for (unsigned int i = 0; test->finals >> i; i++)
		if (test->finals >> i & 1) {
			fprintf(f, "%s%c=%llu", gap, "xyzw"[i], o.at[i]);
			gap = " ";
		}
	fclose(f);
}

/**
 * litmus_exists() - whether an outcome is the one that is asked for
 * @test: the test
 * @outcome: packed
 *
 * Return: true if so.
 */
bool litmus_exists(const struct acqrel_litmus_test *test, __u64 outcome)
{
	struct acqrel_litmus_outcome o = acqrel_litmus_outcome(test, outcome);

	return test->exists(&o);
}
