// SPDX-License-Identifier: GPL-2.0-only
/*
 * What acqrel says over netlink, as plain structures
 */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>

#include "client.h"
#include "util.h"

int client_open(struct nl *nl)
{
	return nl_open(nl, ACQREL_GENL_NAME);
}

int config_cb(const struct nlattr **tb, void *arg)
{
	const struct nlattr *nest = tb[ACQREL_A_CONFIG_PIDS];
	const struct nlattr *pid = NULL;
	struct config *config = arg;

	memset(config, 0, sizeof(*config));
	if (nl_u64(tb[ACQREL_A_CONFIG_GENERATION], &config->generation) ||
	    nl_u32(tb[ACQREL_A_CONFIG_KINDS], &config->kinds) ||
	    nl_u32(tb[ACQREL_A_CONFIG_SAMPLE_EVERY], &config->sample_every) ||
	    nl_u64(tb[ACQREL_A_CONFIG_MIN_VALUE_NS], &config->min_value_ns) ||
	    nl_u32(tb[ACQREL_A_CONFIG_POLICY], &config->policy) || !nest)
		return -EBADMSG;
	while ((pid = nl_next(nest, pid))) {
		if (config->npids == ACQREL_PIDS_MAX ||
		    nl_u32(pid, &config->pids[config->npids++]))
			return -EBADMSG;
	}
	return 0;
}

int config_get(struct nl *nl, struct config *config)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_CONFIG_GET);
	return nl_call(nl, &msg, config_cb, config);
}

/* Begins a CONFIG_SET. */
void config_msg(struct nl *nl, struct nl_msg *msg)
{
	nl_msg_init(msg, nl->family, 0, ACQREL_CMD_CONFIG_SET);
}

int config_set_u32(struct nl *nl, __u16 attr, __u32 value)
{
	struct nl_msg msg;

	config_msg(nl, &msg);
	nl_put_u32(&msg, attr, value);
	return nl_call(nl, &msg, NULL, NULL);
}

int config_set_min_value(struct nl *nl, __u64 min_value_ns)
{
	struct nl_msg msg;

	config_msg(nl, &msg);
	nl_put_u64(&msg, ACQREL_A_CONFIG_MIN_VALUE_NS, min_value_ns);
	return nl_call(nl, &msg, NULL, NULL);
}

static void put_pids(struct nl_msg *msg, const __u32 *pids, unsigned int n)
{
	size_t nest = nl_nest(msg, ACQREL_A_CONFIG_PIDS);
	unsigned int i;

	for (i = 0; i < n; i++)
		nl_put_u32(msg, ACQREL_A_PIDS_PID, pids[i]);
	nl_nest_end(msg, nest);
}

int config_set_pids(struct nl *nl, const __u32 *pids, unsigned int n)
{
	struct nl_msg msg;

	config_msg(nl, &msg);
	put_pids(&msg, pids, n);
	return nl_call(nl, &msg, NULL, NULL);
}

/* Sets every field; the generation given is ignored. */
int config_set_all(struct nl *nl, const struct config *config)
{
	struct nl_msg msg;

	config_msg(nl, &msg);
	nl_put_u32(&msg, ACQREL_A_CONFIG_KINDS, config->kinds);
	nl_put_u32(&msg, ACQREL_A_CONFIG_SAMPLE_EVERY, config->sample_every);
	nl_put_u64(&msg, ACQREL_A_CONFIG_MIN_VALUE_NS, config->min_value_ns);
	nl_put_u32(&msg, ACQREL_A_CONFIG_POLICY, config->policy);
	put_pids(&msg, config->pids, config->npids);
	return nl_call(nl, &msg, NULL, NULL);
}

/* The generation counts too. */
bool config_same(const struct config *a, const struct config *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static int ring_cb(const struct nlattr **tb, void *arg)
{
	struct rings *rings = arg;
	struct books *b = &rings->cpu[rings->n];
	int i;

	if (rings->n++ == MAX_CPUS)
		return -E2BIG;
	memset(b, 0, sizeof(*b));
	for (i = 0; i < __ACQREL_FILTER_COUNT; i++) {
		if (nl_u64(tb[ACQREL_A_RING_FILTERED_KIND + i],
			   &b->filtered[i]))
			return -EBADMSG;
	}
	if (tb[ACQREL_A_RING_CHECKS] &&
	    (nl_u32(tb[ACQREL_A_RING_CHECKS], &b->checks) ||
	     nl_u32(tb[ACQREL_A_RING_UNBALANCED], &b->unbalanced) ||
	     nl_u32(tb[ACQREL_A_RING_NAIVE_UNBALANCED], &b->naive_unbalanced)))
		return -EBADMSG;
	if (nl_u32(tb[ACQREL_A_RING_CPU], &b->cpu) ||
	    nl_u32(tb[ACQREL_A_RING_CAPACITY], &b->capacity) ||
	    nl_u32(tb[ACQREL_A_RING_FILL], &b->fill) ||
	    nl_u64(tb[ACQREL_A_RING_OFFERED], &b->offered) ||
	    nl_u64(tb[ACQREL_A_RING_PUSHED], &b->pushed) ||
	    nl_u64(tb[ACQREL_A_RING_DROPPED], &b->dropped) ||
	    nl_u64(tb[ACQREL_A_RING_OVERWRITTEN], &b->overwritten) ||
	    nl_u64(tb[ACQREL_A_RING_POPPED], &b->popped) ||
	    nl_u64(tb[ACQREL_A_RING_HEAD], &b->head) ||
	    nl_u64(tb[ACQREL_A_RING_RETRIES], &b->retries))
		return -EBADMSG;
	return 0;
}

/* @checks: 0 for none */
int rings_get(struct nl *nl, __u32 checks, struct rings *rings)
{
	struct nl_msg msg;

	rings->n = 0;
	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_RING_GET);
	if (checks)
		nl_put_u32(&msg, ACQREL_A_RING_CHECKS, checks);
	return nl_call(nl, &msg, ring_cb, rings);
}

/* Adds up what adds up; the rest of @sum is 0. */
void rings_sum(const struct rings *rings, struct books *sum)
{
	unsigned int i, f;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < rings->n; i++) {
		const struct books *b = &rings->cpu[i];

		sum->capacity += b->capacity;
		sum->fill += b->fill;
		sum->offered += b->offered;
		for (f = 0; f < __ACQREL_FILTER_COUNT; f++)
			sum->filtered[f] += b->filtered[f];
		sum->pushed += b->pushed;
		sum->dropped += b->dropped;
		sum->overwritten += b->overwritten;
		sum->popped += b->popped;
		sum->checks += b->checks;
		sum->unbalanced += b->unbalanced;
		sum->naive_unbalanced += b->naive_unbalanced;
	}
}

__u64 books_filtered(const struct books *books)
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < __ACQREL_FILTER_COUNT; i++)
		sum += books->filtered[i];
	return sum;
}

/* What holds in every snapshot. */
bool books_balanced(const struct books *books)
{
	return books->offered ==
	       books_filtered(books) + books->pushed + books->dropped;
}

/* What holds when no source runs and no reader reads. */
bool books_at_rest(const struct books *books)
{
	return books_balanced(books) && books->head == books->pushed &&
	       books->fill ==
		       books->pushed - books->overwritten - books->popped;
}

static int counter_cb(const struct nlattr **tb, void *arg)
{
	struct counters *c = arg;
	char name[ACQREL_NAME_MAX + 1];
	__u32 id, cpu;
	__u64 value;

	if (nl_u32(tb[ACQREL_A_COUNTER_ID], &id) ||
	    nl_str(tb[ACQREL_A_COUNTER_NAME], name, sizeof(name)) ||
	    nl_u64(tb[ACQREL_A_COUNTER_VALUE], &value) ||
	    id >= __ACQREL_COUNTER_COUNT)
		return -EBADMSG;
	if (!tb[ACQREL_A_COUNTER_CPU]) {
		c->total[id] = value;
		c->seen_total |= 1U << id;
		return 0;
	}
	if (nl_u32(tb[ACQREL_A_COUNTER_CPU], &cpu) || cpu >= MAX_CPUS)
		return -EBADMSG;
	c->n = cpu >= c->n ? cpu + 1 : c->n;
	c->cpu[cpu][id] = value;
	c->seen[cpu] |= 1U << id;
	return 0;
}

int counters_get(struct nl *nl, struct counters *counters)
{
	struct nl_msg msg;

	memset(counters, 0, sizeof(*counters));
	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_COUNTER_GET);
	return nl_call(nl, &msg, counter_cb, counters);
}

/* Return: the total, all ones if the dump failed. */
__u64 counter_total(struct nl *nl, enum acqrel_counter id)
{
	struct counters counters;

	if (counters_get(nl, &counters))
		return ~0ULL;
	return counters.total[id];
}

static int stats_cb(const struct nlattr **tb, void *arg)
{
	const struct nlattr *hist = tb[ACQREL_A_STATS_HIST];
	struct stats_all *all = arg;
	struct stats *s = &all->block[all->n];

	if (all->n++ == MAX_CPUS * __ACQREL_KIND_COUNT)
		return -E2BIG;
	memset(s, 0, sizeof(*s));
	if (nl_u32(tb[ACQREL_A_STATS_CPU], &s->cpu) ||
	    nl_u32(tb[ACQREL_A_STATS_KIND], &s->kind) ||
	    nl_str(tb[ACQREL_A_STATS_KIND_NAME], s->kind_name,
		   sizeof(s->kind_name)) ||
	    nl_u64(tb[ACQREL_A_STATS_COUNT], &s->count) ||
	    nl_u64(tb[ACQREL_A_STATS_SUM_NS], &s->sum_ns) ||
	    nl_u64(tb[ACQREL_A_STATS_RETRIES], &s->retries))
		return -EBADMSG;
	if (!hist || hist->nla_len != NLA_HDRLEN + sizeof(s->hist))
		return -EBADMSG;
	memcpy(s->hist, (const char *)hist + NLA_HDRLEN, sizeof(s->hist));
	if (!s->count != !tb[ACQREL_A_STATS_MIN_NS] ||
	    !s->count != !tb[ACQREL_A_STATS_MAX_NS])
		return -EBADMSG;
	if (s->count && (nl_u64(tb[ACQREL_A_STATS_MIN_NS], &s->min_ns) ||
			 nl_u64(tb[ACQREL_A_STATS_MAX_NS], &s->max_ns)))
		return -EBADMSG;
	return 0;
}

int stats_get(struct nl *nl, struct stats_all *all)
{
	struct nl_msg msg;

	all->n = 0;
	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_STATS_GET);
	return nl_call(nl, &msg, stats_cb, all);
}

const struct stats *stats_find(const struct stats_all *all, __u32 cpu,
			       __u32 kind)
{
	unsigned int i;

	for (i = 0; i < all->n; i++) {
		if (all->block[i].cpu == cpu && all->block[i].kind == kind)
			return &all->block[i];
	}
	return NULL;
}

struct source_query {
	const char *name;
	struct source *source;
	bool found;
};

static int source_cb(const struct nlattr **tb, void *arg)
{
	struct source_query *query = arg;
	struct source s = { 0 };

	if (nl_str(tb[ACQREL_A_SOURCE_NAME], s.name, sizeof(s.name)) ||
	    nl_u8(tb[ACQREL_A_SOURCE_RUNNING], &s.running) ||
	    nl_u64(tb[ACQREL_A_SOURCE_OFFERED], &s.offered) ||
	    nl_u64(tb[ACQREL_A_SOURCE_COST_PASSED_N], &s.cost_passed_n) ||
	    nl_u64(tb[ACQREL_A_SOURCE_COST_FILTERED_N], &s.cost_filtered_n))
		return -EBADMSG;
	if (!strcmp(s.name, "generator") &&
	    (nl_u64(tb[ACQREL_A_SOURCE_SEED], &s.seed) ||
	     nl_u32(tb[ACQREL_A_SOURCE_RATE], &s.rate) ||
	     nl_u64(tb[ACQREL_A_SOURCE_COUNT], &s.count) ||
	     nl_u32(tb[ACQREL_A_SOURCE_STREAMS], &s.streams)))
		return -EBADMSG;
	if (!strcmp(s.name, query->name)) {
		*query->source = s;
		query->found = true;
	}
	return 0;
}

int source_get(struct nl *nl, const char *name, struct source *source)
{
	struct source_query query = { .name = name, .source = source };
	struct nl_msg msg;
	int ret;

	nl_msg_init(&msg, nl->family, NLM_F_DUMP, ACQREL_CMD_SOURCE_GET);
	ret = nl_call(nl, &msg, source_cb, &query);
	if (!ret && !query.found)
		return -ENOENT;
	return ret;
}

static int source_do(struct nl *nl, __u8 cmd, const char *name)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, cmd);
	nl_put_str(&msg, ACQREL_A_SOURCE_NAME, name);
	return nl_call(nl, &msg, NULL, NULL);
}

int source_start(struct nl *nl, const char *name)
{
	return source_do(nl, ACQREL_CMD_SOURCE_START, name);
}

int source_stop(struct nl *nl, const char *name)
{
	return source_do(nl, ACQREL_CMD_SOURCE_STOP, name);
}

int generator_start(struct nl *nl, __u64 seed, __u32 rate, __u64 count)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_SOURCE_START);
	nl_put_str(&msg, ACQREL_A_SOURCE_NAME, "generator");
	nl_put_u64(&msg, ACQREL_A_SOURCE_SEED, seed);
	nl_put_u32(&msg, ACQREL_A_SOURCE_RATE, rate);
	nl_put_u64(&msg, ACQREL_A_SOURCE_COUNT, count);
	return nl_call(nl, &msg, NULL, NULL);
}

/* Has the generator stopped or reached its count? */
bool generator_idle(struct nl *nl)
{
	struct source source;

	return !source_get(nl, "generator", &source) && !source.running;
}

/* Runs the generator at full rate until it has reached @count. */
int generator_run(struct nl *nl, __u64 seed, __u64 count)
{
	int ret = generator_start(nl, seed, 0, count);

	if (ret)
		return ret;
	if (!WAIT_FOR(generator_idle(nl), 20000))
		return -ETIMEDOUT;
	return source_stop(nl, "generator");
}

int client_reset(struct nl *nl)
{
	struct nl_msg msg;

	nl_msg_init(&msg, nl->family, 0, ACQREL_CMD_RESET);
	return nl_call(nl, &msg, NULL, NULL);
}
