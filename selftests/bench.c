// SPDX-License-Identifier: GPL-2.0-only
/*
 * The benchmark commands of acqrel, as plain structures
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "bench.h"
#include "util.h"

/* What may be absent is 0 then. */
static int optional_u32(const struct nlattr *attr, __u32 *value)
{
	*value = 0;
	return attr ? nl_u32(attr, value) : 0;
}

static int case_cb(const struct nlattr **tb, void *arg)
{
	struct bench_cases *cases = arg;
	struct bench_case *c = &cases->at[cases->n];

	if (cases->n++ == CASES_MAX)
		return -E2BIG;
	memset(c, 0, sizeof(*c));
	if (nl_str(tb[ACQREL_A_BENCH_NAME], c->name, sizeof(c->name)) ||
	    nl_u32(tb[ACQREL_A_BENCH_FLAGS], &c->flags) ||
	    nl_u32(tb[ACQREL_A_BENCH_THREADS], &c->threads) ||
	    nl_u32(tb[ACQREL_A_BENCH_CHUNK], &c->chunk) ||
	    optional_u32(tb[ACQREL_A_BENCH_THREADS_MAX], &c->threads_max) ||
	    optional_u32(tb[ACQREL_A_BENCH_PAYLOAD], &c->payload) ||
	    optional_u32(tb[ACQREL_A_BENCH_PAYLOAD_MAX], &c->payload_max))
		return -EBADMSG;
	if (tb[ACQREL_A_BENCH_BOUND] &&
	    nl_str(tb[ACQREL_A_BENCH_BOUND], c->bound, sizeof(c->bound)))
		return -EBADMSG;
	c->writes = tb[ACQREL_A_BENCH_WRITES];
	return 0;
}

int bench_cases(struct nl *nl, struct bench_cases *cases)
{
	struct nl_msg msg;

	cases->n = 0;
	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_BENCH_CASE_GET);
	return nl_call(nl, &msg, case_cb, cases);
}

/* Return: the case, NULL if there is none of that name. */
const struct bench_case *bench_case(const struct bench_cases *cases,
				    const char *name)
{
	unsigned int i;

	for (i = 0; i < cases->n; i++) {
		if (!strcmp(cases->at[i].name, name))
			return &cases->at[i];
	}
	return NULL;
}

static int arm_cb(const struct nlattr **tb, void *arm)
{
	return nl_u32(tb[ACQREL_A_BENCH_ARM], arm);
}

/* A NULL or 0 is left out; @arm may be NULL. */
int bench_open(struct nl *nl, const struct bench_open *what, __u32 *arm)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_BENCH_OPEN);
	if (what->name)
		nl_put_str(&msg, ACQREL_A_BENCH_NAME, what->name);
	if (what->cpus)
		nl_put(&msg, ACQREL_A_BENCH_CPUS, what->cpus,
		       what->n * sizeof(*what->cpus));
	if (what->payload)
		nl_put_u32(&msg, ACQREL_A_BENCH_PAYLOAD, what->payload);
	if (what->writes)
		nl_put(&msg, ACQREL_A_BENCH_WRITES, "", 0);
	return nl_call(nl, &msg, arm ? arm_cb : NULL, arm);
}

/* The empty loop on the first CPUs. */
int bench_open_loop(struct nl *nl, unsigned int threads, __u32 *arm)
{
	static const __u32 cpus[] = { 0, 1 };
	const struct bench_open what = { EMPTY_LOOP, cpus, threads };

	return bench_open(nl, &what, arm);
}

int bench_close(struct nl *nl, __u32 arm)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_BENCH_CLOSE);
	nl_put_u32(&msg, ACQREL_A_BENCH_ARM, arm);
	return nl_call(nl, &msg, NULL, NULL);
}

int bench_close_all(struct nl *nl)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_BENCH_CLOSE);
	return nl_call(nl, &msg, NULL, NULL);
}

static int run_cb(const struct nlattr **tb, void *run)
{
	return nl_u32(tb[ACQREL_A_BENCH_RUN], run);
}

/* LEAD_NS is always there, the rest unless it is 0; @run may be NULL. */
int bench_start(struct nl *nl, __u32 arm, const struct bench_slice *slice,
		__u32 *run)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_BENCH_START);
	nl_put_u32(&msg, ACQREL_A_BENCH_ARM, arm);
	nl_put_u64(&msg, ACQREL_A_BENCH_SLICE_NS, slice->slice_ns);
	nl_put_u64(&msg, ACQREL_A_BENCH_LEAD_NS, slice->lead_ns);
	if (slice->mode)
		nl_put_u32(&msg, ACQREL_A_BENCH_MODE, slice->mode);
	if (slice->pace_ns)
		nl_put_u64(&msg, ACQREL_A_BENCH_PACE_NS, slice->pace_ns);
	if (slice->write_period_ns)
		nl_put_u64(&msg, ACQREL_A_BENCH_WRITE_PERIOD_NS,
			   slice->write_period_ns);
	if (slice->chunk)
		nl_put_u32(&msg, ACQREL_A_BENCH_CHUNK, slice->chunk);
	if (slice->plant)
		nl_put_u32(&msg, ACQREL_A_BENCH_PLANT, slice->plant);
	if (slice->late_ns)
		nl_put_u64(&msg, ACQREL_A_BENCH_LATE_NS, slice->late_ns);
	return nl_call(nl, &msg, run ? run_cb : NULL, run);
}

int bench_cancel(struct nl *nl, __u32 run)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_BENCH_CANCEL);
	nl_put_u32(&msg, ACQREL_A_BENCH_RUN, run);
	return nl_call(nl, &msg, NULL, NULL);
}

struct ended {
	__u32 run;
	__u32 status;
};

static int ended_cb(const struct nlattr **tb, void *arg)
{
	struct ended *ended = arg;

	return nl_u32(tb[ACQREL_A_BENCH_RUN], &ended->run) ?:
	       nl_u32(tb[ACQREL_A_BENCH_STATUS], &ended->status);
}

/* Waits until the group has heard that @run ended; others are skipped. */
int bench_wait(struct nl *group, __u32 run, __s32 *status)
{
	struct ended ended;
	int ret;

	do {
		ret = nl_wait_ntf(group, ACQREL_CMD_BENCH_NTF, 10000, ended_cb,
				  &ended);
	} while (!ret && ended.run != run);
	if (!ret)
		*status = ended.status;
	return ret;
}

static int sample_cb(const struct nlattr **tb, void *arg)
{
	static const __u16 numbers[] = {
		ACQREL_A_BENCH_RETRIES, ACQREL_A_BENCH_FILL_SUM,
		ACQREL_A_BENCH_FILL_N, ACQREL_A_BENCH_SWITCHES,
		ACQREL_A_BENCH_WAIT_NS, ACQREL_A_BENCH_CHAIN_NS,
	};
	struct bench_result *result = arg;
	struct bench_sample *s = &result->at[result->n];
	unsigned int i;
	__u64 unused;

	if (result->n++ == MAX_CPUS)
		return -E2BIG;
	if (nl_u32(tb[ACQREL_A_BENCH_THREAD], &s->thread) ||
	    nl_u32(tb[ACQREL_A_BENCH_ROLE], &s->role) ||
	    nl_u32(tb[ACQREL_A_BENCH_CPU], &s->cpu) ||
	    nl_u64(tb[ACQREL_A_BENCH_DEADLINE_NS], &s->deadline_ns) ||
	    nl_u64(tb[ACQREL_A_BENCH_START_NS], &s->start_ns) ||
	    nl_u64(tb[ACQREL_A_BENCH_END_NS], &s->end_ns) ||
	    nl_u64(tb[ACQREL_A_BENCH_BUSY_NS], &s->busy_ns) ||
	    nl_u64(tb[ACQREL_A_BENCH_BURSTS], &s->bursts) ||
	    nl_u64(tb[ACQREL_A_BENCH_OPS], &s->ops) ||
	    nl_u64(tb[ACQREL_A_BENCH_FAILED], &s->failed) ||
	    nl_u64(tb[ACQREL_A_BENCH_VIOLATIONS], &s->violations) ||
	    nl_u64(tb[ACQREL_A_BENCH_LOST], &s->lost))
		return -EBADMSG;
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (nl_u64(tb[numbers[i]], &unused))
			return -EBADMSG;
	}
	return 0;
}

int bench_result(struct nl *nl, __u32 run, struct bench_result *result)
{
	struct nl_msg msg;

	result->n = 0;
	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_BENCH_GET);
	nl_put_u32(&msg, ACQREL_A_BENCH_RUN, run);
	return nl_call(nl, &msg, sample_cb, result);
}

static int take_buckets(const struct nlattr *attr, __u32 thread,
			struct bench_latency *l)
{
	const __u32 *pair = (const void *)((const char *)attr + NLA_HDRLEN);
	unsigned int n = (attr->nla_len - NLA_HDRLEN) / sizeof(*pair), i;

	if (n == 0 || n % 2 || n / 2 > ACQREL_BENCH_BUCKETS_MAX)
		return -EBADMSG;
	for (i = 0; i < n; i += 2) {
		/* each once, rising, and none that is empty */
		if ((l->counted[thread] && pair[i] <= l->last_bucket[thread]) ||
		    !pair[i + 1])
			return -ERANGE;
		l->last_bucket[thread] = pair[i];
		l->counted[thread] += pair[i + 1];
	}
	return 0;
}

static int latency_cb(const struct nlattr **tb, void *arg)
{
	struct bench_latency *l = arg;
	__u32 thread;

	if (nl_u32(tb[ACQREL_A_BENCH_THREAD], &thread) || thread >= 32 ||
	    nl_u64(tb[ACQREL_A_BENCH_LATENCY_N], &l->n[thread]) ||
	    nl_u64(tb[ACQREL_A_BENCH_LATENCY_MAX_NS], &l->max_ns[thread]))
		return -EBADMSG;
	l->messages++;
	l->threads |= 1U << thread;
	if (!tb[ACQREL_A_BENCH_BUCKETS])
		return l->n[thread] ? -EBADMSG : 0;
	return take_buckets(tb[ACQREL_A_BENCH_BUCKETS], thread, l);
}

int bench_latency(struct nl *nl, __u32 run, struct bench_latency *latency)
{
	struct nl_msg msg;

	memset(latency, 0, sizeof(*latency));
	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_BENCH_LATENCY_GET);
	nl_put_u32(&msg, ACQREL_A_BENCH_RUN, run);
	return nl_call(nl, &msg, latency_cb, latency);
}
