/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fuzz target over the inputs of a directory, and over each of them with a
 * byte changed. The targets abort on what they do not like.
 */
#ifndef ACQREL_TESTS_FUZZ_CORPUS_H
#define ACQREL_TESTS_FUZZ_CORPUS_H

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/libfuzzer.h"
#include "ktap.h"

#define FUZZ_INPUT_MAX	65536
#define FUZZ_CHANGES	300

/* the mutator's, which nobody calls here */
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t most)
{
	(void)data;
	(void)most;
	return size;
}

static inline void fuzz_input(const u8 *input, size_t size)
{
	static u8 changed[FUZZ_INPUT_MAX];
	struct acqrel_generator dice;

	check_eq(LLVMFuzzerTestOneInput(input, size), 0);
	ktap_seed(&dice);
	for (u64 i = 0; i < ktap_scale(FUZZ_CHANGES); i++) {
		memcpy(changed, input, size);
		changed[acqrel_generator_next(&dice) % size] =
			acqrel_generator_next(&dice);
		check_eq(LLVMFuzzerTestOneInput(changed, size), 0);
	}
}

static inline void fuzz_corpus(const char *path)
{
	static u8 input[FUZZ_INPUT_MAX];
	DIR *dir = opendir(path);
	unsigned int inputs = 0;
	struct dirent *entry;
	ssize_t size;
	int fd;

	if (!check(dir))
		return;
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		fd = openat(dirfd(dir), entry->d_name, O_RDONLY);
		size = read(fd, input, sizeof(input));
		close(fd);
		inputs++;
		if (check(size > 0))
			fuzz_input(input, size);
	}
	closedir(dir);
	check(inputs);
}

#endif /* ACQREL_TESTS_FUZZ_CORPUS_H */
