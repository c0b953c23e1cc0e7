/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every test begins and ends with
 *
 * A test starts with acqrel just loaded and ends with it unloaded, so that no
 * test sees what another left and every test is a test of unloading too.
 */
#ifndef SELFTESTS_ACQREL_FIXTURE_H
#define SELFTESTS_ACQREL_FIXTURE_H

#include "kselftest_harness.h"

#include "client.h"
#include "util.h"

/* In 6.1 a setup that returns after SKIP() goes on to run the test. */
#define SKIP_TEST(fmt, ...) SKIP(_exit(255), fmt, ##__VA_ARGS__)

/* Only a module that was not built is skipped; one that fails to load fails. */
#define MODULE_SETUP(params) do {					\
	if (geteuid())							\
		SKIP_TEST("needs root");				\
	if (!module_available("acqrel"))				\
		SKIP_TEST("no acqrel.ko, here or installed");		\
	ASSERT_EQ(0, module_fresh(params));				\
} while (0)

#define MODULE_TEARDOWN()						\
	EXPECT_EQ(0, module_remove_wait("acqrel", 5000))

/* The usual fixture: the module with @params and a connection to it. */
#define ACQREL_FIXTURE(name, params)					\
FIXTURE(name) {								\
	struct nl nl;							\
};									\
									\
FIXTURE_SETUP(name)							\
{									\
	MODULE_SETUP(params);						\
	ASSERT_EQ(0, client_open(&self->nl));				\
}									\
									\
FIXTURE_TEARDOWN(name)							\
{									\
	nl_close(&self->nl);						\
	MODULE_TEARDOWN();						\
}

#endif
