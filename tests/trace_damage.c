// SPDX-License-Identifier: GPL-2.0-only
/*
 * Damaged trace files: none passes for a good one, and what can still be read
 * is what was written.
 */
#include <errno.h>
#include <sys/mman.h>

#include "ktap.h"
#include "trace_image.h"

#define DAMAGES	1000

static char path[64];
static struct content expected;
static struct image original, other;
static char why[TRACE_WHY];

static const struct trace_made usual = {
	.seed = 3, .cpus = 2, .idle = 1, .events = 600, .changes = 4,
	.tap_every = 100, .chunk_units = 40,
};

/* a file in @image, its content in @expected */
static void make(const struct trace_made *params, struct image *image)
{
	content_free(&expected);
	check_eq(trace_make_chunks(params, content_take, &expected), 0);
	check_eq(trace_make(path, params), 0);
	image_free(image);
	image_load(image, path);
}

static struct image copy_of(const struct image *image)
{
	struct image copy;

	image_set(&copy, image->bytes, image->size);
	return copy;
}

/* streams, each with what its recorder wrote first */
static void check_streams(const struct trace *trace)
{
	struct content_stream got;

	check(trace_streams(trace) <= expected.n);
	for (unsigned int i = 0; i < trace_streams(trace); i++) {
		check(content_read(&got, trace, i));
		check(content_begins(&got, &expected.streams[i]));
		image_free(&got.records);
	}
}

/*
 * A file that is not the original: an error, or part of it and it says so.
 * Returns whether some of it could be read.
 */
static bool check_damaged(const struct image *image)
{
	struct trace *trace;

	image_save(image, path);
	*why = '\0';
	if (trace_open(path, &trace, why)) {
		check(*why);
		return false;
	}
	check(trace_cut(trace));
	check_streams(trace);
	trace_close(trace);
	return true;
}

/* the head is small and needs its share */
static size_t anywhere(const struct image *image, struct acqrel_generator *g)
{
	bool in_head = acqrel_generator_next(g) % 4 == 0;

	return acqrel_generator_next(g) % (in_head ? image_head(image)->bytes :
						     image->size);
}

static void flip_bits(struct image *image, struct acqrel_generator *g)
{
	size_t at[8];
	u64 n = 1 + acqrel_generator_next(g) % ARRAY_SIZE(at);

	for (u64 i = 0; i < n; i++)
		at[i] = anywhere(image, g);
	while (n--)
		image->bytes[at[n]] ^= 1 << acqrel_generator_next(g) % 8;
}

static void cut_off(struct image *image, struct acqrel_generator *g)
{
	image->size = anywhere(image, g);
}

static void zero_range(struct image *image, struct acqrel_generator *g)
{
	u64 at = anywhere(image, g);
	u64 n = 1 + acqrel_generator_next(g) % 5000;

	memset(image->bytes + at, 0,
	       n < image->size - at ? n : image->size - at);
}

static void scribble(struct image *image, struct acqrel_generator *g)
{
	u64 at = anywhere(image, g);

	for (u64 n = 1 + acqrel_generator_next(g) % 300;
	     n && at < image->size; n--)
		image->bytes[at++] = acqrel_generator_next(g);
}

static void append_rubbish(struct image *image, struct acqrel_generator *g)
{
	for (u64 n = 1 + acqrel_generator_next(g) % 200; n; n--) {
		u8 byte = acqrel_generator_next(g);

		image_add(image, &byte, 1);
	}
}

/* a copy of @from made of its head and blocks, block by block */
static void rebuild(struct image *image, const struct image *from,
		    const unsigned int *blocks, unsigned int n)
{
	image_free(image);
	image_set(image, from->bytes, image_head(from)->bytes);
	while (n--) {
		const struct acqrel_trace_block *b = image_block(from,
								 *blocks++);

		image_add(image, b, sizeof(*b) + b->chunk.bytes);
	}
}

/* blocks in another order, more often, or fewer */
static void shuffle(struct image *image, struct acqrel_generator *g)
{
	unsigned int order[200], n = image_blocks(&original), a, b, kept;

	for (unsigned int i = 0; i < n; i++)
		order[i] = i;
	a = acqrel_generator_next(g) % n;
	b = acqrel_generator_next(g) % n;
	kept = order[a];
	switch (acqrel_generator_next(g) % 3) {
	case 0:
		order[a] = order[b];
		order[b] = kept;
		break;
	case 1:
		memmove(order + a + 1, order + a, (n++ - a) * sizeof(*order));
		break;
	default:
		memmove(order + a, order + a + 1, (--n - a) * sizeof(*order));
	}
	rebuild(image, &original, order, n);
}

/* a block of a trace that was made in the same way */
static void transplant(struct image *image, struct acqrel_generator *g)
{
	unsigned int n = acqrel_generator_next(g) % image_blocks(image);
	struct acqrel_trace_block *to = image_block(image, n);
	struct acqrel_trace_block *from = image_block(&other, n);

	if (to->chunk.bytes == from->chunk.bytes)
		memcpy(to, from, sizeof(*to) + to->chunk.bytes);
}

static void (*const damages[])(struct image *, struct acqrel_generator *) = {
	flip_bits, cut_off, zero_range, scribble, append_rubbish, shuffle,
	transplant,
};

static void damage_is_noticed(void)
{
	struct trace_made params = usual;
	unsigned int did[ARRAY_SIZE(damages)] = { 0 }, parts = 0, kind;
	struct acqrel_generator g;
	struct image image;

	ktap_seed(&g);
	params.id = 2;
	make(&params, &other);
	make(&usual, &original);
	check(image_blocks(&original) < 200);
	for (unsigned int i = 0; i < DAMAGES;) {
		kind = acqrel_generator_next(&g) % ARRAY_SIZE(damages);
		image = copy_of(&original);
		damages[kind](&image, &g);
		if (image.size != original.size ||
		    memcmp(image.bytes, original.bytes, image.size)) {
			parts += check_damaged(&image);
			did[kind]++;
			i++;
		}
		image_free(&image);
	}
	/* both outcomes, from every kind of damage */
	check(parts > DAMAGES / 2 && parts < DAMAGES);
	for (kind = 0; kind < ARRAY_SIZE(damages); kind++)
		check(did[kind]);
	printf("# %u damages, part of %u files could be read\n", DAMAGES, parts);
}

static void any_byte_matters(void)
{
	static const struct trace_made small = { .events = 2 };
	struct image image;

	make(&small, &original);
	image = copy_of(&original);
	for (size_t i = 0; i < image.size; i++) {
		image.bytes[i] ^= 1 << i % 8;
		check_damaged(&image);
		image.bytes[i] ^= 1 << i % 8;
	}
	image_free(&image);
}

/* whole blocks up to a length */
static unsigned int blocks_until(size_t size)
{
	struct image part = { .bytes = original.bytes, .size = size };

	return image_blocks(&part);
}

static void cut_file_has_its_whole_blocks(void)
{
	static const struct trace_made small = {
		.events = 100, .chunk_units = 30, .tap_every = 20,
	};
	char until[40];
	struct trace *trace;

	make(&small, &original);
	for (size_t size = image_head(&original)->bytes; size < original.size;
	     size++) {
		struct image part = { .bytes = original.bytes, .size = size };

		image_save(&part, path);
		if (!check_eq(trace_open(path, &trace, why), 0))
			return;
		check_streams(trace);
		snprintf(until, sizeof(until), "reading stops at block %u, ",
			 blocks_until(size));
		check(trace_cut(trace) &&
		      !strncmp(trace_cut(trace), until, strlen(until)));
		trace_close(trace);
	}
}

/* the cursors of an open trace: good until the file is changed */
static void spoiled_while_open(void (*spoil)(int fd), const char *says)
{
	struct acqrel_trace_block block;
	struct trace_cursor cursor;
	const void *records;
	struct trace *trace;
	int fd, rc;

	make(&usual, &original);
	check_eq(trace_open(path, &trace, why), 0);
	check_eq(trace_cursor_open(trace, 0, &cursor), 0);
	check_eq(trace_cursor_next(&cursor, &block, &records, why), 1);
	fd = open(path, O_RDWR);
	spoil(fd);
	close(fd);
	do
		rc = trace_cursor_next(&cursor, &block, &records, why);
	while (rc > 0);
	check_eq(rc, -EIO);
	if (!check(strstr(why, says)))
		printf("# %s\n", why);
	trace_cursor_close(&cursor);
	trace_close(trace);
}

static void cut_in_two(int fd)
{
	check(!ftruncate(fd, original.size / 2));
}

static void change_the_middle(int fd)
{
	char byte = ~original.bytes[original.size / 2];

	for (size_t at = original.size / 2; at < original.size; at += 40)
		check_eq(pwrite(fd, &byte, 1, at), 1);
}

static void change_while_it_is_read_is_noticed(void)
{
	spoiled_while_open(cut_in_two, "became shorter");
	spoiled_while_open(change_the_middle, "checksum");
}

static const struct ktap_test tests[] = {
	{ "a thousand damages are noticed", damage_is_noticed },
	{ "any byte matters", any_byte_matters },
	{ "a file that was cut has its whole blocks",
	  cut_file_has_its_whole_blocks },
	{ "a change while it is read is noticed",
	  change_while_it_is_read_is_noticed },
};

int main(void)
{
	int fd, status;

	fd = memfd_create("trace", MFD_CLOEXEC);
	if (fd < 0)
		return 1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	status = ktap_run(tests, ARRAY_SIZE(tests));
	content_free(&expected);
	image_free(&original);
	image_free(&other);
	close(fd);
	return status;
}
