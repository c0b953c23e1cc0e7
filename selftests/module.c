// SPDX-License-Identifier: GPL-2.0-only
/*
 * Insert and remove the module under test
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "client.h"
#include "util.h"

/**
 * module_loaded() - is a module there, in any state
 * @name: its name
 */
bool module_loaded(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	return path_exists(path);
}

/* Return: how many hold it, negative if it is not loaded. */
int module_refs(const char *name)
{
	char path[64], text[32];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	if (file_read(path, text, sizeof(text)) <= 0)
		return -1;
	return atoi(text);
}

/* Beside the test program; in a kernel tree modprobe knows better. */
static int module_file(const char *name)
{
	char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (len < 0)
		return -errno;
	path[len] = '\0';
	slash = strrchr(path, '/');
	snprintf(slash + 1, path + sizeof(path) - slash - 1, "%s.ko", name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int module_modprobe(const char *name, const char *params)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execlp("modprobe", "modprobe", "-q", name,
		       params[0] ? params : NULL, NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return status ? -ENOENT : 0;
}

/**
 * module_insert() - load a module
 * @name: its name
 * @params: parameters, "" for none
 *
 * Return: 0, -ENOENT if it is nowhere to be found, or the errno of its init.
 */
int module_insert(const char *name, const char *params)
{
	int fd = module_file(name);
	int ret;

	if (fd < 0)
		return module_modprobe(name, params);
	ret = syscall(SYS_finit_module, fd, params, 0) ? -errno : 0;
	close(fd);
	return ret;
}

/**
 * module_remove() - unload a module, at once or not at all
 * @name: its name
 *
 * Return: 0, or a negative errno: -EWOULDBLOCK if something holds it.
 */
int module_remove(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/* The same, again and again while something holds it. */
int module_remove_wait(const char *name, int timeout_ms)
{
	int ret;

	WAIT_FOR((ret = module_remove(name)) != -EWOULDBLOCK, timeout_ms);
	return ret;
}

/**
 * module_fresh() - load acqrel, unloading it first if it is there
 * @params: parameters, "" for none
 *
 * Every test starts from the state right after a load. A mount that is there
 * already answers EBUSY, which is as good.
 *
 * Return: as module_insert().
 */
int module_fresh(const char *params)
{
	int ret;

	mount("debugfs", DEBUGFS, "debugfs", 0, NULL);
	mount("tracefs", TRACEFS, "tracefs", 0, NULL);
	if (module_loaded("acqrel")) {
		ret = module_remove_wait("acqrel", 5000);
		if (ret)
			return ret;
	}
	return module_insert("acqrel", params);
}

/**
 * kthread_exists() - is there a task whose name begins so
 * @prefix: the beginning
 */
bool kthread_exists(const char *prefix)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	bool found = false;

	while (!found && (entry = readdir(proc))) {
		char path[300], comm[64];

		if (!isdigit(entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (file_read(path, comm, sizeof(comm)) > 0)
			found = !strncmp(comm, prefix, strlen(prefix));
	}
	closedir(proc);
	return found;
}

/**
 * module_left_behind() - what of acqrel is visible
 *
 * Return: a name for the first thing found, NULL if there is nothing.
 */
const char *module_left_behind(void)
{
	struct nl nl;

	if (module_loaded("acqrel"))
		return "module";
	if (client_open(&nl) != -ENOENT)
		return "netlink family";
	if (path_exists(ACQREL_DEVICE))
		return "device";
	if (path_exists(DEBUGFS "/acqrel"))
		return "debugfs directory";
	if (path_exists(TRACEFS "/events/acqrel"))
		return "trace event";
	if (kthread_exists("acqrel/") || kthread_exists("acqrel-gen") ||
	    kthread_exists("acqrel_gen"))
		return "kthread";
	return NULL;
}
