// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run where something is refused or scarce, as in a container: the whole
 * command, in a process that was limited before it started.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <mntent.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "cmd_bench.h"
#include "env.h"
#include "ktap.h"
#include "result.h"
#include "verdict.h"

#define CANNOT	77	/* status of a child that cannot be limited */

static char dir[64];	/* of what a run leaves */

/* what limits a process before it becomes the command */
typedef bool limit(void);

static void path_of(const char *name, char path[128])
{
	snprintf(path, 128, "%s/%s", dir, name);
}

/* standard output and standard error of the run */
static void redirect(void)
{
	char path[128];
	int fd;

	path_of("said", path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
}

/* becomes this program again, which is then the command: see main() */
static void become(limit *limit, const char *line)
{
	char copy[256], output[128], *words[24] = { "limits" };
	int n = 1;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(0);
	if (!limit())
		_exit(CANNOT);
	path_of("result", output);
	snprintf(copy, sizeof(copy), "--world user --slice-ms 1 -o %s %s",
		 output, line);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		words[n++] = w;
	redirect();
	execv("/proc/self/exe", words);
	_exit(CANNOT);
}

/* exit status, or CANNOT, which was told then */
static int run(limit *limit, const char *line)
{
	pid_t child = fork();
	int status = 0;

	if (!child)
		become(limit, line);
	check_eq(waitpid(child, &status, 0), child);
	if (!check(WIFEXITED(status)))
		return CANNOT;
	if (WEXITSTATUS(status) == CANNOT)
		ktap_skip("this limit cannot be set here");
	return WEXITSTATUS(status);
}

static const char *said(void)
{
	static char text[65536];
	char path[128];
	FILE *file;

	path_of("said", path);
	file = fopen(path, "re");
	text[0] = '\0';
	if (check(file)) {
		text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
		fclose(file);
	}
	return text;
}

static bool has_said(const char *words)
{
	bool has = strstr(said(), words);

	if (!has)
		printf("# not said: %s\n", words);
	return has;
}

static bool load(struct result *result)
{
	char path[128];

	path_of("result", path);
	return check_eq(result_load(path, result), 0) &&
	       check_eq(figures_compute(result), 0);
}

/* others load the machine as they like */
static bool measured(int status)
{
	bool is = status == STATUS_OK || status == STATUS_UNTRUSTED;

	if (!check(is))
		printf("# it ended with %d\n%s", status, said());
	return is;
}

static bool refuse(int number, int error)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { ARRAY_SIZE(code), code };

	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) &&
	       !prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static bool refuse_pinning(void)
{
	return refuse(SYS_sched_setaffinity, EPERM);
}

static bool deny_pinning(void)
{
	return refuse(SYS_sched_setaffinity, EACCES);
}

/* Threads that move have no times: nothing is measured. */
static void check_unpinned(limit *limit)
{
	int status = run(limit, "counter/atomic:add --threads 1 --blocks 1");

	if (status == CANNOT)
		return;
	check_eq(status, STATUS_ABSENT);
	check(has_said("cannot pin a thread to CPU"));
	check(!strstr(said(), "as root"));
}

static void refused_pinning_ends_it(void)
{
	check_unpinned(refuse_pinning);
	check_unpinned(deny_pinning);
}

static bool refuse_membarrier(void)
{
	return refuse(SYS_membarrier, EPERM);
}

/* Arms that would measure something else are left out, one goes on. */
static void refused_membarrier_is_named(void)
{
	int status = run(refuse_membarrier,
			 "config/rcu:read config/urcu_memb:read --threads 1 --no-bounds --blocks 1");
	struct result result;

	if (status == CANNOT || !measured(status) || !load(&result))
		return;
	check(has_said("membarrier is refused here: readers of config/rcu"));
	check(has_said("Left out: user config/urcu_memb:read"));
	for (unsigned int i = 0; i < result.ncells; i++)
		check(!strstr(result.cells[i].name, "memb"));
	check(!strcmp(result.cells[0].name, "config/rcu:read"));
	check_eq(result.cells[0].figures.violations, 0);
	result_release(&result);
}

static bool refuse_rseq(void)
{
	return refuse(SYS_rseq, EPERM);
}

static bool disable_rseq(void)
{
	return !setenv("GLIBC_TUNABLES", "glibc.pthread.rseq=0", 1);
}

static void check_without_rseq(limit *limit)
{
	int status = run(limit,
			 "counter/percpu:add --threads 1 --no-bounds --blocks 1");
	struct result result;

	if (status == CANNOT || !measured(status) || !load(&result))
		return;
	check(has_said("rseq is not registered here: counter/percpu"));
	check(json_is_false(json_object_get(result.env, "rseq")));
	check(!strcmp(json_string_value(json_object_get(result.env,
							"counters_use")),
		      "locked add"));
	check_eq(result.cells[0].figures.lost, 0);
	result_release(&result);
}

static void refused_rseq_is_named(void)
{
	check_without_rseq(refuse_rseq);
	check_without_rseq(disable_rseq);
}

static bool refuse_perf(void)
{
	return refuse(SYS_perf_event_open, EACCES);
}

/* No arm needs them. */
static void refused_perf_changes_nothing(void)
{
	int status = run(refuse_perf,
			 "counter/atomic:add --threads 1 --no-bounds --blocks 1");
	struct result result;

	if (status == CANNOT || !measured(status) || !load(&result))
		return;
	check(json_is_false(json_object_get(result.env, "hardware_counters")));
	check(result.cells[0].slices[0].samples[0].did.ops > 0);
	result_release(&result);
}

static unsigned int last_cpu;

static bool keep_last_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(last_cpu, &set);
	return !sched_setaffinity(0, sizeof(set), &set);
}

/* "All" are those that may be used, whatever their numbers. */
static void allowed_cpus_are_all(void)
{
	unsigned int cpus[CPU_SETSIZE];
	int n = env_allowed_cpus(cpus, CPU_SETSIZE), status;
	struct result result;

	if (n < 2) {
		ktap_skip("one CPU");
		return;
	}
	last_cpu = cpus[n - 1];
	status = run(keep_last_cpu,
		     "counter/atomic:add --threads all --no-bounds --blocks 1");
	if (status == CANNOT || !measured(status) || !load(&result))
		return;
	check(has_said("only 1 of "));
	for (unsigned int i = 0; i < result.ncells; i++) {
		const struct cell *cell = &result.cells[i];

		check_eq(cell->threads, 1);
		check_eq(cell->cpus[0], last_cpu);
		for (unsigned int j = 0; j < cell->nslices; j++)
			check_eq(cell->slices[j].samples[0].did.cpu, last_cpu);
	}
	result_release(&result);
}

/* a group for the test, and how its version calls things */
static struct {
	char path[192];
	bool unified;
} group;

static bool put(const char *name, const char *text)
{
	char path[256];
	int fd;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", group.path, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ok = fd >= 0 && write(fd, text, strlen(text)) > 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* Where the CPU controller is. In version 2 children must be given it. */
static bool find_hierarchy(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *m;
	bool found = false;

	while (mounts && !found && (m = getmntent(mounts))) {
		group.unified = !strcmp(m->mnt_type, "cgroup2");
		snprintf(group.path, sizeof(group.path), "%.128s", m->mnt_dir);
		if (group.unified)
			found = put("cgroup.subtree_control", "+cpu");
		else
			found = !strcmp(m->mnt_type, "cgroup") &&
				hasmntopt(m, "cpu");
	}
	if (mounts)
		endmntent(mounts);
	return found;
}

static bool make_group(void)
{
	size_t len;

	if (!find_hierarchy())
		return false;
	len = strlen(group.path);
	snprintf(group.path + len, sizeof(group.path) - len,
		 "/acqrel-test-%d", getpid());
	return !mkdir(group.path, 0700);
}

static bool enter_group(void)
{
	if (group.unified ? !put("cpu.max", "10000 100000") :
	    !put("cpu.cfs_period_us", "100000") ||
	    !put("cpu.cfs_quota_us", "10000"))
		return false;
	return put("cgroup.procs", "0");
}

static unsigned int throttled(const struct cell *cell)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < cell->nslices; i++)
		n += !!(cell->slices[i].tags & TAG_THROTTLED);
	return n;
}

/*
 * A tenth of a CPU: hardly a block is without a stop. On a busy machine others
 * may leave less than that.
 */
static void quota_is_noticed(void)
{
	struct result result;
	int status;

	if (!make_group()) {
		ktap_skip("no control group with the CPU controller for us");
		return;
	}
	status = run(enter_group,
		     "counter/atomic:add --threads 1 --blocks 3 --slice-ms 10");
	if (!check(!rmdir(group.path)))
		printf("# %s stays\n", group.path);
	if (status == CANNOT || !load(&result))
		return;
	/* emulated times are not to be trusted anyway */
	if (!result.emulated) {
		check_eq(status, STATUS_UNTRUSTED);
		check(has_said("mostly disturbed: not to be trusted"));
	}
	check(has_said("ran out of its CPU quota in "));
	check(has_said("may use 0.10 CPUs"));
	for (unsigned int i = 0; i < result.ncells; i++)
		check(2 * throttled(&result.cells[i]) >
		      result.cells[i].nslices);
	result_release(&result);
}

static const struct ktap_test tests[] = {
	{ "refused pinning ends it", refused_pinning_ends_it },
	{ "refused membarrier is named", refused_membarrier_is_named },
	{ "refused rseq is named", refused_rseq_is_named },
	{ "refused perf_event_open changes nothing",
	  refused_perf_changes_nothing },
	{ "allowed CPUs are all", allowed_cpus_are_all },
	{ "a quota is noticed", quota_is_noticed },
};

static int command(int argc, char **argv)
{
	static const struct command itself = {
		"run", "[PATTERN...]", "measure", cmd_bench_run, NULL
	};
	struct args args = {
		.argc = argc - 1,
		.argv = argv + 1,
		.path = "acqrel bench",
		.command = &itself,
	};

	return out_finish(cmd_bench_run(&args));
}

static void remove_all(void)
{
	char path[128];

	path_of("said", path);
	unlink(path);
	path_of("result", path);
	unlink(path);
	rmdir(dir);
}

int main(int argc, char **argv)
{
	int status;

	if (argc > 1)
		return command(argc, argv);
	strcpy(dir, "/tmp/acqrel-limits-XXXXXX");
	if (!mkdtemp(dir))
		return 1;
	status = ktap_run(tests, ARRAY_SIZE(tests));
	remove_all();
	return status;
}
