// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replay in the kernel world. What is written is hostile: it is copied once,
 * and looked at only then; nothing of it reaches the live pipeline.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <acqrel/replay.h>

#include "chunk.h"
#include "replay.h"

#define ACQREL_PLAYER_BYTES	(256UL << 20)	/* of all streams of a file */
#define ACQREL_PLAYER_WHY	160
#define ACQREL_PLAYER_STEP	4096U	/* events between two others' turns */

#define ACQREL_PLAYER_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | \
				 __GFP_NOWARN)

/**
 * struct acqrel_player_cpu - the stream of a CPU
 * @replay: its state
 * @slots: of its ring
 */
struct acqrel_player_cpu {
	struct acqrel_replay replay;
	struct acqrel_oring_slot *slots;
};

/**
 * struct acqrel_player - a replay
 * @lock: protects the rest
 * @cpus: struct acqrel_player_cpu by CPU
 * @bytes: of memory that they use
 * @next: RESULTs of the CPUs below were read
 * @ended: one was read, or the ERROR; no chunk is taken any more
 * @told: the ERROR was read
 * @why: its text, empty if nothing was wrong
 * @payload: of the chunk in hand
 * @snapshot: same, of OPEN or CLOSE
 * @result: same, of RESULT
 */
struct acqrel_player {
	struct mutex lock;	/* see above */
	struct xarray cpus;
	size_t bytes;
	unsigned long next;
	bool ended;
	bool told;
	char why[ACQREL_PLAYER_WHY];
	union {
		u8 payload[ACQREL_TRACE_DATA_MAX];
		struct acqrel_trace_snapshot snapshot;
		struct acqrel_trace_result result;
	} __aligned(8);
};

/**
 * acqrel_player_new() - a replay without a stream
 *
 * Context: may sleep.
 * Return: the replay or ERR_PTR(-ENOMEM).
 */
struct acqrel_player *acqrel_player_new(void)
{
	struct acqrel_player *p = kvzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);

	if (!p)
		return ERR_PTR(-ENOMEM);
	mutex_init(&p->lock);
	xa_init(&p->cpus);
	return p;
}

static void acqrel_player_cpu_free(struct acqrel_player_cpu *c)
{
	kvfree(c->slots);
	kfree(c);
}

/**
 * acqrel_player_free() - forget all of it
 * @p: the replay, which nobody else has
 *
 * Context: may sleep.
 */
void acqrel_player_free(struct acqrel_player *p)
{
	struct acqrel_player_cpu *c;
	unsigned long cpu;

	xa_for_each(&p->cpus, cpu, c) {
		acqrel_player_cpu_free(c);
		cond_resched();
	}
	xa_destroy(&p->cpus);
	kvfree(p);
}

static int acqrel_player_fail(struct acqrel_player *p, u32 cpu,
			      const char *what)
{
	const struct acqrel_player_cpu *c = xa_load(&p->cpus, cpu);

	snprintf(p->why, sizeof(p->why), "CPU %u, after %llu events: %s", cpu,
		 c ? c->replay.events : 0, what);
	return -EINVAL;
}

static struct acqrel_player_cpu *
acqrel_player_cpu_new(const struct acqrel_trace_snapshot *snap)
{
	struct acqrel_player_cpu *c = kzalloc(sizeof(*c), GFP_KERNEL_ACCOUNT);

	if (!c)
		return NULL;
	c->slots = kvmalloc_array(snap->ring_entries, sizeof(*c->slots),
				  ACQREL_PLAYER_GFP);
	if (!c->slots) {
		kfree(c);
		return NULL;
	}
	acqrel_replay_open(&c->replay, snap, c->slots);
	return c;
}

static int acqrel_player_open(struct acqrel_player *p, u32 cpu)
{
	const struct acqrel_trace_snapshot *snap = &p->snapshot;
	const char *why = acqrel_replay_check_open(snap);
	struct acqrel_player_cpu *c;
	size_t bytes;
	int err;

	if (why)
		return acqrel_player_fail(p, cpu, why);
	if (snap->cpu != cpu)
		return acqrel_player_fail(p, cpu,
					  "an OPEN is of another CPU than its chunk");
	if (xa_load(&p->cpus, cpu))
		return acqrel_player_fail(p, cpu,
					  "a second OPEN of the same CPU");
	bytes = sizeof(*c) + snap->ring_entries * sizeof(*c->slots);
	if (bytes > ACQREL_PLAYER_BYTES - p->bytes)
		return -ENOSPC;
	c = acqrel_player_cpu_new(snap);
	if (!c)
		return -ENOMEM;
	err = xa_err(xa_store(&p->cpus, cpu, c, GFP_KERNEL_ACCOUNT));
	if (err) {
		acqrel_player_cpu_free(c);
		return err;
	}
	p->bytes += bytes;
	return 0;
}

static int acqrel_player_data(struct acqrel_player *p, u32 cpu, size_t bytes)
{
	struct acqrel_player_cpu *c = xa_load(&p->cpus, cpu);
	const char *why;
	size_t done;

	if (!c)
		return acqrel_player_fail(p, cpu, "a DATA comes before the OPEN");
	why = acqrel_replay_records(&c->replay, p->payload, bytes, &done);
	return why ? acqrel_player_fail(p, cpu, why) : 0;
}

static int acqrel_player_close(struct acqrel_player *p, u32 cpu)
{
	struct acqrel_player_cpu *c = xa_load(&p->cpus, cpu);
	const char *why;

	if (!c)
		return acqrel_player_fail(p, cpu, "a CLOSE comes before the OPEN");
	why = acqrel_replay_close_begin(&c->replay, &p->snapshot);
	while (!why && acqrel_replay_close_some(&c->replay, ACQREL_PLAYER_STEP))
		cond_resched();
	return why ? acqrel_player_fail(p, cpu, why) : 0;
}

static const char *
acqrel_player_check_head(const struct acqrel_trace_chunk *head)
{
	if (head->reserved)
		return "the reserved field of a chunk is not 0";
	if (head->cpu >= ACQREL_TRACE_CPUS_MAX)
		return "a chunk is of a CPU above 8191";
	switch (head->type) {
	case ACQREL_TRACE_OPEN:
	case ACQREL_TRACE_CLOSE:
		if (head->bytes != sizeof(struct acqrel_trace_snapshot))
			return "an OPEN or CLOSE has not the size of a snapshot";
		return NULL;
	case ACQREL_TRACE_DATA:
		if (!head->bytes || head->bytes > ACQREL_TRACE_DATA_MAX ||
		    head->bytes % ACQREL_TRACE_UNIT)
			return "a DATA has not the size of 1 to 2048 units";
		return NULL;
	default:
		return "a chunk is neither OPEN nor DATA nor CLOSE";
	}
}

/* one chunk; its bytes, or an error */
static ssize_t acqrel_player_chunk(struct acqrel_player *p,
				   const char __user *buf, size_t len)
{
	struct acqrel_trace_chunk head;
	const char *why;
	int err;

	if (len < sizeof(head))
		return acqrel_player_fail(p, 0, "a chunk is cut off");
	if (copy_from_user(&head, buf, sizeof(head)))
		return -EFAULT;
	why = acqrel_player_check_head(&head);
	if (!why && head.bytes > len - sizeof(head))
		why = "a chunk is cut off";
	if (why)
		return acqrel_player_fail(p, head.cpu, why);
	if (copy_from_user(p->payload, buf + sizeof(head), head.bytes))
		return -EFAULT;
	if (head.type == ACQREL_TRACE_OPEN)
		err = acqrel_player_open(p, head.cpu);
	else if (head.type == ACQREL_TRACE_DATA)
		err = acqrel_player_data(p, head.cpu, head.bytes);
	else
		err = acqrel_player_close(p, head.cpu);
	return err ? err : sizeof(head) + head.bytes;
}

/**
 * acqrel_player_write() - chunks to replay
 * @p: the replay
 * @buf: where they are, whole ones
 * @len: bytes
 *
 * Context: may sleep.
 * Return: bytes of the chunks that were replayed, or if the first was not:
 *	-EINVAL for what cannot be, and a read says why; -ENOSPC if the rings
 *	of all streams would be too large, -ENOMEM, -EFAULT, -ERESTARTSYS.
 */
ssize_t acqrel_player_write(struct acqrel_player *p, const char __user *buf,
			    size_t len)
{
	ssize_t got = 0;
	size_t done;

	if (mutex_lock_interruptible(&p->lock))
		return -ERESTARTSYS;
	for (done = 0; done < len; done += got) {
		if (p->ended || p->why[0])
			got = -EINVAL;
		else if (signal_pending(current))
			got = -ERESTARTSYS;
		else
			got = acqrel_player_chunk(p, buf + done, len - done);
		if (got < 0)
			break;
		cond_resched();
	}
	mutex_unlock(&p->lock);
	return done ? done : got;
}

static int acqrel_player_error(struct acqrel_player *p, struct acqrel_sink *s)
{
	struct acqrel_piece a = { p->why, strlen(p->why) }, none = { };
	int err;

	if (p->told)
		return 0;
	err = acqrel_sink_put(s, ACQREL_TRACE_ERROR, 0, a, none);
	p->told = !err;
	return err;
}

static int acqrel_player_results(struct acqrel_player *p, struct acqrel_sink *s)
{
	struct acqrel_piece a = { &p->result, sizeof(p->result) }, none = { };
	struct acqrel_player_cpu *c;
	unsigned long cpu;
	int err;

	xa_for_each_start(&p->cpus, cpu, c, p->next) {
		acqrel_replay_result(&c->replay, &p->result);
		err = acqrel_sink_put(s, ACQREL_TRACE_RESULT, cpu, a, none);
		if (err)
			return err;
		p->next = cpu + 1;
		cond_resched();
	}
	return 0;
}

/**
 * acqrel_player_read() - what the replay came to, or why it ended
 * @p: the replay; takes no chunk after this
 * @buf: where to
 * @len: bytes, at least %ACQREL_TRACE_READ_MIN
 *
 * Context: may sleep.
 * Return: bytes; 0 after the last; -EINVAL, -EFAULT, -ERESTARTSYS.
 */
ssize_t acqrel_player_read(struct acqrel_player *p, char __user *buf,
			   size_t len)
{
	struct acqrel_sink s = { .at = buf, .left = len };
	int err;

	if (len < ACQREL_TRACE_READ_MIN)
		return -EINVAL;
	if (mutex_lock_interruptible(&p->lock))
		return -ERESTARTSYS;
	p->ended = true;
	if (p->why[0])
		err = acqrel_player_error(p, &s);
	else
		err = acqrel_player_results(p, &s);
	mutex_unlock(&p->lock);
	return s.left < len ? len - s.left : err;
}
