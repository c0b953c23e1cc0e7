/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * args.h - tables of commands and of options
 *
 * A table drives dispatch and help alike. Words may be cut to any prefix
 * that fits only one entry.
 */
#ifndef ACQREL_USER_ARGS_H
#define ACQREL_USER_ARGS_H

#include <stdbool.h>
#include <linux/types.h>

/**
 * struct args - what is left of the command line
 * @argc: words left
 * @argv: the words
 * @path: the words so far, for messages and help
 * @command: table entry that runs
 * @status: set when args_parse() says that there is nothing to do
 */
struct args {
	int argc;
	char **argv;
	char path[80];
	const struct command *command;
	int status;
};

/**
 * struct command - an entry of a table that ends with an empty one
 * @name: the word
 * @operands: what may follow, for help
 * @help: one line
 * @run: does it; returns enum exit_status. NULL where a word of @sub must
 *	follow
 * @sub: the next level, or NULL
 */
struct command {
	const char *name;
	const char *operands;
	const char *help;
	int (*run)(struct args *args);
	const struct command *sub;
};

#define ARGS_LIST_MAX	64

/**
 * struct args_numbers - value of an option that takes numbers with commas
 *	between them, and may be there several times
 * @n: how many were given
 * @values: the numbers
 * @word: stands for @means, or NULL
 * @means: a number that cannot be given as one
 */
struct args_numbers {
	unsigned int n;
	__u64 values[ARGS_LIST_MAX];
	const char *word;
	__u64 means;
};

/**
 * struct args_strings - values of an option that may be there several times
 * @n: how many were given
 * @values: the strings
 */
struct args_strings {
	unsigned int n;
	const char *values[ARGS_LIST_MAX];
};

/**
 * struct option - an entry of a table that ends with an empty one
 * @name: with its dashes
 * @value: name of its value, NULL if it takes none
 * @help: one line
 * @flag: set to true if the option is there, or NULL
 * @number: set to the value if that is a number, or NULL
 * @string: set to the value if that is a string, or NULL
 * @numbers: gets the value if that is a list of numbers, or NULL
 * @strings: gets the value if there can be several, or NULL
 * @min: smallest number
 * @max: largest number, 0: no limit
 */
struct option {
	const char *name;
	const char *value;
	const char *help;
	bool *flag;
	__u64 *number;
	const char **string;
	struct args_numbers *numbers;
	struct args_strings *strings;
	__u64 min;
	__u64 max;
};

int args_dispatch(struct args *args, const struct command *commands);
bool args_parse(struct args *args, const struct option *options, int max_words);
bool args_u64(const char *text, __u64 *value);

#endif /* ACQREL_USER_ARGS_H */
