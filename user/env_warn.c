// SPDX-License-Identifier: GPL-2.0-only
/*
 * env_warn.c - what a reader of figures must know of where they were made
 */
#include <string.h>

#include "env.h"
#include "result.h"

static bool is_true(const json_t *env, const char *key)
{
	return json_is_true(json_object_get(env, key));
}

static bool is_false(const json_t *env, const char *key)
{
	return json_is_false(json_object_get(env, key));
}

static const char *text(const json_t *env, const char *key)
{
	return json_string_value(json_object_get(env, key));
}

static size_t size(const json_t *env, const char *key)
{
	return json_array_size(json_object_get(env, key));
}

static void warn_cpus(struct result *result)
{
	const json_t *env = result->env;
	const json_t *quota = json_object_get(env, "cgroup_cpus");
	const char *governor = text(env, "governor");

	if (result->emulated)
		result_warn(result, "an emulated CPU: its times are not real, and there is no verdict on them");
	else if (is_true(env, "hypervisor"))
		result_warn(result, "a virtual machine: its host can take CPU time without a trace");
	if (size(env, "cpus_allowed") < size(env, "cpus_online"))
		result_warn(result, "only %zu of %zu CPUs may be used here, and all threads are on these",
			    size(env, "cpus_allowed"),
			    size(env, "cpus_online"));
	if (json_is_real(quota))
		result_warn(result, "the control group may use %.2f CPUs: threads can be throttled",
			    json_real_value(quota));
	if (is_true(env, "smt"))
		result_warn(result, "cores have several threads: what runs on a sibling slows a thread down");
	if (governor && strcmp(governor, "performance"))
		result_warn(result, "the frequency governor is %s: clocks change during the run",
			    governor);
}

/* Whatever the command may use of them. */
static void warn_isolated(struct result *result)
{
	const char *isolated = text(result->env, "isolated");
	const char *nohz = text(result->env, "nohz_full");

	if (isolated && *isolated)
		result_warn(result, "CPUs %s are isolated: nothing is scheduled there, and only what is started there uses them",
			    isolated);
	if (nohz && *nohz)
		result_warn(result, "CPUs %s have no tick while one thread runs: they are disturbed less than others",
			    nohz);
}

static void warn_refusals(struct result *result)
{
	const json_t *env = result->env;

	if (is_false(env, "membarrier"))
		result_warn(result, "membarrier is refused here: readers of config/rcu use a fence, which costs more");
	if (is_false(env, "rseq"))
		result_warn(result, "rseq is not registered here: counter/percpu uses locked adds");
	if (is_false(env, "wait_times"))
		result_warn(result, "how long threads wait for a CPU cannot be read here: no slice is marked for it");
}

static void warn_kernel(struct result *result)
{
	const json_t *env = result->env;

	if (is_true(env, "lockdep") || is_true(env, "kcsan") ||
	    size(env, "debug_options"))
		result_warn(result, "a debug kernel: its checks are in the times");
}

/**
 * env_warn() - say what in the environment bears on the figures
 * @result: with its env; the sentences go to its warnings
 */
void env_warn(struct result *result)
{
	warn_cpus(result);
	warn_isolated(result);
	warn_refusals(result);
	warn_kernel(result);
}
