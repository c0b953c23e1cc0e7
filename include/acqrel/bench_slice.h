/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A slice: load before a common deadline, a timed part, load after it.
 *
 * The file that includes this has included its world's header first, for
 * world_clock(), world_cpu(), world_switches(), world_wait_ns(),
 * world_faults() and world_breathe().
 *
 * The timed part is a row of bursts with the clock read before and after each:
 * between them a lone thread empties what it filled. The deadline is looked
 * at once a burst, with the clock that was read anyway.
 */
#ifndef ACQREL_BENCH_SLICE_H
#define ACQREL_BENCH_SLICE_H

#include <acqrel/bench.h>

#define ACQREL_SLICE_BREATHE_NS	1000000ULL

/**
 * struct acqrel_slice_turn - a thread's part in a slice
 * @op: the operation
 * @p: how
 * @deadline_ns: the common start
 * @idle: the burst of a thread that has nobody to share with
 * @has_writer: the last thread writes
 * @stop: the slice's, the same as every worker's
 * @latency: filled with what the timed part took; cleared here
 * @scratch: filled with the rest
 */
struct acqrel_slice_turn {
	const struct acqrel_op *op;
	const struct acqrel_slice_params *p;
	u64 deadline_ns;
	acqrel_burst *idle;
	bool has_writer;
	u32 *stop;
	struct acqrel_latency *latency;
	struct acqrel_latency *scratch;
};

/* what a thread runs, and how */
struct acqrel_slice_role {
	acqrel_burst *burst;
	acqrel_burst *settle;
	u64 chunk;
	u64 plant;
	u64 pace_ns;
	u64 due_ns;	/* of the next if it is paced, or 0 */
	u64 breathe_ns;	/* when others are let run next */
	bool one_by_one;
};

/* time of a fixed number of cycles; 0 where nobody knows how many */
static inline u64 acqrel_slice_chain(void)
{
#ifdef __x86_64__
	u64 start = world_clock();
	unsigned long x = 3;
	unsigned int i;

	for (i = 0; i < ACQREL_CHAIN; i++)
		asm volatile("imul %0, %0" : "+r" (x));
	return world_clock() - start;
#else
	return 0;
#endif
}

static inline u32 acqrel_slice_who(const struct acqrel_worker *w,
				   const struct acqrel_slice_turn *t)
{
	const struct acqrel_op *op = t->op;
	u32 threads = w->threads - t->has_writer;

	if (t->has_writer && w->thread == threads)
		return ACQREL_BENCH_ROLE_WRITER;
	if (!op->partner || threads == 1)
		return ACQREL_BENCH_ROLE_MEASURED;
	if (w->thread & 1)
		return ACQREL_BENCH_ROLE_PARTNER;
	if ((op->flags & ACQREL_OP_PAIRS) && w->thread == threads - 1)
		return ACQREL_BENCH_ROLE_IDLE;
	return ACQREL_BENCH_ROLE_MEASURED;
}

/* a write may take a hundred times as long as the reads it is beside */
static inline u64 acqrel_slice_writer_chunk(const struct acqrel_op *op,
					    u64 chunk)
{
	if (op->writer_chunk)
		return op->writer_chunk;
	return chunk < ACQREL_BENCH_WRITER_CHUNK ? chunk :
						   ACQREL_BENCH_WRITER_CHUNK;
}

static inline void acqrel_slice_cast_load(const struct acqrel_slice_turn *t,
					  u32 who,
					  struct acqrel_slice_role *role)
{
	const struct acqrel_op *op = t->op;

	if (who == ACQREL_BENCH_ROLE_IDLE) {
		role->burst = t->idle;
	} else if (who == ACQREL_BENCH_ROLE_PARTNER) {
		role->burst = op->partner;
		if (op->flags & ACQREL_OP_FEEDS)
			role->pace_ns = t->p->pace_ns;
	} else {
		role->burst = op->writer;
		role->chunk = acqrel_slice_writer_chunk(op, role->chunk);
		role->pace_ns = t->p->write_period_ns;
	}
	if (role->pace_ns)
		role->chunk = 1;
}

/* a cancel is looked at once a burst, so one that sleeps is not lengthened */
static inline u64 acqrel_slice_chunk(const struct acqrel_slice_turn *t)
{
	u64 most = t->op->chunk ?: ACQREL_BENCH_CHUNK;
	u64 chunk = t->p->chunk ?: most;

	return (t->op->flags & ACQREL_OP_SLEEPS) && chunk > most ? most : chunk;
}

/* to the nearest whole operation of a burst, but never none */
static inline u64 acqrel_slice_plant(u64 chunk, u32 plant)
{
	u64 more = div64_u64(chunk * plant + 500, 1000);

	return plant && !more ? 1 : more;
}

static inline void acqrel_slice_cast(const struct acqrel_worker *w,
				     const struct acqrel_slice_turn *t,
				     u32 who, struct acqrel_slice_role *role)
{
	const struct acqrel_op *op = t->op;
	const struct acqrel_slice_params *p = t->p;

	memset(role, 0, sizeof(*role));
	role->burst = op->burst;
	role->chunk = acqrel_slice_chunk(t);
	if (who != ACQREL_BENCH_ROLE_MEASURED) {
		acqrel_slice_cast_load(t, who, role);
		return;
	}
	if (w->threads == 1 && (op->flags & ACQREL_OP_SETTLES))
		role->settle = op->partner;
	if (p->mode == ACQREL_BENCH_RATE) {
		role->plant = acqrel_slice_plant(role->chunk, p->plant);
	} else if (!(op->flags & ACQREL_OP_FEEDS)) {
		role->one_by_one = !(op->flags & ACQREL_OP_RECORDS);
		role->chunk = 1;
		role->pace_ns = p->pace_ns;
	}
}

static inline bool acqrel_slice_stopped(const struct acqrel_slice_turn *t)
{
	return READ_ONCE(*t->stop) == ACQREL_SLICE_CANCELLED;
}

/*
 * The partner of a lone thread until it has nothing left to do. What it finds
 * is not the occupancy that was measured.
 */
static inline void acqrel_slice_settle(struct acqrel_worker *w,
				       const struct acqrel_slice_role *role)
{
	u64 fill_sum = w->fill_sum, fill_n = w->fill_n;

	while (role->settle(w, role->chunk) != role->chunk)
		;
	w->fill_sum = fill_sum;
	w->fill_n = fill_n;
}

/*
 * Operations are due at the multiples of the pace on the clock, so that less
 * than one a slice is made over many slices.
 */
static inline void acqrel_slice_set_pace(struct acqrel_slice_role *role)
{
	if (role->pace_ns)
		role->due_ns = (div64_u64(world_clock(), role->pace_ns) + 1) *
			       role->pace_ns;
}

/* Return: when an operation can begin; before it is due if none does */
static inline u64 acqrel_slice_await(const struct acqrel_slice_turn *t,
				     const struct acqrel_slice_role *role,
				     u64 until_ns)
{
	u64 now = world_clock();

	while (now < role->due_ns && now < until_ns &&
	       !acqrel_slice_stopped(t)) {
		cpu_relax();
		now = world_clock();
	}
	return now;
}

/*
 * A late operation counts from when it was due, so that a stall is not hidden
 * by what it kept from starting.
 */
static inline void acqrel_slice_burst(struct acqrel_worker *w,
				      const struct acqrel_slice_turn *t,
				      struct acqrel_slice_role *role,
				      u64 until_ns, struct acqrel_slice *out)
{
	u64 start = acqrel_slice_await(t, role, until_ns);
	u64 due = role->due_ns ?: start;
	u64 failed;

	out->end_ns = start;
	if (start < due || role->due_ns >= until_ns)
		return;
	role->due_ns += role->pace_ns;
	failed = role->burst(w, role->chunk + role->plant);
	out->end_ns = world_clock();
	out->busy_ns += out->end_ns - start;
	out->bursts++;
	out->failed += failed;
	out->ops += role->chunk + role->plant - failed;
	if (role->one_by_one)
		acqrel_latency_add(w->latency, out->end_ns - due);
	if (role->settle)
		acqrel_slice_settle(w, role);
	if (out->end_ns >= role->breathe_ns) {
		world_breathe();
		role->breathe_ns = out->end_ns + ACQREL_SLICE_BREATHE_NS;
	}
}

static inline void acqrel_slice_load(struct acqrel_worker *w,
				     const struct acqrel_slice_turn *t,
				     struct acqrel_slice_role *role,
				     u64 until_ns)
{
	struct acqrel_slice unused = { 0 };

	w->latency = t->scratch;
	while (world_clock() < until_ns && !acqrel_slice_stopped(t))
		acqrel_slice_burst(w, t, role, until_ns, &unused);
}

/*
 * What was due and kept from starting until the end has waited at least so
 * long, as HdrHistogram adds what a stall left out.
 */
static inline void
acqrel_slice_count_overdue(struct acqrel_worker *w,
			   const struct acqrel_slice_turn *t,
			   const struct acqrel_slice_role *role,
			   u64 until_ns, u64 end_ns)
{
	u64 due;

	if (!role->one_by_one || !role->pace_ns)
		return;
	for (due = role->due_ns; due < until_ns && due < end_ns &&
	     !acqrel_slice_stopped(t); due += role->pace_ns)
		acqrel_latency_add(w->latency, end_ns - due);
}

static inline void acqrel_slice_timed(struct acqrel_worker *w,
				      const struct acqrel_slice_turn *t,
				      struct acqrel_slice_role *role,
				      u64 until_ns, struct acqrel_slice *out)
{
	u64 switches = world_switches(), wait_ns = world_wait_ns();
	u64 faults = world_faults();

	w->latency = t->latency;
	w->retries = 0;
	w->fill_sum = 0;
	w->fill_n = 0;
	out->start_ns = world_clock();
	do {
		acqrel_slice_burst(w, t, role, until_ns, out);
	} while (out->end_ns < until_ns && !acqrel_slice_stopped(t));
	acqrel_slice_count_overdue(w, t, role, until_ns, out->end_ns);
	/* as many as without what was planted */
	if (role->plant) {
		out->ops = div64_u64(out->ops * role->chunk,
				     role->chunk + role->plant);
		out->failed = out->bursts * role->chunk - out->ops;
	}
	out->switches = world_switches() - switches;
	out->wait_ns = world_wait_ns() - wait_ns;
	out->faults = world_faults() - faults;
	out->retries = w->retries;
	out->fill_sum = w->fill_sum;
	out->fill_n = w->fill_n;
}

/**
 * acqrel_slice_run() - a thread's part in a slice
 * @w: the worker
 * @t: what and when
 * @out: what was done; violations are those of the load before and after too
 *
 * Context: may be preempted; runs until an eighth of the slice after its end,
 *	or until it is cancelled.
 */
static inline void acqrel_slice_run(struct acqrel_worker *w,
				    const struct acqrel_slice_turn *t,
				    struct acqrel_slice *out)
{
	u64 start_ns = t->deadline_ns, until_ns = start_ns + t->p->slice_ns;
	struct acqrel_slice_role role;

	memset(out, 0, sizeof(*out));
	memset(t->latency, 0, sizeof(*t->latency));
	out->role = acqrel_slice_who(w, t);
	acqrel_slice_cast(w, t, out->role, &role);
	if (t->p->late_ns && w->thread == w->threads - 1)
		start_ns += t->p->late_ns;
	if (role.settle && (t->op->flags & ACQREL_OP_SETTLES_FIRST))
		acqrel_slice_settle(w, &role);

	acqrel_slice_set_pace(&role);
	w->violations = 0;
	acqrel_slice_load(w, t, &role, start_ns);
	acqrel_slice_timed(w, t, &role, until_ns, out);
	acqrel_slice_load(w, t, &role, until_ns + t->p->slice_ns / 8);
	/* who waits for this thread waits in vain from here on */
	cmpxchg_relaxed(t->stop, ACQREL_SLICE_RUNS, ACQREL_SLICE_OVER);
	out->violations = w->violations;
	out->chain_ns = acqrel_slice_chain();
	out->cpu = world_cpu();
}

#endif /* ACQREL_BENCH_SLICE_H */
