/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * client_internal.h - between the transport (client.c), the commands
 * (client_get.c, client_change.c, client_bench.c, client_litmus.c) and the
 * decoders (client_decode.c, client_bench.c, client_litmus.c)
 */
#ifndef ACQREL_USER_CLIENT_INTERNAL_H
#define ACQREL_USER_CLIENT_INTERNAL_H

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "client.h"

#define ACQREL_ATTRS_MAX	64	/* more than any space has */

struct acqrel_client {
	struct nl_sock *sk;
	struct nl_sock *events;
	int family;
	char message[320];
};

int acqrel_client_fail(struct acqrel_client *client, int error,
		       const char *text);
int acqrel_client_fail_nl(struct acqrel_client *client, int nlerr);

/**
 * struct acqrel_space - one attribute space of the family
 * @max: highest attribute
 * @policy: what may come in
 * @names: of the attributes, for error messages
 */
struct acqrel_space {
	int max;
	const struct nla_policy *policy;
	const char *const *names;
};

extern const struct acqrel_space acqrel_config_space;
extern const struct acqrel_space acqrel_stats_space;
extern const struct acqrel_space acqrel_counter_space;
extern const struct acqrel_space acqrel_ring_space;
extern const struct acqrel_space acqrel_source_space;
extern const struct acqrel_space acqrel_bench_space;
extern const struct acqrel_space acqrel_litmus_space;

/**
 * typedef acqrel_decode_fn - turn the attributes of a message into values
 * @attrs: as many as the space has, NULL where absent; sizes are checked
 * @out: zeroed room for one item
 *
 * Return: 0, or -EBADMSG if something needed is missing or nonsense.
 */
typedef int (*acqrel_decode_fn)(struct nlattr **attrs, void *out);

int acqrel_need(struct nlattr **attrs, const int *types, size_t n);
int acqrel_copy_name(char *name, const struct nlattr *attr);

#define NEED(attrs, ...)						\
	acqrel_need(attrs, (const int[]){ __VA_ARGS__ },		\
		    sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))

static inline __u64 u64_or_0(const struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

static inline __u32 u32_or_0(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

int acqrel_decode_config(struct nlattr **attrs, void *out);
int acqrel_decode_stats(struct nlattr **attrs, void *out);
int acqrel_decode_counter(struct nlattr **attrs, void *out);
int acqrel_decode_ring(struct nlattr **attrs, void *out);
int acqrel_decode_source(struct nlattr **attrs, void *out);
int acqrel_decode_case(struct nlattr **attrs, void *out);
int acqrel_decode_arm(struct nlattr **attrs, void *out);
int acqrel_decode_run(struct nlattr **attrs, void *out);
int acqrel_decode_sample(struct nlattr **attrs, void *out);
int acqrel_decode_latency(struct nlattr **attrs, void *out);
int acqrel_decode_ended(struct nlattr **attrs, void *out);
int acqrel_decode_litmus_test(struct nlattr **attrs, void *out);
int acqrel_decode_litmus_run(struct nlattr **attrs, void *out);
int acqrel_decode_litmus_part(struct nlattr **attrs, void *out);
int acqrel_decode_litmus_ended(struct nlattr **attrs, void *out);

/**
 * struct acqrel_latency_part - buckets of a thread's histogram
 * @max_ns: the longest of the thread
 * @n: buckets in this part
 * @buckets: index and count of each
 */
struct acqrel_latency_part {
	__u64 max_ns;
	__u32 n;
	struct {
		__u32 index;
		__u32 count;
	} buckets[ACQREL_BENCH_BUCKETS_MAX];
};

/**
 * struct acqrel_litmus_part - one message of what a run of a litmus test counted
 * @is_summary: which of the two it is
 * @summary: how the run went
 * @seen: an outcome
 */
struct acqrel_litmus_part {
	bool is_summary;
	union {
		struct acqrel_litmus_summary summary;
		struct acqrel_litmus_seen seen;
	};
};

/**
 * struct acqrel_call - one request and what to do with the answer
 * @cmd: enum acqrel_cmd
 * @dump: whether many messages come back
 * @space: attributes of request and replies
 * @decode: for each reply; NULL if the command answers with an ack only
 * @size: of an item that @decode fills
 * @fill: adds the attributes of the request, or NULL
 * @arg: for @fill
 */
struct acqrel_call {
	int cmd;
	bool dump;
	const struct acqrel_space *space;
	acqrel_decode_fn decode;
	size_t size;
	int (*fill)(struct nl_msg *msg, const void *arg);
	const void *arg;
};

int acqrel_call_one(struct acqrel_client *client,
		    const struct acqrel_call *call, void *out);
int acqrel_call_dump(struct acqrel_client *client,
		     const struct acqrel_call *call, void **items, size_t *n);

#endif /* ACQREL_USER_CLIENT_INTERNAL_H */
