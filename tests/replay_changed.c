// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace file in which one number was changed, its checksums fitting: the
 * replay says which.
 */
#include "replay.h"
#include "replay_made.h"

static const struct trace_made params = {
	.cpus = 3, .idle = 1, .events = 5000, .changes = 8,
};

#define CPU	3	/* that is changed: the second stream */
#define IDLE	7

/* Replays it; returns how many numbers differ. */
static unsigned int differences(struct change *change)
{
	struct trace *trace = made_changed(&params, change);
	struct verify_result result = finder();
	struct replay_run run = { 0 };

	if (!trace)
		return 0;
	if (!check_eq(replay_user(trace, 2, &run), 0))
		printf("# %s\n", run.why);
	else
		replay_compare_closing(trace, &run, &result);
	replay_free(&run);
	trace_close(trace);
	return result.different;
}

static void check_found(u32 type, void (*edit)(void *payload, u32 bytes),
			const char *first)
{
	struct change change = { .type = type, .cpu = CPU, .edit = edit };

	check_eq(differences(&change), 1);
	if (!check(!strcmp(found_first, first)))
		printf("# '%s', not '%s'\n", found_first, first);
}

#define EDIT(name, what)						\
static void name(void *payload, u32 bytes)				\
{									\
	struct acqrel_trace_snapshot *snap = payload;			\
									\
	(void)bytes;							\
	what;								\
}

EDIT(edit_offered, snap->sums.account.offered++)
EDIT(edit_filtered, snap->sums.account.filtered[ACQREL_FILTER_PID]--)
EDIT(edit_pushed, snap->sums.account.pushed ^= 1)
EDIT(edit_dropped, snap->sums.account.dropped++)
EDIT(edit_overwritten, snap->sums.account.overwritten++)
EDIT(edit_head, snap->sums.account.head++)
EDIT(edit_passed, snap->sums.passed[ACQREL_KIND_SCHED_WAKEUP]++)
EDIT(edit_count, snap->sums.stats[0].count++)
EDIT(edit_sum, snap->sums.stats[1].sum_ns--)
EDIT(edit_min, snap->sums.stats[0].min_ns ^= 1)
EDIT(edit_max, snap->sums.stats[0].max_ns++)
EDIT(edit_bucket, snap->sums.stats[2].hist[64]++)
EDIT(edit_lost_pushed, snap->lost.account.pushed++)
EDIT(edit_lost_bucket, snap->lost.stats[0].hist[0]++)
EDIT(edit_ring, snap->ring_entries *= 2)
EDIT(edit_digest, snap->digest.value ^= 1ULL << 63)
EDIT(edit_digest_from, snap->digest.from++)
EDIT(edit_digest_events, snap->digest.events++)

static void the_end_is_changed(void)
{
	static const struct {
		void (*edit)(void *payload, u32 bytes);
		const char *first;
	} edits[] = {
		{ edit_offered, "CPU 3: offered" },
		{ edit_filtered, "CPU 3: filtered_pid" },
		{ edit_pushed, "CPU 3: pushed" },
		{ edit_dropped, "CPU 3: dropped" },
		{ edit_overwritten, "CPU 3: overwritten" },
		{ edit_head, "CPU 3: head" },
		{ edit_passed, "CPU 3: passed_sched_wakeup" },
		{ edit_count, "CPU 3: sched_switch count" },
		{ edit_sum, "CPU 3: sched_wakeup sum_ns" },
		{ edit_min, "CPU 3: sched_switch min_ns" },
		{ edit_max, "CPU 3: sched_switch max_ns" },
		{ edit_bucket, "CPU 3: sched_wakeup_new bucket 64" },
		{ edit_lost_pushed, "CPU 3: pushed" },
		{ edit_lost_bucket, "CPU 3: sched_switch bucket 0" },
		{ edit_ring, "CPU 3: ring entries" },
		{ edit_digest, "CPU 3: digest" },
		{ edit_digest_from, "CPU 3: digest from" },
		{ edit_digest_events, "CPU 3: digest events" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(edits); i++)
		check_found(ACQREL_TRACE_CLOSE, edits[i].edit, edits[i].first);
}

/* A smallest and a largest value that only the lost events have are right. */
static void edit_lost_extremes(void *payload, u32 bytes)
{
	struct acqrel_trace_snapshot *snap = payload;

	(void)bytes;
	snap->lost.stats[0].min_ns = 5;
	snap->sums.stats[0].min_ns = 5;
	snap->lost.stats[0].max_ns = 9;
	snap->sums.stats[0].max_ns = 9;
}

static void lost_extremes_are_added(void)
{
	struct change change = { .type = ACQREL_TRACE_CLOSE, .cpu = IDLE,
				 .edit = edit_lost_extremes };

	check_eq(differences(&change), 0);
}

static void the_start_is_changed(void)
{
	static const struct {
		void (*edit)(void *payload, u32 bytes);
		const char *first;
	} edits[] = {
		{ edit_filtered, "CPU 3: filtered_pid" },
		{ edit_pushed, "CPU 3: pushed" },
		{ edit_dropped, "CPU 3: dropped" },
		{ edit_overwritten, "CPU 3: overwritten" },
		{ edit_passed, "CPU 3: passed_sched_wakeup" },
		{ edit_count, "CPU 3: sched_switch count" },
		{ edit_sum, "CPU 3: sched_wakeup sum_ns" },
		{ edit_bucket, "CPU 3: sched_wakeup_new bucket 64" },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(edits); i++)
		check_found(ACQREL_TRACE_OPEN, edits[i].edit, edits[i].first);
}

/* the first event that was filtered becomes one that was filtered otherwise */
static u64 edited_seq;

static void edit_verdict(void *payload, u32 bytes)
{
	struct acqrel_trace_event *ev = payload;
	struct acqrel_trace_event *end = ev + bytes / sizeof(*ev);

	edited_seq = 100;
	for (; ev < end; ev += ev->units) {
		if (ev->type != ACQREL_RECORD_EVENT)
			continue;
		if (ev->verdict < ACQREL_VERDICT_PUSHED) {
			ev->verdict ^= 1;
			return;
		}
		edited_seq++;
	}
	check(false);
}

static void a_verdict_is_changed(void)
{
	/* there is a change of the config in the first chunk */
	const struct trace_made large = {
		.cpus = 3, .events = 5000, .changes = 8,
		.tap_units = 4096, .tap_every = 2000,
	};
	struct change change = { .type = ACQREL_TRACE_DATA, .cpu = CPU,
				 .edit = edit_verdict };
	struct trace *trace = made_changed(&large, &change);
	struct verify_result result = finder();
	struct replay_run run = { 0 };
	struct acqrel_trace_result *r;

	if (!trace)
		return;
	check_eq(replay_user(trace, 3, &run), 0);
	replay_compare_closing(trace, &run, &result);
	check_eq(result.different, 1);
	check(!strcmp(found_first, "CPU 3: verdicts that differ"));
	r = &run.results[1];
	check_eq(r->different, 1);
	check_eq(r->first_seq, edited_seq);
	check_eq(r->first_recorded, r->first_replayed ^ 1);
	replay_free(&run);
	trace_close(trace);
}

/* a value that no verdict depends on */
static void edit_value(void *payload, u32 bytes)
{
	struct acqrel_trace_event *ev = payload;
	struct acqrel_trace_event *end = ev + bytes / sizeof(*ev);

	for (; ev < end; ev += ev->units)
		if (ev->type == ACQREL_RECORD_EVENT &&
		    ev->verdict == ACQREL_VERDICT_PUSHED &&
		    ev->flags & ACQREL_EVENT_HAS_VALUE) {
			ev->value_ns ^= 1;
			return;
		}
	check(false);
}

static void an_event_is_changed(void)
{
	struct change change = { .type = ACQREL_TRACE_DATA, .cpu = CPU,
				 .edit = edit_value };

	check(differences(&change) >= 2);
	check(strstr(found_first, "CPU 3: ") == found_first);
	check(strstr(found_first, "sum_ns"));
}

/* What an event lacks moves all that comes after it. */
static void edit_kind(void *payload, u32 bytes)
{
	struct acqrel_trace_event *ev = payload;

	ev += bytes / sizeof(*ev) - 1;
	ev->kind = !ev->kind;
}

static void a_kind_is_changed(void)
{
	struct change change = { .type = ACQREL_TRACE_DATA, .cpu = CPU,
				 .edit = edit_kind };

	check(differences(&change) >= 1);
	check(strstr(found_first, "CPU 3: ") == found_first);
}

static void check_refused(u32 type, u32 cpu,
			  void (*edit)(void *payload, u32 bytes),
			  const char *why)
{
	struct change change = { .type = type, .cpu = cpu, .edit = edit };
	struct trace *trace = made_changed(&params, &change);
	struct replay_run run = { 0 };

	if (!trace)
		return;
	for (unsigned int threads = 1; threads <= 3; threads++) {
		check_eq(replay_user(trace, threads, &run), -EBADMSG);
		if (!check(!strcmp(run.why, why)))
			printf("# '%s', not '%s'\n", run.why, why);
		replay_free(&run);
	}
	trace_close(trace);
}

static void edit_back_in_time(void *payload, u32 bytes)
{
	struct acqrel_trace_event *ev = payload;

	ev[bytes / sizeof(*ev) - 1].clock_ns = 0;
}

EDIT(edit_no_ring, snap->ring_entries = 3)

static void what_cannot_be_is_refused(void)
{
	check_refused(ACQREL_TRACE_OPEN, CPU, edit_offered,
		      "CPU 3, block 5, byte 0: a STATE goes back in sequence");
	check_refused(ACQREL_TRACE_OPEN, CPU, edit_head,
		      "CPU 3, block 5, byte 0: the first STATE is not that of the OPEN");
	check_refused(ACQREL_TRACE_OPEN, CPU, edit_no_ring,
		      "CPU 3: the ring of an OPEN is no power of two from 2 to 1048576");
	check_refused(ACQREL_TRACE_DATA, CPU, edit_back_in_time,
		      "CPU 3, block 5, byte 8288: an EVENT goes back in time");
}

/* of several errors it is that of the first CPU, whoever finds it first */
static void the_first_error_counts(void)
{
	check_refused(ACQREL_TRACE_DATA, ALL_CPUS, edit_back_in_time,
		      "CPU 1, block 4, byte 8288: an EVENT goes back in time");
}

/* Two runs, one of them changed, are told apart. */
static void runs_are_compared(void)
{
	struct replay_run a = { 0 }, b = { 0 };
	struct trace *trace = made(&params);
	struct verify_result result;

	if (!trace)
		return;
	check_eq(replay_user(trace, 1, &a), 0);
	check_eq(replay_user(trace, 2, &b), 0);
	for (size_t i = 0; i < sizeof(b.results[1]); i += 4) {
		((char *)&b.results[1])[i] ^= 1;
		result = finder();
		replay_compare_runs(&a, &b, &result);
		if (!check_eq(result.different, 1))
			printf("# byte %zu\n", i);
		check(!strncmp(found_first, "CPU 3: ", 7));
		((char *)&b.results[1])[i] ^= 1;
	}
	b.results[2].digest.value ^= 1;
	check(replay_digest(&a) != replay_digest(&b));
	replay_free(&a);
	replay_free(&b);
	trace_close(trace);
}

static const struct ktap_test tests[] = {
	{ "the end is changed", the_end_is_changed },
	{ "lost extremes are added", lost_extremes_are_added },
	{ "the start is changed", the_start_is_changed },
	{ "a verdict is changed", a_verdict_is_changed },
	{ "an event is changed", an_event_is_changed },
	{ "a kind is changed", a_kind_is_changed },
	{ "what cannot be is refused", what_cannot_be_is_refused },
	{ "the first error counts", the_first_error_counts },
	{ "runs are compared", runs_are_compared },
};

int main(void)
{
	return ktap_run(tests, ARRAY_SIZE(tests));
}
