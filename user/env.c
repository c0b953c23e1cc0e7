// SPDX-License-Identifier: GPL-2.0-only
/*
 * env.c - where a result was made
 *
 * What cannot be read is printed as n/a, never guessed.
 */
#ifdef __x86_64__
#include <cpuid.h>
#endif
#include <dirent.h>
#include <gnu/libc-version.h>
#include <jansson.h>
#include <math.h>
#include <netlink/version.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <acqrel/order.h>

#include "cmd.h"
#include "env.h"
#include "rseq.h"

#define LINE	4096
#define SIGNATURE	12	/* bytes of a hypervisor's name */
#define TEXT_MAX	56

#define CPUID_HYPERVISOR	(1U << 31)
#define CPUID_SIGNATURE		0x40000000

#define CPU_DIR		"/sys/devices/system/cpu/"
#define CLOCK_DIR	"/sys/devices/system/clocksource/clocksource0/"

static bool read_line(const char *path, char line[LINE])
{
	FILE *file = fopen(path, "re");
	bool ok;

	if (!file)
		return false;
	ok = fgets(line, LINE, file);
	fclose(file);
	if (ok)
		line[strcspn(line, "\n")] = '\0';
	return ok;
}

/* First line of /proc/cpuinfo that begins with @key; the text after ": ". */
static bool read_cpuinfo(const char *key, char line[LINE])
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, LINE, file))
		found = !strncmp(line, key, strlen(key));
	fclose(file);
	if (found) {
		const char *value = strstr(line, ": ");

		value = value ? value + 2 : "";
		memmove(line, value, strlen(value) + 1);
		line[strcspn(line, "\n")] = '\0';
	}
	return found;
}

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

/**
 * env_online_cpus() - numbers of the CPUs online
 * @cpus: filled in ascending order
 * @max: entries in @cpus
 *
 * Return: how many, 0 if that cannot be read.
 */
int env_online_cpus(unsigned int *cpus, int max)
{
	char line[LINE], *at = line;
	int n = 0;

	if (!read_line(CPU_DIR "online", line))
		return 0;
	while (*at) {
		unsigned long first = strtoul(at, &at, 10), last = first;

		if (*at == '-')
			last = strtoul(at + 1, &at, 10);
		for (; first <= last && n < max; first++)
			cpus[n++] = first;
		if (*at != ',')
			break;
		at++;
	}
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
	cpu_set_t set;
	int n = 0;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 0;
	for (int cpu = 0; cpu < CPU_SETSIZE && n < max; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus[n++] = cpu;
	return n;
}

static void print_file(const char *key, const char *label, const char *path)
{
	char line[LINE];

	if (read_line(path, line))
		out_str(key, label, line);
	else
		out_na(key, label, NULL);
}

/* The kernel marks the mode in force: "none (voluntary) full". */
static void print_preemption(const char *version)
{
	static const char *const words[] = {
		"PREEMPT_RT", "PREEMPT_DYNAMIC", "PREEMPT",
	};
	char line[LINE], *begin;

	if (read_line("/sys/kernel/debug/sched/preempt", line)) {
		begin = strchr(line, '(');
		if (begin && strchr(begin, ')')) {
			*strchr(begin, ')') = '\0';
			out_str("preemption", "preemption", begin + 1);
			return;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(version, words[i])) {
			snprintf(line, sizeof(line), "%s%s", words[i],
				 i == 1 ? ", mode in force not readable" : "");
			out_str("preemption", "preemption", line);
			return;
		}
	out_str("preemption", "preemption", "none or voluntary");
}

static void print_cpu(void)
{
	unsigned int cpus[CPU_SETSIZE];
	char line[LINE], accelerator[SIGNATURE + 1];

	if (read_cpuinfo("model name", line))
		out_str("cpu_model", "CPU", line);
	else
		out_na("cpu_model", "CPU", NULL);
	out_u64("cpus_online", "CPUs online",
		env_online_cpus(cpus, CPU_SETSIZE));
	out_u64("cpus_allowed", "CPUs allowed",
		env_allowed_cpus(cpus, CPU_SETSIZE));
	if (read_line(CPU_DIR "smt/active", line))
		out_bool("smt", "SMT", line[0] == '1');
	else
		out_na("smt", "SMT", NULL);
	print_file("governor", "governor",
		   CPU_DIR "cpu0/cpufreq/scaling_governor");
	print_file("clocksource", "clocksource",
		   CLOCK_DIR "current_clocksource");
	if (read_cpuinfo("flags", line))
		out_bool("hypervisor", "hypervisor",
			 strstr(line, " hypervisor"));
	else
		out_na("hypervisor", "hypervisor", NULL);
	if (read_accelerator(accelerator))
		out_str("accelerator", "accelerator", accelerator);
	else
		out_na("accelerator", "accelerator", NULL);
	out_bool("emulated", "emulated", env_emulated());
}

static void print_mitigations(void)
{
	DIR *dir = opendir(CPU_DIR "vulnerabilities");
	char path[LINE], line[LINE];
	struct dirent *entry;
	int active = 0;

	if (!dir) {
		out_na("mitigations", "mitigations", NULL);
		return;
	}
	out_object("mitigations", NULL);
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), CPU_DIR "vulnerabilities/%s",
			 entry->d_name);
		if (entry->d_name[0] == '.' || !read_line(path, line))
			continue;
		out_str(entry->d_name, NULL, line);
		active += !strncmp(line, "Mitigation", strlen("Mitigation"));
	}
	closedir(dir);
	out_end();
	snprintf(line, sizeof(line), "%d active", active);
	out_str(NULL, "mitigations", line);
}

/* The group of this process in the unified hierarchy. */
static bool read_group(char group[LINE])
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(group, LINE, file))
		found = !strncmp(group, "0::", 3);
	fclose(file);
	if (found) {
		memmove(group, group + 3, strlen(group + 3) + 1);
		group[strcspn(group, "\n")] = '\0';
	}
	return found;
}

/* CPUs that a line of cpu.max, quota and period, allows. */
static double group_cpus(const char *line)
{
	double quota, period;

	if (sscanf(line, "%lf %lf", &quota, &period) != 2 || period <= 0)
		return INFINITY;
	return quota / period;
}

/* The tightest of the group and its parents, as the file has it. */
static void print_cgroup(void)
{
	char group[LINE], path[LINE + 64], line[LINE], tightest[LINE] = "";
	char *slash;

	if (!read_group(group)) {
		out_na("cgroup_cpu_max", NULL, NULL);
		return;
	}
	do {
		snprintf(path, sizeof(path), "/sys/fs/cgroup%s/cpu.max", group);
		if (read_line(path, line) &&
		    (!*tightest || group_cpus(line) < group_cpus(tightest)))
			strcpy(tightest, line);
		slash = strrchr(group, '/');
		if (slash)
			*slash = '\0';
	} while (slash);
	if (*tightest)
		out_str("cgroup_cpu_max", NULL, tightest);
	else
		out_na("cgroup_cpu_max", NULL, NULL);
}

/* The clock that a tick advances is as fine as a tick. */
static void print_hz(void)
{
	struct timespec tick;

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) || !tick.tv_nsec)
		out_na("hz", "HZ", NULL);
	else
		out_u64("hz", "HZ", (1000000000 + tick.tv_nsec / 2) /
			tick.tv_nsec);
}

static void print_date(void)
{
	char text[32];
	struct tm utc;
	time_t now = time(NULL);

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ",
		 gmtime_r(&now, &utc));
	out_str("date", "date", text);
}

/**
 * env_module() - print the version of the loaded module
 */
void env_module(void)
{
	char version[64];

	if (session_module_version(version, sizeof(version)))
		out_str("module", "module", version);
	else
		out_na("module", "module", session_module_present() ?
		       "loaded, version not stated" : "not loaded");
}

static void print_debug(void)
{
	FILE *lockdep = fopen("/proc/lockdep_stats", "re");
	FILE *kcsan = fopen("/sys/module/kcsan/parameters/skip_watch", "re");

	out_bool("lockdep", NULL, lockdep);
	out_bool("kcsan", NULL, kcsan);
	if (lockdep || kcsan)
		out_str(NULL, "debug kernel", "yes: times are distorted");
	if (lockdep)
		fclose(lockdep);
	if (kcsan)
		fclose(kcsan);
}

/* As user/counter.h decides it, for each add anew. */
static const char *counters_use(void)
{
#ifdef ACQREL_HAVE_RSEQ
	if (__rseq_size)
		return "rseq";
#endif
	return "locked add";
}

/**
 * env_libraries() - print versions of libraries and what counters add with
 */
void env_libraries(void)
{
	out_object("libraries", NULL);
	out_str("liburcu", "liburcu", ACQREL_URCU_VERSION);
	out_str("libnl", "libnl", LIBNL_STRING);
	out_str("jansson", "jansson", jansson_version_str());
	out_str("glibc", "glibc", gnu_get_libc_version());
	out_end();
	out_str("counters_use", "counters use", counters_use());
}

/* Text has no room for a long one; the record has it all. */
static void print_command_line(void)
{
	char line[LINE];

	if (!read_line("/proc/cmdline", line)) {
		out_na("kernel_command_line", "command line", NULL);
		return;
	}
	out_str("kernel_command_line", NULL, line);
	if (strlen(line) > TEXT_MAX)
		strcpy(line + TEXT_MAX, "...");
	out_str(NULL, "command line", line);
}

/**
 * env_print() - print all about the machine that bears on a time
 */
void env_print(void)
{
	struct utsname uts = { 0 };
	char line[LINE];

	uname(&uts);
	out_object("environment", "Environment");
	print_date();
	out_str("command", "acqrel", ACQREL_VERSION);
	env_module();
	out_str("kernel_release", "kernel", uts.release);
	out_str("kernel_version", NULL, uts.version);
	out_str("machine", NULL, uts.machine);
	print_preemption(uts.version);
	print_hz();
	print_cpu();
	print_mitigations();
	if (read_line("/proc/sys/kernel/tainted", line))
		out_u64("taint", "taint", strtoull(line, NULL, 10));
	else
		out_na("taint", "taint", NULL);
	print_debug();
	print_cgroup();
	env_libraries();
	print_command_line();
	out_end();
}
