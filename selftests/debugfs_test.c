// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files for people
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "fixture.h"

#define DIR_PATH	DEBUGFS "/acqrel/"

/* The file "rcu"; there is only a count while it is 0. */
struct grace {
	__u64 count;
	__u64 last;
	__u64 min;
	__u64 median;
	__u64 max;
};

static bool grace_read(struct grace *g)
{
	char text[4096], *line;

	memset(g, 0, sizeof(*g));
	if (file_read(DIR_PATH "rcu", text, sizeof(text)) <= 0)
		return false;
	line = strchr(text, '\n');
	return line &&
	       sscanf(line,
		      " grace_periods %llu last_ns %llu min_ns %llu median_ns %llu max_ns %llu",
		      &g->count, &g->last, &g->min, &g->median, &g->max) ==
		       (g->count ? 5 : 1);
}

static bool grace_periods_are(unsigned int want)
{
	struct grace g;

	return grace_read(&g) && g.count == want;
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
	snprintf(self->path, sizeof(self->path), DIR_PATH "%s", variant->name);
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
	DIR *dir = opendir(DIR_PATH);
	struct dirent *entry;
	unsigned int i, seen = 0;

	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		for (i = 0; i < ARRAY_SIZE(names); i++) {
			if (!strcmp(entry->d_name, names[i]))
				break;
		}
		EXPECT_LT(i, ARRAY_SIZE(names)) {
			TH_LOG("%s", entry->d_name);
		}
		seen |= 1U << i;
	}
	closedir(dir);
	EXPECT_EQ((1U << ARRAY_SIZE(names)) - 1, seen);
}

TEST_F(tree, config_shows_the_config)
{
	char text[4096];

	ASSERT_EQ(0, config_set_u32(&self->nl, ACQREL_A_CONFIG_SAMPLE_EVERY,
				    31337));
	ASSERT_GT(file_read(DIR_PATH "config", text, sizeof(text)), 0);
	EXPECT_NE(NULL, strstr(text, "31337"));
}

/* Neither file nor message moves once the source is at rest. */
static void check_text(struct __test_metadata *_metadata, const char *path,
		       const char *want)
{
	static char text[65536];

	ASSERT_GT(file_read(path, text, sizeof(text)), 0);
	EXPECT_STREQ(want, text);
}

static void write_stats(FILE *out, const struct stats *s)
{
	unsigned int b;

	fprintf(out, "cpu %u %s count %llu sum_ns %llu", s->cpu, s->kind_name,
		s->count, s->sum_ns);
	if (s->count)
		fprintf(out, " min_ns %llu max_ns %llu", s->min_ns, s->max_ns);
	fprintf(out, " hist");
	for (b = 0; b < ACQREL_HIST_BUCKETS; b++) {
		if (s->hist[b])
			fprintf(out, " %u:%llu", b, s->hist[b]);
	}
	fprintf(out, "\n");
}

TEST_F(tree, stats_are_those_of_netlink)
{
	static struct stats_all all;
	unsigned int cpu, kind;
	char *want;
	size_t len;
	FILE *out;

	ASSERT_EQ(0, generator_run(&self->nl, 1, 10000));
	ASSERT_EQ(0, stats_get(&self->nl, &all));
	EXPECT_GT(all.block[0].count, 0);
	out = open_memstream(&want, &len);
	fprintf(out, "acqrel stats format 1\n");
	for (cpu = 0; cpu < all.n / __ACQREL_KIND_COUNT; cpu++) {
		for (kind = 0; kind < __ACQREL_KIND_COUNT; kind++)
			write_stats(out, stats_find(&all, cpu, kind));
	}
	fclose(out);
	check_text(_metadata, DIR_PATH "stats", want);
	free(want);
}

static void write_books(FILE *out, const struct books *b)
{
	static const char * const reasons[] = {
		"kind", "sample", "pid", "value",
	};
	unsigned int i;

	fprintf(out, "cpu %u capacity %u fill %u offered %llu", b->cpu,
		b->capacity, b->fill, b->offered);
	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		fprintf(out, " filtered_%s %llu", reasons[i], b->filtered[i]);
	fprintf(out, " pushed %llu dropped %llu overwritten %llu popped %llu\n",
		b->pushed, b->dropped, b->overwritten, b->popped);
}

/* Every figure of the books is some number of its own first. */
static void fill_books(struct __test_metadata *_metadata, struct nl *nl)
{
	struct events events = { 0 };
	__u32 pid = 1;
	int fd;

	ASSERT_EQ(0, generator_run(nl, 1, 3000));
	fd = dev_open(O_RDONLY | O_NONBLOCK);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(0, events_drain(&events, fd));
	EXPECT_GT(events.n, 0);
	close(fd);
	events_free(&events);
	ASSERT_EQ(0, config_set_u32(nl, ACQREL_A_CONFIG_KINDS, 3));
	ASSERT_EQ(0, config_set_u32(nl, ACQREL_A_CONFIG_SAMPLE_EVERY, 3));
	ASSERT_EQ(0, config_set_u32(nl, ACQREL_A_CONFIG_POLICY,
				    ACQREL_POLICY_OVERWRITE_OLDEST));
	ASSERT_EQ(0, config_set_min_value(nl, 10000));
	ASSERT_EQ(0, generator_run(nl, 2, 5000));
	ASSERT_EQ(0, config_set_pids(nl, &pid, 1));
	ASSERT_EQ(0, generator_run(nl, 3, 1000));
}

TEST_F(tree, rings_are_those_of_netlink)
{
	static struct rings rings;
	struct books sum;
	unsigned int i;
	char *want;
	size_t len;
	FILE *out;

	fill_books(_metadata, &self->nl);
	ASSERT_EQ(0, rings_get(&self->nl, 0, &rings));
	rings_sum(&rings, &sum);
	for (i = 0; i < __ACQREL_FILTER_COUNT; i++)
		EXPECT_GT(sum.filtered[i], 0);
	EXPECT_GT(sum.dropped, 0);
	EXPECT_GT(sum.overwritten, 0);
	out = open_memstream(&want, &len);
	fprintf(out, "acqrel rings format 1\n");
	for (i = 0; i < rings.n; i++)
		write_books(out, &rings.cpu[i]);
	fclose(out);
	check_text(_metadata, DIR_PATH "rings", want);
	free(want);
}

TEST_F(tree, sources_are_those_of_netlink)
{
	static char text[4096];
	struct source source;
	char line[128];

	ASSERT_EQ(0, generator_run(&self->nl, 1, 10000));
	ASSERT_EQ(0, source_start(&self->nl, "sched"));
	ASSERT_EQ(0, source_get(&self->nl, "generator", &source));
	EXPECT_EQ(10000, source.offered);
	snprintf(line, sizeof(line), "\ngenerator stopped offered %llu\n",
		 source.offered);
	ASSERT_GT(file_read(DIR_PATH "sources", text, sizeof(text)), 0);
	EXPECT_NE(NULL, strstr(text, line));
	EXPECT_NE(NULL, strstr(text, "\nsched running offered "));
	ASSERT_EQ(0, source_stop(&self->nl, "sched"));
	ASSERT_EQ(0, source_get(&self->nl, "sched", &source));
	snprintf(line, sizeof(line), "\nsched stopped offered %llu\n",
		 source.offered);
	ASSERT_GT(file_read(DIR_PATH "sources", text, sizeof(text)), 0);
	EXPECT_NE(NULL, strstr(text, line));
}

TEST_F(tree, rcu_shows_the_grace_periods_of_updates)
{
	__u64 begin = now_ns();
	struct grace g;
	int i;

	EXPECT_TRUE(grace_periods_are(0));
	for (i = 0; i < 10; i++)
		ASSERT_EQ(0, config_set_min_value(&self->nl, i));
	EXPECT_TRUE(WAIT_FOR(grace_periods_are(10), 5000));
	ASSERT_TRUE(grace_read(&g));
	EXPECT_GT(g.min, 0);
	EXPECT_LE(g.min, g.median);
	EXPECT_LE(g.median, g.max);
	EXPECT_LE(g.min, g.last);
	EXPECT_LE(g.last, g.max);
	EXPECT_LT(g.max, now_ns() - begin);
}

TEST_HARNESS_MAIN
