// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files, time, identity and scheduler load
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "util.h"

__u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

/**
 * file_read() - read a whole file
 * @path: its name
 * @buf: gets the text, always terminated
 * @size: of @buf
 *
 * Return: length, or a negative errno.
 */
long file_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	long ret;

	if (fd < 0)
		return -errno;
	do {
		ret = read(fd, buf + len, size - 1 - len);
		len += ret > 0 ? ret : 0;
	} while (ret > 0);
	ret = ret < 0 ? -errno : (long)len;
	buf[len] = '\0';
	close(fd);
	return ret;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

bool path_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

unsigned int cpus_online(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

/**
 * slow_ms() - longer than anything takes that does not wait
 *
 * An emulated machine shares the host with others and may stand still for
 * seconds; the time does not.
 */
unsigned int slow_ms(void)
{
	char text[4096];

	if (file_read("/proc/cpuinfo", text, sizeof(text)) > 0 &&
	    strstr(text, "QEMU TCG"))
		return 5000;
	return 2000;
}

/* Return: bytes that could be had, 0 if it cannot be told. */
/* Return: how many the kernel has room for, a list like "0-3,8". */
unsigned int cpus_possible(void)
{
	unsigned int first, last, n = 0;
	char text[4096];
	char *at = text;
	int got;

	if (file_read("/sys/devices/system/cpu/possible", text,
		      sizeof(text)) <= 0)
		return 0;
	for (; at; at = strchr(at, ',')) {
		at += *at == ',';
		got = sscanf(at, "%u-%u", &first, &last);
		if (got == 1)
			n++;
		else if (got == 2)
			n += last - first + 1;
	}
	return n;
}

static __u64 memory_line(const char *name)
{
	unsigned long long kib = 0;
	char text[4096];
	char *line;

	if (file_read("/proc/meminfo", text, sizeof(text)) > 0) {
		line = strstr(text, name);
		if (line)
			sscanf(line + strlen(name), " %llu", &kib);
	}
	return kib << 10;
}

__u64 memory_available(void)
{
	return memory_line("MemAvailable:");
}

__u64 memory_total(void)
{
	return memory_line("MemTotal:");
}

void run_on(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Gives up root for good; without it a permission test would prove nothing. */
void become_nobody(void)
{
	if (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY))
		abort();
}

/* Like fork(), but the child does not outlive a test that fails. */
pid_t fork_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		abort();
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

/* Does it sleep in read(), and not on the way to it? */
bool is_blocked_in_read(pid_t pid)
{
	char path[64], text[512];
	char *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (file_read(path, text, sizeof(text)) <= 0)
		return false;
	state = strrchr(text, ')');
	if (!state || strncmp(state, ") S", 3))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	return file_read(path, text, sizeof(text)) <= 0 ||
	       !strncmp(text, "0 ", 2);
}

static pid_t load_fork(struct load *load)
{
	pid_t pid;

	if (load->n == LOAD_MAX)
		abort();
	pid = fork_child();
	if (pid)
		load->pids[load->n++] = pid;
	return pid;
}

static void __attribute__((noreturn)) echo(int in, int out)
{
	char c;

	while (read(in, &c, 1) == 1 && write(out, &c, 1) == 1)
		;
	_exit(0);
}

static void load_pair(struct load *load, int cpu)
{
	int ping[2], pong[2];

	if (pipe2(ping, O_CLOEXEC) || pipe2(pong, O_CLOEXEC))
		abort();
	if (load_fork(load) == 0) {
		if (cpu >= 0)
			run_on(cpu);
		echo(ping[0], pong[1]);
	}
	if (load_fork(load) == 0) {
		if (cpu >= 0)
			run_on(cpu);
		if (write(ping[1], "", 1) != 1)
			_exit(1);
		echo(pong[0], ping[1]);
	}
	close(ping[0]);
	close(ping[1]);
	close(pong[0]);
	close(pong[1]);
}

/**
 * load_ping_pong() - start pairs of tasks that wake each other for ever
 * @load: the load
 * @pairs: how many pairs
 * @pinned: put both of a pair on one CPU, pairs in turn over CPUs
 */
void load_ping_pong(struct load *load, unsigned int pairs, bool pinned)
{
	unsigned int i;

	for (i = 0; i < pairs; i++)
		load_pair(load, pinned ? (int)(i % cpus_online()) : -1);
}

/* Starts a task that forks and reaps for ever: first wake-ups. */
void load_forks(struct load *load)
{
	if (load_fork(load))
		return;
	for (;;) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

void load_stop(struct load *load)
{
	unsigned int i;

	for (i = 0; i < load->n; i++)
		kill(load->pids[i], SIGKILL);
	for (i = 0; i < load->n; i++)
		waitpid(load->pids[i], NULL, 0);
	load->n = 0;
}
