// SPDX-License-Identifier: GPL-2.0-only
/*
 * args.c - tables of commands and of options
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "out.h"

static const struct option no_options[] = { { } };

/**
 * args_u64() - read a whole number
 * @text: decimal, or hexadecimal after 0x
 * @value: set on success
 *
 * Return: whether @text is a number and nothing else.
 */
bool args_u64(const char *text, __u64 *value)
{
	int base = !strncmp(text, "0x", 2) ? 16 : 10;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, base);
	return !errno && !*end;
}

static void print_globals(const struct args *args)
{
	fputs("\nEverywhere:\n"
	      "  -j, --json      print JSON\n"
	      "  -q, --quiet     no progress and no notes\n"
	      "  -h, --help      this text\n", stdout);
	/* main() takes it, before the first command */
	if (!strchr(args->path, ' '))
		fputs("\nHere:\n"
		      "  -V, --version   version\n", stdout);
}

static void print_commands(const struct args *args,
			   const struct command *commands)
{
	const struct command *c;
	int width = 0;

	for (c = commands; c->name; c++) {
		int len = strlen(c->name);

		if (c->operands && !c->sub)
			len += strlen(c->operands) + 1;
		if (len > width && len < 32)
			width = len;
	}
	printf("Usage: %s [OPTIONS] COMMAND\n\n", args->path);
	for (c = commands; c->name; c++) {
		bool operands = c->operands && !c->sub;
		int len = printf("  %s%s%s", c->name, operands ? " " : "",
				 operands ? c->operands : "");

		if (len > width + 2)
			len = printf("\n") - 1;
		printf("%*s%s\n", width + 4 - len, "", c->help);
	}
	print_globals(args);
}

static void print_options(const struct args *args, const struct option *options)
{
	const struct command *c = args->command;
	const struct option *o;

	printf("Usage: %s%s%s%s\n\n%s.\n", args->path,
	       options->name ? " [OPTIONS]" : "", c->operands ? " " : "",
	       c->operands ? c->operands : "", c->help);
	if (options->name)
		putchar('\n');
	for (o = options; o->name; o++) {
		int len = printf("  %s%s%s", o->name, o->value ? " " : "",
				 o->value ? o->value : "");

		printf("%*s%s\n", len < 22 ? 22 - len : 1, "", o->help);
	}
	print_globals(args);
}

static bool is_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "--help") ||
	       !strcmp(word, "-h");
}

static bool global_option(const char *word)
{
	if (!strcmp(word, "-j") || !strcmp(word, "--json"))
		out_set_json();
	else if (!strcmp(word, "-q") || !strcmp(word, "--quiet"))
		out_set_quiet();
	else
		return false;
	return true;
}

/* An error is JSON if --json stands anywhere, also behind the mistake. */
static int usage_error(struct args *args)
{
	for (int i = 0; i < args->argc; i++)
		global_option(args->argv[i]);
	args->status = STATUS_USAGE;
	return STATUS_USAGE;
}

static const struct command *find(const struct command *commands,
				  const char *word, bool *ambiguous)
{
	const struct command *c, *found = NULL;
	size_t len = strlen(word);

	*ambiguous = false;
	for (c = commands; c->name; c++) {
		if (!strcmp(c->name, word)) {
			*ambiguous = false;
			return c;
		}
		if (!len || strncmp(c->name, word, len))
			continue;
		*ambiguous = found;
		found = c;
	}
	return found;
}

static void extend_path(struct args *args, const char *word)
{
	size_t len = strlen(args->path);

	snprintf(args->path + len, sizeof(args->path) - len, " %s", word);
}

static void shift(struct args *args)
{
	args->argc--;
	args->argv++;
}

/* "help config" asks for the same as "config help". */
static void swap_first_two(struct args *args)
{
	char *help = args->argv[0];

	args->argv[0] = args->argv[1];
	args->argv[1] = help;
}

static int without_word(struct args *args)
{
	if (args->command->run)
		return args->command->run(args);
	usage_error(args);
	out_error("a command is missing after '%s'; try: %s help", args->path,
		  args->path);
	return STATUS_USAGE;
}

/**
 * args_dispatch() - find the command that the next word names and run it
 * @args: the words
 * @commands: table
 *
 * Return: exit status.
 */
int args_dispatch(struct args *args, const struct command *commands)
{
	const struct command *command;
	bool ambiguous;

	while (args->argc && global_option(args->argv[0]))
		shift(args);
	if (args->argc > 1 && is_help(args->argv[0]))
		swap_first_two(args);
	if (args->argc && is_help(args->argv[0])) {
		print_commands(args, commands);
		return STATUS_OK;
	}
	if (!args->argc || args->argv[0][0] == '-')
		return without_word(args);
	command = find(commands, args->argv[0], &ambiguous);
	if (!command || ambiguous) {
		usage_error(args);
		out_error("'%s' %s; see what there is: %s help", args->argv[0],
			  ambiguous ? "fits more than one command" :
			  "is no command", args->path);
		return STATUS_USAGE;
	}
	extend_path(args, command->name);
	shift(args);
	args->command = command;
	return command->sub ? args_dispatch(args, command->sub) :
			      command->run(args);
}

static const struct option *find_option(const struct option *options,
					const char *word, size_t len,
					bool *ambiguous)
{
	const struct option *o, *found = NULL;

	*ambiguous = false;
	for (o = options; o->name; o++) {
		if (strlen(o->name) == len && !strncmp(o->name, word, len)) {
			*ambiguous = false;
			return o;
		}
		if (len < 3 || strncmp(word, "--", 2) ||
		    strncmp(o->name, word, len))
			continue;
		*ambiguous = found;
		found = o;
	}
	return found;
}

static bool refuse_number(struct args *args, const struct option *o,
			  const char *value)
{
	const char *word = o->numbers ? o->numbers->word : NULL;

	usage_error(args);
	if (o->max)
		out_error("%s needs a whole number from %llu to %llu%s%s, not '%s'",
			  o->name, o->min, o->max, word ? " or " : "",
			  word ?: "", value);
	else
		out_error("%s needs a whole number of at least %llu%s%s, not '%s'",
			  o->name, o->min, word ? " or " : "", word ?: "",
			  value);
	return false;
}

static bool refuse_many(struct args *args, const struct option *o)
{
	usage_error(args);
	out_error("%s takes at most %d values", o->name, ARGS_LIST_MAX);
	return false;
}

static bool read_number(const struct option *o, const char *value, __u64 *number)
{
	return args_u64(value, number) && *number >= o->min &&
	       (!o->max || *number <= o->max);
}

static bool store_numbers(struct args *args, const struct option *o,
			  const char *value)
{
	struct args_numbers *list = o->numbers;
	char items[256], *next = items, *item;
	__u64 number;

	if (strlen(value) >= sizeof(items))
		return refuse_many(args, o);
	strcpy(items, value);
	while ((item = strsep(&next, ","))) {
		if (list->word && !strcmp(item, list->word))
			number = list->means;
		else if (!read_number(o, item, &number))
			return refuse_number(args, o, item);
		if (list->n == ARGS_LIST_MAX)
			return refuse_many(args, o);
		list->values[list->n++] = number;
	}
	return true;
}

static bool store(struct args *args, const struct option *o, const char *value)
{
	if (o->flag)
		*o->flag = true;
	if (o->string)
		*o->string = value;
	if (o->number && !read_number(o, value, o->number))
		return refuse_number(args, o, value);
	if (o->strings && o->strings->n == ARGS_LIST_MAX)
		return refuse_many(args, o);
	if (o->strings)
		o->strings->values[o->strings->n++] = value;
	return !o->numbers || store_numbers(args, o, value);
}

/* Returns how many words the option took, 0 after an error. */
static int take_option(struct args *args, const struct option *options, int i)
{
	const char *word = args->argv[i];
	size_t len = strcspn(word, "=");
	const struct option *o;
	bool ambiguous;

	o = find_option(options, word, len, &ambiguous);
	if (!o || ambiguous) {
		usage_error(args);
		out_error("'%s' %s; see which there are: %s --help", word,
			  ambiguous ? "fits more than one option" :
			  "is no option here", args->path);
		return 0;
	}
	if (!o->value && !word[len])
		return store(args, o, NULL);
	if (!o->value || (!word[len] && i + 1 == args->argc)) {
		usage_error(args);
		out_error(o->value ? "a value is missing after %s" :
			  "%s takes no value", o->name);
		return 0;
	}
	if (!store(args, o, word[len] ? word + len + 1 : args->argv[i + 1]))
		return 0;
	return word[len] ? 1 : 2;
}

static bool check_words(struct args *args, int max_words)
{
	if (args->argc <= max_words)
		return true;
	usage_error(args);
	out_error("'%s' is one word too many; see: %s --help",
		  args->argv[max_words], args->path);
	return false;
}

/**
 * args_parse() - take the options out of the words
 * @args: the words; what is left are operands
 * @options: table, or NULL
 * @max_words: operands allowed
 *
 * Return: true to go on; false to return @args->status, because help was
 * asked for or the words are wrong.
 */
bool args_parse(struct args *args, const struct option *options, int max_words)
{
	int words = 0;

	if (!options)
		options = no_options;
	for (int i = 0, took; i < args->argc; i += took) {
		char *word = args->argv[i];

		took = 1;
		if (is_help(word)) {
			print_options(args, options);
			args->status = STATUS_OK;
			return false;
		}
		if (global_option(word))
			continue;
		if (word[0] == '-' && word[1])
			took = take_option(args, options, i);
		else
			args->argv[words++] = word;
		if (!took)
			return false;
	}
	args->argc = words;
	return check_words(args, max_words);
}
