// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_figures.c - from raw samples to figures
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "compare.h"

/**
 * compare_overlap() - how much of a slice all threads had in common
 * @samples: one a thread
 * @n: how many, at least 1
 *
 * The union begins at the common deadline at the latest: a late start is no
 * better than an early end. A thread that was switched out between its start
 * and its end counts as there; @switches of a sample tells of that.
 *
 * Return: intersection of the threads' spans over their union, 0 to 1.
 */
double compare_overlap(const struct acqrel_sample *samples, unsigned int n)
{
	__u64 first = samples[0].deadline_ns, last_start = first;
	__u64 last = samples[0].end_ns, first_end = last;

	for (unsigned int i = 0; i < n; i++) {
		const struct acqrel_sample *s = &samples[i];

		first = s->start_ns < first ? s->start_ns : first;
		last_start = s->start_ns > last_start ? s->start_ns :
			last_start;
		last = s->end_ns > last ? s->end_ns : last;
		first_end = s->end_ns < first_end ? s->end_ns : first_end;
	}
	if (first_end <= last_start || last <= first)
		return 0;
	return (double)(first_end - last_start) / (last - first);
}

/* What is load only reports neither operations nor failures. */
static bool is_load(const struct acqrel_sample *s)
{
	return !s->ops && !s->failed;
}

/**
 * compare_ns() - time of an operation in a slice
 * @samples: one a thread
 * @n: how many
 *
 * Threads that are load only do not count; the time of one that failed in all
 * it tried does.
 *
 * Return: nanoseconds as a thread sees them, NAN if nothing succeeded.
 */
double compare_ns(const struct acqrel_sample *samples, unsigned int n)
{
	double busy = 0, ops = 0;

	for (unsigned int i = 0; i < n; i++) {
		if (is_load(&samples[i]))
			continue;
		busy += samples[i].busy_ns;
		ops += samples[i].ops;
	}
	return ops > 0 ? busy / ops : NAN;
}

/**
 * compare_attempts() - attempts for each operation that succeeded
 * @samples: one a thread
 * @n: how many
 *
 * The loop runs once an attempt, so this is how often the empty loop is in
 * the time of an operation.
 *
 * Return: at least 1, NAN if nothing succeeded.
 */
double compare_attempts(const struct acqrel_sample *samples, unsigned int n)
{
	double ops = 0, failed = 0;

	for (unsigned int i = 0; i < n; i++) {
		ops += samples[i].ops;
		failed += samples[i].failed;
	}
	return ops > 0 ? (ops + failed) / ops : NAN;
}

static double failed_share(const struct compare_arm *arm)
{
	double ops = 0, failed = 0;

	for (unsigned int i = 0; i < arm->nslices; i++)
		for (unsigned int t = 0; t < arm->threads; t++) {
			ops += arm->slices[i].samples[t].ops;
			failed += arm->slices[i].samples[t].failed;
		}
	return ops + failed > 0 ? failed / (ops + failed) : 0;
}

static bool was_switched(const struct compare_arm *arm, unsigned int slice)
{
	for (unsigned int t = 0; t < arm->threads; t++)
		if (arm->slices[slice].samples[t].switches)
			return true;
	return false;
}

static double net_ns(const struct compare_slice *slice, double empty_ns)
{
	return slice->ns - empty_ns * slice->attempts;
}

/* Median of the slices without the empty loop. */
static double median_ns(const struct compare_arm *arm, double empty_ns,
			double *scratch)
{
	size_t n = 0;

	for (unsigned int i = 0; i < arm->nslices; i++)
		if (!isnan(arm->slices[i].ns))
			scratch[n++] = net_ns(&arm->slices[i], empty_ns);
	return n ? statistics_median(scratch, n) : NAN;
}

/**
 * compare_figures() - compute the figures of an arm from its slices
 * @arm: the arm; its empty arm is looked at too
 *
 * Return: 0, -ENODATA if it has no slice, or -ENOMEM.
 */
int compare_figures(struct compare_arm *arm)
{
	double *scratch, empty_ns;

	if (!arm->nslices || !arm->empty->nslices)
		return -ENODATA;
	scratch = calloc(arm->nslices > arm->empty->nslices ? arm->nslices :
			 arm->empty->nslices, sizeof(*scratch));
	if (!scratch)
		return -ENOMEM;
	empty_ns = median_ns(arm->empty, 0, scratch);
	arm->raw_ns = median_ns(arm, 0, scratch);
	arm->net_ns = arm->raw_ns;
	if (arm->empty != arm)
		arm->net_ns = median_ns(arm, empty_ns, scratch);
	for (unsigned int i = 0; i < arm->nslices; i++) {
		scratch[i] = arm->slices[i].overlap;
		arm->marked += arm->slices[i].overlap < COMPARE_MARK_BELOW;
		arm->switched += was_switched(arm, i);
	}
	arm->overlap = statistics_median(scratch, arm->nslices);
	arm->failed = failed_share(arm);
	free(scratch);
	return 0;
}

/**
 * compare_refused() - whether an arm must not be believed
 * @arm: with its figures
 *
 * Return: true if its median overlap is too small.
 */
bool compare_refused(const struct compare_arm *arm)
{
	return arm->overlap < COMPARE_REFUSE_BELOW;
}

/**
 * compare_doubtful() - whether an arm is no ground for a verdict
 * @arm: with its figures
 *
 * Return: true if more than half of its slices overlapped too little.
 */
bool compare_doubtful(const struct compare_arm *arm)
{
	return 2 * arm->marked > arm->nslices;
}

/* Mean of a block's slices without the empty loop. */
static double block_ns(const struct compare_arm *arm, unsigned int block,
		       double empty_ns)
{
	double sum = 0;
	unsigned int n = 0;

	for (unsigned int i = 0; i < arm->nslices; i++) {
		if (arm->slices[i].block != block)
			continue;
		sum += net_ns(&arm->slices[i], empty_ns);
		n++;
	}
	return n ? sum / n : NAN;
}

static double block_net(const struct compare_arm *arm, unsigned int block)
{
	double empty_ns = arm->empty == arm ? 0 :
		block_ns(arm->empty, block, 0);

	return block_ns(arm, block, empty_ns);
}

/**
 * compare_ratio() - kernel time over user time
 * @kernel: an arm of the kernel world
 * @user: the arm of the same case in the user world
 * @blocks: that were measured
 * @state: of the random numbers
 * @ratio: filled on success
 *
 * The figure is the median of the blocks' log-ratios, turned back. A block in
 * which an operation is not above the empty loop has no ratio.
 *
 * Return: 0, -ENODATA if fewer than half the blocks have one, or -ENOMEM.
 */
int compare_ratio(const struct compare_arm *kernel,
		  const struct compare_arm *user, unsigned int blocks,
		  __u64 *state, struct compare_ratio *ratio)
{
	double *logs = calloc(blocks, sizeof(*logs));
	int rc = -ENODATA;

	if (!logs)
		return -ENOMEM;
	ratio->blocks = 0;
	for (unsigned int i = 0; i < blocks; i++) {
		double k = block_net(kernel, i), u = block_net(user, i);

		if (k > 0 && u > 0)
			logs[ratio->blocks++] = log(k / u);
	}
	if (ratio->blocks && 2 * ratio->blocks >= blocks)
		rc = statistics_bootstrap(logs, ratio->blocks, state,
					  &ratio->ratio);
	free(logs);
	if (rc)
		return rc;
	ratio->ratio.low = exp(ratio->ratio.low);
	ratio->ratio.mid = exp(ratio->ratio.mid);
	ratio->ratio.high = exp(ratio->ratio.high);
	return 0;
}
