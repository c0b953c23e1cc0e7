// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench_args.c - the options of everything that measures
 */
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench_args.h"
#include "out.h"

#define NS_PER_MS	1000000ULL
#define LEAD_NS		500000
#define BLOCKS_MAX	100000
#define DURATION_MAX	86400
#define REPEAT_MAX	1000

/* Short enough to be copied by hand. */
static __u64 new_seed(void)
{
	__u32 seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		return getpid();
	return seed;
}

/**
 * bench_args_init() - what holds if the user says nothing
 * @a: filled
 */
void bench_args_init(struct bench_args *a)
{
	*a = (struct bench_args) {
		.color = "auto",
		.threads = { .word = "all", .means = 0 },
		.write_rates = { .word = "max", .means = RESULT_WRITE_MAX },
		.slice_ms = 2,
		.pace_us = BENCH_ARGS_PACE,
		.repeat = 1,
		.seed = new_seed(),
	};
}

/**
 * bench_args_world() - add --world to a table of options
 * @a: where its value goes
 * @to: the next entry
 *
 * Return: the entry after it.
 */
struct option *bench_args_world(struct bench_args *a, struct option *to)
{
	*to++ = (struct option) {
		.name = "--world", .value = "WORLD", .string = &a->world,
		.help = "kernel, user or both (both if the module is there)" };
	return to;
}

static struct option *add_cells(struct bench_args *a, struct option *to)
{
	*to++ = (struct option) {
		.name = "--threads", .value = "N,..", .numbers = &a->threads,
		.min = 1, .max = ACQREL_BENCH_THREADS_MAX,
		.help = "all: one a CPU (as few as the case needs, all)" };
	*to++ = (struct option) {
		.name = "--placement", .value = "CLASS",
		.string = &a->placement,
		.help = "distance between the CPUs: smt, cache,.. or all (any)" };
	*to++ = (struct option) {
		.name = "--payload", .value = "N,..", .numbers = &a->payloads,
		.min = 8, .max = ACQREL_BENCH_PAYLOAD_MAX,
		.help = "bytes, multiples of 8 (as each case says)" };
	*to++ = (struct option) {
		.name = "--write-rate", .value = "N,..",
		.numbers = &a->write_rates, .max = 1000000000,
		.help = "writes a second beside, max: without pause (0)" };
	*to++ = (struct option) {
		.name = "--latency", .flag = &a->latency,
		.help = "time each operation" };
	*to++ = (struct option) {
		.name = "--pace-us", .value = "N", .number = &a->pace_us,
		.max = ACQREL_BENCH_PERIOD_MAX_NS / 1000,
		.help = "start one every N us, 0: at once (1 for oneway, else 0)" };
	*to++ = (struct option) {
		.name = "--no-bounds", .flag = &a->no_bounds,
		.help = "do not measure what the hardware needs" };
	return to;
}

/**
 * bench_args_amount() - add how much is measured to a table of options
 * @a: where the values go
 * @to: the next entry
 *
 * Return: the entry after them.
 */
struct option *bench_args_amount(struct bench_args *a, struct option *to)
{
	*to++ = (struct option) {
		.name = "--duration", .value = "S", .number = &a->duration_s,
		.min = 1, .max = DURATION_MAX,
		.help = "seconds for all; sets the blocks" };
	*to++ = (struct option) {
		.name = "--blocks", .value = "N", .number = &a->blocks,
		.min = 1, .max = BLOCKS_MAX,
		.help = "two slices of each arm a block (20)" };
	*to++ = (struct option) {
		.name = "--slice-ms", .value = "N", .number = &a->slice_ms,
		.min = 1, .max = ACQREL_BENCH_SLICE_MAX_NS / NS_PER_MS,
		.help = "length of a slice (2)" };
	*to++ = (struct option) {
		.name = "--repeat", .value = "N", .number = &a->repeat,
		.min = 1, .max = REPEAT_MAX,
		.help = "whole runs, everything opened anew (1)" };
	*to++ = (struct option) {
		.name = "--seed", .value = "N", .number = &a->seed,
		.help = "of order and resampling (random)" };
	*to++ = (struct option) {
		.name = "--dry-run", .flag = &a->dry_run,
		.help = "list cells, CPUs and seconds; measure nothing" };
	return to;
}

/**
 * bench_args_output() - add where a result goes to a table of options
 * @a: where the values go
 * @to: the next entry
 *
 * Return: the entry after them.
 */
struct option *bench_args_output(struct bench_args *a, struct option *to)
{
	*to++ = (struct option) {
		.name = "-o", .value = "FILE", .string = &a->output,
		.help = "write the result to FILE, too" };
	*to++ = (struct option) {
		.name = "--color", .value = "WHEN", .string = &a->color,
		.help = "auto, always or never (auto)" };
	return to;
}

/**
 * bench_args_all() - add all options to a table of options
 * @a: where the values go
 * @to: the next entry
 *
 * Return: the entry after them.
 */
struct option *bench_args_all(struct bench_args *a, struct option *to)
{
	to = bench_args_world(a, to);
	to = add_cells(a, to);
	to = bench_args_amount(a, to);
	return bench_args_output(a, to);
}

static bool check_words(struct bench_args *a)
{
	if (a->world && strcmp(a->world, "kernel") &&
	    strcmp(a->world, "user") && strcmp(a->world, "both")) {
		out_error("--world needs kernel, user or both, not '%s'",
			  a->world);
		return false;
	}
	if (!terminal_look(&a->terminal, a->color)) {
		out_error("--color needs auto, always or never, not '%s'",
			  a->color);
		return false;
	}
	return true;
}

static bool check_amount(const struct bench_args *a)
{
	if (a->duration_s && a->blocks)
		out_error("--duration and --blocks exclude each other");
	else
		return true;
	return false;
}

static bool can_create(const char *path)
{
	char *copy = strdup(path);
	bool can = copy && !access(dirname(copy), W_OK);

	free(copy);
	return can;
}

static bool can_write(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return errno == ENOENT && can_create(path);
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return false;
	}
	/* a file is replaced if possible, else written to */
	return (S_ISREG(st.st_mode) && can_create(path)) ||
		!access(path, W_OK);
}

/* Not only when everything is measured. */
static bool check_output(const char *path)
{
	if (!path || !strcmp(path, "-") || can_write(path))
		return true;
	out_error("cannot write '%s': %s", path, strerror(errno));
	return false;
}

static bool check_payloads(struct bench_args *a)
{
	for (unsigned int i = 0; i < a->payloads.n; i++) {
		if (a->payloads.values[i] % 8) {
			out_error("--payload needs multiples of 8, not %llu",
				  a->payloads.values[i]);
			return false;
		}
		a->payloads32[i] = a->payloads.values[i];
	}
	return true;
}

static void set_threads(struct bench_args *a)
{
	for (unsigned int i = 0; i < a->threads.n; i++)
		a->threads32[i] = a->threads.values[i];
}

/**
 * bench_args_check() - whether the options fit together
 * @a: parsed; completed
 *
 * Return: false after the user has been told what does not fit.
 */
bool bench_args_check(struct bench_args *a)
{
	if (!check_words(a) || !check_amount(a) || !check_payloads(a) ||
	    !check_output(a->output))
		return false;
	set_threads(a);
	if (!a->write_rates.n)
		a->write_rates.values[a->write_rates.n++] = 0;
	return true;
}

/**
 * bench_args_plan() - the options as a plan wants them
 * @a: checked; must stay while the plan is used
 * @params: filled, but for patterns and worlds
 */
void bench_args_plan(struct bench_args *a, struct plan_params *params)
{
	*params = (struct plan_params) {
		.threads = a->threads.n ? a->threads32 : NULL,
		.nthreads = a->threads.n,
		.placement = a->placement,
		.payloads = a->payloads.n ? a->payloads32 : NULL,
		.npayloads = a->payloads.n,
		.write_rates = a->write_rates.values,
		.nwrite_rates = a->write_rates.n,
		.mode = a->latency ? ACQREL_BENCH_LATENCY : ACQREL_BENCH_RATE,
		.pace_ns = a->pace_us == BENCH_ARGS_PACE ? PLAN_PACE_DEFAULT :
			a->pace_us * 1000,
		.slice_ns = a->slice_ms * NS_PER_MS,
		.lead_ns = LEAD_NS,
		.blocks = a->blocks,
		.duration_s = a->duration_s,
		.repeat = a->repeat,
		.seed = a->seed,
		.bounds = !a->no_bounds,
	};
	if (!a->blocks && !a->duration_s)
		params->blocks = BENCH_ARGS_BLOCKS;
}
