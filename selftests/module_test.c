// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading with bad parameters, unloading under load, and what
 * holds the module
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include "fixture.h"

#define CYCLES	50

FIXTURE(module) {
};

FIXTURE_SETUP(module)
{
	MODULE_SETUP("");
	ASSERT_EQ(0, module_remove_wait("acqrel", 5000));
	ASSERT_EQ(NULL, module_left_behind());
}

FIXTURE_TEARDOWN(module)
{
	const char *left = module_left_behind();

	EXPECT_EQ(NULL, left) {
		TH_LOG("left behind: %s", left);
	}
}

/* Return: does the kernel log say @what after @fd's position? */
static bool log_says(int fd, const char *what)
{
	char record[2048];
	bool found = false;
	ssize_t len;

	while ((len = read(fd, record, sizeof(record) - 1)) > 0) {
		record[len] = '\0';
		found |= strstr(record, ";acqrel: ") && strstr(record, what);
	}
	return found;
}

TEST_F(module, bad_parameters_are_refused_with_a_reason)
{
	static const char * const bad[] = {
		"ring_entries=0", "ring_entries=1", "ring_entries=3",
		"ring_entries=4097", "ring_entries=2097152",
		"ring_entries=1073741824",
	};
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	unsigned int i;

	ASSERT_GE(log, 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		lseek(log, 0, SEEK_END);
		EXPECT_EQ(-EINVAL, module_insert("acqrel", bad[i])) {
			TH_LOG("%s", bad[i]);
		}
		EXPECT_TRUE(log_says(log, "ring_entries")) {
			TH_LOG("%s: no reason in the log", bad[i]);
		}
		ASSERT_EQ(NULL, module_left_behind());
	}
	EXPECT_LT(module_insert("acqrel", "ring_entries=many"), 0);
	EXPECT_EQ(NULL, module_left_behind());
	close(log);
}

TEST_F(module, smallest_and_larger_rings_load)
{
	static const char * const good[] = {
		"ring_entries=2", "ring_entries=4096", "ring_entries=131072",
	};
	static struct rings rings;
	unsigned int i;
	struct nl nl;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		ASSERT_EQ(0, module_insert("acqrel", good[i]));
		ASSERT_EQ(0, client_open(&nl));
		ASSERT_EQ(0, generator_run(&nl, 1, 1000));
		ASSERT_EQ(0, rings_get(&nl, 0, &rings));
		EXPECT_EQ(atoi(strchr(good[i], '=') + 1),
			  rings.cpu[0].capacity);
		nl_close(&nl);
		ASSERT_EQ(0, module_remove_wait("acqrel", 5000));
	}
}

TEST_F(module, load_says_nothing_and_unload_says_nothing_bad)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[2048];
	ssize_t len;

	ASSERT_GE(log, 0);
	lseek(log, 0, SEEK_END);
	ASSERT_EQ(0, module_insert("acqrel", ""));
	ASSERT_EQ(0, module_remove_wait("acqrel", 5000));
	while ((len = read(log, record, sizeof(record) - 1)) > 0) {
		record[len] = '\0';
		/* A record begins with its priority. */
		EXPECT_GE(atoi(record) & 7, 5) {
			TH_LOG("%s", record);
		}
	}
	close(log);
}

static bool is_capturing(struct nl *nl)
{
	static struct rings rings;
	struct books first, now;

	if (rings_get(nl, 0, &rings))
		return false;
	rings_sum(&rings, &first);
	return WAIT_FOR(!rings_get(nl, 0, &rings) &&
			(rings_sum(&rings, &now),
			 now.offered > first.offered), slow_ms());
}

/* While it is held: refused at once, nothing changes, capture goes on. */
static void check_held(struct __test_metadata *_metadata, struct nl *nl)
{
	struct config before, after;
	__u64 start, took;
	int i;

	ASSERT_EQ(0, config_get(nl, &before));
	for (i = 0; i < 3; i++) {
		start = now_ns();
		EXPECT_EQ(-EWOULDBLOCK, module_remove("acqrel"));
		took = now_ns() - start;
		EXPECT_LT(took, slow_ms() * NSEC_PER_MSEC);
		EXPECT_TRUE(is_capturing(nl));
	}
	ASSERT_EQ(0, config_get(nl, &after));
	EXPECT_TRUE(config_same(&before, &after));
	EXPECT_TRUE(path_exists(ACQREL_DEVICE));
	EXPECT_TRUE(path_exists(DEBUGFS "/acqrel/config"));
}

FIXTURE(held) {
	struct nl nl;
	struct load load;
};

FIXTURE_SETUP(held)
{
	MODULE_SETUP("ring_entries=64");
	ASSERT_EQ(0, client_open(&self->nl));
	load_ping_pong(&self->load, 2, false);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
}

FIXTURE_TEARDOWN(held)
{
	__u64 start = now_ns();

	/* The source still runs; it holds nothing. */
	EXPECT_EQ(0, module_remove("acqrel"));
	EXPECT_LT(now_ns() - start, slow_ms() * NSEC_PER_MSEC);
	EXPECT_EQ(NULL, module_left_behind());
	load_stop(&self->load);
	nl_close(&self->nl);
}

TEST_F(held, by_an_open_device)
{
	int fd = dev_open(O_RDONLY | O_NONBLOCK);

	ASSERT_GE(fd, 0);
	check_held(_metadata, &self->nl);
	close(fd);
}

TEST_F(held, by_a_blocked_reader)
{
	struct acqrel_event event;
	pid_t pid;

	ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_KINDS, 0));
	pid = fork_child();
	if (pid == 0) {
		int fd = dev_open(O_RDONLY);

		while (read(fd, &event, sizeof(event)) > 0)
			;
		_exit(0);
	}
	ASSERT_TRUE(WAIT_FOR(module_refs("acqrel") > 0, slow_ms()));
	check_held(_metadata, &self->nl);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST_F(held, by_an_open_debugfs_file)
{
	int fd = open(DEBUGFS "/acqrel/stats", O_RDONLY | O_CLOEXEC);
	char c;

	ASSERT_GE(fd, 0);
	ASSERT_EQ(1, read(fd, &c, 1));
	check_held(_metadata, &self->nl);
	close(fd);
}

/* A dump is under way until its last part has been read. */
TEST_F(held, by_a_dump)
{
	struct nl_msg msg;
	char buf[65536];
	struct nl dump;

	ASSERT_EQ(0, client_open(&dump));
	nl_msg_init(&msg, dump.family, NLM_F_DUMP, ACQREL_CMD_STATS_GET);
	ASSERT_EQ(0, nl_send(&dump, &msg));
	check_held(_metadata, &self->nl);
	while (recv(dump.fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	nl_close(&dump);
	EXPECT_TRUE(WAIT_FOR(module_refs("acqrel") == 0, slow_ms()));
}

TEST_F(held, by_an_abandoned_dump_no_longer)
{
	struct nl_msg msg;
	struct nl dump;

	ASSERT_EQ(0, client_open(&dump));
	nl_msg_init(&msg, dump.family, NLM_F_DUMP, ACQREL_CMD_RING_GET);
	ASSERT_EQ(0, nl_send(&dump, &msg));
	EXPECT_EQ(-EWOULDBLOCK, module_remove("acqrel"));
	nl_close(&dump);
	/* The kernel may leave the end of the dump to a work. */
	EXPECT_TRUE(WAIT_FOR(module_refs("acqrel") == 0, slow_ms()));
}

TEST_F(held, by_no_running_generator)
{
	ASSERT_EQ(0, generator_start(&self->nl, 1, 0, 0));
	EXPECT_TRUE(kthread_exists("acqrel"));
}

TEST_F(held, by_no_subscriber)
{
	ASSERT_EQ(0, nl_join(&self->nl, ACQREL_GENL_NAME,
			     ACQREL_MCGRP_CONFIG));
}

static int stop;

static void stop_all(void)
{
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
}

static void *open_and_close(void *arg)
{
	static const char * const paths[] = {
		ACQREL_DEVICE, DEBUGFS "/acqrel/stats",
		DEBUGFS "/acqrel/rings", DEBUGFS "/acqrel/rcu",
	};
	unsigned int i = (unsigned long)arg;
	char buf[4096];

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		int fd = open(paths[i++ % ARRAY_SIZE(paths)],
			      O_RDONLY | O_NONBLOCK | O_CLOEXEC);

		if (fd < 0) {
			usleep(100);
			continue;
		}
		if (read(fd, buf, sizeof(buf)) < 0 && errno != EAGAIN)
			stop_all();
		close(fd);
		/* Leave a gap, or rmmod would never find one. */
		usleep(1000);
	}
	return NULL;
}

/* Sets the config and looks at everything, whether the module is there or not.
 */
static void *set_and_get(void *arg)
{
	static struct rings rings;
	unsigned int *sets = arg;
	struct nl nl;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		if (client_open(&nl)) {
			usleep(100);
			continue;
		}
		*sets += !config_set_u32(&nl, ACQREL_A_CONFIG_POLICY,
					 *sets % __ACQREL_POLICY_COUNT);
		rings_get(&nl, 0, &rings);
		nl_close(&nl);
	}
	return NULL;
}

/* Return: how long the call took that unloaded it, or a negative errno. */
static __s64 remove_under_load(void)
{
	__u64 end = now_ns() + 10 * NSEC_PER_SEC;
	__u64 start;
	int ret;

	do {
		start = now_ns();
		ret = module_remove("acqrel");
	} while (ret == -EWOULDBLOCK && start < end);
	return ret ?: (__s64)(now_ns() - start);
}

static __s64 cycle(struct __test_metadata *_metadata, unsigned int i)
{
	struct nl nl;
	__s64 took;

	ASSERT_EQ(0, module_insert("acqrel", "ring_entries=64"));
	ASSERT_EQ(0, client_open(&nl));
	ASSERT_EQ(0, source_start(&nl, "sched"));
	if (i % 2)
		ASSERT_EQ(0, generator_start(&nl, i, 0, 0));
	ASSERT_TRUE(is_capturing(&nl));
	nl_close(&nl);
	took = remove_under_load();
	ASSERT_GT(took, 0);
	EXPECT_LT(took, slow_ms() * (__s64)NSEC_PER_MSEC);
	return took;
}

TEST_F_TIMEOUT(module, fifty_times_under_load, 240)
{
	struct load load = { 0 };
	unsigned int sets = 0;
	pthread_t threads[3];
	__s64 took, most = 0;
	unsigned int i;

	load_ping_pong(&load, cpus_online(), false);
	load_forks(&load);
	for (i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, open_and_close,
			       (void *)(unsigned long)i);
	pthread_create(&threads[2], NULL, set_and_get, &sets);
	for (i = 0; i < CYCLES && !stop; i++) {
		took = cycle(_metadata, i);
		most = took > most ? took : most;
	}
	TH_LOG("slowest unload %lld ms", most / (__s64)NSEC_PER_MSEC);
	EXPECT_EQ(0, stop);
	stop_all();
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	load_stop(&load);
	EXPECT_GT(sets, 0);
}

TEST_HARNESS_MAIN
