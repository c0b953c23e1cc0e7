/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module under test, load for it, its events, and waiting
 */
#ifndef SELFTESTS_ACQREL_UTIL_H
#define SELFTESTS_ACQREL_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>
#include <sys/types.h>
#include <linux/acqrel.h>

#define DEBUGFS		"/sys/kernel/debug"
#define TRACEFS		"/sys/kernel/tracing"
#define NOBODY		65534

#define NSEC_PER_SEC	1000000000ULL
#define NSEC_PER_MSEC	1000000ULL

/* A gcc statement expression, so that @cond is evaluated again and again. */
#define WAIT_FOR(cond, timeout_ms) ({					\
	__u64 __end = now_ns() + (timeout_ms) * NSEC_PER_MSEC;		\
	bool __ok;							\
									\
	while (!(__ok = (cond)) && now_ns() < __end)			\
		usleep(1000);						\
	__ok; })

__u64 now_ns(void);
unsigned int slow_ms(void);
long file_read(const char *path, char *buf, size_t size);
int file_write(const char *path, const char *text);
bool path_exists(const char *path);
unsigned int cpus_online(void);
unsigned int cpus_possible(void);
__u64 memory_available(void);
__u64 memory_total(void);
void run_on(unsigned int cpu);
void become_nobody(void);
pid_t fork_child(void);
bool is_blocked_in_read(pid_t pid);

/* The module. */
bool module_loaded(const char *name);
int module_refs(const char *name);
bool module_available(const char *name);
int module_insert(const char *name, const char *params);
int module_remove(const char *name);
int module_remove_wait(const char *name, int timeout_ms);
int module_fresh(const char *params);
const char *module_left_behind(void);
bool kthread_exists(const char *prefix);

/* Scheduler load. */
#define LOAD_MAX	64

struct load {
	unsigned int n;
	pid_t pids[LOAD_MAX];
};

void load_ping_pong(struct load *load, unsigned int pairs, bool pinned);
void load_forks(struct load *load);
void load_stop(struct load *load);

/* Events from the device. */
struct events {
	size_t n;
	size_t room;
	struct acqrel_event *at;
};

int dev_open(int flags);
long events_read(struct events *events, int fd);
int events_drain(struct events *events, int fd);
void events_free(struct events *events);

#endif
