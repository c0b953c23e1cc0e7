// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_ring.c - acqrel ring show
 */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "names.h"
#include "sums.h"

static const char legend[] =
	"\nBalanced: offered = filtered (f.kind + ... + f.value) + pushed + dropped.\n"
	"The total is a sum of per-CPU snapshots, not one instant.\n";

static void print_fields(const struct acqrel_ring_values *r, bool cpu)
{
	char key[32], title[16];

	out_u64("capacity", "capacity", r->capacity);
	out_u64("fill", "fill", r->fill);
	out_u64("offered", "offered", r->account.offered);
	for (unsigned int i = 0; i < __ACQREL_FILTER_COUNT; i++) {
		snprintf(key, sizeof(key), "filtered_%s",
			 acqrel_filter_name(i));
		snprintf(title, sizeof(title), "f.%s", acqrel_filter_name(i));
		out_u64(key, title, r->account.filtered[i]);
	}
	out_u64("pushed", "pushed", r->account.pushed);
	out_u64("dropped", "dropped", r->account.dropped);
	out_u64("overwritten", "overwr.", r->account.overwritten);
	out_u64("popped", "popped", r->popped);
	if (cpu)
		out_u64("head", NULL, r->account.head);
	out_u64("retries", NULL, r->retries);
	out_bool("balanced", "balanced", acqrel_account_balanced(&r->account));
}

/**
 * ring_print() - print books, one row each and the total
 * @rings: of every CPU or stream
 * @n: how many
 * @unit: "cpu" or "stream"
 * @total: set to the sum
 *
 * Return: whether all of them balance.
 */
bool ring_print(const struct acqrel_ring_values *rings, size_t n,
		const char *unit, struct acqrel_ring_values *total)
{
	bool balanced = true;
	char text[16];

	memset(total, 0, sizeof(*total));
	snprintf(text, sizeof(text), "per_%s", unit);
	out_table(text);
	for (size_t i = 0; i < n; i++) {
		ring_add(total, &rings[i]);
		balanced &= acqrel_account_balanced(&rings[i].account);
		out_row();
		out_u64(unit, NULL, rings[i].cpu);
		snprintf(text, sizeof(text), "%u", rings[i].cpu);
		out_str(NULL, unit, text);
		print_fields(&rings[i], true);
		out_end();
	}
	if (!out_is_json()) {
		out_row();
		out_str(NULL, unit, "total");
		print_fields(total, false);
		out_end();
	}
	out_end();
	if (!out_is_json())
		return balanced;
	out_object("total", NULL);
	print_fields(total, false);
	out_end();
	return balanced;
}

static void print_checks(const struct acqrel_ring_values *rings, size_t n,
			 const struct acqrel_ring_values *total)
{
	out_text("\n%s:\n",
		 "Snapshots taken with the sequence counter, and without (naive)");
	out_table("snapshots");
	for (size_t i = 0; i < n; i++) {
		out_row();
		out_u64("cpu", "CPU", rings[i].cpu);
		out_u64("checks", "checked", rings[i].checks);
		out_u64("unbalanced", "unbalanced", rings[i].unbalanced);
		out_u64("naive_unbalanced", "naive unbalanced",
			rings[i].naive_unbalanced);
		out_end();
	}
	out_end();
	out_u64("unbalanced", NULL, total->unbalanced);
	out_u64("naive_unbalanced", NULL, total->naive_unbalanced);
}

static int print(const struct acqrel_ring_values *rings, size_t n, bool checks)
{
	struct acqrel_ring_values total;
	bool balanced = ring_print(rings, n, "cpu", &total);

	out_str("total_is", NULL, "sum of per-CPU snapshots, not one instant");
	if (checks)
		print_checks(rings, n, &total);
	out_text("%s", legend);
	balanced &= !total.unbalanced;
	out_bool("balanced", NULL, balanced);
	if (balanced)
		return STATUS_OK;
	out_note("acqrel: a snapshot did not balance; a bug of the module");
	return STATUS_CHECK;
}

/**
 * cmd_ring_show() - print rings and books
 * @args: words
 *
 * Return: exit status.
 */
int cmd_ring_show(struct args *args)
{
	__u64 checks = 0;
	const struct option options[] = {
		{ .name = "--checks", .value = "N", .number = &checks,
		  .max = ACQREL_CHECKS_MAX, .min = 1,
		  .help = "check N snapshots of each CPU's books" },
		{ }
	};
	struct acqrel_ring_values *rings;
	struct acqrel_client *client;
	size_t n;
	int rc;

	if (!args_parse(args, options, 0))
		return args->status;
	client = session_open(&args->status);
	if (!client)
		return args->status;
	rc = acqrel_client_rings(client, checks, &rings, &n);
	if (rc) {
		rc = session_fail(client, rc, "read the rings");
	} else {
		rc = print(rings, n, checks);
		free(rings);
	}
	acqrel_client_close(client);
	return rc;
}

const struct command ring_commands[] = {
	{ "show", NULL, "print capacity, fill and books of each CPU",
	  cmd_ring_show, NULL },
	{ "drain", NULL, "read events until interrupted", cmd_ring_drain,
	  NULL },
	{ }
};
