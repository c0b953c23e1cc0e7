// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace_walk.c - what a trace says, item by item
 *
 * Records are not trusted. A stream ends at the first one that cannot be. What
 * can be is what a replay would take, so its checks decide.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <acqrel/replay.h>

#include "trace_walk.h"

/**
 * struct stream - where the walk is on a CPU
 * @cursor: in the file
 * @records: of the block
 * @bytes: of it
 * @done: of them
 * @seq: of the next event
 * @pos: of the next push
 * @clock_ns: of the last record
 * @generation: of the config in force, 0: none was there
 * @ended: no record is left
 * @item: the one that comes next
 * @check: holds records against those before; its ring has no slots
 */
struct stream {
	struct trace_cursor cursor;
	const __u8 *records;
	size_t bytes;
	size_t done;
	__u64 seq;
	__u64 pos;
	__u64 clock_ns;
	__u64 generation;
	bool ended;
	struct trace_item item;
	struct acqrel_replay check;
};

/* a heap of streams, that with the oldest item first */
struct trace_walk {
	const struct trace *trace;
	struct stream **heap;
	size_t n;
	size_t room;
	bool taken;		/* the first one's item was given away */
	char why[TRACE_WHY];
};

static void drop(struct stream *s)
{
	trace_cursor_close(&s->cursor);
	free(s);
}

static void fill(struct stream *s, enum trace_item_type type)
{
	struct acqrel_event *e = &s->item.event;
	__u32 cpu = e->cpu;

	s->item.type = type;
	memset(e, 0, sizeof(*e));
	e->cpu = cpu;
	e->seq = s->seq;
	e->pos = s->pos;
	e->clock_ns = s->clock_ns;
	e->generation = s->generation;
}

/* What the check needs to know of an event that was good. */
static void count_event(struct acqrel_replay *check,
			const struct acqrel_trace_event *rec, bool pushed)
{
	check->clock_ns = rec->clock_ns;
	check->lane.books.acc.offered++;
	check->lane.ring.head += pushed;
}

/* These return what is wrong with the record, or NULL. */
static const char *take_event(struct stream *s,
			      const struct acqrel_trace_event *rec)
{
	bool pushed = rec->verdict == ACQREL_VERDICT_PUSHED ||
		      rec->verdict == ACQREL_VERDICT_OVERWROTE;
	const char *why = acqrel_replay_check_event(&s->check, rec);
	struct acqrel_event *e = &s->item.event;

	if (why)
		return why;
	if (!s->check.stated || !s->generation)
		return "an EVENT comes before the first STATE and CONFIG";
	count_event(&s->check, rec, pushed);
	s->clock_ns = rec->clock_ns;
	fill(s, TRACE_ITEM_EVENT);
	s->item.verdict = rec->verdict;
	e->value_ns = rec->value_ns;
	e->pid = rec->pid;
	e->peer = rec->peer;
	e->kind = rec->kind;
	e->flags = rec->flags;
	s->seq++;
	s->pos += pushed;
	return NULL;
}

/* Returns whether there are lost events before @seq, as an item. */
static bool take_gap(struct stream *s, __u64 seq)
{
	if (seq <= s->seq)
		return false;
	fill(s, TRACE_ITEM_GAP);
	s->item.skipped = seq - s->seq;
	return true;
}

static const char *take_state(struct stream *s,
			      const struct acqrel_trace_state *rec, bool *item)
{
	const char *why = acqrel_replay_state(&s->check, rec);

	if (why)
		return why;
	s->clock_ns = rec->clock_ns;
	*item = take_gap(s, rec->seq);
	s->seq = rec->seq;
	s->pos = rec->head;
	return NULL;
}

/* After a gap the config in force comes once more, which is no news. */
static const char *take_config(struct stream *s,
			       const struct acqrel_trace_config *rec,
			       bool *item)
{
	struct acqrel_config_values *v = &s->item.config;
	const char *why = acqrel_replay_config(&s->check, rec);

	if (why)
		return why;
	acqrel_config_defaults(v);
	v->min_value_ns = rec->min_value_ns;
	v->kinds = rec->kinds;
	v->sample_every = rec->sample_every;
	v->policy = rec->policy;
	v->nr_pids = rec->nr_pids;
	memcpy(v->pids, rec->pids, rec->nr_pids * sizeof(rec->pids[0]));
	*item = rec->generation != s->generation;
	s->clock_ns = rec->clock_ns;
	s->generation = rec->generation;
	fill(s, TRACE_ITEM_CONFIG);
	return NULL;
}

/* The record at @done. */
static const char *take_record(struct stream *s, bool *item)
{
	const __u8 *rec = s->records + s->done;
	size_t left = s->bytes - s->done, size;

	if (left < ACQREL_TRACE_UNIT)
		return "a record is cut off";
	size = (size_t)rec[1] * ACQREL_TRACE_UNIT;
	if (!size || size > left)
		return "a record is cut off";
	s->done += size;
	*item = true;
	switch (rec[0]) {
	case ACQREL_RECORD_EVENT:
		return take_event(s, (const void *)rec);
	case ACQREL_RECORD_STATE:
		return take_state(s, (const void *)rec, item);
	case ACQREL_RECORD_CONFIG:
		return take_config(s, (const void *)rec, item);
	}
	return "a record is of a type that there is not";
}

/* What was lost after the last record, only the end of the CPU knows. */
static bool take_end(const struct trace_walk *walk, struct stream *s)
{
	const struct acqrel_trace_snapshot *close;

	close = trace_stream(walk->trace, s->item.stream)->close;
	if (s->ended || !close || !s->check.stated)
		return false;
	s->ended = true;
	if (close->clock_ns > s->clock_ns)
		s->clock_ns = close->clock_ns;
	return take_gap(s, close->sums.account.offered);
}

/* The first complaint is kept. */
static void complain(struct trace_walk *walk, struct stream *s, const char *why)
{
	s->ended = true;
	if (!*walk->why)
		snprintf(walk->why, sizeof(walk->why), "%s", why);
}

static void complain_of_record(struct trace_walk *walk, struct stream *s,
			       const char *why)
{
	char text[TRACE_WHY];

	snprintf(text, sizeof(text),
		 "CPU %u has a record that cannot be, before event %llu: %s",
		 s->item.event.cpu, s->seq, why);
	complain(walk, s, text);
}

/* Returns whether a block was there. */
static bool next_block(struct trace_walk *walk, struct stream *s)
{
	struct acqrel_trace_block block;
	char why[TRACE_WHY] = "";
	const void *records;
	int rc;

	rc = trace_cursor_next(&s->cursor, &block, &records, why);
	if (rc < 0)
		complain(walk, s, *why ? why : strerror(-rc));
	if (rc <= 0)
		return false;
	s->records = records;
	s->bytes = block.chunk.bytes;
	s->done = 0;
	return true;
}

/* Makes the next item; false if there is none. */
static bool advance(struct trace_walk *walk, struct stream *s)
{
	const char *why;
	bool item = false;

	while (!item && !s->ended) {
		if (s->done == s->bytes && !next_block(walk, s))
			return take_end(walk, s);
		why = s->done < s->bytes ? take_record(s, &item) : NULL;
		if (why) {
			complain_of_record(walk, s, why);
			return false;
		}
	}
	return item;
}

static bool before(const struct stream *a, const struct stream *b)
{
	const struct acqrel_event *x = &a->item.event, *y = &b->item.event;

	return x->clock_ns != y->clock_ns ? x->clock_ns < y->clock_ns :
		x->cpu < y->cpu;
}

static void sift_down(struct trace_walk *walk)
{
	struct stream **heap = walk->heap, *s = heap[0];
	size_t at = 0, child;

	while ((child = 2 * at + 1) < walk->n) {
		if (child + 1 < walk->n && before(heap[child + 1], heap[child]))
			child++;
		if (!before(heap[child], s))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = s;
}

static void sift_up(struct trace_walk *walk, struct stream *s)
{
	struct stream **heap = walk->heap;
	size_t at = walk->n++, parent;

	for (; at; at = parent) {
		parent = (at - 1) / 2;
		if (!before(s, heap[parent]))
			break;
		heap[at] = heap[parent];
	}
	heap[at] = s;
}

/* Goes behind the item that was given away last. */
static void settle(struct trace_walk *walk)
{
	if (!walk->taken)
		return;
	walk->taken = false;
	if (!advance(walk, walk->heap[0])) {
		drop(walk->heap[0]);
		walk->heap[0] = walk->heap[--walk->n];
	}
	if (walk->n)
		sift_down(walk);
}

static bool make_room(struct trace_walk *walk)
{
	size_t room = walk->room ? 2 * walk->room : 8;
	struct stream **heap;

	if (walk->n < walk->room)
		return true;
	heap = reallocarray(walk->heap, room, sizeof(*heap));
	if (!heap)
		return false;
	walk->heap = heap;
	walk->room = room;
	return true;
}

/**
 * trace_walk_open() - begin to walk
 * @trace: stays open longer
 * @walk: set on success; it has no streams yet
 *
 * Return: 0 or -ENOMEM.
 */
int trace_walk_open(const struct trace *trace, struct trace_walk **walk)
{
	*walk = calloc(1, sizeof(**walk));
	if (!*walk)
		return -ENOMEM;
	(*walk)->trace = trace;
	return 0;
}

static struct stream *make_stream(const struct trace_stream *of)
{
	struct stream *s = aligned_alloc(alignof(struct stream), sizeof(*s));
	const struct acqrel_trace_account *acc;

	if (!s)
		return NULL;
	memset(s, 0, sizeof(*s));
	s->item.event.cpu = of->cpu;
	if (!of->open)
		return s;
	acc = &of->open->sums.account;
	s->seq = acc->offered;
	s->pos = acc->head;
	return s;
}

/* What acqrel_replay_open() does, but for what only a real lane needs. */
static void begin(struct trace_walk *walk, struct stream *s,
		  const struct acqrel_trace_snapshot *open)
{
	const char *why = open ? acqrel_replay_check_open(open) : NULL;
	struct acqrel_lane *l = &s->check.lane;

	if (why)
		complain(walk, s, why);
	if (why || !open)
		return;
	l->ring.mask = open->ring_entries - 1;
	memcpy(&l->books.acc, &open->sums.account, sizeof(l->books.acc));
}

/**
 * trace_walk_add() - walk along a stream, too
 * @walk: was opened; streams may be added until its first item is taken, and
 *	again when there are no more items
 * @stream: index of the stream
 *
 * Return: 0 or -errno.
 */
int trace_walk_add(struct trace_walk *walk, unsigned int stream)
{
	const struct trace_stream *of = trace_stream(walk->trace, stream);
	struct stream *s;
	int rc;

	if (!make_room(walk))
		return -ENOMEM;
	s = make_stream(of);
	if (!s)
		return -ENOMEM;
	rc = trace_cursor_open(walk->trace, stream, &s->cursor);
	if (rc) {
		free(s);
		return rc;
	}
	s->item.stream = stream;
	begin(walk, s, of->open);
	if (advance(walk, s))
		sift_up(walk, s);
	else
		drop(s);
	return 0;
}

/**
 * trace_walk_next() - the next item
 * @walk: was opened
 *
 * Return: the item, which is there until the next call; NULL if there are no
 * more.
 */
const struct trace_item *trace_walk_next(struct trace_walk *walk)
{
	settle(walk);
	if (!walk->n)
		return NULL;
	walk->taken = true;
	return &walk->heap[0]->item;
}

/**
 * trace_walk_why() - whether all could be read
 * @walk: was opened
 *
 * Return: NULL, or a sentence about the first stream that could not be read to
 * its end.
 */
const char *trace_walk_why(const struct trace_walk *walk)
{
	return *walk->why ? walk->why : NULL;
}

/**
 * trace_walk_close() - end the walk
 * @walk: may be NULL
 */
void trace_walk_close(struct trace_walk *walk)
{
	if (!walk)
		return;
	for (size_t i = 0; i < walk->n; i++)
		drop(walk->heap[i]);
	free(walk->heap);
	free(walk);
}
