// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine of the user world: its arms, from their objects to bad requests.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "bench_probe.h"
#include "bench/variants.h"

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
