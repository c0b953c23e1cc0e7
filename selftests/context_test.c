// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers refuse NMI and re-entry, and count what they refuse
 *
 * acqrel_nmi_test.ko calls the handlers from where the scheduler never would.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "fixture.h"

#define HELPER	"acqrel_nmi_test"
#define PARAMS	"/sys/module/" HELPER "/parameters/"

FIXTURE(context) {
	struct nl nl;
	struct load load;
};

FIXTURE_SETUP(context)
{
	int ret;

	MODULE_SETUP("ring_entries=64");
	if (module_loaded(HELPER))
		module_remove(HELPER);
	ret = module_available(HELPER) ? module_insert(HELPER, "") : -EOPNOTSUPP;
	if (ret == -EOPNOTSUPP) {
		module_remove("acqrel");
		SKIP_TEST("no " HELPER ".ko for this machine");
	}
	ASSERT_EQ(0, ret);
	ASSERT_EQ(0, client_open(&self->nl));
	load_ping_pong(&self->load, 2 * cpus_online(), true);
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
}

FIXTURE_TEARDOWN(context)
{
	load_stop(&self->load);
	nl_close(&self->nl);
	EXPECT_EQ(0, module_remove(HELPER));
	MODULE_TEARDOWN();
}

static void check_balanced(struct __test_metadata *_metadata, struct nl *nl)
{
	static struct rings rings;
	unsigned int i;

	ASSERT_EQ(0, source_stop(nl, "sched"));
	ASSERT_EQ(0, rings_get(nl, 0, &rings));
	for (i = 0; i < rings.n; i++)
		EXPECT_TRUE(books_at_rest(&rings.cpu[i]));
}

TEST_F(context, nmi_is_refused_and_counted)
{
	static struct counters c;

	EXPECT_EQ(0, counter_total(&self->nl, ACQREL_COUNTER_REFUSED_NMI));
	ASSERT_EQ(0, file_write(PARAMS "nmis", "500"));
	check_balanced(_metadata, &self->nl);
	ASSERT_EQ(0, counters_get(&self->nl, &c));
	EXPECT_EQ(500, c.total[ACQREL_COUNTER_REFUSED_NMI]);
	EXPECT_EQ(0, c.total[ACQREL_COUNTER_REFUSED_REENTRY]);
}

static pid_t fork_reader(void)
{
	static struct acqrel_event events[64];
	pid_t pid = fork_child();
	int fd;

	if (pid)
		return pid;
	fd = dev_open(O_RDONLY);
	while (read(fd, events, sizeof(events)) > 0)
		;
	_exit(1);
}

static long reentries(void)
{
	char text[32];

	if (file_read(PARAMS "reentries", text, sizeof(text)) <= 0)
		return -1;
	return atol(text);
}

TEST_F(context, reentry_is_refused_and_counted)
{
	pid_t reader = fork_reader();
	static struct counters c;

	EXPECT_TRUE(WAIT_FOR(reentries() >= 20, 10000));
	kill(reader, SIGKILL);
	waitpid(reader, NULL, 0);
	check_balanced(_metadata, &self->nl);
	ASSERT_EQ(0, counters_get(&self->nl, &c));
	EXPECT_GT(c.total[ACQREL_COUNTER_REFUSED_REENTRY], 0);
	EXPECT_LE(c.total[ACQREL_COUNTER_REFUSED_REENTRY], reentries());
	EXPECT_EQ(0, c.total[ACQREL_COUNTER_REFUSED_NMI]);
}

TEST_HARNESS_MAIN
