// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files for people
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "fixture.h"

#define DIR	DEBUGFS "/acqrel/"

static bool grace_periods_are(unsigned int want)
{
	unsigned int count;
	char text[4096];
	char *line;

	if (file_read(DIR "rcu", text, sizeof(text)) <= 0)
		return false;
	line = strstr(text, "\ngrace_periods ");
	return line && sscanf(line, " grace_periods %u", &count) == 1 &&
	       count == want;
}

FIXTURE(debugfs) {
	char path[64];
};

FIXTURE_VARIANT(debugfs) {
	const char *name;
};

FIXTURE_VARIANT_ADD(debugfs, config) { .name = "config" };
FIXTURE_VARIANT_ADD(debugfs, stats) { .name = "stats" };
FIXTURE_VARIANT_ADD(debugfs, counters) { .name = "counters" };
FIXTURE_VARIANT_ADD(debugfs, rings) { .name = "rings" };
FIXTURE_VARIANT_ADD(debugfs, sources) { .name = "sources" };
FIXTURE_VARIANT_ADD(debugfs, rcu) { .name = "rcu" };

FIXTURE_SETUP(debugfs)
{
	struct nl nl;

	MODULE_SETUP("ring_entries=64");
	snprintf(self->path, sizeof(self->path), DIR "%s", variant->name);
	ASSERT_EQ(0, client_open(&nl));
	ASSERT_EQ(0, generator_run(&nl, 1, 10000));
	ASSERT_EQ(0, config_set_u32(&nl, ACQREL_A_CONFIG_SAMPLE_EVERY, 2));
	nl_close(&nl);
	/* From here on nothing moves and every read gives the same text. */
	ASSERT_TRUE(WAIT_FOR(grace_periods_are(1), 5000));
}

FIXTURE_TEARDOWN(debugfs)
{
	MODULE_TEARDOWN();
}

TEST_F(debugfs, only_root_may_read_it)
{
	struct stat st;
	pid_t pid;
	int status;

	ASSERT_EQ(0, stat(self->path, &st));
	EXPECT_TRUE(S_ISREG(st.st_mode));
	EXPECT_EQ(0400, st.st_mode & 07777);
	EXPECT_EQ(0, st.st_uid);
	/* Open the way, so that the file itself has to refuse. */
	ASSERT_EQ(0, chmod(DEBUGFS, 0755));
	ASSERT_EQ(0, chmod(DEBUGFS "/acqrel", 0755));
	pid = fork_child();
	if (pid == 0) {
		become_nobody();
		_exit(open(self->path, O_RDONLY) < 0 && errno == EACCES ?
		      0 : 1);
	}
	waitpid(pid, &status, 0);
	EXPECT_EQ(0, status);
	ASSERT_EQ(0, chmod(DEBUGFS, 0700));
}

TEST_F(debugfs, cannot_be_written)
{
	int fd = open(self->path, O_RDWR | O_CLOEXEC);

	if (fd >= 0) {
		EXPECT_EQ(-1, write(fd, "x", 1));
		close(fd);
	}
}

TEST_F(debugfs, first_line_is_a_format_version)
{
	static char text[65536];
	unsigned int version;
	char *line;

	ASSERT_GT(file_read(self->path, text, sizeof(text)), 0);
	line = strtok(text, "\n");
	ASSERT_NE(NULL, line);
	ASSERT_NE(NULL, strpbrk(line, "0123456789")) {
		TH_LOG("%s", line);
	}
	EXPECT_EQ(1, sscanf(strpbrk(line, "0123456789"), "%u", &version));
	EXPECT_NE(NULL, strtok(NULL, "\n"));
}

/* Reads the file @chunk bytes at a time. Return: length. */
static long read_chunks(const char *path, size_t chunk, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long len = 0, ret;

	do {
		ret = read(fd, buf + len, chunk < size - len ?
			   chunk : size - len);
		len += ret > 0 ? ret : 0;
	} while (ret > 0);
	close(fd);
	return ret < 0 ? ret : len;
}

TEST_F(debugfs, odd_sizes_and_offsets_give_the_same_text)
{
	static const size_t chunks[] = { 1, 2, 3, 7, 61, 127, 1000, 4095 };
	static char whole[65536], text[65536];
	unsigned int i;
	long len, off;
	int fd;

	len = read_chunks(self->path, sizeof(whole), whole, sizeof(whole));
	ASSERT_GT(len, 0);
	EXPECT_EQ('\n', whole[len - 1]);
	for (i = 0; i < ARRAY_SIZE(chunks); i++) {
		EXPECT_EQ(len, read_chunks(self->path, chunks[i], text,
					   sizeof(text)));
		EXPECT_EQ(0, memcmp(whole, text, len)) {
			TH_LOG("differs in chunks of %zu", chunks[i]);
		}
	}
	fd = open(self->path, O_RDONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	for (off = 0; off < len; off += 37) {
		long want = len - off < 50 ? len - off : 50;

		ASSERT_EQ(want, pread(fd, text, 50, off));
		ASSERT_EQ(0, memcmp(whole + off, text, want));
	}
	EXPECT_EQ(0, pread(fd, text, 50, len));
	EXPECT_EQ(0, pread(fd, text, 50, len + 1000));
	close(fd);
}

ACQREL_FIXTURE(tree, "ring_entries=64");

TEST_F(tree, there_is_nothing_else)
{
	static const char * const names[] = {
		"config", "stats", "counters", "rings", "sources", "rcu",
	};
	char path[64];
	struct stat st;
	unsigned int i;

	ASSERT_EQ(0, stat(DEBUGFS "/acqrel", &st));
	/* Directories are counted in the links, files are not. */
	EXPECT_EQ(2, st.st_nlink);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), DIR "%s", names[i]);
		EXPECT_TRUE(path_exists(path));
	}
}

TEST_F(tree, config_shows_the_config)
{
	char text[4096];

	ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_SAMPLE_EVERY,
				    31337));
	ASSERT_GT(file_read(DIR "config", text, sizeof(text)), 0);
	EXPECT_NE(NULL, strstr(text, "31337"));
}

TEST_F(tree, rcu_counts_the_grace_periods_of_updates)
{
	int i;

	EXPECT_TRUE(grace_periods_are(0));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, config_set_min_value(&self->nl, i));
	EXPECT_TRUE(WAIT_FOR(grace_periods_are(10), 5000));
}

TEST_HARNESS_MAIN
