// SPDX-License-Identifier: GPL-2.0-only
#include "bench/engine.h"
#include "bench/pool.h"
#include "netlink.h"

/* puts one message of a dump; -EMSGSIZE if it has no room for it */
typedef int acqrel_bench_put(struct sk_buff *skb, void *what);

/* Return: whether there was room */
static bool acqrel_bench_put_message(struct sk_buff *skb,
				     struct netlink_callback *cb, u8 cmd,
				     acqrel_bench_put *put, void *what)
{
	void *hdr = acqrel_netlink_dump_put(skb, cb, cmd);

	if (!hdr)
		return false;
	if (put(skb, what)) {
		genlmsg_cancel(skb, hdr);
		return false;
	}
	genlmsg_end(skb, hdr);
	return true;
}

static int acqrel_put_case_name(struct sk_buff *skb,
				const struct acqrel_case *c)
{
	char name[ACQREL_NAME_MAX + 1];

	snprintf(name, sizeof(name), "%s:%s", c->variant->name, c->op->name);
	return nla_put_string(skb, ACQREL_A_BENCH_NAME, name);
}

static int acqrel_put_case(struct sk_buff *skb, void *what)
{
	const struct acqrel_case *c = what;
	const struct acqrel_op *op = c->op;
	const struct {
		int attr;
		u32 value;
	} rows[] = {
		{ ACQREL_A_BENCH_THREADS, op->threads ?: 1 },
		{ ACQREL_A_BENCH_THREADS_MAX, op->threads_max },
		{ ACQREL_A_BENCH_CHUNK, op->chunk ?: ACQREL_BENCH_CHUNK },
		{ ACQREL_A_BENCH_PAYLOAD, op->payload },
		{ ACQREL_A_BENCH_PAYLOAD_MAX, op->payload_max ?: op->payload },
		{ ACQREL_A_BENCH_BOUND_TIMES, op->bound ? op->bound_times : 0 },
	};
	unsigned int i;

	if (acqrel_put_case_name(skb, c) ||
	    nla_put_u32(skb, ACQREL_A_BENCH_FLAGS, op->flags) ||
	    (op->writer && nla_put_flag(skb, ACQREL_A_BENCH_WRITES)) ||
	    (op->bound &&
	     nla_put_string(skb, ACQREL_A_BENCH_BOUND, op->bound)) ||
	    (op->slice_ns && nla_put_u64_64bit(skb, ACQREL_A_BENCH_SLICE_NS,
					       op->slice_ns,
					       ACQREL_A_BENCH_PAD)))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].value &&
		    nla_put_u32(skb, rows[i].attr, rows[i].value))
			return -EMSGSIZE;
	return 0;
}

int acqrel_nl_bench_case_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct acqrel_case c;

	while (acqrel_case_at(cb->args[0], &c) &&
	       acqrel_bench_put_message(skb, cb, ACQREL_CMD_BENCH_CASE_GET,
					acqrel_put_case, &c))
		cb->args[0]++;
	return skb->len;
}

/* the run held for a dump; here and not in start, which has no extack in 6.1 */
static int acqrel_bench_dump_hold(struct netlink_callback *cb)
{
	const struct nlattr *run =
		genl_info_dump(cb)->attrs[ACQREL_A_BENCH_RUN];
	const char *why = "the run id is missing";
	int err = -EINVAL;

	if (run)
		err = acqrel_bench_hold(nla_get_u32(run), &why);
	if (err && cb->extack)
		cb->extack->_msg = why;
	return err;
}

/* what a thread did */
struct acqrel_sample {
	u64 deadline_ns;
	u32 thread;
	const struct acqrel_slice *slice;
};

static int acqrel_put_sample(struct sk_buff *skb, void *what)
{
	const struct acqrel_sample *sample = what;
	const struct acqrel_slice *s = sample->slice;
	const struct {
		int attr;
		u64 value;
	} rows[] = {
		{ ACQREL_A_BENCH_DEADLINE_NS, sample->deadline_ns },
		{ ACQREL_A_BENCH_START_NS, s->start_ns },
		{ ACQREL_A_BENCH_END_NS, s->end_ns },
		{ ACQREL_A_BENCH_BUSY_NS, s->busy_ns },
		{ ACQREL_A_BENCH_BURSTS, s->bursts },
		{ ACQREL_A_BENCH_OPS, s->ops },
		{ ACQREL_A_BENCH_FAILED, s->failed },
		{ ACQREL_A_BENCH_RETRIES, s->retries },
		{ ACQREL_A_BENCH_VIOLATIONS, s->violations },
		{ ACQREL_A_BENCH_LOST, s->lost },
		{ ACQREL_A_BENCH_FILL_SUM, s->fill_sum },
		{ ACQREL_A_BENCH_FILL_N, s->fill_n },
		{ ACQREL_A_BENCH_SWITCHES, s->switches },
		{ ACQREL_A_BENCH_WAIT_NS, s->wait_ns },
		{ ACQREL_A_BENCH_CHAIN_NS, s->chain_ns },
	};
	unsigned int i;

	if (nla_put_u32(skb, ACQREL_A_BENCH_THREAD, sample->thread) ||
	    nla_put_u32(skb, ACQREL_A_BENCH_ROLE, s->role) ||
	    nla_put_u32(skb, ACQREL_A_BENCH_CPU, s->cpu))
		return -EMSGSIZE;
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (nla_put_u64_64bit(skb, rows[i].attr, rows[i].value,
				      ACQREL_A_BENCH_PAD))
			return -EMSGSIZE;
	return 0;
}

int acqrel_nl_bench_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct acqrel_sample sample;
	const struct acqrel_arm *arm;
	int err = acqrel_bench_dump_hold(cb);

	if (err)
		return err;
	arm = acqrel_bench_held(&sample.deadline_ns);
	for (; cb->args[0] < arm->nr_threads; cb->args[0]++) {
		sample.thread = cb->args[0];
		sample.slice = &arm->threads[sample.thread].slice;
		if (!acqrel_bench_put_message(skb, cb, ACQREL_CMD_BENCH_GET,
					      acqrel_put_sample, &sample))
			break;
	}
	acqrel_bench_release();
	return skb->len;
}

/**
 * struct acqrel_buckets - buckets of a thread
 * @latency: its histogram
 * @thread: whose
 * @next: the first that has not been put
 * @left: those from there on that are not empty
 */
struct acqrel_buckets {
	const struct acqrel_latency *latency;
	u32 thread;
	unsigned long next;
	unsigned int left;
};

static unsigned int acqrel_count_buckets(const struct acqrel_buckets *b)
{
	unsigned int i, n = 0;

	for (i = b->next; i < ACQREL_LATENCY_BUCKETS; i++)
		n += b->latency->buckets[i] != 0;
	return n;
}

static void acqrel_copy_buckets(struct acqrel_buckets *b, u32 *pair,
				unsigned int n)
{
	for (b->left -= n; n; b->next++) {
		if (!b->latency->buckets[b->next])
			continue;
		*pair++ = b->next;
		*pair++ = b->latency->buckets[b->next];
		n--;
	}
}

/* as many as there is room for: a message may be smaller than they could need */
static int acqrel_put_buckets(struct sk_buff *skb, struct acqrel_buckets *b)
{
	const int size = 2 * sizeof(u32);
	int room = (skb_tailroom(skb) - NLA_HDRLEN) / size;
	struct nlattr *attr;
	unsigned int n;

	if (!b->left)
		return 0;
	if (room <= 0)
		return -EMSGSIZE;
	n = min3(b->left, (unsigned int)room, ACQREL_BENCH_BUCKETS_MAX + 0U);
	attr = nla_reserve(skb, ACQREL_A_BENCH_BUCKETS, n * size);
	if (!attr)
		return -EMSGSIZE;
	acqrel_copy_buckets(b, nla_data(attr), n);
	return 0;
}

static int acqrel_put_latency(struct sk_buff *skb, void *what)
{
	struct acqrel_buckets *b = what;

	if (nla_put_u32(skb, ACQREL_A_BENCH_THREAD, b->thread) ||
	    nla_put_u64_64bit(skb, ACQREL_A_BENCH_LATENCY_N, b->latency->n,
			      ACQREL_A_BENCH_PAD) ||
	    nla_put_u64_64bit(skb, ACQREL_A_BENCH_LATENCY_MAX_NS,
			      b->latency->max, ACQREL_A_BENCH_PAD))
		return -EMSGSIZE;
	return acqrel_put_buckets(skb, b);
}

/* Return: whether all buckets of the thread have been put */
static bool acqrel_dump_thread(struct sk_buff *skb, struct netlink_callback *cb,
			       const struct acqrel_arm *arm)
{
	struct acqrel_buckets b = {
		.thread = cb->args[0],
		.latency = arm->threads[cb->args[0]].pool->timed,
		.next = cb->args[1],
	};

	b.left = acqrel_count_buckets(&b);
	do {
		if (!acqrel_bench_put_message(skb, cb,
					      ACQREL_CMD_BENCH_LATENCY_GET,
					      acqrel_put_latency, &b))
			return false;
		cb->args[1] = b.next;
	} while (b.left);
	return true;
}

int acqrel_nl_bench_latency_dump(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	const struct acqrel_arm *arm;
	u64 deadline_ns;
	int err = acqrel_bench_dump_hold(cb);

	if (err)
		return err;
	arm = acqrel_bench_held(&deadline_ns);
	while (cb->args[0] < arm->nr_threads &&
	       acqrel_dump_thread(skb, cb, arm)) {
		cb->args[0]++;
		cb->args[1] = 0;
	}
	acqrel_bench_release();
	return skb->len;
}
