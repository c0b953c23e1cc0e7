// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configs: what is accepted, how it is published, how it is reclaimed.
 */
#include "config.h"
#include "threads.h"

#define READERS	2

static struct acqrel_config_cell cell;

static void bad_values_are_named(void)
{
	struct acqrel_config_values good, v;

	acqrel_config_defaults(&good);
	check(!acqrel_config_check(&good));
	v = good;
	v.kinds = ACQREL_KINDS_ALL + 1;
	check(strstr(acqrel_config_check(&v), "kinds"));
	v = good;
	v.sample_every = 0;
	check(strstr(acqrel_config_check(&v), "sample_every"));
	v.sample_every = ACQREL_SAMPLE_MAX + 1;
	check(strstr(acqrel_config_check(&v), "sample_every"));
	v = good;
	v.policy = __ACQREL_POLICY_COUNT;
	check(strstr(acqrel_config_check(&v), "policy"));
	v = good;
	v.nr_pids = ACQREL_PIDS_MAX + 1;
	check(strstr(acqrel_config_check(&v), "64"));
	v = good;
	v.nr_pids = 1;
	check(strstr(acqrel_config_check(&v), "thread id"));
	v.pids[0] = -1;
	check(strstr(acqrel_config_check(&v), "thread id"));
	v.pids[0] = ACQREL_PID_LIMIT + 1;
	check(strstr(acqrel_config_check(&v), "thread id"));
}

static void extreme_values_are_good(void)
{
	struct acqrel_config_values v;
	unsigned int i;

	acqrel_config_defaults(&v);
	v.kinds = 0;
	v.min_value_ns = ~0ULL;
	v.sample_every = ACQREL_SAMPLE_MAX;
	v.policy = ACQREL_POLICY_OVERWRITE_OLDEST;
	v.nr_pids = ACQREL_PIDS_MAX;
	for (i = 0; i < ACQREL_PIDS_MAX; i++)
		v.pids[i] = i ? ACQREL_PID_LIMIT : 1;
	check(!acqrel_config_check(&v));
}

/* values that can be told from each other, and from a mixture */
static void values_of(struct acqrel_config_values *v, u64 x)
{
	unsigned int i;

	acqrel_config_defaults(v);
	v->min_value_ns = x;
	v->sample_every = 1 + x % ACQREL_SAMPLE_MAX;
	v->policy = x % 2;
	v->kinds = x % (ACQREL_KINDS_ALL + 1);
	v->nr_pids = x % (ACQREL_PIDS_MAX + 1);
	for (i = 0; i < v->nr_pids; i++)
		v->pids[i] = 1 + (x + i) % ACQREL_PID_LIMIT;
}

static bool is_of(const struct acqrel_config *c, u64 x)
{
	struct acqrel_config_values v;

	values_of(&v, x);
	return c->min_value_ns == v.min_value_ns &&
	       c->sample_every == v.sample_every && c->policy == v.policy &&
	       c->kinds == v.kinds && c->nr_pids == v.nr_pids &&
	       !memcmp(c->pids, v.pids, v.nr_pids * sizeof(s32));
}

static void snapshots_say_what_was_asked_for(void)
{
	struct acqrel_config_values in, out;
	const char *why;
	u64 generation;
	unsigned int x;

	check_eq(acqrel_config_cell_init(&cell), 0);
	acqrel_config_snapshot(&cell, &out, &generation);
	acqrel_config_defaults(&in);
	check_eq(generation, 1);
	check(!memcmp(&in, &out, sizeof(in)));
	for (x = 0; x < 200; x++) {
		values_of(&in, x);
		check_eq(acqrel_config_publish(&cell, &in, &why), 0);
		check(!why);
		acqrel_config_snapshot(&cell, &out, &generation);
		check_eq(generation, 2 + x);
		check(!memcmp(&in, &out, sizeof(in)));
	}
	acqrel_config_cell_destroy(&cell);
}

static void pids_are_found(void)
{
	struct acqrel_config_values v;
	const struct acqrel_config *c;
	const char *why;

	check_eq(acqrel_config_cell_init(&cell), 0);
	values_of(&v, ACQREL_PIDS_MAX);
	check_eq(acqrel_config_publish(&cell, &v, &why), 0);
	rcu_read_lock();
	c = acqrel_config_dereference(&cell);
	check(!acqrel_config_has_pid(c, v.pids[0] - 1));
	check(acqrel_config_has_pid(c, v.pids[0]));
	check(acqrel_config_has_pid(c, v.pids[ACQREL_PIDS_MAX - 1]));
	check(!acqrel_config_has_pid(c, v.pids[ACQREL_PIDS_MAX - 1] + 1));
	rcu_read_unlock();
	acqrel_config_cell_destroy(&cell);
}

static void failed_update_changes_nothing(void)
{
	struct acqrel_config_values v;
	struct acqrel_config_node *node;
	struct acqrel_grace grace;
	const char *why;

	check_eq(acqrel_config_cell_init(&cell), 0);
	values_of(&v, 1000);
	check_eq(acqrel_config_publish(&cell, &v, &why), 0);
	rcu_barrier();
	node = cell.node;
	v.sample_every = 0;
	check_eq(acqrel_config_publish(&cell, &v, &why), -EINVAL);
	check(why && strstr(why, "sample_every"));
	check(cell.node == node);
	check_eq(node->config.generation, 2);
	check(is_of(&node->config, 1000));
	rcu_barrier();
	acqrel_grace_read(&cell, &grace);
	check_eq(grace.count, 1);
	acqrel_config_cell_destroy(&cell);
}

/* readers beside writers: generation g has the values of g */
static struct {
	enum acqrel_reclaim reclaim;
	u64 updates;			/* of each writer */
	unsigned int writers;
	u64 done ____cacheline_aligned;	/* writers that ended */
	u64 reading;			/* readers that have begun */
} shared;

static void publish(void *arg)
{
	bool registered = cell.reclaim == ACQREL_RECLAIM_CALL;
	struct acqrel_config_values v;
	unsigned int spins = 0;
	const char *why;
	u64 i;

	(void)arg;
	/* who waits for the grace period himself need not be */
	if (registered)
		rcu_register_thread();
	while (progress_get(&shared.reading) < READERS)
		threads_wait(&spins);
	for (i = 0; i < shared.updates; i++) {
		values_of(&v, 2 + i);
		check_eq(acqrel_config_publish(&cell, &v, &why), 0);
	}
	__atomic_fetch_add(&shared.done, 1, __ATOMIC_RELEASE);
	if (registered)
		rcu_unregister_thread();
}

static void read_whole(u64 *newest)
{
	const struct acqrel_config *c;

	rcu_read_lock();
	c = acqrel_config_dereference(&cell);
	/* with one writer the values follow from the generation */
	if (shared.writers == 1 && c->generation > 1)
		check_eq(c->min_value_ns, c->generation);
	check(c->generation >= *newest);
	*newest = c->generation;
	/* long enough for others to be published meanwhile */
	if (c->generation % 64 == 0)
		sched_yield();
	check(c->generation == 1 || is_of(c, c->min_value_ns));
	rcu_read_unlock();
}

static void read_until_done(void *arg)
{
	u64 newest = 0;

	(void)arg;
	rcu_register_thread();
	read_whole(&newest);
	__atomic_fetch_add(&shared.reading, 1, __ATOMIC_RELEASE);
	while (progress_get(&shared.done) < shared.writers)
		read_whole(&newest);
	rcu_unregister_thread();
}

static void check_grace(u64 count)
{
	struct acqrel_grace grace = { 0 };
	u64 median;

	acqrel_grace_read(&cell, &grace);
	check_eq(grace.count, count);
	median = acqrel_grace_median(&grace);
	check(grace.min_ns <= median && median <= grace.max_ns);
	check(grace.min_ns <= grace.last_ns && grace.last_ns <= grace.max_ns);
	check(grace.max_ns < 60ULL * 1000000000);
}

static void run_threads(enum acqrel_reclaim reclaim, unsigned int writers,
			u64 updates)
{
	struct threads_one table[READERS + 2] = {
		{ .run = read_until_done }, { .run = read_until_done },
		{ .run = publish }, { .run = publish },
	};

	check_eq(acqrel_config_cell_init(&cell), 0);
	cell.reclaim = reclaim;
	shared.writers = writers;
	shared.updates = updates;
	shared.done = 0;
	shared.reading = 0;
	threads_run(table, READERS + writers);
	check_eq(cell.node->config.generation, 1 + writers * updates);
	rcu_barrier();
	check_eq(cell.retired, 0);
	check_grace(writers * updates);
	acqrel_config_cell_destroy(&cell);
}

static void readers_never_see_a_mixture(void)
{
	run_threads(ACQREL_RECLAIM_CALL, 1, ktap_scale(200000));
	run_threads(ACQREL_RECLAIM_SYNCHRONIZE, 1, ktap_scale(10000));
}

static void two_writers_take_turns(void)
{
	run_threads(ACQREL_RECLAIM_CALL, 2, ktap_scale(100000));
	run_threads(ACQREL_RECLAIM_SYNCHRONIZE, 2, ktap_scale(5000));
}

static void publish_pinned(void *arg)
{
	struct acqrel_config_values v;
	const char *why;
	cpu_set_t one;

	(void)arg;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	check_eq(sched_setaffinity(0, sizeof(one), &one), 0);
	rcu_register_thread();
	values_of(&v, 1);
	check_eq(acqrel_config_publish(&cell, &v, &why), 0);
	rcu_unregister_thread();
}

/* or it would run only where that writer lets it: first of all tests */
static void callbacks_are_not_pinned_with_a_writer(void)
{
	struct threads_one pinned = { .run = publish_pinned };
	cpu_set_t ours, theirs;

	check_eq(sched_getaffinity(0, sizeof(ours), &ours), 0);
	if (CPU_COUNT(&ours) < 2) {
		ktap_skip("needs a second CPU");
		return;
	}
	check_eq(acqrel_config_cell_init(&cell), 0);
	threads_run(&pinned, 1);
	check_eq(pthread_getaffinity_np(get_call_rcu_thread(get_default_call_rcu_data()),
					sizeof(theirs), &theirs), 0);
	check(CPU_EQUAL(&ours, &theirs));
	acqrel_config_cell_destroy(&cell);
}

/* a reader inside keeps every snapshot that it may hold */
static void grace_period_waits_for_the_reader(void)
{
	struct acqrel_config_values v;
	const struct acqrel_config *c;
	struct acqrel_grace grace;
	const char *why;
	unsigned int i;

	check_eq(acqrel_config_cell_init(&cell), 0);
	values_of(&v, 77);
	check_eq(acqrel_config_publish(&cell, &v, &why), 0);
	rcu_barrier();
	rcu_read_lock();
	c = acqrel_config_dereference(&cell);
	for (i = 0; i < 100; i++)
		check_eq(acqrel_config_publish(&cell, &v, &why), 0);
	acqrel_grace_read(&cell, &grace);
	check_eq(grace.count, 1);
	check_eq(READ_ONCE(cell.retired), 100);
	check(is_of(c, 77));
	rcu_read_unlock();
	rcu_barrier();
	check_grace(101);
	acqrel_config_cell_destroy(&cell);
}

static void fast_writer_is_held_back(void)
{
	struct acqrel_config_values v;
	const char *why;
	u64 i, most = 0;

	check_eq(acqrel_config_cell_init(&cell), 0);
	values_of(&v, 1);
	for (i = 0; i < 3 * ACQREL_RETIRED_MAX; i++) {
		check_eq(acqrel_config_publish(&cell, &v, &why), 0);
		if (READ_ONCE(cell.retired) > most)
			most = READ_ONCE(cell.retired);
	}
	check(most <= ACQREL_RETIRED_MAX);
	acqrel_config_cell_destroy(&cell);
}

static void median_of_the_last_samples(void)
{
	static struct acqrel_grace grace;
	u64 i;

	check_eq(acqrel_grace_median(&grace), 0);
	grace.count = 3;
	grace.samples[0] = 9;
	grace.samples[1] = 1;
	grace.samples[2] = 5;
	check_eq(acqrel_grace_median(&grace), 5);
	for (i = 0; i < ACQREL_GRACE_SAMPLES; i++)
		grace.samples[i] = ACQREL_GRACE_SAMPLES - i;
	grace.count = 10 * ACQREL_GRACE_SAMPLES + 1;
	check_eq(acqrel_grace_median(&grace), ACQREL_GRACE_SAMPLES / 2);
}

static const struct ktap_test tests[] = {
	{ "callbacks are not pinned with a writer",
	  callbacks_are_not_pinned_with_a_writer },
	{ "bad values are named", bad_values_are_named },
	{ "extreme values are good", extreme_values_are_good },
	{ "snapshots say what was asked for",
	  snapshots_say_what_was_asked_for },
	{ "pids are found", pids_are_found },
	{ "a failed update changes nothing", failed_update_changes_nothing },
	{ "median of the last grace periods", median_of_the_last_samples },
	{ "a grace period waits for the reader",
	  grace_period_waits_for_the_reader },
	{ "a fast writer is held back", fast_writer_is_held_back },
	{ "threads: readers never see a mixture, generations only grow",
	  readers_never_see_a_mixture },
	{ "threads: two writers take turns", two_writers_take_turns },
};

int main(void)
{
	int status;

	rcu_register_thread();
	status = ktap_run(tests, ARRAY_SIZE(tests));
	rcu_unregister_thread();
	return status;
}
