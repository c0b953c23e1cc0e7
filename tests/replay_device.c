// SPDX-License-Identifier: GPL-2.0-only
/*
 * A replay in the kernel, with a device that is none: it takes and gives what
 * include/uapi/linux/acqrel_trace.h says, and fails where a test wants it to.
 */
#include <acqrel/replay.h>

#include "replay.h"
#include "replay_made.h"

#define CPUS	8

static const struct trace_made params = {
	.cpus = 3, .idle = 1, .events = 5000, .changes = 8,
};

/* what a device does wrong */
enum fault {
	FAULT_NONE,
	FAULT_OLD,		/* has no write() */
	FAULT_FORBIDDEN,
	FAULT_NO_MEMORY,	/* after the first OPEN */
	FAULT_NO_SPACE,		/* for any ring */
	FAULT_SHORT,		/* takes less than a chunk */
	FAULT_SILENT,		/* refuses and does not say why */
	FAULT_FOREIGN,		/* a result of another CPU */
	FAULT_TWICE,		/* the same result again */
	FAULT_MISSING,		/* one less */
	FAULT_OTHER_TYPE,	/* a chunk that is no result */
	FAULT_OTHER_SIZE,	/* a result that is shorter */
	FAULT_CUT,		/* half a result */
	FAULT_READ,		/* an error instead of results */
	FAULT_WRONG,		/* a result that is not right */
};

struct fake {
	struct replay_device dev;
	enum fault fault;
	bool singly;		/* a result a read */
	unsigned int write_interrupts;	/* calls that a signal ends first */
	unsigned int read_interrupts;	/* same */
	struct acqrel_replay *replays[CPUS];
	struct acqrel_oring_slot *slots[CPUS];
	unsigned int opened;
	unsigned int given;
	char error[160];
};

static struct fake *fake_of(const struct replay_device *dev)
{
	return (struct fake *)dev;
}

static bool interrupted(unsigned int *interrupts)
{
	return *interrupts && (*interrupts)--;
}

static const char *fake_open(struct fake *f, const void *payload)
{
	const struct acqrel_trace_snapshot *snap = payload;
	const char *why = acqrel_replay_check_open(snap);

	if (why)
		return why;
	if (snap->cpu >= CPUS || f->replays[snap->cpu])
		return "a second OPEN of the same CPU";
	f->replays[snap->cpu] = trace_made_alloc(sizeof(*f->replays[0]));
	f->slots[snap->cpu] =
		trace_made_alloc(snap->ring_entries * sizeof(*f->slots[0]));
	acqrel_replay_open(f->replays[snap->cpu], snap, f->slots[snap->cpu]);
	f->opened++;
	return NULL;
}

static const char *fake_chunk(struct fake *f,
			      const struct acqrel_trace_chunk *chunk,
			      const void *payload)
{
	struct acqrel_replay *rp;
	size_t done;

	if (chunk->type == ACQREL_TRACE_OPEN)
		return fake_open(f, payload);
	rp = chunk->cpu < CPUS ? f->replays[chunk->cpu] : NULL;
	if (!rp)
		return "no OPEN";
	if (chunk->type == ACQREL_TRACE_DATA)
		return acqrel_replay_records(rp, payload, chunk->bytes, &done);
	if (chunk->type == ACQREL_TRACE_CLOSE)
		return acqrel_replay_close(rp, payload);
	return "neither OPEN, DATA nor CLOSE";
}

static ssize_t fake_write(const struct replay_device *dev, const void *data,
			  size_t bytes)
{
	static _Alignas(8) char payload[ACQREL_TRACE_DATA_MAX];
	struct fake *f = fake_of(dev);
	struct acqrel_trace_chunk chunk;
	const char *why;

	if (interrupted(&f->write_interrupts))
		return -EINTR;
	if (f->fault == FAULT_OLD)
		return -EINVAL;
	if (f->fault == FAULT_FORBIDDEN)
		return -EPERM;
	if (!bytes)
		return 0;
	if (f->fault == FAULT_NO_MEMORY && f->opened)
		return -ENOMEM;
	if (f->fault == FAULT_NO_SPACE)
		return -ENOSPC;
	if (f->fault == FAULT_SHORT)
		return bytes - 1;
	if (f->fault == FAULT_SILENT)
		return -EINVAL;
	memcpy(&chunk, data, sizeof(chunk));
	check_eq(bytes, sizeof(chunk) + chunk.bytes);
	check_eq(chunk.reserved, 0);
	memcpy(payload, (const char *)data + sizeof(chunk), chunk.bytes);
	why = fake_chunk(f, &chunk, payload);
	if (!why)
		return bytes;
	snprintf(f->error, sizeof(f->error), "CPU %u: %s", chunk.cpu, why);
	return -EINVAL;
}

static ssize_t give(void *to, u32 type, u32 cpu, const void *payload,
		    u32 bytes)
{
	struct acqrel_trace_chunk chunk = {
		.type = type, .cpu = cpu, .bytes = bytes,
	};

	memcpy(to, &chunk, sizeof(chunk));
	memcpy((char *)to + sizeof(chunk), payload, bytes);
	return sizeof(chunk) + bytes;
}

static ssize_t give_result(struct fake *f, char *to, u32 cpu)
{
	u32 type = ACQREL_TRACE_RESULT, size;
	struct acqrel_trace_result result;
	ssize_t n;

	acqrel_replay_result(f->replays[cpu], &result);
	size = sizeof(result);
	if (f->fault == FAULT_WRONG && cpu == 3)
		result.sums.stats[1].hist[12]++;
	if (f->fault == FAULT_FOREIGN)
		cpu++;
	if (f->fault == FAULT_OTHER_TYPE)
		type = ACQREL_TRACE_DATA;
	if (f->fault == FAULT_OTHER_SIZE)
		size -= 8;
	n = give(to, type, cpu, &result, size);
	if (f->fault == FAULT_TWICE)
		n += give(to + n, type, cpu, &result, size);
	return f->fault == FAULT_CUT ? n / 2 : n;
}

static ssize_t fake_read(const struct replay_device *dev, void *data,
			 size_t bytes)
{
	struct fake *f = fake_of(dev);
	ssize_t n = 0;

	check(bytes >= ACQREL_TRACE_READ_MIN);
	if (interrupted(&f->read_interrupts))
		return -EINTR;
	if (f->fault == FAULT_READ)
		return -EIO;
	if (f->fault == FAULT_SILENT)
		return 0;
	if (*f->error)
		return give(data, ACQREL_TRACE_ERROR, 0, f->error,
			    strlen(f->error));
	for (; f->given < CPUS; f->given++) {
		if (!f->replays[f->given])
			continue;
		if (f->fault == FAULT_MISSING && f->given == 3)
			continue;
		n += give_result(f, (char *)data + n, f->given);
		if (f->singly) {
			f->given++;
			break;
		}
	}
	return n;
}

static struct fake fake(enum fault fault)
{
	return (struct fake){
		.dev = { .write = fake_write, .read = fake_read, .fd = -1 },
		.fault = fault,
	};
}

static void fake_free(struct fake *f)
{
	for (unsigned int i = 0; i < CPUS; i++) {
		free(f->replays[i]);
		free(f->slots[i]);
	}
}

/* in both worlds; returns the differences between them */
static unsigned int three_ways(struct fake *f)
{
	struct replay_run kernel = { 0 }, user = { 0 };
	struct trace *trace = made(&params);
	struct verify_result closing = finder(), worlds;

	if (!trace)
		return 0;
	check_eq(replay_kernel_on(&f->dev, trace, &kernel), 0);
	check_eq(replay_user(trace, 2, &user), 0);
	check_eq(kernel.events, user.events);
	replay_compare_closing(trace, &kernel, &closing);
	worlds = finder();
	replay_compare_runs(&kernel, &user, &worlds);
	check_eq(closing.different, worlds.different);
	replay_free(&kernel);
	replay_free(&user);
	trace_close(trace);
	fake_free(f);
	return worlds.different;
}

static void worlds_agree(void)
{
	struct fake f = fake(FAULT_NONE);

	check_eq(three_ways(&f), 0);
}

static void results_come_singly(void)
{
	struct fake f = fake(FAULT_NONE);

	f.singly = true;
	check_eq(three_ways(&f), 0);
}

static void signals_do_no_harm(void)
{
	struct fake f = fake(FAULT_NONE);

	f.write_interrupts = 3;
	f.read_interrupts = 2;
	check_eq(three_ways(&f), 0);
	check_eq(f.write_interrupts, 0);
	check_eq(f.read_interrupts, 0);
}

static void worlds_differ(void)
{
	struct fake f = fake(FAULT_WRONG);

	check_eq(three_ways(&f), 1);
	check(!strcmp(found_first, "CPU 3: sched_wakeup bucket 12"));
}

/* without a CLOSE, too, there are results */
static void without_an_end(void)
{
	struct trace_made killed = params;
	struct replay_run kernel = { 0 }, user = { 0 };
	struct verify_result result = finder();
	struct fake f = fake(FAULT_NONE);
	struct trace *trace;

	killed.killed = true;
	trace = made(&killed);
	if (!trace)
		return;
	check_eq(replay_kernel_on(&f.dev, trace, &kernel), 0);
	check_eq(replay_user(trace, 1, &user), 0);
	replay_compare_runs(&kernel, &user, &result);
	check_eq(result.different, 0);
	check(!f.replays[1]->closed);
	replay_free(&kernel);
	replay_free(&user);
	trace_close(trace);
	fake_free(&f);
}

static void check_fails(struct fake *f, struct trace *trace, int error,
			const char *why)
{
	struct replay_run run = { 0 };

	check_eq(replay_kernel_on(&f->dev, trace, &run), error);
	if (!check(!strcmp(run.why, why)))
		printf("# '%s', not '%s'\n", run.why, why);
	replay_free(&run);
	fake_free(f);
}

static void device_fails(void)
{
	static const struct {
		enum fault fault;
		int error;
		const char *why;
	} faults[] = {
		{ FAULT_OLD, -EOPNOTSUPP, "" },
		{ FAULT_FORBIDDEN, -EPERM, "" },
		{ FAULT_NO_MEMORY, -ENOMEM,
		  "the module does not take block 4: Cannot allocate memory" },
		{ FAULT_NO_SPACE, -ENOSPC,
		  "the module does not take the OPEN of CPU 1: all rings are too large together" },
		{ FAULT_SHORT, -EIO,
		  "the module took 3567 of 3568 bytes of the OPEN of CPU 1" },
		{ FAULT_SILENT, -EBADMSG,
		  "the module does not take the OPEN of CPU 1" },
		{ FAULT_FOREIGN, -EBADMSG,
		  "the module gives a result too many, of CPU 2" },
		{ FAULT_TWICE, -EBADMSG,
		  "the module gives a result too many, of CPU 1" },
		{ FAULT_MISSING, -EBADMSG,
		  "the module gives no result of CPU 3" },
		{ FAULT_OTHER_TYPE, -EBADMSG,
		  "the module gives something that is no result" },
		{ FAULT_OTHER_SIZE, -EBADMSG,
		  "the module gives something that is no result" },
		{ FAULT_CUT, -EBADMSG,
		  "the module gives a chunk that is cut off" },
		{ FAULT_READ, -EIO,
		  "the module gives no results: Input/output error" },
	};
	struct trace *trace = made(&params);

	if (!trace)
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(faults); i++) {
		struct fake f = fake(faults[i].fault);

		f.singly = faults[i].fault == FAULT_CUT;
		check_fails(&f, trace, faults[i].error, faults[i].why);
	}
	trace_close(trace);
}

static void edit_no_ring(void *payload, u32 bytes)
{
	struct acqrel_trace_snapshot *snap = payload;

	(void)bytes;
	snap->ring_entries = 3;
}

static void edit_back_in_time(void *payload, u32 bytes)
{
	struct acqrel_trace_event *ev = payload;

	ev[bytes / sizeof(*ev) - 1].clock_ns = 0;
}

static void module_refuses(void)
{
	struct change ring = { .type = ACQREL_TRACE_OPEN, .cpu = 3,
			       .edit = edit_no_ring };
	struct change time = { .type = ACQREL_TRACE_DATA, .cpu = 3,
			       .edit = edit_back_in_time };
	struct trace *trace = made_changed(&params, &ring);
	struct fake f = fake(FAULT_NONE);

	if (!trace)
		return;
	check_fails(&f, trace, -EBADMSG,
		    "the module does not take the OPEN of CPU 3: CPU 3: the ring of an OPEN is no power of two from 2 to 1048576");
	trace_close(trace);
	trace = made_changed(&params, &time);
	if (!trace)
		return;
	f = fake(FAULT_NONE);
	check_fails(&f, trace, -EBADMSG,
		    "the module does not take block 5: CPU 3: an EVENT goes back in time");
	trace_close(trace);
}

static const struct ktap_test tests[] = {
	{ "worlds agree", worlds_agree },
	{ "results come singly", results_come_singly },
	{ "signals do no harm", signals_do_no_harm },
	{ "worlds differ", worlds_differ },
	{ "a trace without an end", without_an_end },
	{ "the device fails", device_fails },
	{ "the module refuses", module_refuses },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
