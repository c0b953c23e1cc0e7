// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recorder. A recording begins and ends on each CPU with a function that the
 * CPU itself runs, interrupts off. So no event is under way there: the
 * snapshot is exact, and the first event after it is the first that the tap
 * sees. A CPU that is offline has no events, and stays offline meanwhile.
 *
 * A tap may be freed once every CPU has run the end: a section keeps
 * interrupts off from before it loads the pointer until it is left, so none
 * that has the tap is still open, and the next one finds NULL.
 *
 * Edges beside those of tap.h and digest.h:
 *
 *	record.slot	taps gone from all CPUs, clear_bit_unlock() ->
 *			test_and_set_bit_lock(), the next recorder's taps
 */
#include <linux/bitops.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/irq_work.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/timer.h>
#include <linux/topology.h>
#include <linux/wait.h>

#include "chunk.h"
#include "pipeline.h"
#include "record.h"

/* of all rings together, if nobody says how large they shall be */
#define ACQREL_RECORD_BYTES	(64UL << 20)
#define ACQREL_RECORD_UNITS_MAX	65536UL

#define ACQREL_RECORD_FLUSH	nsecs_to_jiffies(ACQREL_FLUSH_NS)

#define ACQREL_RECORD_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | \
				 __GFP_NOWARN)

/**
 * struct acqrel_recorder_cpu - the stream of a CPU
 * @tap: where its sections write
 * @recorder: whose
 * @open: its start
 * @close: its end
 */
struct acqrel_recorder_cpu {
	struct acqrel_tap tap;
	struct acqrel_recorder *recorder;
	struct acqrel_trace_snapshot open;
	struct acqrel_trace_snapshot close;
};

/**
 * struct acqrel_recorder - a recording
 * @kicks: somebody waits, and half a ring shall wake it
 * @flush: give what there is, however little
 * @stopped: the end has been recorded
 * @opened: of the CPUs below, OPEN was read
 * @closed: of the CPUs below, CLOSE was read
 * @turn: CPU whose records are read next
 * @lock: protects what was read, and the stop
 * @wait: for records
 * @work: wakes
 * @timer: wakes poll(), which cannot wait for a time itself
 * @cpus: by number; NULL where no CPU is possible
 */
struct acqrel_recorder {
	bool kicks;
	bool flush;
	bool stopped;
	unsigned int opened;
	unsigned int closed;
	unsigned int turn;
	struct mutex lock;	/* see above */
	wait_queue_head_t wait;
	struct irq_work work;
	struct timer_list timer;
	struct acqrel_recorder_cpu *cpus[];
};

static unsigned long acqrel_recording;	/* bit 0: somebody records */

static bool acqrel_recorder_half(const struct acqrel_span *ring)
{
	return acqrel_span_fill(ring) > ring->mask / 2;
}

/**
 * acqrel_record_event() - acqrel_tap_event(), and wake who waits for records
 * @tap: the section's
 * @lane: the section's
 * @config: the section's
 * @ev: see acqrel_tap_event()
 * @verdict: same
 *
 * No fence between the record and the load of the flag: a reader that begins
 * to wait at the same moment may be missed, and then its time runs out.
 *
 * Context: inside a section.
 */
notrace void acqrel_record_event(struct acqrel_tap *tap,
				 const struct acqrel_lane *lane,
				 const struct acqrel_config *config,
				 const struct acqrel_event *ev,
				 unsigned int verdict)
{
	struct acqrel_recorder *r;

	acqrel_tap_event(tap, lane, config, ev, verdict);
	r = container_of(tap, struct acqrel_recorder_cpu, tap)->recorder;
	if (unlikely(READ_ONCE(r->kicks)) && acqrel_recorder_half(&tap->ring))
		irq_work_queue(&r->work);
}

static void acqrel_recorder_wake(struct acqrel_recorder *r)
{
	WRITE_ONCE(r->kicks, false);
	wake_up_interruptible_poll(&r->wait, EPOLLIN | EPOLLRDNORM);
}

static void acqrel_recorder_work_fn(struct irq_work *work)
{
	acqrel_recorder_wake(container_of(work, struct acqrel_recorder, work));
}

static void acqrel_recorder_timer_fn(struct timer_list *timer)
{
	struct acqrel_recorder *r;

	r = container_of(timer, struct acqrel_recorder, timer);
	WRITE_ONCE(r->flush, true);
	acqrel_recorder_wake(r);
}

/* the lane's producer is here or cannot be anywhere; nobody pops */
static void acqrel_recorder_snapshot(struct acqrel_trace_snapshot *snap,
				     unsigned int cpu)
{
	const struct acqrel_lane *lane = acqrel_lane_of(cpu);
	u64 passed[__ACQREL_KIND_COUNT];
	unsigned int kind;

	for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
		passed[kind] =
			acqrel_counter_read(ACQREL_COUNTER_PASSED_SWITCH + kind,
					    cpu);
	snap->cpu = cpu;
	snap->ring_entries = lane->ring.mask + 1;
	/* never before an event of this CPU, see acqrel_section_clock() */
	snap->clock_ns = max(ktime_get_mono_fast_ns(),
			     per_cpu(acqrel_clock_ns, cpu));
	per_cpu(acqrel_clock_ns, cpu) = snap->clock_ns;
	acqrel_sums_of_lane(lane, passed, &snap->sums);
}

static void acqrel_recorder_begin_cpu(struct acqrel_recorder *r,
				      unsigned int cpu)
{
	struct acqrel_lane *lane = acqrel_lane_of(cpu);
	struct acqrel_recorder_cpu *c = r->cpus[cpu];

	acqrel_recorder_snapshot(&c->open, cpu);
	acqrel_sums_clear(&c->open.lost);
	acqrel_digest_begin(&lane->digest, lane->books.acc.head);
	acqrel_digest_read(&lane->digest, &c->open.digest);
	rcu_read_lock();
	acqrel_tap_start(&c->tap, lane,
			 acqrel_config_dereference(&acqrel_live_config),
			 c->open.clock_ns);
	/* pairs with acqrel_config_publish(): config.reclaim */
	rcu_read_unlock();
	per_cpu(acqrel_taps, cpu) = &c->tap;
}

static void acqrel_recorder_end_cpu(struct acqrel_recorder *r, unsigned int cpu)
{
	struct acqrel_lane *lane = acqrel_lane_of(cpu);
	struct acqrel_recorder_cpu *c = r->cpus[cpu];

	per_cpu(acqrel_taps, cpu) = NULL;
	acqrel_recorder_snapshot(&c->close, cpu);
	c->close.lost = c->tap.lost;
	acqrel_digest_end(&lane->digest, lane->books.acc.head);
}

static void acqrel_recorder_begin_fn(void *r)
{
	acqrel_recorder_begin_cpu(r, smp_processor_id());
}

static void acqrel_recorder_end_fn(void *r)
{
	acqrel_recorder_end_cpu(r, smp_processor_id());
}

/* @each on CPUs that are online, by themselves, @away for the others */
static void acqrel_recorder_everywhere(struct acqrel_recorder *r,
				       smp_call_func_t each,
				       void (*away)(struct acqrel_recorder *r,
						    unsigned int cpu))
{
	unsigned int cpu;

	cpus_read_lock();
	on_each_cpu(each, r, 1);
	for_each_possible_cpu(cpu)
		if (!cpu_online(cpu))
			away(r, cpu);
	cpus_read_unlock();
}

/*
 * Both ends with the reader excluded: it reads the two borders of a digest's
 * window one after the other, and might see one of another recording.
 */
static void acqrel_recorder_begin(struct acqrel_recorder *r)
{
	unsigned int cpu;

	acqrel_reader_exclude();
	for_each_possible_cpu(cpu)
		acqrel_digest_reset(&acqrel_lane_of(cpu)->digest);
	acqrel_recorder_everywhere(r, acqrel_recorder_begin_fn,
				   acqrel_recorder_begin_cpu);
	acqrel_reader_admit();
}

static void acqrel_recorder_end(struct acqrel_recorder *r)
{
	struct acqrel_lane *lane;
	unsigned int cpu;

	acqrel_reader_exclude();
	acqrel_recorder_everywhere(r, acqrel_recorder_end_fn,
				   acqrel_recorder_end_cpu);
	for_each_possible_cpu(cpu) {
		lane = acqrel_lane_of(cpu);
		acqrel_digest_read(&lane->digest, &r->cpus[cpu]->close.digest);
		acqrel_digest_reset(&lane->digest);
	}
	acqrel_reader_admit();
}

static u32 acqrel_recorder_units(void)
{
	unsigned long n = ACQREL_RECORD_BYTES / ACQREL_TRACE_UNIT /
			  num_possible_cpus();

	return clamp_t(unsigned long, rounddown_pow_of_two(n),
		       ACQREL_TRACE_RING_MIN, ACQREL_RECORD_UNITS_MAX);
}

static int acqrel_recorder_cpu_new(struct acqrel_recorder *r, unsigned int cpu,
				   u32 ring_units)
{
	struct acqrel_recorder_cpu *c;
	struct acqrel_span_unit *units;
	int node = cpu_to_node(cpu);

	c = kzalloc_node(sizeof(*c), GFP_KERNEL_ACCOUNT, node);
	if (!c)
		return -ENOMEM;
	units = kvmalloc_node(array_size(ring_units, sizeof(*units)),
			      ACQREL_RECORD_GFP, node);
	if (!units) {
		kfree(c);
		return -ENOMEM;
	}
	acqrel_tap_open(&c->tap, units, ring_units);
	c->recorder = r;
	r->cpus[cpu] = c;
	return 0;
}

static void acqrel_recorder_release(struct acqrel_recorder *r)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		if (!r->cpus[cpu])
			continue;
		kvfree(r->cpus[cpu]->tap.ring.units);
		kfree(r->cpus[cpu]);
	}
	kfree(r);
}

static struct acqrel_recorder *acqrel_recorder_alloc(u32 ring_units)
{
	struct acqrel_recorder *r;
	unsigned int cpu;

	r = kzalloc(struct_size(r, cpus, nr_cpu_ids), GFP_KERNEL_ACCOUNT);
	if (!r)
		return NULL;
	r->flush = true;
	mutex_init(&r->lock);
	init_waitqueue_head(&r->wait);
	init_irq_work(&r->work, acqrel_recorder_work_fn);
	timer_setup(&r->timer, acqrel_recorder_timer_fn, 0);
	for_each_possible_cpu(cpu) {
		if (acqrel_recorder_cpu_new(r, cpu, ring_units)) {
			acqrel_recorder_release(r);
			return NULL;
		}
	}
	return r;
}

/**
 * acqrel_recorder_new() - begin to record
 * @ring_units: see struct acqrel_record_params
 *
 * Context: may sleep; takes acqrel_reader_lock.
 * Return: the recorder; -EINVAL for units that are none, -EBUSY if somebody
 *	records, -ENOMEM.
 */
struct acqrel_recorder *acqrel_recorder_new(u32 ring_units)
{
	struct acqrel_recorder *r;

	if (!ring_units)
		ring_units = acqrel_recorder_units();
	if (!is_power_of_2(ring_units) || ring_units < ACQREL_TRACE_RING_MIN ||
	    ring_units > ACQREL_TRACE_RING_MAX)
		return ERR_PTR(-EINVAL);
	/* pairs with the unlock in acqrel_recorder_stop(): record.slot */
	if (test_and_set_bit_lock(0, &acqrel_recording))
		return ERR_PTR(-EBUSY);
	r = acqrel_recorder_alloc(ring_units);
	if (!r) {
		/* pairs with the lock of the next: record.slot */
		clear_bit_unlock(0, &acqrel_recording);
		return ERR_PTR(-ENOMEM);
	}
	acqrel_recorder_begin(r);
	return r;
}

/**
 * acqrel_recorder_stop() - end the recording; what is left can be read
 * @r: the recorder
 *
 * No error if it has ended before.
 *
 * Context: may sleep; takes acqrel_reader_lock.
 */
void acqrel_recorder_stop(struct acqrel_recorder *r)
{
	mutex_lock(&r->lock);
	if (!r->stopped) {
		acqrel_recorder_end(r);
		WRITE_ONCE(r->stopped, true);
		/* pairs with the lock in acqrel_recorder_new(): record.slot */
		clear_bit_unlock(0, &acqrel_recording);
		acqrel_recorder_wake(r);
	}
	mutex_unlock(&r->lock);
}

/**
 * acqrel_recorder_free() - end the recording if it has not, forget all of it
 * @r: the recorder, which nobody else has
 *
 * Context: may sleep; takes acqrel_reader_lock.
 */
void acqrel_recorder_free(struct acqrel_recorder *r)
{
	acqrel_recorder_stop(r);
	irq_work_sync(&r->work);
	timer_delete_sync(&r->timer);
	acqrel_recorder_release(r);
}

/* like acqrel_sink_put(); OPEN or CLOSE of the CPUs from @next on */
static int acqrel_recorder_put(struct acqrel_recorder *r,
			       struct acqrel_sink *s, u32 type,
			       unsigned int *next)
{
	const struct acqrel_recorder_cpu *c;
	struct acqrel_piece a = { .bytes = sizeof(c->open) }, b = { };
	int err;

	for (; *next < nr_cpu_ids; ++*next) {
		c = r->cpus[*next];
		if (!c)
			continue;
		a.data = type == ACQREL_TRACE_OPEN ? &c->open : &c->close;
		err = acqrel_sink_put(s, type, *next, a, b);
		if (err)
			return err;
	}
	return 0;
}

/* of the @n oldest units, how many are whole records that fit into @room */
static u64 acqrel_recorder_whole(const struct acqrel_span *ring, u64 n,
				 u64 room)
{
	u64 i = 0, units;

	if (n <= room)
		return n;
	for (;;) {
		/* units of a record, as of every type, are its second byte */
		units = ((const u8 *)&ring->units[(ring->tail + i) &
						  ring->mask])[1];
		if (i + units > room)
			return i;
		i += units;
	}
}

/* one DATA of a CPU; 1 if there was one, else like acqrel_sink_put() */
static int acqrel_recorder_take(struct acqrel_recorder_cpu *c, unsigned int cpu,
				struct acqrel_sink *s)
{
	struct acqrel_span *ring = &c->tap.ring;
	const struct acqrel_span_unit *first;
	size_t room = min_t(size_t, acqrel_sink_room(s), ACQREL_TRACE_DATA_MAX);
	u64 straight, n = acqrel_span_peek(ring, &first, &straight);
	struct acqrel_piece a, b;
	int err;

	if (!n)
		return 0;
	n = acqrel_recorder_whole(ring, n, room / ACQREL_TRACE_UNIT);
	if (!n)
		return -ENOBUFS;
	a.data = first;
	a.bytes = min(n, straight) * ACQREL_TRACE_UNIT;
	b.data = ring->units;
	b.bytes = n * ACQREL_TRACE_UNIT - a.bytes;
	err = acqrel_sink_put(s, ACQREL_TRACE_DATA, cpu, a, b);
	if (err)
		return err;
	acqrel_span_release(ring, n);
	return 1;
}

/* the CPUs in turn, so that none waits for a busier one */
static int acqrel_recorder_data(struct acqrel_recorder *r,
				struct acqrel_sink *s)
{
	struct acqrel_recorder_cpu *c;
	unsigned int empty = 0;
	int got;

	while (empty < nr_cpu_ids) {
		c = r->cpus[r->turn];
		got = c ? acqrel_recorder_take(c, r->turn, s) : 0;
		if (got < 0)
			return got;
		empty = got ? 0 : empty + 1;
		r->turn = r->turn + 1 < nr_cpu_ids ? r->turn + 1 : 0;
		cond_resched();
	}
	return 0;
}

static ssize_t acqrel_recorder_collect(struct acqrel_recorder *r,
				       char __user *buf, size_t len)
{
	struct acqrel_sink s = { .at = buf, .left = len };
	int err;

	lockdep_assert_held(&r->lock);
	err = acqrel_recorder_put(r, &s, ACQREL_TRACE_OPEN, &r->opened);
	if (!err)
		err = acqrel_recorder_data(r, &s);
	if (!err && r->stopped)
		err = acqrel_recorder_put(r, &s, ACQREL_TRACE_CLOSE,
					  &r->closed);
	WRITE_ONCE(r->flush, err == -ENOBUFS);
	return s.left < len ? len - s.left : err;
}

/* enough to be worth a read? if not, half a ring shall wake */
static bool acqrel_recorder_due(struct acqrel_recorder *r)
{
	unsigned int cpu;

	WRITE_ONCE(r->kicks, true);
	if (READ_ONCE(r->flush) || READ_ONCE(r->stopped))
		return true;
	for_each_possible_cpu(cpu)
		if (acqrel_recorder_half(&r->cpus[cpu]->tap.ring))
			return true;
	return false;
}

static bool acqrel_recorder_anything(struct acqrel_recorder *r)
{
	unsigned int cpu;

	if (READ_ONCE(r->opened) < nr_cpu_ids || READ_ONCE(r->stopped))
		return true;
	for_each_possible_cpu(cpu)
		if (acqrel_span_fill(&r->cpus[cpu]->tap.ring))
			return true;
	return false;
}

static int acqrel_recorder_wait(struct acqrel_recorder *r)
{
	long left;

	left = wait_event_interruptible_timeout(r->wait, acqrel_recorder_due(r),
						ACQREL_RECORD_FLUSH);
	WRITE_ONCE(r->kicks, false);
	if (!left)
		WRITE_ONCE(r->flush, true);
	return left < 0 ? left : 0;
}

/**
 * acqrel_recorder_read() - chunks to user space
 * @r: the recorder
 * @buf: where to
 * @len: bytes, at least %ACQREL_TRACE_READ_MIN
 * @block: wait until half a ring or %ACQREL_FLUSH_NS have passed, so that there
 *	is something worth it; else take what there is
 *
 * Context: may sleep.
 * Return: bytes; 0 after the last; -EINVAL, -EAGAIN, -EFAULT, -ERESTARTSYS.
 */
ssize_t acqrel_recorder_read(struct acqrel_recorder *r, char __user *buf,
			     size_t len, bool block)
{
	bool stopped;
	ssize_t got;

	if (len < ACQREL_TRACE_READ_MIN)
		return -EINVAL;
	for (;;) {
		if (block && acqrel_recorder_wait(r))
			return -ERESTARTSYS;
		if (mutex_lock_interruptible(&r->lock))
			return -ERESTARTSYS;
		stopped = r->stopped;
		got = acqrel_recorder_collect(r, buf, len);
		mutex_unlock(&r->lock);
		if (got || stopped)
			return got;
		if (!block)
			return -EAGAIN;
	}
}

/**
 * acqrel_recorder_poll() - is there something worth a read?
 * @r: the recorder
 * @file: the device
 * @wait: may be NULL inside
 *
 * Context: any that may take a spinlock.
 */
__poll_t acqrel_recorder_poll(struct acqrel_recorder *r, struct file *file,
			      poll_table *wait)
{
	poll_wait(file, &r->wait, wait);
	if (acqrel_recorder_due(r) && acqrel_recorder_anything(r))
		return EPOLLIN | EPOLLRDNORM;
	mod_timer(&r->timer, jiffies + ACQREL_RECORD_FLUSH);
	return 0;
}
