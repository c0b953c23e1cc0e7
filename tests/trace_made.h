/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Made-up traces: the generator through lanes with taps, read and drained at
 * chosen times, as a recorder would have had it.
 */
#ifndef ACQREL_TESTS_TRACE_MADE_H
#define ACQREL_TESTS_TRACE_MADE_H

#include <stdio.h>
#include <stdlib.h>

#include <acqrel/generator.h>
#include <acqrel/tap.h>

#include "trace.h"

#define TRACE_MADE_CONFIGS	6	/* different ones, one after another */
#define TRACE_MADE_UNITS	(ACQREL_TRACE_DATA_MAX / ACQREL_TRACE_UNIT)
#define TRACE_MADE_START_NS	1000000000ULL
#define TRACE_MADE_STEP_NS	1000ULL		/* between two events of a CPU */

/**
 * struct trace_made - what to make; 0 stands for what is in brackets
 * @id: of the head [1]
 * @seed: of the generator
 * @cpus: that have events [1]
 * @idle: CPUs more that have none
 * @before: events of a CPU before the recording [100]
 * @events: of a CPU, recorded or lost
 * @changes: of the config, at equal distances
 * @ring_entries: of a CPU's ring [64]
 * @read_every: events between two looks of the reader at the ring [64]
 * @read: events that it takes then [48]
 * @tap_units: of a tap's ring [%ACQREL_TRACE_RING_MIN]
 * @tap_every: events between two looks of the recorder at the tap [256]; the
 *	tap loses some if they are more than its ring takes
 * @chunk_units: of DATA [as many as fit], at least %ACQREL_TRACE_UNITS_MAX
 * @killed: there is no end: no CLOSE, no index
 */
struct trace_made {
	u64 id;
	u64 seed;
	unsigned int cpus;
	unsigned int idle;
	u64 before;
	u64 events;
	unsigned int changes;
	u32 ring_entries;
	u64 read_every;
	unsigned int read;
	u64 tap_units;
	u64 tap_every;
	unsigned int chunk_units;
	bool killed;
};

/* takes a chunk; 0, or an error that ends the making */
typedef int trace_made_sink(void *to, const struct acqrel_trace_chunk *chunk,
			    const void *payload);

struct trace_made_cpu {
	struct acqrel_lane lane;
	struct acqrel_tap tap;
	struct acqrel_generator generator;
	struct acqrel_oring_slot *slots;
	struct acqrel_span_unit *units;
	u64 passed[__ACQREL_KIND_COUNT];
	u32 cpu;
	bool recorded;
};

struct trace_maker {
	struct trace_made params;
	trace_made_sink *sink;
	void *to;
	int error;
	unsigned int ncpus;
	struct trace_made_cpu *cpus;
	u64 clock_ns;
	union {
		struct acqrel_config config;
		u8 config_room[sizeof(struct acqrel_config) +
			       ACQREL_PIDS_MAX * sizeof(s32)];
	};
	struct acqrel_span_unit data[TRACE_MADE_UNITS];
};

/* CPU number of stream @i: it is not the same */
static inline u32 trace_made_cpu(unsigned int i)
{
	return 2 * i + 1;
}

/* config of generation @generation: the first lets everything pass */
static inline void trace_made_config(u64 generation,
				     struct acqrel_config_values *v)
{
	acqrel_config_defaults(v);
	switch (generation % TRACE_MADE_CONFIGS) {
	case 0:
		v->nr_pids = 3;
		break;
	case 2:
		v->sample_every = 3;
		break;
	case 3:
		v->kinds = 1U << ACQREL_KIND_SCHED_SWITCH |
			   1U << ACQREL_KIND_SCHED_WAKEUP_NEW;
		v->min_value_ns = 1000;
		break;
	case 4:
		v->nr_pids = ACQREL_PIDS_MAX;
		v->policy = ACQREL_POLICY_OVERWRITE_OLDEST;
		break;
	case 5:
		v->policy = ACQREL_POLICY_OVERWRITE_OLDEST;
		break;
	}
	for (u32 i = 0; i < v->nr_pids; i++)
		v->pids[i] = 1 + i * (ACQREL_GENERATOR_PIDS / v->nr_pids);
}

static inline void trace_made_publish(struct trace_maker *m, u64 generation)
{
	struct acqrel_config_values v;

	trace_made_config(generation, &v);
	acqrel_config_fill(&m->config, &v, generation);
}

static inline void trace_made_emit(struct trace_maker *m, u32 type, u32 cpu,
				   const void *payload, u32 bytes)
{
	struct acqrel_trace_chunk chunk = {
		.type = type, .cpu = cpu, .bytes = bytes,
	};

	if (!m->error)
		m->error = m->sink(m->to, &chunk, payload);
}

static inline void trace_made_snapshot(struct trace_maker *m,
				       const struct trace_made_cpu *c, u32 type)
{
	struct acqrel_trace_snapshot snap = {
		.cpu = c->cpu,
		.ring_entries = c->lane.ring.mask + 1,
		.clock_ns = m->clock_ns,
		.lost = c->tap.lost,
	};

	acqrel_sums_of_lane(&c->lane, c->passed, &snap.sums);
	acqrel_digest_read(&c->lane.digest, &snap.digest);
	trace_made_emit(m, type, c->cpu, &snap, sizeof(snap));
}

/* units of the whole records among the first @n of m->data */
static inline u64 trace_made_whole(const struct trace_maker *m, u64 n)
{
	u64 whole = 0;
	u8 units;

	while (whole < n) {
		units = ((const u8 *)&m->data[whole])[1];
		if (whole + units > n)
			break;
		whole += units;
	}
	return whole;
}

static inline void trace_made_drain(struct trace_maker *m,
				    struct trace_made_cpu *c)
{
	const struct acqrel_span_unit *first;
	u64 n, i, straight;

	while ((n = acqrel_span_peek(&c->tap.ring, &first, &straight))) {
		if (n > m->params.chunk_units)
			n = m->params.chunk_units;
		for (i = 0; i < n; i++)
			m->data[i] = i < straight ? first[i] :
						    c->units[i - straight];
		n = trace_made_whole(m, n);
		trace_made_emit(m, ACQREL_TRACE_DATA, c->cpu, m->data,
				n * ACQREL_TRACE_UNIT);
		acqrel_span_release(&c->tap.ring, n);
	}
}

static inline void trace_made_read(struct trace_maker *m,
				   struct trace_made_cpu *c)
{
	struct acqrel_event ev;

	for (unsigned int i = 0; i < m->params.read; i++)
		acqrel_lane_pop(&c->lane, &ev, 1);
}

static inline void trace_made_event(struct trace_maker *m,
				    struct trace_made_cpu *c)
{
	struct acqrel_event ev;
	unsigned int verdict;

	acqrel_generator_event(&c->generator, &ev);
	ev.cpu = c->cpu;
	ev.clock_ns = m->clock_ns;
	verdict = acqrel_lane_offer(&c->lane, &m->config, &ev);
	if (verdict >= __ACQREL_FILTER_COUNT)
		c->passed[ev.kind]++;
	if (c->recorded)
		acqrel_tap_event(&c->tap, &c->lane, &m->config, &ev, verdict);
}

/* @n events of each CPU in turns */
static inline void trace_made_events(struct trace_maker *m, u64 n)
{
	const struct trace_made *p = &m->params;
	unsigned int changed = 0;
	struct trace_made_cpu *c;

	for (u64 i = 0; i < n && !m->error; i++) {
		m->clock_ns += TRACE_MADE_STEP_NS;
		while (m->cpus->recorded && changed < p->changes &&
		       i * (p->changes + 1) >= (changed + 1) * n)
			trace_made_publish(m, 1 + ++changed);
		for (c = m->cpus; c < m->cpus + p->cpus; c++) {
			trace_made_event(m, c);
			if (i % p->read_every == p->read_every - 1)
				trace_made_read(m, c);
			if (c->recorded && i % p->tap_every == p->tap_every - 1)
				trace_made_drain(m, c);
		}
	}
}

static inline void trace_made_start(struct trace_maker *m,
				    struct trace_made_cpu *c)
{
	acqrel_digest_reset(&c->lane.digest);
	acqrel_digest_begin(&c->lane.digest, c->lane.ring.head);
	acqrel_tap_open(&c->tap, c->units, m->params.tap_units);
	trace_made_snapshot(m, c, ACQREL_TRACE_OPEN);
	acqrel_tap_start(&c->tap, &c->lane, &m->config, m->clock_ns);
	c->recorded = true;
}

static inline void trace_made_stop(struct trace_maker *m,
				   struct trace_made_cpu *c)
{
	acqrel_digest_end(&c->lane.digest, c->lane.ring.head);
	trace_made_drain(m, c);
	if (!m->params.killed)
		trace_made_snapshot(m, c, ACQREL_TRACE_CLOSE);
}

static inline void trace_made_all(struct trace_maker *m)
{
	struct trace_made_cpu *c, *end = m->cpus + m->ncpus;

	trace_made_events(m, m->params.before);
	for (c = m->cpus; c < end; c++)
		trace_made_start(m, c);
	trace_made_events(m, m->params.events);
	for (c = m->cpus; c < end; c++)
		trace_made_stop(m, c);
}

/* zeroed, and aligned as lanes need it */
static inline void *trace_made_alloc(size_t size)
{
	void *p = aligned_alloc(64, (size + 63) / 64 * 64);

	return p ? memset(p, 0, size) : NULL;
}

static inline bool trace_made_init(struct trace_maker *m,
				   struct trace_made_cpu *c, unsigned int i)
{
	const struct trace_made *p = &m->params;

	c->cpu = trace_made_cpu(i);
	acqrel_generator_init(&c->generator, p->seed, i);
	c->slots = trace_made_alloc(p->ring_entries * sizeof(*c->slots));
	c->units = trace_made_alloc(p->tap_units * sizeof(*c->units));
	return c->slots && c->units &&
	       !acqrel_lane_init(&c->lane, c->slots, p->ring_entries);
}

static inline void trace_made_defaults(struct trace_made *p)
{
	p->id = p->id ?: 1;
	p->cpus = p->cpus ?: 1;
	p->before = p->before ?: 100;
	p->ring_entries = p->ring_entries ?: 64;
	p->read_every = p->read_every ?: 64;
	p->read = p->read ?: 48;
	p->tap_units = p->tap_units ?: ACQREL_TRACE_RING_MIN;
	p->tap_every = p->tap_every ?: 256;
	p->chunk_units = p->chunk_units ?: TRACE_MADE_UNITS;
}

/**
 * trace_make_chunks() - make a trace as the device gives it
 * @params: what to make
 * @sink: takes each chunk; its payload is aligned to 8 bytes
 * @to: for @sink
 *
 * Return: 0, -ENOMEM, -EINVAL, or what @sink returned.
 */
static inline int trace_make_chunks(const struct trace_made *params,
				    trace_made_sink *sink, void *to)
{
	struct trace_maker *m = trace_made_alloc(sizeof(*m));
	bool good;
	int rc;

	if (!m)
		return -ENOMEM;
	m->params = *params;
	trace_made_defaults(&m->params);
	m->sink = sink;
	m->to = to;
	m->clock_ns = TRACE_MADE_START_NS;
	m->ncpus = m->params.cpus + m->params.idle;
	m->cpus = trace_made_alloc(m->ncpus * sizeof(*m->cpus));
	trace_made_publish(m, 1);
	good = m->cpus;
	for (unsigned int i = 0; good && i < m->ncpus; i++)
		good = trace_made_init(m, &m->cpus[i], i);
	if (good)
		trace_made_all(m);
	rc = good ? m->error : -ENOMEM;
	for (unsigned int i = 0; m->cpus && i < m->ncpus; i++) {
		free(m->cpus[i].slots);
		free(m->cpus[i].units);
	}
	free(m->cpus);
	free(m);
	return rc;
}

/* head of such a file; the writer fills in the rest */
static inline struct acqrel_trace_head
trace_made_head(const struct trace_made *params)
{
	return (struct acqrel_trace_head){
		.cpus = (params->cpus ?: 1) + params->idle,
		.id = params->id ?: 1,
		.start_ns = TRACE_MADE_START_NS,
		.start_real_ns = 1700000000ULL * 1000000000,
		.host = "made-up",
		.kernel = "6.1.0 #1 SMP PREEMPT_DYNAMIC",
		.machine = "x86_64",
		.module = "0.1.0",
		.command = "0.1.0",
	};
}

static inline int trace_made_append(void *writer,
				    const struct acqrel_trace_chunk *chunk,
				    const void *payload)
{
	return trace_append(writer, chunk, payload);
}

/**
 * trace_make() - make a trace file
 * @path: of the file
 * @params: what to make
 *
 * Return: 0 or -errno.
 */
static inline int trace_make(const char *path, const struct trace_made *params)
{
	struct acqrel_trace_head head = trace_made_head(params);
	struct trace_writer *writer;
	int rc;

	rc = trace_create(path, &head, &writer);
	if (rc)
		return rc;
	rc = trace_make_chunks(params, trace_made_append, writer);
	if (!rc && !params->killed)
		return trace_finish(writer);
	trace_abandon(writer);
	return rc;
}

#endif /* ACQREL_TESTS_TRACE_MADE_H */
