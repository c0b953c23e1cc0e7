// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make what fuzzing starts from:
 *
 *	corpus DIR
 *
 * writes DIR/trace/ and DIR/records/.
 */
#include "../trace_image.h"
#include "records.h"

static const char *dir;

static void name(char *path, size_t size, const char *target, const char *file)
{
	snprintf(path, size, "%s/%s", dir, target);
	mkdir(path, 0755);
	snprintf(path, size, "%s/%s/%s", dir, target, file);
}

static void make_trace(const char *file, const struct trace_made *params)
{
	char path[4096];

	name(path, sizeof(path), "trace", file);
	if (trace_make(path, params)) {
		fprintf(stderr, "cannot write %s\n", path);
		exit(1);
	}
}

/* the records of the one stream of @content, and a STATE after a loss */
static void make_records(const char *file, const struct content *content,
			 bool lost)
{
	const struct content_stream *s = content->streams;
	struct acqrel_trace_state state = *(const struct acqrel_trace_state *)
					   s->records.bytes;
	struct fuzz_records from = {
		.offered = s->open.sums.account.offered,
		.head = s->open.digest.from,
		.until = s->close.digest.until,
		.order = __builtin_ctz(s->open.ring_entries) - 1,
	};
	struct image image;
	char path[4096];

	image_set(&image, &from, sizeof(from));
	image_add(&image, s->records.bytes, s->records.size);
	if (lost) {
		state.seq = s->close.sums.account.offered + 10;
		state.head = s->close.sums.account.head + 3;
		state.clock_ns = s->close.clock_ns + 1;
		image_add(&image, &state, sizeof(state));
	}
	name(path, sizeof(path), "records", file);
	image_save(&image, path);
	image_free(&image);
}

static void make_stream(const char *file, const struct trace_made *params,
			bool lost)
{
	struct content content = { 0 };

	if (trace_make_chunks(params, content_take, &content))
		exit(1);
	make_records(file, &content, lost);
	content_free(&content);
}

int main(int argc, char **argv)
{
	static const struct trace_made small = { .events = 5 };
	static const struct trace_made killed = {
		.cpus = 2, .events = 15, .changes = 1, .killed = true,
	};
	static const struct trace_made stream = {
		.events = 40, .changes = 3, .ring_entries = 4, .read_every = 9,
		.read = 3,
	};

	if (argc != 2) {
		fputs("usage: corpus DIR\n", stderr);
		return 2;
	}
	dir = argv[1];
	make_trace("whole", &small);
	make_trace("killed", &killed);
	make_stream("filtered", &stream, false);
	make_stream("lost", &stream, true);
	return 0;
}
