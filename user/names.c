// SPDX-License-Identifier: GPL-2.0-only
/*
 * names.c - the words for the numbers of the ABI
 */
#include <string.h>
#include <acqrel/names.h>
#include <linux/acqrel_trace.h>

#include "names.h"

static const char *const policies[] = {
	[ACQREL_POLICY_DROP_NEWEST]		= "drop",
	[ACQREL_POLICY_OVERWRITE_OLDEST]	= "overwrite",
};

static const char *const filters[] = {
	[ACQREL_FILTER_KIND]	= "kind",
	[ACQREL_FILTER_SAMPLE]	= "sample",
	[ACQREL_FILTER_PID]	= "pid",
	[ACQREL_FILTER_VALUE]	= "value",
};

static const char *const verdicts[] = {
	[ACQREL_FILTER_KIND]		= "filtered_kind",
	[ACQREL_FILTER_SAMPLE]		= "filtered_sample",
	[ACQREL_FILTER_PID]		= "filtered_pid",
	[ACQREL_FILTER_VALUE]		= "filtered_value",
	[ACQREL_VERDICT_PUSHED]		= "pushed",
	[ACQREL_VERDICT_OVERWROTE]	= "overwrote",
	[ACQREL_VERDICT_DROPPED]	= "dropped",
};

static const char *word(const char *const *words, size_t n, size_t i)
{
	return i < n ? words[i] : "unknown";
}

/* Exactly, or by a prefix that fits only one. */
static int number(const char *const *words, size_t n, const char *name)
{
	size_t len = strlen(name);
	int found = -1;

	for (size_t i = 0; i < n; i++) {
		if (!strcmp(words[i], name))
			return i;
		if (!len || strncmp(words[i], name, len))
			continue;
		if (found >= 0)
			len = 0;
		found = i;
	}
	return len ? found : -1;
}

/**
 * acqrel_kind_name() - name of an event kind
 * @kind: enum acqrel_kind
 *
 * Return: the name, "unknown" for a number out of range.
 */
const char *acqrel_kind_name(unsigned int kind)
{
	return word(acqrel_kind_names, ARRAY_SIZE(acqrel_kind_names), kind);
}

/**
 * acqrel_kind_number() - event kind of a name
 * @name: the name or a prefix that fits only one
 *
 * Return: enum acqrel_kind or -1.
 */
int acqrel_kind_number(const char *name)
{
	return number(acqrel_kind_names, ARRAY_SIZE(acqrel_kind_names), name);
}

/**
 * acqrel_policy_name() - name of a ring policy
 * @policy: enum acqrel_policy
 *
 * Return: the name, "unknown" for a number out of range.
 */
const char *acqrel_policy_name(unsigned int policy)
{
	return word(policies, ARRAY_SIZE(policies), policy);
}

/**
 * acqrel_policy_number() - ring policy of a name
 * @name: the name or a prefix that fits only one
 *
 * Return: enum acqrel_policy or -1.
 */
int acqrel_policy_number(const char *name)
{
	return number(policies, ARRAY_SIZE(policies), name);
}

/**
 * acqrel_filter_name() - name of a reason why an event was filtered
 * @filter: enum acqrel_filter
 *
 * Return: the name, "unknown" for a number out of range.
 */
const char *acqrel_filter_name(unsigned int filter)
{
	return word(filters, ARRAY_SIZE(filters), filter);
}

/**
 * acqrel_verdict_name() - name of what became of an event
 * @verdict: enum acqrel_filter or enum acqrel_verdict
 *
 * Return: the name, "unknown" for a number out of range.
 */
const char *acqrel_verdict_name(unsigned int verdict)
{
	return word(verdicts, ARRAY_SIZE(verdicts), verdict);
}

/**
 * acqrel_counter_name() - name of a per-CPU counter
 * @counter: enum acqrel_counter
 *
 * Return: the name, "unknown" for a number out of range.
 */
const char *acqrel_counter_name(unsigned int counter)
{
	return word(acqrel_counter_names, ARRAY_SIZE(acqrel_counter_names), counter);
}
