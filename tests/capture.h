/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the command says on standard output and standard error.
 */
#ifndef ACQREL_TESTS_CAPTURE_H
#define ACQREL_TESTS_CAPTURE_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "args.h"

#define CAPTURE_WORDS	24

struct capture {
	FILE *file;
	int saved;
	char text[65536];
};

static struct capture capture_out, capture_err;

static inline void capture_redirect(struct capture *c, FILE *stream)
{
	fflush(stream);
	c->file = tmpfile();
	c->saved = dup(fileno(stream));
	dup2(fileno(c->file), fileno(stream));
}

static inline void capture_restore(struct capture *c, FILE *stream)
{
	fflush(stream);
	dup2(c->saved, fileno(stream));
	close(c->saved);
	rewind(c->file);
	c->text[fread(c->text, 1, sizeof(c->text) - 1, c->file)] = '\0';
	fclose(c->file);
}

static inline void capture_begin(void)
{
	capture_redirect(&capture_out, stdout);
	capture_redirect(&capture_err, stderr);
}

static inline void capture_end(void)
{
	capture_restore(&capture_out, stdout);
	capture_restore(&capture_err, stderr);
}

static inline bool capture_said(const char *text)
{
	return strstr(capture_out.text, text) || strstr(capture_err.text, text);
}

/* run a command with the words of a line; returns its exit status */
static inline int capture_command(int (*run)(struct args *args),
				  const struct command *command,
				  const char *line)
{
	static char copy[1024];
	static char *words[CAPTURE_WORDS];
	struct args args = { .argv = words, .path = "acqrel test",
			     .command = command };
	int status;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		words[args.argc++] = w;
	capture_begin();
	status = run(&args);
	capture_end();
	return status;
}

#endif /* ACQREL_TESTS_CAPTURE_H */
