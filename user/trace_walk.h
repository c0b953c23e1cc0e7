/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_walk.h - what a trace says, item by item
 *
 * A record leaves out what follows from the records before it; an item has all
 * of it. Items of one CPU come in their order; those of several are merged by
 * clock, at equal clocks by CPU.
 */
#ifndef ACQREL_USER_TRACE_WALK_H
#define ACQREL_USER_TRACE_WALK_H

#include <acqrel/config.h>

#include "trace.h"

struct trace_walk;

/**
 * enum trace_item_type - what an item is
 * @TRACE_ITEM_EVENT: an event
 * @TRACE_ITEM_CONFIG: a config that comes into force
 * @TRACE_ITEM_GAP: events that the recorder lost
 */
enum trace_item_type {
	TRACE_ITEM_EVENT,
	TRACE_ITEM_CONFIG,
	TRACE_ITEM_GAP,
};

/**
 * struct trace_item - an item
 * @type: what it is
 * @stream: index of the stream
 * @event: the event. If it was not pushed, its position is that of the next
 *	push; if it was filtered, its generation is that of the config that did.
 *	Of the other items: CPU, clock, and the sequence number of the first
 *	event under the config, or of the first that is lost
 * @verdict: of an event: enum acqrel_filter or enum acqrel_verdict
 * @skipped: of a gap: how many events
 * @config: of a config; its generation is that of @event
 */
struct trace_item {
	enum trace_item_type type;
	unsigned int stream;
	struct acqrel_event event;
	unsigned int verdict;
	__u64 skipped;
	struct acqrel_config_values config;
};

int trace_walk_open(const struct trace *trace, struct trace_walk **walk);
int trace_walk_add(struct trace_walk *walk, unsigned int stream);
const struct trace_item *trace_walk_next(struct trace_walk *walk);
const char *trace_walk_why(const struct trace_walk *walk);
void trace_walk_close(struct trace_walk *walk);

#endif /* ACQREL_USER_TRACE_WALK_H */
