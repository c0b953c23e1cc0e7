// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every case of the user world, as a run would open it: alone, by two threads,
 * beside a writer and with the largest payload. What it measures must be right:
 * variants judge what they read and count what they moved.
 */
#include <errno.h>
#include <sched.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "bench.h"
#include "bench/variants.h"
#include "ktap.h"

#define SLICES_MIN	4
#define SLICES_MAX	200	/* until an operation was seen to succeed */

static struct bench *bench;
static struct bench_case *cases;
static size_t ncases;
static __u32 cpus[3];
static unsigned int ncpus;

/* what was seen of an arm, over its slices */
struct seen {
	u64 ops;
	u64 violations;
	u64 lost;
};

#ifdef __SANITIZE_THREAD__
/*
 * Atomics in assembly, fences with plain accesses around them, or in a library
 * that is not built for it (a thread that leaves the readers of rte_qsbr): right
 * on the machine, and not to be understood by ThreadSanitizer.
 */
static const char *const opaque[] = {
	"config/rte_qsbr",
	"ring/ck_",
	"ring/rte_",
	"ring/wfcqueue",
};
#endif

static bool is_opaque(const char *name)
{
#ifdef __SANITIZE_THREAD__
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(opaque); i++)
		if (!strncmp(name, opaque[i], strlen(opaque[i])))
			return true;
#endif
	return false;
}

/* every second slice with a writer that has no rest */
static void look(struct bench_arm *arm, __u32 threads, bool rest,
		 struct seen *seen)
{
	const struct acqrel_slice_params params = {
		.slice_ns = 1000000,
		.lead_ns = 200000,
		.write_period_ns = rest ? 5000 : 0,
	};
	struct acqrel_sample samples[ARRAY_SIZE(cpus)];
	__u32 i;

	if (!check_eq(bench_slice(arm, &params, samples), 0))
		printf("# %s\n", bench_message(bench));
	for (i = 0; i < threads; i++) {
		if (samples[i].did.role == ACQREL_BENCH_ROLE_MEASURED)
			seen->ops += samples[i].did.ops;
		seen->violations += samples[i].did.violations;
		seen->lost += samples[i].did.lost;
	}
}

static void judge(const struct bench_case *c, const struct seen *seen)
{
	bool good;

	good = check(seen->ops > 0);
	good &= check_eq(seen->violations, 0);
	good &= check_eq(seen->lost, 0);
	if (!good)
		printf("#   of %s\n", c->name);
}

static void run(const struct bench_case *c, __u32 threads, bool writes,
		__u32 payload)
{
	const struct bench_arm_params p = {
		.name = c->name,
		.cpus = cpus,
		.threads = threads,
		.payload = payload,
		.writes = writes,
	};
	struct seen seen = { 0 };
	struct bench_arm *arm;
	unsigned int i;
	int rc;

	if (is_opaque(c->name))
		return;
	rc = bench_arm_open(bench, &p, &arm);
	if (rc) {
		printf("# %s: %s\n", c->name, bench_message(bench));
		check_eq(rc, -EOPNOTSUPP);
		return;
	}
	for (i = 0; i < SLICES_MIN || (!seen.ops && i < SLICES_MAX); i++)
		look(arm, threads, i & 1, &seen);
	bench_arm_close(arm);
	judge(c, &seen);
}

static bool takes(const struct bench_case *c, __u32 threads)
{
	return threads >= c->threads &&
	       (!c->threads_max || threads <= c->threads_max);
}

static void test_alone(void)
{
	size_t i;

	for (i = 0; i < ncases; i++) {
		if (is_opaque(cases[i].name))
			printf("# ThreadSanitizer cannot see into %s\n",
			       cases[i].name);
		else if (takes(&cases[i], 1))
			run(&cases[i], 1, false, 0);
	}
}

static void test_two(void)
{
	size_t i;

	if (ncpus < 2) {
		ktap_skip("one CPU");
		return;
	}
	for (i = 0; i < ncases; i++)
		if (takes(&cases[i], 2))
			run(&cases[i], 2, false, 0);
}

static void test_writer(void)
{
	size_t i;

	if (ncpus < 2) {
		ktap_skip("one CPU");
		return;
	}
	for (i = 0; i < ncases; i++)
		if (cases[i].writes && takes(&cases[i], 1))
			run(&cases[i], 2, true, 0);
}

static void test_three(void)
{
	size_t i;

	if (ncpus < 3) {
		ktap_skip("fewer than three CPUs");
		return;
	}
	for (i = 0; i < ncases; i++)
		if (takes(&cases[i], 3))
			run(&cases[i], 3, false, 0);
}

static void test_payload(void)
{
	size_t i;

	for (i = 0; i < ncases; i++) {
		if (!cases[i].payload)
			continue;
		run(&cases[i], 1, false, cases[i].payload_max);
		if (cases[i].writes && ncpus > 1)
			run(&cases[i], 2, true, cases[i].payload_max);
	}
}

static const struct bench_case *find(const char *name)
{
	size_t i;

	for (i = 0; i < ncases; i++)
		if (!strcmp(cases[i].name, name))
			return &cases[i];
	return NULL;
}

static void test_names(void)
{
	const struct acqrel_variant *const *v;
	const struct acqrel_op *op;
	size_t i;

	for (i = 0; i < ncases; i++)
		check(find(cases[i].name) == &cases[i]);
	for (v = bench_variants; *v; v++)
		for (op = (*v)->ops; op->name; op++)
			check(strlen((*v)->name) + 1 + strlen(op->name) <=
			      ACQREL_NAME_MAX);
}

static void test_bounds(void)
{
	const struct bench_case *bound;
	size_t i;

	for (i = 0; i < ncases; i++) {
		if (!cases[i].bound[0])
			continue;
		bound = find(cases[i].bound);
		if (!check(bound) || !check(cases[i].bound_times))
			printf("#   %s of %s\n", cases[i].bound, cases[i].name);
	}
}

/* a library is there or its variants are named as missing, never both */
static void test_absent(void)
{
	const struct acqrel_variant *const *v;
	const struct bench_absent *absent;

	for (absent = bench_absent; absent->variant; absent++) {
		check(strchr(absent->variant, '/'));
		check(absent->package[0]);
		for (v = bench_variants; *v; v++)
			check(strcmp((*v)->name, absent->variant));
	}
}

/* as a container may do it */
static void refuse_membarrier(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_membarrier, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {
		.len = ARRAY_SIZE(filter),
		.filter = filter,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		_exit(2);
}

/* those that would measure something else say so instead */
static void test_refused(void)
{
	static const struct acqrel_variant *const variants[] = {
		&acqrel_variant_config_urcu_memb,
		&acqrel_variant_config_urcu_bp,
		&acqrel_variant_floor_membarrier,
	};
	const struct acqrel_arm_params p = { .threads = 1 };
	void *object = NULL;
	unsigned int i;
	int status;
	pid_t pid;

	pid = fork();
	if (!pid) {
		refuse_membarrier();
		for (i = 0; i < ARRAY_SIZE(variants); i++)
			if (variants[i]->create(&p, &object) != -EOPNOTSUPP)
				_exit(1);
		_exit(0);
	}
	check(waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		ktap_skip("no seccomp");
	else
		check_eq(status, 0);
}

/* What an update retires is gone before another arm has its slice. */
static void drain(const struct acqrel_variant *v)
{
	const struct acqrel_arm_params p = { .threads = 1 };
	struct acqrel_worker w = { .threads = 1 };
	const struct acqrel_op *op = v->ops;

	while (strcmp(op->name, "update"))
		op++;
	if (!check_eq(v->create(&p, &w.object), 0))
		return;
	check_eq(v->enter(&w), 0);
	check_eq(op->burst(&w, 10000), 0);
	v->leave(&w);
	if (!check_eq(v->lost(w.object, &w, 1), 0))
		printf("#   of %s\n", v->name);
	v->destroy(w.object);
}

static void test_drained(void)
{
	drain(&acqrel_variant_config_rcu);
	drain(&acqrel_variant_config_cell);
	drain(&acqrel_variant_config_refcount);
}

static void find_cpus(void)
{
	cpu_set_t set;
	int cpu;

	if (sched_getaffinity(0, sizeof(set), &set))
		abort();
	for (cpu = 0; cpu < CPU_SETSIZE && ncpus < ARRAY_SIZE(cpus); cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus[ncpus++] = (__u32)cpu;
}

static const struct ktap_test tests[] = {
	{ "every case runs alone", test_alone },
	{ "every case runs by two threads", test_two },
	{ "every case runs by three threads", test_three },
	{ "every case with a writer runs beside it", test_writer },
	{ "the largest payload stays whole", test_payload },
	{ "updates leave nothing to reclaim", test_drained },
	{ "a refused membarrier is an arm refused", test_refused },
	{ "names are unique and fit", test_names },
	{ "bounds are cases", test_bounds },
	{ "what is not built is named", test_absent },
};

int main(void)
{
	int status;

	find_cpus();
	if (bench_open(WORLD_USER, NULL, &bench) ||
	    bench_cases(bench, &cases, &ncases))
		abort();
	status = ktap_run(tests, ARRAY_SIZE(tests));
	free(cases);
	bench_close(bench);
	return status;
}
