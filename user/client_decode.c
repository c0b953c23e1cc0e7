// SPDX-License-Identifier: GPL-2.0-only
/*
 * client_decode.c - netlink attributes to plain values
 *
 * The policies check sizes before a decoder runs; a decoder checks that what
 * it needs is there.
 */
#include <errno.h>
#include <string.h>

#include "client_internal.h"

static const struct nla_policy config_policy[ACQREL_A_CONFIG_MAX + 1] = {
	[ACQREL_A_CONFIG_GENERATION]	= { .type = NLA_U64 },
	[ACQREL_A_CONFIG_KINDS]		= { .type = NLA_U32 },
	[ACQREL_A_CONFIG_SAMPLE_EVERY]	= { .type = NLA_U32 },
	[ACQREL_A_CONFIG_MIN_VALUE_NS]	= { .type = NLA_U64 },
	[ACQREL_A_CONFIG_POLICY]	= { .type = NLA_U32 },
	[ACQREL_A_CONFIG_PIDS]		= { .type = NLA_NESTED },
};

static const char *const config_names[ACQREL_A_CONFIG_MAX + 1] = {
	[ACQREL_A_CONFIG_GENERATION]	= "generation",
	[ACQREL_A_CONFIG_KINDS]		= "kinds",
	[ACQREL_A_CONFIG_SAMPLE_EVERY]	= "sample_every",
	[ACQREL_A_CONFIG_MIN_VALUE_NS]	= "min_value_ns",
	[ACQREL_A_CONFIG_POLICY]	= "policy",
	[ACQREL_A_CONFIG_PIDS]		= "pids",
};

const struct acqrel_space acqrel_config_space = {
	ACQREL_A_CONFIG_MAX, config_policy, config_names
};

static const struct nla_policy stats_policy[ACQREL_A_STATS_MAX + 1] = {
	[ACQREL_A_STATS_CPU]		= { .type = NLA_U32 },
	[ACQREL_A_STATS_KIND]		= { .type = NLA_U32 },
	[ACQREL_A_STATS_KIND_NAME]	= { .type = NLA_STRING },
	[ACQREL_A_STATS_COUNT]		= { .type = NLA_U64 },
	[ACQREL_A_STATS_SUM_NS]		= { .type = NLA_U64 },
	[ACQREL_A_STATS_MIN_NS]		= { .type = NLA_U64 },
	[ACQREL_A_STATS_MAX_NS]		= { .type = NLA_U64 },
	[ACQREL_A_STATS_HIST]		= {
		.minlen = ACQREL_HIST_BUCKETS * sizeof(__u64),
		.maxlen = ACQREL_HIST_BUCKETS * sizeof(__u64),
	},
	[ACQREL_A_STATS_RETRIES]	= { .type = NLA_U64 },
};

const struct acqrel_space acqrel_stats_space = {
	ACQREL_A_STATS_MAX, stats_policy, NULL
};

static const struct nla_policy counter_policy[ACQREL_A_COUNTER_MAX + 1] = {
	[ACQREL_A_COUNTER_ID]		= { .type = NLA_U32 },
	[ACQREL_A_COUNTER_NAME]		= { .type = NLA_STRING },
	[ACQREL_A_COUNTER_CPU]		= { .type = NLA_U32 },
	[ACQREL_A_COUNTER_VALUE]	= { .type = NLA_U64 },
};

const struct acqrel_space acqrel_counter_space = {
	ACQREL_A_COUNTER_MAX, counter_policy, NULL
};

static const struct nla_policy ring_policy[ACQREL_A_RING_MAX + 1] = {
	[ACQREL_A_RING_CPU]		= { .type = NLA_U32 },
	[ACQREL_A_RING_CAPACITY]	= { .type = NLA_U32 },
	[ACQREL_A_RING_FILL]		= { .type = NLA_U32 },
	[ACQREL_A_RING_OFFERED]		= { .type = NLA_U64 },
	[ACQREL_A_RING_FILTERED_KIND]	= { .type = NLA_U64 },
	[ACQREL_A_RING_FILTERED_SAMPLE]	= { .type = NLA_U64 },
	[ACQREL_A_RING_FILTERED_PID]	= { .type = NLA_U64 },
	[ACQREL_A_RING_FILTERED_VALUE]	= { .type = NLA_U64 },
	[ACQREL_A_RING_PUSHED]		= { .type = NLA_U64 },
	[ACQREL_A_RING_DROPPED]		= { .type = NLA_U64 },
	[ACQREL_A_RING_OVERWRITTEN]	= { .type = NLA_U64 },
	[ACQREL_A_RING_POPPED]		= { .type = NLA_U64 },
	[ACQREL_A_RING_HEAD]		= { .type = NLA_U64 },
	[ACQREL_A_RING_RETRIES]		= { .type = NLA_U64 },
	[ACQREL_A_RING_CHECKS]		= { .type = NLA_U32 },
	[ACQREL_A_RING_UNBALANCED]	= { .type = NLA_U32 },
	[ACQREL_A_RING_NAIVE_UNBALANCED] = { .type = NLA_U32 },
};

static const char *const ring_names[ACQREL_A_RING_MAX + 1] = {
	[ACQREL_A_RING_CHECKS]		= "checks",
};

const struct acqrel_space acqrel_ring_space = {
	ACQREL_A_RING_MAX, ring_policy, ring_names
};

static const struct nla_policy source_policy[ACQREL_A_SOURCE_MAX + 1] = {
	[ACQREL_A_SOURCE_NAME]			= { .type = NLA_STRING },
	[ACQREL_A_SOURCE_RUNNING]		= { .type = NLA_U8 },
	[ACQREL_A_SOURCE_OFFERED]		= { .type = NLA_U64 },
	[ACQREL_A_SOURCE_SEED]			= { .type = NLA_U64 },
	[ACQREL_A_SOURCE_RATE]			= { .type = NLA_U32 },
	[ACQREL_A_SOURCE_COUNT]			= { .type = NLA_U64 },
	[ACQREL_A_SOURCE_STREAMS]		= { .type = NLA_U32 },
	[ACQREL_A_SOURCE_COST_PASSED_NS]	= { .type = NLA_U64 },
	[ACQREL_A_SOURCE_COST_PASSED_N]		= { .type = NLA_U64 },
	[ACQREL_A_SOURCE_COST_FILTERED_NS]	= { .type = NLA_U64 },
	[ACQREL_A_SOURCE_COST_FILTERED_N]	= { .type = NLA_U64 },
};

static const char *const source_names[ACQREL_A_SOURCE_MAX + 1] = {
	[ACQREL_A_SOURCE_NAME]		= "name",
	[ACQREL_A_SOURCE_SEED]		= "seed",
	[ACQREL_A_SOURCE_RATE]		= "rate",
	[ACQREL_A_SOURCE_COUNT]		= "count",
};

const struct acqrel_space acqrel_source_space = {
	ACQREL_A_SOURCE_MAX, source_policy, source_names
};

/**
 * acqrel_need() - check that attributes are there
 * @attrs: attributes
 * @types: those needed
 * @n: how many
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_need(struct nlattr **attrs, const int *types, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!attrs[types[i]])
			return -EBADMSG;
	return 0;
}

/**
 * acqrel_copy_name() - copy a string that must fit
 * @name: room for %ACQREL_NAME_MAX and the NUL
 * @attr: the string
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_copy_name(char *name, const struct nlattr *attr)
{
	if (strnlen(nla_data(attr), nla_len(attr)) > ACQREL_NAME_MAX)
		return -EBADMSG;
	nla_strlcpy(name, attr, ACQREL_NAME_MAX + 1);
	return 0;
}

static int decode_pids(struct nlattr *nest, struct acqrel_config_values *v)
{
	struct nlattr *attr;
	int left;

	nla_for_each_nested(attr, nest, left) {
		if (nla_type(attr) != ACQREL_A_PIDS_PID ||
		    nla_len(attr) != sizeof(__u32) ||
		    v->nr_pids == ACQREL_PIDS_MAX)
			return -EBADMSG;
		v->pids[v->nr_pids++] = nla_get_u32(attr);
	}
	return left ? -EBADMSG : 0;
}

/**
 * acqrel_decode_config() - decode ACQREL_A_CONFIG_*
 * @attrs: attributes
 * @out: struct acqrel_config_state
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_config(struct nlattr **attrs, void *out)
{
	struct acqrel_config_state *config = out;
	struct acqrel_config_values *v = &config->values;

	if (NEED(attrs, ACQREL_A_CONFIG_GENERATION, ACQREL_A_CONFIG_KINDS,
		 ACQREL_A_CONFIG_SAMPLE_EVERY, ACQREL_A_CONFIG_MIN_VALUE_NS,
		 ACQREL_A_CONFIG_POLICY))
		return -EBADMSG;
	config->generation = nla_get_u64(attrs[ACQREL_A_CONFIG_GENERATION]);
	v->kinds = nla_get_u32(attrs[ACQREL_A_CONFIG_KINDS]);
	v->sample_every = nla_get_u32(attrs[ACQREL_A_CONFIG_SAMPLE_EVERY]);
	v->min_value_ns = nla_get_u64(attrs[ACQREL_A_CONFIG_MIN_VALUE_NS]);
	v->policy = nla_get_u32(attrs[ACQREL_A_CONFIG_POLICY]);
	if (!attrs[ACQREL_A_CONFIG_PIDS])
		return 0;
	return decode_pids(attrs[ACQREL_A_CONFIG_PIDS], v);
}

/**
 * acqrel_decode_stats() - decode ACQREL_A_STATS_*
 * @attrs: attributes
 * @out: struct acqrel_stats_values
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_stats(struct nlattr **attrs, void *out)
{
	struct acqrel_stats_values *stats = out;

	if (NEED(attrs, ACQREL_A_STATS_CPU, ACQREL_A_STATS_KIND,
		 ACQREL_A_STATS_COUNT, ACQREL_A_STATS_SUM_NS,
		 ACQREL_A_STATS_HIST))
		return -EBADMSG;
	stats->cpu = nla_get_u32(attrs[ACQREL_A_STATS_CPU]);
	stats->kind = nla_get_u32(attrs[ACQREL_A_STATS_KIND]);
	stats->count = nla_get_u64(attrs[ACQREL_A_STATS_COUNT]);
	stats->sum_ns = nla_get_u64(attrs[ACQREL_A_STATS_SUM_NS]);
	stats->min_ns = u64_or_0(attrs[ACQREL_A_STATS_MIN_NS]);
	stats->max_ns = u64_or_0(attrs[ACQREL_A_STATS_MAX_NS]);
	stats->retries = u64_or_0(attrs[ACQREL_A_STATS_RETRIES]);
	memcpy(stats->hist, nla_data(attrs[ACQREL_A_STATS_HIST]),
	       sizeof(stats->hist));
	return 0;
}

/**
 * acqrel_decode_counter() - decode ACQREL_A_COUNTER_*
 * @attrs: attributes
 * @out: struct acqrel_counter_values
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_counter(struct nlattr **attrs, void *out)
{
	struct acqrel_counter_values *counter = out;

	if (NEED(attrs, ACQREL_A_COUNTER_ID, ACQREL_A_COUNTER_NAME,
		 ACQREL_A_COUNTER_VALUE))
		return -EBADMSG;
	counter->id = nla_get_u32(attrs[ACQREL_A_COUNTER_ID]);
	counter->total = !attrs[ACQREL_A_COUNTER_CPU];
	counter->cpu = u32_or_0(attrs[ACQREL_A_COUNTER_CPU]);
	counter->value = nla_get_u64(attrs[ACQREL_A_COUNTER_VALUE]);
	return acqrel_copy_name(counter->name, attrs[ACQREL_A_COUNTER_NAME]);
}

static void decode_account(struct nlattr **attrs, struct acqrel_account *a)
{
	for (int i = 0; i < __ACQREL_FILTER_COUNT; i++)
		a->filtered[i] =
			nla_get_u64(attrs[ACQREL_A_RING_FILTERED_KIND + i]);
	a->offered = nla_get_u64(attrs[ACQREL_A_RING_OFFERED]);
	a->pushed = nla_get_u64(attrs[ACQREL_A_RING_PUSHED]);
	a->dropped = nla_get_u64(attrs[ACQREL_A_RING_DROPPED]);
	a->overwritten = nla_get_u64(attrs[ACQREL_A_RING_OVERWRITTEN]);
	a->head = nla_get_u64(attrs[ACQREL_A_RING_HEAD]);
}

/**
 * acqrel_decode_ring() - decode ACQREL_A_RING_*
 * @attrs: attributes
 * @out: struct acqrel_ring_values
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_ring(struct nlattr **attrs, void *out)
{
	struct acqrel_ring_values *ring = out;

	if (NEED(attrs, ACQREL_A_RING_CPU, ACQREL_A_RING_CAPACITY,
		 ACQREL_A_RING_FILL, ACQREL_A_RING_OFFERED,
		 ACQREL_A_RING_FILTERED_KIND, ACQREL_A_RING_FILTERED_SAMPLE,
		 ACQREL_A_RING_FILTERED_PID, ACQREL_A_RING_FILTERED_VALUE,
		 ACQREL_A_RING_PUSHED, ACQREL_A_RING_DROPPED,
		 ACQREL_A_RING_OVERWRITTEN, ACQREL_A_RING_POPPED,
		 ACQREL_A_RING_HEAD))
		return -EBADMSG;
	ring->cpu = nla_get_u32(attrs[ACQREL_A_RING_CPU]);
	ring->capacity = nla_get_u32(attrs[ACQREL_A_RING_CAPACITY]);
	ring->fill = nla_get_u32(attrs[ACQREL_A_RING_FILL]);
	ring->popped = nla_get_u64(attrs[ACQREL_A_RING_POPPED]);
	decode_account(attrs, &ring->account);
	ring->retries = u64_or_0(attrs[ACQREL_A_RING_RETRIES]);
	ring->checks = u32_or_0(attrs[ACQREL_A_RING_CHECKS]);
	ring->unbalanced = u32_or_0(attrs[ACQREL_A_RING_UNBALANCED]);
	ring->naive_unbalanced =
		u32_or_0(attrs[ACQREL_A_RING_NAIVE_UNBALANCED]);
	return 0;
}

/**
 * acqrel_decode_source() - decode ACQREL_A_SOURCE_*
 * @attrs: attributes
 * @out: struct acqrel_source_values
 *
 * Return: 0 or -EBADMSG.
 */
int acqrel_decode_source(struct nlattr **attrs, void *out)
{
	struct acqrel_source_values *source = out;

	if (NEED(attrs, ACQREL_A_SOURCE_NAME, ACQREL_A_SOURCE_RUNNING,
		 ACQREL_A_SOURCE_OFFERED))
		return -EBADMSG;
	source->running = nla_get_u8(attrs[ACQREL_A_SOURCE_RUNNING]);
	source->offered = nla_get_u64(attrs[ACQREL_A_SOURCE_OFFERED]);
	source->generator = attrs[ACQREL_A_SOURCE_SEED];
	source->seed = u64_or_0(attrs[ACQREL_A_SOURCE_SEED]);
	source->rate = u32_or_0(attrs[ACQREL_A_SOURCE_RATE]);
	source->count = u64_or_0(attrs[ACQREL_A_SOURCE_COUNT]);
	source->streams = u32_or_0(attrs[ACQREL_A_SOURCE_STREAMS]);
	source->passed_ns = u64_or_0(attrs[ACQREL_A_SOURCE_COST_PASSED_NS]);
	source->passed_n = u64_or_0(attrs[ACQREL_A_SOURCE_COST_PASSED_N]);
	source->filtered_ns = u64_or_0(attrs[ACQREL_A_SOURCE_COST_FILTERED_NS]);
	source->filtered_n = u64_or_0(attrs[ACQREL_A_SOURCE_COST_FILTERED_N]);
	return acqrel_copy_name(source->name, attrs[ACQREL_A_SOURCE_NAME]);
}
