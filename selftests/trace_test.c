// SPDX-License-Identifier: GPL-2.0-only
/*
 * Acqrel's own trace event
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "fixture.h"

#define INSTANCE	TRACEFS "/instances/acqrel_test"
#define EVENT		"acqrel_config_publish"

FIXTURE(trace) {
	struct nl nl;
};

FIXTURE_SETUP(trace)
{
	MODULE_SETUP("ring_entries=64");
	ASSERT_EQ(0, client_open(&self->nl));
	ASSERT_EQ(0, mkdir(INSTANCE, 0700));
}

FIXTURE_TEARDOWN(trace)
{
	file_write(INSTANCE "/events/acqrel/enable", "0");
	EXPECT_EQ(0, rmdir(INSTANCE));
	nl_close(&self->nl);
	MODULE_TEARDOWN();
}

static unsigned int count(const char *text, const char *what)
{
	unsigned int n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

TEST_F(trace, publish_fires_once_for_each_publish)
{
	static char text[65536];
	struct config config;
	char line[64];
	int i;

	ASSERT_EQ(0, file_write(INSTANCE "/events/acqrel/" EVENT "/enable",
				"1"));
	for (i = 1; i <= 5; i++)
		ASSERT_EQ(0, config_set_u32(&self->nl,
					    ACQREL_A_CONFIG_SAMPLE_EVERY, i));
	EXPECT_EQ(-ERANGE, config_set_u32(&self->nl,
					  ACQREL_A_CONFIG_SAMPLE_EVERY, 0));
	ASSERT_EQ(0, config_get(&self->nl, &config));
	ASSERT_GT(file_read(INSTANCE "/trace", text, sizeof(text)), 0);
	EXPECT_EQ(5, count(text, EVENT ":"));
	for (i = 0; i < 5; i++) {
		snprintf(line, sizeof(line), "generation=%llu ",
			 config.generation - i);
		EXPECT_EQ(1, count(text, line)) {
			TH_LOG("no %s", line);
		}
	}
}

TEST_F(trace, silent_when_not_enabled)
{
	static char text[65536];

	ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_SAMPLE_EVERY,
				    2));
	ASSERT_GT(file_read(INSTANCE "/trace", text, sizeof(text)), 0);
	EXPECT_EQ(0, count(text, EVENT ":"));
}

TEST_HARNESS_MAIN
