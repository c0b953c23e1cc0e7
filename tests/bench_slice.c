// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread's part in a slice, on a clock that moves when it is read.
 */
#include <acqrel/order.h>

static u64 clock_ns;
static u64 cancel_ns;	/* when the slice is cancelled, 0: it is not */
static u32 stop;
static u64 breaths;

#define READ_NS		100	/* what a look at the clock takes */

static u64 world_clock(void)
{
	clock_ns += READ_NS;
	if (cancel_ns && clock_ns >= cancel_ns)
		stop = 2;
	return clock_ns;
}

static void world_breathe(void)
{
	breaths++;
}

static u32 world_cpu(void)
{
	return 0;
}

static u64 world_switches(void)
{
	return 0;
}

static u64 world_wait_ns(void)
{
	return 0;
}

static u64 world_faults(void)
{
	return 0;
}

#include <acqrel/bench_slice.h>

#include "ktap.h"

#define BEGIN_NS	1000000000000ULL
#define SLICE_NS	2000000ULL
#define LEAD_NS		500000ULL
#define PACE_NS		10000ULL
#define STALL_NS	3000000ULL
#define OP_NS		200ULL

static u64 stall_at;	/* the first operation from then on stalls; 0: none */
static u64 calls;
static u64 most;	/* operations in a burst */
static u64 fill;

static struct acqrel_latency timed, scratch;
static struct acqrel_slice out;

static u64 burst(struct acqrel_worker *w, u64 n)
{
	calls++;
	most = n > most ? n : most;
	clock_ns += n * OP_NS;
	if (stall_at && clock_ns >= stall_at) {
		clock_ns += STALL_NS;
		stall_at = 0;
	}
	fill += n;
	w->fill_sum += fill;
	w->fill_n++;
	return 0;
}

/* empties what burst() filled, and then finds nothing */
static u64 empty(struct acqrel_worker *w, u64 n)
{
	u64 got = fill < n ? fill : n;

	fill -= got;
	w->fill_n++;
	return n - got;
}

static void run(const struct acqrel_op *op, u32 threads, u32 thread,
		const struct acqrel_slice_params *p)
{
	struct acqrel_worker w = {
		.threads = threads, .thread = thread, .stop = &stop
	};
	const struct acqrel_slice_turn turn = {
		.op = op, .p = p, .has_writer = op->writer, .stop = &stop,
		.deadline_ns = clock_ns + LEAD_NS,
		.latency = &timed, .scratch = &scratch,
	};

	stop = 0;
	calls = 0;
	most = 0;
	fill = 0;
	breaths = 0;
	memset(&scratch, 0, sizeof(scratch));
	acqrel_slice_run(&w, &turn, &out);
}

static void begin(void)
{
	clock_ns = BEGIN_NS;
	cancel_ns = 0;
	stall_at = 0;
}

static const struct acqrel_op plain = { .name = "plain", .burst = burst };
static const struct acqrel_op written = {
	.name = "written", .burst = burst, .writer = burst
};

static const struct acqrel_slice_params paced = {
	.slice_ns = SLICE_NS, .mode = ACQREL_BENCH_LATENCY, .pace_ns = PACE_NS
};

static void what_is_paced_starts_when_it_is_due(void)
{
	begin();
	run(&plain, 1, 0, &paced);
	check_eq(timed.n, SLICE_NS / PACE_NS);
	check(timed.max <= OP_NS + 10 * READ_NS);
	check_eq(out.ops, SLICE_NS / PACE_NS);
	check(out.busy_ns <= out.end_ns - out.start_ns);
}

/* also what was due in it and did not begin */
static void a_stall_is_counted_for_all_that_it_held_up(void)
{
	begin();
	stall_at = BEGIN_NS + LEAD_NS + SLICE_NS / 2;
	run(&plain, 1, 0, &paced);
	check_eq(timed.n, SLICE_NS / PACE_NS);
	check(timed.max >= STALL_NS);
	check(timed.max < STALL_NS + PACE_NS);
	check(out.ops <= SLICE_NS / PACE_NS / 2 + 2);
}

/* a period longer than a slice is kept over many */
static void a_low_rate_is_kept(void)
{
	const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .write_period_ns = 5 * SLICE_NS
	};
	u64 span_ns = 0, ops = 0, all = 0;

	begin();
	for (unsigned int i = 0; i < 500; i++) {
		u64 before_ns = clock_ns;

		run(&written, 2, 1, &p);
		check(out.end_ns >= out.start_ns);
		check(out.ops <= 1);
		check_eq(out.ops, out.bursts);
		ops += out.ops;
		all += calls;
		span_ns += clock_ns - before_ns;
		clock_ns += 12345 * i % SLICE_NS;
	}
	check(ops >= 95 && ops <= 105);
	check(all <= span_ns / p.write_period_ns + 5);
	check(all + 5 >= span_ns / p.write_period_ns);
}

static void a_cancel_is_seen_while_nothing_is_due(void)
{
	const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .write_period_ns = 1000 * SLICE_NS
	};

	begin();
	cancel_ns = BEGIN_NS + LEAD_NS + SLICE_NS / 2;
	run(&written, 2, 1, &p);
	check_eq(calls, 0);
	check(clock_ns < cancel_ns + 10 * READ_NS);
	begin();
	cancel_ns = BEGIN_NS + LEAD_NS / 2;
	run(&written, 2, 1, &p);
	check(clock_ns < cancel_ns + 10 * READ_NS);
}

static void what_sleeps_keeps_its_chunk(void)
{
	struct acqrel_op op = plain;
	const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .chunk = 1000
	};

	begin();
	op.chunk = 4;
	run(&op, 1, 0, &p);
	check_eq(most, 1000);
	op.flags = ACQREL_OP_SLEEPS;
	run(&op, 1, 0, &p);
	check_eq(most, 4);
	op.chunk = 0;
	run(&op, 1, 0, &p);
	check_eq(most, ACQREL_BENCH_CHUNK);
}

static void a_writer_has_its_own_chunk(void)
{
	const struct acqrel_slice_params p = { .slice_ns = SLICE_NS };
	struct acqrel_op op = written;

	begin();
	run(&op, 2, 1, &p);
	check_eq(most, ACQREL_BENCH_WRITER_CHUNK);
	op.chunk = 4;
	run(&op, 2, 1, &p);
	check_eq(most, 4);
	op.writer_chunk = 64;
	run(&op, 2, 1, &p);
	check_eq(most, 64);
	run(&op, 2, 0, &p);
	check_eq(most, 4);
}

static void settling_does_not_count_as_occupancy(void)
{
	const struct acqrel_op op = {
		.name = "push", .burst = burst, .partner = empty,
		.flags = ACQREL_OP_SETTLES, .chunk = 100
	};
	const struct acqrel_slice_params p = { .slice_ns = SLICE_NS };

	begin();
	run(&op, 1, 0, &p);
	check(out.bursts > 10);
	check_eq(out.fill_n, out.bursts);
	check_eq(out.fill_sum, 100 * out.bursts);
}

static void others_are_let_run(void)
{
	const struct acqrel_slice_params p = { .slice_ns = 10 * SLICE_NS };

	begin();
	run(&plain, 1, 0, &p);
	check(breaths >= 15 && breaths <= 25);
}

static void a_plant_is_one_operation_at_least(void)
{
	struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .chunk = 16, .plant = 30
	};

	begin();
	run(&plain, 1, 0, &p);
	check_eq(most, 17);
	check_eq(out.ops, 16 * out.bursts);
	p.plant = 0;
	run(&plain, 1, 0, &p);
	check_eq(most, 16);
}

static const struct ktap_test tests[] = {
	{ "what is paced starts when it is due",
	  what_is_paced_starts_when_it_is_due },
	{ "a stall is counted for all that it held up",
	  a_stall_is_counted_for_all_that_it_held_up },
	{ "a low rate is kept", a_low_rate_is_kept },
	{ "a cancel is seen while nothing is due",
	  a_cancel_is_seen_while_nothing_is_due },
	{ "what sleeps keeps its chunk", what_sleeps_keeps_its_chunk },
	{ "a writer has its own chunk", a_writer_has_its_own_chunk },
	{ "settling does not count as occupancy",
	  settling_does_not_count_as_occupancy },
	{ "others are let run", others_are_let_run },
	{ "a plant is one operation at least",
	  a_plant_is_one_operation_at_least },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
