// SPDX-License-Identifier: GPL-2.0-only
/*
 * Insert and remove the module under test
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "client.h"
#include "util.h"

#ifndef MODULE_INIT_COMPRESSED_FILE
#define MODULE_INIT_COMPRESSED_FILE	4	/* <linux/module.h> since 5.17 */
#endif

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

static void path_beside(char *path, size_t size, const char *name)
{
	ssize_t len = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	path[len < 0 ? 0 : len] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		snprintf(slash + 1, path + size - slash - 1, "%s.ko", name);
}

/*
 * Is @name the module of a line of modules.dep, "FILE: FILE..."? The rest of
 * a long line has no colon.
 */
static bool dep_is_of(const char *line, const char *name)
{
	size_t len = strlen(name);
	const char *base = line;
	const char *p;

	for (p = line; *p && *p != ':'; p++) {
		if (*p == '/')
			base = p + 1;
	}
	return *p && !strncmp(base, name, len) &&
	       !strncmp(base + len, ".ko", 3);
}

static bool path_installed(char *path, size_t size, const char *name)
{
	struct utsname uts;
	bool found = false;
	char line[1024];
	FILE *dep;

	uname(&uts);
	snprintf(path, size, "/lib/modules/%s/modules.dep", uts.release);
	dep = fopen(path, "re");
	if (!dep)
		return false;
	while (!found && fgets(line, sizeof(line), dep))
		found = dep_is_of(line, name);
	fclose(dep);
	line[strcspn(line, ":")] = '\0';
	snprintf(path, size, "/lib/modules/%s/%s", uts.release, line);
	return found;
}

/* Beside the test program, or where modules are installed. */
static bool module_path(char *path, size_t size, const char *name)
{
	path_beside(path, size, name);
	return path_exists(path) || path_installed(path, size, name);
}

/**
 * module_available() - is there a file of this module for this kernel
 * @name: its name
 */
bool module_available(const char *name)
{
	char path[PATH_MAX];

	return module_path(path, sizeof(path), name);
}

/* A name ending like .ko.xz: the kernel has to decompress it. */
static int module_flags(const char *path)
{
	size_t len = strlen(path);

	return len > 3 && !strcmp(path + len - 3, ".ko") ?
	       0 : MODULE_INIT_COMPRESSED_FILE;
}

/**
 * module_insert() - load a module
 * @name: its name
 * @params: parameters, "" for none
 *
 * Return: 0, or a negative errno of opening its file or of loading it, such as
 *	that of its init.
 */
int module_insert(const char *name, const char *params)
{
	char path[PATH_MAX];
	int fd, ret;

	if (!module_path(path, sizeof(path), name))
		return -ENOENT;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, params, module_flags(path)) ?
	      -errno : 0;
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
	/* Who waited for its end may see it a moment longer. */
	if (!WAIT_FOR(!kthread_exists("acqrel_"), slow_ms()))
		return "kthread";
	return NULL;
}
