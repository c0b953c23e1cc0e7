// SPDX-License-Identifier: GPL-2.0-only
/*
 * measure.c - from options to a result
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "env.h"
#include "measure.h"
#include "result_json.h"

/* fewer or more only if the user says so */
#define BLOCKS_LEAST	10
#define SECONDS_SHORT	60

/**
 * measure_init() - what holds if the user says nothing
 * @m: filled
 */
void measure_init(struct measure *m)
{
	memset(m, 0, sizeof(*m));
	bench_args_init(&m->args);
	result_init(&m->result);
}

/**
 * measure_release() - close and free everything
 * @m: initialized
 */
void measure_release(struct measure *m)
{
	for (int world = 0; world < WORLD_COUNT; world++) {
		bench_close(m->plan.bench[world]);
		free(m->cases[world]);
	}
	acqrel_client_close(m->client);
	result_release(&m->result);
	for (unsigned int i = 0; i < m->npatterns; i++)
		free(m->patterns[i]);
	free(m->patterns);
}

/**
 * measure_fail() - tell the user that something failed
 * @m: whose plan may know why
 * @bench: whose message may say why, or NULL
 * @error: -errno
 * @what: what could not be done, as in "cannot WHAT"
 *
 * Return: exit status.
 */
int measure_fail(const struct measure *m, const struct bench *bench, int error,
		 const char *what)
{
	const char *why = strerror(-error), *hint = "";

	if (*m->plan.why)
		why = m->plan.why;
	else if (bench && *bench_message(bench))
		why = bench_message(bench);
	/* what this process may not do in user space, it says itself */
	if ((error == -EPERM || error == -EACCES) &&
	    (!bench || bench != m->plan.bench[WORLD_USER]))
		hint = "; run it as root, or take --world user";
	out_error("cannot %s: %s%s", what, why, hint);
	switch (error) {
	case -EPERM:
	case -EACCES:
		return STATUS_ABSENT;
	case -EINVAL:
	case -ERANGE:
	case -ENOENT:
		return STATUS_USAGE;
	case -EOPNOTSUPP:
		return STATUS_SKIP;
	default:
		return STATUS_CHECK;
	}
}

/* Without the kernel world unless it was asked for. */
static void open_client_if_there(struct measure *m)
{
	const char *why = NULL;

	if (!session_module_present()) {
		why = "the module is not loaded";
	} else if (geteuid()) {
		why = "the kernel world needs root";
	} else if (acqrel_client_open(&m->client)) {
		acqrel_client_close(m->client);
		m->client = NULL;
		why = "the module does not answer";
	}
	if (why)
		out_note("acqrel: %s: user space only", why);
}

static int open_client(struct measure *m)
{
	int status = STATUS_OK;

	if (!m->args.world)
		open_client_if_there(m);
	else if (strcmp(m->args.world, "user"))
		m->client = session_open(&status);
	return status;
}

static int open_world(struct measure *m, enum world world)
{
	struct bench **bench = &m->plan.bench[world];
	int rc;

	rc = bench_open(world, m->client, bench);
	if (rc)
		return measure_fail(m, *bench, rc, "open the world");
	rc = bench_cases(*bench, &m->cases[world], &m->ncases[world]);
	return rc ? measure_fail(m, *bench, rc, "list the cases") : STATUS_OK;
}

/**
 * measure_open() - open the worlds that take part and list their cases
 * @m: options checked
 *
 * Return: exit status.
 */
int measure_open(struct measure *m)
{
	int status = open_client(m);

	if (!status && m->client)
		status = open_world(m, WORLD_KERNEL);
	if (!status && (!m->args.world || strcmp(m->args.world, "kernel")))
		status = open_world(m, WORLD_USER);
	return status;
}

/**
 * measure_add_pattern() - measure the cases that match, too
 * @m: whose patterns
 * @pattern: copied
 *
 * Return: exit status.
 */
int measure_add_pattern(struct measure *m, const char *pattern)
{
	char **patterns;

	for (unsigned int i = 0; i < m->npatterns; i++)
		if (!strcmp(m->patterns[i], pattern))
			return STATUS_OK;
	patterns = reallocarray(m->patterns, m->npatterns + 1,
				sizeof(*patterns));
	if (!patterns)
		return measure_fail(m, NULL, -ENOMEM, "keep the patterns");
	m->patterns = patterns;
	patterns[m->npatterns] = strdup(pattern);
	if (!patterns[m->npatterns])
		return measure_fail(m, NULL, -ENOMEM, "keep the patterns");
	m->npatterns++;
	return STATUS_OK;
}

/**
 * measure_matches() - whether a pattern means a case
 * @pattern: glob; without a ':' all operations match, and a word without a '/'
 *	is a primitive
 * @name: of the case
 *
 * Return: true if so.
 */
bool measure_matches(const char *pattern, const char *name)
{
	char variant[ACQREL_NAME_MAX + 1];

	snprintf(variant, sizeof(variant), "%s", name);
	if (!pattern[strcspn(pattern, "/:*?[")])
		variant[strcspn(variant, "/")] = '\0';
	else if (!strchr(pattern, ':'))
		variant[strcspn(variant, ":")] = '\0';
	return !fnmatch(pattern, variant, 0);
}

/**
 * measure_case() - find a case in the worlds that take part
 * @m: opened
 * @name: of the case, or a pattern
 *
 * Return: the first one, or NULL.
 */
const struct bench_case *measure_case(const struct measure *m,
				      const char *name)
{
	for (int world = 0; world < WORLD_COUNT; world++)
		for (size_t i = 0; i < m->ncases[world]; i++)
			if (measure_matches(name, m->cases[world][i].name))
				return &m->cases[world][i];
	return NULL;
}

static int make_stoppable(struct plan *plan)
{
	int rc;

	plan->stop = interrupt_seen;
	interrupt_catch();
	rc = plan_make(plan);
	interrupt_release();
	return rc;
}

static int make(struct measure *m)
{
	struct plan *plan = &m->plan;
	int rc;

	bench_args_plan(&m->args, &plan->params);
	if (m->npatterns)
		plan->params.patterns = (const char *const *)m->patterns;
	plan->params.npatterns = m->npatterns;
	for (int world = 0; world < WORLD_COUNT; world++)
		if (plan->bench[world])
			plan->params.worlds |= 1U << world;
	plan->result = &m->result;
	rc = make_stoppable(plan);
	if (rc == -ECANCELED) {
		out_error("interrupted before anything was measured");
		return STATUS_CHECK;
	}
	if (rc)
		return measure_fail(m, plan->failed, rc, "plan the run");
	json_decref(m->result.env);
	m->result.env = env_json();
	env_warn(&m->result);
	return STATUS_OK;
}

/* What takes little time gets more blocks, what takes much fewer. */
static void fit_blocks(struct measure *m)
{
	double limit = m->client ? MEASURE_SECONDS_KERNEL :
		MEASURE_SECONDS_USER;
	__u32 blocks = m->plan.params.blocks;
	double block = 0;

	for (unsigned int i = 0; i < m->result.ncells; i++)
		block += 2 * m->result.cells[i].cost_s;
	while (m->plan.seconds > limit && blocks > BLOCKS_LEAST) {
		m->plan.seconds -= block;
		blocks--;
	}
	while (m->plan.seconds + block < SECONDS_SHORT &&
	       blocks < BENCH_ARGS_BLOCKS_MOST) {
		m->plan.seconds += block;
		blocks++;
	}
	m->plan.params.blocks = blocks;
	m->result.blocks = blocks;
}

/**
 * measure_plan() - make the cells
 * @m: opened
 *
 * Return: exit status.
 */
int measure_plan(struct measure *m)
{
	int status = make(m);

	if (!status && !m->args.blocks && !m->args.duration_s &&
	    m->args.repeat == 1)
		fit_blocks(m);
	return status;
}

static void print_cpus(const struct cell *cell)
{
	char text[64] = "";
	size_t at = 0;

	out_array("cpus");
	for (__u32 i = 0; i < cell->threads; i++) {
		out_u64(NULL, NULL, cell->cpus[i]);
		if (at < sizeof(text))
			at += snprintf(text + at, sizeof(text) - at, "%s%u",
				       i ? "," : "", cell->cpus[i]);
	}
	out_end();
	if (at >= sizeof(text))
		strcpy(text + sizeof(text) - 4, "...");
	out_str(NULL, "CPUs", text);
}

static void print_rate(__u64 rate)
{
	if (rate == RESULT_WRITE_MAX)
		out_str("writes_per_s", "writes/s", "max");
	else
		out_u64("writes_per_s", "writes/s", rate);
}

static void print_cell(const struct cell *cell)
{
	out_row();
	out_str("case", "case", cell->name);
	out_str("world", "world", result_world_names[cell->world]);
	out_u64("threads", "threads", cell->threads);
	print_cpus(cell);
	out_str("placement", "placement", cell->placement);
	out_u64("payload_bytes", "payload", cell->payload);
	print_rate(cell->write_rate);
	out_str(NULL, "for", cell->control >= 0 ? "noise floor" : "");
	out_bool("control", NULL, cell->control >= 0);
	out_end();
}

static void print_warnings(const struct result *result)
{
	const json_t *warning;
	size_t i;

	out_array("warnings");
	json_array_foreach(result->warnings, i, warning) {
		out_str(NULL, NULL, json_string_value(warning));
		out_text("warning: %s\n", json_string_value(warning));
	}
	out_end();
}

/**
 * measure_dry_run() - say what would be measured
 * @m: planned
 *
 * Return: exit status.
 */
int measure_dry_run(const struct measure *m)
{
	const struct result *result = &m->result;

	print_warnings(result);
	out_table("cells");
	for (unsigned int i = 0; i < result->ncells; i++)
		print_cell(&result->cells[i]);
	out_end();
	out_u64("blocks", NULL, result->blocks);
	out_u64("slice_ns", NULL, result->slice_ns);
	out_u64("seed", NULL, result->seed);
	out_double("seconds", NULL, m->plan.seconds, 1);
	out_text("\n%u cells, %u blocks of 2 slices of %.1f ms each: ",
		 result->ncells, result->blocks, result->slice_ns / 1e6);
	out_text("about %.0f seconds\n", m->plan.seconds);
	return STATUS_OK;
}
