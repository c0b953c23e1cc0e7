// SPDX-License-Identifier: GPL-2.0-only
/*
 * save.c - files that are whole or not there
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "out.h"
#include "save.h"

static int write_all(FILE *file, save_writer *writer, const void *what)
{
	errno = 0;
	if (!writer(file, what))
		return -ENOMEM;
	if (fflush(file) || ferror(file))
		return errno ? -errno : -EIO;
	return 0;
}

static int write_file(const char *path, save_writer *writer, const void *what)
{
	FILE *file = fopen(path, "we");
	int rc;

	if (!file)
		return -errno;
	rc = write_all(file, writer, what);
	if (fclose(file) && !rc)
		rc = -errno;
	return rc;
}

static int replace(const char *path, save_writer *writer, const void *what)
{
	char *partial;
	int rc;

	if (asprintf(&partial, "%s.partial", path) < 0)
		return -ENOMEM;
	rc = write_file(partial, writer, what);
	if (!rc && rename(partial, path))
		rc = -errno;
	if (rc)
		unlink(partial);
	free(partial);
	return rc;
}

/*
 * A directory may refuse a new file beside one that can be written to, and a
 * file that is a mount point stays where it is.
 */
static bool may_overwrite(const char *path, int rc)
{
	return (rc == -EACCES || rc == -EPERM || rc == -EROFS ||
		rc == -EBUSY || rc == -EXDEV) && !access(path, W_OK);
}

/* A device or a pipe cannot be replaced. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

/**
 * save_file() - write a file
 * @path: of the file, which is replaced once the new one is whole, or written
 *	to where that cannot be; "-" is standard output
 * @writer: writes it
 * @what: for @writer
 *
 * Says what went wrong. Return: 0 or -errno.
 */
int save_file(const char *path, save_writer *writer, const void *what)
{
	int rc;

	if (!strcmp(path, "-"))
		rc = write_all(stdout, writer, what);
	else if (is_special(path))
		rc = write_file(path, writer, what);
	else
		rc = replace(path, writer, what);
	if (may_overwrite(path, rc))
		rc = write_file(path, writer, what);
	if (rc)
		out_error("cannot write %s: %s", path, strerror(-rc));
	return rc;
}
