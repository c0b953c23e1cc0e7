// SPDX-License-Identifier: GPL-2.0-only
/*
 * The litmus tests of the kernel world.
 */
#include <linux/string.h>

#include "litmus_world.h"
#include <acqrel/litmus_shapes.h>

#include "litmus/job.h"

/**
 * acqrel_litmus_at() - a test
 * @i: index
 *
 * Return: the test, NULL after the last.
 */
const struct acqrel_litmus_test *acqrel_litmus_at(unsigned int i)
{
	return i < ARRAY_SIZE(acqrel_litmus_tests) ? &acqrel_litmus_tests[i] :
						     NULL;
}

/**
 * acqrel_litmus_find() - the test of a name
 * @name: SHAPE+VARIANT
 *
 * Return: the test, NULL if there is none.
 */
const struct acqrel_litmus_test *acqrel_litmus_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acqrel_litmus_tests); i++)
		if (!strcmp(acqrel_litmus_tests[i].name, name))
			return &acqrel_litmus_tests[i];
	return NULL;
}
