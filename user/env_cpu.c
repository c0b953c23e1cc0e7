// SPDX-License-Identifier: GPL-2.0-only
/*
 * env_cpu.c - the CPUs: model, places, clocks and who emulates them
 */
#ifdef __x86_64__
#include <cpuid.h>
#endif
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <acqrel/order.h>

#include "bench.h"
#include "env.h"
#include "env_read.h"

#define SIGNATURE		12	/* bytes of a hypervisor's name */
#define CPUID_HYPERVISOR	(1U << 31)
#define CPUID_SIGNATURE		0x40000000

#define CPU_DIR		"/sys/devices/system/cpu/"
#define CLOCK_DIR	"/sys/devices/system/clocksource/clocksource0/"

/* What the hypervisor, if there is one, calls itself; 12 bytes. */
static bool read_signature(char signature[SIGNATURE + 1])
{
#ifdef __x86_64__
	unsigned int max, b, c, d;

	if (!__get_cpuid(1, &max, &b, &c, &d) || !(c & CPUID_HYPERVISOR))
		return false;
	__cpuid(CPUID_SIGNATURE, max, b, c, d);
	memcpy(signature, &b, 4);
	memcpy(signature + 4, &c, 4);
	memcpy(signature + 8, &d, 4);
	signature[SIGNATURE] = '\0';
	return true;
#else
	(void)signature;
	return false;
#endif
}

/* Short names of those that are met often, else what it calls itself. */
static bool read_accelerator(char name[SIGNATURE + 1])
{
	static const struct {
		const char *signature;
		const char *name;
	} known[] = {
		{ "KVMKVMKVM", "kvm" },
		{ "TCGTCGTCGTCG", "tcg" },
	};

	if (!read_signature(name))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(name, known[i].signature))
			strcpy(name, known[i].name);
	return true;
}

/**
 * env_emulated() - whether the CPU is an emulated one
 *
 * The CPU says so itself: its model name is what a user of QEMU chose.
 *
 * Return: true under QEMU's translator.
 */
bool env_emulated(void)
{
	char name[SIGNATURE + 1];

	return read_accelerator(name) && !strcmp(name, "tcg");
}

static int numbers(const json_t *list, unsigned int *cpus, int max)
{
	int n = json_array_size(list) < (size_t)max ?
		(int)json_array_size(list) : max;

	for (int i = 0; i < n; i++)
		cpus[i] = json_integer_value(json_array_get(list, i));
	return n;
}

/**
 * env_online_cpus() - numbers of the CPUs online
 * @cpus: filled in ascending order
 * @max: entries in @cpus
 *
 * Return: how many, 0 if that cannot be read.
 */
int env_online_cpus(unsigned int *cpus, int max)
{
	char line[ENV_LINE];
	json_t *list;
	int n;

	if (!env_read_line(CPU_DIR "online", line))
		return 0;
	list = env_cpu_list(line);
	n = numbers(list, cpus, max);
	json_decref(list);
	return n;
}

/**
 * env_allowed_cpus() - numbers of the CPUs that this process may use
 * @cpus: filled in ascending order
 * @max: entries in @cpus
 *
 * Return: how many, 0 if that cannot be read.
 */
int env_allowed_cpus(unsigned int *cpus, int max)
{
	size_t size = CPU_ALLOC_SIZE(ENV_CPUS_MAX);
	cpu_set_t *set = CPU_ALLOC(ENV_CPUS_MAX);
	int n = 0;

	if (set && !sched_getaffinity(0, size, set))
		for (int cpu = 0; cpu < ENV_CPUS_MAX && n < max; cpu++)
			if (CPU_ISSET_S(cpu, size, set))
				cpus[n++] = cpu;
	CPU_FREE(set);
	return n;
}

static json_t *cpu_file(unsigned int cpu, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), CPU_DIR "cpu%u/%s", cpu, name);
	return env_file(path);
}

static json_t *node_of(unsigned int cpu)
{
	char path[128];

	for (unsigned int node = 0; node < 1024; node++) {
		char line[ENV_LINE];

		snprintf(path, sizeof(path),
			 "/sys/devices/system/node/node%u/cpulist", node);
		if (!env_read_line(path, line))
			break;
		json_t *list = env_cpu_list(line), *value;
		bool found = false;
		size_t i;

		json_array_foreach(list, i, value)
			found |= json_integer_value(value) == cpu;
		json_decref(list);
		if (found)
			return json_integer(node);
	}
	return json_null();
}

static json_t *place(unsigned int cpu)
{
	static const struct {
		const char *key;
		const char *file;
	} files[] = {
		{ "core", "topology/core_id" },
		{ "package", "topology/physical_package_id" },
		{ "siblings", "topology/thread_siblings_list" },
		{ "last_cache", "cache/index3/shared_cpu_list" },
	};
	json_t *object = json_object();

	json_object_set_new(object, "cpu", json_integer(cpu));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		json_object_set_new(object, files[i].key,
				    cpu_file(cpu, files[i].file));
	json_object_set_new(object, "node", node_of(cpu));
	return object;
}

/* Where each CPU that may be used is. */
static json_t *places(const unsigned int *cpus, int n)
{
	json_t *list = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(list, place(cpus[i]));
	return list;
}

static json_t *cpu_numbers(const unsigned int *cpus, int n)
{
	json_t *list = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(list, json_integer(cpus[i]));
	return list;
}

/* A file of 0 and 1, where @on is the digit that means yes. */
static json_t *yes_no(const char *path, char on)
{
	char line[ENV_LINE];

	return env_read_line(path, line) ? json_boolean(line[0] == on) :
		json_null();
}

/* Some kernels print a list that they do not have as "(null)". */
static json_t *list_file(const char *path)
{
	json_t *value = env_file(path);
	const char *text = json_string_value(value);

	if (text && strchr(text, '(')) {
		json_decref(value);
		return json_string("");
	}
	return value;
}

static json_t *turbo(void)
{
	json_t *value = yes_no(CPU_DIR "intel_pstate/no_turbo", '0');

	if (!json_is_null(value))
		return value;
	json_decref(value);
	return yes_no(CPU_DIR "cpufreq/boost", '1');
}

static json_t *cpuinfo(const char *key)
{
	char line[ENV_LINE];

	return env_read_cpuinfo(key, line) ? json_string(line) : json_null();
}

static json_t *flag(const char *name)
{
	char line[ENV_LINE], padded[64];

	if (!env_read_cpuinfo("flags", line))
		return json_null();
	strcat(line, " ");
	snprintf(padded, sizeof(padded), " %s ", name);
	return json_boolean(strstr(line, padded) ||
			    !strncmp(line, padded + 1, strlen(name) + 1));
}

static void add_clock(json_t *env)
{
	json_object_set_new(env, "clocksource",
			    env_file(CLOCK_DIR "current_clocksource"));
	json_object_set_new(env, "tsc_constant", flag("constant_tsc"));
	json_object_set_new(env, "tsc_nonstop", flag("nonstop_tsc"));
	json_object_set_new(env, "bench_clock",
			    json_string(bench_clock_name()));
	json_object_set_new(env, "governor",
			    env_file(CPU_DIR "cpu0/cpufreq/scaling_governor"));
	json_object_set_new(env, "turbo", turbo());
}

/**
 * env_add_cpu() - what the record says of the CPUs
 * @env: its keys are added here
 */
void env_add_cpu(json_t *env)
{
	unsigned int cpus[ENV_CPUS_MAX];
	char name[SIGNATURE + 1];
	int n;

	json_object_set_new(env, "cpu_model", cpuinfo("model name"));
	json_object_set_new(env, "microcode", cpuinfo("microcode"));
	n = env_online_cpus(cpus, ENV_CPUS_MAX);
	json_object_set_new(env, "cpus_online", cpu_numbers(cpus, n));
	n = env_allowed_cpus(cpus, ENV_CPUS_MAX);
	json_object_set_new(env, "cpus_allowed", cpu_numbers(cpus, n));
	json_object_set_new(env, "places", places(cpus, n));
	json_object_set_new(env, "smt", yes_no(CPU_DIR "smt/active", '1'));
	json_object_set_new(env, "isolated", list_file(CPU_DIR "isolated"));
	json_object_set_new(env, "nohz_full", list_file(CPU_DIR "nohz_full"));
	add_clock(env);
	json_object_set_new(env, "hypervisor", flag("hypervisor"));
	json_object_set_new(env, "accelerator", read_accelerator(name) ?
			    json_string(name) : json_null());
	json_object_set_new(env, "emulated", json_boolean(env_emulated()));
}
