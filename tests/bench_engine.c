// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine of the user world, with variants that show what it does to them.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "world.h"

#include <acqrel/bench_empty.h>
#include <acqrel/bench_slice.h>

#include "bench.h"
#include "bench/internal.h"
#include "bench/variants.h"
#include "ktap.h"

#define SLICE_NS	1000000
#define LEAD_NS		300000
#define THREADS_MAX	4

/**
 * struct probe - an object that counts
 * @threads: what each thread did
 * @threads.ops: operations of its own kind that were executed
 * @threads.partner: of the other kind
 * @threads.writes: of the writer
 * @threads.entered: less those that left
 * @threads.slices: in which it took part
 * @enter_fails: thread whose enter() fails, from 1
 * @level: items between the operation and its partner, if it is alone
 * @lost: what lost() returns
 */
struct probe {
	struct {
		u64 ops;
		u64 partner;
		u64 writes;
		int entered;
		u64 slices;
	} ____cacheline_aligned threads[THREADS_MAX];
	u32 enter_fails;
	u64 level;
	u64 lost;
};

/* the one that was made last */
static struct probe *probe;
static unsigned int probes;
static int create_error;

static int probe_create(const struct acqrel_arm_params *p, void **object)
{
	if (create_error)
		return create_error;
	check(p->threads <= THREADS_MAX);
	probe = world_alloc(sizeof(*probe));
	*object = probe;
	probes++;
	return probe ? 0 : -ENOMEM;
}

static void probe_destroy(void *object)
{
	world_free(object);
	probes--;
}

static int probe_enter(struct acqrel_worker *w)
{
	struct probe *p = w->object;

	if (w->thread + 1 == p->enter_fails)
		return -EAGAIN;
	p->threads[w->thread].entered++;
	p->threads[w->thread].slices++;
	return 0;
}

static void probe_leave(struct acqrel_worker *w)
{
	struct probe *p = w->object;

	p->threads[w->thread].entered--;
}

static u64 probe_lost(void *object, const struct acqrel_worker *workers,
		      unsigned int n)
{
	struct probe *p = object;

	for (unsigned int i = 0; i < n; i++) {
		check_eq(workers[i].thread, i);
		check_eq(p->threads[i].entered, 0);
		check_eq(workers[i].position, p->threads[i].ops);
	}
	return p->lost;
}

/* every third fails */
static u64 probe_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;
	u64 failed = 0;

	check(n > 0);
	for (u64 i = 0; i < n; i++)
		failed += ++w->position % 3 == 0;
	p->threads[w->thread].ops += n;
	return failed;
}

static u64 partner_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;

	p->threads[w->thread].partner += n;
	return 0;
}

static u64 writer_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;

	p->threads[w->thread].writes += n;
	return 0;
}

/* A bounded store: it fails when it is full, taking when it is empty. */
static u64 fill_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;
	u64 room = 100 - p->level, done = n < room ? n : room;

	p->level += done;
	w->position += n;
	p->threads[w->thread].ops += n;
	return n - done;
}

static u64 take_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;
	u64 done = n < p->level ? n : p->level;

	p->level -= done;
	p->threads[w->thread].partner += n;
	return n - done;
}

/* notes what it is told to, as an operation that times itself */
static u64 record_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;

	for (u64 i = 0; i < n; i++)
		acqrel_latency_add(w->latency, 1000);
	w->position += n;
	p->threads[w->thread].ops += n;
	w->retries += n;
	w->fill_sum += 3 * n;
	w->fill_n += n;
	w->violations++;
	return 0;
}

static u64 slow_burst(struct acqrel_worker *w, u64 n)
{
	struct probe *p = w->object;

	for (u64 i = 0; i < n; i++)
		for (int j = 0; j < 100; j++)
			barrier();
	w->position += n;
	p->threads[w->thread].ops += n;
	return 0;
}

enum { LOOP, PAIRED, FED, SETTLED, RECORDED, SLOW };

static const struct acqrel_op ops[] = {
	[LOOP] = {
		.name = "loop", .burst = probe_burst, .writer = writer_burst,
		.chunk = 100
	},
	[PAIRED] = {
		.name = "paired", .burst = probe_burst,
		.partner = partner_burst, .writer = writer_burst,
		.flags = ACQREL_OP_PAIRS
	},
	[FED] = {
		.name = "fed", .burst = probe_burst, .partner = partner_burst,
		.flags = ACQREL_OP_FEEDS
	},
	[SETTLED] = {
		.name = "settled", .burst = fill_burst, .partner = take_burst,
		.flags = ACQREL_OP_SETTLES, .chunk = 50
	},
	[RECORDED] = {
		.name = "recorded", .burst = record_burst,
		.flags = ACQREL_OP_RECORDS
	},
	[SLOW] = { .name = "slow", .burst = slow_burst, .chunk = 100 },
	{ }
};

static const struct acqrel_variant variant = {
	.name = "probe/probe",
	.ops = ops,
	.create = probe_create,
	.destroy = probe_destroy,
	.enter = probe_enter,
	.leave = probe_leave,
	.lost = probe_lost,
};

static struct bench *bench;
static u32 cpus[THREADS_MAX];
static unsigned int ncpus;
static struct acqrel_sample samples[THREADS_MAX];

static void find_cpus(void)
{
	cpu_set_t set;

	sched_getaffinity(0, sizeof(set), &set);
	for (u32 i = 0; i < CPU_SETSIZE && ncpus < THREADS_MAX; i++)
		if (CPU_ISSET(i, &set))
			cpus[ncpus++] = i;
}

static bool have_cpus(unsigned int n)
{
	if (ncpus >= n)
		return true;
	ktap_skip("too few CPUs");
	return false;
}

static struct bench_arm *arm_of(int op, u32 threads, bool writes)
{
	const struct bench_arm_params p = {
		.cpus = cpus, .threads = threads, .writes = writes
	};
	struct bench_arm *arm = NULL;

	if (!bench)
		check_eq(bench_open(WORLD_USER, NULL, &bench), 0);
	check_eq(engine_arm_open(bench, &variant, &ops[op], &p, &arm), 0);
	return arm;
}

static void run(struct bench_arm *arm, const struct acqrel_slice_params *more)
{
	struct acqrel_slice_params p = *more;

	p.slice_ns = p.slice_ns ?: SLICE_NS;
	p.lead_ns = p.lead_ns ?: LEAD_NS;
	memset(samples, 0xff, sizeof(samples));
	check_eq(bench_slice(arm, &p, samples), 0);
}

static const struct acqrel_slice_params plain = { 0 };

static void check_sample(const struct acqrel_sample *s, u32 thread)
{
	const struct acqrel_slice *did = &s->did;

	check_eq(s->thread, thread);
	check_eq(s->deadline_ns, samples[0].deadline_ns);
	check_eq(did->cpu, cpus[thread]);
	check(did->start_ns >= s->deadline_ns);
	check(did->end_ns >= s->deadline_ns + SLICE_NS);
	check(did->busy_ns > 0);
	check(did->busy_ns <= did->end_ns - did->start_ns);
	check(did->bursts > 0);
}

static void a_slice_adds_up(void)
{
	struct bench_arm *arm = arm_of(LOOP, 1, false);
	u64 before = world_clock(), executed;

	run(arm, &plain);
	check_sample(&samples[0], 0);
	check(samples[0].deadline_ns > before);
	check(world_clock() > samples[0].did.end_ns);
	check_eq(samples[0].did.role, ACQREL_BENCH_ROLE_MEASURED);
	check_eq(samples[0].did.ops + samples[0].did.failed,
		 100 * samples[0].did.bursts);
	/* which of them fail is known up to where the slice began */
	check(samples[0].did.failed * 3 + 3 > samples[0].did.bursts * 100);
	check(samples[0].did.failed * 3 < samples[0].did.bursts * 100 + 3);
	/* before and after there was load, which is not reported */
	executed = probe->threads[0].ops;
	check(executed > 100 * samples[0].did.bursts);
#ifdef __x86_64__
	check(samples[0].did.chain_ns > 0);
#endif
	bench_arm_close(arm);
}

static void threads_start_together(void)
{
	struct bench_arm *arm;
	u64 late, best = ~0ULL;

	if (!have_cpus(2))
		return;
	arm = arm_of(LOOP, 2, false);
	/* one of some, as others may have the CPU */
	for (int i = 0; i < 50 && best > 20000; i++) {
		run(arm, &plain);
		check_sample(&samples[0], 0);
		check_sample(&samples[1], 1);
		late = samples[0].did.start_ns + samples[1].did.start_ns -
		       2 * samples[0].deadline_ns;
		best = late < best ? late : best;
	}
	check(best <= 20000);
	bench_arm_close(arm);
}

/* share of the slice in which both were timed */
static double overlap(void)
{
	u64 start = samples[0].did.start_ns, end = samples[0].did.end_ns;
	u64 first = start, last = end;

	if (samples[1].did.start_ns > start)
		start = samples[1].did.start_ns;
	else
		first = samples[1].did.start_ns;
	if (samples[1].did.end_ns < end)
		end = samples[1].did.end_ns;
	else
		last = samples[1].did.end_ns;
	return end > start ? (double)(end - start) / (double)(last - first) : 0;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* overlaps of some slices, in order of size */
static void overlaps(struct bench_arm *arm, u64 late_ns, double *all, int n)
{
	const struct acqrel_slice_params late = { .late_ns = late_ns };

	for (int i = 0; i < n; i++) {
		run(arm, &late);
		check(samples[1].did.start_ns >=
		      samples[1].deadline_ns + late_ns);
		all[i] = overlap();
	}
	qsort(all, n, sizeof(*all), by_size);
}

static void a_late_thread_costs_overlap(void)
{
	struct bench_arm *arm;
	double none[21], half[21];

	if (!have_cpus(2))
		return;
	arm = arm_of(LOOP, 2, false);
	overlaps(arm, 0, none, 21);
	overlaps(arm, SLICE_NS / 2, half, 21);
	printf("# overlap %.3f, with a late thread %.3f\n", none[10], half[10]);
	/* the best, as others may have the CPU at times */
	check(none[20] > 0.95);
	check(half[20] > 0.4);
	check(half[10] < 0.6);
	bench_arm_close(arm);
}

static void planted_work_is_done_and_not_reported(void)
{
	struct bench_arm *arm = arm_of(LOOP, 1, false);
	static const struct acqrel_slice_params more = { .plant = 500 };
	u64 bursts;

	run(arm, &more);
	bursts = samples[0].did.bursts;
	check_eq(samples[0].did.ops + samples[0].did.failed, 100 * bursts);
	/* load before and after is planted, too: all in steps of 150 */
	check_eq(probe->threads[0].ops % 150, 0);
	check(probe->threads[0].ops >= 150 * bursts);
	bench_arm_close(arm);
}

/* the shortest time of an operation in some slices */
static double ns_of(struct bench_arm *arm, u32 plant)
{
	const struct acqrel_slice_params p = { .plant = plant };
	double ns, best = 1e9;

	for (int i = 0; i < 10; i++) {
		run(arm, &p);
		ns = (double)samples[0].did.busy_ns / samples[0].did.ops;
		best = ns < best ? ns : best;
	}
	return best;
}

static void planted_work_takes_time(void)
{
	struct bench_arm *arm = arm_of(SLOW, 1, false);
	double plain_ns = ns_of(arm, 0), more_ns = ns_of(arm, 1000);

	printf("# %.1f ns, planted %.1f ns\n", plain_ns, more_ns);
	check(more_ns > 1.5 * plain_ns);
	bench_arm_close(arm);
}

static void check_role(u32 thread, u32 role)
{
	check_eq(samples[thread].did.role, role);
	if (role == ACQREL_BENCH_ROLE_MEASURED)
		check(probe->threads[thread].ops > 0);
	else
		check_eq(probe->threads[thread].ops, 0);
	if (role != ACQREL_BENCH_ROLE_PARTNER)
		check_eq(probe->threads[thread].partner, 0);
	else
		check(probe->threads[thread].partner > 0);
	if (role != ACQREL_BENCH_ROLE_WRITER)
		check_eq(probe->threads[thread].writes, 0);
	else
		check(probe->threads[thread].writes > 0);
}

static void partners_and_writers_are_cast(void)
{
	struct bench_arm *arm;

	if (!have_cpus(2))
		return;
	arm = arm_of(PAIRED, 2, false);
	run(arm, &plain);
	check_role(0, ACQREL_BENCH_ROLE_MEASURED);
	check_role(1, ACQREL_BENCH_ROLE_PARTNER);
	bench_arm_close(arm);

	arm = arm_of(LOOP, 2, true);
	run(arm, &plain);
	check_role(0, ACQREL_BENCH_ROLE_MEASURED);
	check_role(1, ACQREL_BENCH_ROLE_WRITER);
	bench_arm_close(arm);
}

static u32 who(int op, u32 threads, u32 thread, bool has_writer)
{
	const struct acqrel_worker w = { .threads = threads, .thread = thread };
	const struct acqrel_slice_turn t = {
		.op = &ops[op], .has_writer = has_writer
	};

	return acqrel_slice_who(&w, &t);
}

/* more threads than there may be CPUs */
static void odd_threads_are_idle(void)
{
	check_eq(who(PAIRED, 3, 0, false), ACQREL_BENCH_ROLE_MEASURED);
	check_eq(who(PAIRED, 3, 1, false), ACQREL_BENCH_ROLE_PARTNER);
	check_eq(who(PAIRED, 3, 2, false), ACQREL_BENCH_ROLE_IDLE);
	/* a writer is not one of them, and who shares is not idle */
	check_eq(who(PAIRED, 4, 2, true), ACQREL_BENCH_ROLE_IDLE);
	check_eq(who(PAIRED, 4, 3, true), ACQREL_BENCH_ROLE_WRITER);
	check_eq(who(FED, 3, 2, false), ACQREL_BENCH_ROLE_MEASURED);
	check_eq(who(PAIRED, 2, 0, true), ACQREL_BENCH_ROLE_MEASURED);
}

static void a_lone_thread_settles(void)
{
	struct bench_arm *arm = arm_of(SETTLED, 1, false);

	run(arm, &plain);
	check_eq(samples[0].did.failed, 0);
	check(samples[0].did.ops > 0);
	check_eq(probe->level, 0);
	/* what it takes away is not timed: about as much as it fills */
	check(probe->threads[0].partner >= samples[0].did.ops);
	bench_arm_close(arm);
}

static u64 paced(struct bench_arm *arm, const struct acqrel_slice_params *p,
		 u32 thread)
{
	u64 best = 0;

	for (int i = 0; i < 10; i++) {
		run(arm, p);
		/* what a stall in the lead held up comes later */
		check(samples[thread].did.bursts <=
		      (p->slice_ns + LEAD_NS) / 10000 + 2);
		check_eq(samples[thread].did.ops + samples[thread].did.failed,
			 samples[thread].did.bursts);
		if (samples[thread].did.bursts > best)
			best = samples[thread].did.bursts;
	}
	return best;
}

static void a_writer_keeps_its_rate(void)
{
	static const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .write_period_ns = 10000
	};
	struct bench_arm *arm;

	if (!have_cpus(2))
		return;
	arm = arm_of(LOOP, 2, true);
	check(paced(arm, &p, 1) >= 95);
	/* the reader is not paced */
	check(samples[0].did.bursts * 100 == samples[0].did.ops +
					     samples[0].did.failed);
	bench_arm_close(arm);
}

static void operations_are_paced_and_timed(void)
{
	static const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .mode = ACQREL_BENCH_LATENCY,
		.pace_ns = 10000
	};
	static struct latency_sum l;
	struct bench_arm *arm = arm_of(LOOP, 1, false);

	check(paced(arm, &p, 0) >= 95);
	memset(&l, 0, sizeof(l));
	check_eq(bench_latency(arm, &l), 0);
	/* what was due and did not begin counts too */
	check(l.n >= samples[0].did.bursts);
	check(l.n <= (p.slice_ns + LEAD_NS) / p.pace_ns + 2);
	check(l.max > 0);
	bench_arm_close(arm);
}

static void what_feeds_is_paced(void)
{
	static const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .mode = ACQREL_BENCH_LATENCY,
		.pace_ns = 10000
	};
	struct bench_arm *arm;

	if (!have_cpus(2))
		return;
	arm = arm_of(FED, 2, false);
	check(paced(arm, &p, 1) >= 95);
	check(samples[0].did.bursts > 0);
	check_eq(samples[0].did.ops + samples[0].did.failed,
		 samples[0].did.bursts * ACQREL_BENCH_CHUNK);
	bench_arm_close(arm);
}

static void what_a_burst_notes_is_reported(void)
{
	static struct latency_sum l;
	struct bench_arm *arm = arm_of(RECORDED, 1, false), *other;
	struct acqrel_slice *did = &samples[0].did;

	run(arm, &plain);
	check_eq(did->retries, did->ops);
	check_eq(did->fill_n, did->ops);
	check_eq(did->fill_sum, 3 * did->ops);
	/* also in the load */
	check(did->violations > did->bursts);
	memset(&l, 0, sizeof(l));
	check_eq(bench_latency(arm, &l), 0);
	check_eq(l.n, did->ops);
	check_eq(l.buckets[acqrel_latency_bucket(1000)], did->ops);
	check_eq(l.max, 1000);
	/* it adds */
	check_eq(bench_latency(arm, &l), 0);
	check_eq(l.n, 2 * did->ops);

	other = arm_of(LOOP, 1, false);
	check_eq(bench_latency(other, &l), -ENOENT);
	run(other, &plain);
	check_eq(bench_latency(arm, &l), -ENOENT);
	check(strstr(bench_message(bench), "last slice"));
	bench_arm_close(other);
	bench_arm_close(arm);
}

static void objects_stay_over_slices(void)
{
	struct bench_arm *a = arm_of(LOOP, 1, false), *b;
	struct probe *first = probe;
	u64 executed = 0;

	b = arm_of(LOOP, 1, false);
	check_eq(probes, 2);
	for (u64 i = 1; i <= 3; i++) {
		/* probe_lost() sees that positions go on */
		run(a, &plain);
		check_eq(first->threads[0].slices, i);
		check(first->threads[0].ops > executed);
		executed = first->threads[0].ops;
		run(b, &plain);
		check_eq(first->threads[0].ops, executed);
		check_eq(probe->threads[0].slices, i);
	}
	bench_arm_close(a);
	bench_arm_close(b);
	check_eq(probes, 0);
}

static void losses_are_reported_once(void)
{
	struct bench_arm *arm = arm_of(LOOP, ncpus < 2 ? 1 : 2, false);

	probe->lost = 7;
	run(arm, &plain);
	check_eq(samples[0].did.lost, 7);
	if (ncpus >= 2)
		check_eq(samples[1].did.lost, 0);
	bench_arm_close(arm);
}

static void a_thread_that_cannot_enter(void)
{
	static const struct acqrel_slice_params p = {
		.slice_ns = SLICE_NS, .lead_ns = LEAD_NS
	};
	u32 threads = ncpus < 2 ? 1 : 2;
	struct bench_arm *arm = arm_of(LOOP, threads, false);

	for (u32 fails = 1; fails <= threads; fails++) {
		probe->enter_fails = fails;
		check_eq(bench_slice(arm, &p, samples), -EAGAIN);
		check(strstr(bench_message(bench), "probe/probe:loop"));
		for (u32 i = 0; i < threads; i++) {
			check_eq(probe->threads[i].entered, 0);
			check_eq(probe->threads[i].ops, 0);
		}
	}
	/* and none the worse for it */
	probe->enter_fails = 0;
	run(arm, &plain);
	check_sample(&samples[0], 0);
	bench_arm_close(arm);
}

static void an_object_that_cannot_be_made(void)
{
	const struct bench_arm_params p = { .cpus = cpus, .threads = 1 };
	struct bench_arm *arm;

	create_error = -EOPNOTSUPP;
	check_eq(engine_arm_open(bench, &variant, &ops[LOOP], &p, &arm),
		 -EOPNOTSUPP);
	check(strstr(bench_message(bench), "refuses"));
	create_error = 0;
}

static void cpus_that_are_not_allowed(void)
{
	u32 none[] = { 100000 };
	const struct bench_arm_params p = { .cpus = none, .threads = 1 };
	struct bench_arm *arm;

	check_eq(engine_arm_open(bench, &variant, &ops[LOOP], &p, &arm),
		 -EINVAL);
	check(strstr(bench_message(bench), "pin a thread to CPU 100000"));
	check_eq(probes, 0);
}

/* this process may pin no thread from now on */
static bool forbid_pinning(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_sched_setaffinity,
			 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { ARRAY_SIZE(code), code };

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* as a container may have it; -1: this cannot be tried here */
static int open_without_pinning(void)
{
	const struct bench_arm_params p = { .cpus = cpus, .threads = 1 };
	struct bench_arm *arm;
	struct bench *b;
	int rc;

	if (!forbid_pinning())
		return -1;
	if (bench_open(WORLD_USER, NULL, &b))
		return 1;
	rc = engine_arm_open(b, &variant, &ops[LOOP], &p, &arm);
	return rc != -EPERM || !strstr(bench_message(b), "pin a thread");
}

static void pinning_that_is_forbidden(void)
{
	int status = 0;
	pid_t child = fork();

	if (!child)
		_exit(open_without_pinning());
	check_eq(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 255)
		ktap_skip("no seccomp");
	else
		check_eq(status, 0);
}

/* a process that wants the CPU of the first thread for itself */
static pid_t start_hog(void)
{
	pid_t parent = getpid(), child = fork();
	cpu_set_t set;

	if (child)
		return child;
	CPU_ZERO(&set);
	CPU_SET(cpus[0], &set);
	sched_setaffinity(0, sizeof(set), &set);
	while (getppid() == parent)
		;
	_exit(0);
}

static void disturbance_is_noticed(void)
{
	static const struct acqrel_slice_params p = { .slice_ns = 20000000 };
	struct bench_arm *arm = arm_of(LOOP, 1, false);
	u64 wait_ns = 0, switches = 0;
	pid_t hog = start_hog();

	for (int i = 0; i < 250 && (!wait_ns || !switches); i++) {
		run(arm, &p);
		wait_ns += samples[0].did.wait_ns;
		switches += samples[0].did.switches;
	}
	kill(hog, SIGKILL);
	check_eq(waitpid(hog, NULL, 0), hog);
	check(switches > 0);
	if (access("/proc/thread-self/schedstat", R_OK))
		ktap_skip("no schedstat");
	else
		check(wait_ns > 0);
	bench_arm_close(arm);
}

static int open_case(const char *name, u32 threads, u32 payload, bool writes)
{
	const struct bench_arm_params p = {
		.name = name, .cpus = cpus, .threads = threads,
		.payload = payload, .writes = writes
	};
	struct bench_arm *arm = NULL;
	int rc = bench_arm_open(bench, &p, &arm);

	if (!rc)
		bench_arm_close(arm);
	return rc;
}

static void bad_requests_are_refused(void)
{
	const char *name = "empty/empty:loop";
	u32 twice[] = { cpus[0], cpus[0] };
	const struct bench_arm_params p = {
		.name = name, .cpus = twice, .threads = 2
	};
	struct bench_arm *arm;

	check_eq(open_case(name, 1, 0, false), 0);
	check_eq(open_case("no/such:case", 1, 0, false), -ENOENT);
	check_eq(open_case(name, 0, 0, false), -EINVAL);
	check_eq(open_case(name, ACQREL_BENCH_THREADS_MAX + 1, 0, false),
		 -EINVAL);
	check_eq(open_case(name, 1, 8, false), -EINVAL);
	check_eq(open_case(name, 1, 0, true), -EINVAL);
	check_eq(bench_arm_open(bench, &p, &arm), -EINVAL);
	check(strstr(bench_message(bench), "twice"));
}

static void bad_slices_are_refused(void)
{
	static const struct acqrel_slice_params good = {
		.slice_ns = ACQREL_BENCH_SLICE_MIN_NS
	};
	struct acqrel_slice_params bad[10];
	struct bench_arm *arm = arm_of(LOOP, 1, false);
	unsigned int n = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++)
		bad[i] = good;
	bad[n++].slice_ns = ACQREL_BENCH_SLICE_MIN_NS - 1;
	bad[n++].slice_ns = ACQREL_BENCH_SLICE_MAX_NS + 1;
	bad[n++].lead_ns = ACQREL_BENCH_LEAD_MAX_NS + 1;
	bad[n++].pace_ns = ACQREL_BENCH_PERIOD_MAX_NS + 1;
	bad[n++].write_period_ns = ACQREL_BENCH_PERIOD_MAX_NS + 1;
	bad[n++].mode = __ACQREL_BENCH_MODE_COUNT;
	bad[n++].chunk = ACQREL_BENCH_CHUNK_MAX + 1;
	bad[n++].plant = ACQREL_BENCH_PLANT_MAX + 1;
	bad[n++].late_ns = ACQREL_BENCH_SLICE_MAX_NS + 1;
	check_eq(bench_slice(arm, &good, samples), 0);
	for (unsigned int i = 0; i < n; i++)
		check_eq(bench_slice(arm, &bad[i], samples), -EINVAL);
	bench_arm_close(arm);
}

static bool named(const struct bench_case *cases, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(cases[i].name, name))
			return true;
	return false;
}

static void cases_are_sound(void)
{
	struct bench_case *cases;
	size_t n;

	check_eq(bench_cases(bench, &cases, &n), 0);
	check(n > 0 && !strcmp(cases[0].name, "empty/empty:loop"));
	for (size_t i = 0; i < n; i++) {
		const struct bench_case *c = &cases[i];

		check(!named(cases, i, c->name));
		check(strchr(c->name, '/') && strchr(c->name, ':'));
		check(c->threads >= 1);
		check(!c->threads_max || c->threads_max >= c->threads);
		check_eq(c->payload % 8, 0);
		check(c->payload_max >= c->payload);
		check(!!c->bound[0] == !!c->bound_times);
	}
	free(cases);
}

/* snprintf() would cut a name that is too long */
static void names_fit(void)
{
	for (const struct acqrel_variant *const *v = bench_variants; *v; v++)
		for (const struct acqrel_op *op = (*v)->ops; op->name; op++)
			check(strlen((*v)->name) + strlen(op->name) + 1 <=
			      ACQREL_NAME_MAX);
}

/* on a machine with all libraries there is none */
static void absent_variants_are_not_built(void)
{
	for (const struct bench_absent *a = bench_absent; a->variant; a++) {
		check(strchr(a->variant, '/') && a->package[0]);
		for (unsigned int i = 0; bench_variants[i]; i++)
			check(strcmp(bench_variants[i]->name, a->variant));
	}
}

static void closing_ends_the_threads(void)
{
	struct bench *other;

	check_eq(bench_open(WORLD_USER, NULL, &other), 0);
	bench_close(other);
	bench_close(bench);
	bench = NULL;
	bench_close(NULL);
}

static const struct ktap_test tests[] = {
	/* the first, as it forks: there must be no thread yet */
	{ "pinning that is forbidden", pinning_that_is_forbidden },
	{ "a slice adds up", a_slice_adds_up },
	{ "threads start together", threads_start_together },
	{ "a late thread costs overlap", a_late_thread_costs_overlap },
	{ "planted work is done and not reported",
	  planted_work_is_done_and_not_reported },
	{ "planted work takes time", planted_work_takes_time },
	{ "partners and writers are cast", partners_and_writers_are_cast },
	{ "odd threads are idle", odd_threads_are_idle },
	{ "a lone thread settles", a_lone_thread_settles },
	{ "a writer keeps its rate", a_writer_keeps_its_rate },
	{ "operations are paced and timed", operations_are_paced_and_timed },
	{ "what feeds is paced", what_feeds_is_paced },
	{ "what a burst notes is reported", what_a_burst_notes_is_reported },
	{ "objects stay over slices", objects_stay_over_slices },
	{ "losses are reported once", losses_are_reported_once },
	{ "a thread that cannot enter", a_thread_that_cannot_enter },
	{ "an object that cannot be made", an_object_that_cannot_be_made },
	{ "CPUs that are not allowed", cpus_that_are_not_allowed },
	{ "disturbance is noticed", disturbance_is_noticed },
	{ "bad requests are refused", bad_requests_are_refused },
	{ "bad slices are refused", bad_slices_are_refused },
	{ "cases are sound", cases_are_sound },
	{ "names fit", names_fit },
	{ "absent variants are not built", absent_variants_are_not_built },
	{ "closing ends the threads", closing_ends_the_threads },
};

int main(void)
{
	find_cpus();
	return ktap_run(tests, ARRAY_SIZE(tests));
}
