// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of the command line: what is taken, and what is said about those
 * that are wrong.
 */
#include <string.h>

#include "args.h"
#include "ktap.h"
#include "out.h"

#define WORDS_MAX	8

static __u64 number, second;
static bool flag;
static const char *string;
static struct args_numbers numbers = { .word = "all", .means = 77 };
static struct args_strings strings;

static const struct option options[] = {
	{ .name = "--number", .value = "N", .number = &number, .min = 2,
	  .max = 9 },
	{ .name = "--nothing", .value = "N", .number = &second },
	{ .name = "--no", .flag = &flag },
	{ .name = "-o", .value = "FILE", .string = &string },
	{ .name = "--list", .value = "N,..", .numbers = &numbers, .min = 1,
	  .max = 4 },
	{ .name = "--each", .value = "FILE", .strings = &strings },
	{ }
};

static const struct command command = { "test", NULL, "a test", NULL, NULL };
static char said[512];		/* on stderr or stdout */
static char *words[WORDS_MAX];

static bool parse(const char *line, FILE *stream, int max_words)
{
	static char copy[256];
	struct args args = { .argv = words, .path = "acqrel test",
			     .command = &command };
	FILE *file = tmpfile();
	int saved = dup(fileno(stream));
	bool good;

	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		words[args.argc++] = w;
	fflush(stream);
	dup2(fileno(file), fileno(stream));
	good = args_parse(&args, options, max_words);
	fflush(stream);
	dup2(saved, fileno(stream));
	close(saved);
	rewind(file);
	said[fread(said, 1, sizeof(said) - 1, file)] = '\0';
	fclose(file);
	return good;
}

static void check_refused(const char *line, const char *because)
{
	check(!parse(line, stderr, 0));
	if (!check(strstr(said, because)))
		printf("# %s: %s\n", line, said);
}

static void options_are_taken(void)
{
	check(parse("--num 5 --no -o file", stderr, 0));
	check_eq(number, 5);
	check(flag);
	check(!strcmp(string, "file"));
	check(parse("--number=0x9 a b --nothing=0", stderr, 2));
	check_eq(number, 9);
	check_eq(second, 0);
	check(!strcmp(words[0], "a") && !strcmp(words[1], "b"));
	check_eq(strlen(said), 0);
}

static void wrong_words_are_refused(void)
{
	check_refused("--number 1", "from 2 to 9, not '1'");
	check_refused("--number x", "not 'x'");
	check_refused("--number", "missing after --number");
	check_refused("--no=1", "--no takes no value");
	check_refused("--other", "'--other' is no option here");
	check_refused("word", "'word' is one word too many");
}

static void lists_are_taken(void)
{
	numbers.n = 0;
	strings.n = 0;
	check(parse("--list 1,all --each a --list=4 --each b", stderr, 0));
	check_eq(numbers.n, 3);
	check_eq(numbers.values[0], 1);
	check_eq(numbers.values[1], 77);
	check_eq(numbers.values[2], 4);
	check_eq(strings.n, 2);
	check(!strcmp(strings.values[0], "a") &&
	      !strcmp(strings.values[1], "b"));
}

static void wrong_lists_are_refused(void)
{
	check_refused("--list 1,5", "from 1 to 4 or all, not '5'");
	check_refused("--list 1,,2", "not ''");
	check_refused("--list 1,", "not ''");
	check_refused("--list al", "not 'al'");
}

static void long_lists_are_refused(void)
{
	numbers.n = ARGS_LIST_MAX - 1;
	check_refused("--list 1,2", "--list takes at most 64 values");
	strings.n = ARGS_LIST_MAX;
	check_refused("--each a", "--each takes at most 64 values");
}

static void ambiguous_prefix_is_named(void)
{
	check_refused("--n 1", "'--n' fits more than one option");
	/* a whole name is not a prefix */
	check(parse("--no", stderr, 0));
}

static void version_is_not_offered_here(void)
{
	check(!parse("--help", stdout, 0));
	check(strstr(said, "--json"));
	check(!strstr(said, "--version"));
}

/* The last test: from then on everything is JSON. */
static void error_is_json_wherever_the_option_stands(void)
{
	check_refused("--number 1", "acqrel: ");
	check_refused("--number 1 --json", "{\"schema\":1,\"error\":");
}

static const struct ktap_test tests[] = {
	{ "options are taken", options_are_taken },
	{ "wrong words are refused", wrong_words_are_refused },
	{ "lists are taken", lists_are_taken },
	{ "wrong lists are refused", wrong_lists_are_refused },
	{ "lists that are too long are refused", long_lists_are_refused },
	{ "an ambiguous prefix is named", ambiguous_prefix_is_named },
	{ "--version is offered only where it is taken",
	  version_is_not_offered_here },
	{ "an error is JSON wherever --json stands",
	  error_is_json_wherever_the_option_stands },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
