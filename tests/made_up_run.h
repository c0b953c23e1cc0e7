/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A made-up result of a whole run, as reports and exports see it.
 */
#ifndef ACQREL_TESTS_MADE_UP_RUN_H
#define ACQREL_TESTS_MADE_UP_RUN_H

#include "made_up.h"
#include "report.h"
#include "verdict.h"

/* a run that is being made up */
struct made_up_run {
	struct result *result;
	struct acqrel_generator g;
	double factor;
};

/* a case in both worlds, and how long it takes there; 0: is not there */
struct made_up_pair {
	const char *name;
	double ns[WORLD_COUNT];
};

static inline struct cell *made_up_last(struct made_up_run *run)
{
	return &run->result->cells[run->result->ncells - 1];
}

static inline void made_up_one(struct made_up_run *run, enum world where,
			       const char *name, double ns, __u32 load,
			       __u64 rate)
{
	struct made_up m = {
		.world = where,
		.name = name,
		.threads = load + !!rate,
		.ns = ns * run->factor,
		.noise = 0.02 + 0.01 * load,
		.write_rate = rate,
	};
	struct cell *c;

	made_up_cell(run->result, &m, &run->g);
	c = made_up_last(run);
	c->empty = load == 1 ? (int)where : -1;
	c->bound = 2 + where;
	c->bound_times = 1000;
}

static inline void made_up_both(struct made_up_run *run,
				const struct made_up_pair *pair, double slower,
				__u32 load, __u64 rate)
{
	for (enum world w = 0; w < WORLD_COUNT; w++)
		if (pair->ns[w])
			made_up_one(run, w, pair->name, pair->ns[w] * slower,
				    load, rate);
}

static inline void made_up_base(struct made_up_run *run)
{
	static const struct made_up_pair base[] = {
		{ RESULT_EMPTY, { 0.34, 0.33 } },
		{ "floor/cpu:load", { 0.84, 0.83 } },
		{ "floor/cpu:add_locked", { 5.2, 5.1 } },
		{ "floor/call:syscall", { 0, 92 } },
		{ "floor/call:membarrier", { 0, 1240 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(base); i++)
		made_up_both(run, &base[i], 1, 1, 0);
	for (int i = 0; i < 4; i++) {
		run->result->cells[i].empty = i < 2 ? -1 : i - 2;
		run->result->cells[i].bound = -1;
	}
}

/* the same twice: the A/A control */
static inline void made_up_control(struct made_up_run *run, enum world where,
				   __u32 load)
{
	int first = run->result->ncells;

	made_up_one(run, where, "counter/atomic:add", 20 * load, load, 0);
	made_up_one(run, where, "counter/atomic:add", 20 * load, load, 0);
	made_up_last(run)->control = first;
}

static inline void made_up_reads(struct made_up_run *run)
{
	static const struct made_up_pair reads[] = {
		{ "config/rcu:read", { 1.9, 2.3 } },
		{ "config/srcu:read", { 11.2, 0 } },
		{ "config/urcu_qsbr:read", { 0, 1.4 } },
		{ "config/urcu_bp:read", { 0, 3.1 } },
		{ "config/refcount:read", { 10.8, 10.9 } },
		{ "config/mutex:read", { 19, 21 } },
		{ "config/rwlock:read", { 18.3, 24.7 } },
		{ "config/spinlock:read", { 9.8, 11 } },
	};
	static const __u64 rates[] = { 0, 1000, 100000, RESULT_WRITE_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(reads); i++) {
		double shared = reads[i].ns[WORLD_USER] > 5 ? 2.5 : 0;

		made_up_both(run, &reads[i], 1, 1, 0);
		made_up_both(run, &reads[i], 1 + 3 * shared, 4, 0);
		for (size_t j = 0; j < ARRAY_SIZE(rates); j++)
			made_up_both(run, &reads[i], 1 + shared + 0.4 * j, 2,
				     rates[j]);
	}
}

static inline void made_up_oneway(struct made_up_run *run)
{
	static const struct made_up_pair oneway[] = {
		{ "ring/spsc:oneway", { 61, 64 } },
		{ "ring/mpmc:oneway", { 92, 99 } },
		{ "ring/kfifo:oneway", { 118, 0 } },
		{ "ring/mutex:oneway", { 0, 410 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(oneway); i++)
		for (enum world w = 0; w < WORLD_COUNT; w++) {
			double ns = oneway[i].ns[w];

			if (!ns)
				continue;
			made_up_one(run, w, oneway[i].name, ns, 2, 0);
			made_up_latency(made_up_last(run), ns, &run->g);
		}
}

static inline void made_up_others(struct made_up_run *run)
{
	static const struct made_up_pair others[] = {
		{ "config/rcu:synchronize", { 0, 41000 } },
		{ "config/srcu:synchronize", { 61000, 0 } },
		{ "config/urcu_qsbr:synchronize", { 0, 2200 } },
		{ "counter/percpu:add", { 1.1, 1.3 } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		made_up_both(run, &others[i], 1, 1, 0);
	made_up_one(run, WORLD_USER, "counter/broken:add", 1.2, 1, 0);
	made_up_last(run)->slices[3].samples[0].did.violations = 3;
	made_up_one(run, WORLD_USER, "counter/mutex:add", 17, 1, 0);
	for (int i = 0; i < 2 * MADE_UP_BLOCKS; i++)
		made_up_last(run)->slices[i].tags |= TAG_WAITED;
}

/* a result of day @day, 0 to 2 */
static inline void made_up_file(struct report_file *file, int day,
				bool emulated)
{
	static const char *const paths[] = {
		"before.json", "after.json", "<b>\"odd\"&.json"
	};
	struct made_up_run run = {
		.result = &file->result,
		.factor = 1 + 0.1 * day,
	};

	ktap_seed(&run.g);
	memset(file, 0, sizeof(*file));
	made_up_run(run.result);
	run.result->emulated = emulated;
	made_up_base(&run);
	for (__u32 load = 1; load <= 4; load *= 2)
		for (enum world w = 0; w < WORLD_COUNT; w++)
			made_up_control(&run, w, load);
	made_up_reads(&run);
	made_up_oneway(&run);
	made_up_others(&run);
	check_eq(figures_compute(run.result), 0);
	file->path = paths[day];
	strcpy(file->host, "a <host>");
	snprintf(file->date, sizeof(file->date), "2026-01-0%dT03:04:05Z",
		 2 + day);
}

#endif /* ACQREL_TESTS_MADE_UP_RUN_H */
