// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ring from liburcu's wfcqueue: a linked queue whose push is one exchange. It
 * is bounded by credit and takes its nodes in turn from an array, which one
 * producer and one consumer can do; the consumer then needs no lock either.
 *
 * wfcqueue.credit: an item is copied before the count of pops is released, so
 * who sees the count by an acquire may use the item's node again.
 */
#include "world.h"

#include <acqrel/bench_ring.h>

#define _LGPL_SOURCE
#include <urcu/wfcqueue.h>

#include "bench/variants.h"

struct ring_wfcqueue_node {
	struct cds_wfcq_node node;
	u64 item;
};

/**
 * struct ring_wfcqueue - a queue and its nodes
 * @head: where the consumer takes
 * @popped: items taken out, written by the consumer
 * @tail: where the producer puts
 * @pushed: items put in, the producer's
 * @known: the producer's last look at @popped
 * @nodes: used in turn
 */
struct ring_wfcqueue {
	struct __cds_wfcq_head head ____cacheline_aligned;
	u64 popped;
	struct cds_wfcq_tail tail ____cacheline_aligned;
	u64 pushed;
	u64 known;
	struct ring_wfcqueue_node nodes[ACQREL_BENCH_SLOTS]
		____cacheline_aligned;
};

static int ring_wfcqueue_init(void *ring)
{
	struct ring_wfcqueue *r = ring;

	__cds_wfcq_init(&r->head, &r->tail);
	return 0;
}

static __always_inline bool ring_wfcqueue_full(struct ring_wfcqueue *r)
{
	if (likely(r->pushed - r->known < ACQREL_BENCH_SLOTS))
		return false;
	/* pairs with the release in ring_wfcqueue_pop(): wfcqueue.credit */
	r->known = smp_load_acquire(&r->popped);
	return r->pushed - r->known == ACQREL_BENCH_SLOTS;
}

static __always_inline bool ring_wfcqueue_push(struct ring_wfcqueue *r,
					       u64 item)
{
	struct ring_wfcqueue_node *node;

	if (ring_wfcqueue_full(r))
		return false;
	node = &r->nodes[r->pushed % ACQREL_BENCH_SLOTS];
	cds_wfcq_node_init(&node->node);
	node->item = item;
	cds_wfcq_enqueue(&r->head, &r->tail, &node->node);
	WRITE_ONCE(r->pushed, r->pushed + 1);
	return true;
}

/* a push that is half done counts as none: the call that waits may sleep */
static __always_inline bool ring_wfcqueue_pop(struct ring_wfcqueue *r,
					      u64 *item)
{
	struct cds_wfcq_node *node;

	node = __cds_wfcq_dequeue_nonblocking(&r->head, &r->tail);
	if (!node || node == CDS_WFCQ_WOULDBLOCK)
		return false;
	*item = caa_container_of(node, struct ring_wfcqueue_node, node)->item;
	/* pairs with the acquire in ring_wfcqueue_full(): wfcqueue.credit */
	smp_store_release(&r->popped, r->popped + 1);
	return true;
}

/* counted before it is pushed from the one side, after from the other */
static inline u64 ring_wfcqueue_fill(const struct ring_wfcqueue *r)
{
	u64 popped = READ_ONCE(r->popped), pushed = READ_ONCE(r->pushed);

	return pushed > popped ? pushed - popped : 0;
}

ACQREL_RING_BURSTS(wfcqueue, struct ring_wfcqueue, ring_wfcqueue_push,
		   ring_wfcqueue_pop, ring_wfcqueue_fill)
/* four nodes a line */
ACQREL_RING_OPS(wfcqueue, ACQREL_OP_PAIRS, 250);

static int ring_wfcqueue_create(const struct acqrel_arm_params *p,
				void **object)
{
	static const struct acqrel_ring_kind kind = {
		.size = sizeof(struct ring_wfcqueue),
		.pairs = true,
		.init = ring_wfcqueue_init,
	};

	return acqrel_ring_create(&kind, p, object);
}

const struct acqrel_variant acqrel_variant_ring_wfcqueue = {
	.name = "ring/wfcqueue",
	.ops = acqrel_ring_wfcqueue_ops,
	.create = ring_wfcqueue_create,
	.destroy = acqrel_ring_destroy,
	.lost = acqrel_ring_wfcqueue_lost,
};
