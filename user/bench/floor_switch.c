// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs to switch from a thread to another on the same CPU: each wakes
 * the other and sleeps. An operation is there and back, that is two switches,
 * and two wakes and two waits of a futex. The other thread is made for the
 * slice.
 *
 * switch.turn: the turn is given by a release and seen by an acquire, so what
 * a thread did in its turn is over when the other's begins.
 */
#include <pthread.h>
#include <sched.h>
#include <unistd.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <acqrel/bench_empty.h>

#include "bench/memory.h"
#include "bench/variants.h"

enum floor_turn {
	FLOOR_TURN_WORKER,
	FLOOR_TURN_HELPER,
	FLOOR_TURN_OVER,
};

/**
 * struct floor_switch - a worker and its helper
 * @turn: enum floor_turn: whose it is
 * @helper: on the same CPU
 */
struct floor_switch {
	u32 turn;
	pthread_t helper;
};

static void floor_switch_give(struct floor_switch *s, u32 turn)
{
	/* pairs with the acquire in floor_switch_await(): switch.turn */
	smp_store_release(&s->turn, turn);
	syscall(SYS_futex, &s->turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* sleep while the turn is @turn; returns whose it is then */
static u32 floor_switch_await(struct floor_switch *s, u32 turn)
{
	u32 now;

	/* pairs with the release in floor_switch_give(): switch.turn */
	while ((now = smp_load_acquire(&s->turn)) == turn)
		syscall(SYS_futex, &s->turn, FUTEX_WAIT_PRIVATE, turn, NULL,
			NULL, 0);
	return now;
}

static void *floor_switch_help(void *arg)
{
	struct floor_switch *s = arg;

	while (floor_switch_await(s, FLOOR_TURN_WORKER) != FLOOR_TURN_OVER)
		floor_switch_give(s, FLOOR_TURN_WORKER);
	return NULL;
}

static u64 floor_switch_burst(struct acqrel_worker *w, u64 n)
{
	struct floor_switch *s = w->own;

	for (; n; n--) {
		floor_switch_give(s, FLOOR_TURN_HELPER);
		floor_switch_await(s, FLOOR_TURN_HELPER);
	}
	return 0;
}

static int floor_switch_start(struct floor_switch *s)
{
	/* it inherits that the worker is pinned */
	return -pthread_create(&s->helper, NULL, floor_switch_help, s);
}

static int floor_switch_enter(struct acqrel_worker *w)
{
	struct floor_switch *s = world_alloc(sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	err = floor_switch_start(s);
	if (err) {
		world_free(s);
		return err;
	}
	w->own = s;
	return 0;
}

static void floor_switch_leave(struct acqrel_worker *w)
{
	struct floor_switch *s = w->own;

	floor_switch_give(s, FLOOR_TURN_OVER);
	pthread_join(s->helper, NULL);
	world_free(s);
	w->own = NULL;
}

static const struct acqrel_op floor_switch_ops[] = {
	{
		.name = "switch",
		.burst = floor_switch_burst,
		.flags = ACQREL_OP_SLEEPS,
		.chunk = 4,
		.bound = "floor/call:syscall",
		.bound_times = 4000,
	},
	{ }
};

const struct acqrel_variant acqrel_variant_floor_sched = {
	.name = "floor/sched",
	.ops = floor_switch_ops,
	.create = acqrel_empty_create,
	.destroy = acqrel_empty_destroy,
	.enter = floor_switch_enter,
	.leave = floor_switch_leave,
};
