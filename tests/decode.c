// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decoding netlink messages: right ones, incomplete ones, and garbage.
 */
#include <errno.h>
#include <string.h>

#include "client_internal.h"
#include "ktap.h"

#define ROOM	16384

/* places in decoders[] */
enum {
	CONFIG, STATS, COUNTER, RING, SOURCE, CASE, ARM, RUN, SAMPLE, LATENCY,
	ENDED, LITMUS_TEST, LITMUS_RUN, LITMUS_PART, LITMUS_ENDED
};

union item {
	struct acqrel_config_state config;
	struct acqrel_stats_values stats;
	struct acqrel_counter_values counter;
	struct acqrel_ring_values ring;
	struct acqrel_source_values source;
	struct bench_case bench_case;
	struct acqrel_sample sample;
	struct acqrel_latency_part part;
	struct acqrel_notice notice;
	struct acqrel_litmus_values litmus_test;
	struct acqrel_litmus_part litmus_part;
	__u32 id;
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
	{ &acqrel_bench_space, acqrel_decode_arm },
	{ &acqrel_bench_space, acqrel_decode_run },
	{ &acqrel_bench_space, acqrel_decode_sample },
	{ &acqrel_bench_space, acqrel_decode_latency },
	{ &acqrel_bench_space, acqrel_decode_ended },
	{ &acqrel_litmus_space, acqrel_decode_litmus_test },
	{ &acqrel_litmus_space, acqrel_decode_litmus_run },
	{ &acqrel_litmus_space, acqrel_decode_litmus_part },
	{ &acqrel_litmus_space, acqrel_decode_litmus_ended },
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

	check_eq(parse_msg(CONFIG, msg, &item), 0);
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

	check_eq(parse_msg(CONFIG, msg, &item), -EBADMSG);
	nlmsg_free(msg);
	msg = config_msg(0);
	check_eq(parse_msg(CONFIG, msg, &item), 0);
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
	check_eq(parse_msg(CONFIG, msg, &item), -EBADMSG);
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

	check_eq(parse_msg(STATS, msg, &item), 0);
	check_eq(item.stats.hist[0], 7);
	check_eq(item.stats.hist[ACQREL_HIST_BUCKETS - 1], 9);
	nlmsg_free(msg);
	for (int wrong = -8; wrong <= 8; wrong += 4) {
		if (!wrong)
			continue;
		msg = stats_msg(size + wrong);
		check_eq(parse_msg(STATS, msg, &item), -EBADMSG);
		nlmsg_free(msg);
	}
}

static int parse_name(int type, const char *name, int len, union item *item)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	int rc;

	nla_put_u32(msg, ACQREL_A_BENCH_FLAGS, 0);
	nla_put_u32(msg, ACQREL_A_BENCH_THREADS, 1);
	if (type != ACQREL_A_BENCH_NAME)
		nla_put_string(msg, ACQREL_A_BENCH_NAME, "a/b:c");
	nla_put(msg, type, len, name);
	rc = parse_msg(CASE, msg, item);
	nlmsg_free(msg);
	return rc;
}

static void names_fit(void)
{
	static const int types[] = {
		ACQREL_A_BENCH_NAME, ACQREL_A_BENCH_BOUND
	};
	char name[ACQREL_NAME_MAX + 2];
	union item item;

	for (unsigned int i = 0; i < ARRAY_SIZE(types); i++) {
		memset(name, 'x', sizeof(name));
		check_eq(parse_name(types[i], name, 5, &item), -EBADMSG);
		name[ACQREL_NAME_MAX + 1] = '\0';
		check_eq(parse_name(types[i], name, sizeof(name), &item),
			 -EBADMSG);
		name[ACQREL_NAME_MAX] = '\0';
		check_eq(parse_name(types[i], name, ACQREL_NAME_MAX + 1, &item),
			 0);
		check_eq(strlen(i ? item.bench_case.bound :
				item.bench_case.name), ACQREL_NAME_MAX);
		check_eq(parse_name(types[i], "", 0, &item), -EBADMSG);
	}
}

static void bench_case(void)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	union item item;

	nla_put_string(msg, ACQREL_A_BENCH_NAME, "ring/spsc:push");
	nla_put_u32(msg, ACQREL_A_BENCH_FLAGS, ACQREL_OP_PAIRS);
	nla_put_u32(msg, ACQREL_A_BENCH_THREADS, 1);
	check_eq(parse_msg(CASE, msg, &item), 0);
	/* what is absent it has not */
	check_eq(item.bench_case.threads_max, 0);
	check_eq(item.bench_case.payload_max, 0);
	check(!item.bench_case.writes);
	check(!item.bench_case.bound[0]);

	nla_put_u32(msg, ACQREL_A_BENCH_THREADS_MAX, 2);
	nla_put_u32(msg, ACQREL_A_BENCH_PAYLOAD, 8);
	nla_put_u32(msg, ACQREL_A_BENCH_PAYLOAD_MAX, 16);
	nla_put_u64(msg, ACQREL_A_BENCH_SLICE_NS, 1ULL << 40);
	nla_put_flag(msg, ACQREL_A_BENCH_WRITES);
	nla_put_string(msg, ACQREL_A_BENCH_BOUND, "floor/line:stream");
	nla_put_u32(msg, ACQREL_A_BENCH_BOUND_TIMES, 1500);
	check_eq(parse_msg(CASE, msg, &item), 0);
	check(!strcmp(item.bench_case.name, "ring/spsc:push"));
	check_eq(item.bench_case.flags, ACQREL_OP_PAIRS);
	check_eq(item.bench_case.threads, 1);
	check_eq(item.bench_case.threads_max, 2);
	check_eq(item.bench_case.payload, 8);
	check_eq(item.bench_case.payload_max, 16);
	check_eq(item.bench_case.slice_ns, 1ULL << 40);
	check(item.bench_case.writes);
	check(!strcmp(item.bench_case.bound, "floor/line:stream"));
	check_eq(item.bench_case.bound_times, 1500);
	nlmsg_free(msg);
}

static void arms_and_runs_are_numbers(void)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	union item item;

	nla_put_u32(msg, ACQREL_A_BENCH_ARM, 7);
	check_eq(parse_msg(ARM, msg, &item), 0);
	check_eq(item.id, 7);
	check_eq(parse_msg(RUN, msg, &item), -EBADMSG);
	nla_put_u32(msg, ACQREL_A_BENCH_RUN, 9);
	check_eq(parse_msg(RUN, msg, &item), 0);
	check_eq(item.id, 9);
	nla_put_s32(msg, ACQREL_A_BENCH_STATUS, -ECANCELED);
	check_eq(parse_msg(ENDED, msg, &item), 0);
	check_eq(item.notice.bench.run, 9);
	check_eq(item.notice.bench.status, -ECANCELED);
	nlmsg_free(msg);
}

/* those of a sample that are 64 bits wide, and where they go */
static const struct {
	int type;
	size_t at;
} sample_fields[] = {
	{ ACQREL_A_BENCH_DEADLINE_NS,
	  offsetof(struct acqrel_sample, deadline_ns) },
	{ ACQREL_A_BENCH_START_NS, offsetof(struct acqrel_sample, did.start_ns) },
	{ ACQREL_A_BENCH_END_NS, offsetof(struct acqrel_sample, did.end_ns) },
	{ ACQREL_A_BENCH_BUSY_NS, offsetof(struct acqrel_sample, did.busy_ns) },
	{ ACQREL_A_BENCH_BURSTS, offsetof(struct acqrel_sample, did.bursts) },
	{ ACQREL_A_BENCH_OPS, offsetof(struct acqrel_sample, did.ops) },
	{ ACQREL_A_BENCH_FAILED, offsetof(struct acqrel_sample, did.failed) },
	{ ACQREL_A_BENCH_RETRIES, offsetof(struct acqrel_sample, did.retries) },
	{ ACQREL_A_BENCH_VIOLATIONS,
	  offsetof(struct acqrel_sample, did.violations) },
	{ ACQREL_A_BENCH_LOST, offsetof(struct acqrel_sample, did.lost) },
	{ ACQREL_A_BENCH_FILL_SUM, offsetof(struct acqrel_sample, did.fill_sum) },
	{ ACQREL_A_BENCH_FILL_N, offsetof(struct acqrel_sample, did.fill_n) },
	{ ACQREL_A_BENCH_SWITCHES,
	  offsetof(struct acqrel_sample, did.switches) },
	{ ACQREL_A_BENCH_WAIT_NS, offsetof(struct acqrel_sample, did.wait_ns) },
	{ ACQREL_A_BENCH_CHAIN_NS, offsetof(struct acqrel_sample, did.chain_ns) },
};

static void sample(void)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	union item item;
	__u64 value;

	nla_put_u32(msg, ACQREL_A_BENCH_THREAD, 1);
	nla_put_u32(msg, ACQREL_A_BENCH_ROLE, ACQREL_BENCH_ROLE_WRITER);
	nla_put_u32(msg, ACQREL_A_BENCH_CPU, 3);
	for (__u64 i = 0; i < ARRAY_SIZE(sample_fields); i++)
		nla_put_u64(msg, sample_fields[i].type, (i + 1) << 33);
	check_eq(parse_msg(SAMPLE, msg, &item), 0);
	check_eq(item.sample.thread, 1);
	check_eq(item.sample.did.role, ACQREL_BENCH_ROLE_WRITER);
	check_eq(item.sample.did.cpu, 3);
	for (__u64 i = 0; i < ARRAY_SIZE(sample_fields); i++) {
		memcpy(&value, (char *)&item + sample_fields[i].at,
		       sizeof(value));
		check_eq(value, (i + 1) << 33);
	}
	nlmsg_free(msg);
}

static int parse_buckets(const __u32 *pairs, int len, union item *item)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	int rc;

	check_eq(nlmsg_expand(msg, ROOM), 0);
	nla_put_u64(msg, ACQREL_A_BENCH_LATENCY_MAX_NS, 1ULL << 36);
	check_eq(nla_put(msg, ACQREL_A_BENCH_BUCKETS, len, pairs), 0);
	rc = parse_msg(LATENCY, msg, item);
	nlmsg_free(msg);
	return rc;
}

static void buckets(void)
{
	static __u32 pairs[2 * ACQREL_BENCH_BUCKETS_MAX + 2] = {
		0, 5, ACQREL_LATENCY_BUCKETS - 1, ~0U
	};
	union item item;

	check_eq(parse_buckets(pairs, 16, &item), 0);
	check_eq(item.part.max_ns, 1ULL << 36);
	check_eq(item.part.n, 2);
	check_eq(item.part.buckets[0].index, 0);
	check_eq(item.part.buckets[0].count, 5);
	check_eq(item.part.buckets[1].index, ACQREL_LATENCY_BUCKETS - 1);
	check_eq(item.part.buckets[1].count, ~0U);
	check_eq(parse_buckets(pairs, 0, &item), 0);
	check_eq(item.part.n, 0);
	check_eq(parse_buckets(pairs, 12, &item), -EBADMSG);
	check_eq(parse_buckets(pairs, sizeof(pairs) - 8, &item), 0);
	check_eq(item.part.n, ACQREL_BENCH_BUCKETS_MAX);
	check_eq(parse_buckets(pairs, sizeof(pairs), &item), -EBADMSG);
	pairs[2]++;
	check_eq(parse_buckets(pairs, 16, &item), -EBADMSG);
}

static void litmus_tests_and_runs(void)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	union item item;

	nla_put_string(msg, ACQREL_A_LITMUS_NAME, "IRIW+mb");
	check_eq(parse_msg(LITMUS_TEST, msg, &item), -EBADMSG);
	nla_put_u32(msg, ACQREL_A_LITMUS_THREADS, 4);
	check_eq(parse_msg(LITMUS_TEST, msg, &item), 0);
	check(!strcmp(item.litmus_test.name, "IRIW+mb"));
	check_eq(item.litmus_test.threads, 4);
	check(!item.litmus_test.grace);
	nla_put_flag(msg, ACQREL_A_LITMUS_GRACE);
	check_eq(parse_msg(LITMUS_TEST, msg, &item), 0);
	check(item.litmus_test.grace);
	check_eq(parse_msg(LITMUS_RUN, msg, &item), -EBADMSG);
	nla_put_u32(msg, ACQREL_A_LITMUS_RUN, 9);
	check_eq(parse_msg(LITMUS_RUN, msg, &item), 0);
	check_eq(item.id, 9);
	check_eq(parse_msg(LITMUS_ENDED, msg, &item), -EBADMSG);
	nla_put_s32(msg, ACQREL_A_LITMUS_STATUS, -ENODEV);
	check_eq(parse_msg(LITMUS_ENDED, msg, &item), 0);
	check_eq(item.notice.litmus.run, 9);
	check_eq(item.notice.litmus.status, -ENODEV);
	nlmsg_free(msg);
}

/* a summary whose threads have @len bytes */
static int parse_summary(int len, union item *item)
{
	static const __u64 first[ACQREL_LITMUS_CPUS_MAX + 1] = { 5, 6, 7, 8 };
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	int rc;

	nla_put_s32(msg, ACQREL_A_LITMUS_STATUS, -ECANCELED);
	nla_put_u64(msg, ACQREL_A_LITMUS_TRIALS, 1ULL << 40);
	nla_put_u64(msg, ACQREL_A_LITMUS_OVERLAPPED, 3);
	nla_put_u64(msg, ACQREL_A_LITMUS_TOUCHED, 1ULL << 33);
	check_eq(nla_put(msg, ACQREL_A_LITMUS_FIRST, len, first), 0);
	rc = parse_msg(LITMUS_PART, msg, item);
	nlmsg_free(msg);
	return rc;
}

static void litmus_summary(void)
{
	const struct acqrel_litmus_summary *s;
	union item item;

	check_eq(parse_summary(16, &item), 0);
	check(item.litmus_part.is_summary);
	s = &item.litmus_part.summary;
	check_eq(s->status, -ECANCELED);
	check_eq(s->trials, 1ULL << 40);
	check_eq(s->overlapped, 3);
	check_eq(s->touched, 1ULL << 33);
	check_eq(s->first[1], 6);
	check_eq(s->first[2], 0);
	check_eq(parse_summary(32, &item), 0);
	check_eq(s->first[3], 8);
	check_eq(parse_summary(12, &item), -EBADMSG);
	check_eq(parse_summary(40, &item), -EBADMSG);
}

static void litmus_outcome(void)
{
	struct nl_msg *msg = nlmsg_alloc_simple(0, 0);
	union item item;

	nla_put_u64(msg, ACQREL_A_LITMUS_OUTCOME, 1ULL << 60);
	check_eq(parse_msg(LITMUS_PART, msg, &item), -EBADMSG);
	nla_put_u64(msg, ACQREL_A_LITMUS_COUNT, 1ULL << 34);
	check_eq(parse_msg(LITMUS_PART, msg, &item), 0);
	check(!item.litmus_part.is_summary);
	check_eq(item.litmus_part.seen.outcome, 1ULL << 60);
	check_eq(item.litmus_part.seen.count, 1ULL << 34);
	nlmsg_free(msg);
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
	static const int sizes[8] = { 4, 8, 520, 16, 4096 };
	int len = 0;

	while (len < ROOM - 5000) {
		struct nlattr *attr = (struct nlattr *)(data + len);
		u64 value = acqrel_generator_next(g);
		int size = sizes[value >> 4 & 7] ?: (int)(value & 15);

		attr->nla_type = value >> 8 & 63;
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
	{ "a case", bench_case },
	{ "arms and runs are numbers", arms_and_runs_are_numbers },
	{ "a sample", sample },
	{ "buckets", buckets },
	{ "litmus tests and runs", litmus_tests_and_runs },
	{ "summary of a litmus run", litmus_summary },
	{ "outcome of a litmus run", litmus_outcome },
	{ "truncation", truncation },
	{ "empty messages are refused", empty_messages_are_refused },
	{ "garbage", garbage },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
