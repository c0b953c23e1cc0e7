// SPDX-License-Identifier: GPL-2.0-only
/*
 * config_words.c - a config as words of the command line, and printed
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "names.h"

/**
 * struct word - a config field
 * @name: as written
 * @attribute: ACQREL_A_CONFIG_*
 * @read: takes the value; false if it makes no sense
 * @wants: what the value looks like
 */
struct word {
	const char *name;
	unsigned int attribute;
	bool (*read)(const char *text, struct acqrel_config_values *values);
	const char *wants;
};

static bool read_u32(const char *text, __u32 *value)
{
	__u64 wide;

	if (!args_u64(text, &wide) || wide > UINT_MAX)
		return false;
	*value = wide;
	return true;
}

static bool read_sample(const char *text, struct acqrel_config_values *values)
{
	return read_u32(text, &values->sample_every);
}

static bool read_min(const char *text, struct acqrel_config_values *values)
{
	__u64 value;

	if (!args_u64(text, &value))
		return false;
	values->min_value_ns = value;
	return true;
}

static bool read_policy(const char *text, struct acqrel_config_values *values)
{
	int policy = acqrel_policy_number(text);

	values->policy = policy;
	return policy >= 0;
}

static bool add_kind(const char *text, struct acqrel_config_values *values)
{
	int kind = acqrel_kind_number(text);

	if (kind < 0)
		return false;
	values->kinds |= 1U << kind;
	return true;
}

static bool add_pid(const char *text, struct acqrel_config_values *values)
{
	__u32 pid;

	if (values->nr_pids == ACQREL_PIDS_MAX || !read_u32(text, &pid) ||
	    pid > INT_MAX)
		return false;
	values->pids[values->nr_pids++] = pid;
	return true;
}

static bool read_list(const char *text, struct acqrel_config_values *values,
		      bool (*add)(const char *, struct acqrel_config_values *))
{
	char item[32];

	while (*text) {
		size_t len = strcspn(text, ",");

		if (len >= sizeof(item))
			return false;
		memcpy(item, text, len);
		item[len] = '\0';
		if (!add(item, values))
			return false;
		text += len;
		if (*text == ',' && !*++text)
			return false;
	}
	return true;
}

static bool read_kinds(const char *text, struct acqrel_config_values *values)
{
	values->kinds = 0;
	if (!strcmp(text, "none"))
		return true;
	if (strcmp(text, "all"))
		return *text && read_list(text, values, add_kind);
	values->kinds = ACQREL_KINDS_ALL;
	return true;
}

static bool read_pids(const char *text, struct acqrel_config_values *values)
{
	values->nr_pids = 0;
	if (!strcmp(text, "none"))
		return true;
	return *text && read_list(text, values, add_pid);
}

static const struct word words[] = {
	{ "sample_every", ACQREL_A_CONFIG_SAMPLE_EVERY, read_sample,
	  "a number from 1 to 1048576" },
	{ "min_value_ns", ACQREL_A_CONFIG_MIN_VALUE_NS, read_min,
	  "a number of nanoseconds" },
	{ "policy", ACQREL_A_CONFIG_POLICY, read_policy,
	  "drop or overwrite" },
	{ "kinds", ACQREL_A_CONFIG_KINDS, read_kinds,
	  "all, none, or a list like sched_switch,sched_wakeup" },
	{ "pids", ACQREL_A_CONFIG_PIDS, read_pids,
	  "none, or a list of at most 64 thread ids like 12,13" },
};

static const char fields_there_are[] =
	"sample_every, min_value_ns, policy, kinds and pids";

static const struct word *find(const char *name)
{
	const struct word *found = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!len || strncmp(words[i].name, name, len))
			continue;
		if (found && words[i].name[len])
			return NULL;
		found = &words[i];
	}
	return found;
}

/**
 * config_words() - read pairs of field and value
 * @args: the words; @args->status is set on failure
 * @values: changed where a field is named
 * @fields: set to a mask of 1 << ACQREL_A_CONFIG_* of the named fields
 *
 * Return: false after the user has been told what is wrong.
 */
bool config_words(struct args *args, struct acqrel_config_values *values,
		  unsigned int *fields)
{
	args->status = STATUS_USAGE;
	*fields = 0;
	for (int i = 0; i < args->argc; i += 2) {
		const struct word *word = find(args->argv[i]);
		const char *value = i + 1 < args->argc ? args->argv[i + 1] : "";

		if (!word) {
			out_error("'%s' is no config field; there are %s",
				  args->argv[i], fields_there_are);
			return false;
		}
		if (!word->read(value, values)) {
			out_error("%s needs %s, not '%s'", word->name,
				  word->wants, value);
			return false;
		}
		*fields |= 1U << word->attribute;
	}
	return true;
}

static void print_kinds(const struct acqrel_config_values *values)
{
	char text[96] = "";

	out_array("kinds");
	for (unsigned int i = 0; i < __ACQREL_KIND_COUNT; i++) {
		size_t len = strlen(text);

		if (!(values->kinds & 1U << i))
			continue;
		out_str(NULL, NULL, acqrel_kind_name(i));
		snprintf(text + len, sizeof(text) - len, "%s%s",
			 len ? "," : "", acqrel_kind_name(i));
	}
	out_end();
	out_str(NULL, "kinds", *text ? text : "none");
}

static void print_pids(const struct acqrel_config_values *values)
{
	char text[ACQREL_PIDS_MAX * 12] = "";

	out_array("pids");
	for (__u32 i = 0; i < values->nr_pids; i++) {
		size_t len = strlen(text);

		out_u64(NULL, NULL, values->pids[i]);
		snprintf(text + len, sizeof(text) - len, "%s%d", len ? "," : "",
			 values->pids[i]);
	}
	out_end();
	out_str(NULL, "pids", *text ? text : "none (every thread passes)");
}

/**
 * config_print() - print a config in the words that would set it
 * @values: the config
 */
void config_print(const struct acqrel_config_values *values)
{
	print_kinds(values);
	out_u64("sample_every", "sample_every", values->sample_every);
	out_u64("min_value_ns", "min_value_ns", values->min_value_ns);
	out_str("policy", "policy", acqrel_policy_name(values->policy));
	print_pids(values);
}
