// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recorder: taps. A recording begins and ends on each CPU with a function that
 * the CPU itself runs, interrupts off. So no event is under way there: the
 * snapshot is exact, and the first event after it is the first that the tap
 * sees. A CPU that is offline has no events and stays offline meanwhile, so
 * another one does it in its place; whoever brings it up later waits for
 * cpus_write_lock(), and it comes up after all of this.
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
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/irq_work.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/topology.h>

#include "pipeline.h"
#include "record.h"
#include "recorder.h"

/* of the rings of all CPUs that are present, if nobody says how large */
#define ACQREL_RECORD_BYTES	(64UL << 20)
#define ACQREL_RECORD_UNITS_MAX	65536UL

#define ACQREL_RECORD_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | \
				 __GFP_NOWARN)

static unsigned long acqrel_recording;	/* bit 0: somebody records */
static atomic_long_t acqrel_record_bytes;	/* of all rings there are */

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
 * Both ends are called with the reader excluded: it reads the two borders of a
 * digest's window one after the other, and might see one of another recording.
 */
static void acqrel_recorder_begin(struct acqrel_recorder *r)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		acqrel_digest_reset(&acqrel_lane_of(cpu)->digest);
	acqrel_recorder_everywhere(r, acqrel_recorder_begin_fn,
				   acqrel_recorder_begin_cpu);
}

static void acqrel_recorder_end(struct acqrel_recorder *r)
{
	struct acqrel_lane *lane;
	unsigned int cpu;

	acqrel_recorder_everywhere(r, acqrel_recorder_end_fn,
				   acqrel_recorder_end_cpu);
	for_each_possible_cpu(cpu) {
		lane = acqrel_lane_of(cpu);
		acqrel_digest_read(&lane->digest, &r->cpus[cpu]->close.digest);
		acqrel_digest_reset(&lane->digest);
	}
	WRITE_ONCE(r->stopped, true);
	/* pairs with the lock in acqrel_recorder_start(): record.slot */
	clear_bit_unlock(0, &acqrel_recording);
}

/* many machines have room for hundreds of CPUs that never come */
static u32 acqrel_recorder_units(unsigned int cpu)
{
	unsigned long n = ACQREL_RECORD_BYTES / ACQREL_TRACE_UNIT /
			  num_present_cpus();

	BUILD_BUG_ON(CONFIG_NR_CPUS > ACQREL_TRACE_CPUS_MAX);
	if (!cpu_present(cpu))
		return ACQREL_TRACE_RING_MIN;
	return clamp_t(unsigned long, rounddown_pow_of_two(n),
		       ACQREL_TRACE_RING_MIN, ACQREL_RECORD_UNITS_MAX);
}

/* memory for a ring, unless all would come to a quarter of what there is */
static struct acqrel_span_unit *acqrel_recorder_units_new(u32 n, int node)
{
	long bytes = array_size(n, sizeof(struct acqrel_span_unit));
	struct acqrel_span_unit *units = NULL;

	if (atomic_long_add_return(bytes, &acqrel_record_bytes) >> PAGE_SHIFT <=
	    totalram_pages() / 4)
		units = kvmalloc_node(bytes, ACQREL_RECORD_GFP, node);
	if (!units)
		atomic_long_sub(bytes, &acqrel_record_bytes);
	return units;
}

/**
 * acqrel_recorder_cpu_done() - nothing will be read any more
 * @c: the stream, which may have no memory already
 *
 * Context: may sleep; no tap of it is in place.
 */
void acqrel_recorder_cpu_done(struct acqrel_recorder_cpu *c)
{
	struct acqrel_span *ring = &c->tap.ring;

	if (!ring->units)
		return;
	atomic_long_sub(array_size(ring->mask + 1, sizeof(*ring->units)),
			&acqrel_record_bytes);
	kvfree(ring->units);
	ring->units = NULL;
}

static int acqrel_recorder_cpu_new(struct acqrel_recorder *r, unsigned int cpu,
				   u32 ring_units)
{
	struct acqrel_recorder_cpu *c;
	struct acqrel_span_unit *units;
	int node = cpu_to_node(cpu);

	if (!ring_units)
		ring_units = acqrel_recorder_units(cpu);
	c = kzalloc_node(sizeof(*c), GFP_KERNEL_ACCOUNT, node);
	if (!c)
		return -ENOMEM;
	units = acqrel_recorder_units_new(ring_units, node);
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
		acqrel_recorder_cpu_done(r->cpus[cpu]);
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
	mutex_init(&r->lock);
	acqrel_recorder_wait_init(r);
	for_each_possible_cpu(cpu) {
		if (acqrel_recorder_cpu_new(r, cpu, ring_units)) {
			acqrel_recorder_release(r);
			return NULL;
		}
	}
	return r;
}

/* the rings are there; whether they are needed is known only now */
static int acqrel_recorder_start(struct acqrel_recorder *r)
{
	int err = acqrel_reader_exclude_killable();

	if (err)
		return err;
	/* pairs with the unlock in acqrel_recorder_end(): record.slot */
	if (test_and_set_bit_lock(0, &acqrel_recording))
		err = -EBUSY;
	else
		acqrel_recorder_begin(r);
	acqrel_reader_admit();
	return err;
}

/**
 * acqrel_recorder_new() - begin to record
 * @ring_units: see struct acqrel_record_params
 *
 * Context: may sleep; takes acqrel_reader_lock.
 * Return: the recorder; -EINVAL for units that are none, -EBUSY if somebody
 *	records, -ENOMEM, -EINTR.
 */
struct acqrel_recorder *acqrel_recorder_new(u32 ring_units)
{
	struct acqrel_recorder *r;
	int err;

	if (ring_units && (!is_power_of_2(ring_units) ||
			   ring_units < ACQREL_TRACE_RING_MIN ||
			   ring_units > ACQREL_TRACE_RING_MAX))
		return ERR_PTR(-EINVAL);
	/* without the memory first, and again once it is there */
	if (test_bit(0, &acqrel_recording))
		return ERR_PTR(-EBUSY);
	r = acqrel_recorder_alloc(ring_units);
	if (!r)
		return ERR_PTR(-ENOMEM);
	err = acqrel_recorder_start(r);
	if (err) {
		acqrel_recorder_release(r);
		return ERR_PTR(err);
	}
	return r;
}

/**
 * acqrel_recorder_stop() - end the recording; what is left can be read
 * @r: the recorder
 *
 * No error if it has ended before.
 *
 * Context: may sleep; takes acqrel_reader_lock.
 * Return: 0, or -EINTR and it has not ended.
 */
int acqrel_recorder_stop(struct acqrel_recorder *r)
{
	int err = mutex_lock_killable(&r->lock);

	if (err)
		return err;
	if (!r->stopped) {
		err = acqrel_reader_exclude_killable();
		if (!err) {
			acqrel_recorder_end(r);
			acqrel_reader_admit();
			acqrel_recorder_wake(r);
		}
	}
	mutex_unlock(&r->lock);
	return err;
}

/**
 * acqrel_recorder_free() - end the recording if it has not, forget all of it
 * @r: the recorder, which nobody else has
 *
 * Context: may sleep; takes acqrel_reader_lock.
 */
void acqrel_recorder_free(struct acqrel_recorder *r)
{
	/* nobody waits for r->lock, and this has to happen */
	if (!r->stopped) {
		acqrel_reader_exclude();
		acqrel_recorder_end(r);
		acqrel_reader_admit();
	}
	acqrel_recorder_wait_exit(r);
	acqrel_recorder_release(r);
}
