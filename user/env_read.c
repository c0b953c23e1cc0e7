// SPDX-License-Identifier: GPL-2.0-only
/*
 * env_read.c - files of the kernel as text and as JSON
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "env_read.h"

/**
 * env_read_line() - first line of a file
 * @path: the file
 * @line: filled, without the newline
 *
 * Return: false if there is none.
 */
bool env_read_line(const char *path, char line[ENV_LINE])
{
	FILE *file = fopen(path, "re");
	bool ok;

	if (!file)
		return false;
	ok = fgets(line, ENV_LINE, file);
	fclose(file);
	if (ok)
		line[strcspn(line, "\n")] = '\0';
	return ok;
}

/**
 * env_read_cpuinfo() - what /proc/cpuinfo says of the first CPU
 * @key: what its line begins with
 * @line: filled with the text after ": "
 *
 * Return: false if there is no such line.
 */
bool env_read_cpuinfo(const char *key, char line[ENV_LINE])
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, ENV_LINE, file))
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

/**
 * env_file() - first line of a file as JSON
 * @path: the file
 *
 * Return: a string, or null if it cannot be read.
 */
json_t *env_file(const char *path)
{
	char line[ENV_LINE];

	return env_read_line(path, line) ? json_string(line) : json_null();
}

/**
 * env_cpu_list() - a list of CPUs as the kernel prints it
 * @text: as in "0-3,8"
 *
 * Return: an array of numbers.
 */
json_t *env_cpu_list(const char *text)
{
	json_t *list = json_array();
	char *end;

	while (*text) {
		unsigned long first = strtoul(text, &end, 10), last = first;

		if (end == text)
			break;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (; first <= last; first++)
			json_array_append_new(list, json_integer(first));
		text = *end == ',' ? end + 1 : end;
	}
	return list;
}
