// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is no trace, and blocks that cannot be: each has a sentence.
 */
#include <byteswap.h>
#include <errno.h>
#include <sys/mman.h>

#include "ktap.h"
#include "trace_image.h"

static char path[64];
static struct image good;
static char why[TRACE_WHY];

static const struct trace_made usual = { .events = 50 };

static bool said(const char *text, const char *says)
{
	if (text && strstr(text, says))
		return true;
	printf("# %s, not: %s\n", text ?: "nothing", says);
	return false;
}

static void check_refused(const char *name, int error, const char *says)
{
	struct trace *trace;

	*why = '\0';
	check_eq(trace_open(name, &trace, why), -error);
	check(said(why, says));
}

struct spoiled_head {
	const char *says;
	void (*spoil)(struct image *image);
};

static void no_bytes(struct image *image)
{
	image->size = 0;
}

static void other_magic(struct image *image)
{
	image->bytes[7] = '!';
}

static void text(struct image *image)
{
	strcpy((char *)image->bytes, "no");
	image->size = 2;
}

static void part_of_magic(struct image *image)
{
	image->size = 5;
}

static void part_of_endian(struct image *image)
{
	image->size = 15;
}

static void part_of_head(struct image *image)
{
	image->size = sizeof(struct acqrel_trace_head) - 1;
}

static void part_of_longer_head(struct image *image)
{
	image_head(image)->bytes = image->size + 1;
}

static void other_endian(struct image *image)
{
	image_head(image)->endian = bswap_32(ACQREL_TRACE_ENDIAN);
}

static void no_endian(struct image *image)
{
	image_head(image)->endian = 0;
}

static void other_major(struct image *image)
{
	image_head(image)->major = 3;
	image_head(image)->minor = 14;
}

static void short_head(struct image *image)
{
	image_head(image)->bytes = sizeof(struct acqrel_trace_head) - 1;
}

static void huge_head(struct image *image)
{
	image_head(image)->bytes = ~0U;
}

static void changed_head(struct image *image)
{
	image_head(image)->host[0] ^= 1;
}

static void no_cpus(struct image *image)
{
	image_head(image)->cpus = 0;
	image_mend_head(image);
}

static void too_many_cpus(struct image *image)
{
	image_head(image)->cpus = ACQREL_TRACE_CPUS_MAX + 1;
	image_mend_head(image);
}

static const struct spoiled_head heads[] = {
	{ "is empty", no_bytes },
	{ "is not a trace", other_magic },
	{ "is not a trace", text },
	{ "is cut off within its head", part_of_magic },
	{ "is cut off within its head", part_of_endian },
	{ "is cut off within its head", part_of_head },
	{ "is cut off within its head", part_of_longer_head },
	{ "with another byte order", other_endian },
	{ "the byte order is none", no_endian },
	{ "has version 3.14 of the format; only 1.x", other_major },
	{ "it cannot be 599 bytes long", short_head },
	{ "it cannot be 4294967295 bytes long", huge_head },
	{ "its head is damaged: its checksum", changed_head },
	{ "speaks of 0 CPUs", no_cpus },
	{ "speaks of 8193 CPUs", too_many_cpus },
};

static void heads_are_refused(void)
{
	struct image image;

	for (unsigned int i = 0; i < ARRAY_SIZE(heads); i++) {
		image_set(&image, good.bytes, good.size);
		heads[i].spoil(&image);
		image_save(&image, path);
		image_free(&image);
		check_refused(path, EINVAL, heads[i].says);
	}
}

static void what_is_no_file_is_refused(void)
{
	check_refused("/tmp", EINVAL, "is a directory");
	check_refused("/dev/null", EINVAL, "is not a regular file");
	check_refused("/no/such/file", ENOENT, "No such file");
}

static void what_may_not_be_read_is_refused(void)
{
	if (geteuid()) {
		ktap_skip("root alone can become somebody else");
		return;
	}
	check(!seteuid(65534));
	check_refused("/etc/shadow", EACCES, "Permission denied");
	check(!seteuid(0));
}

/* what a later minor version has at the end of its head is passed over */
static void longer_head_is_read(void)
{
	static const char more[40] = "of a later version";
	struct image image;
	struct trace *trace;

	image_set(&image, good.bytes, sizeof(struct acqrel_trace_head));
	image_head(&image)->minor = 1;
	image_head(&image)->bytes += sizeof(more);
	image_add(&image, more, sizeof(more));
	image_mend_head(&image);
	for (unsigned int i = 0; i + 1 < image_blocks(&good); i++) {
		struct acqrel_trace_block *b = image_block(&good, i);

		image_add(&image, b, sizeof(*b) + b->chunk.bytes);
	}
	image_save(&image, path);
	check_eq(trace_open(path, &trace, why), 0);
	check(said(trace_cut(trace), "did not end"));
	check(trace_whole(trace));
	check_eq(trace_head(trace)->minor, 1);
	trace_close(trace);
	/* and is part of the checksum */
	image.bytes[image_head(&image)->bytes - 1] ^= 1;
	image_save(&image, path);
	image_free(&image);
	check_refused(path, EINVAL, "its head is damaged: its checksum");
}

static void text_can_be_shown(void)
{
	struct image image;
	struct trace *trace;

	image_set(&image, good.bytes, good.size);
	strcpy(image_head(&image)->host, "a\033[2Jb\xc2\x9b");
	memset(image_head(&image)->machine, 'x',
	       sizeof(image_head(&image)->machine));
	image_mend_head(&image);
	image_save(&image, path);
	image_free(&image);
	check_eq(trace_open(path, &trace, why), 0);
	check(!strcmp(trace_head(trace)->host, "a?[2Jb??"));
	check_eq(strlen(trace_head(trace)->machine),
		 sizeof(trace_head(trace)->machine) - 1);
	trace_close(trace);
}

/* the last of some chunks does not belong there */
struct spoiled_chunks {
	const char *says;
	struct {
		u32 type;
		u32 cpu;
	} chunks[4];
};

#define OPEN(cpu)	{ ACQREL_TRACE_OPEN, cpu }
#define DATA(cpu)	{ ACQREL_TRACE_DATA, cpu }
#define CLOSE(cpu)	{ ACQREL_TRACE_CLOSE, cpu }
#define OTHER(type)	{ type, 0 }

static const struct spoiled_chunks orders[] = {
	{ "DATA before the OPEN", { DATA(0) } },
	{ "DATA before the OPEN", { OPEN(0), DATA(1) } },
	{ "DATA after the CLOSE", { OPEN(0), CLOSE(0), DATA(0) } },
	{ "a CLOSE before the OPEN", { CLOSE(0) } },
	{ "a second CLOSE", { OPEN(0), CLOSE(0), CLOSE(0) } },
	{ "a second OPEN", { OPEN(0), OPEN(0) } },
	{ "a second OPEN", { OPEN(0), DATA(0), OPEN(0) } },
	{ "a second OPEN", { OPEN(0), CLOSE(0), OPEN(0) } },
	{ "of one CPU more", { OPEN(5), OPEN(3), OPEN(4) } },
	{ "of a CPU above 8191", { OPEN(ACQREL_TRACE_CPUS_MAX) } },
	{ "of its type", { OTHER(ACQREL_TRACE_RESULT) } },
	{ "of its type", { OTHER(ACQREL_TRACE_ERROR) } },
	{ "of its type", { OTHER(99) } },
};

/* a head for two CPUs */
static struct image headed(void)
{
	struct image image;

	image_set(&image, good.bytes, sizeof(struct acqrel_trace_head));
	image_head(&image)->cpus = 2;
	image_mend_head(&image);
	return image;
}

static void append_chunk(struct image *image, u32 type, u32 cpu)
{
	struct acqrel_trace_snapshot snap = { .cpu = cpu };
	struct acqrel_trace_event event = {
		.type = ACQREL_RECORD_EVENT, .units = 1,
	};

	if (type == ACQREL_TRACE_DATA)
		image_append(image, type, cpu, &event, sizeof(event));
	else
		image_append(image, type, cpu, &snap, sizeof(snap));
}

/* reading stops at block @number, and says why */
static void check_stops(const struct image *image, unsigned int number,
			const char *says)
{
	struct trace *trace;
	char at[40];

	image_save(image, path);
	if (!check_eq(trace_open(path, &trace, why), 0))
		return;
	snprintf(at, sizeof(at), "reading stops at block %u, byte", number);
	check(said(trace_cut(trace), at));
	check(said(trace_cut(trace), says));
	trace_close(trace);
}

static void wrong_order_is_refused(void)
{
	struct image image;
	unsigned int n;

	for (unsigned int i = 0; i < ARRAY_SIZE(orders); i++) {
		image = headed();
		for (n = 0; n < 4 && orders[i].chunks[n].type; n++)
			append_chunk(&image, orders[i].chunks[n].type,
				     orders[i].chunks[n].cpu);
		check_stops(&image, n - 1, orders[i].says);
		image_free(&image);
	}
}

struct spoiled_block {
	const char *says;
	unsigned int number;
	void (*spoil)(struct acqrel_trace_block *block);
};

static void magic(struct acqrel_trace_block *block)
{
	block->magic++;
}

static void number(struct acqrel_trace_block *block)
{
	block->number++;
}

static void no_data(struct acqrel_trace_block *block)
{
	block->chunk.bytes = 0;
}

static void part_of_unit(struct acqrel_trace_block *block)
{
	block->chunk.bytes--;
}

static void too_much_data(struct acqrel_trace_block *block)
{
	block->chunk.bytes = ACQREL_TRACE_DATA_MAX + ACQREL_TRACE_UNIT;
}

static void endless(struct acqrel_trace_block *block)
{
	block->chunk.bytes = ~0U;
}

static void longer_than_the_file(struct acqrel_trace_block *block)
{
	block->chunk.bytes = ACQREL_TRACE_DATA_MAX;
}

static void reserved(struct acqrel_trace_block *block)
{
	block->chunk.reserved = 1;
}

static void snapshot_of_another(struct acqrel_trace_block *block)
{
	((struct acqrel_trace_snapshot *)(block + 1))->cpu++;
}

static void entry_of_index(struct acqrel_trace_block *block)
{
	((struct acqrel_trace_entry *)(block + 1))->offset++;
}

static void tail_of_index(struct acqrel_trace_block *block)
{
	u8 *end = (u8 *)(block + 1) + block->chunk.bytes;

	end[-1]++;
}

static const struct spoiled_block blocks[] = {
	{ "no block begins there", 1, magic },
	{ "out of order", 1, number },
	{ "its length", 1, no_data },
	{ "its length", 1, part_of_unit },
	{ "its length", 1, too_much_data },
	{ "its length", 1, endless },
	{ "cut off", 1, longer_than_the_file },
	{ "a reserved field", 1, reserved },
	{ "its length", 0, part_of_unit },
	{ "its length", 0, endless },
	{ "its length", 2, too_much_data },
	{ "of another CPU", 0, snapshot_of_another },
	{ "of another CPU", 2, snapshot_of_another },
	{ "another number of blocks", 3, no_data },
	{ "another number of blocks", 3, endless },
	{ "does not say what", 3, entry_of_index },
	{ "does not say what", 3, tail_of_index },
	{ "does not say what", 3, number },
};

static void wrong_blocks_are_refused(void)
{
	struct acqrel_trace_block *block;
	struct image image;
	u32 bytes;

	check_eq(image_blocks(&good), 4);
	for (unsigned int i = 0; i < ARRAY_SIZE(blocks); i++) {
		image_set(&image, good.bytes, good.size);
		block = image_block(&image, blocks[i].number);
		bytes = block->chunk.bytes;
		blocks[i].spoil(block);
		/* what is wrong is all but the checksum */
		if (block->chunk.bytes <= bytes)
			image_mend_block(&image, block);
		check_stops(&image, blocks[i].number, blocks[i].says);
		image_free(&image);
	}
}

static void wrong_checksum_is_refused(void)
{
	struct image image;

	image_set(&image, good.bytes, good.size);
	for (unsigned int i = 0; i < 4; i++) {
		image_block(&image, i)->checksum ^= 1;
		check_stops(&image, i, "its checksum does not fit");
		image_block(&image, i)->checksum ^= 1;
	}
	image_add(&image, "x", 1);
	check_stops(&image, 3, "something comes after the index");
	image_free(&image);
}

static const struct ktap_test tests[] = {
	{ "heads are refused", heads_are_refused },
	{ "what is no file is refused", what_is_no_file_is_refused },
	{ "what may not be read is refused", what_may_not_be_read_is_refused },
	{ "a longer head is read", longer_head_is_read },
	{ "text can be shown", text_can_be_shown },
	{ "chunks in a wrong order are refused", wrong_order_is_refused },
	{ "wrong blocks are refused", wrong_blocks_are_refused },
	{ "wrong checksums are refused", wrong_checksum_is_refused },
};

int main(void)
{
	int fd, status;

	fd = memfd_create("trace", MFD_CLOEXEC);
	if (fd < 0)
		return 1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (trace_make(path, &usual))
		return 1;
	image_load(&good, path);
	status = ktap_run(tests, ARRAY_SIZE(tests));
	image_free(&good);
	close(fd);
	return status;
}
