// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decoding netlink messages: right ones, incomplete ones, and garbage.
 */
#include <errno.h>
#include <string.h>

#include "client_internal.h"
#include "ktap.h"

#define ROOM	4096

union item {
	struct acqrel_config_state config;
	struct acqrel_stats_values stats;
	struct acqrel_counter_values counter;
	struct acqrel_ring_values ring;
	struct acqrel_source_values source;
	struct acqrel_case_name name;
	struct acqrel_sample sample;
	struct acqrel_notice notice;
	__u32 run;
};

static const struct {
	const struct acqrel_space *space;
	acqrel_decode_fn decode;
} decoders[] = {
	{ &acqrel_config_space, acqrel_decode_config },
	{ &acqrel_stats_space, acqrel_decode_stats },
	{ &acqrel_counter_space, acqrel_decode_counter },
	{ &acqrel_ring_space, acqrel_decode_ring },
	{ &acqrel_source_space, acqrel_decode_source },
	{ &acqrel_bench_space, acqrel_decode_case },
	{ &acqrel_bench_space, acqrel_decode_sample },
	{ &acqrel_bench_space, acqrel_decode_run },
	{ &acqrel_bench_space, acqrel_decode_ended },
};

static int parse(const struct acqrel_space *space, acqrel_decode_fn decode,
		 void *data, int len, union item *item)
{
	struct nlattr *attrs[ACQREL_ATTRS_MAX];

	check(space->max < ACQREL_ATTRS_MAX);
	memset(item, 0, sizeof(*item));
	if (nla_parse(attrs, space->max, data, len,
		      (struct nla_policy *)space->policy))
		return -EBADMSG;
	return decode(attrs, item);
}

static int parse_msg(unsigned int i, struct nl_msg *msg, union item *item)
{
	return parse(decoders[i].space, decoders[i].decode,
		     nlmsg_data(nlmsg_hdr(msg)),
		     nlmsg_datalen(nlmsg_hdr(msg)), item);
}

static struct nl_msg *config_msg(unsigned int pids)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	struct nlattr *nest;

	nla_put_u64(msg, ACQREL_A_CONFIG_GENERATION, 3);
	nla_put_u32(msg, ACQREL_A_CONFIG_KINDS, 5);
	nla_put_u32(msg, ACQREL_A_CONFIG_SAMPLE_EVERY, 10);
	nla_put_u64(msg, ACQREL_A_CONFIG_MIN_VALUE_NS, ~0ULL);
	nla_put_u32(msg, ACQREL_A_CONFIG_POLICY, 1);
	nest = nla_nest_start(msg, ACQREL_A_CONFIG_PIDS);
	for (unsigned int i = 0; i < pids; i++)
		nla_put_u32(msg, ACQREL_A_PIDS_PID, 100 + i);
	nla_nest_end_keep_empty(msg, nest);
	return msg;
}

static void config(void)
{
	struct nl_msg *msg = config_msg(ACQREL_PIDS_MAX);
	union item item;

	check_eq(parse_msg(0, msg, &item), 0);
	check_eq(item.config.generation, 3);
	check_eq(item.config.values.kinds, 5);
	check_eq(item.config.values.sample_every, 10);
	check_eq(item.config.values.min_value_ns, ~0ULL);
	check_eq(item.config.values.policy, 1);
	check_eq(item.config.values.nr_pids, ACQREL_PIDS_MAX);
	check_eq(item.config.values.pids[0], 100);
	check_eq(item.config.values.pids[ACQREL_PIDS_MAX - 1],
		 99 + ACQREL_PIDS_MAX);
	nlmsg_free(msg);
}

static void config_with_too_many_pids(void)
{
	struct nl_msg *msg = config_msg(ACQREL_PIDS_MAX + 1);
	union item item;

	check_eq(parse_msg(0, msg, &item), -EBADMSG);
	nlmsg_free(msg);
	msg = config_msg(0);
	check_eq(parse_msg(0, msg, &item), 0);
	check_eq(item.config.values.nr_pids, 0);
	nlmsg_free(msg);
}

static void pid_of_a_wrong_size(void)
{
	struct nl_msg *msg = config_msg(0);
	struct nlattr *nest = nlmsg_find_attr(nlmsg_hdr(msg), 0,
					      ACQREL_A_CONFIG_PIDS);
	union item item;

	check(nest);
	/* The empty nest is the last attribute: it can grow. */
	nla_put_u16(msg, ACQREL_A_PIDS_PID, 1);
	nest->nla_len += NLA_ALIGN(NLA_HDRLEN + sizeof(__u16));
	check_eq(parse_msg(0, msg, &item), -EBADMSG);
	nlmsg_free(msg);
}

static struct nl_msg *stats_msg(int hist_size)
{
	static const __u64 hist[ACQREL_HIST_BUCKETS + 1] = {
		[0] = 7, [ACQREL_HIST_BUCKETS - 1] = 9
	};
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);

	nla_put_u32(msg, ACQREL_A_STATS_CPU, 1);
	nla_put_u32(msg, ACQREL_A_STATS_KIND, 2);
	nla_put_u64(msg, ACQREL_A_STATS_COUNT, 16);
	nla_put_u64(msg, ACQREL_A_STATS_SUM_NS, 99);
	nla_put(msg, ACQREL_A_STATS_HIST, hist_size, hist);
	return msg;
}

static void histogram_has_one_size(void)
{
	int size = ACQREL_HIST_BUCKETS * sizeof(__u64);
	struct nl_msg *msg = stats_msg(size);
	union item item;

	check_eq(parse_msg(1, msg, &item), 0);
	check_eq(item.stats.hist[0], 7);
	check_eq(item.stats.hist[ACQREL_HIST_BUCKETS - 1], 9);
	nlmsg_free(msg);
	for (int wrong = -8; wrong <= 8; wrong += 4) {
		if (!wrong)
			continue;
		msg = stats_msg(size + wrong);
		check_eq(parse_msg(1, msg, &item), -EBADMSG);
		nlmsg_free(msg);
	}
}

static int parse_name(const char *name, int len, union item *item)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	int rc;

	nla_put(msg, ACQREL_A_BENCH_NAME, len, name);
	rc = parse_msg(5, msg, item);
	nlmsg_free(msg);
	return rc;
}

static void names_fit(void)
{
	char name[ACQREL_NAME_MAX + 2];
	union item item;

	memset(name, 'x', sizeof(name));
	check_eq(parse_name(name, 5, &item), -EBADMSG);
	name[ACQREL_NAME_MAX + 1] = '\0';
	check_eq(parse_name(name, sizeof(name), &item), -EBADMSG);
	name[ACQREL_NAME_MAX] = '\0';
	check_eq(parse_name(name, ACQREL_NAME_MAX + 1, &item), 0);
	check_eq(strlen(item.name.name), ACQREL_NAME_MAX);
	check_eq(parse_name("", 0, &item), -EBADMSG);
}

/* A sound message, cut at every length, must be refused or decoded. */
static void truncation(void)
{
	struct nl_msg *msg = config_msg(3);
	struct nlmsghdr *hdr = nlmsg_hdr(msg);
	int len = nlmsg_datalen(hdr);
	union item item;

	for (int cut = 0; cut < len; cut++) {
		char *copy = malloc(cut ? cut : 1);

		memcpy(copy, nlmsg_data(hdr), cut);
		parse(&acqrel_config_space, acqrel_decode_config, copy, cut,
		      &item);
		check(item.config.values.nr_pids <= 3);
		free(copy);
	}
	nlmsg_free(msg);
}

static void empty_messages_are_refused(void)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	union item item;

	for (unsigned int i = 0; i < ARRAY_SIZE(decoders); i++)
		check_eq(parse_msg(i, msg, &item), -EBADMSG);
	nlmsg_free(msg);
}

/* Attributes of random type and length; the sanitizers look on. */
static int random_message(struct acqrel_generator *g, char *data)
{
	int len = 0;

	while (len < ROOM - 600) {
		struct nlattr *attr = (struct nlattr *)(data + len);
		u64 value = acqrel_generator_next(g);
		int size = value & 0x80 ? 520 : value & 15;

		attr->nla_type = value >> 8 & 31;
		attr->nla_len = NLA_HDRLEN + size;
		if (!(value >> 16 & 63))
			attr->nla_len = value >> 32;
		for (int i = 0; i < size; i++)
			data[len + NLA_HDRLEN + i] = value >> (i & 56);
		len += NLA_ALIGN(NLA_HDRLEN + size);
		if (!(value >> 24 & 31))
			break;
	}
	return len;
}

static void garbage(void)
{
	struct acqrel_generator g;
	union item item;

	ktap_seed(&g);
	for (u64 n = ktap_scale(200000); n; n--) {
		unsigned int i = n % ARRAY_SIZE(decoders);
		char *data = calloc(1, ROOM), *copy;
		int len = random_message(&g, data);

		copy = malloc(len);
		memcpy(copy, data, len);
		if (!parse(decoders[i].space, decoders[i].decode, copy, len,
			   &item) && decoders[i].space == &acqrel_config_space)
			check(item.config.values.nr_pids <= ACQREL_PIDS_MAX);
		free(copy);
		free(data);
	}
}

static const struct ktap_test tests[] = {
	{ "config", config },
	{ "config with too many pids", config_with_too_many_pids },
	{ "a pid of a wrong size", pid_of_a_wrong_size },
	{ "a histogram has one size", histogram_has_one_size },
	{ "names fit", names_fit },
	{ "truncation", truncation },
	{ "empty messages are refused", empty_messages_are_refused },
	{ "garbage", garbage },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
