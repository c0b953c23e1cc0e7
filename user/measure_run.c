// SPDX-License-Identifier: GPL-2.0-only
/*
 * measure_run.c - a run with its progress, and what is kept of one that was
 * interrupted
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "measure.h"
#include "verdict.h"

static void show_bar(double done, double left)
{
	const struct terminal plain = { 0 };
	static int shown_percent, shown_left;
	char bar[32];

	if (shown_percent == (int)(done * 100) && shown_left == (int)left)
		return;
	shown_percent = done * 100;
	shown_left = left;
	terminal_bar(&plain, done, 24, bar, sizeof(bar));
	fprintf(stderr, "\rmeasuring [%-24s] %3d %%, %d s left\033[K", bar,
		shown_percent, shown_left);
}

/* The block that is being measured, 0 during the warm-up. */
static unsigned int block_of(const struct result *result)
{
	unsigned int slices = 0;

	for (unsigned int i = 0; i < result->ncells; i++)
		if (result->cells[i].nslices > slices)
			slices = result->cells[i].nslices;
	return (slices + 1) / 2;
}

static void show_line(const struct result *result, double left)
{
	static unsigned int shown = UINT_MAX;
	unsigned int block = block_of(result);

	if (block == shown)
		return;
	shown = block;
	if (block)
		fprintf(stderr, "measuring, block %u of %u, %.0f s left\n",
			block, result->blocks, left);
	else
		fprintf(stderr, "warming up, %.0f s left\n", left);
}

static void progress(const struct plan *plan, double done, double left)
{
	if (out_is_quiet())
		return;
	if (isatty(STDERR_FILENO))
		show_bar(done, left);
	else
		show_line(plan->result, left);
}

static void progress_end(void)
{
	if (!out_is_quiet() && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

/* Those before it are as good as if the run had been meant to end there. */
static int keep_whole_blocks(struct measure *m, const char *why)
{
	m->interrupted = true;
	out_note("acqrel: %s: not all blocks were measured", why);
	result_warn(&m->result, "%s: not all blocks were measured", why);
	return STATUS_OK;
}

static int ended_early(struct measure *m, int rc)
{
	if (rc == -ECANCELED && m->result.blocks)
		return keep_whole_blocks(m, "interrupted");
	if (rc == -ECANCELED) {
		out_error("interrupted before the first block was complete; nothing is left");
		return STATUS_CHECK;
	}
	if (!m->result.blocks)
		return measure_fail(m, m->plan.failed, rc, "measure");
	measure_fail(m, m->plan.failed, rc, "measure on");
	return keep_whole_blocks(m, "an error ended the run");
}

/**
 * measure_run() - run the plan and compute the figures
 * @m: planned
 *
 * An interrupt or an error, as when the module goes away, ends it early; the
 * whole blocks so far are the result.
 *
 * Return: exit status.
 */
int measure_run(struct measure *m)
{
	struct plan *plan = &m->plan;
	int rc, status = STATUS_OK;

	out_note("acqrel: %u cells, %u blocks, about %.0f s", m->result.ncells,
		 m->result.blocks, plan->seconds);
	plan->progress = progress;
	interrupt_catch();
	rc = plan_run(plan);
	interrupt_release();
	progress_end();
	if (rc)
		status = ended_early(m, rc);
	if (status)
		return status;
	rc = figures_compute(&m->result);
	return rc ? measure_fail(m, NULL, rc, "compute the figures") : STATUS_OK;
}

/**
 * measure_save() - write the result where the user wants it
 * @m: measured
 *
 * Return: exit status.
 */
int measure_save(const struct measure *m)
{
	if (!m->args.output || !result_save(m->args.output, &m->result))
		return STATUS_OK;
	return STATUS_CHECK;
}
