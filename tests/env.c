// SPDX-License-Identifier: GPL-2.0-only
/*
 * The environment: every key is there, unknown is null, and what bears on
 * figures becomes a warning.
 */
#include <sched.h>

#include "env.h"
#include "env_read.h"
#include "ktap.h"
#include "result.h"

static void lists_are_read(void)
{
	json_t *list = env_cpu_list("0-2,5,8-9");
	static const int want[] = { 0, 1, 2, 5, 8, 9 };

	check_eq(json_array_size(list), ARRAY_SIZE(want));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		check_eq(json_integer_value(json_array_get(list, i)), want[i]);
	json_decref(list);
	list = env_cpu_list("");
	check_eq(json_array_size(list), 0);
	json_decref(list);
}

static void every_key_is_there(void)
{
	static const char *const keys[] = {
		"date", "command", "module", "host", "boot_id",
		"kernel_release", "preemption", "hz", "mitigations", "taint",
		"debug_options", "cpu_model", "cpus_online", "cpus_allowed",
		"places", "smt", "isolated", "nohz_full", "clocksource",
		"bench_clock", "governor", "turbo", "hypervisor", "emulated",
		"cgroup_cpu_max", "membarrier", "rseq", "hardware_counters",
		"set_affinity", "wait_times", "huge_pages", "libraries",
		"compiler",
	};
	json_t *env = env_json();

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		check(json_object_get(env, keys[i]));
	check(json_string_value(json_object_get(env, "kernel_release")));
	json_decref(env);
}

static void allowed_cpus_are_those_of_the_thread(void)
{
	unsigned int cpus[CPU_SETSIZE];
	cpu_set_t before, one;
	int n = env_allowed_cpus(cpus, CPU_SETSIZE);

	check(n >= 1);
	check(!sched_getaffinity(0, sizeof(before), &before));
	CPU_ZERO(&one);
	CPU_SET(cpus[n - 1], &one);
	check(!sched_setaffinity(0, sizeof(one), &one));
	check_eq(env_allowed_cpus(cpus, CPU_SETSIZE), 1);
	check(CPU_ISSET(cpus[0], &one));
	check(!sched_setaffinity(0, sizeof(before), &before));
}

static bool warns(const struct result *result, const char *words)
{
	json_t *value;
	size_t i;

	json_array_foreach(result->warnings, i, value)
		if (strstr(json_string_value(value), words))
			return true;
	return false;
}

static void warnings_follow_the_environment(void)
{
	struct result result;

	result_init(&result);
	result.env = json_pack("{s[ii]s[i]sssssfsbsbsbsbs[s]ss}",
			       "cpus_online", 0, 1, "cpus_allowed", 1,
			       "isolated", "2-3", "nohz_full", "3",
			       "cgroup_cpus", 1.5, "smt", 1, "membarrier", 0,
			       "rseq", 1, "wait_times", 0, "debug_options", "CONFIG_KASAN=y",
			       "governor", "powersave");
	check(result.env);
	env_warn(&result);
	check(warns(&result, "only 1 of 2 CPUs"));
	check(warns(&result, "CPUs 2-3 are isolated"));
	check(warns(&result, "CPUs 3 have no tick"));
	check(warns(&result, "1.50 CPUs"));
	check(warns(&result, "several threads"));
	check(warns(&result, "readers of config/rcu use a fence"));
	check(!warns(&result, "rseq"));
	check(warns(&result, "wait for a CPU cannot be read"));
	check(warns(&result, "debug kernel"));
	check(warns(&result, "powersave"));
	result_release(&result);
}

static void a_plain_machine_has_no_warning(void)
{
	struct result result;

	result_init(&result);
	result.env = json_pack("{ssss}", "isolated", "", "nohz_full", "");
	env_warn(&result);
	check_eq(json_array_size(result.warnings), 0);
	result_release(&result);
}

static const struct ktap_test tests[] = {
	{ "lists of CPUs are read", lists_are_read },
	{ "every key is there", every_key_is_there },
	{ "allowed CPUs are those of the thread",
	  allowed_cpus_are_those_of_the_thread },
	{ "warnings follow the environment", warnings_follow_the_environment },
	{ "a plain machine has no warning", a_plain_machine_has_no_warning },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
