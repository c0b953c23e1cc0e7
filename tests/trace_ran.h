/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands for traces in a process of their own, and all that they say.
 */
#ifndef ACQREL_TESTS_TRACE_RAN_H
#define ACQREL_TESTS_TRACE_RAN_H

#include <jansson.h>
#include <sys/wait.h>

#include "cmd.h"
#include "trace_hand.h"

#define RAN_WORDS	24

/**
 * struct ran - a command that was run
 * @status: its exit status, -1 if a signal ended it
 * @out: what it printed
 * @err: what it complained of
 */
struct ran {
	int status;
	char *out;
	char *err;
};

static inline char *ran_text(FILE *file)
{
	long size = !fseek(file, 0, SEEK_END) ? ftell(file) : 0;
	char *text = calloc(1, size + 1);

	rewind(file);
	if (!text || fread(text, 1, size, file) != (size_t)size)
		exit(1);
	fclose(file);
	return text;
}

/* ends the process, which lets the sanitizer look for leaks */
static inline void ran_child(const char *line, FILE *out, FILE *err)
{
	char copy[512], *words[RAN_WORDS];
	struct args args = { .argv = words, .path = "acqrel trace" };

	dup2(fileno(out), STDOUT_FILENO);
	dup2(fileno(err), STDERR_FILENO);
	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		words[args.argc++] = w;
	exit(out_finish(args_dispatch(&args, trace_commands)));
}

/* @line: without "acqrel trace" */
static inline struct ran ran(const char *line)
{
	FILE *out = tmpfile(), *err = tmpfile();
	struct ran r = { .status = -1 };
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid)
		ran_child(line, out, err);
	check_eq(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		r.status = WEXITSTATUS(status);
	r.out = ran_text(out);
	r.err = ran_text(err);
	return r;
}

static inline void ran_free(struct ran *r)
{
	free(r->out);
	free(r->err);
}

/* a command on @path that succeeds and says nothing on stderr */
__attribute__((format(printf, 1, 2)))
static inline struct ran ran_well(const char *format, ...)
{
	char line[512];
	struct ran r;
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	r = ran(line);
	if (!check_eq(r.status, 0) || !check(!*r.err))
		printf("# %s: %s\n", line, r.err);
	return r;
}

/* the whole output is one JSON document */
static inline json_t *ran_json(const struct ran *r)
{
	json_error_t error;
	json_t *json = json_loads(r->out, 0, &error);

	if (!check(json))
		printf("# line %d: %s\n", error.line, error.text);
	return json;
}

/* a number by its path, like "total.events" or "per_cpu.1.events" */
static inline json_t *ran_at(const json_t *json, const char *path)
{
	char copy[128];

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *w = strtok(copy, "."); w; w = strtok(NULL, "."))
		json = json_is_array(json) ? json_array_get(json, atoi(w)) :
			json_object_get(json, w);
	if (!check(json))
		printf("# there is no %s\n", path);
	return (json_t *)json;
}

static inline u64 ran_u64(const json_t *json, const char *path)
{
	return json_integer_value(ran_at(json, path));
}

static inline bool ran_is(const json_t *json, const char *path,
			  const char *text)
{
	const char *value = json_string_value(ran_at(json, path));

	return value && !strcmp(value, text);
}

#endif /* ACQREL_TESTS_TRACE_RAN_H */
