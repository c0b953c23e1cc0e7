// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: records through a replay, all at once and one by one, which
 * must come to the same.
 */
#include <stdlib.h>

#include <acqrel/replay.h>

#include "libfuzzer.h"
#include "records.h"

#define ORDER_MAX	8

static struct acqrel_replay replay;
static struct acqrel_oring_slot slots[1 << ORDER_MAX];

static void begin(const struct fuzz_records *from)
{
	struct acqrel_trace_snapshot snap = {
		.ring_entries = 2 << from->order % ORDER_MAX,
		.digest.from = from->head,
	};

	acqrel_sums_clear(&snap.sums);
	snap.sums.account.offered = from->offered;
	snap.sums.account.head = from->head;
	if (acqrel_replay_check_open(&snap))
		abort();
	acqrel_replay_open(&replay, &snap, slots);
}

static void end(const struct fuzz_records *from,
		struct acqrel_trace_result *result)
{
	struct acqrel_trace_snapshot snap = { .digest.until = from->until };

	acqrel_replay_close(&replay, &snap);
	acqrel_replay_result(&replay, result);
}

static const char *run(const struct fuzz_records *from, const u8 *records,
		       size_t size, struct acqrel_trace_result *result)
{
	const char *why;
	size_t done;

	begin(from);
	why = acqrel_replay_records(&replay, records, size, &done);
	if (done > size)
		abort();
	end(from, result);
	return why;
}

static const char *run_one_by_one(const struct fuzz_records *from,
				  const u8 *records, size_t size,
				  struct acqrel_trace_result *result)
{
	const char *why = NULL;
	size_t one, done;

	begin(from);
	for (; size && !why; records += one, size -= one) {
		one = size < ACQREL_TRACE_UNIT ? 0 :
		      (size_t)records[1] * ACQREL_TRACE_UNIT;
		if (!one || one > size)
			one = size;
		why = acqrel_replay_records(&replay, records, one, &done);
	}
	end(from, result);
	return why;
}

/* each event has one verdict */
static void check_balance(const struct fuzz_records *from,
			  const struct acqrel_trace_result *result)
{
	const struct acqrel_trace_account *a = &result->sums.account;
	u64 sum = a->pushed + a->dropped;

	for (unsigned int i = 0; i < __ACQREL_FILTER_COUNT; i++)
		sum += a->filtered[i];
	if (sum != result->events ||
	    a->offered - from->offered != result->events ||
	    result->digest.events > result->events)
		abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct acqrel_trace_result whole, pieces;
	struct fuzz_records from;
	const char *why;
	u8 *records;

	if (size < sizeof(from))
		return 0;
	memcpy(&from, data, sizeof(from));
	size -= sizeof(from);
	/* of its own size, so that a byte too far is seen */
	records = malloc(size ?: 1);
	if (!records)
		abort();
	memcpy(records, data + sizeof(from), size);
	why = run(&from, records, size, &whole);
	check_balance(&from, &whole);
	if (run_one_by_one(&from, records, size, &pieces) != why ||
	    memcmp(&whole, &pieces, sizeof(whole)))
		abort();
	free(records);
	return 0;
}
