/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Replay: the records of one CPU through a lane of their own.
 *
 * The verdict of an event depends on the event, the config and the events
 * before it; whether one that passed was pushed, dropped or overwrote another
 * depends on the reader of that day too. So the replay is its own reader, and
 * takes an event only where the recorded verdict needs room that there is not.
 * It has then never taken more than the reader of that day had: a recorded
 * drop finds the ring full, and a recorded overwrite takes the same victim.
 * What was in the ring before the first event is not known and no digest counts
 * it; all there is of it is the place that it takes.
 *
 * Calls: from one thread at a time. Records are not trusted: each function
 * returns NULL or a sentence that says what is wrong, and after one nothing
 * but acqrel_replay_result() may follow.
 *
 * Guarantees:
 * 1. Every verdict is computed by acqrel_lane_offer() and compared with the
 *    recorded one.
 * 2. What it does not depend on: how the records are cut into pieces.
 * 3. Whatever the records say: no wait, no allocation, and no loop over the
 *    ring but in acqrel_replay_close(), for which acqrel_replay_close_begin()
 *    and acqrel_replay_close_some() are there where it would take too long.
 */
#ifndef ACQREL_REPLAY_H
#define ACQREL_REPLAY_H

#include <acqrel/tap.h>

#define ACQREL_REPLAY_RING_MAX	1048576

/**
 * struct acqrel_replay - one CPU
 * @lane: the pipeline
 * @cpu: whose events
 * @stated: a STATE was there
 * @closed: the end was there
 * @clock_ns: of the last record
 * @events: replayed
 * @skipped: sequence numbers that were lost
 * @different: verdicts that are not the recorded ones
 * @first_seq: the first of them
 * @first_recorded: its recorded verdict
 * @first_replayed: its verdict
 * @until: closed: take what was pushed before this position
 * @known: position of the first event in the ring that was replayed
 * @passed: events that passed, by kind
 * @config: in force; generation 0: none was there
 * @config_room: as large as it gets
 */
struct acqrel_replay {
	struct acqrel_lane lane;
	u32 cpu;
	bool stated;
	bool closed;
	u64 clock_ns;
	u64 events;
	u64 skipped;
	u64 different;
	u64 first_seq;
	u32 first_recorded;
	u32 first_replayed;
	u64 until;
	u64 known;
	u64 passed[__ACQREL_KIND_COUNT];
	union {
		struct acqrel_config config;
		u8 config_room[sizeof(struct acqrel_config) +
			       ACQREL_PIDS_MAX * sizeof(s32)];
	};
};

/**
 * acqrel_replay_check_open() - is it a snapshot to begin with?
 * @snap: not trusted
 *
 * Tells how much memory acqrel_replay_open() needs: @ring_entries slots.
 */
static inline const char *
acqrel_replay_check_open(const struct acqrel_trace_snapshot *snap)
{
	if (snap->cpu >= ACQREL_TRACE_CPUS_MAX)
		return "an OPEN is of a CPU above 8191";
	if (snap->ring_entries < 2 ||
	    snap->ring_entries > ACQREL_REPLAY_RING_MAX ||
	    !is_power_of_2(snap->ring_entries))
		return "the ring of an OPEN is no power of two from 2 to 1048576";
	return NULL;
}

/**
 * acqrel_replay_open() - begin
 * @rp: where to
 * @snap: acqrel_replay_check_open() found nothing wrong
 * @slots: array of @snap->ring_entries slots, with anything in them
 *
 * A slot is read by acqrel_replay_take() alone, and only at a position from
 * @known on. The head is @known when that is set, and from there on only a push
 * moves it; so each position between @known and the head was pushed, and its
 * slot was written.
 */
static inline void acqrel_replay_open(struct acqrel_replay *rp,
				      const struct acqrel_trace_snapshot *snap,
				      struct acqrel_oring_slot *slots)
{
	const struct acqrel_trace_sums *sums = &snap->sums;
	struct acqrel_lane *l = &rp->lane;
	unsigned int kind;

	memset(rp, 0, sizeof(*rp));
	rp->cpu = snap->cpu;
	acqrel_oring_place(&l->ring, slots, snap->ring_entries, 0);
	memcpy(&l->books.acc, &sums->account, sizeof(l->books.acc));
	memcpy(rp->passed, sums->passed, sizeof(rp->passed));
	for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++) {
		acqrel_stats_init(&l->stats[kind]);
		memcpy(&l->stats[kind].agg, &sums->stats[kind],
		       sizeof(l->stats[kind].agg));
	}
	acqrel_digest_reset(&l->digest);
	acqrel_digest_begin(&l->digest, snap->digest.from);
	acqrel_digest_end(&l->digest,
			  snap->digest.from + ACQREL_DIGEST_FAR);
}

static __always_inline bool acqrel_replay_full(const struct acqrel_replay *rp)
{
	const struct acqrel_oring *r = &rp->lane.ring;

	return r->head - r->tail > r->mask;
}

/* a ring that is full up to @head of what nobody knows */
static inline void acqrel_replay_fill(struct acqrel_replay *rp, u64 head)
{
	struct acqrel_oring *r = &rp->lane.ring;

	r->head = head;
	r->limit = head;
	r->tail = head - (r->mask + 1);
	rp->known = head;
}

/* the oldest; the ring is not empty, and nobody else would claim it */
static __always_inline void acqrel_replay_take(struct acqrel_replay *rp)
{
	struct acqrel_oring *r = &rp->lane.ring;
	struct acqrel_event ev;
	unsigned int n;

	if (likely((s64)(r->tail - rp->known) >= 0)) {
		n = acqrel_oring_copy(r, r->tail,
				      (struct acqrel_oring_item *)&ev, 1);
		acqrel_digest_add(&rp->lane.digest, &ev, n);
	}
	r->tail++;
}

static inline const char *
acqrel_replay_state(struct acqrel_replay *rp,
		    const struct acqrel_trace_state *rec)
{
	struct acqrel_lane *l = &rp->lane;
	struct acqrel_account *acc = &l->books.acc;

	if (rec->units != 2)
		return "a STATE has not two units";
	if (rec->reserved || rec->reserved1 || rec->reserved2 || rec->reserved3)
		return "a reserved field of a STATE is not 0";
	if (rec->seq < acc->offered)
		return "a STATE goes back in sequence";
	if (rec->clock_ns < rp->clock_ns)
		return "a STATE goes back in time";
	if (!rp->stated && (rec->seq != acc->offered || rec->head != acc->head))
		return "the first STATE is not that of the OPEN";
	if (rp->stated && rec->head - l->ring.head > rec->seq - acc->offered)
		return "a STATE has pushed more than was offered";
	rp->clock_ns = rec->clock_ns;
	rp->skipped += rec->seq - acc->offered;
	acc->offered = rec->seq;
	l->sample_generation = rec->sample_generation;
	memcpy(l->sample_skip, rec->sample_skip, sizeof(l->sample_skip));
	if (!rp->stated || rec->head != l->ring.head)
		acqrel_replay_fill(rp, rec->head);
	rp->stated = true;
	return NULL;
}

static inline const char *
acqrel_replay_config(struct acqrel_replay *rp,
		     const struct acqrel_trace_config *rec)
{
	struct acqrel_config_values v;
	const char *why;

	/* a single unit ends before the thread ids are counted */
	if (rec->units < 2 || rec->nr_pids > ACQREL_PIDS_MAX ||
	    rec->units != acqrel_trace_config_units(rec->nr_pids))
		return "a CONFIG has not the units that its thread ids need";
	if (rec->reserved || rec->reserved2)
		return "a reserved field of a CONFIG is not 0";
	if (rec->generation < rp->config.generation || !rec->generation)
		return "a CONFIG goes back in generation";
	if (rec->clock_ns < rp->clock_ns)
		return "a CONFIG goes back in time";
	acqrel_config_defaults(&v);
	v.min_value_ns = rec->min_value_ns;
	v.kinds = rec->kinds;
	v.sample_every = rec->sample_every;
	v.policy = rec->policy;
	v.nr_pids = rec->nr_pids;
	memcpy(v.pids, rec->pids, rec->nr_pids * sizeof(s32));
	why = acqrel_config_check(&v);
	if (why)
		return why;
	rp->clock_ns = rec->clock_ns;
	acqrel_config_fill(&rp->config, &v, rec->generation);
	return NULL;
}

static __always_inline const char *
acqrel_replay_check_event(const struct acqrel_replay *rp,
			  const struct acqrel_trace_event *rec)
{
	if (unlikely(rec->units != 1))
		return "an EVENT has not one unit";
	if (unlikely(rec->kind >= __ACQREL_KIND_COUNT))
		return "an EVENT is of a kind that there is not";
	if (unlikely(rec->verdict >= __ACQREL_VERDICT_COUNT))
		return "an EVENT has a verdict that there is not";
	if (unlikely((rec->flags & ~(ACQREL_EVENT_HAS_VALUE |
				     ACQREL_EVENT_GENERATED)) || rec->reserved))
		return "an EVENT has a flag that there is not";
	if (unlikely(!(rec->flags & ACQREL_EVENT_HAS_VALUE) && rec->value_ns))
		return "an EVENT has a value and says it has none";
	if (unlikely(rec->pid < 0 || rec->pid > ACQREL_PID_LIMIT ||
		     rec->peer < 0 || rec->peer > ACQREL_PID_LIMIT))
		return "an EVENT has a thread id that there is not";
	if (unlikely(rec->clock_ns < rp->clock_ns))
		return "an EVENT goes back in time";
	return NULL;
}

static __always_inline const char *
acqrel_replay_event(struct acqrel_replay *rp,
		    const struct acqrel_trace_event *rec)
{
	struct acqrel_event ev = {
		.clock_ns = rec->clock_ns,
		.value_ns = rec->value_ns,
		.pid = rec->pid,
		.peer = rec->peer,
		.cpu = rp->cpu,
		.kind = rec->kind,
		.flags = rec->flags,
	};
	const char *why = acqrel_replay_check_event(rp, rec);
	unsigned int verdict;

	if (unlikely(why))
		return why;
	if (unlikely(!rp->stated || !rp->config.generation))
		return "an EVENT comes before the first STATE and CONFIG";
	rp->clock_ns = rec->clock_ns;
	if (rec->verdict == ACQREL_VERDICT_PUSHED && acqrel_replay_full(rp))
		acqrel_replay_take(rp);
	verdict = acqrel_lane_offer(&rp->lane, &rp->config, &ev);
	rp->events++;
	if (verdict >= __ACQREL_FILTER_COUNT)
		rp->passed[ev.kind]++;
	if (unlikely(verdict != rec->verdict) && !rp->different++) {
		rp->first_seq = ev.seq;
		rp->first_recorded = rec->verdict;
		rp->first_replayed = verdict;
	}
	return NULL;
}

/**
 * acqrel_replay_records() - some records more
 * @rp: has begun
 * @data: aligned to 8 bytes; nobody writes it meanwhile
 * @bytes: of it, whole records
 * @done: where goes how many bytes were replayed
 *
 * Return: NULL, or what is wrong with the record at @data + @done.
 */
static inline const char *acqrel_replay_records(struct acqrel_replay *rp,
						const void *data, size_t bytes,
						size_t *done)
{
	const char *why = NULL;
	const u8 *rec;
	size_t size;

	for (*done = 0; *done < bytes; *done += size) {
		rec = (const u8 *)data + *done;
		if (unlikely(rp->closed))
			return "a record comes after the CLOSE";
		if (unlikely(bytes - *done < ACQREL_TRACE_UNIT))
			return "a record is cut off";
		size = (size_t)rec[1] * ACQREL_TRACE_UNIT;
		if (unlikely(!size || size > bytes - *done))
			return "a record is cut off";
		if (likely(rec[0] == ACQREL_RECORD_EVENT))
			why = acqrel_replay_event(rp, (const void *)rec);
		else if (rec[0] == ACQREL_RECORD_STATE)
			why = acqrel_replay_state(rp, (const void *)rec);
		else if (rec[0] == ACQREL_RECORD_CONFIG)
			why = acqrel_replay_config(rp, (const void *)rec);
		else
			why = "a record is of a type that there is not";
		if (unlikely(why))
			return why;
	}
	return NULL;
}

/**
 * acqrel_replay_close_begin() - the end was there
 * @rp: has begun
 * @snap: the CPU at its end, not trusted
 *
 * acqrel_replay_close_some() must follow until it has nothing more to do.
 */
static inline const char *
acqrel_replay_close_begin(struct acqrel_replay *rp,
			  const struct acqrel_trace_snapshot *snap)
{
	if (rp->closed)
		return "a second CLOSE of the same CPU";
	if (snap->cpu != rp->cpu)
		return "a CLOSE is of another CPU than its chunk";
	rp->closed = true;
	rp->until = snap->digest.until;
	return NULL;
}

/**
 * acqrel_replay_close_some() - take what the readers of that day had taken
 * @rp: has closed
 * @n: events at most
 *
 * Return: true if there may be more. It ends, for every event in the ring has
 *	its turn once at most.
 */
static inline bool acqrel_replay_close_some(struct acqrel_replay *rp,
					    unsigned int n)
{
	const struct acqrel_oring *r = &rp->lane.ring;

	for (; n; n--) {
		if (r->tail == r->head || (s64)(rp->until - r->tail) <= 0)
			return false;
		acqrel_replay_take(rp);
	}
	return true;
}

/**
 * acqrel_replay_close() - both, at once
 * @rp: has begun
 * @snap: the CPU at its end, not trusted
 */
static inline const char *
acqrel_replay_close(struct acqrel_replay *rp,
		    const struct acqrel_trace_snapshot *snap)
{
	const char *why = acqrel_replay_close_begin(rp, snap);

	while (!why && acqrel_replay_close_some(rp, ~0U))
		;
	return why;
}

/**
 * acqrel_replay_result() - what it came to
 * @rp: has begun
 * @to: where to
 */
static inline void acqrel_replay_result(const struct acqrel_replay *rp,
					struct acqrel_trace_result *to)
{
	memset(to, 0, sizeof(*to));
	to->cpu = rp->cpu;
	to->flags = (rp->stated ? ACQREL_RESULT_STATED : 0) |
		    (rp->closed ? ACQREL_RESULT_CLOSED : 0);
	to->events = rp->events;
	to->skipped = rp->skipped;
	to->different = rp->different;
	to->first_seq = rp->first_seq;
	to->first_recorded = rp->first_recorded;
	to->first_replayed = rp->first_replayed;
	acqrel_sums_of_lane(&rp->lane, rp->passed, &to->sums);
	to->sums.account.offered -= rp->skipped;
	acqrel_digest_read(&rp->lane.digest, &to->digest);
}

#endif /* ACQREL_REPLAY_H */
